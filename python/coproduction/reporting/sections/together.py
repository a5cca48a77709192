"""What is associated with taking part: correlations as a table with shades, and pooled over the councils."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from coproduction.reporting.charts.heat import STEPS, shade
from coproduction.reporting.charts.intervals import Mark, intervals
from coproduction.reporting.content import Cell, Column, Figure, Scope, Section, Table, TableRow, anchor_of, table_of
from coproduction.reporting.printed_numbers import base, estimate, interval, missing, number, p_value, why_missing
from coproduction.reporting.published import Row

# Half of what a correlation can be.
_STRONG = 0.5
CORRELATES, POOLED = "reports.rpt_correlates", "reports.rpt_pooled"

_CORRELATES_QUERY = """
    select * from reports.rpt_correlates
    where
        method_id = 'pearson' and weighting_id = 'unweighted' and outcome_id = $outcome
        and ($council is null or council_id = $council)
    order by council_label, wave_id, theme_label, theme_id, topic_id <> 'all', topic_label, construct_label
"""

# The pooled estimate comes last among its councils, as in every forest plot.
POOLED_QUERY = """
    select * from reports.rpt_pooled
    where theme_id = 'all' and quantity_id = 'correlate' and outcome_id = $outcome and weighting_id = 'unweighted'
    order by construct_id, wave_id, council_id = 'all', council_label
"""

OUTCOMES_QUERY = """
    select outcome_id, outcome_label from reports.rpt_correlates
    where $council is null or council_id = $council
    group by all order by outcome_id desc
"""


def together(scope: Scope) -> Section | None:
    """Return the section about correlations, in two parts, one for each outcome; None if nothing was correlated."""
    texts = scope.published.texts
    parts = []
    for outcome in scope.rows(OUTCOMES_QUERY):
        id_, label = str(outcome["outcome_id"]), str(outcome["outcome_label"])
        rows = scope.rows(_CORRELATES_QUERY, outcome=id_)
        figures, tables = _forests(scope, id_, rows)
        heatmap, behind = _heatmap(scope, label.lower(), rows), _table(scope, label.lower(), rows)
        parts.append(Section(f"together-{id_}", label, figures=figures, tables=[heatmap, behind, *tables]))
    lead = [texts("page_together_lead"), texts("page_together_scores"), texts("page_together_caution")]
    lead.append(texts("page_together_stars"))
    return Section("together", texts("page_together_title"), lead, parts=parts) if parts else None


def _heatmap(scope: Scope, outcome: str, rows: list[dict[str, Any]]) -> Table:
    """Return correlations with one column for each construct; each number links to its row in the table behind."""
    texts = scope.published.texts
    constructs = dict(sorted({row["construct_id"]: row["construct_label"] for row in rows}.items(), key=lambda c: c[1]))
    made = []
    for area, of_area in groupby(rows, lambda row: _area(scope, row)):
        by_construct = {row["construct_id"]: row for row in of_area}
        cells = [Cell(area)] + [_heat(scope, by_construct.get(construct)) for construct in constructs]
        made.append(TableRow("", cells, ""))
    caption = texts("page_heatmap_caption", outcome=outcome, steps=", ".join(map(str, STEPS)))
    return Table(caption, CORRELATES, [texts("page_head_area"), *constructs.values()], made, "", True, True)


def _heat(scope: Scope, row: Row | None) -> Cell:
    texts = scope.published.texts
    if row is None:
        return Cell(texts("page_not_asked"), True, "none")
    if row["estimate"] is None:
        return Cell(missing(texts, row), True, link=anchor_of(CORRELATES, row))
    return Cell(row["estimate_label"], True, shade(row["estimate"]), anchor_of(CORRELATES, row))


def _area(scope: Scope, row: Row) -> str:
    return scope.named(row, row["theme_label"], *([row["topic_label"]] if row["topic_id"] != "all" else []))


def _table(scope: Scope, outcome: str, rows: list[dict[str, Any]]) -> Table:
    published, texts = scope.published, scope.published.texts
    decimals = published.decimals("method_id", "pearson")
    columns = [
        Column(texts("page_head_area"), lambda row: _area(scope, row), is_number=False),
        Column(texts("page_head_construct"), lambda row: row["construct_label"], is_number=False),
        Column(texts("page_head_correlation"), lambda row: row["estimate_label"] or missing(texts, row)),
        Column(texts("page_head_interval"), lambda row: interval(texts, row, decimals) or why_missing(row)),
        Column(texts("page_head_p"), lambda row: p_value(row["p_value_t"])),
        Column(texts("page_head_p_adjusted"), lambda row: p_value(row["p_value_adjusted"])),
        Column(texts("page_head_base"), lambda row: base(published, CORRELATES, row)),
    ]
    return table_of(texts("page_correlates_caption", outcome=outcome), CORRELATES, rows, columns)


def _forests(scope: Scope, outcome_id: str, rows: list[dict[str, Any]]) -> tuple[list[Figure], list[Table]]:
    """Return a forest for each construct of a study, or one with all correlations of a council."""
    texts, description = scope.published.texts, scope.published.texts("page_intervals_description")
    if scope.council_id is not None:
        marks = [_mark(scope, row, f"{row['construct_label']} ({_area(scope, row)})") for row in rows]
        title = texts("page_forest_of_council")
        svg = intervals(f"forest-{outcome_id}", title, description, marks, texts("page_correlation_unit"))
        return ([Figure(title, svg)] if any(row["estimate"] is not None for row in rows) else []), []
    figures, tables = [], []
    pooled = scope.published.rows(POOLED_QUERY, outcome=outcome_id)
    for (construct_id, wave_id), of_construct in groupby(pooled, lambda row: (row["construct_id"], row["wave_id"])):
        found = list(of_construct)
        title = found[-1]["quantity_label"]
        marks = [_mark(scope, row, _council(scope, row)) for row in found]
        id_ = f"forest-{outcome_id}-{construct_id}-{wave_id}"
        if any(row["estimate"] is not None for row in found):
            svg = intervals(id_, title, texts("page_forest_description"), marks, texts("page_correlation_unit"))
            figures.append(Figure(title, svg, note=_note(scope, found[-1])))
        tables += found
    if not tables:
        return figures, []
    caption, head = texts("page_pooled_caption"), texts("page_head_correlation")
    return figures, [pooled_table(scope, tables, caption, head, scope.published.decimals("quantity_id", "correlate"))]


def _council(scope: Scope, row: Row) -> str:
    return row["council_label"] if row["council_id"] == "all" else scope.label(row)


def _mark(scope: Scope, row: Row, label: str) -> Mark:
    decimals = scope.published.decimals("method_id", "pearson")
    return Mark(
        label,
        estimate(scope.published.texts, row, decimals),
        row["estimate"],
        row["ci_lower"],
        row["ci_upper"],
        row.get("prediction_lower"),
        row.get("prediction_upper"),
        is_pooled=row["council_id"] == "all",
    )


def _note(scope: Scope, row: Row) -> str:
    texts = scope.published.texts
    decimals = scope.published.decimals("quantity_id", "correlate")
    between = interval(texts, row, decimals, "prediction_lower", "prediction_upper")
    if row["council_id"] != "all" or not between:
        return texts("page_not_pooled", reason=why_missing(row)) if why_missing(row) else ""
    return texts(f"page_prediction{'_wide' if says_nothing(row) else ''}", interval=between)


def says_nothing(row: Row) -> bool:
    """Return whether the prediction for another council holds strong correlations of either sign."""
    return bool(row["prediction_lower"] < -_STRONG and row["prediction_upper"] > _STRONG)


def pooled_table(scope: Scope, rows: Sequence[dict[str, Any]], caption: str, head: str, decimals: int) -> Table:
    """Return estimates of the councils and pooled over them; `head` names the column of the estimates."""
    published, texts = scope.published, scope.published.texts
    columns = [
        Column(texts("page_head_survey"), lambda row: _council(scope, row), is_number=False),
        Column(texts("page_head_construct"), lambda row: row["quantity_label"], is_number=False),
        Column(head, lambda row: row["estimate_label"] or missing(texts, row)),
        Column(texts("page_head_interval"), lambda row: interval(texts, row, decimals) or why_missing(row)),
        Column(
            texts("page_head_prediction"),
            lambda row: interval(texts, row, decimals, "prediction_lower", "prediction_upper"),
        ),
        Column(texts("page_head_p_adjusted"), lambda row: p_value(row["p_value_adjusted"])),
        Column(texts("page_head_i_squared"), lambda row: number(row["i_squared_pct"], 0)),
        Column(texts("page_head_base"), lambda row: base(published, POOLED, row)),
    ]
    return table_of(caption, POOLED, rows, columns)
