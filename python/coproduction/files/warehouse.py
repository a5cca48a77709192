"""The file that a build writes: its path, and the messages to the user if it cannot be opened."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from coproduction.errors import CoproductionError

if TYPE_CHECKING:
    import duckdb

WAREHOUSE_VARIABLE = "COPRODUCTION_WAREHOUSE"
WAREHOUSE_FILE = "warehouse/coproduction.duckdb"
PUBLISHED_NAME = "published.duckdb"


# Kept open until this process ends, because closing the file would release the claim.
_claims: dict[Path, TextIO] = {}


class WarehouseError(CoproductionError):
    """The warehouse cannot be opened; the message gives the reason and the remedy."""


def warehouse_path(project_directory: Path) -> Path:
    """Return the file that a build writes: COPRODUCTION_WAREHOUSE, or the usual place in the project."""
    return Path(project_directory) / (os.environ.get(WAREHOUSE_VARIABLE) or WAREHOUSE_FILE)


def published_path(warehouse: Path) -> Path:
    """Return the file that readers and BI tools open; it is in the folder of the file that a build writes."""
    return warehouse.with_name(PUBLISHED_NAME)


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a built warehouse for reading. Raises WarehouseError if it is missing, in use, or not a warehouse."""
    import duckdb

    if not path.is_file():
        raise WarehouseError(
            f"There is no warehouse at {path}. Build it with `dbt build`, or name its path in the environment variable "
            f"{WAREHOUSE_VARIABLE}."
        )
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as reason:
        raise WarehouseError(_why_not_opened(path, str(reason))) from reason


def prepare_to_write(path: Path) -> None:
    """Create the folder of the warehouse, and check that the file is writable and not open in another program.

    DuckDB allows either one writing process or several reading processes. Without this check dbt would print a
    traceback. Raises WarehouseError if another program has the file open, or if the folder is read-only, full, or not a
    folder.
    """
    import duckdb

    if path.name == PUBLISHED_NAME:
        raise WarehouseError(
            f"{WAREHOUSE_VARIABLE} names {path}, and a build publishes under that name. Give the warehouse another one."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _claim(path)
    except OSError as reason:
        raise WarehouseError(
            f"The folder {path.parent} cannot be written to ({reason.strerror or reason}). See that it may be written "
            f"and has room, or put the warehouse elsewhere with the environment variable {WAREHOUSE_VARIABLE}."
        ) from reason
    if not path.is_file():
        return
    # Other users may be able to read a file that an old version built or that was copied, and it holds single
    # respondents. The mode of a file that belongs to another account cannot be changed.
    with contextlib.suppress(PermissionError):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~stat.S_IRWXO)
    try:
        duckdb.connect(str(path)).close()
    except duckdb.Error as reason:
        raise WarehouseError(_why_not_opened(path, str(reason))) from reason


def _claim(path: Path) -> None:
    """Check that no other build has claimed the warehouse, because dbt opens it only seconds after its start.

    The claim ends when this process ends, also if it is killed. Raises WarehouseError if another process has a claim.
    """
    if path in _claims:
        return
    try:
        import fcntl
    except ImportError:  # On Windows the later of two builds ends with an error when it opens the file.
        return
    claim = path.with_name(f".{path.name}.claim").open("a+")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as reason:
        claim.seek(0)
        raise WarehouseError(_in_use(path, f"process {claim.read().strip() or '?'} (another build)")) from reason
    claim.truncate(0)
    claim.write(str(os.getpid()))
    claim.flush()
    _claims[path] = claim


def write_private_files(*begun: Path) -> None:
    """Make all files that this process writes from now on readable only by the owner: warehouse, logs, queries.

    All of them hold answers of single people. The published file gets its mode when it is written. Args: `begun` are
    files that this process opened before, such as the log; files of another account keep their mode.
    """
    os.umask(os.umask(0) | stat.S_IRWXG | stat.S_IRWXO)
    for path in begun:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~(stat.S_IRWXG | stat.S_IRWXO))


def _why_not_opened(path: Path, reason: str) -> str:
    """Turn DuckDB's error into a message: the problem, the process that has the file open, and the remedy."""
    if "lock" not in reason.lower():
        return f"{path} cannot be opened as a DuckDB warehouse: {reason}"
    # DuckDB names the program and its process id, on some systems only the latter.
    holder = re.search(r"held in (?P<program>.*?) ?\(PID (?P<pid>\d+)\)", reason)
    who = f"process {holder['pid']} ({holder['program']})" if holder else "another process"
    return _in_use(path, who)


def _in_use(path: Path, who: str) -> str:
    return (
        f"{path} is in use by {who}: a build needs it alone, and nobody can read it while a build writes. "
        "Wait until it has finished, or close that program, and try again."
    )
