"""Which rows of a file belong to an export: those below the rows that explain the header and kept by the filter."""

from collections import Counter
from collections.abc import Iterator

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.numbers import is_one_of
from coproduction.codebook.tables import Codebook
from coproduction.files.finding import ERROR, NOTE, Finding, quoted, shortened
from coproduction.files.reading import CsvTable, export_file

# Qualtrics writes the texts of the questions and then a row of identifiers below the header.
_QUALTRICS = '{"ImportId":'
# SurveyMonkey writes the kind of each answer below the header.
_SURVEYMONKEY = frozenset({"response", "open-ended response"})


def header_rows_of(codebook: Codebook, file: str, table: CsvTable) -> tuple[int, str]:
    """Return how many rows below the first explain the header, and the survey tool that writes them, '' if declared."""
    declared = [row["header_rows"] for row in codebook["exports"] if (row["file"] or row["export_id"]) == file]
    numbers = [int(text) for text in declared if text.isdecimal()]
    if numbers:
        return numbers[0], ""
    for place, row in enumerate(table.rows[:2]):
        if any(cell.replace(" ", "").startswith(_QUALTRICS) for cell in row):
            return place + 1, "Qualtrics"
    if table.rows:
        cells = {normalise_label(cell) for cell in table.rows[0]} - {""}
        if len(cells & _SURVEYMONKEY) and normalise_label(table.rows[0][0]) == "" and len(table.rows[0]) > 1:
            return 1, "SurveyMonkey"
    return 0, ""


def without_header_rows(table: CsvTable, n_rows: int) -> CsvTable:
    """Return a table without its first data rows."""
    return CsvTable(table.header, table.rows[n_rows:], table.lines[n_rows:])


def rows_of_export(codebook: Codebook, export_id: str, table: CsvTable) -> list[int]:
    """Return the places of the rows that belong to an export: those with an allowed answer in each filtered column."""
    filters = codebook.filters_of(export_id)
    places = {column: table.header.index(column) for column in filters}
    return [
        number
        for number, row in enumerate(table.rows)
        if all(is_one_of(normalise_label(row[places[column]]), answers) for column, answers in filters.items())
    ]


def only_rows(table: CsvTable, places: list[int]) -> CsvTable:
    """Return a table with the rows at these places."""
    if len(places) == len(table.rows):
        return table
    return CsvTable(table.header, [table.rows[place] for place in places], [table.lines[place] for place in places])


def note_header_rows(file: str, table: CsvTable, n_rows: int, tool: str) -> Iterator[Finding]:
    """Say which rows were taken for a part of the header although nobody declared them."""
    if n_rows and tool:
        lines = " and ".join(str(line) for line in table.lines[:n_rows])
        what = f"lines {lines} explain" if n_rows > 1 else f"line {lines} explains"
        problem = f"{what} the header, as {tool} writes it, and no answers"
        remedy = f"nothing, or set header_rows in seeds/codebook/exports.csv (now {n_rows})"
        yield Finding(NOTE, export_file(file), problem, remedy, table.lines[0])


def check_rows_of_file(
    codebook: Codebook, file: str, table: CsvTable, taken: dict[str, list[int]]
) -> Iterator[Finding]:
    """Refuse rows that two exports take, and note the rows that none takes.

    ``taken`` has the places of the rows of each export of the file; ``table`` is the file without its header rows.
    """
    n_times = Counter(place for places in taken.values() for place in places)
    twice = sorted(place for place, times in n_times.items() if times > 1)
    if twice:
        owners = [export_id for export_id, places in taken.items() if twice[0] in places]
        yield Finding(
            ERROR,
            export_file(file),
            f"{_rows(len(twice))} in the exports {' and '.join(owners)}, the first in this line",
            "make the filters of seeds/codebook/row_filters.csv exclude each other: a row is of one export",
            table.lines[twice[0]],
        )
    left = [place for place in range(len(table.rows)) if place not in n_times]
    if left and taken:
        columns = list(dict.fromkeys(column for export_id in taken for column in codebook.filters_of(export_id)))
        found = Counter(
            ", ".join(f"{column} {quoted(table.rows[place][table.header.index(column)])}" for column in columns)
            for place in left
        )
        listed = shortened(f"{answers} ({n_rows:,})" for answers, n_rows in found.most_common())
        yield Finding(
            NOTE,
            export_file(file),
            f"{_rows(len(left))} in no export, because of the filter, the first in this line: {listed}",
            "nothing, or add the answers to seeds/codebook/row_filters.csv",
            table.lines[left[0]],
        )


def _rows(n_rows: int) -> str:
    return "1 row is" if n_rows == 1 else f"{n_rows:,} rows are"
