"""Counts the surveys of a project on Spark: python -m coproduction.spark, in the folder of the project."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from coproduction.cli.file_commands import read_variables
from coproduction.errors import CoproductionError
from coproduction.spark.counting import count_on_spark
from coproduction.spark.handing import hand_over_parts
from coproduction.spark.sessions import spark_session


def main() -> int:
    """Count on Spark, and print where the counts are. The exit code is 1 if something stopped it."""
    parser = argparse.ArgumentParser(prog="python -m coproduction.spark", description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("target/spark"), help="folder of the Parquet files")
    parser.add_argument("--remote", default="", help="address of a Spark Connect server: sc://host:15002")
    parser.add_argument("--vars", default="{}", help="variables of the build, as for dbt")
    options = parser.parse_args()
    project = Path.cwd()
    try:
        variables = read_variables(options.vars)
        with spark_session(options.remote) as session:
            counted = count_on_spark(project, options.into, session.sql, variables, print)
        parts = hand_over_parts(project, counted, variables)
    except CoproductionError as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"The parts are in {parts}. `coproduction build --changed` makes the results from them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
