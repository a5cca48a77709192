"""Polychoric and polyserial correlation: what r would be if each answer were a coarse reading of a normal scale."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import optimize, special

# The largest rho that is reported. A table whose likelihood is highest beyond it has no estimate.
LIMIT = 0.9999
# Replaces an exact 0: Owen's formula divides by h and k, and the likelihood takes logarithms of probabilities.
_NEARLY_ZERO = 1e-100
# Log likelihoods that differ by less count as equal.
_PLATEAU = 1e-6
# Step of the central differences in a threshold and in the correlation; their error grows with its square.
_STEP = 1e-5


def bivariate_normal_cdf(h: np.ndarray, k: np.ndarray, rho: float) -> np.ndarray:
    """P(X <= h, Y <= k) of two standard normals with correlation rho, by Owen's closed form.

        (Phi(h) + Phi(k))/2 - T(h, (k - rho*h)/(h*s)) - T(k, (h - rho*k)/(k*s)) - (1/2 if h and k differ in sign)

    with s = sqrt(1 - rho^2) and Owen's function T (scipy.special.owens_t). Accurate to 1e-15 and smooth in rho;
    scipy's multivariate_normal.cdf is a quasi-Monte Carlo sum with noise of 3e-5.

    Args:
        h: finite numbers, broadcast against k.
        k: finite numbers.
        rho: between -1 and 1, both excluded.

    Returns:
        Probabilities in the shape of h and k together. R: `mvtnorm::pmvnorm(upper = c(h, k), corr = ...)`.

    Source: Owen 1956, Annals of Mathematical Statistics 27:1075.

    """
    h, k = (np.where(value == 0, _NEARLY_ZERO, value) for value in (h, k))
    s = np.sqrt((1 - rho) * (1 + rho))
    owens = special.owens_t(h, (k / h - rho) / s) + special.owens_t(k, (h / k - rho) / s)
    return (special.ndtr(h) + special.ndtr(k)) / 2 - owens - np.where((h < 0) != (k < 0), 0.5, 0.0)


def polychoric(table: np.ndarray) -> tuple[float, float]:
    """Correlation of the two normal scales behind a table of ordered answers, in two steps.

    Step one sets the thresholds to the normal quantiles of the cumulative shares of each margin. Step two maximises
    sum(n_ij * log(P_ij)) over rho alone, with P_ij the probability of the cell's rectangle. The standard error comes
    from the influence function of both steps: IF = (s + sum_k(D_k * IF_k))/I, with s the cell's score d log(P)/d rho,
    D_k the mean derivative of the score in threshold k, IF_k that threshold's influence and I minus the mean derivative
    of the score in rho; std_error = sqrt(mean(IF^2)/(n-1)). (The standard error of polycor takes the thresholds as
    known and is smaller.)

    Args:
        table: counts, shape (categories, categories), at least 2 x 2 without empty rows or columns. A 2 x 2 table gives
            the tetrachoric correlation. No continuity correction is added to empty cells.

    Returns:
        rho (-1 to 1) and its standard error, both NaN where +-0.9999 is as likely as any rho.

    R: `polycor::polychor(table, ML = FALSE)`.
    Source: Olsson 1979, Psychometrika 44:443 (both steps and their variance).

    """
    rows, columns = _thresholds(table.sum(axis=1)), _thresholds(table.sum(axis=0))
    n = table.sum()

    def minus_log_likelihood(rho: float) -> float:
        return float(-(table * np.log(_rectangles(rows, columns, rho))).sum())

    rho = optimize.minimize_scalar(
        minus_log_likelihood, bounds=(-LIMIT, LIMIT), method="bounded", options={"xatol": 1e-9}
    ).x
    # With an empty corner the likelihood rises to a plateau that reaches the end of the range.
    at_ends = min(minus_log_likelihood(-LIMIT), minus_log_likelihood(LIMIT))
    if at_ends - minus_log_likelihood(rho) < _PLATEAU:
        return np.nan, np.nan

    def mean_score(rows: np.ndarray, columns: np.ndarray, at: float) -> np.ndarray:
        return (table * _scores(rows, columns, at)).sum(axis=(-2, -1)) / n

    information = -_slope(lambda step: mean_score(rows, columns, rho + step), _STEP)
    # Each row of a step moves one threshold.
    by_row = _slope(lambda step: mean_score(rows + step, columns, rho), _STEP * np.eye(len(rows)))
    by_column = _slope(lambda step: mean_score(rows, columns + step, rho), _STEP * np.eye(len(columns)))
    influence = _scores(rows, columns, rho)
    influence = influence + (_threshold_influence(table.sum(axis=1)) @ by_row)[:, None]
    influence = influence + (_threshold_influence(table.sum(axis=0)) @ by_column)[None, :]
    return float(rho), float(np.sqrt((table * (influence / information) ** 2).sum() / n / (n - 1)))


def polyserial(table: np.ndarray, continuous: np.ndarray) -> tuple[float, float]:
    """Correlation of a number with the normal scale behind an ordered answer, in two steps.

    With the categories numbered 0, 1, ... and thresholds t_k at the normal quantiles of their cumulative shares:

        rho = r * s / sum(phi(t_k))

    r is Pearson's correlation of the number with the category's number, s the latter's standard deviation (over n). A
    two-valued answer gives the biserial correlation. The standard error comes from the influence function of r, s and
    the thresholds together, sqrt(mean(IF^2)/(n-1)).

    Args:
        table: counts, shape (values of the number, categories), at least 2 x 2 without empty rows or columns.
        continuous: the numbers, one per row of the table.

    Returns:
        rho (-1 to 1) and its standard error, both NaN where rho would lie beyond +-0.9999.

    R: `polycor::polyserial(number, answer, ML = FALSE)`.
    Source: Olsson, Drasgow and Dorans 1982, Psychometrika 47:337 (their two-step estimator).

    """
    share = table / table.sum()
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    category = np.arange(len(columns))
    from_mean_x = continuous - rows @ continuous
    from_mean_y = category - columns @ category
    deviation = np.sqrt(rows @ from_mean_x**2)
    products = np.outer(from_mean_x, from_mean_y)
    covariance = (share * products).sum()
    thresholds = _thresholds(table.sum(axis=0))
    densities = _density(thresholds)
    height = densities.sum()
    rho = covariance / deviation / height
    if abs(rho) > LIMIT:
        return np.nan, np.nan
    of_deviation = (from_mean_x**2 - deviation**2) / (2 * deviation)
    of_height = _threshold_influence(table.sum(axis=0)) @ (-thresholds * densities)
    influence = (products - covariance) / (deviation * height)
    influence = influence - rho * (of_deviation[:, None] / deviation + of_height[None, :] / height)
    return float(rho), float(np.sqrt((share * influence**2).sum() / (table.sum() - 1)))


def _slope(function: Callable[[Any], np.ndarray], step: float | np.ndarray) -> np.ndarray:
    """Derivative of a function at 0 along each step, by central differences."""
    return (function(step) - function(-step)) / (2 * _STEP)


def _thresholds(margin: np.ndarray) -> np.ndarray:
    """Normal quantiles of the cumulative shares, one fewer than there are categories."""
    return special.ndtri(np.cumsum(margin)[:-1] / margin.sum())


def _threshold_influence(margin: np.ndarray) -> np.ndarray:
    """Influence, times n, of one respondent of each category (row) on each threshold (column)."""
    cumulative = np.cumsum(margin)[:-1] / margin.sum()
    is_below = np.arange(len(margin))[:, None] <= np.arange(len(cumulative))[None, :]
    return (is_below - cumulative) / _density(special.ndtri(cumulative))


def _rectangles(row_thresholds: np.ndarray, column_thresholds: np.ndarray, rho: float) -> np.ndarray:
    """Probability of each cell, kept above 0 so that its logarithm and its reciprocal are finite.

    Further axes before the last ones are further sets of thresholds.
    """
    h, k = row_thresholds[..., :, None], column_thresholds[..., None, :]
    corners = _corners(bivariate_normal_cdf(h, k, rho))
    corners[..., 1:-1, -1:], corners[..., -1:, 1:-1] = special.ndtr(h), special.ndtr(k)
    corners[..., -1, -1] = 1
    return np.maximum(_between(corners), _NEARLY_ZERO)


def _scores(row_thresholds: np.ndarray, column_thresholds: np.ndarray, rho: float) -> np.ndarray:
    """Derivative of each cell's log probability in rho: the density at its corners divided by its probability."""
    h, k = row_thresholds[..., :, None], column_thresholds[..., None, :]
    unexplained = (1 - rho) * (1 + rho)
    exponent = -(h**2 - 2 * rho * h * k + k**2) / (2 * unexplained)
    corners = _corners(np.exp(exponent) / (2 * np.pi * np.sqrt(unexplained)))
    return _between(corners) / _rectangles(row_thresholds, column_thresholds, rho)


def _corners(inner: np.ndarray) -> np.ndarray:
    """Put values at the inner corners of the rectangles, and zeros at the outer ones."""
    corners = np.zeros((*inner.shape[:-2], inner.shape[-2] + 2, inner.shape[-1] + 2))
    corners[..., 1:-1, 1:-1] = inner
    return corners


def _between(corners: np.ndarray) -> np.ndarray:
    """What a function of the corners adds up to over each rectangle between four of them."""
    of_rows = corners[..., 1:, :] - corners[..., :-1, :]
    return of_rows[..., 1:] - of_rows[..., :-1]


def _density(value: np.ndarray) -> np.ndarray:
    """Density of the standard normal distribution."""
    return np.exp(-(value**2) / 2) / np.sqrt(2 * np.pi)
