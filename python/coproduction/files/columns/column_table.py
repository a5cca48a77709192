"""A table that is kept by column: what the checks of an export read."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from coproduction.files.columns.column import CHUNK, Column, ColumnBuilder
from coproduction.files.reading import CsvTable


@dataclass(frozen=True)
class ColumnTable:
    """A header and the columns below it, all as text. Row `place` begins in line `lines[place]` of the file."""

    header: list[str]
    columns: list[Column]
    lines: Sequence[int]

    @property
    def n_rows(self) -> int:
        """The number of data rows."""
        return len(self.lines)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {name: position for position, name in reversed([*enumerate(self.header)])}

    def column(self, name: str) -> Column:
        """Return the first column of a name."""
        return self.columns[self._positions[name]]

    def row(self, place: int) -> list[str]:
        """Return the cells of one row."""
        return [column[place] for column in self.columns]

    def from_row(self, place: int) -> ColumnTable:
        """Return the table without its first data rows."""
        columns = [column.from_row(place) for column in self.columns]
        return ColumnTable(self.header, columns, self.lines[place:]) if place else self

    def only(self, places: Sequence[int]) -> ColumnTable:
        """Return the table with the rows at these places, which are in ascending order."""
        if len(places) == self.n_rows:
            return self
        is_taken = bytearray(self.n_rows)
        for place in places:
            is_taken[place] = 1
        lines = array("L", [self.lines[place] for place in places])
        return ColumnTable(self.header, [column.take(is_taken) for column in self.columns], lines)

    def without_first_spaces(self) -> ColumnTable:
        """Return the table without the spaces at the beginning of each cell."""
        return ColumnTable(self.header, [_without_first_spaces(column) for column in self.columns], self.lines)


class TableBuilder:
    """Makes a table from rows. A row that is shorter than the header gets blank cells, a longer one loses its last."""

    def __init__(self, header: list[str]) -> None:
        self._header = header
        self._columns = [ColumnBuilder() for _ in header]
        self._lines = array("L")

    def add(self, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
        """Add the next 200 rows, of which the lines are given; the last time there may be fewer."""
        width = len(self._header)
        if set(map(len, rows)) != {width}:
            rows = [[*row[:width], *[""] * (width - len(row))] for row in rows]
        for builder, chunk in zip(self._columns, zip(*rows, strict=True), strict=True):
            builder.add(chunk)
        self._lines.extend(lines)

    def table(self) -> ColumnTable:
        """Return the table of all rows so far."""
        return ColumnTable(self._header, [builder.column() for builder in self._columns], self._lines)


def column_table(table: CsvTable) -> ColumnTable:
    """Return a table of rows as one of columns."""
    builder = TableBuilder(table.header)
    for start in range(0, len(table.rows), CHUNK):
        builder.add(table.rows[start : start + CHUNK], table.lines[start : start + CHUNK])
    return builder.table()


def _without_first_spaces(column: Column) -> Column:
    if any(text.startswith(" ") or "\0 " in text for text in column.texts()):
        return column.map(lambda cell: cell.lstrip(" "))
    return column
