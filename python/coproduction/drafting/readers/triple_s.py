"""Triple-S 1.1 to 2.0, the interchange standard of survey tools: a definition in XML beside fixed-width or CSV data.

The definition has wordings, printed answers, several answers in a question, the weight and the ids.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.files.encodings import UndecodableError, decode

_DATA_ENDINGS = (".asc", ".dat", ".csv", ".txt", ".ASC", ".DAT", ".CSV", ".TXT")


@dataclass(frozen=True)
class _Variable:
    """One variable; ``start`` and ``finish`` are places from 1 in a fixed record, or fields of CSV."""

    name: str
    label: str
    kind: str
    use: str
    start: int
    finish: int
    values: dict[str, str]
    spread: tuple[int, int] | None


def read_triple_s(path: Path, raw: bytes, paths: Sequence[Path]) -> SurveyFile:
    """Return the survey of a definition and its data, which is another of ``paths`` or lies beside the definition.

    Raises UnknownFileError if the definition is damaged or the data is not found.
    """
    if b"<!ENTITY" in raw:
        raise UnknownFileError(f"{path.name} defines XML entities, which no Triple-S file needs. Export it again.")
    try:
        record = ElementTree.fromstring(raw).find(".//record")
    except ElementTree.ParseError as reason:
        raise UnknownFileError(f"{path.name} is no whole Triple-S definition ({reason}). Export it again.") from reason
    if record is None:
        raise UnknownFileError(f"{path.name} is a Triple-S definition without a record. Export it again.")
    data = _data_beside(path, paths)
    try:
        text = decode(data.read_bytes(), None).text
    except UndecodableError as reason:
        raise UnknownFileError(f"{data.name} cannot be decoded ({reason}). Export it again in UTF-8.") from reason
    variables = [_variable(element) for element in record.iter("variable")]
    is_csv = record.get("format", "fixed").lower() == "csv"
    rows = list(csv.reader(io.StringIO(text, newline=""))) if is_csv else text.splitlines()
    rows = rows[int(record.get("skip", "0")) :]
    columns = [
        column
        for variable in variables
        for column in _columns(variable, [_field(row, variable) for row in rows if row])
    ]
    if not rows or not columns:
        raise UnknownFileError(f"{data.name} has no answers for {path.name}. Export both again.")
    return SurveyFile(path.name, f"a Triple-S export (answers in {data.name})", columns)


def _data_beside(path: Path, paths: Sequence[Path]) -> Path:
    named = [other for other in paths if other != path and other.suffix in _DATA_ENDINGS]
    beside = [path.with_suffix(ending) for ending in _DATA_ENDINGS]
    found = next((other for other in [*named, *beside] if other.is_file() and other != path), None)
    if found is None:
        raise UnknownFileError(
            f"{path.name} is a Triple-S definition, and its answers are not beside it. Name both files: "
            f"coproduction draft "
            f"{path.name} {path.with_suffix('.asc').name}"
        )
    return found


def _variable(element: ElementTree.Element) -> _Variable:
    position, values, spread = element.find("position"), element.find("values"), element.find("spread")
    start = int(position.get("start", "1")) if position is not None else 1
    finish = int(position.get("finish", start)) if position is not None else start
    labels = (
        {_code(value.get("code", "")): _words(value) for value in values.iter("value")} if values is not None else {}
    )
    parts = None
    if spread is not None:
        n_answers = int(spread.get("subfields", "1"))
        parts = (n_answers, int(spread.get("width", "1")))
    label = element.find("label")
    name = element.findtext("name") or f"V{element.get('ident')}"
    text = _words(label) if label is not None else ""
    return _Variable(
        name.strip(), text, element.get("type", "single"), element.get("use", ""), start, finish, labels, parts
    )


def _words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _field(row: str | list[str], variable: _Variable) -> str:
    if isinstance(row, str):
        return row[variable.start - 1 : variable.finish]
    return row[variable.start - 1] if variable.start <= len(row) else ""


def _columns(variable: _Variable, fields: list[str]) -> list[SurveyColumn]:
    """Return the column of a variable, or one tick box for each answer if a respondent may give several."""
    kind = {"serial": "id", "weight": "weight"}.get(variable.use, "")
    if variable.kind == "multiple":
        return _boxes(variable, fields)
    cells = [field.strip() for field in fields]
    if variable.kind == "logical":
        cells = [{"1": "Yes", "0": "No"}.get(cell, cell) for cell in cells]
    if variable.values:
        cells = [variable.values.get(_code(cell), cell) for cell in cells]
    answers = tuple(variable.values.values()) if variable.kind == "single" else ()
    return [SurveyColumn(variable.name, cells, variable.label, answers, kind=kind)]


def _boxes(variable: _Variable, fields: list[str]) -> list[SurveyColumn]:
    chosen = [_chosen(variable, field) for field in fields]
    return [
        SurveyColumn(
            f"{variable.name}_{code}",
            ["1" if code in codes else "" for codes in chosen],
            f"{variable.label} - {label}",
            group=variable.name,
            box=label,
        )
        for code, label in variable.values.items()
    ]


def _chosen(variable: _Variable, field: str) -> set[str]:
    """Return the codes that a respondent chose: a list of them where the answer is spread, or else 1 and 0."""
    if variable.spread:
        width = variable.spread[1]
        return {_code(field[place : place + width]) for place in range(0, len(field), width)} - {""}
    return {code for code, mark in zip(variable.values, field, strict=False) if mark == "1"}


def _code(text: str) -> str:
    stripped = text.strip()
    return str(int(stripped)) if stripped.lstrip("-").isdigit() else stripped
