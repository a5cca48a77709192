"""What a page consists of: sections with findings, figures and tables, whose rows name the published rows they show."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from coproduction.reporting.published import Published, Row

# The key columns of the published tables that the pages show; a row is named by them.
ROW_KEYS = {
    "reports.rpt_levels": (
        "council_id", "wave_id", "theme_id", "topic_id", "measure_id", "breakdown_id", "breakdown_value",
        "weighting_id",
    ),
    "reports.rpt_correlates": (
        "council_id", "wave_id", "theme_id", "topic_id", "construct_id", "outcome_id", "method_id", "weighting_id",
    ),
    "reports.rpt_joint_correlates": (
        "council_id", "wave_id", "theme_id", "topic_id", "outcome_id", "construct_id", "model_id", "missing_id",
        "weighting_id",
    ),
    "reports.rpt_pooled": (
        "council_id", "wave_id", "theme_id", "quantity_id", "outcome_id", "construct_id", "contrast_id", "measure_id",
        "weighting_id",
    ),
    "reports.rpt_nudge_effects": (
        "council_id", "wave_id", "theme_id", "topic_id", "outcome_id", "contrast_id", "model_id", "weighting_id",
    ),
    "reports.rpt_changes": (
        "council_id", "earlier_wave_id", "wave_id", "theme_id", "topic_id", "measure_id", "sample_id", "weighting_id",
    ),
    "reports.rpt_attrition": ("council_id", "earlier_wave_id", "wave_id", "breakdown_id", "breakdown_value"),
    "reports.rpt_nudge_checks": (
        "council_id", "wave_id", "theme_id", "topic_id", "outcome_id", "check_id", "contrast_id", "weighting_id",
    ),
    # A row of the page has all answers to a question.
    "reports.rpt_answer_shares": (
        "council_id", "wave_id", "theme_id", "topic_id", "respondent_role", "construct_id", "column_name", "scale_id",
        "breakdown_id", "breakdown_value", "weighting_id",
    ),
    "reports.rpt_hypotheses": ("hypothesis_id", "council_id", "wave_id", "theme_id"),
    "reports.rpt_families": ("study_id", "family_id", "weighting_id"),
    "reports.rpt_equivalence": (
        "council_id", "wave_id", "theme_id", "topic_id", "quantity_id", "outcome_id", "contrast_id", "construct_id",
        "weighting_id",
    ),
    "reports.rpt_paper_comparison": (
        "table_number", "council_id", "wave_id", "theme_id", "topic_id", "outcome_id", "measure_id", "construct_id",
        "contrast_id",
    ),
    "reports.rpt_paper_audit": (
        "table_number", "claim_id", "council_id", "wave_id", "theme_id", "topic_id", "outcome_id", "measure_id",
        "construct_id", "contrast_id",
    ),
    "reports.rpt_multiverse_claims": ("claim_id", "wave_id"),
    "reports.rpt_multiverse_areas": ("council_id", "wave_id", "theme_id", "construct_id", "outcome_id"),
    "reports.rpt_exports": ("export_id",),
    "reports.rpt_respondent_quality": ("council_id", "wave_id", "theme_id", "outcome_id", "flag_id"),
    "reports.rpt_study_areas": ("council_id", "wave_id", "measure_id"),
    "reports.rpt_tolerated_answers": ("export_id", "column_name", "label_number"),
    "reports.rpt_weights": ("council_id", "wave_id"),
    "marts.dim_survey": ("council_id", "wave_id"),
    "marts.dim_measure": ("measure_id",),
    "quality.answer_reconciliation": ("export_id",),
    "publication.manifest": ("part_id", "item"),
}  # fmt: skip

_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, whether that is a number, and a class of style.css."""

    text: str
    is_number: bool = False
    css: str = ""
    link: str = ""


@dataclass
class TableRow:
    """A row of a table: its anchor in the page, its cells, of which the first is the heading, and its keys."""

    anchor: str
    cells: Sequence[Cell]
    keys: str


@dataclass
class Table:
    """A table of a page. `source` is the published table, and `constants` the keys that all rows have in common.

    `note` says what is not in it.
    """

    caption: str
    source: str
    heads: Sequence[str]
    rows: list[TableRow]
    constants: str = ""
    is_open: bool = False
    is_heatmap: bool = False
    id: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart with its caption, a key to its colours (class and text) and the table behind it."""

    title: str
    svg: Sequence[Markup]
    legend: Sequence[tuple[str, str]] = ()
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """A sentence of the page, and the anchor of the row that it is about."""

    text: str
    anchor: str


@dataclass
class Section:
    """A section of a page."""

    id: str
    title: str
    lead: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    facts: Sequence[tuple[str, str]] = ()
    figures: Sequence[Figure] = ()
    tables: list[Table] = field(default_factory=list)
    parts: Sequence[Section] = ()
    is_only_text: bool = False

    def all_tables(self) -> list[Table]:
        """Return the tables of the section and of its parts."""
        return [*self.tables, *(table for part in self.parts for table in part.all_tables())]

    def all_links(self) -> set[str]:
        """Return the anchors to which findings and cells of the section and of its parts link."""
        links = {finding.anchor for finding in self.findings}
        links |= {cell.link for table in self.tables for row in table.rows for cell in row.cells}
        return links.union(*(part.all_links() for part in self.parts))

    def is_empty(self) -> bool:
        """Return whether the section has nothing to show."""
        return not (self.is_only_text or self.findings or self.facts or self.figures or self.tables or self.parts)


@dataclass(frozen=True)
class Scope:
    """What a page is about: one council, or the whole study if `council_id` is None."""

    published: Published
    council_id: str | None = None

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows of a query that may use $council, null for the whole study."""
        return self.published.rows(query, council=self.council_id, **values)

    def label(self, row: Row) -> str:
        """Return the name of a row's survey: the council, with the wave if it has several."""
        return self.published.survey_label(row["council_id"], row["wave_id"])

    def named(self, row: Row, *parts: str) -> str:
        """Return parts of a name, begun with the survey unless the page has only one; the survey alone without any."""
        surveys = [council for council, _ in self.published.surveys if self.council_id in (None, council)]
        begins = [] if self.council_id is not None and len(surveys) == 1 and parts else [self.label(row)]
        return ", ".join([*begins, *parts])


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, and the text of its cell in a row."""

    head: str
    text: Callable[[Row], str]
    is_number: bool = True
    css: Callable[[Row], str] | None = None


def anchor_of(source: str, row: Row) -> str:
    """Return the anchor of a published row: the table and its keys."""
    return source.split(".")[1] + "." + ".".join(_NOT_IN_AN_ID.sub("-", _key(row, name)) for name in ROW_KEYS[source])


def table_of(caption: str, source: str, rows: Sequence[Row], columns: Sequence[Column], is_open: bool = False) -> Table:
    """Return rows of a published table as a table of the page; the first column is the heading of its row.

    A column without any text is left out.
    """
    columns = [column for place, column in enumerate(columns) if place == 0 or any(map(column.text, rows))]
    names = ROW_KEYS[source]
    constant = [name for name in names if len({_key(row, name) for row in rows}) == 1 and len(rows) > 1]
    varying = [name for name in names if name not in constant]
    return Table(
        caption=caption,
        source=source,
        heads=[column.head for column in columns],
        rows=[
            TableRow(anchor_of(source, row), [_cell(column, row) for column in columns], _keys(row, varying))
            for row in rows
        ],
        constants=", ".join(f"{name} = {_key(rows[0], name)}" for name in constant if _key(rows[0], name)),
        is_open=is_open,
    )


def _cell(column: Column, row: Row) -> Cell:
    return Cell(column.text(row), column.is_number, column.css(row) if column.css else "")


def _keys(row: Row, names: Sequence[str]) -> str:
    return " / ".join(_key(row, name) or "-" for name in names)


def _key(row: Row, name: str) -> str:
    value = row[name]
    return "" if value is None else str(value)
