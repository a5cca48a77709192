"""Levels against scipy and statsmodels on one row per respondent, and where no interval exists."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from survey_examples import level_counts, respondents_of_reference

from coproduction.statistics.estimates.levels.est_levels import estimate_levels

RESPONDENTS = respondents_of_reference()

pytestmark = pytest.mark.filterwarnings("error")


def test_the_index_has_the_mean_and_t_interval_of_the_respondents():
    estimate = estimate_levels(level_counts(RESPONDENTS)).iloc[0]
    index = RESPONDENTS["n_positive"] / RESPONDENTS["n_answered"]
    interval = stats.ttest_1samp(index, 0).confidence_interval(0.95)
    assert estimate["n_respondents"] == estimate["n_effective"] == 600
    assert estimate["estimate"] == pytest.approx(index.mean(), abs=1e-12)
    assert estimate["std_error"] == pytest.approx(stats.sem(index), abs=1e-12)
    assert (estimate["ci_lower"], estimate["ci_upper"]) == pytest.approx((interval.low, interval.high), abs=1e-12)
    assert estimate["std_error_type"] == "mean"
    assert pd.isna(estimate["reason"])


def test_a_respondent_counts_once_however_many_items_were_answered():
    """The mean of shares, not the share of positive answers: 1 of 1 and 0 of 3 make 0.5, not 0.25."""
    respondents = pd.DataFrame({"n_positive": [1, 0], "n_answered": [1, 3]})
    assert estimate_levels(level_counts(respondents)).loc[0, "estimate"] == 0.5


@pytest.mark.parametrize("measure_id", ["collective_participation", "willing_monthly"])
def test_a_share_has_wilsons_interval(measure_id):
    estimate = estimate_levels(level_counts(RESPONDENTS, measure_id)).iloc[0]
    n_yes = RESPONDENTS["collective_participation"].sum()
    assert estimate["estimate"] == n_yes / 600
    assert estimate["std_error"] == pytest.approx(np.sqrt(n_yes / 600 * (1 - n_yes / 600) / 600), abs=1e-15)
    interval = proportion_confint(n_yes, 600, method="wilson")
    assert (estimate["ci_lower"], estimate["ci_upper"]) == pytest.approx(interval, abs=1e-12)
    assert estimate["std_error_type"] == "wilson"


@pytest.mark.parametrize("n", [1, 2, 7, 13, 59])
@pytest.mark.parametrize("answer", [0, 1])
@pytest.mark.slow
def test_when_all_agree_one_end_is_exact_and_the_other_still_uncertain(answer, n):
    respondents = RESPONDENTS[:n].assign(collective_participation=answer)
    estimate = estimate_levels(level_counts(respondents, "collective_participation")).iloc[0]
    ends = estimate["ci_lower"], estimate["ci_upper"]
    assert estimate["estimate"] == ends[answer] == answer
    # Wilson's interval at 0 or n of n is z^2/(n + z^2) wide.
    assert ends[1] - ends[0] == pytest.approx(1.959963984540054**2 / (n + 1.959963984540054**2), abs=1e-12)
    assert pd.isna(estimate["reason"])


@pytest.mark.parametrize(
    ("positive", "reason"), [([2], "one respondent"), ([2] * 40, "the index does not vary"), ([1] * 3, "not vary")]
)
def test_an_index_without_spread_has_no_interval_but_a_reason(positive, reason):
    respondents = pd.DataFrame({"n_positive": positive, "n_answered": 3})
    estimate = estimate_levels(level_counts(respondents)).iloc[0]
    assert estimate["estimate"] == pytest.approx(positive[0] / 3)
    assert estimate[["std_error", "ci_lower", "ci_upper"]].isna().all()
    assert reason in estimate["reason"]


def test_the_interval_of_a_handful_ends_where_shares_end():
    """Student's interval of 1, 1 and 1/3 would reach 1.7: no index does, and a build would be refused for it."""
    few = pd.DataFrame({"n_positive": [3, 3, 1], "n_answered": 3})
    estimate = estimate_levels(level_counts(few)).iloc[0]
    assert estimate["ci_upper"] == 1
    assert estimate["ci_lower"] == 0
    others = estimate_levels(level_counts(few.assign(n_positive=[1, 1, 2]))).iloc[0]
    assert 0 <= others["ci_lower"] < others["estimate"] < others["ci_upper"] <= 1


def test_breakdowns_are_estimated_apart():
    parts = [
        level_counts(part, breakdown_id="gender", breakdown_value=value)
        for value, part in {"Male": RESPONDENTS[:200], "Female": RESPONDENTS[200:]}.items()
    ]
    estimates = estimate_levels(pd.concat(parts)).set_index("breakdown_value")
    alone = estimate_levels(parts[0]).set_index("breakdown_value")
    assert estimates["n_respondents"].to_dict() == {"Female": 400, "Male": 200}
    pd.testing.assert_frame_equal(estimates.loc[["Male"]], alone, check_exact=True)


def test_a_breakdown_without_a_value_is_kept():
    counts = level_counts(RESPONDENTS).assign(breakdown_value=None)
    estimates = estimate_levels(counts)
    assert estimates["n_respondents"].to_list() == [600]
    assert estimates["breakdown_value"].isna().all()


def test_a_measure_is_an_index_because_of_its_items_and_not_because_of_its_name():
    of_index = estimate_levels(level_counts(RESPONDENTS))
    of_own = estimate_levels(level_counts(RESPONDENTS).assign(measure_id="mean_trust"))
    assert of_own["std_error_type"].to_list() == ["mean"]
    pd.testing.assert_frame_equal(of_own.drop(columns="measure_id"), of_index.drop(columns="measure_id"))
