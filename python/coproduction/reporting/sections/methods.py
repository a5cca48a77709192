"""Methods and provenance: measures, rules, families of tests, and the facts about the build."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coproduction.reporting.content import Column, Scope, Section, Table, table_of
from coproduction.reporting.published import Row

_MEASURES_QUERY = "select * from marts.dim_measure order by is_outcome desc, measure_label"
_FAMILIES_QUERY = (
    "select * from reports.rpt_families order by study_id = 'all', study_label, family_label, weighting_id"
)
_MANIFEST_QUERY = """
    select * from publication.manifest
    where part_id in ('build', 'tool', 'export', 'input')
    order by part_id, item
"""
_GUARDS_QUERY = "select count(*) as n from publication.manifest where part_id = 'guard'"


def methods(scope: Scope) -> Section:
    """Return the section about methods and provenance, equal on all pages but for the tests of families."""
    published, texts = scope.published, scope.published.texts
    build = published.build
    n_guards = published.rows(_GUARDS_QUERY)[0]["n"]
    lead = [
        texts("page_methods_interval"),
        texts("page_methods_stars"),
        texts("page_methods_withheld", minimum_base=build.get("minimum_base", "")),
        texts("page_methods_rounded", minimum_base=build.get("minimum_base", "")),
        texts("page_methods_built", published_at=published.published_at, n_guards=n_guards),
    ]
    tables = [_measures(scope, published.rows(_MEASURES_QUERY))]
    families = published.rows(_FAMILIES_QUERY)
    if families and scope.council_id is None:
        tables.append(_families(scope, families))
    tables.append(_manifest(scope, published.rows(_MANIFEST_QUERY)))
    return Section("methods", texts("page_methods_title"), lead, tables=tables)


def _text(name: str) -> Callable[[Row], str]:
    return lambda row: str(row[name] if row[name] is not None else "")


def _measures(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    texts = scope.published.texts
    columns = [
        Column(texts("page_head_measure"), _text("measure_label"), is_number=False),
        Column(texts("page_head_construct"), _text("construct_id"), is_number=False),
        Column(texts("page_head_kind"), lambda row: texts(f"page_kind_{row['kind']}"), is_number=False),
        Column(texts("page_head_counts"), lambda row: (row["counts_answer"] or "").replace("_", " "), is_number=False),
        Column(texts("page_head_unit"), _text("unit_label"), is_number=False),
    ]
    return table_of(texts("page_measures_caption"), "marts.dim_measure", rows, columns)


def _families(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    texts = scope.published.texts
    columns = [
        Column(texts("page_head_study"), _text("study_label"), is_number=False),
        Column(texts("page_head_family"), _text("family_label"), is_number=False),
        Column(texts("page_head_weighting"), _text("weighting_id"), is_number=False),
        Column(texts("page_head_adjustment"), _text("adjustment_label"), is_number=False),
        Column(texts("page_head_found"), _text("in_words"), is_number=False),
    ]
    return table_of(texts("page_families_caption"), "reports.rpt_families", rows, columns)


def _manifest(scope: Scope, rows: list[dict[str, Any]]) -> Table:
    texts = scope.published.texts
    columns = [
        Column(texts("page_head_fact"), _text("item"), is_number=False),
        Column(texts("page_head_part"), _text("part_id"), is_number=False),
        Column(texts("page_head_value"), _text("value"), is_number=False),
    ]
    return table_of(texts("page_manifest_caption"), "publication.manifest", rows, columns)
