"""What `coproduction levels` prints of a table of levels."""

from pathlib import Path

import duckdb

from coproduction.cli.warehouse_text import levels_table


def test_two_councils_with_one_label_have_a_row_each():
    levels = [("north", "Hill", 61), ("south", "Hill", 68)]
    with duckdb.connect() as connection:
        connection.execute("create schema reports")
        connection.execute(
            "create table reports.rpt_levels (council_id text, council_label text, estimate_label text, wave_id text, "
            "theme_id text, theme_label text, topic_id text, breakdown_id text, weighting_id text, measure_id text, "
            "is_withheld boolean, provenance text)"
        )
        for council_id, label, level in levels:
            connection.execute(
                "insert into reports.rpt_levels values (?, ?, ?, 'wave_1', 'health', 'Health', 'all', 'all', "
                "'unweighted', 'individual_index', false, 'real')",
                [council_id, label, str(level)],
            )
        made = levels_table(connection, Path("coproduction.duckdb"))
    assert [list(map(str, column.cells)) for column in made.columns][:3] == [
        ["Hill", "Hill"],
        ["Health", "Health"],
        ["61", "68"],
    ]
