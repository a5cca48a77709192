"""Two waves of a real survey of codes without words: the commands alone bring them in, a person touches few rows."""

import csv
import json
import os
from pathlib import Path

import pytest

from building import PROJECT
from coproduction.exports.checking import check_project

SURVEYS = Path(os.environ.get("COPRODUCTION_REAL_SURVEYS", PROJECT.parent / "shared" / "real")) / "kcmo"
FIXTURE = PROJECT / "tests" / "python" / "fixtures" / "kansas_city" / "questions.csv"
MATTER = (
    *("conditions", "satisfaction_response", "satisfaction_information", "individual_activity", "group_participation"),
    *("gender", "age", "ethnicity"),
)
COUNCIL = ["--council", "kansas_city", "--council-name", "Kansas City", "--country", "USA", "--population", "508090",
           "--population-year", "2020", "--area-type", "free_standing"]  # fmt: skip
# What a person who knows the questionnaire writes: 5 is best, and how often counts from "several times" on.
BEST_IS_5 = [("1", "valid", "1"), ("2", "valid", "2"), ("3", "valid", "3"), ("4", "valid", "4"), ("5", "valid", "5"),
             ("9", "dont_know", "")]  # fmt: skip
SATISFIED = ("q2_05", "q3_13", "q5_03")

pytestmark = pytest.mark.skipif(not SURVEYS.is_dir(), reason="the real survey is not beside the project")


def truth() -> dict[str, str]:
    """The columns that a careful person claims for the paper's constructs, and the construct of each."""
    with FIXTURE.open(encoding="utf-8", newline="") as file:
        return {row[1]: row[2] for row in csv.reader(file) if row[2] in MATTER}


def complete(place) -> int:
    """Complete the draft as a person would, and return how many rows of its files the person touches."""
    matter = truth()
    touched = 0

    def questions(found):
        nonlocal touched
        often = next(row["scale_id"] for row in found if row["column_name"] == "q27_01")
        for row in found:
            before = dict(row)
            if row["column_name"] not in matter:
                row["construct_id"] = row["theme_id"] = row["topic_id"] = row["scale_id"] = ""
            elif row["column_name"] in SATISFIED:
                row |= {"confidence": "checked", "scale_id": "best_is_5"}
            elif row["column_name"] == "q27_02":
                row |= {"confidence": "checked", "construct_id": matter["q27_02"], "theme_id": "community_safety",
                        "topic_id": "all", "scale_id": often, "is_reversed": "false", "is_primary": "true"}  # fmt: skip
            elif row["column_name"] == "q27_01":
                # "Community affairs" names no theme, and the draft takes that of the questions before it.
                row |= {"confidence": "checked", "theme_id": "community_safety", "topic_id": "all"}
            else:
                row["confidence"] = "checked"
            touched += row != before

    def scales(found):
        nonlocal touched
        touched += len(found) + 1
        gender = next(row["scale_id"] for row in place.read("questions") if row["column_name"] == "q41_w")
        found = [row | ({"kind": "nominal"} if row["scale_id"] == gender else {}) for row in found]
        new = {"confidence": "checked", "scale_id": "best_is_5", "scale_name": "Best is 5", "kind": "ordinal"}
        return [
            *({**row, "confidence": "checked"} for row in found),
            {**found[0], **new, "minimum": "1", "maximum": "5"},
        ]

    def answers(found):
        nonlocal touched
        drafted = {row["column_name"]: row["scale_id"] for row in place.read("questions")}
        often, gender = drafted["q27_01"], drafted["q41_w"]
        for row in found:
            if row["scale_id"] == gender and row["answer_label"] == "3":
                row["answer_score"] = ""
                touched += 1
            if row["scale_id"] == often and row["answer_score"]:
                row["is_positive"] = "true" if row["answer_label"] in "34" else "false"
                touched += 1
        blank = dict.fromkeys(found[0], "")
        rows = [
            blank | {"scale_id": "best_is_5", "answer_label": label, "answer_kind": kind, "answer_score": score}
            for label, kind, score in BEST_IS_5
        ]
        touched += len(rows)
        return [*found, *rows]

    for table, change in (("questions", questions), ("scales", scales), ("answers", answers)):
        place.change(table, change)
    return touched


def test_what_is_drafted_of_codes_without_words_is_right_and_doubtful(place):
    place.make_draft(SURVEYS / "kcmo_2021_09.csv", SURVEYS / "questions.csv")
    drafted = {row["column_name"]: row for row in place.read("questions")}
    found = [name for name, construct in truth().items() if drafted[name]["construct_id"] == construct]
    assert len(found) >= 0.85 * len(truth())
    # The column with printed answers is right, but Hispanic does not say what it counts as: a person looks at each.
    assert not [
        row["column_name"] for row in drafted.values() if row["confidence"] == "certain" and row["construct_id"]
    ]
    assert drafted["q37_race"]["confidence"] == "likely" and "see what Hispanic" in drafted["q37_race"]["evidence"]


def test_both_waves_come_in_with_the_commands_alone(place):
    wordings = SURVEYS / "questions.csv"
    place.make_draft(SURVEYS / "kcmo_2021_09.csv", wordings)
    assert complete(place) <= 54
    first = place.run(
        "add", SURVEYS / "kcmo_2021_09.csv", wordings, "--codebook", place.draft, "--wave", "2021_09", *COUNCIL
    )
    assert first.startswith("Added kansas_city_2021_09: 1,033 respondents, 11 questions."), first
    assert "q35x4 (free text), q37x5 (free text)." in first
    assert '"5" is the highest answer, "1" the lowest.' in first
    said = place.make_draft(SURVEYS / "kcmo_2022_03.csv", wordings)
    assert "this may be its next wave" in said
    # Age has the code 9 for the first time: the draft asks what it means, and proposes an answer.
    assert "(10 certain, 0 likely, 1 doubtful)" in said
    assert [(row["answer_label"], row["answer_kind"]) for row in place.read("answers")] == [("9", "dont_know")]
    place.change("answers", lambda found: [row | {"answer_kind": "refused"} for row in found])
    place.change("questions", lambda found: [row | {"confidence": "checked"} for row in found])
    second = place.run(
        "add", SURVEYS / "kcmo_2022_03.csv", wordings, "--codebook", place.draft, "--wave", "2022_03", *COUNCIL
    )
    assert second.startswith("Added kansas_city_2022_03: 984 respondents, 11 questions."), second
    assert [finding for finding in check_project(place.project) if finding.severity == "error"] == []
    listed = json.loads(place.run("surveys", "--json"))
    assert "levels (community_safety)" in listed[-1]["feeds"]
