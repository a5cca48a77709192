"""Levels: how many people take part, with intervals (the paper's Table 2)."""

import numpy as np
import pandas as pd
from scipy import special

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
from coproduction.statistics.methods.inference import t_half_width, t_interval_of_share, wilson_interval
from coproduction.statistics.methods.moments import moments, sums
from coproduction.statistics.methods.raked_errors import CALIBRATED, raked_errors_of
from coproduction.statistics.methods.weighting import (
    FOURTH_POWERS,
    LINEARISED,
    SUMS_OF_WEIGHTS,
    WEIGHTED,
    degrees_of_freedom,
    read_weighted_counts,
    weighted_moments,
    why_few_weights,
)

GROUP = (*KEYS, "measure_id", "breakdown_id", "breakdown_value")
VALUE = ("n_positive", "n_answered")
MARGINS = ("margin_cell", "n_margin_cell")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_effective": NUMBER,
    "design_effect": NUMBER,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "df": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "reason": TEXT,
}


def estimate_levels(counts: pd.DataFrame) -> pd.DataFrame:
    """Mean of each measure in each breakdown with a 95 % interval; also weighted, where respondents have weights.

    Unweighted. Index (a measure of several items, or a mean score): m = sum(n*x) / n, standard error sqrt(s^2/n),
    interval m -+ t(0.975, n-1) * std_error, cut off at 0 and 1; std_error_type `mean`. Other measures (yes or no): p,
    standard error sqrt(p*(1-p)/n), Wilson's score interval (Wilson 1927, JASA 22:209); std_error_type `wilson`.
    Respondents without an answer are left out.

    Weighted. m = sum(w*x) / sum(w) with the Taylor-linearised standard error of `weighted_moments` and Satterthwaite's
    df = sum(w^2)^2 / sum(w^4) - 1 (`weighting.degrees_of_freedom`); std_error_type `linearised`. Index: m -+ t *
    std_error. Other measures: the same interval on the log-odds scale, with std_error / (m*(1-m)), transformed back, so
    that both bounds lie within 0-1. Respondents without a weight or with weight 0 are left out. Equal weights give the
    unweighted estimate and df = n-1; a share's standard error is then sqrt(p*(1-p)/(n-1)). With fewer than
    FEWEST_EFFECTIVE effective respondents or less than one degree of freedom there is no standard error.
    Raked weights: the standard error is computed from the residuals on the margins (`methods.raked_errors`), since the
    variation that the margins explain is known for the population; std_error_type `linearised, calibrated`.

    Each breakdown value is treated as a separate sample, except under raked weights, where it is a part of the survey.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value, n_positive,
            n_answered, n_respondents: respondents with the value n_positive / n_answered. Where there are weights, also
            sum_weight, sum_weight_squared, sum_weight_fourth and n_weighted, as `read_weighted_counts` describes
            them; where they are raked, margin_cell and n_margin_cell, as `rake_weights` describes them. A margin cell
            in which nobody has an outcome is not in the counts and therefore not in the standard error.

    Returns:
        One row per council, wave, theme, topic, measure, breakdown value and weighting, sorted by them. `estimate` and
        its interval are on 0-1; `n_effective` and `design_effect` are Kish's, n_respondents and 1 where unweighted;
        `df` is null for Wilson's interval, which has none; `reason` says why there is no interval, null where there is
        one.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or sums of weights are impossible.

    R: `t.test(x)` for the index; `prop.test(k, n, correct = FALSE)$conf.int` for the others. Weighted: `m = svymean(~x,
    svydesign(ids = ~1, weights = ~w)); confint(m, df = sum(w^2)^2 / sum(w^4) - 1)`; `svyciprop(~y, design, method =
    "xlogit", df = ...)` with the same df.

    """
    cells = _valid(read_counts(counts, text=GROUP, numbers=VALUE))
    counts = counts if set(MARGINS) <= set(counts.columns) else counts.assign(**dict.fromkeys(MARGINS))
    weighted = _valid(read_weighted_counts(counts, (*GROUP, MARGINS[0]), (MARGINS[1], *VALUE)))
    # Most surveys have no weights.
    if weighted.empty:
        return typed(_unweighted(cells), TYPES)
    levels = pd.concat([typed(_unweighted(cells), TYPES), typed(_weighted(weighted), TYPES)])
    return typed(levels.sort_values([*GROUP, "weighting_id"], kind="stable"), TYPES)


def _valid(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with a value, and `is_index`: whether the survey's measure has values between 0 and 1."""
    cells = cells[~np.isnan(outcome_values(cells))]
    return cells.assign(is_index=has_several_items(cells, (*KEYS, "measure_id")))


def _unweighted(cells: pd.DataFrame) -> pd.DataFrame:
    """Levels in which all respondents have equal weight."""
    groups, group = number_groups(cells, GROUP)
    count = cells["n_respondents"].to_numpy()
    value = moments(group, len(groups), count, outcome_values(cells))
    is_index = sums(group, len(groups), cells["is_index"].to_numpy(NUMBER)) > 0
    n = value.n

    n_positive = sums(group, len(groups), count * cells["n_positive"].to_numpy())
    # The index is left out of Wilson's interval: its positive answers may exceed its respondents.
    lower, upper = wilson_interval(np.where(is_index, 0, n_positive), n)
    index_error = np.where(value.is_constant, np.nan, value.standard_error)
    index_lower, index_upper = t_interval_of_share(value.mean, index_error, n - 1)
    return groups.assign(
        weighting_id=UNWEIGHTED,
        n_respondents=n,
        n_effective=n,
        design_effect=1.0,
        estimate=value.mean,
        std_error=np.where(is_index, index_error, np.sqrt(value.mean * (1 - value.mean) / n)),
        std_error_type=np.where(is_index, "mean", "wilson"),
        df=np.where(is_index & ~np.isnan(index_error), n - 1, np.nan),
        ci_lower=np.where(is_index, index_lower, lower),
        ci_upper=np.where(is_index, index_upper, upper),
        reason=first_reason(
            [~is_index, n < 2, value.is_constant],
            [None, "one respondent: no standard error", "the index does not vary: no standard error"],
            default=None,
        ),
    )


def _weighted(cells: pd.DataFrame) -> pd.DataFrame:
    """Levels with the respondents' weights."""
    groups, group = number_groups(cells, GROUP)
    columns = ("n_respondents", *SUMS_OF_WEIGHTS, FOURTH_POWERS)
    count, weight, weight_squared, weight_fourth = (cells[column].to_numpy(dtype=np.float64) for column in columns)
    value = weighted_moments(group, len(groups), count, weight, weight_squared, outcome_values(cells))
    is_index = sums(group, len(groups), cells["is_index"].to_numpy(NUMBER)) > 0
    mean = value.mean
    is_raked = sums(group, len(groups), cells["margin_cell"].notna().to_numpy()) > 0
    error = value.standard_error
    if is_raked.any():
        error = np.where(is_raked, raked_errors_of(cells, group, len(groups), outcome_values(cells)), error)
    df = degrees_of_freedom(sums(group, len(groups), weight_squared), sums(group, len(groups), weight_fourth))
    few_weights = why_few_weights(value.n_effective, df)
    has_no_error = value.is_constant | (value.n < 2) | pd.notna(few_weights)
    is_determined = np.isnan(error) & ~has_no_error
    error = np.where(has_no_error, np.nan, error)
    df = np.where(np.isnan(error), np.nan, df)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds = special.logit(mean)
        half_width = t_half_width(np.where(is_index, error, error / (mean * (1 - mean))), df)
    return groups.assign(
        weighting_id=WEIGHTED,
        n_respondents=value.n,
        n_effective=value.n_effective,
        design_effect=value.design_effect,
        estimate=mean,
        std_error=error,
        std_error_type=np.where(is_raked, CALIBRATED, LINEARISED),
        df=df,
        # The interval of a weighted mean with a small effective size may exceed 0-1, so it is cut off there.
        ci_lower=np.where(is_index, np.maximum(mean - half_width, 0), special.expit(log_odds - half_width)),
        ci_upper=np.where(is_index, np.minimum(mean + half_width, 1), special.expit(log_odds + half_width)),
        reason=first_reason(
            [value.n < 2, value.is_constant & is_index, value.is_constant, is_determined],
            [
                "one respondent: no standard error",
                "the index does not vary: no standard error",
                "all gave the same answer: no weighted standard error",
                "the margins determine the answer: no standard error",
            ],
            default=few_weights,
        ),
    )
