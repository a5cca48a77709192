"""Workbooks: .xlsx, .xlsm, .xls, .xlsb and .ods, read with python-calamine."""

from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal
from pathlib import Path

from coproduction.drafting.readers.delimited import named_columns, survey_of
from coproduction.drafting.readers.tables_of_words import explain_by_table
from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.recognition.survey_file import SurveyFile

# At most this many rows of titles stand above the names of the columns.
_MOST_TITLES = 10


def read_workbook(path: Path, sheet: str = "") -> SurveyFile:
    """Return the survey in a sheet of a workbook: the one named, or else the one with the most cells.

    Raises UnknownFileError if the file is no workbook, has a password, or has no such sheet.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as reason:
        raise missing_reader(path, "python-calamine") from reason
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        names = workbook.sheet_names
        if sheet and sheet not in names:
            raise UnknownFileError(f"{path.name} has no sheet {sheet!r}. Its sheets are: {', '.join(names)}.")
        chosen = [sheet] if sheet else names
        tables = {
            name: _table([[cell_text(cell) for cell in row] for row in workbook.get_sheet_by_name(name).to_python()])
            for name in chosen
        }
    except CalamineError as reason:
        raise UnknownFileError(_why_not(path)) from reason
    name = max(tables, key=lambda key: sum(map(len, tables[key])))
    survey = survey_of(path.name, *_header_and_rows(tables[name], path, name))
    survey.tool = f"{survey.tool} in the sheet {name} of a workbook"
    others = [other for other in names if other != name]
    explaining = [other for other in others if other in tables and _explains(survey, tables[other], path, other)]
    if explaining:
        survey.notes.append(f"Wordings and the words of codes are from the sheet {', '.join(explaining)}.")
    others = [other for other in others if other not in explaining]
    if others and not sheet:
        survey.notes.append(f"The sheet {name} was read. Other sheets: {', '.join(others)} (choose with --sheet).")
    return survey


def _explains(survey: SurveyFile, table: list[list[str]], path: Path, sheet: str) -> bool:
    """Give the columns of a survey the wordings or words of codes that another sheet has; False if it has none."""
    try:
        header, rows = _header_and_rows(table, path, sheet)
    except UnknownFileError:
        return False
    if len(header) < 2 or not rows:
        return False
    columns = named_columns(header, rows)
    return explain_by_table(survey, SurveyFile(path.name, "a table", columns))


def missing_reader(path: Path, package: str) -> UnknownFileError:
    """Return the error about a file whose reader is not installed."""
    return UnknownFileError(
        f"{path.name} needs the package {package}. `make setup` installs it, or: pip install 'coproduction[readers]'. "
        "Or save the file as CSV in UTF-8."
    )


def _header_and_rows(table: list[list[str]], path: Path, sheet: str) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns, below any titles, and the rows under them."""
    if not table:
        raise UnknownFileError(f"The sheet {sheet} of {path.name} is empty. Name another one with --sheet.")
    width = max(sum(bool(cell) for cell in row) for row in table)
    place = next((number for number, row in enumerate(table[:_MOST_TITLES]) if sum(map(bool, row)) > 0.5 * width), 0)
    header, place = _one_header(table, place)
    kept = [number for number in range(len(header)) if header[number] or any(row[number] for row in table[place + 1 :])]
    rows = [[row[number] for number in kept] for row in table[place + 1 :]]
    return [header[number] for number in kept], [row for row in rows if any(row)]


def _one_header(table: list[list[str]], place: int) -> tuple[list[str], int]:
    """Return the names of the columns and the row of the last of them, where a question may stand above its items.

    A merged cell has its text in its first column. So a second row of names fills the blank cells of the first one, and
    is blank where a column has one name; its texts are nobody's answers.
    """
    header, items = table[place], table[place + 1] if place + 1 < len(table) else []
    below = table[place + 2 :]
    blank = [number for number, text in enumerate(header) if not text and any(row[number] for row in below)]
    is_second = bool(blank) and any(header[number] and not item for number, item in enumerate(items))
    answers = [{row[number] for row in below} for number in range(len(header))]
    if not is_second or not all(items[number] for number in blank) or any(map(_is_number, items)):
        return header, place
    if any(item and item in answers[number] for number, item in enumerate(items)):
        return header, place
    names, stem = [], ""
    for text, item in zip(header, items, strict=True):
        stem = text or stem
        names.append(f"{stem} - {item}" if item and stem else item or text)
    return names, place + 1


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).lstrip("-").isdigit()


def _table(rows: list[list[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    while padded and not any(padded[-1]):
        padded.pop()
    return padded


def cell_text(cell: object) -> str:
    """Return a cell as a survey tool would print it: 3 and not 3.0, and dates in the order of ISO."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | Decimal) and cell % 1 == 0:
        return str(int(cell))
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat(" ") if isinstance(cell, datetime.datetime) else cell.isoformat()
    return "" if cell is None else str(cell).strip()


def _why_not(path: Path) -> str:
    if zipfile.is_zipfile(path):
        inside = zipfile.ZipFile(path).namelist()
        if not any("workbook" in name or "content.xml" in name for name in inside):
            return f"{path.name} is an archive with {', '.join(inside[:3])}. Unpack it and name the file inside."
    return (
        f"{path.name} cannot be read as a workbook: it may be damaged or have a password. Save it without one, "
        f"or as CSV in UTF-8."
    )
