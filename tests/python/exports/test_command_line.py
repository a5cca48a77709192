"""The command line finds mistakes before a build and shows what a build made, without ever writing to it."""

import subprocess
import sys

import duckdb
import pytest

from coproduction.cli import main

EXPORT = "seeds/exports/riverside.csv"

# theme, topic, breakdown, weighting, measure, label, is_withheld
LEVELS = [
    ("Health", "all", "all", "unweighted", "individual_index", "46", False),
    ("Health", "all", "all", "unweighted", "collective_participation", "16", False),
    ("Health", "all", "all", "weighted", "individual_index", "66", False),
    ("Health", "all", "age_band", "unweighted", "individual_index", "77", False),
    ("Health", "own_health", "all", "unweighted", "individual_index", "88", False),
    ("Health", "all", "all", "unweighted", "collective_often", "99", False),
    ("Wellbeing", "all", "all", "unweighted", "individual_index", None, True),
]


@pytest.fixture
def warehouse(tmp_path, monkeypatch):
    path = tmp_path / "built.duckdb"
    monkeypatch.setenv("COPRODUCTION_WAREHOUSE", str(path))
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema reports; create schema staging; create schema marts")
        connection.execute("create table staging.stg_exports as select 'riverside' export_id, 'synthetic' provenance")
        connection.execute("create table marts.dim_respondent as from range(1234); create view marts.v as select 1")
        connection.execute(
            "create table reports.rpt_levels (theme_label text, topic_id text, breakdown_id text, weighting_id text, "
            "measure_id text, estimate_label text, is_withheld boolean, council_label text default 'Riverside', "
            "wave_id text default 'wave_1', provenance text default 'synthetic')"
        )
        columns = "theme_label, topic_id, breakdown_id, weighting_id, measure_id, estimate_label, is_withheld"
        connection.executemany(f"insert into reports.rpt_levels ({columns}) values (?, ?, ?, ?, ?, ?, ?)", LEVELS)
    return path


def test_check_returns_0_and_shows_notes_where_nothing_is_wrong(project, capsys):
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\n1,Oftn,Good,34,A\n")
    assert main(["check", "--project-dir", str(project.directory)]) == 0
    printed = capsys.readouterr().out
    assert "note: " in printed
    assert "0 errors, 1 note." in printed


def test_check_returns_1_and_shows_the_errors_last(project, capsys):
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\n1,Oftn,Good,34,A\n")
    project.write("seeds/exports/hilltop.csv", "a\n")
    assert main(["check", "--project-dir", str(project.directory)]) == 1
    printed = capsys.readouterr().out
    assert 0 <= printed.index("note: ") < printed.index("error: seeds/exports/hilltop.csv") < printed.index("1 error,")


def test_levels_stand_side_by_side_for_the_whole_theme(warehouse, capsys):
    assert main(["levels"]) == 0
    header, _, *rows = capsys.readouterr().out.splitlines()
    assert header.split("  ")[0] == "Council"
    assert [row.split() for row in rows] == [
        ["Riverside", "Health", "46", "16", "-", "synthetic"],
        ["Riverside", "Wellbeing", "withheld", "-", "-", "synthetic"],
    ]


def test_waves_are_shown_where_there_are_several(warehouse, capsys):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "insert into reports.rpt_levels select * replace ('wave_2' as wave_id) from reports.rpt_levels"
        )
    assert main(["levels"]) == 0
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split()[1] for row in rows] == ["wave_1", "wave_1", "wave_2", "wave_2"]


def test_the_summary_says_what_was_built_where_and_that_it_is_synthetic(warehouse, capsys):
    assert main(["summary"]) == 0
    printed = capsys.readouterr().out
    assert f"Warehouse: {warehouse}" in printed
    assert f"duckdb -readonly {warehouse}" in printed
    assert ["marts", "dim_respondent", "1,234"] in [line.split() for line in printed.splitlines()]
    assert ["marts", "v", "(view)"] in [line.split() for line in printed.splitlines()]
    assert "Synthetic data, no council's own: 1 of 1 exports (riverside)" in printed
    assert "46" in printed


def test_the_python_line_of_the_summary_works(warehouse, capsys):
    main(["summary"])
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("  python -c"))
    command = line.removeprefix('  python -c "').removesuffix('"')
    outcome = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert "Riverside" in outcome.stdout


def test_a_build_that_stopped_early_is_explained(warehouse, capsys):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table reports.rpt_levels")
    assert main(["levels"]) == 1
    assert "dbt build" in capsys.readouterr().err
    assert main(["summary"]) == 0
    assert "dim_respondent" in capsys.readouterr().out


def test_a_missing_warehouse_is_explained(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("COPRODUCTION_WAREHOUSE", raising=False)
    assert main(["levels", "--project-dir", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert str(tmp_path / "warehouse" / "coproduction.duckdb") in message
    assert "dbt build" in message


def test_a_warehouse_in_use_is_explained_with_the_process(warehouse, capsys):
    hold = f"import duckdb, time; c = duckdb.connect({str(warehouse)!r}); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout.readline() == "held\n"
            assert main(["levels"]) == 1
        finally:
            holder.kill()
    message = capsys.readouterr().err
    assert f"process {holder.pid}" in message
    assert "close that program" in message


def test_a_file_that_is_no_warehouse_is_explained(warehouse, capsys):
    warehouse.write_text("not a database " * 1000)
    assert main(["levels"]) == 1
    assert "cannot be opened as a DuckDB warehouse" in capsys.readouterr().err
