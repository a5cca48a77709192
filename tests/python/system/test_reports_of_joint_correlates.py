"""Several correlates at once in the shared build: recomputed from the answers, and withheld as the plan says."""

import numpy as np
import pytest

KEYS = "council_id = 'derbyshire_dales' and theme_id = 'environment'"


def test_the_coefficients_are_those_of_the_respondents_with_all_answers(warehouse):
    answers = warehouse.sql(
        f"select respondent_key, construct_id, score from marts.fct_respondent_correlate where {KEYS}"
    ).df()
    outcome = warehouse.sql(
        f"""
        select respondent_key, n_positive / n_answered as y from marts.fct_respondent_measure
        where {KEYS} and topic_id = 'all' and measure_id = 'individual_index' and n_answered > 0
        """
    ).df()
    people = answers.pivot(index="respondent_key", columns="construct_id", values="score").dropna()
    people = people.join(outcome.set_index("respondent_key")["y"], how="inner")
    x = np.column_stack([np.ones(len(people)), people.drop(columns="y").to_numpy()])
    inverse = np.linalg.inv(x.T @ x)
    expected = inverse @ x.T @ people["y"].to_numpy()
    residual = people["y"].to_numpy() - x @ expected
    meat = (x * (residual**2 / (1 - np.einsum("ij,jk,ik->i", x, inverse, x)))[:, None]).T @ x
    found = warehouse.sql(
        f"""
        from estimates.est_joint_correlates
        where {KEYS} and outcome_id = 'individual_index' and missing_id = 'complete' order by construct_id
        """
    ).df()
    assert found["construct_id"].to_list() == sorted(people.columns.drop("y"))
    assert set(found["n_respondents"]) == {len(people)}
    assert found["estimate"].to_numpy() == pytest.approx(expected[1:], rel=1e-10)
    assert found["std_error"].to_numpy() == pytest.approx(np.sqrt(np.diag(inverse @ meat @ inverse))[1:], rel=1e-10)


def test_r_next_to_the_coefficient_is_that_of_the_table_of_correlations(warehouse):
    different = warehouse.sql(
        """
        select count(*) from reports.rpt_joint_correlates as joint
        inner join estimates.est_joint_correlates as estimates
            using (
                council_id, wave_id, theme_id, topic_id, outcome_id, construct_id, model_id, missing_id, weighting_id
            )
        left join reports.rpt_correlates as pairs
            on pairs.council_id = joint.council_id and pairs.wave_id = joint.wave_id and pairs.theme_id = joint.theme_id
            and pairs.topic_id = estimates.correlate_topic_id and pairs.construct_id = joint.construct_id
            and pairs.outcome_id = joint.outcome_id and pairs.method_id = 'pearson'
            and pairs.weighting_id = joint.weighting_id
        where not joint.is_withheld and (
            joint.correlation_alone is distinct from pairs.estimate or joint.correlation_alone_stars <> pairs.stars
        )
        """
    ).fetchall()
    assert different == [(0,)]


def test_imputed_rows_have_everybody_with_the_outcome_whom_the_questions_fit(warehouse):
    fewer = warehouse.sql(
        """
        select count(*) from estimates.est_joint_correlates as imputed
        inner join estimates.est_joint_correlates as complete
            using (council_id, wave_id, theme_id, topic_id, outcome_id, construct_id, model_id)
        where imputed.missing_id = 'imputed' and complete.missing_id = 'complete'
            and complete.weighting_id = 'unweighted' and imputed.n_respondents <= complete.n_respondents
        """
    ).fetchall()
    assert fewer == [(0,)]


def test_a_withheld_row_has_no_number_and_its_model_none_either(warehouse):
    shown = warehouse.sql(
        """
        select count(*) filter (
                where is_withheld and coalesce(estimate, standardised, correlation_alone, share_of_r_squared_pct,
                    r_squared_pct, variance_inflation, p_value, n_respondents) is not null
            ) as n_shown,
            count(*) filter (where not is_withheld) as n_published
        from reports.rpt_joint_correlates
        """
    ).fetchall()
    assert shown[0][0] == 0 and shown[0][1] > 400
