"""Errors about one row of the codebook, and the search for repeated rows."""

from collections.abc import Callable, Hashable, Iterable, Iterator

from coproduction.codebook.tables import CodebookRow
from coproduction.files.finding import ERROR, Finding, quoted


def error_at(row: CodebookRow, column: str, problem: str, remedy: str, allowed: Iterable[str] = ()) -> Finding:
    """Return an error about one cell, which stops the build and lists the allowed values."""
    return Finding(ERROR, row.file, problem, remedy, row.line, column, row[column], tuple(map(quoted, allowed)))


def repeated_rows(
    rows: list[CodebookRow], key: Callable[[CodebookRow], Hashable]
) -> Iterator[tuple[CodebookRow, CodebookRow]]:
    """Yield each row whose key an earlier row has, together with the first row of that key."""
    first_rows: dict[Hashable, CodebookRow] = {}
    for row in rows:
        first = first_rows.setdefault(key(row), row)
        if first is not row:
            yield row, first
