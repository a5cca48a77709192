"""Opens the connection to Spark: in this process, or through Spark Connect."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coproduction.errors import CoproductionError

# A query over hundreds of columns passes the limit of a Java method. Spark then runs it without compiling it, which is
# right, but Spark says so at length.
_QUIET = "OFF"


class NoSparkError(CoproductionError):
    """Spark cannot be used here; the message says what is missing."""


@contextmanager
def spark_session(remote: str = "", options: dict[str, str] | None = None) -> Iterator[Any]:
    """Open a session, and close it at the end.

    Args: `remote` is the address of a Spark Connect server, such as sc://host:15002; without it Spark runs in
    this process on all processors, which needs Java. `options` are settings of Spark by name. Yields the session.
    Raises NoSparkError if pyspark or Java is missing.
    """
    why = why_not_here(remote)
    if why:
        raise NoSparkError(why)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.remote(remote) if remote else SparkSession.builder.master("local[*]")
    for name, value in ({} if remote else _local_options() | (options or {})).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    if not remote:
        session.sparkContext.setLogLevel(_QUIET)
    try:
        yield session
    finally:
        session.stop()


def why_not_here(remote: str = "") -> str:
    """Return why Spark cannot be used here, and what to do; an empty text if it can."""
    try:
        import pyspark  # noqa: F401
        import sqlglot  # noqa: F401
    except ImportError as reason:
        return f"{reason.name} is not installed here. Install the extra: pip install 'coproduction[spark]'."
    if not remote and not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        return (
            "Spark needs Java 17 or newer, and there is none here. On Debian: apt-get install openjdk-17-jre-headless."
        )
    return ""


def _local_options() -> dict[str, str]:
    return {
        "spark.driver.memory": "4g",
        "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
