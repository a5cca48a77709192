"""Levels with and without doubtful respondents, and what weights cost, against one row per respondent."""

import numpy as np
import pandas as pd
import pytest

from coproduction.statistics.estimates.quality.est_respondent_quality import estimate_respondent_quality
from coproduction.statistics.estimates.quality.est_weights import estimate_weights

pytestmark = pytest.mark.filterwarnings("error")

KEYS = {"council_id": "barnet", "wave_id": "wave_1", "theme_id": "health", "outcome_id": "individual_index"}
SURVEY = {"council_id": "barnet", "wave_id": "wave_1"}


def people(flag_id: str, share_flagged: float) -> pd.DataFrame:
    draw = np.random.default_rng(5)
    n_answered = draw.integers(1, 9, size=400)
    is_flagged = draw.random(400) < share_flagged
    return pd.DataFrame(
        {
            **KEYS,
            "flag_id": flag_id,
            "is_flagged": is_flagged,
            "is_excluded": is_flagged & (draw.random(400) < 0.5),
            "n_answered": n_answered,
            "n_positive": draw.integers(0, n_answered + 1),
        }
    )


def count(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby(list(rows.columns), as_index=False).size().rename(columns={"size": "n_respondents"})


def test_levels_with_and_without_the_flagged_are_means_over_respondents():
    rows = pd.concat([people("speeder", 0.2), people("duplicate", 0.0), people("mostly_blank", 1.0)])
    found = estimate_respondent_quality(count(rows)).set_index("flag_id")
    assert list(found.index) == ["duplicate", "mostly_blank", "speeder"]
    for flag_id, of_flag in rows.groupby("flag_id"):
        index, row = of_flag["n_positive"] / of_flag["n_answered"], found.loc[flag_id]
        assert row["level_with"] == pytest.approx(index.mean(), abs=1e-12)
        expected = index[~of_flag["is_flagged"]].mean()
        assert row["level_without"] == pytest.approx(expected, abs=1e-12, nan_ok=True)
        assert row["estimate"] == pytest.approx(expected - index.mean(), abs=1e-12, nan_ok=True)
        is_kept = of_flag["is_flagged"] & ~of_flag["is_excluded"]
        sizes = [len(of_flag), of_flag["is_flagged"].sum(), is_kept.sum(), of_flag["is_excluded"].sum()]
        names = ["n_respondents", "n_flagged", "n_flagged_kept", "n_flagged_excluded"]
        assert row[names].to_list() == sizes
    assert found.loc["duplicate", "estimate"] == 0
    assert np.isnan(found.loc["mostly_blank", "level_without"])


def test_a_broken_count_is_named():
    counts = count(people("speeder", 0.2))
    with pytest.raises(ValueError, match="no column is_flagged"):
        estimate_respondent_quality(counts.drop(columns="is_flagged"))
    with pytest.raises(ValueError, match="n_respondents must be a whole number"):
        estimate_respondent_quality(counts.assign(n_respondents=0.5))


def weights(values: list[float], **columns: object) -> pd.DataFrame:
    """One row of cnt_weights, in whole units of the largest weight as the count table has the sums."""
    units = np.round(np.array(values) / max(values, default=1) * 1e12) if any(values) else np.array(values)
    sums = {"sum_weight": units.sum(), "sum_weight_squared": (units**2).sum()} if values else {}
    ends = (
        {"lowest_weight": min(values), "median_weight": np.median(values), "highest_weight": max(values)}
        if values
        else {}
    )
    row = {"weight_source": "raked", "n_respondents": 100, "n_weighted": len(values), "n_trimmed": 0, "n_iterations": 4}
    empty = dict.fromkeys(
        ("sum_weight", "sum_weight_squared", "lowest_weight", "median_weight", "highest_weight"), np.nan
    )
    return pd.DataFrame([SURVEY | row | {"reason": None} | empty | sums | ends | columns])


def test_the_effective_size_is_kishs_and_the_ends_are_multiples_of_the_median():
    values = [0.5, 0.8, 1.0, 1.0, 2.0, 4.0]
    row = estimate_weights(weights(values)).iloc[0]
    assert row["n_effective"] == pytest.approx(sum(values) ** 2 / sum(value**2 for value in values))
    assert row["design_effect"] == pytest.approx(len(values) / row["n_effective"])
    assert (row["lowest_weight"], row["highest_weight"]) == (0.5, 4.0)
    equal = estimate_weights(weights([3.0] * 7)).iloc[0]
    assert equal[["n_effective", "design_effect", "lowest_weight", "highest_weight"]].to_list() == [7, 1, 1, 1]


def test_weights_of_zero_only_give_no_numbers_and_a_reason():
    """As the count table has them: sums of 0, and nothing above 0 of which there were a median."""
    zero = weights([0.0] * 5, n_weighted=0, lowest_weight=np.nan, median_weight=np.nan, highest_weight=np.nan)
    numbers = ["n_effective", "design_effect", "lowest_weight", "highest_weight"]
    for counts in (zero, weights([0.0] * 5, n_weighted=0)):
        row = estimate_weights(counts).iloc[0]
        assert row[numbers].isna().all()
        assert row["reason"] == "no respondent has a weight above 0: nothing is weighted"
    told = estimate_weights(zero.assign(reason="the export has weights of its own: nothing is raked")).iloc[0]
    assert told["reason"].startswith("the export has weights")


def test_a_survey_whose_margins_cannot_be_met_keeps_its_reason_and_has_no_numbers():
    none = weights([], weight_source=None, n_iterations=None, reason="nobody is Female")
    both = estimate_weights(pd.concat([weights([1.0, 2.0]).assign(council_id="bristol"), none]))
    assert both["council_id"].to_list() == ["barnet", "bristol"]
    assert both["reason"].fillna("").to_list() == ["nobody is Female", ""]
    assert both.loc[0, ["n_effective", "design_effect", "lowest_weight", "highest_weight"]].isna().all()
    pd.testing.assert_series_equal(estimate_weights(none[:0]).dtypes, both.dtypes)
