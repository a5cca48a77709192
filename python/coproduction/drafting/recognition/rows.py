"""Rows of a file that may be no respondents: totals under the answers, and several rows for each person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.words import words_of_name

_TOTAL = re.compile(
    r"(%|(grand |sub ?)?totals?|sums?|means?|averages?|medians?|counts?|base|number of (respondents|responses)|"
    r"std\.? dev\.?|standard deviation|min(imum)?|max(imum)?|per ?cent(ages?)?)"
    r"( .*|[:=(].*)?"
)
# Totals stand in the first columns, and are few.
_FIRST_COLUMNS, _MOST_TOTALS = 3, 0.2
# With fewer rows for each person on average, some people may just have answered twice.
_SEVERAL = 1.5
_SHOWN = 4


def doubts_about_rows(columns: Sequence[SurveyColumn], respondent: str) -> list[str]:
    """Return sentences about rows that may be no respondents, each with what to do; [] where every row looks like one.

    ``respondent`` is the column that names the respondents, '' if there is none.
    """
    return [*_totals(columns), *([] if respondent else _several_rows(columns))]


def _totals(columns: Sequence[SurveyColumn]) -> list[str]:
    """Look for names of totals in the first column that has some, beside answers of another kind."""
    for column in columns[:_FIRST_COLUMNS]:
        found = [cell.strip() for cell, key in zip(column.cells, column.keys, strict=True) if _TOTAL.fullmatch(key)]
        if found and len(found) == len(set(found)) and len(found) <= max(1, _MOST_TOTALS * len(column.cells)):
            shown = ", ".join(f'"{cell}"' for cell in found[:_SHOWN]) + (" and more" if len(found) > _SHOWN else "")
            return [
                f"Some rows may be totals and no respondents: the column {column.name} has {shown}. "
                "If they are, delete them from the file and draft again."
            ]
    return []


def _several_rows(columns: Sequence[SurveyColumn]) -> list[str]:
    """Look for a column of ids in which the same ids come back."""
    for column in columns:
        n_people = len(set(column.filled))
        if lexicon.ID.search(words_of_name(column.name)) and len(column.filled) >= _SEVERAL * n_people > _SEVERAL:
            return [
                f"The column {column.name} names {n_people} people in {len(column.filled)} rows. A survey needs one "
                "row for each person: if each row is one answer, make a column of each question first (a pivot table); "
                "if each row is one wave, see survey.csv."
            ]
    return []
