"""Pooling over councils against R's metafor, brute force and planted truth, and where nothing is pooled."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pymare.estimators import VarianceBasedLikelihoodEstimator
from pymare.stats import knapp_hartung_cov_and_dof
from scipy import optimize, stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests

from coproduction.statistics.estimates.pooling.est_pooled import estimate_pooled
from coproduction.statistics.estimates.pooling.est_pooled_councils import (
    MINIMUM_RESPONDENTS,
    TYPES,
    estimate_pooled_councils,
)
from coproduction.statistics.methods.multiplicity import HOLM, adjust
from coproduction.statistics.methods.random_effects import (
    random_effects,
    tau_squared_dersimonian_laird,
    tau_squared_paule_mandel,
    tau_squared_reml,
)

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference" / "pooling.csv")
CASES = list(REFERENCE["case"].unique())
NOT_OWN = ("y", "v", "std_error_dl_knha")

pytestmark = pytest.mark.filterwarnings("error")


def councils(y, variance, scale="points", **columns: object) -> pd.DataFrame:
    """Councils as estimate_pooled_councils returns them, one per estimate."""
    rows = pd.DataFrame({"scaled_estimate": y, "std_error": np.sqrt(variance)})
    rows = rows.assign(
        council_id=[f"council_{place:02}" for place in range(len(rows))],
        wave_id="wave_1",
        theme_id="health",
        topic_id="all",
        quantity_id={"points": "nudge", "fisher_z": "correlate", "logit": "level"}[scale],
        outcome_id="individual_index",
        contrast_id="a",
        weighting_id="unweighted",
        n_respondents=100,
        n_estimates=1,
        pooled_scale=scale,
        is_pooled=True,
    ).assign(**columns)
    return rows.reindex(columns=list(TYPES)).astype(TYPES)


def pooled(y, variance, **columns: object) -> pd.Series:
    return estimate_pooled(councils(y, variance, **columns)).iloc[0]


def reference(case: str) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    of_case = REFERENCE[REFERENCE["case"] == case].set_index("quantity")["value"]
    return of_case.loc["y"].to_numpy(), of_case.loc["v"].to_numpy(), of_case.drop(list(NOT_OWN))


@pytest.mark.parametrize("case", CASES)
def test_every_number_equals_metafors(case):
    y, variance, expected = reference(case)
    found = pooled(y, variance)
    for quantity, value in expected.items():
        # What needs no search to 1e-9; what stands on REML's tau^2 to 1e-5, on Paule and Mandel's to 1e-6.
        exact = quantity.startswith(("heterogeneity", "p_value_heterogeneity")) or quantity.endswith("_dl")
        tolerance = 1e-9 if exact or quantity == "df" else 1e-6 if quantity.endswith("_pm") else 1e-5
        assert found[quantity] == pytest.approx(value, rel=tolerance, abs=1e-12 if value == 0 else 0), quantity


@pytest.mark.parametrize("case", CASES)
def test_hartung_and_knapps_error_equals_metafors(case):
    """Around DerSimonian and Laird's tau^2, which has a closed form, it agrees to the last digits."""
    y, variance, _ = reference(case)
    of = random_effects(y, variance, tau_squared_dersimonian_laird(y, variance))
    expected = REFERENCE[REFERENCE["case"] == case].set_index("quantity")["value"]["std_error_dl_knha"]
    assert of.standard_error * np.sqrt(of.spread) == pytest.approx(expected, rel=1e-9, abs=0)


def test_the_references_hold_ties_unequal_councils_and_no_heterogeneity():
    tau_squared = REFERENCE[REFERENCE["quantity"] == "tau_squared"].set_index("case")["value"]
    assert tau_squared["homogeneous"] == 0 < tau_squared.drop("homogeneous").min()
    assert (
        REFERENCE.query("quantity == 'std_error'")["value"]
        .gt(REFERENCE.query("quantity == 'std_error_unmodified'")["value"].to_numpy() * (1 + 1e-6))
        .any()
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.thorough
def test_tau_squared_is_the_best_of_a_brute_force_search(seed):
    random = np.random.default_rng(seed)
    y, variance = random.normal(0, 1, 3 + seed % 4), random.gamma(1, 1, 3 + seed % 4)

    def cost(tau_squared):
        total = variance + tau_squared
        mean = (y / total).sum() / (1 / total).sum()
        return np.log(total).sum() + np.log((1 / total).sum()) + ((y - mean) ** 2 / total).sum()

    grid = np.concatenate([[0], np.geomspace(1e-8, 50, 4000)])
    costs = [cost(value) for value in grid]
    best = int(np.argmin(costs))
    found = tau_squared_reml(y, variance)
    assert cost(found) <= costs[best] + 1e-12
    if best == 0:
        assert found == pytest.approx(0, abs=1e-7)
    else:
        bounds = (grid[best - 1], grid[min(best + 1, len(grid) - 1)])
        near = optimize.minimize_scalar(cost, bounds=bounds, method="bounded", options={"xatol": 1e-12})
        assert found == pytest.approx(near.x, rel=1e-4, abs=1e-7)


def test_paule_mandel_equals_statsmodels():
    y, variance, _ = reference("bcg")
    found = combine_effects(y, variance, method_re="iterated", atol=1e-12)
    assert tau_squared_paule_mandel(y, variance) == pytest.approx(found.tau2, rel=1e-6, abs=0)


@pytest.mark.parametrize("case", CASES)
def test_reml_and_hartung_and_knapps_errors_equal_pymares(case):
    """A second reference, beside metafor: its search for tau^2 stops at about 1e-6."""
    y, variance, _ = reference(case)
    found = pooled(y, variance)
    x = np.ones((len(y), 1))
    fit = VarianceBasedLikelihoodEstimator(method="REML").fit(y=y[:, None], v=variance[:, None], X=x)
    scale = max(1.0, np.var(y))
    assert found["tau_squared"] == pytest.approx(float(np.squeeze(fit.params_["tau2"])), rel=1e-4, abs=1e-6 * scale)
    tau_squared = found["tau_squared"]
    of = random_effects(y, variance, tau_squared)
    for column, is_modified in {"std_error_unmodified": False, "std_error": True}.items():
        covariance, df = knapp_hartung_cov_and_dof(
            y[:, None],
            variance[:, None],
            x,
            np.array([[of.mean]]),
            np.array([[[of.standard_error**2]]]),
            tau2=tau_squared,
            conservative=is_modified,
        )
        assert found[column] == pytest.approx(float(np.sqrt(np.squeeze(covariance))), rel=1e-9, abs=0), column
        assert found["df"] == np.squeeze(df).flat[0]


@pytest.mark.parametrize("k", [3, 5])
@pytest.mark.thorough
def test_the_interval_covers_a_planted_mean_and_the_normal_one_does_not(k):
    """Monte Carlo error 0.9 points at 600 replications: band of 2.5 such errors around 93-97 %."""
    random, covered, covered_dl, n = np.random.default_rng(20), 0, 0, 600
    variance = np.linspace(0.5, 1.5, k)
    for _ in range(n):
        y = random.normal(0.3, np.sqrt(variance + 1))
        of = random_effects(y, variance, tau_squared_reml(y, variance))
        error = of.standard_error * np.sqrt(max(1, of.spread))
        covered += abs(of.mean - 0.3) <= stats.t.ppf(0.975, k - 1) * error
        dl = random_effects(y, variance, tau_squared_dersimonian_laird(y, variance))
        covered_dl += abs(dl.mean - 0.3) <= 1.96 * dl.standard_error
    assert covered / n >= 0.925
    assert covered_dl / n < 0.925


@pytest.mark.parametrize(("k", "reason"), [(1, "one council"), (2, "two councils")])
def test_below_three_councils_nothing_is_pooled(k, reason):
    found = pooled([0.1] * k, [0.01] * k)
    assert found["reason"].startswith(reason)
    assert found["n_councils"] == k
    numbers = found.drop(["n_councils", "n_respondents", "n_family"])
    assert pd.isna(numbers[[name for name in numbers.index if isinstance(numbers[name], float)]]).all()


def test_a_council_that_cannot_be_weighed_is_counted_out():
    frame = councils([0.1, 0.2, 0.4, np.nan], [0.01, 0.02, 0.01, np.nan])
    frame["is_pooled"] = frame["scaled_estimate"].notna()
    assert estimate_pooled(frame).iloc[0]["n_councils"] == 3
    assert estimate_pooled(frame.assign(is_pooled=False)).iloc[0]["reason"].startswith("no council")


def test_equal_estimates_give_no_point_interval_and_no_p_of_zero():
    found = pooled([0.1 + 0.2, 0.3, 0.3], [0.01, 0.02, 0.05])
    assert pd.isna(found[["std_error_unmodified", "ci_lower_unmodified", "p_value_unmodified"]]).all()
    assert "same estimate" in found["reason"]
    assert found["prediction_lower"] < found["ci_lower"] < 0.3 < found["ci_upper"] < found["prediction_upper"]
    assert 0 < found["p_value"] < 1


@pytest.mark.parametrize("case", CASES)
def test_a_prediction_is_never_narrower_than_the_interval_beside_it(case):
    """A council to come varies around a mean that is not known better than its interval says."""
    y, variance, _ = reference(case)
    found = pooled(y, variance)
    assert found["prediction_lower"] <= found["ci_lower"] and found["ci_upper"] <= found["prediction_upper"]


def test_councils_that_happen_to_agree_get_no_star_from_it():
    """Their unmodified error is a tenth of the one that their respondents leave."""
    found = pooled([4.0, 4.1, 4.2], [9.0, 9.0, 9.0])
    assert found["p_value_unmodified"] < 0.01
    assert found["p_value"] > 0.05
    assert found["std_error"] == pytest.approx(np.sqrt(3))
    assert found["p_value_adjusted"] == found["p_value"]


@pytest.mark.parametrize(("contrast_id", "limit"), [("a", 100), ("interaction", 200)])
def test_pooled_intervals_in_points_end_where_points_end(contrast_id, limit):
    found = estimate_pooled(councils([-80, 0, 90], [400, 500, 600]).assign(contrast_id=contrast_id)).iloc[0]
    assert (found["prediction_lower"], found["prediction_upper"]) == (-limit, limit)
    assert found["ci_lower"] >= -limit and found["ci_upper"] <= limit


def test_numbers_come_back_in_the_quantitys_unit():
    correlation = pooled([0.2, 0.5, 0.4], [0.01, 0.02, 0.01], scale="fisher_z")
    assert correlation["estimate"] == pytest.approx(np.tanh(correlation["scaled_estimate"]))
    assert correlation["ci_lower"] == pytest.approx(
        np.tanh(correlation["scaled_estimate"] - stats.t.ppf(0.975, 2) * correlation["std_error"])
    )
    level = pooled([-2, -1.5, -2.5], [0.01, 0.02, 0.01], scale="logit")
    assert level["estimate"] == pytest.approx(1 / (1 + np.exp(-level["scaled_estimate"])))
    assert 0 < level["prediction_lower"] < level["estimate"] < level["prediction_upper"] < 1
    assert pd.isna(level["p_value"]) and pd.isna(level["family_id"])


def test_themes_and_all_themes_are_families_of_their_own():
    frames = [
        councils(np.array([0.2, 0.5, 0.4]) + shift, [0.01] * 3, theme_id=theme, contrast_id=contrast)
        for shift, theme, contrast in [(0, "health", "a"), (1, "health", "b"), (0, "all", "a")]
    ]
    found = estimate_pooled(pd.concat(frames)).set_index(["theme_id", "contrast_id"])
    assert list(found["n_family"]) == [1, 2, 2]
    assert found["family_id"].nunique() == 2
    holm = found.loc[("health", "b")]
    assert holm["p_value_adjusted"] == pytest.approx(2 * holm["p_value"])


def correlates(**columns: object) -> pd.DataFrame:
    """Rows as estimates.est_correlates has them."""
    base = {
        "council_id": ["barnet", "barnet", "barnet", "bristol"],
        "wave_id": "wave_1",
        "theme_id": ["community_safety", "community_safety", "wellbeing", "community_safety"],
        "topic_id": ["asb", "crime", "all", "all"],
        "construct_id": "conditions",
        "outcome_id": "individual_index",
        "method_id": "pearson",
        "weighting_id": "unweighted",
        "n_respondents": [400, 380, 300, 500],
        "estimate": [0.1, 0.3, 0.5, -0.2],
        "std_error": [0.05, 0.04, 0.06, 0.03],
    }
    return pd.DataFrame(base | columns)


_OF_BOTH = ["council_id", "wave_id", "theme_id", "topic_id", "weighting_id", "estimate", "std_error"]
NUDGES = pd.DataFrame(columns=[*_OF_BOTH, "outcome_id", "contrast_id", "model_id", "n_arm", "n_control"])
LEVELS = pd.DataFrame(columns=[*_OF_BOTH, "measure_id", "breakdown_id", "n_respondents"])


def entered(frame: pd.DataFrame) -> pd.DataFrame:
    return estimate_pooled_councils(frame, NUDGES, LEVELS).set_index(["council_id", "theme_id"])


def test_topics_are_averaged_on_fishers_scale_with_the_error_of_full_dependence():
    found = entered(correlates()).loc[("barnet", "community_safety")]
    assert found["scaled_estimate"] == pytest.approx((np.arctanh(0.1) + np.arctanh(0.3)) / 2)
    assert found["std_error"] == pytest.approx((0.05 / (1 - 0.01) + 0.04 / (1 - 0.09)) / 2)
    assert found["estimate"] == pytest.approx(np.tanh(found["scaled_estimate"]))
    assert (found["n_respondents"], found["n_estimates"]) == (380, 2)


def test_all_themes_average_the_themes_and_not_their_topics():
    found = entered(correlates())
    barnet, of_theme = found.loc[("barnet", "all")], found.loc[("barnet", "community_safety")]
    expected = (of_theme["scaled_estimate"] + np.arctanh(0.5)) / 2
    assert barnet["scaled_estimate"] == pytest.approx(expected)
    assert barnet["n_respondents"] == 300
    assert found.loc[("bristol", "all"), "estimate"] == pytest.approx(-0.2)


def test_a_row_for_the_whole_theme_stands_instead_of_its_topics():
    frame = correlates(topic_id=["asb", "all", "all", "all"])
    assert entered(frame).loc[("barnet", "community_safety"), "estimate"] == pytest.approx(0.3)


@pytest.mark.parametrize("columns", [{"estimate": [1.0] * 4}, {"std_error": [np.nan] * 4}, {"std_error": [0.0] * 4}])
def test_a_council_without_a_usable_error_has_a_reason(columns):
    found = entered(correlates(**columns))
    assert not found["is_pooled"].any()
    assert found["reason"].eq("no estimate with a standard error").all()
    assert found[["scaled_estimate", "std_error", "estimate"]].isna().all(axis=None)


def test_a_council_with_few_respondents_is_not_pooled():
    found = entered(correlates(n_respondents=[400, 380, 300, MINIMUM_RESPONDENTS - 1]))
    assert found["is_pooled"].to_dict()[("bristol", "community_safety")] is False
    assert found.loc[("barnet", "all"), "is_pooled"]


def test_other_methods_models_and_breakdowns_stay_out():
    nudges = pd.DataFrame(
        {
            **{"council_id": "barnet", "wave_id": "wave_1", "theme_id": "health", "topic_id": "all"},
            **{"outcome_id": "individual_index", "contrast_id": "a", "weighting_id": "unweighted"},
            "model_id": ["dummies", "lin"],
            "n_arm": [90, 90],
            "n_control": [20, 20],
            "estimate": [4.0, 9.0],
            "std_error": [2.0, 2.0],
        }
    )
    levels = pd.DataFrame(
        {
            **{"council_id": "barnet", "wave_id": "wave_1", "theme_id": "health", "topic_id": "all"},
            **{"measure_id": "individual_index", "weighting_id": "unweighted", "n_respondents": 50},
            "breakdown_id": ["all", "gender"],
            "estimate": [0.25, 0.5],
            "std_error": [0.02, 0.02],
        }
    )
    frame = pd.concat([correlates(), correlates(method_id="spearman", estimate=0.9)])
    found = estimate_pooled_councils(frame, nudges, levels)
    assert not found.duplicated([name for name in found if name.endswith("_id")]).any()
    nudge = found[found["quantity_id"].eq("nudge") & found["theme_id"].eq("health")].iloc[0]
    assert (nudge["estimate"], nudge["n_respondents"]) == (4.0, 20)
    level = found[found["quantity_id"].eq("level") & found["theme_id"].eq("health")].iloc[0]
    assert level["estimate"] == pytest.approx(0.25)
    assert level["std_error"] == pytest.approx(0.02 / (0.25 * 0.75))


@pytest.mark.slow
def test_the_order_of_rows_does_not_change_a_bit():
    frame = correlates()
    expected = estimate_pooled_councils(frame, NUDGES, LEVELS)
    of_councils = councils([0.1, 0.5, 0.3, 0.35], [0.01, 0.02, 0.03, 0.01])
    pool = estimate_pooled(of_councils)
    for seed in range(3):
        shuffled = estimate_pooled_councils(frame.sample(frac=1, random_state=seed), NUDGES, LEVELS)
        pd.testing.assert_frame_equal(shuffled, expected, check_exact=True)
        shuffled_pool = estimate_pooled(of_councils.sample(frac=1, random_state=seed))
        pd.testing.assert_frame_equal(shuffled_pool, pool, check_exact=True)


@pytest.mark.slow
def test_nothing_in_gives_typed_nothing_out():
    empty = estimate_pooled_councils(correlates().iloc[:0], NUDGES, LEVELS)
    assert len(empty) == 0
    assert {name: str(kind) for name, kind in empty.dtypes.items()} == TYPES
    pool = estimate_pooled(empty)
    assert len(pool) == 0
    of_some = estimate_pooled(councils([0.1, 0.2, 0.3], [0.01] * 3))
    pd.testing.assert_series_equal(pool.dtypes, of_some.dtypes)


def test_holms_adjustment_equals_statsmodels_with_ties():
    p = pd.Series(np.random.default_rng(2).random(40).round(2) ** 3, index=np.arange(40) + 7)
    p.iloc[3] = np.nan
    adjusted = adjust(pd.DataFrame({"family_id": "one", "weighting_id": "unweighted", "p": p}), "p", HOLM)
    expected = multipletests(p.dropna(), method="holm")[1]
    assert adjusted["p_value_adjusted"].dropna().to_list() == pytest.approx(list(expected), rel=0, abs=1e-15)
    assert pd.isna(adjusted["p_value_adjusted"].iloc[3])
