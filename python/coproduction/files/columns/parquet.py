"""Reads Parquet files with the DuckDB that builds the warehouse: one file, a folder of them, or an address.

Every value becomes the text that the build reads: 001 in a column of text stays 001, a number 1.0 becomes 1.0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from coproduction.files.columns.column import CHUNK
from coproduction.files.columns.column_table import ColumnTable, TableBuilder
from coproduction.files.reading import UnreadableExportError, file_fingerprint

if TYPE_CHECKING:
    import duckdb

# As macros/files_in_place.sql; a test compares the two. An empty text is a blank cell, as it is in a CSV file.
AS_TEXT = "select nullif(cast(columns(*) as varchar), '') as '\\0' from read_parquet"


def is_address(location: str) -> bool:
    """Say whether a location is an address, such as s3://bucket/panel.parquet, and no file of this computer."""
    return "://" in location


def parquet_pattern(location: str, project: Path) -> str:
    """Return what DuckDB reads: a folder means all Parquet files in it; a relative path starts at the project."""
    if is_address(location):
        return location
    path = project.resolve() / location
    return (path / "**" / "*.parquet" if path.is_dir() else path).as_posix()


def read_parquet(pattern: str) -> ColumnTable:
    """Read all rows. The line of a row is its number, from 1. Raises UnreadableExportError with DuckDB's reason."""
    with _opened(pattern) as connection:
        found = connection.execute(f"{AS_TEXT}({_quoted(pattern)})")
        builder = TableBuilder([column[0] for column in found.description])
        n_rows = 0
        while rows := found.fetchmany(CHUNK):
            filled = [["" if cell is None else cell for cell in row] for row in rows]
            builder.add(filled, range(n_rows + 1, n_rows + 1 + len(rows)))
            n_rows += len(rows)
        return builder.table()


def parquet_header(pattern: str) -> list[str]:
    """Return the names of the columns. Raises UnreadableExportError with DuckDB's reason."""
    with _opened(pattern) as connection:
        return [column[0] for column in connection.execute(f"{AS_TEXT}({_quoted(pattern)}) limit 0").description]


def parquet_fingerprint(pattern: str) -> str:
    """Return the SHA-256 of the bytes of one file, or of the fingerprints of several in the order of their names."""
    with _opened(pattern) as connection:
        names = connection.execute(f"select file from glob({_quoted(pattern)}) order by all").fetchall()
        if is_address(pattern):
            content = "select sha256(content) from read_blob(?)"
            prints = [connection.execute(content, names_).fetchall()[0][0] for names_ in names]
        else:
            prints = [file_fingerprint(Path(name)) for (name,) in names]
    return prints[0] if len(prints) == 1 else hashlib.sha256("".join(prints).encode()).hexdigest()


@contextmanager
def _opened(pattern: str) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    try:
        with duckdb.connect() as connection:
            # Nothing is installed to read a file: who reads from object storage has installed DuckDB's extension.
            connection.execute("set autoinstall_known_extensions = false")
            yield connection
    except duckdb.Error as reason:
        raise UnreadableExportError(f"{pattern} cannot be read as Parquet: {str(reason).splitlines()[0]}") from reason


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
