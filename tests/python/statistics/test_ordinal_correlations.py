"""Kendall's tau-b and the latent correlations against scipy, quadrature, the jackknife and planted truth."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats
from survey_examples import correlate_counts, respondents_of_reference

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.methods.counts import crosstabs
from coproduction.statistics.methods.inference import p_value_of_z
from coproduction.statistics.methods.latent import bivariate_normal_cdf, polychoric, polyserial
from coproduction.statistics.methods.rank_correlations import kendall

RESPONDENTS = respondents_of_reference()
INDEX = (RESPONDENTS["n_positive"] / RESPONDENTS["n_answered"]).to_numpy()

pytestmark = pytest.mark.filterwarnings("error")


def of(respondents: pd.DataFrame, method: str, **columns: object) -> pd.Series:
    """The one estimate of a method."""
    return estimate_correlates(correlate_counts(respondents, **columns)).set_index("method_id").loc[method]


def table_of(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return pd.crosstab(x, y).to_numpy()


def jackknifed_error(estimate, table: np.ndarray) -> float:
    """Standard error from leaving out one respondent at a time: one calculation per cell of the table."""
    left_out, count = [], []
    for cell in zip(*table.nonzero(), strict=True):
        smaller = table.copy()
        smaller[cell] -= 1
        left_out.append(estimate(smaller))
        count.append(table[cell])
    n = table.sum()
    return np.sqrt((n - 1) * np.average((left_out - np.average(left_out, weights=count)) ** 2, weights=count))


def respondents_of(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    row, column = np.indices(table.shape)
    return np.repeat(row.ravel(), table.ravel()), np.repeat(column.ravel(), table.ravel())


SKEWED = np.array([[30, 1, 0], [12, 7, 2], [3, 9, 0], [0, 0, 5]])
BINARY = np.array([[40, 3], [51, 8], [60, 17], [33, 20], [12, 11]])


@pytest.mark.parametrize("outcome_id", ["individual_index", "collective_participation"])
def test_tau_and_its_p_value_equal_scipys(outcome_id):
    outcome = INDEX if outcome_id == "individual_index" else RESPONDENTS["collective_participation"]
    expected = stats.kendalltau(RESPONDENTS["score"], outcome, method="asymptotic")
    estimate = of(RESPONDENTS, "kendall", outcome_id=outcome_id)
    assert estimate["estimate"] == pytest.approx(expected.statistic, rel=0, abs=1e-12)
    assert estimate["p_value"] == pytest.approx(expected.pvalue, rel=1e-10, abs=0)
    assert np.isnan(estimate["p_value_t"])
    assert estimate["std_error_type"] == "asymptotic"


@pytest.mark.parametrize("table", [SKEWED, BINARY, BINARY.T])
def test_tau_of_a_table_equals_scipys_on_its_respondents(table):
    found = kendall(table[None])
    tau, p_value = found.estimate[0], p_value_of_z(found.estimate / found.null_error)[0]
    expected = stats.kendalltau(*respondents_of(table), method="asymptotic")
    assert (tau, p_value) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-10, abs=0)


@pytest.mark.parametrize("table", [SKEWED * 10, BINARY * 3])
def test_the_error_of_tau_is_close_to_the_jackknifes(table):
    expected = jackknifed_error(lambda t: kendall(t[None]).estimate[0], table)
    assert kendall(table[None]).std_error[0] == pytest.approx(expected, rel=0.02)


def test_the_interval_of_tau_is_on_fishers_scale():
    estimate = of(RESPONDENTS, "kendall")
    tau, on_fisher = estimate["estimate"], estimate["std_error"] / (1 - estimate["estimate"] ** 2)
    expected = np.tanh(np.arctanh(tau) + np.array([-1, 1]) * 1.959963984540054 * on_fisher)
    assert estimate[["ci_lower", "ci_upper"]].to_list() == pytest.approx(expected, rel=0, abs=1e-12)


@pytest.mark.parametrize("rho", [-0.99, -0.5, 0, 0.3, 0.95])
@pytest.mark.parametrize("h", [-2.5, -0.4, 0.0, 0.7])
@pytest.mark.parametrize("k", [-1.1, 0.0, 0.4, 3.0])
@pytest.mark.slow
def test_the_normal_integral_equals_quadrature(h, k, rho):
    def density(x):
        return stats.norm.pdf(x) * stats.norm.cdf((k - rho * x) / np.sqrt(1 - rho**2))

    expected = integrate.quad(density, -10, h, epsabs=1e-14, epsrel=1e-13, points=[k, 0, -1, -3], limit=200)[0]
    assert bivariate_normal_cdf(h, k, rho) == pytest.approx(expected, rel=0, abs=1e-12)


def test_the_normal_integral_at_the_middle_is_sheppards_formula():
    for rho in (-0.999, -0.2, 0, 0.6, 0.9999):
        assert bivariate_normal_cdf(0.0, 0.0, rho) == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=1e-15)


@pytest.mark.parametrize("table", [BINARY, SKEWED, np.array([[30, 10], [12, 25]])])
def test_the_error_of_polychoric_is_close_to_the_jackknifes(table):
    table = table * 20
    assert polychoric(table)[1] == pytest.approx(jackknifed_error(lambda t: polychoric(t)[0], table), rel=0.02)


@pytest.mark.parametrize("table", [BINARY, SKEWED])
def test_the_error_of_polyserial_is_close_to_the_jackknifes(table):
    table, number = table * 20, np.arange(len(table)) ** 1.5
    expected = jackknifed_error(lambda t: polyserial(t, number)[0], table)
    assert polyserial(table, number)[1] == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("rho", [-0.6, 0.25])
@pytest.mark.slow
def test_latent_correlations_recover_a_planted_one(rho):
    """200,000 people with two normal scales, of which we see five answers and one in eight taking part."""
    random = np.random.default_rng(42)
    scale = random.multivariate_normal([0, 0], [[1, rho], [rho, 1]], 200_000)
    answer, takes_part = np.digitize(scale[:, 0], [-1.2, -0.1, 0.4, 1.5]), (scale[:, 1] > 1.15).astype(int)
    estimate, error = polychoric(table_of(answer, takes_part))
    assert estimate == pytest.approx(rho, abs=4 * error)
    assert error < 0.005
    number = np.round(scale[:, 1], 1)
    estimate, error = polyserial(table_of(number, answer), np.unique(number))
    assert estimate == pytest.approx(rho, abs=4 * error)
    assert error < 0.003


@pytest.mark.slow
def test_the_order_of_categories_counts_and_their_distance_does_not():
    wide = RESPONDENTS.assign(score=RESPONDENTS["score"].map({1: 1, 2: 2, 3: 3, 4: 4, 5: 50}))
    for outcome_id in ("individual_index", "collective_participation"):
        for method in ("kendall", "polychoric"):
            expected = of(RESPONDENTS, method, outcome_id=outcome_id)["estimate"]
            assert of(wide, method, outcome_id=outcome_id)["estimate"] == pytest.approx(expected, abs=1e-12)
    assert of(wide, "pearson")["estimate"] != pytest.approx(of(RESPONDENTS, "pearson")["estimate"], abs=1e-3)


@pytest.mark.slow
def test_which_latent_correlation_depends_on_the_scales():
    years = RESPONDENTS.assign(score=20.0 + np.arange(600) % 60)
    assert of(RESPONDENTS, "polychoric")["std_error_type"] == "two-step polyserial"
    binary = {"outcome_id": "collective_participation"}
    assert of(RESPONDENTS, "polychoric", **binary)["std_error_type"] == "two-step polychoric"
    assert of(years, "polychoric", **binary)["std_error_type"] == "two-step polyserial"
    assert np.isfinite(of(years, "polychoric", **binary)["estimate"])


@pytest.mark.parametrize("construct_id", ["gender", "ethnicity"])
@pytest.mark.parametrize("outcome_id", ["individual_index", "collective_participation"])
@pytest.mark.slow
def test_no_latent_scale_is_invented_for_a_group(construct_id, outcome_id):
    groups = RESPONDENTS.assign(score=1.0 + np.arange(600) % 2)
    estimate = of(groups, "polychoric", outcome_id=outcome_id, construct_id=construct_id)
    assert estimate[["estimate", "std_error", "ci_lower", "p_value", "p_value_adjusted"]].isna().all()
    assert "no scale lies behind a group" in estimate["reason"]
    assert np.isfinite(of(groups, "kendall", outcome_id=outcome_id, construct_id=construct_id)["estimate"])


def test_two_numbers_have_no_latent_correlation():
    years = RESPONDENTS.assign(score=20.0 + np.arange(600) % 60)
    estimate = of(years, "polychoric")
    assert np.isnan(estimate["estimate"])
    assert "both are numbers" in estimate["reason"]


@pytest.mark.parametrize("table", [[[40, 0], [0, 30]], [[40, 0], [25, 30]], [[40, 0], [30, 0], [0, 20]]])
def test_a_table_with_an_empty_corner_has_no_latent_correlation_and_no_p_of_zero(table):
    x, y = respondents_of(np.array(table))
    respondents = pd.DataFrame({"score": 1.0 + x, "collective_participation": y})
    estimate = of(respondents, "polychoric", outcome_id="collective_participation")
    assert estimate[["estimate", "std_error", "ci_lower", "ci_upper", "p_value"]].isna().all()
    assert estimate["reason"] in (
        "the latent correlation lies at the end of its range",
        "perfect correlation: no test and no interval",
    )


NUMBERS = ["estimate", "std_error", "ci_lower", "ci_upper", "p_value_t", "p_value", "p_value_adjusted"]


@pytest.mark.parametrize("method", ["kendall", "polychoric"])
@pytest.mark.parametrize(
    ("score", "positive", "reason"),
    [
        ([1, 2], [0, 1], "fewer than 3"),
        ([3] * 50, [0, 1] * 25, "correlate does not vary"),
        ([1, 2] * 25, [1] * 50, "outcome does not vary"),
    ],
)
@pytest.mark.parametrize("outcome_id", ["individual_index", "collective_participation"])
@pytest.mark.slow
def test_without_variation_there_is_no_correlation_but_a_reason(score, positive, reason, method, outcome_id):
    respondents = pd.DataFrame(
        {"score": score, "n_positive": positive, "n_answered": 3, "collective_participation": positive}
    )
    estimate = of(respondents, method, outcome_id=outcome_id)
    assert estimate[NUMBERS].isna().all()
    assert reason in estimate["reason"]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_perfect_order_has_no_p_value_of_zero(sign):
    respondents = pd.DataFrame({"score": [sign * x for x in (1, 2, 3, 4) * 30], "n_positive": [1, 2, 3, 4] * 30})
    estimate = of(respondents.assign(n_answered=7), "kendall")
    assert estimate["estimate"] == pytest.approx(sign, abs=1e-12)
    assert estimate[NUMBERS[1:]].isna().all()
    assert "perfect correlation" in estimate["reason"]


def test_crosstabs_keep_every_respondent_of_every_group():
    group, count = np.array([0, 0, 0, 2, 2]), np.array([4, 1, 2, 7, 3])
    x, y = np.array([2.0, 1, 2, 5, 5]), np.array([0.5, 0.5, 0, 1, 0])
    first, empty, last = crosstabs(group, 3, count, x, y)
    assert first.table.tolist() == [[0, 1], [2, 4]]
    assert first.x.tolist() == [1, 2]
    assert empty.n == 0
    assert not empty.varies
    assert last.table.tolist() == [[3, 7]]
    assert not last.varies


@pytest.mark.slow
def test_an_empty_category_between_others_changes_nothing():
    """Nobody chose the middle answer (likert#103)."""
    none_in_the_middle = RESPONDENTS.assign(score=RESPONDENTS["score"].replace({3: 2}))
    closed_up = none_in_the_middle.assign(score=none_in_the_middle["score"].replace({4: 3, 5: 4}))
    binary = {"outcome_id": "collective_participation"}
    for method in ("kendall", "polychoric"):
        one, other = of(none_in_the_middle, method, **binary), of(closed_up, method, **binary)
        assert one["estimate"] == pytest.approx(other["estimate"], abs=1e-12)
