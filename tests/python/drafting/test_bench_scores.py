"""The bench scores as docs/draft-a-codebook.md says, and no wrong row of it is certain."""

import pytest

from building import PROJECT
from coproduction.drafting.recognition.vocabulary import Vocabulary
from workbench.bench.scoring import KINDS_OF_FAULTS, kinds_of_faults, score_questionnaire, table

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


def test_nearly_all_columns_are_right(scores):
    assert len(scores) == 96
    assert share(scores, scores) >= 0.98
    assert share(scores, scores, "n_right_certain", "n_right") >= 0.6


def test_the_bench_says_what_is_wrong_by_kind(scores):
    told = kinds_of_faults(list(scores.values()))
    assert all(f"{kind} " in told for kind in KINDS_OF_FAULTS)
    assert sum(score.n_matter - score.n_right for score in scores.values()) <= sum(
        n for score in scores.values() for n in score.n_with.values()
    )
