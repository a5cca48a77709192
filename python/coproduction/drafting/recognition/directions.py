"""Says whether agreeing with a statement means more or less of what it measures, by the words in it."""

from __future__ import annotations

from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.constructs import words_asked
from coproduction.drafting.recognition.survey_file import SurveyColumn

_OF_BELIEFS = ("political_self_efficacy", "personal_self_efficacy")


def is_plainly_turned(column: SurveyColumn) -> bool:
    """Return whether a statement denies what it measures in words that hardly mean anything else."""
    return bool(lexicon.PLAINLY_TURNED.search(lexicon.TURNS_NOTHING.sub(" ", words_asked(column))))


def is_turned_round(column: SurveyColumn, construct: str = "") -> str:
    """Return the words by which agreeing means less of a construct, '' if there are none."""
    text = lexicon.TURNS_NOTHING.sub(" ", words_asked(column))
    found = (lexicon.CANNOT if construct in _OF_BELIEFS else lexicon.TURNED_ROUND).search(text)
    return found[0].strip() if found else ""


def names_bad_conditions(column: SurveyColumn) -> str:
    """Return the bad thing that a statement says there is, as in "there is too much litter"; '' if there is none."""
    text = words_asked(column)
    found = lexicon.BAD_THING.search(text)
    return found[0].strip() if found and not lexicon.LITTLE_OF_IT.search(text) else ""


def asks_of_bad(column: SurveyColumn) -> bool:
    """Return whether a question asks how much there is of something bad."""
    text = words_asked(column)
    return bool(lexicon.BAD_THING.search(text)) and not lexicon.OF_GOOD.search(text)


def has_hopeful_words(column: SurveyColumn) -> bool:
    """Return whether a statement has words by which agreeing means more."""
    return bool(lexicon.HOPEFUL.search(words_asked(column)))
