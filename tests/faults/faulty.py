"""A project that builds are interrupted in, and what has to hold afterwards."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from building import Project

HOOKS = Path(__file__).resolve().parent / "hooks"

# All that a build leaves beside each other, whatever happened before it.
FILES = {"coproduction.duckdb", "published.duckdb", ".coproduction.duckdb.claim"}

PATIENCE = 600


@dataclass
class Running:
    """A dbt command in a session of its own, so that all its processes can be found and killed."""

    process: subprocess.Popen
    printed: IO[bytes]

    @property
    def pids(self) -> list[int]:
        """Every process of the command that is alive: dbt's, and those that it started, such as git."""
        return [pid for pid, session, state in _processes() if session == self.process.pid and state != "Z"]

    def finish(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and all that was printed."""
        self.process.wait(timeout=PATIENCE)
        self.printed.seek(0)
        return self.process.returncode, self.printed.read().decode("utf-8")

    def all_end_within(self, seconds: float) -> bool:
        """Return whether no process of the command is left after so many seconds at most."""
        limit = time.monotonic() + seconds
        while self.pids and time.monotonic() < limit:
            time.sleep(0.05)
        return not self.pids


@dataclass(frozen=True)
class Faulty:
    """A copy of the project in which builds go wrong."""

    project: Project

    @property
    def published(self) -> Path:
        """The file that readers open."""
        return self.project.warehouse_path.with_name("published.duckdb")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the published file."""
        return hashlib.sha256(self.published.read_bytes()).hexdigest()

    def start(self, *command: str, **environment: str) -> Running:
        """Start a command, `dbt build` if none is named, with faults from its environment."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DBT_", "COPRODUCTION_"))}
        command = command or ("dbt", "build")
        # What makes the faults comes first; a path of whoever runs the tests stays.
        path = os.pathsep.join(filter(None, [str(HOOKS), kept.get("PYTHONPATH")]))
        # Not a pipe: once it is full, dbt would wait for a test that waits for dbt.
        printed = tempfile.TemporaryFile()  # noqa: SIM115 -- it is read when the command has ended
        return Running(
            subprocess.Popen(
                [str(Path(sys.executable).parent / command[0]), *command[1:]],
                cwd=self.project.directory,
                env={**kept, "PYTHONPATH": path, **environment},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ),
            printed,
        )

    def build(self, **environment: str) -> tuple[int, str]:
        """Run `dbt build` with faults to its end; return exit code and output."""
        return self.start(**environment).finish()

    def build_id(self) -> str:
        """Return the build that the published file is of, once every table in it was found whole."""
        with duckdb.connect(str(self.published), read_only=True) as connection:
            manifest = "from publication.manifest"
            for name, n_rows in connection.execute(
                f"select item, n_rows {manifest} where part_id = 'table'"
            ).fetchall():
                # Every row of every column is read, not only counted.
                found = connection.execute(f"select count(*), sum(hash(t)) from {name} as t").fetchone()[0]
                assert found == n_rows, name
            return connection.execute(f"select value {manifest} where item = 'build_id'").fetchone()[0]

    def assert_recovers(self, **environment: str) -> None:
        """Assert that the next plain build succeeds with no hand work, publishes, and leaves nothing behind."""
        before = self.build_id()
        returncode, output = self.build(**environment)
        assert returncode == 0, output
        assert self.build_id() != before
        assert {path.name for path in self.published.parent.iterdir()} == FILES


def _processes() -> list[tuple[int, int, str]]:
    """Return process id, session and state of every process."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                state, _, _, session = (path / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            found.append((int(path.name), int(session), state))
    return found
