"""The multiverse against R and brute force on one row per respondent, its errors, its edges, and planted truths."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.multiverse.est_multiverse import estimate_multiverse
from coproduction.statistics.estimates.multiverse.est_multiverse_axes import (
    AXES,
    COLLECTIVE,
    DONT_KNOW_RULES,
    DUPLICATE_RULES,
    INDEX,
    METHODS,
    OUTCOME_RULES,
    OUTLIER_RULES,
    P_COLUMNS,
    axes_of_multiverse,
)
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, HOLM, adjusted_p_values
from coproduction.statistics.methods.rank_correlations import average_rank_shares, kendall, spearman_error

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "tests" / "python" / "reference" / "multiverse.csv"
CELL = ["council_id", "theme_id", "topic_id", "construct_id", "outcome_id"]

pytestmark = pytest.mark.filterwarnings("error")


def mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i * i) % 1009 * b) % 7919 % m


def respondents() -> pd.DataFrame:
    """The 500 respondents of reference/multiverse.R, from the same integer arithmetic."""
    i = np.arange(500)
    dont_know = mix(i, 13, 29, 4) * (mix(i, 3, 5, 3) == 0)
    blank = mix(i, 19, 37, 7) * (mix(i, 7, 11, 4) == 0)
    answered = np.maximum(8 - dont_know - blank, 0)
    positive = np.minimum(answered, mix(i, 97, 5, 9))
    often = np.minimum(positive, mix(i, 41, 23, 5))
    group = np.array([0, 1, 2, np.nan, 9])[mix(i, 61, 3, 5)]
    is_group_valid = ~np.isnan(group) & (group < 9)
    is_dont_know = mix(i, 17, 43, 9) == 0
    is_blank = ~is_dont_know & (mix(i, 23, 31, 12) == 0)
    is_duplicate = mix(i, 29, 47, 25) == 0
    return pd.DataFrame(
        {
            "is_duplicate": is_duplicate,
            "is_excluded": is_duplicate & (mix(i, 5, 3, 2) == 0),
            "is_straight_line": (answered == 8) & ((positive == 0) | (often == 8)),
            "n_asked": 8,
            "n_answered": answered,
            "n_positive": positive,
            "n_often": often,
            "n_dont_know": dont_know,
            "collective_participation": np.where(is_group_valid, group >= 1, np.nan),
            "collective_often": np.where(is_group_valid, group == 2, np.nan),
            "collective_score": np.where(is_group_valid, group, np.nan),
            "collective_dont_know": (group == 9).astype(int),
            "answer_kind": np.select([is_dont_know, is_blank], ["dont_know", "blank"], "valid"),
            "score": np.where(is_dont_know | is_blank, np.nan, 1.0 + (positive + mix(i, 71, 13, 4)) % 5),
        }
    )


RESPONDENTS = respondents()


def count(people: pd.DataFrame, **keys: str) -> pd.DataFrame:
    usual = {"council_id": "barnet", "wave_id": "wave_1", "theme_id": "health", "topic_id": "all"}
    people = people.assign(**(usual | {"construct_id": "conditions"} | keys))
    cells = people.groupby(list(people.columns), dropna=False, as_index=False)
    return cells.size().rename(columns={"size": "n_respondents"})


@pytest.fixture(scope="module")
def multiverse() -> pd.DataFrame:
    return estimate_multiverse(
        pd.concat([count(RESPONDENTS, topic_id="everybody"), count(RESPONDENTS[:39], topic_id="sparse")])
    )


def test_every_specification_equals_r(multiverse):
    """1,008 estimates and p-values: ties, Don't Know, blanks, duplicates, straight lines, a sparse table."""
    reference = pd.read_csv(REFERENCE)
    is_collective = reference["outcome"].str.startswith("collective_")
    reference = reference.assign(
        topic_id=reference["part"],
        outcome_id=np.where(is_collective, COLLECTIVE, INDEX),
        outcome_rule_id=reference["outcome"].str.removeprefix("collective_"),
    )
    found = reference.merge(multiverse, on=["topic_id", "outcome_id", *AXES], suffixes=("_r", ""), validate="1:1")
    assert len(found) == len(reference) == 3 * 12 * 4 * (6 + 1)
    np.testing.assert_array_equal(found["n_respondents"], found["n"])
    np.testing.assert_allclose(found["estimate"], found["estimate_r"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(found["p_classical_none"], found["p_value"], rtol=1e-8, atol=0)


@pytest.mark.slow
def test_the_papers_choice_is_the_first_and_equals_the_headline():
    choice = estimate_multiverse(count(RESPONDENTS[~RESPONDENTS["is_excluded"]])).query("specification_number == 1")
    assert choice[list(AXES)].drop_duplicates().to_numpy().tolist() == [
        ["pearson", "leave_out", rule, "one_kept", "kept"] for rule in ("often_or_sometimes", "half_answered")
    ]
    people = RESPONDENTS[~RESPONDENTS["is_excluded"]]
    is_half = (people["n_answered"] > 0) & (2 * people["n_answered"] >= people["n_asked"])
    counts = count(people.assign(n_positive=people["n_positive"].where(is_half)), outcome_id=INDEX)
    headline = estimate_correlates(counts).query("method_id == 'pearson'").iloc[0]
    ours = choice.set_index("outcome_id").loc[INDEX]
    assert ours["n_respondents"] == headline["n_respondents"]
    assert ours["estimate"] == pytest.approx(headline["estimate"], abs=1e-14)
    assert ours["p_classical_none"] == pytest.approx(headline["p_value_t"], rel=1e-10, abs=0)
    assert ours["p_linearised_none"] == pytest.approx(headline["p_value"], rel=1e-10, abs=0)


def random_table(shape: tuple[int, int], seed: int) -> np.ndarray:
    """A table with a dependence, ties and empty cells."""
    random = np.random.default_rng(seed)
    lean = np.add.outer(np.arange(shape[0]), np.arange(shape[1]))
    return random.poisson(2 + lean) * random.integers(0, 2, shape).astype(float)


@pytest.mark.parametrize("shape", [(2, 2), (5, 9), (40, 3)])
def test_rank_correlations_and_the_test_of_tau_equal_scipys(shape):
    table = random_table(shape, 3)
    table[0, 0], table[-1, -1] = 3, 4
    x, y = (np.repeat(place, table.ravel().astype(int)) for place in np.indices(shape).reshape(2, -1))
    of_table = kendall(table[None])
    expected = stats.kendalltau(x, y, method="asymptotic")
    assert of_table.estimate[0] == pytest.approx(expected.statistic, abs=1e-12)
    p = 2 * stats.norm.sf(abs(of_table.estimate[0] / of_table.null_error[0]))
    assert p == pytest.approx(expected.pvalue, rel=1e-9, abs=0)
    ranks = average_rank_shares(table.sum(axis=1)[None])[0]
    np.testing.assert_allclose(np.unique(stats.rankdata(x)), (ranks * len(x) + 0.5)[table.sum(axis=1) > 0])


@pytest.mark.parametrize("shape", [(2, 2), (4, 6)])
def test_errors_of_rank_correlations_are_those_of_a_brute_force_influence_function(shape):
    """Give the respondents of each cell slightly more weight in turn: how far the estimate moves is their influence."""
    table = random_table(shape, 8) + 1.0
    n = table.sum()

    def rho(weights):
        p = weights / weights.sum()
        r, s = (average_rank_shares(p.sum(axis=axis)[None])[0] - 0.5 for axis in (1, 0))
        return (p * np.outer(r, s)).sum() / np.sqrt((p.sum(axis=1) * r**2).sum() * (p.sum(axis=0) * s**2).sum())

    def tau(weights):
        return kendall(weights[None]).estimate[0]

    step = 1e-5
    for estimate, error in (
        (rho, spearman_error(table[None], np.array([rho(table)]))[0] * np.sqrt((n - 1) / n)),
        (tau, kendall(table[None]).std_error[0]),
    ):
        influence = np.empty(shape)
        for cell in np.ndindex(shape):
            more, less = table.copy(), table.copy()
            more[cell] += step
            less[cell] -= step
            influence[cell] = n * (estimate(more) - estimate(less)) / (2 * step)
        expected = np.sqrt((table * influence**2).sum()) / n
        assert error == pytest.approx(expected, rel=1e-5, abs=0)


def test_fisher_p_values_follow_their_formulas(multiverse):
    row = multiverse.query("topic_id == 'everybody' and outcome_id == @INDEX and dont_know_rule_id == 'lowest'")
    row = row.query("outcome_rule_id == 'count' and duplicates_rule_id == 'all_dropped' and outliers_rule_id == 'kept'")
    row = row.set_index("method_id")
    n, r = row["n_respondents"].astype(float), row["estimate"]
    variance = {"pearson": 1 / (n - 3), "spearman": (1 + r**2 / 2) / (n - 3), "kendall": 0.437 / (n - 4)}
    for method, of_method in variance.items():
        expected = 2 * stats.norm.sf(abs(np.arctanh(r[method])) / np.sqrt(of_method[method]))
        assert row.loc[method, "p_fisher_none"] == pytest.approx(expected, rel=1e-9, abs=0)


def test_adjusted_p_equal_statsmodels_in_every_column():
    random = np.random.default_rng(4)
    p = random.uniform(0, 0.2, (30, 7)) ** 2
    p[random.uniform(size=p.shape) < 0.2] = np.nan
    p[:, 6] = np.nan
    p[4:9, 0] = 0.01
    for method in (BENJAMINI_HOCHBERG, HOLM):
        for column, values in zip(p.T, adjusted_p_values(p, method).T, strict=True):
            tested = ~np.isnan(column)
            assert np.isnan(values[~tested]).all()
            if tested.any():
                expected = multipletests(column[tested], method=method)[1]
                np.testing.assert_allclose(values[tested], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("method", [BENJAMINI_HOCHBERG, HOLM])
def test_an_adjusted_p_is_never_below_its_p(method):
    """Not by a rounding error either: rpt_tests would refuse the build."""
    p = np.random.default_rng(2).uniform(size=(49, 1000))
    assert (adjusted_p_values(p, method) >= p).all()


@pytest.mark.slow
def test_p_is_adjusted_over_all_correlates_of_the_outcome_under_the_same_choices():
    parts = [count(RESPONDENTS[part::4], council_id=f"c{part}") for part in range(4)]
    multiverse = estimate_multiverse(pd.concat(parts))
    some = multiverse[multiverse["specification_number"] % 37 == 1]
    for _, family in some.groupby(["outcome_id", "specification_number"]):
        assert len(family) == 4
        expected = multipletests(family["p_classical_none"], method="holm")[1]
        np.testing.assert_allclose(family["p_classical_holm"], expected, rtol=0, atol=1e-12)


def test_p_is_adjusted_within_a_study():
    """Two councils are a study and a third is not in it: its correlations change no adjusted p of theirs."""
    frames = [count(RESPONDENTS[place::4], council_id=name, construct_id="a") for place, name in enumerate("xyz")]
    studies = pd.DataFrame({"council_id": ["x", "y"], "wave_id": frames[0]["wave_id"].iloc[0], "study_id": "both"})
    alone = estimate_multiverse(pd.concat(frames[:2]), studies=studies)
    beside = estimate_multiverse(pd.concat(frames), studies=studies)
    again = beside[beside["council_id"].ne("z")].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, again, check_exact=True)
    together = estimate_multiverse(pd.concat(frames))
    assert (together["p_classical_holm"] > beside["p_classical_holm"]).any()


def test_there_are_enough_specifications_and_enough_distinct_results(multiverse):
    for _, cell in multiverse.groupby(CELL):
        results = {
            (n, round(r, 9), round(p, 9))
            for p_column in P_COLUMNS
            for n, r, p in zip(cell["n_respondents"], cell["estimate"], cell[p_column], strict=True)
        }
        assert len(cell) * len(P_COLUMNS) >= 200
        assert len(results) >= 50
    n_rules = {INDEX: 3 * 4 * 8 * 3 * 2, COLLECTIVE: 3 * 4 * 4 * 3 * 2}
    for outcome_id, of_outcome in multiverse.query("topic_id == 'sparse'").groupby("outcome_id"):
        assert of_outcome["specification_number"].to_list() == list(range(1, n_rules[outcome_id] + 1))
        assert not of_outcome.duplicated(list(AXES)).any()


def test_planted_dont_knows_turn_the_sign():
    """Don't Know is said by those who do most: coded highest it makes the correlation positive, lowest negative."""
    people = RESPONDENTS[RESPONDENTS["n_answered"] == 8].assign(score=lambda f: 1.0 + f.index % 5, answer_kind="valid")
    busy = people["n_positive"] >= 7
    people.loc[busy, ["answer_kind", "score"]] = ["dont_know", np.nan]
    multiverse = estimate_multiverse(count(people)).query("outcome_id == @INDEX and outcome_rule_id == 'half_answered'")
    signs = np.sign(multiverse.groupby("dont_know_rule_id")["estimate"].agg(["min", "max"]))
    assert signs.loc["lowest"].tolist() == [-1, -1]
    assert signs.loc["highest"].tolist() == [1, 1]


def test_planted_duplicates_and_straight_lines_change_n():
    people = RESPONDENTS.assign(answer_kind="valid", score=1.0 + RESPONDENTS.index % 5, n_answered=8)
    multiverse = estimate_multiverse(count(people)).query(
        "outcome_rule_id == 'half_answered' and method_id == 'pearson'"
    )
    n = multiverse.query("dont_know_rule_id == 'leave_out'").set_index(["duplicates_rule_id", "outliers_rule_id"])
    n = n["n_respondents"]
    assert n["all_kept", "kept"] == 500
    assert n["one_kept", "kept"] == 500 - people["is_excluded"].sum()
    assert n["all_dropped", "kept"] == 500 - people["is_duplicate"].sum()
    both = people["is_duplicate"] | people["is_straight_line"]
    assert n["all_dropped", "straight_line_left_out"] == 500 - both.sum()
    assert n.nunique() == 6


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"answer_kind": "dont_know", "score": np.nan}, "fewer than 3 respondents with both answers"),
        ({"answer_kind": "valid", "score": 2.0}, "the correlate does not vary"),
        ({"answer_kind": "valid", "n_positive": 0, "n_often": 0}, "the outcome does not vary"),
    ],
)
def test_what_cannot_be_estimated_has_a_reason_and_no_p(change, reason):
    people = RESPONDENTS.assign(**change)
    people["score"] = people["score"].fillna(3.0).where(people["answer_kind"].eq("valid"))
    multiverse = estimate_multiverse(count(people)).query("outcome_id == @INDEX and dont_know_rule_id == 'leave_out'")
    assert multiverse["reason"].eq(reason).all()
    assert multiverse[["estimate", *P_COLUMNS]].isna().all(axis=None)


def test_a_perfect_correlation_has_no_p():
    people = RESPONDENTS[:60].assign(n_answered=8, n_dont_know=0, answer_kind="valid")
    people["score"] = people["n_positive"].astype(float)
    multiverse = estimate_multiverse(count(people)).query("outcome_rule_id == 'half_answered'")
    assert multiverse["estimate"].to_list() == pytest.approx([1.0] * len(multiverse), abs=1e-14)
    assert multiverse["reason"].eq("perfect correlation: no test").all()
    assert multiverse[list(P_COLUMNS)].isna().all(axis=None)


@pytest.mark.parametrize("n", [1, 3, 4, 5])
def test_very_few_respondents_do_not_crash_and_have_no_p_of_zero(n):
    multiverse = estimate_multiverse(count(RESPONDENTS[:n]))
    p = multiverse[list(P_COLUMNS)].to_numpy()
    assert not (p <= 0).any()
    assert multiverse.loc[np.isnan(p).any(axis=1), "reason"].notna().all()


def test_no_counts_give_no_rows_with_the_same_types(multiverse):
    counts = count(RESPONDENTS)
    for empty in (counts.iloc[:0], pd.DataFrame({column: pd.Series([], dtype=object) for column in counts})):
        nothing = estimate_multiverse(empty)
        assert len(nothing) == 0
        pd.testing.assert_series_equal(nothing.dtypes, multiverse.dtypes)


@pytest.mark.slow
def test_the_order_and_the_grain_of_rows_do_not_change_a_bit():
    counts = pd.concat(
        [count(RESPONDENTS, council_id="b"), count(RESPONDENTS[100:300], council_id="a")], ignore_index=True
    )
    expected = estimate_multiverse(counts)
    shuffled = counts.sample(frac=1, random_state=2)
    one_by_one = counts.loc[counts.index.repeat(counts["n_respondents"])].assign(n_respondents=1)
    pd.testing.assert_frame_equal(estimate_multiverse(shuffled), expected, check_exact=True)
    pd.testing.assert_frame_equal(estimate_multiverse(one_by_one), expected, check_exact=True)


def test_millions_of_respondents_keep_the_estimates(multiverse):
    counts = count(RESPONDENTS, topic_id="everybody")
    large = estimate_multiverse(counts.assign(n_respondents=counts["n_respondents"] * 1_000_000))
    small = multiverse.query("topic_id == 'everybody'").reset_index(drop=True)
    np.testing.assert_allclose(large["estimate"], small["estimate"], rtol=0, atol=1e-12)
    assert (large["n_respondents"] == small["n_respondents"] * 1_000_000).all()


def test_a_missing_column_and_a_broken_count_are_named():
    counts = count(RESPONDENTS)
    with pytest.raises(ValueError, match="no column is_straight_line"):
        estimate_multiverse(counts.drop(columns="is_straight_line"))
    with pytest.raises(ValueError, match="n_respondents must be a whole number"):
        estimate_multiverse(counts.assign(n_respondents=0.5))


def test_every_axis_has_levels_a_reason_and_a_count_table(multiverse):
    axes = axes_of_multiverse()
    assert set(axes["axis_id"]) == {axis.removesuffix("_id") for axis in (*AXES, "p_method_id", "multiplicity_id")}
    assert axes["description"].ne("").all()
    assert axes.groupby(["axis_id", "outcome_id"])["is_of_paper"].sum().eq(1).all()
    for axis in AXES:
        assert set(axes.loc[axes["axis_id"].eq(axis.removesuffix("_id")), "choice_id"]) == set(multiverse[axis])
    assert all((ROOT / "models" / "counts" / f"{table}.sql").is_file() for table in set(axes["count_table"]))
    assert list(OUTCOME_RULES) == [INDEX, COLLECTIVE]
    macro = (ROOT / "macros" / "outcomes_with_readings.sql").read_text(encoding="utf-8")
    assert re.findall(r"\[.*\]", macro) == [str(list(OUTCOME_RULES))]


def own_outcome(people: pd.DataFrame) -> pd.DataFrame:
    """The score of the group question as a mean score of its own, half of the range 0 to 2."""
    measured = people.assign(
        n_positive=people["collective_score"], n_answered=np.where(people["collective_score"].isna(), np.nan, 2)
    )
    flags = ["is_duplicate", "is_excluded", "is_straight_line"]
    return count(
        measured[[*flags, "n_positive", "n_answered", "answer_kind", "score"]], outcome_id="mean_trust", topic_id="own"
    )


def test_an_outcome_of_ones_own_has_every_choice_but_the_readings(multiverse):
    found = estimate_multiverse(count(RESPONDENTS, topic_id="everybody"), own_outcome(RESPONDENTS))
    own = found[found["outcome_id"].eq("mean_trust")]
    assert set(own["outcome_rule_id"]) == {"as_measured"}
    assert len(own) == len(METHODS) * len(DONT_KNOW_RULES) * len(DUPLICATE_RULES) * len(OUTLIER_RULES)
    # Half of a score has the correlations of the score, which is one of the readings of taking part.
    of_score = found[found["outcome_id"].eq(COLLECTIVE) & found["outcome_rule_id"].eq("score")]
    columns = ["n_respondents", "estimate", "p_classical_none", "p_linearised_holm", "p_fisher_benjamini_hochberg"]
    np.testing.assert_allclose(own[columns].astype(float), of_score[columns].astype(float), rtol=1e-10, atol=1e-14)
    axes = axes_of_multiverse(own_outcome(RESPONDENTS))
    rules = axes[axes["outcome_id"].eq("mean_trust")]
    assert list(rules["choice_id"]) == ["as_measured"]
    assert list(rules["count_table"]) == ["cnt_measure_specifications"]
