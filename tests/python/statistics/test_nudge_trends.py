"""Graded nudges, on synthetic experiments: R, scipy, brute force and planted truth."""

import numpy as np
import pandas as pd
import pytest
from nudge_examples import OUTCOMES, REFERENCE, STRENGTHS, experiment_counts, experiment_of_reference
from scipy import stats
from scipy.optimize import isotonic_regression

from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.estimates.nudges.est_nudge_trends import estimate_nudge_trends, isotonic_means

PEOPLE = experiment_of_reference()
NAMES = {"none": "none", "a": "low", "b": "middle", "both": "high"}
ARMS = pd.DataFrame({"arm_id": list(STRENGTHS), "strength": list(STRENGTHS.values())})

pytestmark = pytest.mark.filterwarnings("error")


def trends_of(people: pd.DataFrame, outcome_id: str = "individual_index", arms: pd.DataFrame = ARMS) -> pd.DataFrame:
    trends = estimate_nudge_trends(experiment_counts(people, outcome_id), arms)
    return trends.set_index(["test_id", "arm_id"]).sort_index()


def planted(shares: dict[str, float], n: int = 400, seed: int = 0) -> pd.DataFrame:
    """An experiment with the given shares of people who take part."""
    random = np.random.default_rng(seed)
    people = [pd.DataFrame({"arm_id": arm, "y": random.random(n) < share}) for arm, share in shares.items()]
    people = pd.concat(people, ignore_index=True)
    return people.assign(collective_participation=people["y"].astype(float), n_positive=np.nan, n_answered=np.nan)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_trends_equal_r(outcome):
    trends = trends_of(PEOPLE, OUTCOMES[outcome])
    linear, departure = trends.loc[("linear", "all")], trends.loc[("departure", "all")]
    assert linear["estimate"] == pytest.approx(REFERENCE[f"trend_{outcome}_slope"], rel=1e-9, abs=0)
    assert linear["std_error"] == pytest.approx(REFERENCE[f"trend_{outcome}_std_error"], rel=1e-9, abs=0)
    assert departure["statistic"] == pytest.approx(REFERENCE[f"trend_{outcome}_departure_statistic"], rel=1e-9, abs=0)
    assert departure["p_value"] == pytest.approx(REFERENCE[f"trend_{outcome}_departure_p"], rel=1e-8, abs=0)
    for arm_id, name in NAMES.items():
        expected = REFERENCE[f"trend_{outcome}_isotonic_{name}"]
        assert trends.loc[("isotonic", arm_id), "estimate"] == pytest.approx(expected, rel=1e-9, abs=0)


def test_cochran_armitage_equals_r_and_stands_for_binary_outcomes_only():
    trend = trends_of(PEOPLE, "collective_participation").loc[("cochran_armitage", "all")]
    assert trend["statistic"] == pytest.approx(REFERENCE["trend_collective_armitage_statistic"], rel=1e-9, abs=0)
    assert trend["p_value"] == pytest.approx(REFERENCE["trend_collective_armitage_p"], rel=1e-8, abs=0)
    assert "cochran_armitage" not in trends_of(PEOPLE).index.get_level_values("test_id")


@pytest.mark.slow
def test_step_up_contrasts_are_the_headline_effects_with_max_t_over_the_series():
    effects = estimate_nudge_effects(experiment_counts(PEOPLE))
    effects = effects[effects["model_id"].eq("dummies")].set_index("contrast_id")
    steps = trends_of(PEOPLE).loc["step_up"]
    for column in ("estimate", "std_error", "df", "p_value", "ci_lower", "minimum_detectable"):
        np.testing.assert_allclose(steps[column], effects.loc[steps.index, column], rtol=1e-12)
    np.testing.assert_allclose(steps["p_value_max_t"], effects.loc[steps.index, "p_value_max_t"], atol=0.05)


def test_degrees_of_freedom_of_the_slope_follow_the_matrix_form():
    """Two arms and a control of equal size: the slope is (m2 - m0) / 2, a contrast of two arms."""
    arms = pd.DataFrame({"arm_id": ["none", "a", "b"], "strength": [0.0, 1.0, 2.0]})
    trend = trends_of(planted({"none": 0.2, "a": 0.3, "b": 0.4}, n=50), "collective_participation", arms)
    assert trend.loc[("linear", "all"), "df"] == pytest.approx(98)


@pytest.mark.parametrize("seed", range(20))
def test_isotonic_means_equal_scipy(seed):
    random = np.random.default_rng(seed)
    mean, n = random.random((5, 3)), random.integers(1, 50, 5)
    found = isotonic_means(mean, n)
    for table in range(3):
        np.testing.assert_allclose(found[:, table], isotonic_regression(mean[:, table], weights=n).x, rtol=1e-12)


def test_arms_of_equal_strength_share_their_isotonic_mean():
    arms = pd.DataFrame({"arm_id": list(STRENGTHS), "strength": [0.0, 1.0, 1.0, 2.0]})
    isotonic = trends_of(PEOPLE, arms=arms).loc["isotonic", "estimate"]
    assert isotonic["a"] == isotonic["b"]


@pytest.mark.thorough
def test_the_monotone_test_equals_brute_force_on_shuffled_respondents():
    random = np.random.default_rng(1)
    people = PEOPLE.dropna(subset=["collective_participation"])
    y, strength = people["collective_participation"].to_numpy(), people["arm_id"].map(STRENGTHS).to_numpy()

    def statistic(strengths):
        levels = np.unique(strengths)
        n = np.array([(strengths == level).sum() for level in levels])
        means = isotonic_regression([y[strengths == level].mean() for level in levels], weights=n).x
        return n @ (means - y.mean()) ** 2 / ((y - y.mean()) ** 2).sum()

    trend = trends_of(PEOPLE, "collective_participation").loc[("monotone", "all")]
    assert trend["statistic"] == pytest.approx(statistic(strength), rel=1e-9)
    drawn = [statistic(random.permutation(strength)) for _ in range(500)]
    assert trend["p_value_randomisation"] == pytest.approx(np.mean(np.array(drawn) >= statistic(strength)), abs=0.07)


def test_a_planted_dose_response_is_found_with_its_slope_and_is_no_departure():
    trends = trends_of(planted({"none": 0.2, "a": 0.25, "b": 0.3, "both": 0.4}, n=2000), "collective_participation")
    linear = trends.loc[("linear", "all")]
    assert linear["ci_lower"] < 5 < linear["ci_upper"]
    assert linear["p_value"] < 1e-6
    assert trends.loc[("cochran_armitage", "all"), "p_value"] < 1e-6
    assert trends.loc[("monotone", "all"), "p_value_randomisation"] == 1 / 2000
    assert trends.loc[("departure", "all"), "p_value"] > 0.05
    assert trends.loc[("step_up", "both"), "p_value_max_t"] == 1 / 2000


def test_a_planted_threshold_departs_from_the_line():
    """Only the strongest step works, from strength 2 of 4: the slope is seen, and that it is none."""
    trends = trends_of(planted({"none": 0.2, "a": 0.2, "b": 0.4, "both": 0.4}, n=2000), "collective_participation")
    assert trends.loc[("departure", "all"), "p_value"] < 1e-4
    assert trends.loc[("step_up", "a"), "p_value_max_t"] > 0.05
    assert trends.loc[("step_up", "b"), "p_value_max_t"] == 1 / 2000


def test_a_falling_series_is_not_monotone():
    trends = trends_of(planted({"none": 0.4, "a": 0.3, "b": 0.25, "both": 0.2}), "collective_participation")
    assert trends.loc[("linear", "all"), "p_value"] < 0.001
    assert trends.loc[("monotone", "all"), "p_value_randomisation"] > 0.5


@pytest.mark.thorough
def test_without_any_effect_the_tests_keep_their_level():
    """200 experiments without an effect: 5 per cent of the p-values below 0.05, give or take four standard errors."""
    experiments = pd.concat(
        experiment_counts(
            planted(dict.fromkeys(STRENGTHS, 0.3), n=60, seed=seed), "collective_participation", council_id=f"{seed}"
        )
        for seed in range(200)
    )
    trends = estimate_nudge_trends(experiments, ARMS)
    shares = {
        "linear": "p_value",
        "cochran_armitage": "p_value",
        "departure": "p_value",
        "monotone": "p_value_randomisation",
    }
    for test_id, column in shares.items():
        p = trends.loc[trends["test_id"].eq(test_id), column]
        assert len(p) == 200
        assert 0.005 <= p.le(0.05).mean() <= 0.115, test_id
    smallest = trends[trends["test_id"].eq("step_up")].groupby("council_id")["p_value_max_t"].min()
    assert smallest.le(0.05).mean() <= 0.115


@pytest.mark.slow
def test_arms_without_strength_make_no_series():
    bare = ARMS.assign(strength=np.nan)
    one = ARMS.assign(strength=[np.nan, 1.0, np.nan, np.nan])
    full = estimate_nudge_trends(experiment_counts(PEOPLE), ARMS)
    for arms in (bare, one, ARMS[:0]):
        trends = estimate_nudge_trends(experiment_counts(PEOPLE), arms)
        assert len(trends) == 0
        pd.testing.assert_series_equal(trends.dtypes, full.dtypes)


@pytest.mark.slow
def test_an_arm_outside_the_series_does_not_matter_and_the_control_starts_at_zero():
    arms = pd.DataFrame({"arm_id": ["none", "a", "b", "both"], "strength": [np.nan, 1.0, 2.0, np.nan]})
    given = pd.DataFrame({"arm_id": ["none", "a", "b"], "strength": [0.0, 1.0, 2.0]})
    without = PEOPLE[PEOPLE["arm_id"].ne("both")]
    pd.testing.assert_frame_equal(trends_of(PEOPLE, arms=arms), trends_of(without, arms=given), check_exact=True)
    assert set(trends_of(PEOPLE, arms=arms).loc["step_up"].index) == {"a", "b"}


@pytest.mark.parametrize(
    ("change", "missing", "reason"),
    [
        (lambda p: p[~p["arm_id"].eq("b") | (p.index == p.index[p["arm_id"].eq("b")][0])],
         ["linear", "departure", "monotone", "isotonic", "cochran_armitage"], "fewer than two respondents"),
        (lambda p: p.assign(collective_participation=p["collective_participation"].mask(p["arm_id"].eq("b"), 0.0)),
         ["linear", "departure"], "does not vary in an arm"),
        (lambda p: p.assign(collective_participation=0.0),
         ["linear", "departure", "monotone", "cochran_armitage"], "does not vary"),
    ],
)  # fmt: skip
def test_a_series_that_cannot_be_tested_says_why(change, missing, reason):
    people = PEOPLE.dropna(subset=["collective_participation"])
    trends = trends_of(change(people), "collective_participation")
    for test_id in missing:
        assert trends.loc[test_id, "reason"].str.contains(reason).all(), test_id
        assert trends.loc[test_id, ["p_value", "p_value_randomisation", "std_error"]].isna().all(axis=None)


def test_strengths_that_do_not_differ_have_no_slope():
    trends = trends_of(PEOPLE, arms=ARMS.assign(strength=0.0))
    assert trends.loc[("linear", "all"), "reason"] == "the strengths of the series do not differ"


@pytest.mark.slow
def test_contract_of_trends():
    counts = pd.concat([experiment_counts(PEOPLE), experiment_counts(PEOPLE[50:], council_id="x")], ignore_index=True)
    expected = estimate_nudge_trends(counts, ARMS)
    assert not expected.duplicated(["council_id", "topic_id", "outcome_id", "test_id", "arm_id"]).any()
    shuffled = estimate_nudge_trends(counts.sample(frac=1, random_state=1), ARMS.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(shuffled, expected, check_exact=True)
    one_by_one = counts.loc[counts.index.repeat(counts["n_respondents"])].assign(n_respondents=1)
    pd.testing.assert_frame_equal(estimate_nudge_trends(one_by_one, ARMS), expected, check_exact=True)
    for column in counts:
        with pytest.raises(ValueError, match=f"no column {column}"):
            estimate_nudge_trends(counts.drop(columns=column), ARMS)
    with pytest.raises(ValueError, match="no column strength"):
        estimate_nudge_trends(counts, ARMS.drop(columns="strength"))
    untyped = pd.DataFrame({column: pd.Series([], dtype=object) for column in counts})
    assert len(estimate_nudge_trends(untyped, ARMS)) == 0


def test_the_smallest_p_of_the_slope_is_students():
    linear = trends_of(PEOPLE).loc[("linear", "all")]
    expected = 2 * stats.t.sf(abs(linear["estimate"] / linear["std_error"]), linear["df"])
    assert linear["p_value"] == pytest.approx(expected, rel=1e-9, abs=0)
