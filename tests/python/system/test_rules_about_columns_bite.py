"""What a table's columns may hold is tested with its grain: each kind of rule finds the value that breaks it."""

import shutil

import duckdb

from building import Project


def test_each_rule_finds_the_value_that_breaks_it(built, tmp_path):
    project = Project.copy_to(tmp_path)
    shutil.copy(built.warehouse_path, project.warehouse_path)
    with duckdb.connect(str(project.warehouse_path)) as connection:
        connection.execute("update marts.dim_survey set provenance = 'hearsay' where council_id = 'barnet'")
        connection.execute("update marts.dim_respondent set age_years = 121 where council_id = 'barnet'")
        connection.execute(
            "update marts.fct_respondent_correlate set construct_id = 'nothing' where construct_id = 'conditions'"
        )
        connection.execute("insert into marts.dim_topic from marts.dim_topic limit 1")
        # Not true, though not false either.
        connection.execute("update quality.answer_reconciliation set is_balanced = null where export_id = 'barnet'")
        connection.execute("update quality.expectation_results set success = false where export_id = 'barnet'")
    broken = ["dim_survey", "dim_respondent", "fct_respondent_correlate", "dim_topic"]
    broken += ["answer_reconciliation", "expectation_results"]
    tables = [*broken, "fct_respondent_theme"]
    tests = project.run("dbt", "test", "--select", *tables)
    outcomes = {
        table: {status for name, status in tests.statuses.items() if f"grain_{table}_" in name} for table in tables
    }
    assert outcomes == {table: {"fail"} for table in broken} | {"fct_respondent_theme": {"pass"}}
