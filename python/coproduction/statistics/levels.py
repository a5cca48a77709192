"""Levels: how much people do, with intervals (the paper's Table 2)."""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

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
from coproduction.statistics.inference import CONFIDENCE, t_half_width
from coproduction.statistics.moments import moments, sums

# Measures whose value is a share of several items, so that a respondent can be between 0 and 1.
MEASURES_OF_SEVERAL_ITEMS = ("individual_index",)

GROUP = (*KEYS, "measure_id", "breakdown_id", "breakdown_value")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_effective": NUMBER,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "reason": TEXT,
}


def estimate_levels(counts: pd.DataFrame) -> pd.DataFrame:
    """Mean of each measure in each breakdown, with a 95 % interval.

    Index (a mean of shares): m = sum(n*x) / n, standard error sqrt(s^2/n), interval m -+ t(0.975, n-1) * std_error;
    std_error_type `mean`. Other measures (yes or no): p, standard error sqrt(p*(1-p)/n), Wilson's score interval
    (Wilson 1927, JASA 22:209); std_error_type `wilson`. Respondents without an answer take no part.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value, n_positive,
            n_answered, n_respondents: respondents with the value n_positive / n_answered.

    Returns:
        One row per council, wave, theme, topic, measure and breakdown value, sorted by them. `estimate` and its
        interval are on 0-1; `n_effective` equals n_respondents as long as nothing is weighted; `reason` says why an
        index has no interval, null where it has one.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or a yes-or-no measure has several items.

    R: `t.test(x)` for the index; `prop.test(k, n, correct = FALSE)$conf.int` for the others.

    """
    cells = read_counts(counts, text=GROUP, numbers=("n_positive", "n_answered"))
    cells = cells[~np.isnan(outcome_values(cells))]
    several = cells.loc[~cells["measure_id"].isin(MEASURES_OF_SEVERAL_ITEMS) & cells["n_answered"].ne(1), "measure_id"]
    if len(several):
        raise ValueError(f"{several.iloc[0]} is a yes-or-no measure: n_answered must be 1 in every row.")

    groups, group = number_groups(cells, GROUP)
    count = cells["n_respondents"].to_numpy()
    value = moments(group, len(groups), count, outcome_values(cells))
    is_index = groups["measure_id"].isin(MEASURES_OF_SEVERAL_ITEMS).to_numpy()
    n = value.n

    n_positive = sums(group, len(groups), count * cells["n_positive"].to_numpy())
    # The index is left out of Wilson's interval: its positive answers may exceed its respondents.
    lower, upper = proportion_confint(np.where(is_index, 0, n_positive), n, alpha=1 - CONFIDENCE, method="wilson")
    # Exactly 0 or 1 where all agree: rounding would leave 4e-19, or a bound outside 0-1.
    lower, upper = np.where(n_positive == 0, 0.0, lower), np.where(n_positive == n, 1.0, upper)
    index_error = np.where(value.is_constant, np.nan, value.standard_error)
    half_width = t_half_width(index_error, n - 1)
    return typed(
        groups.assign(
            weighting_id=UNWEIGHTED,
            n_respondents=n,
            n_effective=n,
            estimate=value.mean,
            std_error=np.where(is_index, index_error, np.sqrt(value.mean * (1 - value.mean) / n)),
            std_error_type=np.where(is_index, "mean", "wilson"),
            ci_lower=np.where(is_index, value.mean - half_width, lower),
            ci_upper=np.where(is_index, value.mean + half_width, upper),
            reason=np.select(
                [~is_index, n < 2, value.is_constant],
                [None, "one respondent: no standard error", "the index does not vary: no standard error"],
                default=None,
            ),
        ),
        TYPES,
    )
