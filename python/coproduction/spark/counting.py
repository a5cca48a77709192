"""Takes a project to its counts by way of Spark: dbt, the models on Spark, the gate, the files to hand over."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coproduction.errors import CoproductionError
from coproduction.files.profile import option_of_dbt
from coproduction.files.warehouse import warehouse_path
from coproduction.spark.catalogue import Catalogue
from coproduction.spark.lineage import Manifest
from coproduction.spark.running import Execute, run_models

# What dbt computes on DuckDB before: files, the codebook, and what follows from the codebook alone.
_BESIDE_SPARK = "beside_spark"


class CountingError(CoproductionError):
    """The project could not be counted; the message says which step stopped."""


@dataclass(frozen=True)
class Counted:
    """A project that was counted on Spark: what was computed, and a session that reads it."""

    manifest: Manifest
    catalogue: Catalogue


def count_on_spark(
    project: Path, folder: Path, execute: Execute, variables: str, say: Callable[[str], None]
) -> Counted:
    """Count the surveys of a project on Spark.

    Args: `project` is the folder with dbt_project.yml; `folder` gets the Parquet files, and Spark must know it under
    the same path; `execute` runs a statement of Spark SQL; `variables` is YAML as for dbt's --vars; `say` prints a
    line. Returns what was counted. Raises CountingError if dbt stops, and RefusedError if the gate refuses an export.
    """
    say("dbt loads the files and the codebook, and compiles the models.")
    _dbt(project, "build", "--selector", _BESIDE_SPARK, "--indirect-selection", "cautious", "--vars", variables)
    _dbt(project, "compile", "--vars", variables)
    manifest = Manifest.read(project / (option_of_dbt("TARGET_PATH") or "target") / "manifest.json")
    catalogue = Catalogue(warehouse_path(project), manifest.database)
    run_models(manifest, catalogue, execute, folder.resolve(), say)
    return Counted(manifest, catalogue)


def _dbt(project: Path, *arguments: str) -> None:
    """Run the dbt of this environment. Raises CountingError with its last lines if it stops."""
    command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise CountingError(f"dbt {arguments[0]} stopped:\n" + "\n".join(done.stdout.splitlines()[-20:]))
