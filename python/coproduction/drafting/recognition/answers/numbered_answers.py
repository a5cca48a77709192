"""Columns whose printed answers each have a number or a letter, as in "1 Never", "a) 16-24" and "Often (3)".

Where reading a label alone does not tell its number from an amount ("1 16-24"), the whole list does.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from coproduction.drafting.recognition.answers.code_lists import Explained, in_words
from coproduction.drafting.recognition.answers.printed_answers import bare
from coproduction.drafting.recognition.answers.valid_answers import OFTEN_MISSING
from coproduction.drafting.recognition.survey_file import SurveyColumn

_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<code>-?\d{1,3})\s+(?P<words>\S.*)",
        r"[\[(]?(?P<code>-?\d{1,3}|[A-Za-z])[\])]\s*[.:=-]?\s*(?P<words>\S.*)",
        r"(?P<code>-?\d{1,3}|[A-Za-z])\s*[.:=]\s+(?P<words>\S.*)",
        r"(?P<words>.*\S)\s*[\[(](?P<code>-?\d{1,3})[\])]",
    )
)
_FEWEST = 2
# After these, a number says how much: "1 to 4 hours", "2 days".
_AMOUNT = re.compile(
    r"(to|or|and|-|plus|\+|/|hours?|hrs?|days?|times?|weeks?|months?|years?|minutes?|mins?|people|stars?|awr|gwaith)(?!\w)",
    re.IGNORECASE,
)


def numbered(column: SurveyColumn) -> Explained | None:
    """Return a column without the numbers of its answers; None if they have none, or each can be read as it is."""
    labels = list(dict.fromkeys([*column.answers, *column.counts, *column.also]))
    for form in _FORMS:
        found = {label: mark for label in labels if (mark := form.fullmatch(label.strip())) is not None}
        spelled = {label: mark["words"] for label, mark in found.items()}
        is_list = len(found) == len(labels) >= _FEWEST and len({words.lower() for words in spelled.values()}) == len(
            labels
        )
        if not is_list or not _are_codes([mark["code"] for mark in found.values()]):
            continue
        if any(_AMOUNT.match(words) for words in spelled.values()):
            continue
        if all(bare(label) == bare(words) for label, words in spelled.items()):
            return None
        read = in_words(column, spelled, spelled if column.answers else {}, column.wording, [])
        return replace(read, how="its answers have numbers")
    return None


def _are_codes(codes: list[str]) -> bool:
    """Return whether all codes differ and follow each other, but for those that often stand for no answer."""
    numbers = [int(code) if code.lstrip("-").isdigit() else ord(code.lower()) - ord("a") for code in codes]
    if len(set(numbers)) < len(numbers):
        return False
    counted = sorted(number for number in numbers if number not in OFTEN_MISSING or number in (8, 9))
    gaps = [after - before for before, after in pairwise(counted)]
    # Nobody may have given an answer, and 8 and 9 may stand for no answer.
    return bool(counted) and 0 <= counted[0] <= 2 and sum(gap > 2 for gap in gaps) <= (counted[-1] in (8, 9))
