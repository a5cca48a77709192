"""The questions of a survey as a questionnaire that a survey tool imports: Qualtrics text, and XLSForm for KoboToolbox.

Formats: Qualtrics "Advanced Format TXT" (Qualtrics, Import and export surveys), XLSForm (https://xlsform.org).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.tables import ANY_ANSWER, listed_answers
from coproduction.exchange.coded_survey import CHARACTER, QUANTITY, SERIAL, Category, CodedSurvey, Variable, text_of

# What nobody is asked: it is known before, or computed afterwards.
_NOT_ASKED = ("nudge", "weight", "duration", "cluster", "stratum")
# Kinds of answers that a respondent cannot choose.
_NOT_OFFERED = ("not_asked", "blank", "uncoded")
_ABOUT_YOU = "About you"


def asked(survey: CodedSurvey) -> list[Variable]:
    """Return the variables that are questions to a respondent."""
    return [found for found in survey.variables if found.kind != SERIAL and found.construct not in _NOT_ASKED]


def qualtrics_text(survey: CodedSurvey) -> str:
    """Return the questions as Qualtrics imports them. The codes of the answers are those of the codebook."""
    lines, block = ["[[AdvancedFormat]]"], None
    for variable in asked(survey):
        if variable.theme != block:
            block = variable.theme
            lines += ["", f"[[Block:{_title(block)}]]"]
        offered = _offered(variable)
        kind = "TE:SingleLine" if variable.kind in (QUANTITY, CHARACTER) else "MC:SingleAnswer:Vertical"
        lines += ["", f"[[Question:{kind}]]", f"[[ID:{variable.name}]]", _one_line(variable.wording or variable.column)]
        if variable.kind not in (QUANTITY, CHARACTER):
            lines.append("[[AdvancedChoices]]")
            lines += [line for found in offered for line in (f"[[Choice:{found.code}]]", _one_line(found.label))]
    return "\n".join([*lines, ""])


def write_xlsform(survey: CodedSurvey, path: Path) -> None:
    """Write the questions as a form of KoboToolbox and ODK, with who is asked what where the codebook says it."""
    import xlsxwriter

    questions = asked(survey)
    sheets: dict[str, list[tuple[str, ...]]] = {
        "survey": [("type", "name", "label", "relevant", "constraint"), *_form_rows(questions)],
        "choices": [("list_name", "name", "label"), *_choice_rows(questions)],
        "settings": [("form_title", "form_id"), (survey.title, survey.export_id)],
    }
    # Texts stay texts: no cell is run as a formula or made a link.
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def _form_rows(questions: Sequence[Variable]) -> Iterator[tuple[str, ...]]:
    by_column = {variable.column: variable for variable in questions}
    for variable in questions:
        number = "integer" if variable.is_whole else "decimal"
        kind = number if variable.kind == QUANTITY else "text"
        if variable.kind not in (QUANTITY, CHARACTER):
            kind = f"select_one {variable.name}"
        wording = variable.wording or variable.column
        yield kind, variable.name, wording, _relevant(variable, by_column), _constraint(variable)


def _choice_rows(questions: Sequence[Variable]) -> Iterator[tuple[str, ...]]:
    for variable in questions:
        if variable.kind not in (QUANTITY, CHARACTER):
            yield from ((variable.name, str(found.code), found.label) for found in _offered(variable))


def _relevant(variable: Variable, by_column: dict[str, Variable]) -> str:
    """Return the condition under which a question is put, '' if everybody is asked or the condition cannot be said."""
    before = by_column.get(variable.asked_column)
    if before is None:
        return ""
    answers = listed_answers(variable.asked_answers)
    if ANY_ANSWER in answers:
        return f"${{{before.name}}} != ''"
    codes = [found.code for found in before.categories if normalise_label(found.printed) in answers]
    return " or ".join(f"${{{before.name}}} = '{code}'" for code in codes)


def _constraint(variable: Variable) -> str:
    ends = ((">=", variable.minimum), ("<=", variable.maximum))
    return " and ".join(f". {sign} {text_of(end)}" for sign, end in ends if end is not None)


def _offered(variable: Variable) -> list[Category]:
    return [found for found in variable.categories if found.kind not in _NOT_OFFERED]


def _title(theme: str) -> str:
    return theme.replace("_", " ").capitalize() if theme else _ABOUT_YOU


def _one_line(text: str) -> str:
    """Return a text in one line that Qualtrics does not take for a mark of its own."""
    return " ".join(text.split()).replace("[[", "[ [")
