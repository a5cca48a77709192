"""How many specifications support each concluded correlation of a correlate and an outcome."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.multiverse.est_multiverse_axes import CORRELATION
from coproduction.statistics.estimates.multiverse.specification_signs import (
    OWN_CHOICES,
    PRINTED,
    SpecificationSigns,
    conclusion_ids,
    share_supporting,
    specification_signs,
)
from coproduction.statistics.methods.counts import COUNT, NUMBER, TEXT, typed

TYPES = dict.fromkeys(CORRELATION, TEXT) | {
    "source_id": TEXT,
    "conclusion_id": TEXT,
    "n_respondents": COUNT,
    "n_specifications": COUNT,
    "n_distinct": COUNT,
    **dict.fromkeys(
        (
            "share_supporting",
            "share_same_direction",
            "share_positive",
            "share_negative",
            "share_none",
            "estimate_min",
            "estimate_median",
            "estimate_max",
        ),
        NUMBER,
    ),
}


def estimate_multiverse_cells(
    multiverse: pd.DataFrame, n_distinct: pd.DataFrame, printed_cells: pd.DataFrame
) -> pd.DataFrame:
    """Compare every specification of a correlation with the conclusion about it.

    Where the paper prints the correlation, the conclusion is the printed one (a star and a sign, or no star); elsewhere
    it is the result of the paper's own choices on the data of the build. Significant means p at most 0.05.

        share_positive (share_negative) = mean over specifications of [p <= 0.05 and estimate > 0 (estimate < 0)]
        share_none = 1 - share_positive - share_negative

    Args:
        multiverse: est_multiverse: one row per correlation and combination of choices.
        n_distinct: one row per correlation: CORRELATION and `n_distinct`, the number of its rows in
            est_multiverse_results.
        printed_cells: paper_cells, one row per printed number, of which the correlations (tables 3 and 4) with a
            number are read.

    Returns:
        One row per CORRELATION, sorted. `source_id` says where the conclusion comes from (PRINTED, OWN_CHOICES),
        `conclusion_id` is one of CONCLUSION_IDS. `n_respondents` is the smallest number over the specifications.
        All shares are 0-1. `share_supporting`: significant in the concluded direction, or not significant where that
        was concluded.
        `share_same_direction`: the estimate has the sign of the concluded one; over combinations of choices, because a
        p does not change the sign. `share_positive`, `share_negative`, `share_none`: significant in that direction, or
        in none. estimate_min, estimate_median and estimate_max describe the correlations, -1 to 1; NaN where no
        specification has an estimate.

    Raises:
        ValueError: a correlation lacks a combination of choices that another one of its outcome has.

    R: `mean(p <= 0.05 & estimate > 0)` over the specifications of a correlation; `range(estimate)`.
    Source: Simonsohn et al. 2020, Nature Human Behaviour 4:1208 (share of specifications by sign and significance).

    """
    printed = printed_cells[printed_cells["table_number"].isin(["3", "4"]) & printed_cells["printed_value"].notna()]
    printed = printed[[*CORRELATION, "printed_value", "printed_stars"]]
    found = [_of_outcome(signs, printed) for signs in specification_signs(multiverse)]
    if not found:
        return typed(pd.DataFrame(), TYPES)
    cells = pd.concat(found).merge(n_distinct, on=list(CORRELATION), validate="1:1")
    return typed(cells.sort_values(list(CORRELATION)), TYPES)


def _of_outcome(signs: SpecificationSigns, printed: pd.DataFrame) -> pd.DataFrame:
    conclusions = _conclusions(signs, printed)
    n_combinations, n_p_values = signs.is_positive.shape[1:]
    share_positive, share_negative = (found.mean(axis=(1, 2)) for found in (signs.is_positive, signs.is_negative))
    same_direction = np.sign(signs.estimate) == np.sign(conclusions["concluded_estimate"].to_numpy())[:, None]
    estimates = pd.DataFrame(signs.estimate)
    return conclusions.assign(
        n_respondents=signs.n_respondents.min(axis=1),
        n_specifications=n_combinations * n_p_values,
        share_supporting=share_supporting(signs.is_positive, signs.is_negative, conclusions["conclusion_id"]),
        share_same_direction=same_direction.mean(axis=1),
        share_positive=share_positive,
        share_negative=share_negative,
        share_none=1 - share_positive - share_negative,
        estimate_min=estimates.min(axis=1),
        estimate_median=estimates.median(axis=1),
        estimate_max=estimates.max(axis=1),
    )


def _conclusions(signs: SpecificationSigns, printed: pd.DataFrame) -> pd.DataFrame:
    """Conclusion about each correlation: the printed one, else that of the paper's own choices (combination 0)."""
    cells = signs.keys.merge(printed, on=list(CORRELATION), how="left", validate="1:1")
    value, is_printed = cells["printed_value"].to_numpy(), cells["printed_value"].notna().to_numpy()
    is_starred = cells["printed_stars"].fillna("").ne("").to_numpy()
    return signs.keys.assign(
        source_id=np.where(is_printed, PRINTED, OWN_CHOICES),
        conclusion_id=conclusion_ids(
            np.where(is_printed, is_starred & (value > 0), signs.is_positive[:, 0, 0]),
            np.where(is_printed, is_starred & (value < 0), signs.is_negative[:, 0, 0]),
        ),
        concluded_estimate=np.where(is_printed, value, signs.estimate[:, 0]),
    )
