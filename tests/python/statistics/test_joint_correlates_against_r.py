"""Several correlates at once against R (reference/joint_correlates.R): lm_robust, glm, svyglm, all orders."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from joint_examples import joint_counts
from survey_examples import REFERENCE

from coproduction.statistics.estimates.correlates.est_joint_correlates import estimate_joint_correlates
from coproduction.statistics.methods.regressions import importance
from coproduction.statistics.methods.regressions.imputation import pooled
from coproduction.statistics.methods.regressions.regression import Rows, marginal_effects

R = pd.read_csv(REFERENCE.parent / "joint_correlates.csv", index_col="quantity")["value"]
SCHOOLS = pd.read_csv(REFERENCE.parent / "joint_correlates_schools.csv")
CORRELATES = ["avg_ed", "ell", "meals", "mobility", "primary"]
OUTCOMES = {"individual_index": "index", "collective_participation": "award"}
PEOPLE = SCHOOLS.rename(
    columns={"positive": "individual_index_positive", "answered": "individual_index_answered"}
).assign(collective_participation_positive=SCHOOLS["award"], collective_participation_answered=1)
ESTIMATES = (
    estimate_joint_correlates(joint_counts(PEOPLE, CORRELATES, SCHOOLS["weight"].to_numpy()))
    .set_index(["outcome_id", "model_id", "missing_id", "weighting_id", "construct_id"])
    .sort_index()
)
COEFFICIENT = {"rel": 1e-9, "abs": 0}
ERROR = {"rel": 1e-8, "abs": 0}
P_VALUE = {"rel": 1e-8, "abs": 0}
CORRELATION = {"rel": 0, "abs": 1e-10}


def ours(outcome, model, column, weighting="unweighted"):
    return ESTIMATES.loc[(outcome, model, "complete", weighting), column].loc[CORRELATES].to_numpy(float)


def of_r(name):
    return np.array([R[f"{name}_{correlate}"] for correlate in CORRELATES])


def test_the_reference_has_missing_answers_and_respondents_who_share_a_row():
    assert SCHOOLS[CORRELATES].isna().any().any()
    assert ESTIMATES["n_respondents"].max() < len(SCHOOLS) + 1
    assert len(ESTIMATES) == len(CORRELATES) * (3 * 3)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize(
    ("column", "tolerance"),
    [
        ("estimate", COEFFICIENT),
        ("std_error", ERROR),
        ("ci_lower", ERROR),
        ("p_value", P_VALUE),
        ("standardised", COEFFICIENT),
        ("correlation", CORRELATION),
        ("correlation_p_value", P_VALUE),
        ("share_of_r_squared", CORRELATION),
        ("r_squared", CORRELATION),
        ("variance_inflation", COEFFICIENT),
    ],
)
def test_least_squares_equal_r(outcome, column, tolerance):
    assert ours(outcome, "ols", column) == pytest.approx(of_r(f"{OUTCOMES[outcome]}_ols_{column}"), **tolerance)


@pytest.mark.parametrize("column", ["estimate", "std_error", "p_value"])
def test_marginal_effects_of_the_logit_equal_r(column):
    assert ours("collective_participation", "logit_marginal", column) == pytest.approx(
        of_r(f"award_logit_{column}"), **ERROR
    )


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("column", ["estimate", "std_error", "df", "p_value", "share_of_r_squared"])
def test_weighted_least_squares_equal_svyglm(outcome, column):
    expected = of_r(f"{OUTCOMES[outcome]}_weighted_ols_{column}")
    assert ours(outcome, "ols", column, "weighted") == pytest.approx(expected, **ERROR)


@pytest.mark.parametrize("column", ["estimate", "std_error"])
def test_weighted_marginal_effects_equal_svyglm(column):
    found = ours("collective_participation", "logit_marginal", column, "weighted")
    assert found == pytest.approx(of_r(f"award_weighted_logit_{column}"), **ERROR)


def test_rubins_rules_equal_r():
    place, number = np.arange(1, 6), np.arange(1, 21)[:, None]
    estimates, variances = np.sin(place * number) / 10 + place, (1.5 + np.cos(place + number)) / 50
    assert pooled(estimates, variances, 90).std_error == pytest.approx(of_r("rubin_std_error"), **COEFFICIENT)
    assert pooled(estimates, variances, 90).df == pytest.approx(of_r("rubin_df"), **COEFFICIENT)
    assert pooled(estimates, variances, np.inf).df == pytest.approx(of_r("rubin_df_normal"), **COEFFICIENT)


def test_grouped_rows_give_what_single_respondents_give():
    coarse = SCHOOLS.assign(meals=SCHOOLS["meals"] // 25, ell=SCHOOLS["ell"] // 25, mobility=SCHOOLS["mobility"] // 10)
    coarse = coarse.assign(avg_ed=SCHOOLS["avg_ed"].round(), positive=SCHOOLS["positive"] // 20 * 20)
    people = coarse.rename(columns={"positive": "individual_index_positive", "answered": "individual_index_answered"})
    counts = joint_counts(people, CORRELATES)
    assert counts["n_respondents"].max() > 5
    single = counts.loc[counts.index.repeat(counts["n_respondents"])].assign(n_respondents=1)
    grouped, apart = (estimate_joint_correlates(frame) for frame in (counts, single))
    of_complete = grouped["missing_id"].eq("complete")
    columns = ["estimate", "std_error", "p_value", "r_squared", "share_of_r_squared"]
    for column in columns:
        expected = apart.loc[of_complete, column].to_numpy()
        assert grouped.loc[of_complete, column].to_numpy() == pytest.approx(expected, rel=1e-10, abs=1e-13)


def test_the_delta_method_has_the_gradient_of_the_average_marginal_effect():
    """Seen from outside: the error of a logit without a slope in one correlate is that of the linear formula there."""
    random = np.random.default_rng(1)
    x = random.integers(1, 6, (400, 2)).astype(float)
    y = (random.random(400) < 1 / (1 + np.exp(2.5 - 0.8 * x[:, 0]))).astype(float)
    rows = Rows(x, y, np.ones(400)).standardised()
    draws = np.stack(
        [marginal_effects(Rows(rows.x[i], y[i], np.ones(400))).slopes for i in random.integers(0, 400, (800, 400))]
    )
    assert np.sqrt(np.diag(marginal_effects(rows).covariance)) == pytest.approx(draws.std(axis=0), rel=0.1)


def test_shares_are_the_mean_increase_over_all_orders():
    random = np.random.default_rng(2)
    matrix = np.corrcoef(random.standard_normal((5, 40)) + random.standard_normal(40))

    def r_squared(places):
        to_outcome = matrix[np.ix_(places, [4])]
        return (
            float((to_outcome.T @ np.linalg.solve(matrix[np.ix_(places, places)], to_outcome))[0, 0]) if places else 0.0
        )

    orders = list(permutations(range(4)))
    expected = np.zeros(4)
    for order in orders:
        for step, place in enumerate(order):
            expected[place] += (r_squared(list(order[: step + 1])) - r_squared(list(order[:step]))) / len(orders)
    assert importance.shares_of_r_squared(matrix[None])[0] == pytest.approx(expected, rel=0, abs=1e-12)


def test_resampled_moments_of_large_surveys_spread_as_resamples_do(monkeypatch):
    random = np.random.default_rng(3)
    x = random.standard_normal((500, 3)) + random.standard_normal((500, 1))
    rows = Rows(x, x @ [0.5, 0.2, 0.0] + random.standard_normal(500) * 2, np.ones(500))
    spreads = []
    for limit in (20_000, 100):
        monkeypatch.setattr(importance, "MOST_RESAMPLED", limit)
        spreads.append(importance.shares_of_r_squared(importance.resampled_correlations(rows, 4)).std(axis=0))
    assert spreads[1] == pytest.approx(spreads[0], rel=0.15)
