"""Takes a project to its counts by way of Spark: dbt, the models on Spark, the gate, the files to hand over."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coproduction.errors import CoproductionError
from coproduction.exports.leaving_out import check_exports
from coproduction.files.profile import option_of_dbt
from coproduction.files.warehouse import warehouse_path
from coproduction.parts.project_parts import ProjectUnits, units_with_keys
from coproduction.spark.catalogue import Catalogue
from coproduction.spark.lineage import Manifest
from coproduction.spark.running import Execute, run_models

# What dbt computes on DuckDB before: files, the codebook, and what follows from the codebook alone.
_BESIDE_SPARK = "beside_spark"


class CountingError(CoproductionError):
    """The project could not be counted; the message says which step stopped."""


@dataclass(frozen=True)
class Counted:
    """A project that was counted on Spark: its council-waves, what was computed, and a session that reads it."""

    units: ProjectUnits
    manifest: Manifest
    catalogue: Catalogue


def count_on_spark(
    project: Path, folder: Path, execute: Execute, variables: Mapping[str, Any], say: Callable[[str], None]
) -> Counted:
    """Count the surveys of a project on Spark.

    Args: `project` is the folder with dbt_project.yml; `folder` gets the Parquet files, and Spark must know it under
    the same path; `execute` runs a statement of Spark SQL; `variables` are those given to dbt with --vars; `say`
    prints a line. Returns what was counted. Raises CountingError if dbt stops, and RefusedError if the gate
    refuses an export.
    """
    units = units_as_they_are(project, variables)
    given = ("--vars", json.dumps(dict(variables)))
    say("dbt loads the files and the codebook, and compiles the models.")
    _dbt(project, "build", "--selector", _BESIDE_SPARK, "--indirect-selection", "cautious", *given)
    _dbt(project, "compile", *given)
    manifest = Manifest.read(project / (option_of_dbt("TARGET_PATH") or "target") / "manifest.json")
    catalogue = Catalogue(warehouse_path(project), manifest.database)
    run_models(manifest, catalogue, execute, folder.resolve(), say)
    return Counted(units, manifest, catalogue)


def units_as_they_are(project: Path, variables: Mapping[str, Any]) -> ProjectUnits:
    """Return the council-waves that take part, with the key of each, from the files as they are now."""
    return units_with_keys(project, variables, check_exports(project, variables, with_notes=False).left_out)


def _dbt(project: Path, *arguments: str) -> None:
    """Run the dbt of this environment. Raises CountingError with its last lines if it stops."""
    command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise CountingError(f"dbt {arguments[0]} stopped:\n" + "\n".join(done.stdout.splitlines()[-20:]))
