"""Columns of numbers: the codes of answers, whose ends only the wording can tell, or quantities."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.numbers import COMMA, POINT, number_text
from coproduction.drafting.recognition.answers.answer_scales import DraftAnswer, DraftScale, new_scale
from coproduction.drafting.recognition.answers.concepts import concept_of, place_of
from coproduction.drafting.recognition.answers.printed_answers import missing_kind
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary

# Codes that often stand for Don't Know or no answer, where no other code is near.
_OFTEN_MISSING = frozenset(
    {8, 9, 77, 88, 97, 98, 99, 777, 888, 996, 997, 998, 999, -1, -2, -8, -9, -77, -88, -97, -98, -99, -999}
)
_MOST_CODES = 12
# "1 = very poor", "5 is very good", "from 1 (never) to 5 (always)".
_ANCHOR = re.compile(
    r"(?<![\w.])(-?\d{1,3})\s*(?:=|:|\bis\b|\bmeans\b|\bmeaning\b|-|\()\s*['\"]?([A-Za-z][A-Za-z' /]*?)['\"]?\s*"
    r"(?=[,;.)?\n]|\s[-\u2013]\s|\band\b|\bto\b|\b-?\d|$)"
)


# "(1 unsafe - 5 safe, 9 dk)"
_LISTED = re.compile(r"\(([^()]*)\)")
_CODE_AND_WORDS = re.compile(r"(-?\d{1,3}) ([A-Za-z][A-Za-z' /]*)")
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
    valid = [number for number in numbers.values() if number not in _OFTEN_MISSING or abs(number) < 10]
    return (
        all(number % 1 == 0 for number in numbers.values())
        and len(numbers) <= _MOST_CODES
        and all(-10 < number <= 11 for number in valid)
    )


def split_codes(numbers: dict[str, float]) -> tuple[list[str], list[str]]:
    """Return the labels of the codes that are answers, in order, and of those that stand apart and say nothing."""
    codes = sorted(numbers, key=lambda label: numbers[label])
    missing = [label for label in codes if numbers[label] in _OFTEN_MISSING and _stands_apart(label, numbers)]
    return [label for label in codes if label not in missing], missing


def anchors_of(column: SurveyColumn) -> dict[float, str]:
    """Return what the wording says that codes mean, such as 1 = very satisfied."""
    found = {float(code): text.strip() for code, text in _ANCHOR.findall(column.wording) if text.strip()}
    return found if len(found) > 1 else _listed_codes(column.wording) or found


def _listed_codes(wording: str) -> dict[float, str]:
    """Return the codes of a list in parentheses, as in "How safe (1 unsafe - 5 safe, 9 dk)"; {} if there is none."""
    for listed in _LISTED.findall(wording):
        parts = [_CODE_AND_WORDS.fullmatch(part.strip()) for part in re.split(r"[,;]|\s[-\u2013]\s", listed)]
        if len(parts) > 1 and all(parts):
            return {float(part[1]): part[2].strip() for part in parts if part}
    return {}


def coded_scale(column: SurveyColumn, numbers: dict[str, float], construct: str, vocabulary: Vocabulary) -> DraftScale:
    """Return the scale of a column of codes, as far as its wording says what they mean."""
    valid, missing = split_codes(numbers)
    anchors = anchors_of(column)
    kinds = {label: missing_kind(anchors.get(numbers[label], "")) or "" for label in [*valid, *missing]}
    valid = [label for label in valid if not kinds[label]]
    named = {label: anchors[numbers[label]] for label in valid if numbers[label] in anchors}
    concept = concept_of(list(named.values()))
    unsure = [label for label in missing if not kinds[label]]
    kinds = {label: kinds[label] or "dont_know" for label in kinds if kinds[label] or label in missing}
    if concept and len(named) >= 2:
        return _anchored(column, valid, named, kinds, concept, numbers, bool(unsure))
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
        label for label, number in numbers.items() if number in _OFTEN_MISSING and not lowest <= number <= highest
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
    others = [number for number in numbers.values() if number not in _OFTEN_MISSING]
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


def _anchored(
    column: SurveyColumn,
    valid: Sequence[str],
    named: dict[str, str],
    kinds: dict[str, str],
    concept: str,
    numbers: dict[str, float],
    is_unsure: bool,
) -> DraftScale:
    """Return the scale of codes of which the wording names two or more: its ends, or all."""
    if len(named) == len(valid):
        by_words = new_scale(list(named.values()), {}, concept, SurveyColumn(column.name, []))
        of_word = {answer.label: answer for answer in by_words.answers}
        answers = [
            DraftAnswer(
                label,
                score=of_word[word].score,
                is_positive=of_word[word].is_positive,
                is_often=of_word[word].is_often,
                name=word,
            )
            for label, word in named.items()
        ]
    else:
        first, last = min(named, key=lambda a: numbers[a]), max(named, key=lambda a: numbers[a])
        is_up = place_of(named[last], concept) > place_of(named[first], concept)
        ordered = list(valid) if is_up else list(reversed(valid))
        answers = [
            DraftAnswer(label, score=str(rank), name=named.get(label, label)) for rank, label in enumerate(ordered, 1)
        ]
    scores = [float(answer.score) for answer in answers]
    answers += [DraftAnswer(label, kind, name="Don't know") for label, kind in kinds.items()]
    evidence = f"the wording says what codes mean: {', '.join(f'{code} = {word}' for code, word in named.items())}"
    evidence += f"; {', '.join(kinds)} taken as Don't know" if is_unsure else ""
    ends = (f"{min(scores):g}", f"{max(scores):g}")
    confidence = LIKELY if is_unsure or len(named) < len(valid) else CERTAIN
    return DraftScale(
        f"new_{concept}_codes",
        concept,
        confidence,
        evidence,
        f"{concept.capitalize()}, codes",
        "ordinal",
        *ends,
        tuple(answers),
    )
