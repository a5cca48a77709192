"""Alternatives of the outcomes against means of one row per respondent, and where there is nothing to compare."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from survey_examples import count

from coproduction.statistics.estimates.levels.est_index_alternatives import (
    COUNTED_COLUMNS,
    TYPES,
    estimate_index_alternatives,
)

pytestmark = pytest.mark.filterwarnings("error")


def respondents(n: int = 400) -> pd.DataFrame:
    """Six activities asked, some not answered or not known; two group questions."""
    random = np.random.default_rng(6)
    kinds = random.choice(
        ["often", "sometimes", "never", "dont_know", "blank"], (n, 6), p=[0.15, 0.3, 0.25, 0.15, 0.15]
    )
    group = random.choice(["often", "sometimes", "never", "dont_know"], (n, 2), p=[0.1, 0.2, 0.3, 0.4])
    is_valid = ~np.isin(group, ["dont_know"])
    has_answer = is_valid.any(axis=1)

    def number(*names):
        return np.isin(kinds, names).sum(axis=1)

    return pd.DataFrame(
        {
            "n_asked": 6,
            "n_answered": number("often", "sometimes", "never"),
            "n_positive": number("often", "sometimes"),
            "n_often": number("often"),
            "n_dont_know": number("dont_know"),
            "collective_participation": np.where(
                has_answer, np.isin(group, ["often", "sometimes"]).any(axis=1), np.nan
            ),
            "collective_often": np.where(has_answer, (group == "often").any(axis=1), np.nan),
            "collective_dont_know": (group == "dont_know").sum(axis=1),
        }
    )


RESPONDENTS = respondents()


def of(frame: pd.DataFrame) -> pd.DataFrame:
    return estimate_index_alternatives(count(frame)).set_index(["outcome_id", "alternative_id"])


def test_each_share_of_activities_is_a_mean_with_students_interval():
    found = of(RESPONDENTS)
    half = RESPONDENTS[RESPONDENTS["n_answered"] >= 3]
    known = RESPONDENTS[RESPONDENTS["n_answered"] + RESPONDENTS["n_dont_know"] >= 3]
    expected = {
        "sometimes_or_often": half["n_positive"] / half["n_answered"],
        "often_only": half["n_often"] / half["n_answered"],
        "dont_know_as_no": known["n_positive"] / (known["n_answered"] + known["n_dont_know"]),
    }
    for alternative_id, values in expected.items():
        row = found.loc[("individual_index", alternative_id)]
        interval = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
        assert row["n_respondents"] == len(values) < 400
        assert row["estimate"] == pytest.approx(values.mean(), abs=1e-12)
        assert (row["ci_lower"], row["ci_upper"]) == pytest.approx(interval, abs=1e-12)
    assert len(known) > len(half)


def test_each_yes_or_no_is_a_proportion_with_wilsons_interval():
    found = of(RESPONDENTS)
    half = RESPONDENTS[RESPONDENTS["n_answered"] >= 3]
    expected = {
        ("individual_index", "any_activity"): half["n_positive"] > 0,
        ("collective_participation", "sometimes_or_often"): RESPONDENTS["collective_participation"].dropna(),
        ("collective_participation", "often_only"): RESPONDENTS["collective_often"].dropna(),
        ("collective_participation", "dont_know_as_no"): RESPONDENTS["collective_participation"].fillna(0),
    }
    for key, values in expected.items():
        interval = proportion_confint(values.sum(), len(values), method="wilson")
        assert found.loc[key, "n_respondents"] == len(values)
        assert found.loc[key, "estimate"] == pytest.approx(values.mean(), abs=1e-12)
        assert (found.loc[key, "ci_lower"], found.loc[key, "ci_upper"]) == pytest.approx(interval, abs=1e-12)


def test_the_difference_is_from_the_definition_used_elsewhere():
    found = of(RESPONDENTS)
    for outcome_id, rows in found.groupby(level=0):
        headline = rows.loc[(outcome_id, "sometimes_or_often"), "estimate"]
        assert rows["difference"].to_list() == pytest.approx((rows["estimate"] - headline).to_list(), abs=1e-15)
    assert found.loc[("individual_index", "often_only"), "difference"] < 0


@pytest.mark.slow
def test_an_outcome_that_was_not_asked_has_no_row():
    without = RESPONDENTS.assign(collective_participation=np.nan, collective_often=np.nan, collective_dont_know=0)
    assert set(of(without).index.get_level_values(0)) == {"individual_index"}
    assert set(of(RESPONDENTS.assign(**dict.fromkeys(COUNTED_COLUMNS[:5], 0))).index.get_level_values(0)) == {
        "collective_participation"
    }


def test_all_dont_know_leaves_a_reason_and_counts_as_no_beside():
    unknown = RESPONDENTS.assign(n_answered=0, n_positive=0, n_often=0, n_dont_know=6)
    unknown = unknown.assign(collective_participation=np.nan, collective_often=np.nan, collective_dont_know=2)
    found = of(unknown)
    headline = found.loc[
        [("individual_index", "sometimes_or_often"), ("collective_participation", "sometimes_or_often")]
    ]
    assert headline["reason"].eq("no respondent takes part").all()
    assert headline[["estimate", "std_error", "ci_lower", "ci_upper"]].isna().all(axis=None)
    assert found.loc[("collective_participation", "dont_know_as_no"), "estimate"] == 0
    assert found.loc[("collective_participation", "dont_know_as_no"), "ci_lower"] == 0
    assert found.loc[("individual_index", "dont_know_as_no"), "reason"].startswith("the index does not vary")


@pytest.mark.slow
def test_estimates_are_typed_and_do_not_depend_on_order_or_grain():
    counts = pd.concat([count(RESPONDENTS, council_id="swansea"), count(RESPONDENTS[:90])], ignore_index=True)
    expected = estimate_index_alternatives(counts)
    pd.testing.assert_frame_equal(
        estimate_index_alternatives(counts.sample(frac=1, random_state=1)), expected, check_exact=True
    )
    one_by_one = counts.loc[counts.index.repeat(counts["n_respondents"])].assign(n_respondents=1)
    pd.testing.assert_frame_equal(estimate_index_alternatives(one_by_one), expected, check_exact=True)
    for empty in (counts.iloc[:0], pd.DataFrame({name: pd.Series([], dtype=object) for name in counts})):
        nothing = estimate_index_alternatives(empty)
        assert len(nothing) == 0
        assert {name: str(kind) for name, kind in nothing.dtypes.items()} == TYPES
    for column in counts:
        with pytest.raises(ValueError, match=f"no column {column}"):
            estimate_index_alternatives(counts.drop(columns=column))
