"""Counts the surveys of a project on Spark: python -m coproduction.spark, in the folder of the project."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from coproduction.cli.file_commands import read_variables
from coproduction.errors import CoproductionError
from coproduction.files.warehouse import write_private_files
from coproduction.spark.handing import hand_over_parts
from coproduction.spark.sessions import spark_session
from coproduction.spark.spark_counts import count_on_spark

# A folder of our own within the one that is named, because it is removed in the end: it holds what people answered.
_TABLES = "tables-of-spark"


def main() -> int:
    """Count on Spark, and hand over the parts. The exit code is 1 if something stopped it."""
    parser = argparse.ArgumentParser(prog="python -m coproduction.spark", description=__doc__)
    parser.add_argument(
        "--into", type=Path, default=Path("target"), help="folder for the Parquet files while it counts"
    )
    parser.add_argument("--keep", action="store_true", help="keep the Parquet files of every table")
    parser.add_argument("--remote", default="", help="address of a Spark Connect server: sc://host:15002")
    parser.add_argument("--vars", default="", help="variables of the build, as for dbt")
    options = parser.parse_args()
    project, tables = Path.cwd(), options.into / _TABLES
    write_private_files()
    try:
        variables = read_variables(options.vars)
        shutil.rmtree(tables, ignore_errors=True)
        with spark_session(options.remote) as session:
            counted = count_on_spark(project, tables, session.sql, variables, print)
            parts = hand_over_parts(project, counted, variables)
    except CoproductionError as reason:
        print(reason, file=sys.stderr)
        return 1
    finally:
        if not options.keep:
            shutil.rmtree(tables, ignore_errors=True)
    print(f"The parts are in {parts}. `coproduction build --changed` makes the results from them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
