"""Compares the estimates and reports of two warehouses row by row, to show the numbers that a change affects.

    make compare OLD=before/coproduction.duckdb NEW=warehouse/coproduction.duckdb

Tables and columns that 0.2 renamed are compared under their new names. A table or a column that only one of the two has
is listed as a difference unless `ACCEPTED` names it.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from coproduction.files.warehouse import WarehouseError, open_warehouse

SCHEMAS = ("estimates", "reports")

_LABELLED = ("council", "theme", "topic", "construct")

# Names of 0.1 and the corresponding names since 0.2.
RENAMED_TABLES = {
    "est_published_audit": "est_paper_audit",
    "rpt_published_audit": "rpt_paper_audit",
    "rpt_published_comparison": "rpt_paper_comparison",
}
RENAMED_COLUMNS = {
    "is_suppressed": "is_withheld",
    "suppression_reason": "withheld_reason",
    "n_none": "n_control",
    "n_effective_none": "n_effective_control",
    "share_missing_none": "share_missing_control",
    "method": "method_id",
    "dont_know_rule": "dont_know_rule_id",
    "outcome_rule": "outcome_rule_id",
    "duplicates_rule": "duplicates_rule_id",
    "outliers_rule": "outliers_rule_id",
    "p_method": "p_method_id",
    "multiplicity": "multiplicity_id",
    "level_id": "choice_id",
    "level_number": "choice_number",
}
# Columns that 0.2 renamed in one table only.
COLUMNS_OF_TABLES = {
    "rpt_families": {"adjustment": "adjustment_label"},
    "rpt_respondent_quality": {"treatment": "treatment_label"},
}
# Tables that 0.2 added. Their numbers are compared in reports that 0.1 also had.
ACCEPTED = frozenset(
    {
        "est_multiverse_areas",
        "est_multiverse_cells",
        "est_multiverse_claims",
        "est_multiverse_results",
        "est_respondent_quality",
        "est_weights",
    }
)
# Columns that 0.2 added to a report: ids and labels.
ADDED = {
    "est_index_quality": {"item_rest_p_value", "item_rest_p_value_adjusted"},
    "rpt_families": {"adjustment_id", "study_id", "study_label", "council_id", "wave_id"},
    "rpt_index_quality": {"is_contrary"},
    "rpt_respondent_quality": {"treatment_id"},
    "rpt_multiverse_cells": {"source_id", "conclusion_id"} | {f"{name}_label" for name in _LABELLED},
    "rpt_multiverse_areas": {"source_id", "conclusion_id"} | {f"{name}_label" for name in _LABELLED} - {"topic_label"},
    "rpt_multiverse_claims": {"construct_label", "n_areas"},
}

# The report of 0.1 whose three kinds of rows became three reports: the rows of each, and the columns that it lost
# because they had one value, no value, or repeated the keys.
SUMMARY = "rpt_multiverse_summary"
REPORTS_OF_SUMMARY = {
    "cell": ("rpt_multiverse_cells", r"level_id|conclusion_id|n_(positive|negative)_\w+"),
    "area": (
        "rpt_multiverse_areas",
        r"level_id|conclusion_id|topic_id|n_distinct|share_none|share_same_direction|estimate_\w+|n_(positive|negative)_\w+",
    ),
    "claim": (
        "rpt_multiverse_claims",
        r"level_id|(council|theme|topic)_id|source_label|n_distinct|share_(none|positive|negative)|estimate_\w+",
    ),
}

# Sums of the same numbers in another order differ in their last bits.
LAST_BITS = 1e-10


def read(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, pd.DataFrame]:
    """Return the tables of a schema under their names since 0.2, each as a frame."""
    names = connection.execute("select table_name from duckdb_tables() where schema_name = ?", [schema]).fetchall()
    frames = {RENAMED_TABLES.get(name, name): connection.sql(f"from {schema}.{name}").df() for (name,) in names}
    if SUMMARY in frames:
        frames |= parts_of_summary(frames.pop(SUMMARY))
    return {
        name: frame.rename(columns=RENAMED_COLUMNS | COLUMNS_OF_TABLES.get(name, {})) for name, frame in frames.items()
    }


def parts_of_summary(summary: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of the summary of 0.1 as the three reports of 0.2: cells, areas and claims."""
    parts = {}
    labelled = summary.rename(columns={"conclusion": "conclusion_label", "conclusion_source": "source_label"})
    for level_id, (name, lost) in REPORTS_OF_SUMMARY.items():
        rows = labelled[labelled["level_id"].eq(level_id)].copy()
        if level_id == "claim":
            rows = rows.rename(columns={"conclusion_id": "claim_id"})
        parts[name] = rows[[column for column in rows if not re.fullmatch(lost, str(column))]]
    return parts


def differences(old: pd.DataFrame, new: pd.DataFrame, tolerance: float) -> list[str]:
    """Return the differences of two frames as texts, regardless of the order of rows and columns; empty if equal.

    Numbers may differ by `tolerance` relative to the larger of 1 and their size; everything else must be equal.
    """
    found = [f"column {name} is gone" for name in old if name not in new]
    found += [f"column {name} is new" for name in new if name not in old]
    shared = [str(name) for name in old if name in new]
    if len(old) != len(new):
        return [*found, f"{len(old)} rows became {len(new)}"]
    is_number = {name: old[name].dtype.kind in "fiu" and new[name].dtype.kind in "fiu" for name in shared}
    keys = [name for name in shared if not is_number[name]] + [name for name in shared if is_number[name]]
    old, new = (_ordered(frame[keys], is_number) for frame in (old, new))
    for name in shared:
        if is_number[name]:
            a, b = old[name].to_numpy(np.float64), new[name].to_numpy(np.float64)
            allowed = tolerance * np.maximum(1, np.fmax(np.abs(a), np.abs(b)))
            is_equal = (a == b) | (np.isnan(a) & np.isnan(b)) | (np.abs(a - b) <= allowed)
        else:
            is_equal = (_text(old[name]) == _text(new[name])).to_numpy()
        if not is_equal.all():
            first = int(np.flatnonzero(~is_equal)[0])
            found.append(
                f"{(~is_equal).sum()} of {len(old)} rows differ in {name}, such as "
                f"{old[name].iloc[first]!r} and {new[name].iloc[first]!r}"
            )
    return found


def _ordered(frame: pd.DataFrame, is_number: dict[str, bool]) -> pd.DataFrame:
    """Sort by all columns: text as text, numbers rounded so that their last bits do not change the order."""
    names = list(frame.columns)
    keys = pd.DataFrame(
        {name: frame[name].astype(np.float64).round(7) if is_number[name] else _text(frame[name]) for name in names}
    )
    return frame.loc[keys.sort_values(names, kind="stable").index].reset_index(drop=True)


def _text(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), "null").astype(str)


def why_not_comparable(path: Path) -> str:
    """Return why a file cannot be compared: it is missing, is no DuckDB file, or has no estimates or reports; or ''."""
    try:
        with open_warehouse(path) as connection:
            lacking = [schema for schema in SCHEMAS if not read(connection, schema)]
    except WarehouseError as reason:
        return str(reason)
    if not lacking:
        return ""
    return f"{path} has no tables in the schema {' and '.join(lacking)}: name a warehouse of a build that ended."


def compare(old_path: Path, new_path: Path) -> tuple[list[str], int, int]:
    """Compare two warehouses; return the differences, one line each, and the number of compared tables and cells."""
    found, n_tables, n_cells = [], 0, 0
    with duckdb.connect(str(old_path), read_only=True) as old, duckdb.connect(str(new_path), read_only=True) as new:
        for schema in SCHEMAS:
            before, after = read(old, schema), read(new, schema)
            for name in sorted(set(before) | set(after)):
                table = f"{schema}.{name}"
                if name not in before or name not in after:
                    what = "is new" if name in after else "is gone"
                    found += [] if name in ACCEPTED else [f"{table} {what}"]
                    continue
                added = ADDED.get(name, set()) - set(before[name].columns)
                known = after[name].drop(columns=list(added), errors="ignore")
                found += [f"{table}: {line}" for line in differences(before[name], known, LAST_BITS)]
                n_tables, n_cells = n_tables + 1, n_cells + before[name].size
    return found, n_tables, n_cells


def main() -> int:
    """Compare the two warehouses named on the command line.

    The exit code is 1 if anything differs, and 2 if a file is no warehouse with estimates and reports.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, help="a warehouse built before the change")
    parser.add_argument("new", type=Path, help="a warehouse built after it from the same files")
    options = parser.parse_args()
    for path in (options.old, options.new):
        reason = why_not_comparable(path)
        if reason:
            print(f"Nothing was compared. {reason}", file=sys.stderr)
            return 2
    found, n_tables, n_cells = compare(options.old, options.new)
    print(*found, sep="\n")
    print(f"{n_tables} tables with {n_cells:,} cells compared: {len(found)} differences.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
