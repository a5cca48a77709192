"""The headline findings: sentences that are filled from single published rows, each linked to its row.

A sentence says "higher" or "lower" only where the published interval lies on one side of zero. A row without an
estimate, because it is withheld or was not computed, has no sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from coproduction.reporting.content import Column, Finding, Scope, Section, Table, anchor_of, table_of
from coproduction.reporting.printed_numbers import base, interval, number, p_value
from coproduction.reporting.published import Row
from coproduction.reporting.sections.level_findings import has_interval, level_findings
from coproduction.reporting.sections.nudges import EFFECTS
from coproduction.reporting.sections.together import CORRELATES, OUTCOMES_QUERY, POOLED, POOLED_QUERY, says_nothing
from coproduction.reporting.sections.waves import CHANGE_FINDINGS_QUERY, change_finding

_HYPOTHESES = "reports.rpt_hypotheses"
_SIGNIFICANCE_LEVEL = 0.05
# The strongest correlations of a council and outcome that become a sentence; all are in the table.
_MOST_CORRELATES = 5

_HYPOTHESES_QUERY = """
    select *, council_id = 'all' as is_of_all from reports.rpt_hypotheses
    where $council is null or council_id = $council
    order by hypothesis_id, council_id = 'all', council_id, theme_id
"""
_CORRELATES_QUERY = """
    select * from reports.rpt_correlates
    where
        method_id = 'pearson' and weighting_id = 'unweighted' and outcome_id = $outcome
        and estimate is not null and (ci_lower > 0 or ci_upper < 0)
        and ($council is null or council_id = $council)
    order by abs(estimate) desc, theme_label, topic_label, construct_label
"""
_NUDGES_QUERY = """
    select * from reports.rpt_nudge_effects
    where
        model_id = 'dummies' and weighting_id = 'unweighted' and topic_id = 'all' and contrast_id <> 'interaction'
        and estimate is not null and ($council is null or council_id = $council)
    order by council_label, wave_id, theme_label, theme_id, outcome_label desc, contrast_id
"""
# The topics of a theme are the tests that are adjusted for their number; the theme as a whole only puts them together.
_TOPICS_QUERY = """
    select topic_id from reports.rpt_nudge_effects
    where
        council_id = $council_id and wave_id = $wave_id and theme_id = $theme_id and outcome_id = $outcome_id
        and topic_id <> 'all' and p_value_adjusted is not null
    limit 1
"""
_THEME_KEYS = ("council_id", "wave_id", "theme_id", "outcome_id")
_POOLED_NUDGES_QUERY = """
    select * from reports.rpt_pooled
    where
        theme_id = 'all' and quantity_id = 'nudge' and weighting_id = 'unweighted' and council_id = 'all'
        and contrast_id <> 'interaction' and estimate is not null
    order by outcome_id desc, wave_id, contrast_id
"""


def findings(scope: Scope) -> Section:
    """Return the findings of a page in groups: levels, changes, hypotheses, correlations, nudges."""
    texts = scope.published.texts
    pooled_nudges = scope.rows(_POOLED_NUDGES_QUERY) if scope.council_id is None else []
    hypotheses = scope.rows(_HYPOTHESES_QUERY)
    groups = {
        "levels": list(level_findings(scope)),
        "changes": list(_changes(scope)),
        "gaps": list(_gaps(scope, hypotheses)),
        "together": list(_pooled_correlates(scope) if scope.council_id is None else _correlates(scope)),
        "nudges": list(_pooled_nudges(scope, pooled_nudges) if pooled_nudges else _nudges(scope)),
    }
    tables = {"gaps": [_hypotheses_table(scope, hypotheses)] if hypotheses else []}
    leads = {"together": [texts("page_together_scores")]}
    if scope.council_id is not None:
        leads["together"].append(texts("page_findings_strongest", n_most=_MOST_CORRELATES))
    parts = [
        Section(
            f"findings-{name}",
            texts(f"page_findings_{name}"),
            leads.get(name, []),
            findings=found,
            tables=tables.get(name, []),
        )
        for name, found in groups.items()
        if found
    ]
    lead = [texts("page_findings_lead") if parts else texts("finding_nothing")]
    return Section("findings", texts("page_findings_title"), lead, parts=parts)


def _changes(scope: Scope) -> Iterator[Finding]:
    """Yield the sentence of each change of an outcome between neighbouring waves."""
    for row in scope.rows(CHANGE_FINDINGS_QUERY):
        if row["estimate"] is None or has_interval(row):
            found = change_finding(scope, row, _kind(row) if has_interval(row) else "none")
            is_compared = row["estimate"] is not None
            yield replace(found, text=found.text + _not_adjusted(scope, row)) if is_compared else found


def _gaps(scope: Scope, rows: list[dict[str, Any]]) -> Iterator[Finding]:
    """Yield the sentence of each hypothesis: of a council as tested there, of the study as counted over its areas."""
    texts = scope.published.texts
    tested = [row for row in rows if row["estimate"] is not None]
    if scope.council_id is not None:
        yield from (gap_finding(scope, row) for row in tested if has_interval(row))
        return
    for statement, of_statement in groupby(tested, lambda row: row["statement"]):
        areas = list(of_statement)
        if not areas[0]["is_of_all"]:
            yield Finding(texts("finding_areas", statement=statement, found=_verdicts(scope, areas)), _link(areas[0]))
        # What all themes together say about a correlation is in the pooled results.
        for row in (row for row in areas if row["is_of_all"] and row["theme_id"] != "all"):
            theme = _theme(scope, row)
            text = texts(
                "finding_hypothesis", theme=theme, statement=statement, found=row["in_words"], test=row["test"]
            )
            yield Finding(text, _link(row))


def _verdicts(scope: Scope, rows: list[dict[str, Any]]) -> str:
    """Return in how many areas each verdict was given, the most frequent first."""
    counted = Counter(row["verdict"] for row in rows).most_common()
    return ", ".join(scope.published.texts("finding_verdict", verdict=verdict, n_areas=n) for verdict, n in counted)


def _link(row: Row) -> str:
    return anchor_of(_HYPOTHESES, row)


def gap_finding(scope: Scope, row: Row) -> Finding:
    """Return the sentence about the gap between individual index and collective participation in one theme."""
    decimals = scope.published.decimals("quantity_id", "gap")
    # "Below" turns the sign of the difference, so it turns and swaps the ends of the interval too.
    ends = {"ci_lower": -row["ci_upper"], "ci_upper": -row["ci_lower"]} if direction(row) == "below" else row
    text = scope.published.texts(
        f"finding_gap_{direction(row)}",
        council=scope.label(row),
        theme=_theme(scope, row),
        points=number(abs(row["estimate"]), decimals),
        **_ends(ends, decimals),
    )
    return Finding(text, anchor_of(_HYPOTHESES, row))


def _pooled_correlates(scope: Scope) -> Iterator[Finding]:
    """Yield a sentence for each construct and outcome that is pooled; those with an association come first."""
    pooled: list[dict[str, Any]] = []
    for outcome in scope.rows(OUTCOMES_QUERY):
        rows = scope.published.rows(POOLED_QUERY, outcome=outcome["outcome_id"])
        pooled += [row for row in rows if row["council_id"] == "all" and has_interval(row)]
    for row in sorted(pooled, key=lambda row: (direction(row) == "none", -abs(row["estimate"]))):
        yield pooled_finding(scope, row)


def pooled_finding(scope: Scope, row: Row) -> Finding:
    """Return the sentence about a correlation over several councils, with its prediction interval."""
    texts, decimals = scope.published.texts, scope.published.decimals("quantity_id", "correlate")
    between = interval(texts, row, decimals, "prediction_lower", "prediction_upper")
    text = texts(
        f"finding_pooled_{_kind(row)}",
        quantity=row["quantity_label"],
        n_councils=row["n_councils"],
        estimate=number(row["estimate"], decimals),
        **_ends(row, decimals),
        **_chance(row),
    )
    # Where no association is seen, where that of another council lies is in the chart.
    predicted = ""
    if between and direction(row) != "none":
        predicted = texts(f"finding_predicted{'_wide' if says_nothing(row) else ''}", interval=between)
    return Finding(f"{text} {predicted}".strip() + _not_adjusted(scope, row), anchor_of(POOLED, row))


def _correlates(scope: Scope) -> Iterator[Finding]:
    """Yield the strongest correlations of a council whose interval excludes zero."""
    for outcome in scope.rows(OUTCOMES_QUERY):
        rows = scope.rows(_CORRELATES_QUERY, outcome=outcome["outcome_id"])
        yield from (correlate_finding(scope, row) for row in rows[:_MOST_CORRELATES])


def correlate_finding(scope: Scope, row: Row) -> Finding:
    """Return the sentence about one correlation of a council whose interval excludes zero."""
    decimals = scope.published.decimals("method_id", "pearson")
    text = scope.published.texts(
        f"finding_correlate_{_kind(row)}",
        council=scope.label(row),
        theme=_place(row),
        construct=row["construct_label"],
        outcome=row["outcome_label"].lower(),
        estimate=number(row["estimate"], decimals),
        **_ends(row, decimals),
        base=base(scope.published, CORRELATES, row),
        **_chance(row),
    )
    return Finding(text + _not_adjusted(scope, row), anchor_of(CORRELATES, row))


def _nudges(scope: Scope) -> Iterator[Finding]:
    yield from (nudge_finding(scope, row) for row in scope.rows(_NUDGES_QUERY) if has_interval(row))


def nudge_finding(scope: Scope, row: Row) -> Finding:
    """Return the sentence about the effect of a nudge, and what could have been detected if none is seen."""
    texts, decimals = scope.published.texts, scope.published.decimals("model_id", "dummies")
    text = texts(
        f"finding_nudge_{_kind(row)}",
        council=scope.label(row),
        theme=_place(row),
        contrast=row["contrast_label"],
        outcome=row["outcome_label"].lower(),
        points=number(abs(row["estimate"]), decimals),
        **_ends(row, decimals),
        **_chance(row),
    )
    detectable = row["minimum_detectable"]
    if direction(row) == "none" and detectable is not None:
        text += " " + texts("finding_detectable", points=number(detectable, decimals))
    warning = _not_adjusted(scope, row)
    if warning and row["topic_id"] == "all" and scope.published.rows(_TOPICS_QUERY, **{k: row[k] for k in _THEME_KEYS}):
        warning = " " + texts("finding_whole_theme")
    return Finding(text + warning, anchor_of(EFFECTS, row))


def _pooled_nudges(scope: Scope, rows: list[dict[str, Any]]) -> Iterator[Finding]:
    """Yield a sentence for each nudge that is pooled over the councils."""
    decimals = scope.published.decimals("quantity_id", "nudge")
    for row in rows:
        if has_interval(row):
            text = scope.published.texts(
                f"finding_pooled_nudge_{_kind(row)}",
                quantity=row["quantity_label"],
                n_councils=row["n_councils"],
                points=number(abs(row["estimate"]), decimals),
                **_ends(row, decimals),
                **_chance(row),
            )
            yield Finding(text + _not_adjusted(scope, row), anchor_of(POOLED, row))


def direction(row: Row) -> str:
    """Return on which side of zero an interval lies: "above", "below", or "none" if it holds zero."""
    if row["ci_lower"] > 0:
        return "above"
    return "below" if row["ci_upper"] < 0 else "none"


def _kind(row: Row) -> str:
    """Return the direction, with "_chance" if the p-value adjusted for the number of tests is above 0.05."""
    found, adjusted = direction(row), row["p_value_adjusted"]
    is_doubtful = found != "none" and adjusted is not None and adjusted > _SIGNIFICANCE_LEVEL
    return f"{found}_chance" if is_doubtful else found


def _not_adjusted(scope: Scope, row: Row) -> str:
    """Return the sentence that warns of a result outside every family of tests; empty if none is seen."""
    is_warned = direction(row) != "none" and row["p_value_adjusted"] is None
    return " " + scope.published.texts("finding_not_adjusted") if is_warned else ""


def _ends(row: Row, decimals: int) -> dict[str, str]:
    return {"low": number(row["ci_lower"], decimals), "high": number(row["ci_upper"], decimals)}


def _chance(row: Row) -> dict[str, str]:
    return {"p": p_value(row["p_value_adjusted"])}


def _theme(scope: Scope, row: Row) -> str:
    found = scope.published.rows("select theme_label from marts.dim_theme where theme_id = $id", id=row["theme_id"])
    return found[0]["theme_label"] if found else row["theme_id"]


def _place(row: Row) -> str:
    """Return the theme of a row, with the topic if it is about one."""
    return row["theme_label"] if row["topic_id"] == "all" else f"{row['theme_label']}: {row['topic_label']}"


def _hypotheses_table(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    texts = scope.published.texts
    columns = [
        Column(texts("page_head_hypothesis"), lambda row: row["statement"], is_number=False),
        Column(texts("page_head_area"), lambda row: _area(scope, row), is_number=False),
        Column(texts("page_head_test"), lambda row: row["test"] or "", is_number=False),
        Column(texts("page_head_verdict"), lambda row: row["verdict"] or "", is_number=False),
        Column(texts("page_head_found"), lambda row: row["in_words"] or "", is_number=False),
        Column(texts("page_head_p_adjusted"), lambda row: p_value(row["p_value_adjusted"])),
    ]
    return table_of(texts("page_hypotheses_caption"), _HYPOTHESES, rows, columns)


def _area(scope: Scope, row: Row) -> str:
    theme = scope.published.label("theme_id", "all") if row["theme_id"] == "all" else _theme(scope, row)
    return f"{scope.label(row)}, {theme}"
