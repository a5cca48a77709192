"""Translates the SQL of a compiled model from DuckDB's dialect to Spark's.

sqlglot reads the SQL, replaces each * by the columns it stands for, finds the type of each expression, and writes Spark
SQL. `differences` has what the two engines spell alike and understand differently.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from coproduction.errors import CoproductionError
from coproduction.spark.clauses import with_clauses_of_spark
from coproduction.spark.differences import WRITER, respelled

# The columns and types of each table, by schema and name.
Tables = Mapping[str, Mapping[str, Mapping[str, str]]]


class TranslationError(CoproductionError):
    """A model cannot be translated; the message names it and says what to do."""


def view_name(schema: str, table: str) -> str:
    """Return the name of the temporary view that holds a table in Spark, where schemas may belong to others."""
    return f"{schema}__{table}"


def translated(sql: str, tables: Tables, model: str) -> str:
    """Return a query of DuckDB as a query of Spark that gives the same rows.

    Args: `sql` is the compiled SQL of a model; `tables` are the columns that it may read; `model` is its name, for
    messages. Returns one statement, in which each table is a view with the name of `view_name`. Raises TranslationError
    if the query has something that cannot be translated without a doubt.
    """
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
        for table in tree.find_all(exp.Table):
            table.set("catalog", None)
        tree = qualify(tree, schema=dict(tables), dialect="duckdb")
        tree = annotate_types(tree, schema=dict(tables), dialect="duckdb")
        tree = respelled(with_clauses_of_spark(tree))
        for table in tree.find_all(exp.Table):
            if table.db:
                table.set("this", exp.to_identifier(view_name(table.db, table.name), quoted=True))
                table.set("db", None)
        return tree.sql(WRITER, identify=True, pretty=True, comments=False, unsupported_level=ErrorLevel.RAISE)
    except SqlglotError as reason:
        raise TranslationError(
            f"{model} cannot be translated for Spark: {reason}\n"
            "Write it in another way, or add the difference to python/coproduction/spark/differences.py."
        ) from reason
