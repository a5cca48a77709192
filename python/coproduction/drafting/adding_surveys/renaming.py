"""Gives an export, a council or a wave another name, in every file that has the old one. No other row changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coproduction.codebook.tables import COLUMNS, Codebook, codebook_file
from coproduction.drafting.adding_surveys.codebook_editing import CodebookTable, Row, relist_export
from coproduction.errors import CoproductionError
from coproduction.exports.project_files import PROJECT_FILE
from coproduction.files.finding import meant
from coproduction.files.plain_files import replace_file
from coproduction.files.reading import export_file

EXPORT, COUNCIL, COUNCIL_NAME, WAVE = "export", "council", "council-name", "wave"
_KINDS = (EXPORT, COUNCIL, COUNCIL_NAME, WAVE)
_ID = re.compile(r"[a-z0-9_]+")
# The columns that hold an id, by kind.
_PLACES: Mapping[str, tuple[tuple[str, str], ...]] = {
    EXPORT: (
        ("exports", "export_id"), ("exports", "file"), ("exports", "questionnaire_id"), ("questions", "export_id"),
        ("row_filters", "export_id"), ("tolerated_answers", "export_id"),
    ),
    COUNCIL: tuple((table, "council_id") for table in ("councils", "exports", "waves", "studies", "weight_margins")),
    WAVE: tuple((table, "wave_id") for table in ("exports", "waves", "studies", "weight_margins")),
}  # fmt: skip


@dataclass(frozen=True)
class Renamed:
    """What a renaming changed, and the lines of dbt_project.yml that name the old one still."""

    changed: list[str]
    lines_left: list[int]


def rename(project: Path, codebook: Codebook, kind: str, old: str, new: str, council: str = "") -> Renamed:
    """Rename an export, a council's id, a council's printed name, or a wave of a council.

    ``old`` is an id; ``new`` is an id, or the printed name of the council ``old``. Raises CoproductionError if there is
    nothing of the old name, or something of the new one; then nothing is changed.
    """
    _require_old(codebook, kind, old, council)
    _require_new(codebook, kind, new, council)
    tables = {name: CodebookTable.of(project, name) for name in COLUMNS}
    settings = (project / PROJECT_FILE).read_bytes().decode()
    moved = _moved_file(project, codebook, old, new) if kind == EXPORT else None
    if kind == COUNCIL_NAME:
        name = next(row["council_name"] for row in codebook["councils"] if row["council_id"] == old)
        tables["councils"].rename("council_name", name, new, lambda row: row["council_id"] == old)
    for table, column in _PLACES.get(kind, ()):
        tables[table].rename(column, old, new, lambda row: kind != WAVE or row.get("council_id") == council)
    if kind == COUNCIL:
        tables["labels"].rename("id", old, new, lambda row: row.get("column_name") == "council_id")
    if kind == EXPORT:
        _rename_scales(tables, old, new)
        settings = relist_export(settings, old, new, bool(codebook.location_of(old)))
    changed = _write(project, tables, settings)
    if moved is not None:
        (project / moved[0]).rename(project / moved[1])
        changed += [f"{moved[0]} is now {moved[1]}"]
    return Renamed(changed, _lines_with(settings, old) if kind in (EXPORT, COUNCIL) else [])


def _require_old(codebook: Codebook, kind: str, old: str, council: str) -> None:
    if kind not in _KINDS:
        raise CoproductionError(f"--what is {kind}. Allowed: {', '.join(_KINDS)}.")
    if kind == WAVE and not council:
        raise CoproductionError("A wave belongs to a council. Name it with --council, such as --council hillford.")
    known = _known(codebook, kind, council)
    if old not in known:
        near = meant(old, known)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        what = "wave of this council" if kind == WAVE else kind.split("-")[0]
        raise CoproductionError(f"There is no {what} {old}.{hint} Known: {', '.join(known) or 'none'}.")


def _require_new(codebook: Codebook, kind: str, new: str, council: str) -> None:
    if kind == COUNCIL_NAME:
        taken = [
            row["council_id"] for row in codebook["councils"] if row["council_name"].lower() == new.strip().lower()
        ]
        if taken or not new.strip():
            why = f"the council {taken[0]} has it already" if taken else "it is blank"
            raise CoproductionError(f"The name {new!r} cannot be used: {why}. Reports print the name alone.")
        return
    if not _ID.fullmatch(new):
        raise CoproductionError(
            f"{new} is no id. Allowed: small letters, digits and underscores, such as hillford_wave_2."
        )
    if new in _known(codebook, kind, council) or (kind == EXPORT and new in codebook.files()):
        raise CoproductionError(
            f"{new} is the name of another {kind} already. Choose another name, or remove that one first."
        )


def _known(codebook: Codebook, kind: str, council: str) -> list[str]:
    if kind == EXPORT:
        return codebook.ids("exports", "export_id")
    if kind == WAVE:
        rows = [*codebook["exports"], *codebook["waves"]]
        return list(dict.fromkeys(row["wave_id"] for row in rows if row["council_id"] == council))
    return codebook.ids("councils", "council_id")


def _moved_file(project: Path, codebook: Codebook, old: str, new: str) -> tuple[str, str] | None:
    """Return the file of an export before and after, None if other exports share a file of another name."""
    if codebook.file_of(old) != old:
        return None
    if (project / export_file(new)).exists():
        raise CoproductionError(f"{export_file(new)} is there already. Choose another name, or move that file away.")
    return (export_file(old), export_file(new)) if (project / export_file(old)).is_file() else None


def _rename_scales(tables: Mapping[str, CodebookTable], old: str, new: str) -> None:
    """Rename the scales that were added for an export, which `remove` knows by their names."""
    own = {row.values["scale_id"] for row in tables["scales"].records if row.values["scale_id"].startswith(f"{old}_")}
    others = [row.values for row in tables["questions"].records if row.values["export_id"] != new]
    for scale in sorted(own - {row["scale_id"] for row in others}):
        for table in ("scales", "answers", "questions"):
            tables[table].rename("scale_id", scale, new + scale.removeprefix(old), _always)


def _always(_: Row) -> bool:
    return True


def _write(project: Path, tables: Mapping[str, CodebookTable], settings: str) -> list[str]:
    files = {codebook_file(name): table.text() for name, table in tables.items()} | {PROJECT_FILE: settings}
    changed = []
    for name, text in files.items():
        before = (project / name).read_bytes()
        # The mark at the beginning by which Excel knows UTF-8 stays.
        mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
        if before != mark + text.encode():
            replace_file(project / name, mark + text.encode())
            changed.append(name)
    return changed


def _lines_with(settings: str, name: str) -> list[int]:
    """Return the lines of dbt_project.yml that name something still, comments left out."""
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])")
    lines = enumerate(settings.splitlines(), start=1)
    return [number for number, line in lines if word.search(line.partition("#")[0])]
