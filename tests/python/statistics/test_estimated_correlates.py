"""Correlations against scipy on one row per respondent, the linearised error by brute force, and the edges."""

import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import correlate_counts, respondents_of_reference

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.methods.moments import average_ranks

RESPONDENTS = respondents_of_reference()
INDEX = (RESPONDENTS["n_positive"] / RESPONDENTS["n_answered"]).to_numpy()
SCORE = RESPONDENTS["score"].to_numpy()

pytestmark = pytest.mark.filterwarnings("error")


def of(respondents: pd.DataFrame, method: str = "pearson", **columns: object) -> pd.Series:
    """The one estimate of a method."""
    return estimate_correlates(correlate_counts(respondents, **columns)).set_index("method_id").loc[method]


def pairs(x: list[float], y: list[int], n_answered: int = 1) -> pd.DataFrame:
    return pd.DataFrame({"score": x, "n_positive": y, "n_answered": n_answered})


@pytest.mark.parametrize(("method", "test"), [("pearson", stats.pearsonr), ("spearman", stats.spearmanr)])
@pytest.mark.parametrize("outcome_id", ["individual_index", "collective_participation"])
def test_estimate_and_p_value_equal_scipys(method, test, outcome_id):
    outcome = INDEX if outcome_id == "individual_index" else RESPONDENTS["collective_participation"]
    expected = test(SCORE, outcome)
    estimate = of(RESPONDENTS, method, outcome_id=outcome_id)
    assert estimate["estimate"] == pytest.approx(expected.statistic, abs=1e-12)
    assert estimate["p_value_t"] == pytest.approx(expected.pvalue, rel=1e-8, abs=0)
    assert estimate["n_respondents"] == 600


def test_ranks_within_groups_equal_scipys():
    random = np.random.default_rng(7)
    group, value, count = random.integers(0, 4, 60), random.integers(0, 9, 60) / 3, random.integers(1, 5, 60)
    ranks = average_ranks(group, count, value)
    for number in range(4):
        here = group == number
        expected = stats.rankdata(np.repeat(value[here], count[here]))
        np.testing.assert_array_equal(np.repeat(ranks[here], count[here]), expected)


@pytest.mark.slow
def test_the_linearised_error_is_that_of_a_brute_force_influence_function():
    """Give each respondent slightly more weight in turn: how far r moves is that respondent's influence."""

    def weighted_r(weight):
        zx, zy = SCORE - np.average(SCORE, weights=weight), INDEX - np.average(INDEX, weights=weight)
        return (weight * zx * zy).sum() / np.sqrt((weight * zx**2).sum() * (weight * zy**2).sum())

    n, step = len(SCORE), 1e-4
    more, less = 1 + step * np.eye(n), 1 - step * np.eye(n)
    influence = n * np.array([weighted_r(up) - weighted_r(down) for up, down in zip(more, less, strict=True)])
    influence /= 2 * step
    expected = np.sqrt(np.mean(influence**2) / (n - 1))
    assert of(RESPONDENTS)["std_error"] == pytest.approx(expected, rel=1e-6, abs=0)


@pytest.mark.slow
def test_the_linearised_error_is_close_to_the_jackknifes():
    everyone = np.arange(len(SCORE))
    left_out = np.array([np.corrcoef(SCORE[everyone != i], INDEX[everyone != i])[0, 1] for i in everyone])
    jackknife = np.sqrt((len(SCORE) - 1) * np.var(left_out))
    assert of(RESPONDENTS)["std_error"] == pytest.approx(jackknife, rel=0.01)


def test_the_linearised_interval_and_p_value_are_on_fishers_scale():
    estimate = of(RESPONDENTS)
    r, on_fisher = estimate["estimate"], estimate["std_error"] / (1 - estimate["estimate"] ** 2)
    expected = np.tanh(np.arctanh(r) + np.array([-1, 1]) * 1.959963984540054 * on_fisher)
    assert estimate[["ci_lower", "ci_upper"]].to_list() == pytest.approx(expected, abs=1e-12)
    assert estimate["p_value"] == pytest.approx(2 * stats.norm.sf(abs(np.arctanh(r) / on_fisher)), rel=1e-9, abs=0)
    assert estimate["std_error_type"] == "linearised"


def test_the_interval_of_ranks_is_bonett_and_wrights():
    estimate = of(RESPONDENTS, "spearman")
    r = estimate["estimate"]
    error = np.sqrt((1 + r**2 / 2) / 597)
    assert estimate["std_error"] == pytest.approx(error, rel=1e-12, abs=0)
    expected = np.tanh(np.arctanh(r) + np.array([-1, 1]) * 1.959963984540054 * error)
    assert estimate[["ci_lower", "ci_upper"]].to_list() == pytest.approx(expected, abs=1e-12)
    assert estimate["p_value"] == estimate["p_value_t"]
    assert estimate["std_error_type"] == "bonett_wright"


@pytest.mark.slow
def test_only_pairs_with_both_answers_take_part():
    """Don't Know, a blank, a valid answer without a score and a missing outcome each leave the pair."""
    kinds = np.array(["valid", "valid", "dont_know", "blank", "valid"])[np.arange(600) % 5]
    scored = (kinds == "valid") & (np.arange(600) % 5 != 4)
    respondents = RESPONDENTS.assign(answer_kind=kinds, score=RESPONDENTS["score"].where(scored))
    respondents.loc[respondents.index % 7 == 0, ["n_positive", "n_answered"]] = np.nan
    is_pair = scored & (np.arange(600) % 7 != 0)
    estimate = of(respondents)
    assert estimate["n_respondents"] == is_pair.sum()
    assert estimate["estimate"] == pytest.approx(stats.pearsonr(SCORE[is_pair], INDEX[is_pair]).statistic, abs=1e-12)


def test_a_score_beside_an_answer_that_is_not_valid_is_no_answer():
    kinds = np.where(np.arange(600) % 3 == 0, "dont_know", "valid")
    assert of(RESPONDENTS.assign(answer_kind=kinds))["n_respondents"] == 400


@pytest.mark.slow
def test_the_dont_know_share_counts_everyone_who_answered_or_did_not_know():
    """100 Don't Know, 250 valid (50 of them without a score), 250 blank; a missing outcome changes nothing."""
    kinds = np.repeat(["dont_know", "valid", "blank"], [100, 250, 250])
    respondents = RESPONDENTS.assign(answer_kind=kinds, score=RESPONDENTS["score"].where(np.arange(600) < 300))
    respondents.loc[respondents.index % 2 == 0, ["n_positive", "n_answered"]] = np.nan
    for method in ("pearson", "spearman", "kendall", "polychoric"):
        assert of(respondents, method)["dont_know_share"] == 100 / 350


def test_nobody_asked_leaves_no_dont_know_share():
    estimate = of(RESPONDENTS.assign(answer_kind="not_asked", score=np.nan))
    assert np.isnan(estimate["dont_know_share"])
    assert estimate["n_respondents"] == 0


NUMBERS = ["estimate", "std_error", "ci_lower", "ci_upper", "p_value_t", "p_value", "p_value_adjusted"]


@pytest.mark.parametrize("method", ["pearson", "spearman"])
@pytest.mark.parametrize(
    ("respondents", "reason"),
    [
        (pairs([1, 2], [0, 1]), "fewer than 3"),
        (pairs([3] * 50, [0, 1] * 25), "correlate does not vary"),
        (pairs([1, 2] * 25, [1] * 50, 3), "outcome does not vary"),
        (pairs([0.1] * 50, [1] * 50, 3), "correlate does not vary"),
    ],
)
@pytest.mark.slow
def test_without_variation_there_is_no_correlation_but_a_reason(respondents, reason, method):
    estimate = of(respondents, method)
    assert estimate[NUMBERS].isna().all()
    assert reason in estimate["reason"]
    assert estimate["n_family"] == 0


@pytest.mark.parametrize("method", ["pearson", "spearman"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_perfect_correlation_has_no_p_value_of_zero(sign, method):
    estimate = of(pairs([sign * x for x in (1, 2, 3, 4) * 30], [1, 2, 3, 4] * 30, 7), method)
    assert estimate["estimate"] == pytest.approx(sign, abs=1e-12)
    assert estimate[[name for name in NUMBERS[1:] if name not in ("p_value", "p_value_adjusted")]].isna().all()
    assert "perfect correlation" in estimate["reason"]
    # 120! / (30!)^4 arrangements, of which two lie on a line: falling and rising.
    p_value = math.exp(4 * math.lgamma(31) - math.lgamma(121)) * 2
    assert estimate["p_value"] == pytest.approx(p_value, rel=1e-9)
    assert (estimate["p_value_adjusted"], estimate["n_family"]) == (pytest.approx(p_value, rel=1e-9), 1)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([1, 2, 3], [0, 1, 2]),
        ([1, 1, 2, 3, 3], [4, 4, 3, 2, 2]),
        ([1, 1, 2, 3], [0, 0, 1, 2]),
        # Equally many at each end, but not equally far apart: only the ranks are mirrored.
        ([1, 2, 5], [1, 2, 5]),
    ],
)
@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_the_p_of_a_perfect_correlation_is_the_share_of_all_arrangements(x, y, method):
    estimate = of(pairs(x, y, 6), method)
    correlate = stats.pearsonr if method == "pearson" else stats.spearmanr
    found = [abs(correlate(x, order)[0]) >= 1 - 1e-9 for order in permutations(y)]
    assert estimate["p_value"] == pytest.approx(np.mean(found), rel=1e-12)


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_three_respondents_have_a_p_value_but_no_interval(method):
    estimate = of(pairs([1, 2, 3], [0, 2, 1], 2), method)
    assert estimate["estimate"] == pytest.approx(0.5)
    assert estimate["p_value_t"] == pytest.approx(2 / 3)
    assert estimate[["std_error", "ci_lower", "ci_upper"]].isna().all()
    assert "no interval" in estimate["reason"]


def test_an_influence_of_zero_for_everyone_is_no_certainty():
    """Answers on a cross: r is 0 and no respondent moves it, so the linearised error would be 0."""
    estimate = of(pairs([2, 2, 1, 3], [0, 2, 1, 1], 2))
    assert estimate["estimate"] == pytest.approx(0, abs=1e-15)
    assert estimate["p_value_t"] == pytest.approx(1)
    assert estimate[["std_error", "ci_lower", "ci_upper", "p_value"]].isna().all()
    assert "too few distinct answers" in estimate["reason"]


@pytest.mark.slow
def test_a_very_strong_correlation_has_a_small_p_value_not_zero():
    estimate = of(RESPONDENTS[:130], score="strong")
    assert 0 < estimate["p_value_t"] < 1e-280


@pytest.mark.parametrize("noise", [3, 5, 6, 7, 9])
def test_an_almost_perfect_correlation_keeps_the_digits_of_its_p_value(noise):
    """1 - r^2 is near 1e-8 here; taken from a rounded r it would lose eight digits. Expected: exact fractions."""
    positive = [0, 1, 2, 3, 4] * 8
    score = [100_000 * p + i * i * 7 % 11 * noise for i, p in enumerate(positive)]
    n, sum_x, sum_y = len(score), sum(score), sum(positive)
    xx, yy = n * sum(x * x for x in score) - sum_x**2, n * sum(y * y for y in positive) - sum_y**2
    xy = n * sum(x * y for x, y in zip(score, positive, strict=True)) - sum_x * sum_y
    explained = Fraction(xy * xy, xx * yy)
    expected = 2 * stats.t.sf(float((n - 2) * explained / (1 - explained)) ** 0.5, n - 2)
    estimate = of(pairs(score, positive, 7))
    assert 0 < estimate["p_value_t"] == pytest.approx(expected, rel=1e-9, abs=0)


@pytest.mark.slow
def test_families_are_outcome_and_method_over_all_councils():
    """Two councils, three constructs; one pair without variation is in the family's table but not in its size."""
    frames = [
        correlate_counts(RESPONDENTS[start:], outcome_id, council_id=council, construct_id=construct)
        for council in ("barnet", "swansea")
        for start, construct in enumerate(("age", "conditions", "gender"))
        for outcome_id in ("individual_index", "collective_participation")
    ]
    frames.append(correlate_counts(RESPONDENTS.assign(score=1.0), construct_id="time_current"))
    estimates = estimate_correlates(pd.concat(frames))
    assert set(estimates["family_id"]) == {
        f"correlates_{outcome}_{method}"
        for outcome in ("individual_index", "collective_participation")
        for method in ("pearson", "spearman", "kendall", "polychoric")
    }
    for family_id, family in estimates.groupby("family_id"):
        has_t_test = family_id.endswith(("pearson", "spearman"))
        p_value = family["p_value_t" if has_t_test else "p_value"]
        tested = family[p_value.notna()]
        # No latent scale lies behind gender.
        assert family["n_family"].eq(4 if family_id.endswith("polychoric") else 6).all()
        assert len(tested) == family["n_family"].iloc[0]
        expected = stats.false_discovery_control(p_value.dropna())
        np.testing.assert_allclose(tested["p_value_adjusted"], expected, rtol=0, atol=1e-12)


@pytest.mark.slow
def test_groups_do_not_touch_each_other():
    """A group without pairs before, and a group after, leave the middle one's bits alone."""
    middle = correlate_counts(RESPONDENTS, topic_id="crime")
    before = correlate_counts(RESPONDENTS.assign(score=np.nan), topic_id="asb")
    after = correlate_counts(RESPONDENTS[::-2], topic_id="safety")
    together = estimate_correlates(pd.concat([after, before, middle])).set_index("topic_id").loc["crime"]
    alone = estimate_correlates(middle).set_index("topic_id")
    columns = ["estimate", "std_error", "ci_lower", "ci_upper", "p_value_t", "p_value"]
    pd.testing.assert_frame_equal(together[columns], alone[columns], check_exact=False, rtol=1e-14)
