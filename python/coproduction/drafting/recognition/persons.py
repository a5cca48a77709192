"""Columns about the person and the survey: gender, age, ethnic group, ..., arm of an experiment, weight, duration."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.draft import DraftRow
from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.answers.answer_scales import DraftAnswer, DraftScale, bare_name, missing_answers
from coproduction.drafting.recognition.answers.concepts import concept_of
from coproduction.drafting.recognition.answers.number_codes import (
    coded_scale,
    is_codes,
    number_format_of,
    numbers_of,
    quantity_scale,
)
from coproduction.drafting.recognition.answers.valid_answers import valid_and_missing
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY, Confidence
from coproduction.drafting.recognition.people import (
    Reading,
    read_age_bands,
    read_arms,
    read_birth_bands,
    read_education,
    read_ethnicity,
    read_gender,
    read_named_arms,
    says_itself,
)
from coproduction.drafting.recognition.survey_file import EMPTY_CELLS, SurveyColumn
from coproduction.drafting.recognition.vocabulary import KnownScale, Vocabulary
from coproduction.drafting.recognition.wording.off_topic import OTHER_PERSON
from coproduction.drafting.recognition.words import plain_text, words_of

_QUANTITIES = {"weight": (0.0, 1000.0), "duration": (0.0, 100_000.0), "age": (10.0, 110.0)}
_MOST_PLACES = 60
# EX51, WE001, 95AA01S.
_CODE_OF_A_PLACE = re.compile(r"(?=\w*\d)[A-Z0-9]{2,9}( ?\d[A-Z0-9]*)?")
_MOST_QUALIFICATIONS = 16
_WORDS_OF_A_PERSONAL_QUESTION = 14
_NOMINAL = frozenset({"location", "education", "nudge"})
_TITLES = {
    "gender": "Gender",
    "age": "Age in bands",
    "ethnicity": "Ethnic group",
    "education": "Qualification",
    "location": "Part of the area",
    "nudge": "Version of the questionnaire",
}


def person_row(column: SurveyColumn, named: str, vocabulary: Vocabulary) -> DraftRow | None:
    """Return the row of a question about the person; None if the column is none.

    ``named`` is what its name or wording announces, '' if nothing; the answers have to bear it out.
    """
    numbers = numbers_of(column)
    if numbers:
        scale = _of_numbers(column, numbers, named, vocabulary)
        return _row(column, named, scale, CERTAIN, "announced by its name or wording") if scale else None
    valid, missing = valid_and_missing(column)
    is_other = bool(OTHER_PERSON.search(words_of(f"{column.name} {plain_text(column.wording)}")))
    for construct in (named, *(() if is_other else _BY_ANSWERS)):
        readings = _readings(construct, valid, vocabulary) if construct else None
        how = CERTAIN if construct == named or _is_plain(column, construct) else LIKELY
        why = "announced by its name or wording" if named == construct else "recognised by its answers alone"
        if readings is None and construct == named == "age" and (readings := read_birth_bands(valid)):
            how, why = LIKELY, "years of birth in bands: see how old people were"
        if readings is None and construct and construct == named:
            readings = _named_readings(construct, valid)
            how, why = DOUBTFUL, "announced by its name or wording: see what its answers mean"
        if readings is not None and construct == "location" and (doubt := _doubt_location(column, valid)):
            how, why = LIKELY, doubt
        if readings is not None:
            scale = _scale(construct, valid, missing, readings, vocabulary)
            return _row(column, construct, scale, how, why)
    if named in ("cluster", "stratum"):
        scale = DraftScale("any_text", "text", CERTAIN, "any text", is_new=False)
        return _row(column, named, scale, LIKELY, "announced by its name")
    return None


def _is_plain(column: SurveyColumn, construct: str) -> bool:
    """Return whether a short question about the respondent alone has answers that only one construct has."""
    words = words_of(plain_text(column.wording))
    is_short = 0 < len(words.split()) <= _WORDS_OF_A_PERSONAL_QUESTION
    return (
        construct == "gender" and is_short and bool(lexicon.ABOUT_YOU.search(words)) and not OTHER_PERSON.search(words)
    )


def _doubt_location(column: SurveyColumn, valid: Sequence[str]) -> str:
    """Return why places may not be where the respondents live, as they say it; '' if nothing says so."""
    words = words_of(plain_text(column.wording) or column.name)
    if sum(bool(_CODE_OF_A_PLACE.fullmatch(bare_name(label).strip())) for label in valid) > len(valid) / 2:
        return "its answers are codes of places, such as parts of postcodes: see whether results should show them"
    is_asked = len(words.split()) <= lexicon.LONGEST_TITLE or lexicon.LIVES.search(words)
    return "" if is_asked else "does not ask where people live: see what the places are"


def _named_readings(construct: str, valid: Sequence[str]) -> list[Reading] | None:
    """Return the answers as they are printed, where only the wording says what a column is."""
    if construct == "nudge":
        return read_named_arms(valid)
    if construct == "education" and 2 <= len(valid) <= _MOST_QUALIFICATIONS and not concept_of(valid):
        return [("", bare_name(label)) for label in valid]
    return None


_BY_ANSWERS = ("gender", "ethnicity", "age", "education")


def _readings(construct: str, valid: Sequence[str], vocabulary: Vocabulary) -> list[Reading] | None:
    if not valid or len(valid) > _MOST_PLACES:
        return None
    if construct == "gender":
        return read_gender(valid)
    if construct == "age":
        return read_age_bands(valid, vocabulary.codebook.ids("age_bands", "age_band"))
    if construct == "ethnicity":
        return read_ethnicity(valid)
    if construct == "education":
        return read_education(valid)
    if construct == "nudge":
        known = _known_arms(valid, vocabulary)
        return known or read_arms(valid)
    if construct == "location" and len(valid) >= 2 and not concept_of(valid):
        return [("", bare_name(label)) for label in valid]
    return None


def _known_arms(valid: Sequence[str], vocabulary: Vocabulary) -> list[Reading] | None:
    scale = _known(valid, [], "nudge", vocabulary)
    return [("", scale.answers[normalise_label(label)]["answer_name"]) for label in valid] if scale else None


def _known(labels: Sequence[str], missing: Sequence[str], construct: str, vocabulary: Vocabulary) -> KnownScale | None:
    """Return the scale that the codebook uses for a construct and that lists all these answers."""
    needed = {normalise_label(label) for label in [*labels, *missing]} - EMPTY_CELLS
    used = {row["scale_id"] for row in vocabulary.questions if row["construct_id"] == construct}
    named = [scale for scale in vocabulary.scales if scale.scale_id in used or scale.scale_id.startswith(construct)]
    return next((scale for scale in named if needed <= set(scale.answers)), None)


def _scale(
    construct: str, valid: Sequence[str], missing: dict[str, str], readings: Sequence[Reading], vocabulary: Vocabulary
) -> DraftScale:
    """Return the codebook's scale for these answers, or a new one with what each was read as."""
    known = _known(valid, list(missing), construct, vocabulary)
    if known:
        return DraftScale(
            known.scale_id, construct, CERTAIN, f"every answer is in the scale {known.scale_id}", is_new=False
        )
    rows = [DraftAnswer(label, score=score, name=name) for label, (score, name) in zip(valid, readings, strict=True)]
    scores = [float(row.score) for row in rows if row.score]
    is_ordinal = construct == "age"
    kind = "ordinal" if is_ordinal else "nominal"
    ends = (f"{min(scores):g}", f"{max(scores):g}") if is_ordinal and scores else ("", "")
    guessed = [label for label in valid if not says_itself(construct, label)]
    confidence = LIKELY if construct == "nudge" or guessed else CERTAIN
    evidence = f"new scale: {len(rows)} answers read as {construct}"
    if guessed:
        evidence += f"; see what {', '.join(guessed[:4])} counts as in answers.csv"
    answers = (*rows, *missing_answers(missing))
    return DraftScale(f"new_{construct}", construct, confidence, evidence, _TITLES[construct], kind, *ends, answers)


def _of_numbers(
    column: SurveyColumn, numbers: dict[str, float], named: str, vocabulary: Vocabulary
) -> DraftScale | None:
    """Return the scale of a column of numbers about the person; None if the numbers do not bear out its name."""
    values = list(numbers.values())
    if named == "age" and not is_codes(numbers):
        return _ages(column, numbers, vocabulary)
    # Half samples give each person one of two replicate weights.
    if named in ("weight", "replicate_weight") and min(values) >= 0 and len(numbers) > (2 if named == "weight" else 1):
        highest = max(1000.0, 10.0 ** math.ceil(math.log10(max(values) + 1)))
        return quantity_scale(column, numbers, "weight", 0.0, highest)
    if named == "duration" and min(values) >= 0 and len(numbers) > 2:
        highest = max(10_000.0, 10.0 ** math.ceil(math.log10(max(values) + 1)))
        return quantity_scale(column, numbers, "duration", 0.0, highest)
    if named in ("cluster", "stratum"):
        return DraftScale("any_text", "text", LIKELY, "any text", is_new=False)
    if named in ("gender", "age", "ethnicity", "education", "nudge", "location") and is_codes(numbers):
        return _coded_person(column, numbers, named, vocabulary)
    return None


def _ages(column: SurveyColumn, numbers: dict[str, float], vocabulary: Vocabulary) -> DraftScale | None:
    lowest, highest = _QUANTITIES["age"]
    inside = [number for number in numbers.values() if lowest <= number <= highest]
    if len(inside) < 0.8 * len(numbers):
        return None
    known = vocabulary.scale("age_years")
    outside = [label for label, number in numbers.items() if not 16 <= number <= 110]
    if known and all(normalise_label(label) in known.answers for label in outside):
        return DraftScale("age_years", "number", CERTAIN, "ages in years", is_new=False)
    return quantity_scale(column, numbers, "age", min(inside), 110.0)


def _coded_person(column: SurveyColumn, numbers: dict[str, float], named: str, vocabulary: Vocabulary) -> DraftScale:
    """Return a doubtful scale of codes about the person, which nothing explains."""
    scale = coded_scale(column, numbers, named, vocabulary)
    if scale.is_new and named in _NOMINAL:
        rows = [DraftAnswer(answer.label, answer.kind, name=answer.name or answer.label) for answer in scale.answers]
        return DraftScale(
            f"new_{named}_codes", named, DOUBTFUL, scale.evidence, _TITLES[named], "nominal", answers=tuple(rows)
        )
    return scale


def _row(column: SurveyColumn, construct: str, scale: DraftScale, how: Confidence, why: str) -> DraftRow:
    row = DraftRow(
        column.name,
        construct,
        scale=scale,
        wording=plain_text(column.wording),
        answers=column.with_counts(_MOST_PLACES),
    )
    row.number_format = number_format_of(column) if scale.concept == "number" else ""
    return row.because(how, why).because(scale.confidence, scale.evidence)
