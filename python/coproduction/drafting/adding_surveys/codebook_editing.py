"""Changes rows of the codebook and the list of exports in dbt_project.yml, and leaves every other line as it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coproduction.codebook.tables import COLUMNS, codebook_file
from coproduction.errors import CoproductionError
from coproduction.exports.project_files import LIST, LIST_ELSEWHERE, PROJECT_FILE

Row = Mapping[str, str]
# Draft ids of scales begin with this; the codebook has the export's name in its place.
NEW = "new_"


def id_in_codebook(scale_id: str, export_id: str) -> str:
    """Return the id that a new scale of a draft has in the codebook."""
    return f"{export_id}_{scale_id.removeprefix(NEW)}"


@dataclass
class Record:
    """One row of a file: its text as it is in the file, and its values. ``origin`` is its line in a draft, if new."""

    text: str
    values: dict[str, str]
    origin: int | None = None


class CodebookTable:
    """A file of the codebook that can be edited row by row."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.line_end = "\r\n" if "\r\n" in text else "\n"
        records = _records(text)
        self.header_text, header = records[0] if records else (",".join(COLUMNS[name]) + "\n", list(COLUMNS[name]))
        self.header = [column.strip() for column in header]
        self.records = [
            Record(raw, dict(zip(self.header, cells, strict=False))) for raw, cells in records[1:] if any(cells)
        ]
        self._place: int | None = None

    @classmethod
    def of(cls, project: Path, name: str) -> CodebookTable:
        """Read a file of a project's codebook."""
        return cls(name, (project / codebook_file(name)).read_bytes().decode("utf-8-sig"))

    def remove(self, is_meant: Callable[[Row], bool]) -> list[dict[str, str]]:
        """Take out the rows that are meant and return them. New rows will stand where the first of them stood."""
        removed = [(place, record) for place, record in enumerate(self.records) if is_meant(record.values)]
        if removed and self._place is None:
            self._place = removed[0][0]
        self.records = [record for record in self.records if not is_meant(record.values)]
        return [record.values for _, record in removed]

    def add(self, rows: Sequence[Row], origins: Sequence[int] = ()) -> None:
        """Add rows, at the end or where rows were taken out. A column that the file lacks is added, blank elsewhere.

        ``origins`` are the lines of a draft from which the rows come, for messages.
        """
        needed = dict.fromkeys(column for row in rows for column, value in row.items() if value)
        new_columns = [column for column in needed if column not in self.header]
        if new_columns:
            self._widen(new_columns)
        place = len(self.records) if self._place is None else self._place
        if place == len(self.records) and self.records and not self.records[-1].text.endswith("\n"):
            self.records[-1].text += self.line_end
        lines = [*origins, *([None] * (len(rows) - len(origins)))]
        made = [Record(self._text(row), dict(row), line) for row, line in zip(rows, lines, strict=True)]
        self.records[place:place] = made
        self._place = None if self._place is None else place + len(made)

    def rename(self, column: str, old: str, new: str, is_meant: Callable[[Row], bool] = lambda _: True) -> int:
        """Write another value into a column of the rows that have the old one; return how many rows changed."""
        changed = [record for record in self.records if record.values.get(column) == old and is_meant(record.values)]
        for record in changed:
            record.values[column] = new
            record.text = self._text(record.values)
        return len(changed)

    def text(self) -> str:
        """Return the file as text."""
        return self.header_text + "".join(record.text for record in self.records)

    def lines_of_new(self) -> dict[int, int]:
        """Return for the line of each new row the line of the draft from which it comes."""
        line, found = 1 + self.header_text.count("\n"), {}
        for record in self.records:
            if record.origin is not None:
                found[line] = record.origin
            line += record.text.count("\n")
        return found

    def _widen(self, columns: Sequence[str]) -> None:
        self.header += columns
        self.header_text = self._line(self.header)
        for record in self.records:
            record.text = self._text(record.values)

    def _text(self, row: Row) -> str:
        return self._line([row.get(column, "") for column in self.header])

    def _line(self, cells: Sequence[str]) -> str:
        text = io.StringIO()
        csv.writer(text, lineterminator=self.line_end).writerow(cells)
        return text.getvalue()


def list_export(text: str, file: str) -> str:
    """Return dbt_project.yml with a file in its list of exports. Raises CoproductionError without a list."""
    start, end, indent = _list_of(text)
    lines = text.splitlines(keepends=True)
    listed = [_item(line) for line in lines[start:end]]
    if file in listed:
        return text
    if "[]" in lines[start - 1]:
        lines[start - 1] = lines[start - 1].replace(" []", "")
    return "".join([*lines[:end], f"{indent}- {file}\n", *lines[end:]])


def unlist_export(text: str, file: str, is_elsewhere: bool = False) -> str:
    """Return the text of dbt_project.yml without a file in its list of exports, or of those that lie elsewhere."""
    start, end, _ = _list_of(text, LIST_ELSEWHERE if is_elsewhere else LIST)
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines[start:end] if _item(line) != file]
    if not any(_item(line) for line in kept):
        lines[start - 1] = lines[start - 1].rstrip("\n") + " []\n"
    return "".join([*lines[:start], *kept, *lines[end:]])


def relist_export(text: str, old: str, new: str, is_elsewhere: bool = False) -> str:
    """Return the text of dbt_project.yml with another name in place of a file's in one of its lists of exports."""
    start, end, indent = _list_of(text, LIST_ELSEWHERE if is_elsewhere else LIST)
    lines = text.splitlines(keepends=True)
    return "".join(
        f"{indent}- {new}\n" if start <= place < end and _item(line) == old else line
        for place, line in enumerate(lines)
    )


def _list_of(text: str, name: str = LIST) -> tuple[int, int, str]:
    """Return the places of the first line of the list and after its last line, and the indent of its items."""
    lines = text.splitlines()
    in_vars = False
    for place, line in enumerate(lines):
        in_vars = line.startswith("vars:") or (in_vars and not re.match(r"\S", line))
        found = re.match(rf"(\s+){name}:\s*(\[\])?\s*(#.*)?$", line)
        if in_vars and found:
            end = place + 1
            while end < len(lines) and re.match(r"\s*- ", lines[end]):
                end += 1
            indent = re.match(r"\s*", lines[place + 1])[0] if end > place + 1 else found[1] + "  "  # type: ignore[index]
            return place + 1, end, indent
    raise CoproductionError(
        f"{PROJECT_FILE} has no list of exports. Write under vars: a line `{name}:` and below it a line "
        f"`- NAME` for each "
        "file, as docs/add-a-council.md shows."
    )


def _item(line: str) -> str:
    found = re.match(r"\s*- *['\"]?([^'\"#\s]+)", line)
    return found[1] if found else ""


def _records(text: str) -> list[tuple[str, list[str]]]:
    """Return each record of a CSV file as its text and its cells; a record may have several lines."""
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(iter(lines))
    records, first = [], 0
    for cells in reader:
        records.append(("".join(lines[first : reader.line_num]), cells))
        first = reader.line_num
    return records
