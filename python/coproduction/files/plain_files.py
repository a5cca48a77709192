"""Opens files that a build writes without following links, and replaces files of a project in one step."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path

from coproduction.errors import CoproductionError

# What the name of a file has at its end while its content is written; a killed command leaves such a file.
HALF_WRITTEN = ".new"


class NotPlainError(CoproductionError):
    """A link, a pipe or a folder is where a file is to be written, or no folder that may be written."""


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


def require_folder(folder: Path, remedy: str) -> None:
    """Raise CoproductionError if this account cannot write into a folder, or cannot make it where it is missing."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise NotPlainError(f"{there} is no folder. {remedy}")
    if not os.access(there, os.W_OK | os.X_OK):
        raise NotPlainError(f"This account may not write into {there}. {remedy}")


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


def replace_file(path: Path, content: bytes, is_private: bool = False) -> None:
    """Replace a file in one step, so that nobody reads half of it and a full disk or a kill leaves the old one.

    It keeps its mode, and a link to it stays. Args: with `is_private`, a file that was not there before is for its
    owner alone, because it holds what people answered.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}{HALF_WRITTEN}")
    new.unlink(missing_ok=True)
    is_new = not path.exists()
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if is_new and not is_private else 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        if not is_new:
            shutil.copymode(path, new)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def _message(path: Path, found: os.stat_result) -> str:
    kinds = {stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe", stat.S_IFDIR: "a folder"}
    kind = kinds.get(stat.S_IFMT(found.st_mode), "a device")
    return f"{path} is {kind} and no file. A build writes a file of this name: remove what is there, and try again."
