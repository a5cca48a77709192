"""Gaps between the outcomes against scipy's paired test on one row per respondent, and where there is none."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import KEYS, gap_counts, respondents_of_reference

from coproduction.statistics.estimates.levels.est_outcome_gaps import (
    N_SIGN_FLIPS,
    estimate_outcome_gaps,
    sign_flip_p_value,
)

RESPONDENTS = respondents_of_reference()

pytestmark = pytest.mark.filterwarnings("error")


def test_the_gap_equals_the_paired_t_test():
    index = RESPONDENTS["n_positive"] / RESPONDENTS["n_answered"]
    collective = RESPONDENTS["collective_participation"]
    expected = stats.ttest_rel(index, collective)
    gap = estimate_outcome_gaps(gap_counts(RESPONDENTS)).iloc[0]
    assert gap["n_respondents"] == 600
    assert gap["estimate"] == pytest.approx(index.mean() - collective.mean(), abs=1e-12)
    assert gap["std_error"] == pytest.approx(stats.sem(index - collective), abs=1e-12)
    assert gap["df"] == 599
    assert gap["p_value"] == pytest.approx(expected.pvalue, rel=1e-8, abs=0)
    interval = expected.confidence_interval(0.95)
    assert (gap["ci_lower"], gap["ci_upper"]) == pytest.approx((interval.low, interval.high), abs=1e-12)
    assert gap["share_higher"] == (index > collective).mean()
    assert gap["share_any_activity"] == (index > 0).mean()
    assert pd.isna(gap["reason"])


def test_the_sign_is_individual_minus_collective():
    respondents = pd.DataFrame({"n_positive": [3, 2, 3], "n_answered": 3, "collective_participation": [0, 0, 1]})
    gap = estimate_outcome_gaps(gap_counts(respondents)).iloc[0]
    assert gap["estimate"] == pytest.approx(5 / 9)
    assert gap["share_higher"] == pytest.approx(2 / 3)
    assert gap["share_any_activity"] == 1


def test_only_respondents_with_both_outcomes_take_part():
    respondents = RESPONDENTS.astype({"n_positive": float, "n_answered": float, "collective_participation": float})
    respondents.loc[:99, ["n_positive", "n_answered"]] = np.nan
    respondents.loc[50:149, "collective_participation"] = np.nan
    both = estimate_outcome_gaps(gap_counts(RESPONDENTS[150:]))
    pd.testing.assert_frame_equal(estimate_outcome_gaps(gap_counts(respondents)), both, check_exact=True)


@pytest.mark.parametrize(
    ("positive", "collective", "reason"),
    [
        ([2], [1], "one respondent"),
        ([1, 1, 1], [0, 0, 0], "does not vary"),
        ([np.nan, 1], [1, np.nan], "no respondent with both outcomes"),
    ],
)
def test_without_differences_to_compare_there_is_no_test_but_a_reason(positive, collective, reason):
    respondents = pd.DataFrame({"n_positive": positive, "n_answered": 3, "collective_participation": collective})
    gap = estimate_outcome_gaps(gap_counts(respondents)).iloc[0]
    assert gap[["std_error", "df", "ci_lower", "ci_upper", "p_value"]].isna().all()
    assert reason in gap["reason"]


def test_a_collective_outcome_that_is_neither_yes_nor_no_is_refused():
    counts = gap_counts(RESPONDENTS.assign(collective_participation=2))
    with pytest.raises(ValueError, match="collective_participation must be 0, 1 or null"):
        estimate_outcome_gaps(counts)


def test_the_sign_flip_p_equals_every_sign_tried():
    """All 2^12 signs of twelve respondents, ties of equal size included, within four Monte Carlo errors."""
    difference, count = np.array([1.0, 2 / 3, -1 / 3, 1 / 3, 0.0]), np.array([3, 2, 2, 3, 2])
    d = np.repeat(difference, count)
    signs = 1 - 2 * ((np.arange(2**12)[:, None] >> np.arange(12)) & 1)
    expected = (np.abs(signs @ d) >= abs(d.sum()) - 1e-9).mean()
    p_values = [sign_flip_p_value(difference, count, seed) for seed in range(20)]
    error = np.sqrt(expected * (1 - expected) / N_SIGN_FLIPS / 20)
    assert np.mean(p_values) == pytest.approx(expected, abs=4 * error + 1 / N_SIGN_FLIPS)
    assert 0.005 < expected < 0.2


def test_the_sign_flip_p_is_close_to_the_t_tests_and_never_zero():
    respondents = RESPONDENTS.assign(collective_participation=(np.arange(600) % 100 < 46).astype(int))
    gap = estimate_outcome_gaps(gap_counts(respondents)).iloc[0]
    assert 0.05 < gap["p_value"] < 0.95
    assert gap["p_value_sign_flip"] == pytest.approx(gap["p_value"], abs=0.05)
    everyone = pd.DataFrame({"n_positive": [3] * 50, "n_answered": 3, "collective_participation": 0})
    gap = estimate_outcome_gaps(gap_counts(everyone)).iloc[0]
    # Two of all 2^50 ways to flip the signs are as extreme: all up, all down.
    assert gap["p_value_sign_flip"] == gap["headline_p_value"] == gap["p_value_adjusted"] == 2 * 0.5**50
    assert (gap["headline_p_value_type"], gap["n_family"]) == ("sign_flip", 1)
    nothing = everyone.assign(n_positive=0)
    assert estimate_outcome_gaps(gap_counts(nothing)).iloc[0]["headline_p_value"] == 1
    nearly = pd.concat([everyone, everyone[:1].assign(n_positive=2)])
    assert estimate_outcome_gaps(gap_counts(nearly)).iloc[0]["p_value_sign_flip"] == 1 / (1 + N_SIGN_FLIPS)


def test_the_interval_of_a_gap_ends_where_gaps_end():
    few = pd.DataFrame({"n_positive": [3, 3, 2], "n_answered": 3, "collective_participation": [0, 0, 0]})
    gap = estimate_outcome_gaps(gap_counts(few)).iloc[0]
    half_width = stats.t.ppf(0.975, 2) * gap["std_error"]
    assert gap["estimate"] + half_width > 1 == gap["ci_upper"]
    assert gap["ci_lower"] == pytest.approx(gap["estimate"] - half_width, rel=1e-12)
    turned = estimate_outcome_gaps(gap_counts(few.assign(n_positive=[0, 0, 1], collective_participation=1))).iloc[0]
    assert turned["ci_lower"] == -1


@pytest.mark.slow
def test_any_activity_and_the_median_item_stand_against_taking_part():
    item_pairs = pd.DataFrame(
        {
            "item_a": ["Q1", "Q1", "Q2", "Q2", "Q3", "Q3", "Q3", "Q1"],
            "item_b": ["Q1", "Q1", "Q2", "Q2", "Q3", "Q3", "Q3", "Q2"],
            "is_positive_a": [True, False, True, False, True, False, None, True],
            "is_positive_b": [True, False, True, False, True, False, None, True],
            "n_respondents": [100, 300, 200, 200, 300, 100, 200, 50],
        }
    ).assign(**KEYS)
    gap = estimate_outcome_gaps(gap_counts(RESPONDENTS), item_pairs).iloc[0]
    participation = RESPONDENTS["collective_participation"].mean()
    assert gap["median_item_share"] == pytest.approx(0.5)
    assert gap["median_item_gap"] == pytest.approx(0.5 - participation)
    assert gap["any_activity_gap"] == pytest.approx((RESPONDENTS["n_positive"] > 0).mean() - participation)
    elsewhere = estimate_outcome_gaps(gap_counts(RESPONDENTS), item_pairs.assign(theme_id="environment")).iloc[0]
    assert elsewhere[["median_item_share", "median_item_gap"]].isna().all()


def test_whole_themes_of_all_councils_are_one_family_by_holm_and_topics_stay_out():
    places = [("barnet", "all"), ("barnet", "crime"), ("swansea", "all")]
    counts = [
        gap_counts(RESPONDENTS[100 * place :], council_id=council, topic_id=topic)
        for place, (council, topic) in enumerate(places)
    ]
    gaps = estimate_outcome_gaps(pd.concat(counts)).set_index(["council_id", "topic_id"])
    whole = gaps.loc[[("barnet", "all"), ("swansea", "all")]]
    assert whole["n_family"].to_list() == [2, 2]
    p = np.sort(whole["p_value"])
    assert sorted(whole["p_value_adjusted"]) == pytest.approx([min(2 * p[0], 1), max(2 * p[0], p[1])], rel=1e-12)
    topic = gaps.loc[("barnet", "crime")]
    assert topic[["family_id", "n_family", "p_value_adjusted"]].isna().all()
