"""The bench scores as docs/draft-a-codebook.md says, and no wrong row of it is certain."""

import pytest

from building import PROJECT
from coproduction.drafting.recognition.vocabulary import Vocabulary
from workbench.bench.scoring import score_questionnaire, table

# Written by somebody who had not seen the rules, in words and answers as odd as they could be.
BY_SOMEBODY_ELSE = frozenset(
    {
        "forms_skellgate",
        "limesurvey_cwmtawel",
        "microsoft_ellerbeck",
        "plain_harrowmoor",
        "plain_tidesend",
        "qualtrics_thornleigh",
        "spss_marrowfield",
        "surveymonkey_pellbridge",
    }
)
PATHS = sorted((PROJECT / "tests" / "bench").glob("*.csv"))


@pytest.fixture(scope="module")
def scores(codebook):
    vocabulary = Vocabulary(codebook)
    pytest.importorskip("pyreadstat")
    pytest.importorskip("python_calamine")
    return {path.stem: score_questionnaire(path, vocabulary) for path in PATHS}


def share(scores, names, which="n_right", of="n_matter"):
    return sum(getattr(scores[name], which) for name in names) / sum(getattr(scores[name], of) for name in names)


def test_no_wrong_row_is_certain(scores):
    assert table(list(scores.values())).splitlines()[-1].startswith("all")
    assert {name: score.faults for name, score in scores.items() if score.n_wrong_certain} == {}


def test_questionnaires_that_the_rules_have_seen_are_nearly_all_right(scores):
    seen = [name for name in scores if name not in BY_SOMEBODY_ELSE]
    assert len(seen) == 42
    assert share(scores, seen) >= 0.97
    assert share(scores, seen, "n_right_certain", "n_right") >= 0.6


def test_questionnaires_of_somebody_else_do_not_get_worse(scores):
    assert set(scores) >= BY_SOMEBODY_ELSE
    assert share(scores, BY_SOMEBODY_ELSE) >= 0.4
