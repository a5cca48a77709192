"""Whether two warehouses hold the same: counts exactly, estimates and what follows to the last bits."""

from __future__ import annotations

from pathlib import Path

import duckdb

from workbench.comparison import differences

# What is withheld has to be the same exactly, because it says which numbers are published.
EXACT = ("quality", "marts", "counts", "disclosure")
COMPUTED = ("estimates", "reports")
# Which file the rows came from: Parquet has another name and other bytes than CSV.
NO_RESULT = {"quality.export_files": "exclude (file_name, sha256)"}
# Sums of the same numbers in another order.
LAST_BITS = 1e-12


def differences_of(old: Path, new: Path) -> list[str]:
    """Return what differs between two warehouses, one line for each table; rows may be in any order."""
    found = []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{old}' as old (read_only); attach '{new}' as new (read_only)")
        for schema in (*EXACT, *COMPUTED):
            before, after = _tables(connection, "old", schema), _tables(connection, "new", schema)
            assert before, f"{old} has no tables in {schema}"
            found += [f"{schema}.{table} is in one of the two only" for table in sorted(before ^ after)]
            for table in sorted(before & after):
                name = f"{schema}.{table}"
                if schema in EXACT:
                    n_rows, n_other = _other_rows(connection, name)
                    found += [f"{name}: {n_other} of {n_rows} rows differ"] if n_other else []
                else:
                    frames = [connection.sql(f"from {warehouse}.{name}").df() for warehouse in ("old", "new")]
                    found += [f"{name}: {line}" for line in differences(*frames, LAST_BITS)]
    return found


def _tables(connection, warehouse: str, schema: str) -> set[str]:
    query = "select table_name from information_schema.tables where table_catalog = ? and table_schema = ?"
    return {name for (name,) in connection.execute(query, [warehouse, schema]).fetchall()}


def _other_rows(connection, name: str) -> tuple[int, int]:
    """Return the number of rows, and of those that one of the two warehouses has more often."""
    rows = f"select * {NO_RESULT.get(name, '')} from {{}}.{name}"
    one_way = f"select count(*) from ({rows} except all {rows})"
    (n_rows,) = connection.execute(f"select count(*) from old.{name}").fetchone()
    found = [connection.execute(one_way.format(a, b)).fetchone()[0] for a, b in (("old", "new"), ("new", "old"))]
    return n_rows, sum(found)
