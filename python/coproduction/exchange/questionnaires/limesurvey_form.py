"""The questionnaire for LimeSurvey: its survey structure as tab-separated text.

Format: LimeSurvey Manual, "Tab Separated Value survey structure". One row for each setting (S, SL), group (G),
question (Q) and answer (A), each below what it belongs to.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from coproduction.exchange.coded_survey import QUANTITY, CodedSurvey, Variable, text_of
from coproduction.exchange.questionnaires.asked_questions import (
    asked,
    block_title,
    condition,
    is_open,
    nudges,
    offered,
    version_column,
    wording,
)

_STRUCTURE = ("class", "type/scale", "name", "relevance", "text", "help", "language", "mandatory", "other")
# Attributes of questions that LimeSurvey reads from columns of these names.
_ATTRIBUTES = ("hidden", "num_value_int_only", "min_num_value_n", "max_num_value_n")
_LANGUAGE = "en"
_LIST, _NUMBER, _SHORT_TEXT, _TEXT_DISPLAY, _EQUATION = "L", "N", "S", "X", "*"
# The longest code of a question in LimeSurvey, which accepts letters and digits alone.
_LONGEST_CODE = 20
_EVERYBODY = "1"

Row = dict[str, str]


def limesurvey_text(survey: CodedSurvey) -> str:
    """Return the survey structure. The code of a question is the name of its column, letters and digits alone."""
    text = io.StringIO()
    writer = csv.DictWriter(text, (*_STRUCTURE, *_ATTRIBUTES), delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(_rows(survey))
    return text.getvalue()


def question_codes(survey: CodedSurvey) -> dict[str, str]:
    """Return the code of each question in LimeSurvey, by the name of its variable; none is there twice."""
    codes: dict[str, str] = {}
    for variable in survey.variables:
        stem = re.sub(r"[^A-Za-z0-9]", "", variable.name)[: _LONGEST_CODE - 3]
        code, number = stem, 2
        while code.lower() in {taken.lower() for taken in codes.values()}:
            code, number = f"{stem}n{number}", number + 1
        codes[variable.name] = code
    return codes


def _rows(survey: CodedSurvey) -> Iterator[Row]:
    codes = question_codes(survey)
    questions = asked(survey)
    by_column = {variable.column: variable for variable in questions}
    yield from ({"class": "S", "name": name, "text": text} for name, text in (("language", _LANGUAGE), ("format", "G")))
    yield {"class": "SL", "name": "surveyls_title", "text": survey.title, "language": _LANGUAGE}
    block = None
    for variable in questions:
        if variable.theme != block:
            is_first, block = block is None, variable.theme
            yield _row("G", "", block_title(block), _EVERYBODY, "")
            if is_first:
                # Below the first group, because LimeSurvey skips a group in which nothing is shown.
                yield from _version_rows(survey, codes)
        yield _question(variable, codes, _relevance(variable, by_column, codes))
        if not is_open(variable):
            yield from (_row("A", "0", str(answer.code), "", _plain(answer.label)) for answer in offered(variable))


def _version_rows(survey: CodedSurvey, codes: dict[str, str]) -> Iterator[Row]:
    """Yield a hidden question that takes the version from the list of participants, and the text of each version."""
    column = version_column(survey)
    if column is None:
        return
    code = codes[column.name]
    yield _row("Q", _EQUATION, code, _EVERYBODY, "{TOKEN:ATTRIBUTE_1}") | {"hidden": "1"}
    for version, sentence in nudges(survey):
        shown = f'{code}.NAOK == "{version.printed}"'
        yield _row("Q", _TEXT_DISPLAY, f"{code}v{version.code}", shown, _plain(sentence))


def _question(variable: Variable, codes: dict[str, str], relevance: str) -> Row:
    kind = _SHORT_TEXT if is_open(variable) else _LIST
    row = _row("Q", kind, codes[variable.name], relevance, _plain(wording(variable))) | {"mandatory": "N", "other": "N"}
    if variable.kind == QUANTITY:
        row |= {
            "type/scale": _NUMBER,
            "num_value_int_only": "1" if variable.is_whole else "",
            "min_num_value_n": text_of(variable.minimum),
            "max_num_value_n": text_of(variable.maximum),
        }
    return row


def _relevance(variable: Variable, by_column: dict[str, Variable], codes: dict[str, str]) -> str:
    found = condition(variable, by_column)
    if found is None:
        return _EVERYBODY
    before = f"{codes[found.before.name]}.NAOK"
    return " or ".join(f'{before} == "{answer.code}"' for answer in found.answers) or f"!is_empty({before})"


def _plain(text: str) -> str:
    """Return a text that LimeSurvey does not take for an expression: only a brace without a space begins one."""
    return text.replace("{", "{ ")


def _row(kind: str, type_: str, name: str, relevance: str, text: str) -> Row:
    return {
        "class": kind, "type/scale": type_, "name": name, "relevance": relevance, "text": text, "language": _LANGUAGE,
    }  # fmt: skip
