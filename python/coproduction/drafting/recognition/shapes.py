"""Shapes of columns: tick boxes, several answers in a cell, and questions that were put to some people only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.draft import DraftRow
from coproduction.drafting.recognition.answers.printed_answers import missing_kind
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.words import prefix_of

_TICKS = frozenset({"1", "1.0", "x", "y", "yes", "true", "ticked", "checked", "selected", "on"})
_NO_TICKS = frozenset(
    {"0", "0.0", "n", "no", "false", "not ticked", "unticked", "unchecked", "not selected", "off", "not checked"}
)
_NONE_OF_THESE = (
    "none of these",
    "none of the above",
    "none",
    "no, none",
    "dim un o'r rhain",
    "neither of these",
    "i have not done any",
)
BETWEEN_ANSWERS = (";", "|", ",")
# Several answers in a cell: this share of the cells has a separator, and parts come back this often on average.
_SHARE_WITH_SEPARATOR, _TIMES_A_PART, _MOST_PARTS = 0.08, 2.5, 40
# Parts that come back as often as this are a list, also where they begin with small letters.
_OFTEN = 15
# A condition of routing needs this many people who were not asked, and this share of the others who answered.
_FEWEST_NOT_ASKED, _SHARE_OF_ASKED = 5, 0.9
_MOST_ANSWERS_OF_A_GATE = 12


def is_none_of_these(label: str) -> bool:
    """Return whether an answer says that no other one of a question holds."""
    return normalise_label(label).startswith(_NONE_OF_THESE)


def tick_value(column: SurveyColumn) -> str | None:
    """Return what a tick box holds when it is ticked, in the spelling of labels; None if the column is none.

    A box has one value beside blank cells and words for "not ticked". Two columns of Yes and No without a blank cell
    are questions and no boxes.
    """
    seen = set(column.filled)
    ticked = seen - _NO_TICKS
    if len(ticked) != 1 or not column.cells:
        return None
    value = next(iter(ticked))
    has_blanks = len(column.filled) < len(column.cells)
    is_pair = bool(seen & _NO_TICKS)
    if is_pair:
        return value if value in _TICKS and ({"0", "0.0"} & seen or value not in ("yes", "y", "true")) else None
    return value if has_blanks else None


def tick_groups(columns: Sequence[SurveyColumn]) -> dict[str, list[SurveyColumn]]:
    """Return the boxes of each question with at least two, by the name of the question.

    Boxes belong together if the reader says so, if their names begin alike, or if their wordings do.
    """
    groups: dict[str, list[SurveyColumn]] = defaultdict(list)
    for column in columns:
        if tick_value(column) is not None:
            key = column.group or prefix_of(column.name) or stem_of(column.wording or column.name)
            if key:
                groups[key].append(column)
    return {key: boxes for key, boxes in groups.items() if len(boxes) >= 2}


def stem_of(wording: str) -> str:
    """Return the question before the item of a grid or the box: before ' - ', ': ' or '[', '' if there is none."""
    for mark in (" [", " - ", " \u2013 ", ": "):
        before, found, after = wording.partition(mark)
        if found and before.strip() and after.strip():
            return before.strip()
    return ""


def separator_of(column: SurveyColumn) -> str:
    """Return what stands between the answers in the cells of a column, '' if each cell has one answer."""
    if column.separator:
        return column.separator
    cells = [cell.strip() for cell in column.cells if cell.strip()]
    for separator in BETWEEN_ANSWERS:
        n_with = sum(separator in cell.strip(separator) for cell in cells)
        if not cells or n_with < _SHARE_WITH_SEPARATOR * len(cells) or n_with < 2:
            continue
        parts = parts_of(cells, separator)
        n_distinct_cells = len(set(cells))
        often = [part for part, n_times in parts.items() if n_times > 1]
        is_closed = len(often) <= _MOST_PARTS and sum(parts.values()) >= _TIMES_A_PART * len(parts)
        n_a_part = sum(parts.values()) / max(len(parts), 1)
        is_cut = separator == "," and n_a_part < _OFTEN and sum(part[:1].islower() for part in often) > 0.3 * len(often)
        if is_closed and not is_cut and len(often) >= 2 and len(parts) < n_distinct_cells:
            return separator
    return ""


def parts_of(cells: Iterable[str], separator: str) -> Counter[str]:
    """Return how often each answer stands in cells that hold several."""
    return Counter(part.strip() for cell in cells for part in cell.split(separator) if part.strip())


def find_routing(rows: Sequence[DraftRow], columns: Sequence[SurveyColumn]) -> dict[str, tuple[str, list[str], int]]:
    """Return for each row's column the earlier column and answers that decide who was asked, and how many were not.

    The blanks of a column are explained if nobody outside the answers has an answer, and nearly everybody within has.
    """
    places = {column.name: place for place, column in enumerate(columns)}
    gates = [column for column in columns if 2 <= len(column.counts) <= _MOST_ANSWERS_OF_A_GATE]
    found = {}
    for row in rows:
        place = places[row.column]
        column = columns[place]
        n_blank = len(column.cells) - len(column.filled)
        if n_blank < _FEWEST_NOT_ASKED:
            continue
        earlier = [gate for gate in gates if places[gate.name] < place and gate.name != row.column]
        for gate in reversed(earlier):
            asked = _asked_answers(gate, column)
            if asked:
                found[row.column] = (gate.name, *asked)
                break
    return found


def _asked_answers(gate: SurveyColumn, column: SurveyColumn) -> tuple[list[str], int] | None:
    """Return the answers of a gate whose people were asked, and how many were not; None if it decides nothing."""
    n_people: Counter[str] = Counter()
    n_answers: Counter[str] = Counter()
    for (answer, is_filled), n_times in Counter(zip(gate.keys, map(bool, column.keys), strict=True)).items():
        n_people[answer] += n_times
        n_answers[answer] += n_times * is_filled
    asked = {answer for answer in n_answers if n_answers[answer]}
    outside = [answer for answer in n_people if answer not in asked and answer]
    n_outside = sum(n_people[answer] for answer in outside)
    n_within = sum(n_people[answer] for answer in asked if answer)
    if "" in asked or not outside or n_outside < _FEWEST_NOT_ASKED or not n_within:
        return None
    n_filled = sum(n_answers[answer] for answer in asked)
    if n_filled < _SHARE_OF_ASKED * n_within or any(missing_kind(answer) for answer in asked):
        return None
    printed = [label for label in gate.counts if normalise_label(label) in asked]
    return printed, n_outside
