"""Weights through the whole build: an export with its own, a survey raked to margins, margins that cannot be met."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS, WLS
from statsmodels.stats.weightstats import DescrStatsW

from coded_respondents import THEMES, people_of
from coproduction.statistics.methods.weights.weighting import weighted_moments
from studies import OWN_WEIGHTS


@pytest.fixture
def weighted(town):
    """The town's project: of its surveys Barnet's and Wolverhampton's have weights."""
    return town


def test_the_weights_of_the_export_reach_the_mart_as_they_are(weighted):
    people = weighted.query("from marts.dim_respondent where council_id = 'barnet'")
    assert set(people.weight.dropna()) == set(OWN_WEIGHTS)
    assert people.weight.isna().sum() == 43
    assert set(people.weight_source.dropna()) == {"export"}


def test_weighted_levels_equal_those_of_the_respondents(weighted):
    facts = weighted.query(
        """
        select facts.individual_index, people.weight
        from marts.fct_respondent_theme as facts
        inner join marts.dim_respondent as people using (respondent_key)
        where facts.council_id = 'barnet' and theme_id = 'community_safety' and topic_id = 'all'
            and individual_index is not null and people.weight is not null
        """
    )
    weight, n = facts.weight.to_numpy(), len(facts)
    cells = np.zeros(n, dtype=int), 1, np.ones(n), weight, weight**2
    expected = weighted_moments(*cells, facts.individual_index.to_numpy())
    level = weighted.query(
        """
        from estimates.est_levels where council_id = 'barnet' and theme_id = 'community_safety' and topic_id = 'all'
            and measure_id = 'individual_index' and breakdown_id = 'all' and weighting_id = 'weighted'
        """
    ).iloc[0]
    assert level.n_respondents == n
    for column, value in (("estimate", expected.mean), ("std_error", expected.standard_error)):
        assert level[column] == pytest.approx(value[0], rel=1e-9, abs=0), column
    assert level.n_effective == pytest.approx(expected.n_effective[0], rel=1e-9, abs=0)


def test_raked_weights_meet_the_margins(weighted):
    people = weighted.query("from marts.dim_respondent where council_id = 'wolverhampton' and not is_excluded")
    assert set(people.weight_source) == {"raked"}
    known = people[people.gender_label.notna()]
    share = known.weight[known.gender_label == "Female"].sum() / known.weight.sum()
    assert share == pytest.approx(0.7, abs=1e-9)
    assert people.weight.mean() == pytest.approx(1, abs=1e-9)


def test_the_report_shows_both_and_judges_suppression_on_people(weighted):
    levels = weighted.query("from reports.rpt_levels")
    councils = levels.groupby("weighting_id").council_id.unique().map(set)
    assert councils["weighted"] == {"barnet", "wolverhampton"}
    rows = levels[levels.weighting_id == "weighted"]
    estimates = weighted.query("from estimates.est_levels where weighting_id = 'weighted'")
    keys = [name for name in estimates if name.endswith("_id")] + ["breakdown_value"]
    both = rows.merge(estimates, on=keys, suffixes=("", "_estimated"), validate="1:1")
    assert len(both) == len(rows)
    is_few = both[["n_respondents_estimated", "n_effective_estimated"]].min(axis=1) < 10
    assert both.is_withheld[is_few].all()
    # The disclosure plan withholds few more.
    assert both.is_withheld[~is_few].mean() < 0.5
    assert both.is_small_base[both.n_effective_estimated < 30].all()
    assert rows.estimate[rows.is_withheld].isna().all()
    summary = weighted.query("from reports.rpt_weights").set_index("council_id")
    sources = {"barnet": "export", "wolverhampton": "raked", "derbyshire_dales": "none"}
    assert summary.weight_source.fillna("none").to_dict() == sources
    assert "nobody in the survey is Nobody" in summary.reason["derbyshire_dales"]
    assert "weights of its own" in summary.reason["barnet"]
    assert 1 < summary.design_effect["barnet"] < 2


@pytest.mark.parametrize("breakdown_value", ["all", "Female"])
def test_the_error_of_a_raked_level_is_that_of_residuals_on_the_margin(weighted, breakdown_value):
    people = people_of(weighted, "wolverhampton")
    is_in = people.individual_index.notna() & (people.share.eq(0.7) if breakdown_value == "Female" else True)
    weight = people.weight.where(is_in, 0)
    mean = np.average(people.individual_index.fillna(0), weights=weight)
    z = ((people.individual_index - mean) / weight.sum()).where(is_in, 0)
    # Of those who gave a gender 70 % are women: what the population tells, and all that it tells.
    margin = (people.share.eq(0.7) - 0.7) * people.share.notna()
    residual = OLS(z, np.column_stack([np.ones(len(z)), margin])).fit().resid
    error = np.sqrt(len(z) / (len(z) - 1) * np.sum((people.weight * residual) ** 2))
    level = weighted.query(
        f"""
        from estimates.est_levels where council_id = 'wolverhampton' and theme_id = 'environment' and topic_id = 'all'
            and measure_id = 'individual_index' and breakdown_id = '{"all" if breakdown_value == "all" else "gender"}'
            and breakdown_value = '{breakdown_value}' and weighting_id = 'weighted'
        """
    ).iloc[0]
    assert level.std_error_type == "linearised, calibrated"
    assert level.n_respondents == is_in.sum()
    assert level.estimate == pytest.approx(mean, rel=1e-9, abs=0)
    assert level.std_error == pytest.approx(error, rel=1e-8, abs=0)
    weights = people.weight[is_in]
    df = (weights**2).sum() ** 2 / (weights**4).sum() - 1
    assert level.df == pytest.approx(df, rel=1e-9, abs=0)
    half_width = stats.t.ppf(0.975, df) * error
    assert (level.ci_lower, level.ci_upper) == pytest.approx((mean - half_width, mean + half_width), rel=1e-8, abs=0)


def weighted_r(weight, x, y):
    return DescrStatsW(np.column_stack([x, y]), weights=weight).corrcoef[0, 1]


@pytest.mark.parametrize("council_id", ["barnet", "wolverhampton"])
@pytest.mark.parametrize("outcome_id", ["individual_index", "collective_participation"])
def test_weighted_correlations_equal_those_of_the_raw_file(weighted, council_id, outcome_id):
    people = people_of(weighted, council_id)
    pairs = people.dropna(subset=[outcome_id, "score", "weight"])
    weight, x, y = (pairs[column].to_numpy(float) for column in ("weight", "score", outcome_id))
    found = weighted.query(
        f"""
        from estimates.est_correlates where council_id = '{council_id}' and theme_id = '{THEMES[council_id]}'
            and topic_id = 'all' and construct_id = 'conditions' and outcome_id = '{outcome_id}'
            and weighting_id = 'weighted'
        """
    )
    assert found.method_id.to_list() == ["pearson"]
    found, n, r = found.iloc[0], len(pairs), weighted_r(weight, x, y)
    assert found.n_respondents == n
    assert found.estimate == pytest.approx(r, rel=0, abs=1e-10)
    assert found.n_effective == pytest.approx(weight.sum() ** 2 / (weight**2).sum(), rel=1e-9, abs=0)
    # The influence of each respondent is what a little more of their weight does to r.
    step = 1e-4 * weight
    slopes = [
        (weighted_r(weight + change, x, y) - weighted_r(weight - change, x, y)) / (2 * 1e-4) for change in np.diag(step)
    ]
    error = np.sqrt(n / (n - 1) * np.sum(np.square(slopes)))
    # A difference quotient has an error of the step's square.
    assert found.std_error == pytest.approx(error, rel=1e-6, abs=0)
    df = (weight**2).sum() ** 2 / (weight**4).sum() - 1
    assert found.df == pytest.approx(df, rel=1e-9, abs=0)
    p_value = 2 * stats.t.sf(abs(np.arctanh(r)) * (1 - r**2) / error, df)
    assert found.p_value == pytest.approx(p_value, rel=1e-4, abs=0)
    answering = people[(people.score.notna() | people.is_unknown) & people.weight.notna()]
    share = answering.weight[answering.is_unknown].sum() / answering.weight.sum()
    assert found.dont_know_share == pytest.approx(share, rel=1e-9, abs=0)


@pytest.mark.parametrize("council_id", ["barnet", "wolverhampton"])
@pytest.mark.parametrize("outcome_id", ["individual_index", "collective_participation"])
def test_weighted_nudges_equal_those_of_the_raw_file(weighted, council_id, outcome_id):
    people = people_of(weighted, council_id).dropna(subset=[outcome_id, "arm", "weight"])
    found = weighted.query(
        f"""
        from estimates.est_nudge_effects where council_id = '{council_id}' and theme_id = '{THEMES[council_id]}'
            and topic_id = 'all' and outcome_id = '{outcome_id}' and weighting_id = 'weighted'
        """
    ).set_index("contrast_id")
    assert set(found.model_id) == {"dummies"}
    assert set(found.index) == {"a", "b", "both", "interaction"}
    arms = dict(list(people.groupby("arm")))
    for contrast_id in ("a", "b", "both"):
        row, pair = found.loc[contrast_id], pd.concat([arms[contrast_id], arms["none"]])
        is_nudged = pair.arm.eq(contrast_id).to_numpy(float)
        fit = WLS(100 * pair[outcome_id], np.column_stack([1 - is_nudged, is_nudged]), pair.weight).fit(cov_type="HC0")
        # Each arm with n/(n-1): the regression's own error has no such factor.
        n = np.array([len(arms["none"]), len(arms[contrast_id])])
        errors = fit.bse * np.sqrt(n / (n - 1))
        assert (row.n_control, row.n_arm, row.n_respondents) == (*n, len(people))
        assert row.estimate == pytest.approx(fit.params.iloc[1] - fit.params.iloc[0], rel=0, abs=1e-9)
        assert row.std_error == pytest.approx(np.hypot(*errors), rel=1e-9, abs=0)
        w = [arms[name].weight.to_numpy() for name in ("none", contrast_id)]
        variance = [np.sum(of_arm**2) / np.sum(of_arm) ** 2 for of_arm in w]
        df_of_arms = [np.sum(of_arm**2) ** 2 / np.sum(of_arm**4) - 1 for of_arm in w]
        df = sum(variance) ** 2 / sum(v**2 / d for v, d in zip(variance, df_of_arms, strict=True))
        assert row.df == pytest.approx(df, rel=1e-9, abs=0)
        assert row.p_value == pytest.approx(2 * stats.t.sf(abs(row.estimate / row.std_error), df), rel=1e-9, abs=0)


@pytest.mark.parametrize("report", ["correlates", "nudge_effects"])
def test_weighted_rows_stand_beside_the_unweighted_where_there_are_weights(weighted, report):
    rows = weighted.query(f"from reports.rpt_{report}")
    of_weighting = dict(list(rows.groupby("weighting_id")))
    assert set(of_weighting["weighted"].council_id) == {"barnet", "wolverhampton"}
    kind = "method_id" if report == "correlates" else "model_id"
    assert set(of_weighting["weighted"][kind]) == {"pearson" if report == "correlates" else "dummies"}
    keys = [c for c in rows if c.endswith("_id") and c != "weighting_id"]
    beside = of_weighting["weighted"].merge(of_weighting["unweighted"], on=keys, suffixes=("", "_unweighted"))
    assert len(beside) == len(of_weighting["weighted"])
    is_shown = beside.estimate.notna()
    assert is_shown.any() and (beside.estimate != beside.estimate_unweighted)[is_shown].mean() > 0.5
    assert (beside.n_respondents <= beside.n_respondents_unweighted).all()
    assert (beside.design_effect[is_shown] >= 1).all() and (beside.design_effect_unweighted[is_shown] == 1).all()
    # A withheld row shows no number; a shown one has at least ten respondents and ten effective ones.
    n = ["n_respondents", "n_effective"] if report == "correlates" else ["n_arm", "n_control", "n_effective_arm"]
    assert (beside.loc[is_shown, n] >= 10).all(axis=None)
    assert beside.is_withheld[~is_shown].all()
    families = weighted.query("from reports.rpt_families").groupby("family_id").weighting_id.agg(set)
    assert {"unweighted", "weighted"} in families.to_list() and {"weighted"} not in families.to_list()


def test_what_has_no_weighted_form_is_unweighted(weighted):
    for table in ("reports.rpt_pooled", "reports.rpt_multiverse", "estimates.est_dont_know_sensitivity"):
        assert weighted.query(f"select distinct weighting_id from {table}").weighting_id.to_list() == ["unweighted"]
    stars = weighted.query("from reports.rpt_correlates where weighting_id = 'weighted'")
    assert stars.is_sensitive_to_method.isna().all() and stars.p_value_t.isna().all()
    is_starred = stars.p_value.le(0.05) & stars.estimate.notna()
    assert is_starred.any() and (stars.stars.ne("") == is_starred).all()


def test_the_bundled_surveys_have_no_weights(warehouse):
    assert warehouse.sql("select count(weight) as n from marts.dim_respondent").fetchall() == [(0,)]
    assert warehouse.sql("from reports.rpt_weights").fetchall() == []
    for report in ("levels", "correlates", "nudge_effects"):
        assert warehouse.sql(f"select distinct weighting_id from reports.rpt_{report}").fetchall() == [("unweighted",)]


def test_margins_that_are_no_margins_stop_the_build_and_name_the_row(project):
    project.append_codebook("weight_margins", ["barnet,wave_1,gender_label,Female,0.7"])
    build = project.build("-s", "+int_raked_weights", "--exclude-resource-type", "test", "unit_test")
    assert not build.succeeded
    assert 'weight_margins.csv, line 2, column "share"' in build.output
    assert "the shares of gender_label of barnet in wave_1 add up to 0.7000, not to 1" in build.output
