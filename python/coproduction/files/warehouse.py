"""The file that a build writes: its path, and the messages to the user if it cannot be opened."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coproduction.errors import CoproductionError
from coproduction.files.plain_files import make_private, open_plain, require_plain
from coproduction.files.profile import path_in_profile

if TYPE_CHECKING:
    import duckdb

WAREHOUSE_VARIABLE = "COPRODUCTION_WAREHOUSE"
WAREHOUSE_NAME = "coproduction.duckdb"
PUBLISHED_NAME = "published.duckdb"
# What the name of a warehouse that was set aside has at its end, before the time.
SET_ASIDE = ".set_aside_"

# DuckDB's mark after the first eight bytes of each of its files.
_MARK = slice(8, 12)
_DUCK = b"DUCK"
_DAMAGED = "Corrupt database file|Could not read enough bytes|Failed to deserialize|is not a valid DuckDB database"
# About a published file, which `coproduction reset` leaves as it is.
PUBLISH = "Name the file that `coproduction build` writes for readers: warehouse/published.duckdb in the project."
RESET = "`coproduction reset` sets it aside, and the next build makes a new one."
# In a file that a build has begun to fill, one of these schemas has tables.
_OWN = "'raw', 'codebook', 'paper', 'staging', 'quality', 'intermediate', 'marts', 'counts', 'estimates', 'reports'"
_FOREIGN = f"""
    select count(*) > 0 and count(*) filter (where schema_name in ({_OWN}, 'publication')) = 0
    from duckdb_tables() where not internal
"""

# Kept open until this process ends, because closing the file would release the claim.
_claims: dict[Path, int] = {}


class WarehouseError(CoproductionError):
    """The warehouse cannot be opened; the message gives the reason and the remedy."""


def warehouse_path(project: Path) -> Path:
    """Return the file that a build of a project writes, which is the path that the profile gives to dbt.

    A relative path starts at the project, wherever a command was started. Raises ProfileError if there is no path, and
    WarehouseError if it is no file.
    """
    return file_of_path(path_in_profile(project), project)


def file_of_path(path: str, project: Path) -> Path:
    """Return the file that a path of a profile means. Raises WarehouseError for a database that is no file."""
    if not path or path.startswith(":memory:") or re.match(r"\w{2,}:", path):
        raise WarehouseError(
            f"The profile builds into {path!r}. The warehouse has to be a file, because it is published from there: "
            f"name one in profiles.yml or in the environment variable {WAREHOUSE_VARIABLE}."
        )
    return project / Path(path).expanduser() if path.startswith("~") else project / path


def published_path(warehouse: Path) -> Path:
    """Return the file that readers and BI tools open, beside the file that a build writes; links are followed.

    Each warehouse has its own, so that a build into another file does not replace what readers of the first one open:
    `coproduction.duckdb` is published as `published.duckdb`, and `trial.duckdb` as `trial.published.duckdb`.
    """
    file = warehouse.resolve()
    return file.with_name(PUBLISHED_NAME if file.name == WAREHOUSE_NAME else f"{file.stem}.{PUBLISHED_NAME}")


def require_published_file(path: Path) -> None:
    """Raise WarehouseError if there is no file at the path of a published file, or one that is no DuckDB file."""
    if not path.exists():
        raise WarehouseError(
            f"There is no published file at {path}. `coproduction build` writes one if every test passes. If it is "
            "elsewhere, name its path."
        )
    if path.is_dir():
        raise WarehouseError(f"{path} is a folder. {PUBLISH}")
    _require_duckdb_file(path, PUBLISH)


@contextmanager
def open_warehouse(path: Path, remedy: str = RESET) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a built warehouse for reading. Raises WarehouseError if it is missing, in use, damaged or no warehouse.

    Args: `remedy` is what the message advises about a file that is damaged or no warehouse.
    """
    import duckdb

    if not path.exists():
        raise WarehouseError(
            f"There is no warehouse at {path}. Build it with `dbt build`, or name its path in the environment variable "
            f"{WAREHOUSE_VARIABLE}."
        )
    _require_duckdb_file(path, remedy)
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            yield connection
    except duckdb.Error as reason:
        # A mistake in a query of ours is no fault of the file.
        if not isinstance(reason, duckdb.IOException) and not re.search(_DAMAGED, str(reason)):
            raise
        raise WarehouseError(_why_not_opened(path, str(reason), remedy)) from reason


def prepare_to_write(path: Path) -> None:
    """Create the folder of the warehouse, and check that the file is writable and not open in another program.

    DuckDB allows either one writing process or several reading processes. Without this check dbt would print a
    traceback. Raises WarehouseError if another program has the file open, if it is damaged or of another program, or if
    the folder is read-only, full, or not a folder; NotPlainError if the published file is a link, pipe or folder.
    """
    path = path.resolve()
    if path.name == PUBLISHED_NAME or path.name.endswith(f".{PUBLISHED_NAME}"):
        raise WarehouseError(
            f"{WAREHOUSE_VARIABLE} names {path}, and a build publishes under that name. Give the warehouse another one."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        claim(path)
    except OSError as reason:
        if isinstance(reason, PermissionError) and _file_of_claim(path).exists():
            raise WarehouseError(
                f"{_file_of_claim(path)} is of another account, which has built here. Build with that account, or put "
                f"the warehouse elsewhere with the environment variable {WAREHOUSE_VARIABLE}."
            ) from reason
        raise WarehouseError(
            f"The folder {path.parent} cannot be written to ({reason.strerror or reason}). See that it may be written "
            f"and has room, or put the warehouse elsewhere with the environment variable {WAREHOUSE_VARIABLE}."
        ) from reason
    # Said now and not after minutes: the new published file would take the place of a link, and readers of the file to
    # which it leads would get no new results.
    require_plain(published_path(path))
    _require_own_published_file(path)
    if not path.exists():
        return
    _require_duckdb_file(path, RESET)
    # Other users may be able to read a file that an old version built or that was copied, and it holds single
    # respondents. The mode of a file that belongs to another account cannot be changed.
    with contextlib.suppress(PermissionError):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~stat.S_IRWXO)
    _open_once(path)


def _require_own_published_file(path: Path) -> None:
    """Raise WarehouseError if another warehouse has the same name but for its ending: both would publish under one."""
    for other in path.parent.glob(f"{glob.escape(path.stem)}*"):
        is_other = other != path and other.is_file() and not other.is_symlink()
        if is_other and published_path(other) == published_path(path) and _is_duckdb(other):
            raise WarehouseError(
                f"{path} and {other.name} would both be published as {published_path(path).name}. Give one of the two "
                f"another name, or name another path in {WAREHOUSE_VARIABLE}."
            )


def _open_once(path: Path) -> None:
    import duckdb

    try:
        with duckdb.connect(str(path)) as connection:
            require_own(connection, path)
    except duckdb.Error as reason:
        raise WarehouseError(_why_not_opened(path, str(reason), RESET)) from reason


def require_own(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise WarehouseError if a file has tables and none of them is of this project: a build would write among them."""
    if connection.execute(_FOREIGN).fetchall()[0][0]:
        raise WarehouseError(
            f"{path} is a DuckDB file of something else: it has tables, and none of this project. Give the warehouse "
            f"another path with {WAREHOUSE_VARIABLE}. Or, if nobody needs the file, {RESET}"
        )


def set_aside(path: Path) -> Path | None:
    """Rename a warehouse in its folder, with its log of changes; return the new path, None if there is no file.

    Raises WarehouseError if a build is running.
    """
    path = path.resolve()
    if not path.exists():
        return None
    claim(path)
    aside = path.with_name(f"{path.name}{SET_ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    path.rename(aside)
    log = path.with_name(f"{path.name}.wal")
    if log.exists():
        log.rename(aside.with_name(f"{aside.name}.wal"))
    return aside


def claim(path: Path) -> None:
    """Check that no other build has claimed the warehouse, because dbt opens it only seconds after its start.

    The claim ends when this process ends, also if it is killed. Args: `path` is the file without links. Raises
    WarehouseError if another process has a claim, NotPlainError if the file of the claim is a link, pipe or folder.
    """
    if path in _claims:
        return
    try:
        import fcntl
    except ImportError:  # On Windows the later of two builds ends with an error when it opens the file.
        return
    descriptor = open_plain(_file_of_claim(path))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as reason:
        holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "?"
        os.close(descriptor)
        raise WarehouseError(_in_use(path, f"process {holder} (another build)")) from reason
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    _claims[path] = descriptor


def _file_of_claim(path: Path) -> Path:
    return path.with_name(f".{path.name}.claim")


def release(path: Path) -> None:
    """Give up a claim of this process, so that a build that it starts can have it."""
    if path in _claims:
        os.close(_claims.pop(path))


def write_private_files(*begun: Path) -> None:
    """Make all files that this process writes from now on readable only by the owner: warehouse, logs, queries.

    All of them hold answers of single people. The published file gets its mode when it is written. Args: `begun` are
    files that this process opened before, such as the log; files of another account keep their mode. Raises
    NotPlainError if one of them is a link, pipe or folder.
    """
    os.umask(os.umask(0) | stat.S_IRWXG | stat.S_IRWXO)
    for path in begun:
        make_private(path)


def _why_not_opened(path: Path, reason: str, remedy: str) -> str:
    """Turn DuckDB's error about a file into a message: the problem, the process that has it open, and the remedy."""
    if re.search(_DAMAGED, reason):
        return f"{path} is damaged, as after a disk that was full or a copy that broke off ({reason}). {remedy}"
    if "Could not set lock" not in reason:
        return f"{path} cannot be opened as a DuckDB warehouse: {reason}"
    # DuckDB names the program and its process id, on some systems only the latter.
    holder = re.search(r"held in (?P<program>.*?) ?\(PID (?P<pid>\d+)\)", reason)
    who = f"process {holder['pid']} ({holder['program']})" if holder else "another process"
    return _in_use(path, who)


def _require_duckdb_file(path: Path, remedy: str) -> None:
    """Raise WarehouseError for what is no DuckDB file: DuckDB itself would load an extension to read some others."""
    if not path.is_file():
        raise WarehouseError(
            f"{path} is no file, and the warehouse has to be one. Remove it, or name another path with "
            f"{WAREHOUSE_VARIABLE}."
        )
    try:
        begin = _beginning(path)
    except OSError:
        return  # DuckDB says why.
    if begin[_MARK] != _DUCK:
        what = "is empty: 0 bytes" if not begin else "is no DuckDB file, but something else or what is left of one"
        raise WarehouseError(f"{path} {what}. {remedy}")


def _is_duckdb(path: Path) -> bool:
    try:
        return _beginning(path)[_MARK] == _DUCK
    except OSError:
        return False


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MARK.stop)


def _in_use(path: Path, who: str) -> str:
    return (
        f"{path} is in use by {who}: a build needs it alone, and nobody can read it while a build writes. "
        "Wait until it has finished, or close that program, and try again."
    )
