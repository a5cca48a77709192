"""Weighted means and correlations from counts: linearised standard errors, Kish's design effect.

A weighted cell holds three numbers: how many of its respondents have a weight, the sum of their weights and the sum of
the squared weights. Together with the cell's values these are sufficient for a weighted mean or correlation and its
Taylor-linearised standard error, because every respondent of a cell has the same residual. (They are not sufficient for
weighted HC2, whose leverages need each single weight.) The unit of the weights cancels in every formula, so sums of
whole units need no conversion. The degrees of freedom of a variance need a fourth number, the sum of the weights'
fourth powers, which `read_weighted_counts` brings to the unit of the other sums.

Functions that take parallel arrays have one entry per cell, `group` being the number of the cell's group, and return
one entry per group, as in `moments`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import COUNT, NUMBER, TEXT, first_reason
from coproduction.statistics.methods.moments import NO_SQUARES, ROUNDING, Correlation, sums

WEIGHTED = "weighted"
LINEARISED = "linearised"
SUMS_OF_WEIGHTS = ("sum_weight", "sum_weight_squared")
FOURTH_POWERS = "sum_weight_fourth"
# The unit of the counted fourth powers, in units of the counted weights to the fourth power. The largest weight of a
# survey is 10^12 units in the sums of weights and squares, but 10^7 units in the fourth powers, to fit in 38 digits.
FOURTH_POWERS_UNIT = (1e12 / 1e7) ** 4
# A weighted result of fewer effective respondents has no standard error, p or stars.
FEWEST_EFFECTIVE = 10
FEW_EFFECTIVE = f"a few large weights decide: fewer than {FEWEST_EFFECTIVE} effective respondents"
FEW_DEGREES = "a few large weights decide: less than one degree of freedom"
# A number of effective respondents or degrees of freedom that is smaller by less is only a rounding error.
ROUNDED = 1e-9


def read_weighted_counts(counts: pd.DataFrame, text: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """Check and sort the weighted cells of a frame of counts; no rows where there are no weights.

    Args:
        counts: one row per cell with n_respondents and, where weights exist, sum_weight and sum_weight_squared in any
            unit, and sum_weight_fourth in FOURTH_POWERS_UNIT of it; n_weighted, the respondents who have a weight, may
            be missing where all of them do.
        text: columns of identifiers and labels, null allowed.
        numbers: columns of values, null allowed.

    Returns:
        The columns `text`, `numbers`, n_respondents (those with a weight above 0), and as float64 sum_weight,
        sum_weight_squared and sum_weight_fourth, all in one unit.

    Raises:
        ValueError: impossible sums of weights: below 0, or the square of the sum above n times the sum of squares; or
            no sums of fourth powers.

    """
    columns = [*text, *numbers]
    types = dict.fromkeys(text, TEXT) | dict.fromkeys(numbers, NUMBER)
    if not set(SUMS_OF_WEIGHTS) <= set(counts.columns):
        counts = counts.iloc[:0].assign(sum_weight=0, sum_weight_squared=0)
    known = counts[counts[list(SUMS_OF_WEIGHTS)].notna().all(axis=1) & counts["n_respondents"].gt(0)]
    known = known if len(known) else known.assign(**{FOURTH_POWERS: 0})
    if FOURTH_POWERS not in known or known[FOURTH_POWERS].isna().any():
        raise ValueError(f"The frame of counts has sums of weights, but no column {FOURTH_POWERS}.")
    n_weighted = known["n_weighted" if "n_weighted" in known else "n_respondents"]
    cells = known[columns].astype(types).assign(n_respondents=n_weighted.astype(COUNT))
    total, squares = (known[column].astype(NUMBER) for column in SUMS_OF_WEIGHTS)
    if (total < 0).any() or (total**2 > cells["n_respondents"] * squares * (1 + ROUNDING)).any():
        raise ValueError("sum_weight and sum_weight_squared are not sums of the weights of n_respondents people.")
    # The fourth powers of weights far below the largest are rounded to few digits, but are never less than this.
    least = squares**2 / cells["n_respondents"]
    fourth = np.maximum(known[FOURTH_POWERS].astype(NUMBER) * FOURTH_POWERS_UNIT, least)
    cells = cells.assign(sum_weight=total, sum_weight_squared=squares, sum_weight_fourth=fourth)
    sums_of_cells = [*SUMS_OF_WEIGHTS, FOURTH_POWERS]
    # Sums of floats depend on their order, so the order is fixed first.
    cells = cells[cells["sum_weight"] > 0].sort_values(sums_of_cells)
    return cells.groupby(columns, dropna=False, sort=True, as_index=False)[["n_respondents", *sums_of_cells]].sum()


def effective_number(n: np.ndarray, total: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Kish's effective number of respondents, (sum w)^2 / sum w^2; NaN without weights.

    It is exactly `n` where all weights are equal, so that a rounding error does not bring a group below a limit.

    Args:
        n: respondents with a weight.
        total: sum of their weights, in any unit.
        squares: sum of their squared weights, in this unit squared.

    R: `sum(w)^2 / sum(w^2)`.

    """
    with np.errstate(invalid="ignore", divide="ignore"):
        n_effective = total**2 / squares
    return np.where(n_effective > n * (1 - NO_SQUARES), n, n_effective)


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
        # The mean of equal values can have a rounding error.
        mean = np.where(is_constant, lowest, sums(group, n_groups, weight * value) / total)
        squares = sums(group, n_groups, weight_squared * (value - mean[group]) ** 2)
        error = np.sqrt(n / np.where(n < 2, np.nan, n - 1) * squares) / total
        n_effective = effective_number(n, total, sums(group, n_groups, weight_squared))
    return WeightedMoments(n, mean, error, n_effective, is_constant)


@dataclass(frozen=True)
class WeightedCorrelation(Correlation):
    """Weighted correlation of each group with its linearised standard error; all NaN where x or y does not vary.

    `n` counts respondents with a weight; `unexplained` and `influence` are the weighted means of their squares.
    """

    standard_error: np.ndarray
    n_effective: np.ndarray


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
        # A mean of squares, because 1 - r^2 would lose digits.
        unexplained = sums(group, n_groups, weight * (zy - r[group] * zx) ** 2) / total
        influence = zx * zy - r[group] * (zx**2 + zy**2) / 2
        squares = sums(group, n_groups, weight_squared * influence**2)
        error = np.sqrt(of_x.n / np.where(of_x.n < 2, np.nan, of_x.n - 1) * squares) / total
        mean_square = squares / sums(group, n_groups, weight_squared)
    constant = of_x.is_constant, of_y.is_constant
    return WeightedCorrelation(of_x.n, r, unexplained, mean_square, *constant, error, of_x.n_effective)


def influence_of_r(
    group: np.ndarray, n_groups: int, weight: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weighted r of each group, 1 - r^2 as a mean of squares, and the influence function of each cell.

    They are those of `weighted_correlation`, whose arguments these are; NaN where x or y does not vary.
    """
    total = sums(group, n_groups, weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        deviations = [value - (sums(group, n_groups, weight * value) / total)[group] for value in (x, y)]
        variances = [sums(group, n_groups, weight * deviation**2) / total for deviation in deviations]
        zx, zy = (deviations[place] / np.sqrt(variances[place])[group] for place in (0, 1))
        r = sums(group, n_groups, weight * zx * zy) / total
        unexplained = sums(group, n_groups, weight * (zy - r[group] * zx) ** 2) / total
        return r, unexplained, zx * zy - r[group] * (zx**2 + zy**2) / 2


def degrees_of_freedom(sum_weight_squared: np.ndarray, sum_weight_fourth: np.ndarray) -> np.ndarray:
    """Degrees of freedom of a weighted mean's linearised variance: (sum w^2)^2 / sum w^4 - 1.

    The variance is a sum of squared residuals with coefficients w^2. If respondents differ only in their weights, its
    mean and variance are proportional to sum w^2 and 2 * sum w^4, which Satterthwaite (1946, Biometrics Bulletin 2:110)
    matches with a chi-square; 1 is subtracted for the common mean. Equal weights give exactly n-1. The exact trace
    formula, trace(K)^2 / trace(K^2) with K = A(I - 1a')(I - 1a')'A, a = w/sum(w), A = diag(a), also needs third and
    fifth powers; it gives between 0 and 3 degrees of freedom more, so the formula used here is conservative.

    R: `a <- w/sum(w); K <- diag(a) %*% tcrossprod(diag(n) - outer(rep(1, n), a)) %*% diag(a); sum(diag(K))^2 /
    sum(K^2)`.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return sum_weight_squared**2 / sum_weight_fourth - 1


def why_few_weights(n_effective: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Why a weighted result has no standard error: too few effective respondents or degrees of freedom; None if enough.

    The linearised error takes the weights as fixed and needs many respondents of similar weight. Where a few weights
    decide, it is far too small: one weight of 1,000 among 300 gives a weighted mean with the answer of one person.

    Args:
        n_effective: Kish's effective number of respondents.
        df: `degrees_of_freedom`.

    """
    is_too_few = n_effective < FEWEST_EFFECTIVE - ROUNDED
    return first_reason([is_too_few, df < 1 - ROUNDED], [FEW_EFFECTIVE, FEW_DEGREES])


def weighted_contrast(
    contrast: np.ndarray, arms: WeightedMoments, df_of_arms: np.ndarray
) -> tuple[float, float, float, float]:
    """Contrast of the arms' weighted means, the arms being the strata of a randomised design.

        estimate      = sum(c * m)
        std_error     = sqrt(sum(c^2 * se^2))
        df            = sum(c^2/e)^2 / sum(c^4 / (e^2 * d)),  e the arm's effective number, d its degrees of freedom
        design_effect = sum(c^2/e) / sum(c^2/n)

    Equal weights give exactly HC2, s1^2/n1 + s0^2/n0, and Bell and McCaffrey's degrees of freedom. Like theirs, df
    assumes equal variance in all arms; the standard error does not. Weighted HC2 proper needs every single weight.

    Args:
        contrast: c of each arm; an arm with weight 0 is left out, even if its mean is NaN.
        arms: weighted means of the arms.
        df_of_arms: `degrees_of_freedom` of the arms.

    Returns:
        estimate and std_error in units of the value, df, and design_effect, the factor by which weights increase the
        variance.

    R: `svycontrast(svyby(~y, ~arm, svydesign(ids = ~1, strata = ~arm, weights = ~w), svymean), list(c(a = 1, none =
    -1)))` for the first two.
    """
    used = contrast != 0
    c, n, effective = contrast[used], arms.n[used], arms.n_effective[used]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = c**2 / effective
        df = share.sum() ** 2 / (share**2 / df_of_arms[used]).sum()
        std_error = np.sqrt((c**2 * arms.standard_error[used] ** 2).sum())
        design_effect = share.sum() / (c**2 / n).sum()
    return float((c * arms.mean[used]).sum()), float(std_error), float(df), float(design_effect)
