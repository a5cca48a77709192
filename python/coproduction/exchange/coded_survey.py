"""A survey as its codebook sees it: variables with wordings, codes with labels, and the coded answers.

Only claimed columns and the ids of the respondents are in it. A column that nobody claimed stays in its file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.codebook.scales import Scale
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.errors import CoproductionError
from coproduction.exports.checks.answer_checks import export_of
from coproduction.exports.checks.number_formats import recognised_formats
from coproduction.files.columns.column_table import ColumnTable

# The longest name of a variable in SPSS.
_LONGEST_NAME = 64
# Roles of constructs that nobody is asked about.
_RECORDED = ("design", "weight", "replicate")
SINGLE, QUANTITY, CHARACTER, SERIAL = "single", "quantity", "character", "serial"


@dataclass(frozen=True)
class Category:
    """One answer: its code in the files, its words, how the export prints it, and its kind, such as `dont_know`."""

    code: int
    label: str
    printed: str
    kind: str
    score: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether the answer is none that counts, such as Don't Know."""
        return self.kind != "valid"


@dataclass
class Variable:
    """One claimed column. ``kind`` is single, quantity, character or serial (the ids).

    ``is_recorded`` says that nobody was asked: it was known before, such as the version, or computed afterwards.
    ``values`` has a code, a number, a text or None for each respondent; it is empty where only the codebook is wanted.
    """

    name: str
    column: str
    wording: str
    kind: str
    construct: str = ""
    theme: str = ""
    is_weight: bool = False
    is_recorded: bool = False
    is_ordinal: bool = False
    is_whole: bool = False
    minimum: float | None = None
    maximum: float | None = None
    asked_column: str = ""
    asked_answers: str = ""
    categories: list[Category] = field(default_factory=list)
    values: list[int | float | str | None] = field(default_factory=list)

    def label_of(self, value: int | float | str | None) -> str:
        """Return what is printed for a value."""
        if value is None:
            return ""
        labels = {category.code: category.label for category in self.categories}
        return labels[value] if isinstance(value, int) and value in labels else text_of(value)


@dataclass
class CodedSurvey:
    """A survey with what an archive wants to know about it.

    ``nudges`` has the sentence of each version of the questionnaire, by how the export prints the version.
    """

    export_id: str
    title: str
    council: str
    country: str
    wave: str
    year: str
    role: str
    provenance: str
    notes: str
    n_rows: int
    variables: list[Variable]
    nudges: dict[str, str]


def coded_survey(codebook: Codebook, export_id: str, table: ColumnTable | None) -> CodedSurvey:
    """Return a survey of the codebook; with ``table``, the rows of the export, with its answers.

    Raises CoproductionError if the codebook has no such export.
    """
    row = next((row for row in codebook["exports"] if row["export_id"] == export_id), None)
    if row is None:
        known = ", ".join(codebook.ids("exports", "export_id")) or "none"
        raise CoproductionError(f"There is no export {export_id}. Known: {known}. `coproduction surveys` lists them.")
    council = next((other.values for other in codebook["councils"] if other["council_id"] == row["council_id"]), {})
    name = council.get("council_name") or row["council_id"]
    return CodedSurvey(
        export_id=export_id,
        title=f"{name}, {row['wave_id'].replace('_', ' ')}, {row['respondent_role']}s",
        council=name,
        country=council.get("country", ""),
        wave=row["wave_id"],
        year=row["fieldwork_year"],
        role=row["respondent_role"],
        provenance=row["provenance"],
        notes=row["notes"],
        n_rows=0 if table is None else table.n_rows,
        variables=_variables(codebook, row, table),
        nudges=_nudges(codebook, export_id),
    )


def _nudges(codebook: Codebook, export_id: str) -> dict[str, str]:
    sentences = {row["arm_id"]: row["wording"] for row in codebook["nudge_arms"]}
    scales = {row["scale_id"] for row in codebook.questions_of(export_id) if row["construct_id"] == "nudge"}
    return {
        row["answer_label"]: sentences.get(row["answer_name"], "")
        for row in codebook["answers"]
        if row["scale_id"] in scales
    }


def text_of(value: float | str | None) -> str:
    """Return a value as a text: 3 and not 3.0, '' for none."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _variables(codebook: Codebook, export: CodebookRow, table: ColumnTable | None) -> list[Variable]:
    scales, roles = codebook.scales(), codebook.roles()
    answers: dict[str, list[CodebookRow]] = {}
    for row in codebook["answers"]:
        answers.setdefault(row["scale_id"], []).append(row)
    found: list[Variable] = []
    read = None if table is None else export_of(codebook, export["export_id"], table)
    if read is not None:
        read.number_formats.update(recognised_formats(read)[0])
    if export["respondent_column"]:
        values = [] if read is None else [cell.strip() or None for cell in read.cells(export["respondent_column"])]
        found.append(Variable("", export["respondent_column"], "", SERIAL, values=[*values]))
    for question in codebook.questions_of(export["export_id"]):
        variable = _variable(question, scales[question["scale_id"]], answers.get(question["scale_id"], []))
        role = roles.get(question["construct_id"], "")
        variable.is_weight, variable.is_recorded = role == "weight", role in _RECORDED
        if read is not None:
            _give_values(variable, read.derived(question).labels, scales[question["scale_id"]])
        found.append(variable)
    for variable, name in zip(found, _names(variable.column for variable in found), strict=True):
        variable.name = name
    return found


def _variable(question: CodebookRow, scale: Scale, answers: Sequence[CodebookRow]) -> Variable:
    kind = CHARACTER if scale.has_catch_all else QUANTITY if scale.is_numeric else SINGLE
    wording, option = question["question_text"], question["option"]
    return Variable(
        name="",
        column=question["column_name"],
        wording=f"{wording} - {option}" if option else wording,
        kind=kind,
        construct=question["construct_id"],
        theme=question["theme_id"],
        is_ordinal=scale.kind == "ordinal",
        is_whole=scale.kind == "integer",
        minimum=scale.minimum if kind == QUANTITY else None,
        maximum=scale.maximum if kind == QUANTITY else None,
        asked_column=question["asked_when_column"],
        asked_answers=question["asked_when_answers"],
        categories=[] if kind == CHARACTER else _categories(scale, answers),
    )


def _categories(scale: Scale, answers: Sequence[CodebookRow]) -> list[Category]:
    """Return the answers of a scale with codes: those of the file where all its labels are codes, or else 1, 2, ...

    What is no answer comes last. The labels beside the numbers of a quantity have codes below 0 or the scale's minimum,
    so that no number is taken for one of them.
    """
    listed = [row for row in answers if row["answer_label"] and row["answer_kind"] != "blank"]
    listed.sort(key=lambda row: row["answer_kind"] != "valid")
    numbers = [parse_number(normalise_label(row["answer_label"])) for row in listed]
    are_codes = all(number is not None and number.is_integer() for number in numbers)
    lowest = math.floor(min(0.0, scale.minimum or 0.0)) if scale.is_numeric else 0
    step = -1 if scale.is_numeric else 1
    codes = [int(number or 0) if are_codes else lowest + step * place for place, number in enumerate(numbers, start=1)]
    labels = _labels(listed)
    return [
        Category(code, label, row["answer_label"], row["answer_kind"], row["answer_score"])
        for code, label, row in zip(codes, labels, listed, strict=True)
    ]


def _labels(answers: Sequence[CodebookRow]) -> list[str]:
    """Return what to print for answers: the wording in place of a code, and both where two wordings are the same."""
    labels = [_label(row) for row in answers]
    spelled = [label.lower() for label in labels]
    return [
        f"{label} ({row['answer_label']})" if spelled.count(label.lower()) > 1 else label
        for label, row in zip(labels, answers, strict=True)
    ]


def _label(row: CodebookRow) -> str:
    is_code = parse_number(normalise_label(row["answer_label"])) is not None
    return (row["answer_name"] if is_code else "") or row["answer_label"]


def _give_values(variable: Variable, labels: Sequence[str], scale: Scale) -> None:
    """Give a variable the value of each respondent; an answer that the scale does not list gets a code of its own."""
    if variable.kind == CHARACTER:
        variable.values = [label.strip() or None for label in labels]
        return
    codes = {normalise_label(category.printed): category.code for category in variable.categories}
    for label in labels:
        value = _value(normalise_label(label), codes, scale)
        if isinstance(value, str):
            taken = [category.code for category in variable.categories]
            code = min([0, *taken]) - 1 if variable.kind == QUANTITY else max([0, *taken]) + 1
            variable.categories.append(Category(code, label.strip(), label.strip(), "uncoded"))
            codes[value] = code
            value = code
        variable.values.append(value)


def _value(label: str, codes: Mapping[str, int], scale: Scale) -> int | float | str | None:
    """Return the code of a label, its number, or the label itself if it is neither; None for an empty one."""
    if not label or label in codes:
        return codes.get(label)
    number = parse_number(label)
    if number is not None and number.is_integer() and str(int(number)) in codes:
        return codes[str(int(number))]
    return label if scale.number_of(label) is None else scale.number_of(label)


def _names(columns: Iterable[str]) -> list[str]:
    """Return a name for each column that SPSS, R and Triple-S accept: letters, digits and _, none twice."""
    names: list[str] = []
    for column in columns:
        bare = re.sub(r"[^A-Za-z0-9_]+", "_", column).strip("_") or "V"
        name = (bare if bare[0].isalpha() else f"V_{bare}")[: _LONGEST_NAME - 4]
        stem, number = name, 2
        while name.lower() in {other.lower() for other in names}:
            name, number = f"{stem}_{number}", number + 1
        names.append(name)
    return names
