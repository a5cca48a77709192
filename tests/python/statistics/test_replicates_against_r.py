"""Errors from replicate weights against R's survey (reference/replicates.R), and against Taylor's linearisation."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import REFERENCE
from test_design_against_r import ERROR, PEOPLE, df_of_weights, rows, with_groups

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.methods.weights.replicates import FEW_REPLICATES, NO_ESTIMATE

R = pd.read_csv(REFERENCE.parent / "replicates.csv", index_col="quantity")["value"]
TIMES = pd.read_csv(REFERENCE.parent / "replicates_households.csv", index_col="household")
N = len(TIMES)


def times_of(name):
    """How often each household is in each replicate: shape (households, replicates)."""
    if name == "jackknife":
        return N / (N - 1) * (1 - np.eye(N))
    return TIMES.filter(like=name).to_numpy(float) * (N / (N - 1) if name == "bootstrap" else 1)


FACTORS = {"jackknife": (N - 1) / N, "bootstrap": 1 / 40, "fay": 4 / 64}


def replicated(frame, times, factor):
    """The counts of replicates of `rows`: one row per respondent, outcome and replicate."""
    numbers = pd.DataFrame({"replicate_number": np.arange(1, times.shape[1] + 1)})
    frame = frame[frame["n_answered"].notna()].merge(numbers, how="cross")
    times_here = times[frame["household"].to_numpy() - 1, frame["replicate_number"].to_numpy() - 1]
    # Weights have a unit of their own here, which cancels.
    weight = frame["weight"] * 1e10 * times_here
    return frame.assign(
        replicate_factor=factor, sum_replicate_weight=weight, sum_replicate_positive=weight * frame["n_positive"]
    )


def by_name(name):
    return replicated(rows(), times_of(name), FACTORS[name])


def of_arms(counts):
    counts = counts.rename(columns={"outcome_id": "measure_id"})
    return counts.assign(breakdown_id="arm", breakdown_value=counts["arm"])


def levels_of(replicates, clusters=None):
    frame = with_groups(rows())
    found = estimate_levels(frame[frame["n_answered"].notna()], clusters, with_groups(replicates))
    return found.set_index(["measure_id", "breakdown_value", "weighting_id"])


def n_replicates_that_change(people, value, times):
    """How many replicates move a weighted mean (of the index, if no value is given) by more than a rounding error."""
    value = people["n_positive"] / people["n_answered"] if value is None else value
    of_people = times[people["household"].to_numpy() - 1] * people["weight"].to_numpy()[:, None]
    moved = np.abs(value.to_numpy() @ of_people / of_people.sum(axis=0) - np.average(value, weights=people["weight"]))
    return (moved > 1e-3 * moved.max()).sum()


@pytest.mark.parametrize("name", FACTORS)
def test_levels_with_replicates_are_those_of_the_survey_package(name):
    found = levels_of(by_name(name))
    for measure, key in (("index", ("index", "all")), ("join", ("join", "all")), ("women", ("index", "female"))):
        row = found.loc[(*key, "weighted")]
        assert row["estimate"] == pytest.approx(R[f"{name}_{measure}_mean"], abs=1e-10)
        assert row["std_error"] == pytest.approx(R[f"{name}_{measure}_std_error"], **ERROR)
        assert row["design_effect"] == pytest.approx(R[f"{name}_{measure}_deff"], **ERROR)
        assert row["n_effective"] == pytest.approx(row["n_respondents"] / R[f"{name}_{measure}_deff"], **ERROR)
        here = PEOPLE[PEOPLE["answered"] & (PEOPLE["gender"].eq("female") | (measure != "women"))]
        n_changed = n_replicates_that_change(here, here["join"] if measure == "join" else None, times_of(name))
        assert row["df"] == pytest.approx(min(n_changed - 1, df_of_weights(measure, "weighted")), rel=1e-8)
        assert row["std_error_type"] == "replicates" and pd.isna(row["reason"])
    row = found.loc[("join", "all", "weighted")]
    if name == "bootstrap":
        assert row[["ci_lower", "ci_upper"]].tolist() == pytest.approx(
            [R[f"{name}_join_lower"], R[f"{name}_join_upper"]], **ERROR
        )
    plain = with_groups(rows())
    plain = estimate_levels(plain[plain["n_answered"].notna()]).set_index(found.index.names)
    unweighted = found.index.get_level_values("weighting_id") == "unweighted"
    pd.testing.assert_frame_equal(found[unweighted], plain[unweighted])


@pytest.mark.parametrize("name", FACTORS)
def test_correlations_with_replicates_are_those_of_the_survey_package(name):
    frame = rows()
    found = estimate_correlates(frame, replicates=by_name(name)).set_index(["outcome_id", "method_id", "weighting_id"])
    row = found.loc[("index", "pearson", "weighted")]
    assert row["estimate"] == pytest.approx(R[f"{name}_r"], abs=1e-10)
    assert row["std_error"] == pytest.approx(R[f"{name}_r_std_error"], **ERROR)
    assert row["std_error_type"] == "replicates" and np.isnan(row["p_value_t"])
    # The scale of Fisher's z, as for every correlation.
    r, error = R[f"{name}_r"], R[f"{name}_r_std_error"] / (1 - R[f"{name}_r"] ** 2)
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(np.arctanh(r) / error, row["df"]), rel=1e-8)
    ends = np.tanh(np.arctanh(r) + np.array([-1, 1]) * stats.t.ppf(0.975, row["df"]) * error)
    assert row[["ci_lower", "ci_upper"]].tolist() == pytest.approx(ends, **ERROR)
    here = PEOPLE[PEOPLE["answered"]]
    index = (here["n_positive"] / here["n_answered"]).to_numpy()
    zx, zy = (value - np.average(value, weights=here["weight"]) for value in (here["trust"].to_numpy(), index))
    zx, zy = (value / np.sqrt(np.average(value**2, weights=here["weight"])) for value in (zx, zy))
    influence = zx * zy - r * (zx**2 + zy**2) / 2
    simple = np.average(influence**2, weights=here["weight"]) / (len(here) - 1)
    assert row["design_effect"] == pytest.approx(row["std_error"] ** 2 / simple, rel=1e-9)
    spearman = found.loc[("index", "spearman", "unweighted")]
    assert not np.isnan(spearman["p_value"]), "the unweighted rows of a survey without clusters stay as they are"


@pytest.mark.parametrize("name", FACTORS)
def test_nudges_with_replicates_are_those_of_the_survey_package(name):
    frame = rows().assign(arm_id=PEOPLE["arm"].tolist() * 2)
    found = estimate_nudge_effects(frame, replicates=of_arms(by_name(name)))
    plain = estimate_nudge_effects(frame).set_index(["outcome_id", "contrast_id", "model_id", "weighting_id"])
    found = found.set_index(plain.index.names)
    for contrast in ("a", "b", "interaction"):
        key = ("index", contrast, "dummies", "weighted")
        row = found.loc[key]
        assert row["estimate"] == pytest.approx(R[f"{name}_nudge_{contrast}"], rel=1e-9)
        assert row["std_error"] == pytest.approx(R[f"{name}_nudge_{contrast}_std_error"], **ERROR)
        assert row["std_error_type"] == "replicates"
        assert row["p_value"] == pytest.approx(2 * stats.t.sf(abs(row["estimate"]) / row["std_error"], row["df"]))
        ratio = (row["std_error"] / plain.loc[key, "std_error"]) ** 2
        assert row["design_effect"] == pytest.approx(plain.loc[key, "design_effect"] * ratio, rel=1e-9)
    pd.testing.assert_series_equal(
        found.loc[("index", "a", "dummies", "unweighted")], plain.loc[("index", "a", "dummies", "unweighted")]
    )


def test_the_jackknife_of_clusters_is_nearly_taylors_error():
    row = levels_of(by_name("jackknife")).loc[("index", "all", "weighted")]
    assert row["std_error"] == pytest.approx(R["taylor_index_std_error"], rel=0.02)


def test_replicates_take_the_place_of_clusters_in_weighted_rows_alone():
    clusters, jackknife = rows(), by_name("jackknife")
    both = levels_of(jackknife, with_groups(clusters))
    alone = levels_of(jackknife)
    for key in (("index", "all"), ("join", "female")):
        pd.testing.assert_series_equal(both.loc[(*key, "weighted")], alone.loc[(*key, "weighted")])
        assert both.loc[(*key, "unweighted"), "std_error_type"] == "linearised, design"
    row = estimate_correlates(clusters, clusters, replicates=jackknife)
    row = row[row["method_id"].eq("pearson") & row["outcome_id"].eq("index")].set_index("weighting_id")
    assert row["std_error_type"].to_dict() == {"unweighted": "linearised, design", "weighted": "replicates"}
    arms = of_arms(clusters)
    found = estimate_nudge_effects(
        clusters.assign(arm_id=clusters["arm"]), clusters=arms, replicates=of_arms(jackknife)
    )
    found = found[found["model_id"].eq("dummies") & found["contrast_id"].eq("a") & found["outcome_id"].eq("index")]
    types = found.set_index("weighting_id")["std_error_type"].to_dict()
    assert types == {"unweighted": "CR2 Bell-McCaffrey", "weighted": "replicates"}


def test_a_group_that_few_replicates_change_has_no_error_and_says_so():
    """People of nine households: the jackknife changes their level nine times, and else by a rounded digit."""

    def by_group(frame):
        is_few = frame["household"].between(10, 18)
        return frame.assign(measure_id=frame["outcome_id"], breakdown_value=np.where(is_few, "few", "many"))

    frame, counts = by_group(rows()), by_group(by_name("jackknife"))
    counts["sum_replicate_weight"] = np.round(counts["sum_replicate_weight"] / 1e10, 6)
    counts["sum_replicate_positive"] = counts["sum_replicate_weight"] * counts["n_positive"]
    found = estimate_levels(frame[frame["n_answered"].notna()], None, counts)
    found = found.set_index(["measure_id", "breakdown_value", "weighting_id"])
    row = found.loc[("index", "few", "weighted")]
    assert row["reason"] == FEW_REPLICATES
    assert row[["std_error", "df", "ci_lower", "ci_upper"]].isna().all()
    assert pd.isna(found.loc[("index", "many", "weighted"), "reason"])


def test_an_estimate_that_a_replicate_does_not_have_has_no_error():
    times = times_of("bootstrap")
    times[:, 7] = 0
    row = levels_of(replicated(rows(), times, 1 / 40)).loc[("index", "all", "weighted")]
    assert row["reason"] == NO_ESTIMATE and np.isnan(row["std_error"])


def test_surveys_may_have_different_numbers_of_replicates():
    one = by_name("bootstrap")
    other = by_name("fay").assign(council_id="another")
    frame = with_groups(rows())
    counts = pd.concat([frame, frame.assign(council_id="another")])
    found = estimate_levels(counts[counts["n_answered"].notna()], None, with_groups(pd.concat([one, other])))
    found = found[found["weighting_id"].eq("weighted") & found["measure_id"].eq("index")]
    errors = found[found["breakdown_value"].eq("all")].set_index("council_id")["std_error"].to_dict()
    assert errors.pop("another") == pytest.approx(R["fay_index_std_error"], **ERROR)
    assert [*errors.values()] == [pytest.approx(R["bootstrap_index_std_error"], **ERROR)]
