"""A survey leaves the project as SPSS file, Triple-S, CSV and DDI, and what comes back is what people answered."""

import csv
import json
import os
import re
import shlex
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from building import PROJECT
from coproduction.cli import main
from coproduction.codebook.labels import normalise_label
from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.readers.opening import read_survey
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.exports.checking import check_project
from coproduction.exports.project_files import read_codebook

DDI = "{ddi:codebook:2_5}"
BUNDLED = ["barnet", "bristol", "derbyshire_dales", "swansea", "wolverhampton"]
# The order of elements in a var of the schema ddi:codebook:2_5.
IN_A_VAR = ["labl", "qstn", "valrng", "universe", "catgry", "concept", "varFormat", "notes"]

pytest.importorskip("pyreadstat")


def seed(name) -> pd.DataFrame:
    return pd.read_csv(PROJECT / "seeds" / "codebook" / f"{name}.csv", dtype=str, keep_default_na=False)


def printed(export_id) -> pd.DataFrame:
    """Return the words of each claimed cell by plain pandas: the wording of a code, or else the label as listed."""
    questions = seed("questions").query("export_id == @export_id")
    answers = seed("answers")
    file = pd.read_csv(PROJECT / "seeds" / "exports" / f"{export_id}.csv", dtype=str, keep_default_na=False)
    columns = {}
    for question in questions.itertuples():
        words = {}
        for row in answers.query("scale_id == @question.scale_id").itertuples():
            is_code = row.answer_label.lstrip("-").isdigit()
            words[normalise_label(row.answer_label)] = (row.answer_name if is_code else "") or row.answer_label
        columns[question.column_name] = [words.get(normalise_label(cell), cell) for cell in file[question.column_name]]
    return pd.DataFrame(columns)


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    for name in BUNDLED:
        options = ["--into", str(folder / name), "--respondents", "--project-dir", str(PROJECT)]
        assert main(["export", name, *options]) == 0
    return folder


@pytest.mark.parametrize("ending", [".sav", "_triples.xml", ".csv"])
@pytest.mark.parametrize("name", BUNDLED)
def test_every_answer_comes_back_in_its_words(name, ending, exported):
    survey = read_survey([exported / name / f"{name}{ending}"])
    expected = printed(name)
    assert survey.n_rows == len(expected)
    for column in expected.columns:
        cells = next(found.cells for found in survey.columns if found.name.lower() == column.lower())
        assert [*map(normalise_label, cells)] == [*map(normalise_label, expected[column])], column


@pytest.mark.parametrize("ending", [".sav", "_triples.xml"])
def test_a_survey_that_left_is_drafted_as_it_was(ending, exported):
    codebook, _ = read_codebook(PROJECT)
    draft = draft_survey(
        read_survey([exported / "swansea" / f"swansea{ending}"]), Vocabulary(codebook, project=PROJECT)
    )
    drafted = {row.column.lower(): (row.construct, row.theme, row.is_reversed) for row in draft.claimed()}
    assert drafted == {
        row["column_name"].lower(): (row["construct_id"], row["theme_id"], row.is_true("is_reversed"))
        for row in codebook.questions_of("swansea")
    }
    assert draft.respondent_column == next(
        r["respondent_column"] for r in codebook["exports"] if r["export_id"] == "swansea"
    )


def test_codes_of_the_file_stay_codes_and_what_is_no_answer_is_declared_missing(exported):
    import pyreadstat

    frame, meta = pyreadstat.read_sav(str(exported / "bristol" / "bristol.sav"), user_missing=True)
    original = pd.read_csv(PROJECT / "seeds" / "exports" / "bristol.csv")
    assert list(frame["env_group"]) == pytest.approx(list(original["env_group"]), nan_ok=True)
    assert meta.variable_value_labels["env_group"][1] == "Often"
    assert meta.missing_ranges["env_group"] == [{"lo": 9.0, "hi": 9.0}]
    assert meta.variable_measure["env_group"] == "ordinal"
    wordings = seed("questions").query("export_id == 'bristol'").set_index("column_name").question_text
    assert meta.column_names_to_labels["env_group"] == wordings["env_group"]
    assert (
        pyreadstat.read_sav(str(exported / "bristol" / "bristol.sav"))[0]["env_group"].isna().sum()
        == ((original["env_group"] == 9) | original["env_group"].isna()).sum()
    )


@pytest.mark.parametrize("name", BUNDLED)
def test_ddi_has_every_question_with_its_answers_in_the_order_of_the_schema(name, exported):
    root = ElementTree.parse(exported / name / f"{name}_ddi.xml").getroot()
    assert root.tag == f"{DDI}codeBook"
    questions = seed("questions").query("export_id == @name")
    variables = {variable.get("name"): variable for variable in root.iter(f"{DDI}var")}
    answers = seed("answers")
    for question in questions.itertuples():
        variable = variables[question.column_name]
        assert variable.findtext(f"{DDI}qstn/{DDI}qstnLit") == question.question_text
        assert variable.findtext(f"{DDI}concept") == question.construct_id
        listed = answers[
            (answers.scale_id == question.scale_id) & (answers.answer_label != "") & (answers.answer_label != "*")
        ]
        missing = [found.get("missing") for found in variable.iter(f"{DDI}catgry")]
        assert missing.count("Y") == (listed.answer_kind != "valid").sum()
        assert len(missing) == len(listed)
        order = [IN_A_VAR.index(child.tag.removeprefix(DDI)) for child in variable]
        assert order == sorted(order)


def run(capsys, *arguments):
    code = main([*map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_without_the_flag_no_answer_of_anybody_is_written(tmp_path, capsys):
    code, said = run(capsys, "export", "bristol", "--into", tmp_path / "e", "--project-dir", PROJECT)
    assert code == 0
    assert "Only the codebook: no answer of anybody is in it" in said
    names = {path.name for path in (tmp_path / "e").iterdir()}
    assert names == {".gitignore", "bristol_ddi.xml", "bristol_variables.csv", "questionnaires"}
    assert "caseQnty" not in (tmp_path / "e" / "bristol_ddi.xml").read_text()


def test_answers_are_written_for_their_owner_alone_with_a_warning_and_git_ignores_them(tmp_path, capsys):
    os.umask(0o022)
    _, said = run(capsys, "export", "barnet", "--into", tmp_path / "e", "--respondents", "--project-dir", PROJECT)
    n_rows = len(pd.read_csv(PROJECT / "seeds" / "exports" / "barnet.csv"))
    assert f"WARNING: these files have the answers of {n_rows} people" in said
    assert "Ids and texts as people or the council wrote them: RespondentID" in said
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "e").rglob("*")} == {0}
    assert (tmp_path / "e").stat().st_mode & 0o077 == 0
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    listed = ["git", "-C", tmp_path, "ls-files", "--others", "--exclude-standard"]
    assert subprocess.run(listed, capture_output=True, text=True, check=True).stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bristl"], "There is no export bristl. Known: barnet, bristol"),
        (["bristol", "--format", "excel"], "--format is excel. Allowed: spss, csv, triples."),
        (["bristol", "--into", "full"], "is not empty. Name another folder with --into"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(arguments, said, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    options = [] if "--into" in arguments else ["--into", "new"]
    code, printed_text = run(capsys, "export", *arguments, *options, "--respondents", "--project-dir", PROJECT)
    assert code == 1 and said in printed_text
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "mine.txt"]


def test_the_commands_of_the_page_do_what_it_says(tmp_path, capsys, monkeypatch):
    page = (PROJECT / "docs" / "draft-a-codebook.md").read_text(encoding="utf-8")
    section = page[page.index("## Take a survey out") : page.index("## A study of your own")]
    (_, first), (_, shown), (_, renamings) = re.findall(r"^```(\w+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    shutil.copy(PROJECT / "dbt_project.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert run(capsys, *shlex.split(first)[1:]) == (0, shown)
    for command in renamings.splitlines():
        code, said = run(capsys, *shlex.split(command)[1:])
        assert code == 0, said
    assert [finding for finding in check_project(tmp_path) if finding.severity == "error"] == []


def test_an_answer_that_the_codebook_does_not_list_is_kept_with_a_code_of_its_own(tmp_path, capsys):
    copy = tmp_path / "project"
    shutil.copytree(PROJECT / "seeds", copy / "seeds")
    shutil.copy(PROJECT / "dbt_project.yml", copy)
    path = copy / "seeds" / "exports" / "barnet.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    place = header.index("Q2")
    rows[0][place] = "Splendid"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    run(capsys, "export", "barnet", "--into", tmp_path / "e", "--respondents", "--project-dir", copy)
    assert read_survey([tmp_path / "e" / "barnet.sav"]).column("Q2").cells[0] == "Splendid"
    variables = pd.read_csv(tmp_path / "e" / "barnet_variables.csv")
    assert list(variables.query("variable == 'Q2' and label == 'Splendid'").kind) == ["uncoded"]


def test_a_check_prints_what_it_found_as_json(capsys):
    code, said = run(capsys, "check", "bristol", "--json", "--project-dir", PROJECT)
    found = json.loads(said)
    assert code == 0 and found["is_good"] is True
    assert Counter(finding["severity"] for finding in found["findings"])["error"] == 0
    assert any("bristol feeds" in sentence for sentence in found["feeds"])
    with pytest.raises(json.JSONDecodeError):
        json.loads(run(capsys, "check", "bristol", "--project-dir", PROJECT)[1])
