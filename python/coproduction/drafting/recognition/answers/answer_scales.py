"""Reads the scale of a column: its answers, what each means, and whether the codebook has this scale already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.recognition.answers.concepts import COUNTED, concept_of, looks_welsh, place_of
from coproduction.drafting.recognition.answers.frequencies import is_bare_count, spans_a_year
from coproduction.drafting.recognition.answers.hours import PERIOD, TIMES_A_MONTH, is_at_most, may_reach
from coproduction.drafting.recognition.answers.meanings import BAD_IF_HIGH, meanings_of
from coproduction.drafting.recognition.answers.printed_answers import VALID, bare, doubts_about_missing, spelled_out
from coproduction.drafting.recognition.answers.valid_answers import valid_and_missing
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY, Confidence
from coproduction.drafting.recognition.survey_file import EMPTY_CELLS, SurveyColumn
from coproduction.drafting.recognition.vocabulary import KnownScale, Vocabulary
from coproduction.drafting.recognition.words import words_of

# Answers this often in a year and more take part, as the codebook's Sometimes; the second number is as often as Often.
# Between the next two, which are less than once a month, a person should decide.
_TAKES_PART, _OFTEN = 6.0, 50.0
_UNCLEAR = (5.0, 7.5)
# A few hours a month and more give time.
_GIVES_TIME = 2.5
# "Yes, but I am not active" is a member and takes no part.
_HALF_A_YES = 0.5
# "Yes, one or two" counts meetings, and who has been to one took part; "once or twice" is how seldom.
_YES_TO_SOME = re.compile(r"yes,? (a few|one|two|three|some|several)( or (two|three|more))?$")
# Between a little and a few hours, people draw the line in different places.
_NEAR_TIME = (1.6, 2.45)
_CODED_LABEL = re.compile(r"(\d{1,2})(?:\s*[-=:.(]?\s*([A-Za-z].*?)\)?)?")
_LABELLED_CODE = re.compile(r"([A-Za-z][A-Za-z' ]*?)\s*[-=:(]?\s*(\d{1,2})\)?")
_UNIT = re.compile(
    r" how (?:many|much) (?:of the (?:last|past) \w+ )?(?:\w+ )?(hours|minutes|days|times) |"
    r" (?:^|q\d+\w? )?(hours|days|times) (?:\w+ ){0,5}(?:week|month|year) "
)
_NUMBERS = re.compile(
    r"(on )?(none|zero|no|never)|"
    r"(on )?((more than|less than|over|under|up to) )?\d+( ?(-|to|or) ?\d+)?"
    r"( or (more|less|fewer|under|over)|\+| plus| and over)?"
)
# At most this share of the filled cells are strays beside the answers of a scale.
_FEW_ODD = 0.1


@dataclass(frozen=True)
class DraftAnswer:
    """One row of answers.csv; blank texts where nothing is said."""

    label: str
    kind: str = VALID
    score: str = ""
    is_positive: str = ""
    is_often: str = ""
    name: str = ""


@dataclass(frozen=True)
class DraftScale:
    """A scale of the codebook, or a new one with its answers.

    ``concept`` is what the answers are about: `satisfaction`, `frequency`, `codes`, `number`, ... ``has_ends`` says
    whether it is known which answer is the highest.
    """

    scale_id: str
    concept: str
    confidence: Confidence
    evidence: str
    name: str = ""
    kind: str = "ordinal"
    minimum: str = ""
    maximum: str = ""
    answers: tuple[DraftAnswer, ...] = field(default=())
    is_new: bool = True
    has_ends: bool = True

    def content(self) -> tuple[object, ...]:
        """Return what makes two new scales the same."""
        answers = tuple(replace(answer, label=normalise_label(answer.label)) for answer in self.answers)
        return self.kind, self.minimum, self.maximum, answers


def words_scale(column: SurveyColumn, vocabulary: Vocabulary) -> DraftScale | None:
    """Return the scale of a column of printed answers that have an order; None where they have none."""
    valid, missing = valid_and_missing(column)
    concept = concept_of(valid)
    if concept:
        known = known_scale(column, valid, missing, vocabulary, concept)
        return known or new_scale(valid, missing, concept, column)
    words = spelled_out(valid)
    if words:
        return new_scale(valid, missing, concept_of(list(words.values())), column, words)
    ends = _end_labelled(valid)
    if ends:
        return ends_scale(ends, missing)
    units = _with_unit(valid, column)
    concept = concept_of(list(units.values()))
    return new_scale(valid, missing, concept, column, units) if concept in ("time", "frequency") else None


def _end_labelled(valid: Sequence[str]) -> dict[str, tuple[float, str]]:
    """Return number and words of answers such as "5 - Very good", "4", ..., "1 - Very bad"; {} if they are others."""
    codes = {label: code for label in valid if (code := _code_and_words(label)) is not None}
    words = [text for _, text in codes.values() if text]
    is_whole = len(codes) == len(valid) > len(words) >= 2 and len({code for code, _ in codes.values()}) == len(valid)
    return codes if is_whole and concept_of(words) else {}


def _code_and_words(label: str) -> tuple[float, str] | None:
    """Return number and words of "5 - Very good", "Very good (5)" or "4"; None for a label without a number."""
    found = _CODED_LABEL.fullmatch(label.strip())
    if found:
        return float(found[1]), found[2] or ""
    found = _LABELLED_CODE.fullmatch(label.strip())
    return (float(found[2]), found[1]) if found else None


def ends_scale(codes: dict[str, tuple[float, str]], missing: dict[str, str]) -> DraftScale:
    """Return the scale of numbers of which some have words, in the direction in which the words go."""
    words = {text: code for code, text in codes.values() if text}
    concept = concept_of(list(words))
    low, high = min(words, key=lambda text: words[text]), max(words, key=lambda text: words[text])
    is_up = _towards_good(place_of(high, concept), concept) > _towards_good(place_of(low, concept), concept)
    ordered = sorted(codes, key=lambda label: codes[label][0], reverse=not is_up)
    answers = [DraftAnswer(label, VALID, str(rank), name=bare_name(label)) for rank, label in enumerate(ordered, 1)]
    numbers = [code for code, _ in codes.values()]
    are_ends = {words[low], words[high]} == {min(numbers), max(numbers)}
    return DraftScale(
        f"new_{concept}",
        concept,
        CERTAIN if are_ends else LIKELY,
        f"new scale: only {low} and {high} have words",
        f"{concept.replace('_', ' ').capitalize()}, {len(answers)} answers",
        "ordinal",
        "1",
        str(len(answers)),
        (*reversed(answers), *missing_answers(missing)),
    )


def _with_unit(valid: Sequence[str], column: SurveyColumn) -> dict[str, str]:
    """Return numbers with the unit that the wording asks for, as in "how many hours"; {} if it asks for none."""
    asked = _UNIT.search(words_of(column.wording or column.name))
    is_numbers = all(_NUMBERS.fullmatch(bare(label)) for label in valid)
    if not asked or not is_numbers:
        return {}
    unit = asked[1] or asked[2]
    return {label: f"{bare(label).removeprefix('on ').replace('none', '0')} {unit}" for label in valid}


def odd_answers(column: SurveyColumn) -> tuple[list[str], str]:
    """Return the few answers without which a column would have a scale, and what the others are about; [], '' if none.

    A total under the answers is one, or a cell that slipped into another column.
    """
    valid, _ = valid_and_missing(column)
    odd = [label for label in valid if not meanings_of(label)]
    concept = concept_of([label for label in valid if label not in odd])
    n_odd = sum(column.counts[label] for label in odd)
    is_few = 0 < n_odd <= _FEW_ODD * len(column.filled)
    return (odd, concept) if concept and is_few else ([], "")


def known_scale(
    column: SurveyColumn, valid: Sequence[str], missing: dict[str, str], vocabulary: Vocabulary, concept: str
) -> DraftScale | None:
    """Return the scale of the codebook that lists all answers of a column and is about the same."""
    needed = {normalise_label(label) for label in [*valid, *missing]} - EMPTY_CELLS
    fitting = [scale for scale in vocabulary.scales if needed <= set(scale.answers) and _is_about(scale, concept)]
    if not fitting or len(valid) < 2:
        return None
    scale = min(fitting, key=lambda scale: len(scale.answers) - len(needed))
    n_seen = sum(normalise_label(label) in scale.answers for label in valid)
    is_whole = n_seen >= 3 or n_seen == sum(row["answer_kind"] == VALID for row in scale.answers.values())
    listed = "every answer is in the scale " + scale.scale_id
    return DraftScale(scale.scale_id, concept, CERTAIN if is_whole else LIKELY, listed, kind=scale.kind, is_new=False)


def scores_of(scale: DraftScale, vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    """Return kind and score of each answer of a drafted scale, by normalised label."""
    known = vocabulary.scale(scale.scale_id)
    if not scale.is_new and known:
        return {label: (row["answer_kind"], row["answer_score"]) for label, row in known.answers.items()}
    return {normalise_label(answer.label): (answer.kind, answer.score) for answer in scale.answers}


def new_scale(
    valid: Sequence[str],
    missing: dict[str, str],
    concept: str,
    column: SurveyColumn,
    units: dict[str, str] | None = None,
) -> DraftScale:
    """Return a scale in the order in which the words stand between the two ends of a concept.

    ``units`` are the labels with the unit that only the wording names: "2 or more" is "2 or more hours".
    """
    factor = _times_a_month(valid, column) if concept == "time" else 1.0
    read = {label: (units or {}).get(label, label) for label in valid}
    span = spans_a_year(normalise_label(column.wording)) if concept == "frequency" else 1.0
    places = {
        label: (span if is_bare_count(bare(read[label])) else factor)
        * _towards_good(place_of(read[label], concept), concept)
        for label in valid
    }
    # A band such as 1 to 4 hours gives time where a few hours are in it.
    unclear = [label for label in valid if concept == "time" and may_reach(bare(read[label]), _GIVES_TIME / factor)]
    reaching = [label for label in unclear if not is_at_most(bare(read[label]))]
    ranks = {
        place: rank for rank, place in enumerate(sorted(set(places.values())), start=0 if concept in COUNTED else 1)
    }
    names = {label: _name(label, valid, places) for label in valid}
    answers = [
        DraftAnswer(label, VALID, str(ranks[place]), *_counts(place, concept, label, label in reaching), names[label])
        for label, place in sorted(places.items(), key=lambda item: -item[1])
    ]
    own = {label: place for label, place in places.items() if not column.counts or label in column.counts}
    tied = [label for label in own if _is_tied(label, own)]
    confidence, doubts = CERTAIN, []
    if tied:
        confidence, doubts = LIKELY, [f"these have the same score: {', '.join(tied)}"]
    if concept == "frequency" and any(_UNCLEAR[0] <= place < _UNCLEAR[1] for place in places.values()):
        confidence, doubts = LIKELY, [*doubts, "see which answers take part (is_positive)"]
    if unclear or (concept == "time" and any(_NEAR_TIME[0] < place < _NEAR_TIME[1] for place in places.values())):
        confidence, doubts = LIKELY, [*doubts, "see which answers give time (is_positive)"]
    if unsure := doubts_about_missing(valid, missing, column.missing):
        confidence, doubts = LIKELY, [*doubts, *unsure]
    if concept in ("time", "extent", "amount") and len(valid) < 3:
        confidence = LIKELY
    order = [places[label] for label in valid if normalise_label(label) in {normalise_label(a) for a in column.answers}]
    if order and len(set(order)) > 2 and order not in (sorted(order), sorted(order, reverse=True)):
        confidence, doubts = min(confidence, LIKELY), [*doubts, "the order of the codes is another one"]
    if answers and all(answer.is_often == "false" for answer in answers):
        # Where nothing is often, the scale does not say what is.
        answers = [replace(answer, is_often="") for answer in answers]
    if answers and all(answer.is_positive == "false" for answer in answers):
        confidence, doubts = DOUBTFUL, [*doubts, "no answer counts as taking part: fill in is_positive"]
    if len(ranks) < 2:
        confidence, doubts = DOUBTFUL, [*doubts, "only one answer has been given"]
    scores = [float(answer.score) for answer in answers]
    return DraftScale(
        f"new_{concept}",
        concept,
        confidence,
        "; ".join([f"new scale: the words of the answers are about {concept.replace('_', ' ')}", *doubts]),
        f"{concept.replace('_', ' ').capitalize()}, {len(ranks)} answers",
        "ordinal",
        f"{min(scores):g}",
        f"{max(scores):g}",
        (*answers, *missing_answers(missing)),
    )


def unread_scale(column: SurveyColumn, valid: Sequence[str], missing: dict[str, str]) -> DraftScale:
    """Return a doubtful scale of answers that nobody could read: scored in the order of their codes, or not at all."""
    listed = {normalise_label(label) for label in column.answers}
    is_listed = {normalise_label(label) for label in valid} <= listed
    scores = [f"{len(valid) - rank}" if is_listed else "" for rank in range(len(valid))]
    doubt = "the answers have no order that is known: "
    doubt += "the first code has the highest score now, see whether it is so" if is_listed else "write their scores"
    answers = [
        DraftAnswer(label, VALID, score, name=bare_name(label)) for label, score in zip(valid, scores, strict=True)
    ]
    ends = ("1", str(len(valid)))
    name = f"{bare_name(valid[0])} to {bare_name(valid[-1])}"
    return DraftScale(
        "new_answers", "unread", DOUBTFUL, doubt, name, "ordinal", *ends, (*answers, *missing_answers(missing))
    )


def missing_answers(missing: dict[str, str]) -> tuple[DraftAnswer, ...]:
    """Return the rows of the answers that say nothing."""
    return tuple(DraftAnswer(label, kind, name=bare_name(label)) for label, kind in missing.items())


def bare_name(label: str) -> str:
    """Return a label as reports print it, without the code before it."""
    text = label.strip()
    without = bare(text)
    return text[normalise_label(text).find(without) :] if without and without in normalise_label(text) else text


def _is_about(scale: KnownScale, concept: str) -> bool:
    valid = [label for label, row in scale.answers.items() if row["answer_kind"] == VALID]
    return concept_of(valid) == concept


def _times_a_month(valid: Sequence[str], column: SurveyColumn) -> float:
    """Return how often in a month the time of an answer comes back, where only the wording says so."""
    if any(PERIOD.search(bare(label)) for label in valid):
        return 1.0
    period = PERIOD.search(normalise_label(column.wording))
    return TIMES_A_MONTH[period[1] or period[2]] if period else 1.0


def _towards_good(place: float, concept: str) -> float:
    return -place if concept in BAD_IF_HIGH else place


def _counts(place: float, concept: str, label: str, is_reaching: bool = False) -> tuple[str, str]:
    """Return is_positive and is_often of an answer, blank where the concept counts nobody."""
    if concept == "frequency":
        return _truth(place >= _TAKES_PART or bool(_YES_TO_SOME.match(bare(label)))), _truth(place >= _OFTEN)
    if concept == "time":
        return _truth(place >= _GIVES_TIME or is_reaching), ""
    if concept == "yes_no":
        return _truth(place > _HALF_A_YES), ""
    return "", ""


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _is_tied(label: str, places: dict[str, float]) -> bool:
    return sum(place == places[label] for place in places.values()) > 1 and not _is_welsh_twin(label, places)


def _is_welsh_twin(label: str, places: dict[str, float]) -> bool:
    """Return whether every place has two labels, as in a file in two languages."""
    n_labels, n_places = len(places), len(set(places.values()))
    is_bilingual = any(map(looks_welsh, places)) and not all(map(looks_welsh, places))
    return is_bilingual and 4 <= n_labels <= 2 * n_places and n_places < n_labels - 1


def _name(label: str, valid: Sequence[str], places: dict[str, float]) -> str:
    """Return the name of an answer: of two languages the first label with this place."""
    twins = [other for other in valid if places[other] == places[label]]
    english = next((other for other in twins if other.isascii() and not looks_welsh(other)), twins[0])
    return bare_name(english if _is_welsh_twin(label, places) else label)
