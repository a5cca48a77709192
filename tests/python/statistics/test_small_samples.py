"""Permutation p and BCa bootstrap of small samples against scipy on rows, and where they take over."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import correlate_counts, respondents_of_reference

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.methods import small_samples
from coproduction.statistics.methods.counts import crosstabs
from coproduction.statistics.methods.resampling import FEWEST_OF_LARGE_SAMPLE, shuffles
from coproduction.statistics.methods.small_samples import (
    FEWEST_OF_RARER_OUTCOME,
    bootstrap_interval,
    is_small,
    permutation_p_value,
)

RESPONDENTS = respondents_of_reference()
RESAMPLED = "permutation and BCa bootstrap"

pytestmark = pytest.mark.filterwarnings("error")


def of(respondents: pd.DataFrame, method: str = "pearson", **columns: object) -> pd.Series:
    """The one estimate of a method."""
    return estimate_correlates(correlate_counts(respondents, **columns)).set_index("method_id").loc[method]


def crosstab(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return crosstabs(np.zeros(len(x), dtype=int), 1, np.ones(len(x), dtype=int), x, y)[0]


def exact_p_value(x, y) -> float:
    """The share of all orders of y that give a correlation at least as strong."""
    x, observed = np.asarray(x), abs(np.corrcoef(x, y)[0, 1])
    orders = list(itertools.permutations(y))
    return np.mean([abs(np.corrcoef(x, order)[0, 1]) >= observed - 1e-12 for order in orders])


@pytest.mark.parametrize(
    ("x", "y"),
    [([1, 2, 2, 3, 5, 5, 4], [0, 0, 1, 0, 1, 1, 1]), ([1, 1, 2, 3, 4, 5, 5], [0.2, 0.6, 0.4, 0.4, 1, 0.6, 0.8])],
)
@pytest.mark.slow
def test_the_permutation_p_is_that_of_all_orders_within_its_monte_carlo_error(x, y):
    expected = exact_p_value(x, y)
    error = np.sqrt(expected * (1 - expected) / 4999)
    assert permutation_p_value(crosstab(x, y), 1) == pytest.approx(expected, abs=4 * error)


@pytest.mark.slow
def test_the_permutation_p_is_never_zero():
    assert permutation_p_value(crosstab(np.arange(100), np.arange(100) % 99), 1) == 1 / 5000


@pytest.mark.thorough
def test_the_permutation_p_is_uniform_without_a_correlation():
    """400 surveys of 40 people: about one in twenty falls below 0.05."""
    random = np.random.default_rng(5)
    p = [permutation_p_value(crosstab(random.integers(1, 6, 40), random.random(40) < 0.3), seed) for seed in range(400)]
    assert 0.02 <= np.mean(np.array(p) <= 0.05) <= 0.08
    assert 0.4 <= np.mean(np.array(p) <= 0.5) <= 0.6


def bca_of_scipy(x, y, seed):
    resampled = stats.bootstrap(
        (np.asarray(x, dtype=float), np.asarray(y, dtype=float)),
        lambda x, y, axis: stats.pearsonr(x, y, axis=axis).statistic,
        paired=True,
        n_resamples=9999,
        method="BCa",
        rng=np.random.default_rng(seed),
    )
    return resampled.standard_error, *resampled.confidence_interval


@pytest.mark.parametrize("start", [0, 120])
@pytest.mark.slow
def test_the_bootstrap_equals_scipys_within_monte_carlo_error(start):
    here = RESPONDENTS[start : start + 120]
    skewed = np.minimum(1, here["n_positive"] // 3 + (here["score"] >= 5) * (np.arange(120) % 3 > 0))
    for y in (here["n_positive"] / here["n_answered"], skewed):
        found = bootstrap_interval(crosstab(here["score"], y), 3)
        expected = bca_of_scipy(here["score"], y, 3)
        assert found == pytest.approx(expected, abs=0.1 * expected[0] + 0.003)


@pytest.mark.slow
def test_the_bootstrap_is_bias_corrected_and_accelerated():
    """Four people far out make r: the lower end is at 0.14, without bias correction at 0.16, unaccelerated at 0.18."""
    random = np.random.default_rng(2)
    x = np.r_[random.integers(1, 4, 36), 9, 9, 9, 9]
    y = np.r_[random.integers(1, 4, 36), 8, 8, 8, 2]
    ours = np.mean([bootstrap_interval(crosstab(x, y), seed) for seed in range(12)], axis=0)
    scipys = np.mean([bca_of_scipy(x, y, seed) for seed in range(6)], axis=0)
    assert ours == pytest.approx(scipys, abs=0.01)


def test_shared_draws_give_the_same_as_own_draws_within_monte_carlo_error(monkeypatch):
    """Own draws are those of samples with many people and a rare outcome."""
    random = np.random.default_rng(8)
    x = random.integers(1, 6, 120)
    for y in (x + random.normal(0, 9, 120) > 7, random.integers(0, 6, 120) / 5):
        table = crosstab(x, y)
        shared = [(permutation_p_value(table, seed), *bootstrap_interval(table, seed)) for seed in range(10)]
        with monkeypatch.context() as context:
            context.setattr(small_samples, "FEWEST_OF_LARGE_SAMPLE", 0)
            own = [(permutation_p_value(table, seed), *bootstrap_interval(table, seed)) for seed in range(10)]
        # The standard error of the difference of two means of ten.
        error = np.sqrt((np.var(own, axis=0, ddof=1) + np.var(shared, axis=0, ddof=1)) / 10)
        assert (np.abs(np.mean(shared, axis=0) - np.mean(own, axis=0)) < 4 * error).all()
        # Ten orders of the people are as different from each other as ten draws.
        assert np.std(shared, axis=0) == pytest.approx(np.std(own, axis=0), rel=0.8)


def test_shared_draws_are_samples_with_replacement_and_orders():
    n, number = 20, 4000
    drawn = small_samples._resamples(n, number)
    assert (drawn.sum(axis=1) == n).all()
    # Binomial: mean 1 and variance 1 - 1/n; equal chances for everybody.
    assert drawn.mean(axis=0) == pytest.approx(np.ones(n), abs=5 / np.sqrt(number))
    assert drawn.var() == pytest.approx(1 - 1 / n, rel=0.05)
    orders = shuffles(n, number)
    assert (np.sort(orders, axis=1) == np.arange(n)).all()
    at_first_place = np.bincount(orders[:, 0], minlength=n)
    assert at_first_place == pytest.approx(np.full(n, number / n), abs=5 * np.sqrt(number / n))


def test_a_correlation_has_the_same_bits_alone_and_among_others():
    """Others of the same number of people share the draws, and others of another number come in between."""
    here = correlate_counts(RESPONDENTS[:60])
    others = [correlate_counts(RESPONDENTS[:n], council_id=f"other_{n}") for n in (60, 50, 299, 600)]
    alone, together = estimate_correlates(here), estimate_correlates(pd.concat([others[0], here, *others[1:]]))
    together = together[together["council_id"].eq(alone["council_id"].iloc[0])].reset_index(drop=True)
    adjusted = ["p_value_adjusted", "n_family"]
    pd.testing.assert_frame_equal(together.drop(columns=adjusted), alone.drop(columns=adjusted), check_exact=True)


def test_the_borders_of_a_small_sample():
    def binary(n, n_positive):
        return crosstab(np.arange(n) % 5, np.arange(n) < n_positive)

    assert is_small(binary(FEWEST_OF_LARGE_SAMPLE - 1, 100))
    assert not is_small(binary(FEWEST_OF_LARGE_SAMPLE, 100))
    assert is_small(binary(1000, FEWEST_OF_RARER_OUTCOME - 1))
    assert not is_small(binary(1000, FEWEST_OF_RARER_OUTCOME))
    assert is_small(binary(1000, 1000 - FEWEST_OF_RARER_OUTCOME + 1))
    # Of an index: people outside its commonest value.
    assert is_small(crosstab(np.arange(1000) % 5, np.where(np.arange(1000) < 951, 0, np.arange(1000) % 7)))


@pytest.mark.slow
def test_a_small_sample_changes_pearsons_error_interval_and_p_and_says_so():
    small, large = of(RESPONDENTS[:200]), of(RESPONDENTS)
    assert small["std_error_type"] == RESAMPLED
    assert large["std_error_type"] == "linearised"
    here = RESPONDENTS[:200]
    table = crosstab(here["score"], here["n_positive"] / here["n_answered"])
    expected = stats.pearsonr(here["score"], here["n_positive"] / here["n_answered"])
    assert small["estimate"] == pytest.approx(expected.statistic, abs=1e-12)
    assert small["p_value_t"] == pytest.approx(expected.pvalue, rel=1e-8, abs=0)
    assert small["p_value"] == pytest.approx(permutation_p_value(table, 99), abs=0.03)
    assert small["p_value"] * 5000 == pytest.approx(round(small["p_value"] * 5000), abs=1e-9)
    interval = bootstrap_interval(table, 99)
    assert small[["std_error", "ci_lower", "ci_upper"]].to_list() == pytest.approx(interval, abs=0.01)
    for method in ("spearman", "kendall", "polychoric"):
        assert of(RESPONDENTS[:200], method)["std_error_type"] != RESAMPLED


@pytest.mark.slow
def test_a_rare_outcome_in_a_large_sample_is_a_small_sample():
    rare = RESPONDENTS.assign(collective_participation=(np.arange(600) % 15 == 0).astype(int))
    assert of(rare, outcome_id="collective_participation")["std_error_type"] == RESAMPLED
    assert of(RESPONDENTS, outcome_id="collective_participation")["std_error_type"] == "linearised"


def test_an_outcome_that_one_person_has_gets_no_interval_but_a_p_value():
    one = RESPONDENTS.assign(collective_participation=(np.arange(600) == 7).astype(int))
    estimate = of(one, outcome_id="collective_participation")
    assert estimate[["std_error", "ci_lower", "ci_upper"]].isna().all()
    assert "varies too little for a bootstrap" in estimate["reason"]
    assert 0 < estimate["p_value"] <= 1


@pytest.mark.slow
def test_the_same_survey_gives_the_same_bits_and_another_council_other_draws():
    here = RESPONDENTS[:200]
    columns = ["std_error", "ci_lower", "ci_upper", "p_value"]
    assert of(here)[columns].to_list() == of(here)[columns].to_list()
    assert of(here)["ci_lower"] != of(here, council_id="swansea")["ci_lower"]


@pytest.mark.thorough
def test_the_interval_covers_a_planted_correlation():
    """200 surveys of 80 people, 13 % of whom take part: the interval covers the true r about 95 times in 100."""
    random = np.random.default_rng(11)
    scale = random.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], 400_000)
    answer, takes_part = np.digitize(scale[:, 0], [-1, 0, 0.5, 1.2]), scale[:, 1] > 1.126
    truth = np.corrcoef(answer, takes_part)[0, 1]
    covered = []
    for survey in range(200):
        here = slice(80 * survey, 80 * survey + 80)
        _, lower, upper = bootstrap_interval(crosstab(answer[here], takes_part[here]), survey)
        covered.append(lower <= truth <= upper)
    assert np.mean(covered) >= 0.90
