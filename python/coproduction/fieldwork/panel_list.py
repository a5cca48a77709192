"""Reads the list of a panel before the field, refuses what cannot be assigned, and writes it again with its arms."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coproduction.drafting.readers.delimited import read_text_table
from coproduction.drafting.readers.opening import bytes_of_file, read_survey
from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.errors import CoproductionError
from coproduction.files.finding import ERROR, Finding, meant, quoted

_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"$FL2", b"$FL3", b"<stata_dta>")


@dataclass(frozen=True)
class PanelList:
    """A list of people: one row for each, as text. ``rows[i]`` is in line ``lines[i]`` of the file."""

    file: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]

    def cells(self, column: str) -> list[str]:
        """Return the cells of a column, without spaces around them. Raises CoproductionError if there is none."""
        if column not in self.header:
            near = meant(column, self.header)
            allowed = tuple(map(quoted, near or self.header))
            problem = "there is no such column" + ("; did you mean the one below?" if near else "")
            raise PanelError(
                [Finding(ERROR, self.file, problem, "name a column of the file", 1, column, None, allowed)]
            )
        place = self.header.index(column)
        return [row[place].strip() for row in self.rows]


class PanelError(CoproductionError):
    """A list of a panel that cannot be assigned; the message has every mistake in it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        shown = [str(finding) for finding in findings[:_MOST_SHOWN]]
        more = len(findings) - len(shown)
        super().__init__("\n".join([*shown, *([f"and {more} more mistakes of this kind"] if more else [])]))


_MOST_SHOWN = 10


def read_panel(path: Path, sheet: str = "") -> PanelList:
    """Return the rows of a CSV file or of a sheet of a workbook. Raises CoproductionError, which says what to do."""
    raw = bytes_of_file(path)
    if raw.startswith(_BINARY):
        survey = read_survey([path], sheet)
        rows = [list(row) for row in zip(*(column.cells for column in survey.columns), strict=True)]
        return PanelList(path.name, [column.name for column in survey.columns], rows, list(range(2, len(rows) + 2)))
    if sheet:
        raise UnknownFileError(f"{path.name} is no workbook, and --sheet names a sheet of one. Leave --sheet out.")
    table = read_text_table(path, raw)
    if not table.rows:
        raise UnknownFileError(f"{path.name} has no row below the names of its columns. Name the list of the panel.")
    return PanelList(path.name, table.header, table.rows, table.lines)


def checked_ids(panel: PanelList, column: str) -> list[str]:
    """Return the ids of a panel. Raises PanelError if one is missing or stands there twice.

    Ids that differ in capitals only are the same, because survey tools do not always keep capitals.
    """
    findings = list(_faults_of_ids(panel, column))
    if findings:
        raise PanelError(findings)
    return panel.cells(column)


def require_no_column(panel: PanelList, column: str) -> None:
    """Raise PanelError if the list has a column already that is to be written."""
    taken = next((name for name in panel.header if name.lower() == column.lower()), None)
    if taken is not None:
        remedy = (
            "name another column with --column. If the list is assigned already, keep that assignment: whoever has "
            "seen one version must not get another"
        )
        raise PanelError([Finding(ERROR, panel.file, "the column is there already", remedy, 1, taken)])


def panel_with_column(panel: PanelList, column: str, cells: Sequence[str]) -> str:
    """Return the list as CSV, all its cells as they were, with one more column at the end."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*panel.header, column])
    writer.writerows([*row, cell] for row, cell in zip(panel.rows, cells, strict=True))
    return text.getvalue()


def require_new(path: Path) -> None:
    """Raise CoproductionError if there is anything of this name: an assignment is never written over."""
    if path.exists() or path.is_symlink():
        raise CoproductionError(
            f"{path} is there already, and a file that may be in use in the field is never written over. Name "
            "another file with --into, or move this one away."
        )


def write_private(path: Path, content: str) -> None:
    """Write a new text file for its owner alone, with the mark by which Excel knows UTF-8.

    Raises CoproductionError if it cannot be written, or if there is a file of this name.
    """
    require_new(path)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as reason:
        raise CoproductionError(
            f"{path} cannot be written: {reason.strerror}. Name another file with --into."
        ) from reason
    with os.fdopen(descriptor, "wb") as file:
        file.write(content.encode("utf-8-sig"))


def _faults_of_ids(panel: PanelList, column: str) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for cell, line in zip(panel.cells(column), panel.lines, strict=True):
        if not cell:
            remedy = "give every person an id, or delete the row if it is no person"
            yield Finding(ERROR, panel.file, "the row has no id", remedy, line, column, "")
        elif cell.lower() in first:
            problem = f"the id is in line {first[cell.lower()]}, too"
            remedy = "keep one row for each person, or give the second person an id of their own"
            yield Finding(ERROR, panel.file, problem, remedy, line, column, cell)
        else:
            first[cell.lower()] = line
