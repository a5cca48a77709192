"""Raking where R has no answer: blanks, missing categories, margins that cannot be met, margins that are none."""

import numpy as np
import pandas as pd
import pytest

from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.methods.weights.raking import rake_weights
from coproduction.statistics.methods.weights.weighting import (
    FOURTH_POWERS_UNIT,
    read_weighted_counts,
    weighted_correlation,
    weighted_moments,
)

pytestmark = pytest.mark.filterwarnings("error")


def people(*genders, **columns):
    keys = [f"person_{place:02d}" for place in range(len(genders))]
    frame = pd.DataFrame({"respondent_key": keys, "council_id": "barnet", "wave_id": "wave_1", "gender_label": genders})
    return frame.assign(**columns)


def margins(variable="gender_label", **shares):
    rows = [("barnet", "wave_1", variable, category, share) for category, share in shares.items()]
    return pd.DataFrame(rows, columns=["council_id", "wave_id", "variable", "category", "share"])


def test_one_margin_divides_the_share_by_the_share_of_the_sample():
    weights = rake_weights(people("F", "F", "F", "M"), margins(F=0.5, M=0.5))
    assert weights["weight_raked"].to_list() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    assert weights["reason"].isna().all()


@pytest.mark.parametrize(("third", "extra"), [(None, {}), ("Other", {"Other": None})])
def test_a_missing_answer_and_a_blank_share_keep_their_share_of_the_sample(third, extra):
    weights = rake_weights(people("F", "F", "F", "M", third), margins(F=0.5, M=0.5, **extra))["weight_raked"]
    assert weights[4] == pytest.approx(1)
    assert weights[:3].sum() == pytest.approx(weights[3])


def test_margin_cells_name_the_categories_and_count_their_people():
    respondents = people("F", "F", "M", "M", None, "Other", age_band=["young", "old", "young", "old", "old", "old"])
    both = pd.concat([margins(F=0.5, M=0.5, Other=None), margins("age_band", young=0.3, old=0.7)])
    weights = rake_weights(respondents, both)
    # By the variables' names: age first. What keeps its share stands in a list.
    cells = [f'["{age}", "{gender}"]' for gender in ("F", "M") for age in ("young", "old")]
    assert weights["margin_cell"].to_list() == [*cells, '["old", ["(missing)"]]', '["old", ["Other"]]']
    assert weights["n_margin_cell"].to_list() == [1] * 6
    assert rake_weights(people("F", "F", "M"), margins(F=0.5, M=0.5))["n_margin_cell"].to_list() == [2, 2, 1]
    unmet = rake_weights(people("F", "F"), margins(F=0.5, M=0.5))
    assert unmet[["margin_cell", "n_margin_cell"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("respondents", "shares", "reason"),
    [
        (people("F", "M", "Other"), {"F": 0.5, "M": 0.5}, "no margin for Other"),
        (people("F", "F"), {"F": 0.5, "M": 0.5}, "nobody in the survey is M"),
        (people("F", "M", weight=[1.0, 2.0]), {"F": 0.5, "M": 0.5}, "weights of its own"),
    ],
)
def test_margins_that_cannot_be_met_give_a_reason_and_no_weight(respondents, shares, reason):
    weights = rake_weights(respondents, margins(**shares))
    assert weights["weight_raked"].isna().all()
    assert weights["reason"].str.contains(reason).all()


def test_margins_that_contradict_each_other_give_a_reason():
    """Gender and age are the same split here, with different shares."""
    respondents = people("F", "F", "M", "M", age_band=["young", "young", "old", "old"])
    both = pd.concat([margins(F=0.5, M=0.5), margins("age_band", young=0.3, old=0.7)])
    weights = rake_weights(respondents, both)
    assert weights["reason"].str.contains("contradict").all()
    assert weights["weight_raked"].isna().all()


def test_where_no_trimming_is_possible_the_weights_stay_and_say_so():
    weights = rake_weights(people(*["F"] * 19, "M"), margins(F=0.2, M=0.8))
    assert weights["weight_raked"].iloc[-1] == pytest.approx(16)
    assert weights["reason"].str.contains("not trimmed").all()
    assert not weights["is_trimmed"].any()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (margins(F=0.5, M=0.4), "add up to 0.9000, not to 1"),
        (margins(F=None, M=None), "add up to 0.0000"),
        (margins(F=1.5, M=-0.5), "is not above 0 and at most 1"),
        (margins("shoe_size", F=1.0), "is none of gender_label"),
        (pd.concat([margins(F=0.5, M=0.5)] * 2), "is listed twice"),
        (margins(F=1.0).drop(columns="share"), "no column share"),
    ],
)
def test_margins_that_are_no_margins_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        rake_weights(people("F", "M"), wrong)


def test_nothing_in_gives_nothing_out_with_types():
    empty = rake_weights(people("F").iloc[:0], margins(F=1.0).iloc[:0])
    full = rake_weights(people("F"), margins(F=1.0))
    assert empty.empty
    pd.testing.assert_series_equal(empty.dtypes, full.dtypes)


def test_the_order_of_rows_does_not_change_a_bit():
    respondents = people(*["F"] * 7, *["M"] * 4, None, age_band=["young", "old", "old"] * 4)
    both = pd.concat([margins(F=0.52, M=0.48), margins("age_band", young=0.3, old=0.7)])
    expected = rake_weights(respondents, both)
    shuffled = rake_weights(respondents.sample(frac=1, random_state=1), both.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(shuffled, expected, check_exact=True)


def level_counts(measure_id, positive, answered, n, weight):
    keys = dict.fromkeys(("council_id", "wave_id", "theme_id", "topic_id", "breakdown_id", "breakdown_value"), "all")
    n = np.array(n)
    frame = pd.DataFrame({"n_positive": positive, "n_answered": answered, "n_respondents": n, "n_weighted": n})
    fourth = n * weight**4.0 / FOURTH_POWERS_UNIT
    sums = {"sum_weight": n * weight, "sum_weight_squared": n * weight**2, "sum_weight_fourth": fourth}
    return frame.assign(measure_id=measure_id, **sums, **keys)


@pytest.mark.parametrize("measure_id", ["individual_index", "collective_participation"])
def test_constant_weights_give_the_unweighted_estimate(measure_id):
    levels = estimate_levels(level_counts(measure_id, [0, 1], 1, [13, 7], 31_337)).set_index("weighting_id")
    weighted, unweighted = levels.loc["weighted"], levels.loc["unweighted"]
    assert weighted["estimate"] == unweighted["estimate"] == 0.35
    assert weighted["std_error"] == pytest.approx(np.sqrt(0.35 * 0.65 / 19), rel=1e-12)
    assert weighted["n_effective"] == weighted["n_respondents"] == 20
    assert weighted["design_effect"] == 1
    assert weighted["df"] == pytest.approx(19, rel=1e-12)


@pytest.mark.parametrize(("n", "reason"), [([1], "one respondent"), ([9], "all gave the same answer")])
def test_weighted_levels_without_spread_have_a_reason(n, reason):
    levels = estimate_levels(level_counts("willing_monthly", [1], 1, n, 12_000)).set_index("weighting_id")
    weighted = levels.loc["weighted"]
    assert weighted["estimate"] == 1
    assert weighted[["std_error", "ci_lower", "ci_upper"]].isna().all()
    assert reason in weighted["reason"]


def raked_counts(**columns):
    """Ten women of weight 0.8, five men of weight 1.4; one man in five has an outcome of his own."""
    counts = level_counts("collective_participation", [1, 0, 1, 0], 1, [6, 4, 1, 4], np.array([8, 8, 14, 14]) * 1000)
    cells = {"margin_cell": ['["F"]', '["F"]', '["M"]', '["M"]'], "n_margin_cell": [10, 10, 5, 5]}
    return counts.assign(**cells | columns)


@pytest.mark.slow
def test_the_error_of_raked_levels_leaves_out_what_the_margins_explain():
    level = estimate_levels(raked_counts()).set_index("weighting_id").loc["weighted"]
    assert level["std_error_type"] == "linearised, calibrated"
    # Strata of known share: within them the outcome has p(1-p), 0.24 among women and 0.16 among men.
    within = 10 * 0.8**2 * 0.24 + 5 * 1.4**2 * 0.16
    assert level["std_error"] == pytest.approx(np.sqrt(15 / 14 * within) / 15, rel=1e-12)
    fixed = estimate_levels(raked_counts(margin_cell=None, n_margin_cell=None)).set_index("weighting_id")
    assert fixed.loc["weighted", "std_error_type"] == "linearised"
    assert fixed.loc["weighted", "std_error"] > 1.05 * level["std_error"]
    pd.testing.assert_series_equal(
        fixed.loc["unweighted"], estimate_levels(raked_counts()).set_index("weighting_id").loc["unweighted"]
    )


def test_a_level_that_the_margins_determine_has_a_reason():
    counts = raked_counts(n_positive=[1, 1, 0, 0])
    level = estimate_levels(counts).set_index("weighting_id").loc["weighted"]
    assert level[["std_error", "ci_lower", "ci_upper"]].isna().all()
    assert level["reason"] == "the margins determine the answer: no standard error"


@pytest.mark.slow
def test_a_raked_survey_leaves_another_as_it_was():
    own = level_counts("collective_participation", [0, 1], 1, [13, 7], 31_337).assign(council_id="own")
    alone, together = estimate_levels(own), estimate_levels(pd.concat([own, raked_counts()]))
    pd.testing.assert_frame_equal(together[together["council_id"] == "own"].reset_index(drop=True), alone)
    shuffled = pd.concat([own, raked_counts()]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(estimate_levels(shuffled), together, check_exact=True)


def test_sums_that_no_weights_have_are_refused():
    counts = level_counts("willing_monthly", [1], 1, [4], 10_000).assign(sum_weight_squared=10_000**2)
    with pytest.raises(ValueError, match="are not sums of the weights"):
        read_weighted_counts(counts, ["measure_id"], ["n_positive"])


def test_a_correlation_with_a_side_that_does_not_vary_is_missing():
    ones = np.ones(5)
    correlation = weighted_correlation(np.zeros(5, dtype=int), 1, ones, ones, ones, np.arange(5.0), ones)
    assert np.isnan(correlation.estimate[0])
    assert np.isnan(correlation.standard_error[0])
    assert correlation.is_constant_y[0]


def test_one_respondent_has_a_mean_and_no_error():
    one = np.ones(1)
    moments = weighted_moments(np.zeros(1, dtype=int), 1, one, one, one, one * 0.3)
    assert moments.mean[0] == 0.3
    assert np.isnan(moments.standard_error[0])
