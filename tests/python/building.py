"""Copies of the project that tests may change and build, as a user would, with the dbt command."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import pandas as pd
import yaml

PROJECT = Path(__file__).resolve().parents[2]

# What a build reads; the rest of the project (tests of Python, documentation) need not be copied.
_PARTS = [
    "dbt_project.yml",
    "profiles.yml",
    "selectors.yml",
    "models",
    "seeds",
    "macros",
    "analyses",
    "tests/generic",
    "tests/singular",
]


# What dbt has read of a project, by the variables of the command. Reading everything takes dbt 12 CPU seconds, so the
# next copy of the project starts with this, and dbt reads only the files that differ, as at a user's second build.
_READ = tempfile.TemporaryDirectory()
_read_with: dict[str, Path] = {}


@dataclass(frozen=True)
class Build:
    """What a dbt command did: its exit code, all that it printed, and the status of each node by its short name."""

    returncode: int
    output: str
    directory: Path

    @property
    def succeeded(self) -> bool:
        """Whether dbt exited with 0."""
        return self.returncode == 0

    @cached_property
    def statuses(self) -> dict[str, str]:
        """Status by node name, from dbt's own record of the run; empty when dbt refused to start."""
        record = self.directory / "target" / "run_results.json"
        if not record.exists():
            return {}
        results = json.loads(record.read_text(encoding="utf-8"))["results"]
        return {result["unique_id"].split(".")[2]: result["status"] for result in results}


@dataclass(frozen=True)
class Project:
    """A copy of the project in a folder that a test may change, and for how long a command may run in it."""

    directory: Path
    seconds: int = 600

    @classmethod
    def copy_to(cls, directory: Path) -> Project:
        """Copy what a build needs into an empty folder."""
        for part in _PARTS:
            source, target = PROJECT / part, directory / part
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        (directory / "warehouse").mkdir()
        return cls(directory)

    @classmethod
    def copy_of(cls, project: Project, directory: Path) -> Project:
        """Copy a project with all that it has built; its files are as new as they were."""
        return cls(Path(shutil.copytree(project.directory, directory)), project.seconds)

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file that a build writes."""
        return self.directory / "warehouse" / "coproduction.duckdb"

    def run(self, *command: str) -> Build:
        """Run a command of the environment in the project's folder, as a user would."""
        (self.directory / "target" / "run_results.json").unlink(missing_ok=True)
        variables = command[command.index("--vars") + 1] if "--vars" in command else ""
        read = self.directory / "target" / "partial_parse.msgpack"
        if variables in _read_with and not read.exists():
            read.parent.mkdir(mode=0o700, exist_ok=True)
            shutil.copy(_read_with[variables], read)
        executable = Path(sys.executable).parent / command[0]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("DBT_", "COPRODUCTION_"))}
        finished = subprocess.run(
            [str(executable), *command[1:]],
            cwd=self.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=self.seconds,
            check=False,
        )
        if variables not in _read_with and read.exists():
            _read_with[variables] = Path(shutil.copy(read, Path(_READ.name) / f"{len(_read_with)}.msgpack"))
        return Build(finished.returncode, finished.stdout + finished.stderr, self.directory)

    def build(self, *arguments: str) -> Build:
        """Run `dbt build`."""
        return self.run("dbt", "build", *arguments)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the warehouse read-only."""
        return duckdb.connect(str(self.warehouse_path), read_only=True)

    def query(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query on the warehouse."""
        with self.connect() as connection:
            return connection.sql(sql).df()

    def export_path(self, export_id: str) -> Path:
        """The file of an export."""
        return self.directory / "seeds" / "exports" / f"{export_id}.csv"

    def read_export(self, export_id: str) -> list[list[str]]:
        """Return header and data rows of an export."""
        with self.export_path(export_id).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    def write_export(self, export_id: str, rows: list[list[str]]) -> None:
        """Write header and data rows of an export."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        self.export_path(export_id).write_text(text.getvalue(), encoding="utf-8")

    def add_codebook_columns(self, seed: str, names: list[str]) -> None:
        """Add blank columns at the end of a seed of the codebook."""
        path = self.directory / "seeds" / "codebook" / f"{seed}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header + names, *(row + [""] * len(names) for row in rows)])
        path.write_text(text.getvalue(), encoding="utf-8")

    def append_codebook(self, seed: str, lines: list[str]) -> None:
        """Add lines of CSV to a seed of the codebook; optional columns at the end may be left out."""
        path = self.directory / "seeds" / "codebook" / f"{seed}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            width = len(next(csv.reader(file)))
        with path.open("a", encoding="utf-8") as file:
            file.writelines(line + "," * (width - len(next(csv.reader([line])))) + "\n" for line in lines)

    def spoil_while_loading(self, export_id: str, column: str, respondent: str, label: str) -> None:
        """Let dbt change one cell of a loaded export, as if the file had changed after the check.

        The check refuses what the gate would stop, so this is how an unknown answer reaches the gate.
        """
        path = self.directory / "dbt_project.yml"
        identifier, identity = respondent.split("=")
        hook = f"update {{{{ this }}}} set \"{column}\" = '{label}' where \"{identifier}\" = '{identity}'"
        text = path.read_text(encoding="utf-8")
        lines = f"      {export_id}:\n        +post-hook: '{hook.replace(chr(39), 2 * chr(39))}'\n"
        path.write_text(text.replace("      +schema: raw\n", "      +schema: raw\n" + lines), encoding="utf-8")

    def scales_of(self, export_id: str) -> dict[str, str]:
        """Return the scale of each column that the codebook claims of an export."""
        path = self.directory / "seeds" / "codebook" / "questions.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return {
                row["column_name"]: row["scale_id"] for row in csv.DictReader(file) if row["export_id"] == export_id
            }

    def respondent_column(self, export_id: str) -> str:
        """Return the column that holds the ids of an export."""
        path = self.directory / "seeds" / "codebook" / "exports.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return next(row["respondent_column"] for row in csv.DictReader(file) if row["export_id"] == export_id)

    def copy_council(self, source: str, council_id: str, every: int) -> None:
        """Add a council that is like another but for its name: every so manieth row of its export, the same codebook.

        The export has the council's name, and so has the source.
        """
        header, *rows = self.read_export(source)
        self.write_export(council_id, [header, *rows[::every]])
        for seed, names in {
            "councils": {"council_id": council_id, "council_name": council_id},
            "exports": {"export_id": council_id, "council_id": council_id},
            "questions": {"export_id": council_id},
        }.items():
            path = self.directory / "seeds" / "codebook" / f"{seed}.csv"
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            key = next(iter(names))
            copied = [row | names for row in rows if row[key] == source]
            text = io.StringIO()
            csv.DictWriter(text, list(rows[0]), lineterminator="\n").writerows(copied)
            self.append_codebook(seed, text.getvalue().splitlines())
        self.list_exports(council_id)

    def grade_nudges(self, strengths: dict[str, int]) -> None:
        """Give arms of the experiment a strength in the codebook."""
        path = self.directory / "seeds" / "codebook" / "nudge_arms.csv"
        text = path.read_text(encoding="utf-8")
        for arm_id, strength in strengths.items():
            text = re.sub(rf"^({arm_id},[^,]*,\w+,\w+),,", rf"\g<1>,{strength},", text, flags=re.MULTILINE)
        path.write_text(text, encoding="utf-8")

    def list_exports(self, *export_ids: str) -> None:
        """Add exports to the list in dbt_project.yml, one line each."""
        path = self.directory / "dbt_project.yml"
        text = path.read_text(encoding="utf-8")
        lines = "".join(f"    - {export_id}\n" for export_id in export_ids)
        path.write_text(text.replace("    - wolverhampton\n", "    - wolverhampton\n" + lines), encoding="utf-8")


def _published_reports() -> list[str]:
    """Names of the reports that are published, without their prefix; a step on the way to a report is not."""
    names = []
    for path in sorted((PROJECT / "models" / "reports").glob("rpt_*.yml")):
        (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
        if model.get("config", {}).get("meta", {}).get("is_published", True):
            names.append(path.stem.removeprefix("rpt_"))
    return names


REPORTS = _published_reports()


def read_reports(project: Project, names: Iterable[str] = REPORTS) -> dict[str, pd.DataFrame]:
    """Return reports, all if none is named, each with its rows in one order, so that two warehouses can be compared."""
    return {name: project.query(f"select * from reports.rpt_{name} order by all") for name in names}
