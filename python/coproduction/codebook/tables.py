"""The codebook as plain rows with their line numbers, read without dbt, DuckDB or pandas."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.codebook.scales import Scale
from coproduction.files.reading import CsvTable

CODEBOOK_FOLDER = "seeds/codebook"

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
    "families": ("family_template", "sentence_id", "adjustment_id"),
    "weight_margins": ("council_id", "wave_id", "variable", "category", "share"),
}  # fmt: skip

# Columns that came later: a file without them is read as if they were blank. The seeds' .yml files list the same ones.
OPTIONAL_COLUMNS: dict[str, tuple[str, ...]] = {"exports": ("duplicate_priority",)}


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

    def __getitem__(self, table: str) -> list[CodebookRow]:
        """Return the rows of a table in the order of the file."""
        return self.tables.get(table, [])

    def ids(self, table: str, column: str) -> list[str]:
        """Return the distinct values of a column, blanks left out, in the order of the file."""
        return list(dict.fromkeys(row[column] for row in self[table] if row[column]))

    def questions_of(self, export_id: str) -> list[CodebookRow]:
        """Return the rows of questions that claim a column of an export."""
        return [row for row in self["questions"] if row["export_id"] == export_id]

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

    def roles(self) -> dict[str, str]:
        """Return the role of each construct, by construct_id."""
        return {row["construct_id"]: row["role"] for row in self["constructs"]}

    def tolerated_share(self, export_id: str, column_name: str, normalised: str) -> float | None:
        """Return the largest share of a column's rows that a label outside the scale may have, or None."""
        for row in self["tolerated_answers"]:
            place = (row["export_id"], row["column_name"], normalise_label(row["answer_label"]))
            if place == (export_id, column_name, normalised):
                return parse_number(row["maximum_share"])
        return None


def codebook_file(table: str) -> str:
    """Return the path of a codebook file, relative to the project, with forward slashes."""
    return f"{CODEBOOK_FOLDER}/{table}.csv"


def codebook_rows(table: str, content: CsvTable) -> Iterator[CodebookRow]:
    """Turn a checked file into rows, without those that have no text; a missing optional column is blank.

    Rows must be as long as the header, and the contract's columns present.
    """
    for line, cells in zip(content.lines, content.rows, strict=True):
        values = {name: cell.strip() for name, cell in zip(content.header, cells, strict=True)}
        if any(values.values()):
            optional = dict.fromkeys(OPTIONAL_COLUMNS.get(table, ()), "")
            yield CodebookRow(codebook_file(table), line, optional | values)
