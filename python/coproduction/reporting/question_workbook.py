"""A workbook with a sheet for each question: its own words and answers, a block of columns for each survey, a chart.

Questions are grouped as in the explorer. Every number is a cell of `rpt_answer_shares`; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter

from coproduction.reporting.explorer_data import ANSWERS_OF_QUESTIONS, subjects
from coproduction.reporting.printed_numbers import missing
from coproduction.reporting.published import Published, ReportError, Row, make_folder, open_published
from coproduction.reporting.published_workbook import Book, chart_title

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

QUESTIONS = "questions.xlsx"

# Rows of a sheet: words, construct, link back, then the heads of the table, which stay in sight.
_WORDS, _ABOUT, _BACK, _SURVEYS, _HEADS, _FIRST = range(6)
_LABELS, _UNITS, _BLOCKS = range(3)
_WIDE = 6
# Excel allows no higher row, in points.
_HIGHEST = 409
# More surveys than fit are printed on several pages, so many on each, at this scale in per cent.
_MOST_THAT_FIT, _SURVEYS_ON_A_PAGE, _SCALE = 3, 2, 68
_NOTES = ("order", "base")
# The columns of a block that are numbers, with the sentence of each head.
_NUMBERS = {
    "estimate": "page_head_estimate",
    "ci_lower": "page_head_lower",
    "ci_upper": "page_head_upper",
    "n_respondents": "page_head_base",
}
_REASON = "withheld_reason"
_WIDTHS = {"estimate": 12, "ci_lower": 10, "ci_upper": 10, "n_respondents": 14, _REASON: 28}
# Colours that differ for the colour-blind too; surveys beyond them get a chart of their own.
_COLOURS = ("#2166ac", "#f1a340", "#1b7837", "#92c5de", "#b35806", "#762a83", "#7f7f7f", "#0b3866")

# A line of the table: the name of the figure, its unit, and the answer; no answer for a figure such as a mean.
Line = tuple[str, str, str | None]


class Block(NamedTuple):
    """What a survey says about a question: the head of its columns, and its row of the report for each line."""

    head: str
    rows: dict[Line, Row]

    @property
    def has_reasons(self) -> bool:
        """Return whether a cell has something to explain, so that the block gets a column for it."""
        return any(row["estimate"] is None or row["is_small_base"] for row in self.rows.values())


class Question(NamedTuple):
    """A question: its words, its construct, its lines in order, and the surveys that asked it."""

    words: str
    construct: str
    lines: list[Line]
    blocks: list[Block]


def write_questions(published_file: Path, folder: Path) -> Path | None:
    """Write the workbook into a folder and return it; None if the file does not have answers.

    Raises WarehouseError or ReportError if the file is no published file or the folder cannot be written.
    """
    with open_published(published_file) as published:
        if not published.has(ANSWERS_OF_QUESTIONS.source):
            return None
        try:
            make_folder(folder)
            new = folder / f".{QUESTIONS}.new"
            _Workbook(published, new).write()
            return new.replace(folder / QUESTIONS)
        except (OSError, xlsxwriter.exceptions.FileCreateError) as reason:
            raise ReportError(f"The workbook could not be written to {folder}: {reason}.") from reason


def questions_of(published: Published) -> Iterator[Question]:
    """Yield the questions in the order of the explorer, with the rows of everybody: none of a group."""
    for words, rows in subjects(published, ANSWERS_OF_QUESTIONS):
        of_all = [row for row in rows if row["breakdown_label"] is None]
        blocks: dict[str, Block] = {}
        for row in of_all:
            head = _head(published, row)
            blocks.setdefault(head, Block(head, {})).rows[_line(row)] = row
        if blocks:
            lines = list(dict.fromkeys(map(_line, of_all)))
            yield Question(words, str(of_all[0]["subject_group"]), lines, list(blocks.values()))


def _line(row: Row) -> Line:
    return row["figure_label"], row["unit_label"], row["head"]


def _head(published: Published, row: Row) -> str:
    """Return the survey, the area and, unless it is none, the weighting that a row speaks of."""
    area = ", ".join(filter(None, (row["theme_label"], row["topic_label"])))
    head = f"{published.survey_label(row['council_id'], row['wave_id'])}: {area}"
    weighting = row["weighting_id"]
    return head if weighting == "unweighted" else f"{head} ({published.label('weighting_id', weighting)})"


class _Workbook:
    """The workbook that is being written."""

    def __init__(self, published: Published, path: Path) -> None:
        self._published, self._texts = published, published.texts
        self._book = Book(path, published.texts)
        add = self._book.book.add_format
        self._words = add({"bold": True, "font_size": 13, "text_wrap": True, "valign": "top"})
        self._survey = add({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        self._head = add({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "align": "right"})
        self._base = add({"num_format": _base_format(published), "align": "right", "valign": "top"})
        self._reason = add({"text_wrap": True, "valign": "top", "align": "left", "indent": 1})
        self._link = add({"font_color": "#0b3866", "underline": 1, "valign": "top"})
        self._right = add({"align": "right", "valign": "top"})
        self._numbers = [add({"num_format": f"0.{'0' * n}".rstrip("."), "valign": "top"}) for n in range(7)]

    def write(self) -> None:
        """Write the contents, the notes and a sheet for each question."""
        contents = self._book.sheet(self._texts("page_questions_contents"))
        read_me = self._book.sheet(self._texts("page_book_about"))
        self._read_me(read_me, contents)
        found: list[tuple[Worksheet, Question]] = []
        for number, question in enumerate(questions_of(self._published), start=1):
            sheet = self._book.sheet(f"{number} {question.construct}")
            self._question(sheet, question, contents)
            found.append((sheet, question))
        self._contents(contents, read_me, found)
        self._book.book.set_properties({"title": self._texts("page_answers_title")})
        self._book.book.close()

    def _contents(self, sheet: Worksheet, read_me: Worksheet, found: Sequence[tuple[Worksheet, Question]]) -> None:
        texts, book = self._texts, self._book
        book.write(sheet, _WORDS, 0, f"{texts('page_study_title')}: {texts('page_answers_title')}", book.title)
        self._about(sheet, "")
        _link(sheet, _BACK, read_me, read_me.get_name(), self._link)
        heads = ("page_questions_sheet", "page_head_question", "page_head_construct", "page_head_survey")
        for column, (head, width) in enumerate(zip(heads, (34, 68, 28, 68), strict=True)):
            sheet.set_column(column, column, width)
            book.write(sheet, _BACK + 1, column, texts(head), book.head)
        for row, (target, question) in enumerate(found, start=_BACK + 2):
            _link(sheet, row, target, target.get_name(), self._link)
            surveys = "; ".join(block.head for block in question.blocks)
            for column, value in enumerate((question.words, question.construct, surveys), start=1):
                book.write(sheet, row, column, value, book.wrapped)
            _height(sheet, row, max(question.words, surveys, key=len), 60)
        sheet.freeze_panes(_BACK + 2, 1)
        sheet.repeat_rows(_BACK + 1)
        sheet.fit_to_pages(1, 0)

    def _read_me(self, sheet: Worksheet, contents: Worksheet) -> None:
        texts, minimum = self._texts, self._published.build.get("minimum_base", "")
        sheet.set_column(0, 0, 110)
        self._book.write(sheet, _WORDS, 0, texts("page_answers_title"), self._book.title)
        self._about(sheet, "")
        _link(sheet, _BACK, contents, texts("page_questions_back"), self._link)
        lines = [texts("page_synthetic")] if self._published.is_synthetic else []
        lines += [texts(f"page_questions_{part}") for part in ("lead", *_NOTES)]
        lines += [texts(f"page_methods_{part}", minimum_base=minimum) for part in ("withheld", "rounded", "interval")]
        lines += [texts("page_explorer_about_few"), self._published.footer]
        for row, line in enumerate(lines, start=_BACK + 2):
            self._book.write(sheet, row, 0, line, self._book.wrapped)
            _height(sheet, row, line, 100)

    def _about(self, sheet: Worksheet, construct: str) -> None:
        """Write the construct and, on each sheet and each printed page of it, that data are synthetic."""
        synthetic = self._texts("page_synthetic_short") if self._published.is_synthetic else ""
        self._book.write(sheet, _ABOUT, 0, ". ".join(filter(None, (construct, synthetic))))
        sheet.set_footer(f"&L{synthetic}&R&P / &N")
        sheet.set_landscape()
        sheet.set_paper(9)

    def _question(self, sheet: Worksheet, question: Question, contents: Worksheet) -> None:
        """Write the words, the lines of the table with a block for each survey, and the charts of the answers."""
        _wide(sheet, _WORDS, question.words, self._words, 70)
        self._about(sheet, question.construct)
        _link(sheet, _BACK, contents, self._texts("page_questions_back"), self._link)
        answers = [line for line in question.lines if line[2] is not None]
        others = [line for line in question.lines if line[2] is None]
        # An empty row sets apart what is no answer, such as Don't Know, which has another base.
        lines = [*answers, *([None] if answers else []), *others]
        places = {line: row for row, line in enumerate(lines, start=_FIRST) if line}
        self._labels(sheet, question, places)
        columns = [_BLOCKS]
        for block in question.blocks:
            columns.append(self._block(sheet, block, columns[-1], places))
        below = _FIRST + len(lines)
        for row, part in enumerate(_NOTES, start=below + 1):
            _wide(sheet, row, self._texts(f"page_questions_{part}"), self._book.wrapped, 90)
        if answers:
            self._charts(sheet, question.words, len(answers), columns[:-1], below + len(_NOTES) + 2)
        sheet.freeze_panes(_FIRST, _UNITS)
        _paper(sheet, columns, below + len(_NOTES) + 2)

    def _labels(self, sheet: Worksheet, question: Question, places: Mapping[Line, int]) -> None:
        """Write the heads, and each answer or figure with its unit, in rows that are high enough for reasons."""
        for column, head, width in ((_LABELS, "answer", 36), (_UNITS, "unit", 20)):
            sheet.set_column(column, column, width)
            self._book.write(sheet, _HEADS, column, self._texts(f"page_head_{head}"), self._book.head)
        for (figure, unit, answer), row in places.items():
            self._book.write(sheet, row, _LABELS, figure if answer is None else answer, self._book.wrapped)
            self._book.write(sheet, row, _UNITS, unit, self._book.wrapped)
            found = [block.rows.get((figure, unit, answer), {}) for block in question.blocks]
            _height(sheet, row, max([answer or figure, *(row.get("why_missing", "") for row in found)], key=len), 30)
        sheet.set_row(_SURVEYS, 45)

    def _block(self, sheet: Worksheet, block: Block, first: int, places: Mapping[Line, int]) -> int:
        """Write the columns of a survey, from the first on; return the column after them."""
        names = [*_NUMBERS, *([_REASON] if block.has_reasons else [])]
        sheet.merge_range(_SURVEYS, first, _SURVEYS, first + len(names) - 1, block.head, self._survey)
        for column, name in enumerate(names, start=first):
            sheet.set_column(column, column, _WIDTHS[name])
            head = self._texts(_NUMBERS.get(name, "page_head_reason"))
            self._book.write(sheet, _HEADS, column, head, self._head if name in _NUMBERS else self._book.head)
            comment = self._published.columns[ANSWERS_OF_QUESTIONS.source].get(name, {}).get("comment")
            if comment and first == _BLOCKS:
                sheet.write_comment(_HEADS, column, comment, {"x_scale": 2})
        for line, place in places.items():
            if line in block.rows:
                self._cells(sheet, block.rows[line], place, first)
        return first + len(names)

    def _cells(self, sheet: Worksheet, row: Row, place: int, first: int) -> None:
        """Write a row of the report: numbers as they are published; a word and the reason where there is none."""
        style = self._numbers[self._published.decimals("statistic_id", row["decimals_id"])]
        for column, name in enumerate(_NUMBERS, start=first):
            self._book.write(sheet, place, column, row[name], self._base if name == "n_respondents" else style)
        if row["estimate"] is None:
            self._book.write(sheet, place, first, missing(self._texts, row), self._right)
            self._book.write(sheet, place, first + len(_NUMBERS), row["why_missing"], self._reason)
        elif row["is_small_base"]:
            self._book.write(sheet, place, first + len(_NUMBERS), self._texts("page_explorer_few"), self._reason)

    def _charts(self, sheet: Worksheet, words: str, n_answers: int, columns: Sequence[int], row: int) -> None:
        """Put bars of the answers below the table, those of the surveys next to one another."""
        last = _FIRST + n_answers - 1
        for place in range(0, len(columns), len(_COLOURS)):
            chart = self._book.book.add_chart({"type": "bar"})
            assert chart is not None
            shown = columns[place : place + len(_COLOURS)]
            for column, colour in zip(shown, _COLOURS, strict=False):
                chart.add_series(
                    {
                        "name": [sheet.get_name(), _SURVEYS, column],
                        "categories": [sheet.get_name(), _FIRST, _LABELS, last, _LABELS],
                        "values": [sheet.get_name(), _FIRST, column, last, column],
                        "fill": {"color": colour},
                    }
                )
            chart.set_title({"name": chart_title(self._published, words), "name_font": {"size": 11}})
            chart.set_y_axis({"reverse": True, "crossing": "max"})
            chart.set_x_axis({"min": 0, "max": 100, "name": self._texts("page_head_share")})
            chart.set_legend({"position": "bottom"})
            height = 180 + n_answers * (14 + 12 * len(shown))
            chart.set_size({"width": 740, "height": height})
            sheet.insert_chart(row, _LABELS, chart, {"description": words, "y_offset": 6})
            row += height // 20 + 2


def _base_format(published: Published) -> str:
    """Return how a base is shown: a number that the publication rounds down as "at least 240", in any program."""
    if not published.is_rounded(ANSWERS_OF_QUESTIONS.source, "n_respondents"):
        return "#,##0"
    before, after = published.texts("page_at_least", number="\n").replace('"', "").split("\n")
    few = published.texts("page_fewer_than", number=published.build.get("minimum_base", "")).replace('"', "")
    return f'[=0]"{few}";"{before}"#,##0' + (f'"{after}"' if after else "")


def _link(sheet: Worksheet, row: int, target: Worksheet, text: str, style: Format) -> None:
    sheet.write_url(row, 0, f"internal:'{target.get_name()}'!A1", style, text)


def _paper(sheet: Worksheet, columns: Sequence[int], charts: int) -> None:
    """Fit a sheet to a page; with many surveys to several, each with the answers at its left, the charts after them."""
    sheet.repeat_rows(_WORDS, _HEADS)
    if len(columns) - 1 <= _MOST_THAT_FIT:
        sheet.fit_to_pages(1, 1)
    else:
        sheet.repeat_columns(_LABELS, _UNITS)
        sheet.set_print_scale(_SCALE)
        sheet.set_v_pagebreaks(columns[_SURVEYS_ON_A_PAGE:-1:_SURVEYS_ON_A_PAGE])
        sheet.set_h_pagebreaks([charts])


def _wide(sheet: Worksheet, row: int, text: str, style: Format, n_letters: int) -> None:
    """Write a text over the first columns, which have room for so many letters, so that it is printed whole."""
    sheet.merge_range(row, 0, row, _WIDE - 1, text, style)
    _height(sheet, row, text, n_letters)


def _height(sheet: Worksheet, row: int, text: str, n_letters: int) -> None:
    """Make a row as high as a text with so many letters in a line; not every program does this itself."""
    sheet.set_row(row, min(16 * (1 + len(text) // n_letters), _HIGHEST))
