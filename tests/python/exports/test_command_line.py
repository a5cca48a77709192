"""The command line finds mistakes before a build and shows what a build made, without ever writing to it."""

import shlex
import shutil
import subprocess
import sys

import duckdb
import pytest

from building import PROJECT
from coproduction.cli import commands, main
from coproduction.cli.build_command import LAYER_TEXTS, BuildProgress
from workbench.documents import LAYERS

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
            "measure_id text, estimate_label text, is_withheld boolean, council_id text default 'riverside', "
            "theme_id text, wave_id text default 'wave_1', provenance text default 'synthetic', "
            "council_label text default 'Riverside')"
        )
        columns = "theme_label, topic_id, breakdown_id, weighting_id, measure_id, estimate_label, is_withheld"
        connection.executemany(f"insert into reports.rpt_levels ({columns}) values (?, ?, ?, ?, ?, ?, ?)", LEVELS)
        connection.execute("update reports.rpt_levels set theme_id = lower(theme_label)")
    return path


def test_check_returns_0_and_shows_notes_where_nothing_is_wrong(project, capsys):
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\n,Often,Good,34,A\n")
    assert main(["check", "--project-dir", str(project.directory)]) == 0
    printed = capsys.readouterr().out
    assert "note: " in printed
    assert "0 errors, 1 note." in printed


def test_check_returns_1_and_shows_the_errors_last(project, capsys):
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\n,Often,Good,34,A\n")
    project.write("seeds/exports/hilltop.csv", "a\n")
    assert main(["check", "--project-dir", str(project.directory)]) == 1
    printed = capsys.readouterr().out
    assert 0 <= printed.index("note: ") < printed.index("error: seeds/exports/hilltop.csv") < printed.index("1 error,")


def test_levels_stand_side_by_side_for_the_whole_theme(warehouse, capsys):
    assert main(["levels"]) == 0
    header, _, *rows = capsys.readouterr().out.splitlines()
    assert header.split("  ")[0] == "Council"
    assert [row.split() for row in rows] == [
        ["Riverside", "Health", "46", "16", "synthetic"],
        ["Riverside", "Wellbeing", "withheld", "-", "synthetic"],
    ]


def test_outcomes_of_ones_own_are_shown(warehouse, capsys):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create table marts.dim_measure (measure_id text, measure_label text, unit_label text, is_outcome boolean)"
        )
        connection.execute(
            "insert into marts.dim_measure values ('individual_index', 'The index', 'per cent', true), "
            "('mean_trust', 'Trust', 'points', true), ('often', 'Often', 'per cent', false)"
        )
        connection.execute(
            "insert into reports.rpt_levels select * replace ('mean_trust' as measure_id, '5.4' as estimate_label) "
            "from reports.rpt_levels where measure_id = 'collective_participation'"
        )
    assert main(["levels"]) == 0
    header, _, health, _ = capsys.readouterr().out.splitlines()
    assert "Trust (points)" in header
    assert health.split() == ["Riverside", "Health", "46", "16", "5.4", "synthetic"]


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
    assert "Synthetic data, no council's own: 1 of 1 exports (riverside)" in printed
    assert "46" in printed


def test_tables_are_listed_with_their_rows(warehouse, capsys):
    assert main(["tables"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["marts", "dim_respondent", "1,234"] in lines
    assert ["marts", "v", "(view)"] in lines


def test_a_name_in_square_brackets_is_no_markup_and_no_line_is_endless(warehouse, capsys):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "update reports.rpt_levels set council_label = '[bold]Riverside' || repeat(' and more', 100)"
        )
    assert main(["levels"]) == 0
    printed = capsys.readouterr().out
    assert "[bold]Riverside" in printed
    assert max(map(len, printed.splitlines())) <= 300


def test_the_printed_lines_can_be_copied_whatever_the_path(warehouse, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "Tom's  survey $HOME"
    folder.mkdir()
    path = warehouse.rename(folder / "it's built.duckdb")
    monkeypatch.setenv("COPRODUCTION_WAREHOUSE", str(path))
    # Python would import this in place of its own module, if the printed line let it look into the current folder.
    (tmp_path / "struct.py").write_text("print('code of the current folder')")
    main(["summary"])
    duckdb_line, python_line = (line for line in capsys.readouterr().out.splitlines() if line.startswith("  "))
    words = ["duckdb", "-readonly", str(path)]
    echo = f"printf '%s\\n' {duckdb_line}"
    assert subprocess.run(["sh", "-c", echo], capture_output=True, text=True, check=True).stdout.splitlines() == words
    python_line = python_line.replace("python", shlex.quote(sys.executable), 1)
    outcome = subprocess.run(["sh", "-c", python_line], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "Riverside" in outcome.stdout
    assert "code of the current folder" not in outcome.stdout


def test_a_build_that_stopped_early_is_explained(warehouse, capsys):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("drop table reports.rpt_levels")
    assert main(["levels"]) == 1
    assert "dbt build" in capsys.readouterr().err
    assert main(["summary"]) == 0
    assert "quality.expectation_results" in capsys.readouterr().out


def test_a_missing_warehouse_is_explained(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("COPRODUCTION_WAREHOUSE", raising=False)
    for name in ("profiles.yml", "dbt_project.yml"):
        shutil.copy(PROJECT / name, tmp_path)
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
    message = capsys.readouterr().err
    assert f"{warehouse} is no DuckDB file" in message
    assert "`coproduction reset` sets it aside" in message


@pytest.mark.parametrize(
    "command", ["check", "repair", "build", "levels", "tables", "summary", "reset", "erase", "disclosure"]
)
def test_every_command_has_an_example(command, capsys):
    assert main([command, "--help"]) == 0
    assert f"Example: coproduction {command}" in capsys.readouterr().out


def test_ctrl_c_is_one_line(monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "run_check", interrupt)
    assert main(["check"]) == 130
    assert capsys.readouterr() == ("Stopped.\n", "")


def test_an_unknown_option_is_explained_and_ends_with_2(capsys):
    assert main(["levels", "--no-such-option"]) == 2
    assert "--no-such-option" in capsys.readouterr().err


@pytest.mark.parametrize("variables", ["[bristol]", "{"])
def test_variables_that_are_no_names_and_values_are_explained(project, variables, capsys):
    assert main(["check", "--project-dir", str(project.directory), "--vars", variables]) == 1
    assert "--vars" in capsys.readouterr().err


def event(name, level="info", msg="", **data):
    return {"info": {"name": name, "level": level, "msg": msg}, "data": data}


def test_a_build_prints_a_line_per_layer_and_every_warning_and_error():
    progress = BuildProgress()
    node = {"resource_type": "model", "node_path": "staging/stg_questions.sql"}
    events = [
        event("ConcurrencyLine", node_count=186),
        event("LogStartLine", node_info={"resource_type": "seed", "node_path": "exports/bristol.csv"}),
        event("LogSeedResult"),
        event("LogStartLine", node_info=node),
        event("LogStartLine", node_info=node),
        event("LogStartLine", node_info={"resource_type": "test", "node_path": "grain.sql"}),
        event("LogTestResult", "error", "FAIL 3 grain"),
        event("SomeWarning", "warn", "a warning"),
        event("PrintEvent", msg="what a macro prints"),
    ]
    printed = [line for each in events for line in progress.lines_of(each)]
    assert [" ".join(line.split()[:6]) for line in printed[:2]] == ["0 s 0 of 186 seeds", "0 s 1 of 186 staging"]
    assert printed[2:] == ["FAIL 3 grain", "a warning", "what a macro prints"]
    assert progress.n_done == 2


def test_a_build_prints_the_layers_in_their_order_although_some_marts_start_early():
    progress = BuildProgress()
    layers = ["staging", "marts", "quality", "marts", "intermediate", "counts"]
    nodes = [{"resource_type": "seed"}]
    nodes += [{"resource_type": "model", "node_path": f"{layer}/model.sql"} for layer in layers]
    printed = [list(progress.lines_of(event("LogStartLine", node_info=node))) for node in nodes]
    names = [[line.split()[5] for line in lines] for lines in printed]
    assert names == [["seeds"], ["staging"], [], ["quality"], [], ["intermediate", "marts"], ["counts"]]


def test_every_layer_of_the_project_is_explained_in_the_order_of_the_layers():
    folders = {path.parent.name for path in (PROJECT / "models").glob("*/*.*")}
    assert folders == set(LAYERS)
    assert list(LAYER_TEXTS) == ["seeds", *LAYERS]


def test_a_file_that_was_never_published_is_explained(tmp_path, capsys):
    file = tmp_path / "other.duckdb"
    duckdb.connect(str(file)).close()
    assert main(["disclosure", str(file)]) == 1
    message = capsys.readouterr().err
    assert f"{file} is no published file: it has no table publication.manifest" in message
    assert "warehouse/published.duckdb" in message


def test_a_build_of_broken_files_stops_before_dbt_and_shows_errors_but_no_notes(project, capsys):
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\n,Often,Good,34,A\n")
    project.write("seeds/exports/hilltop.csv", "a\n")
    assert main(["build", "--project-dir", str(project.directory)]) == 1
    printed = capsys.readouterr().out
    assert "error: seeds/exports/hilltop.csv" in printed
    assert "note: " not in printed
    assert "1 error, 1 note (`coproduction check` prints them). Nothing can be built" in printed
    assert "dbt reads" not in printed


@pytest.mark.slow
def test_a_build_that_dbt_refuses_shows_the_reason_and_ends_with_1(project, capsys):
    project.write("profiles.yml", "someone_else: {}\n")
    assert main(["build", "--project-dir", str(project.directory)]) == 1
    printed = capsys.readouterr().out
    assert "Could not find profile named 'coproduction'" in printed
    assert "The build stopped after" in printed
