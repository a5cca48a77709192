"""The floor: how long DuckDB takes to read the exports as text and to hash every cell."""

from __future__ import annotations

import sys
from pathlib import Path

from workbench.benchmark.processes import Usage, used_by

READ_TEXT = "read_csv('{}', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', comment = '')"


def floor_of(project: Path) -> Usage:
    """Return what DuckDB uses, in a process of its own, to read the exports and hash every cell."""
    files = sorted((project / "seeds/exports").glob("*.csv"))
    sql = [f"select bit_xor(hash(columns(*))) from {READ_TEXT.format(file)}" for file in files]
    queries = [f"duckdb.sql({query!r}).fetchall()" for query in sql]
    return used_by(sys.executable, "-c", "\n".join(["import duckdb", *queries]), directory=project)
