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


def test_what_nobody_confirmed_in_one_wave_is_not_certain_in_the_next(project, capsys):
    drafted = project / "first_draft" / "questions.csv"
    text = drafted.read_text(encoding="utf-8-sig")
    column = "how_often_have_you_the_last_12_months"
    assert f"certain,{column}," in text and f"certain,{column}_2," in text
    drafted.write_text(text.replace(f"certain,{column},", f"likely,{column},"), encoding="utf-8")
    assert add(capsys, "first.csv", "--codebook", "first_draft", "--council", "harwick", "--wave", "2025")[0] == 0
    write(project / "second.csv", [LITTER, FLY, GREEN, JOINED, GENDER, AGE])
    assert main(["draft", "second.csv"]) == 0
    assert "Drafted: 6 questions (5 certain, 1 likely, 0 doubtful)." in capsys.readouterr().out
    first = (project / "second_draft" / "questions.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert first.startswith(f"likely,{column},")
    assert "likely: harwick_2025 took it as it was drafted, and nobody confirmed it" in first


def test_a_new_answer_is_doubtful_and_nothing_says_that_the_answers_are_the_same(project, capsys):
    path = project / "second.csv"
    write(path, [LITTER, FLY, GREEN, JOINED, GENDER, AGE])
    path.write_text(path.read_text(encoding="utf-8").replace(",Male,", ",Otherwise,", 9), encoding="utf-8")
    assert main(["draft", "second.csv"]) == 0
    rows = (project / "second_draft" / "questions.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    told = [row for row in rows if "harwick_2025 had no answer Otherwise: say in answers.csv what it means on" in row]
    assert len(told) == 1 and told[0].startswith("doubtful,Gender")
    assert "with the same answers" not in told[0] and "as in harwick_2025" in told[0]


def add(capsys, *options):
    code = main(["add", *options, "--accept-likely"])
    return code, capsys.readouterr().out


def test_a_first_wave_is_replaced_although_the_next_one_uses_its_scales(project, capsys):
    """Another meaning of the same scale gets an id of its own: the next wave keeps what it was added with."""
    write(project / "second.csv", [LITTER, FLY, GREEN, JOINED_OTHERWISE, GENDER, AGE])
    write(project / "third.csv", [LITTER, FLY, GREEN, JOINED_OTHERWISE, GENDER, AGE])
    second = ["second.csv", "--codebook", "second_draft", "--council", "harwick", "--wave", "2026"]
    third = ["third.csv", "--codebook", "third_draft", "--council", "harwick", "--wave", "2027"]
    assert main(["draft", "second.csv"]) == 0 and add(capsys, *second)[0] == 0
    assert main(["draft", "third.csv"]) == 0 and add(capsys, *third)[0] == 0
    codebook = project / "seeds" / "codebook"
    before = (codebook / "scales.csv").read_text(encoding="utf-8")
    own = next(line.split(",")[0] for line in before.splitlines() if line.startswith("harwick_2026_"))
    assert own in (codebook / "questions.csv").read_text(encoding="utf-8").split("harwick_2027", 1)[1]
    assert add(capsys, *second)[0] == 0
    assert (codebook / "scales.csv").read_text(encoding="utf-8") == before
    answers = project / "second_draft" / "answers.csv"
    changed = answers.read_text(encoding="utf-8-sig").replace("Very often,valid,3", "Very often,valid,4")
    assert changed != answers.read_text(encoding="utf-8-sig")
    answers.write_text(changed, encoding="utf-8")
    scales = project / "second_draft" / "scales.csv"
    scales.write_text(scales.read_text(encoding="utf-8-sig").replace(",0,3", ",0,4"), encoding="utf-8")
    code, said = add(capsys, *second)
    assert code == 0, said
    assert 'new_frequency: "Very often" is the highest answer, "Never" the lowest.' in said
    assert f"{own}_2," in (codebook / "scales.csv").read_text(encoding="utf-8")
    assert f"{own},Very often,valid,3" in (codebook / "answers.csv").read_text(encoding="utf-8")
