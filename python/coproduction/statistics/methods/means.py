"""Means and shares of groups of respondents with 95 % intervals, plain and weighted, from the cells of counts."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from coproduction.statistics.methods.counts import UNWEIGHTED, first_reason
from coproduction.statistics.methods.inference import t_half_width, wilson_interval, within
from coproduction.statistics.methods.moments import moments, sums
from coproduction.statistics.methods.weights.raked_errors import CALIBRATED, raked_errors_of
from coproduction.statistics.methods.weights.weighting import (
    FOURTH_POWERS,
    LINEARISED,
    SUMS_OF_WEIGHTS,
    WEIGHTED,
    degrees_of_freedom,
    weighted_moments,
    why_few_weights,
)

ONE_RESPONDENT = "one respondent: no standard error"
SAME_ANSWER = "all gave the same answer: no weighted standard error"
DETERMINED = "the margins determine the answer: no standard error"


def unweighted_means(
    group: np.ndarray,
    n_groups: int,
    count: np.ndarray,
    value: np.ndarray,
    is_share: np.ndarray,
    subject: str,
    lowest: ArrayLike = 0,
    highest: ArrayLike = 1,
) -> dict[str, Any]:
    """Mean of each group, all respondents with equal weight.

    A mean has the standard error sqrt(s^2/n) and Student's interval with n-1 df, cut off at the lowest and the highest
    possible value (std_error_type `mean`). A share has sqrt(p*(1-p)/n) and Wilson's interval (`wilson`).

    Args:
        group: number of each cell's group.
        n_groups: number of groups.
        count: respondents in the cell.
        value: value of the cell; 0 or 1 in the groups that are shares.
        is_share: whether the mean of the group is a share; one per group.
        subject: what does not vary, for the reason why there is no standard error.
        lowest: lowest possible value, for all groups or one per group; -inf if there is none.
        highest: highest possible value.

    Returns:
        Columns with one entry per group: weighting_id, n_respondents, n_effective, design_effect, estimate, std_error,
        std_error_type, df (null for a share), ci_lower, ci_upper, and reason, which says why there is no interval.

    R: `t.test(x)`; `prop.test(k, n, correct = FALSE)$conf.int`.
    Sources: Student 1908, Biometrika 6:1; Wilson 1927, JASA 22:209.

    """
    level = moments(group, n_groups, count, value)
    n = level.n
    # Values of a mean are left out of Wilson's interval: their sum may exceed the number of respondents.
    lower, upper = wilson_interval(np.where(is_share, sums(group, n_groups, count * value), 0), n)
    error = np.where(level.is_constant, np.nan, level.standard_error)
    half_width = t_half_width(error, n - 1)
    share = np.where(is_share, level.mean, np.nan)
    return {
        "weighting_id": UNWEIGHTED,
        "n_respondents": n,
        "n_effective": n,
        "design_effect": 1.0,
        "estimate": level.mean,
        "std_error": np.where(is_share, np.sqrt(share * (1 - share) / n), error),
        "std_error_type": np.where(is_share, "wilson", "mean"),
        "df": np.where(~is_share & ~np.isnan(error), n - 1, np.nan),
        "ci_lower": np.where(is_share, lower, within(level.mean - half_width, level.mean, lowest, highest)),
        "ci_upper": np.where(is_share, upper, within(level.mean + half_width, level.mean, lowest, highest)),
        "reason": first_reason(
            [is_share, n < 2, level.is_constant], [None, ONE_RESPONDENT, _no_variation(subject)], default=None
        ),
    }


def weighted_means(
    cells: pd.DataFrame,
    group: np.ndarray,
    n_groups: int,
    value: np.ndarray,
    is_share: np.ndarray,
    subject: str,
    lowest: ArrayLike = 0,
    highest: ArrayLike = 1,
) -> dict[str, Any]:
    """Weighted mean of each group, with the Taylor-linearised standard error and Satterthwaite's degrees of freedom.

    A mean has the interval m -+ t * std_error, cut off at the lowest and the highest possible value; a share has the
    same interval on the log-odds scale, transformed back. Under raked weights the standard error comes from the
    residuals on the margins (std_error_type `linearised, calibrated`, otherwise `linearised`).

    Args:
        cells: n_respondents, sum_weight, sum_weight_squared, sum_weight_fourth, margin_cell and, where it is not null,
            n_margin_cell, council_id and wave_id, as `read_weighted_counts` returns them.
        group: number of each cell's group.
        n_groups: number of groups.
        value: value of the cell; 0 or 1 in the groups that are shares.
        is_share: whether the mean of the group is a share; one per group.
        subject: what does not vary, for the reason why there is no standard error.
        lowest: lowest possible value, for all groups or one per group; -inf if there is none.
        highest: highest possible value.

    Returns:
        The columns of `unweighted_means`. With few effective respondents or degrees of freedom there is no standard
        error (`weighting.why_few_weights`).

    R: `m = svymean(~x, svydesign(ids = ~1, weights = ~w)); confint(m, df = sum(w^2)^2 / sum(w^4) - 1)`;
    `svyciprop(~y, design, method = "xlogit", df = ...)` with the same df.

    """
    columns = ("n_respondents", *SUMS_OF_WEIGHTS, FOURTH_POWERS)
    count, weight, weight_squared, weight_fourth = (cells[column].to_numpy(dtype=np.float64) for column in columns)
    level = weighted_moments(group, n_groups, count, weight, weight_squared, value)
    is_raked = sums(group, n_groups, cells["margin_cell"].notna().to_numpy()) > 0
    error = level.standard_error
    if is_raked.any():
        error = np.where(is_raked, raked_errors_of(cells, group, n_groups, value), error)
    df = degrees_of_freedom(sums(group, n_groups, weight_squared), sums(group, n_groups, weight_fourth))
    few_weights = why_few_weights(level.n_effective, df)
    has_no_error = level.is_constant | (level.n < 2) | pd.notna(few_weights)
    is_determined = np.isnan(error) & ~has_no_error
    error = np.where(has_no_error, np.nan, error)
    df = np.where(np.isnan(error), np.nan, df)
    lower, upper = linearised_interval(level.mean, error, df, is_share, lowest, highest)
    return {
        "weighting_id": WEIGHTED,
        "n_respondents": level.n,
        "n_effective": level.n_effective,
        "design_effect": level.design_effect,
        "estimate": level.mean,
        "std_error": error,
        "std_error_type": np.where(is_raked, CALIBRATED, LINEARISED),
        "df": df,
        "ci_lower": lower,
        "ci_upper": upper,
        "reason": first_reason(
            [level.n < 2, level.is_constant & ~is_share, level.is_constant, is_determined],
            [ONE_RESPONDENT, _no_variation(subject), SAME_ANSWER, DETERMINED],
            default=few_weights,
        ),
    }


def linearised_interval(
    mean: np.ndarray, error: np.ndarray, df: np.ndarray, is_share: np.ndarray, lowest: ArrayLike, highest: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of a 95 % interval: on log-odds for a share; for a mean cut off, since few respondents can pass the limits.

    R: `svyciprop(~y, design, method = "xlogit", df = df)` for a share; `confint(m, df = df)`.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(is_share, mean, np.nan)
        log_odds = special.logit(share)
        half_width = t_half_width(np.where(is_share, error / (share * (1 - share)), error), df)
    lower = np.where(is_share, special.expit(log_odds - half_width), within(mean - half_width, mean, lowest, highest))
    upper = np.where(is_share, special.expit(log_odds + half_width), within(mean + half_width, mean, lowest, highest))
    return lower, upper


def _no_variation(subject: str) -> str:
    return f"{subject} does not vary: no standard error"
