"""Columns of numbers: the codes of answers, whose ends only the wording can tell, or quantities."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.numbers import COMMA, POINT, number_text
from coproduction.drafting.recognition.answers.answer_scales import DraftAnswer, DraftScale
from coproduction.drafting.recognition.answers.valid_answers import OFTEN_MISSING
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary

_MOST_CODES = 12
# A question that is answered by yes or no.
_YES_OR_NO = re.compile(
    r"(have|has|had|did|do|does|are|is|were|was|would|will|can) (you|any|anyone|your|there)\b", re.IGNORECASE
)


def numbers_of(column: SurveyColumn) -> dict[str, float] | None:
    """Return the number that each answer of a column spells; None if an answer is no number."""
    found = {}
    for label in (*column.counts, *column.also):
        number = _number(normalise_label(label))
        if number is None:
            return None
        found[label] = number
    return found if column.counts else None


def is_codes(numbers: dict[str, float]) -> bool:
    """Return whether numbers are few whole ones, as the codes of answers are."""
    valid = [number for number in numbers.values() if number not in OFTEN_MISSING or abs(number) < 10]
    return (
        all(number % 1 == 0 for number in numbers.values())
        and len(numbers) <= _MOST_CODES
        and all(-10 < number <= 11 for number in valid)
    )


def split_codes(numbers: dict[str, float]) -> tuple[list[str], list[str]]:
    """Return the labels of the codes that are answers, in order, and of those that stand apart and say nothing."""
    codes = sorted(numbers, key=lambda label: numbers[label])
    missing = [label for label in codes if numbers[label] in OFTEN_MISSING and _stands_apart(label, numbers)]
    return [label for label in codes if label not in missing], missing


def coded_scale(column: SurveyColumn, numbers: dict[str, float], construct: str, vocabulary: Vocabulary) -> DraftScale:
    """Return the doubtful scale of a column of codes that nothing explains."""
    valid, missing = split_codes(numbers)
    kinds = dict.fromkeys(missing, "dont_know")
    if [numbers[label] for label in valid] in ([1, 2], [0, 1]) and _YES_OR_NO.match(column.wording.strip()):
        return _yes_no_codes(valid, kinds, numbers)
    known = _known_codes(valid, list(kinds), construct, vocabulary)
    if known:
        meaning = vocabulary.scale(known)
        name = meaning.answers[normalise_label(valid[0])]["answer_name"] if meaning and valid else ""
        doubt = f"codes without words: is {valid[0] if valid else ''} here {name}, as {known} says, or the opposite?"
        return DraftScale(known, "codes", DOUBTFUL, doubt, is_new=False, has_ends=False)
    answers = [DraftAnswer(label, score=f"{numbers[label]:g}") for label in reversed(valid)]
    answers += [DraftAnswer(label, kind, name="Don't know") for label, kind in kinds.items()]
    doubt = "codes without words: write what each code means; now the highest code has the highest score"
    name = f"Codes {valid[0]} to {valid[-1]}" if valid else "Codes"
    ends = (f"{numbers[valid[0]]:g}", f"{numbers[valid[-1]]:g}") if valid else ("", "")
    return DraftScale("new_codes", "codes", DOUBTFUL, doubt, name, "ordinal", *ends, tuple(answers), has_ends=False)


def quantity_scale(
    column: SurveyColumn, numbers: dict[str, float], concept: str, lowest: float, highest: float
) -> DraftScale:
    """Return a scale of numbers between two bounds; a code far outside, such as 999, is an exception to list."""
    outside = [
        label for label, number in numbers.items() if number in OFTEN_MISSING and not lowest <= number <= highest
    ]
    is_whole = all(number % 1 == 0 for number in numbers.values())
    answers = tuple(DraftAnswer(label, "refused", name="Prefer not to say") for label in outside)
    kind = "integer" if is_whole and concept != "weight" else "decimal"
    evidence = f"{len(numbers)} different numbers"
    evidence += f"; {', '.join(outside)} taken as no answer" if outside else ""
    confidence = LIKELY if outside else CERTAIN
    name = concept.replace("_", " ").capitalize()
    return DraftScale(
        f"new_{concept}", "number", confidence, evidence, name, kind, f"{lowest:g}", f"{highest:g}", answers
    )


def number_format_of(column: SurveyColumn) -> str:
    """Return `comma` for a column of numbers that are written with one, where point would mean other numbers."""
    cells = [cell for cell in column.filled if re.search(r"\d,\d", cell)]
    return COMMA if cells and any(re.fullmatch(r"-?\d+,\d{1,2}|-?\d+,\d{4,}", cell) for cell in cells) else ""


def _number(label: str) -> float | None:
    for form in (POINT, COMMA):
        text = number_text(label, form)
        if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text):
            return float(text)
    return None


def _stands_apart(label: str, numbers: dict[str, float]) -> bool:
    others = [number for number in numbers.values() if number not in OFTEN_MISSING]
    return bool(others) and (numbers[label] - max(others) >= 2 or numbers[label] < min(min(others), 0))


def _known_codes(valid: Sequence[str], missing: Sequence[str], construct: str, vocabulary: Vocabulary) -> str:
    """Return the coded scale that the codebook uses for a construct and that lists these codes, '' if there is none."""
    used = [row["scale_id"] for row in vocabulary.questions if row["construct_id"] == construct]
    for scale_id in dict.fromkeys(used):
        scale = vocabulary.scale(scale_id)
        if scale and {normalise_label(label) for label in [*valid, *missing]} <= set(scale.answers):
            return scale_id
    return ""


def _yes_no_codes(valid: Sequence[str], kinds: dict[str, str], numbers: dict[str, float]) -> DraftScale:
    """Return the scale of a question for yes or no whose codes are 1 and 2, or 0 and 1."""
    yes = next(label for label in valid if numbers[label] == 1)
    answers = [
        DraftAnswer(
            label,
            score=str(int(label == yes)),
            is_positive=str(label == yes).lower(),
            name="Yes" if label == yes else "No",
        )
        for label in sorted(valid, key=lambda label: label != yes)
    ]
    answers += [DraftAnswer(label, kind, name="Don't know") for label, kind in kinds.items()]
    doubt = f"codes without words: {yes} is taken as Yes because the question asks for yes or no"
    return DraftScale(
        "new_yes_no_codes",
        "codes",
        DOUBTFUL,
        doubt,
        "Yes or no, codes",
        "ordinal",
        "0",
        "1",
        tuple(answers),
        has_ends=False,
    )
