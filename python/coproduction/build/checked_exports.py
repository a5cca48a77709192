"""Writes the result of the check for the dbt macros that load the exports (macros/listed_exports.sql)."""

from __future__ import annotations

import json
from pathlib import Path

from coproduction.exports.leaving_out import CheckedExports

FILE = "checked_exports.json"


def write_checked_exports(checked: CheckedExports, target: Path) -> Path:
    """Write the exports that are left out and the columns that are not loaded; return the file.

    Args: `target` is dbt's folder for compiled files; it is created if it is missing.
    """
    not_loaded = [
        {"export_id": export_id, "column_name": column, "looks_like": kind}
        for export_id, columns in checked.not_loaded.items()
        for column, kind in columns.items()
    ]
    path = target / FILE
    target.mkdir(parents=True, exist_ok=True)
    facts = {"left_out": list(checked.left_out), "not_loaded": not_loaded}
    path.write_text(json.dumps(facts, indent=2), encoding="utf-8")
    return path
