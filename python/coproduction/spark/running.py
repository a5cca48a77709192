"""Runs the models from the exports to the counts on Spark, and the Python models among them beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from coproduction.errors import CoproductionError
from coproduction.spark.catalogue import Catalogue, spark_type
from coproduction.spark.lineage import COUNTS, Manifest, Node
from coproduction.spark.translation import TranslationError, translated, view_name

# Runs one statement of Spark SQL: in a session of this process, through Spark Connect, or through a Thrift server.
Execute = Callable[[str], object]

# The tests of these layers run beside Spark: the gate, and what is handed over.
_TESTED = ("quality", COUNTS)

# Spark refuses what it cannot cast, as DuckDB does; without it a wrong number would become null.
SPARK_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.session.timeZone": "UTC",
}


class RefusedError(CoproductionError):
    """A test failed, such as the gate; the message names it and the rows that broke its rule."""


def run_models(
    manifest: Manifest, catalogue: Catalogue, execute: Execute, folder: Path, say: Callable[[str], None]
) -> None:
    """Compute every table between an export and the counts, each into Parquet files in a folder.

    Args: `manifest` is the compiled project; `catalogue` reads its warehouse; `execute` runs a statement of Spark SQL;
    `folder` is a place that this process and Spark know under the same path; `say` prints a line of progress. Raises
    TranslationError if a model cannot be translated, RefusedError if a test fails, such as the gate.
    """
    for name, value in SPARK_SETTINGS.items():
        execute(f"set {name}={value}")
    for key in manifest.given:
        node = manifest.nodes[key]
        catalogue.take_from_warehouse(node)
        file = folder / node.schema / f"{node.name}.parquet"
        catalogue.write_table(node, file)
        catalogue.take_from_parquet(node, str(file))
        execute(_view_of_files(node, file))
    for key in manifest.on_spark:
        node = manifest.nodes[key]
        started = time.monotonic()
        too_early = [] if node.is_python else manifest.read_too_early(key)
        if too_early:
            raise TranslationError(
                f"{node.name} reads {' and '.join(too_early)} only while dbt compiles it, before Spark has computed it."
                " Read there what follows from the codebook alone, and the rest in the query."
            )
        if node.is_python:
            _run_beside(catalogue, node, execute, folder)
        else:
            _run_on_spark(catalogue, node, execute, folder, is_read_here=manifest.is_read_here(key))
        if node.schema in _TESTED:
            _require_passed(catalogue, manifest, key, say)
        say(f"{time.monotonic() - started:6.1f} s  {node.schema}.{node.name}")


def _run_beside(catalogue: Catalogue, node: Node, execute: Execute, folder: Path) -> None:
    """Run a Python model in this process, and let Spark read its result."""
    file = folder / node.schema / f"{node.name}.parquet"
    catalogue.write_parquet(catalogue.run_python(node), file)
    catalogue.take_from_parquet(node, str(file))
    execute(_view_of_files(node, file))


def _run_on_spark(catalogue: Catalogue, node: Node, execute: Execute, folder: Path, is_read_here: bool) -> None:
    """Run a model in SQL on Spark: a table into Parquet files, a view as a view, with files if they are read here."""
    catalogue.expect(node)
    query = translated(node.code, catalogue.tables, node.name)
    columns = ", ".join(
        f"cast(`{name}` as {spark_type(of)}) as `{name}`" for name, of in catalogue.columns(node).items()
    )
    query = f"select {columns} from ({query})"
    view = view_name(node.schema, node.name)
    files = folder / node.schema / f"{node.name}.parquet"
    if node.is_view:
        execute(f"create or replace temporary view {view} as {query}")
        query = f"select * from {view}"
    if not node.is_view or is_read_here:
        execute(f"insert overwrite directory '{files}' using parquet {query}")
        catalogue.take_from_parquet(node, f"{files}/*.parquet")
    if not node.is_view:
        execute(_view_of_files(node, files))


def _require_passed(catalogue: Catalogue, manifest: Manifest, key: str, say: Callable[[str], None]) -> None:
    """Run the tests of a table, as dbt does. Raises RefusedError if one fails; the gate is such a test."""
    for test in manifest.tests.get(key, []):
        broken = catalogue.broken(test)
        if broken:
            message = "\n  ".join([f"The test {test.name} failed:", *broken])
            if not test.only_warns:
                raise RefusedError(f"{message}\n`coproduction check` says what to do about an answer.")
            say(message)


def _view_of_files(node: Node, files: Path) -> str:
    view = view_name(node.schema, node.name)
    return f"create or replace temporary view {view} using parquet options (path '{files}')"
