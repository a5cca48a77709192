"""Nudges: the effect of each wording with its interval, and which effects the study could have detected."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from coproduction.reporting.charts.intervals import Mark, intervals
from coproduction.reporting.content import Column, Figure, Scope, Section, Table, table_of
from coproduction.reporting.printed_numbers import base, estimate, interval, missing, number, p_value, why_missing
from coproduction.reporting.published import Row
from coproduction.reporting.sections.together import pooled_table

EFFECTS, CHECKS = "reports.rpt_nudge_effects", "reports.rpt_nudge_checks"

# An interaction is a comparison of effects and no effect, so it is in the tables and not in the charts.
_QUERY = """
    select rpt_nudge_effects.*, arms.arm_label from reports.rpt_nudge_effects
    left join marts.dim_nudge_arm as arms on rpt_nudge_effects.contrast_id = arms.arm_id
    where model_id = 'dummies' and weighting_id = 'unweighted' and ($council is null or council_id = $council)
    order by
        outcome_label desc, outcome_id, theme_label, theme_id, council_label, wave_id, topic_id <> 'all', topic_label,
        contrast_id = 'interaction', has_nudge_a and has_nudge_b, contrast_label
"""

_CHECKS_QUERY = """
    select * from reports.rpt_nudge_checks
    where
        check_id in ('arm_counts', 'covariate_balance', 'non_response')
        and ($council is null or council_id = $council)
    order by check_label, council_label, wave_id, theme_label, topic_label, outcome_label
"""

_POOLED_QUERY = """
    select * from reports.rpt_pooled
    where theme_id = 'all' and quantity_id = 'nudge' and weighting_id = 'unweighted' and $council is null
    order by outcome_id desc, contrast_id, wave_id, council_id = 'all', council_label
"""

_WORDINGS_QUERY = "select arm_label, wording from marts.dim_nudge_arm where wording is not null order by arm_id"


def nudges(scope: Scope) -> Section | None:
    """Return the section about nudges; None where no survey had any."""
    rows = scope.rows(_QUERY)
    if not rows:
        return None
    texts = scope.published.texts
    figures, tables = [], []
    for (outcome_id, label), of_outcome in groupby(rows, lambda row: (row["outcome_id"], row["outcome_label"])):
        found = list(of_outcome)
        figures += _figures(scope, str(outcome_id), str(label), found)
        tables.append(_table(scope, texts("page_nudges_caption", outcome=str(label).lower()), found))
    pooled = scope.rows(_POOLED_QUERY)
    if pooled:
        caption, head = texts("page_pooled_nudges_caption"), texts("page_head_effect")
        tables.append(pooled_table(scope, pooled, caption, head, _decimals(scope)))
    checks = scope.rows(_CHECKS_QUERY)
    wordings = [(row["arm_label"], row["wording"]) for row in scope.published.rows(_WORDINGS_QUERY)]
    return Section(
        "nudges",
        texts("page_nudges_title"),
        [texts("page_nudges_lead"), texts("page_nudges_detectable")],
        facts=wordings,
        figures=figures,
        tables=[*tables, *([_checks_table(scope, checks)] if checks else [])],
    )


def _figures(scope: Scope, outcome_id: str, outcome: str, rows: list[dict[str, Any]]) -> list[Figure]:
    """Return a chart for each theme, in which the effects of all its surveys have one scale."""
    texts = scope.published.texts
    figures = []
    for (theme_id, theme), of_theme in groupby(rows, lambda row: (row["theme_id"], row["theme_label"])):
        found = [row for row in of_theme if row["contrast_id"] != "interaction"]
        if any(row["estimate"] is not None for row in found):
            title = texts("page_nudges_of_theme", outcome=outcome, theme=theme)
            id_ = f"nudges-{outcome_id}-{theme_id}"
            marks = _marks(scope, found)
            svg = intervals(id_, title, texts("page_nudges_description"), marks, found[0]["unit_label"])
            figures.append(Figure(title, svg))
    return figures


def _marks(scope: Scope, rows: list[dict[str, Any]]) -> list[Mark]:
    marks: list[Mark] = []
    heading = ""
    for row in rows:
        if heading != (heading := _place(scope, row)):
            marks.append(Mark(heading, is_heading=True))
        detectable = row["minimum_detectable"]
        marks.append(
            Mark(
                row["arm_label"] or row["contrast_label"],
                estimate(scope.published.texts, row, _decimals(scope)),
                row["estimate"],
                row["ci_lower"],
                row["ci_upper"],
                None if detectable is None else -detectable,
                detectable,
            )
        )
    return marks


def _decimals(scope: Scope) -> int:
    return scope.published.decimals("model_id", "dummies")


def _place(scope: Scope, row: Row) -> str:
    return scope.named(row, row["topic_label"])


def _table(scope: Scope, caption: str, rows: list[dict[str, Any]]) -> Table:
    published, texts, decimals = scope.published, scope.published.texts, _decimals(scope)
    columns = [
        Column(texts("page_head_area"), lambda row: f"{row['theme_label']}, {_place(scope, row)}", is_number=False),
        Column(texts("page_head_contrast"), lambda row: row["contrast_label"], is_number=False),
        Column(texts("page_head_effect"), lambda row: row["estimate_label"] or missing(texts, row)),
        Column(texts("page_head_interval"), lambda row: interval(texts, row, decimals) or why_missing(row)),
        Column(texts("page_head_p"), lambda row: p_value(row["headline_p_value"])),
        Column(texts("page_head_p_adjusted"), lambda row: p_value(row["p_value_adjusted"])),
        Column(texts("page_head_detectable"), lambda row: number(row["minimum_detectable"], decimals)),
        Column(texts("page_head_n_arm"), lambda row: base(published, EFFECTS, row, "n_arm")),
        Column(texts("page_head_n_control"), lambda row: base(published, EFFECTS, row, "n_control")),
    ]
    return table_of(caption, EFFECTS, rows, columns)


def _checks_table(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    published, texts = scope.published, scope.published.texts
    columns = [
        Column(texts("page_head_check"), lambda row: row["check_label"], is_number=False),
        Column(texts("page_head_area"), lambda row: f"{_place(scope, row)}, {row['theme_label']}", is_number=False),
        Column(texts("page_head_outcome"), lambda row: row["outcome_label"], is_number=False),
        Column(texts("page_head_verdict"), lambda row: row["verdict"] or why_missing(row), is_number=False),
        Column(texts("page_head_p"), lambda row: p_value(row["p_value"])),
        Column(texts("page_head_base"), lambda row: base(published, CHECKS, row)),
    ]
    return table_of(texts("page_checks_caption"), CHECKS, rows, columns)
