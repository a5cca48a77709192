"""A council with nothing to compute from, built: no spread, a lone respondent in an arm, all Don't Know, equal weights.

Every estimate is a number, or missing with a reason; no p is 0; every report is built. The study has one other council.
"""

import numpy as np
import pytest

from building import Project


@pytest.fixture
def study(left_out) -> Project:
    """The project in which only Oddtown and Derbyshire Dales are left."""
    return left_out[0]


def numbers_of(study: Project, table: str) -> list[str]:
    columns = study.query(f"describe estimates.{table}").set_index("column_name").column_type
    return [name for name, kind in columns.items() if kind == "DOUBLE"]


def test_every_p_is_missing_or_above_0(study):
    """In every table of estimates, whatever the test: the ranges of their yml say the same in every build."""
    tables = study.query("select table_name from information_schema.tables where table_schema = 'estimates'").table_name
    n_columns = 0
    for table in tables:
        for column in numbers_of(study, table):
            values = study.query(f"select {column} as value from estimates.{table}").value.dropna()
            assert not np.isinf(values).any(), (table, column)
            if column.startswith(("p_", "headline_p_")) and "error" not in column:
                assert ((values > 0) & (values <= 1)).all(), (table, column)
                n_columns += 1
    assert n_columns > 25


@pytest.mark.parametrize(
    ("table", "about", "of_whom", "reason"),
    [
        ("est_outcome_gaps", "p_value", "theme_id = 'health'", "the difference does not vary: no t test"),
        (
            "est_levels",
            "std_error",
            "theme_id = 'health' and measure_id = 'individual_index' and breakdown_id = 'all'",
            "does not vary",
        ),
        ("est_levels", "std_error", "breakdown_value = '75+' and measure_id = 'individual_index'", "one respondent"),
        ("est_correlates", "p_value", "theme_id = 'health'", "does not vary"),
        ("est_correlates", "estimate", "construct_id = 'satisfaction_response'", "fewer than"),
        ("est_correlates", "estimate", "construct_id = 'satisfaction_information'", "does not vary"),
        ("est_dont_know_sensitivity", "estimate", "construct_id = 'satisfaction_response'", "fewer than 3 respondents"),
        ("est_thresholds", "p_value", "construct_id = 'satisfaction_response'", "fewer than 3 different answers"),
        ("est_nudge_effects", "p_value", "contrast_id = 'both'", "fewer than two respondents in the arm"),
        ("est_nudge_effects", "p_value", "theme_id = 'health' and contrast_id = 'a'", "the outcome varies neither"),
        ("est_nudge_trends", "p_value", "theme_id = 'health' and test_id = 'linear'", ""),
        ("est_index_quality", "estimate", "theme_id = 'health'", "does not vary"),
        ("est_staff_gaps", "p_value", "measure_id = 'collective_participation'", "fewer than two staff"),
        ("est_pooled", "estimate", "true", "nothing is pooled below three"),
        ("est_location", "p_value", "true", "no metropolitan area"),
    ],
)
def test_the_planted_case_is_missing_with_its_reason(study, table, about, of_whom, reason):
    rows = study.query(f"from estimates.{table} where {of_whom}")
    if "council_id" in rows:
        rows = rows[rows.council_id.isin(["oddtown", "all"])]
    assert len(rows) > 0
    assert rows[about].isna().all()
    assert rows.reason.notna().all()
    assert rows.reason.str.contains(reason, regex=False).all(), rows.reason.unique()


def test_a_missing_estimate_always_has_a_reason(study):
    columns = study.query(
        "select table_name, list(column_name) as names from information_schema.columns"
        " where table_schema = 'estimates' group by all"
    )
    checked = 0
    for table, names in columns.itertuples(index=False):
        # The worst case bounds an effect also where no difference was observed; an audit has no estimate.
        if {"estimate", "reason"} <= set(names) and table != "est_nudge_bounds":
            unexplained = study.query(f"from estimates.{table} where estimate is null and reason is null")
            if table == "est_nudge_trends":
                unexplained = unexplained[~unexplained.test_id.isin(["departure", "monotone"])]
            assert unexplained.empty, (table, unexplained.T.to_string())
            checked += 1
    assert checked >= 12


def test_equal_weights_give_the_unweighted_estimates(study):
    both = study.query(
        """
        select weighted.estimate, plain.estimate as plain, weighted.design_effect
        from estimates.est_levels as weighted
        inner join estimates.est_levels as plain
            using (council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value)
        where weighted.weighting_id = 'weighted' and plain.weighting_id = 'unweighted'
        """
    )
    assert len(both) > 5
    np.testing.assert_allclose(both.estimate, both.plain, rtol=1e-12)
    np.testing.assert_allclose(both.design_effect, 1, rtol=1e-12)


def test_reports_withhold_the_lone_respondent(study):
    levels = study.query("from reports.rpt_levels where council_id = 'oddtown' and breakdown_value = '75+'")
    assert len(levels) > 0
    assert levels.is_withheld.all()
    effects = study.query("from reports.rpt_nudge_effects where council_id = 'oddtown' and contrast_id = 'both'")
    assert len(effects) > 0
    assert effects.estimate.isna().all()
    assert effects.stars.eq("").all()
