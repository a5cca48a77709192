"""Converts what the check refuses and can convert without a guess; the file as it came stays beside it.

Everything is decided before anything is written: a file that has other errors, too, is left as it is.
"""

import csv
import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coproduction.codebook.cells import changes_of_codebook_cells
from coproduction.codebook.tables import COLUMNS, Codebook, codebook_file
from coproduction.exports.cell_checks import changes_of_cells, refuse_odd_cells
from coproduction.exports.checking import (
    codebook_errors,
    codebook_file_of,
    export_file_of,
    export_of,
    read_codebook,
)
from coproduction.files.encodings import UTF8
from coproduction.files.file_checks import Change, CsvFile, changes, check_file, refusals
from coproduction.files.finding import NOTE, Finding
from coproduction.files.reading import CsvTable, export_file, parse_table


@dataclass(frozen=True)
class Repair:
    """What became of one file: changes made, or findings for which it was left alone. ``original`` is the copy."""

    file: str
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    original: str | None = None

    def __str__(self) -> str:
        """Return the message: what was done, one line each, or why nothing was."""
        if self.findings:
            return "\n".join([f"not converted: {self.file} has to be corrected first", *map(str, self.findings)])
        notes = [
            Finding(NOTE, self.file, f"{change.done} ({change.problem})", "", change.line, change.column)
            for change in self.changes
        ]
        done = [str(note).splitlines()[0] for note in notes]
        return "\n".join([f"converted: {self.file}; the file as it came is {self.original}", *done])


def repair_project(directory: Path, names: Sequence[str] = (), encoding: str | None = None) -> list[Repair]:
    """Convert the codebook's files and the exports that need it; ``names`` (ids or file names) restricts it to some.

    ``encoding`` is what the files named are in, where they cannot show it themselves. Returns one Repair for each file
    that was converted or could not be; raises ValueError for a name that is neither an export nor a codebook file.
    """
    known = {name: table for table in COLUMNS for name in (table, f"{table}.csv", codebook_file(table))}
    repairs = []
    for table in COLUMNS:
        if not names or any(known.get(name) == table for name in names):
            file = codebook_file_of(directory, table, encoding if names else None)
            repairs += _repaired(
                directory, file, lambda content, table=table: changes_of_codebook_cells(table, content)
            )
    codebook, findings = read_codebook(directory)
    findings = findings or codebook_errors(codebook)
    exports = codebook.ids("exports", "export_id")
    by_name = {name: export for export in exports for name in (export, f"{export}.csv", export_file(export))}
    unknown = [name for name in names if name not in by_name and name not in known]
    if unknown and codebook["exports"]:
        allowed = ", ".join([*exports, *COLUMNS])
        raise ValueError(f"{unknown[0]} is neither an export nor a file of the codebook. Known are: {allowed}.")
    if findings:
        # Which columns an export must have is not known while the codebook has errors.
        return repairs + ([] if any(repair.findings for repair in repairs) else [_blocked(findings)])
    for export_id in exports:
        wanted = not names or any(by_name.get(name) == export_id for name in names)
        file = export_file_of(directory, codebook, export_id, encoding if names else None) if wanted else None
        if file:
            repairs += _repaired(
                directory, file, lambda content, export_id=export_id: _export_cells(codebook, export_id, content)
            )
    return repairs


def converted_bytes(file: CsvFile, replaced: dict[tuple[int, int], str]) -> bytes:
    """Return the file as comma-separated UTF-8 with Unix line ends; only the text of the cells given is another.

    A file in which nothing but the encoding is wrong keeps everything else, byte for byte.
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


def _repaired(directory: Path, file: CsvFile | None, cells_of: Callable[[CsvTable], tuple]) -> Iterator[Repair]:
    """Convert one file if it needs it and nothing else is wrong with it."""
    if file is None:
        return
    found, done, replaced = refusals(file), [], {}
    if not found:
        found, cell_changes, replaced = cells_of(file.spaced)
        done = [*changes(file), *cell_changes]
    if found:
        yield Repair(file.name, findings=tuple(found))
    elif done:
        content = converted_bytes(file, replaced)
        # Where no column is expected, a conversion can uncover what looks like another separator.
        left = check_file(CsvFile(file.name, content, file.expected))
        if left:
            yield Repair(file.name, findings=tuple(left))
            return
        _prove(file, content, replaced)
        original = _write(directory / file.name, content)
        yield Repair(file.name, tuple(done), original=original.relative_to(directory).as_posix())


def _prove(file: CsvFile, content: bytes, replaced: dict[tuple[int, int], str]) -> None:
    """Raise RuntimeError unless the new file holds every cell of the old one, but for the changes that are told."""
    before, after = file.converted[0], parse_table(content.decode(UTF8))
    expected = [
        [replaced.get((place, column), cell) for column, cell in enumerate(row)]
        for place, row in enumerate(before.rows)
    ]
    if (after.header, after.rows) != (before.header, expected):
        raise RuntimeError(f"{file.name} was not converted: the result would not hold the same cells")


def _write(path: Path, content: bytes) -> Path:
    """Put the new content in place of the file, which is kept under a name that is free; return that name."""
    number, original = 1, path.with_name(path.name + ".original")
    while original.exists():
        number += 1
        original = path.with_name(f"{path.name}.original_{number}")
    new = path.with_name(path.name + ".new")
    new.write_bytes(content)
    # First the copy, then the exchange: at no time is there less than the file as it came.
    shutil.copy2(path, original)
    new.replace(path)
    return original


def _export_cells(codebook: Codebook, export_id: str, table: CsvTable) -> tuple[list[Finding], list[Change], dict]:
    export = export_of(codebook, export_id, table)
    found = list(refuse_odd_cells(export))
    return (found, [], {}) if found else (found, *changes_of_cells(export))


def _blocked(findings: list[Finding]) -> Repair:
    return Repair("seeds/codebook", findings=tuple(findings))
