"""Looks through the files of a project for what a person wrote, so that whoever erases the person knows what is left.

The files are searched for bytes, in workbooks and other archives as well. Nothing is changed.
"""

from __future__ import annotations

import html
import mmap
import os
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from coproduction.codebook.tables import Codebook
from coproduction.exports.project_files import read_codebook
from coproduction.files.reading import EXPORTS_FOLDER

# The code of the project, and what tools of development keep. A short id would be found there by accident.
_FOLDERS_WITHOUT_ANSWERS = frozenset(
    {".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__"}
)
_CODE = frozenset({"analyses", "docs", "macros", "models", "python", "seeds", "tests"})
# Files that may keep texts in a form that a search for bytes does not find.
_CANNOT_BE_SEARCHED = frozenset({".7z", ".dta", ".duckdb", ".gz", ".parquet", ".sav", ".xls", ".zsav"})


@dataclass(frozen=True)
class Traces:
    """Files with the id or a text of the person in them, and files in which that cannot be known."""

    found: tuple[Path, ...]
    not_searched: tuple[Path, ...]


def traces_of(project: Path, id_: str, own_texts: Collection[str], made_anew: Collection[Path]) -> Traces:
    """Search a project for a person's id and for the texts that only this person wrote.

    Args: `made_anew` are files and folders that the next build writes, or that hold no single person; they are left
    out, and so are the listed exports, which are searched by their rows.
    """
    codebook, _ = read_codebook(project)
    pattern = _pattern({id_.strip(), *(_longest_line(cell) for cell in own_texts)})
    found, not_searched = [], []
    for path in _files(project, codebook, made_anew):
        if path.suffix.lower() in _CANNOT_BE_SEARCHED:
            not_searched.append(path)
        elif _has(path, pattern):
            found.append(path)
    return Traces(tuple(sorted(found)), tuple(sorted(not_searched)))


def _files(project: Path, codebook: Codebook, made_anew: Collection[Path]) -> Iterator[Path]:
    left_out = {path.resolve() for path in made_anew} | {(project / name).resolve() for name in _CODE}
    for folder, folders, files in os.walk(project):
        here = Path(folder)
        folders[:] = [
            name for name in folders if name not in _FOLDERS_WITHOUT_ANSWERS and (here / name).resolve() not in left_out
        ]
        yield from (path for name in files if (path := here / name).resolve() not in left_out and path.is_file())
    listed = {project / codebook.path_of(file) for file in codebook.files()}
    yield from (path for path in (project / EXPORTS_FOLDER).glob("*") if path not in listed and path.is_file())


def _longest_line(cell: str) -> str:
    """Return the part of a cell that every program keeps: they end lines in different ways."""
    return max(cell.splitlines() or [""], key=len).strip()


def _pattern(texts: Collection[str]) -> re.Pattern[bytes]:
    """Return what finds a text as a word of its own, in UTF-8, UTF-16 or Windows-1252, and as CSV and XML write it."""
    written = {form for text in texts if text for form in (text, text.replace('"', '""'), html.escape(text, False))}
    forms = {
        rb"(?<![0-9A-Za-z])" + re.escape(text.encode(encoding, "ignore")) + rb"(?![0-9A-Za-z])"
        for text in written
        for encoding in ("utf-8", "cp1252")
        if text.encode(encoding, "ignore")
    }
    forms |= {rb"(?<![0-9A-Za-z]\0)" + re.escape(text.encode("utf-16-le")) + rb"(?![0-9A-Za-z]\0)" for text in written}
    return re.compile(b"|".join(sorted(forms)))


def _has(path: Path, pattern: re.Pattern[bytes]) -> bool:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return any(pattern.search(archive.read(name)) for name in archive.namelist())
        if path.stat().st_size == 0:
            return False
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return pattern.search(content) is not None
    except (OSError, RuntimeError, zipfile.BadZipFile):
        # What cannot be read, or has a password, may hold anybody.
        return True
