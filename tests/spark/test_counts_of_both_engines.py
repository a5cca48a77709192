"""The same models on Spark give the tables that they give on DuckDB, row by row."""

from __future__ import annotations

from coproduction.spark.catalogue import quoted
from same_tables import differences_of


def test_every_table_from_the_exports_to_the_counts_is_the_same(both_ways):
    counted = both_ways.counted
    session = counted.catalogue.session
    session.execute(f"attach '{both_ways.built.warehouse_path}' as built (read_only)")
    different, n_rows = [], {}
    for key in counted.manifest.on_spark:
        node = counted.manifest.nodes[key]
        if node.is_view:
            continue
        columns = ", ".join(map(quoted, counted.catalogue.columns(node)))
        there, here = (
            f"select {columns} from {database}.{quoted(node.schema)}.{quoted(node.name)}"
            for database in ("built", quoted(node.database))
        )
        only_there, only_here, n_rows[node.name] = session.execute(
            f"select (select count(*) from ({there} except all {here})),"
            f" (select count(*) from ({here} except all {there})), (select count(*) from ({there}))"
        ).fetchall()[0]
        if only_there or only_here:
            different.append(f"{node.schema}.{node.name}: {only_there} rows only in DuckDB, {only_here} only in Spark")
    session.execute("detach built")
    assert not different
    assert n_rows["cnt_levels"] > 100


def test_the_results_from_the_counts_of_spark_are_the_same(both_ways):
    from coproduction.spark.handing import hand_over_parts

    project = both_ways.spark
    hand_over_parts(project.directory, both_ways.counted, {})
    build = project.run("coproduction", "build", "--changed")
    assert build.succeeded, build.output
    assert "Nothing has changed" in build.output, "the parts of Spark were not taken"
    assert differences_of(both_ways.built.warehouse_path, project.warehouse_path) == []
