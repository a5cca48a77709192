"""Passes DuckDB tables to Python functions as frames, and their results back to DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import duckdb

from coproduction.errors import MessageError

if TYPE_CHECKING:
    import pandas as pd

# Every type is stated, because DuckDB would guess the type of a column that holds only nulls.
_SQL_TYPES = {"b": "boolean", "i": "bigint", "u": "bigint", "f": "double"}
# Smaller pieces are handed over together, because each query takes milliseconds.
ROWS_OF_PIECE = 20_000
# Types of exact sums that a double cannot hold.
_EXACT_TYPES = ("decimal", "hugeint")


class TooLittleMemoryError(MessageError):
    """The machine has too little memory for a Python model."""


def computed(
    session: duckdb.DuckDBPyConnection,
    function: Callable[..., pd.DataFrame],
    *arguments: duckdb.DuckDBPyRelation | object,
) -> duckdb.DuckDBPyRelation:
    """Call a function with relations as frames, and return its frame as a relation. Most Python models do only this.

    Args: `session` is the connection that dbt gives to a Python model; `function` gets each relation among the
    arguments as a frame (`to_frame`) and every other argument unchanged. Returns the result as a relation of `session`:
    boolean, bigint, double or varchar. Raises TooLittleMemoryError if this machine has too little memory.
    """
    try:
        frames = [to_frame(item) if isinstance(item, duckdb.DuckDBPyRelation) else item for item in arguments]
        return to_relation(session, function(*frames))
    except (MemoryError, duckdb.OutOfMemoryException) as reason:
        raise TooLittleMemoryError(
            f"Out of Memory in {function.__name__}: {str(reason) or 'no room for a frame'}"
        ) from reason


def to_frame(relation: duckdb.DuckDBPyRelation) -> pd.DataFrame:
    """Return a relation as a frame in which each exact sum (decimal or hugeint) is the nearest double.

    Args: `relation` is any relation. Returns a frame of the same rows and columns, null as NaN.
    """
    types = zip(relation.columns, relation.types, strict=True)
    exact = [name for name, sql_type in types if sql_type.id in _EXACT_TYPES]
    if not exact:
        return relation.df()
    # By way of text: DuckDB rounds twice from 128 bits to a double, and one in a hundred is not the nearest.
    doubles = ", ".join(f'cast(cast("{name}" as varchar) as double) as "{name}"' for name in exact)
    return relation.select(f"* replace ({doubles})").df()


def in_pieces(relation: duckdb.DuckDBPyRelation, *columns: str, n_rows: int = ROWS_OF_PIECE) -> Iterator[pd.DataFrame]:
    """Yield the rows of a relation as frames (`to_frame`), the rows with equal values of some columns in one frame.

    For counts that have nearly a row for each respondent: Python then holds one large survey or topic at a time, or
    small ones that have at most `n_rows` together. The columns hold texts and no nulls.
    """
    names = ", ".join(columns)
    sizes = relation.aggregate(f"{names}, count(*)", names).order(names).fetchall()
    values = duckdb.FunctionExpression("row", *map(duckdb.ColumnExpression, columns))
    for together in _together(sizes, n_rows):
        wanted = [duckdb.FunctionExpression("row", *map(duckdb.ConstantExpression, of)) for *of, _ in together]
        yield to_frame(relation.filter(values.isin(*wanted)))


def _together(sizes: Sequence[tuple], n_rows: int) -> Iterator[list[tuple]]:
    """Yield neighbours whose numbers of rows, their last elements, add up to at most `n_rows`, or one alone."""
    together: list[tuple] = []
    for size in sizes:
        if together and sum(of[-1] for of in together) + size[-1] > n_rows:
            yield together
            together = []
        together.append(size)
    if together:
        yield together


def to_relation(session: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> duckdb.DuckDBPyRelation:
    """Return a frame as a relation whose column types follow from the dtypes, also if the frame is empty.

    Args: `session` is any connection; `frame` has unique column names and columns of text, numbers or truth values.
    Returns a relation of the same rows and columns: boolean, bigint, double or varchar.
    """
    columns = ", ".join(
        f'cast("{name}" as {_SQL_TYPES.get(frame[name].dtype.kind, "varchar")}) as "{name}"' for name in frame.columns
    )
    session.register("frame", frame)
    return session.sql(f"select {columns} from frame")
