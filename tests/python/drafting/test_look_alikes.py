"""Questions that look like a construct and measure something else are never certain; plain ones are.

The two hundred were written to be mistaken. Half of them were written after the rules, and eight of that half were
certain before the rules were mended for them.
"""

import csv

import pytest

from building import PROJECT
from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.recognition.confidence import CERTAIN, LIKELY
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.vocabulary import Vocabulary

LOOK_ALIKES = PROJECT / "tests/python/fixtures/look_alikes.csv"
OFTEN = "Very often|Often|Sometimes|Rarely|Never"
GOOD = "Very good|Good|Fair|Poor|Very poor"
AGREED = "Strongly agree|Agree|Neither agree nor disagree|Disagree|Strongly disagree"


@pytest.fixture(scope="module")
def vocabulary(codebook):
    return Vocabulary(codebook)


def draft(vocabulary, *asked):
    columns = []
    for place, (wording, answers) in enumerate(asked):
        labels = answers.split("|")
        cells = [labels[number * 7 % len(labels)] for number in range(60)]
        columns.append(SurveyColumn(f"q{place}", cells, wording))
    return draft_survey(SurveyFile("survey.csv", "a table", columns), vocabulary).rows


def test_no_look_alike_is_certain(vocabulary):
    with LOOK_ALIKES.open(encoding="utf-8", newline="") as file:
        asked = [(row["wording"], row["answers"]) for row in csv.DictReader(file)]
    certain = [row.wording for row in draft(vocabulary, *asked) if row.construct and row.confidence == CERTAIN]
    assert len(asked) > 200
    assert certain == []


@pytest.mark.parametrize(
    ("wording", "answers", "construct"),
    [
        ("How often do you pick up litter?", OFTEN, "individual_activity"),
        ("How clean is your street?", "Very clean|Fairly clean|Fairly dirty|Very dirty", "conditions"),
        ("How safe do you feel walking alone after dark?", "Very safe|Safe|Unsafe|Very unsafe", "conditions"),
        (
            "How satisfied are you with the way the police deal with crime?",
            "Very satisfied|Satisfied|Dissatisfied",
            "satisfaction_response",
        ),
        ("People like me can make a difference to the local environment", AGREED, "political_self_efficacy"),
    ],
)
def test_plain_questions_are_certain(vocabulary, wording, answers, construct):
    row = draft(vocabulary, (wording, answers))[0]
    assert (row.construct, row.confidence) == (construct, CERTAIN), row.evidence


@pytest.mark.parametrize(
    ("wording", "answers", "construct", "doubt"),
    [
        ("How good or poor is the council at removing dumped rubbish?", GOOD, "satisfaction_response", ""),
        ("There are people here I could call on if I wanted company", AGREED, "conditions", ""),
        ("The police never ask ordinary people how to cut crime", AGREED, "satisfaction_consultation", ""),
        ("How often do you come across rubbish dumped by the shore?", OFTEN, "conditions", "feel something"),
        ("How often do you drive a neighbour to the surgery?", OFTEN, "individual_activity", ""),
    ],
)
def test_what_was_wrong_and_certain_is_read_or_doubted(vocabulary, wording, answers, construct, doubt):
    row = draft(vocabulary, (wording, answers))[0]
    assert row.construct == construct, row.evidence
    assert row.confidence <= LIKELY or construct.startswith("satisfaction")
    assert doubt in row.evidence


@pytest.mark.parametrize(
    ("name", "wording", "answers", "construct", "confidence"),
    [
        (
            "area",
            "Which part of the town do you live in?",
            "Hill side|Estuary side|Station area",
            "location",
            "certain",
        ),
        ("First part of your postcode", "", "EX51|EX52|TQ99", "location", "likely"),
        ("lsoa", "Small area drawn at the first stage of sampling", "WE001|WE002|WE003", "cluster", "likely"),
        ("band", "Sampling stratum: deprivation band of the address", "Most|Middle|Least", "stratum", "likely"),
        ("sex", "What is your gender?", "Female|Male|Unlisted", "gender", "likely"),
        ("born", "In what year were you born?", "Before 1950|1950-1979|1980 or later", "age", "likely"),
    ],
)
def test_places_samples_and_persons(vocabulary, name, wording, answers, construct, confidence):
    labels = answers.split("|")
    column = SurveyColumn(name, [labels[number % len(labels)] for number in range(60)], wording)
    row = draft_survey(SurveyFile("survey.csv", "a table", [column]), vocabulary).rows[0]
    assert (row.construct, row.confidence.word) == (construct, confidence), row.evidence


def test_a_deed_that_has_its_theme_from_its_grid_alone_is_not_certain(vocabulary):
    stem = "In the last six months, how often have you done the following? - "
    deeds = ["Picked up litter", "Reported fly-tipping", "Composted kitchen waste", "Ordered a pizza"]
    labels = OFTEN.split("|")
    columns = [
        SurveyColumn(f"Q3_{place}", [labels[number * (place + 2) % 5] for number in range(60)], stem + deed)
        for place, deed in enumerate(deeds)
    ]
    rows = draft_survey(SurveyFile("survey.csv", "a table", columns), vocabulary).rows
    assert [row.confidence == CERTAIN for row in rows] == [True, True, True, False]


def test_a_name_alone_makes_no_theme_certain(vocabulary):
    """All rows of a grid may have names that begin with a theme, also the film among deeds for the environment."""
    cells = [OFTEN.split("|")[number * 7 % 5] for number in range(60)]
    stem = "How often have you done each of these in the last 12 months?"
    columns = [
        SurveyColumn(name, cells, f"{stem} - {deed}", stem=stem)
        for name, deed in [
            ("EnvA", "Picked up litter while out on a walk"),
            ("EnvB", "Gone to a film at the village hall"),
        ]
    ]
    litter, film = draft_survey(SurveyFile("survey.csv", "a table", columns), vocabulary).rows
    assert (litter.construct, litter.theme, litter.confidence) == ("individual_activity", "environment", CERTAIN)
    assert film.confidence == LIKELY
