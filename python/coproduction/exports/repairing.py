"""Converts files that the check refuses, if that needs no guess. The original file is kept beside the new one.

Everything is decided before anything is written: a file that also has other errors is not changed.
"""

import csv
import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coproduction.codebook.cells import changes_of_codebook_cells
from coproduction.codebook.tables import COLUMNS, Codebook, codebook_file
from coproduction.errors import CoproductionError
from coproduction.exports.cell_checks import changes_of_cells, refuse_odd_cells
from coproduction.exports.checking import (
    codebook_errors,
    codebook_file_of,
    export_file_of,
    export_of,
    read_codebook,
)
from coproduction.files.cleaning import Change
from coproduction.files.conversion import changes
from coproduction.files.csv_file import CsvFile
from coproduction.files.encodings import UTF8
from coproduction.files.file_checks import check_file, refusals
from coproduction.files.finding import NOTE, Finding
from coproduction.files.reading import CsvTable, export_file, parse_table

# What is wrong with the cells of a file, what a conversion does to them, and their new text by (row, column) from 0.
CellChanges = tuple[list[Finding], list[Change], dict[tuple[int, int], str]]


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
            repairs += _repaired(directory, file, partial(changes_of_codebook_cells, table))
    codebook, findings = read_codebook(directory)
    findings = findings or codebook_errors(codebook)
    exports = codebook.ids("exports", "export_id")
    by_name = {name: export for export in exports for name in (export, f"{export}.csv", export_file(export))}
    unknown = [name for name in names if name not in by_name and name not in known]
    if unknown and codebook["exports"]:
        allowed = ", ".join([*exports, *COLUMNS])
        raise CoproductionError(f"{unknown[0]} is neither an export nor a file of the codebook. Known are: {allowed}.")
    if findings:
        # While the codebook has errors, it is not known which columns an export must have.
        return repairs + ([] if any(repair.findings for repair in repairs) else [_blocked(findings)])
    for export_id in exports:
        wanted = not names or any(by_name.get(name) == export_id for name in names)
        file = export_file_of(directory, codebook, export_id, encoding if names else None) if wanted else None
        if file:
            repairs += _repaired(directory, file, partial(_export_cells, codebook, export_id))
    return repairs


def converted_bytes(file: CsvFile, replaced: dict[tuple[int, int], str]) -> bytes:
    """Return the file as comma-separated UTF-8 with Unix line ends and the new text of the cells in ``replaced``.

    If only the encoding is wrong, everything else stays the same, byte for byte.
    """
    if not replaced and file.layout == (",", 0) and len(changes(file)) == (file.decoded.encoding != UTF8):
        return file.text.encode(UTF8)
    table = file.spaced
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.header)
    for place, row in enumerate(table.rows):
        writer.writerow([replaced.get((place, column), cell) for column, cell in enumerate(row)])
    return text.getvalue().encode(UTF8)


def _repaired(directory: Path, file: CsvFile | None, cells_of: Callable[[CsvTable], CellChanges]) -> Iterator[Repair]:
    """Convert one file, if it needs to be converted and nothing else is wrong with it."""
    if file is None:
        return
    found = refusals(file)
    done: list[Change] = []
    replaced: dict[tuple[int, int], str] = {}
    if not found:
        found, cell_changes, replaced = cells_of(file.spaced)
        done = [*changes(file), *cell_changes]
    if found:
        yield Repair(file.name, findings=tuple(found))
    elif done:
        content = converted_bytes(file, replaced)
        # If no column is expected, a converted file can look as if it had another separator.
        left = check_file(CsvFile(file.name, content, file.expected))
        if left:
            yield Repair(file.name, findings=tuple(left))
            return
        _prove(file, content, replaced)
        original = _write(directory / file.name, content)
        yield Repair(file.name, tuple(done), original=original.relative_to(directory).as_posix())


def _prove(file: CsvFile, content: bytes, replaced: dict[tuple[int, int], str]) -> None:
    """Raise CoproductionError unless the new file has every cell of the old one, apart from the reported changes."""
    before, after = file.converted[0], parse_table(content.decode(UTF8))
    expected = [
        [replaced.get((place, column), cell) for column, cell in enumerate(row)]
        for place, row in enumerate(before.rows)
    ]
    if (after.header, after.rows) != (before.header, expected):
        raise CoproductionError(f"{file.name} was not converted: the result would not have the same cells")


def _write(path: Path, content: bytes) -> Path:
    """Replace a file by its new content, after copying it to a name that is free. Returns that name."""
    number, original = 1, path.with_name(path.name + ".original")
    while original.exists():
        number += 1
        original = path.with_name(f"{path.name}.original_{number}")
    new = path.with_name(path.name + ".new")
    new.write_bytes(content)
    # The copy is made before the file is replaced, so the original content exists at every moment.
    shutil.copy2(path, original)
    new.replace(path)
    return original


def _export_cells(codebook: Codebook, export_id: str, table: CsvTable) -> CellChanges:
    export = export_of(codebook, export_id, table)
    found = list(refuse_odd_cells(export))
    return (found, [], {}) if found else (found, *changes_of_cells(export))


def _blocked(findings: list[Finding]) -> Repair:
    return Repair("seeds/codebook", findings=tuple(findings))
