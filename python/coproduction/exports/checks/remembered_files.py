"""Remembers what the check found in files without an error, so that the next command does not parse them again.

It remembers what a build needs: numbers of rows, names of columns and formats of numbers, and no answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import coproduction
from coproduction.codebook.tables import COLUMNS, Codebook, codebook_file
from coproduction.files.plain_files import replace_file

FILE = Path("target/remembered_check.json")
# The code on which a result of the check depends.
_CODE = ("files", "codebook", "exports")


class RememberedFiles:
    """What is remembered of the files of a project. It holds while file, codebook, exports and code are the same."""

    def __init__(self, project: Path, codebook: Codebook) -> None:
        """Read what earlier commands have kept; nothing if it cannot be read."""
        self._project, self._files = project, codebook.files()
        self._common = _hash_of_files(project, map(codebook_file, COLUMNS)) + _hash_of_code()
        self._kept: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError):
            kept = json.loads((project / FILE).read_bytes())
            self._kept = kept if isinstance(kept, dict) else {}

    def recall(self, file: str, sha256: str, taking_part: Collection[str]) -> dict[str, Any] | None:
        """Return what was kept of a file with this SHA-256, of which these exports take part; None if nothing holds."""
        kept = self._kept.get(file)
        return kept["facts"] if kept and kept["key"] == self._key(sha256, taking_part) else None

    def keep(self, file: str, sha256: str, taking_part: Collection[str], facts: dict[str, Any]) -> None:
        """Keep facts about a file, which JSON can hold, in place of what was kept of it before."""
        self._kept[file] = {"key": self._key(sha256, taking_part), "facts": facts}

    def write(self) -> None:
        """Write what is kept of the files of the codebook into the folder of dbt, if dbt has made it.

        A check makes no folder of its own, and one that cannot be written to costs time alone.
        """
        kept = {file: facts for file, facts in self._kept.items() if file in self._files}
        path = self._project / FILE
        with contextlib.suppress(OSError):
            if path.parent.is_dir():
                replace_file(path, json.dumps(kept).encode(), is_private=True)

    def _key(self, sha256: str, taking_part: Collection[str]) -> str:
        return hashlib.sha256(json.dumps([self._common, sha256, sorted(taking_part)]).encode()).hexdigest()


def _hash_of_files(folder: Path, names: Iterable[str]) -> str:
    content = hashlib.sha256()
    for name in names:
        path = folder / name
        content.update(f"\0{name}\0".encode() + (path.read_bytes() if path.is_file() else b""))
    return content.hexdigest()


def _hash_of_code() -> str:
    package = Path(coproduction.__file__).parent
    modules = (path for folder in _CODE for path in (package / folder).rglob("*.py"))
    return _hash_of_files(package, sorted(path.relative_to(package).as_posix() for path in modules))
