"""The codebook as plain rows with their line numbers, read without dbt, DuckDB or pandas."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.codebook.scales import Scale
from coproduction.files.reading import CsvTable, export_file

CODEBOOK_FOLDER = "seeds/codebook"
Made = TypeVar("Made")

# The contract of the codebook: each file with the columns that it must have. More columns are allowed and not read.
COLUMNS = {
    "exports": (
        "export_id", "council_id", "wave_id", "respondent_role", "respondent_column", "provenance",
        "fieldwork_year", "notes",
    ),
    "councils": (
        "council_id", "council_name", "country", "population", "population_year", "area_type", "characteristics",
    ),
    "themes": ("theme_id", "theme_name"),
    "topics": ("topic_id", "theme_id", "topic_name"),
    "constructs": ("construct_id", "construct_name", "role", "description"),
    "scales": ("scale_id", "scale_name", "kind", "minimum", "maximum"),
    "answers": (
        "scale_id", "answer_label", "answer_kind", "answer_score", "is_positive", "is_often", "answer_name",
    ),
    "questions": (
        "export_id", "column_name", "construct_id", "theme_id", "topic_id", "scale_id", "is_reversed", "is_primary",
        "question_text",
    ),
    "nudge_arms": ("arm_id", "arm_name", "has_nudge_a", "has_nudge_b", "strength", "wording"),
    "tolerated_answers": ("export_id", "column_name", "answer_label", "maximum_share", "reason", "date"),
    "age_bands": ("age_band", "minimum_age", "maximum_age", "sort_order"),
    "measures": (
        "measure_id", "measure_name", "construct_id", "kind", "counts_answer", "minimum_score", "maximum_score",
        "minimum_share_answered", "is_outcome", "unit_label", "unit_minimum", "unit_maximum", "decimals",
    ),
    "breakdowns": ("breakdown_id", "construct_id", "is_correlate"),
    "breakdown_groups": ("breakdown_id", "answer_score", "breakdown_value"),
    "labels": ("column_name", "id", "language", "label", "unit_label", "decimals"),
    "sentences": ("sentence_id", "language", "placeholders", "template"),
    "row_filters": ("export_id", "column_name", "answer_label"),
    "families": ("family_template", "sentence_id", "adjustment_id"),
    "weight_margins": ("council_id", "wave_id", "variable", "category", "share"),
    "waves": (
        "council_id", "wave_id", "wave_label", "sort_order", "fieldwork_start", "fieldwork_end", "n_invited",
        "panel_size",
    ),
    "studies": ("study_id", "council_id", "wave_id"),
    "hypotheses": (
        "hypothesis_id", "study_id", "kind", "quantity_id", "outcome_ids", "construct_ids", "contrast_ids",
        "theme_ids", "direction", "registered_on", "statement",
    ),
    "smallest_effects": ("study_id", "quantity_id", "smallest_effect", "declared_on", "reason"),
}  # fmt: skip

# Columns that came later: a file without them is read as if they were blank. The seeds' .yml files list the same ones.
OPTIONAL_COLUMNS: dict[str, tuple[str, ...]] = {
    "exports": ("duplicate_priority", "file", "questionnaire_id", "header_rows", "location"),
    "questions": ("asked_when_column", "asked_when_answers", "option", "separator", "number_format"),
    "waves": ("describes", "replicate_factor"),
}

# Stands for every answer that is not listed: as a label of a scale, as an option, as an answer of a condition.
ANY_ANSWER = "*"
# The cell of an option that was ticked, where one cell of the file holds several answers.
TICKED = "ticked"
# Between the answers of a condition.
_BETWEEN_ANSWERS = ";"


@dataclass(frozen=True)
class CodebookRow:
    """One row of a codebook file: its values by column ('' for a blank cell), its file and its line."""

    file: str
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text of a cell without the spaces around it."""
        return self.values[column]

    def is_true(self, column: str, blank: bool = False) -> bool:
        """Return a truth value; for a blank cell, the default."""
        return blank if self.values[column] == "" else self.values[column].lower() == "true"


@dataclass
class Codebook:
    """The codebook's tables by name, each a list of CodebookRow. A table never set is empty."""

    tables: dict[str, list[CodebookRow]] = field(default_factory=dict)
    # What was made of the rows of a table, with these rows and their number: a large codebook asks for it often.
    _made: dict[tuple[str, str], tuple[object, int, Any]] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, table: str) -> list[CodebookRow]:
        """Return the rows of a table in the order of the file."""
        return self.tables.get(table, [])

    def ids(self, table: str, column: str) -> list[str]:
        """Return the distinct values of a column, blanks left out, in the order of the file."""
        return list(dict.fromkeys(row[column] for row in self[table] if row[column]))

    def export(self, export_id: str) -> CodebookRow:
        """Return the first row of an export in exports.csv. Raises KeyError if it has none."""
        return self._made_once("exports", _by_export)[export_id][0]

    def questions_of(self, export_id: str) -> list[CodebookRow]:
        """Return the rows of questions that claim a column of an export."""
        return list(self._made_once("questions", _by_export).get(export_id, ()))

    def file_of(self, export_id: str) -> str:
        """Return the name, without .csv, of the file that has the rows of an export."""
        rows = self._made_once("exports", _by_export).get(export_id)
        return (rows[0]["file"] if rows else "") or export_id

    def files(self) -> list[str]:
        """Return the names, without .csv, of the files that the exports name, each once."""
        return list(dict.fromkeys(row["file"] or row["export_id"] for row in self["exports"] if row["export_id"]))

    def location_of(self, file: str) -> str:
        """Return the path or address of a file of exports that is not in seeds/exports; '' if it is there."""
        return self._made_once("exports", _locations_by_file).get(file, "")

    def path_of(self, file: str) -> str:
        """Return the path of a file of exports, relative to the project unless it lies elsewhere."""
        return self.location_of(file) or export_file(file)

    def exports_of_file(self, file: str) -> list[str]:
        """Return the exports whose rows are in a file."""
        return list(self._made_once("exports", _exports_by_file).get(file, ()))

    def filters_of(self, export_id: str) -> dict[str, set[str]]:
        """Return the answers, normalised, that the rows of an export have in each column of its filter."""
        filters: dict[str, set[str]] = defaultdict(set)
        for row in self["row_filters"]:
            if row["export_id"] == export_id:
                filters[row["column_name"]].add(normalise_label(row["answer_label"]))
        return dict(filters)

    def columns_used(self, export_id: str) -> dict[str, CodebookRow]:
        """Return the columns of the file that an export needs, each with the row of the codebook that names it."""
        used: dict[str, CodebookRow] = {}
        for row in self.questions_of(export_id):
            used.setdefault(row["source_column"], row)
            if row["asked_when_column"]:
                used.setdefault(row["asked_when_column"], row)
        for row in self["row_filters"]:
            if row["export_id"] == export_id:
                used.setdefault(row["column_name"], row)
        return used

    def scales(self) -> dict[str, Scale]:
        """Return every scale with its labels, by scale_id."""
        labels = defaultdict(list)
        for row in self["answers"]:
            labels[row["scale_id"]].append(row["answer_label"])
        return {
            row["scale_id"]: Scale(
                row["scale_id"],
                row["kind"],
                parse_number(row["minimum"]),
                parse_number(row["maximum"]),
                tuple(labels[row["scale_id"]]),
            )
            for row in self["scales"]
        }

    def _made_once(self, table: str, make: Callable[[list[CodebookRow]], Made]) -> Made:
        """Return what a function makes of the rows of a table, made again only if the rows are others."""
        rows = self[table]
        key = (table, make.__name__)
        if key not in self._made or self._made[key][0] is not rows or self._made[key][1] != len(rows):
            self._made[key] = (rows, len(rows), make(rows))
        made: Made = self._made[key][2]
        return made

    def _blanks_of(self, scale_id: str) -> tuple[str, frozenset[str]]:
        return self._made_once("answers", _blanks_by_scale).get(scale_id, ("blank", frozenset()))

    def blank_kind(self, scale_id: str) -> str:
        """Return what a blank cell is on a scale: the kind of the answer with a blank label, or `blank`."""
        return self._blanks_of(scale_id)[0]

    def blank_labels(self, scale_id: str) -> frozenset[str]:
        """Return the normalised labels of a scale that print an empty cell, such as NA: those of the kind `blank`."""
        return self._blanks_of(scale_id)[1]

    def roles(self) -> dict[str, str]:
        """Return the role of each construct, by construct_id."""
        return {row["construct_id"]: row["role"] for row in self["constructs"]}

    def tolerated_share(self, export_id: str, column_name: str, normalised: str) -> float | None:
        """Return the largest share of a column's rows that a label outside the scale may have, or None."""
        for row in self["tolerated_answers"]:
            is_column = (row["export_id"], row["column_name"]) == (export_id, column_name)
            if is_column and normalise_label(row["answer_label"]) == normalised:
                return parse_number(row["maximum_share"])
        return None


def _by_export(rows: list[CodebookRow]) -> dict[str, list[CodebookRow]]:
    by_export: dict[str, list[CodebookRow]] = {}
    for row in rows:
        by_export.setdefault(row["export_id"], []).append(row)
    return by_export


def _exports_by_file(exports: list[CodebookRow]) -> dict[str, list[str]]:
    """Return the exports of each file; an export that has several rows has the file of the first."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for export_id, rows in _by_export(exports).items():
        if export_id:
            by_file[rows[0]["file"] or export_id].append(export_id)
    return by_file


def _blanks_by_scale(answers: list[CodebookRow]) -> dict[str, tuple[str, frozenset[str]]]:
    """Return for each scale what a blank cell is, and the labels of the kind `blank`."""
    kinds: dict[str, str] = {}
    labels: dict[str, set[str]] = defaultdict(set)
    for row in answers:
        label = normalise_label(row["answer_label"])
        if not label:
            kinds.setdefault(row["scale_id"], row["answer_kind"])
        if row["answer_kind"] == "blank":
            labels[row["scale_id"]].add(label)
    return {scale: (kinds.get(scale, "blank"), frozenset(labels[scale])) for scale in {*kinds, *labels}}


def _locations_by_file(rows: list[CodebookRow]) -> dict[str, str]:
    return {row["file"] or row["export_id"]: row["location"] for row in reversed(rows) if row["location"]}


def codebook_file(table: str) -> str:
    """Return the path of a codebook file, relative to the project, with forward slashes."""
    return f"{CODEBOOK_FOLDER}/{table}.csv"


def listed_answers(text: str) -> tuple[str, ...]:
    """Return the normalised answers of a cell that lists them with semicolons between them."""
    return tuple(normalise_label(answer) for answer in text.split(_BETWEEN_ANSWERS) if normalise_label(answer))


def give_questions(codebook: Codebook) -> None:
    """Give each export its questions: those of its own id, and those of the questionnaire that it names.

    A question that claims an option of a column gets the name column:option, and keeps the name of the column in the
    file as `source_column`; `questionnaire_id` is its export_id as the file says it.
    """
    exports: dict[str, list[str]] = defaultdict(list)
    for row in codebook["exports"]:
        exports[row["questionnaire_id"] or row["export_id"]].append(row["export_id"])
    codebook.tables["questions"] = [
        CodebookRow(
            row.file,
            row.line,
            row.values | {"export_id": export_id, "questionnaire_id": row["export_id"]} | _names(row),
        )
        for row in codebook["questions"]
        # A row that belongs to no export stays, and the check of references refuses it.
        for export_id in exports.get(row["export_id"], [row["export_id"]])
    ]


def tick_group(question: CodebookRow, questions: list[CodebookRow]) -> list[CodebookRow]:
    """Return the tick boxes of the same question: those with the same construct, theme and scale."""
    if question["option"]:
        return [row for row in questions if row["source_column"] == question["source_column"]]
    same = ("construct_id", "theme_id", "scale_id")
    return [row for row in questions if not row["option"] and all(row[key] == question[key] for key in same)]


def _names(row: CodebookRow) -> dict[str, str]:
    column = row["column_name"]
    return {"source_column": column, "column_name": f"{column}:{row['option']}" if row["option"] else column}


def codebook_rows(table: str, content: CsvTable) -> Iterator[CodebookRow]:
    """Turn a checked file into rows, without those that have no text; a missing optional column is blank.

    Rows must be as long as the header, and the contract's columns present.
    """
    for line, cells in zip(content.lines, content.rows, strict=True):
        values = {name: cell.strip() for name, cell in zip(content.header, cells, strict=True)}
        if any(values.values()):
            optional = dict.fromkeys(OPTIONAL_COLUMNS.get(table, ()), "")
            yield CodebookRow(codebook_file(table), line, optional | values)
