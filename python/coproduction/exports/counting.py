"""Counts the rows of the exports with Python's CSV parser, not in the warehouse, so that errors of loading show."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from coproduction.exports.file_rows import header_rows_of, rows_of_export
from coproduction.exports.project_files import read_codebook
from coproduction.files.columns.streaming import read_columns
from coproduction.files.reading import export_file, fingerprint

if TYPE_CHECKING:
    import pandas as pd


def count_export_files(project_directory: Path, export_ids: Iterable[str]) -> pd.DataFrame:
    """Count the rows that belong to the exports named.

    Returns one row per export, in the order given: export_id, file_name (relative to the project), n_rows, n_columns,
    n_cells, n_rows_of_file (with the rows of no export), sha256 of the bytes of the file in hexadecimal. Without any
    export the frame is empty and has the same types. Raises UnreadableExportError, which names the file.
    """
    import pandas as pd

    columns = {
        "export_id": "str", "file_name": "str", "n_rows": "int64", "n_columns": "int64", "n_cells": "int64",
        "n_rows_of_file": "int64", "sha256": "str",
    }  # fmt: skip
    codebook, counted = read_codebook(project_directory)[0], []
    for export_id in export_ids:
        file = codebook.file_of(export_id)
        path = Path(project_directory) / export_file(file)
        table = read_columns(path)
        table = table.from_row(header_rows_of(codebook, file, table)[0])
        n_rows, n_columns = len(rows_of_export(codebook, export_id, table)), len(table.header)
        sizes = (n_rows, n_columns, n_rows * n_columns, table.n_rows)
        counted.append((export_id, export_file(file), *sizes, fingerprint(path)))
    return pd.DataFrame(counted, columns=list(columns)).astype(columns)
