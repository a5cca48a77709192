"""A draft as a person has completed it."""

from __future__ import annotations

from pathlib import Path

from coproduction.drafting.folder import QUESTIONS, DraftTable
from coproduction.drafting.recognition.survey_file import SurveyFile
from coproduction.files.finding import ERROR, Finding


class Completed:
    """A draft as a person has completed it: its tables, and the folder for messages."""

    def __init__(self, folder: Path, tables: dict[str, DraftTable], settings: dict[str, str]) -> None:
        self.folder = folder
        self.tables = tables
        self.settings = settings

    def rows(self, name: str) -> list[tuple[dict[str, str], int]]:
        """Return the rows of a table with their lines."""
        table = self.tables.get(name)
        return list(zip(table.rows, table.lines, strict=True)) if table else []

    def claimed(self) -> list[tuple[dict[str, str], int]]:
        """Return the rows of questions.csv that claim a column."""
        return [(row, line) for row, line in self.rows(QUESTIONS) if row["construct_id"]]

    def left_out(self) -> list[str]:
        """Return the columns of which only the construct is blank: a person cleared it, by intention or not."""
        rows = [row for row, _ in self.rows(QUESTIONS) if not row["construct_id"]]
        return [row["column_name"] for row in rows if row["theme_id"] or row["scale_id"]]

    def in_file_order(self, survey: SurveyFile) -> list[tuple[dict[str, str], int]]:
        """Return the rows that claim a column in the order of the file's columns."""
        places = {column.name: place for place, column in enumerate(survey.columns)}
        return sorted(self.claimed(), key=lambda row: places.get(row[0]["column_name"], len(places)))

    def error(
        self,
        table: str,
        problem: str,
        remedy: str,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        allowed: tuple[str, ...] = (),
        details: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding about a place in the draft."""
        return Finding(ERROR, f"{self.folder.name}/{table}.csv", problem, remedy, line, column, value, allowed, details)
