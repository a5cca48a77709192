"""Weighted means and correlations from counts: linearised standard errors, Kish's design effect.

A weighted cell knows three numbers of its respondents: how many have a weight, the sum of their weights and the sum of
the squares. Together with the cell's values these are sufficient for a weighted mean or correlation and its
Taylor-linearised standard error, because every respondent of a cell has the same residual. (Weighted HC2 is not among
them: its leverages need each single weight.) The scale of the weights cancels everywhere, so whole ten-thousandths
serve as they are.

Functions that take parallel arrays have one entry per cell, `group` being the number of the cell's group, and return
one entry per group, as in `moments`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coproduction.statistics.frames import COUNT, NUMBER, TEXT
from coproduction.statistics.moments import ROUNDING, sums

WEIGHTED = "weighted"
LINEARISED = "linearised"
SUMS_OF_WEIGHTS = ("sum_weight", "sum_weight_squared")


def read_weighted_counts(counts: pd.DataFrame, text: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """Bring the weighted cells of a frame of counts into one order; no rows where nothing is weighted.

    Args:
        counts: one row per cell with n_respondents and, where weights exist, sum_weight and sum_weight_squared as whole
            numbers; n_weighted, the respondents who have a weight, may be missing where all of them do.
        text: columns of identifiers and labels, null allowed.
        numbers: columns of values, null allowed.

    Returns:
        The columns `text`, `numbers`, n_respondents (those with a weight above 0), sum_weight, sum_weight_squared.

    Raises:
        ValueError: sums that no weights can have: below 0, or the square of the sum above n times the sum of squares.

    """
    columns = [*text, *numbers]
    types = dict.fromkeys(text, TEXT) | dict.fromkeys(numbers, NUMBER)
    if not set(SUMS_OF_WEIGHTS) <= set(counts.columns):
        counts = counts.iloc[:0].assign(sum_weight=0, sum_weight_squared=0)
    known = counts[counts[list(SUMS_OF_WEIGHTS)].notna().all(axis=1) & counts["n_respondents"].gt(0)]
    n_weighted = known["n_weighted" if "n_weighted" in known else "n_respondents"]
    cells = known[columns].astype(types).assign(n_respondents=n_weighted.astype(COUNT))
    # Added up as whole numbers, so that neither order nor grain can change a bit.
    cells[list(SUMS_OF_WEIGHTS)] = known[list(SUMS_OF_WEIGHTS)].astype(COUNT)
    total, squares = (cells[column].astype(NUMBER) for column in SUMS_OF_WEIGHTS)
    if (total < 0).any() or (total**2 > cells["n_respondents"] * squares * (1 + ROUNDING)).any():
        raise ValueError("sum_weight and sum_weight_squared are not sums of the weights of n_respondents people.")
    cells = cells[cells["sum_weight"] > 0]
    sums_of_cells = ["n_respondents", *SUMS_OF_WEIGHTS]
    return cells.groupby(columns, dropna=False, sort=True, as_index=False)[sums_of_cells].sum()


@dataclass(frozen=True)
class WeightedMoments:
    """Weighted mean of each group with its linearised standard error; NaN where there are fewer than two respondents.

    `n_effective` is Kish's (sum w)^2 / sum w^2. `is_constant` compares the values themselves.
    """

    n: np.ndarray
    mean: np.ndarray
    standard_error: np.ndarray
    n_effective: np.ndarray
    is_constant: np.ndarray

    @property
    def design_effect(self) -> np.ndarray:
        """Kish's design effect of the weights, n * sum w^2 / (sum w)^2 = 1 + the squared coefficient of variation."""
        return self.n / self.n_effective


def weighted_moments(
    group: np.ndarray,
    n_groups: int,
    count: np.ndarray,
    weight: np.ndarray,
    weight_squared: np.ndarray,
    value: np.ndarray,
) -> WeightedMoments:
    """Weighted mean m = sum(w*y) / sum(w), in units of the value, with its Taylor-linearised standard error.

    var(m) = n/(n-1) * sum(w^2 * (y-m)^2) / sum(w)^2: respondents drawn with replacement, no clusters or strata, weights
    taken as fixed (Sarndal, Swensson and Wretman 1992, section 5.6). Equal weights give s^2/n.

    Args:
        group: number of the cell's group.
        n_groups: number of groups.
        count: respondents with a weight in the cell.
        weight: sum of their weights, on any scale.
        weight_squared: sum of their squared weights, on the same scale squared.
        value: value of the cell.

    R: `svymean(~y, svydesign(ids = ~1, weights = ~w, data = rows))`; Kish: `sum(w)^2 / sum(w^2)`.

    """
    n, total = sums(group, n_groups, count), sums(group, n_groups, weight)
    lowest, highest = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(lowest, group, value)
    np.maximum.at(highest, group, value)
    is_constant = lowest == highest
    with np.errstate(invalid="ignore", divide="ignore"):
        # The mean of equal values can miss them by a rounding error.
        mean = np.where(is_constant, lowest, sums(group, n_groups, weight * value) / total)
        squares = sums(group, n_groups, weight_squared * (value - mean[group]) ** 2)
        error = np.sqrt(n / np.where(n < 2, np.nan, n - 1) * squares) / total
        n_effective = total**2 / sums(group, n_groups, weight_squared)
    return WeightedMoments(n, mean, error, n_effective, is_constant)


@dataclass(frozen=True)
class WeightedCorrelation:
    """Weighted correlation of each group with its linearised standard error; all NaN where a side does not vary."""

    n: np.ndarray
    estimate: np.ndarray
    standard_error: np.ndarray
    n_effective: np.ndarray
    is_constant_x: np.ndarray
    is_constant_y: np.ndarray


def weighted_correlation(
    group: np.ndarray,
    n_groups: int,
    count: np.ndarray,
    weight: np.ndarray,
    weight_squared: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
) -> WeightedCorrelation:
    """Pearson's correlation with weights, r = mean_w(zx*zy), and the standard error of its influence function.

    IF = zx*zy - r*(zx^2 + zy^2)/2 with z standardised by weighted moments; var(r) = n/(n-1) * sum(w^2*IF^2) / sum(w)^2,
    the linearised variance of a mean (Deville 1999, Survey Methodology 25:193). No units. Fewer than three
    respondents give NaN.

    Args:
        group: number of the cell's group.
        n_groups: number of groups.
        count: respondents with a weight in the cell.
        weight: sum of their weights, on any scale.
        weight_squared: sum of their squared weights, on the same scale squared.
        x: first value of the cell.
        y: second value of the cell.

    R: with xx = x^2, yy = y^2, xy = x*y, `svycontrast(svymean(~x + y + xx + yy + xy, design), quote((xy - x*y) /
    sqrt((xx - x^2) * (yy - y^2))))`, the delta method on the same five means.

    """
    of_x = weighted_moments(group, n_groups, count, weight, weight_squared, x)
    of_y = weighted_moments(group, n_groups, count, weight, weight_squared, y)
    defined = (of_x.n >= 3) & ~of_x.is_constant & ~of_y.is_constant
    total = sums(group, n_groups, weight)

    def standardised(value: np.ndarray, mean: np.ndarray) -> np.ndarray:
        deviation = value - mean[group]
        variance = np.where(defined, sums(group, n_groups, weight * deviation**2), np.nan) / total
        return deviation / np.sqrt(variance)[group]

    with np.errstate(invalid="ignore", divide="ignore"):
        zx, zy = standardised(x, of_x.mean), standardised(y, of_y.mean)
        r = np.clip(sums(group, n_groups, weight * zx * zy) / total, -1.0, 1.0)
        influence = zx * zy - r[group] * (zx**2 + zy**2) / 2
        squares = sums(group, n_groups, weight_squared * influence**2)
        error = np.sqrt(of_x.n / np.where(of_x.n < 2, np.nan, of_x.n - 1) * squares) / total
    return WeightedCorrelation(of_x.n, r, error, of_x.n_effective, of_x.is_constant, of_y.is_constant)


def weighted_contrast(arm: WeightedMoments, none: WeightedMoments) -> tuple[np.ndarray, np.ndarray]:
    """Difference of two arms' weighted means and its standard error, arms being the strata of a randomised design.

    est = m1 - m0, se^2 = se1^2 + se0^2. Equal weights give exactly HC2, s1^2/n1 + s0^2/n0; weighted HC2 proper needs
    every single weight. Units of the value.

    R: `svycontrast(svyby(~y, ~arm, svydesign(ids = ~1, strata = ~arm, weights = ~w), svymean), list(c(a = 1, none =
    -1)))`.
    """
    return arm.mean - none.mean, np.hypot(arm.standard_error, none.standard_error)
