"""The file that a build writes: where it is, and what to tell the user when it cannot be opened."""

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


# Kept open for as long as this process lives: closing the file would give up the claim.
_claims: dict[Path, TextIO] = {}


class WarehouseError(CoproductionError):
    """The warehouse cannot be shown; the message says why and what to do."""


def warehouse_path(project_directory: Path) -> Path:
    """Return the file that a build writes: COPRODUCTION_WAREHOUSE, or the usual place in the project."""
    return Path(project_directory) / (os.environ.get(WAREHOUSE_VARIABLE) or WAREHOUSE_FILE)


def published_path(warehouse: Path) -> Path:
    """Return the file that readers and BI tools open; it lies beside the one that a build writes."""
    return warehouse.with_name(PUBLISHED_NAME)


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a built warehouse to read. Raises WarehouseError if it is missing, in use, or no warehouse."""
    import duckdb

    if not path.is_file():
        raise WarehouseError(
            f"There is no warehouse at {path}. Build it with `dbt build`, or say with the environment variable "
            f"{WAREHOUSE_VARIABLE} where it lies."
        )
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as reason:
        raise WarehouseError(_why_not_opened(path, str(reason))) from reason


def prepare_to_write(path: Path) -> None:
    """Make the folder of the warehouse, and check that no other program has the file open and that it can be written.

    DuckDB allows either one process that writes or several that read. Without this check dbt would print a traceback.
    Raises WarehouseError if another program has the file open, or if the folder is read-only, full, or no folder.
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
    # A file that was built by an old version or copied may be readable by others, and it holds single respondents.
    # The mode of a file that belongs to another account cannot be changed.
    with contextlib.suppress(PermissionError):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~stat.S_IRWXO)
    try:
        duckdb.connect(str(path)).close()
    except duckdb.Error as reason:
        raise WarehouseError(_why_not_opened(path, str(reason))) from reason


def _claim(path: Path) -> None:
    """Check that no other build is about to open the warehouse, because dbt opens it only seconds after it started.

    The claim ends when this process ends, also if it is killed. Raises WarehouseError if another process has one.
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
    """Let nobody but the owner read what this process writes from now on: warehouse, logs and compiled queries.

    All of them hold what single people answered. The published file is given its mode when it is written. Args: `begun`
    are files that this process opened before, such as the log; files of another account keep their mode.
    """
    os.umask(os.umask(0) | stat.S_IRWXG | stat.S_IRWXO)
    for path in begun:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~(stat.S_IRWXG | stat.S_IRWXO))


def _why_not_opened(path: Path, reason: str) -> str:
    """Turn DuckDB's reason into what happened, who is in the way, and what to do."""
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
