"""Levels over waves, where a council has several; how much they changed, and how many answered again."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from coproduction.reporting.charts.slopes import Slope, slopes
from coproduction.reporting.content import Column, Figure, Finding, Scope, Section, Table, anchor_of, table_of
from coproduction.reporting.printed_numbers import base, interval, missing, number, p_value, why_missing
from coproduction.reporting.published import Row

CHANGES, ATTRITION = "reports.rpt_changes", "reports.rpt_attrition"

# One wave to the next comes before the first to the last, and outcomes before other measures.
_CHANGES_QUERY = """
    select changes.* from reports.rpt_changes as changes
    inner join marts.dim_measure as measures using (measure_id)
    where
        ($council is null or changes.council_id = $council)
        and changes.is_headline = $is_headline
        and (changes.topic_id = 'all' or $council is not null)
    order by
        changes.council_label, changes.council_id, changes.comparison_id = 'last_and_first', changes.wave_order,
        measures.is_outcome desc, changes.measure_label, changes.measure_id, changes.theme_label, changes.theme_id,
        changes.topic_id <> 'all', changes.topic_label, changes.sample_id, changes.weighting_id
"""
CHANGE_FINDINGS_QUERY = """
    select changes.* from reports.rpt_changes as changes
    inner join marts.dim_measure as measures using (measure_id)
    where
        ($council is null or changes.council_id = $council)
        and changes.is_headline and changes.topic_id = 'all' and changes.comparison_id = 'neighbours'
        and measures.is_outcome and not changes.is_withheld
    order by
        changes.council_label, changes.council_id, changes.theme_label, changes.theme_id, changes.measure_label desc,
        changes.wave_order
"""
_ATTRITION_QUERY = """
    select * from reports.rpt_attrition
    where $council is null and breakdown_id = 'all' or council_id = $council
    order by
        council_label, council_id, comparison_id = 'last_and_first', wave_order, breakdown_id <> 'all', breakdown_label,
        breakdown_id, breakdown_value
"""
# The waves of a series that are not compared with the one before.
_BREAKS_QUERY = """
    select wave_id from reports.rpt_changes
    where
        council_id = $council_id and theme_id = $theme and topic_id = 'all' and measure_id = $measure
        and comparison_id = 'neighbours' and is_headline and estimate is null and reason is not null
"""

_QUERY = """
    with several as (
        select council_id from marts.dim_survey
        group by all
        having count(*) > 1
    )

    select levels.*, surveys.wave_label, surveys.wave_order
    from reports.rpt_levels as levels
    inner join several using (council_id)
    inner join marts.dim_survey as surveys using (council_id, wave_id)
    inner join marts.dim_measure as measures using (measure_id)
    where
        levels.breakdown_id = 'all' and levels.topic_id = 'all' and levels.weighting_id = 'unweighted'
        and ($council is null or levels.council_id = $council)
    order by
        levels.council_label, levels.council_id, measures.is_outcome desc, levels.measure_label, levels.theme_label,
        levels.theme_id, surveys.wave_order, levels.wave_id
"""


def waves(scope: Scope) -> Section | None:
    """Return a chart for each council with several waves and each measure; None if no council has several."""
    texts = scope.published.texts
    figures = []
    key = ("council_id", "measure_id")
    for (council_id, measure_id), of_measure in groupby(scope.rows(_QUERY), lambda row: tuple(row[k] for k in key)):
        rows = list(of_measure)
        names = {row["wave_id"]: row["wave_label"] or row["wave_id"] for row in _in_order(rows)}
        series = [_series(scope, list(names), list(found)) for _, found in groupby(rows, lambda row: row["theme_id"])]
        # A line needs two waves with a number.
        series = [slope for slope in series if sum(point is not None for point in slope.points) > 1]
        if series:
            title = f"{rows[0]['council_label']}: {rows[0]['measure_label']}"
            id_ = f"waves-{council_id}-{measure_id}"
            svg = slopes(id_, title, texts("page_waves_description"), list(names.values()), series)
            figures.append(Figure(title, svg, note=rows[0]["unit_label"]))
    tables = [*_changes(scope), *_attrition(scope)]
    if not figures and not tables:
        return None
    return Section("waves", texts("page_waves_title"), [texts("page_waves_lead")], figures=figures, tables=tables)


def _changes(scope: Scope) -> list[Table]:
    """Return the table of the rows to read first, and that of the other readings of the same changes."""
    texts = scope.published.texts
    tables = []
    for is_headline in (True, False):
        rows = scope.rows(_CHANGES_QUERY, is_headline=is_headline)
        if rows:
            caption = texts("page_changes_caption" if is_headline else "page_changes_otherwise")
            # A column of names says something only where they differ.
            columns = [
                column
                for place, column in enumerate(_columns(scope))
                if place == 0 or column.is_number or len({column.text(row) for row in rows}) > 1
            ]
            tables.append(table_of(caption, CHANGES, rows, columns, is_open=is_headline))
    return tables


def _columns(scope: Scope) -> list[Column]:
    texts = scope.published.texts

    def level(name: str) -> Column:
        return Column(texts(f"page_head_{name}"), lambda row: number(row[name], _decimals(scope, row) - 1))

    def change(row: Row) -> str:
        if row["estimate"] is None:
            return missing(texts, row) if row["is_withheld"] else texts("page_not_compared")
        return number(row["estimate"], _decimals(scope, row))

    def measure(row: Row) -> str:
        return f"{row['measure_label']} ({row['caution']})" if row["caution"] else row["measure_label"]

    return [
        Column(texts("page_head_waves"), lambda row: _waves_of(scope, row), is_number=False),
        Column(texts("page_head_theme"), _place, is_number=False),
        Column(texts("page_head_measure"), measure, is_number=False),
        Column(texts("page_head_sample"), lambda row: row["sample_label"], is_number=False),
        Column(texts("page_head_weighting"), lambda row: row["weighting_label"], is_number=False),
        level("earlier_level"),
        level("later_level"),
        Column(texts("page_head_change"), change),
        Column(
            texts("page_head_interval"), lambda row: interval(texts, row, _decimals(scope, row)) or why_missing(row)
        ),
        Column(texts("page_head_p_adjusted"), lambda row: p_value(row["p_value_adjusted"])),
        Column(texts("page_head_base"), lambda row: base(scope.published, CHANGES, row)),
    ]


def _attrition(scope: Scope) -> list[Table]:
    """Return the table of those who answered again, by group on the page of a council."""
    texts, rows = scope.published.texts, scope.rows(_ATTRITION_QUERY)
    if not rows:
        return []
    columns = [
        Column(texts("page_head_waves"), lambda row: _waves_of(scope, row), is_number=False),
        Column(texts("page_head_group"), lambda row: _group(row), is_number=False),
        Column(
            rows[0]["unit_label"], lambda row: missing(texts, row) if row["estimate"] is None else row["estimate_label"]
        ),
        Column(texts("page_head_base"), lambda row: base(scope.published, ATTRITION, row)),
    ]
    return [table_of(texts("page_attrition_caption"), ATTRITION, rows, columns)]


def _waves_of(scope: Scope, row: Row) -> str:
    names = scope.published.texts("page_waves_of", earlier=row["earlier_wave_label"], later=row["wave_label"])
    return names if scope.council_id else f"{row['council_label']}, {names}"


def _place(row: Row) -> str:
    return row["theme_label"] if row["topic_id"] == "all" else f"{row['theme_label']}: {row['topic_label']}"


def _group(row: Row) -> str:
    whole = row["breakdown_id"] == "all"
    return row["breakdown_label"] if whole else f"{row['breakdown_label']}: {row['breakdown_value']}"


def _decimals(scope: Scope, row: Row) -> int:
    """Return the decimals of a change: one more than those of the level."""
    return scope.published.decimals("measure_id", row["measure_id"]) + 1


def change_finding(scope: Scope, row: Row, kind: str) -> Finding:
    """Return the sentence about one change, or about a question that is not compared.

    Args: `kind` is the direction of the interval: above, below or none, with "_chance" if the adjusted p is above 0.05.
    """
    decimals = _decimals(scope, row)
    about = {
        "council": row["council_label"],
        "theme": _place(row),
        "measure": row["measure_label"],
        "earlier": row["earlier_wave_label"],
        "later": row["wave_label"],
    }
    if row["estimate"] is None:
        return Finding(
            scope.published.texts("finding_change_not_compared", reason=row["reason"], **about), anchor_of(CHANGES, row)
        )
    text = scope.published.texts(
        f"finding_change_{kind}",
        points=number(abs(row["estimate"]), decimals),
        unit=row["unit_label"],
        low=number(row["ci_lower"], decimals),
        high=number(row["ci_upper"], decimals),
        p=p_value(row["p_value_adjusted"]),
        **about,
    )
    return Finding(text, anchor_of(CHANGES, row))


def _in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["wave_order"], row["wave_id"]))


def _series(scope: Scope, waves_: list[str], rows: list[dict[str, Any]]) -> Slope:
    by_wave = {row["wave_id"]: row for row in rows}
    points, printed = [], []
    for wave in waves_:
        row = by_wave.get(wave)
        there = row is not None and row["estimate"] is not None
        points.append((row["estimate"], row["ci_lower"], row["ci_upper"]) if row and there else None)
        decimals = scope.published.decimals("measure_id", rows[0]["measure_id"])
        printed.append("" if row is None else number(row["estimate"], decimals) or missing(scope.published.texts, row))
    first = rows[0]
    values = {"council_id": first["council_id"], "theme": first["theme_id"], "measure": first["measure_id"]}
    apart = {row["wave_id"] for row in scope.published.rows(_BREAKS_QUERY, **values)}
    breaks = frozenset(place for place, wave in enumerate(waves_) if wave in apart)
    return Slope(first["theme_label"], points, printed, breaks)
