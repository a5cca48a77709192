"""Tests and intervals shared by the estimators, at one confidence level for the whole project.

All are two-sided, except the one-sided tests of equivalence.

Functions that take a number or an array return the same: a float for numbers, an array for arrays.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

CONFIDENCE = 0.95
UPPER = 1 - (1 - CONFIDENCE) / 2
Z = stats.norm.ppf(UPPER)
# A p up to this is called significant.
SIGNIFICANCE = 0.05
# minimum_detectable is the true effect that a study finds with this probability.
POWER = 0.8
NOTHING_DETECTABLE = "so few respondents that no possible effect could have been found: no minimum_detectable"
# The smallest double with full precision. A p is at least this, so that no survey, however large, gives a p of 0.
SMALLEST_P = np.finfo(np.float64).tiny


def p_value_of_t(statistic: ArrayLike, df: ArrayLike) -> Any:
    """Two-sided p of Student's t, from the upper tail so that it stays accurate down to 1e-300.

    R: `2 * pt(-abs(statistic), df)`.
    """
    return never_zero(2 * stats.t.sf(np.abs(statistic), np.asarray(df)), statistic)


def upper_tail_of_t(statistic: ArrayLike, df: ArrayLike) -> Any:
    """One-sided p of Student's t, for a test of whether an estimate lies above a bound.

    R: `pt(statistic, df, lower.tail = FALSE)`.
    """
    return never_zero(stats.t.sf(np.asarray(statistic), np.asarray(df)), statistic)


def p_value_of_z(statistic: ArrayLike) -> Any:
    """Two-sided p of the standard normal, from the upper tail.

    R: `2 * pnorm(-abs(statistic))`.
    """
    return never_zero(2 * stats.norm.sf(np.abs(statistic)), statistic)


def p_value_of_chi_square(statistic: ArrayLike, df: ArrayLike) -> Any:
    """Upper tail of chi-square, R: `pchisq(statistic, df, lower.tail = FALSE)`."""
    return never_zero(stats.chi2.sf(np.asarray(statistic), np.asarray(df)), statistic)


def never_zero(p_value: ArrayLike, statistic: ArrayLike) -> Any:
    """Give the p of a finite statistic, at least SMALLEST_P; NaN for an infinite one, which no finite sample supports.

    R: `pmax(p, .Machine$double.xmin)`.
    """
    return np.where(np.isinf(statistic), np.nan, np.maximum(p_value, SMALLEST_P))[()]


def t_quantile(probability: float, df: ArrayLike) -> Any:
    """Quantile of Student's t, R: `qt(probability, df)`."""
    return stats.t.ppf(probability, np.asarray(df))


def t_half_width(standard_error: ArrayLike, df: ArrayLike) -> Any:
    """Half the width of the t interval: qt(0.975, df) * standard_error."""
    return t_quantile(UPPER, df) * np.asarray(standard_error)[()]


def within(bounds: ArrayLike, estimate: ArrayLike, lowest: ArrayLike, highest: ArrayLike) -> Any:
    """Cut an interval off where the quantity ends: a symmetric interval of a few people can pass what is possible.

    Every value that is cut off is impossible, so the interval covers the truth exactly as often as before.

    Args:
        bounds: the lower or the upper end.
        estimate: which is kept inside, if a model's estimate itself lies beyond.
        lowest: the lowest value that the quantity can have, for example -1 for a difference of shares.
        highest: the highest.

    R: `pmin(pmax(bounds, lowest), highest)`.
    """
    return np.clip(bounds, np.minimum(lowest, estimate), np.maximum(highest, estimate))


def t_interval_of_share(mean: np.ndarray, standard_error: np.ndarray, df: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Student's interval of a mean of shares, cut off at 0 and 1, which it can exceed for a few people.

    R: `pmin(pmax(mean + c(-1, 1) * qt(0.975, df) * standard_error, 0), 1)`.
    """
    half_width = t_half_width(standard_error, df)
    return np.maximum(mean - half_width, 0), np.minimum(mean + half_width, 1)


def wilson_interval(n_yes: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's interval of the share of n who said yes, on 0-1; NaN where n is 0.

    R: `prop.test(n_yes, n, correct = FALSE)$conf.int`. Source: Wilson 1927, JASA 22:209.
    """
    n = np.where(np.asarray(n) == 0, np.nan, n)
    lower, upper = proportion_confint(n_yes, n, alpha=1 - CONFIDENCE, method="wilson")
    # Set to exactly 0 or 1 where all agree: rounding would give 4e-19 or a bound outside 0-1.
    return np.where(n_yes == 0, np.where(np.isnan(n), np.nan, 0.0), lower), np.where(n_yes == n, 1.0, upper)
