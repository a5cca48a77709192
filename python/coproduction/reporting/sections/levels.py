"""Levels of each measure with their intervals; on the page of a council also by group."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from coproduction.reporting.charts.drawing import Scale
from coproduction.reporting.charts.intervals import Mark, intervals
from coproduction.reporting.content import Column, Figure, Scope, Section, Table, table_of
from coproduction.reporting.printed_numbers import base, estimate, interval, missing, number, why_missing
from coproduction.reporting.published import Row

_LEVELS = "reports.rpt_levels"

# Outcomes come first, then the other measures in the order of the codebook's names.
_QUERY = """
    select levels.*, measures.unit_minimum, measures.unit_maximum
    from reports.rpt_levels as levels
    inner join marts.dim_measure as measures using (measure_id)
    where
        ($council is null or levels.council_id = $council)
        and (levels.breakdown_id = 'all') = $is_whole
        and (levels.topic_id = 'all' or $council is not null and $is_whole)
    order by
        measures.is_outcome desc, levels.measure_label, levels.measure_id, levels.theme_label, levels.theme_id,
        levels.council_label, levels.wave_id, levels.topic_id <> 'all', levels.topic_label,
        levels.breakdown_label, levels.breakdown_id, levels.breakdown_value, levels.weighting_id
"""


def levels(scope: Scope) -> Section:
    """Return the section about levels: a chart and a table for each measure."""
    texts = scope.published.texts
    figures, tables = _figures(scope, scope.rows(_QUERY, is_whole=True), "levels")
    parts = []
    if scope.council_id is not None:
        by_group, group_tables = _figures(scope, scope.rows(_QUERY, is_whole=False), "groups")
        if group_tables:
            title, about = texts("page_groups_title"), texts("page_groups_lead")
            parts = [Section("groups", title, [about], figures=by_group, tables=group_tables)]
    lead = [texts("page_levels_lead"), texts("page_interval_explained")]
    return Section("levels", texts("page_levels_title"), lead, figures=figures, tables=tables, parts=parts)


def _figures(scope: Scope, rows: list[dict[str, Any]], id_: str) -> tuple[list[Figure], list[Table]]:
    figures, tables = [], []
    for (measure_id, label), of_measure in groupby(rows, lambda row: (row["measure_id"], row["measure_label"])):
        found = list(of_measure)
        # A chart in which everything is withheld would be empty; the table says so.
        if any(row["estimate"] is not None for row in found):
            figures.append(_figure(scope, f"{id_}-{measure_id}", label, found))
        tables.append(_table(scope, label, found))
    return figures, tables


def _figure(scope: Scope, id_: str, title: str, rows: list[dict[str, Any]]) -> Figure:
    first = rows[0]
    scale = None
    if first["unit_minimum"] is not None and first["unit_maximum"] is not None:
        scale = Scale(first["unit_minimum"], first["unit_maximum"])
    description = scope.published.texts("page_intervals_description")
    marks = list(_marks(scope, rows))
    return Figure(title, intervals(id_, title, description, marks, first["unit_label"], scale))


def _marks(scope: Scope, rows: list[dict[str, Any]]) -> Iterator[Mark]:
    """Yield the rows of a chart, with a heading for each theme, and for each breakdown in it."""
    texts = scope.published.texts
    heading = ""
    for row in rows:
        names = [row["theme_label"]] + ([row["breakdown_label"]] if row["breakdown_id"] != "all" else [])
        if heading != ": ".join(names):
            heading = ": ".join(names)
            yield Mark(heading, is_heading=True)
        decimals = scope.published.decimals("measure_id", row["measure_id"])
        label = _name(scope, row)
        if row["weighting_id"] != "unweighted":
            label = texts("page_weighted", label=label)
        yield Mark(label, estimate(texts, row, decimals), row["estimate"], row["ci_lower"], row["ci_upper"])


def _name(scope: Scope, row: Row) -> str:
    """Return what a row is about within its theme: the survey, the topic or the group."""
    if row["breakdown_id"] != "all":
        return scope.named(row, row["breakdown_value"])
    return scope.label(row) if scope.council_id is None else scope.named(row, row["topic_label"])


def _table(scope: Scope, caption: str, rows: list[dict[str, Any]]) -> Table:
    published, texts = scope.published, scope.published.texts

    def decimals(row: Row) -> int:
        return published.decimals("measure_id", row["measure_id"])

    columns = [
        Column(texts("page_head_survey"), scope.label, is_number=False),
        Column(texts("page_head_theme"), lambda row: row["theme_label"], is_number=False),
        Column(texts("page_head_topic"), lambda row: row["topic_label"], is_number=False),
        Column(texts("page_head_group"), lambda row: row["breakdown_value"], is_number=False),
        Column(texts("page_head_weighting"), lambda row: row["weighting_id"], is_number=False),
        Column(
            rows[0]["unit_label"],
            lambda row: missing(texts, row) if row["estimate"] is None else number(row["estimate"], decimals(row)),
        ),
        Column(texts("page_head_interval"), lambda row: interval(texts, row, decimals(row)) or why_missing(row)),
        Column(texts("page_head_base"), lambda row: base(published, _LEVELS, row)),
    ]
    return table_of(caption, _LEVELS, rows, [column for column in columns if _differs(column, rows)])


def _differs(column: Column, rows: list[dict[str, Any]]) -> bool:
    """Return whether a column of a table says anything: the first one, a number, or names that differ."""
    return column.is_number or len({column.text(row) for row in rows}) > 1 or len(rows) == 1
