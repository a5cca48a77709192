"""Levels over waves, where a council has several."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from coproduction.reporting.charts.slopes import Slope, slopes
from coproduction.reporting.content import Figure, Scope, Section
from coproduction.reporting.printed_numbers import missing, number

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
    if not figures:
        return None
    return Section("waves", texts("page_waves_title"), [texts("page_waves_lead")], figures=figures)


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
    return Slope(rows[0]["theme_label"], points, printed)
