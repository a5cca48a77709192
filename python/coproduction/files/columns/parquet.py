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
from coproduction.files.finding import quoted, shortened
from coproduction.files.reading import UnreadableExportError, file_fingerprint

if TYPE_CHECKING:
    import duckdb

# As macros/files_in_place.sql; a test compares the two. An empty text is a blank cell, as it is in a CSV file.
# Without union_by_name DuckDB takes names and types from the first file, and leaves out columns of the others.
AS_TEXT = "select nullif(cast(columns(*) as varchar), '') as '\\0' from read_parquet({files}, union_by_name = true)"
_WHOLE_NUMBERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}


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
    """Read all rows. The line of a row is its number, from 1. Raises UnreadableExportError as `parquet_header`."""
    try:
        return _table_of(pattern)
    except UnreadableExportError:
        # DuckDB does not always name the file that is damaged. Read alone, it is named.
        for file in parquet_files(pattern):
            _table_of(file)
        raise


def _table_of(pattern: str) -> ColumnTable:
    with _opened(pattern) as connection:
        _require_alike(connection, pattern)
        found = connection.execute(AS_TEXT.format(files=_quoted(pattern)))
        builder = TableBuilder([column[0] for column in found.description])
        n_rows = 0
        while rows := found.fetchmany(CHUNK):
            filled = [["" if cell is None else cell for cell in row] for row in rows]
            builder.add(filled, range(n_rows + 1, n_rows + 1 + len(rows)))
            n_rows += len(rows)
        return builder.table()


def parquet_header(pattern: str) -> list[str]:
    """Return the names of the columns.

    Raises UnreadableExportError with DuckDB's reason, or with the columns in which several files differ.
    """
    with _opened(pattern) as connection:
        _require_alike(connection, pattern)
        return [*_types_of(connection, pattern)]


def parquet_files(pattern: str) -> list[str]:
    """Return the files by name. Raises UnreadableExportError if there is none, or if DuckDB cannot look there."""
    with _opened(pattern) as connection:
        names = _files_of(connection, pattern)
    if not names:
        raise UnreadableExportError(f"no file has the name {pattern}")
    return names


def parquet_fingerprint(pattern: str) -> str:
    """Return the SHA-256 of the bytes of one file, or of the fingerprints of several in the order of their names."""
    with _opened(pattern) as connection:
        names = _files_of(connection, pattern)
        if is_address(pattern):
            content = "select sha256(content) from read_blob(?)"
            prints = [connection.execute(content, [name]).fetchall()[0][0] for name in names]
        else:
            prints = [file_fingerprint(Path(name)) for name in names]
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


def _require_alike(connection: duckdb.DuckDBPyConnection, pattern: str) -> None:
    """Raise UnreadableExportError if files differ in their columns, or in types so that a text would change."""
    types = {file: _types_of(connection, file) for file in _files_of(connection, pattern)}
    if len(types) < 2:
        return
    first, expected = next(iter(types.items()))
    for file, own in types.items():
        if different := sorted(own.keys() ^ expected.keys()):
            raise UnreadableExportError(
                f"the columns of {first} and {file} differ: only one of them has {shortened(map(quoted, different))}"
            )
    for column in expected:
        found = {own[column]: file for file, own in reversed(types.items())}
        # A column that is text in one file is read as text in all, and whole numbers look alike.
        if len(found) > 1 and "VARCHAR" not in found and not found.keys() <= _WHOLE_NUMBERS:
            both = " and ".join(f"{kind} in {file}" for kind, file in sorted(found.items())[:2])
            raise UnreadableExportError(f"column {quoted(column)} is {both}, so its values would change: use one type")


def _types_of(connection: duckdb.DuckDBPyConnection, pattern: str) -> dict[str, str]:
    found = connection.execute(f"describe select * from read_parquet({_quoted(pattern)}, union_by_name = true)")
    return {name: kind for name, kind, *_ in found.fetchall()}


def _files_of(connection: duckdb.DuckDBPyConnection, pattern: str) -> list[str]:
    found = connection.execute(f"select file from glob({_quoted(pattern)}) order by all").fetchall()
    return [file for (file,) in found]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
