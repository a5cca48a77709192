"""Nudge effects against regression on one row per respondent, permutations against enumeration, and the edges."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.multitest import multipletests
from survey_examples import KEYS, nudge_counts, outcome_columns, respondents_of_reference

from coproduction.statistics.estimates.nudges import est_nudge_effects as nudges
from coproduction.statistics.methods import resampling
from coproduction.statistics.methods.contrasts import arm_moments, contrast_moments

RESPONDENTS = respondents_of_reference()
OUTCOMES = ["individual_index", "collective_participation"]
INFERENCE = ["std_error", "df", "ci_lower", "ci_upper", "p_value", "p_value_adjusted", "minimum_detectable"]

pytestmark = pytest.mark.filterwarnings("error")


def estimate_nudge_effects(counts: pd.DataFrame, studies: pd.DataFrame | None = None) -> pd.DataFrame:
    """The arms of the headline model; test_nudge_models.py is about the rest."""
    effects = nudges.estimate_nudge_effects(counts, studies=studies)
    is_headline = effects["model_id"].eq("dummies") & effects["contrast_id"].ne("interaction")
    return effects[is_headline].reset_index(drop=True)


def small(**outcomes: list[int]) -> pd.DataFrame:
    """Few respondents: the n_positive of each arm's members, out of 2 answered."""
    rows = [(arm, positive) for arm, values in outcomes.items() for positive in values]
    return pd.DataFrame(rows, columns=["arm_id", "n_positive"]).assign(n_answered=2)


def effect_of(respondents: pd.DataFrame, contrast_id: str = "a") -> pd.Series:
    return estimate_nudge_effects(nudge_counts(respondents)).set_index("contrast_id").loc[contrast_id]


def design(outcome_id: str) -> tuple[np.ndarray, np.ndarray]:
    """Outcome in points and the dummy regression's matrix: intercept, a, b, both."""
    outcome = outcome_columns(RESPONDENTS, outcome_id)
    dummies = [RESPONDENTS["arm_id"].eq(arm) for arm in ("a", "b", "both")]
    points = 100 * outcome["n_positive"] / outcome["n_answered"]
    return points.to_numpy(), np.column_stack([np.ones(len(points)), *dummies]).astype(float)


@pytest.mark.parametrize("outcome_id", OUTCOMES)
def test_effects_equal_the_dummy_regression_with_hc2_errors(outcome_id):
    """From counts as from one row per respondent: 1e-10, the goal for compressed data."""
    points, matrix = design(outcome_id)
    fit = OLS(points, matrix).fit(cov_type="HC2")
    effects = estimate_nudge_effects(nudge_counts(RESPONDENTS, outcome_id))
    assert effects["contrast_id"].to_list() == ["a", "b", "both"]
    np.testing.assert_allclose(effects["estimate"], fit.params[1:], rtol=1e-10)
    np.testing.assert_allclose(effects["std_error"], fit.bse[1:], rtol=1e-10)
    assert effects["n_respondents"].eq(600).all()
    assert (effects["n_arm"] == [RESPONDENTS["arm_id"].eq(arm).sum() for arm in ("a", "b", "both")]).all()
    assert effects["n_control"].eq(RESPONDENTS["arm_id"].eq("none").sum()).all()


def test_degrees_of_freedom_equal_bell_and_mccaffreys_matrix_form():
    """df = trace(G'G)^2 / trace((G'G)^2), with a column of G per respondent; nothing of the closed form in it."""
    _, matrix = design("individual_index")
    inverse = np.linalg.inv(matrix.T @ matrix)
    residual_maker = np.eye(len(matrix)) - matrix @ inverse @ matrix.T
    expected = []
    for coefficient in (1, 2, 3):
        weights = (matrix @ inverse)[:, coefficient] / np.sqrt(np.diag(residual_maker))
        g = residual_maker * weights
        product = g.T @ g
        # The trace of the square of a symmetric matrix is the sum of its squared entries.
        expected.append(np.trace(product) ** 2 / (product**2).sum())
    effects = estimate_nudge_effects(nudge_counts(RESPONDENTS))
    np.testing.assert_allclose(effects["df"], expected, rtol=1e-8)


@pytest.mark.parametrize("outcome_id", OUTCOMES)
def test_interval_p_value_and_detectable_effect_follow_students_t(outcome_id):
    for effect in estimate_nudge_effects(nudge_counts(RESPONDENTS, outcome_id)).itertuples():
        student = stats.t(effect.df)
        assert effect.p_value == pytest.approx(2 * student.sf(abs(effect.estimate / effect.std_error)), rel=1e-9, abs=0)
        half_width = effect.std_error * student.ppf(0.975)
        assert effect.ci_lower == pytest.approx(effect.estimate - half_width, rel=1e-9, abs=0)
        assert effect.ci_upper == pytest.approx(effect.estimate + half_width, rel=1e-9, abs=0)
        # At the detectable effect, the shifted t exceeds the critical value in 80 % of surveys.
        shift = effect.minimum_detectable / effect.std_error
        assert student.sf(student.ppf(0.975) - shift) == pytest.approx(0.8, abs=1e-9)


def test_the_effect_is_in_points_and_against_no_nudge():
    effect = effect_of(small(none=[0, 0, 2, 0], a=[2, 2, 0, 2], b=[0, 0, 1, 1]))
    assert effect["estimate"] == 50
    assert effect["model_id"] == "dummies"
    assert effect["std_error_type"] == "HC2 Bell-McCaffrey"


def enumerated_p_value(none: list[float], arm: list[float]) -> float:
    """Share of all assignments whose studentised difference is at least the observed one."""
    everyone = np.array(none + arm)

    def statistic(members):
        inside = np.isin(np.arange(len(everyone)), members)
        a, b = everyone[inside], everyone[~inside]
        difference = a.mean() - b.mean()
        with np.errstate(divide="ignore"):
            spread = np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
            return 0.0 if abs(difference) < 1e-12 else abs(difference) / np.float64(spread)

    observed = statistic(range(len(none), len(everyone)))
    drawn = [statistic(members) for members in combinations(range(len(everyone)), len(arm))]
    return np.mean(np.array(drawn) >= observed * (1 - 1e-9))


@pytest.mark.parametrize(
    ("none", "arm"),
    [
        ([0, 0, 1, 2], [1, 2, 2]),
        ([0, 0, 0, 1], [2, 2, 2, 1]),
        ([0, 0, 0, 0], [2, 2, 2]),
        ([0, 2, 0, 2], [0, 2, 0, 2]),
        ([0, 1, 0, 2, 1], [0, 0, 0]),
        # Mirror images of these tables are equally extreme, but for rounding.
        ([1, 1, 1, 2], [0, 1, 1]),
        ([0, 0, 2], [0, 1, 2, 2]),
        ([0, 0, 1], [0, 0, 1, 1, 1]),
    ],
)
@pytest.mark.slow
def test_permutation_p_values_approach_those_of_all_assignments(monkeypatch, none, arm):
    monkeypatch.setattr(resampling, "PERMUTATIONS_OF_ARMS", 40_000)
    p = effect_of(small(none=none, a=arm))["p_value_randomisation"]
    assert p == pytest.approx(enumerated_p_value([x / 2 for x in none], [x / 2 for x in arm]), abs=0.01)


@pytest.mark.slow
def test_permutations_move_the_respondents_of_all_arms():
    """With another arm's outcomes in the pool, the assignments differ from those of two arms alone."""
    alone = effect_of(small(none=[0, 0, 1, 0, 0], a=[2, 1, 2, 2]))["p_value_randomisation"]
    pooled = effect_of(small(none=[0, 0, 1, 0, 0], a=[2, 1, 2, 2], b=[0] * 60))["p_value_randomisation"]
    assert pooled < alone / 2


def test_permuted_tables_keep_their_margins_and_have_hypergeometric_moments():
    table = np.array([[20, 5, 3], [4, 9, 9], [0, 1, 2]])
    drawn = resampling.permuted_tables(table, np.random.default_rng(5))
    assert drawn.shape == (3, resampling.PERMUTATIONS_OF_ARMS, 3)
    assert (drawn >= 0).all()
    assert (drawn.sum(axis=2) == table.sum(axis=1)[:, None]).all()
    assert (drawn.sum(axis=0) == table.sum(axis=0)).all()
    rows, columns, n = table.sum(axis=1), table.sum(axis=0), table.sum()
    for arm in range(3):
        for value in range(3):
            expected = stats.hypergeom(n, columns[value], rows[arm])
            here = drawn[arm, :, value]
            assert here.mean() == pytest.approx(expected.mean(), abs=5 * expected.std() / np.sqrt(len(here)))
            assert here.var() == pytest.approx(expected.var(), rel=0.2)


def test_shared_tables_keep_their_margins_and_have_hypergeometric_moments():
    table = np.array([[20, 5, 3], [4, 9, 9], [0, 1, 2]])
    drawn = resampling.shared_tables(table, np.random.default_rng(5), 2000)
    assert drawn.shape == (3, 2000, 3)
    assert (drawn.sum(axis=2) == table.sum(axis=1)[:, None]).all()
    assert (drawn.sum(axis=0) == table.sum(axis=0)).all()
    expected = stats.hypergeom(table.sum(), table.sum(axis=0)[None, :], table.sum(axis=1)[:, None])
    np.testing.assert_array_less(np.abs(drawn.mean(axis=1) - expected.mean()), 5 * expected.std() / np.sqrt(2000))
    np.testing.assert_allclose(drawn.var(axis=1), expected.var(), rtol=0.2)


@pytest.mark.slow
def test_permutation_p_values_agree_with_student_at_survey_size():
    for outcome_id in OUTCOMES:
        effects = estimate_nudge_effects(nudge_counts(RESPONDENTS, outcome_id))
        np.testing.assert_allclose(effects["p_value_randomisation"], effects["p_value"], atol=0.04)
        assert effects["p_value_randomisation"].ge(1 / 2000).all()


@pytest.mark.slow
def test_a_group_keeps_its_permutations_when_other_groups_come_and_go():
    alone = estimate_nudge_effects(nudge_counts(RESPONDENTS))
    other = nudge_counts(RESPONDENTS, council_id="anglesey")
    together = estimate_nudge_effects(pd.concat([other, nudge_counts(RESPONDENTS)]))
    p = together.set_index("council_id")["p_value_randomisation"]
    assert p["barnet"].to_list() == alone["p_value_randomisation"].to_list()


def test_a_small_group_keeps_its_permutations_and_other_groups_of_its_size_have_others():
    def p_values(*counts: pd.DataFrame) -> pd.Series:
        # Each survey is a study, since the number of permutations follows from the tests of a study.
        counts = pd.concat(counts)
        studies = counts[["council_id", "wave_id"]].drop_duplicates().assign(study_id=lambda rows: rows["council_id"])
        effects = estimate_nudge_effects(counts, studies=studies)
        return effects.set_index("council_id")["p_value_randomisation"]

    few = nudge_counts(RESPONDENTS[::6])
    alone = p_values(few)["barnet"].to_list()
    same = few.assign(council_id="anglesey")
    together = p_values(nudge_counts(RESPONDENTS[::5], council_id="ceredigion"), same, few)
    assert together["barnet"].to_list() == alone
    assert together["anglesey"].to_list() != alone
    np.testing.assert_allclose(together["anglesey"], alone, atol=0.06)


def test_the_seed_is_a_hash_of_the_keys_on_every_machine():
    # printf 'barnet\\x1fwave_1' | sha256sum | cut -c1-32
    assert resampling.seed_of("barnet", "wave_1") == 0xEA871C508F64F64A788B91618D876B71
    assert resampling.seed_of("a", "bc") != resampling.seed_of("ab", "c")


@pytest.mark.parametrize(
    ("respondents", "reason"),
    [
        (small(none=[0, 1, 2, 0], a=[1]), "fewer than two respondents in the arm"),
        (small(none=[1], a=[0, 1, 2, 0]), "fewer than two respondents without a nudge"),
        (small(a=[0, 1, 2, 0]), "fewer than two respondents without a nudge"),
    ],
)
def test_one_person_is_no_arm(respondents, reason):
    effect = effect_of(respondents)
    assert effect[INFERENCE].isna().all()
    assert np.isnan(effect["p_value_randomisation"])
    assert effect["reason"] == reason
    assert effect["n_family"] == 0


@pytest.mark.parametrize(
    ("none", "arm", "reason"),
    [
        ([0] * 6, [2] * 6, "the outcome varies neither in the arm nor without a nudge"),
        ([0, 1, 2, 1, 0, 0], [2] * 6, "the outcome does not vary in the arm"),
        ([0] * 6, [2, 2, 1, 2, 0, 2], "the outcome does not vary without a nudge"),
    ],
)
def test_an_arm_without_variation_has_an_estimate_and_a_permutation_p_but_no_t_test(none, arm, reason):
    effect = effect_of(small(none=none, a=arm))
    assert effect["estimate"] == pytest.approx(50 * (np.mean(arm) - np.mean(none)))
    assert effect[[name for name in INFERENCE if name != "p_value_adjusted"]].isna().all()
    assert 0 < effect["p_value_randomisation"] < 0.1
    assert effect["reason"] == reason
    # It is a test: the headline, adjusted, and counted in its family.
    assert effect["headline_p_value_type"] == "randomisation"
    assert effect["headline_p_value"] == effect["p_value_randomisation"] == effect["p_value_adjusted"]
    assert effect["n_family"] == 1


def counts_of(**arms):
    """Counts of a yes-or-no outcome from (yes, n) of each arm."""
    rows = [(arm, yes, n) for arm, (n_yes, n_all) in arms.items() for yes, n in ((1, n_yes), (0, n_all - n_yes))]
    frame = pd.DataFrame(rows, columns=["arm_id", "n_positive", "n_respondents"])
    return frame.assign(n_answered=1, outcome_id="collective_participation", **KEYS)


def family_of(n_other_tests):
    """0 of 40 against 29 of 40, among other topics in which nothing happens."""
    topics = [counts_of(none=(29, 40), a=(0, 40)).assign(topic_id="strong")]
    topics += [
        counts_of(none=(20, 70), a=(20 + place % 3, 70)).assign(topic_id=f"topic_{place:02d}")
        for place in range(n_other_tests)
    ]
    effects = estimate_nudge_effects(pd.concat(topics))
    return effects[effects["model_id"] == "dummies"].set_index("topic_id")


def test_the_strongest_effect_has_a_star_an_adjusted_p_and_a_place_in_its_family():
    effects = family_of(11)
    strong = effects.loc["strong"]
    assert strong["estimate"] == -72.5
    assert strong["n_family"] == 12
    assert strong["headline_p_value_type"] == "randomisation"
    # Fisher's exact p is 1e-12: none of the permutations is as extreme.
    assert strong["n_permutations"] == 4800
    assert strong["headline_p_value"] == pytest.approx(1 / 4801)
    assert strong["p_value_adjusted"] == pytest.approx(12 / 4801)


def test_holm_can_star_one_of_a_hundred_tests_whose_p_is_drawn():
    effects = family_of(99)
    strong = effects.loc["strong"]
    assert (strong["n_family"], strong["n_permutations"]) == (100, 40_000)
    assert strong["p_value_adjusted"] == pytest.approx(100 / 40_001)
    assert strong["p_value_adjusted"] <= 0.05
    # Only the headline that may become significant is drawn so often.
    assert effects["n_permutations"].drop("strong").eq(1999).all()


def test_holm_adjusts_the_headline_p_and_not_the_one_beside_it():
    topics = {f"topic_{place}": counts_of(none=(9, 45), a=(9 + 4 * place, 45)) for place in range(5)}
    effects = estimate_nudge_effects(pd.concat(frame.assign(topic_id=name) for name, frame in topics.items()))
    effects = effects[effects["model_id"] == "dummies"]
    assert set(effects["headline_p_value_type"]) == {"randomisation"}
    expected = multipletests(effects["headline_p_value"], method="holm")[1]
    np.testing.assert_allclose(effects["p_value_adjusted"], expected, rtol=1e-12)
    by_t = multipletests(effects["p_value"], method="holm")[1]
    assert np.abs(by_t - expected).max() > 1e-3


@pytest.mark.parametrize(("contrast_id", "limit"), [("a", 100), ("both", 100), ("interaction", 200)])
def test_no_interval_passes_what_is_possible_and_nothing_larger_is_called_detectable(contrast_id, limit):
    arms = {"none": (1, 2), "a": (1, 2), "b": (1, 2), "both": (1, 2)}
    effects = nudges.estimate_nudge_effects(counts_of(**arms))
    effect = effects[effects["contrast_id"].eq(contrast_id) & effects["model_id"].eq("dummies")].iloc[0]
    half_width = stats.t.ppf(0.975, effect["df"]) * effect["std_error"]
    detectable = (stats.t.ppf(0.975, effect["df"]) + stats.t.ppf(0.8, effect["df"])) * effect["std_error"]
    ends = np.clip([effect["estimate"] - half_width, effect["estimate"] + half_width], -limit, limit)
    assert effect[["ci_lower", "ci_upper"]].to_list() == pytest.approx(ends.tolist(), rel=1e-9)
    assert limit in np.abs(ends)
    assert detectable > limit
    assert np.isnan(effect["minimum_detectable"])
    assert "no possible effect could have been found" in effect["reason"]


def test_an_outcome_without_variation_has_no_p_value_at_all():
    effect = effect_of(small(none=[1] * 5, a=[1] * 5))
    assert effect["estimate"] == 0
    assert effect[[*INFERENCE, "p_value_randomisation"]].isna().all()


def test_equal_sevenths_differ_by_exactly_nothing():
    """The mean of many equal sevenths misses a seventh by a rounding error, which would be an infinite effect."""
    sizes = np.arange(2, 60)
    for value in range(1, 7):
        tables = np.zeros((2, len(sizes), 8), dtype=int)
        tables[0, :, value], tables[1, :, value] = sizes, sizes[::-1]
        moments = arm_moments(tables, np.arange(8) / 7)
        difference, std_error = contrast_moments(*moments, np.array([[-1.0, 1.0]]))
        assert (difference == 0).all()
        assert (std_error == 0).all()


@pytest.mark.slow
def test_respondents_outside_the_experiment_do_not_count():
    outside = RESPONDENTS.assign(arm_id=None)
    counts = nudge_counts(RESPONDENTS)
    expected = estimate_nudge_effects(counts)
    pd.testing.assert_frame_equal(estimate_nudge_effects(pd.concat([counts, nudge_counts(outside)])), expected)
    assert len(estimate_nudge_effects(nudge_counts(outside))) == 0


def test_an_arm_that_never_answered_is_listed_with_a_reason():
    counts = nudge_counts(RESPONDENTS)
    silent = counts["arm_id"].eq("b")
    counts[["n_positive", "n_answered"]] = counts[["n_positive", "n_answered"]].mask(silent)
    effect = estimate_nudge_effects(counts).set_index("contrast_id").loc["b"]
    assert effect["n_arm"] == 0
    assert np.isnan(effect["estimate"])
    assert effect["reason"] == "fewer than two respondents in the arm"


@pytest.mark.slow
def test_the_family_is_the_topics_or_the_whole_theme_where_there_are_none():
    """Barnet asked by topic, Swansea did not: 2 topics x 3 arms and 1 theme x 3 arms make 9; Barnet's `all` is out."""
    frames = [
        nudge_counts(RESPONDENTS[start:], outcome_id, council_id=council, topic_id=topic)
        for outcome_id in OUTCOMES
        for start, (council, topic) in enumerate(
            [("barnet", "crime"), ("barnet", "asb"), ("barnet", "all"), ("swansea", "all")]
        )
    ]
    effects = estimate_nudge_effects(pd.concat(frames))
    out = effects["council_id"].eq("barnet") & effects["topic_id"].eq("all")
    assert effects.loc[out, ["family_id", "n_family", "p_value_adjusted"]].isna().all(axis=None)
    assert effects.loc[out, "p_value"].notna().all()
    inside = effects[~out]
    assert inside["n_family"].eq(9).all()
    for outcome_id, family in inside.groupby("outcome_id"):
        assert family["family_id"].eq(f"nudges_{outcome_id}").all()
        expected = multipletests(family["p_value"], method="holm")[1]
        np.testing.assert_allclose(family["p_value_adjusted"], expected, rtol=0, atol=1e-12)


def test_an_outcome_asked_by_topic_leaves_another_outcomes_family_alone():
    """Only the index was asked by topic: the collective outcome's `all` row is its theme's only one, so it counts."""
    frames = [nudge_counts(RESPONDENTS, "individual_index", topic_id=topic) for topic in ("crime", "all")]
    frames.append(nudge_counts(RESPONDENTS, "collective_participation"))
    effects = estimate_nudge_effects(pd.concat(frames))
    has_family = effects.groupby(["outcome_id", "topic_id"])["family_id"].agg(lambda family: family.notna().all())
    assert has_family.to_dict() == {
        ("collective_participation", "all"): True,
        ("individual_index", "all"): False,
        ("individual_index", "crime"): True,
    }
