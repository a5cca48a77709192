"""Rows of questions about a theme: what they measure, on which scale, about what, and in which direction."""

from __future__ import annotations

import re
from dataclasses import replace

from coproduction.codebook.tables import CodebookRow
from coproduction.drafting.draft import MOST_LISTED, DraftRow, claim, left_out
from coproduction.drafting.recognition.answers.answer_scales import (
    DraftScale,
    missing_answers,
    odd_answers,
    unread_scale,
    words_scale,
)
from coproduction.drafting.recognition.answers.changed_scales import OF_AMOUNTS, counted_by_amount, turned
from coproduction.drafting.recognition.answers.concepts import COUNTED
from coproduction.drafting.recognition.answers.number_codes import (
    coded_scale,
    is_codes,
    number_format_of,
    numbers_of,
)
from coproduction.drafting.recognition.answers.valid_answers import valid_and_missing
from coproduction.drafting.recognition.certainty import doubt_construct
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY, Confidence
from coproduction.drafting.recognition.constructs import (
    Guess,
    guess_by_answers,
    guess_construct,
    guess_theme,
    is_strong,
    is_worded_as,
    text_of,
)
from coproduction.drafting.recognition.directions import (
    asks_of_bad,
    has_hopeful_words,
    is_plainly_turned,
    is_turned_round,
    names_bad_conditions,
)
from coproduction.drafting.recognition.lexicon import FELT, FELT_BY_YOU
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.drafting.recognition.wording.off_topic import (
    OWN_LIFE,
    SERVICES,
    WHATEVER_THE_THEME,
    asked_instead,
)

# Answers that say how much there is of something, good or bad.
_OF_BAD_THINGS = frozenset({"amount", "extent", "level", "likelihood", "trend", "frequency"})
# More answers than this are a list of things, and no scale.
_MOST_UNREAD = 7
# Fewer numbers beside words are no scale from 0 to 10.
_FEWEST_NUMBERS = 4
# How much of the time something is so, which nobody does.
_OF_THE_TIME = " of the time "
_AGREED = frozenset({"agreement", "support"})
_NAMED_BY_THE_WAY = frozenset({SERVICES, "the internet and the media"})
_ASKS_WHAT_IS_DONE = re.compile(r" (have|did|do) you | how often ")
_OF_STATEMENTS = frozenset({"amount", "yes_no"})


COUNTED_CONSTRUCTS = frozenset(
    {"individual_activity", "group_participation", "time_willing", "time_current", "time_extra"}
)


def opinion_row(column: SurveyColumn, vocabulary: Vocabulary) -> DraftRow:
    """Return the row of a question about a theme, or one that leaves the column out."""
    numbers, said = _numbers_beside_words(column)
    scale = None if numbers else words_scale(column, vocabulary)
    concept = "codes" if numbers and is_codes(numbers) else scale.concept if scale else ""
    if not concept:
        return _unread_row(column, vocabulary) or _no_scale(column)
    guess = guess_construct(column, concept, vocabulary)
    if numbers:
        scale = coded_scale(column, numbers, guess.found, vocabulary)
        if said and scale.is_new:
            scale = replace(scale, answers=(*scale.answers, *missing_answers(said)))
        if scale.has_ends:
            concept = scale.concept
            guess = guess_construct(column, concept, vocabulary)
    guess, theme = _by_answers(column, concept, guess, vocabulary)
    as_printed = scale
    if scale is not None and scale.is_new:
        scale, concept = _in_question(column, scale, concept, guess.found)
    is_activity = concept in COUNTED or (concept == "codes" and bool(_ASKS_WHAT_IS_DONE.search(text_of(column))))
    instead = asked_instead(text_of(column), is_activity)
    is_sure = is_activity or (instead in _NAMED_BY_THE_WAY and guess.confidence >= LIKELY)
    of_person = OWN_LIFE.get(instead, "")
    if (
        of_person in vocabulary.themes
        and (guess.found in ("", "conditions") or concept not in COUNTED | _AGREED or _OF_THE_TIME in text_of(column))
        and guess.like is None
        and concept != "yes_no"
    ):
        return _personal_row(column, as_printed, of_person, instead, concept)
    is_about_theme = instead not in WHATEVER_THE_THEME and (is_strong(theme) or (bool(theme.found) and is_sure))
    if instead and guess.like is None and not is_about_theme:
        return left_out(column, LIKELY, f"asks about {instead}, which no construct of the codebook measures")
    if not guess.found or scale is None:
        sure = LIKELY if column.wording or concept == "codes" else DOUBTFUL
        return left_out(column, sure, f"no construct of the codebook fits a question about {concept}")
    row = claim(column, guess.found).because(guess.confidence, guess.evidence)
    row.theme, row.topic = theme.found, "all" if theme.found else ""
    if guess.like is not None and guess.like["theme_id"] == row.theme and is_worded_as(column, guess.like):
        row.topic, row.keeps_topic = guess.like["topic_id"], True
    row.scale = scale
    row.because(
        theme.confidence if theme.found else DOUBTFUL, theme.evidence or "no theme of the codebook in its words"
    )
    row.because(scale.confidence, scale.evidence)
    row.number_format = number_format_of(column) if numbers else ""
    if instead and guess.like is None:
        row.because(LIKELY, f"it may ask about {instead} instead")
    if guess.like is None or not is_worded_as(column, guess.like):
        row.because(*_likely_if(doubt_construct(column, row.construct, theme)))
    _find_direction(row, column, concept, guess.like)
    _refuse_uncounted(row, concept)
    return row


def _likely_if(doubt: str) -> tuple[Confidence, str]:
    return (LIKELY if doubt else CERTAIN), doubt


def _by_answers(column: SurveyColumn, concept: str, guess: Guess, vocabulary: Vocabulary) -> tuple[Guess, Guess]:
    """Return what a question measures and its theme; where its words do not say, what its answers suggest."""
    if not guess.found and concept == "frequency":
        is_felt = bool(FELT.search(text_of(column)))
        construct = "conditions" if is_felt else "individual_activity"
        why = "asks how often something is felt or seen" if is_felt else "asks how often, and does not say of what"
        guess = Guess(construct, DOUBTFUL, why, guess.like)
    elif concept == "frequency" and FELT_BY_YOU.search(text_of(column)):
        guess = Guess("conditions", DOUBTFUL, "asks how often you feel something", guess.like)
    theme = guess_theme(column, guess.like, vocabulary)
    if not guess.found and theme.found:
        guess = guess_by_answers(column, concept)
    return guess, theme


def _in_question(column: SurveyColumn, scale: DraftScale, concept: str, construct: str) -> tuple[DraftScale, str]:
    """Return a new scale as it is meant in a question, and what its answers are about there."""
    if construct in COUNTED_CONSTRUCTS and concept in OF_AMOUNTS:
        return counted_by_amount(scale), "amount_done"
    is_bad = construct == "conditions" and concept in _OF_BAD_THINGS and asks_of_bad(column)
    return (turned(scale) if is_bad else scale), concept


def _personal_row(column: SurveyColumn, scale: DraftScale | None, theme: str, instead: str, concept: str) -> DraftRow:
    """Return the doubtful row of a question about the respondent's own life or health, which some studies count."""
    if scale is None:
        return left_out(column, LIKELY, f"asks about {instead}, which no construct of the codebook measures")
    row = claim(column, "conditions").because(
        DOUBTFUL, f"asks about {instead}: leave it out if conditions are those of the area"
    )
    row.theme, row.topic = theme, "all"
    row.scale = turned(scale) if scale.is_new and concept in _OF_BAD_THINGS and asks_of_bad(column) else scale
    return row.because(scale.confidence, scale.evidence)


def _numbers_beside_words(column: SurveyColumn) -> tuple[dict[str, float] | None, dict[str, str]]:
    """Return the numbers of a column, and the kinds of answers in words beside them, such as Don't know."""
    numbers = numbers_of(column)
    if numbers:
        return numbers, {}
    valid, missing = valid_and_missing(column)
    said = {label: kind for label, kind in missing.items() if label in column.counts}
    if not said or len(valid) < _FEWEST_NUMBERS:
        return None, {}
    counted = SurveyColumn(column.name, [cell for cell in column.cells if cell.strip() not in said])
    return numbers_of(counted), said


def _unread_row(column: SurveyColumn, vocabulary: Vocabulary) -> DraftRow | None:
    """Return a doubtful row of a question whose words say what it measures, but whose answers have no known order."""
    valid, missing = valid_and_missing(column)
    words = text_of(column)
    if (
        not column.wording
        or not 2 <= len(valid) <= _MOST_UNREAD
        or odd_answers(column)[0]
        or asked_instead(words, False)
    ):
        return None
    guess, theme = guess_construct(column, "", vocabulary), guess_theme(column, None, vocabulary)
    if not guess.found or guess.confidence == DOUBTFUL or not theme.found:
        return None
    row = claim(column, guess.found).because(min(guess.confidence, LIKELY), guess.evidence)
    row.theme, row.topic, row.scale = theme.found, "all", unread_scale(column, valid, missing)
    row.because(theme.confidence, theme.evidence).because(row.scale.confidence, row.scale.evidence)
    return row


def _find_direction(row: DraftRow, column: SurveyColumn, concept: str, like: CodebookRow | None) -> None:
    """Turn a question round whose agreement means less; nothing is certain where only words were seen."""
    # A statement may also be answered by yes, partly or no.
    is_statement = concept in _OF_STATEMENTS and not column.wording.rstrip().endswith("?")
    can_be_turned = concept in _AGREED | {"extent"} or is_statement
    words = is_turned_round(column, row.construct) if can_be_turned and row.construct not in COUNTED_CONSTRUCTS else ""
    if row.construct == "conditions" and concept in _AGREED and asks_of_bad(column):
        words = names_bad_conditions(column)
    if like is not None and like["construct_id"] == row.construct and concept in _AGREED:
        row.is_reversed = like.is_true("is_reversed")
        if bool(words) != row.is_reversed:
            row.because(DOUBTFUL, "see whether agreeing means more or less")
    elif words:
        row.is_reversed = True
        row.because(CERTAIN if is_plainly_turned(column) else LIKELY, f'agreeing means less: "{words}"')
    elif concept in _AGREED and not has_hopeful_words(column):
        row.because(LIKELY, "a statement to agree with: see whether agreeing means more or less")


def _refuse_uncounted(row: DraftRow, concept: str) -> None:
    """Doubt an outcome on a scale on which nobody counts as taking part."""
    if row.construct in COUNTED_CONSTRUCTS and concept not in COUNTED | {"amount_done"}:
        row.because(
            DOUBTFUL, f"its answers are about {concept}: say in answers.csv which of them take part (is_positive)"
        )


def _no_scale(column: SurveyColumn) -> DraftRow:
    n_answers = len(column.counts)
    if n_answers > MOST_LISTED:
        return left_out(
            column, CERTAIN if not numbers_of(column) else LIKELY, f"{n_answers} different answers, no list"
        )
    odd, concept = odd_answers(column)
    if odd:
        listed = ", ".join(f'"{label}"' for label in odd)
        return left_out(
            column, DOUBTFUL, f"its answers are about {concept}, but not {listed}: correct the cells and draft again"
        )
    return left_out(column, LIKELY, "its answers have no order that is known, and no construct of the codebook fits")
