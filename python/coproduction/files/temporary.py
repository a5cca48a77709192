"""A temporary folder for this process alone, because code of Python models is imported from the temporary folder.

dbt-duckdb writes each Python model into the temporary folder and imports it. Python would trust compiled code in
`__pycache__` beside it, which every user of a shared temporary folder could have put there.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from coproduction.errors import CoproductionError

_PREFIX = "coproduction-"


class TemporaryFolderError(CoproductionError):
    """This machine has no folder for temporary files that may be written."""


def use_private_temporary_folder() -> Path:
    """Let this process and those that it starts put temporary files into a folder that only this user may open.

    The folder is removed when the process ends. What killed processes of this user left is removed now. Returns the
    folder; a second call returns the same one. Raises TemporaryFolderError if there is no room for it.
    """
    try:
        current = Path(tempfile.gettempdir())
        if current.name.startswith(f"{_PREFIX}{os.getpid()}-"):
            return current
        _remove_leftovers(current)
        # mkdtemp gives the mode 0700 and a name that nobody can know before.
        folder = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")
    except OSError as reason:
        raise TemporaryFolderError(
            f"No folder for temporary files can be made ({reason.strerror or reason}). Make room in it, or name "
            "another folder in the environment variable TMPDIR."
        ) from reason
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    tempfile.tempdir = folder
    os.environ["TMPDIR"] = folder
    return Path(folder)


def is_running(pid: int) -> bool:
    """Return whether there is a process with this id, of any user."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _remove_leftovers(folder: Path) -> None:
    """Remove the folders of processes of this user that no longer run."""
    for leftover in folder.glob(f"{_PREFIX}*-*"):
        pid = leftover.name.removeprefix(_PREFIX).split("-")[0]
        # A link would lead to a folder that is not ours to remove.
        if pid.isdigit() and not leftover.is_symlink() and _is_own(leftover) and not is_running(int(pid)):
            shutil.rmtree(leftover, ignore_errors=True)


def _is_own(path: Path) -> bool:
    try:
        return path.stat().st_uid == os.getuid()
    except (OSError, AttributeError):  # Windows has no user ids, and a temporary folder for each user.
        return False
