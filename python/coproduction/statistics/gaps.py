"""Gaps: individual against collective activity of the same respondents."""

import numpy as np
import pandas as pd

from coproduction.statistics.frames import (
    COUNT,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.inference import p_value_of_t, t_half_width
from coproduction.statistics.moments import moments, sums

TYPES = dict.fromkeys(KEYS, TEXT) | {
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "df": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "p_value": NUMBER,
    "share_higher": NUMBER,
    "share_any_activity": NUMBER,
    "reason": TEXT,
}


def estimate_outcome_gaps(counts: pd.DataFrame) -> pd.DataFrame:
    """Mean difference between the individual index and collective participation, paired within respondents.

    With d = individual_index - collective_participation of each respondent who has both: mean(d), standard error
    sqrt(s_d^2/n), t interval and p with n-1 df. One side averages several items and the other is a single item, so the
    share with any individual activity (n_positive > 0) stands beside it.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, n_positive and n_answered of the individual index (null or 0:
            missing), collective_participation (0, 1 or null), n_respondents.

    Returns:
        One row per council, wave, theme and topic, sorted by them. `estimate` and its interval are differences on the
        0-1 scale, -1 to 1; `share_higher` is the share of respondents with d > 0; `n_respondents` have both outcomes;
        `reason` says why there is no test, null where there is one.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or collective_participation is not 0, 1 or null.

    R: `t.test(individual, collective, paired = TRUE)`.

    """
    cells = read_counts(counts, text=KEYS, numbers=("n_positive", "n_answered", "collective_participation"))
    collective = cells["collective_participation"].to_numpy()
    if not np.isin(collective[~np.isnan(collective)], (0, 1)).all():
        raise ValueError("collective_participation must be 0, 1 or null in every row.")
    groups, group = number_groups(cells, KEYS)
    difference = outcome_values(cells) - collective
    is_pair = ~np.isnan(difference)
    pairs = (group[is_pair], len(groups), cells["n_respondents"].to_numpy()[is_pair])
    gap = moments(*pairs, difference[is_pair])

    def share(condition: np.ndarray) -> np.ndarray:
        n_true = sums(pairs[0], pairs[1], pairs[2] * condition)
        return np.divide(n_true, gap.n, out=np.full(len(groups), np.nan), where=gap.n > 0)

    std_error = np.where(gap.is_constant, np.nan, gap.standard_error)
    df = np.where(np.isnan(std_error), np.nan, gap.n - 1)
    half_width = t_half_width(std_error, df)
    return typed(
        groups.assign(
            weighting_id=UNWEIGHTED,
            n_respondents=gap.n,
            estimate=gap.mean,
            std_error=std_error,
            std_error_type="paired",
            df=df,
            ci_lower=gap.mean - half_width,
            ci_upper=gap.mean + half_width,
            p_value=p_value_of_t(gap.mean / std_error, df),
            share_higher=share(difference[is_pair] > 0),
            share_any_activity=share(cells["n_positive"].to_numpy()[is_pair] > 0),
            reason=np.select(
                [gap.n == 0, gap.n < 2, gap.is_constant],
                [
                    "no respondent with both outcomes",
                    "one respondent with both outcomes: no test",
                    "the difference does not vary: no test",
                ],
                default=None,
            ),
        ),
        TYPES,
    )
