"""Ways of building a study other than all at once: each has to give the same tables."""

from __future__ import annotations

import csv
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from building import Build, Project
from coproduction.parts.kept_parts import parts_in
from elsewhere import all_in_parquet
from studies import BUNDLED

# A council that is there while parts are counted, and not when they are built from.
GONE = "gone"
# With these, one council-wave is counted without many of its respondents, before the build with the usual variables.
OTHER_VARIABLES = "{excluded_flags: [mostly_blank], mostly_blank_below: 0.95}"


@dataclass(frozen=True)
class FromParts:
    """A project counted in two shards in another state, then built from parts as it is, with a killed part between."""

    project: Project
    plan: list[list[str]]
    counted_by_shards: dict[str, str]
    records_after_the_kill: dict[str, str]
    work_after_the_kill: list[Path]
    build: Build

    @property
    def parts(self) -> Path:
        """The folder of the parts."""
        return parts_of(self.project)


def parts_of(project: Project) -> Path:
    """Return the folder of a project's parts."""
    return project.directory / "warehouse" / "parts"


def records(project: Project) -> dict[str, str]:
    """Return the key that each unit has a part of."""
    return {unit_id: key for part in parts_in(parts_of(project)) for unit_id, key in part.units.items()}


def build_from_parts(project: Project) -> FromParts:
    """Count a project in shards in another state, kill a part, and build the project as it is from the parts.

    In the other state an export has other answers, an answer another name, variables other values, and a council is
    there that will be gone.
    """
    codebook_and_exports = (project.directory / "seeds").rglob("*.csv")
    before = {path: path.read_bytes() for path in [project.directory / "dbt_project.yml", *codebook_and_exports]}
    _change_everything(project)
    planned = project.run("coproduction", "shards", "2")
    assert planned.succeeded, planned.output
    lines = (parts_of(project) / "shards.txt").read_text(encoding="utf-8").splitlines()
    plan = [shlex.split(line) for line in lines]
    shards = [_started(project, command) for command in plan]
    outputs = [shard.communicate()[0] for shard in shards]
    assert [shard.returncode for shard in shards] == [0] * len(plan), outputs
    for path, content in before.items():
        path.write_bytes(content)
    project.export_path(GONE).unlink()
    with_variables = project.run("coproduction", "part", "swansea.wave_1", "--vars", OTHER_VARIABLES)
    assert with_variables.succeeded, with_variables.output
    counted = records(project)
    _kill_a_part(project)
    work = list(parts_of(project).glob(".work-*"))
    after = records(project)
    return FromParts(project, plan, counted, after, work, project.run("coproduction", "build", "--changed"))


def _change_everything(project: Project) -> None:
    """Change an answer of Barnet, the name of an answer in Wolverhampton, and add a council that will be gone."""
    header, first, second, *rows = project.read_export("barnet")
    project.write_export("barnet", [header, [first[0], *second[1:]], [second[0], *first[1:]], *rows[:-1]])
    scales = {council: set(project.scales_of(council).values()) for council in BUNDLED}
    own = scales.pop("wolverhampton").difference(*scales.values())
    path = project.directory / "seeds" / "codebook" / "answers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        answers = list(csv.reader(file))
    next(row for row in answers if row[0] in own and row[2] == "valid")[6] = "Renamed"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(answers)
    # Its rows of the codebook come between those of the others, so that every number of the codebook moves.
    project.copy_council("derbyshire_dales", GONE, every=2)


def _kill_a_part(project: Project) -> None:
    """Kill a part while it is being made: dbt has begun to write its warehouse."""
    running = _started(project, ["coproduction", "part", "barnet.wave_1"])
    limit = time.monotonic() + project.seconds
    while not any(parts_of(project).glob(".work-*/part.duckdb")):
        assert time.monotonic() < limit and running.poll() is None
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()


def _started(project: Project, command: list[str]) -> subprocess.Popen:
    """Start a command of coproduction in the project."""
    silent = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    command = [sys.executable, "-m", *command]
    return subprocess.Popen(command, cwd=project.directory, start_new_session=True, **silent)


def build_from_spark(project: Project) -> Build:
    """Build a project from counts of Spark. Skips the test without pyspark or Java, and says what is missing."""
    sessions = pytest.importorskip("coproduction.spark.sessions", reason="sqlglot is not installed: run make spark")
    reason = sessions.why_not_here()
    if reason:
        pytest.skip(reason)
    counted = project.run("python", "-m", "coproduction.spark")
    assert counted.succeeded, counted.output
    build = project.run("coproduction", "build", "--changed")
    assert "Nothing has changed" in build.output, "the parts of Spark were not taken"
    return build


WAYS: dict[str, Callable[[Project], Build]] = {
    "parts": lambda project: build_from_parts(project).build,
    "Parquet": lambda project: all_in_parquet(project).build(),
    "Spark": build_from_spark,
}
