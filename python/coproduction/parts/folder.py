"""The folder of parts: which parts it has, which are current, and how a part comes into it whole or not at all.

A part is a folder with `part.json` and `SCHEMA/TABLE.parquet`. `part.json` names the tables, and the units that the
part holds, each with its key. Parts hold what people answered, so only the owner may open the folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coproduction.errors import CoproductionError
from coproduction.files.finding import shortened
from coproduction.files.temporary import is_running

RECORD = "part.json"
# A part that is being made lies in a folder of this name until it is whole. No part begins with a dot.
_WORK = ".work-"


class PartsError(CoproductionError):
    """The parts are not those of the project as it is; the message names the unit and says what to do."""


@dataclass(frozen=True)
class Part:
    """A part in its folder: the key of each unit that it holds, and its tables, such as counts.cnt_levels."""

    folder: Path
    units: dict[str, str]
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """The parts that are current, the units that have none, and the parts of units that are gone or changed."""

    current: list[Part]
    to_count: list[str]
    outdated: list[Part]


def write_record(folder: Path, units: Mapping[str, str], tables: Sequence[str]) -> None:
    """Write the record of a part, the last file of it. Args: `units` has the key of each unit."""
    record = {"units": dict(units), "tables": sorted(tables)}
    (folder / RECORD).write_text(json.dumps(record, indent=2), encoding="utf-8")


def parts_in(folder: Path) -> list[Part]:
    """Return the parts of a folder, by name. A folder without a record, or one whose record cannot be read, is none."""
    parts = []
    for record in sorted(folder.glob(f"*/{RECORD}")):
        if not record.parent.name.startswith("."):
            with contextlib.suppress(ValueError, KeyError, TypeError):
                content = json.loads(record.read_bytes())
                parts.append(Part(record.parent, dict(content["units"]), tuple(content["tables"])))
    return parts


def compare(folder: Path, keys: Mapping[str, str]) -> Comparison:
    """Compare the parts of a folder with the units of a project. Args: `keys` has the key of each unit."""
    current: list[Part] = []
    outdated: list[Part] = []
    held: set[str] = set()
    for part in parts_in(folder):
        is_current = set(part.units.items()) <= set(keys.items()) and not held & set(part.units) and _is_whole(part)
        (current if is_current else outdated).append(part)
        held |= set(part.units) if is_current else set()
    return Comparison(current, [unit_id for unit_id in keys if unit_id not in held], outdated)


def require_current(folder: Path, keys: Mapping[str, str]) -> list[Part]:
    """Return the parts that together are the project. Raises PartsError if a unit has no current part."""
    if not keys:
        raise PartsError("No export takes part in this build, so there are no parts. Build without parts_from.")
    found = compare(folder, keys)
    if found.to_count:
        raise PartsError(
            f"{folder} has no part of {shortened(found.to_count)} as its files, its codebook and the settings are now. "
            "`coproduction build --changed` counts what is missing."
        )
    differing = {part.tables for part in found.current}
    if len(differing) > 1:
        raise PartsError(f"{folder}: its parts do not have the same tables. Remove the folder, and count again.")
    return found.current


@contextmanager
def work_folder(folder: Path) -> Iterator[Path]:
    """Make a folder in which a part is made, and remove it afterwards, also those that killed commands left.

    Raises PartsError if the folder of parts cannot be made.
    """
    here = f"{_WORK}{socket.gethostname()}-"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob(f"{here}*"):
            pid = left.name.removeprefix(here)
            if not (pid.isdigit() and is_running(int(pid))):
                shutil.rmtree(left, ignore_errors=True)
        work = folder / f"{here}{os.getpid()}"
        work.mkdir(mode=0o700)
    except OSError as reason:
        raise PartsError(f"{folder} cannot be written to ({reason.strerror}): parts are kept there.") from reason
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def put_in_place(new: Path, folder: Path) -> None:
    """Let a whole part take the place of the one before. A command killed in between leaves no part, never a half."""
    final = folder / new.name
    if final.exists():
        final.rename(new.with_name(f"{new.name}.before"))
    new.rename(final)


def remove(parts: Sequence[Part]) -> None:
    """Remove parts, each record first, so that a command that is killed leaves nothing that counts as a part."""
    for part in parts:
        (part.folder / RECORD).unlink(missing_ok=True)
        shutil.rmtree(part.folder)


def _is_whole(part: Part) -> bool:
    return all((part.folder / f"{table.replace('.', '/')}.parquet").is_file() for table in part.tables)
