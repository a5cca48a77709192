"""The quick part of `make faults`: publication killed at each of its moments, and one build killed half way.

The build that follows the killed one is refused every network connection, and its files are looked at too: no third
build is needed for that.
"""

import errno
import os
import signal
import stat
import struct
import subprocess
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from building import PROJECT
from coproduction.build.handover import TooLittleMemoryError, computed
from coproduction.files.warehouse import WarehouseError, prepare_to_write
from coproduction.publishing import snapshot
from coproduction.publishing.plan import PublicationError

sys.path.append(str(PROJECT / "tests" / "faults"))

from faulty import FILES, HOOKS

PUBLISH = """
import sys, duckdb
from pathlib import Path
from coproduction.publishing.plan import PublishedTable
from coproduction.publishing.snapshot import create_table, replace_published

connection = duckdb.connect()
connection.execute("create schema reports")
tables = [PublishedTable("reports", f"rpt_{i}", (), (), (), "A table.", {"build": "Which build."}) for i in range(20)]
for table in tables:
    connection.execute(f"create table {table.full_name} as select {sys.argv[2]} as build from range(5000)")
replace_published(
    Path(sys.argv[1]), lambda name: [create_table(connection, name, table, 10) for table in tables], connection
)
"""
MOMENTS = {
    "before copy": 1,
    "mid copy": 1,
    "before checkpoint": 1,
    "before sync": 1,
    "before rename": 1,
    "after rename": 2,
    "before the claim is dropped": 2,
}

CONNECT = "import socket; socket.create_connection(('127.0.0.1', 9), timeout=5)"


def publish(path: Path, build: int, moment: str = "") -> int:
    """Publish twenty tables in a process of its own, killed at a moment; return how it ended."""
    command = [sys.executable, "-c", PUBLISH, str(path), str(build)]
    environment = {"PYTHONPATH": f"{HOOKS}:{PROJECT / 'python'}", "FAULT_KILL_AT": moment}
    return subprocess.run(command, env=environment, check=False, timeout=60).returncode


def build_of(path: Path) -> int:
    """Return the build that every row of every published table is of."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        assert len(tables) == 20
        counts = {
            connection.execute(f"select max(build), sum(build) from reports.{name}").fetchone() for name in tables
        }
    ((build, total),) = counts
    assert total == build * 5000
    return build


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "build"), MOMENTS.items())
def test_publication_that_is_killed_leaves_the_old_file_or_the_new(tmp_path, moment, build):
    path = tmp_path / "published.duckdb"
    assert publish(path, 1) == 0
    before = path.read_bytes()
    assert publish(path, 2, moment) == -signal.SIGKILL
    assert build_of(path) == build
    assert (path.read_bytes() == before) == (build == 1)
    # The next one needs no hand, and takes away what the killed one left.
    assert publish(path, 3) == 0
    assert build_of(path) == 3
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "no_folder").write_text("a file")
    with pytest.raises(WarehouseError, match=r"no_folder cannot be written to .*COPRODUCTION_WAREHOUSE"):
        prepare_to_write(tmp_path / "no_folder" / "coproduction.duckdb")


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
def test_a_build_that_is_killed_and_the_next_which_connects_to_nothing(rebuilt):
    assert rebuilt.killed.published_after_the_kill == rebuilt.killed.published_before
    assert rebuilt.build.succeeded, rebuilt.build.output
    assert rebuilt.build_id != rebuilt.killed.build_id
    folder = rebuilt.project.warehouse_path.parent
    assert {path.name for path in folder.iterdir()} == FILES
    attempts = rebuilt.attempts_to_connect
    assert not attempts.exists(), attempts.read_text()
    published = folder / "published.duckdb"
    written = [
        path for folder in ("warehouse", "target", "logs") for path in _files(rebuilt.project.directory / folder)
    ]
    assert len(written) > 100
    for path in written:
        readable = stat.S_IRGRP if path == published else 0
        assert stat.S_IMODE(path.stat().st_mode) & ~stat.S_IRWXU == readable, path


def test_a_connection_would_be_refused_and_recorded(tmp_path):
    attempts = tmp_path / "attempts"
    tried = subprocess.run(
        [sys.executable, "-c", CONNECT],
        env={"PYTHONPATH": str(HOOKS), "FAULT_NO_NETWORK": str(attempts)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert tried.returncode == 1
    assert "is refused by a test" in tried.stderr
    assert "127.0.0.1" in attempts.read_text()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_server_sees_the_new_file_once_it_has_closed_every_connection_to_the_old_one(tmp_path):
    """As the page for BI servers says: within a process, DuckDB keeps to the file that is open under a name."""
    path = tmp_path / "published.duckdb"
    assert publish(path, 1) == 0
    held = duckdb.connect(str(path), read_only=True)
    assert publish(path, 2) == 0
    with duckdb.connect(str(path), read_only=True) as pooled:
        assert pooled.execute("select max(build) from reports.rpt_0").fetchone() == (1,)
    held.close()
    assert build_of(path) == 2
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_group_and_mode_that_an_administrator_gave_survive_a_build(tmp_path, monkeypatch):
    path = tmp_path / "published.duckdb"
    assert publish(path, 1) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o664)
    groups = [group for group in os.getgroups() if group != path.stat().st_gid] or [4242] * (os.geteuid() == 0)
    if groups:
        os.chown(path, -1, groups[0])
    before = path.stat()
    assert publish(path, 2) == 0
    assert build_of(path) == 2
    assert (path.stat().st_gid, path.stat().st_mode) == (before.st_gid, before.st_mode)


# What `setfacl --modify user:4242:r` keeps on a file of mode 0640: version 2; then tag, rights and id of each entry.
ACCESS_LIST = struct.pack(
    "<I" + "HHI" * 5, 2,
    0x01, 6, 2**32 - 1,  0x02, 4, 4242,  0x04, 4, 2**32 - 1,  0x10, 4, 2**32 - 1,  0x20, 0, 2**32 - 1,
)  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="access lists of this kind are Linux's")
def test_the_access_list_that_an_administrator_gave_survives_a_build(tmp_path):
    path = tmp_path / "published.duckdb"
    assert publish(path, 1) == 0
    name = "system.posix_acl_access"
    try:
        os.setxattr(path, name, ACCESS_LIST)
    except OSError:
        pytest.skip("this disk keeps no access lists")
    before = path.stat().st_mode
    assert publish(path, 2) == 0
    assert build_of(path) == 2
    assert os.getxattr(path, name) == ACCESS_LIST
    assert path.stat().st_mode == before


def test_an_access_list_that_cannot_be_given_keeps_the_old_file(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    path, new = tmp_path / "published.duckdb", tmp_path / "new"
    for file in (path, new):
        file.touch()
    monkeypatch.setattr(snapshot.os, "getxattr", lambda *_: ACCESS_LIST, raising=False)
    monkeypatch.setattr(snapshot.os, "setxattr", refuse, raising=False)
    with pytest.raises(PublicationError, match=r"an access list \(setfacl\) that cannot be given to the new file"):
        snapshot._give_mode(new, path)


def test_a_group_that_this_account_may_not_give_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "published.duckdb"
    path.write_bytes(b"before")

    def refuse(*_):
        raise PermissionError

    def of_another_group(file):
        return SimpleNamespace(st_gid=1 + (Path(file) == path), st_mode=0o100640)

    monkeypatch.setattr(snapshot.os, "chown", refuse)
    monkeypatch.setattr(snapshot.Path, "stat", of_another_group)
    with pytest.raises(PublicationError, match=r"has a group \(id 2\) to which this account may not give files"):
        snapshot._give_mode(tmp_path / "new", path)


def test_too_little_memory_in_a_python_model_is_one_line():
    def estimate(_):
        raise MemoryError

    with duckdb.connect() as connection, pytest.raises(TooLittleMemoryError) as refused:
        computed(connection, estimate, connection.sql("select 1 as a"))
    assert "".join(traceback.format_exception(refused.value)) == (
        "coproduction.build.handover.TooLittleMemoryError: Out of Memory in estimate: no room for a frame\n"
    )
