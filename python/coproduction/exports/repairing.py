"""Converts files that the check refuses, if that needs no guess. The original file is kept beside the new one.

Everything is decided before anything is written: a file that also has other errors is not changed.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coproduction.codebook.tables import COLUMNS, codebook_file
from coproduction.errors import CoproductionError
from coproduction.exports.checking import codebook_errors
from coproduction.exports.planning import CellChanges, codebook_cells, export_cells, plan_conversion
from coproduction.exports.project_files import codebook_file_of, export_file_of, read_codebook
from coproduction.files.cleaning import Change
from coproduction.files.csv_file import CsvFile
from coproduction.files.finding import NOTE, Finding
from coproduction.files.plain_files import replace_file
from coproduction.files.reading import export_file


@dataclass(frozen=True)
class Repair:
    """What was done to one file: the changes, or the findings because of which it was not changed.

    ``original`` is the name of the copy of the original file.
    """

    file: str
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    original: str | None = None

    def __str__(self) -> str:
        """Return the message: one line for each change, or why nothing was changed."""
        if self.findings:
            return "\n".join([f"not converted: {self.file} has to be corrected first", *map(str, self.findings)])
        notes = [
            Finding(NOTE, self.file, f"{change.done} ({change.problem})", "", change.line, change.column)
            for change in self.changes
        ]
        done = [str(note).splitlines()[0] for note in notes]
        return "\n".join([f"converted: {self.file}; the original file is now {self.original}", *done])


def repair_project(directory: Path, names: Sequence[str] = (), encoding: str | None = None) -> list[Repair]:
    """Convert the codebook files and exports that need it; ``names`` (ids or file names) limits this to some of them.

    ``encoding`` is the encoding of the named files, if it cannot be recognised. Returns one Repair for each file that
    was converted or could not be converted. Raises CoproductionError for a name that is neither an export nor a
    codebook file.
    """
    known = {name: table for table in COLUMNS for name in (table, f"{table}.csv", codebook_file(table))}
    repairs: list[Repair] = []
    for table in COLUMNS:
        if not names or any(known.get(name) == table for name in names):
            file = codebook_file_of(directory, table, encoding if names else None)
            repairs += _repaired(directory, file, partial(codebook_cells, table))
    codebook, findings = read_codebook(directory)
    findings = findings or codebook_errors(codebook)
    exports = codebook.files()
    by_name = {name: export for export in exports for name in (export, f"{export}.csv", export_file(export))}
    unknown = [name for name in names if name not in by_name and name not in known]
    if unknown and codebook["exports"]:
        allowed = ", ".join([*exports, *COLUMNS])
        raise CoproductionError(f"{unknown[0]} is neither an export nor a file of the codebook. Known are: {allowed}.")
    if findings:
        # While the codebook has errors, it is not known which columns an export must have.
        return repairs + ([] if any(repair.findings for repair in repairs) else [_blocked(findings)])
    for export_id in exports:
        # What lies elsewhere is corrected where it comes from.
        is_here = not codebook.location_of(export_id)
        wanted = is_here and (not names or any(by_name.get(name) == export_id for name in names))
        file = export_file_of(directory, codebook, export_id, encoding if names else None) if wanted else None
        if file:
            # An export of the file is enough, because a conversion changes the whole file.
            first = codebook.exports_of_file(export_id)[0]
            repairs += _repaired(directory, file, partial(export_cells, codebook, first))
    return repairs


def _repaired(directory: Path, file: CsvFile | None, cells_of: Callable[[CsvFile], CellChanges]) -> Iterator[Repair]:
    """Convert one file, if it needs to be converted and nothing else is wrong with it."""
    if file is None:
        return
    plan = plan_conversion(file, cells_of)
    if plan.errors:
        yield Repair(file.name, findings=plan.errors)
    elif plan.changes:
        original = _write(directory / file.name, plan.content)
        yield Repair(file.name, plan.changes, original=original.relative_to(directory).as_posix())


def _write(path: Path, content: bytes) -> Path:
    """Replace a file by its new content, after copying it to a name that is free. Returns that name."""
    number, original = 1, path.with_name(path.name + ".original")
    while original.exists():
        number += 1
        original = path.with_name(f"{path.name}.original_{number}")
    # The copy is made before the file is replaced, so the original content exists at every moment.
    shutil.copy2(path, original)
    replace_file(path, content)
    return original


def _blocked(findings: list[Finding]) -> Repair:
    return Repair("seeds/codebook", findings=tuple(findings))
