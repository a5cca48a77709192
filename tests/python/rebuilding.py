"""One build after another, with everything that could go wrong between them."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from building import PROJECT, Build, Project
from studies import BUNDLED

sys.path.append(str(PROJECT / "tests" / "faults"))

from faulty import Faulty

_HOLD_AND_READ = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as held:
    query = "select value from publication.manifest where item = 'build_id'"
    print(held.execute(query).fetchone()[0], flush=True)
    sys.stdin.readline()
    print(held.execute(query).fetchone()[0], flush=True)
with duckdb.connect(sys.argv[1], read_only=True) as again:
    print(again.execute(query).fetchone()[0], flush=True)
"""


@dataclass(frozen=True)
class Killed:
    """What a killed build left: the published file's hash before it and after it, and the build that the file is of."""

    published_before: str
    published_after_the_kill: str
    build_id: str


@dataclass(frozen=True)
class Rebuilt:
    """A project that was built, killed in its second build, and built a third time while a reader held its results.

    In the third build the rows of every export are in another order, and every connection to a network is refused.
    """

    project: Project
    build: Build
    killed: Killed | None
    build_id: str
    attempts_to_connect: Path
    inode_before: int
    inode_after: int
    read_before: str
    read_while_held: str
    read_again: str


def rebuild(built: Project, folder: Path) -> Rebuilt:
    """Build a copy of a built project again, in an empty folder, with a kill before and a reader beside it."""
    faulty = Faulty(Project.copy_of(built, folder / "project"))
    # Commands of other tests in that project do not make their files private, because they write no answers.
    for name in ("target", "logs"):
        shutil.rmtree(faulty.project.directory / name)
    killed = _kill_one(faulty) if sys.platform == "linux" else None
    _shuffle_exports(faulty.project)
    attempts = folder / "attempts"
    inode_before = faulty.published.stat().st_ino
    reader = subprocess.Popen(
        [sys.executable, "-c", _HOLD_AND_READ, str(faulty.published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    read_before = reader.stdout.readline().strip()
    returncode, output = faulty.build(FAULT_NO_NETWORK=str(attempts))
    inode_after = faulty.published.stat().st_ino
    read_while_held, read_again = reader.communicate("\n", timeout=60)[0].splitlines()
    return Rebuilt(
        faulty.project,
        Build(returncode, output, faulty.project.directory),
        killed,
        faulty.build_id(),
        attempts,
        inode_before,
        inode_after,
        read_before,
        read_while_held,
        read_again,
    )


def _kill_one(faulty: Faulty) -> Killed:
    before, build_id = _hash(faulty), faulty.build_id()
    running = faulty.start()
    _wait_for((faulty.project.directory / "target" / "graph_summary.json").exists)
    time.sleep(2)
    running.process.kill()
    running.finish()
    assert running.all_end_within(60)
    return Killed(before, _hash(faulty), build_id)


def _hash(faulty: Faulty) -> str:
    return hashlib.sha256(faulty.published.read_bytes()).hexdigest()


def _wait_for(condition) -> None:
    limit = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


def _shuffle_exports(project: Project) -> None:
    shuffler = random.Random(20130530)
    for export_id in BUNDLED:
        header, *rows = project.read_export(export_id)
        shuffler.shuffle(rows)
        project.write_export(export_id, [header, *rows])
