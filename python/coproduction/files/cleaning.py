"""Cleans a table: names of columns without invisible characters, no empty columns, no repeated header."""

from collections.abc import Mapping
from dataclasses import dataclass

from coproduction.files import characters
from coproduction.files.finding import quoted
from coproduction.files.reading import CsvTable


@dataclass(frozen=True)
class Change:
    """One change that a conversion makes to a file without a guess.

    ``problem`` says what is wrong, ``done`` what the conversion does; ``line``, ``column`` and ``value`` say where.
    """

    problem: str
    done: str
    line: int
    column: str | None = None
    value: str | None = None


def cleaned(table: CsvTable, header_line: int, expected: Mapping[str, str]) -> tuple[CsvTable, list[Change]]:
    """Return a table with clean column names and without empty columns, and the list of changes.

    ``header_line`` is the line of the header, from 1; ``expected`` has the expected column names as keys.
    """
    names = [clean_name(name, expected) for name in table.header]
    done = _changed_names(table.header, names, header_line)
    rows, lines = table.rows, table.lines
    n_surplus = _n_surplus(names, rows)
    if n_surplus:
        rows = [row[: len(names)] for row in rows]
        problem = f"every row has {n_surplus} blank cell(s) more than the header"
        done.append(Change(problem, "the blank cells at the end of every row left out", lines[0]))
    empty = _empty_columns(names, rows)
    if empty:
        names, rows = _without_columns(names, empty), [_without_columns(row, empty) for row in rows]
        what = "1 column has" if len(empty) == 1 else f"{len(empty)} columns have"
        problem = f"{what} neither a name nor an answer"
        done.append(Change(problem, "columns without name and answers left out", header_line))
    repeated = {place for place, row in enumerate(rows) if repeats_header(row, names, table.header)}
    if repeated:
        problem = f"this row repeats the column names ({len(repeated)} such row(s) in all)"
        done.append(Change(problem, "rows that repeat the column names left out", lines[min(repeated)]))
        kept = [place for place in range(len(rows)) if place not in repeated]
        rows, lines = [rows[place] for place in kept], [lines[place] for place in kept]
    return (CsvTable(names, rows, lines) if done else table), done


def repeats_header(row: list[str], names: list[str], header: list[str]) -> bool:
    """Return whether a row is the header once more, as in the second of two joined files, with or without a mark."""
    if len(names) < 2 or len(row) not in (len(names), len(header)):
        return False
    first = characters.clean(row[0])
    return (first == names[0] or row[0] == header[0]) and (
        row == header or [characters.clean(cell) for cell in row] == [characters.clean(name) for name in names]
    )


def clean_name(name: str, expected: Mapping[str, str]) -> str:
    """Return a column name without invisible characters and with single spaces.

    An expected name is not changed. A name with several plain spaces in its middle is not changed either, because they
    do no harm, unless the name with single spaces is an expected name.
    """
    if name in expected:
        return name
    clean = characters.clean(name)
    has_plain_spaces_only = clean == " ".join(name.split()) and name == name.strip() and name.isprintable()
    return name if has_plain_spaces_only and clean not in expected else clean


def _changed_names(old_names: list[str], new_names: list[str], line: int) -> list[Change]:
    changes = []
    for old, new in zip(old_names, new_names, strict=True):
        if old != new:
            problem = f"the column name has {characters.spelled(old) or 'spaces'} that nobody sees"
            changes.append(Change(problem, f"column name written as {quoted(new)}", line, column=new, value=old))
    return changes


def _n_surplus(names: list[str], rows: list[list[str]]) -> int:
    """Return the number of blank cells of every row beyond the header; 0 if rows differ or such a cell has text."""
    widths = {len(row) for row in rows}
    if len(widths) != 1 or min(widths) <= len(names):
        return 0
    return 0 if any(any(row[len(names) :]) for row in rows) else min(widths) - len(names)


def _empty_columns(names: list[str], rows: list[list[str]]) -> set[int]:
    """Return the positions of columns without name and text; none if a row is not as long as the header."""
    nameless = [place for place, name in enumerate(names) if not name]
    if not nameless or len(nameless) == len(names) or any(len(row) != len(names) for row in rows):
        return set()
    return {place for place in nameless if not any(row[place].strip() for row in rows)}


def _without_columns(row: list[str], places: set[int]) -> list[str]:
    return [cell for place, cell in enumerate(row) if place not in places]
