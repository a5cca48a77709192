"""The tables for BI tools: each cell is a cell of a published report, and no row is a total or a part of another."""

import json
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from building import PROJECT
from coproduction.build.record import nodes_of_kind
from coproduction.publishing.bi.bi_tables import Measure, bi_tables
from coproduction.publishing.plan import PublishedTable, tables_to_publish
from coproduction.publishing.snapshot import fill
from workbench.bi_documents import tables_of_codebook

SURVEY = ["council_id", "wave_id", "theme_id"]
QUESTION = [*SURVEY, "topic_id", "respondent_role", "construct_id", "column_name", "scale_id"]
LEVEL = {"pct": "estimate", "value": "estimate", "low": "ci_lower", "high": "ci_upper", "base": "n_respondents"}
EFFECT = {"points": "estimate", "low": "ci_lower", "high": "ci_upper", "stars": "stars", "p": "headline_p_value",
          "p_adjusted": "p_value_adjusted", "detectable": "minimum_detectable", "arm_base": "n_arm",
          "control_base": "n_control"}  # fmt: skip
CHANGE = {"earlier": "earlier_level", "later": "later_level", "change": "estimate", "low": "ci_lower",
          "high": "ci_upper", "stars": "stars", "p": "p_value", "p_adjusted": "p_value_adjusted",
          "base": "n_respondents"}  # fmt: skip
CORRELATION = {"r": "estimate", "low": "ci_lower", "high": "ci_upper", "stars": "stars",
               "p_adjusted": "p_value_adjusted", "base": "n_respondents"}  # fmt: skip
BREAKDOWNS = ("age_band", "ethnicity", "gender")

# Of each table: the report, the rows of the report in pandas' words, the keys, the column of the quantity, the columns.
TABLES = {
    "bi_levels": ("rpt_levels", "topic_id == 'all' and breakdown_id == 'all'", SURVEY, "measure_id", LEVEL),
    "bi_topic_levels": ("rpt_levels", "topic_id != 'all' and breakdown_id == 'all'", [*SURVEY, "topic_id"],
                        "measure_id", LEVEL),
    "bi_questions": ("rpt_answer_shares", "statistic_id != 'share' and breakdown_id == 'all'", QUESTION,
                     "statistic_id", LEVEL),
    "bi_answer_shares": ("rpt_answer_shares", "statistic_id == 'share' and breakdown_id == 'all'",
                         [*QUESTION, "answer_order"], "statistic_id", LEVEL),
    "bi_correlates": ("rpt_correlates", "method_id == 'pearson'", [*SURVEY, "topic_id", "construct_id"], "outcome_id",
                      CORRELATION),
    "bi_nudges": ("rpt_nudge_effects", "model_id == 'dummies' and topic_id == 'all'", [*SURVEY, "contrast_id"],
                  "outcome_id", EFFECT),
    "bi_topic_nudges": ("rpt_nudge_effects", "model_id == 'dummies' and topic_id != 'all'",
                        [*SURVEY, "topic_id", "contrast_id"], "outcome_id", EFFECT),
    "bi_changes": ("rpt_changes", "is_headline and comparison_id == 'neighbours' and topic_id == 'all'",
                   [*SURVEY, "earlier_wave_id"], "measure_id", CHANGE),
    "bi_topic_changes": ("rpt_changes", "is_headline and comparison_id == 'neighbours' and topic_id != 'all'",
                         [*SURVEY, "topic_id", "earlier_wave_id"], "measure_id", CHANGE),
}  # fmt: skip
for name in BREAKDOWNS:
    TABLES[f"bi_levels_by_{name}"] = (
        "rpt_levels", f"topic_id == 'all' and breakdown_id == '{name}'", [*SURVEY, "group_label"], "measure_id", LEVEL,
    )  # fmt: skip
    TABLES[f"bi_answer_shares_by_{name}"] = (
        "rpt_answer_shares", f"statistic_id == 'share' and breakdown_id == '{name}'",
        [*QUESTION, "group_label", "answer_order"], "statistic_id", LEVEL,
    )  # fmt: skip
SHARED = ["built", *(pytest.param(name, marks=pytest.mark.slow) for name in ("small", "town"))]


@pytest.fixture(params=SHARED)
def reader(request):
    project = request.getfixturevalue(request.param)
    with duckdb.connect(str(project.warehouse_path.with_name("published.duckdb")), read_only=True) as connection:
        yield connection


def cells_of_report(connection, report, is_row, keys, id_column, columns):
    """Every cell that the table has to have, by the row's keys and the column's name, from the published report."""
    rows = connection.execute(f"from reports.{report}").df().rename(columns={"breakdown_value": "group_label"})
    rows = rows.query(is_row) if len(rows) else rows
    cells = {}
    for row in rows.to_dict("records"):
        weighted = "_weighted" if row["weighting_id"] == "weighted" else ""
        for suffix, column in columns.items():
            key = (*(row[name] for name in keys), f"{row[id_column]}{weighted}_{suffix}")
            assert key not in cells, key
            cells[key] = row[column]
    return cells


def test_every_cell_is_a_cell_of_the_published_report_and_all_of_them_are_there(reader):
    tables = {
        name for (name,) in reader.execute("select table_name from duckdb_tables() where schema_name = 'bi'").fetchall()
    }
    assert tables == TABLES.keys()
    found = [all_cells_agree(reader, name) for name in TABLES]
    assert sum(n_cells for n_cells, _ in found) > 1000
    assert sum(n_empty for _, n_empty in found) > 0


def all_cells_agree(reader, name):
    """Compare every cell of a table with the report; return the number of cells that have a value and of empty ones."""
    report, is_row, keys, id_column, columns = TABLES[name]
    expected = cells_of_report(reader, report, is_row, keys, id_column, columns)
    frame = reader.execute(f"from bi.{name}").df()
    assert not frame.duplicated(keys).any(), name
    assert set(frame[keys].itertuples(index=False, name=None)) == {key[:-1] for key in expected}, name
    of_quantities = [column for column in frame if column.endswith(tuple(f"_{suffix}" for suffix in columns))]
    names = {key[-1] for key in expected}
    n_cells = n_empty = 0
    for row in frame.to_dict("records"):
        key = tuple(row[column] for column in keys)
        for column in of_quantities:
            cell, truth = row[column], expected.get((*key, column))
            assert cell == truth or (pd.isna(cell) and pd.isna(truth)), (name, key, column)
            n_cells, n_empty = n_cells + pd.notna(cell), n_empty + (column in names and pd.isna(cell))
    # A mean has one unit and a level another: a quantity has one of the two columns.
    missing = {column for column in names - set(of_quantities) if not column.endswith(("_pct", "_value"))}
    assert not missing, (name, missing)
    return n_cells, n_empty


def test_what_is_withheld_is_empty_and_named(reader):
    for name, (report, is_row, keys, id_column, _) in TABLES.items():
        label = f"{id_column.removesuffix('_id')}_label"
        rows = reader.execute(f"from reports.{report}").df().rename(columns={"breakdown_value": "group_label"})
        rows = rows.query(f"({is_row}) and is_withheld") if len(rows) else rows
        named = {
            key: "; ".join(sorted(set(group[label]))) for key, group in rows.groupby(keys, dropna=False) if len(group)
        }
        frame = reader.execute(f"from bi.{name}").df()
        found = {
            tuple(row[column] for column in keys): row["withheld"]
            for row in frame.to_dict("records")
            if pd.notna(row["withheld"])
        }
        assert found == named, name


def test_a_tool_that_averages_by_the_keys_of_a_row_gets_the_published_figure(built):
    with duckdb.connect(str(built.warehouse_path.with_name("published.duckdb")), read_only=True) as connection:
        index = "theme_id = 'community_safety' and council_id = 'barnet'"
        (long,), (narrow, summed) = (
            connection.execute(f"select avg(estimate) from reports.rpt_levels where {index}").fetchone(),
            connection.execute(
                f"select avg(individual_index_pct), sum(individual_index_pct) from bi.bi_levels where {index}"
            ).fetchone(),
        )
    assert narrow == summed == 44
    assert long < 30


def test_dates_are_dates(reader):
    types = reader.execute(
        "select distinct data_type from duckdb_columns() where schema_name = 'bi' and column_name like 'fieldwork_%'"
    ).fetchall()
    assert types == [("DATE",)]


@pytest.fixture(scope="module")
def changes(waves_built, tmp_path_factory):
    """What publication would write of the waves: the project with waves builds some reports only."""
    manifest = json.loads((waves_built.directory / "target" / "manifest.json").read_text(encoding="utf-8"))
    tables = [
        table
        for table in tables_to_publish(nodes_of_kind(manifest, "model"), with_respondents=False)
        if table.name in ("rpt_changes", "rpt_waves")
    ]
    folder = tmp_path_factory.mktemp("changes")
    with duckdb.connect(str(shutil.copy(waves_built.warehouse_path, folder))) as connection:
        ids = connection.execute("select distinct measure_id from reports.rpt_changes").fetchall()
        measures = [Measure(id_, id_, "per cent", is_outcome=False, is_in_per_cent=True) for (id_,) in ids]
        connection.execute(f"attach '{folder / 'new.duckdb'}' as new")
        fill(connection, "new", tables, [], 10, bi=bi_tables(measures, [], has_weights=False))
        connection.execute("use new")
        yield connection


def test_changes_are_those_since_the_wave_before_with_the_dates_of_the_wave(changes):
    names = [
        name
        for (name,) in changes.execute("select distinct name from (show all tables) where schema = 'bi'").fetchall()
    ]
    assert sorted(names) == ["bi_changes", "bi_topic_changes"]
    assert [all_cells_agree(changes, name)[0] > 10 for name in sorted(names)] == [True, False]
    dates = "wave_label, wave_order, fieldwork_start, fieldwork_end"
    found = changes.execute(f"select distinct council_id, wave_id, {dates} from bi.bi_changes").fetchall()
    waves = changes.execute(f"select council_id, wave_id, {dates} from reports.rpt_waves").fetchall()
    assert {*found} <= {*waves}
    assert any(start for *_, start, _ in found)
    pairs = changes.execute("select comparison_id, count(*) from reports.rpt_changes group by all").fetchall()
    assert dict(pairs)["last_and_first"] > 0
    orders = """
        select distinct later.wave_order - earlier.wave_order from bi.bi_changes as later
        inner join reports.rpt_waves as earlier
            on later.council_id = earlier.council_id and later.earlier_wave_id = earlier.wave_id
    """
    assert changes.execute(orders).fetchall() == [(1,)]


def test_an_answer_lies_where_it_lies_whichever_way_the_question_is_worded(built):
    with duckdb.connect(str(built.warehouse_path.with_name("published.duckdb")), read_only=True) as connection:
        answers = connection.execute(
            "select answer_name, position, answer_score from bi.bi_answer_shares "
            "where council_id = 'derbyshire_dales' and column_name = 'EnvE_little' order by position"
        ).fetchall()
        upright = connection.execute(
            "select min(position), max(position), corr(position, answer_score) from bi.bi_answer_shares "
            "where not is_reversed and construct_id = 'conditions'"
        ).fetchone()
        without = connection.execute(
            "select count(position) from bi.bi_answer_shares where construct_id in ('gender', 'ethnicity', 'age')"
        ).fetchone()
    assert [name for name, _, _ in answers] == [
        "Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree",
    ]  # fmt: skip
    assert [position for _, position, _ in answers] == [0, 0.25, 0.5, 0.75, 1]
    assert upright == (0, 1, pytest.approx(1))
    assert without == (0,)


def test_every_table_and_column_is_described_in_the_file(reader):
    tables = reader.execute(
        "select schema_name, table_name, comment from duckdb_tables() where not internal"
    ).fetchall()
    columns = reader.execute(
        "select schema_name, table_name, column_name, comment from duckdb_columns() where not internal"
    ).fetchall()
    assert [name for *name, comment in [*tables, *columns] if not comment] == []
    bases = [comment for schema, _, name, comment in columns if schema == "bi" and name.endswith("_base")]
    assert all("Rounded down to a multiple of 10." in comment for comment in bases)
    assert len(bases) > 50


def test_the_pages_list_the_tables_and_columns_that_are_built(built):
    listed = {(table.name, column) for table in tables_of_codebook(PROJECT) for column in table.column_names}
    with duckdb.connect(str(built.warehouse_path.with_name("published.duckdb")), read_only=True) as connection:
        found = connection.execute("select table_name, column_name from duckdb_columns() where schema_name = 'bi'")
        assert set(found.fetchall()) == listed


def test_measures_weights_and_breakdowns_of_the_codebook_make_the_columns_and_tables():
    measures = [
        Measure("trust", "Trust", "score 1 to 5", is_outcome=False, is_in_per_cent=False),
        Measure("joins", "Joins", "per cent", is_outcome=True, is_in_per_cent=True),
    ]
    tables = {table.name: table for table in bi_tables(measures, ["tenure"], has_weights=True)}
    assert {"bi_levels_by_tenure", "bi_answer_shares_by_tenure"} <= tables.keys()
    assert "bi_levels_by_gender" not in tables
    levels = tables["bi_levels"].column_names
    assert {"trust_value", "trust_weighted_value", "joins_pct", "joins_weighted_low"} <= set(levels)
    assert not {"trust_pct", "joins_value"} & set(levels)
    assert {"joins_r", "joins_weighted_r"} <= set(tables["bi_correlates"].column_names)
    assert not [name for name in tables["bi_nudges"].column_names if name.startswith("trust")]
    assert not [name for name in tables["bi_changes"].column_names if "weighted" in name]


def test_a_table_whose_report_is_not_published_is_not_made(tmp_path: Path):
    waves = PublishedTable("reports", "rpt_waves", (), (), (), "Waves.", {"council_id": "C.", "wave_id": "W."})
    bi = bi_tables([], [], has_weights=False)
    with duckdb.connect() as connection:
        connection.execute(
            "create schema reports; create table reports.rpt_waves as select 'a' council_id, 'b' wave_id"
        )
        connection.execute(f"attach '{tmp_path / 'new.duckdb'}' as new")
        facts = fill(connection, "new", [waves], [], 10, bi=bi)
    assert [fact.item for fact in facts] == ["reports.rpt_waves"]
