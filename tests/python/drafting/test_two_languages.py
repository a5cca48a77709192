"""A file that prints everything in two languages is read in the one that is understood, and keeps what it prints."""

import pytest

from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.drafting.two_languages import in_each_language

# The second language is English; the first one the project does not know.
OFTEN = {"Bieži / Often": "2", "Reti / Rarely": "1", "Nekad / Never": "0"}
QUESTIONS = {
    "Cik bieži jūs vācat atkritumus? / How often do you pick up litter?": "individual_activity",
    "Cik bieži jūs palīdzat grupā? / How often do you take part in a local litter group?": "group_participation",
    "Vai strādājat kopā ar citiem? / How often do you work with others in a group for the environment?": (
        "group_participation"
    ),
    "Cik bieži jūs šķirojat stiklu? / How often do you recycle glass and paper?": "individual_activity",
    "Cik bieži jūs stādāt kokus? / How often do you plant trees in your street?": "individual_activity",
}


@pytest.fixture
def vocabulary(codebook):
    return Vocabulary(codebook)


def columns_of(questions, answers):
    return [SurveyColumn(f"q{n}", list(answers) * 12, wording) for n, wording in enumerate(questions, 1)]


def turned(text):
    """Return a text with its halves the other way round."""
    return " / ".join(reversed(text.split(" / ")))


@pytest.mark.parametrize(("which", "turn"), [("second", str), ("first", turned)])
def test_the_language_that_is_understood_is_read_and_both_are_kept(vocabulary, which, turn):
    columns = columns_of([*map(turn, QUESTIONS)], [*map(turn, OFTEN)])
    draft = draft_survey(SurveyFile("s.csv", "a table", columns), vocabulary)
    assert [row.construct for row in draft.rows] == list(QUESTIONS.values())
    assert [row.wording for row in draft.rows] == [turn(question) for question in QUESTIONS]
    for row in draft.rows:
        assert {answer.label: answer.score for answer in row.scale.answers} == {turn(k): v for k, v in OFTEN.items()}
        assert {answer.label for answer in row.scale.answers if answer.is_positive == "true"} == {turn("Bieži / Often")}
    assert draft.notes == [f"Every question is printed in two languages: the {which} was read."]


def test_answers_that_one_language_prints_alike_stay_apart(vocabulary):
    answers = ["Bieži / Often", "Ļoti bieži / Often", "Nekad / Never"]
    row = draft_survey(SurveyFile("s.csv", "a table", columns_of(QUESTIONS, answers)), vocabulary).rows[0]
    scores = {answer.label: float(answer.score) for answer in row.scale.answers}
    assert list(scores) == answers
    assert scores[answers[0]] == scores[answers[1]] > scores[answers[2]]


def test_several_answers_in_a_cell_are_read_one_by_one(vocabulary):
    deeds = ["Stādīju kokus / Planted trees", "Vācu atkritumus / Picked up litter", "Nekas / None of these"]
    cells = [deeds[0], f"{deeds[0]};{deeds[1]}", deeds[1], deeds[2]] * 9
    asked = "Ko jūs darījāt? / Which of these have you done in the last year for the environment?"
    columns = [*columns_of(QUESTIONS, OFTEN), SurveyColumn("q9", cells, asked)]
    rows = [row for row in draft_survey(SurveyFile("s.csv", "a table", columns), vocabulary).rows if row.column == "q9"]
    assert {row.option for row in rows} == set(deeds)
    assert {row.construct for row in rows} == {"individual_activity"}
    assert rows[0].wording == f"{asked} - {rows[0].option}"


def test_a_stroke_in_some_questions_is_no_second_language():
    questions = ["How clean is your street / road?", *(turned(question)[:30] for question in QUESTIONS)]
    questions = [question.replace(" / ", " or ") for question in questions[1:]] + questions[:1]
    assert in_each_language(columns_of(questions, OFTEN)) == []
