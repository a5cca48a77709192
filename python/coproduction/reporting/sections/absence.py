"""Evidence of absence: which effects and correlations are too small to matter, where a study said what would matter."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from coproduction.reporting.content import Column, Scope, Section, Table, table_of
from coproduction.reporting.printed_numbers import interval, missing, number, p_value
from coproduction.reporting.published import Row

VERDICTS = "reports.rpt_equivalence"

_QUERY = """
    select * from reports.rpt_equivalence
    where weighting_id = 'unweighted' and ($council is null or council_id = $council)
    order by
        quantity_id desc, outcome_label desc, outcome_id, theme_label, theme_id, council_label, wave_id,
        topic_id <> 'all', topic_label, contrast_label, construct_label
"""


def absence(scope: Scope) -> Section | None:
    """Return the verdicts on effects and correlations; None where no study declared a smallest effect."""
    rows = scope.rows(_QUERY) if scope.published.has(VERDICTS) else []
    if not rows:
        return None
    texts = scope.published.texts
    tables = [
        _table(scope, str(quantity_id), list(of_quantity))
        for quantity_id, of_quantity in groupby(rows, lambda row: row["quantity_id"])
    ]
    return Section("absence", texts("page_absence_title"), [texts("page_absence_lead")], tables=tables)


def _table(scope: Scope, quantity_id: str, rows: list[dict[str, Any]]) -> Table:
    published, texts = scope.published, scope.published.texts
    decimals = published.decimals("quantity_id", quantity_id)
    is_nudge = quantity_id == "nudge"
    head = texts("page_head_contrast") if is_nudge else texts("page_head_construct")
    caption = texts("page_absence_nudges_caption") if is_nudge else texts("page_absence_correlates_caption")

    def place(row: Row) -> str:
        return f"{row['theme_label']}, {scope.named(row, row['topic_label'])}"

    columns = [
        Column(texts("page_head_area"), place, is_number=False),
        Column(texts("page_head_outcome"), lambda row: row["outcome_label"], is_number=False),
        Column(head, lambda row: row["contrast_label"] or row["construct_label"], is_number=False),
        Column(texts("page_head_estimate"), lambda row: number(row["estimate"], decimals) or missing(texts, row)),
        Column(texts("page_head_smallest"), lambda row: number(row["smallest_effect"], decimals)),
        Column(texts("page_head_interval_90"), lambda row: interval(texts, row, decimals, "ci90_lower", "ci90_upper")),
        Column(texts("page_head_p_tost"), lambda row: p_value(row["p_value_tost"])),
        Column(texts("page_head_verdict"), lambda row: row["verdict"] or missing(texts, row), is_number=False),
    ]
    return table_of(caption, VERDICTS, rows, columns)
