"""Effect of doubtful respondents: each level with and without the respondents who have a flag."""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import (
    COUNT,
    NUMBER,
    TEXT,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.moments import sums

FLAG = ("council_id", "wave_id", "theme_id", "outcome_id", "flag_id")

TYPES = (
    dict.fromkeys(FLAG, TEXT)
    | dict.fromkeys(("n_respondents", "n_flagged", "n_flagged_kept", "n_flagged_excluded"), COUNT)
    | dict.fromkeys(("level_with", "level_without", "estimate"), NUMBER)
)


def estimate_respondent_quality(counts: pd.DataFrame) -> pd.DataFrame:
    """Mean of an outcome with and without the respondents who have a flag.

        level_with    = sum(n * outcome) / sum(n)    over all respondents who are counted
        level_without = the same                     over those of them without the flag
        estimate      = level_without - level_with

    Args:
        counts: cnt_respondent_flags: FLAG, is_flagged, is_excluded, n_positive, n_answered, n_respondents. All
            respondents who are included or have the flag are counted.

    Returns:
        One row per council, wave, theme, outcome and flag, sorted. `level_with` and `level_without` are means, 0-1;
        `level_without` is NaN where everybody has the flag. `n_flagged` counts respondents with the flag; of these
        n_flagged_kept are included and n_flagged_excluded are not.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `mean(outcome[!is_flagged]) - mean(outcome)` on one row per respondent.
    Source: Meade and Craig 2012, Psychological Methods 17:437 (careless responses and what leaving them out changes).

    """
    cells = read_counts(counts, text=FLAG, numbers=("is_flagged", "is_excluded", "n_positive", "n_answered"))
    groups, group = number_groups(cells, FLAG)
    count, value = cells["n_respondents"].to_numpy(), outcome_values(cells)
    is_flagged, is_excluded = (cells[name].to_numpy() > 0 for name in ("is_flagged", "is_excluded"))

    def counted(is_in: np.ndarray) -> np.ndarray:
        return sums(group, len(groups), count * is_in)

    def level(is_in: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return sums(group, len(groups), count * is_in * value) / counted(is_in)

    everybody = np.ones_like(is_flagged)
    level_with, level_without = level(everybody), level(~is_flagged)
    estimates = groups.assign(
        n_respondents=counted(everybody),
        n_flagged=counted(is_flagged),
        n_flagged_kept=counted(is_flagged & ~is_excluded),
        n_flagged_excluded=counted(is_flagged & is_excluded),
        level_with=level_with,
        level_without=level_without,
        estimate=level_without - level_with,
    )
    return typed(estimates, TYPES)
