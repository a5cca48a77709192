"""The audit of the printed tables: its verdicts on the paper, contradictions planted for it, and its arithmetic by
brute force."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from coproduction.paper.est_paper_audit import estimate_paper_audit
from coproduction.paper.printed import (
    critical_correlations,
    largest_sd_for_star,
    n_for_star,
    one_edit_corrections,
    p_of_correlation,
    sd_of_share,
    stars_as_read,
)

SEEDS = Path(__file__).parents[3] / "seeds" / "paper"
CELL = ["council_id", "theme_id", "topic_id", "outcome_id", "construct_id", "contrast_id"]

pytestmark = pytest.mark.filterwarnings("error")


def seed(name: str, numbers: list[str]) -> pd.DataFrame:
    frame = pd.read_csv(SEEDS / f"{name}.csv", dtype=str, keep_default_na=False)
    frame = frame.where(frame.ne(""), None)
    return frame.astype(dict.fromkeys(numbers, "float64"))


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    return seed("paper_cells", ["printed_value"])


@pytest.fixture(scope="module")
def claims() -> pd.DataFrame:
    numbers = ["positive", "negative", "cases", "lowest", "highest"]
    return seed("paper_claims", [f"claimed_{name}" for name in numbers])


@pytest.fixture(scope="module")
def audit(cells, claims) -> pd.DataFrame:
    return estimate_paper_audit(cells, claims)


def of_claims(audit: pd.DataFrame) -> pd.Series:
    return audit.dropna(subset="claim_id").set_index("claim_id")["arithmetic_verdict"]


def test_every_printed_number_and_every_claim_has_a_verdict(audit, claims):
    of_cells = audit[audit["claim_id"].isna()]
    assert of_cells["table_number"].value_counts().to_dict() == {"3": 73, "4": 72, "5": 36}
    assert set(audit["claim_id"].dropna()) == set(claims["claim_id"])
    assert audit["arithmetic_verdict"].notna().all()
    assert audit["interpretation"].notna().all()
    assert not audit.duplicated(["table_number", "claim_id", *CELL, "measure_id"]).any()


def test_six_of_the_printed_correlations_are_impossible(audit):
    found = audit[audit["arithmetic_verdict"].eq("impossible") & audit["construct_id"].notna()]
    assert sorted(found["printed_label"]) == ["-0.016*", "-0.027*", "-0.040*", "-0.056**", "-0.058*", "-0.091**"]
    assert found[["n_for_star_min", "n_for_star_max"]].isna().all(axis=None)
    assert found["reason"].notna().all()
    assert found["suggested_value"].notna().all()


def test_eight_correlations_need_more_missing_answers_than_a_survey_has(audit):
    fewer = audit[audit["arithmetic_verdict"].eq("consistent_if_fewer")]
    needs_many = fewer[fewer["n_for_star_max"].astype(float) < 0.75 * fewer["n_council"].astype(float)]
    assert (len(fewer), len(needs_many)) == (15, 8)
    assert needs_many["suggested_value"].notna().all()
    assert audit.loc[audit["arithmetic_verdict"].eq("consistent"), "suggested_value"].isna().all()


def test_the_collective_stars_cannot_come_from_a_yes_or_no_outcome(audit):
    starred = audit[audit["table_number"].eq("5") & audit["claim_id"].isna() & audit["printed_stars"].ne("")]
    verdicts = starred.groupby("outcome_id")["arithmetic_verdict"].unique().map(list).to_dict()
    assert verdicts == {"collective_participation": ["impossible"], "individual_index": ["consistent"]}
    assert starred["sd_for_star_max"].notna().all()
    bristol = starred[starred["printed_label"].eq("2.9***")].iloc[0]
    assert bristol["sd_for_star_max"] == pytest.approx(2.95 / (stats.t.ppf(0.995, 949) * np.sqrt(8 / 953)), rel=1e-12)
    unstarred = audit[audit["table_number"].eq("5") & audit["claim_id"].isna() & audit["printed_stars"].eq("")]
    assert unstarred["arithmetic_verdict"].eq("consistent").all()


def test_the_wrong_claims_are_found_and_no_other(audit):
    verdicts = of_claims(audit)
    assert set(verdicts[verdicts.eq("inconsistent_claim")].index) == {
        "nudge_collective_significant",
        "nudge_all_significant",
        "levels_bristol_environment_individual",
        "conclusion_information_more_collective",
    }
    assert set(verdicts) == {"consistent", "inconsistent_claim"}
    words = audit.set_index("claim_id")["interpretation"]
    assert words["nudge_collective_significant"].startswith("the table has 18 coefficients, not 15")
    assert words["nudge_all_significant"].startswith("the table has 36 coefficients, not 30")


def test_a_theme_counts_once_however_many_topics(audit):
    counted = audit.set_index("claim_id")["recount_from_stars"]
    # Barnet's two topics of community safety and the two health topics of Derbyshire Dales are one area each.
    assert counted["table3_self_efficacy"] == "6 positive, 1 negative of 10 areas, 10 tested"
    assert counted["table4_self_efficacy"] == "8 positive, 1 negative of 10 areas, 10 tested"
    by_value = audit.set_index("claim_id")["recount_from_values"]
    assert by_value["table4_self_efficacy"] == "9 positive, 0 negative of 10 areas, 10 tested"


@pytest.mark.parametrize(
    ("claim_id", "column", "value"),
    [
        ("table3_age", "claimed_negative", 5),
        ("table3_self_efficacy", "claimed_positive", 7),
        ("table4_conditions", "claimed_cases", 8),
        ("nudge_wolverhampton_none", "claimed_positive", 1),
        ("nudge_barnet_a_collective", "claimed_cases", 3),
        ("levels_individual_range", "claimed_lowest", 41),
        ("levels_collective_range", "areas", "barnet/wellbeing"),
        ("levels_individual_above_collective", "areas", "swansea/environment"),
        ("levels_metropolitan_lower_collective", "other_areas", "swansea/*;barnet/*"),
        ("levels_environment_above_safety", "other_areas", "*/environment"),
        ("levels_bristol_environment_collective", "claimed_lowest", 91),
        ("willing_range", "claimed_highest", 53),
    ],
)
@pytest.mark.slow
def test_a_planted_wrong_claim_is_found(cells, claims, claim_id, column, value):
    planted = claims.copy()
    planted.loc[planted["claim_id"].eq(claim_id), column] = value
    before, after = (of_claims(estimate_paper_audit(cells, frame)) for frame in (claims, planted))
    assert before[claim_id] == "consistent"
    assert after[claim_id] == "inconsistent_claim"
    pd.testing.assert_series_equal(before.drop(claim_id), after.drop(claim_id))


def test_a_claim_put_right_is_consistent(cells, claims):
    right = claims.copy()
    right.loc[right["claim_id"].eq("nudge_collective_significant"), "claimed_cases"] = 18
    assert of_claims(estimate_paper_audit(cells, right))["nudge_collective_significant"] == "consistent"


def test_a_planted_star_is_found_in_the_cell_and_in_the_claim(cells, claims):
    planted = cells.copy()
    place = planted["construct_id"].eq("satisfaction_information") & planted["council_id"].eq("swansea")
    place &= planted["outcome_id"].eq("collective_participation")
    planted.loc[place, ["printed_label", "printed_stars"]] = ["-0.048**", "**"]
    audit = estimate_paper_audit(planted, claims)
    assert audit.loc[audit["printed_label"].eq("-0.048**"), "arithmetic_verdict"].tolist() == ["impossible"]
    assert of_claims(audit)["table4_satisfaction_information"] == "inconsistent_claim"


def test_an_unknown_kind_of_claim_is_named(cells, claims):
    with pytest.raises(ValueError, match=r"table3_age is of the unknown kind guess"):
        estimate_paper_audit(cells, claims.assign(claim_kind="guess").query("claim_id == 'table3_age'"))


def test_a_council_without_a_printed_number_of_respondents_has_a_reason(cells, claims):
    unknown = cells[~(cells["measure_id"].eq("respondents") & cells["council_id"].eq("swansea"))]
    audit = estimate_paper_audit(unknown, claims)
    swansea = audit[audit["council_id"].eq("swansea") & audit["claim_id"].isna()]
    assert swansea["reason"].eq("the number of respondents of the council is not printed").all()
    assert swansea["arithmetic_verdict"].isna().all()


def test_no_cells_give_no_rows_with_the_same_types(cells, claims, audit):
    empty = estimate_paper_audit(cells.iloc[:0], claims.iloc[:0])
    assert len(empty) == 0
    pd.testing.assert_series_equal(empty.dtypes, audit.dtypes)


def test_the_order_of_rows_does_not_matter(cells, claims, audit):
    shuffled = estimate_paper_audit(cells.sample(frac=1, random_state=1), claims.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(shuffled, audit)


@pytest.mark.parametrize("r", [0.0, 0.016, 0.09, 0.1, 0.178, 0.65, 0.9996])
@pytest.mark.parametrize("stars", ["", "*", "**"])
@pytest.mark.slow
def test_the_range_of_n_is_that_of_a_search_over_values_and_n(r, stars):
    """Try every n and many values that round to r; the p is scipy's."""
    values = np.clip(np.linspace(r - 0.0005, r + 0.0005, 41), 0, 0.99999999)
    right = []
    for n in range(3, 500):
        t = values * np.sqrt((n - 2) / (1 - values**2))
        p = 2 * stats.t.sf(t, n - 2)
        levels = np.where(p <= 0.01, 2, np.where(p <= 0.05, 1, 0))
        if (levels == len(stars)).any():
            right.append(n)
    assert n_for_star(r, stars, 499) == ((min(right), max(right)) if right else None)
    assert not right or len(right) == max(right) - min(right) + 1
    assert n_for_star(-r, stars, 499) == n_for_star(r, stars, 499)


def test_the_p_of_a_correlation_is_scipys():
    x = np.arange(40.0)
    y = (x * 7) % 11 + x / 9
    expected = stats.pearsonr(x, y)
    assert float(p_of_correlation(expected.statistic, 40)) == pytest.approx(expected.pvalue, rel=1e-9, abs=0)
    critical = critical_correlations(0.05, 40)[-1]
    assert float(p_of_correlation(critical, 40)) == pytest.approx(0.05, rel=1e-10, abs=0)


def test_three_stars_are_read_as_two():
    assert [stars_as_read(stars) for stars in ("***", "**", "*", "", None, float("nan"))] == [
        "**",
        "**",
        "*",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("label", "n_council", "expected"),
    [
        ("-0.016*", 496, ["-0.016", "-0.096*", "-0.116*"]),
        ("-0.65", 547, ["-0.065", "-0.05"]),
        ("0.220*", 953, ["0.220**"]),
        ("-0.040*", 547, ["-0.040", "-0.090*"]),
    ],
)
def test_corrections_are_one_edit_away_and_fit(label, n_council, expected):
    assert one_edit_corrections(label, n_council) == expected


def test_the_implied_standard_deviation_is_the_smallest_of_the_rounding_interval():
    assert float(sd_of_share(13)) == pytest.approx(100 * np.sqrt(0.125 * 0.875), rel=1e-12)
    assert float(sd_of_share(90)) == pytest.approx(100 * np.sqrt(0.905 * 0.095), rel=1e-12)
    assert largest_sd_for_star(1.0, "", 430) == float("inf")
