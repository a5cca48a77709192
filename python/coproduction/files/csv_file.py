"""One CSV file in steps: its bytes, its text, its layout, its table and the cleaned table."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from coproduction.files.cleaning import Change, cleaned
from coproduction.files.encodings import Decoded, decode
from coproduction.files.finding import ERROR, Finding
from coproduction.files.layout import find_header, first_lines
from coproduction.files.reading import CsvTable, parse_table, shared


@dataclass(frozen=True)
class CsvFile:
    """One CSV file. ``expected`` maps each required column to the place that names it, for the message.

    ``encoding`` is the encoding that the user has named, or None.
    """

    name: str
    raw: bytes
    expected: Mapping[str, str]
    encoding: str | None = None

    @cached_property
    def decoded(self) -> Decoded:
        """The decoded text and its encoding. Raises UndecodableError."""
        return decode(self.raw, self.encoding)

    @property
    def text(self) -> str:
        """The file as text, without a byte order mark. Use it only after the checks of the bytes."""
        return self.decoded.text

    @cached_property
    def layout(self) -> tuple[str, int]:
        """The separator and the number of lines above the header. Use it only if the file has any text."""
        return find_header(first_lines(self.text), self.expected)

    @property
    def header_line(self) -> int:
        """The line of the header, from 1."""
        return self.layout[1] + 1

    @cached_property
    def table(self) -> CsvTable:
        """Header and rows as they are in the file. Use it only after the checks of the layout. Raises csv.Error."""
        separator, n_above = self.layout
        return parse_table(self.text, separator, n_above)

    @cached_property
    def converted(self) -> tuple[CsvTable, list[Change]]:
        """The cleaned table and the changes. Use it only if ``table`` can be read."""
        return cleaned(self.table, self.header_line, self.expected)

    @cached_property
    def spaced(self) -> CsvTable:
        """The cleaned table with the spaces at the beginning of cells, which dbt keeps and ``table`` leaves out."""
        table = self.converted[0]
        reader = csv.reader(self.stream_from_header(), delimiter=self.layout[0])
        next(reader, None)
        rows = [row or [""] for row in shared(reader)]
        rows = [row for row in rows if row != [""] or len(table.header) == 1]
        is_same_otherwise = len(rows) == len(table.rows) and all(
            _without_first_spaces(row) == _without_first_spaces(other)
            for row, other in zip(rows, table.rows, strict=True)
        )
        return CsvTable(table.header, rows, table.lines) if is_same_otherwise else table

    def stream_from_header(self) -> Iterator[str]:
        """Return the lines of the file from the header on, with their line ends."""
        stream = io.StringIO(self.text, newline="")
        for _ in range(self.layout[1]):
            stream.readline()
        return stream

    def error(
        self,
        problem: str,
        remedy: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        allowed: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding about this file that stops the build."""
        return Finding(ERROR, self.name, problem, remedy, line, column, value, allowed)


def header_bytes(names: Iterable[str]) -> bytes:
    """Return names of columns as the first line of a CSV file."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(names)
    return line.getvalue().encode()


def _without_first_spaces(row: list[str]) -> list[str]:
    return [cell.lstrip(" ") for cell in row]
