"""Checks of the experiments and bounds under non-response: R, scipy on one row per respondent, planted faults."""

import numpy as np
import pandas as pd
import pytest
from nudge_examples import (
    OUTCOMES,
    REFERENCE,
    covariate_counts,
    experiment_counts,
    experiment_of_reference,
    values_of,
)
from scipy import stats

from coproduction.statistics.estimates.nudges.est_nudge_bounds import estimate_nudge_bounds
from coproduction.statistics.estimates.nudges.est_nudge_checks import estimate_nudge_checks

PEOPLE = experiment_of_reference()
CASES = {"large": PEOPLE, "sparse": experiment_of_reference(90)}
TESTED = ["statistic", "p_value"]

pytestmark = pytest.mark.filterwarnings("error")


def checks_of(people: pd.DataFrame, outcome_id: str = "individual_index") -> pd.DataFrame:
    return estimate_nudge_checks(covariate_counts(people, outcome_id)).set_index("check_id")


def bounds_of(people: pd.DataFrame, outcome_id: str = "collective_participation") -> pd.DataFrame:
    return estimate_nudge_bounds(experiment_counts(people, outcome_id)).set_index(["method_id", "contrast_id"])


@pytest.mark.parametrize("check_id", ["arm_counts", "covariate_balance"])
def test_checks_of_the_survey_equal_r(check_id):
    check = checks_of(PEOPLE).loc[check_id]
    assert check["statistic"] == pytest.approx(REFERENCE[f"{check_id}_statistic"], rel=1e-9)
    assert check["p_value"] == pytest.approx(REFERENCE[f"{check_id}_p"], rel=1e-8, abs=0)
    assert check[["theme_id", "topic_id", "outcome_id"]].eq("all").all()
    assert check["n_respondents"] == 600


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_non_response_equals_r(case, outcome):
    check = checks_of(CASES[case], OUTCOMES[outcome]).loc["non_response"]
    prefix = f"{case}_{outcome}_non_response"
    assert check["statistic"] == pytest.approx(REFERENCE[f"{prefix}_statistic"], rel=1e-9)
    assert check["p_value"] == pytest.approx(REFERENCE[f"{prefix}_p"], rel=1e-8, abs=0)
    is_missing = values_of(CASES[case], OUTCOMES[outcome]).isna()
    shares = is_missing.groupby(CASES[case]["arm_id"]).mean()
    assert check["share_missing"] == pytest.approx(is_missing.mean())
    assert check["largest_difference"] == pytest.approx(shares.max() - shares.min())


@pytest.mark.slow
def test_permutation_p_values_follow_the_statistic_on_shuffled_respondents():
    """Brute force with pandas: shuffle the arms, cross-tabulate, compare."""
    random = np.random.default_rng(8)
    is_missing = values_of(PEOPLE, "collective_participation").isna().to_numpy()
    arm = PEOPLE["arm_id"].to_numpy()

    def statistic(arms):
        return stats.chi2_contingency(pd.crosstab(arms, is_missing), correction=False).statistic

    observed = statistic(arm)
    expected = np.mean([statistic(random.permutation(arm)) >= observed - 1e-9 for _ in range(400)])
    check = checks_of(PEOPLE, "collective_participation").loc["non_response"]
    assert check["p_value_randomisation"] == pytest.approx(expected, abs=0.06)
    assert checks_of(PEOPLE).loc["covariate_balance", "p_value_randomisation"] == pytest.approx(
        REFERENCE["covariate_balance_p"], abs=0.05
    )


@pytest.mark.slow
def test_planted_faults_are_found():
    women_in_a = PEOPLE.copy()
    women_in_a.loc[PEOPLE["arm_id"].eq("a"), "gender_score"] = 2.0
    assert checks_of(women_in_a).loc["covariate_balance", "p_value_randomisation"] == 1 / 2000
    silent_b = PEOPLE.copy()
    silent_b.loc[PEOPLE["arm_id"].eq("b") & (np.arange(600) % 3 == 0), ["n_positive", "n_answered"]] = np.nan
    assert checks_of(silent_b).loc["non_response", "p_value_randomisation"] == 1 / 2000
    few_none = PEOPLE[~(PEOPLE["arm_id"].eq("none") & (np.arange(600) % 2 == 0))]
    assert checks_of(few_none).loc["arm_counts", "p_value"] < 1e-4


def test_balance_of_one_two_valued_covariate_is_the_chi_square_test():
    people = PEOPLE.assign(age_band=None, gender_score=PEOPLE["gender_score"].fillna(1.0))
    table = pd.crosstab(people["arm_id"], people["gender_score"])
    expected = stats.chi2_contingency(table, correction=False).statistic * 599 / 600
    check = checks_of(people).loc["covariate_balance"]
    assert check["statistic"] == pytest.approx(expected, rel=1e-10)
    assert check["df"] == 3
    shares = table.div(table.sum(axis=1), axis=0)
    overall = table.sum() / 600
    assert check["largest_difference"] == pytest.approx((shares - overall).abs().to_numpy().max())


@pytest.mark.parametrize(
    ("people", "check_id", "reason"),
    [
        (PEOPLE.assign(age_band=None, gender_score=np.nan), "covariate_balance", "neither age nor gender"),
        (PEOPLE.assign(age_band="18-34", gender_score=1.0), "covariate_balance", "no covariate varies"),
        (PEOPLE[PEOPLE["arm_id"].eq("none")], "arm_counts", "a single arm"),
        (PEOPLE[PEOPLE["arm_id"].eq("none")], "covariate_balance", "a single arm"),
        (PEOPLE[PEOPLE["arm_id"].eq("none")], "non_response", "a single arm"),
        (PEOPLE.dropna(subset=["n_answered"]), "non_response", "no outcome is missing"),
        (PEOPLE.assign(n_positive=np.nan, n_answered=np.nan), "non_response", "every outcome is missing"),
    ],
)
def test_a_check_that_cannot_be_made_says_why(people, check_id, reason):
    check = checks_of(people).loc[check_id]
    assert reason in check["reason"]
    assert check[[*TESTED, "p_value_randomisation"]].isna().all()


def test_checks_of_the_survey_count_everybody_who_was_asked_anything():
    asked_less = covariate_counts(PEOPLE[:500], "individual_index")
    counts = pd.concat([asked_less, covariate_counts(PEOPLE, "collective_participation")])
    checks = estimate_nudge_checks(counts)
    assert checks.loc[checks["outcome_id"].eq("all"), "n_respondents"].eq(600).all()
    assert checks["check_id"].value_counts().to_dict() == {"non_response": 2, "arm_counts": 1, "covariate_balance": 1}


# Bounds


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("method", ["lee", "worst_case"])
@pytest.mark.parametrize("contrast_id", ["a", "b", "both"])
@pytest.mark.slow
def test_bounds_equal_r(case, outcome, method, contrast_id):
    bound = bounds_of(CASES[case], OUTCOMES[outcome]).loc[(method, contrast_id)]
    for end in ("lower", "upper"):
        expected = REFERENCE[f"{case}_{outcome}_{method}_{contrast_id}_{end}"]
        assert bound[f"bound_{end}"] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert bound["bound_lower"] <= bound["estimate"] <= bound["bound_upper"]


def test_without_missing_outcomes_the_bounds_are_the_estimate():
    bounds = bounds_of(PEOPLE.dropna())
    for end in ("bound_lower", "bound_upper"):
        np.testing.assert_allclose(bounds[end], bounds["estimate"], rtol=1e-12)
    assert bounds.loc["lee", "share_trimmed"].abs().max() < 1e-12


def test_bounds_contain_the_planted_effect_when_the_nudge_drives_some_away():
    """A nudge of 20 points that silences those who take part least: the difference of means is wrong, Lee's bounds not.

    Everybody who answers with the nudge would answer without it, as Lee assumes; the effect on them is known.
    """
    random = np.random.default_rng(2)
    n = 20_000
    index = random.binomial(10, 0.3, n)
    is_nudged = np.arange(n) % 2 == 0
    answers = ~is_nudged | (random.random(n) < 0.5 + 0.05 * index)
    people = pd.DataFrame({"arm_id": np.where(is_nudged, "a", "none"), "n_positive": index + 2 * is_nudged})
    people["n_answered"] = np.where(answers, 12, np.nan)
    people["n_positive"] = people["n_positive"].where(answers)
    truth = 100 * 2 / 12
    bounds = bounds_of(people, "individual_index")
    assert bounds.loc[("lee", "a"), "estimate"] > truth + 1
    for method in ("lee", "worst_case"):
        assert bounds.loc[(method, "a"), "bound_lower"] < truth < bounds.loc[(method, "a"), "bound_upper"]
    assert bounds.loc[("lee", "a"), "share_trimmed"] == pytest.approx(1 - 0.65, abs=0.02)


def test_a_side_without_outcomes_has_only_worst_case_bounds():
    silent = PEOPLE.assign(collective_participation=PEOPLE["collective_participation"].mask(PEOPLE["arm_id"].eq("b")))
    bounds = bounds_of(silent)
    assert bounds.loc[("lee", "b"), "reason"] == "nobody in the arm has an outcome"
    assert bounds.loc[("lee", "b"), ["bound_lower", "bound_upper", "estimate"]].isna().all()
    worst = bounds.loc[("worst_case", "b")]
    assert worst["bound_upper"] - worst["bound_lower"] >= 100
    nobody = bounds_of(PEOPLE[PEOPLE["arm_id"].ne("none")])
    assert nobody.loc["worst_case", "reason"].eq("nobody is without a nudge").all()
    assert nobody[["bound_lower", "bound_upper"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("estimate", "count"), [(estimate_nudge_checks, covariate_counts), (estimate_nudge_bounds, experiment_counts)]
)
@pytest.mark.slow
def test_contract_of_checks_and_bounds(estimate, count):
    counts = pd.concat([count(PEOPLE), count(PEOPLE[100:], council_id="anglesey")], ignore_index=True)
    expected = estimate(counts)
    pd.testing.assert_frame_equal(estimate(counts.sample(frac=1, random_state=1)), expected, check_exact=True)
    one_by_one = counts.loc[counts.index.repeat(counts["n_respondents"])].assign(n_respondents=1)
    pd.testing.assert_frame_equal(estimate(one_by_one), expected, check_exact=True)
    outside = count(PEOPLE.assign(arm_id=None))
    pd.testing.assert_frame_equal(estimate(pd.concat([counts, outside])), expected, check_exact=True)
    empty = estimate(counts[:0])
    assert len(empty) == 0
    pd.testing.assert_series_equal(empty.dtypes, expected.dtypes)
    untyped = pd.DataFrame({column: pd.Series([], dtype=object) for column in counts})
    pd.testing.assert_series_equal(estimate(untyped).dtypes, expected.dtypes)
    for column in counts:
        with pytest.raises(ValueError, match=f"no column {column}"):
            estimate(counts.drop(columns=column))
