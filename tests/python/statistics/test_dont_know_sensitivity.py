"""What Don't Know could do to a correlation: each reading against scipy on rows, planted truth, and the edges."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from survey_examples import correlate_counts, respondents_of_reference

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.correlates.est_dont_know_sensitivity import estimate_dont_know_sensitivity

RESPONDENTS = respondents_of_reference()
INDEX = (RESPONDENTS["n_positive"] / RESPONDENTS["n_answered"]).to_numpy()
READINGS = ["estimate", "r_lowest", "r_middle", "r_highest"]

pytestmark = pytest.mark.filterwarnings("error")


def of(respondents: pd.DataFrame, **columns: object) -> pd.Series:
    """The one row of a correlate."""
    return estimate_dont_know_sensitivity(correlate_counts(respondents, **columns)).iloc[0]


def with_dont_know(is_dont_know: np.ndarray, respondents: pd.DataFrame = RESPONDENTS) -> pd.DataFrame:
    kind = np.where(is_dont_know, "dont_know", "valid")
    return respondents.assign(answer_kind=kind, score=respondents["score"].where(~is_dont_know))


def planted(association: float, dont_know: str) -> pd.DataFrame:
    """2,000 people whose answer goes with taking part as planted; a third of some of them does not know."""
    random = np.random.default_rng(3)
    takes_part = random.random(2000) < 0.3
    score = np.clip(np.round(3 + association * (takes_part - 0.3) + random.normal(0, 1.2, 2000)), 1, 5)
    among = {"everybody": np.ones(2000, dtype=bool), "those taking part": takes_part}[dont_know]
    respondents = pd.DataFrame({"score": score, "collective_participation": takes_part.astype(int)})
    return with_dont_know(among & (random.random(2000) < 1 / 3), respondents)


@pytest.mark.parametrize("outcome_id", ["individual_index", "collective_participation"])
def test_each_reading_equals_scipys_r_on_rows(outcome_id):
    outcome = INDEX if outcome_id == "individual_index" else RESPONDENTS["collective_participation"].to_numpy()
    is_dont_know = np.arange(600) % 7 == 2
    row = of(with_dont_know(is_dont_know), outcome_id=outcome_id)
    score = RESPONDENTS["score"].to_numpy()
    for column, code in {"r_lowest": 1, "r_middle": 3, "r_highest": 5}.items():
        expected = stats.pearsonr(np.where(is_dont_know, code, score), outcome).statistic
        assert row[column] == pytest.approx(expected, rel=0, abs=1e-12)
    assert row["r_dont_know"] == pytest.approx(stats.pearsonr(is_dont_know, outcome).statistic, rel=0, abs=1e-12)
    expected = stats.pearsonr(score[~is_dont_know], outcome[~is_dont_know]).statistic
    assert row["estimate"] == pytest.approx(expected, rel=0, abs=1e-12)
    assert row["n_dont_know"] == is_dont_know.sum()
    assert row["n_respondents"] == 600 - is_dont_know.sum()
    assert row["dont_know_share"] == is_dont_know.mean()
    assert row["r_smallest"] == row[READINGS].min()
    assert row["r_largest"] == row[READINGS].max()


def test_it_stands_beside_the_r_of_the_correlates():
    respondents = with_dont_know(np.arange(600) % 9 == 0)
    correlates = estimate_correlates(correlate_counts(respondents)).set_index("method_id").loc["pearson"]
    row = of(respondents)
    for column in ("estimate", "n_respondents", "dont_know_share"):
        assert row[column] == correlates[column]


def test_people_without_an_outcome_count_in_the_share_and_in_the_ends_of_the_scale_only():
    is_dont_know = np.arange(600) % 7 == 2
    respondents = with_dont_know(is_dont_know)
    respondents["score"] = respondents["score"].clip(upper=4)
    respondents.loc[590:, ["n_positive", "n_answered"]] = np.nan
    respondents.loc[598:, "score"] = 5.0
    respondents.loc[598:, "answer_kind"] = "valid"
    row = of(respondents)
    here = np.arange(590)
    score = np.where(is_dont_know[here], 5, respondents["score"][:590])
    assert row["r_highest"] == pytest.approx(stats.pearsonr(score, INDEX[here]).statistic, rel=0, abs=1e-12)
    assert row["dont_know_share"] == respondents["answer_kind"].eq("dont_know").mean()
    assert row["n_dont_know"] == is_dont_know[here].sum()


def test_other_missing_answers_leave_the_pair_under_every_reading():
    is_dont_know = np.arange(600) % 7 == 2
    respondents = with_dont_know(is_dont_know)
    others = respondents.assign(score=np.nan, answer_kind="refused")
    pd.testing.assert_series_equal(of(pd.concat([respondents, others])), of(respondents), check_exact=True)


def test_a_strong_correlation_keeps_its_sign_and_a_weak_one_does_not():
    """Don't Know of those who take part: read as the lowest answer it turns a weak positive r, as it should."""
    strong, weak = (of(planted(a, "those taking part"), outcome_id="collective_participation") for a in (3.0, 0.3))
    assert strong["verdict"] == "sign stable"
    assert strong["is_sign_stable"]
    assert weak["estimate"] > 0 > weak["r_lowest"]
    assert weak["verdict"] == "sign depends on Don't Know"
    assert not weak["is_sign_stable"]
    assert weak["r_dont_know"] > 0.4


def test_not_knowing_at_random_goes_with_nothing():
    row = of(planted(1.0, "everybody"), outcome_id="collective_participation")
    assert abs(row["r_dont_know"]) < 0.06
    assert row["is_sign_stable"]


@pytest.mark.thorough
def test_one_reading_for_everybody_holds_the_truth_when_it_is_the_right_one():
    """Those who do not know would all have said 5: the truth is r_highest, in every draw."""
    for draw in range(50):
        random = np.random.default_rng(draw)
        truth = RESPONDENTS.assign(score=1.0 + random.integers(0, 5, 600))
        is_dont_know = truth["score"].eq(5).to_numpy() & (random.random(600) < 0.5)
        row = of(with_dont_know(is_dont_know, truth))
        expected = stats.pearsonr(truth["score"], INDEX).statistic
        assert row["r_highest"] == pytest.approx(expected, abs=1e-12)
        assert row["r_smallest"] - 1e-12 <= expected <= row["r_largest"] + 1e-12


def test_nobody_who_does_not_know():
    row = of(RESPONDENTS)
    assert row["verdict"] == "no Don't Know"
    assert row["is_sign_stable"]
    assert np.isnan(row["r_dont_know"])
    assert row[READINGS].nunique() == 1
    assert pd.isna(row["reason"])


@pytest.mark.parametrize(
    ("respondents", "reason"),
    [
        (with_dont_know(np.ones(600, dtype=bool)), "fewer than 3"),
        (with_dont_know(np.arange(600) >= 2), "fewer than 3"),
        (with_dont_know(np.arange(600) % 2 == 0, RESPONDENTS.assign(score=2.0)), "correlate does not vary"),
        (
            with_dont_know(np.arange(600) % 2 == 0, RESPONDENTS.assign(n_positive=1, n_answered=4)),
            "outcome does not vary",
        ),
    ],
)
def test_without_a_correlation_there_is_no_verdict_but_a_reason(respondents, reason):
    row = of(respondents)
    assert row[[*READINGS, "r_smallest", "r_largest", "verdict", "is_sign_stable"]].isna().all()
    assert reason in row["reason"]


def searched_bounds(score, outcome) -> tuple[float, float]:
    """Smallest and largest r over the missing scores, by a general optimiser from many starts."""
    missing = np.isnan(score)
    ends = (np.nanmin(score), np.nanmax(score))

    zy = (outcome - outcome.mean()) / outcome.std()

    def r_and_slope(answers, sign):
        filled = score.copy()
        filled[missing] = answers
        zx = (filled - filled.mean()) / filled.std()
        r = (zx * zy).mean()
        return sign * r, sign * ((zy - r * zx) / filled.std())[missing] / len(score)

    def smallest(sign):
        random = np.random.default_rng(1)
        starts = [random.choice(ends, missing.sum()) for _ in range(4)]
        starts += [np.where(side * zy[missing] > 0, *ends) for side in (1, -1)]
        options = {"jac": True, "args": (sign,), "bounds": [ends] * missing.sum()}
        return min(optimize.minimize(r_and_slope, start, **options).fun for start in starts)

    return smallest(1), -smallest(-1)


@pytest.mark.parametrize("draw", range(4))
@pytest.mark.parametrize("association", [0, 2, -4])
@pytest.mark.thorough
def test_the_bounds_are_those_of_a_general_optimiser(draw, association):
    """60 people; a few to most of them do not know; where r is strong no answers can turn its sign."""
    random = np.random.default_rng(draw)
    positive = random.integers(0, 4, 60)
    score = np.clip(np.round(3 + association * (positive / 3 - 0.5) + random.normal(0, 0.7, 60)), 1, 5)
    is_dont_know = random.random(60) < [0.05, 0.2, 0.5, 0.8][draw % 4]
    respondents = pd.DataFrame({"score": score, "n_positive": positive, "n_answered": 3})
    row = of(with_dont_know(is_dont_know, respondents))
    expected = searched_bounds(np.where(is_dont_know, np.nan, score), positive / 3)
    # No search may find more than the bound; a search from a few starts may find a little less.
    assert row["r_bound_lower"] <= expected[0] + 1e-9
    assert row["r_bound_upper"] >= expected[1] - 1e-9
    assert (row["r_bound_lower"], row["r_bound_upper"]) == pytest.approx(expected, abs=1e-4)
    assert row["r_bound_lower"] <= row["r_smallest"] + 1e-12
    assert row["r_bound_upper"] >= row["r_largest"] - 1e-12


@pytest.mark.thorough
def test_the_bounds_contain_the_truth_in_every_draw():
    """Don't Know depends on answer and outcome: one reading for all often misses the truth, the bounds never."""
    surveys, truth = [], []
    for draw in range(200):
        random = np.random.default_rng(draw)
        takes_part = random.random(300) < 0.28
        score = np.clip(np.round(3 + random.normal(0, 1.2, 300) + draw % 3 * (takes_part - 0.28)), 1, 5)
        score[:2] = 1, 5
        is_dont_know = random.random(300) < np.where((score > 3) == takes_part, 0.6, 0.02)
        is_dont_know[:2] = False
        people = pd.DataFrame({"score": score, "collective_participation": takes_part.astype(int)})
        columns = {"outcome_id": "collective_participation", "council_id": f"{draw:03}"}
        surveys.append(correlate_counts(with_dont_know(is_dont_know, people), **columns))
        truth.append(stats.pearsonr(score, takes_part).statistic)
    rows = estimate_dont_know_sensitivity(pd.concat(surveys))
    assert rows["council_id"].is_monotonic_increasing
    assert ((rows["r_bound_lower"] <= truth) & (truth <= rows["r_bound_upper"])).all()
    assert ((rows["r_smallest"] > truth) | (truth > rows["r_largest"])).mean() > 0.2


def test_without_dont_know_the_bounds_are_r():
    row = of(RESPONDENTS)
    assert row[["r_bound_lower", "r_bound_upper"]].to_list() == pytest.approx([row["estimate"]] * 2, abs=1e-12)
