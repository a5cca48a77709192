"""What is recognised in a column, how surely, and what is never certain."""

import pytest

from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.recognition.answers.answer_scales import new_scale
from coproduction.drafting.recognition.answers.concepts import concept_of
from coproduction.drafting.recognition.answers.printed_answers import missing_kind
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.vocabulary import Vocabulary

SATISFIED = [
    "Very satisfied",
    "Fairly satisfied",
    "Neither satisfied nor dissatisfied",
    "Fairly dissatisfied",
    "Very dissatisfied",
]
AGREED = ["Strongly agree", "Tend to agree", "Neither agree nor disagree", "Tend to disagree", "Strongly disagree"]


@pytest.fixture(scope="module")
def vocabulary(codebook):
    return Vocabulary(codebook)


def column(name, answers, wording="", n_rows=60):
    return SurveyColumn(name, [answers[number * 7 % len(answers)] for number in range(n_rows)], wording)


def draft(vocabulary, *columns):
    made = draft_survey(SurveyFile("survey.csv", "a table", list(columns)), vocabulary)
    return {(row.column, row.option) if row.option else row.column: row for row in made.rows}


def scores(labels):
    scale = new_scale(labels, {}, concept_of(labels), SurveyColumn("q", []))
    return {answer.label: int(answer.score) for answer in scale.answers}


# The labels of each family from most to least.
FAMILIES = {
    "satisfaction": [
        "Extremely satisfied",
        "Quite satisfied",
        "Neutral",
        "Quite dissatisfied",
        "Extremely dissatisfied",
    ],
    "agreement": ["Definitely agree", "Slightly agree", "Neither", "Slightly disagree", "Definitely disagree"],
    "safety": ["Very safe", "Fairly safe", "A bit unsafe", "Very unsafe"],
    "quality": ["Excellent", "Good", "Fair", "Poor", "Very poor"],
    "problem": ["Not a problem at all", "Not a very big problem", "A fairly big problem", "A very big problem"],
    "worry": ["Not at all worried", "Not very worried", "Fairly worried", "Very worried"],
    "information": ["Very well informed", "Fairly well informed", "Not very well informed", "Not at all informed"],
    "likelihood": ["Very likely", "Fairly likely", "Not very likely", "Not at all likely"],
    "amount": ["A great deal", "A fair amount", "Not very much", "None at all"],
    "extent": ["Very", "Fairly", "Not very", "Not at all"],
    "frequency": ["Every day", "Several times a week", "Once a week", "Once a month", "Once or twice a year", "Never"],
    "time": [
        "More than 10 hours a week",
        "1-2 hours a week",
        "A few hours a month",
        "Less than an hour a month",
        "No time",
    ],
    "yes_no": ["Yes", "No"],
}
WELSH = {
    "satisfaction": [
        "Bodlon iawn",
        "Eithaf bodlon",
        "Ddim yn fodlon nac yn anfodlon",
        "Eithaf anfodlon",
        "Anfodlon iawn",
    ],
    "agreement": ["Cytuno'n gryf", "Cytuno", "Ddim yn cytuno nac yn anghytuno", "Anghytuno", "Anghytuno'n gryf"],
    "quality": ["Da iawn", "Eithaf da", "Ddim yn dda nac yn wael", "Eithaf gwael", "Gwael iawn"],
    "frequency": ["Yn aml", "Weithiau", "Byth"],
}


@pytest.mark.parametrize(("concept", "labels"), [*FAMILIES.items(), *WELSH.items()])
def test_the_words_of_a_family_order_its_answers(concept, labels):
    assert concept_of(labels) == concept
    found = scores(labels)
    assert sorted(labels, key=lambda label: -found[label]) == labels
    assert len(set(found.values())) == len(labels)


def test_both_languages_of_a_scale_have_one_score_and_the_english_name():
    labels = ["Often", "Yn aml", "Sometimes", "Weithiau", "Never", "Byth"]
    scale = new_scale(labels, {}, "frequency", SurveyColumn("q", []))
    assert [(answer.label, answer.score, answer.name) for answer in scale.answers][:2] == [
        ("Often", "2", "Often"),
        ("Yn aml", "2", "Often"),
    ]
    assert scale.confidence == CERTAIN


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Don't know", "dont_know"),
        ("DON\u2019T KNOW", "dont_know"),
        ("Not sure", "dont_know"),
        ("Ddim yn gwybod", "dont_know"),
        ("No opinion", "dont_know"),
        ("Prefer not to say", "refused"),
        ("I'd rather not say", "refused"),
        ("Not applicable", "not_applicable"),
        ("N/A", "not_applicable"),
        ("Not asked", "not_asked"),
        ("No answer", "blank"),
        ("Never", None),
        ("None", None),
        ("Neither", None),
        ("Not at all", None),
        ("No", None),
    ],
)
def test_an_answer_that_says_nothing_has_its_kind(label, kind):
    assert missing_kind(label) == kind


def test_less_often_than_monthly_does_not_take_part_and_more_often_does():
    scale = new_scale(["Weekly", "Monthly", "Rarely", "Never"], {}, "frequency", SurveyColumn("q", []))
    assert [answer.is_positive for answer in scale.answers] == ["true", "true", "false", "false"]
    unclear = new_scale(["Weekly", "Several times a year", "Never"], {}, "frequency", SurveyColumn("q", []))
    assert unclear.confidence == LIKELY and "see which answers take part" in unclear.evidence


def test_agreeing_that_nothing_can_be_done_means_less(vocabulary):
    wordings = {
        "a": "People like me can make a real difference to the local environment",
        "b": "There is nothing people like me can do about litter",
        "c": "People round here have no influence over crime",
    }
    rows = draft(vocabulary, *(column(name, AGREED, wording) for name, wording in wordings.items()))
    assert [rows[name].construct for name in "abc"] == ["political_self_efficacy"] * 3
    assert [rows[name].is_reversed for name in "abc"] == [False, True, True]
    assert rows["b"].confidence == LIKELY


def test_what_people_do_together_is_never_certainly_something_that_they_do_alone(vocabulary):
    often = ["Often", "Sometimes", "Never"]
    asked = "In the past year, how often have you helped with patrols of your street to keep it safe from crime?"
    row = draft(vocabulary, column("q1", often, asked))["q1"]
    assert row.construct == "group_participation" or row.confidence < CERTAIN
    alone = "In the past year, how often have you reported a crime to the police?"
    assert draft(vocabulary, column("q1", often, alone))["q1"].confidence == CERTAIN


def test_a_question_whose_words_say_little_is_proposed_by_its_answers_and_doubtful(vocabulary):
    row = draft(vocabulary, column("q1", SATISFIED, "How satisfied are you with things in the park?"))["q1"]
    assert (row.construct, row.theme, row.confidence) == ("satisfaction_response", "environment", DOUBTFUL)


def test_codes_without_words_are_never_more_than_doubtful(vocabulary):
    asked = "How satisfied are you with what the council tells you about recycling?"
    rows = draft(vocabulary, column("q1", ["1", "2", "3", "4", "5", "9"], asked), column("env_group", ["1", "2", "3"]))
    assert rows["q1"].construct == "satisfaction_information"
    assert (
        rows["q1"].confidence == DOUBTFUL
        and "is 1 here Very satisfied, as satisfaction_coded says, or the opposite?" in rows["q1"].evidence
    )
    assert rows["env_group"].confidence == DOUBTFUL


def test_codes_whose_ends_the_wording_names_have_their_direction(vocabulary):
    ends = "(1 = very dissatisfied, 5 = very satisfied)"
    asked = f"How satisfied are you with what the council tells you about litter? {ends}"
    row = draft(vocabulary, column("q1", ["1", "2", "3", "4", "5", "9"], asked))["q1"]
    assert row.confidence == LIKELY
    by_label = {answer.label: (answer.kind, answer.score) for answer in row.scale.answers}
    assert by_label["5"] == ("valid", "5") and by_label["1"] == ("valid", "1") and by_label["9"] == ("dont_know", "")
    turned = asked.replace("1 = very dissatisfied, 5 = very satisfied", "1 = very satisfied, 5 = very dissatisfied")
    row = draft(vocabulary, column("q1", ["1", "2", "3", "4", "5"], turned))["q1"]
    assert {answer.label: answer.score for answer in row.scale.answers}["1"] == "5"


def test_ages_are_quantities_and_not_codes(vocabulary):
    years = draft(vocabulary, column("age", [str(age) for age in range(18, 80)]))["age"]
    assert years.scale.scale_id == "age_years" and years.confidence == CERTAIN
    codes = draft(vocabulary, column("agegroup", ["1", "2", "3", "4"]))["agegroup"]
    assert codes.construct == "age" and codes.confidence == DOUBTFUL


def test_tick_boxes_of_one_question_share_a_scale(vocabulary):
    stem = "Which of these have you done in the last year to look after green spaces?"
    boxes = [
        SurveyColumn(
            f"Q8_{n}", [text if (i + n) % 3 else "" for i in range(60)], f"{stem} - {text}", box=text, group="Q8"
        )
        for n, text in enumerate(["Watered trees", "Planted bulbs", "None of these"])
    ]
    rows = draft(vocabulary, *boxes)
    assert rows["Q8_0"].construct == "individual_activity"
    assert rows["Q8_0"].scale.scale_id == rows["Q8_1"].scale.scale_id == "new_tick_box"
    assert rows["Q8_2"].construct == "" and "none of the others" in rows["Q8_2"].evidence
    plain = [
        SurveyColumn(f"Q8_{n}", ["1" if (i + n) % 3 else "" for i in range(60)], f"{stem} - {text}")
        for n, text in enumerate(["Watered trees", "Planted bulbs"])
    ]
    assert {row.scale.scale_id for row in draft(vocabulary, *plain).values()} == {"tick_box"}


def test_several_answers_in_a_cell_become_options(vocabulary):
    chosen = [
        "Litter pick",
        "Litter pick; Park friends",
        "Park friends",
        "",
        "None of these",
        "Allotment group; Park friends",
    ] * 10
    asked = "Which of these groups that look after the environment have you joined in with?"
    rows = draft(vocabulary, SurveyColumn("clubs", chosen, asked))
    assert rows[("clubs", "Litter pick")].construct == "group_participation"
    assert rows[("clubs", "Litter pick")].separator == ";"
    assert rows[("clubs", "None of these")].scale.scale_id == "none_of_these"


def test_answers_with_commas_are_not_several_answers(vocabulary):
    answers = ["Yes, often", "Yes, sometimes", "No, never"]
    row = draft(
        vocabulary, column("Q1", answers, "How often do you join with others in a group to make your area safer?")
    )["Q1"]
    assert row.scale.scale_id == "frequency_yes_no" and not row.separator


def test_blanks_that_an_earlier_answer_explains_are_routing(vocabulary):
    gate = ["Yes" if n % 3 else "No" for n in range(60)]
    often = [["Often", "Sometimes", "Never"][n * 5 % 3] if n % 3 else "" for n in range(60)]
    asked = "How often have you reported litter in your street in the last year?"
    rows = draft(vocabulary, SurveyColumn("garden", gate, "Do you have a garden?"), SurveyColumn("Q2", often, asked))
    assert (rows["Q2"].asked_when_column, rows["Q2"].asked_when_answers) == ("garden", "Yes")
    assert rows["Q2"].confidence == LIKELY
    broken = ["Often" if n == 3 else answer for n, answer in enumerate(often)]
    rows = draft(vocabulary, SurveyColumn("garden", gate, "Do you have a garden?"), SurveyColumn("Q2", broken, asked))
    assert rows["Q2"].asked_when_column == ""


def test_a_question_without_a_theme_has_that_of_its_grid(vocabulary):
    stem = "How satisfied are you with the following?"
    rows = draft(
        vocabulary,
        column("Q2_1", SATISFIED, f"{stem} - What the police do about crime"),
        column("Q2_2", SATISFIED, f"{stem} - What you are told"),
    )
    assert rows["Q2_2"].theme == "community_safety" and rows["Q2_2"].confidence == LIKELY
    assert "the theme of its grid" in rows["Q2_2"].evidence


def test_a_theme_is_divided_where_a_survey_asks_about_two_topics(vocabulary):
    asked = "How satisfied are you with what public services do about {}?"
    rows = draft(
        vocabulary,
        column("Q1", SATISFIED, asked.format("crime")),
        column("Q2", SATISFIED, asked.format("anti-social behaviour")),
    )
    assert [row.topic for row in rows.values()] == ["crime", "asb"]
    assert draft(vocabulary, column("Q1", SATISFIED, asked.format("crime")))["Q1"].topic == "all"


def test_the_next_wave_of_a_survey_takes_over_the_rows_of_the_last(codebook):
    known = Vocabulary(codebook)
    questions = codebook.questions_of("bristol")
    codes = {
        row["scale_id"]: [a["answer_label"] for a in codebook["answers"] if a["scale_id"] == row["scale_id"]]
        for row in questions
    }
    columns = [column(row["column_name"], codes[row["scale_id"]] or ["12", "17", "34"]) for row in questions]
    rows = draft(known, *columns)
    assert all(row.confidence == CERTAIN for row in rows.values())
    assert rows["env_sat_resp"].scale.scale_id == "satisfaction_coded"
    columns[0].cells[0] = "Maybe"
    changed = draft(known, SurveyColumn(columns[0].name, columns[0].cells), *columns[1:])
    assert changed[columns[0].name].confidence == DOUBTFUL


def test_weight_duration_and_arm_are_recognised(vocabulary):
    rows = draft(
        vocabulary,
        column("wt_final", [f"{0.5 + n / 40:.3f}" for n in range(50)]),
        column("duration_seconds", [str(100 + 13 * n) for n in range(50)]),
        column("version", ["Control", "A", "B", "A and B"]),
        column("psu", [f"point {n}" for n in range(20)]),
    )
    assert [rows[name].construct for name in ("wt_final", "duration_seconds", "version", "psu")] == [
        "weight",
        "duration",
        "nudge",
        "cluster",
    ]
    assert {answer.label: answer.name for answer in rows["version"].scale.answers} == {
        "Control": "none",
        "A": "a",
        "B": "b",
        "A and B": "both",
    }


@pytest.mark.parametrize("name", ["repwt80", "REPWGT_3", "PWGTP12", "wtrep007", "Replicate weight 4", "jkwt_5"])
def test_replicate_weights_are_told_from_the_weight(vocabulary, name):
    cells = [f"{n % 4 / 3:.6f}" for n in range(40)]
    rows = draft(vocabulary, column("PWGTP", cells), column(name, cells), column("repwt1", ["0.5", "1.5"] * 20))
    found = {"PWGTP": "weight", name: "replicate_weight", "repwt1": "replicate_weight"}
    assert {column: row.construct for column, row in rows.items()} == found
    assert len({row.scale.scale_id for row in rows.values()}) == 1


def test_personal_data_are_left_out_and_their_answers_are_not_in_the_draft(vocabulary):
    row = draft(vocabulary, column("Email", ["ann@example.org", "bob@example.org"]))["Email"]
    assert row.construct == "" and row.confidence == CERTAIN and "example.org" not in row.answers


GROUP = "How often do you join with others in a group to improve the environment?"
OFTEN = ["Often", "Sometimes", "Never"]


def notes(vocabulary, *columns):
    return draft_survey(SurveyFile("survey.csv", "a table", list(columns)), vocabulary).notes


def with_totals(name, answers, totals, wording=""):
    made = column(name, answers, wording)
    made.cells += totals
    return made


def test_totals_under_the_answers_are_named(vocabulary):
    ids = SurveyColumn("Panel no.", [*(str(-n) for n in range(60)), "Total", "% often", "Mean age"])
    (note,) = notes(vocabulary, ids, with_totals("group", OFTEN, ["60", "35", ""], GROUP))
    assert 'the column Panel no. has "Total", "% often", "Mean age"' in note
    assert "delete them from the file and draft again" in note


def test_an_answer_that_several_people_gave_is_no_total(vocabulary):
    assert notes(vocabulary, column("parts", ["Total", "In part", "None"])) == []


def test_a_row_for_each_answer_is_named(vocabulary):
    people = SurveyColumn("respondent", [f"P{n // 5}" for n in range(60)])
    (note,) = notes(vocabulary, people, column("answer", OFTEN))
    assert "The column respondent names 12 people in 60 rows." in note
    assert "make a column of each question first" in note


def test_a_person_who_answered_twice_is_no_row_for_each_answer(vocabulary):
    people = SurveyColumn("respondent", ["P0", *(f"P{n}" for n in range(59))])
    assert notes(vocabulary, people, column("answer", OFTEN)) == []


def test_the_same_question_twice_is_doubtful_since_both_would_count(vocabulary):
    rows = draft(vocabulary, column("group", OFTEN, GROUP), column("group_2", OFTEN, GROUP))
    assert rows["group"].confidence == CERTAIN
    assert rows["group_2"].confidence == DOUBTFUL
    assert "the same question as group: leave one of them out" in rows["group_2"].evidence


def test_a_question_put_to_half_in_each_of_two_columns_is_certain(vocabulary):
    first, second = column("group", OFTEN, GROUP), column("group_2", OFTEN, GROUP)
    first.cells[::2], second.cells[1::2] = [""] * 30, [""] * 30
    assert draft(vocabulary, first, second)["group_2"].confidence == CERTAIN


def test_emoji_beside_an_answer_do_not_hide_it(vocabulary):
    answers = ["\N{THUMBS UP SIGN} Often", "Sometimes \N{NEUTRAL FACE}", "Never \N{THUMBS DOWN SIGN}\ufe0f"]
    row = draft(vocabulary, column("group", answers, GROUP))["group"]
    assert row.construct == "group_participation"
    assert {answer.label: (answer.score, answer.is_positive) for answer in row.scale.answers} == {
        answers[0]: ("2", "true"),
        answers[1]: ("1", "true"),
        answers[2]: ("0", "false"),
    }


def test_a_cell_that_does_not_belong_to_its_column_is_named(vocabulary):
    row = draft(vocabulary, with_totals("group", OFTEN, ["60"], GROUP))["group"]
    assert (row.construct, row.confidence) == ("", DOUBTFUL)
    assert 'about frequency, but not "60": correct the cells and draft again' in row.evidence


@pytest.mark.parametrize("name", ["Household", "HH", "household_no", "Sampling unit"])
def test_many_values_that_a_few_people_share_are_households_and_never_certain(name, vocabulary):
    cells = [f"A{number // 2}" for number in range(60)]
    row = draft(vocabulary, SurveyColumn(name, cells), column("Q", SATISFIED, "How satisfied are you?"))[name]
    assert (row.construct, row.scale.scale_id, row.confidence) == ("cluster", "any_text", LIKELY)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Household", [str(number % 6 + 1) for number in range(60)]),
        ("Household", [f"A{number}" for number in range(60)]),
        ("Household", [f"A{number % 2}" for number in range(60)]),
        ("Household income", [f"A{number // 2}" for number in range(60)]),
        ("Number of people in the household", [str(number // 2) for number in range(60)]),
    ],
    ids=["sizes", "all different", "two values", "income", "people"],
)
def test_what_only_sounds_like_a_household_is_no_cluster(name, cells, vocabulary):
    row = draft(vocabulary, SurveyColumn(name, cells), column("Q", SATISFIED, "How satisfied are you?"))[name]
    assert row.construct != "cluster"
