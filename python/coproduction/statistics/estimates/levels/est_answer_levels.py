"""Answer levels: the mean outcome of the respondents who gave each answer to a correlate."""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import (
    COUNT,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    first_reason,
    has_several_items,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import t_interval_of_share, wilson_interval
from coproduction.statistics.methods.moments import moments, sums

# A correlate with more distinct scores is a number (age in years), not a scale of answers.
MOST_ANSWERS = 10

GROUP = (*KEYS, "construct_id", "outcome_id")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "answer_kind": TEXT,
    "score": NUMBER,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "reason": TEXT,
}


def estimate_answer_levels(counts: pd.DataFrame) -> pd.DataFrame:
    """Mean outcome of the respondents who gave each answer, including Don't Know; a threshold is a step in these.

    Index: mean, sqrt(s^2/n) and Student's interval with n-1 df (std_error_type `mean`). Taking part in groups, which is
    yes or no: share, sqrt(p(1-p)/n) and Wilson's interval (`wilson`), which stays within 0-1 for a few people.

    Args:
        counts: rows of cnt_correlates, as for `estimate_thresholds`.

    Returns:
        One row per council, wave, theme, topic, construct, outcome and answer (answer_kind `valid` with its score, or
        `dont_know`) of correlates with at most MOST_ANSWERS distinct scores. `estimate` is on 0-1; `reason` says why
        there is no interval.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `t.test(y[x == answer])`; `prop.test(k, n, correct = FALSE)$conf.int`.
    Sources: Student 1908, Biometrika 6:1; Wilson 1927, JASA 22:209.

    """
    cells = read_counts(counts, text=(*GROUP, "answer_kind"), numbers=("n_positive", "n_answered", "score"))
    valid = cells[cells["answer_kind"].eq("valid")]
    n_scores = valid.groupby(list(GROUP))["score"].transform("nunique")
    too_many = pd.MultiIndex.from_frame(valid.loc[n_scores > MOST_ANSWERS, list(GROUP)])
    is_scale = ~pd.MultiIndex.from_frame(cells[list(GROUP)]).isin(too_many)
    is_answer = (cells["answer_kind"].eq("valid") & cells["score"].notna()) | cells["answer_kind"].eq("dont_know")
    cells = cells[is_scale & is_answer.to_numpy(bool)]
    cells = cells[~np.isnan(outcome_values(cells))].sort_values([*GROUP, "answer_kind", "score", "n_positive"])
    cells["is_index"] = has_several_items(cells, ("council_id", "wave_id", "theme_id", "outcome_id"))
    groups, group = number_groups(cells, (*GROUP, "answer_kind", "score"))
    level = moments(group, len(groups), cells["n_respondents"].to_numpy(), outcome_values(cells))
    is_index = sums(group, len(groups), cells["is_index"].to_numpy(NUMBER)) > 0
    index_error = np.where(level.is_constant, np.nan, level.standard_error)
    index_lower, index_upper = t_interval_of_share(level.mean, index_error, np.maximum(level.n - 1, 1))
    lower, upper = wilson_interval(np.where(is_index, 0, np.rint(level.n * level.mean)), level.n)
    return typed(
        groups.assign(
            weighting_id=UNWEIGHTED,
            n_respondents=level.n,
            estimate=level.mean,
            std_error=np.where(is_index, index_error, np.sqrt(level.mean * (1 - level.mean) / level.n)),
            std_error_type=np.where(is_index, "mean", "wilson"),
            ci_lower=np.where(is_index, index_lower, lower),
            ci_upper=np.where(is_index, index_upper, upper),
            reason=first_reason(
                [~is_index, level.n < 2, level.is_constant],
                [None, "one respondent: no standard error", "the outcome does not vary: no standard error"],
                default=None,
            ),
        ),
        TYPES,
    )
