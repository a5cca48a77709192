"""Takes one person out of the exports of a council. Every other byte of the files stays as it is."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.tables import Codebook, codebook_file
from coproduction.errors import CoproductionError
from coproduction.exports.export_tables import table_of_file
from coproduction.exports.file_rows import header_rows_of, rows_of_export
from coproduction.exports.project_files import read_codebook
from coproduction.files.columns.column_table import ColumnTable, column_table
from coproduction.files.plain_files import HALF_WRITTEN, replace_file
from coproduction.files.reading import CsvTable, export_file, read_table

# A shorter text, such as 7 or Yes, says nothing about whose it is.
_SHORTEST_OWN_TEXT = 6

_TOLERATED = "tolerated_answers"


@dataclass(frozen=True)
class Erasure:
    """What is to be taken out of one file of the project: the number of rows, and the content without them.

    `own_cells` are the cells that no other row of an export has: what the person alone wrote or chose.
    """

    file: str
    n_rows: int
    content: bytes
    own_cells: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Planned:
    """What is to be taken out of all files, and the exports of the council in which nobody can be found by an id.

    `own_texts` are the longer texts that the person alone wrote, and that are no answer of a scale; `elsewhere` is a
    sentence about files outside of seeds/exports that have the person, '' if none has.
    """

    erasures: tuple[Erasure, ...]
    own_texts: frozenset[str]
    without_ids: tuple[str, ...]
    elsewhere: str = ""


def plan_erasure(project: Path, council_id: str, respondent_id: str) -> Planned:
    """Return what has to be taken out of every export of a council, of all waves and roles. Nothing is changed.

    The id is compared as the build compares it: without the spaces around it. Raises CoproductionError if the codebook
    or a file has to be corrected first, if there is no such council, or if no export has the id.
    """
    if not respondent_id.strip():
        # Rows without an id are of as many people.
        raise CoproductionError(
            "Nothing was erased: the id is blank. Name the id of the person, as it is in the exports."
        )
    codebook, findings = read_codebook(project)
    if findings:
        raise CoproductionError(f"Nothing was erased, because the codebook has to be corrected first. {findings[0]}")
    exports = [row for row in codebook["exports"] if row["council_id"] == council_id]
    if not exports:
        known = ", ".join(sorted({row["council_id"] for row in codebook["exports"]}))
        raise CoproductionError(f"Nothing was erased: {council_id} is no council of the codebook. Known are: {known}.")
    files = sorted({codebook.file_of(row["export_id"]) for row in exports})
    elsewhere = [file for file in files if codebook.location_of(file)]
    held = [codebook.path_of(file) for file in elsewhere if _holds(project, codebook, file, council_id, respondent_id)]
    files = [file for file in files if file not in elsewhere]
    erasures = [_erasure(project, codebook, file, council_id, respondent_id) for file in files]
    found = tuple(erasure for erasure in erasures if erasure.n_rows)
    if not found and held:
        raise CoproductionError(f"Nothing was erased: {_elsewhere(held)}")
    if not found:
        raise CoproductionError(
            f"Nothing was erased: no export of {council_id} has the id {respondent_id}. If somebody took the rows out "
            "by hand, `make clean` removes what earlier builds hold, and a build publishes anew."
        )
    tolerated = _erasure_of_tolerated_answers(project, codebook, found)
    printed = {normalise_label(row["answer_label"]) for row in codebook["answers"]}
    own_cells = frozenset().union(*(erasure.own_cells for erasure in found))
    own_texts = {cell for cell in own_cells if len(cell) >= _SHORTEST_OWN_TEXT and normalise_label(cell) not in printed}
    without_ids = tuple(row["export_id"] for row in exports if not row["respondent_column"])
    # The exports last: until their rows are gone, all of this can be found again.
    return Planned((*tolerated, *found), frozenset(own_texts), without_ids, _elsewhere(held) if held else "")


def erase_rows(project: Path, erasure: Erasure) -> list[str]:
    """Write a file without the person; remove its copies with the person, and return their names.

    These are the originals that `coproduction repair` kept, and what a killed command left half written.
    """
    path = project / erasure.file
    replace_file(path, erasure.content)
    copies = sorted({*path.parent.glob(f"{path.name}.original*"), *path.parent.glob(f"{path.name}{HALF_WRITTEN}")})
    for copy in copies:
        copy.unlink()
    return [copy.name for copy in copies]


def _elsewhere(held: Sequence[str]) -> str:
    return (
        f"the person is in {', '.join(held)}, too, and no file outside of seeds/exports is changed. Take the person "
        "out where the file comes from, run `make clean`, which removes what earlier builds hold, and build again."
    )


def _holds(project: Path, codebook: Codebook, file: str, council_id: str, respondent_id: str) -> bool:
    """Say whether a file that lies elsewhere has the person."""
    table = table_of_file(project, codebook, file)
    table = table.from_row(header_rows_of(codebook, file, table)[0])
    _require_columns(codebook, file, table.header)
    return any(True for _ in _rows_of_person(codebook, file, table, council_id, respondent_id))


def _erasure(project: Path, codebook: Codebook, file: str, council_id: str, respondent_id: str) -> Erasure:
    """Return what is to be taken out of one file; nothing if the file is not there."""
    path = project / export_file(file)
    if not path.exists():
        return Erasure(export_file(file), 0, b"")
    whole = read_table(path)
    n_header = header_rows_of(codebook, file, column_table(whole))[0]
    table = CsvTable(whole.header, whole.rows[n_header:], whole.lines[n_header:])
    _require_columns(codebook, file, table.header)
    rows = sorted(_rows_of_person(codebook, file, column_table(table), council_id, respondent_id))
    return Erasure(export_file(file), len(rows), _without_rows(path, table, rows), _own_cells(table, rows))


def _erasure_of_tolerated_answers(project: Path, codebook: Codebook, found: Sequence[Erasure]) -> Iterator[Erasure]:
    """Yield what is to be taken out of the tolerated answers: those that only the person gave."""
    file = codebook_file(_TOLERATED)
    given = {
        (export_id, normalise_label(cell))
        for erasure in found
        for export_id in codebook.exports_of_file(Path(erasure.file).stem)
        for cell in erasure.own_cells
    }
    lines = {
        row.line for row in codebook[_TOLERATED] if (row["export_id"], normalise_label(row["answer_label"])) in given
    }
    if lines:
        table = read_table(project / file)
        rows = [number for number, line in enumerate(table.lines) if line in lines]
        yield Erasure(file, len(rows), _without_rows(project / file, table, rows))


def _without_rows(path: Path, table: CsvTable, rows: Sequence[int]) -> bytes:
    """Return the content of a file without some rows of its table."""
    lines = list(io.StringIO(path.read_bytes().decode("utf-8"), newline=""))
    ends = [*table.lines[1:], len(lines) + 1]
    dropped = {line for row in rows for line in range(table.lines[row], ends[row])}
    kept = "".join(line for number, line in enumerate(lines, start=1) if number not in dropped)
    return kept.encode("utf-8")


def _require_columns(codebook: Codebook, file: str, header: Sequence[str]) -> None:
    """Raise CoproductionError if a file lacks a column by which its rows are told apart."""
    for row in (row for row in codebook["exports"] if codebook.file_of(row["export_id"]) == file):
        named = [row["respondent_column"], *codebook.filters_of(row["export_id"])]
        missing = [column for column in named if column and column not in header]
        if missing:
            raise CoproductionError(
                f"Nothing was erased: {codebook.path_of(file)} has no column {missing[0]}, which the codebook names, "
                "so the person cannot be looked for. `coproduction check` says what to correct."
            )


def _rows_of_person(
    codebook: Codebook, file: str, table: ColumnTable, council_id: str, respondent_id: str
) -> Iterator[int]:
    """Yield the rows with the id, but not those of another council.

    A row that no export wants, such as an answer that was broken off, is the person's as well.
    """
    exports = [row for row in codebook["exports"] if codebook.file_of(row["export_id"]) == file]
    own = {row["respondent_column"] for row in exports if row["council_id"] == council_id} - {""}
    others = [row["export_id"] for row in exports if row["council_id"] != council_id]
    of_others = {number for export_id in others for number in rows_of_export(codebook, export_id, table)}
    wanted = respondent_id.strip(" ")
    columns = [table.column(name) for name in own]
    for number, cells in enumerate(zip(*columns, strict=True)):
        if any(cell.strip(" ") == wanted for cell in cells) and number not in of_others:
            yield number


def _own_cells(table: CsvTable, rows: Sequence[int]) -> frozenset[str]:
    """Return the cells of some rows that no other row has."""
    of_person = Counter(cell.strip() for row in rows for cell in table.rows[row])
    of_all = Counter(cell.strip() for row in table.rows for cell in row)
    return frozenset(cell for cell, n in of_person.items() if cell and of_all[cell] == n)
