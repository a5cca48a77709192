"""What a conversion would do to a file, decided before anything is written.

The check and the command `repair` both read this plan. So the check asks for `repair` only where it can convert the
file, and never asks again after it.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

from coproduction.codebook.cells import changes_of_codebook_cells
from coproduction.codebook.tables import Codebook
from coproduction.exports.checks.answer_checks import export_of
from coproduction.exports.checks.cell_checks import changes_of_cells, refuse_odd_cells
from coproduction.exports.file_rows import header_rows_of, rows_of_export
from coproduction.files.cleaning import Change
from coproduction.files.columns.column_table import ColumnTable, column_table
from coproduction.files.columns.odd_text import may_have_odd_cells
from coproduction.files.conversion import changes
from coproduction.files.csv_file import CsvFile
from coproduction.files.encodings import UTF8
from coproduction.files.file_checks import as_error, refusals
from coproduction.files.finding import Finding
from coproduction.files.reading import parse_table

# What is wrong with the cells of a file, what a conversion does to them, and their new text by (row, column) from 0.
CellChanges = tuple[list[Finding], list[Change], dict[tuple[int, int], str]]

# Taking out one thing may show another, such as a header that was hidden by an invisible mark.
_MOST_PASSES = 5


@dataclass(frozen=True)
class Plan:
    """The errors that somebody has to correct by hand, or else the changes of a conversion and the new content.

    ``changes`` is empty where the file can be read as it is. ``is_table`` is False where the file cannot even be split
    into rows and columns.
    """

    errors: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    content: bytes = b""
    is_table: bool = True


def plan_conversion(file: CsvFile, cells_of: Callable[[CsvFile], CellChanges]) -> Plan:
    """Return what is wrong with a file; ``cells_of`` judges its cells.

    A conversion is repeated until nothing is left to change. A file that would have other errors afterwards is refused.
    """
    done: list[Change] = []
    current = file
    for _ in range(_MOST_PASSES):
        errors = refusals(current)
        if errors:
            return Plan(tuple(errors), is_table=False)
        errors, cell_changes, replaced = cells_of(current)
        if errors:
            return Plan(tuple(errors))
        new = [*changes(current), *cell_changes]
        if not new:
            return Plan(changes=tuple(done), content=current.raw)
        content = converted_bytes(current, replaced)
        if not _keeps_every_cell(current, content, replaced):
            return Plan((_by_hand(file, "a conversion would not keep every cell of the file"),))
        done += new
        current = CsvFile(file.name, content, file.expected)
    return Plan((_by_hand(file, "the file cannot be converted: each change makes another one necessary"),))


def errors_of(file: CsvFile, plan: Plan) -> list[Finding]:
    """Return the errors of a plan: those to correct by hand, or one for each change that `repair` would make."""
    return list(plan.errors) or [as_error(file, change) for change in plan.changes]


def codebook_cells(table: str, file: CsvFile) -> CellChanges:
    """Judge the cells of a codebook file."""
    return changes_of_codebook_cells(table, file.spaced)


def export_cells(codebook: Codebook, export_id: str, file: CsvFile) -> CellChanges:
    """Judge the cells of a file that an export reads."""
    if not may_have_odd_cells(file.text) or export_id not in codebook.ids("exports", "export_id"):
        return [], [], {}
    return cells_of_table(codebook, export_id, column_table(file.spaced))


def cells_of_table(codebook: Codebook, export_id: str, table: ColumnTable) -> CellChanges:
    """Judge the cells that an export reads, in the rows that are its own; a conversion changes all rows of the file.

    Args: `table` has the spaces at the beginning of cells.
    """
    export = export_of(codebook, export_id, table)
    answers = table.from_row(header_rows_of(codebook, codebook.file_of(export_id), table)[0])
    own = answers.only(rows_of_export(codebook, export_id, answers))
    found = list(refuse_odd_cells(export_of(codebook, export_id, own)))
    return (found, [], {}) if found else (found, *changes_of_cells(export))


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


def _keeps_every_cell(file: CsvFile, content: bytes, replaced: dict[tuple[int, int], str]) -> bool:
    """Return whether the new file has every cell of the old one, apart from the reported changes."""
    before, after = file.converted[0], parse_table(content.decode(UTF8))
    expected = [
        [replaced.get((place, column), cell) for column, cell in enumerate(row)]
        for place, row in enumerate(before.rows)
    ]
    return (after.header, after.rows) == (before.header, expected)


def _by_hand(file: CsvFile, problem: str) -> Finding:
    return file.error(problem, "save the file again as comma-separated CSV in UTF-8", line=1)
