"""A survey is drafted, added, added again, and removed, and nothing else of the project changes."""

import csv
import json
import os
import subprocess

import pytest

from conftest import HEADER, rows, write_csv
from coproduction.cli import main
from coproduction.exports.checking import check_project


def test_a_draft_names_what_was_read_and_what_comes_next(place):
    said = place.make_draft()
    assert "30 respondents, 11 columns" in said
    assert "Personal data, left out: Comments, Email." in said
    assert "Respondents: Ref." in said
    questions = place.read("questions")
    assert {row["construct_id"] for row in questions} == {
        "individual_activity",
        "group_participation",
        "satisfaction_information",
        "political_self_efficacy",
        "time_willing",
        "gender",
        "age",
        "",
    }
    assert not [row for row in questions if row["confidence"] == "doubtful"]


def test_a_spreadsheet_knows_the_encoding_of_a_draft_and_runs_no_formula(place):
    place.file = write_csv(
        place.folder / "f.csv", ["Ref", "Gender", "Q"], [[n, "Male" if n % 2 else "Female", "=1+1"] for n in range(9)]
    )
    place.make_draft()
    text = (place.draft / "questions.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert b" =1+1 (9)" in text
    assert b",=" not in text and b"\n=" not in text


def test_a_draft_is_for_its_owner_and_git_ignores_it_whatever_its_folder_is_called(place):
    """It says how many gave each answer, of columns that are left out too: an illness that one resident has."""
    answers = [[n, "Huntington's" if n == 7 else "None"] for n in range(30)]
    place.file = write_csv(place.folder / "f.csv", ["Ref", "Illness"], answers)
    place.make_draft()
    assert "Huntington's (1)" in {row["column_name"]: row["answers"] for row in place.read("questions")}["Illness"]
    assert place.draft.stat().st_mode & 0o077 == 0
    subprocess.run(["git", "init", "-q", place.folder], check=True)
    listed = ["git", "-C", place.folder, "ls-files", "--others", "--exclude-standard", "--", place.draft]
    assert subprocess.run(listed, capture_output=True, text=True, check=True).stdout == ""


@pytest.mark.parametrize("command", [["draft"], ["assign", "--arms", "none,a"]], ids=["draft", "assign"])
def test_a_pipe_or_a_name_that_no_text_can_have_is_refused(tmp_path, capsys, command):
    """A pipe would be waited for without end."""
    pipe, odd = tmp_path / "pipe.csv", tmp_path / os.fsdecode(b"\xff.csv")
    os.mkfifo(pipe)
    write_csv(odd, HEADER, rows())
    for path, words in ((pipe, "pipe.csv is no file"), (odd, "\\udcff.csv is not in UTF-8")):
        assert main([command[0], str(path), *command[1:]]) == 1
        assert words in capsys.readouterr().err


def test_a_draft_is_never_written_over(place):
    place.make_draft()
    said = place.run("draft", place.file, "--into", place.draft)
    assert place.code == 1
    assert "is not empty. Name a new folder with --into" in said


def test_an_added_survey_passes_the_check_and_brings_its_scales_and_council(place):
    place.make_draft()
    before = place.files()
    said = place.add()
    assert said.startswith("Added hillford_wave_1: 30 respondents, 8 questions.")
    assert (
        "Not copied into the project, because it looks like personal data: Comments (free text), Email "
        "(e-mail address)." in said
    )
    assert "levels (environment)" in said and said.endswith("Next: coproduction build\n")
    assert [finding for finding in check_project(place.project) if finding.severity == "error"] == []
    after = place.files()
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {
        "dbt_project.yml",
        "seeds/exports/hillford_wave_1.csv",
        *(f"seeds/codebook/{table}.csv" for table in ("exports", "questions", "scales", "answers", "councils")),
    }
    for name in changed - {"dbt_project.yml", "seeds/exports/hillford_wave_1.csv"}:
        assert after[name].startswith(before[name]), f"only rows at the end of {name} are new"
    assert b"example.org" not in after["seeds/exports/hillford_wave_1.csv"]


def test_the_same_wave_again_replaces_it_and_nothing_else_changes(place):
    place.make_draft()
    place.add()
    first = place.files()
    assert place.add().startswith("Replaced hillford_wave_1: 30 respondents")
    assert place.files() == first
    place.file = write_csv(place.folder / "hillford.csv", HEADER, rows(25))
    place.add("--council", "hillford", "--wave", "wave_1")
    second = place.files()
    assert {name for name in second if second[name] != first[name]} == {"seeds/exports/hillford_wave_1.csv"}


def test_a_column_whose_construct_is_cleared_is_left_out_and_named(place):
    place.make_draft()
    cleared = next(row["column_name"] for row in place.read("questions") if row["construct_id"] == "time_willing")
    place.change(
        "questions",
        lambda found: [row | {"construct_id": row["construct_id"].replace("time_willing", "")} for row in found],
    )
    said = place.add()
    assert said.startswith("Added hillford_wave_1: 30 respondents, 7 questions.")
    assert f"Left out, because their construct_id is blank: {cleared}." in said


def test_a_survey_that_is_replaced_keeps_its_place(place):
    place.make_draft()
    place.add()
    place.add("--council", "hillford", "--wave", "wave_2")
    first = place.files()
    place.add("--council", "hillford", "--wave", "wave_1")
    assert place.files() == first


def test_a_removed_survey_leaves_only_its_council_behind(place):
    before = place.files()
    place.make_draft()
    place.add()
    assert place.run("remove", "hillford_wave_1").startswith("Removed hillford_wave_1.")
    after = place.files()
    assert {name for name in {*after, *before} if after.get(name) != before.get(name)} == {
        "seeds/codebook/councils.csv"
    }
    assert "There is no export hillford_wave_1" in place.run("remove", "hillford_wave_1")


def test_a_wave_that_is_removed_takes_its_place_in_time_along(place):
    """Its row of waves.csv would be about a survey that is not there, and every later add would be refused."""
    before = place.files()
    place.make_draft()
    (place.draft / "waves.csv").write_text("council_id,wave_id,sort_order\nhillford,wave_1,1\n", encoding="utf-8")
    place.add()
    assert b"hillford,wave_1" in place.files()["seeds/codebook/waves.csv"]
    place.run("remove", "hillford_wave_1")
    assert place.files()["seeds/codebook/waves.csv"] == before["seeds/codebook/waves.csv"]
    assert place.add().startswith("Added hillford_wave_1")


def test_one_list_of_waves_serves_all_waves_of_a_council(place):
    place.make_draft()
    waves = "council_id,wave_id,sort_order\nhillford,wave_1,1\nhillford,wave_2,2\n"
    (place.draft / "waves.csv").write_text(waves, encoding="utf-8")
    assert place.add().startswith("Added hillford_wave_1")
    assert b"hillford,wave_1" in place.files()["seeds/codebook/waves.csv"]
    assert b"hillford,wave_2" not in place.files()["seeds/codebook/waves.csv"]


class Killed(BaseException):
    """Stands for a kill: nothing of the commands catches it."""


@pytest.mark.slow
@pytest.mark.parametrize("command", ["add", "remove"])
def test_a_command_that_is_killed_at_any_moment_is_finished_by_the_same_command(place, monkeypatch, command):
    from coproduction.drafting.adding_surveys import adding, checked_copy
    from coproduction.files.plain_files import replace_file

    place.make_draft()

    def run():
        return place.add() if command == "add" else place.run("remove", "hillford_wave_1")

    if command == "remove":
        place.add()
    begin = place.files()
    run()
    whole = place.files()
    n_files = sum(begin.get(name) != content for name, content in whole.items())
    assert n_files >= 5
    for moment in range(n_files):
        for name, content in begin.items():
            (place.project / name).write_bytes(content)
        for name in whole.keys() - begin.keys():
            (place.project / name).unlink()
        n_written = 0

        def replace(path, content, is_private=False, moment=moment):
            nonlocal n_written
            if path.is_relative_to(place.project):
                if n_written == moment:
                    path.with_name(f"{path.name}.new").write_bytes(content[:10])
                    raise Killed
                n_written += 1
            replace_file(path, content, is_private)

        with monkeypatch.context() as patched:
            for module in (adding, checked_copy):
                patched.setattr(module, "replace_file", replace)
            with pytest.raises(Killed):
                run()
        run()
        assert place.files() == whole, moment


def test_a_new_export_is_for_its_owner_alone_and_a_replaced_file_keeps_its_mode(place):
    place.make_draft()
    (place.project / "dbt_project.yml").chmod(0o640)
    place.add()
    assert (place.project / "seeds/exports/hillford_wave_1.csv").stat().st_mode & 0o777 == 0o600
    assert (place.project / "dbt_project.yml").stat().st_mode & 0o777 == 0o640
    assert not list(place.project.rglob("*.new"))


def test_surveys_lists_what_is_there_and_what_each_feeds(place):
    place.make_draft()
    place.add()
    listed = {row["export_id"]: row for row in json.loads(place.run("surveys", "--json"))}
    assert listed["hillford_wave_1"]["n_respondents"] == 30
    assert listed["hillford_wave_1"]["provenance"] == "real"
    assert "levels (environment)" in listed["hillford_wave_1"]["feeds"]
    assert "hillford_wave_1" in place.run("surveys")


def test_a_draft_saved_by_a_spreadsheet_with_semicolons_is_read(place):
    place.make_draft()
    for path in place.draft.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = list(csv.reader(file))
        with path.open("w", encoding="cp1252", newline="") as file:
            upper = {"true": "TRUE", "false": "FALSE"}
            csv.writer(file, delimiter=";").writerows([upper.get(cell, cell) for cell in row] for row in table)
    assert place.add().startswith("Added hillford_wave_1")
    answers = (place.project / "seeds/codebook/answers.csv").read_text()
    assert "hillford_wave_1_frequency,Often,valid,3,true,true,Often" in answers


def test_rows_of_one_wave_can_be_chosen(place):
    header = [*HEADER, "Wave"]
    waves = ["2025", "2024", ""]
    place.file = write_csv(place.folder / "two.csv", header, [[*row, waves[n % 3]] for n, row in enumerate(rows())])
    assert "May divide the rows (see survey.csv): Wave." in place.make_draft()
    place.change(
        "survey",
        lambda found: [row | ({"value": "2025"} if row["setting"] == "rows with Wave" else {}) for row in found],
    )
    said = place.add()
    assert said.startswith("Added hillford_wave_1: 10 respondents")
    assert "Rows left out, because survey.csv does not ask for them: Wave is 2024 (10), blank (10)." in said


def test_a_theme_of_the_councils_own_comes_with_the_draft(place):
    place.make_draft()
    (place.draft / "themes.csv").write_text("theme_id,theme_name\nallotments,Allotments\n")
    place.change(
        "questions", lambda found: [row | ({"theme_id": "allotments"} if row["theme_id"] else {}) for row in found]
    )
    assert "levels (allotments)" in place.add()
    assert "all,allotments,Whole theme" in (place.project / "seeds/codebook/topics.csv").read_text()


def test_a_survey_is_added_beside_one_that_lies_elsewhere_and_not_in_its_place(place):
    place.make_draft()
    place.add()
    export_id = "hillford_wave_1"
    (place.project / "files").mkdir()
    (place.project / f"seeds/exports/{export_id}.csv").rename(place.project / "files/panel.csv")
    exports = place.project / "seeds/codebook/exports.csv"
    header, *lines = exports.read_text(encoding="utf-8").splitlines()
    lines = [f"{line},{'files/panel.csv' if line.startswith(export_id) else ''}" for line in lines]
    exports.write_text("\n".join([f"{header},location", *lines, ""]), encoding="utf-8")
    settings = place.project / "dbt_project.yml"
    text = settings.read_text(encoding="utf-8").replace(f"    - {export_id}\n", "")
    settings.write_text(text.replace("exports_elsewhere: []", f"exports_elsewhere: [{export_id}]"), encoding="utf-8")
    assert check_project(place.project, with_notes=False) == []
    assert "hillford_wave_1 is read from files/panel.csv" in place.add()
    place.add("--council", "hillford", "--wave", "wave_2")
    assert (place.project / "seeds/exports/hillford_wave_2.csv").is_file()
