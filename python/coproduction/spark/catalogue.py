"""The DuckDB session beside Spark: it knows the columns and types of each table, and runs the Python models.

A table that Spark computed is a view of its Parquet files here, with the types that DuckDB would have given it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from coproduction.spark.lineage import Node, Test


def quoted(name: str) -> str:
    """Return a name as an identifier of DuckDB."""
    return '"' + name.replace('"', '""') + '"'


class Catalogue:
    """Tables by schema and name, in a DuckDB session in memory that reads the warehouse and the Parquet files."""

    def __init__(self, warehouse: Path, database: str) -> None:
        """Attach the warehouse read-only; `database` is the name under which the compiled SQL knows it."""
        self.session = duckdb.connect()
        self.session.execute(f"attach '{str(warehouse).replace(chr(39), 2 * chr(39))}' as the_warehouse (read_only)")
        self.session.execute(f"attach ':memory:' as {quoted(database)}")
        self.session.execute(f"use {quoted(database)}")
        self._tables: dict[str, dict[str, dict[str, str]]] = {}
        self._queries: dict[str, str] = {}

    @property
    def tables(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """The type of each column, by schema, table and column."""
        return self._tables

    def columns(self, node: Node) -> Mapping[str, str]:
        """Return the type of each column of a table."""
        return self._tables[node.schema][node.name]

    def take_from_warehouse(self, node: Node) -> None:
        """Know a table as the warehouse has it."""
        self._know(node, f"select * from the_warehouse.{quoted(node.schema)}.{quoted(node.name)}")

    def expect(self, node: Node) -> None:
        """Know the columns and types of a table that its SQL would give, without computing it."""
        columns = self.session.execute(f"describe {node.code}").fetchall()
        nulls = ", ".join(f"cast(null as {of}) as {quoted(name)}" for name, of, *_ in columns)
        self._know(node, f"select {nulls} where false")

    def take_from_parquet(self, node: Node, files: str) -> None:
        """Read a table from Parquet files from now on, with the types that it is known to have."""
        types = self._tables.get(node.schema, {}).get(node.name, {}).items()
        columns = ", ".join(f"{_as_duckdb(name, of)} as {quoted(name)}" for name, of in types) or "*"
        self._know(node, f"select {columns} from read_parquet('{files}')")

    def write_views(self, tables: Iterable[str], file: Path) -> None:
        """Write a DuckDB file in which tables, such as counts.cnt_levels, are views of the Parquet files."""
        with duckdb.connect(str(file)) as connection:
            for table in tables:
                connection.execute(f"create schema if not exists {table.split('.')[0]}")
                connection.execute(f"create or replace view {table} as {self._queries[table]}")

    def let_go(self) -> None:
        """Close the warehouse, which a build needs alone. What was computed can still be read."""
        self.session.execute("detach the_warehouse")

    def run_python(self, node: Node) -> duckdb.DuckDBPyRelation:
        """Run a Python model as dbt does: as compiled, its code has all that it asks of dbt."""
        scope: dict[str, Any] = {}
        exec(compile(node.code, node.name, "exec"), scope)
        relation: duckdb.DuckDBPyRelation = scope["model"](scope["dbtObj"](self.session.table), self.session)
        return relation

    def broken(self, test: Test) -> list[str]:
        """Return the first rows that break the rule of a test, each as text; none if the test passes."""
        rows = self.session.sql(f"select * from ({test.code}) limit 5")
        found = [zip(rows.columns, row, strict=True) for row in rows.fetchall()]
        return [", ".join(f"{name} {value}" for name, value in row) for row in found]

    def write_table(self, node: Node, file: Path) -> None:
        """Write a table to a Parquet file, with types that Spark has."""
        self.write_parquet(self.session.table(self._name(node)), file)

    def write_parquet(self, rows: duckdb.DuckDBPyRelation, file: Path) -> None:
        """Write the rows of a relation to a Parquet file, with types that Spark has."""
        file.parent.mkdir(parents=True, exist_ok=True)
        columns = [
            f"cast({quoted(name)} as decimal(38, 0)) as {quoted(name)}" if of.id == "hugeint" else quoted(name)
            for name, of in zip(rows.columns, rows.types, strict=True)
        ]
        rows.select(", ".join(columns)).write_parquet(str(file))

    def _name(self, node: Node) -> str:
        return f"{quoted(node.database)}.{quoted(node.schema)}.{quoted(node.name)}"

    def _know(self, node: Node, query: str) -> None:
        self._queries[node.table] = query
        self.session.execute(f"create schema if not exists {quoted(node.database)}.{quoted(node.schema)}")
        self.session.execute(f"create or replace view {self._name(node)} as {query}")
        columns = self.session.execute(f"describe {self._name(node)}").fetchall()
        self._tables.setdefault(node.schema, {})[node.name] = {name: of for name, of, *_ in columns}


def spark_type(of: str) -> str:
    """Return the type of Spark that holds the values of a type of DuckDB."""
    if of == "UBIGINT":  # Spark has no unsigned numbers: the same 64 bits are a number that may be negative.
        return "BIGINT"
    if of == "HUGEINT":  # Nor whole numbers of 128 bits; no sum of ours has more than 38 digits.
        return "DECIMAL(38, 0)"
    return exp.DataType.build(of, dialect="duckdb").sql("spark")


def _as_duckdb(name: str, of: str) -> str:
    if of == "UBIGINT":
        return f"cast({quoted(name)} + case when {quoted(name)} < 0 then 18446744073709551616 else 0 end as ubigint)"
    return f"cast({quoted(name)} as {of})"
