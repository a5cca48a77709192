"""The paper and the warehouse: printed numbers that agree or not, the audit of the print, and the multiverse."""

from __future__ import annotations

from collections import Counter
from typing import Any

from coproduction.reporting.charts.bars import Bar, bars
from coproduction.reporting.content import Column, Figure, Scope, Section, Table, table_of
from coproduction.reporting.printed_numbers import number, p_value
from coproduction.reporting.published import Row

_COMPARISON, _AUDIT = "reports.rpt_paper_comparison", "reports.rpt_paper_audit"
_CLAIMS, _AREAS = "reports.rpt_multiverse_claims", "reports.rpt_multiverse_areas"

_COMPARISON_QUERY = """
    select * from reports.rpt_paper_comparison
    where $council is null or council_id = $council
    order by
        comparison_status in ('reproduced', 'dash_reproduced'), table_number, council_id, theme_id, topic_id,
        outcome_id, measure_id, construct_id, contrast_id
"""

_AUDIT_QUERY = """
    select * from reports.rpt_paper_audit
    where arithmetic_verdict <> 'consistent' and ($council is null or council_id = $council)
    order by
        table_number, council_id, theme_id, topic_id, outcome_id, measure_id, construct_id, contrast_id, claim_id
"""

_CLAIMS_QUERY = "select * from reports.rpt_multiverse_claims where $council is null order by outcome_id desc, claim_id"

_AREAS_QUERY = """
    select * from reports.rpt_multiverse_areas
    where $council is null or council_id = $council
    order by outcome_id desc, share_supporting, council_label, theme_label, construct_label
"""

_COUNCILS_QUERY = "select council_id from reports.rpt_paper_comparison group by all"


def paper(scope: Scope) -> Section | None:
    """Return the comparison with the paper and the audit of its print; None if the paper is about other surveys."""
    rows = scope.rows(_COMPARISON_QUERY)
    if not rows:
        return None
    texts = scope.published.texts
    counted = Counter((row["table_number"], row["comparison_status"]) for row in rows)
    bars_ = [
        Bar(_paper_bar(scope, table, status.replace("_", " ")), n, str(n))
        for (table, status), n in sorted(counted.items())
    ]
    title = texts("page_paper_bars_title")
    audit = scope.rows(_AUDIT_QUERY)
    synthetic = [texts("page_paper_synthetic")] if scope.published.is_synthetic else []
    return Section(
        "paper",
        texts("page_paper_title"),
        [texts("page_paper_lead"), *synthetic, texts("page_audit_lead")],
        figures=[Figure(title, bars("paper", title, texts("page_bars_description"), bars_))],
        tables=[_comparison_table(scope, rows), *([_audit_table(scope, audit)] if audit else [])],
    )


def _paper_bar(scope: Scope, table: str, status: str) -> str:
    texts = scope.published.texts
    if table == "text":
        return texts("page_paper_bar_text", status=status)
    return texts("page_paper_bar", table=table, status=status)


def _cell_name(scope: Scope, row: Row) -> str:
    """Return which printed number a row is about, from the labels of its keys."""
    published = scope.published
    council = published.surveys.get((row["council_id"], row["wave_id"]), {}).get("council_label", row["council_id"])
    keys = ("theme_id", "topic_id", "outcome_id", "measure_id", "construct_id", "contrast_id")
    names = [_label(scope, key, row[key]) for key in keys if row[key] not in (None, "all")]
    return ", ".join([council, *names]) if council else ", ".join(names)


def _label(scope: Scope, column: str, id_: str) -> str:
    found = scope.published.label(column, id_)
    return found if found != id_ else id_.replace("_", " ")


def _comparison_table(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    texts = scope.published.texts
    columns = [
        Column(texts("page_head_printed_cell"), lambda row: _cell_name(scope, row), is_number=False),
        Column(texts("page_head_paper_table"), lambda row: row["table_number"]),
        Column(texts("page_head_printed"), lambda row: row["printed_label"] or ""),
        Column(texts("page_head_computed"), _computed),
        Column(texts("page_head_status"), lambda row: row["comparison_status"].replace("_", " "), is_number=False),
    ]
    return table_of(texts("page_comparison_caption"), _COMPARISON, rows, columns)


def _computed(row: Row) -> str:
    if row["computed_value"] is None:
        return "-"
    return number(row["computed_value"], row["compared_decimals"] or 0) + (row["computed_stars"] or "")


def _audit_table(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    texts = scope.published.texts
    columns = [
        Column(texts("page_head_printed_cell"), lambda row: _cell_name(scope, row), is_number=False),
        Column(texts("page_head_paper_table"), lambda row: row["table_number"]),
        Column(texts("page_head_printed"), lambda row: row["printed_label"] or ""),
        Column(texts("page_head_p"), lambda row: p_value(row["p_at_n"])),
        Column(texts("page_head_verdict"), lambda row: row["interpretation"] or "", is_number=False),
        Column(texts("page_head_suggested"), lambda row: row["suggested_value"] or "", is_number=False),
    ]
    return table_of(texts("page_audit_caption"), _AUDIT, rows, columns)


def multiverse(scope: Scope) -> Section | None:
    """Return how far conclusions depend on choices of the analysis; None without such results."""
    areas, claims = scope.rows(_AREAS_QUERY), scope.rows(_CLAIMS_QUERY)
    if not areas:
        return None
    texts = scope.published.texts
    figures = [_claims_figure(scope, claims)] if claims else []
    tables = ([_claims_table(scope, claims)] if claims else []) + [_areas_table(scope, areas)]
    lead = [texts("page_multiverse_lead")]
    return Section("multiverse", texts("page_multiverse_title"), lead, figures=figures, tables=tables)


def _claims_figure(scope: Scope, rows: list[dict[str, Any]]) -> Figure:
    texts = scope.published.texts
    title = texts("page_claims_title")
    marks = [Bar(_claim(scope, row), row["share_supporting"], _per_cent(row["share_supporting"])) for row in rows]
    svg = bars("claims", title, texts("page_bars_description"), marks, full=1)
    return Figure(title, svg, note=texts("page_claims_note"))


def _claim(scope: Scope, row: Row) -> str:
    return scope.published.texts(
        "page_claim",
        construct=row["construct_label"],
        outcome=row["outcome_label"].lower(),
        conclusion=row["conclusion_label"],
        n_areas=row["n_areas"],
    )


def _per_cent(share: float | None) -> str:
    return "" if share is None else number(100 * share, 0)


def _claims_table(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    texts = scope.published.texts

    def over(sign: str) -> Column:
        head = texts(f"page_head_{sign}")
        return Column(head, lambda row: texts("page_interval", low=row[f"n_{sign}_min"], high=row[f"n_{sign}_max"]))

    columns = [
        Column(texts("page_head_claim"), lambda row: _claim(scope, row), is_number=False),
        Column(texts("page_head_n_areas"), lambda row: str(row["n_areas"])),
        Column(texts("page_head_supporting"), lambda row: _per_cent(row["share_supporting"])),
        over("positive"),
        over("negative"),
        Column(texts("page_head_n_specifications"), lambda row: number(row["n_specifications"], 0)),
    ]
    return table_of(texts("page_claims_caption"), _CLAIMS, rows, columns)


def _areas_table(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    texts = scope.published.texts
    columns = [
        Column(texts("page_head_area"), lambda row: f"{scope.label(row)}, {row['theme_label']}", is_number=False),
        Column(texts("page_head_construct"), lambda row: row["construct_label"], is_number=False),
        Column(texts("page_head_outcome"), lambda row: row["outcome_label"], is_number=False),
        Column(texts("page_head_conclusion"), lambda row: row["conclusion_label"] or "", is_number=False),
        Column(texts("page_head_supporting"), lambda row: _per_cent(row["share_supporting"])),
        Column(texts("page_head_n_specifications"), lambda row: number(row["n_specifications"], 0)),
    ]
    # The page of a council has no chart of them, so its table is open, in print too.
    is_open = scope.council_id is not None
    return table_of(texts("page_multiverse_caption"), _AREAS, rows, columns, is_open)
