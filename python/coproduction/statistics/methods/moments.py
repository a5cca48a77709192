"""Counts, means and correlations of respondents who are given as grouped cells of a table of counts.

All functions take parallel arrays with one entry per cell: `group` (0, 1, ... number of the cell's group), `count`
(respondents in the cell) and values; they return arrays with one entry per group. Sums are formed in the order of the
cells, so cells in a fixed order give identical bits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

# In squared standardised units: a quantity that cannot be negative and lies below this is a rounding error of zero.
ROUNDING = 1e-14
# A sum of squares or a variance below this share of the total is a rounding error of zero.
NO_SQUARES = 1e-12


def sums(group: np.ndarray, n_groups: int, weights: np.ndarray) -> np.ndarray:
    """Sum of the weights in each group, 0 for a group without cells; float64, exact for integers below 2^53."""
    return np.bincount(group, weights=weights, minlength=n_groups).astype(np.float64)


@dataclass(frozen=True)
class Moments:
    """Number of respondents, mean and sum of squared deviations of each group; NaN for a group without respondents.

    `is_constant` compares the values themselves: the mean of equal values can have a rounding error, which gives
    squared deviations of 1e-33 instead of zero.
    """

    n: np.ndarray
    mean: np.ndarray
    squared_deviations: np.ndarray
    is_constant: np.ndarray

    @property
    def standard_error(self) -> np.ndarray:
        """Standard error of the mean, sqrt(s^2 / n) with n-1 in s^2; NaN below two respondents."""
        below_two = self.n < 2
        return np.sqrt(self.squared_deviations / np.where(below_two, np.nan, self.n * (self.n - 1)))


def moments(group: np.ndarray, n_groups: int, count: np.ndarray, value: np.ndarray) -> Moments:
    """Mean and sum of squared deviations in two passes, which loses no digits when the spread is small.

    R: `mean(x)` and `sum((x - mean(x))^2)` on one row per respondent.
    """
    n = sums(group, n_groups, count)
    with np.errstate(invalid="ignore"):
        mean = sums(group, n_groups, count * value) / n
    lowest, highest = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(lowest, group, value)
    np.maximum.at(highest, group, value)
    deviations = sums(group, n_groups, count * (value - mean[group]) ** 2)
    return Moments(n, mean, np.where(n == 0, np.nan, deviations), lowest == highest)


@dataclass(frozen=True)
class Correlation:
    """Correlation of each group; all NaN where x or y does not vary or fewer than three respondents have both.

    `unexplained` is 1 - r^2; `influence` the mean square of the influence function zx*zy - r*(zx^2 + zy^2)/2, the
    large-sample variance of sqrt(n)*r for any distribution.
    """

    n: np.ndarray
    estimate: np.ndarray
    unexplained: np.ndarray
    influence: np.ndarray
    is_constant_x: np.ndarray
    is_constant_y: np.ndarray

    @property
    def is_perfect(self) -> np.ndarray:
        """True where all respondents lie exactly on one line, so that r has no standard error."""
        return self.unexplained < ROUNDING

    @property
    def on_fisher_scale(self) -> np.ndarray:
        """Fisher's atanh r; NaN for a perfect correlation, where it is infinite."""
        return np.arctanh(np.where(self.is_perfect, np.nan, self.estimate))

    def with_estimate(self, estimate: np.ndarray) -> Correlation:
        """Return the summaries of the same respondents with another estimate of the correlation."""
        return replace(self, estimate=estimate, unexplained=(1 - estimate) * (1 + estimate))


def correlation(group: np.ndarray, n_groups: int, count: np.ndarray, x: np.ndarray, y: np.ndarray) -> Correlation:
    """Pearson's correlation of x and y, with the quantities that its standard error needs.

    R: `cor(x, y)` on one row per respondent.
    """
    of_x, of_y = moments(group, n_groups, count, x), moments(group, n_groups, count, y)
    n = of_x.n
    defined = (n >= 3) & ~of_x.is_constant & ~of_y.is_constant

    def standardised(value: np.ndarray, of_value: Moments) -> np.ndarray:
        deviation = np.sqrt(np.where(defined, of_value.squared_deviations, np.nan) / n)
        return (value - of_value.mean[group]) / deviation[group]

    def mean(values: np.ndarray) -> np.ndarray:
        return sums(group, n_groups, count * values) / n

    with np.errstate(invalid="ignore"):
        zx, zy = standardised(x, of_x), standardised(y, of_y)
        r = np.clip(mean(zx * zy), -1.0, 1.0)
        # A mean of squares keeps the digits that a p-value of 1e-300 needs; 1 - r^2 would lose them.
        unexplained = mean((zy - r[group] * zx) ** 2)
        influence = mean((zx * zy - r[group] * (zx**2 + zy**2) / 2) ** 2)
    return Correlation(n, r, unexplained, influence, of_x.is_constant, of_y.is_constant)


def average_ranks(group: np.ndarray, count: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Rank of each cell's value among the respondents of its group, ties sharing their average rank.

    R: `rank(x, ties.method = "average")` on one row per respondent.

    Returns:
        One rank per cell (not per group), from 1 to the number of respondents in the group.

    """
    if not len(group):
        return np.empty(0)
    order = np.lexsort((value, group))
    sorted_group, sorted_value = group[order], value[order]
    is_new_group = np.diff(sorted_group, prepend=-1) != 0
    is_new_value = is_new_group | (np.diff(sorted_value, prepend=np.nan) != 0)
    tie = np.cumsum(is_new_value) - 1
    n_tied = sums(tie, tie[-1] + 1, count[order])
    n_up_to = np.cumsum(n_tied)
    n_before_group = (n_up_to - n_tied)[tie[is_new_group]]
    group_place = np.cumsum(is_new_group) - 1
    ranks = np.empty(len(group))
    ranks[order] = (n_up_to - (n_tied - 1) / 2)[tie] - n_before_group[group_place]
    return ranks
