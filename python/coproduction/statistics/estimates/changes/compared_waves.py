"""Two waves of a survey as cells of counts: who answered in both, only before, or only after; and their covariance."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import COUNT, NUMBER, SURVEY, TEXT
from coproduction.statistics.methods.moments import ROUNDING, sums
from coproduction.statistics.methods.weights.weighting import FOURTH_POWERS_UNIT, degrees_of_freedom, weighted_moments

COMPARISON = (SURVEY[0], "earlier_wave_id", SURVEY[1], "theme_id", "topic_id", "measure_id")
# How a column of the counts about the earlier wave is named: sum_weight, sum_earlier_weight.
WEIGHTS = {
    "earlier": ("n_earlier_weighted", "sum_earlier_weight", "sum_earlier_weight_squared", "sum_earlier_weight_fourth"),
    "later": ("n_weighted", "sum_weight", "sum_weight_squared", "sum_weight_fourth"),
}
PRODUCTS = "sum_weight_products"
VALUES = {"earlier": ("earlier_n_positive", "earlier_n_answered"), "later": ("n_positive", "n_answered")}
COMMON_MARGINS = {"gender_label": "earlier_gender_label", "age_band": "earlier_age_band"}
_TEXT = (*COMPARISON, "comparison_id", "comparability_id", *COMMON_MARGINS, *COMMON_MARGINS.values())
_NUMBERS = ("is_outcome", *VALUES["earlier"], *VALUES["later"])


def read_changes(counts: pd.DataFrame) -> pd.DataFrame:
    """Check the counts of people in two waves and bring them into one order.

    Args:
        counts: the columns of `estimate_changes`; without weights, those of the weights may be missing.

    Returns:
        The cells sorted by their keys, with earlier_value and later_value (0-1, NaN: not in the wave) and all sums as
        float64, the fourth powers in the unit of the squares.

    Raises:
        ValueError: a column is missing; a number of people is negative or not whole; n_positive lies outside
            0..n_answered; a cell is in neither wave.

    """
    missing = [column for column in (*_TEXT, *_NUMBERS, "n_respondents") if column not in counts.columns]
    if missing:
        raise ValueError(f"The frame of counts has no column {', '.join(missing)}.")
    of_weights = [*WEIGHTS["earlier"], *WEIGHTS["later"], PRODUCTS]
    cells = counts.reindex(columns=[*_TEXT, *_NUMBERS, "n_respondents", *of_weights])
    cells = cells.astype(dict.fromkeys(_TEXT, TEXT) | dict.fromkeys([*_NUMBERS, *of_weights], NUMBER))
    people = cells["n_respondents"].astype(NUMBER)
    if not (people.ge(0) & people.mod(1).eq(0)).all():
        raise ValueError("n_respondents must be a whole number of respondents, 0 or more, in every row.")
    cells = cells.assign(n_respondents=people).fillna(dict.fromkeys(of_weights, 0.0))
    for n_weighted, _, squares, fourth in WEIGHTS.values():
        # Rounded fourth powers of small weights are never less than this.
        least = cells[squares] ** 2 / cells[n_weighted].where(cells[n_weighted] > 0)
        cells[fourth] = np.fmax(cells[fourth] * FOURTH_POWERS_UNIT, least.fillna(0.0))
    columns = [*_TEXT, *_NUMBERS]
    # Sums of floats depend on their order, so the order is fixed first.
    cells = cells[cells["n_respondents"] > 0].sort_values(["n_respondents", *of_weights])
    cells = cells.groupby(columns, dropna=False, sort=True, as_index=False)[["n_respondents", *of_weights]].sum()
    return _with_values(cells)


def _with_values(cells: pd.DataFrame) -> pd.DataFrame:
    for wave, (positive, answered) in VALUES.items():
        known = cells[answered].gt(0)
        if not cells.loc[known, positive].between(0, cells.loc[known, answered]).all():
            raise ValueError(f"{positive} must lie between 0 and {answered} in every row.")
        cells[f"{wave}_value"] = (cells[positive] / cells[answered]).where(known)
    if cells[["earlier_value", "later_value"]].isna().all(axis=1).any():
        raise ValueError("A row of the counts has an answer in neither wave.")
    return cells


@dataclass(frozen=True)
class Wave:
    """The answers of one wave: entries of one per cell, 0 where nobody of the cell is in the wave.

    `n` counts people with a weight above 0; `weight`, `squares` and `fourth` are the sums of their weights' powers.
    """

    value: np.ndarray
    n: np.ndarray
    weight: np.ndarray
    squares: np.ndarray
    fourth: np.ndarray


def plain_wave(cells: pd.DataFrame, wave: str) -> Wave:
    """Return a wave (`earlier` or `later`) in which everybody has the weight 1."""
    value = cells[f"{wave}_value"].to_numpy(NUMBER)
    n = np.where(np.isnan(value), 0.0, cells["n_respondents"].to_numpy(NUMBER))
    return Wave(np.nan_to_num(value), n, n, n, n)


def weighted_wave(cells: pd.DataFrame, wave: str) -> Wave:
    """Return a wave with the weights of its survey."""
    value = cells[f"{wave}_value"].to_numpy(NUMBER)
    n, weight, squares, fourth = (
        np.where(np.isnan(value), 0.0, cells[column].to_numpy(NUMBER)) for column in WEIGHTS[wave]
    )
    return Wave(np.nan_to_num(value), n, weight, squares, fourth)


@dataclass(frozen=True)
class Means:
    """Mean of a wave in each group with its variance and degrees of freedom, and what the covariance needs.

    `influence` has one entry per cell: (y - mean) * sqrt(n/(n-1)) / (sum of weights), so that the variance is the sum
    of squares * influence^2.
    """

    n: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    df: np.ndarray
    n_effective: np.ndarray
    is_constant: np.ndarray
    influence: np.ndarray


def means_of(wave: Wave, group: np.ndarray, n_groups: int) -> Means:
    """Mean of a wave in each group with the linearised variance of `weighted_moments`; equal weights give s^2/n."""
    here = wave.n > 0
    arrays = (values[here] for values in (wave.n, wave.weight, wave.squares, wave.value))
    of = weighted_moments(group[here], n_groups, *arrays)
    total, squares, fourth = (sums(group, n_groups, part) for part in (wave.weight, wave.squares, wave.fourth))
    with np.errstate(invalid="ignore", divide="ignore"):
        influence = (wave.value - of.mean[group]) * np.sqrt(of.n / (of.n - 1))[group] / total[group]
    df = degrees_of_freedom(squares, fourth)
    return Means(of.n, of.mean, of.standard_error**2, df, of.n_effective, of.is_constant, influence)


@dataclass(frozen=True)
class Overlap:
    """Those who are in both waves: their number, the covariance of the two means, and degrees of freedom."""

    n: np.ndarray
    covariance: np.ndarray
    df: np.ndarray


def overlap_of(
    products: np.ndarray, waves: tuple[Wave, Wave], means: tuple[Means, Means], group: np.ndarray, n_groups: int
) -> Overlap:
    """Covariance of the means of two waves: the sum over people in both of w1*w2*influence1*influence2.

    Args:
        products: sum of the products of both weights in each cell; 0 where nobody is in both waves.
        waves: the earlier and the later wave.
        means: their means.
        group: number of the cell's group.
        n_groups: number of groups.

    Returns:
        The covariance has squared units of the value. The degrees of freedom are the smaller of the two waves', each
        with the weights of the people in both; with equal weights n-1.

    """
    is_both = (waves[0].n > 0) & (waves[1].n > 0)
    n = sums(group, n_groups, np.where(is_both, np.minimum(waves[0].n, waves[1].n), 0))
    with np.errstate(invalid="ignore"):
        each = np.where(is_both, products * means[0].influence * means[1].influence, 0.0)
    df = [
        degrees_of_freedom(
            sums(group, n_groups, np.where(is_both, wave.squares, 0)),
            sums(group, n_groups, np.where(is_both, wave.fourth, 0)),
        )
        for wave in waves
    ]
    return Overlap(n, sums(group, n_groups, each), np.fmin(*df))


def welch_df(earlier: Means, later: Means) -> np.ndarray:
    """Welch's degrees of freedom of a difference of two independent means."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return (earlier.variance + later.variance) ** 2 / (
            earlier.variance**2 / earlier.df + later.variance**2 / later.df
        )


def overlapping_df(independent: np.ndarray, overlap: Overlap, earlier: Means, later: Means) -> np.ndarray:
    """Degrees of freedom between those of a paired and of Welch's test, by the share of people in one wave only.

    df = df_both + (df_Welch - df_both) * n_one / (n_one + 2*n_both), n_one being the people in one wave only.

    R: `Partiallyoverlapping::Partover.test(var.equal = FALSE)`. Source: Derrick, Russ, Toher and White 2017, Journal of
    Modern Applied Statistical Methods 16(1):137.
    """
    n_one = earlier.n + later.n - 2 * overlap.n
    with np.errstate(invalid="ignore", divide="ignore"):
        return overlap.df + (independent - overlap.df) * n_one / (n_one + 2 * overlap.n)


def squared_error(variance: np.ndarray, earlier: Means, later: Means) -> np.ndarray:
    """Return the variance of a difference; NaN where it is a rounding error of zero."""
    is_zero = variance <= ROUNDING * (earlier.variance + later.variance)
    return np.where(is_zero | np.isnan(variance), np.nan, variance)


def as_counts(numbers: np.ndarray) -> np.ndarray:
    """Whole numbers of people, from sums that are whole."""
    return np.rint(numbers).astype(COUNT)
