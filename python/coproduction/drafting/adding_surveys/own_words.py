"""Recognises columns in which people wrote their own words, which may say who somebody is."""

from __future__ import annotations

import re
from collections.abc import Collection

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.recognition.answers.concepts import concept_of
from coproduction.drafting.recognition.answers.valid_answers import valid_and_missing
from coproduction.drafting.recognition.shapes import separator_of
from coproduction.drafting.recognition.survey_file import SurveyColumn

_LETTER, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")
# Saturday, 1 March 2025 10:16 AM.
_MOMENT, _WORDS_OF_A_MOMENT = re.compile(r"\d:\d\d"), 6


def is_in_own_words(column: SurveyColumn, known: Collection[str]) -> bool:
    """Return whether at least half of a column's answers in words were given by one person alone.

    Printed answers come back from several people. Several answers in a cell, answers of a scale, those that the
    questionnaire lists and those that are ``known``, in the one spelling of labels, are printed whoever gave them. The
    words beside a box such as Other are people's own.
    """
    valid, _ = valid_and_missing(column)
    if concept_of(valid) or separator_of(column):
        return False
    printed = {*known, *map(normalise_label, (*column.answers, *column.also, column.box))}
    given = [label for label in valid if label in column.counts and normalise_label(label) not in printed]
    words = [label for label in given if _is_words(label) and label.lower() not in column.name.lower()]
    return bool(words) and 2 * sum(column.counts[label] == 1 for label in words) >= len(words)


def _is_words(label: str) -> bool:
    """Return whether an answer is in words: no number, moment or code."""
    if _MOMENT.search(label) and len(label.split()) <= _WORDS_OF_A_MOMENT:
        return False
    n_letters, n_digits = len(_LETTER.findall(label)), len(_DIGIT.findall(label))
    return n_letters > max(n_digits, 1) and (not n_digits or " " in label.strip())
