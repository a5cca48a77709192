"""What a questionnaire consists of, whatever the tool: the questions, their answers, who is asked, and the versions."""

from __future__ import annotations

from dataclasses import dataclass

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.tables import ANY_ANSWER, listed_answers
from coproduction.exchange.coded_survey import CHARACTER, QUANTITY, SERIAL, Category, CodedSurvey, Variable

# Kinds of answers that a respondent cannot choose.
_NOT_OFFERED = ("not_asked", "blank", "uncoded")
_ABOUT_YOU = "About you"


@dataclass(frozen=True)
class Condition:
    """Who is asked: those who gave one of ``answers`` to the question ``before``, or any answer if there are none."""

    before: Variable
    answers: tuple[Category, ...]


def asked(survey: CodedSurvey) -> list[Variable]:
    """Return the variables that are questions to a respondent."""
    return [found for found in survey.variables if found.kind != SERIAL and not found.is_recorded]


def version_column(survey: CodedSurvey) -> Variable | None:
    """Return the variable that says who got which version of the questionnaire.

    None if there is one version, or if the survey records the version in several columns.
    """
    found = [variable for variable in survey.variables if variable.construct == "nudge" and variable.categories]
    return found[0] if len(found) == 1 else None


def nudges(survey: CodedSurvey) -> list[tuple[Category, str]]:
    """Return the versions that begin with a sentence: the value of the version column, and the sentence."""
    column = version_column(survey)
    if column is None:
        return []
    return [(found, survey.nudges[found.printed]) for found in column.categories if survey.nudges.get(found.printed)]


def is_open(variable: Variable) -> bool:
    """Return whether people write their answer and do not choose one."""
    return variable.kind in (QUANTITY, CHARACTER)


def offered(variable: Variable) -> list[Category]:
    """Return the answers that a respondent can choose."""
    return [found for found in variable.categories if found.kind not in _NOT_OFFERED]


def condition(variable: Variable, by_column: dict[str, Variable]) -> Condition | None:
    """Return who is asked a question; None if everybody is, or if the questionnaire lacks the question before it."""
    before = by_column.get(variable.asked_column)
    if before is None:
        return None
    answers = listed_answers(variable.asked_answers)
    if ANY_ANSWER in answers:
        return Condition(before, ())
    chosen = tuple(found for found in before.categories if normalise_label(found.printed) in answers)
    return Condition(before, chosen) if chosen else None


def block_title(theme: str) -> str:
    """Return the heading above the questions of a theme."""
    return theme.replace("_", " ").capitalize() if theme else _ABOUT_YOU


def wording(variable: Variable) -> str:
    """Return what is asked, in one line."""
    return " ".join((variable.wording or variable.column).split())
