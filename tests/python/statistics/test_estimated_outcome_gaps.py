"""Gaps between the outcomes against scipy's paired test on one row per respondent, and where there is none."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import gap_counts, respondents_of_reference

from coproduction.statistics.gaps import estimate_outcome_gaps

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
