"""Crosstabs: respondents by two answers, one table per group, from cells of counts."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Crosstab:
    """Respondents of one group: `table[i, j]` of them answered x[i] to one question and y[j] to the other.

    x and y are the distinct values that occur, in rising order; no row and no column is empty.
    """

    x: np.ndarray
    y: np.ndarray
    table: np.ndarray

    @property
    def n(self) -> int:
        """Number of respondents."""
        return int(self.table.sum())

    @property
    def varies(self) -> bool:
        """Whether at least three respondents answered and both answers differ between them."""
        return self.n >= 3 and min(self.table.shape) >= 2


def crosstabs(group: np.ndarray, n_groups: int, count: np.ndarray, x: np.ndarray, y: np.ndarray) -> list[Crosstab]:
    """Arrange cells as one crosstab per group.

    Args:
        group: number of each cell's group, rising.
        n_groups: how many groups there are; a group without cells gets an empty table.
        count: respondents in each cell.
        x: value of one answer in each cell.
        y: value of the other.

    Returns:
        One Crosstab per group. R: `table(x, y)` on one row per respondent.

    """
    bounds = np.searchsorted(group, np.arange(n_groups + 1))
    return [_crosstab(*(cells[start:end] for cells in (count, x, y))) for start, end in pairwise(bounds)]


def _crosstab(count: np.ndarray, x: np.ndarray, y: np.ndarray) -> Crosstab:
    of_x, row = np.unique(x, return_inverse=True)
    of_y, column = np.unique(y, return_inverse=True)
    table = np.zeros((len(of_x), len(of_y)), dtype=np.int64)
    np.add.at(table, (row, column), count)
    return Crosstab(of_x, of_y, table)
