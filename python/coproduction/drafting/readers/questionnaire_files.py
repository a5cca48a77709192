"""Files of questionnaires without answers: LimeSurvey .lss and .txt, Qualtrics .qsf, REDCap, XLSForm.

Each is recognised by what it holds. None of them has an answer of anybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.readers.delimited import read_text_table
from coproduction.drafting.readers.described_columns import Described, Questionnaire
from coproduction.drafting.readers.limesurvey_structure import FIXED_ANSWERS, is_structure, read_structure
from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.recognition.words import plain_text

_FIRST_BYTES = 4_000
_ZIP = b"PK\x03\x04"
_LSS_BOXES = ("M", "P")
_YES_NO = {"1": "Yes", "0": "No"}
_REDCAP_TYPES: Mapping[str, Mapping[str, str]] = {"yesno": _YES_NO, "truefalse": {"1": "True", "0": "False"}}
_FIELD, _TYPE, _LABEL = "variable / field name", "field type", "field label"
_CHOICES = "choices, calculations, or slider labels"


def questionnaire_in(path: Path) -> Questionnaire | None:
    """Return the questionnaire in a file, None if it is none. Raises UnknownFileError for a damaged one."""
    if not path.is_file():
        return None
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    first = raw[:_FIRST_BYTES]
    if b"<LimeSurveyDocType>" in first:
        return _lss(path, raw)
    if is_structure(first):
        return read_structure(path, raw)
    if first.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"SurveyEntry"' in first:
        return _qsf(path, raw)
    if b"field name" in first.lower() and b"field type" in first.lower():
        return _redcap(path, raw)
    return _xlsform(path) if raw.startswith(_ZIP) else None


def _lss(path: Path, raw: bytes) -> Questionnaire:
    if b"<!ENTITY" in raw:
        raise UnknownFileError(f"{path.name} defines XML entities, which no survey needs. Export it again.")
    try:
        root = ElementTree.fromstring(raw)
    except ElementTree.ParseError as reason:
        raise UnknownFileError(f"{path.name} is no whole .lss file ({reason}). Export the survey again.") from reason
    texts = {row["qid"]: row.get("question", "") for row in _rows(root, "question_l10ns")}
    answer_texts = {row["aid"]: row.get("answer", "") for row in _rows(root, "answer_l10ns")}
    labels: dict[str, dict[str, str]] = {}
    for row in _rows(root, "answers"):
        label = plain_text(row.get("answer") or answer_texts.get(row.get("aid", ""), ""))
        labels.setdefault(row["qid"], {}).setdefault(row["code"], label)
    questions = {row["qid"]: row for row in _rows(root, "questions")}
    parts: dict[str, list[dict[str, str]]] = {}
    for row in _rows(root, "subquestions"):
        if row.get("scale_id", "0") == "0":
            parts.setdefault(row["parent_qid"], []).append(row)
    columns: dict[str, Described] = {}
    for qid, row in questions.items():
        if row.get("parent_qid", "0") != "0":
            continue
        wording = plain_text(row.get("question") or texts.get(qid, ""))
        codes = labels.get(qid) or FIXED_ANSWERS.get(row["type"], {})
        if qid not in parts:
            columns[row["title"]] = Described(wording, codes)
        for part in parts.get(qid, []):
            item = plain_text(part.get("question") or texts.get(part["qid"], ""))
            name, whole = f"{row['title']}[{part['title']}]", f"{wording} - {item}"
            is_box = row["type"] in _LSS_BOXES
            columns[name] = Described(
                whole, {} if is_box else codes, row["title"] if is_box else "", item if is_box else ""
            )
    return Questionnaire(f"the LimeSurvey questionnaire {path.name}", columns)


def _rows(root: ElementTree.Element, table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of an .lss file, in the survey's own language where a row says its language."""
    own = root.findtext("surveys/rows/row/language")
    for row in root.iterfind(f"{table}/rows/row"):
        values = {child.tag: child.text or "" for child in row}
        if not own or values.get("language", own) == own:
            yield values


def _qsf(path: Path, raw: bytes) -> Questionnaire:
    try:
        elements = json.loads(raw.decode("utf-8-sig"))["SurveyElements"]
        payloads = [element["Payload"] for element in elements if element.get("Element") == "SQ"]
        columns = dict(pair for payload in payloads for pair in _qsf_columns(payload))
    except (ValueError, KeyError, TypeError, AttributeError) as reason:
        raise UnknownFileError(f"{path.name} is no whole .qsf file ({reason}). Export the survey again.") from reason
    return Questionnaire(f"the Qualtrics questionnaire {path.name}", columns)


def _qsf_columns(payload: Mapping[str, Any]) -> Iterator[tuple[str, Described]]:
    tag, wording = payload["DataExportTag"], plain_text(payload.get("QuestionText", ""))
    kind, selector = payload.get("QuestionType"), str(payload.get("Selector", ""))
    choices, answers = _displays(payload, "Choices"), _displays(payload, "Answers")
    named = payload.get("ChoiceDataExportTags") or {}
    if kind == "Matrix":
        for number, item in choices.items():
            name = named.get(number) if isinstance(named, dict) else None
            yield name or f"{tag}_{number}", Described(f"{wording} - {item}", _recoded(payload, answers))
    elif kind == "MC" and selector.startswith("MA"):
        for number, item in choices.items():
            yield f"{tag}_{number}", Described(f"{wording} - {item}", {}, tag, item)
    else:
        yield tag, Described(wording, _recoded(payload, choices) if kind == "MC" else {})


def _displays(payload: Mapping[str, Any], key: str) -> dict[str, str]:
    """Return the texts of choices by number. Qualtrics writes a list where the numbers are 1, 2, ... or 0, 1, ..."""
    found = payload.get(key) or {}
    pairs = found.items() if isinstance(found, dict) else enumerate(found)
    return {str(number): plain_text(choice.get("Display", "")) for number, choice in pairs}


def _recoded(payload: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, str]:
    codes = payload.get("RecodeValues")
    codes = codes if isinstance(codes, dict) else {}
    return {str(codes.get(number, number)): label for number, label in labels.items()}


def _redcap(path: Path, raw: bytes) -> Questionnaire | None:
    try:
        table = read_text_table(path, raw)
    except UnknownFileError:
        return None
    header = [normalise_label(name) for name in table.header]
    if not {_FIELD, _TYPE, _LABEL, _CHOICES} <= set(header):
        return None
    columns: dict[str, Described] = {}
    for cells in table.rows:
        row = dict(zip(header, cells, strict=False))
        wording, codes = plain_text(row[_LABEL]), _choices(row[_CHOICES])
        if row[_TYPE] == "checkbox":
            columns |= {f"{row[_FIELD]}___{code}": Described(f"{wording} - {label}", {}, row[_FIELD], label)
                        for code, label in codes.items()}  # fmt: skip
        elif row[_TYPE] in ("radio", "dropdown"):
            columns[row[_FIELD]] = Described(wording, codes)
        else:
            columns[row[_FIELD]] = Described(wording, _REDCAP_TYPES.get(row[_TYPE], {}))
    return Questionnaire(f"the REDCap data dictionary {path.name}", columns)


def _choices(text: str) -> dict[str, str]:
    """Return the codes and words of a cell such as `1, Often | 2, Sometimes`."""
    pairs = [part.partition(",") for part in text.split("|")]
    return {code.strip(): plain_text(label) for code, comma, label in pairs if comma and code.strip()}


def _xlsform(path: Path) -> Questionnaire | None:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        return None
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        if not {"survey", "choices"} <= set(workbook.sheet_names):
            return None
        survey, choices = (_records(workbook.get_sheet_by_name(name).to_python()) for name in ("survey", "choices"))
    except CalamineError:
        return None
    if not survey or not {"type", "name"} <= set(survey[0]):
        return None
    lists: dict[str, dict[str, str]] = {}
    for row in choices:
        name = row.get("list_name") or row.get("list name", "")
        lists.setdefault(name, {})[row.get("name") or row.get("value", "")] = _label(row)
    columns: dict[str, Described] = {}
    for row in survey:
        kind, _, name = row["type"].partition(" ")
        codes, wording = lists.get(name.split(" ")[0], {}), _label(row)
        if kind == "select_multiple":
            columns |= {f"{row['name']}/{code}": Described(f"{wording} - {label}", {}, row["name"], label)
                        for code, label in codes.items()}  # fmt: skip
        if row["name"] and not re.match(r"(begin|end)[ _](group|repeat)|note|calculate", row["type"]):
            columns[row["name"]] = Described(wording, codes if kind == "select_one" else {})
    return Questionnaire(f"the XLSForm {path.name}", columns)


def _records(rows: list[list[Any]]) -> list[dict[str, str]]:
    """Return the rows of a sheet by the names in its first row; whole numbers without decimals."""
    if not rows:
        return []
    texts = [[_cell(cell) for cell in row] for row in rows]
    header = [name.lower() for name in texts[0]]
    return [dict(zip(header, row, strict=False)) for row in texts[1:] if any(row)]


def _cell(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _label(row: Mapping[str, str]) -> str:
    """Return the label of a row, the English one where there are several languages."""
    named = [name for name in row if name == "label" or name.startswith("label:")]
    named.sort(key=lambda name: (name != "label", "english" not in name))
    return next((plain_text(row[name]) for name in named if row[name]), "")
