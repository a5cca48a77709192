"""The audit and the multiverse in a built warehouse: what the reports say follows from what the estimates hold."""

import numpy as np
import pandas as pd
import pytest

from coproduction.statistics.estimates.multiverse.est_multiverse_axes import P_COLUMNS

CELL = ["council_id", "wave_id", "theme_id", "topic_id", "construct_id", "outcome_id"]


@pytest.fixture(scope="module")
def multiverse(built):
    return built.query("from estimates.est_multiverse")


@pytest.fixture(scope="module")
def cells(built):
    return built.query("from reports.rpt_multiverse_cells").set_index(CELL)


def directions(rows) -> np.ndarray:
    """1, 0 or -1 for each row and p: the sign of a significant correlation."""
    p = rows[list(P_COLUMNS)].to_numpy()
    return np.where(p <= 0.05, np.sign(rows["estimate"].to_numpy())[:, None], 0)


def test_the_audit_report_has_every_printed_number_and_claim(built):
    audit = built.query("from reports.rpt_paper_audit")
    cells = audit[audit.claim_id.isna()]
    assert cells.table_number.value_counts().to_dict() == {"3": 73, "4": 72, "5": 36}
    assert audit.claim_id.nunique() == len(built.query("from paper.paper_claims"))
    impossible = cells[cells.arithmetic_verdict.eq("impossible")]
    assert impossible.table_number.value_counts().to_dict() == {"3": 1, "4": 5, "5": 6}
    assert audit.provenance.eq("printed").all()


def test_the_papers_own_choice_is_the_headline_everywhere(built, multiverse):
    headline = built.query("from estimates.est_correlates where method_id = 'pearson' and weighting_id = 'unweighted'")
    own = multiverse[multiverse.specification_number.eq(1)]
    both = own.merge(headline, on=CELL, suffixes=("", "_headline"), validate="1:1")
    assert len(both) == len(own) == len(headline) > 0
    np.testing.assert_allclose(both.estimate, both.estimate_headline, rtol=0, atol=1e-12)
    np.testing.assert_allclose(both.p_classical_none, both.p_value_t, rtol=1e-9, atol=0)
    assert (both.n_respondents == both.n_respondents_headline).all()


def test_the_report_collapses_the_specifications_and_loses_none(built, multiverse, cells):
    report = built.query("from reports.rpt_multiverse")
    counted = report.groupby(CELL)["n_specifications"].sum()
    specifications = multiverse.groupby(CELL).size() * len(P_COLUMNS)
    assert counted.sort_index().equals(specifications.sort_index().rename("n_specifications"))
    assert specifications.min() >= 200
    n_rows = report.groupby(CELL).size()
    assert n_rows.min() >= 50
    assert cells["n_distinct"].sort_index().astype(int).equals(n_rows.sort_index().rename("n_distinct"))
    swansea = "council_id == 'swansea' and construct_id == 'conditions' and outcome_id == 'individual_index'"
    found, expected = report.query(swansea), multiverse.query(swansea)
    distinct = {
        (n, round(r, 9), round(p, 9))
        for column in P_COLUMNS
        for n, r, p in zip(expected.n_respondents, expected.estimate, expected[column], strict=True)
    }
    assert len(found) == len(distinct)


def test_the_summary_of_cells_is_a_recount_of_the_specifications(multiverse, cells):
    assert len(cells) == multiverse.groupby(CELL).ngroups
    for key, rows in list(multiverse.groupby(CELL))[::9]:
        cell, found = cells.loc[key], directions(rows)
        assert cell.n_specifications == found.size
        assert cell.share_positive == pytest.approx((found > 0).mean(), abs=0.0006)
        assert cell.share_negative == pytest.approx((found < 0).mean(), abs=0.0006)
        concluded = {"positive": 1, "negative": -1, "none": 0}[cell.conclusion_id]
        assert cell.share_supporting == pytest.approx((found == concluded).mean(), abs=0.0006)
        if not np.isnan(cell.estimate_median):
            assert cell.estimate_median == pytest.approx(rows.estimate.median(), abs=0.0006)
    # The range of the correlations is withheld where few people did not know.
    assert cells["estimate_median"].notna().sum() >= len(cells) - 9


@pytest.mark.parametrize("claim_id", ["table4_self_efficacy", "table4_satisfaction_response", "table3_age"])
def test_the_summary_of_claims_counts_areas_in_every_specification(built, multiverse, claim_id):
    claim = built.query(f"from paper.paper_claims where claim_id = '{claim_id}'").iloc[0]
    rows = multiverse[multiverse.construct_id.eq(claim.construct_id) & multiverse.outcome_id.eq(claim.outcome_id)]
    rows = rows.sort_values("specification_number", kind="stable")
    positive, negative = 0, 0
    for _, area in rows.groupby(["council_id", "theme_id"]):
        found = np.stack([directions(topic) for _, topic in area.groupby("topic_id")])
        positive, negative = positive + (found > 0).any(axis=0), negative + (found < 0).any(axis=0)
    found = built.query("from reports.rpt_multiverse_claims").set_index("claim_id").loc[claim_id]
    supports = (positive == claim.claimed_positive) & (negative == claim.claimed_negative)
    leans = np.sign(positive - negative) == np.sign(claim.claimed_positive - claim.claimed_negative)
    assert found.share_supporting == pytest.approx(supports.mean(), abs=0.0006)
    assert found.share_same_direction == pytest.approx(leans.mean(), abs=0.0006)
    assert (found.n_positive_min, found.n_positive_max) == (positive.min(), positive.max())
    assert found.n_negative_median == np.median(negative)


def test_duplicates_make_specifications_and_a_missing_council_silences_the_claims(built, odd):
    project, _ = odd
    respondents = project.query(
        """
        select duplicates_rule_id, max(n_respondents) as n from estimates.est_multiverse
        where council_id = 'wolverhampton' and construct_id = 'gender' and outcome_rule_id = 'any_answered'
        and outliers_rule_id = 'kept' group by all
        """
    ).set_index("duplicates_rule_id")["n"]
    # A conflicting pair and an identical pair: of four rows one is kept, none, or all.
    assert respondents["one_kept"] == respondents["all_dropped"] + 1
    assert respondents["all_kept"] == respondents["all_dropped"] + 4
    assert len(project.query("from reports.rpt_multiverse_areas")) > 0
    assert len(project.query("from reports.rpt_multiverse_claims")) == 0
    # The print is what it was, though the export of Derbyshire Dales is gone.
    pd.testing.assert_frame_equal(
        project.query("from reports.rpt_paper_audit order by all"),
        built.query("from reports.rpt_paper_audit order by all"),
    )
