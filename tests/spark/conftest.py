"""Fixtures of the tests on Spark: one session for all of them, and projects that are counted on both engines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

import studies_for_spark
from building import Project

# Small data: compiling a query to Java takes far longer than running it.
QUICK = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "2",
}
STUDIES = {"bundled": None, "everything": studies_for_spark.put_everything_into_one}


@pytest.fixture(scope="session")
def spark() -> Iterator:
    """A session of Spark in this process. Skips without pyspark or Java, and says what is missing."""
    sessions = pytest.importorskip("coproduction.spark.sessions", reason="sqlglot is not installed: run make spark")
    reason = sessions.why_not_here()
    if reason:
        pytest.skip(reason)
    with sessions.spark_session(options=QUICK) as session:
        yield session


@dataclass(frozen=True)
class BothWays:
    """A project that DuckDB has built, and the same project counted on Spark."""

    built: Project
    spark: Project
    counted: object


@pytest.fixture(scope="session", params=list(STUDIES))
def both_ways(request, spark, tmp_path_factory) -> BothWays:
    """The same study counted by DuckDB and by Spark."""
    from coproduction.spark.spark_counts import count_on_spark

    project = Project.copy_to(tmp_path_factory.mktemp(request.param))
    change = STUDIES[request.param]
    if change:
        change(project)
    for name in [name for name in os.environ if name.startswith(("DBT_", "COPRODUCTION_"))]:
        del os.environ[name]
    build = project.build("--exclude-resource-type", "test", "unit_test")
    assert build.succeeded, build.output
    copy = Project.copy_of(project, tmp_path_factory.mktemp("spark") / "project")
    copy.warehouse_path.unlink()
    files = copy.directory / "target" / "spark"
    return BothWays(project, copy, count_on_spark(copy.directory, files, spark.sql, {}, print))
