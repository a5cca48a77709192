"""Writes a questionnaire with its answers in the layout of a survey tool."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from workbench.bench.questionnaire import N_RESPONDENTS, Question

Answers = dict[str, list[str]]
Rows = list[list[str]]


def write_layout(tool: str, folder: Path, questions: Sequence[Question], answers: Answers) -> list[Path]:
    """Write the files of a tool into a folder and return them."""
    return LAYOUTS[tool](folder, questions, answers)


def _plain(folder: Path, questions: Sequence[Question], answers: Answers) -> list[Path]:
    """Plain CSV with short names, and a second file with the wordings."""
    header, rows = _several_in_a_cell(questions, answers, "; ", lambda question: question.name)
    wordings = [[question.name, question.full_wording] for question in questions]
    return [
        _csv(folder / "answers.csv", header, rows),
        _csv(folder / "wordings.csv", ["variable", "question"], wordings),
    ]


def _forms(folder: Path, questions: Sequence[Question], answers: Answers) -> list[Path]:
    """Google Forms: wordings as header, items of grids in brackets, several answers with commas between them."""
    header, rows = _several_in_a_cell(
        questions,
        answers,
        ", ",
        lambda question: f"{question.wording} [{question.item}]" if question.item else question.wording,
    )
    return [_csv(folder / "responses.csv", header, rows)]


def _microsoft(folder: Path, questions: Sequence[Question], answers: Answers) -> list[Path]:
    """Microsoft Forms: a workbook, several answers with semicolons after each."""
    header, rows = _several_in_a_cell(
        questions,
        answers,
        ";",
        lambda question: f"{question.wording}.{question.item}" if question.item else question.wording,
    )
    return [write_xlsx(folder / "responses.xlsx", {"Sheet1": [header, *rows]})]


def _qualtrics(folder: Path, questions: Sequence[Question], answers: Answers) -> list[Path]:
    names, texts, columns = [], [], []
    for question in questions:
        for place, box in enumerate(question.answers if question.shape == "multi" else ("",), start=1):
            names.append(f"{question.name}_{place}" if box else question.name)
            texts.append(f"{question.wording} - Selected Choice - {box}" if box else question.full_wording)
            columns.append(
                [box if box in cell.split("|") else "" for cell in answers[question.name]]
                if box
                else answers[question.name]
            )
    imports = [json.dumps({"ImportId": f"QID{place}"}) for place in range(len(names))]
    return [_csv(folder / "export.csv", names, [texts, imports, *_turned(columns)])]


def _surveymonkey(folder: Path, questions: Sequence[Question], answers: Answers) -> list[Path]:
    """SurveyMonkey: the question stands above its first column, items and boxes in the row below."""
    header, second, columns, before = [], [], [], ""
    for question in questions:
        boxes = question.answers if question.shape == "multi" else ("",)
        for box in boxes:
            header.append(question.wording if question.wording != before else "")
            before = question.wording
            second.append(box or question.item or ("" if question.shape in ("id", "date") else "Response"))
            columns.append(
                [box if box in cell.split("|") else "" for cell in answers[question.name]]
                if box
                else answers[question.name]
            )
    return [_csv(folder / "Sheet_1.csv", header, [second, *_turned(columns)])]


def _limesurvey(folder: Path, questions: Sequence[Question], answers: Answers) -> list[Path]:
    """LimeSurvey with full wordings as header and Yes or nothing for boxes."""
    header, columns = [], []
    for question in questions:
        for box in question.answers if question.shape == "multi" else ("",):
            item = box or question.item
            header.append(f"{question.wording} [{item}]" if item else question.wording)
            columns.append(
                [("Yes" if box in cell.split("|") else "") if box else cell for cell in answers[question.name]]
            )
    return [_csv(folder / "results-survey.csv", header, _turned(columns))]


def _spss(folder: Path, questions: Sequence[Question], answers: Answers) -> list[Path]:
    """SPSS: codes from 1 with value labels; Don't Know and the like have codes from 97."""
    import pandas as pd
    import pyreadstat

    frame: dict[str, list[Any]] = {}
    labels: dict[str, dict[int | float, str]] = {}
    wordings: dict[str, str | None] = {}
    for question in questions:
        for place, box in enumerate(question.answers if question.shape == "multi" else ("",), start=1):
            name = f"{question.name}_{place}" if box else question.name
            wordings[name] = f"{question.wording}: {box}" if box else question.full_wording
            if box:
                frame[name] = [1.0 if box in cell.split("|") else 0.0 for cell in answers[question.name]]
                labels[name] = {1: "Yes", 0: "No"}
            elif question.shape == "single":
                codes = _codes(question)
                frame[name] = [float(codes[cell]) if cell else None for cell in answers[question.name]]
                labels[name] = {code: answer for answer, code in codes.items()}
            else:
                is_number = question.shape.split(":")[0] in ("number", "weight", "duration")
                frame[name] = [
                    (float(cell) if cell else None) if is_number else cell for cell in answers[question.name]
                ]
    path = folder / "survey.sav"
    pyreadstat.write_sav(pd.DataFrame(frame), str(path), column_labels=wordings, variable_value_labels=labels)
    return [path]


def _triple_s(folder: Path, questions: Sequence[Question], answers: Answers) -> list[Path]:
    """Triple-S 2.0 with fixed-width data."""
    variables, fields, start = [], [], 1
    for ident, question in enumerate(questions, start=1):
        cells, width, kind, values = _triple_s_field(question, answers[question.name])
        use = {"id": ' use="serial"', "weight": ' use="weight"'}.get(question.shape.split(":")[0], "")
        variables.append(
            f'<variable ident="{ident}" type="{kind}"{use}><name>{escape(question.name)}</name>'
            f"<label>{escape(question.full_wording)}</label>"
            f'<position start="{start}" finish="{start + width - 1}"/>{values}</variable>'
        )
        fields.append(cells)
        start += width
    body = "".join(variables)
    record = f'<record ident="A">{body}</record>'
    text = f'<?xml version="1.0" encoding="utf-8"?><sss version="2.0"><survey>{record}</survey></sss>'
    (folder / "survey.xml").write_text(text, encoding="utf-8")
    (folder / "survey.asc").write_text(
        "".join("".join(row) + "\n" for row in zip(*fields, strict=True)), encoding="utf-8"
    )
    return [folder / "survey.xml", folder / "survey.asc"]


def _triple_s_field(question: Question, cells: Sequence[str]) -> tuple[list[str], int, str, str]:
    codes = _codes(question)
    listed = "".join(f'<value code="{code}">{escape(answer)}</value>' for answer, code in codes.items())
    values = f"<values>{listed}</values>" if codes else ""
    if question.shape == "multi":
        marks = ["".join("1" if answer in cell.split("|") else "0" for answer in codes) for cell in cells]
        return marks, len(codes), "multiple", values
    if codes:
        return [f"{codes[cell] if cell else '':>2}" for cell in cells], 2, "single", values
    width = max(map(len, cells)) or 1
    is_number = question.shape.split(":")[0] in ("number", "weight", "duration")
    return [f"{cell:<{width}}" for cell in cells], width, "quantity" if is_number else "character", ""


def _codes(question: Question) -> dict[str, int]:
    """Return the code of each answer: from 1, and from 97 for those that say nothing."""
    codes: dict[str, int] = {}
    missing = 97
    for place, answer in enumerate(question.answers):
        is_missing = question.shape == "single" and place < len(question.truth) and question.truth[place][:1].isalpha()
        codes[answer] = missing if is_missing else len([code for code in codes.values() if code < 97]) + 1
        missing += is_missing
    return codes


def _several_in_a_cell(
    questions: Sequence[Question], answers: Answers, separator: str, title: Callable[[Question], str]
) -> tuple[list[str], Rows]:
    columns = [[cell.replace("|", separator) for cell in answers[question.name]] for question in questions]
    return [title(question) for question in questions], _turned(columns)


def _turned(columns: Sequence[Sequence[str]]) -> Rows:
    return [[column[place] for column in columns] for place in range(N_RESPONDENTS)]


def _csv(path: Path, header: Sequence[str], rows: Rows) -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def write_xlsx(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write a workbook with texts and whole numbers, as small as the format allows."""
    names = list(sheets)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    parts = "http://schemas.openxmlformats.org/package/2006"
    typed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(names) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{parts}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/'
            f'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{typed}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{parts}/relationships"><Relationship Id="rId1" '
            f'Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{kind}"><sheets>{listed}</sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{parts}/relationships">{related}</Relationships>'
        )
        for number, rows in enumerate(sheets.values(), 1):
            cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
            )
    return path


def _cell(text: str) -> str:
    if text.isdigit() and not (len(text) > 1 and text.startswith("0")):
        return f"<c><v>{text}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


LAYOUTS: dict[str, Callable[[Path, Sequence[Question], Answers], list[Path]]] = {
    "plain": _plain,
    "forms": _forms,
    "microsoft": _microsoft,
    "qualtrics": _qualtrics,
    "surveymonkey": _surveymonkey,
    "limesurvey": _limesurvey,
    "spss": _spss,
    "triples": _triple_s,
}
