"""Codes get the meaning that the wording, or a second file, gives them, in each form in which people write it."""

import pytest

from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.readers.opening import read_survey
from coproduction.drafting.recognition.answers.answer_scales import words_scale
from coproduction.drafting.recognition.answers.code_lists import explained, listed_numbers
from coproduction.drafting.recognition.answers.valid_answers import valid_and_missing
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.vocabulary import Vocabulary
from workbench.bench.layouts import write_xlsx


@pytest.fixture
def vocabulary(codebook):
    return Vocabulary(codebook)


@pytest.mark.parametrize(
    ("wording", "words", "rest"),
    [
        ("How tidy? 1 = untidy, 2 = tidy, 9 = no answer", {1: "untidy", 2: "tidy", 9: "no answer"}, "How tidy?"),
        ("Is it so? 1=Yes 2=No 9=Refused", {1: "Yes", 2: "No", 9: "Refused"}, "Is it so?"),
        ("It is so: 1: agree; 2: disagree; 8: don't know", {1: "agree", 2: "disagree", 8: "don't know"}, "It is so"),
        ("Hours (1 = none, 2 = 1 to 5 hours)", {1: "none", 2: "1 to 5 hours"}, "Hours"),
        ("Parks: 1 very good, 2 good, 99 no answer", {1: "very good", 2: "good", 99: "no answer"}, "Parks"),
        ("Happy w bins (1 no - 5 very, 8 n/a)", {1: "no", 5: "very", 8: "n/a"}, "Happy w bins"),
        ("How happy, from 0 (very unhappy) to 10 (very happy)?", {0: "very unhappy", 10: "very happy"}, "How happy ?"),
        ("It is so. 1 = no to 5 = yes, 8 = don't know", {1: "no", 5: "yes", 8: "don't know"}, "It is so."),
        ("Scale 1-5, where 1 means bad and 5 means good, how is it?", {1: "bad", 5: "good"}, "Scale 1-5 how is it?"),
        ("Spent 3 days in the last 12 months in 5 parks", {}, "Spent 3 days in the last 12 months in 5 parks"),
    ],
)
def test_a_list_of_codes_is_read_from_a_wording_and_taken_out_of_it(wording, words, rest):
    assert listed_numbers(wording, set(map(float, words)) or {3.0, 12.0, 5.0}) == (words, rest)


def drafted(vocabulary, wording, cells, name="q1"):
    columns = [SurveyColumn("id", [str(n) for n in range(len(cells))], kind="id"), SurveyColumn(name, cells, wording)]
    row = draft_survey(SurveyFile("s.csv", "a table", columns), vocabulary).rows[1]
    answers = {answer.label: (answer.kind, answer.score) for answer in row.scale.answers} if row.scale else {}
    return row, answers


def test_codes_of_which_the_wording_lists_all_are_as_good_as_words(vocabulary):
    wording = "How often do you pick up litter? 1 = never, 2 = now and then, 3 = often, 99 = would not say"
    row, answers = drafted(vocabulary, wording, ["1", "2", "3", "99"] * 10)
    assert row.construct == "individual_activity"
    assert answers == {"3": ("valid", "2"), "2": ("valid", "1"), "1": ("valid", "0"), "99": ("refused", "")}
    assert {answer.label for answer in row.scale.answers if answer.is_positive == "true"} == {"2", "3"}
    assert row.wording == wording


def test_codes_of_which_the_wording_lists_the_ends_follow_the_ends(vocabulary):
    wording = "How clean is your street? (1 = filthy, 5 = spotless, 9 = dk)"
    _, answers = drafted(vocabulary, wording, ["1", "2", "3", "4", "5", "9"] * 10)
    assert [answers[code][1] for code in "12345"] == ["1", "2", "3", "4", "5"]
    assert answers["9"][0] == "dont_know"


def test_codes_about_the_person_are_read_with_their_words(vocabulary):
    row, answers = drafted(
        vocabulary, "Sex. 1 = male, 2 = female, 3 = other, 9 = would not say", ["1", "2", "3", "9"] * 9
    )
    assert row.construct == "gender"
    assert answers == {"1": ("valid", "1"), "2": ("valid", "2"), "3": ("valid", ""), "9": ("refused", "")}


def test_letters_that_the_wording_explains_are_words_and_do_not_turn_a_statement_round(vocabulary):
    wording = "If we act together we can make it cleaner. SA = strongly agree, A = agree, D = disagree, DK = don't know"
    row, answers = drafted(vocabulary, wording, ["SA", "A", "D", "DK"] * 9)
    assert not row.is_reversed
    assert answers["SA"][1] > answers["A"][1] > answers["D"][1]
    assert answers["DK"][0] == "dont_know"


def test_a_code_that_the_list_leaves_out_is_no_answer_or_stops_the_reading():
    listed = "Is it clean? 1 = yes, 2 = partly, 3 = no"
    assert explained(SurveyColumn("q1", ["1", "2", "3", "9"] * 5, listed)).unsure == ["9"]
    assert explained(SurveyColumn("q1", ["1", "2", "3", "4"] * 5, listed)) is None


def test_a_code_beside_words_is_no_answer_and_makes_nothing_certain(vocabulary):
    column = SurveyColumn("q1", ["Very good", "Good", "Poor", "99"] * 5, "How clean is it?")
    assert valid_and_missing(column) == (["Very good", "Good", "Poor"], {"99": "dont_know"})
    assert words_scale(column, vocabulary).confidence.word == "likely"


TABLES = {
    "a list in a cell": 'Variable,Question,Values\n'
    'safe,How safe are you?,"1 = Very safe; 2 = Unsafe; 9 = Don\'t know"\n'
    'grp,Are you in a group?,"0 No, 1 Yes"\n',
    "a row for each code": "variable,code,label\nsafe,1,Very safe\n"
    "safe,2,Unsafe\nsafe,9,Don't know\ngrp,0,No\ngrp,1,Yes\n",
    "names in the first row": "No,Variable,Question,Code,Meaning\n1,safe,How safe are you?,1,Very safe\n,,,2,Unsafe\n"
    ",,,9,Don't know\n2,grp,Are you in a group?,0,No\n,,,1,Yes\n",
}  # fmt: skip


@pytest.mark.parametrize("form", TABLES)
def test_a_table_of_codes_gives_words_in_each_of_its_forms(tmp_path, form):
    (tmp_path / "a.csv").write_text("id,safe,grp\n" + "".join(f"{n},{[1, 2, 9][n % 3]},{n % 2}\n" for n in range(30)))
    (tmp_path / "codes.csv").write_text(TABLES[form])
    survey = read_survey([tmp_path / "a.csv", tmp_path / "codes.csv"])
    assert set(survey.column("safe").filled) == {"very safe", "unsafe", "don't know"}
    assert set(survey.column("grp").filled) == {"no", "yes"}
    if "How safe" in TABLES[form]:
        assert survey.column("safe").wording == "How safe are you?"


def test_another_sheet_of_a_workbook_may_have_the_words_and_one_of_results_has_none(tmp_path):
    pytest.importorskip("python_calamine")
    answers = [["id", "safe", "grp"], *([str(n), str([1, 2, 9][n % 3]), str(n % 2)] for n in range(30))]
    words = [line.split(",") for line in TABLES["a row for each code"].splitlines()]
    results = [["question", "mean"], ["safe", "1.4"], ["grp", "0.5"]]
    write_xlsx(tmp_path / "s.xlsx", {"Answers": answers, "Codes": words, "Results": results})
    survey = read_survey([tmp_path / "s.xlsx"])
    assert set(survey.column("safe").filled) == {"very safe", "unsafe", "don't know"}
    assert survey.column("grp").wording == ""
    assert any("sheet Codes" in note for note in survey.notes)
    assert any("Other sheets: Results" in note for note in survey.notes)
