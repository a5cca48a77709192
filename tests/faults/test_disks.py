"""A disk that is full, or that may not be written: a message that says so, and nothing is lost."""

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from faulty import Faulty

MEGABYTE = 1024 * 1024


def _why_no_mounts() -> str | None:
    if os.geteuid() != 0:
        return "only root may mount a small disk"
    # Containers give root without the right to mount.
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False, capture_output=True
    )
    return None if tried.returncode == 0 else "this machine lets nobody mount a small disk"


REASON = _why_no_mounts()
pytestmark = pytest.mark.skipif(REASON is not None, reason=str(REASON))


@contextmanager
def small_disk(folder: Path, n_bytes: int):
    """Put the files of a folder on a disk of their own, which has so many bytes in all."""
    kept = folder.with_name("kept")
    folder.rename(kept)
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={n_bytes}", "tmpfs", str(folder)], check=True)
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()
        kept.rename(folder)


def remount(folder: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


def room(faulty: Faulty) -> int:
    """Return the bytes that the files of a built project take."""
    return sum(path.stat().st_size for path in faulty.published.parent.iterdir())


# What is free beside the files of the build before: nothing, too little for a table, for all tables, for publication.
@pytest.mark.fault("full disks")
@pytest.mark.parametrize("n_free", [0, 1, 4, 8, 12])
def test_a_full_disk(faulty, n_free):
    folder = faulty.published.parent
    with small_disk(folder, room(faulty) + n_free * MEGABYTE):
        before = faulty.fingerprint
        returncode, output = faulty.build()
        assert returncode != 0, output
        # DuckDB's words somewhere in dbt's, and at the end one sentence for whoever does not read those.
        assert "No space left on device" in output
        assert re.search(r"disk of \S*coproduction.duckdb is full|See that it may be written and has room", output), (
            output
        )
        assert faulty.fingerprint == before
        # Somebody makes room: that is all that has to be done.
        remount(folder, f"size={room(faulty) + 500 * MEGABYTE}")
        faulty.assert_recovers()


@pytest.mark.fault("full disks")
def test_a_full_disk_while_publishing(faulty):
    """The warehouse is on a disk with room, and what is left is too little for the second of two published files."""
    folder = faulty.published.parent
    with small_disk(folder, room(faulty) + 500 * MEGABYTE):
        faulty.assert_recovers()
        before = faulty.fingerprint
        # As much as the warehouse needs, and half of a published file.
        returncode, output = faulty.build(FAULT_FILL=str(faulty.published.stat().st_size // 2))
        assert returncode == 1, output
        assert "Not published" in output
        assert "stays as it was" in output
        assert "has room" in output
        assert faulty.fingerprint == before
        (folder / "filler").unlink()
        faulty.assert_recovers()


@pytest.mark.fault("read-only folders")
def test_a_folder_that_may_not_be_written(faulty):
    folder = faulty.published.parent
    with small_disk(folder, room(faulty) + 500 * MEGABYTE):
        before = faulty.fingerprint
        remount(folder, "ro")
        returncode, output = faulty.build()
        assert returncode != 0
        assert "Traceback" not in output
        assert "Nothing was built" in output
        assert str(folder) in output
        assert "Read-only file system" in output
        assert faulty.fingerprint == before
        assert faulty.build_id()
        remount(folder, "rw")
        faulty.assert_recovers()


@pytest.mark.fault("read-only folders")
def test_a_folder_that_may_not_be_written_before_anything_was_built(faulty):
    folder = faulty.published.parent
    shutil.rmtree(folder)
    folder.mkdir()
    with small_disk(folder, MEGABYTE):
        remount(folder, "ro")
        returncode, output = faulty.build()
        assert returncode != 0
        assert "Traceback" not in output
        assert "Read-only file system" in output
