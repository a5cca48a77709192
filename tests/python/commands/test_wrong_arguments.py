"""Wrong arguments get one or two lines that say what to do: no traceback, and nothing is written."""

import os
import shlex
import shutil
import stat
import subprocess
import sys

import duckdb
import pytest

from building import PROJECT
from coproduction.cli import main
from coproduction.cli.commands import app
from coproduction.files.plain_files import make_new_folder

ANSWERS = "id,Q1. How often do you pick up litter?\n1,Often\n2,Never\n"
# Bytes of a picture: most of them are no text, and some are control characters.
BINARY = bytes((7 * n * n + 31 * n) % 256 for n in range(1, 4000))


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    """A folder with files of many kinds."""
    tmp_path = tmp_path_factory.mktemp("kinds")
    (tmp_path / "empty").mkdir()
    (tmp_path / "ok.csv").write_text(ANSWERS)
    (tmp_path / "nothing.csv").touch()
    (tmp_path / "picture.csv").write_bytes(BINARY)
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04" + BINARY)
    assert main(["draft", str(tmp_path / "ok.csv"), "--project-dir", str(PROJECT)]) == 0
    drafted = tmp_path / "ok_draft" / "questions.csv"
    drafted.write_text(drafted.read_text(encoding="utf-8").replace("\nlikely,", "\nchecked,"), encoding="utf-8")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema raw; create schema publication")
        connection.execute("create table raw.bristol as select 1 as a; create table publication.manifest as select 1 a")
    return tmp_path


@pytest.fixture
def folder(kinds, tmp_path, monkeypatch):
    """A copy of the folder, in which each command is run."""
    shutil.copytree(kinds, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


FILES = {
    "missing.csv": "missing.csv",
    "empty": "is a folder",
    "nothing.csv": "is empty",
    "picture.csv": "is no text",
    "broken.xlsx": "cannot be read as a workbook",
}
READERS = ["draft {} --into d", "add {} --codebook ok_draft --council x --wave wave_1", "assign {} --arms none,a"]
# What is wrong, and what the message has to contain: the problem and the way out.
CASES = [
    *((command.format(file), [said]) for file, said in FILES.items() for command in READERS),
    ("report missing.duckdb", ["There is no published file at missing.duckdb", "`coproduction build` writes one"]),
    ("report empty", ["empty is a folder", "warehouse/published.duckdb"]),
    ("report picture.csv", ["picture.csv is no DuckDB file", "warehouse/published.duckdb"]),
    ("workbook nothing.csv", ["nothing.csv is empty", "warehouse/published.duckdb"]),
    ("files broken.xlsx", ["broken.xlsx is no DuckDB file", "warehouse/published.duckdb"]),
    ("disclosure picture.csv", ["picture.csv is no DuckDB file", "warehouse/published.duckdb"]),
    ("report warehouse.duckdb", ["is a warehouse, with the answers of single people", "warehouse/published.duckdb"]),
    ("disclosure warehouse.duckdb", ["is a warehouse, with the answers of single people", "published.duckdb"]),
    ("draft ok.csv --into ok.csv", ["ok.csv is a file, and a folder is needed", "--into"]),
    ("draft ok.csv --into ok.csv/x", ["The folder ok.csv/x cannot be made", "--into"]),
    ("draft ok.csv --into ok_draft", ["The folder ok_draft is not empty", "--into"]),
    ("draft ok.csv --into d --sheet Answers", ["ok.csv is no workbook", "Leave --sheet out"]),
    ("assign ok.csv --arms none,a --sheet Answers", ["ok.csv is no workbook", "Leave --sheet out"]),
    ("add ok.csv --codebook ok.csv --council x --wave wave_1", ["ok.csv is no draft", "--codebook"]),
    ("add ok.csv --codebook ok_draft --council x --wave wave_1", ["no council x", "--council-name"]),
    ("export bristol --into ok.csv", ["ok.csv is a file, and a folder is needed", "--into"]),
    ("export bristol --into ok.csv/x", ["The folder ok.csv/x cannot be made", "--into"]),
    ("export bristl", ["There is no export bristl", "bristol"]),
    ("remove bristl", ["There is no export bristl", "bristol"]),
    ("rename bristol 'a b'", ["a b is no id", "such as"]),
    ("check bristl", ["bristl is no export", "bristol"]),
    ("plan", ["--invited 2000"]),
    ("plan --effect 5 --chart plan.html", ["--invited 2000"]),
    ("plan --invited 2000 --chart ok.csv", ["--chart is ok.csv", "plan.html"]),
    ("assign ok.csv --arms none,a --into nowhere/x.csv", ["nowhere/x.csv cannot be written", "--into"]),
]  # fmt: skip


def said_by(command, capsys, *options):
    capsys.readouterr()
    code = main([*shlex.split(command), *options])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def files_in(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.mark.parametrize(("command", "parts"), CASES, ids=[command for command, _ in CASES])
def test_a_wrong_argument_is_named_with_what_to_do(command, parts, folder, capsys):
    before = files_in(folder)
    needs_project = command.split()[0] not in ("plan", "assign")
    code, printed = said_by(command, capsys, *(["--project-dir", str(PROJECT)] if needs_project else []))
    assert code == 1
    assert [part for part in parts if part not in printed] == []
    assert len(printed.splitlines()) <= 6 and "Traceback" not in printed and "Errno" not in printed
    assert files_in(folder) == before


def test_a_table_that_was_saved_as_a_workbook_is_not_passed_over(folder, capsys):
    (folder / "ok_draft" / "questions.xlsx").write_bytes(b"PK")
    code, printed = said_by(f"add ok.csv --codebook ok_draft --council x --wave w --project-dir {PROJECT}", capsys)
    assert code == 1
    assert printed.startswith("ok_draft/questions.xlsx is a workbook, and only questions.csv is read. Save it as")


def test_a_wrong_option_about_a_new_council_is_named_as_the_option(folder, capsys):
    command = "add ok.csv --codebook ok_draft --council x --wave w --council-name X --country England --population 9"
    code, printed = said_by(f"{command} --population-year 2021 --area-type urban --project-dir {PROJECT}", capsys)
    assert code == 1
    assert "error: the command: --area-type is urban" in printed and "metropolitan" in printed
    assert printed.endswith("1 error. Nothing was added. Correct the command.\n")


WITH_PROJECT = [
    command.name or command.callback.__name__
    for command in app.registered_commands
    if "project" in command.callback.__annotations__
]
ARGUMENTS = {
    "draft": "ok.csv",
    "add": "ok.csv --codebook ok_draft --council x --wave wave_1",
    "remove": "bristol",
    "erase": "bristol 1",
    "export": "bristol",
    "rename": "bristol x",
}


@pytest.mark.parametrize("place", ["nowhere", "empty", "ok.csv"])
@pytest.mark.parametrize("name", WITH_PROJECT)
def test_a_folder_that_is_no_project_is_said_in_one_line(name, place, folder, capsys):
    before = files_in(folder)
    code, printed = said_by(f"{name} {ARGUMENTS.get(name, '')} --project-dir {place}", capsys)
    assert code == 1
    assert printed.startswith(f"There is no dbt_project.yml in {folder / place}. Run the command in the folder")
    assert len(printed.splitlines()) == 1
    assert files_in(folder) == before


def test_there_is_a_command_for_each_thing_above():
    assert {"check", "build", "draft", "levels", "reset", "erase", "rename"} <= set(WITH_PROJECT)


def test_whoever_names_a_published_file_needs_no_project(folder, capsys):
    code, printed = said_by("report picture.csv --folder pages", capsys)
    assert code == 1 and "picture.csv is no DuckDB file" in printed


def test_whatever_the_disk_refuses_is_one_line(folder, capsys, monkeypatch):
    """A full disk or a file of another account may stop any command at any place."""

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", "ok_draft/questions.csv")

    monkeypatch.setattr("coproduction.cli.survey_commands.read_completed", refuse)
    code, printed = said_by(f"{CASES[1][0].replace('missing.csv', 'ok.csv')} --project-dir {PROJECT}", capsys)
    assert code == 1
    assert printed == ("ok_draft/questions.csv: Permission denied. See whether the name is right and you may use it.\n")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_said(folder, capsys):
    (folder / "ok.csv").chmod(0)
    code, printed = said_by(f"draft ok.csv --into d --project-dir {PROJECT}", capsys)
    assert code == 1 and "Permission denied. See whether the name is right and you may read it." in printed


def test_a_new_folder_is_for_its_owner_alone(tmp_path):
    make_new_folder(tmp_path / "a" / "b", "")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    make_new_folder(tmp_path / "a" / "b", "")


@pytest.mark.slow
def test_a_reader_that_stops_reading_gets_no_traceback(folder):
    """As in `coproduction surveys | head -1`."""
    code = "import sys; from coproduction.cli import main; sys.exit(main(sys.argv[1:]))"
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "python")}
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(code)} surveys --project-dir {PROJECT} | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.startswith("Export") and done.stderr == ""
