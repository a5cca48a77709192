"""A study of one's own has the vocabulary and no data, and an upgrade overwrites nothing that somebody changed."""

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from building import PROJECT
from coproduction.cli import main
from coproduction.codebook.tables import COLUMNS
from coproduction.exports.checking import check_project
from coproduction.study import making
from coproduction.study.contents import machinery, own_files

BUNDLED = ("barnet", "bristol", "derbyshire_dales", "swansea", "wolverhampton")
SURVEY = """Ref,Q1. How often have you picked up litter in the last 12 months?,Gender,Age
""" + "".join(
    f"H{n},{('Often', 'Sometimes', 'Never')[n % 3]},{('Female', 'Male')[n % 2]},{20 + n}\n" for n in range(40)
)


def run(capsys, *arguments):
    code = main([*map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def table(folder, name):
    with (folder / "seeds" / "codebook" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def study(tmp_path, capsys):
    folder = tmp_path / "study"
    assert run(capsys, "init", folder)[0] == 0
    return folder


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A copy of the project, as a later version of it, which the tests change."""
    copy = tmp_path / "source"
    for name in ("models", "macros", "analyses", "docs", "tests/generic", "tests/singular", "seeds"):
        shutil.copytree(PROJECT / name, copy / name)
    for name in ("dbt_project.yml", "profiles.yml", "selectors.yml", ".gitignore"):
        shutil.copy(PROJECT / name, copy)
    monkeypatch.setattr(making, "source_project", lambda: copy)
    return copy


def test_a_new_study_passes_the_check_and_has_the_vocabulary_without_a_survey(study):
    assert [finding for finding in check_project(study) if finding.severity == "error"] == []
    assert table(study, "constructs") == table(PROJECT, "constructs")
    assert table(study, "sentences") == table(PROJECT, "sentences")
    for name in ("exports", "councils", "questions", "studies", "waves"):
        assert table(study, name) == []
    assert [path.name for path in (study / "seeds" / "exports").iterdir()] == [".gitkeep"]
    own = [study / "dbt_project.yml", *(study / "seeds" / "codebook").glob("*.csv")]
    assert not [(path.name, name) for path in own for name in BUNDLED if name in path.read_text(encoding="utf-8")]
    assert study.stat().st_mode & 0o077 == 0


def test_git_ignores_the_answers_in_a_study_and_keeps_its_codebook(study):
    subprocess.run(["git", "init", "-q", study], check=True)
    written = [
        "seeds/exports/hillford.csv",
        "panel.xlsx",
        "panel_draft/questions.csv",
        "exported/a.sav",
        "warehouse/a.duckdb",
    ]
    for name in written:
        (study / name).parent.mkdir(exist_ok=True)
        (study / name).touch()
    listed = ["git", "-C", study, "ls-files", "--others", "--exclude-standard"]
    kept = set(subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split())
    assert not kept & set(written)
    assert {"seeds/codebook/questions.csv", "dbt_project.yml", "seeds/exports/.gitkeep"} <= kept


def test_a_survey_is_drafted_and_added_in_a_study(study, capsys, monkeypatch):
    monkeypatch.chdir(study)
    (study / "panel.csv").write_text(SURVEY, encoding="utf-8")
    assert "Drafted: 3 questions" in run(capsys, "draft", "panel.csv")[1]
    path = study / "panel_draft" / "questions.csv"
    text = path.read_text(encoding="utf-8-sig").replace("doubtful,", "checked,")
    path.write_text(text, encoding="utf-8-sig")
    council = [
        "--council-name",
        "Hillford",
        "--country",
        "England",
        "--population",
        "5",
        "--population-year",
        "2021",
        "--area-type",
        "rural",
    ]
    code, said = run(
        capsys, "add", "panel.csv", "--codebook", "panel_draft", "--council", "hillford", "--wave", "wave_1", *council
    )
    assert code == 0, said
    assert run(capsys, "check")[0] == 0


def test_the_commands_of_the_page_make_a_study_and_draft_in_it(tmp_path, capsys, monkeypatch):
    page = (PROJECT / "docs" / "draft-a-codebook.md").read_text(encoding="utf-8")
    section = page[page.index("## A study of your own") :]
    commands = re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)[0].splitlines()
    assert [command.split()[0] for command in commands] == ["coproduction", "cd", "coproduction"]
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    assert run(capsys, *commands[0].split()[1:])[0] == 0
    monkeypatch.chdir(tmp_path / "project" / commands[1].split()[1])
    Path(commands[2].split()[-1]).write_text(SURVEY, encoding="utf-8")
    assert run(capsys, *commands[2].split()[1:])[0] == 0


def test_an_upgrade_without_news_changes_nothing(study, capsys):
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    assert "0 files new, 0 removed" in run(capsys, "init", study, "--upgrade")[1]
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before


def test_an_upgrade_replaces_the_machinery_and_removes_what_is_gone(study, source, capsys):
    model = "models/marts/dim_theme.sql"
    (source / model).write_text("-- new\n")
    (source / "models" / "marts" / "dim_new.sql").write_text("-- new\n")
    gone = next((source / "analyses").glob("*.sql"))
    gone.unlink()
    said = run(capsys, "init", study, "--upgrade")[1]
    assert "2 files new, 1 removed" in said
    assert (study / model).read_text() == "-- new\n"
    assert not (study / "analyses" / gone.name).exists()


def test_a_file_of_the_machinery_that_somebody_changed_stays(study, source, capsys):
    model = "models/marts/dim_theme.sql"
    (study / model).write_text("-- mine\n")
    (source / model).write_text("-- new\n")
    said = run(capsys, "init", study, "--upgrade")[1]
    assert f"Left as you changed it: {model}." in said
    assert (study / model).read_text() == "-- mine\n"
    assert (study / ".coproduction" / "new" / model).read_text() == "-- new\n"
    assert f"Left as you changed it: {model}." in run(capsys, "init", study, "--upgrade")[1], "also the next time"


def test_rows_and_settings_of_both_sides_are_kept(study, source, capsys):
    def add_line(folder, name, line):
        path = folder / "seeds" / "codebook" / name
        path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")

    add_line(study, "themes.csv", "allotments,Allotments\n")
    add_line(source, "themes.csv", "libraries,Libraries\n")
    settings = study / "dbt_project.yml"
    settings.write_text(
        settings.read_text().replace("language: en", "language: cy").replace("exports: []", "exports:\n    - hillford")
    )
    new = source / "dbt_project.yml"
    new.write_text(new.read_text().replace("  small_base: 30\n", "  small_base: 30\n  a_new_setting: 1\n"))
    said = run(capsys, "init", study, "--upgrade")[1]
    assert "Your changes and the new ones are both in: dbt_project.yml, seeds/codebook/themes.csv." in said
    assert {"allotments", "libraries"} <= {row["theme_id"] for row in table(study, "themes")}
    text = settings.read_text()
    assert "language: cy" in text and "- hillford" in text and "a_new_setting: 1" in text


def test_a_setting_that_both_sides_changed_stays_as_the_study_has_it(study, source, capsys):
    settings = study / "dbt_project.yml"
    settings.write_text(mine := settings.read_text().replace("small_base: 30", "small_base: 50"))
    new = source / "dbt_project.yml"
    new.write_text(new.read_text().replace("small_base: 30", "small_base: 40"))
    assert "Left as you changed it: dbt_project.yml." in run(capsys, "init", study, "--upgrade")[1]
    assert settings.read_text() == mine
    assert "Left as you changed it: dbt_project.yml." in run(capsys, "init", study, "--upgrade")[1], (
        "until it is settled"
    )
    shutil.copy(study / ".coproduction" / "new" / "dbt_project.yml", settings)
    assert "Left" not in run(capsys, "init", study, "--upgrade")[1]


def test_every_table_of_the_codebook_and_every_folder_of_dbt_is_in_a_study():
    own = own_files(PROJECT)
    assert {f"seeds/codebook/{name}.csv" for name in COLUMNS} <= set(own)
    assert not set(own) & set(machinery(PROJECT))
    parts = {name.split("/")[0] for name in machinery(PROJECT)}
    assert parts == {"selectors.yml", "models", "macros", "analyses", "docs", "tests", "seeds"}


def test_what_cannot_be_a_study_is_refused(tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    code, said = run(capsys, "init", tmp_path / "full")
    assert code == 1 and "is not empty. Name a new folder, or add --upgrade" in said
    assert "is no study made by `coproduction init`" in run(capsys, "init", tmp_path / "full", "--upgrade")[1]
    assert "is in the project itself" in run(capsys, "init", PROJECT / "study_of_a_test")[1]
    assert not (PROJECT / "study_of_a_test").exists()
