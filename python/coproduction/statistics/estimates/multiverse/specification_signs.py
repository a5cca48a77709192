"""The significant results of every specification, as arrays for comparison with conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.multiverse.est_multiverse_axes import CORRELATION, P_COLUMNS
from coproduction.statistics.methods.inference import SIGNIFICANCE

# What can be concluded: significant in both directions, in one, or in neither.
CONCLUSION_IDS = np.array([["none", "negative"], ["positive", "both"]])
PRINTED, OWN_CHOICES = "printed", "own_choices"


@dataclass(frozen=True)
class SpecificationSigns:
    """Significant results of each specification of each correlation of one outcome.

    `keys` has one row per CORRELATION. `is_positive` and `is_negative` say whether the p is at most SIGNIFICANCE
    and the estimate above or below 0; shape (correlations, combinations of choices, p-values). `n_respondents` and
    `estimate` have the shape (correlations, combinations of choices); combination 0 is the paper's own.
    """

    keys: pd.DataFrame
    n_respondents: np.ndarray
    estimate: np.ndarray
    is_positive: np.ndarray
    is_negative: np.ndarray


def specification_signs(multiverse: pd.DataFrame) -> Iterator[SpecificationSigns]:
    """Read est_multiverse outcome by outcome, because the number of combinations differs between outcomes.

    Args:
        multiverse: est_multiverse: CORRELATION, specification_number, n_respondents, estimate and P_COLUMNS.

    Returns:
        One object per outcome, correlations in the order of their keys.

    Raises:
        ValueError: a correlation lacks a combination that another one of its outcome has.

    """
    for outcome_id, rows in multiverse.groupby("outcome_id"):
        rows = rows.sort_values([*CORRELATION, "specification_number"], kind="stable")
        n_combinations = rows["specification_number"].nunique()
        keys = rows.loc[rows["specification_number"].eq(1), list(CORRELATION)].reset_index(drop=True)
        if len(rows) != len(keys) * n_combinations:
            raise ValueError(f"Some correlations of {outcome_id} lack some of its {n_combinations} combinations.")
        shape = (len(keys), n_combinations)
        estimate = rows["estimate"].to_numpy().reshape(shape)
        p_values = rows[list(P_COLUMNS)].to_numpy().reshape(*shape, len(P_COLUMNS))
        # A missing p or estimate compares as false.
        is_significant = p_values <= SIGNIFICANCE
        yield SpecificationSigns(
            keys,
            rows["n_respondents"].to_numpy().reshape(shape),
            estimate,
            is_significant & (estimate > 0)[..., None],
            is_significant & (estimate < 0)[..., None],
        )


def conclusion_ids(is_positive: np.ndarray, is_negative: np.ndarray) -> np.ndarray:
    """Name conclusions by their two directions; boolean arrays in, an array of CONCLUSION_IDS out."""
    return CONCLUSION_IDS[is_positive.astype(int), is_negative.astype(int)]


def directions(conclusion_id: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return whether each conclusion is positive, and whether it is negative."""
    return conclusion_id.isin(["positive", "both"]).to_numpy(), conclusion_id.isin(["negative", "both"]).to_numpy()


def share_supporting(is_positive: np.ndarray, is_negative: np.ndarray, conclusion_id: pd.Series) -> np.ndarray:
    """Share of the specifications that agree with the conclusion in both directions.

    Args:
        is_positive: whether each specification is significantly positive; shape (conclusions, combinations of choices,
            p-values).
        is_negative: whether each is significantly negative, in the same shape.
        conclusion_id: one of CONCLUSION_IDS per conclusion.

    Returns:
        Shares of shape (conclusions,), 0-1.

    """
    positive, negative = directions(conclusion_id)
    agrees = (is_positive == positive[:, None, None]) & (is_negative == negative[:, None, None])
    return agrees.mean(axis=(1, 2))
