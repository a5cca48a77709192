"""The draft of a next wave says which questions are new, in other words or gone, and doubts what may be the same."""

import shutil

import pytest

from building import PROJECT
from coproduction.cli import main

LITTER = "How often have you picked up litter in the last 12 months?"
FLY = "How often have you reported fly-tipping in the last 12 months?"
GREEN = "How often have you looked after a green space in the last 12 months?"
JOINED = "How often do you take part in a group or organisation that improves the local environment?"
JOINED_OTHERWISE = "How often, if at all, do you take part in a group that improves the local environment?"
GENDER, AGE = "Gender", "Age"
OFTEN, MORE = ["Often", "Sometimes", "Never"], ["Very often", "Often", "Sometimes", "Never"]


def write(path, questions):
    lists = {GENDER: ["Female", "Male"], JOINED_OTHERWISE: MORE}
    lines = [",".join(["Ref", *(f'"{question}"' for question in questions)])]
    for n in range(60):
        cells = [
            str(20 + n)
            if question == AGE
            else lists.get(question, OFTEN)[(n + n // 5) % len(lists.get(question, OFTEN))]
            for question in questions
        ]
        lines.append(",".join([f"P{n}", *cells]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def project(tmp_path, monkeypatch, capsys):
    """A copy of the codebook with the first wave of an invented council."""
    shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    shutil.copy(PROJECT / "dbt_project.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "first.csv", [LITTER, FLY, GREEN, JOINED, GENDER, AGE])
    assert main(["draft", "first.csv"]) == 0
    council = ["--council-name", "Harwick", "--country", "England", "--population", "31000"]
    council += ["--population-year", "2021", "--area-type", "rural"]
    wave = ["--codebook", "first_draft", "--council", "harwick", "--wave", "2025"]
    assert main(["add", "first.csv", *wave, *council]) == 0, capsys.readouterr().out
    capsys.readouterr()
    return tmp_path


def test_a_question_in_other_words_is_named_and_not_certain(project, capsys):
    write(project / "second.csv", [LITTER, FLY, GREEN, JOINED_OTHERWISE, GENDER, AGE])
    assert main(["draft", "second.csv"]) == 0
    said = capsys.readouterr().out
    assert "The columns are those of harwick_2025: this may be its next wave." in said
    assert "Asked in harwick_2025 and not in this file: how_often_do_you_improves_the_local_environment." in said
    assert "Not asked in harwick_2025, or in other words: how_often_if_at_improves_the_local_environment." in said
    first = (project / "second_draft" / "questions.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert first.startswith("likely,how_often_if_at_improves_the_local_environment")
    assert "is it the same question in other words?" in first


def test_the_same_questions_are_certain_and_nothing_is_said_to_be_new(project, capsys):
    write(project / "second.csv", [LITTER, FLY, GREEN, JOINED, GENDER, AGE])
    assert main(["draft", "second.csv"]) == 0
    said = capsys.readouterr().out
    assert "this may be its next wave" in said and "Drafted: 6 questions (6 certain" in said
    assert "Asked in" not in said and "Not asked in" not in said
