"""Writes the result of the check for the dbt macros that load the exports (macros/listed_exports.sql)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from coproduction.exports.leaving_out import CheckedExports

# The name holds dbt's id of the command, so that no command reads the file of another one.
FILE = "checked_exports.{command_id}.json"


def write_checked_exports(checked: CheckedExports, target: Path, command_id: str, parts: Sequence[Path] = ()) -> Path:
    """Write the exports that are left out, the columns that are not loaded and what was recognised; return the file.

    The files of earlier commands are removed. Args: `target` is dbt's folder for compiled files; it is created if it is
    missing. `command_id` is dbt's id of the command; `parts` are the folders of the parts from which it builds.
    """
    not_loaded = [
        {"file": file, "column_name": column, "looks_like": kind}
        for file, columns in checked.not_loaded.items()
        for column, kind in columns.items()
    ]
    number_formats = [
        {"export_id": export_id, "column_name": column, "number_format": number_format}
        for export_id, columns in checked.recognised.number_formats.items()
        for column, number_format in columns.items()
    ]
    header_rows = [{"file": file, "n_rows": n_rows} for file, n_rows in checked.recognised.header_rows.items()]
    path = target / FILE.format(command_id=command_id)
    target.mkdir(parents=True, exist_ok=True)
    for earlier in target.glob(FILE.format(command_id="*")):
        earlier.unlink(missing_ok=True)
    facts = {
        "left_out": list(checked.left_out),
        "files_left_out": checked.files_left_out,
        "not_loaded": not_loaded,
        "number_formats": number_formats,
        "header_rows": header_rows,
        "parts": [str(part) for part in parts],
    }
    path.write_text(json.dumps(facts, indent=2), encoding="utf-8")
    return path
