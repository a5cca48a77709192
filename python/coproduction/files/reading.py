"""Reads an export without DuckDB, so that the cells in the file can be compared with the cells in the warehouse.

The format is the one in which dbt reads seeds: comma, double quotes, which are doubled within a quoted cell, and the
header in line 1. DuckDB and this module treat blank lines in the same way: in a file with several columns they are not
rows; in a file with one column each blank line is a row with a blank cell, also at the end of the file.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coproduction.errors import CoproductionError

EXPORTS_FOLDER = "seeds/exports"

# The longest cell that Python may read. The default of 131,072 characters is too short for some open answers.
LONGEST_CELL = 2**31 - 1


class UnreadableExportError(CoproductionError):
    """A file that cannot be read as comma-separated UTF-8. ``coproduction check`` shows the place and the reason."""


@dataclass(frozen=True)
class CsvTable:
    """A header and its data rows, all as text. ``rows[i]`` begins in line ``lines[i]`` of the file."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def export_file(export_id: str) -> str:
    """Return the path of an export's file, relative to the project, with forward slashes."""
    return f"{EXPORTS_FOLDER}/{export_id}.csv"


def read_table(path: Path) -> CsvTable:
    """Read one CSV file. Raises UnreadableExportError, which names the file, if it is not UTF-8 or not CSV."""
    return _parse_file(path, path.read_bytes())


def parse_table(text: str, separator: str = ",", n_above: int = 0) -> CsvTable:
    """Split the text of a CSV file into header and data rows. Raises csv.Error for quotation marks out of place.

    The warehouse only reads commas and a header in line 1. Another ``separator`` and ``n_above`` lines above the header
    are for files that are not converted yet.
    """
    csv.field_size_limit(LONGEST_CELL)
    stream = io.StringIO(text, newline="")
    for _ in range(n_above):
        stream.readline()
    # As in DuckDB, spaces between a comma and a quotation mark do not belong to the cell.
    reader = csv.reader(stream, strict=True, skipinitialspace=True, delimiter=separator)
    # DuckDB removes the spaces around a column name.
    header = [name.strip(" ") for name in next(reader, [])]
    rows, lines = [], []
    line = n_above + reader.line_num + 1
    for row in shared(reader):
        if row or len(header) == 1:
            rows.append(row or [""])
            lines.append(line)
        line = n_above + reader.line_num + 1
    return CsvTable(header, rows, lines)


def shared(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield the rows with one text for all equal cells: most cells repeat a few answers.

    The table takes a fifth of the memory, and its cells are compared faster.
    """
    known: dict[str, str] = {}
    for row in rows:
        yield [known.setdefault(cell, cell) for cell in row]


def file_fingerprint(path: Path) -> str:
    """Return the SHA-256 of the bytes of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parse_file(path: Path, raw: bytes) -> CsvTable:
    try:
        return parse_table(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, csv.Error) as reason:
        raise unreadable(path, reason) from reason


def unreadable(path: Path, reason: Exception) -> UnreadableExportError:
    """Return the error about a file that is not UTF-8 or not CSV."""
    return UnreadableExportError(
        f"{path.name} cannot be read as comma-separated UTF-8 text ({reason}). Run `coproduction check`."
    )
