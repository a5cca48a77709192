"""Makes a study, and brings it up to date without overwriting what is its own.

`.coproduction` in the study has what the last `init` wrote: the fingerprints of the machinery and the study's own files
as they came. So an upgrade knows what somebody changed since.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coproduction.errors import CoproductionError
from coproduction.files.plain_files import make_new_folder, replace_file
from coproduction.study.contents import machinery, own_files, source_project

_RECORD = ".coproduction"
_FINGERPRINTS = f"{_RECORD}/files.json"
_BASE = f"{_RECORD}/base"
_NEW = f"{_RECORD}/new"


@dataclass
class Upgraded:
    """What an upgrade did: files written, merged and removed, and those that somebody has to look at."""

    written: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def make_study(folder: Path) -> int:
    """Make a study in a new or empty folder, for its owner alone, and return its number of files.

    Raises CoproductionError if the folder has files, or is in the project itself.
    """
    source = source_project()
    if folder.resolve().is_relative_to(source):
        raise CoproductionError(
            f"{folder} is in the project itself, and dbt would read both as one. Name a folder outside {source}."
        )
    make_new_folder(folder, "Name a new folder, or add --upgrade if it is a study of this project.")
    files = machinery(source) | own_files(source)
    for name, content in files.items():
        _write(folder / name, content)
    _record(folder, machinery(source), own_files(source))
    return len(files)


def upgrade_study(folder: Path) -> Upgraded:
    """Bring a study up to date with the project. Raises CoproductionError if the folder is no study.

    A file of the machinery is replaced or removed unless somebody changed it. A file of the study's own is merged: what
    the study changed stays, and what the project added is added. Where both changed one line, the study's file stays.
    """
    record = folder / _FINGERPRINTS
    if not record.is_file():
        raise CoproductionError(
            f"{folder} is no study made by `coproduction init`: it has no {_FINGERPRINTS}. Name the study's folder."
        )
    source = source_project()
    known: dict[str, str] = json.loads(record.read_text(encoding="utf-8"))
    new, own = machinery(source), own_files(source)
    shutil.rmtree(folder / _NEW, ignore_errors=True)
    done = Upgraded()
    for name, content in new.items():
        _replace(folder, name, content, known.get(name), done)
    for name in sorted(known.keys() - new.keys()):
        path = folder / name
        if path.is_file() and _fingerprint(path.read_bytes()) == known[name]:
            path.unlink()
            done.removed.append(name)
    for name, content in own.items():
        _merge(folder, name, content, done)
    # A file that contradicts the new one is compared with its old form again, until somebody has settled it.
    _record(folder, new, {name: content for name, content in own.items() if name not in done.kept})
    return done


def _replace(folder: Path, name: str, content: bytes, known: str | None, done: Upgraded) -> None:
    path = folder / name
    before = path.read_bytes() if path.is_file() else None
    if before == content:
        return
    if before is not None and _fingerprint(before) != known:
        _keep(folder, name, content, done)
        return
    _write(path, content)
    done.written.append(name)


def _merge(folder: Path, name: str, content: bytes, done: Upgraded) -> None:
    path, base = folder / name, folder / _BASE / name
    before = base.read_bytes() if base.is_file() else None
    if before == content or (not path.is_file() and before is not None):
        return
    if not path.is_file() or path.read_bytes() == before:
        _write(path, content)
        done.written.append(name)
        return
    merged = _merged(path, base, content, is_table=name.endswith(".csv"))
    if merged is None:
        _keep(folder, name, content, done)
    elif merged != path.read_bytes():
        _write(path, merged)
        done.merged.append(name)


def _merged(path: Path, base: Path, content: bytes, is_table: bool) -> bytes | None:
    """Return a file with the changes of both sides, None if they contradict each other or git is not installed.

    Rows that both sides added at one place of a table are both kept.
    """
    if not base.is_file() or shutil.which("git") is None:
        return None
    with tempfile.TemporaryDirectory(prefix="coproduction_") as temporary:
        new = Path(temporary) / path.name
        new.write_bytes(content)
        options = ["--union"] if is_table else []
        command = ["git", "merge-file", "-p", *options, str(path), str(base), str(new)]
        made = subprocess.run(command, capture_output=True, check=False)
    return made.stdout if made.returncode == 0 else None


def _keep(folder: Path, name: str, content: bytes, done: Upgraded) -> None:
    """Leave a file as somebody changed it, and put the new one where it can be compared."""
    _write(folder / _NEW / name, content)
    done.kept.append(name)


def _record(folder: Path, files: Mapping[str, bytes], own: Mapping[str, bytes]) -> None:
    fingerprints = {name: _fingerprint(content) for name, content in files.items()}
    _write(folder / _FINGERPRINTS, (json.dumps(fingerprints, indent=0) + "\n").encode())
    for name, content in own.items():
        _write(folder / _BASE / name, content)


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        replace_file(path, content)
        return
    # Not that way for hundreds of new files: each would wait for the disk.
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
