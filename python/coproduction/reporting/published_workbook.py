"""Files to hand on: a workbook of the published reports with native charts, a CSV file of each report and BI table.

Cells hold numbers as numbers and texts as texts: a text from the data never becomes a formula or a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from coproduction.reporting.content import Scope
from coproduction.reporting.published import Published, ReportError, make_folder, open_published
from coproduction.reporting.sections.answers import questions_in_sets

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WORKBOOK, CSV_FOLDER = "tables.xlsx", "csv"

# Longer tables are in the CSV files only: people open a workbook to look at it.
MOST_ROWS = 20_000
_WIDEST = 48
# The marks of bars in a chart, from the low end to the high end; style.css has the same colours.
_COLOURS = {
    "l3": "#7f3b08", "l2": "#b35806", "l1": "#f1a340", "mid": "#d9d9d9",
    "h1": "#92c5de", "h2": "#2166ac", "h3": "#0b3866",
}  # fmt: skip

_LEVELS_QUERY = """
    select levels.*, measures.is_outcome from reports.rpt_levels as levels
    inner join marts.dim_measure as measures using (measure_id)
    where levels.topic_id = 'all' and levels.breakdown_id = 'all' and levels.weighting_id = 'unweighted'
    order by levels.council_label, levels.wave_id, levels.theme_label
"""
_MEASURES_QUERY = "select measure_id, measure_label from marts.dim_measure order by is_outcome desc, measure_label"


class Book:
    """A workbook that is being written: its formats, and sheets whose names are short and differ."""

    def __init__(self, path: Path, texts: Any) -> None:
        """Begin a workbook at `path`; `texts` are the sentences of the pages."""
        self.book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        self.texts = texts
        self.head = self.book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        self.title = self.book.add_format({"bold": True, "font_size": 14})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self._names: set[str] = set()

    def sheet(self, name: str) -> Worksheet:
        """Return a new sheet, with a name that Excel accepts and no other sheet has."""
        plain = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:31] or "Sheet"
        found, number = plain, 2
        while found.lower() in self._names:
            found, number = f"{plain[:27]} ({number})", number + 1
        self._names.add(found.lower())
        return self.book.add_worksheet(found)

    def write(self, sheet: Worksheet, row: int, column: int, value: Any, style: Format | None = None) -> None:
        """Write a value by its type; nothing for None."""
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), style or self.day)
        elif value is not None:
            sheet.write_string(row, column, str(value), style)

    def table(
        self, sheet: Worksheet, heads: Sequence[str], rows: Sequence[Sequence[Any]], notes: Sequence[str]
    ) -> None:
        """Write a table with a frozen header that can be filtered; `notes` explain the heads."""
        for column, head in enumerate(heads):
            self.write(sheet, 0, column, head, self.head)
            if notes and notes[column]:
                sheet.write_comment(0, column, notes[column], {"x_scale": 2})
            longest = max((len(str(row[column])) for row in rows[:200] if row[column] is not None), default=0)
            sheet.set_column(column, column, min(_WIDEST, max(10, len(head), longest) + 1))
        for place, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self.write(sheet, place, column, value)
        sheet.freeze_panes(1, 1)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(heads) - 1)


def write_workbook(published_file: Path, folder: Path) -> list[Path]:
    """Write the workbook and the CSV files into a folder and return them, the workbook first.

    Raises WarehouseError or ReportError if the file is no published file or the folder cannot be written.
    """
    with open_published(published_file) as published:
        try:
            make_folder(folder)
            make_folder(folder / CSV_FOLDER)
            return [_workbook(published, folder / WORKBOOK), *_csv_files(published, folder / CSV_FOLDER)]
        except (OSError, xlsxwriter.exceptions.FileCreateError) as reason:
            raise ReportError(f"The workbook could not be written to {folder}: {reason}.") from reason


def reports_of(published: Published) -> list[str]:
    """Return the published reports by name. Other tables, such as those of respondents, are in no file to hand on."""
    return [name for name in published.tables if name.startswith("reports.")]


def _csv_files(published: Published, folder: Path) -> list[Path]:
    for old in (*folder.glob("rpt_*.csv"), *folder.glob("bi_*.csv")):
        old.unlink()
    files = []
    # The tables for charts are made from the reports of the file; Excel and Power BI open CSV files without a driver.
    for name in (*reports_of(published), *(name for name in published.tables if name.startswith("bi."))):
        path = folder / f"{name.split('.')[1]}.csv"
        target = str(path).replace("'", "''")
        published.rows(f"copy (select * from {name} order by all) to '{target}' (header, delimiter ',')")
        files.append(path)
    return files


def _workbook(published: Published, path: Path) -> Path:
    new = path.with_name(f".{path.name}.new")
    book = Book(new, published.texts)
    about = book.sheet(published.texts("page_book_about"))
    _levels(published, book)
    _answers(published, book)
    left_out = [name for name in reports_of(published) if not _report(published, book, name)]
    _about(published, book, about, left_out)
    book.book.set_properties({"title": published.texts("page_study_title")})
    book.book.close()
    return new.replace(path)


def _about(published: Published, book: Book, sheet: Worksheet, left_out: Iterable[str]) -> None:
    """Write what the workbook is: its data, what is withheld, and what each sheet has."""
    texts, build = published.texts, published.build
    sheet.set_column(0, 0, 110)
    book.write(sheet, 0, 0, texts("page_study_title"), book.title)
    lines = [f"{texts('page_synthetic_short')}. {texts('page_synthetic')}"] if published.is_synthetic else []
    minimum = build.get("minimum_base", "")
    lines += [
        texts("page_book_lead"),
        texts("page_methods_withheld", minimum_base=minimum),
        texts("page_book_rounded", minimum_base=minimum),
        texts("page_methods_interval"),
        texts("page_methods_stars"),
        *(texts("page_book_left_out", table=name, folder=CSV_FOLDER) for name in left_out),
        published.footer,
    ]
    for row, line in enumerate(lines, start=2):
        book.write(sheet, row, 0, line, book.wrapped)


def _report(published: Published, book: Book, name: str) -> bool:
    """Write a report as a sheet; return whether it is short enough."""
    columns = published.columns[name]
    rows = published.rows(f"select * from {name} limit {MOST_ROWS + 1}")
    if len(rows) > MOST_ROWS:
        return False
    ordered = published.rows(f"select * from {name} order by all")
    notes = [column["comment"] or "" for column in columns.values()]
    book.table(book.sheet(name.split(".")[1]), list(columns), [list(row.values()) for row in ordered], notes)
    return True


def _levels(published: Published, book: Book) -> None:
    """Write the levels with a column for each measure and a chart of the outcomes."""
    measures = {row["measure_id"]: row["measure_label"] for row in published.rows(_MEASURES_QUERY)}
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    provenances: dict[tuple[str, str], str] = {}
    outcomes = set()
    for row in published.rows(_LEVELS_QUERY):
        key = (published.survey_label(row["council_id"], row["wave_id"]), row["theme_label"])
        lines.setdefault(key, {})[row["measure_id"]] = row["estimate"]
        provenances[key] = row["provenance"]
        outcomes |= {row["measure_id"]} if row["is_outcome"] else set()
    sheet = book.sheet(published.texts("page_levels_title"))
    first, second, last = (published.texts(f"page_head_{name}") for name in ("survey", "theme", "provenance"))
    heads = [first, second, *measures.values(), last]
    rows = [[*key, *map(values.get, measures), provenances[key]] for key, values in lines.items()]
    book.table(sheet, heads, rows, [])
    places = [place for place, measure in enumerate(measures, start=2) if measure in outcomes]
    series = [(place, colour) for place, colour in zip(places, ("#2166ac", "#f1a340"), strict=False)]
    if rows:
        title = chart_title(published, published.texts("page_levels_title"))
        _chart(book, sheet, title, 2, len(rows), series, "clustered")


def _answers(published: Published, book: Book) -> None:
    """Write a sheet for each construct and set of answers: a row for each question, and stacked bars."""
    for label, classes, questions in questions_in_sets(Scope(published)):
        texts = published.texts
        names = questions[0].answers
        first_heads = [texts("page_head_survey"), texts("page_head_question")]
        heads = [*first_heads, *names, texts("page_head_n_respondents"), texts("page_head_provenance")]
        rows = []
        for question in questions:
            first = question.shares[0]
            asked = question.label(texts)
            shares = [row["estimate"] for row in question.shares]
            survey = published.survey_label(first["council_id"], first["wave_id"])
            rows.append([survey, asked, *shares, first["n_respondents"], first["provenance"]])
        sheet = book.sheet(label)
        book.table(sheet, heads, rows, [])
        series = [(place, _COLOURS[css]) for place, css in enumerate(classes, start=2)]
        _chart(book, sheet, chart_title(published, label), 2, len(rows), series, "percent_stacked")


def chart_title(published: Published, title: str) -> str:
    """Return the title of a chart, which says itself that data are synthetic: a chart is copied without its sheet."""
    return f"{title} ({published.texts('page_synthetic_short')})" if published.is_synthetic else title


def _chart(
    book: Book, sheet: Worksheet, title: str, n_names: int, n_rows: int, series: Sequence[tuple[int, str]], kind: str
) -> None:
    """Put bars next to a table: a series for each column, named by its head, with the first columns as categories."""
    chart = book.book.add_chart({"type": "bar", **({"subtype": kind} if kind != "clustered" else {})})
    assert chart is not None
    for column, colour in series:
        chart.add_series(
            {
                "name": [sheet.get_name(), 0, column],
                "categories": [sheet.get_name(), 1, 0, n_rows, n_names - 1],
                "values": [sheet.get_name(), 1, column, n_rows, column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": title})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 760, "height": 160 + 28 * n_rows})
    sheet.insert_chart(n_rows + 3, 1, chart, {"description": title})
