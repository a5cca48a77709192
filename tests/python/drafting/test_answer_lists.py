"""Lists of answers of real surveys are read in the order in which people would put them, from most to least."""

import re

import pytest

from building import PROJECT
from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.answers.answer_scales import new_scale, words_scale
from coproduction.drafting.recognition.answers.concepts import concept_of
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.drafting.recognition.wording import construct_words, off_topic, theme_words

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
        **lexicon.PEOPLE,
        **theme_words.TOPICS,
        **lexicon.NAMES,
        "other person": off_topic.OTHER_PERSON,
    }
    assert [name for name, pattern in patterns.items() if pattern.search(" zzz zzz ")] == []
    assert off_topic.asked_instead(" zzz zzz ", is_activity=False) == ""
