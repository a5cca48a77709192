"""Opens the file of an export wherever it lies: a CSV file or Parquet files, in seeds/exports or elsewhere."""

from pathlib import Path

from coproduction.codebook.tables import Codebook
from coproduction.files.columns.column_table import ColumnTable
from coproduction.files.columns.parquet import (
    parquet_files,
    parquet_fingerprint,
    parquet_header,
    parquet_pattern,
    read_parquet,
)
from coproduction.files.columns.streaming import header_of, read_columns
from coproduction.files.reading import file_fingerprint


def is_parquet(codebook: Codebook, file: str) -> bool:
    """Say whether a file of exports is read as Parquet: every location that does not end in .csv."""
    location = codebook.location_of(file)
    return bool(location) and not location.lower().endswith(".csv")


def require_file(project: Path, codebook: Codebook, file: str) -> None:
    """Raise OSError or UnreadableExportError if there is no file of exports where the codebook says."""
    if is_parquet(codebook, file):
        parquet_files(parquet_pattern(codebook.location_of(file), project))
    else:
        (project / codebook.path_of(file)).open("rb").close()


def table_of_file(project: Path, codebook: Codebook, file: str) -> ColumnTable:
    """Read a file of exports. Raises OSError, or UnreadableExportError, which names the file."""
    if is_parquet(codebook, file):
        return read_parquet(parquet_pattern(codebook.location_of(file), project))
    return read_columns(project / codebook.path_of(file))


def header_of_file(project: Path, codebook: Codebook, file: str) -> list[str]:
    """Return the names of the columns of a file of exports. Raises as `table_of_file`."""
    if is_parquet(codebook, file):
        return parquet_header(parquet_pattern(codebook.location_of(file), project))
    return header_of(project / codebook.path_of(file))


def fingerprint_of_file(project: Path, codebook: Codebook, file: str) -> str:
    """Return the SHA-256 of a file of exports, in hexadecimal. Raises as `table_of_file`."""
    if is_parquet(codebook, file):
        return parquet_fingerprint(parquet_pattern(codebook.location_of(file), project))
    return file_fingerprint(project / codebook.path_of(file))


def place_elsewhere(project: Path, codebook: Codebook, file: str) -> str:
    """Return the full path or address of a file of exports that is not in seeds/exports; '' if it is there."""
    location = codebook.location_of(file)
    return parquet_pattern(location, project) if location else ""
