"""What runs on Spark, and what may not: a table that a macro reads before Spark has computed it."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("sqlglot", reason="sqlglot is not installed: run make spark")

from coproduction.spark.lineage import Manifest


def _manifest(tmp_path, code_of_count: str) -> Manifest:
    def node(kind: str, schema: str, name: str, parents: list[str], code: str = "") -> dict[str, object]:
        return {
            "resource_type": kind, "schema": schema, "name": name, "database": "w", "config": {"meta": {}},
            "compiled_code": code, "depends_on": {"nodes": parents}, "unique_id": name,
        }  # fmt: skip

    nodes = {
        "answers": node("seed", "codebook", "answers", []),
        "town": node("seed", "raw", "town", []),
        "stg_codes": node("model", "staging", "stg_codes", ["answers"]),
        "stg_coded": node("model", "staging", "stg_coded", ["town", "stg_codes"], 'select 1 from "w"."raw"."town"'),
        "int_rows": node("model", "intermediate", "int_rows", ["stg_coded"], 'select 1 from "w"."staging"."stg_coded"'),
        "cnt_rows": node("model", "counts", "cnt_rows", ["int_rows", "stg_codes", "stg_coded"], code_of_count),
        "est_rows": node("model", "estimates", "est_rows", ["cnt_rows"]),
    }
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return Manifest.read(path)


READS_BOTH = 'select 1 from "w"."intermediate"."int_rows", "w"."staging"."stg_coded"'


def test_what_descends_from_an_export_runs_on_spark_in_order_up_to_the_counts(tmp_path):
    manifest = _manifest(tmp_path, READS_BOTH)
    assert manifest.on_spark == ["stg_coded", "int_rows", "cnt_rows"]
    assert manifest.given == ["answers", "stg_codes", "town"]


def test_a_table_of_spark_may_not_be_read_while_models_are_compiled(tmp_path):
    """The query would have been made from an empty table, and its counts would be too small without a word."""
    assert _manifest(tmp_path, READS_BOTH).read_too_early("cnt_rows") == []
    only_compiling = '-- depends_on: "w"."staging"."stg_coded"\nselect 1 from "w"."intermediate"."int_rows"'
    assert _manifest(tmp_path, only_compiling).read_too_early("cnt_rows") == ["staging.stg_coded"]
