"""Columns that a draft leaves out and that `add` does not copy, because they look like personal data."""

from __future__ import annotations

from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.words import words_of
from coproduction.exports.personal_data import looks_like

# People's own words have this many words on average, also where a question has few answers.
_WORDS_OF_AN_OPEN_ANSWER = 4


def personal_kind(column: SurveyColumn) -> str | None:
    """Return what a column looks like, such as `e-mail address` or `free text`; None if it does not look personal."""
    kind = looks_like(column.name, column.some_cells)
    if kind or not column.counts or column.answers:
        return kind
    is_open = lexicon.OPEN.search(words_of(f"{column.name} {column.wording}"))
    n_words = sum(len(label.split()) for label in column.counts) / len(column.counts)
    return "free text" if is_open and n_words >= _WORDS_OF_AN_OPEN_ANSWER else None
