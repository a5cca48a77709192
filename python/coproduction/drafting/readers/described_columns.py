"""What a file of a questionnaire says about the columns of its answers: wordings, codes, boxes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile

_BETWEEN = re.compile(r"[\[\].:/\s]+|_{2,}")
# A questionnaire explains a survey if this share of the survey's or of its own columns is named in both.
_LEAST_KNOWN = 0.3


@dataclass(frozen=True)
class Described:
    """One column: its wording, the words of its codes, and the question and the answer if it is a tick box."""

    wording: str
    labels: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    box: str = ""


@dataclass(frozen=True)
class Questionnaire:
    """The columns that a questionnaire describes, by name, and the tool that wrote it in words."""

    tool: str
    columns: dict[str, Described]


def bare_name(name: str) -> str:
    """Return a name in the one spelling of all tools: Q2[SQ001], Q2.SQ001. and Q2_SQ001 are the same."""
    return _BETWEEN.sub("_", name.strip().lower()).strip("_")


def explain(survey: SurveyFile, questionnaire: Questionnaire) -> bool:
    """Give the columns of a survey what a questionnaire says; False, and nothing done, if it is of another survey.

    Codes become words where every cell of the column has one; a column of words stays.
    """
    described = {bare_name(name): found for name, found in questionnaire.columns.items()}
    found = [(column, _description(column.name, described)) for column in survey.columns]
    known = [(column, description) for column, description in found if description is not None]
    if len(known) < _LEAST_KNOWN * min(len(survey.columns), len(described)) or not known:
        return False
    for column, description in known:
        column.wording = description.wording or column.wording
        if description.box:
            column.group, column.box = description.group, description.box
        if description.labels:
            _give_words(column, description.labels)
    survey.notes.append(f"{len(known)} columns have their wordings from {questionnaire.tool}.")
    return True


def _description(name: str, described: Mapping[str, Described]) -> Described | None:
    """Return what is said of a column, also where the file puts the groups of its question before its name."""
    parts = name.split("/")
    names = [name, "/".join(parts[-2:]), parts[-1]]
    return next((described[bare_name(text)] for text in names if bare_name(text) in described), None)


def _give_words(column: SurveyColumn, labels: Mapping[str, str]) -> None:
    words = {normalise_label(code): label for code, label in labels.items()}
    keys = [normalise_label(cell).removesuffix(".0") for cell in column.cells]
    spelled = {normalise_label(label) for label in labels.values()}
    if len(spelled) < len(words):
        return
    if all(not key or key in words for key in keys):
        column.cells = [words.get(key, "") for key in keys]
    elif not all(not key or key in spelled for key in keys):
        return
    column.answers = tuple(labels.values())
    column.forget()
