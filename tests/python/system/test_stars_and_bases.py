"""What reports print of results that a few large weights decide, and of tests that have no t test."""

import shutil

import duckdb
import pytest

from building import Project

KEYS = "council_id = 'bristol' and theme_id = 'environment' and topic_id = 'all'"
LEVEL = f"{KEYS} and measure_id = 'individual_index' and breakdown_id = 'all'"
CORRELATE = f"{KEYS} and construct_id = 'conditions' and outcome_id = 'individual_index' and method_id = 'pearson'"
EFFECT = f"{KEYS} and outcome_id = 'individual_index' and contrast_id = 'a' and model_id = 'dummies'"


def _plant(connection: duckdb.DuckDBPyConnection) -> None:
    """Weighted rows of 300 respondents, of whom one decides, or 20 or nearly all; a nudge with a drawn p."""
    for n_effective, wave_id in ((1.7, "few"), (20.4, "small"), (290.0, "many")):
        same = f"'weighted' as weighting_id, 300 as n_respondents, {n_effective} as n_effective"
        for table, rows in (("est_levels", LEVEL), ("est_correlates", CORRELATE)):
            more = ", 0.0001 as p_value" if table == "est_correlates" else ""
            connection.execute(
                f"insert into estimates.{table} by name select * replace ('{wave_id}' as wave_id, {same}{more}) "
                f"from estimates.{table} where wave_id = 'wave_1' and {rows}"
            )
        connection.execute(
            f"insert into estimates.est_nudge_effects by name select * replace ('{wave_id}' as wave_id, "
            f"'weighted' as weighting_id, 100 as n_arm, 100 as n_control, 95 as n_effective_arm, "
            f"{n_effective} as n_effective_control) from estimates.est_nudge_effects "
            f"where wave_id = 'wave_1' and {EFFECT}"
        )
        connection.execute(
            f"insert into marts.dim_survey_topic by name select * replace ('{wave_id}' as wave_id) "
            f"from marts.dim_survey_topic where wave_id = 'wave_1' and {KEYS}"
        )
        # The plan of disclosure withholds nothing of the made-up waves that it does not withhold of wave_1.
        for (plan,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'disclosure' and table_name in "
            "('plan_surveys', 'plan_groups', 'plan_correlates', 'plan_experiments', 'plan_weighted_levels', "
            "'plan_weighted_outcomes')"
        ).fetchall():
            connection.execute(
                f"insert into disclosure.{plan} by name select * replace ('{wave_id}' as wave_id) "
                f"from disclosure.{plan} where council_id = 'bristol' and wave_id = 'wave_1'"
            )
        connection.execute(
            f"insert into estimates.est_dont_know_sensitivity by name select * replace ('{wave_id}' as wave_id) "
            f"from estimates.est_dont_know_sensitivity "
            f"where wave_id = 'wave_1' and construct_id = 'conditions' and {KEYS}"
        )
    # 0 of 40 against 29 of 40: no standard error and no t test. And a t p that the headline contradicts.
    connection.execute(
        "update estimates.est_nudge_effects set std_error = null, p_value = null, headline_p_value = 0.0002, "
        f"headline_p_value_type = 'randomisation' where wave_id = 'wave_1' and {EFFECT}"
    )
    connection.execute(
        "update estimates.est_nudge_effects set p_value = 0.001, headline_p_value = 0.2 "
        "where wave_id = 'wave_1' and " + EFFECT.replace("'a'", "'b'")
    )


@pytest.fixture(scope="module")
def planted(built, tmp_path_factory) -> Project:
    project = Project.copy_to(tmp_path_factory.mktemp("stars_and_bases"))
    shutil.copy(built.warehouse_path, project.warehouse_path)
    with duckdb.connect(str(project.warehouse_path)) as connection:
        _plant(connection)
    finished = project.run("dbt", "run", "--select", "sentences", "rpt_levels", "rpt_correlates", "rpt_nudge_effects")
    assert finished.succeeded, finished.output
    return project


@pytest.mark.parametrize(("report", "rows"), [("levels", LEVEL), ("correlates", CORRELATE), ("nudge_effects", EFFECT)])
def test_a_result_that_a_few_large_weights_decide_is_withheld_and_a_small_one_flagged(planted, report, rows):
    found = planted.query(f"from reports.rpt_{report} where weighting_id = 'weighted' and {rows}").set_index("wave_id")
    assert found.is_withheld.to_dict() == {"few": True, "small": False, "many": False}
    assert found.is_small_base.to_dict() == {"few": True, "small": True, "many": False}
    assert found.loc["few", ["estimate", "estimate_label", "ci_lower", "ci_upper"]].isna().all()
    assert found.loc["few", "stars"] == ""
    assert found.loc["few", "withheld_reason"] == (
        "fewer than 10 effective respondents, because a few large weights or clusters decide"
    )
    assert found.loc[["small", "many"], "estimate"].notna().all()
    if report == "correlates":
        assert found.loc[["small", "many"], "stars"].eq("**").all()


def test_the_stars_of_a_nudge_are_those_of_its_headline(planted):
    of_two = EFFECT.replace("contrast_id = 'a'", "contrast_id in ('a', 'b')")
    rows = planted.query(
        f"from reports.rpt_nudge_effects where wave_id = 'wave_1' and weighting_id = 'unweighted' and {of_two}"
    ).set_index("contrast_id")
    assert rows.stars.to_dict() == {"a": "**", "b": ""}
    assert rows.loc["a", "estimate_label"].endswith("**")
    others = planted.query("from reports.rpt_nudge_effects where model_id <> 'dummies' and not is_withheld")
    legend = others.p_value.map(lambda p: "**" if p <= 0.01 else "*" if p <= 0.05 else "")
    assert others.stars.eq(legend).all()
