"""Counts the rows of the exports with Python's CSV parser, not in the warehouse, so that errors of loading show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from coproduction.exports.checking import Counted
from coproduction.exports.export_tables import fingerprint_of_file, table_of_file
from coproduction.exports.file_rows import header_rows_of, rows_of_export
from coproduction.exports.project_files import read_codebook

if TYPE_CHECKING:
    import pandas as pd


def count_export_files(
    project_directory: Path, export_ids: Iterable[str], by_check: Mapping[str, Counted] | None = None
) -> pd.DataFrame:
    """Count the rows that belong to the exports named.

    Args: `by_check` has what the check before the build has counted, by export_id; it holds for a file that has not
    changed since, and any other file is read.

    Returns one row per export, in the order given: export_id, file_name (relative to the project), n_rows, n_columns,
    n_cells, n_rows_of_file (with the rows of no export), sha256 of the bytes of the file in hexadecimal. Without any
    export the frame is empty and has the same types. Raises UnreadableExportError, which names the file.
    """
    import pandas as pd

    columns = {
        "export_id": "str", "file_name": "str", "n_rows": "int64", "n_columns": "int64", "n_cells": "int64",
        "n_rows_of_file": "int64", "sha256": "str",
    }  # fmt: skip
    project = Path(project_directory)
    codebook, rows = read_codebook(project)[0], []
    for export_id in export_ids:
        file = codebook.file_of(export_id)
        sha256 = fingerprint_of_file(project, codebook, file)
        counted = (by_check or {}).get(export_id)
        if counted is None or counted.sha256 != sha256:
            table = table_of_file(project, codebook, file)
            table = table.from_row(header_rows_of(codebook, file, table)[0])
            n_rows = len(rows_of_export(codebook, export_id, table))
            counted = Counted(n_rows, len(table.header), table.n_rows, sha256)
        n_cells = counted.n_rows * counted.n_columns
        sizes = (counted.n_rows, counted.n_columns, n_cells, counted.n_rows_of_file)
        rows.append((export_id, codebook.path_of(file), *sizes, sha256))
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
