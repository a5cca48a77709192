"""The questionnaire as Qualtrics text, and as XLSForm for KoboToolbox and ODK.

Formats: Qualtrics "Advanced Format TXT" (Qualtrics, Import and export surveys), XLSForm (https://xlsform.org).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

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


def qualtrics_text(survey: CodedSurvey) -> str:
    """Return the questions as Qualtrics imports them. The codes of the answers are those of the codebook.

    The format has no conditions: the sentence of each version is a text that stays to be given its condition in
    Qualtrics, and so does a question that some are asked. The version is embedded data.
    """
    lines, block = ["[[AdvancedFormat]]"], None
    column = version_column(survey)
    if column is not None:
        lines += [f"[[ED:{column.name}]]", "", "[[Block:Versions]]"]
        for version, sentence in nudges(survey):
            lines += ["", "[[Question:DB]]", f"[[ID:{column.name}_{version.code}]]", _plain(sentence)]
    for variable in asked(survey):
        if variable.theme != block:
            block = variable.theme
            lines += ["", f"[[Block:{block_title(block)}]]"]
        kind = "TE:SingleLine" if is_open(variable) else "MC:SingleAnswer:Vertical"
        lines += ["", f"[[Question:{kind}]]", f"[[ID:{variable.name}]]", _plain(wording(variable))]
        if not is_open(variable):
            lines.append("[[AdvancedChoices]]")
            for found in offered(variable):
                lines += [f"[[Choice:{found.code}]]", _plain(found.label)]
    return "\n".join([*lines, ""])


def write_xlsform(survey: CodedSurvey, path: Path) -> None:
    """Write the questions as a form of KoboToolbox and ODK, with who is asked what where the codebook says it.

    The version is a hidden field, which a link fills; each version has its own note.
    """
    import xlsxwriter

    questions = asked(survey)
    sheets: dict[str, list[tuple[str, ...]]] = {
        "survey": [
            ("type", "name", "label", "relevant", "constraint"),
            *_version_rows(survey),
            *_form_rows(questions),
        ],
        "choices": [("list_name", "name", "label"), *_choice_rows(questions)],
        "settings": [("form_title", "form_id"), (survey.title, survey.export_id)],
    }
    # Texts stay texts: no cell is run as a formula or made a link.
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def _version_rows(survey: CodedSurvey) -> Iterator[tuple[str, ...]]:
    column = version_column(survey)
    if column is None:
        return
    yield "hidden", column.name, "", "", ""
    for version, sentence in nudges(survey):
        yield "note", f"{column.name}_{version.code}", sentence, f"${{{column.name}}} = '{version.printed}'", ""


def _form_rows(questions: Sequence[Variable]) -> Iterator[tuple[str, ...]]:
    by_column = {variable.column: variable for variable in questions}
    for variable in questions:
        number = "integer" if variable.is_whole else "decimal"
        kind = number if variable.kind == QUANTITY else "text"
        if not is_open(variable):
            kind = f"select_one {variable.name}"
        yield kind, variable.name, wording(variable), _relevant(variable, by_column), _constraint(variable)


def _choice_rows(questions: Sequence[Variable]) -> Iterator[tuple[str, ...]]:
    for variable in questions:
        if not is_open(variable):
            yield from ((variable.name, str(found.code), found.label) for found in offered(variable))


def _relevant(variable: Variable, by_column: dict[str, Variable]) -> str:
    """Return the condition under which a question is put, '' if everybody is asked or the condition cannot be said."""
    found = condition(variable, by_column)
    if found is None:
        return ""
    before = f"${{{found.before.name}}}"
    return " or ".join(f"{before} = '{answer.code}'" for answer in found.answers) or f"{before} != ''"


def _constraint(variable: Variable) -> str:
    ends = ((">=", variable.minimum), ("<=", variable.maximum))
    return " and ".join(f". {sign} {text_of(end)}" for sign, end in ends if end is not None)


def _plain(text: str) -> str:
    """Return a text in one line that Qualtrics does not take for a mark of its own."""
    return " ".join(text.split()).replace("[[", "[ [")
