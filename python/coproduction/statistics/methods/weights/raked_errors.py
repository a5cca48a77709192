"""Standard errors of levels under raked weights: variation that the known margins explain is left out.

Respondents who agree in all variables of the margins have the same weight, so cells of (margin cell, value) with the
number of respondents are sufficient for the residuals on the margins.
"""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import NUMBER
from coproduction.statistics.methods.moments import ROUNDING, sums

CALIBRATED = "linearised, calibrated"


@dataclass(frozen=True)
class MarginCells:
    """The respondents of one survey by their margin cell.

    `n` respondents with one `weight` each; `columns` has shape (cells, variables): a constant and the columns whose
    population total the margins give. A category that keeps the sample's share has no known population total, so it has
    no column; a listed category c of share s has 1[c] - s * 1[any listed category], whose total is 0.
    """

    n: np.ndarray
    weight: np.ndarray
    columns: np.ndarray


def read_margin_cells(margin_cell: np.ndarray, n: np.ndarray, weight: np.ndarray) -> MarginCells:
    """Lay out the margin cells of one survey.

    Args:
        margin_cell: one per cell, as `rake_weights` writes them.
        n: respondents of the survey in each margin cell.
        weight: the weight of each respondent of the margin cell, on any scale.

    Returns:
        The cells in the same order.

    """
    columns = [np.ones(len(n))]
    for of_variable in zip(*map(json.loads, margin_cell), strict=True):
        is_listed = np.array([isinstance(category, str) for category in of_variable])
        listed = (n * weight)[is_listed].sum()
        for category in sorted({category for category in of_variable if isinstance(category, str)}):
            here = np.array([category == other for other in of_variable])
            columns.append(here - (n * weight)[here].sum() / listed * is_listed)
    return MarginCells(n, weight, np.column_stack(columns))


def raked_errors(
    margins: MarginCells,
    cell: np.ndarray,
    group: np.ndarray,
    n_groups: int,
    count: np.ndarray,
    value: np.ndarray,
) -> np.ndarray:
    """Standard error of the raked mean of each group, with calibration residuals.

    With z = (y-m) / (sum of the group's weights) for respondents of the group and 0 for all others of the survey, and e
    the residual of z on the margins' columns over the survey, var(m) = n/(n-1) * sum(w^2 * e^2), n being the survey's
    respondents (Deville, Sarndal and Sautory 1993, JASA 88:1013). Units of the value. A group may be a breakdown, or
    those who answered: the margins describe the whole survey, not the group.

    Args:
        margins: the survey.
        cell: the number in `margins` of each cell of counts.
        group: number of the cell's group.
        n_groups: number of groups.
        count: respondents in the cell.
        value: value of the cell.

    Returns:
        One error per group; NaN where the margins alone determine the values.

    R: `svymean(~y, subset(rake(design, ...), here))`, which takes the residuals of ten rounds over the margins: equal
    to 1e-8. R treats a category that keeps its share as one of known share, which gives an error that is too small.

    """
    total = sums(group, n_groups, count * margins.weight[cell])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums(group, n_groups, count * margins.weight[cell] * value) / total
        z = (value - mean[group]) / total[group]
    shape = len(margins.n), n_groups
    place = cell * n_groups + group
    sum_z, sum_zz = (sums(place, shape[0] * shape[1], count * power).reshape(shape) for power in (z, z**2))
    # All respondents of a margin cell have the same columns, so one row per cell, weighted by its respondents, is
    # enough.
    root = np.sqrt(margins.n)[:, None]
    fitted = margins.columns @ np.linalg.lstsq(root * margins.columns, sum_z / root, rcond=None)[0]
    squares = (margins.weight**2)[:, None]
    unexplained = (squares * (sum_zz - 2 * fitted * sum_z + margins.n[:, None] * fitted**2)).sum(axis=0)
    is_zero = unexplained <= ROUNDING * (squares * sum_zz).sum(axis=0)
    n = margins.n.sum()
    return (
        np.sqrt(n / (n - 1) * np.where(is_zero | (n < 2), np.nan, unexplained)) if n > 1 else np.full(n_groups, np.nan)
    )


def raked_errors_of(cells: pd.DataFrame, group: np.ndarray, n_groups: int, value: np.ndarray) -> np.ndarray:
    """Standard errors of all groups of all raked surveys; NaN for a group of another survey.

    Args:
        cells: council_id, wave_id, margin_cell (null: not raked), n_margin_cell, n_respondents, sum_weight.
        group: number of the cell's group, which lies in one survey.
        n_groups: number of groups.
        value: value of the cell.

    """
    errors = np.full(n_groups, np.nan)
    is_raked = cells["margin_cell"].notna().to_numpy()
    places = pd.Series(np.arange(len(cells))[is_raked])
    raked = cells[is_raked].reset_index(drop=True)
    for _, here in places.groupby([raked["council_id"], raked["wave_id"]]):
        survey = cells.iloc[here]
        name, first, cell = np.unique(survey["margin_cell"].to_numpy(dtype=str), return_index=True, return_inverse=True)
        count = survey["n_respondents"].to_numpy(NUMBER)
        weight = survey["sum_weight"].to_numpy(NUMBER)[first] / count[first]
        margins = read_margin_cells(name, survey["n_margin_cell"].to_numpy(NUMBER)[first], weight)
        of_survey, number = np.unique(group[here], return_inverse=True)
        errors[of_survey] = raked_errors(margins, cell, number, len(of_survey), count, value[here])
    return errors
