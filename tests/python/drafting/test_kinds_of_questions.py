"""Kinds of questions that a draft once took for something else: each stands for all that are worded like it."""

import pytest

from coproduction.drafting.drafting import draft_survey, respondent_column
from coproduction.drafting.recognition.constructs import guess_person
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.drafting.recognition.wording.welsh import welsh

AGREED = ["Strongly agree", "Agree", "Disagree", "Strongly disagree"]
RATED = ["Very good", "Fairly good", "Fairly poor", "Very poor"]
OFTEN = ["Every week", "Every month", "A few times a year", "Never"]


@pytest.fixture(scope="module")
def vocabulary(codebook):
    return Vocabulary(codebook)


def rows_of(vocabulary, wordings, answers):
    columns = [SurveyColumn(f"q{n}", answers * 9, wording) for n, wording in enumerate(wordings, 1)]
    return draft_survey(SurveyFile("s.csv", "a table", columns), vocabulary).rows


@pytest.mark.parametrize(
    ("wording", "is_reversed"),
    [
        ("The council gives good support to residents who feel isolated", False),
        ("Together we can make sure that nobody here is left lonely", False),
        ("If we work together we can cut the waste that we throw away", False),
        ("Giving a little of my time, I could make a difference to a neighbour's wellbeing", False),
        ("The council takes decisions about our parks without asking residents", True),
        ("I find it hard to believe that what I do matters to the environment", True),
        ("There is too much litter on our streets", True),
    ],
)
def test_agreeing_means_less_only_where_the_statement_says_less(vocabulary, wording, is_reversed):
    assert rows_of(vocabulary, [wording], AGREED)[0].is_reversed is is_reversed


def test_what_a_grid_asks_of_its_statements_is_no_word_of_them(vocabulary):
    stem = "Residents gave us these views. How far do you agree?"
    items = {
        "There are plenty of green spaces close to my home": "conditions",
        "If residents team up they can keep our streets clean": "political_self_efficacy",
        "The council clears rubbish from the streets quickly": "satisfaction_response",
    }
    rows = rows_of(vocabulary, [f"{stem} - {item}" for item in items], AGREED)
    assert [row.construct for row in rows] == list(items.values())


@pytest.mark.parametrize(
    ("wording", "construct"),
    [
        ("How good or poor are the police at dealing with burglary?", "satisfaction_response"),
        ("How good or poor are the police at telling residents about burglary?", "satisfaction_information"),
        ("How good or poor are the police at asking residents about crime?", "satisfaction_consultation"),
        ("How good or poor are the police at letting the public know about burglary?", "satisfaction_information"),
        (
            "How good or poor are the chances that people have to tell the police about crime?",
            "satisfaction_consultation",
        ),
        (
            "How good or poor is the council at inviting residents to shape its plan for nature?",
            "satisfaction_consultation",
        ),
        ("How good or poor is the lighting of the streets at night, for your safety?", "conditions"),
    ],
)
def test_a_verdict_on_those_who_serve_is_no_condition_of_the_area(vocabulary, wording, construct):
    assert rows_of(vocabulary, [wording], RATED)[0].construct == construct


def test_what_nobody_does_who_is_out_of_the_question_is_no_answer(vocabulary):
    answers = ["Very safe", "Fairly safe", "Rather unsafe", "Very unsafe", "I'm never out after dark"]
    row = rows_of(vocabulary, ["How safe are you in the town centre at night?"], answers)[0]
    assert row.scale.concept == "safety"
    assert {answer.label: answer.kind for answer in row.scale.answers}["I'm never out after dark"] == "not_applicable"
    # That is a guess, so the row is not certain.
    assert row.confidence.word == "likely"


def test_a_visit_is_no_activity_for_a_theme_and_may_be_judged(vocabulary):
    assert rows_of(vocabulary, ["How often do you use a pharmacy?"], OFTEN)[0].construct == ""
    judged = rows_of(vocabulary, ["How would you rate the care you got when you went to hospital?"], RATED)[0]
    assert (judged.construct, judged.theme) == ("satisfaction_response", "health")


@pytest.mark.parametrize(
    ("wording", "construct"),
    [
        ("Which island do you live on?", "location"),
        ("Where in the district is your home?", "location"),
        ("Ble yn y dref ydych chi'n byw?", "location"),
        ("How much litter is there in the streets where you live?", ""),
        ("Length of the interview in minutes", "duration"),
        ("Stratum from which the address was drawn", "stratum"),
        ("Form version (set by the office)", "nudge"),
        ("Design weight (before calibration, do not use)", ""),
        ("What made you move to this parish?", ""),
        ("How do you feel about the future of our town?", ""),
        ("Sampling point (the interviews of a street)", "cluster"),
        ("Interviewer record: gender", "gender"),
        ("How well did the surgery treat you?", ""),
    ],
)
def test_titles_about_the_person_and_the_survey(wording, construct):
    assert guess_person(SurveyColumn("q1", ["1", "2"], wording)) == construct


def test_boxes_say_who_does_a_thing(vocabulary):
    stem = "What have you done for the safety of your street, alone or as a member of a group?"
    columns = [
        SurveyColumn(f"q1_{n}", [box, ""] * 20, f"{stem} - {box}", group=stem, box=box)
        for n, box in enumerate(("By myself - watched a home", "As a member of a group - watched a home"), 1)
    ]
    rows = draft_survey(SurveyFile("s.csv", "a table", columns), vocabulary).rows
    assert [row.construct for row in rows] == ["individual_activity", "group_participation"]


@pytest.mark.parametrize(
    ("wording", "answers", "construct", "theme", "is_reversed"),
    [
        ("Faint o broblem yw trosedd yma?", ["Problem fawr iawn", "Problem fach", "Dim problem o gwbl"],
         "conditions", "community_safety", False),
        ("Mae'r cyngor yn dweud wrth drigolion am ailgylchu", ["Cytuno'n gryf", "Cytuno", "Anghytuno"],
         "satisfaction_information", "environment", False),
        ("Drwy gydweithio gallwn ni gadw'r traeth yn lân", ["Cytuno'n gryf", "Cytuno", "Anghytuno"],
         "political_self_efficacy", "environment", False),
        ("Ni allaf i wneud dim am droseddau", ["Cytuno'n gryf", "Cytuno", "Anghytuno"],
         "personal_self_efficacy", "community_safety", True),
        ("Faint o oriau'r mis fyddech chi'n barod i'w rhoi i helpu pobl unig?",
         ["Dim", "Hyd at awr", "Dwy i bedair awr", "Pum awr neu fwy"], "time_willing", "wellbeing", False),
    ],
)  # fmt: skip
def test_questions_in_welsh(vocabulary, wording, answers, construct, theme, is_reversed):
    row = rows_of(vocabulary, [wording], answers)[0]
    assert (row.construct, row.theme, row.is_reversed) == (construct, theme, is_reversed)


def test_a_welsh_word_is_known_in_each_form_of_its_first_letter():
    forms = welsh("community_safety").split("|")
    assert {"heddlu", r"trosedd\w*", r"drosedd\w*", r"nhrosedd\w*", r"throsedd\w*", r"ddiogel\w*"} <= set(forms)
    assert {"meddygfa", "feddygfa", "iechyd", "hiechyd"} <= set(welsh("health").split("|"))


def test_a_district_of_postcodes_is_a_place_and_less_than_that_is_personal(vocabulary):
    wording = "What is your postcode district?"
    assert rows_of(vocabulary, [wording], ["AB1", "AB2", "AB3"])[0].construct == "location"
    assert rows_of(vocabulary, ["Postcode sector"], ["AB1 2", "AB1 4", "AB2 6"])[0].construct == ""


@pytest.mark.parametrize(
    ("wording", "confidence"),
    [
        ("The council asks residents what they think about parks and green spaces", "certain"),
        ("The council never asks residents what they think about parks and green spaces", "certain"),
        # A negation that may mean something else leaves a doubt.
        ("The council is not too busy to ask residents what they think about parks and green spaces", "likely"),
    ],
)
def test_a_statement_is_certain_where_its_words_plainly_say_more_or_less(vocabulary, wording, confidence):
    row = rows_of(vocabulary, [wording], AGREED)[0]
    assert (row.construct, row.confidence.word) == ("satisfaction_consultation", confidence)


def test_a_thing_and_its_denial_are_yes_and_no(vocabulary):
    row = rows_of(vocabulary, ["Are you signed up to a Home Watch?"], ["Signed up", "Not signed up", "Not telling"])[0]
    assert {answer.label: (answer.kind, answer.score) for answer in row.scale.answers} == {
        "Signed up": ("valid", "1"),
        "Not signed up": ("valid", "0"),
        "Not telling": ("refused", ""),
    }


def test_what_names_no_group_and_nobody_else_is_done_alone(vocabulary):
    rows = rows_of(vocabulary, ["Get out of breath through sport or exercise", "Go to a running club"], OFTEN)
    assert [row.construct for row in rows] == ["individual_activity", "group_participation"]


def test_what_i_am_is_no_condition_of_the_area(vocabulary):
    assert rows_of(vocabulary, ["I'm in charge of how healthy I am"], AGREED)[0].construct == "personal_self_efficacy"


def test_titles_of_a_clerk_are_read_as_the_questions_that_they_stand_for(vocabulary):
    satisfied = ["Very satisfied", "Satisfied", "Dissatisfied", "Very dissatisfied"]
    assert rows_of(vocabulary, ["Parks and open spaces"], satisfied)[0].construct == "satisfaction_response"
    members = ["Current member", "Former member", "Never a member"]
    row = rows_of(vocabulary, ["Neighbourhood Watch membership"], members)[0]
    assert row.construct == "group_participation"
    assert [answer.label for answer in row.scale.answers if answer.is_positive == "true"] == ["Current member"]


def test_options_of_one_question_have_the_theme_that_the_question_names(vocabulary):
    cells = ["Put out the recycling", "Put out the recycling;Made a meal", "Fetched tablets", "Made a meal"] * 9
    rows = rows_of(vocabulary, ["Which of these have you done in the last month for a neighbour?"], cells[:4])
    assert {row.option for row in rows} == {"Put out the recycling", "Made a meal", "Fetched tablets"}
    assert {row.theme for row in rows} == {"wellbeing"}


@pytest.mark.parametrize(
    "wording",
    [
        "How often do you watch films on television?",
        "How often do you go angling on the river?",
        "How often do you eat out in the town centre?",
    ],
)
def test_pastimes_are_no_activity_for_a_theme(vocabulary, wording):
    assert rows_of(vocabulary, [wording], OFTEN)[0].construct == ""


def test_who_says_yes_to_a_number_of_things_takes_part(vocabulary):
    wording = "Have you been to any meetings of Neighbourhood Watch since Easter?"
    row = rows_of(vocabulary, [wording], ["Yes, several", "Yes, one or two", "No, none"])[0]
    assert row.construct == "group_participation"
    assert [answer.is_positive for answer in row.scale.answers] == ["true", "true", "false"]


def test_no_view_either_way_is_the_middle_and_no_view_is_none(vocabulary):
    wording = "Residents can make their street safer together"
    row = rows_of(vocabulary, [wording], ["Agree", "No view either way", "Disagree", "No view"])[0]
    found = {answer.label: (answer.kind, answer.score) for answer in row.scale.answers}
    assert found["No view either way"] == ("valid", "2")
    assert found["No view"] == ("dont_know", "")


def test_a_number_of_the_household_that_nobody_shares_names_the_respondent():
    own = [f"HX{n}" for n in range(40)]
    shared = [f"HX{n // 2}" for n in range(40)]
    title = "Household number (see the letter)"
    assert respondent_column([SurveyColumn("h", own, title)]) == "h"
    assert respondent_column([SurveyColumn("h", shared, title)]) == ""
    assert guess_person(SurveyColumn("h", shared, "Household reference: one or two adults each")) == "cluster"
