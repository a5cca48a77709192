"""What the columns of a table may hold is tested: each kind of test finds the value that breaks it."""

import shutil

import duckdb
import pytest

from building import Project


@pytest.mark.slow
def test_each_rule_finds_the_value_that_breaks_it(built, tmp_path):
    project = Project.copy_to(tmp_path)
    shutil.copy(built.warehouse_path, project.warehouse_path)
    with duckdb.connect(str(project.warehouse_path)) as connection:
        connection.execute("update marts.dim_survey set provenance = 'hearsay' where council_id = 'barnet'")
        connection.execute("update marts.dim_respondent set age_years = 121 where council_id = 'barnet'")
        connection.execute(
            # fct_respondent_correlate takes its names from it.
            "update intermediate.int_correlated_columns set construct_id = 'nothing' where construct_id = 'conditions'"
        )
        connection.execute("insert into marts.dim_topic from marts.dim_topic limit 1")
        # Not true, though not false either.
        connection.execute("update quality.answer_reconciliation set is_balanced = null where export_id = 'barnet'")
        connection.execute("update quality.expectation_results set success = false where export_id = 'barnet'")
    broken = {
        "accepted_values_dim_survey_provenance__synthetic__real",
        "ranges_dim_respondent__0_120_",
        "relationships_fct_respondent_correlate_construct_id__construct_id__ref_dim_construct_",
        "grain_dim_topic_theme_id__topic_id",
        "always_true_answer_reconciliation_is_balanced",
        "always_true_expectation_results_success",
    }
    tables = ["dim_survey", "dim_respondent", "fct_respondent_correlate", "fct_respondent_theme"]
    tables += ["dim_topic", "answer_reconciliation", "expectation_results"]
    tests = project.run("dbt", "test", "--select", *tables)
    assert {name for name, status in tests.statuses.items() if status == "fail"} == broken
