"""Columns of codes whose wording says what they mean, as in "1 = never, 2 = often, 9 = would not say".

Such a column is drafted as the words that its codes stand for; then the scale gets the codes back (`in_codes`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.recognition.answers.answer_scales import DraftScale
from coproduction.drafting.recognition.answers.changed_scales import relabelled
from coproduction.drafting.recognition.answers.number_codes import numbers_of, split_codes
from coproduction.drafting.recognition.answers.printed_answers import missing_kind
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary

_NUMBER = r"(?<![\w.,])(-?\d{1,3})(?: ?(?:stars?|points?|marks?)\b)?"
# How a list sets off a code from its words, the plainest way first, and how many codes it takes to be a list.
_BARE = re.compile(_NUMBER + r"\)?\s+(?=['\"]?[^\W\d])")
_STYLES = (
    *tuple(
        (re.compile(pattern), fewest)
        for pattern, fewest in (
            (_NUMBER + r"\s*=\s*", 1),
            (_NUMBER + r"\s*:\s*(?=['\"]?[^\W\d])", 2),
            (_NUMBER + r"\s+(?:is|means|meaning|stands for)\s+", 2),
            (_NUMBER + r"\s*\(\s*(?=['\"]?[^\W\d])", 2),
            (_NUMBER + r"\s*[-\u2013]\s*(?=['\"]?[^\W\d])", 2),
            (r"(?:^|(?<=[,;:/|(\[\n-])|(?<=\. ))\s*" + _NUMBER + r"\)?\s+(?=['\"]?[^\W\d])", 2),
        )
    ),
    (_BARE, 3),
)
_LETTERS = re.compile(r"(?<![\w.])([A-Za-z][A-Za-z/]{0,4})\s*=\s*")
# What separates the words of one code from the next code, and what ends the last of them.
_BEFORE_NEXT = re.compile(r"[\s,;|/.(\[-]*(?:(?<=\s)(?:and|to|through|up to|a|i|hyd at|down to)\b)?[\s,;|/.(\[-]*$")
_END = re.compile(r"[;)\]?!\n]|:(?=\s)|\.(?=\s|$)|,(?=\s)| [-\u2013] ")
_QUOTES = "'\" \u2018\u2019\u201c\u201d()[]"
# What leads to a list and says nothing without it.
_LEADS = re.compile(
    r"[\s,;:(\[\u2013-]*((please )?(answer|tick|circle|rate|say|choose) )?((on|using) a scale|ar raddfa)?"
    r"( (of|from|o) \d+ (to|i|hyd) \d+)?[\s,]*"
    r"(where|from|between|codes?|scale|answers?|lle mae)?[\s,:(\[]*$",
    re.IGNORECASE,
)
_LONGEST_WORDS = 12


@dataclass(frozen=True)
class Explained:
    """A column with words in place of codes, the codes of each word, those without words, and how it was read."""

    column: SurveyColumn
    codes: dict[str, list[str]]
    unsure: list[str]
    how: str = "the wording says what the codes mean"


def explained(column: SurveyColumn) -> Explained | None:
    """Return a column with the words that its wording gives its codes; None if codes stay without words."""
    numbers = numbers_of(column)
    if numbers is None:
        return _of_letters(column, [*column.counts, *column.also])
    words, rest = listed_numbers(column.wording, set(numbers.values()))
    if len(words) < 2:
        return None
    told = {label: words[number] for label, number in numbers.items() if number in words}
    _, apart = split_codes(numbers)
    unsure = [label for label in apart if label not in told]
    unsure = [label for label in unsure if label in column.counts]
    between = [label for label in numbers if label not in told and label not in unsure and label in column.counts]
    ends = [number for number, text in words.items() if not missing_kind(text)]
    if len(ends) < 2 or any(not min(ends) < numbers[label] < max(ends) for label in between):
        return None
    spelled = told | dict.fromkeys(unsure, "Don't know")
    if between:
        # A list of the two ends and not of what is between them.
        spelled = {label: text if missing_kind(text) else f"{label} - {text}" for label, text in spelled.items()}
        spelled |= {label: label for label in between}
    unseen = {} if between else {f"{number:g}": text for number, text in words.items()}
    return in_words(column, spelled, unseen, rest, unsure)


def _of_letters(column: SurveyColumn, labels: Sequence[str]) -> Explained | None:
    """Return a column whose answers are letters that the wording explains, as in "SA = strongly agree"."""
    words, rest = _read(column.wording, _LETTERS)
    told = {normalise_label(code): text for code, text in words.items()}
    spelled = {label: told[normalise_label(label)] for label in labels if normalise_label(label) in told}
    if not spelled:
        return None
    return in_words(column, {label: label for label in labels} | spelled, {}, rest, [])


def in_words(
    column: SurveyColumn, spelled: Mapping[str, str], unseen: Mapping[str, str], rest: str, unsure: list[str]
) -> Explained:
    """Return a column with the words for which its labels stand; ``unseen`` are those of the whole questionnaire."""
    by_key = {normalise_label(label): text for label, text in spelled.items()}
    cells = [by_key.get(key, "") for key in column.keys]
    codes: dict[str, list[str]] = defaultdict(list)
    for label, text in {**unseen, **spelled}.items():
        if label not in codes[normalise_label(text)]:
            codes[normalise_label(text)].append(label)
    answers = tuple(dict.fromkeys([*unseen.values()])) if unseen else column.answers
    also = [by_key[key] for key in map(normalise_label, column.also) if key in by_key]
    shown = replace(column, cells=cells, wording=rest, answers=answers, also=tuple(dict.fromkeys(also)))
    return Explained(shown, codes, unsure)


def listed_codes(text: str) -> dict[str, str]:
    """Return the words of the codes of a text that is a list, as in "1 = Yes; 2 = No"; {} for any other text."""
    for pattern, _ in (*_STYLES[:-1], (_LETTERS, 1)):
        words, rest = _read(text, pattern)
        if len(words) > 1 and not rest:
            return words
    return {}


def listed_numbers(wording: str, seen: set[float]) -> tuple[dict[float, str], str]:
    """Return the words of the codes that a wording lists, and the wording without its list; {} if it has no list.

    ``seen`` are codes of the column, of which a list names two or more.
    """
    for pattern, fewest in _STYLES:
        words, rest = _read(wording, pattern)
        numbers = {float(code): text for code, text in words.items()}
        if pattern is _BARE and (not seen <= set(numbers) or list(numbers) != sorted(numbers)):
            # Without a mark between them, only all codes in their order are a list.
            continue
        if len(numbers) >= max(fewest, 2) and len(seen & set(numbers)) >= min(2, len(seen)):
            return numbers, rest
    return {}, wording


def _read(wording: str, pattern: re.Pattern[str]) -> tuple[dict[str, str], str]:
    """Return the words after each code, and the text around the list."""
    marks = list(pattern.finditer(wording))
    words: dict[str, str] = {}
    last = 0
    for place, mark in enumerate(marks):
        following = marks[place + 1] if place + 1 < len(marks) else None
        text = wording[mark.end() : following.start()] if following else wording[mark.end() :]
        end = _END.search(text)
        is_cut = end is not None and (following is None or end[0] in (")", "]"))
        text = text[: end.start()] if end and is_cut else _BEFORE_NEXT.sub("", text)
        last = mark.end() + (end.start() if end and is_cut else len(text))
        text = text.strip(_QUOTES + ",;.|/")
        if not text or len(text.split()) > _LONGEST_WORDS or mark[1] in words:
            return {}, wording
        words[mark[1]] = text
    if not words:
        return {}, wording
    rest = f"{_LEADS.sub('', wording[: marks[0].start()])} {wording[last:].lstrip(_QUOTES + ',;.]')}"
    return words, " ".join(rest.split())


def in_codes(scale: DraftScale, read: Explained, vocabulary: Vocabulary) -> DraftScale:
    """Return a scale of words as one of the codes that stand for them in the file."""
    changed = relabelled(scale, read.codes, vocabulary)
    return replace(
        changed,
        scale_id=f"new_{scale.concept}_codes",
        evidence=f"{read.how}; {scale.evidence}",
        name=scale.name or f"{scale.concept.replace('_', ' ').capitalize()}, codes",
    )
