"""Files that print everything twice, as in "Da iawn / Very good": their columns in each of the two languages.

Such a file is drafted in both, and the language is taken in which more of it is understood (`better`). The draft then
gets the printed labels back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.draft import MOST_LISTED, DraftRow
from coproduction.drafting.recognition.answers.changed_scales import relabelled
from coproduction.drafting.recognition.confidence import DOUBTFUL
from coproduction.drafting.recognition.shapes import parts_of, separator_of, stem_of
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.drafting.recognition.words import plain_text

_BETWEEN_LANGUAGES = (" / ", " // ", " | ", " || ")
# The titles of a tool, such as "Start date", are shorter than questions and stand there once.
_WORDS_OF_A_QUESTION = 5
_FEWEST_QUESTIONS, _FEWEST_ANSWERS, _SHARE_TWICE = 5, 12, 0.9
_MOST_ANSWERS = 13


@dataclass(frozen=True)
class OneLanguage:
    """Columns in one language, and for each column by name the printed labels of each answer in that language."""

    columns: list[SurveyColumn]
    printed: dict[str, dict[str, list[str]]]


def in_each_language(columns: Sequence[SurveyColumn]) -> list[OneLanguage]:
    """Return a file in its first and in its second language; [] if it does not print everything twice."""
    for separator in _BETWEEN_LANGUAGES:
        if _prints_twice(columns, separator):
            return [_one_language(columns, separator, which) for which in (0, 1)]
    return []


def better(drafts: Sequence[list[DraftRow]]) -> int:
    """Return which of some drafts of one file understood more of it: a row that is not doubtful counts twice."""
    claimed = [sum(1 + (row.confidence > DOUBTFUL) for row in rows if row.construct) for rows in drafts]
    return claimed.index(max(claimed))


def print_again(
    rows: Sequence[DraftRow], columns: Sequence[SurveyColumn], read: OneLanguage, vocabulary: Vocabulary
) -> None:
    """Give the rows that were drafted in one language the wordings and labels that the file prints."""
    by_name = {column.name: column for column in columns}
    # A scale of tick boxes has the labels of all boxes of its question.
    of_all = {key: labels for printed in read.printed.values() for key, labels in printed.items()}
    for row in rows:
        column, printed = by_name[row.column], read.printed[row.column]
        row.wording = plain_text(column.wording or column.name) if row.wording else ""
        if row.option:
            row.option = next(iter(printed.get(normalise_label(row.option), [row.option])))
            row.wording = f"{row.wording} - {row.option}"
            row.answers = f"{row.option} ({parts_of(column.cells, row.separator)[row.option]})"
        elif row.answers:
            row.answers = column.with_counts(MOST_LISTED)
        if row.scale is None:
            continue
        if row.scale.concept == "tick":
            row.scale = relabelled(row.scale, of_all, vocabulary) if row.scale.is_new else row.scale
        elif any([normalise_label(label) for label in labels] != [key] for key, labels in printed.items()):
            row.scale = relabelled(row.scale, printed, vocabulary)


def _prints_twice(columns: Sequence[SurveyColumn], separator: str) -> bool:
    """Return whether nearly all questions or printed answers of a file have two halves around the same separator."""
    asked = {column.wording or column.name for column in columns}
    questions = [text for text in asked if len(text.split()) >= _WORDS_OF_A_QUESTION]
    closed = [column for column in columns if 2 <= len(column.counts) <= _MOST_ANSWERS]
    answers = {label for column in closed for label in column.counts if not label.lstrip("-").isdigit()}
    return any(
        sum(_wording(text, separator, which=0) != text for text in texts) >= max(fewest, _SHARE_TWICE * len(texts))
        for texts, fewest in ((questions, _FEWEST_QUESTIONS), (answers, _FEWEST_ANSWERS))
    )


def _one_language(columns: Sequence[SurveyColumn], separator: str, which: int) -> OneLanguage:
    read, printed = [], {}
    for column in columns:
        between = separator_of(column)
        read.append(_translated(column, between, separator, which))
        labels: dict[str, list[str]] = defaultdict(list, {"": [""]})
        for label in dict.fromkeys([*column.answers, *column.counts, *column.also]):
            for part in _parts(label, between):
                own = labels[normalise_label(_half(part, separator, which))]
                own += [part] if part not in own else []
        printed[column.name] = dict(labels)
    return OneLanguage(read, printed)


def _translated(column: SurveyColumn, between: str, separator: str, which: int) -> SurveyColumn:
    halves = {
        cell: f"{between} ".join(_half(part, separator, which) for part in _parts(cell, between))
        for cell in {*column.cells, *column.answers, *column.also, *column.missing}
    }
    asked = column.wording or column.name
    return replace(
        column,
        cells=[halves[cell] for cell in column.cells],
        wording=_wording(asked, separator, which) if column.wording or separator in asked else "",
        answers=tuple(dict.fromkeys(halves[label] for label in column.answers)),
        also=tuple(dict.fromkeys(halves[label] for label in column.also)),
        missing=frozenset(halves[label] for label in column.missing),
        box=_half(column.box, separator, which),
        stem=_half(column.stem, separator, which),
    )


def _parts(cell: str, between: str) -> list[str]:
    """Return the answers in a cell that may hold several, with `between` after each but the last."""
    return [part.strip() for part in cell.split(between) if part.strip()] if between else [cell]


def _wording(wording: str, separator: str, which: int) -> str:
    """Return a question in one language; where it has an item, the question and the item have two halves each."""
    stem = stem_of(wording)
    item = wording.removeprefix(stem)
    if not stem or separator not in stem or separator not in item:
        return _half(wording, separator, which)
    mark = next(mark for mark in (" [", " - ", " \u2013 ", ": ") if item.startswith(mark))
    return f"{_half(stem, separator, which)}{mark}{_half(item.removeprefix(mark), separator, which)}"


def _half(text: str, separator: str, which: int) -> str:
    """Return the first or the second half of a text, itself if it has no two halves."""
    parts = text.split(separator)
    if len(parts) % 2:
        return text
    middle = len(parts) // 2
    return separator.join(parts[middle:] if which else parts[:middle]).strip()
