"""Reads a CSV file once, from its first byte to its last, and keeps only its columns in little memory.

A file that is right, which is nearly every file in nearly every build, needs no more. A file that is not is read whole
by the modules that explain and repair it, as a conversion needs all of its text.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TextIO

from coproduction.files.cleaning import repeats_header
from coproduction.files.columns.column import CHUNK
from coproduction.files.columns.column_table import ColumnTable, TableBuilder
from coproduction.files.conversion import changes
from coproduction.files.csv_file import CsvFile
from coproduction.files.encodings import UTF8
from coproduction.files.file_checks import LONGEST_ROW, refusals
from coproduction.files.layout import LINES_SEARCHED, find_header
from coproduction.files.reading import LONGEST_CELL, UnreadableExportError, unreadable


@dataclass
class StreamedFile:
    """A file after one pass: its columns with the spaces at the beginning of cells, and what its lines are like.

    `is_right` says that the rows need no conversion and no explanation; the header is judged apart, from `first_lines`.
    """

    table: ColumnTable
    first_lines: list[str]
    header_text: str
    is_right: bool = True
    row_ends: set[str] = field(default_factory=set)

    @cached_property
    def longest_word(self) -> str:
        """The longest word of the header. A row of ASCII without it does not repeat the header."""
        return max(" ".join(self.table.header).split(), key=len, default="")


def right_file(path: Path, name: str, expected: Mapping[str, str]) -> StreamedFile | None:
    """Return a file that can be read as it is; None for one that needs an explanation or a conversion.

    Args: `name` and `expected` are those of CsvFile.
    """
    try:
        streamed = stream_file(path) if path.is_file() else None
    except (OSError, UnreadableExportError):
        return None
    if streamed is None:
        return None
    if not streamed.is_right or find_header(streamed.first_lines, expected) != (",", 0):
        return None
    # Reading a file leaves out one byte order mark. A second one is a part of the header.
    header = CsvFile(name, codecs.BOM_UTF8 + streamed.header_text.encode(UTF8), expected)
    return None if refusals(header) or changes(header) else streamed


def read_columns(path: Path) -> ColumnTable:
    """Read one CSV file. Raises UnreadableExportError, which names the file, if it is not UTF-8 or not CSV."""
    return stream_file(path, skips_spaces=True).table


def header_of(path: Path) -> list[str]:
    """Return the names of the columns of one CSV file. Raises UnreadableExportError, which names the file."""
    with _explained(path), path.open(encoding="utf-8-sig", newline="") as stream:
        return _header(csv.reader(stream, strict=True, skipinitialspace=True))


def stream_file(path: Path, skips_spaces: bool = False) -> StreamedFile:
    """Read a file in one pass.

    Args: `skips_spaces` leaves out the spaces at the beginning of cells. Raises UnreadableExportError, which names the
    file, if it is not UTF-8 or not CSV.
    """
    with _explained(path), path.open(encoding="utf-8-sig", newline="") as stream:
        return _streamed(stream, skips_spaces)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    except (UnicodeDecodeError, csv.Error) as reason:
        raise unreadable(path, reason) from reason


def _header(reader: Iterator[list[str]]) -> list[str]:
    # DuckDB removes the spaces around a column name.
    return [name.strip(" ") for name in next(reader, [])]


class _Lines:
    """The lines of a file, and those that were read since somebody asked last."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._read = stream, list[str]()

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self._read.append(line)
            yield line

    def since_last(self) -> list[str]:
        lines, self._read = self._read, []
        return lines


def _streamed(stream: TextIO, skips_spaces: bool) -> StreamedFile:
    lines = _Lines(stream)
    reader = csv.reader(lines, strict=True, skipinitialspace=skips_spaces)
    header = _header(reader)
    begun = lines.since_last()
    file = StreamedFile(ColumnTable(header, [], []), begun[:LINES_SEARCHED], "".join(begun))
    _judge_text(file, begun, [len(begun)])
    builder = TableBuilder(header)
    rows, begins, ends = list[list[str]](), list[int](), list[int]()
    begin = reader.line_num + 1
    n_before = len(begun)
    for row in reader:
        ends.append(reader.line_num - n_before)
        if row or len(header) == 1:
            rows.append(row or [""])
            begins.append(begin)
        begin = reader.line_num + 1
        if len(rows) == CHUNK:
            _add(file, builder, rows, begins, lines.since_last(), ends)
            n_before = reader.line_num
            rows, begins, ends = [], [], []
    _add(file, builder, rows, begins, lines.since_last(), ends)
    file.table = builder.table()
    file.is_right = file.is_right and len(file.row_ends) < 2 and bool(header)
    return file


def _add(
    file: StreamedFile, builder: TableBuilder, rows: list[list[str]], begins: list[int], lines: list[str],
    ends: list[int],
) -> None:  # fmt: skip
    """Add rows to the table and judge their text. `ends` has the place of each row's end in `lines`."""
    header = file.table.header
    if len(file.first_lines) < LINES_SEARCHED:
        file.first_lines += lines[: LINES_SEARCHED - len(file.first_lines)]
    text = _judge_text(file, lines, ends)
    file.is_right = file.is_right and set(map(len, rows)) <= {len(header)}
    if not text.isascii() or file.longest_word in text:
        file.is_right = file.is_right and not any(repeats_header(row, header, header) for row in rows)
    if rows:
        builder.add(rows, begins)


def _judge_text(file: StreamedFile, lines: list[str], ends: list[int]) -> str:
    """Judge the text of some rows and return it."""
    text = "".join(lines)
    # A character of UTF-8 has at most four bytes.
    if 4 * len(text) > LONGEST_ROW:
        starts = [0, *ends]
        longest = max((sum(map(_n_bytes, lines[a:b])) for a, b in zip(starts, ends, strict=False)), default=0)
        file.is_right = file.is_right and longest <= LONGEST_ROW
    if "\0" in text or _has_space_at_a_quote(text):
        file.is_right = False
    file.row_ends |= _row_ends(text, lines, ends)
    return text


def _has_space_at_a_quote(text: str) -> bool:
    """Say whether a cell begins with spaces and a quotation mark, or with such a mark and a space.

    A single pass reads such spaces in another way.
    """
    if '"' not in text:
        return False
    return any(_begins_a_cell(text, place) for pair in ('" ', ' "') for place in _places(text, pair))


def _places(text: str, part: str) -> Iterator[int]:
    """Yield where a part of a text begins."""
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


def _begins_a_cell(text: str, place: int) -> bool:
    """Return whether only spaces are between a place and the comma, line end or beginning of the text before it."""
    while place and text[place - 1] == " ":
        place -= 1
    return place == 0 or text[place - 1] in ",\r\n"


def _row_ends(text: str, lines: list[str], ends: list[int]) -> set[str]:
    """Return the line ends of rows; those within quoted cells do not count unless they are all of one kind."""
    others = text.replace("\r\n", "") if "\r" in text else text
    found = {end for end in ("\n", "\r") if end in others}
    if len(others) != len(text):
        found.add("\r\n")
    if len(found) < 2:
        return found
    last_lines = [lines[end - 1] for end in ends if end]
    return {line[len(line.rstrip("\r\n")) :] for line in last_lines} - {""}


def _n_bytes(line: str) -> int:
    return len(line.encode(UTF8))
