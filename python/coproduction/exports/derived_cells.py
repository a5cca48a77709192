"""What the cells of an export say, after routing, several answers in a cell and spellings of numbers.

The SQL macros in macros/cell_shapes.sql do the same in the build, and a test checks that both agree.
"""

from collections.abc import Callable
from dataclasses import dataclass

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.numbers import is_one_of, number_text
from coproduction.codebook.tables import ANY_ANSWER, TICKED, CodebookRow, listed_answers, tick_group
from coproduction.files.columns.column import Column

Cells = Callable[[str], Column]


@dataclass(frozen=True)
class DerivedCells:
    """The cells of one question, a label or '' in each row, and whether the question was put to the respondent.

    ``was_asked`` has True, False, or None where nobody can know; it is None as a whole where nothing says to whom the
    question was put.
    """

    labels: Column
    was_asked: Column | None


@dataclass(frozen=True)
class Blanks:
    """What an empty cell of a question is: whether it is an answer, as of a tick box, and which labels print one.

    ``labels`` are the normalised labels of the kind `blank` of the question's scale.
    """

    is_answer: bool
    labels: frozenset[str]


@dataclass(frozen=True)
class Condition:
    """What the codebook says of the column on which it depends who was asked.

    ``blank_labels`` are its normalised labels of the kind `blank`; ``was_asked`` says to whom its own question was put,
    None where nothing says so; ``is_tick_box`` says that a box which was seen and not ticked is an answer.
    """

    blank_labels: frozenset[str] = frozenset()
    was_asked: Column | None = None
    is_tick_box: bool = False

    def where_blank(self, place: int, answers: tuple[str, ...]) -> bool | None:
        """Return whether a question was put where this column is blank, from the place of the row and its answers."""
        asked = self.was_asked[place] if self.was_asked else None
        if asked and self.is_tick_box:
            return ANY_ANSWER in answers
        return False if asked is False else None


def derive_cells(
    question: CodebookRow,
    questions: list[CodebookRow],
    cells: Cells,
    number_format: str | None,
    listed: frozenset[str],
    blanks: Blanks,
    condition: Condition,
) -> DerivedCells:
    """Return what the cells of one question say.

    Args: `questions` are all questions of the export; `cells` returns the cells of a column of the file; `listed` has
    the normalised labels of the scale.
    """
    raw = cells(question["source_column"])
    if question["option"]:
        options = [row["option"] for row in questions if row["source_column"] == question["source_column"]]
        labels = _option_labels(raw, question["option"], options, question["separator"], blanks.labels)
    elif number_format:
        labels = raw.map(lambda cell: _plain(cell, number_format, listed))
    else:
        labels = raw
    was_asked = _was_asked(question, questions, cells, blanks, condition)
    if was_asked is not None:
        # Where it matters who was asked, a label such as NA is an empty cell.
        labels = labels.map(lambda label: "" if is_one_of(normalise_label(label), blanks.labels) else label)
        labels = Column.of("" if asked is False else label for label, asked in zip(labels, was_asked, strict=True))
    return DerivedCells(labels, was_asked)


def answers_beside_ticks(question: CodebookRow, questions: list[CodebookRow], cells: Cells, labels: Column) -> Column:
    """Return the labels of an option, with the answers that are no option where a cell ticks every option.

    There no option has another label than TICKED, so the check would see nothing of these answers.
    """
    if not question["option"]:
        return labels
    rows = [row for row in questions if row["source_column"] == question["source_column"]]
    known = {normalise_label(row["option"]) for row in rows}
    if ANY_ANSWER in known or question is not rows[0]:
        return labels

    def beside(cell: str) -> str:
        parts = _parts(cell, question["separator"])
        return "; ".join(part for part in parts if part and part not in known) if known <= set(parts) else ""

    others = cells(question["source_column"]).map(beside)
    return Column.of(other or label for other, label in zip(others, labels, strict=True))


def _parts(cell: str, separator: str) -> list[str]:
    return [normalise_label(part) for part in (cell.split(separator) if separator else [cell])]


def _plain(cell: str, number_format: str, listed: frozenset[str]) -> str:
    label = normalise_label(cell)
    return cell if label in listed else number_text(label, number_format)


def _option_labels(
    raw: Column, option: str, options: list[str], separator: str, blank_labels: frozenset[str]
) -> Column:
    """Return for each cell whether an option is among its answers: TICKED, '', or the answers that are no option."""
    wanted, known = normalise_label(option), {normalise_label(name) for name in options}

    def label_of(cell: str) -> str:
        parts = _parts(cell, separator)
        others = [part for part in parts if part and part not in known and part not in blank_labels]
        if wanted == ANY_ANSWER:
            return TICKED if others else ""
        if wanted in parts:
            return TICKED
        return "" if ANY_ANSWER in known else "; ".join(others)

    return raw.map(label_of)


def _was_asked(
    question: CodebookRow, questions: list[CodebookRow], cells: Cells, blanks: Blanks, condition: Condition
) -> Column | None:
    column = question["asked_when_column"]
    was_asked: Column | None = None
    if column:
        answers = listed_answers(question["asked_when_answers"])
        holds = cells(column).map(lambda cell: _holds(normalise_label(cell), answers, condition.blank_labels))
        was_asked = Column.of(
            condition.where_blank(place, answers) if asked is None else asked for place, asked in enumerate(holds)
        )
    if blanks.is_answer:
        # Whoever ticked a box has seen the others.
        of_group = dict.fromkeys(row["source_column"] for row in tick_group(question, questions))
        empty = {"", *blanks.labels}
        boxes = [cells(name).map(lambda cell: not is_one_of(normalise_label(cell), empty)) for name in of_group]
        saw = Column.of(any(row) or None for row in zip(*boxes, strict=True))
        is_known = was_asked or [None] * len(saw)
        was_asked = Column.of(ticked if asked is None else asked for asked, ticked in zip(is_known, saw, strict=True))
    return was_asked


def _holds(label: str, answers: tuple[str, ...], blanks: frozenset[str]) -> bool | None:
    """Return whether a condition holds; None where the cell is blank, because nobody knows then."""
    if label == "" or is_one_of(label, blanks):
        return None
    return is_one_of(label, answers) or ANY_ANSWER in answers
