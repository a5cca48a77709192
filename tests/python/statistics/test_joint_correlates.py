"""Several correlates at once: what is left of planted correlations, and where there is no figure."""

import numpy as np
import pandas as pd
import pytest
from joint_examples import joint_counts, people_of

from coproduction.statistics.estimates.correlates import joint_answers as rules
from coproduction.statistics.estimates.correlates.est_joint_correlates import GROUP, estimate_joint_correlates
from coproduction.statistics.methods.regressions import imputation
from coproduction.statistics.methods.regressions.imputation import imputed
from coproduction.statistics.methods.regressions.regression import COLLINEAR, NO_FINITE_FIT, OUTCOME_EXPLAINED

pytestmark = pytest.mark.filterwarnings("error")


def answers(values, low=1, high=5):
    return np.clip(np.round(3 + values), low, high)


def planted(n=900, seed=5):
    """Trust and hope follow from interest, which alone counts; worry counts against it but rises with interest."""
    random = np.random.default_rng(seed)
    interest = random.standard_normal(n)
    trust, hope = (answers(0.9 * interest + 0.5 * random.standard_normal(n)) for _ in range(2))
    worry = answers(1.1 * interest + 0.5 * random.standard_normal(n))
    interest = answers(1.3 * interest, -2, 8)
    index = np.clip(0.5 + 0.1 * (interest - 3) - 0.07 * (worry - 3) + 0.12 * random.standard_normal(n), 0, 1)
    group = (random.random(n) < 1 / (1 + np.exp(0.5 - 1.1 * (interest - 3) + 0.8 * (worry - 3)))).astype(float)
    return people_of(
        {"individual_index": index, "collective_participation": group},
        {"trust": trust, "hope": hope, "worry": worry, "interest": interest},
    )


def estimates_of(people, correlates=("trust", "hope", "worry", "interest"), **of):
    estimates = estimate_joint_correlates(joint_counts(people, list(correlates)))
    for column, value in of.items():
        estimates = estimates[estimates[column].eq(value)]
    return estimates.set_index("construct_id")


@pytest.mark.parametrize(
    ("outcome", "model"), [("individual_index", "ols"), ("collective_participation", "logit_marginal")]
)
def test_of_four_correlates_two_vanish_and_one_turns_its_sign(outcome, model):
    found = estimates_of(planted(), outcome_id=outcome, model_id=model, missing_id="complete")
    assert (found["correlation_p_value"] < 0.01).all() and (found["correlation"] > 0).all()
    assert found["change_id"].to_dict() == {
        "trust": "vanishes",
        "hope": "vanishes",
        "worry": "turns",
        "interest": "stays",
    }
    assert found.loc["worry", "p_value"] < 0.01 and found.loc["worry", "standardised"] < 0


def test_shares_add_up_to_r2_and_each_lies_in_its_interval():
    found = estimates_of(planted(), model_id="ols", missing_id="complete")
    for _, model in found.groupby("outcome_id"):
        assert model["share_of_r_squared"].sum() == pytest.approx(model["r_squared"].iloc[0], rel=1e-12)
        assert (model["share_of_r_squared"].between(model["share_lower"], model["share_upper"])).all()
        assert (model["variance_inflation"] > 1.5).all()


def test_without_missing_answers_imputing_changes_nothing():
    found = estimates_of(planted())
    columns = ["estimate", "std_error", "p_value", "r_squared", "share_of_r_squared", "variance_inflation"]
    complete, drawn = (
        found[found["missing_id"].eq(rule)].set_index(["outcome_id", "model_id"], append=True)[columns]
        for rule in ("complete", "imputed")
    )
    pd.testing.assert_frame_equal(complete, drawn, check_exact=False, rtol=1e-12)


def test_the_order_of_rows_and_of_other_topics_changes_nothing():
    people = planted(300)
    people.loc[::7, "trust"] = np.nan
    people.loc[::11, "individual_index_positive"] = np.nan
    counts = joint_counts(people, ["trust", "hope", "worry", "interest"])
    expected = estimate_joint_correlates(counts)
    other = counts.assign(council_id="abroad")
    shuffled = pd.concat([other, counts]).sample(frac=1, random_state=1)
    found = estimate_joint_correlates(shuffled)
    found = found[found["council_id"].ne("abroad")].reset_index(drop=True)
    same = [column for column in expected if column not in {"p_value_adjusted", "n_family"}]
    pd.testing.assert_frame_equal(found[same], expected[same], check_exact=True)
    assert not expected.duplicated(list(GROUP)).any()


def test_surveys_may_come_one_after_the_other():
    counts = joint_counts(planted(300), ["trust", "hope", "worry"])
    surveys = [counts, counts.assign(council_id="abroad")]
    pd.testing.assert_frame_equal(
        estimate_joint_correlates(iter(surveys)), estimate_joint_correlates(pd.concat(surveys)), check_exact=True
    )
    assert estimate_joint_correlates(iter([])).empty


def reason(people, correlates, **of):
    (found,) = estimates_of(people, correlates, missing_id="complete", **of)["reason"].unique()
    return found


def test_too_few_respondents_for_the_correlates_give_a_reason():
    people = planted().iloc[:39]
    assert (
        reason(people, ["trust", "hope", "worry", "interest"], outcome_id="individual_index")
        == rules.TOO_FEW_RESPONDENTS
    )
    enough = estimates_of(planted().iloc[:40], outcome_id="individual_index", missing_id="complete")
    assert enough["estimate"].notna().all() and enough["reason"].isna().all()


def test_too_few_respondents_with_the_rarer_outcome_give_a_reason():
    people = planted(400)
    people["collective_participation_positive"] = (np.arange(400) < 19).astype(float)
    of = {"outcome_id": "collective_participation", "model_id": "logit_marginal"}
    assert reason(people, ["trust", "hope", "worry", "interest"], **of) == rules.TOO_FEW_OF_RARER


def test_a_correlate_that_follows_from_others_gives_no_model():
    people = planted(400).assign(both=lambda p: p["trust"] + p["hope"])
    assert reason(people, ["trust", "hope", "both"], outcome_id="individual_index") == COLLINEAR


def test_a_correlate_that_does_not_vary_is_left_out_and_the_others_stay():
    people = planted(400).assign(same=3.0)
    found = estimates_of(people, ["trust", "worry", "same"], outcome_id="individual_index", missing_id="complete")
    assert found.loc["same", "reason"] == rules.NOT_VARYING
    assert not found.loc["same", "is_in_model"] and np.isnan(found.loc["same", "estimate"])
    expected = estimates_of(people, ["trust", "worry"], outcome_id="individual_index", missing_id="complete")
    assert found.loc[["trust", "worry"], "estimate"].to_list() == expected.loc[["trust", "worry"], "estimate"].to_list()


@pytest.mark.parametrize(("n_of_group", "is_left_out"), [(9, True), (10, False)])
def test_a_group_of_nine_is_left_out_of_the_model(n_of_group, is_left_out):
    people = planted(400).assign(gender=np.where(np.arange(400) < n_of_group, 1.0, 2.0))
    found = estimates_of(people, ["trust", "worry", "gender"], outcome_id="individual_index", missing_id="complete")
    assert (found.loc["gender", "reason"] == rules.THIN) is is_left_out
    assert found.loc["gender", "n_fewest"] == n_of_group
    assert found.loc["trust", "reason"] is np.nan or pd.isna(found.loc["trust", "reason"])


def test_an_outcome_that_the_correlates_explain_has_no_standard_error():
    people = planted(400)
    people["individual_index_positive"] = (people["trust"] * 100 + people["hope"] * 50).astype(float)
    found = estimates_of(people, ["trust", "hope"], outcome_id="individual_index", missing_id="complete")
    assert set(found["reason"]) == {OUTCOME_EXPLAINED}
    assert found["std_error"].isna().all() and found["estimate"].notna().all()


def test_separated_outcomes_have_no_logit_but_a_linear_regression():
    people = planted(400)
    people["collective_participation_positive"] = (people["trust"] >= 4).astype(float)
    of = {"outcome_id": "collective_participation", "missing_id": "complete"}
    logit = estimates_of(people, ["trust", "worry"], model_id="logit_marginal", **of)
    assert set(logit["reason"]) == {NO_FINITE_FIT} and logit["estimate"].isna().all()
    assert estimates_of(people, ["trust", "worry"], model_id="ols", **of)["estimate"].notna().all()


def test_one_correlate_or_a_constant_outcome_gives_a_reason():
    people = planted(400)
    assert reason(people, ["trust"], outcome_id="individual_index") == rules.ONE_LEFT
    people["individual_index_positive"] = 500.0
    assert reason(people, ["trust", "worry"], outcome_id="individual_index") == rules.CONSTANT_OUTCOME


def test_few_large_weights_give_no_standard_error():
    people = planted(400)
    weight = np.where(np.arange(400) == 0, 1000.0, 1.0)
    counts = joint_counts(people, ["trust", "worry"], weight)
    found = estimate_joint_correlates(counts)
    found = found[found["weighting_id"].eq("weighted")]
    assert found["reason"].str.startswith("a few large weights decide").all()
    assert found["p_value"].isna().all() and found["estimate"].notna().all()


def test_equal_weights_give_the_unweighted_coefficients():
    people = planted(300)
    found = estimate_joint_correlates(joint_counts(people, ["trust", "worry"], np.full(300, 2.5)))
    found = found[found["missing_id"].eq("complete")].set_index(["outcome_id", "model_id", "construct_id"]).sort_index()
    weighted, plain = (found[found["weighting_id"].eq(name)] for name in ("weighted", "unweighted"))
    for column in ("estimate", "correlation", "share_of_r_squared", "variance_inflation"):
        assert weighted[column].to_numpy() == pytest.approx(plain[column].to_numpy(), rel=1e-10, nan_ok=True)
    assert weighted.loc[("individual_index", "ols"), "df"].unique() == pytest.approx([300 - 3])


def test_mostly_missing_answers_are_not_imputed():
    people = planted(400)
    people.loc[people.index % 5 > 1, "trust"] = np.nan
    found = estimates_of(people, ["trust", "worry"], outcome_id="individual_index", missing_id="imputed")
    assert set(found["reason"]) == {rules.TOO_MANY_MISSING}


def test_an_outcome_does_not_explain_itself():
    """An outcome whose own construct is a correlate of the other outcome is not held constant in its own model."""
    people = planted(300).assign(group_participation=lambda p: 1 + p["collective_participation_positive"])
    found = estimates_of(people, ["trust", "worry", "group_participation"], missing_id="complete")
    assert "group_participation" not in found[found["outcome_id"].eq("collective_participation")].index
    assert "group_participation" in found[found["outcome_id"].eq("individual_index")].index


def test_em_finds_the_likeliest_normal_distribution():
    """From two columns of which one is missing for small values of the other, the regression line gives its mean."""
    random = np.random.default_rng(8)
    first = random.standard_normal(4000)
    values = np.column_stack([first, 2 * first + random.standard_normal(4000)])
    is_known = first > -0.3
    slope, start = np.polyfit(first[is_known], values[is_known, 1], 1)
    expected = start + slope * first.mean()
    values[~is_known, 1] = np.nan
    means = [filled[:, 1].mean() for filled in imputed(values, 9)]
    assert np.mean(means) == pytest.approx(expected, abs=0.02)
    assert np.nanmean(values[:, 1]) > expected + 0.5


def test_known_values_are_never_changed():
    values = np.column_stack([np.arange(50.0), np.arange(50.0) % 7])
    values[::5, 1] = np.nan
    for filled in imputed(values, 1, 3):
        assert (filled[~np.isnan(values)] == values[~np.isnan(values)]).all() and not np.isnan(filled).any()


def test_a_large_survey_has_fewer_imputations(monkeypatch):
    values = np.column_stack([np.arange(50.0), np.arange(50.0) % 7])
    values[::5, 1] = np.nan
    assert len(list(imputed(values, 1))) == imputation.N_IMPUTATIONS == 20
    monkeypatch.setattr(imputation, "MOST_OF_MANY", 49)
    assert len(list(imputed(values, 1))) == 5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda counts: counts.drop(columns="scores"), "no column scores"),
        (lambda counts: counts.assign(n_respondents=0.5), "whole number"),
        (lambda counts: counts.assign(construct_ids="trust"), "one value for each construct"),
    ],
)
def test_impossible_counts_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        estimate_joint_correlates(change(joint_counts(planted(50), ["trust", "worry"])))


def test_no_counts_give_no_estimates_with_all_columns():
    counts = joint_counts(planted(50), ["trust", "worry"]).iloc[:0]
    found = estimate_joint_correlates(counts)
    assert len(found) == 0 and "share_of_r_squared" in found
