"""Frames on their way out of the warehouse and into it."""

import duckdb
import pandas as pd

from coproduction.second_process import compute

# DuckDB has to guess the type of a column that holds nothing but nulls; these are the types it may not guess.
_SQL_TYPES = {"b": "boolean", "i": "bigint", "u": "bigint", "f": "double"}


def to_relation(session: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> duckdb.DuckDBPyRelation:
    """Hand a frame to DuckDB with the column types that its dtypes say, also where it is empty.

    Args: `session` is the connection that dbt gives to a Python model; `frame` has unique column names and columns of
    text, numbers or truth values. Returns a relation of the same rows and columns: boolean, bigint, double or varchar.
    """
    columns = ", ".join(
        f'cast("{name}" as {_SQL_TYPES.get(frame[name].dtype.kind, "varchar")}) as "{name}"' for name in frame.columns
    )
    # Registered under a name of its own: two models may run at once on one connection.
    view_name = f"frame_{id(frame)}"
    session.register(view_name, frame)
    return session.sql(f"select {columns} from {view_name}")


def computed(
    session: duckdb.DuckDBPyConnection, function: str, *arguments: duckdb.DuckDBPyRelation | object
) -> duckdb.DuckDBPyRelation:
    """Compute a frame from relations in the second process, and hand it to DuckDB: all that most Python models do.

    Args: `session` is the connection that dbt gives to a Python model; `function` is written as in
    ``second_process.compute``; a relation among the arguments arrives there as a frame. Returns the result as a
    relation. Raises SecondProcessError.
    """
    frames = [argument.df() if hasattr(argument, "df") else argument for argument in arguments]
    return to_relation(session, compute(function, *frames))
