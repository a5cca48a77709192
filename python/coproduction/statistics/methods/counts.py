"""Frames of the estimators: required columns, checks on counts, crosstabs, column types of the results."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

KEYS = ("council_id", "wave_id", "theme_id", "topic_id")
SURVEY = ("council_id", "wave_id")
UNWEIGHTED = "unweighted"

# Nullable, because a report may hold estimates that belong to no family.
COUNT_OR_NULL: Final = "Int64"
COUNT: Final = "int64"
NUMBER: Final = "float64"
TEXT: Final = "str"
# Text with few values in many rows.
CATEGORY: Final = "category"
TRUTH_OR_NULL: Final = "boolean"


def read_counts(counts: pd.DataFrame, text: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """Check a frame of counts and bring it into one order.

    Rows that agree in all `text` and `numbers` columns are added up and sorted by these columns in the order given, so
    that a result does not change in any bit when the input is in another order or has a finer grain.

    Args:
        counts: one row per cell, with `n_respondents`; further columns are ignored.
        text: columns of identifiers and labels, null allowed.
        numbers: columns of values, null allowed.

    Returns:
        The columns `text`, `numbers` (float64) and n_respondents (int64, above 0).

    Raises:
        ValueError: a column is missing; a number of respondents is null, negative or not whole; n_positive lies
            outside 0..n_answered.

    """
    columns = [*text, *numbers]
    missing = [column for column in [*columns, "n_respondents"] if column not in counts.columns]
    if missing:
        raise ValueError(f"The frame of counts has no column {', '.join(missing)}.")
    respondents = counts["n_respondents"].astype(NUMBER)
    if not (respondents.ge(0) & respondents.mod(1).eq(0)).all():
        raise ValueError("n_respondents must be a whole number of respondents, 0 or more, in every row.")
    cells = counts[columns].astype(dict.fromkeys(text, TEXT) | dict.fromkeys(numbers, NUMBER))
    cells["n_respondents"] = respondents.astype(COUNT)
    if {"n_positive", "n_answered"} <= set(numbers):
        known = cells["n_answered"].gt(0) & cells["n_positive"].notna()
        if not cells.loc[known, "n_positive"].between(0, cells.loc[known, "n_answered"]).all():
            raise ValueError("n_positive must lie between 0 and n_answered in every row.")
    cells = cells[cells["n_respondents"] > 0]
    return cells.groupby(columns, dropna=False, sort=True, as_index=False)[["n_respondents"]].sum()


def number_groups(cells: pd.DataFrame, keys: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Give a number to each group of cells that share `keys`.

    Args:
        cells: a frame sorted by `keys` first, as `read_counts` returns it.
        keys: the columns that define a group.

    Returns:
        One row of keys per group, in sorted order; and the number (0, 1, ...) of each cell's group.

    """
    is_first = ~cells.duplicated(list(keys))
    return cells.loc[is_first, list(keys)].reset_index(drop=True), is_first.cumsum().to_numpy() - 1


def outcome_values(cells: pd.DataFrame) -> np.ndarray:
    """Value of the outcome in each cell: n_positive / n_answered on 0-1, NaN where the outcome is missing."""
    positive, answered = cells["n_positive"].to_numpy(), cells["n_answered"].to_numpy()
    return np.divide(positive, answered, out=np.full(len(cells), np.nan), where=answered > 0)


def has_several_items(cells: pd.DataFrame, keys: Sequence[str]) -> np.ndarray:
    """Whether the outcome of each cell can lie between 0 and 1: somebody with the same keys answered several items.

    Judged on whole surveys and not on groups of respondents, so that every group has the same kind of interval.
    """
    answered = cells["n_answered"].fillna(0)
    return (answered.groupby([cells[key] for key in keys], dropna=False).transform("max") > 1).to_numpy(bool)


def typed(estimates: pd.DataFrame, types: dict[str, str]) -> pd.DataFrame:
    """Give estimates their contracted columns, in order, with types that also hold for an empty frame.

    Without this, a column that is empty or all null would have no type in the warehouse.
    """
    return estimates.reindex(columns=list(types)).astype(types).reset_index(drop=True)


def first_reason(conditions: Sequence[Any], reasons: Sequence[str | None], default: Any = None) -> np.ndarray:
    """Text of the first condition that applies to each row.

    Args:
        conditions: one array of truth values for each reason.
        reasons: the text for each condition; None means that nothing is missing.
        default: the text, or one text per row, where no condition applies.

    """
    texts: list[Any] = list(reasons)
    return np.select([np.asarray(condition) for condition in conditions], texts, default=default)


@dataclass(frozen=True)
class Crosstab:
    """Respondents of one group: `table[i, j]` of them answered x[i] to one question and y[j] to the other.

    x and y are the distinct values that occur, in rising order; no row and no column is empty.
    """

    x: np.ndarray
    y: np.ndarray
    table: np.ndarray

    @cached_property
    def n(self) -> int:
        """Number of respondents."""
        return int(self.table.sum())

    @cached_property
    def standardised(self) -> tuple[np.ndarray, np.ndarray]:
        """X and y with mean 0 and variance 1 over the respondents; both answers must vary."""
        standardised = []
        for value, margin in ((self.x, self.table.sum(axis=1)), (self.y, self.table.sum(axis=0))):
            share = margin / self.n
            deviation = value - share @ value
            standardised.append(deviation / np.sqrt(share @ deviation**2))
        return standardised[0], standardised[1]

    @property
    def varies(self) -> bool:
        """Whether at least three respondents answered and each of the two answers varies."""
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
