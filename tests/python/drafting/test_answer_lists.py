"""Lists of answers of real surveys are read in the order in which people would put them, from most to least."""

import re

import pytest

from building import PROJECT
from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.answers.answer_scales import new_scale, words_scale
from coproduction.drafting.recognition.answers.concepts import concept_of
from coproduction.drafting.recognition.answers.printed_answers import kinds_named, missing_kind
from coproduction.drafting.recognition.confidence import LIKELY
from coproduction.drafting.recognition.people import read_age_bands, read_birth_bands, read_ethnicity
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.drafting.recognition.wording import construct_words, look_alikes, off_topic, theme_words

LISTS = (PROJECT / "tests/python/fixtures/answer_lists.txt").read_text(encoding="utf-8").splitlines()


def scores(scale):
    return {answer.label: float(answer.score) for answer in scale.answers}


@pytest.mark.parametrize("line", LISTS)
def test_answers_are_read_in_their_order(line):
    labels = line.split("|")
    found = scores(new_scale(labels, {}, concept_of(labels), SurveyColumn("q", [])))
    assert [found[label] for label in labels] == sorted(set(found.values()), reverse=True)


@pytest.mark.parametrize(
    ("labels", "best"),
    [
        (["1 - Very dissatisfied", "2", "3", "4", "5 - Very satisfied"], "5 - Very satisfied"),
        (["1 (very good)", "2", "3", "4", "5 (very poor)"], "1 (very good)"),
        (["0 = not at all worried", "1", "2", "3 = very worried"], "0 = not at all worried"),
    ],
)
def test_numbers_of_which_only_the_ends_have_words_follow_the_words(codebook, labels, best):
    scale = words_scale(SurveyColumn("q", labels, "How do you rate it?"), Vocabulary(codebook))
    found = scores(scale)
    assert max(found, key=lambda label: found[label]) == best
    assert len(set(found.values())) == len(labels)


def test_times_in_a_span_count_by_the_span_that_the_question_names():
    labels = ["Three or four times", "Once or twice", "Never"]
    positive = {}
    for span in ("month", "year"):
        column = SurveyColumn("q", [], f"In the past {span}, how often have you picked up litter?")
        scale = new_scale(labels, {}, "frequency", column)
        positive[span] = [answer.label for answer in scale.answers if answer.is_positive == "true"]
    assert positive == {"month": ["Three or four times", "Once or twice"], "year": []}


def test_no_pattern_matches_words_that_say_nothing():
    patterns = {
        **{
            f"{name} {n}": clue.pattern
            for name, clues in construct_words.WORDINGS.items()
            for n, clue in enumerate(clues)
        },
        **{f"{name} {n}": clue.pattern for name, clues in theme_words.THEMES.items() for n, clue in enumerate(clues)},
        **{name: value for name, value in vars(lexicon).items() if isinstance(value, re.Pattern)},
        **{name: value for name, value in vars(look_alikes).items() if isinstance(value, re.Pattern)},
        **lexicon.PEOPLE,
        **theme_words.TOPICS,
        **lexicon.NAMES,
        "other person": off_topic.OTHER_PERSON,
    }
    assert [name for name, pattern in patterns.items() if pattern.search(" zzz zzz ")] == []
    assert off_topic.asked_instead(" zzz zzz ", is_activity=False) == ""


@pytest.mark.parametrize(
    ("label", "kinds"),
    [
        ("No experience / can't say", {"not_applicable", "dont_know"}),
        ("Don't know or not applicable", {"dont_know", "not_applicable"}),
        ("Not sure or can't say", {"dont_know"}),
        ("Not stated", {"blank"}),
        ("No feeling either way", set()),
        ("Dim teimlad y naill ffordd na'r llall", set()),
        ("Dim barn", {"dont_know"}),
        ("Physically unable to do this", {"not_applicable"}),
        ("I don't go out then", {"not_applicable"}),
    ],
)
def test_an_answer_that_names_several_kinds_of_no_answer_says_so(label, kinds):
    assert kinds_named(label) == kinds
    assert missing_kind(label) == ("dont_know" if "dont_know" in kinds else next(iter(kinds), None))


@pytest.mark.parametrize(
    "labels",
    [
        ["Good", "Poor", "No experience / can't say"],
        ["Agree", "Neither / not sure", "Disagree"],
    ],
)
def test_a_scale_with_an_answer_of_two_readings_is_not_certain(codebook, labels):
    scale = words_scale(SurveyColumn("q", labels * 9, "How good is it?"), Vocabulary(codebook))
    assert scale.confidence == LIKELY and "which kind of no answer" in scale.evidence


@pytest.mark.parametrize(
    ("labels", "positive"),
    [
        (["5h+", "1-4h", "<1h", "0h"], ["5h+", "1-4h"]),
        (
            ["Four hours plus", "Two or three hours", "Up to an hour", "Sorry, no"],
            ["Four hours plus", "Two or three hours"],
        ),
        (["4 hours a month or more", "1-3 hours a month", "None"], ["4 hours a month or more", "1-3 hours a month"]),
        (["Over 3 hours", "Less than 3 hours", "Nil"], ["Over 3 hours"]),
        (["3 hours or more", "1-2 hours", "None"], ["3 hours or more"]),
    ],
)
def test_bands_that_reach_a_few_hours_give_time(labels, positive):
    scale = new_scale(labels, {}, "time", SurveyColumn("q", []))
    assert [answer.label for answer in scale.answers] == labels
    assert [answer.label for answer in scale.answers if answer.is_positive == "true"] == positive


def test_yes_with_conditions_takes_part_only_where_somebody_did():
    labels = ["Yes, with my help", "Yes, but without my help", "No", "I'm not in a group"]
    scale = new_scale(labels, {}, concept_of(labels), SurveyColumn("q", []))
    assert [answer.label for answer in scale.answers if answer.is_positive == "true"] == labels[:1]
    often = ["Y - more than once", "Y - once", "N"]
    found = scores(new_scale(often, {}, concept_of(often), SurveyColumn("q", [])))
    assert [found[label] for label in often] == sorted(set(found.values()), reverse=True)


def test_years_of_birth_are_ages_in_the_other_order():
    bands = ["1995 or later", "1965-1979", "Before 1950", "1950-1964"]
    assert [score for score, _ in read_birth_bands(bands)] == ["1", "2", "4", "3"]
    assert read_birth_bands(["Yes", "No", "1990"]) is None
    assert read_ethnicity(["White", "Non-white", "Mixed"])[1] == ("1", "Other")
    assert read_age_bands(["15 or younger", "16 to 24", "25 or older"], []) is not None
