"""What the reports about correlations add to the estimates: the flag of the method, few Don't Know, the families."""

import numpy as np
import pandas as pd
import pytest

KEYS = ["council_id", "wave_id", "theme_id", "topic_id", "construct_id", "outcome_id", "weighting_id"]
READINGS = ["r_dont_know", "r_lowest", "r_middle", "r_highest", "r_smallest", "r_largest"]
READINGS += ["r_bound_lower", "r_bound_upper"]


def test_the_flag_of_the_method_is_sign_or_stars_as_printed(built):
    report = built.query("from reports.rpt_correlates")
    n_flagged = 0
    for _, rows in report.groupby(KEYS):
        assert set(rows["method_id"]) == {"pearson", "spearman", "kendall", "polychoric"}
        printed = rows[rows["estimate"].notna()]
        differs = printed["estimate"].min() < 0 < printed["estimate"].max() or printed["stars"].nunique() > 1
        assert rows["is_sensitive_to_method"].eq(differs).all()
        n_flagged += differs
    assert 0 < n_flagged < len(report) / 4


def test_stars_of_every_method_follow_its_own_p(built):
    report = built.query("from reports.rpt_correlates")
    has_t_test = report["method_id"].isin(["pearson", "spearman"])
    assert report.loc[~has_t_test, "p_value_t"].isna().all()
    p = report["p_value_t"].where(has_t_test, report["p_value"])
    expected = pd.Series(np.select([p <= 0.01, p <= 0.05], ["**", "*"], default=""), dtype=report["stars"].dtype)
    # The report gives p to three digits, on which 0.0500 is ambiguous.
    is_clear = ((p - 0.05).abs() > 1e-4) & ((p - 0.01).abs() > 1e-4) | p.isna()
    assert report["stars"][is_clear].equals(expected[is_clear])


def test_small_samples_are_named_in_the_report(built):
    found = built.query("select distinct method_id, std_error_type from reports.rpt_correlates").to_numpy().tolist()
    assert ["pearson", "linearised"] in found
    assert ["pearson", "permutation and BCa bootstrap"] in found


def test_few_who_do_not_know_are_not_given_away(built):
    """With 1 to 9 of them the readings would tell how they answered the outcome."""
    report = built.query(
        f"""
        select report.*, estimates.n_dont_know
        from reports.rpt_dont_know_sensitivity as report
        inner join estimates.est_dont_know_sensitivity as estimates using ({", ".join(KEYS)})
        """
    )
    assert len(report) == built.query("select count(*) as n from estimates.est_dont_know_sensitivity").n[0]
    few = report["n_dont_know"].between(1, 9)
    assert few.any()
    assert report.loc[few, READINGS].isna().all().all()
    assert report.loc[few, "withheld_reason"].eq("fewer than 10 Don't Know").all()
    assert report.loc[few, ["estimate", "verdict", "n_respondents", "dont_know_share"]].isna().all().all()
    # Nor does the same share beside the correlation tell of them, in any method.
    shares = built.query(
        f"""
        select report.dont_know_share, estimates.n_dont_know
        from reports.rpt_correlates as report
        inner join estimates.est_dont_know_sensitivity as estimates using ({", ".join(KEYS)})
        """
    )
    assert shares.dont_know_share.isna().equals(shares.n_dont_know.between(1, 9))
    many = report["n_dont_know"] >= 10
    assert report.loc[many, READINGS].notna().all().all()
    assert not report.loc[many, "is_withheld"].any()


@pytest.mark.parametrize("estimates", ["est_correlates", "est_nudge_effects"])
def test_families_hold_every_adjusted_test_once(built, estimates):
    families = built.query("from reports.rpt_families").set_index("family_id")
    tests = built.query(f"from estimates.{estimates} where p_value_adjusted is not null")
    assert len(families) == built.query("select count(distinct family_id) as n from reports.rpt_families").n[0]
    for family_id, rows in tests.groupby("family_id"):
        family = families.loc[family_id]
        assert family["n_tests"] == len(rows) == rows["n_family"].iloc[0]
        assert family["n_below_adjusted"] == (rows["p_value_adjusted"] <= 0.05).sum()
        has_t_test = family_id.endswith(("pearson", "spearman"))
        assert family["n_below"] == (rows["p_value_t" if has_t_test else "p_value"] <= 0.05).sum()
        assert family["expected_by_chance"] == pytest.approx(0.05 * len(rows), abs=0.005)
        assert family["in_words"].startswith(f"{family['n_below']} of {len(rows)} below 0.05; ")
