"""Answers are read without the numbers and instructions around them, and those that no list explains are no answers."""

import pytest

from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.recognition.answers.numbered_answers import numbered
from coproduction.drafting.recognition.answers.printed_answers import bare
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.vocabulary import Vocabulary

OFTEN = ["Every week", "Every month", "Never", "Prefer not to say"]
LITTER = "How often do you pick up litter in your street?"


@pytest.fixture
def vocabulary(codebook):
    return Vocabulary(codebook)


def rows_of(vocabulary, *questions):
    columns = [SurveyColumn(f"q{n}", answers * 10, wording) for n, (wording, answers) in enumerate(questions, 1)]
    return draft_survey(SurveyFile("s.csv", "a table", columns), vocabulary).rows


@pytest.mark.parametrize("form", ["{n} {words}", "[{n}] {words}", "{n}. {words}", "{letter}) {words}", "{words} ({n})"])
def test_answers_with_numbers_mean_what_they_mean_without(vocabulary, form):
    labels = [form.format(n=n, letter="abcd"[n - 1], words=words) for n, words in enumerate(OFTEN, 1)]
    row = rows_of(vocabulary, (LITTER, labels))[0]
    found = {answer.label: (answer.kind, answer.score, answer.is_positive) for answer in row.scale.answers}
    assert row.construct == "individual_activity"
    assert [found[label][:2] for label in labels] == [("valid", "2"), ("valid", "1"), ("valid", "0"), ("refused", "")]
    assert [found[label][2] for label in labels[:3]] == ["true", "true", "false"]


@pytest.mark.parametrize("form", ["{n} {band}", "{n}. {band}", "{band} ({n})"])
def test_bands_of_ages_may_have_numbers(vocabulary, form):
    labels = [form.format(n=n, band=band) for n, band in enumerate(["16-34", "35-54", "55 and over"], 1)]
    row = rows_of(vocabulary, ("How old are you?", labels))[0]
    assert row.construct == "age"
    assert {answer.label: answer.score for answer in row.scale.answers} == dict(zip(labels, "123", strict=True))


@pytest.mark.parametrize(
    "labels",
    [
        ["1 hour", "2 hours", "3 hours"],
        ["1 to 2 hours", "3 to 4 hours", "5 to 6 hours"],
        ["1 or 2 people", "3 or more people", "nobody"],
        ["10 rarely", "20 often", "30 always"],
    ],
)
def test_amounts_are_no_numbers_of_answers(labels):
    assert numbered(SurveyColumn("q", labels * 9, "How much?")) is None


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Never (go to Q7)", "never"),
        ("Don't know (do not read out)", "don't know"),
        ("Other (please specify)", "other"),
        ("Often = 3", "often"),
        ("\u2022 Often", "often"),
        ("16-24", "16-24"),
        ("White (British)", "white (british)"),
        ("(Don't know)", "don't know"),
        ("[Does not apply]", "does not apply"),
        ("(1)", "(1)"),
    ],
)
def test_what_stands_around_an_answer_is_no_part_of_it(label, words):
    assert bare(label) == words


def test_what_stands_beside_answers_of_several_kinds_is_no_answer(vocabulary):
    rows = rows_of(
        vocabulary,
        (LITTER, ["Every week", "Every month", "Never", "Qqq"]),
        ("How safe is your street after dark?", ["Very safe", "Fairly safe", "Very unsafe", "Qqq"]),
        ("How satisfied are you with the cleaning of streets?", ["Satisfied", "Neither", "Dissatisfied", "Qqq"]),
    )
    assert [row.construct for row in rows] == ["individual_activity", "conditions", "satisfaction_response"]
    for row in rows:
        assert {answer.label: answer.kind for answer in row.scale.answers}["Qqq"] == "refused"
        assert "taken as no answer: Qqq" in row.evidence


@pytest.mark.parametrize(
    "form", ["{} (Please tick one box only)", "{} READ OUT", "ASK ALL. {}", "{} *", "B12. {}", "B12 {}"]
)
def test_instructions_are_no_words_of_a_question(vocabulary, form):
    statement = "I keep a part of my garden wild for the bees"
    plain, told = (rows_of(vocabulary, (text, OFTEN))[0] for text in (statement, form.format(statement)))
    assert told.wording == plain.wording
    assert (told.construct, told.theme, told.confidence) == (plain.construct, plain.theme, plain.confidence)
