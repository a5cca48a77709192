"""The models of a nudge's effect: for each, one row per contrast of an experiment, before intervals and p-values."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods.adjustment import NO_FIT, GroupedCells, fractional_logit, lin_means
from coproduction.statistics.methods.contrasts import (
    HC2,
    INTERACTION,
    POINTS,
    TIE,
    Contrast,
    Experiment,
    arm_moments,
    bell_mccaffrey_df,
    contrast_moments,
    read_contrasts,
    read_experiment,
    split_groups,
)
from coproduction.statistics.methods.counts import KEYS, NUMBER, TEXT, UNWEIGHTED, outcome_values, read_counts
from coproduction.statistics.methods.moments import sums
from coproduction.statistics.methods.resampling import randomisation_p_values, seed_of
from coproduction.statistics.methods.weighting import (
    FOURTH_POWERS,
    WEIGHTED,
    WeightedMoments,
    degrees_of_freedom,
    SUMS_OF_WEIGHTS,
    read_weighted_counts,
    weighted_contrast,
    weighted_moments,
)

# Keys of one experiment.
    why_few_weights,
GROUP = (*KEYS, "outcome_id")
COVARIATES = ("age_band", "gender_score")
# If any arm of a contrast has fewer respondents or events, the permutation p is the headline p.
SMALL_ARM = 60
FEW_EVENTS = 10

ROBUST = "HC0 delta method"
SATTERTHWAITE = "linearised Satterthwaite"

# Results of a model for one contrast, from which the intervals and p-values are computed.
COLUMNS_OF_MODELS = (
    *("contrast_id", "model_id", "weighting_id", "n_respondents", "n_arm", "n_control"),
    *("n_effective_arm", "n_effective_control", "design_effect", "estimate", "std_error", "std_error_type"),
    *("reference_df", "p_value_randomisation", "p_value_max_t", "headline_p_value_type", "reason"),
)


def unweighted_rows(counts: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the models `dummies` and `logit`, in which all respondents have equal weight.

    Args:
        counts: as for `estimate_nudge_effects`.

    Returns:
        One row per group, contrast and model: the columns GROUP and COLUMNS_OF_MODELS; estimates and standard errors in
        points of 0-100.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    """
    cells = read_counts(counts, text=(*GROUP, "arm_id"), numbers=("n_positive", "n_answered"))
    rows = []
    for key, of_group in split_groups(cells[cells["arm_id"].notna()], GROUP):
        experiment = read_experiment(of_group)
        contrasts = read_contrasts(experiment)
        of_models = [*_dummies(experiment, contrasts, seed_of(*key)), *_logit(experiment, contrasts)]
        rows += [dict(zip(GROUP, key, strict=True)) | row for row in of_models]
    return _as_if_equal_weights(rows)


def adjusted_rows(covariates: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the models `lin` and `logit_adjusted`, for the groups whose survey has a covariate.

    Args:
        covariates: as for `estimate_nudge_effects`. Respondents who lack a covariate that their survey has are left
            out.

    Returns:
        Rows as those of `unweighted_rows`.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    """
    text, numbers = (*GROUP, "arm_id", "age_band"), ("gender_score", "n_positive", "n_answered")
    cells = read_counts(covariates, text=text, numbers=numbers)
    rows = []
    for key, of_group in split_groups(cells[cells["arm_id"].notna()], GROUP):
        asked = [column for column in COVARIATES if of_group[column].notna().any()]
        complete = of_group[of_group[asked].notna().all(axis=1)]
        if asked and len(complete):
            rows += [dict(zip(GROUP, key, strict=True)) | row for row in _adjusted(complete, asked)]
    return _as_if_equal_weights(rows)


def weighted_rows(counts: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the model `dummies` with weights, for the groups in which anybody has one.

    Args:
        counts: as for `estimate_nudge_effects`.

    Returns:
        Rows as those of `unweighted_rows`.

    Raises:
        ValueError: sums of weights that are impossible.

    """
    cells = read_weighted_counts(counts, (*GROUP, "arm_id"), ("n_positive", "n_answered"))
    cells = cells[cells["arm_id"].notna()]
    if cells.empty:
        return []
    # An arm in which nobody has a weight is kept, and its contrast gets a reason.
    arms = counts[[*GROUP, "arm_id"]].dropna(subset="arm_id").astype(TEXT)
    arm_ids = arms.groupby(list(GROUP), dropna=False)["arm_id"].unique()
    return [
        dict(zip(GROUP, key, strict=True)) | row
        for key, of_group in split_groups(cells, GROUP)
        for row in _weighted_dummies(of_group, arm_ids[key])
    ]


def _as_if_equal_weights(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to unweighted rows the columns that differ only under weights, such as the design effect."""
    return [
        {
            "weighting_id": UNWEIGHTED,
            "design_effect": 1.0,
            "n_effective_arm": row["n_arm"],
            "n_effective_control": row["n_control"],
        }
        | row
        for row in rows
    ]


def _row(
    contrast: Contrast,
    model_id: str,
    estimate: float,
    std_error: float,
    std_error_type: str,
    df: float,
    reason: str | None = None,
) -> dict[str, Any]:
    """Build the row of one model of a contrast; `reason` is the model's reason, used where the contrast has none."""
    reason = contrast.reason or reason
    return contrast.columns | {
        "model_id": model_id,
        "estimate": estimate * POINTS,
        "std_error": np.nan if reason else std_error * POINTS,
        "std_error_type": std_error_type,
        "reference_df": df,
        "reason": reason,
    }


def _dummies(experiment: Experiment, contrasts: list[Contrast], seed: int) -> Iterator[dict[str, Any]]:
    """Yield the headline model's row of each contrast."""
    matrix = _matrix(experiment)
    value, std_error = contrast_moments(*arm_moments(experiment.table, experiment.values), matrix)
    is_arm = np.array([contrast.contrast_id != INTERACTION for contrast in contrasts], dtype=bool)
    p_values, p_values_max_t = randomisation_p_values(experiment, matrix, is_arm, seed)
    is_small_arm = (experiment.n < SMALL_ARM) | (experiment.n_events < FEW_EVENTS)
    for place, contrast in enumerate(contrasts):
        df = bell_mccaffrey_df(experiment.n, contrast.weights)
        yield _row(contrast, "dummies", value[place], std_error[place], HC2, df) | {
            "p_value_randomisation": p_values[place],
            "p_value_max_t": p_values_max_t[place],
            "headline_p_value_type": "randomisation" if is_small_arm[contrast.is_used].any() else "t",
        }


def _logit(experiment: Experiment, contrasts: list[Contrast]) -> Iterator[dict[str, Any]]:
    """Yield the unadjusted fractional logit's row of each contrast.

    With one dummy per arm it predicts the arms' means, so the delta method gives the variances of the means, s^2/n with
    n instead of n-1 (HC0).
    """
    mean, squared_error = arm_moments(experiment.table, experiment.values)
    n = np.maximum(experiment.n, 1)
    value, std_error = contrast_moments(mean, squared_error * (n - 1) / n, _matrix(experiment))
    for place, contrast in enumerate(contrasts):
        yield _row(contrast, "logit", value[place], std_error[place], ROBUST, np.inf)


def _weighted_dummies(cells: pd.DataFrame, arm_ids: np.ndarray) -> Iterator[dict[str, Any]]:
    """Yield the weighted headline's row of each contrast of one group."""
    experiment = read_experiment(cells, arm_ids.tolist())
    arms, df_of_arms = _weighted_arms(cells, experiment)
    with np.errstate(invalid="ignore"):
        n_events = np.minimum(arms.mean, 1 - arms.mean) * arms.n_effective
        is_small_arm = ~((arms.n_effective >= SMALL_ARM) & (n_events >= FEW_EVENTS))
    for contrast in read_contrasts(experiment):
        estimate, std_error, df, design_effect = weighted_contrast(contrast.weights, arms, df_of_arms)
        reason = why_few_weights(arms.n_effective[contrast.is_used].min(keepdims=True), np.array([df]))[0]
        is_nudged = contrast.is_used & (np.arange(len(arms.n)) != experiment.control)
        estimate = 0.0 if abs(estimate) < TIE else estimate
        yield _row(contrast, "dummies", estimate, std_error, SATTERTHWAITE, df, reason) | {
            "weighting_id": WEIGHTED,
            "n_effective_arm": arms.n_effective[is_nudged].min(),
            "n_effective_control": arms.n_effective[experiment.control],
            "design_effect": design_effect,
            "headline_p_value_type": None if is_small_arm[contrast.is_used].any() else "t",
        }


def _weighted_arms(cells: pd.DataFrame, experiment: Experiment) -> tuple[WeightedMoments, np.ndarray]:
    """Weighted moments of each arm's outcomes, and the degrees of freedom of their variances."""
    value = outcome_values(cells)
    cells, value = cells[~np.isnan(value)], value[~np.isnan(value)]
    arm = np.searchsorted(experiment.arm_ids, cells["arm_id"].to_numpy(dtype=str))
    columns = ("n_respondents", *SUMS_OF_WEIGHTS, FOURTH_POWERS)
    count, weight, squared, fourth = (cells[column].to_numpy(dtype=NUMBER) for column in columns)
    n_arms = len(experiment.arm_ids)
    moments = weighted_moments(arm, n_arms, count, weight, squared, value)
    return moments, degrees_of_freedom(sums(arm, n_arms, squared), sums(arm, n_arms, fourth))


def _matrix(experiment: Experiment) -> np.ndarray:
    return np.array(list(experiment.contrasts.values())).reshape(-1, len(experiment.arm_ids))


def _adjusted(cells: pd.DataFrame, asked: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of Lin's regression and of the adjusted fractional logit for one group."""
    experiment = read_experiment(cells)
    grouped = _grouped(cells, asked, experiment)
    lin = lin_means(grouped) if len(grouped.n) else None
    logit = fractional_logit(grouped) if len(grouped.n) and (experiment.n > 0).all() else None
    for contrast in read_contrasts(experiment):
        value, std_error, df, reason = lin.contrast(contrast.weights) if lin else (np.nan, np.nan, np.nan, None)
        yield _row(contrast, "lin", value, std_error, HC2, df, reason)
        value, std_error = logit.contrast(contrast.weights) if logit else (np.nan, np.nan)
        yield _row(contrast, "logit_adjusted", value, std_error, ROBUST, np.inf, None if logit else NO_FIT)


def _grouped(cells: pd.DataFrame, asked: list[str], experiment: Experiment) -> GroupedCells:
    """Cells of one group with one dummy for each level of a covariate except its first."""
    value = outcome_values(cells)
    cells, value = cells[~np.isnan(value)], value[~np.isnan(value)]
    profiles = cells[asked].drop_duplicates().sort_values(asked)
    dummies = [
        (profiles[column].to_numpy()[:, None] == np.unique(profiles[column])[None, 1:]).astype(NUMBER)
        for column in asked
    ]
    profile = pd.MultiIndex.from_frame(profiles).get_indexer(pd.MultiIndex.from_frame(cells[asked]))
    arm = np.searchsorted(experiment.arm_ids, cells["arm_id"].to_numpy(dtype=str))
    n = cells["n_respondents"].to_numpy()
    return GroupedCells(arm, profile, value, n, np.hstack(dummies), len(experiment.arm_ids))
