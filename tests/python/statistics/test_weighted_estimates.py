"""Weighted correlations and nudges at the edges: equal weights, zero and missing ones, a constant outcome, nobody."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import KEYS, outcome_columns, respondents_of_reference, weighted_counts

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.estimates.pooling.est_pooled_councils import estimate_pooled_councils

RESPONDENTS = respondents_of_reference()
WEIGHT = pd.Series(np.resize([0.4, 0.75, 1, 1.3333, 2.5, 6, 1, 1.2, 0.9], 600))
OUTCOMES = ["individual_index", "collective_participation"]
# What has no weighted form, or says which form it is.
OF_ONE_WEIGHTING = ["weighting_id", "std_error_type", "p_value_t", "p_value_adjusted", "reason"]
INFERENCE = ["std_error", "ci_lower", "ci_upper", "p_value", "p_value_adjusted"]

pytestmark = pytest.mark.filterwarnings("error")


def correlate_cells(respondents, outcome_id="individual_index", **columns):
    cells = outcome_columns(respondents, outcome_id).assign(answer_kind="valid", score=respondents["score"])
    return cells.assign(**KEYS | {"construct_id": "conditions", "outcome_id": outcome_id} | columns)


def nudge_cells(respondents, outcome_id="individual_index", **columns):
    cells = outcome_columns(respondents, outcome_id).assign(arm_id=respondents["arm_id"], outcome_id=outcome_id)
    return cells.assign(**KEYS | columns)


def correlates(respondents, weight, outcome_id="individual_index", **columns):
    """Pearson's rows by weighting."""
    estimates = estimate_correlates(weighted_counts(correlate_cells(respondents, outcome_id, **columns), weight))
    return estimates[estimates["method_id"] == "pearson"].set_index("weighting_id")


def effects(respondents, weight, outcome_id="individual_index", **columns):
    """The headline model's rows by weighting and contrast."""
    estimates = estimate_nudge_effects(weighted_counts(nudge_cells(respondents, outcome_id, **columns), weight))
    return estimates[estimates["model_id"] == "dummies"].set_index(["weighting_id", "contrast_id"])


def numbers_of(row):
    return pd.to_numeric(row.drop(labels=[column for column in OF_ONE_WEIGHTING if column in row]), errors="coerce")


@pytest.mark.parametrize("outcome_id", OUTCOMES)
def test_equal_weights_give_the_unweighted_correlation(outcome_id):
    rows = correlates(RESPONDENTS, pd.Series(2.5, index=RESPONDENTS.index), outcome_id)
    assert set(rows["std_error_type"]) == {"linearised"}
    weighted, unweighted = (numbers_of(rows.loc[name]).dropna() for name in ("weighted", "unweighted"))
    # The unweighted interval and p are normal, the weighted ones Student's with n-1 degrees of freedom.
    df = weighted.pop("df")
    assert df == pytest.approx(len(RESPONDENTS) - 1, abs=1e-9)
    fisher = np.arctanh(unweighted["estimate"])
    error = unweighted["std_error"] / (1 - unweighted["estimate"] ** 2)
    interval = np.tanh(stats.t(df, fisher, error).interval(0.95))
    expected = unweighted.copy()
    expected[["ci_lower", "ci_upper", "p_value"]] = *interval, 2 * stats.t.sf(abs(fisher / error), df)
    assert {"estimate", "std_error", "ci_lower", "ci_upper", "p_value", "n_effective"} <= set(weighted.index)
    pd.testing.assert_series_equal(weighted, expected, check_names=False, rtol=0, atol=1e-10)
    assert weighted[["ci_lower", "ci_upper"]].to_list() == pytest.approx(unweighted[["ci_lower", "ci_upper"]], abs=2e-3)


@pytest.mark.parametrize("outcome_id", OUTCOMES)
def test_equal_weights_give_the_unweighted_nudges(outcome_id):
    rows = effects(RESPONDENTS, pd.Series(2.5, index=RESPONDENTS.index), outcome_id)
    assert len(rows) == 8
    columns = (
        "n_respondents n_arm n_control n_effective_arm n_effective_control design_effect estimate std_error df ci_lower"
    )
    columns = [*columns.split(), "ci_upper", "p_value", "p_value_adjusted", "n_family", "minimum_detectable"]
    weighted, unweighted = (rows.loc[name, columns].astype(float) for name in ("weighted", "unweighted"))
    pd.testing.assert_frame_equal(weighted, unweighted, rtol=0, atol=1e-10)


@pytest.mark.slow
def test_weights_change_the_numbers_and_cost_precision():
    correlate, nudge = correlates(RESPONDENTS, WEIGHT), effects(RESPONDENTS, WEIGHT)
    assert abs(correlate.loc["weighted", "estimate"] - correlate.loc["unweighted", "estimate"]) > 1e-3
    assert 1.5 < correlate.loc["weighted", "design_effect"] < 2.5
    for contrast_id in ("a", "b", "both", "interaction"):
        weighted, unweighted = nudge.loc[("weighted", contrast_id)], nudge.loc[("unweighted", contrast_id)]
        assert weighted["std_error"] > unweighted["std_error"]
        assert weighted["df"] < unweighted["df"]
        assert weighted["design_effect"] > 1.3
        assert weighted["n_effective_arm"] < weighted["n_arm"] == unweighted["n_arm"]


@pytest.mark.parametrize("estimate", [correlates, effects])
@pytest.mark.slow
def test_the_scale_of_the_weights_does_not_matter(estimate):
    once, often = estimate(RESPONDENTS, WEIGHT), estimate(RESPONDENTS, 100 * WEIGHT)
    pd.testing.assert_frame_equal(once, often, rtol=1e-10)


@pytest.mark.parametrize("estimate", [correlates, effects])
@pytest.mark.slow
def test_nobody_with_a_weight_leaves_no_weighted_row(estimate):
    nobody = pd.Series(np.nan, index=RESPONDENTS.index)
    assert set(estimate(RESPONDENTS, nobody).index.get_level_values("weighting_id")) == {"unweighted"}
    assert set(estimate(RESPONDENTS, 0 * WEIGHT).index.get_level_values("weighting_id")) == {"unweighted"}


@pytest.mark.parametrize("estimate", [correlates, effects])
@pytest.mark.parametrize("left_out", [0.0, np.nan])
@pytest.mark.slow
def test_a_weight_of_zero_or_none_leaves_out_the_respondent(estimate, left_out):
    is_out = RESPONDENTS.index % 4 == 0
    weight = WEIGHT.mask(is_out, left_out)
    found = estimate(RESPONDENTS, weight)
    expected = estimate(RESPONDENTS[~is_out], WEIGHT[~is_out])
    pd.testing.assert_frame_equal(found.loc[["weighted"]], expected.loc[["weighted"]])
    assert found.loc["unweighted", "n_respondents"].max() == 600


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"score": 3.0}, "the correlate does not vary"),
        ({"n_positive": 2, "n_answered": 4}, "the outcome does not vary"),
        ({"n_positive": np.arange(600) % 3, "n_answered": 2, "score": np.arange(600) % 3 + 1.0}, "perfect correlation"),
    ],
)
def test_a_correlation_that_has_no_error_has_a_reason(change, reason):
    row = correlates(RESPONDENTS.assign(**change), WEIGHT).loc["weighted"]
    assert reason in row["reason"]
    assert row[INFERENCE].isna().all()


@pytest.mark.parametrize(("n", "reason"), [(1, "fewer than 3"), (2, "fewer than 3"), (3, "fewer than 4")])
def test_a_correlation_of_few_weights_has_a_reason(n, reason):
    weight = WEIGHT.where(RESPONDENTS.index.isin([0, 5, 11][:n]))
    row = correlates(RESPONDENTS, weight).loc["weighted"]
    assert row["n_respondents"] == n
    assert reason in row["reason"]
    assert row[INFERENCE].isna().all()


@pytest.mark.slow
def test_a_small_weighted_sample_says_so_by_its_effective_number():
    row = correlates(RESPONDENTS, WEIGHT**1.2).loc["weighted"]
    assert row["n_respondents"] == 600 and row["n_effective"] < 300
    assert row["std_error_type"] == "linearised, small sample"
    rare = correlates(RESPONDENTS.assign(collective_participation=np.arange(600) < 40), 1 + 0 * WEIGHT, OUTCOMES[1])
    assert rare.loc["weighted", "std_error_type"] == "linearised, small sample"
    assert rare.loc["unweighted", "std_error_type"] == "permutation and BCa bootstrap"


def test_dont_know_is_weighted_like_its_row():
    cells = correlate_cells(RESPONDENTS)
    is_unknown = RESPONDENTS.index % 5 == 1
    cells = cells.assign(answer_kind=np.where(is_unknown, "dont_know", "valid"), score=cells["score"].mask(is_unknown))
    rows = estimate_correlates(weighted_counts(cells, WEIGHT)).set_index(["method_id", "weighting_id"])
    share = (WEIGHT * is_unknown).sum() / WEIGHT.sum()
    assert rows.loc[("pearson", "weighted"), "dont_know_share"] == pytest.approx(share, rel=1e-12)
    assert rows.loc[("pearson", "unweighted"), "dont_know_share"] == 0.2 != pytest.approx(share)


@pytest.mark.parametrize(
    ("n_in_arm", "reason"), [(0, "fewer than two respondents in the arm"), (1, "fewer than two respondents in the arm")]
)
def test_an_arm_of_nobody_or_one_with_a_weight_has_a_reason(n_in_arm, reason):
    places = RESPONDENTS.index[RESPONDENTS["arm_id"] == "a"]
    weight = WEIGHT.mask(RESPONDENTS.index.isin(places[n_in_arm:]))
    rows = effects(RESPONDENTS, weight).loc["weighted"]
    assert rows.index.to_list() == ["a", "b", "both", "interaction"]
    assert rows.loc["a", "n_arm"] == n_in_arm
    assert rows.loc["a", "reason"] == reason
    assert rows.loc["a", [*INFERENCE, "df", "minimum_detectable", "headline_p_value"]].isna().all()
    assert rows.loc["b", INFERENCE].notna().all()


def test_an_arm_without_variation_has_a_reason():
    is_arm = RESPONDENTS["arm_id"] == "a"
    same = RESPONDENTS.assign(collective_participation=RESPONDENTS["collective_participation"].mask(is_arm, 0))
    row = effects(same, WEIGHT, OUTCOMES[1]).loc[("weighted", "a")]
    assert row["reason"] == "the outcome does not vary in the arm"
    assert row[[*INFERENCE, "df"]].isna().all()
    assert np.isfinite(row["estimate"])


def test_a_weight_that_outweighs_its_arm_has_a_reason():
    first = RESPONDENTS.index[RESPONDENTS["arm_id"] == "a"][0]
    row = effects(RESPONDENTS, WEIGHT.mask(RESPONDENTS.index == first, 5_000)).loc[("weighted", "a")]
    assert row["reason"] == "a few large weights decide: fewer than 10 effective respondents"
    assert row[[*INFERENCE, "df"]].isna().all()


def levels(respondents, weight, measure_id):
    """Levels by weighting."""
    keys = KEYS | {"measure_id": measure_id, "breakdown_id": "all", "breakdown_value": "all"}
    cells = outcome_columns(respondents, measure_id).assign(**keys)
    return estimate_levels(weighted_counts(cells, weight)).set_index("weighting_id")


@pytest.mark.parametrize("measure_id", OUTCOMES)
def test_one_of_300_with_a_weight_of_1000_leaves_no_weighted_error_and_no_star(measure_id):
    people = RESPONDENTS[:300]
    weight = pd.Series(1.0, index=people.index).mask(people.index == 7, 1000)
    level, correlate = levels(people, weight, measure_id), correlates(people, weight, measure_id)
    for row in (level.loc["weighted"], correlate.loc["weighted"]):
        assert row["n_respondents"] == 300
        assert row["n_effective"] == pytest.approx(1299**2 / 1000299, rel=1e-12)
        assert row["reason"] == "a few large weights decide: fewer than 10 effective respondents"
        assert np.isfinite(row["estimate"])
    assert level.loc["weighted", ["std_error", "df", "ci_lower", "ci_upper"]].isna().all()
    assert correlate.loc["weighted", [*INFERENCE, "df"]].isna().all()
    assert level.loc["unweighted", "std_error"] > 0


@pytest.mark.parametrize(
    ("largest", "reason"),
    [(9.0, None), (50.0, "less than one degree of freedom"), (200.0, "fewer than 10 effective respondents")],
)
def test_the_limits_of_a_weighted_result_are_effective_respondents_and_degrees_of_freedom(largest, reason):
    """300 of weight 1, and one heavier; the values by hand."""
    n, total, squares, fourth = 300, 299 + largest, 299 + largest**2, 299 + largest**4
    weight = pd.Series(1.0, index=RESPONDENTS.index[:n]).mask(RESPONDENTS.index[:n] == 7, largest)
    row = levels(RESPONDENTS[:n], weight, OUTCOMES[0]).loc["weighted"]
    n_effective, df = total**2 / squares, squares**2 / fourth - 1
    assert row["n_effective"] == pytest.approx(n_effective, rel=1e-12)
    if reason is None:
        assert row["df"] == pytest.approx(df, rel=1e-11)
        assert pd.isna(row["reason"])
    else:
        assert n_effective < 10 or df < 1
        assert reason in row["reason"] and np.isnan(row["df"])


def test_fourth_powers_that_vanish_beside_a_far_larger_weight_leave_the_degrees_of_freedom_finite():
    """Another group has the largest weight of the survey; beside it the fourth power of 1e-8 is rounded to 0."""
    people = RESPONDENTS[:300]
    cells = outcome_columns(people, OUTCOMES[0]).assign(**KEYS, measure_id=OUTCOMES[0], breakdown_id="age_band")
    is_light = np.arange(300) % 2 == 0
    cells["breakdown_value"] = np.where(is_light, "light", "heavy")
    weight = pd.Series(np.where(is_light, 1e-8, 1.0), index=people.index)
    counts = weighted_counts(cells, weight)
    assert set(counts["sum_weight_fourth"][counts["breakdown_value"] == "light"]) == {0}
    rows = estimate_levels(counts).set_index(["weighting_id", "breakdown_value"]).loc["weighted"]
    assert rows["df"].to_list() == pytest.approx([149, 149], rel=1e-12)
    assert rows["n_effective"].to_list() == [150, 150]


@pytest.mark.parametrize("n", [3, 7, 10, 29, 30, 177])
def test_equal_weights_have_exactly_as_many_effective_respondents_as_people(n):
    """So that no rounding error withholds the result of ten, or flags that of thirty."""
    people = RESPONDENTS[:n]
    for weight in (1 / 3, 0.1, 25_000.7):
        for measure_id in OUTCOMES:
            row = levels(people, pd.Series(weight, index=people.index), measure_id).loc["weighted"]
            assert (row["n_effective"], row["design_effect"]) == (n, 1)


def test_the_headline_is_the_t_test_or_nothing_and_goes_by_effective_numbers():
    rows = effects(RESPONDENTS, WEIGHT)
    weighted = rows.loc["weighted"]
    assert weighted[["p_value_randomisation", "p_value_max_t", "p_value_max_t_survey"]].isna().all(axis=None)
    is_large = (weighted[["n_effective_arm", "n_effective_control"]] >= 60).all(axis=1)
    assert set(is_large) == {True, False}
    assert (weighted["headline_p_value_type"].eq("t") == is_large).all()
    assert (weighted["headline_p_value"].dropna() == weighted["p_value"][is_large]).all()
    # By people, the same arms are large.
    assert rows.loc["unweighted", "headline_p_value_type"].eq("t").any()


@pytest.mark.parametrize("estimate", [correlates, effects])
@pytest.mark.slow
def test_each_weighting_is_a_family_of_its_own(estimate):
    """The adjusted p of an unweighted row is the same whether or not others stand beside it."""
    alone = estimate(RESPONDENTS, pd.Series(np.nan, index=RESPONDENTS.index))
    together = estimate(RESPONDENTS, WEIGHT)
    columns = ["p_value_adjusted", "family_id", "n_family"]
    pd.testing.assert_frame_equal(together.loc[["unweighted"], columns], alone[columns])
    assert together.loc[["weighted"], "p_value_adjusted"].notna().any()
    weighted = together.loc[["weighted"]]
    assert set(weighted["family_id"].dropna()) == set(alone["family_id"].dropna())
    # A weighted nudge with a small arm has no headline p, and so no place in the family.
    in_family = weighted[weighted["family_id"].notna()]
    p_value = in_family["headline_p_value" if estimate is effects else "p_value"]
    assert set(in_family["n_family"]) == {p_value.notna().sum()}
    assert (in_family["p_value_adjusted"].notna() == p_value.notna()).all()


BOTH = [(correlate_cells, estimate_correlates), (nudge_cells, estimate_nudge_effects)]


@pytest.mark.parametrize(("cells", "function"), BOTH)
@pytest.mark.slow
def test_the_order_of_weighted_rows_does_not_change_a_bit(cells, function):
    counts = pd.concat(
        [
            weighted_counts(cells(RESPONDENTS, council_id="barnet"), WEIGHT),
            weighted_counts(cells(RESPONDENTS[200:], council_id="swansea", topic_id="crime"), WEIGHT[200:][::-1]),
            weighted_counts(cells(RESPONDENTS[:300], council_id="bristol"), WEIGHT[:300] * np.nan),
        ]
    )
    expected = function(counts)
    weighted = expected[expected["weighting_id"] == "weighted"]
    assert set(weighted["council_id"]) == {"barnet", "swansea"}
    identifiers = [column for column in expected if column.endswith("_id")]
    assert not expected.duplicated(identifiers).any()
    for seed in range(3):
        found = function(counts.sample(frac=1, random_state=seed))
        pd.testing.assert_frame_equal(found, expected, check_exact=True)


@pytest.mark.parametrize(("cells", "function"), BOTH)
def test_sums_that_no_weights_can_have_are_refused(cells, function):
    counts = weighted_counts(cells(RESPONDENTS), WEIGHT)
    with pytest.raises(ValueError, match="not sums of the weights"):
        function(counts.assign(sum_weight_squared=counts["sum_weight"]))


def test_fourth_powers_that_are_missing_are_named():
    counts = weighted_counts(nudge_cells(RESPONDENTS), WEIGHT).drop(columns="sum_weight_fourth")
    with pytest.raises(ValueError, match="no column sum_weight_fourth"):
        estimate_nudge_effects(counts)


@pytest.mark.slow
def test_pools_take_unweighted_estimates_only():
    weighted = weighted_counts(correlate_cells(RESPONDENTS), WEIGHT)
    nudges = estimate_nudge_effects(weighted_counts(nudge_cells(RESPONDENTS), WEIGHT))
    levels = pd.DataFrame(columns=["council_id", "wave_id", "theme_id", "topic_id", "measure_id", "breakdown_id"])
    levels = levels.assign(weighting_id=None, estimate=None, std_error=None, n_respondents=None)
    councils = estimate_pooled_councils(estimate_correlates(weighted), nudges, levels)
    assert set(councils["quantity_id"]) == {"correlate", "nudge"}
    assert set(councils["weighting_id"]) == {"unweighted"}
