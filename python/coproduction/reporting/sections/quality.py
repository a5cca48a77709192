"""The quality of the data, and what is withheld and why."""

from __future__ import annotations

from typing import Any

from coproduction.reporting.charts.bars import Bar, bars
from coproduction.reporting.content import Cell, Column, Figure, Scope, Section, Table, TableRow, table_of
from coproduction.reporting.printed_numbers import base, number

_EXPORTS, _CELLS = "reports.rpt_exports", "quality.answer_reconciliation"
_FLAGS, _TOLERATED, _WEIGHTS = "reports.rpt_respondent_quality", "reports.rpt_tolerated_answers", "reports.rpt_weights"

_EXPORTS_QUERY = """
    select * from reports.rpt_exports
    where $council is null or council_id = $council
    order by council_label, wave_id, export_id
"""
_CELLS_QUERY = """
    select cells.* from quality.answer_reconciliation as cells
    inner join reports.rpt_exports using (export_id)
    where $council is null or council_id = $council
    order by export_id
"""
_FLAGS_QUERY = """
    select * from reports.rpt_respondent_quality
    where ($council is null or council_id = $council) and (n_flagged > 0 or is_withheld)
    order by flag_label, council_label, wave_id, theme_label, outcome_label
"""
_TOLERATED_QUERY = """
    select * from reports.rpt_tolerated_answers
    where $council is null or council_id = $council
    order by export_id, column_name, label_number
"""
_WEIGHTS_QUERY = """
    select * from reports.rpt_weights
    where $council is null or council_id = $council
    order by council_label, wave_id
"""


def quality(scope: Scope) -> Section:
    """Return the section about files, cells, flags and what is withheld."""
    texts = scope.published.texts
    withheld = _withheld(scope)
    tables = [table for table in (_exports(scope), _cells(scope), _flags(scope)) if table]
    tables += [table for table in (_tolerated(scope), _weights(scope)) if table]
    figures = [_withheld_figure(scope, withheld)] if withheld else []
    minimum = scope.published.build.get("minimum_base", "")
    return Section(
        "quality",
        texts("page_quality_title"),
        [texts("page_quality_lead"), texts("page_withheld_lead", minimum_base=minimum)],
        figures=figures,
        tables=[*tables, *([_withheld_table(scope, withheld)] if withheld else [])],
    )


def _withheld(scope: Scope) -> list[dict[str, Any]]:
    """Return how many rows of each report are withheld, by the published reason, and of how many."""
    found = []
    for name, columns in scope.published.columns.items():
        if name.startswith("reports.") and {"is_withheld", "withheld_reason", "council_id"} <= set(columns):
            query = f"""
                select
                    '{name}' as report,
                    coalesce(withheld_reason, '') as reason,
                    count(*) filter (is_withheld) as n_rows,
                    sum(count(*)) over ()::bigint as n_all
                from {name}
                where $council is null or council_id = $council
                group by withheld_reason
                qualify n_rows > 0
                order by reason
            """
            found += scope.rows(query)
    return found


def _withheld_figure(scope: Scope, rows: list[dict[str, Any]]) -> Figure:
    texts = scope.published.texts
    title = texts("page_withheld_title")
    marks = [
        Bar(f"{row['report'].split('.')[1]}: {row['reason']}", row["n_rows"] / row["n_all"], _of_all(scope, row))
        for row in rows
    ]
    return Figure(title, bars("withheld", title, texts("page_bars_description"), marks, full=1))


def _of_all(scope: Scope, row: dict[str, Any]) -> str:
    return scope.published.texts("page_withheld_bar", n_rows=f"{row['n_rows']:,}", n_all=f"{row['n_all']:,}")


def _withheld_table(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    """Return the numbers of withheld rows; they are about no single row, so each row names its report."""
    texts = scope.published.texts
    heads = [texts(f"page_head_{name}") for name in ("report", "reason", "n_rows", "n_rows_all")]
    made = []
    for row in rows:
        numbers = [Cell(f"{row[name]:,}", True) for name in ("n_rows", "n_all")]
        made.append(TableRow("", [Cell(row["report"]), Cell(row["reason"]), *numbers], row["report"]))
    return Table(texts("page_withheld_title"), "reports.rpt_levels", heads, made)


def _exports(scope: Scope) -> Table | None:
    published, texts = scope.published, scope.published.texts
    rows = scope.rows(_EXPORTS_QUERY)
    columns = [
        Column(texts("page_head_export"), lambda row: row["export_id"], is_number=False),
        Column(texts("page_head_role"), lambda row: row["respondent_role"], is_number=False),
        Column(texts("page_head_n_respondents"), lambda row: base(published, _EXPORTS, row)),
        Column(texts("page_head_n_excluded"), lambda row: base(published, _EXPORTS, row, "n_excluded")),
        Column(
            texts("page_head_state"),
            lambda row: row["reason"] or texts("page_included" if row["is_included"] else "page_not_included"),
            is_number=False,
        ),
        Column(texts("page_head_provenance"), lambda row: row["provenance"], is_number=False),
    ]
    return table_of(texts("page_exports_caption"), _EXPORTS, rows, columns, is_open=True) if rows else None


def _cells(scope: Scope) -> Table | None:
    texts = scope.published.texts
    rows = scope.rows(_CELLS_QUERY)

    def of(name: str) -> Column:
        return Column(texts(f"page_head_{name}"), lambda row: f"{row[name]:,}")

    columns = [Column(texts("page_head_export"), lambda row: row["export_id"], is_number=False)]
    columns += [of(name) for name in ("n_valid", "n_missing_kinds", "n_uncoded", "n_unclaimed")]
    columns += [of(name) for name in ("n_not_loaded", "n_identifier")]
    return table_of(texts("page_cells_caption"), _CELLS, rows, columns) if rows else None


def _flags(scope: Scope) -> Table | None:
    published, texts = scope.published, scope.published.texts
    rows = scope.rows(_FLAGS_QUERY)
    columns = [
        Column(texts("page_head_flag"), lambda row: row["flag_label"], is_number=False),
        Column(texts("page_head_area"), lambda row: f"{scope.label(row)}, {row['theme_label']}", is_number=False),
        Column(texts("page_head_outcome"), lambda row: row["outcome_label"], is_number=False),
        Column(texts("page_head_n_flagged"), lambda row: base(published, _FLAGS, row, "n_flagged")),
        Column(texts("page_head_level_with"), lambda row: number(row["level_with"], 0) or texts("page_withheld")),
        Column(texts("page_head_level_without"), lambda row: number(row["level_without"], 0)),
    ]
    return table_of(texts("page_flags_caption"), _FLAGS, rows, columns) if rows else None


def _tolerated(scope: Scope) -> Table | None:
    published, texts = scope.published, scope.published.texts
    rows = scope.rows(_TOLERATED_QUERY)
    columns = [
        Column(texts("page_head_export"), lambda row: row["export_id"], is_number=False),
        Column(texts("page_head_question"), lambda row: row["column_name"], is_number=False),
        Column(texts("page_head_n_tolerated"), lambda row: base(published, _TOLERATED, row, "n_tolerated")),
        Column(texts("page_head_reason"), lambda row: row["reason"] or "", is_number=False),
    ]
    return table_of(texts("page_tolerated_caption"), _TOLERATED, rows, columns) if rows else None


def _weights(scope: Scope) -> Table | None:
    published, texts = scope.published, scope.published.texts
    rows = scope.rows(_WEIGHTS_QUERY)
    columns = [
        Column(texts("page_head_survey"), scope.label, is_number=False),
        Column(texts("page_head_weight_source"), lambda row: row["weight_source"] or row["reason"], is_number=False),
        Column(texts("page_head_base"), lambda row: base(published, _WEIGHTS, row, "n_weighted")),
        Column(texts("page_head_n_effective"), lambda row: number(row["n_effective"], 0)),
        Column(texts("page_head_design_effect"), lambda row: number(row["design_effect"], 2)),
    ]
    return table_of(texts("page_weights_caption"), _WEIGHTS, rows, columns) if rows else None
