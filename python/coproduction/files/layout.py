"""Finds the separator and the header of a CSV file: the character between columns and the line with their names."""

import csv
import io
from collections.abc import Mapping

from coproduction.files import characters

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar (|)"}

# Only this many lines at the beginning of the file are searched for the header.
LINES_SEARCHED = 30


def first_lines(text: str) -> list[str]:
    """Return the lines that are searched for the header, with their line ends."""
    return [line for line, _ in zip(io.StringIO(text, newline=""), range(LINES_SEARCHED), strict=False)]


def find_header(lines: list[str], expected: Mapping[str, str]) -> tuple[str, int]:
    """Return the separator and the number of lines above the header.

    ``lines`` are those of ``first_lines``, at least one; ``expected`` has the expected column names as keys. The result
    is the combination with the most expected names; in a tie, comma and line 1 are chosen.
    """
    wanted = {name.lower() for name in expected}
    best, most = (",", 0), _n_found(lines[0], ",", wanted)
    if 2 * most >= max(len(wanted), 1):
        # No other line can have more than twice as many names, see below.
        return best
    for place, line in enumerate(lines):
        for separator in SEPARATORS:
            n_found = _n_found(line, separator, wanted)
            # An answer may equal a column's name. So a header needs more than twice as many names as the best line so
            # far, and below line 1 half of all names.
            if n_found > 2 * most and (place == 0 or 2 * n_found >= len(wanted)):
                best, most = (separator, place), n_found
    if most > 0:
        return best
    n_blank = next((place for place, line in enumerate(lines) if line.strip(" \t\r\n")), 0)
    return (",", n_blank) if n_blank else (_separator_of_unknown_header(lines), 0)


def cells_of(line: str, separator: str) -> list[str]:
    """Return the cells of one line; none if the line is no CSV."""
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


def _n_found(line: str, separator: str, wanted: set[str]) -> int:
    return len(wanted.intersection(characters.clean(cell).lower() for cell in cells_of(line, separator)))


def _separator_of_unknown_header(lines: list[str]) -> str:
    """Return the separator that divides most lines into as many cells as line 1; the comma if none divides it.

    A wording may hold commas, and a list of answers in a cell semicolons, so that a separator occurs is not enough.
    """
    found = {separator: _lengths(lines, separator) for separator in SEPARATORS}
    dividing = [separator for separator, lengths in found.items() if lengths and lengths[0] > 1]
    return max(dividing, key=lambda separator: _alike(found[separator]), default=",")


def _alike(lengths: list[int]) -> tuple[float, int]:
    """Return the share of rows as long as the first one, and the length of that one."""
    return lengths.count(lengths[0]) / len(lengths), lengths[0]


def _lengths(lines: list[str], separator: str) -> list[int]:
    """Return the number of cells of each row that has some; [] if the lines are no CSV."""
    try:
        rows = list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return []
    # The last line that is searched may end within a quoted cell.
    return [len(row) for row in (rows[:-1] if len(rows) > 1 and len(lines) == LINES_SEARCHED else rows) if row]
