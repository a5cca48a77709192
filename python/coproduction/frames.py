"""Tables on their way out of the warehouse to the second process, and back.

They travel as Parquet files, which DuckDB writes and reads without the interpreter's lock: the process that runs dbt
needs that lock for itself, and never imports pandas.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from coproduction.project import project_directory
from coproduction.second_process import compute
from coproduction.warehouse import transit_prefix, warehouse_path

if TYPE_CHECKING:
    import pandas as pd

# DuckDB has to guess the type of a column that holds nothing but nulls; these are the types it may not guess.
_SQL_TYPES = {"b": "boolean", "i": "bigint", "u": "bigint", "f": "double"}


class _Stored(NamedTuple):
    """A table in a file, among arguments that are what they are."""

    path: str


def computed(
    session: duckdb.DuckDBPyConnection, function: str, *arguments: duckdb.DuckDBPyRelation | object
) -> duckdb.DuckDBPyRelation:
    """Compute a table from relations in the second process, and hand it to DuckDB: all that most Python models do.

    Args: `session` is the connection that dbt gives to a Python model; `function` is written as in
    ``second_process.compute`` and returns a frame; a relation among the arguments arrives there as a frame. Returns the
    result as a relation of `session`: boolean, bigint, double or varchar. Raises SecondProcessError.
    """
    warehouse = warehouse_path(project_directory())
    # Beside the warehouse: single answers may be in it, and where they lie is no new place.
    with tempfile.TemporaryDirectory(prefix=transit_prefix(warehouse), dir=warehouse.parent) as folder:
        sent = [_sent(argument, Path(folder) / f"{place}.parquet") for place, argument in enumerate(arguments)]
        result = str(Path(folder) / "result.parquet")
        compute("frames:compute_stored", function, result, *sent)
        # A table, because the file is about to go; temporary, so it is this session's and ends with it.
        session.execute("create or replace temp table computed as from read_parquet(?)", [result])
    return session.table("computed")


def _sent(argument: duckdb.DuckDBPyRelation | object, path: Path) -> _Stored | object:
    if not isinstance(argument, duckdb.DuckDBPyRelation):
        return argument
    argument.write_parquet(str(path), compression="uncompressed")
    return _Stored(str(path))


def compute_stored(function: str, result: str, *arguments: _Stored | object) -> None:
    """Call a function of this package with stored tables as frames, and store the frame that it returns.

    This is the far side of ``computed``, in the second process.
    """
    from coproduction.second_process import named

    session = _session()
    frames = [session.read_parquet(item.path).df() if isinstance(item, _Stored) else item for item in arguments]
    to_relation(session, named(function)(*frames)).write_parquet(result, compression="uncompressed")


def to_relation(session: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> duckdb.DuckDBPyRelation:
    """Hand a frame to DuckDB with the column types that its dtypes say, also where it is empty.

    Args: `session` is any connection; `frame` has unique column names and columns of text, numbers or truth values.
    Returns a relation of the same rows and columns: boolean, bigint, double or varchar.
    """
    columns = ", ".join(
        f'cast("{name}" as {_SQL_TYPES.get(frame[name].dtype.kind, "varchar")}) as "{name}"' for name in frame.columns
    )
    session.register("frame", frame)
    return session.sql(f"select {columns} from frame")


@functools.cache
def _session() -> duckdb.DuckDBPyConnection:
    """Open a database in memory, once in each of the two processes; one thread, as for everything there."""
    return duckdb.connect(config={"threads": 1})
