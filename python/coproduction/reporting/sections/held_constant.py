"""What is left of each correlation of a council when the other correlates are held constant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from coproduction.reporting.charts.intervals import Mark, intervals
from coproduction.reporting.content import Column, Figure, Finding, Scope, Section, Table, anchor_of, table_of
from coproduction.reporting.printed_numbers import base, interval, missing, number, p_value, why_missing
from coproduction.reporting.published import Row

JOINT = "reports.rpt_joint_correlates"

# The headline of an outcome that is 0 or 1 is the logit, of others the linear regression, which is second by name.
_QUERY = """
    select * from reports.rpt_joint_correlates
    where weighting_id = 'unweighted' and council_id = $council
    qualify model_id = min(model_id) over (partition by wave_id, theme_id, topic_id, outcome_id)
    order by
        outcome_id desc, wave_id, theme_label, theme_id, topic_id <> 'all', topic_label, topic_id, missing_id,
        construct_label
"""
# Changes that a reader who sees r alone would not expect.
_CHANGES = ("turns", "vanishes", "appears")


def held_constant(scope: Scope) -> Section | None:
    """Return the section about several correlates at once; None on the page of the study and without such results."""
    if scope.council_id is None or not scope.published.has(JOINT):
        return None
    texts, parts = scope.published.texts, []
    for (id_, label), found in groupby(scope.rows(_QUERY), lambda row: (row["outcome_id"], row["outcome_label"])):
        rows = list(found)
        findings, figures = list(_findings(scope, rows)), _figures(scope, f"joint-{id_}", rows)
        tables = [_table(scope, str(label).lower(), rows)]
        parts.append(Section(f"joint-{id_}", str(label), findings=findings, figures=figures, tables=tables))
    lead = [texts(f"page_joint_{name}") for name in ("lead", "two_values", "caution", "charts", "rule")]
    return Section("joint", texts("page_joint_title"), lead, parts=parts) if parts else None


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("wave_id", "theme_id", "topic_id", "outcome_id", "construct_id"))


def _findings(scope: Scope, rows: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Yield a sentence for each correlate that changes among complete answers, and whether imputing agrees."""
    texts = scope.published.texts
    imputed = {_key(row): row["change_id"] for row in rows if row["missing_id"] == "imputed"}
    complete = [row for row in rows if row["missing_id"] == "complete"]
    for change in _CHANGES:
        for row in (row for row in complete if row["change_id"] == change):
            text = texts(
                f"finding_joint_{change}",
                area=_area(scope, row),
                construct=row["construct_label"],
                outcome=row["outcome_label"].lower(),
                correlation=number(row["correlation_alone"], _decimals(scope)),
                estimate=_held(scope, row),
            )
            agrees = "finding_joint_also_imputed" if imputed.get(_key(row)) == change else "finding_joint_not_imputed"
            yield Finding(f"{text} {texts(agrees)}", anchor_of(JOINT, row))


def _decimals(scope: Scope) -> int:
    return scope.published.decimals("method_id", "pearson")


def _area(scope: Scope, row: Row) -> str:
    return scope.named(row, row["theme_label"], *([row["topic_label"]] if row["topic_id"] != "all" else []))


def _held(scope: Scope, row: Row) -> str:
    """Return the standardised coefficient with its interval, or why there is none."""
    if row["standardised"] is None:
        return missing(scope.published.texts, row)
    decimals = _decimals(scope)
    between = interval(scope.published.texts, row, decimals, "standardised_lower", "standardised_upper")
    printed = number(row["standardised"], decimals)
    return f"{printed}{row['stars']} ({between})" if between else printed


def _figures(scope: Scope, id_: str, rows: Sequence[dict[str, Any]]) -> list[Figure]:
    """Return a chart for each topic: of complete answers, or of imputed ones where only these have results."""
    texts, figures = scope.published.texts, []
    for place, (_, found) in enumerate(groupby(rows, lambda row: _key(row)[:3])):
        of_topic = [row for row in found if row["standardised"] is not None]
        rule = min((row["missing_id"] for row in of_topic), default=None)
        shown = [row for row in of_topic if row["missing_id"] == rule]
        if not shown:
            continue
        area, missing_label = _area(scope, shown[0]), str(shown[0]["missing_label"])
        title = texts("page_joint_chart", area=area, rule=missing_label.lower())
        marks = [_mark(scope, row) for row in shown]
        svg = intervals(f"{id_}-{place}", title, texts("page_joint_description"), marks, texts("page_joint_unit"))
        legend = [("compared", texts("page_joint_r")), ("point", texts("page_joint_held"))]
        figures.append(Figure(title, svg, legend))
    return figures


def _mark(scope: Scope, row: Row) -> Mark:
    r = number(row["correlation_alone"], _decimals(scope))
    return Mark(
        row["construct_label"],
        f"r {r}{row['correlation_alone_stars']}; {_held(scope, row)}",
        row["standardised"],
        row["standardised_lower"],
        row["standardised_upper"],
        tick=row["correlation_alone"],
    )


def _table(scope: Scope, outcome: str, rows: Sequence[dict[str, Any]]) -> Table:
    published, texts = scope.published, scope.published.texts
    correlation, points = _decimals(scope), published.decimals("model_id", "ols")

    def r_of(row: Row) -> str:
        return number(row["correlation_alone"], correlation) + str(row["correlation_alone_stars"] or "")

    def share(row: Row) -> str:
        between = interval(texts, row, 1, "share_lower_pct", "share_upper_pct")
        return number(row["share_of_r_squared_pct"], 1) + (f" ({between})" if between else "")

    columns = [
        Column(texts("page_head_area"), lambda row: _area(scope, row), is_number=False),
        Column(texts("page_head_construct"), lambda row: row["construct_label"], is_number=False),
        Column(texts("page_head_missing_rule"), lambda row: row["missing_label"], is_number=False),
        Column(texts("page_head_correlation"), r_of),
        Column(texts("page_head_held_constant"), lambda row: _held(scope, row)),
        Column(texts("page_head_points"), lambda row: number(row["estimate"], points)),
        Column(texts("page_head_p"), lambda row: p_value(row["p_value"])),
        Column(texts("page_head_p_adjusted"), lambda row: p_value(row["p_value_adjusted"])),
        Column(texts("page_head_r2_share"), share),
        Column(texts("page_head_inflation"), lambda row: number(row["variance_inflation"], 1)),
        Column(texts("page_head_base"), lambda row: base(published, JOINT, row)),
        Column(texts("page_head_reason"), why_missing, is_number=False),
    ]
    return table_of(texts("page_joint_caption", outcome=outcome), JOINT, rows, columns)
