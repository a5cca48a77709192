"""What is drafted can be added: every questionnaire of the bench passes the check of the project, once confirmed."""

import pytest

from building import PROJECT
from conftest import COUNCIL
from workbench.bench.layouts import LAYOUTS, write_layout
from workbench.bench.questionnaire import invent_answers, read_questionnaire

NEEDS = {"spss": "pyreadstat", "microsoft": "python_calamine"}
BENCH = sorted((PROJECT / "tests" / "bench").glob("*.csv"))
# Two questionnaires in the layout of each tool, and one that prints everything in two languages.
OF_TOOL = {tool: [path for path in BENCH if path.stem.startswith(f"{tool}_")][:2] for tool in LAYOUTS}
PATHS = [*(path for paths in OF_TOOL.values() for path in paths), PROJECT / "tests/bench/limesurvey_penrhosfa.csv"]

NAMES_OF_ARMS = ("none", "a", "b", "both")


def confirmed(rows, roles):
    """Return rows as a person confirms them, who writes the theme where the draft found none and asks for it.

    Another question about the same may be the primary one of that theme already. Cars in the household are no deeds:
    what has no answer that counts as taking part is left out.
    """
    primary = {(row["construct_id"], row["theme_id"]) for row in rows if row["is_primary"] == "true"}
    for row in rows:
        if roles.get(row["construct_id"]) in ("outcome", "correlate") and not row["theme_id"]:
            is_first = (row["construct_id"], "environment") not in primary
            row |= {"theme_id": "environment", "topic_id": "all", "is_primary": str(is_first).lower()}
            primary.add((row["construct_id"], "environment"))
    counted = [row | {"construct_id": ""} if "fill in is_positive" in row["evidence"] else row for row in rows]
    return [row | {"confidence": "checked"} for row in counted]


def with_arms(found):
    """Return the answers as a person completes them, who knows which arm each version of the questionnaire is."""
    unnamed = [row for row in found if row["scale_id"].startswith("new_nudge") and row["answer_kind"] == "valid"]
    if {row["answer_name"] for row in unnamed} <= set(NAMES_OF_ARMS):
        return found
    # A survey may have fewer arms.
    named = dict(zip(sorted(row["answer_label"] for row in unnamed), NAMES_OF_ARMS, strict=False))
    return [row | {"answer_name": named[row["answer_label"]]} if row in unnamed else row for row in found]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_confirmed_draft_is_added(path, place, codebook):
    tool = path.stem.split("_")[0]
    if tool in NEEDS:
        pytest.importorskip(NEEDS[tool])
    questions = read_questionnaire(path)
    files = write_layout(tool, place.folder, questions, invent_answers(questions, 7))
    place.make_draft(*files)
    unsure = {row["scale_id"] for row in place.read("scales") if row["confidence"] != "certain"}
    certain = {row["scale_id"] for row in place.read("questions") if row["confidence"] == "certain"}
    assert not unsure & certain, "whoever confirms a row has seen what is not sure of its scale"
    roles = codebook.roles()
    place.change("questions", lambda found: confirmed(found, roles))
    place.change("answers", with_arms)
    place.change("scales", lambda found: [row | {"confidence": "checked"} for row in found])
    said = place.run("add", *files, "--codebook", place.draft, "--wave", "wave_1", *("--council", "hillford"), *COUNCIL)
    assert said.startswith("Added hillford_wave_1: 240 respondents"), said
    assert "levels (" in said
    first = place.files()
    place.run("add", *files, "--codebook", place.draft, "--wave", "wave_1", "--council", "hillford")
    assert place.files() == first
