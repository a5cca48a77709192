"""Opens files that a build writes without following links: whoever may write the folder could lead it elsewhere."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from coproduction.errors import CoproductionError


class NotPlainError(CoproductionError):
    """A link, a pipe or a folder is where a build wants to write a file."""


def open_plain(path: Path, flags: int = os.O_RDWR | os.O_CREAT) -> int:
    """Open a file and return its descriptor; create it, for the owner alone, if it is missing and `flags` say so.

    Raises NotPlainError for a link, a pipe, a folder or a device; OSError as `os.open`.
    """
    try:
        # Without O_NONBLOCK, opening a pipe would wait for whoever writes into it.
        descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o600)
    except OSError as reason:
        require_plain(path)
        raise reason
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise NotPlainError(_message(path, found))
    return descriptor


def make_new_folder(folder: Path, advice: str) -> None:
    """Make a folder for its owner alone; an empty one may be there. ``advice`` ends the message about any other.

    Raises CoproductionError if something is there, or the folder cannot be made.
    """
    if folder.exists() and not folder.is_dir():
        raise CoproductionError(f"{folder} is a file, and a folder is needed. {advice}")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as reason:
        raise CoproductionError(f"The folder {folder} cannot be made: {reason.strerror}. {advice}") from reason
    if not is_empty:
        raise CoproductionError(f"The folder {folder} is not empty. {advice}")


def require_plain(path: Path) -> None:
    """Raise NotPlainError if a path is there and is anything but a file."""
    try:
        found = path.lstat()
    except OSError:
        return
    if not stat.S_ISREG(found.st_mode):
        raise NotPlainError(_message(path, found))


def make_private(path: Path) -> None:
    """Let only the owner of a file read and write it; a file that is missing or of another account stays as it is.

    Raises NotPlainError as `open_plain`.
    """
    with contextlib.suppress(FileNotFoundError, PermissionError):
        descriptor = open_plain(path, os.O_RDONLY)
        try:
            os.fchmod(descriptor, stat.S_IMODE(os.fstat(descriptor).st_mode) & ~(stat.S_IRWXG | stat.S_IRWXO))
        finally:
            os.close(descriptor)


def _message(path: Path, found: os.stat_result) -> str:
    kinds = {stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe", stat.S_IFDIR: "a folder"}
    kind = kinds.get(stat.S_IFMT(found.st_mode), "a device")
    return f"{path} is {kind} and no file. A build writes a file of this name: remove what is there, and try again."
