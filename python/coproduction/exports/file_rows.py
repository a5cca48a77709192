"""Which rows of a file belong to an export: those below the rows that explain the header and kept by the filter."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import compress

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.numbers import is_one_of
from coproduction.codebook.tables import Codebook
from coproduction.files.columns.column_table import ColumnTable
from coproduction.files.finding import ERROR, NOTE, Finding, quoted, shortened

# Qualtrics writes the texts of the questions and then a row of identifiers below the header.
_QUALTRICS = '{"ImportId":'
# SurveyMonkey writes the kind of each answer below the header.
_SURVEYMONKEY = frozenset({"response", "open-ended response"})


def header_rows_of(codebook: Codebook, file: str, table: ColumnTable) -> tuple[int, str]:
    """Return how many rows below the first explain the header, and the survey tool that writes them, '' if declared."""
    declared = [row["header_rows"] for row in codebook["exports"] if (row["file"] or row["export_id"]) == file]
    numbers = [int(text) for text in declared if text.isdecimal()]
    if numbers:
        return numbers[0], ""
    first_rows = [table.row(place) for place in range(min(2, table.n_rows))]
    for place, row in enumerate(first_rows):
        if any(cell.replace(" ", "").startswith(_QUALTRICS) for cell in row):
            return place + 1, "Qualtrics"
    if first_rows:
        cells = {normalise_label(cell) for cell in first_rows[0]} - {""}
        if len(cells & _SURVEYMONKEY) and normalise_label(first_rows[0][0]) == "" and len(first_rows[0]) > 1:
            return 1, "SurveyMonkey"
    return 0, ""


def rows_of_export(codebook: Codebook, export_id: str, table: ColumnTable) -> Sequence[int]:
    """Return the places of the rows that belong to an export: those with an allowed answer in each filtered column."""
    is_own = [
        table.column(column).map(partial(_is_in_filter, answers))
        for column, answers in codebook.filters_of(export_id).items()
    ]
    if not is_own:
        return range(table.n_rows)
    return array("L", compress(range(table.n_rows), map(all, zip(*is_own, strict=True))))


def _is_in_filter(answers: set[str], cell: str) -> bool:
    return is_one_of(normalise_label(cell), answers)


def note_header_rows(name: str, table: ColumnTable, n_rows: int, tool: str) -> Iterator[Finding]:
    """Say which rows were taken for a part of the header although nobody declared them."""
    if n_rows and tool:
        lines = " and ".join(str(line) for line in table.lines[:n_rows])
        what = f"lines {lines} explain" if n_rows > 1 else f"line {lines} explains"
        problem = f"{what} the header, as {tool} writes it, and no answers"
        remedy = f"nothing, or set header_rows in seeds/codebook/exports.csv (now {n_rows})"
        yield Finding(NOTE, name, problem, remedy, table.lines[0])


def check_rows_of_file(
    codebook: Codebook, file: str, table: ColumnTable, taken: dict[str, Sequence[int]]
) -> Iterator[Finding]:
    """Refuse rows that two exports take, and note the rows that none takes.

    ``taken`` has the places of the rows of each export of the file; ``table`` is the file without its header rows.
    """
    n_times = bytearray(table.n_rows)
    for places in taken.values():
        for place in places:
            n_times[place] = min(2, n_times[place] + 1)
    twice = [place for place, times in enumerate(n_times) if times > 1]
    if twice:
        owners = [export_id for export_id, places in taken.items() if twice[0] in places]
        yield Finding(
            ERROR,
            codebook.path_of(file),
            f"{_rows(len(twice))} in the exports {' and '.join(owners)}, the first in this line",
            "make the filters of seeds/codebook/row_filters.csv exclude each other: a row is of one export",
            table.lines[twice[0]],
        )
    left = [place for place, times in enumerate(n_times) if not times]
    if left and taken:
        columns = list(dict.fromkeys(column for export_id in taken for column in codebook.filters_of(export_id)))
        found = Counter(
            ", ".join(f"{column} {quoted(table.column(column)[place])}" for column in columns) for place in left
        )
        listed = shortened(f"{answers} ({n_rows:,})" for answers, n_rows in found.most_common())
        yield Finding(
            NOTE,
            codebook.path_of(file),
            f"{_rows(len(left))} in no export, because of the filter, the first in this line: {listed}",
            "nothing, or add the answers to seeds/codebook/row_filters.csv",
            table.lines[left[0]],
        )


def _rows(n_rows: int) -> str:
    return "1 row is" if n_rows == 1 else f"{n_rows:,} rows are"
