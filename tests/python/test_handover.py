"""Exact sums on their way from DuckDB to Python: the nearest double, and nothing else changes."""

import random

import duckdb
import numpy as np
import pytest

from coproduction.build.handover import in_pieces, to_frame

WHOLE = [random.Random(seed).randrange(10**23, 10**38) for seed in range(5_000)]


@pytest.mark.parametrize("sql_type", ["decimal(38, 0)", "hugeint"])
def test_every_exact_sum_becomes_the_nearest_double(sql_type):
    rows = ", ".join(f"({place}, '{whole}')" for place, whole in enumerate(WHOLE))
    with duckdb.connect() as connection:
        exact = connection.sql(
            f"select place, cast(whole as {sql_type}) as total from (values {rows}) as sums (place, whole) "
            "order by place"
        )
        found, by_duckdb = to_frame(exact), exact.df()
    expected = np.array([float(whole) for whole in WHOLE])
    assert found.columns.to_list() == ["place", "total"]
    assert (found["total"].to_numpy() == expected).all()
    # Not all of those that DuckDB converts itself are the nearest.
    assert 0 < (by_duckdb["total"].to_numpy() != expected).sum() < len(WHOLE) / 20


def test_nulls_other_types_and_odd_names_stay_as_they_are():
    with duckdb.connect() as connection:
        rows = connection.sql(
            "select 'a' as kind, null::decimal(38, 0) as \"sum of all\", 0.1::decimal(5, 2) as tenth, "
            "0.1::double as number, 3 as n, true as is_so"
        )
        found = to_frame(rows).iloc[0]
        nothing = to_frame(rows.limit(0))
    assert np.isnan(found["sum of all"])
    assert found["tenth"] == found["number"] == 0.1
    assert (found["kind"], found["n"], found["is_so"]) == ("a", 3, True)
    assert nothing.empty and nothing["sum of all"].dtype == np.float64


def test_one_piece_after_the_other_is_handed_over_and_no_row_is_lost():
    with duckdb.connect() as connection:
        rows = connection.sql(
            "select * from (values ('b', 'x', 1), ('o''hara', 'x', 2), ('b', 'y', 3), ('b', 'x', 4)) "
            "as rows (council_id, wave_id, n)"
        )
        found = {
            n_rows: [
                frame["n"].sort_values().to_list() for frame in in_pieces(rows, "council_id", "wave_id", n_rows=n_rows)
            ]
            for n_rows in (1, 2, 3, 4)
        }
        nothing = list(in_pieces(rows.limit(0), "council_id"))
    assert found == {1: [[1, 4], [3], [2]], 2: [[1, 4], [2, 3]], 3: [[1, 3, 4], [2]], 4: [[1, 2, 3, 4]]}
    assert nothing == []
