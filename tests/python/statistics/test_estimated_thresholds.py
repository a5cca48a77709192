"""Thresholds against regressions and permutations on one row per respondent, planted truth, and the edges."""

from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS
from survey_examples import correlate_counts, expand, respondents_of_reference

from coproduction.statistics.estimates.correlates import est_thresholds
from coproduction.statistics.estimates.correlates.est_thresholds import (
    ENOUGH_AS_EXTREME,
    MOST_PERMUTATIONS,
    STEP,
    TYPES,
    are_sums_normal,
    design_of,
    estimate_thresholds,
    f_statistics,
    normal_sums,
    permuted_sums,
    power_of_step,
    sequential_p_value,
)
from coproduction.statistics.estimates.levels.est_answer_levels import TYPES as TYPES_OF_ANSWER_LEVELS
from coproduction.statistics.estimates.levels.est_answer_levels import estimate_answer_levels
from coproduction.statistics.methods.resampling import random_tables

RESPONDENTS = respondents_of_reference()
INDEX = (RESPONDENTS["n_positive"] / RESPONDENTS["n_answered"]).to_numpy()
SCORE = RESPONDENTS["score"].to_numpy()

pytestmark = pytest.mark.filterwarnings("error")


def of(respondents: pd.DataFrame, **columns: object) -> pd.Series:
    return estimate_thresholds(correlate_counts(respondents, **columns)).iloc[0]


R = pd.read_csv(Path(__file__).parents[1] / "reference" / "thresholds.csv", index_col="quantity")["value"]


@pytest.mark.parametrize("case", sorted({name.rsplit("_n_cuts")[0] for name in R.index if name.endswith("_n_cuts")}))
def test_thresholds_and_levels_equal_r(case):
    """Regressions to 1e-9, means to 1e-10, as for every estimator here."""
    outcome_id, part = case.rsplit("_", 1)
    respondents = RESPONDENTS.astype({"n_positive": float, "n_answered": float, "collective_participation": float})
    if part == "missing":
        lost = ["n_positive", "n_answered", "collective_participation"]
        respondents.loc[respondents.index % 7 == 0, lost] = np.nan
    counts = correlate_counts(respondents[:40] if part == "sparse" else respondents, outcome_id)
    found = estimate_thresholds(counts).iloc[0]
    assert (found["n_cuts"], found["threshold"]) == (R[f"{case}_n_cuts"], R[f"{case}_threshold"])
    assert found["statistic"] == pytest.approx(R[f"{case}_statistic"], rel=1e-9, abs=0)
    assert found["estimate"] == pytest.approx(R[f"{case}_estimate"], rel=1e-9, abs=0)
    for _, level in estimate_answer_levels(counts).iterrows():
        name = f"{case}_level_{level['score']:.0f}"
        assert level["estimate"] == pytest.approx(R[name], rel=0, abs=1e-10)
        assert level["ci_lower"] == pytest.approx(R[f"{name}_ci_lower"], rel=0, abs=1e-10)


def f_of(score: np.ndarray, outcome: np.ndarray, cut: float) -> tuple[float, float]:
    """F and step of one cut, by regression."""
    straight = OLS(outcome, np.column_stack([np.ones(len(score)), score])).fit()
    broken = OLS(outcome, np.column_stack([np.ones(len(score)), score, score > cut])).fit()
    return broken.compare_f_test(straight)[0], broken.params[2]


def sup_f(score: np.ndarray, outcome: np.ndarray) -> float:
    cuts = [cut for cut in np.unique(score)[:-1] if 0.1 <= (score > cut).mean() <= 0.9]
    return max(f_of(score, outcome, cut)[0] for cut in cuts)


@pytest.mark.parametrize("outcome_id", ["individual_index", "collective_participation"])
def test_sup_f_and_the_step_equal_the_regressions(outcome_id):
    outcome = INDEX if outcome_id == "individual_index" else RESPONDENTS["collective_participation"].to_numpy(float)
    found = of(RESPONDENTS, outcome_id=outcome_id)
    cuts = {cut: f_of(SCORE, outcome, cut) for cut in np.unique(SCORE)[:-1] if 0.1 <= (cut < SCORE).mean() <= 0.9}
    best = max(cuts, key=lambda cut: cuts[cut][0])
    assert found["threshold"] == best
    assert found["statistic"] == pytest.approx(cuts[best][0], rel=1e-9, abs=0)
    assert found["estimate"] == pytest.approx(cuts[best][1], rel=1e-9, abs=0)
    assert (found["n_cuts"], found["n_respondents"]) == (len(cuts), 600)


@pytest.mark.thorough
def test_the_permutation_p_equals_a_brute_force_freedman_lane():
    """Residuals permuted over respondents and every regression fitted anew; ties of binary outcomes included."""
    respondents = RESPONDENTS[:150]
    score, outcome = SCORE[:150], RESPONDENTS["collective_participation"].to_numpy(float)[:150]
    straight = OLS(outcome, np.column_stack([np.ones(150), score])).fit()
    random, observed, n = np.random.default_rng(5), sup_f(score, outcome), 400
    permuted = [sup_f(score, straight.fittedvalues + random.permutation(straight.resid)) for _ in range(n)]
    expected = (1 + np.sum(np.array(permuted) >= observed * (1 - 1e-9))) / (1 + n)
    found = of(respondents, outcome_id="collective_participation")
    error = np.hypot(found["monte_carlo_error"], np.sqrt(expected * (1 - expected) / n))
    assert found["p_value"] == pytest.approx(expected, abs=4 * error)
    assert 0.05 < expected < 0.95


def test_shuffled_and_drawn_permutations_have_the_same_distribution():
    """A table of few residuals is drawn where one of many is shuffled; both are one permutation distribution."""
    n, residual = np.array([30, 50, 20]), np.array([-1.5, -0.25, 0.5, 2.0])
    count = np.array([30, 25, 30, 15])
    drawn = np.concatenate(list(islice(permuted_sums(10 * n, residual, 10 * count, np.random.default_rng(1)), 20)))
    shuffled = np.concatenate(list(islice(permuted_sums(n, residual, count, np.random.default_rng(2)), 20)))
    for sums, sizes, counts in ((shuffled, n, count), (drawn, 10 * n, 10 * count)):
        total = counts.sum()
        mean = (counts * residual).sum() / total
        variance = (counts * (residual - mean) ** 2).sum() / (total - 1)
        np.testing.assert_allclose(sums.sum(axis=1), total * mean, atol=1e-9)
        expected = np.sqrt(sizes * (1 - sizes / total) * variance)
        np.testing.assert_allclose(sums.mean(axis=0), sizes * mean, atol=4 * expected.max() / np.sqrt(len(sums)))
        np.testing.assert_allclose(sums.std(axis=0), expected, rtol=0.05)


@pytest.mark.parametrize(("share_of_yes", "n_respondents"), [(0.5, 1100), (0.1, 8300)])
def test_tables_and_their_normal_limit_agree_in_the_smallest_survey_that_uses_it(share_of_yes, n_respondents):
    """P by tables at the limit's 10, 5 and 1 % points of sup-F; Monte Carlo errors of 10,000 draws of each."""
    n = (np.array([0.2, 0.5, 0.3]) * n_respondents).astype(np.int64)
    design, yes = design_of(np.array([1.0, 2, 3]), n.astype(float)), (n * share_of_yes).astype(np.int64)
    residual, count = np.array([1 - share_of_yes, -share_of_yes]), np.array([yes.sum(), (n - yes).sum()])
    assert are_sums_normal(residual, count)
    assert not are_sums_normal(residual, count // 2)
    squares, random = float((count * residual**2).sum()), np.random.default_rng(4)
    tables = (random_tables(n, count, 10_000, random) @ residual).T
    normal = np.concatenate(list(islice(normal_sums(n, residual, count, random), 80)))
    by_tables, by_limit = (f_statistics(design, sums, squares).max(axis=-1) for sums in (tables, normal))
    for p_value in (0.1, 0.05, 0.01):
        found = (by_tables >= np.quantile(by_limit, 1 - p_value)).mean()
        assert found == pytest.approx(p_value, abs=4 * np.sqrt(2 * p_value / 10_000))


def planted(random: np.random.Generator, n: int, step: float) -> pd.DataFrame:
    """A yes-or-no outcome that rises a little with the answer and jumps above 3."""
    score = random.choice([1.0, 2, 3, 4, 5], n, p=[0.1, 0.2, 0.3, 0.25, 0.15])
    chance = 0.3 + 0.02 * score + step * (score > 3)
    return pd.DataFrame({"score": score, "n_positive": (random.random(n) < chance).astype(int), "n_answered": 1})


@pytest.mark.thorough
def test_a_planted_threshold_is_found():
    found = of(planted(np.random.default_rng(1), 4000, 0.3))
    assert found["threshold"] == 3
    assert found["estimate"] == pytest.approx(0.3, abs=0.1)
    assert found["p_value"] == 1 / (1 + MOST_PERMUTATIONS)
    assert found["n_permutations"] == MOST_PERMUTATIONS


@pytest.mark.thorough
def test_without_a_threshold_the_test_holds_its_size():
    """Monte Carlo error 1.3 points at 300 surveys: 5 % within 3 of them."""
    random = np.random.default_rng(8)
    counts = [correlate_counts(planted(random, 430, 0), council_id=f"council_{place:03}") for place in range(300)]
    found = estimate_thresholds(pd.concat(counts))
    assert 0.012 <= (found["p_value"] <= 0.05).mean() <= 0.088
    assert found["p_value"].between(0, 1, inclusive="right").all()


@pytest.mark.thorough
def test_the_printed_power_is_the_share_of_surveys_in_which_the_step_is_found():
    """At its best-placed cut; 300 surveys of 500 respondents, Monte Carlo error 2.9 points."""
    random, normal = np.random.default_rng(3), np.random.default_rng(0).standard_normal((4000, 10))
    answers, share = np.arange(1.0, 6), np.array([0.1, 0.2, 0.3, 0.25, 0.15])
    design = design_of(answers, 500 * share)
    best = design.cut[int(np.argmax(design.size))]
    counts = []
    for place in range(300):
        score = random.choice(answers, 500, p=share)
        positive = (random.random(500) < 0.4 + STEP * (score > best)).astype(int)
        frame = pd.DataFrame({"score": score, "n_positive": positive, "n_answered": 1})
        counts.append(correlate_counts(frame, council_id=f"council_{place:03}"))
    found = estimate_thresholds(pd.concat(counts))
    power = (found["p_value"] <= 0.05).mean()
    assert found["power_15_points"].mean() == pytest.approx(power, abs=0.1)
    assert power_of_step(design, 0.25, STEP, normal) == pytest.approx(power, abs=0.1)
    assert 0.2 < power < 0.7


@pytest.mark.parametrize(("extreme", "expected"), [(100, 100 / 100), (0, 1 / 5000), (99, 100 / 5000)])
def test_the_sequential_p_stops_at_enough_and_is_never_zero(extreme, expected):
    statistics = np.zeros(MOST_PERMUTATIONS + 251)
    statistics[:extreme] = 2
    p_value, n = sequential_p_value(1.0, iter(np.array_split(statistics, 21)), MOST_PERMUTATIONS)
    assert p_value == pytest.approx(expected)
    assert n == (ENOUGH_AS_EXTREME if extreme >= ENOUGH_AS_EXTREME else MOST_PERMUTATIONS)


def test_a_family_has_enough_permutations_for_its_adjustment():
    """A step that nothing permuted reaches, among 29 straight lines: 400 permutations for each of the 30."""
    n = np.arange(240)
    step = pd.DataFrame({"score": 1.0 + n % 4, "n_positive": (n % 4 > 1) ^ (n % 20 == 0), "n_answered": 1})
    flat = pd.DataFrame({"score": 1.0 + n % 4, "n_positive": n // 4 % 2, "n_answered": 1})
    counts = [correlate_counts(step, "individual_index", construct_id="step")]
    counts += [correlate_counts(flat, "individual_index", construct_id=f"flat_{place}") for place in range(29)]
    found = estimate_thresholds(pd.concat(counts)).set_index("construct_id")
    assert found.loc["step", "n_family"] == 30
    assert found.loc["step", "n_permutations"] == 12_000
    assert found.loc["step", "p_value"] == pytest.approx(1 / 12_001)
    assert found.loc["step", "p_value_adjusted"] == pytest.approx(30 / 12_001)
    assert found.loc["step", "p_value_adjusted"] <= 0.05
    assert found["n_permutations"].drop("step").max() < 4999


def test_f_does_not_break_where_a_step_fits_perfectly():
    design = design_of(np.array([1.0, 2, 3, 4]), np.array([10.0, 10, 10, 10]))
    sums = np.array([-10.0, -10, 10, 10]) - design.n * design.x * 0.8
    assert np.isfinite(f_statistics(design, sums, float((sums**2 / 10).sum()))).all()


@pytest.mark.parametrize(
    ("score", "positive", "reason"),
    [
        ([1.0, 2] * 20, [0, 1, 1, 0] * 10, "fewer than 3 different answers"),
        (list(np.arange(40.0)), [0, 1, 1, 0] * 10, "more than 10 different answers"),
        ([1.0, 2, 3, 4] * 10, [1] * 40, "the outcome does not vary"),
        ([1.0] + [2.0] * 50 + [3.0], [0, 1] * 26, "no cut has a tenth"),
        ([1.0, 2, 3] * 3, [0, 1, 1] * 3, "fewer than 10 respondents"),
        ([1.0, 2, 3] * 10, [0, 1, 2] * 10, "the outcome is a straight line"),
    ],
)
def test_where_there_is_no_test_there_is_a_reason(score, positive, reason):
    found = of(pd.DataFrame({"score": score, "n_positive": positive, "n_answered": 2}))
    assert found["reason"].startswith(reason)
    assert found[["threshold", "estimate", "statistic", "p_value", "power_15_points"]].isna().all()


def test_an_answer_that_is_all_dont_know_has_a_reason():
    respondents = RESPONDENTS.assign(answer_kind="dont_know", score=np.nan)
    found = of(respondents)
    assert found["reason"].startswith("fewer than 3")
    levels = estimate_answer_levels(correlate_counts(respondents))
    assert levels["answer_kind"].to_list() == ["dont_know"]
    assert levels["estimate"].to_list() == pytest.approx([INDEX.mean()])


def test_the_level_of_each_answer_is_its_mean_with_students_interval():
    counts = correlate_counts(RESPONDENTS)
    levels = estimate_answer_levels(counts).set_index("score")
    assert list(levels.index) == sorted(set(SCORE))
    for score, row in levels.iterrows():
        values = INDEX[score == SCORE]
        interval = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
        assert row["n_respondents"] == len(values)
        assert row["estimate"] == pytest.approx(values.mean(), abs=1e-12)
        assert (row["ci_lower"], row["ci_upper"]) == pytest.approx(interval, abs=1e-12)
    assert len(expand(counts, "score")[0]) == 600


def test_age_in_years_has_no_levels_and_a_lone_respondent_has_a_reason():
    years = RESPONDENTS.assign(score=np.arange(600) % 50 + 20.0)
    assert len(estimate_answer_levels(correlate_counts(years))) == 0
    lone = estimate_answer_levels(correlate_counts(RESPONDENTS[:1])).iloc[0]
    assert lone["reason"].startswith("one respondent")
    assert lone[["std_error", "ci_lower", "ci_upper"]].isna().all()


@pytest.mark.slow
def test_neither_order_nor_grain_changes_a_bit():
    counts = pd.concat([correlate_counts(RESPONDENTS), correlate_counts(RESPONDENTS[:300], council_id="swansea")])
    for estimate in (estimate_thresholds, estimate_answer_levels):
        expected = estimate(counts)
        pd.testing.assert_frame_equal(estimate(counts.sample(frac=1, random_state=1)), expected, check_exact=True)
        finer = counts.reset_index(drop=True)
        one_by_one = finer.loc[finer.index.repeat(finer["n_respondents"])].assign(n_respondents=1)
        pd.testing.assert_frame_equal(estimate(one_by_one), expected, check_exact=True)


def test_a_million_respondents_cost_no_more_than_a_thousand(monkeypatch):
    """The normal limit is drawn: neither respondents are shuffled nor tables drawn."""
    monkeypatch.setattr(est_thresholds, "random_tables", None)
    counts = correlate_counts(RESPONDENTS)
    found = estimate_thresholds(counts.assign(n_respondents=counts["n_respondents"] * 10_000)).iloc[0]
    assert found["n_respondents"] == 6_000_000
    assert 0 < found["p_value"] <= 1


@pytest.mark.parametrize(
    ("estimate", "types"),
    [(estimate_thresholds, TYPES), (estimate_answer_levels, TYPES_OF_ANSWER_LEVELS)],
    ids=["test", "levels"],
)
def test_no_counts_give_typed_nothing_and_a_missing_column_is_named(estimate, types):
    counts = correlate_counts(RESPONDENTS)
    for frame in (counts, counts.iloc[:0], pd.DataFrame({name: pd.Series([], dtype=object) for name in counts})):
        found = estimate(frame)
        assert {name: str(kind) for name, kind in found.dtypes.items()} == types
    for column in counts:
        with pytest.raises(ValueError, match=f"no column {column}"):
            estimate(counts.drop(columns=column))
