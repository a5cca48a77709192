"""The questionnaire on paper: a Word document for each version, to print, post or change."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from coproduction.exchange.coded_survey import CodedSurvey, Variable
from coproduction.exchange.questionnaires.asked_questions import (
    Condition,
    asked,
    block_title,
    condition,
    is_open,
    nudges,
    offered,
    version_column,
    wording,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_BOX = "\u2610"
_LINE = "_" * 30


def can_write_word() -> bool:
    """Return whether the package for Word documents is installed."""
    return find_spec("docx") is not None


def word_forms(survey: CodedSurvey) -> Iterator[tuple[str, bytes]]:
    """Yield a name and a document for each version of the questionnaire; the name is '' if there is one version."""
    column = version_column(survey)
    sentences = {version.printed: sentence for version, sentence in nudges(survey)}
    if column is None:
        yield "", _document(survey, "", "")
        return
    for version in offered(column):
        name = re.sub(r"[^A-Za-z0-9]+", "_", version.printed).strip("_").lower()
        yield name, _document(survey, version.printed, sentences.get(version.printed, ""))


def _document(survey: CodedSurvey, version: str, sentence: str) -> bytes:
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    sheet = document.sections[0]
    sheet.page_width, sheet.page_height = Cm(21), Cm(29.7)
    font = document.styles["Normal"].font
    font.name, font.size = "Arial", Pt(11)
    document.core_properties.title, document.core_properties.author = survey.title, "coproduction"
    document.add_heading(survey.title, level=0)
    # Whoever types the answers in has to know the version of each sheet.
    sheet.footer.paragraphs[0].text = f"Version: {version}" if version else ""
    if sentence:
        document.add_paragraph(sentence)
    _write_questions(document, survey)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _write_questions(document: WordDocument, survey: CodedSurvey) -> None:
    questions = asked(survey)
    numbers = {variable.name: number for number, variable in enumerate(questions, start=1)}
    by_column = {variable.column: variable for variable in questions}
    block = None
    for variable in questions:
        if variable.theme != block:
            block = variable.theme
            document.add_heading(block_title(block), level=1)
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(f"{numbers[variable.name]}. {wording(variable)}").bold = True
        who = condition(variable, by_column)
        if who is not None:
            paragraph.add_run(f" ({_who(who, numbers)})").italic = True
        _write_answers(document, variable)


def _write_answers(document: WordDocument, variable: Variable) -> None:
    lines = [_LINE] if is_open(variable) else [f"{_BOX} {found.label}" for found in offered(variable)]
    for place, line in enumerate(lines, start=1):
        layout = document.add_paragraph(line).paragraph_format
        layout.space_after = 0 if place < len(lines) else None
        layout.keep_with_next = place < len(lines)


def _who(who: Condition, numbers: dict[str, int]) -> str:
    answers = " or ".join(f'"{found.label}"' for found in who.answers) or "anything"
    return f"if you answered {answers} to question {numbers[who.before.name]}"
