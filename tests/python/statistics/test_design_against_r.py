"""Clusters, strata, weights and a finite population against R's survey and estimatr (reference/design.R)."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import KEYS, REFERENCE

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.methods.clustered_contrasts import WHOLE_ARM, ArmClusters, clustered_contrast
from coproduction.statistics.methods.weights.sample_design import FEW_CLUSTERS, IGNORES_DESIGN

R = pd.read_csv(REFERENCE.parent / "design.csv", index_col="quantity")["value"]
PEOPLE = pd.read_csv(REFERENCE.parent / "design_respondents.csv")
ERROR = {"rel": 1e-9, "abs": 0}
DF = {"rel": 1e-8, "abs": 0}
WEIGHTS = ["n_weighted", "sum_weight", "sum_weight_squared", "sum_weight_fourth"]


def rows(cluster="household", stratum="district", panel_size=np.nan, people=PEOPLE):
    """One row per respondent of a survey that declares these columns, with everything that the counts know."""
    frame = people.assign(**KEYS)
    # Sums of fourth powers are counted in a unit of their own (weighting.FOURTH_POWERS_UNIT).
    unit = 1e12 / frame["weight"].max()
    powers = {name: (frame["weight"] * unit) ** power for name, power in zip(WEIGHTS[1:3], (1, 2), strict=True)}
    frame = frame.assign(n_respondents=1, n_weighted=1, **powers)
    frame["sum_weight_fourth"] = (frame["weight"] * unit / 1e5) ** 4
    frame["stratum_number"] = frame[stratum].rank(method="dense") if stratum else 1
    frame["cluster_number"] = frame[cluster].rank(method="dense") if cluster else np.nan
    frame["panel_size"] = panel_size
    frame["score"], frame["answer_kind"] = frame["trust"], "valid"
    frame["construct_id"], frame["breakdown_id"], frame["breakdown_value"] = "trust", "all", "all"
    index = frame.assign(outcome_id="index")
    join = frame.assign(outcome_id="join", n_positive=frame["join"], n_answered=1)
    both = pd.concat([index, join], ignore_index=True)
    both.loc[~both["answered"], ["n_positive", "n_answered"]] = np.nan
    return both


def unweighted(frame):
    return frame.drop(columns=WEIGHTS)


def with_groups(frame):
    frame = frame.assign(measure_id=frame["outcome_id"])
    return pd.concat([frame, frame.assign(breakdown_id="gender", breakdown_value=frame["gender"])])


def levels(frame):
    frame = with_groups(frame)
    found = estimate_levels(frame[frame["n_answered"].notna()], frame)
    return found.set_index(["measure_id", "breakdown_value", "weighting_id"])


DECLARED = {
    "clusters": ({}, "unweighted"),
    "weighted": ({}, "weighted"),
    "strata": ({"cluster": None}, "unweighted"),
    "points": ({"cluster": "point", "stratum": None}, "unweighted"),
}


def df_of_weights(measure, weighting):
    """Satterthwaite's number, which is the smaller one where weights differ a lot."""
    here = PEOPLE[PEOPLE["answered"] & (PEOPLE["gender"].eq("female") | (measure != "women"))]
    weight = here["weight"] if weighting == "weighted" else np.ones(len(here))
    return (weight**2).sum() ** 2 / (weight**4).sum() - 1


@pytest.mark.parametrize("name", DECLARED)
def test_levels_are_those_of_the_survey_package(name):
    declared, weighting = DECLARED[name]
    found = levels(rows(**declared))
    for measure, key in (("index", ("index", "all")), ("join", ("join", "all")), ("women", ("index", "female"))):
        row = found.loc[(*key, weighting)]
        assert row["estimate"] == pytest.approx(R[f"{name}_{measure}_mean"], abs=1e-10)
        assert row["std_error"] == pytest.approx(R[f"{name}_{measure}_std_error"], **ERROR)
        assert row["design_effect"] == pytest.approx(R[f"{name}_{measure}_deff"], **ERROR)
        assert row["n_effective"] == pytest.approx(row["n_respondents"] / R[f"{name}_{measure}_deff"], **ERROR)
        assert row["std_error_type"] == "linearised, design"
        assert row["df"] == pytest.approx(min(R[f"{name}_{measure}_df"], df_of_weights(measure, weighting)), **DF)
        assert row["reason"] is None or pd.isna(row["reason"])
    row = found.loc[("join", "all", weighting)]
    assert row["ci_lower"] == pytest.approx(R[f"{name}_join_lower"], **ERROR)
    assert row["ci_upper"] == pytest.approx(R[f"{name}_join_upper"], **ERROR)


@pytest.mark.parametrize("name", DECLARED)
def test_correlations_are_those_of_the_survey_package(name):
    declared, weighting = DECLARED[name]
    frame = rows(**declared)
    found = estimate_correlates(frame, frame).set_index(["outcome_id", "method_id", "weighting_id"])
    row = found.loc[("index", "pearson", weighting)]
    assert row["estimate"] == pytest.approx(R[f"{name}_r"], abs=1e-10)
    assert row["std_error"] == pytest.approx(R[f"{name}_r_std_error"], **ERROR)
    assert row["p_value"] == pytest.approx(R[f"{name}_r_p"], **DF)
    assert np.isnan(row["p_value_t"]), "the stars follow p_value"
    assert row["p_value_adjusted"] >= row["p_value"]
    half = stats.t.ppf(0.975, row["df"]) * row["std_error"] / (1 - row["estimate"] ** 2)
    expected = np.tanh(np.arctanh(row["estimate"]) + np.array([-half, half]))
    assert row[["ci_lower", "ci_upper"]].to_numpy(float) == pytest.approx(expected, **ERROR)
    for method in ("spearman", "kendall", "polychoric"):
        other = found.loc[("index", method, "unweighted")]
        assert other["std_error_type"] == "none" and other["reason"] == IGNORES_DESIGN
        assert other[["std_error", "ci_lower", "p_value", "p_value_t", "p_value_adjusted"]].isna().all()


def test_a_finite_population_makes_errors_smaller_and_nothing_else():
    found = levels(unweighted(rows(panel_size=900)))
    assert found.loc[("index", "all", "unweighted"), "std_error"] == pytest.approx(R["panel_index_std_error"], **ERROR)
    assert found.loc[("index", "all", "unweighted"), "design_effect"] == pytest.approx(
        R["clusters_index_deff"], **ERROR
    )
    flat = levels(unweighted(rows(cluster=None, stratum=None, panel_size=900)))
    assert flat.loc[("index", "all", "unweighted"), "std_error"] == pytest.approx(R["flat_index_std_error"], **ERROR)
    # A panel smaller than the sample is a typing error and corrects nothing.
    wrong = levels(unweighted(rows(panel_size=10)))
    assert wrong.loc[("index", "all", "unweighted"), "std_error"] == pytest.approx(
        R["clusters_index_std_error"], **ERROR
    )


def nudges(frame, arm="arm", weighting="unweighted"):
    frame = frame.assign(arm_id=frame[arm])
    arms = frame.rename(columns={"outcome_id": "measure_id"}).drop(columns="arm_id")
    arms = arms.assign(breakdown_id="arm", breakdown_value=frame["arm_id"])
    covariates = frame.assign(age_band=None, gender_score=(frame["gender"] == "male") + 1.0)
    found = estimate_nudge_effects(frame, covariates, None, arms)
    found = found[found["weighting_id"].eq(weighting)]
    return found.set_index(["outcome_id", "contrast_id", "model_id"])


def test_nudges_are_those_of_estimatr():
    found = nudges(unweighted(rows()))
    for arm in ("a", "b", "both"):
        row = found.loc[("index", arm, "dummies")]
        assert row["estimate"] == pytest.approx(R[f"cr2_{arm}_estimate"], **ERROR)
        assert row["std_error"] == pytest.approx(R[f"cr2_{arm}_std_error"], **ERROR)
        assert row["df"] == pytest.approx(R[f"cr2_{arm}_df"], **DF)
        assert row["p_value"] == pytest.approx(R[f"cr2_{arm}_p"], **DF)
        assert row["std_error_type"] == "CR2 Bell-McCaffrey"
    row = found.loc[("index", "interaction", "dummies")]
    assert row["std_error"] == pytest.approx(R["cr2_interaction_std_error"], **ERROR)
    assert row["df"] == pytest.approx(R["cr2_interaction_df"], **DF)
    assert found.loc[("index", "a", "logit"), "std_error"] == pytest.approx(R["hc0_a_std_error"], **ERROR)
    for model in ("lin", "logit_adjusted"):
        row = found.loc[("index", "a", model)]
        assert not np.isnan(row["estimate"])
        assert np.isnan(row["std_error"]) and np.isnan(row["p_value"]) and row["reason"] == IGNORES_DESIGN
    points = nudges(unweighted(rows("point", None)), "point_arm").loc[("join", "a", "dummies")]
    assert points["std_error"] == pytest.approx(R["cr2_points_std_error"], **ERROR)
    assert points["df"] == pytest.approx(R["cr2_points_df"], **DF)
    assert points["p_value"] == pytest.approx(R["cr2_points_p"], **DF)


def test_weighted_nudges_are_those_of_estimatr_where_a_cluster_has_one_weight():
    weighted = PEOPLE.assign(weight=0.5 + (PEOPLE["household"] % 5) / 2)
    row = nudges(rows(people=weighted), weighting="weighted").loc[("index", "a", "dummies")]
    assert row["std_error"] == pytest.approx(R["cr2_weighted_a_std_error"], **ERROR)
    row = nudges(rows(), weighting="weighted").loc[("index", "a", "dummies")]
    assert row["std_error"] == pytest.approx(R["weighted_a_std_error"], **ERROR)
    assert row["df"] == pytest.approx(R["weighted_a_df"], **DF)
    assert row["std_error_type"] == "clustered Satterthwaite"


def test_clusters_of_one_person_give_the_errors_without_a_design():
    alone = PEOPLE.assign(person=np.arange(len(PEOPLE)))
    frame = rows("person", None, people=alone)
    plain = with_groups(frame)
    plain = estimate_levels(plain[plain["n_answered"].notna()]).set_index(
        ["measure_id", "breakdown_value", "weighting_id"]
    )
    found = levels(frame)
    for weighting in ("unweighted", "weighted"):
        key = ("index", "all", weighting)
        # The frame has the people without an answer: n/(n-1) of 315 instead of 292.
        factor = np.sqrt(315 / 314 / (292 / 291))
        assert found.loc[key, "std_error"] == pytest.approx(plain.loc[key, "std_error"] * factor, **ERROR)
    row = nudges(unweighted(frame)).loc[("index", "a", "dummies")]
    arms = unweighted(frame).assign(arm_id=frame["arm"])
    same = estimate_nudge_effects(arms).set_index(["outcome_id", "contrast_id", "model_id"])
    same = same.loc[("index", "a", "dummies")]
    assert row[["std_error", "df", "p_value"]].to_numpy(float) == pytest.approx(
        same[["std_error", "df", "p_value"]].to_numpy(float), rel=1e-9
    )


def test_few_clusters_give_no_interval_and_say_so():
    few = PEOPLE.assign(block=PEOPLE["household"] % 9)
    found = levels(unweighted(rows("block", None, people=few))).loc[("index", "all", "unweighted")]
    assert found["reason"] == FEW_CLUSTERS and np.isnan(found["std_error"]) and np.isnan(found["ci_lower"])
    assert found["design_effect"] == 1, "a design effect would describe the few clusters"
    frame = unweighted(rows("block", None, people=few))
    row = estimate_correlates(frame, frame).set_index(["outcome_id", "method_id"]).loc[("index", "pearson")]
    assert row["reason"] == FEW_CLUSTERS and np.isnan(row["p_value"])


def test_a_cluster_that_is_an_arm_leaves_the_randomisation_p():
    whole = PEOPLE.assign(block=np.where(PEOPLE["point_arm"] == "a", 1, 2 + PEOPLE["household"] % 8))
    row = nudges(unweighted(rows("block", None, people=whole)), "point_arm").loc[("index", "a", "dummies")]
    assert row["reason"] == WHOLE_ARM and np.isnan(row["std_error"])
    few = PEOPLE.assign(block=np.where(PEOPLE["point_arm"] == "a", PEOPLE["point"] % 3, 5 + PEOPLE["point"] % 3))
    row = nudges(unweighted(rows("block", None, people=few)), "point_arm").loc[("index", "a", "dummies")]
    assert np.isnan(row["std_error"]) and row["headline_p_value_type"] == "randomisation"
    # Three clusters in each arm have 20 arrangements, two of which are the observed one and its mirror.
    assert row["headline_p_value"] > 0.05


def test_whole_clusters_are_permuted_within_strata():
    """Against brute force: all arrangements of four clusters in two strata."""
    random = np.random.default_rng(3)
    n = 240
    people = pd.DataFrame({"stratum": np.arange(n) % 2, "cluster": np.arange(n) // 2 % 6})
    people["point_arm"] = np.where(people["cluster"] < 3, "a", "none")
    people["n_answered"], people["answered"], people["household"] = 4, True, people["cluster"] + 10 * people["stratum"]
    shift = 0.3 * people["stratum"] + 0.1 * people["cluster"]
    people["n_positive"] = random.binomial(4, np.clip(0.2 + shift / 2, 0, 1))
    people = people.assign(weight=1.0, gender="male", trust=1, join=people["n_positive"] > 1)
    frame = unweighted(rows("household", "stratum", people=people))
    p = nudges(frame, "point_arm").loc[("index", "a", "dummies"), "p_value_randomisation"]
    here = people.assign(index=people["n_positive"] / 4)
    by_cluster = here.groupby(["stratum", "cluster"])["index"].agg(["size", "sum"])

    def t_of(first, second):
        is_a = [place in first for place in range(6)] + [place in second for place in range(6)]
        arm = np.array(is_a).astype(int)
        sums = np.zeros((4, 12, 2))
        for place, values in enumerate((by_cluster["size"], by_cluster["size"], by_cluster["size"], by_cluster["sum"])):
            sums[place][np.arange(12), arm] = values
        arms = ArmClusters(np.repeat([0, 1], 6), *sums)
        effect = sums[3][:, 1].sum() / sums[0][:, 1].sum() - sums[3][:, 0].sum() / sums[0][:, 0].sum()
        return abs(effect) / clustered_contrast(np.array([-1.0, 1.0]), arms)[0]

    every = list(combinations(range(6), 3))
    all_t = np.array([t_of(first, second) for first in every for second in every])
    exact = (all_t >= t_of((0, 1, 2), (0, 1, 2)) - 1e-9).mean()
    assert p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 1999) + 1 / 2000)


def test_respondents_are_permuted_within_strata():
    """A stratum that is both likelier to take part and likelier to be nudged makes no effect."""
    random = np.random.default_rng(5)
    stratum = np.repeat([0, 1], 200)
    people = pd.DataFrame({"district": stratum, "household": 0, "n_answered": 1, "answered": True})
    people["arm"] = np.where(random.random(400) < np.where(stratum == 1, 0.8, 0.2), "a", "none")
    people["n_positive"] = (random.random(400) < np.where(stratum == 1, 0.8, 0.2)).astype(int)
    people = people.assign(weight=1.0, gender="male", trust=1, join=people["n_positive"])
    within = nudges(unweighted(rows(None, "district", people=people))).loc[("join", "a", "dummies")]
    across = nudges(unweighted(rows(None, None, people=people))).loc[("join", "a", "dummies")]
    assert across["p_value_randomisation"] < 0.001 < within["p_value_randomisation"]
    assert within["std_error"] == across["std_error"], "strata alone leave the error of the experiment"


def test_a_survey_without_a_design_keeps_its_figures():
    frame = with_groups(rows())
    plain, other = frame[frame["n_answered"].notna()], frame.assign(council_id="another")
    alone = estimate_levels(plain)
    beside = estimate_levels(pd.concat([plain, other[other["n_answered"].notna()]]), other)
    beside = beside[beside["council_id"].ne("another")].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, beside)
    pd.testing.assert_frame_equal(alone, estimate_levels(plain, frame.iloc[:0]))
