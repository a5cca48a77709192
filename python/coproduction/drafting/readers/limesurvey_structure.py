"""LimeSurvey's survey structure as tab-separated text: a row for each question, part of a question and answer.

Format: LimeSurvey Manual, "Tab Separated Value survey structure". A row belongs to the question above it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from coproduction.drafting.readers.described_columns import Described, Questionnaire
from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.recognition.words import plain_text

_NAMES = {"class", "type/scale", "name", "relevance", "text"}
_BOXES = ("M", "P")
# Kinds of questions that are shown or computed, and asked of nobody.
_NOT_ASKED = ("X",)
# Kinds of questions with answers that the file does not list.
FIXED_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "Y": {"Y": "Yes", "N": "No"},
    "G": {"F": "Female", "M": "Male"},
    "C": {"Y": "Yes", "U": "Uncertain", "N": "No"},
    "E": {"I": "Increase", "S": "Same", "D": "Decrease"},
}


def is_structure(first: bytes) -> bool:
    """Return whether a file begins with the column names of a survey structure."""
    names = first.decode("utf-8-sig", errors="replace").splitlines()[:1]
    return bool(names) and {name.strip().strip('"') for name in names[0].split("\t")} >= _NAMES


def read_structure(path: Path, raw: bytes) -> Questionnaire:
    """Return the questionnaire in a survey structure. Raises UnknownFileError if it has no question."""
    text = raw.decode("utf-8-sig", errors="replace")
    rows = [*csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", restval="")]
    own = next((row["text"] for row in rows if row["class"] == "S" and row["name"] == "language"), "")
    columns: dict[str, Described] = {}
    question: list[dict[str, str]] = []
    for row in rows:
        if own and row.get("language") not in ("", None, own):
            continue
        if row["class"] in ("Q", "G"):
            columns |= _columns(question)
            question = [row] if row["class"] == "Q" else []
        elif row["class"] in ("SQ", "A") and question:
            question.append(row)
    columns |= _columns(question)
    if not columns:
        raise UnknownFileError(f"{path.name} is a survey structure of LimeSurvey without a question. Export it again.")
    return Questionnaire(f"the LimeSurvey structure {path.name}", columns)


def _columns(rows: list[dict[str, str]]) -> dict[str, Described]:
    """Return the columns of a question from its row and those below it."""
    if not rows or rows[0]["type/scale"] in _NOT_ASKED:
        return {}
    question, *below = rows
    name, wording, kind = question["name"], plain_text(question["text"]), question["type/scale"]
    parts = [row for row in below if row["class"] == "SQ" and row["type/scale"] in ("", "0")]
    codes = {row["name"]: plain_text(row["text"]) for row in below if row["class"] == "A"} or FIXED_ANSWERS.get(
        kind, {}
    )
    if not parts:
        return {name: Described(wording, codes)}
    is_box = kind in _BOXES
    return {
        f"{name}[{part['name']}]": Described(
            f"{wording} - {plain_text(part['text'])}",
            {} if is_box else codes,
            name if is_box else "",
            plain_text(part["text"]) if is_box else "",
        )
        for part in parts
    }
