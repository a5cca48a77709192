"""Columns that a draft leaves out and that `add` does not copy, because they look like personal data."""

from __future__ import annotations

import re

from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.answers.concepts import concept_of
from coproduction.drafting.recognition.answers.valid_answers import valid_and_missing
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.words import words_of
from coproduction.exports.personal_data import looks_like

# People's own words have this many words on average, also where a question has few answers.
_WORDS_OF_AN_OPEN_ANSWER = 4
_MOST_OF_A_SCALE = 12
_ADDRESS = "postcode or address"
# A sector has about three thousand homes.
_SECTOR = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d([A-Z]{2})?")
_OUTWARD_CODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")


def personal_kind(column: SurveyColumn) -> str | None:
    """Return what a column looks like, such as `e-mail address` or `free text`; None if it does not look personal."""
    kind = looks_like(column.name, column.some_cells)
    if kind and _is_closed(column) and not looks_like("", column.some_cells):
        # "How safe is your street?" names a street, and its answers are those of a scale.
        return None
    if column.counts and all(_SECTOR.fullmatch(label.strip().upper()) for label in column.counts):
        return _ADDRESS
    if kind == _ADDRESS and all(_OUTWARD_CODE.fullmatch(label.strip().upper()) for label in column.counts):
        # The first half of a postcode is a district of thousands of homes.
        return None
    if kind or not column.counts or column.answers:
        return kind
    is_open = lexicon.OPEN.search(words_of(f"{column.name} {column.wording}"))
    n_words = sum(len(label.split()) for label in column.counts) / len(column.counts)
    return "free text" if is_open and n_words >= _WORDS_OF_AN_OPEN_ANSWER else None


def _is_closed(column: SurveyColumn) -> bool:
    """Return whether the answers of a column are a few that have an order."""
    valid, _ = valid_and_missing(column)
    is_scale = bool(concept_of(valid)) or all(label.strip().isdigit() for label in valid)
    return 2 <= len(valid) <= _MOST_OF_A_SCALE and is_scale
