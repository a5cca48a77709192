"""What the paper left to future work, on synthetic exports with planted truth: rows of the codebook and no code."""

import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from building import Project
from coproduction.cli.warehouse_text import contrary_sentences
from studies import BUNDLED, N_CITIZENS, N_STAFF, TOWN_ACTIVITIES, citizens_of_town, describe_town, forget_exports


def test_political_self_efficacy_is_told_from_personal(town):
    found = town.query("from estimates.est_efficacy").set_index(["outcome_id", "comparison_id"])
    assert set(found.council_id) == {"testtown"}
    assert len(found) == 2 * 4
    for outcome_id in ("individual_index", "collective_participation"):
        of = found.loc[outcome_id]
        assert of.loc["political_outcome", "ci_lower"] > 0.1
        assert abs(of.loc["personal_outcome", "estimate"]) < 0.1
        assert of.loc["difference", "p_value"] < 0.001
        assert of.n_respondents.eq(N_CITIZENS).all()


def test_the_threshold_is_found_where_it_was_planted(town):
    found = town.query(
        """
        from estimates.est_thresholds
        where council_id = 'testtown' and construct_id = 'satisfaction_response'
        """
    ).set_index("outcome_id")
    assert found.loc["collective_participation", "threshold"] == 4
    assert found.loc["collective_participation", "p_value"] < 0.001
    assert found.loc["collective_participation", "estimate"] == pytest.approx(0.4, abs=0.15)
    assert found.loc["individual_index", "p_value"] > 0.01


def test_the_index_is_reliable(town):
    found = town.query("from estimates.est_index_quality where council_id = 'testtown'").set_index("item_id")
    assert set(found.index) == {"all", *TOWN_ACTIVITIES}
    assert found.loc["all", "estimate"] > 0.3
    assert (found.drop("all").item_rest_correlation > 0).all()


def test_the_perception_gap_is_reported(town):
    found = town.query("from reports.rpt_staff_gaps").set_index("measure_id")
    assert set(found.council_id) == {"testtown"}
    assert found.loc["satisfaction_response", "n_staff"] == N_STAFF
    assert found.loc["satisfaction_response", "staff_level"] == pytest.approx(85, abs=12)
    assert found.loc["satisfaction_response", "measure_label"] == "Satisfaction with public service response"
    assert found.loc["satisfaction_response", "estimate"] > 20
    assert found.loc["satisfaction_response", "stars"] == "**"
    assert found.provenance.eq("synthetic").all()


def test_a_gap_is_withheld_with_the_other_gaps_of_its_question(town):
    """No member of staff takes part often, so taking part less sometimes would reveal that nobody does."""
    gaps = town.query("from estimates.est_staff_gaps").set_index("measure_id")
    assert gaps.loc["collective_often", "staff_level"] == 0
    assert gaps.loc["collective_participation", "staff_level"] == pytest.approx(0.9, abs=0.12)
    citizens_level = town.query(
        """
        select estimate from estimates.est_levels
        where council_id = 'testtown' and measure_id = 'collective_participation'
            and breakdown_id = 'all' and weighting_id = 'unweighted'
        """
    ).estimate[0]
    assert gaps.loc["collective_participation", "citizens_level"] == citizens_level
    found = town.query("from reports.rpt_staff_gaps").set_index("measure_id")
    of_question = found.loc[["collective_often", "collective_sometimes", "collective_participation"]]
    assert of_question.is_withheld.all()
    assert of_question[["staff_level", "citizens_level", "estimate", "n_staff"]].isna().all(axis=None)


KEYS_OF_ANSWERS = (
    "column_name",
    "respondent_role",
    "answer_kind",
    "answer_name",
    "answer_score",
    "answer_order",
    "score",
)


def test_staff_stay_out_of_every_count_estimate_and_report_of_citizens(town):
    """Whatever a table counts, its cells add up to no more people than there are citizens."""
    columns = town.query(
        "select table_schema || '.' || table_name as name, list(column_name) as columns"
        " from information_schema.columns where table_schema in ('counts', 'estimates', 'reports') group by all"
    )
    about_staff = {"counts.cnt_staff_levels", "estimates.est_staff_gaps", "reports.rpt_staff_gaps"}
    checked = set()
    for name, of_table in columns.itertuples(index=False):
        # The multiverse counts the same people once in each of its specifications.
        if name in about_staff or "multiverse" in name or not {"council_id", "n_respondents"} <= set(of_table):
            continue
        keys = [key for key in of_table if key.endswith("_id") or key in ("breakdown_value", "item_a", "item_b")]
        # Tables of single answers have a row for each, and those of every question have the role of who was asked.
        keys += [key for key in KEYS_OF_ANSWERS if "answer" in name and key in of_table]
        most = town.query(
            f"select coalesce(max(n), 0) as n from (select sum(n_respondents) as n from {name}"
            f" where council_id = 'testtown' group by {', '.join(keys)})"
        ).n[0]
        assert most <= N_CITIZENS, name
        checked.add(name)
    assert {"counts.cnt_levels", "counts.cnt_correlates", "counts.cnt_item_pairs", "reports.rpt_levels"} <= checked
    in_all = town.query("select n_respondents from marts.dim_survey where council_id = 'testtown'")
    assert in_all.n_respondents.to_list() == [N_CITIZENS]
    levels = town.query(
        "select sum(n_respondents) as n from counts.cnt_levels where council_id = 'testtown'"
        " and measure_id = 'collective_participation' and breakdown_id = 'all' and topic_id = 'all'"
    )
    assert levels.n[0] == N_CITIZENS


def test_from_eight_areas_on_the_location_pattern_is_tested(town):
    """Against every arrangement of the printed levels' unrounded estimates, in plain Python."""
    patterns = town.query("from reports.rpt_hypotheses where hypothesis_id like 'metropolitan%'")
    tested = patterns[patterns.p_value.notna()]
    assert set(tested.theme_id) == {"community_safety", "environment"}
    assert len(tested) == 4
    for row in tested.itertuples():
        measure = "individual_index" if row.hypothesis_id.endswith("individual") else "collective_participation"
        levels = town.query(
            f"""
            select council_id, estimate, area_type = 'metropolitan' as is_metropolitan
            from estimates.est_levels inner join marts.dim_council using (council_id)
            where
                theme_id = '{row.theme_id}' and measure_id = '{measure}' and topic_id = 'all'
                and breakdown_id = 'all' and weighting_id = 'unweighted'
            """
        )
        assert len(levels) == 8
        value = levels.estimate.to_list()
        here = [place for place, is_so in enumerate(levels.is_metropolitan) if is_so]

        def difference(chosen, value=value):
            rest = [place for place in range(8) if place not in chosen]
            return np.mean([value[place] for place in chosen]) - np.mean([value[place] for place in rest])

        every = np.abs([difference(chosen) for chosen in combinations(range(8), len(here))])
        p_value = np.mean(every >= abs(difference(here)) - 1e-9)
        assert row.p_value == pytest.approx(p_value, rel=0.005)
        assert row.estimate == pytest.approx(100 * difference(here), abs=0.05 + 1e-9)
        assert row.p_value_adjusted >= row.p_value
        expected = "not settled" if p_value > 0.05 else "supported" if difference(here) < 0 else "contradicted"
        assert row.verdict == expected
    described = patterns[patterns.p_value.isna()]
    assert described.test.str.startswith("described, not tested").all()


def test_every_family_of_every_estimate_is_counted(town):
    """The count line holds for every declared family, with the size that its estimates were adjusted by."""
    tables = town.query(
        "select table_name from information_schema.columns"
        " where table_schema = 'estimates' and column_name = 'family_id'"
    ).table_name.to_list()
    assert len(tables) == 9
    families = town.query("from reports.rpt_families").set_index(["study_id", "family_id", "weighting_id"])
    found = set()
    for table in tables:
        rows = town.query(
            "select coalesce(study_id, 'all') as study_id, family_id, weighting_id, max(n_family) as n,"
            " count(*) filter (p_value_adjusted <= 0.05) as n_below"
            f" from estimates.{table} left join marts.dim_study using (council_id, wave_id)"
            " where family_id is not null group by all"
        )
        # No council of this study has two waves.
        assert len(rows) > 0 or table == "est_changes", table
        for row in rows.itertuples():
            counted = families.loc[(row.study_id, row.family_id, row.weighting_id)]
            assert counted.n_tests == row.n, row
            assert counted.n_withheld > 0 or counted.n_below_adjusted == row.n_below, row
            assert counted.expected_by_chance == pytest.approx(0.05 * row.n, abs=0.005)
            found.add((row.study_id, row.family_id, row.weighting_id))
    assert found == set(families.index)
    assert families.loc[("all", "metropolitan_below_others", "unweighted"), "n_tests"] == 4


REPORTS_OF_ESTIMATES = {
    "answer_levels": ("est_answer_levels", "score", 100, 0),
    "thresholds": ("est_thresholds", "construct_id", 100, 1),
    "efficacy": ("est_efficacy", "comparison_id", 1, 3),
    "index_quality": ("est_index_quality", "item_id", 1, 3),
    "index_alternatives": ("est_index_alternatives", "alternative_id", 100, 0),
    "nudge_trends": ("est_nudge_trends", "test_id", 1, 1),
}


@pytest.mark.parametrize("report", REPORTS_OF_ESTIMATES)
def test_the_report_gives_every_estimate_rounded_labelled_and_withheld(town, report):
    table, last_key, factor, decimals = REPORTS_OF_ESTIMATES[report]
    printed, estimates = town.query(f"from reports.rpt_{report}"), town.query(f"from estimates.{table}")
    keys = [key for key in estimates if key.endswith("_id") and key != "family_id"]
    keys += [key for key in ("answer_kind", "score") if key in estimates]
    assert last_key in keys
    both = printed.merge(estimates, on=keys, suffixes=("", "_exact"), validate="one_to_one")
    if report == "answer_levels":
        # Single answers are told of correlations with 200 respondents or more.
        pair = ["council_id", "theme_id", "topic_id", "construct_id", "outcome_id"]
        of_pair = estimates[estimates.answer_kind == "valid"].groupby(pair).n_respondents.transform("sum")
        told = estimates.loc[of_pair.index[of_pair >= 200], pair].drop_duplicates()
        estimates = estimates.merge(told, on=pair)
    assert len(both) == len(printed) == len(estimates) > 0
    shown = both[~both.is_withheld]
    assert (shown.estimate.notna() == shown.estimate_exact.notna()).all()
    half = 0.5 * 10.0**-decimals + 1e-9
    assert ((shown.estimate - factor * shown.estimate_exact).abs().fillna(0) <= half).all()
    base = both[["n_arm_exact", "n_control_exact"]].min(axis=1) if "n_arm" in both else both.n_respondents_exact
    # Of these, the disclosure plan withholds larger groups too.
    is_planned = report in ("answer_levels", "index_alternatives", "nudge_trends")
    assert (both.is_withheld == (base < 10)).all() or is_planned
    assert both.is_withheld[base < 10].all()
    assert both.n_respondents.isna().equals(both.is_withheld)
    assert both.estimate[both.is_withheld].isna().all()
    labels = [column for column in printed if column.endswith("_label") and column != "threshold_label"]
    assert printed[labels].notna().all().all()
    assert "in_words" not in printed or printed.in_words.notna().all()


def test_a_report_withholds_every_number_of_a_withheld_row(town, tmp_path):
    """With a minimum above every base all rows are withheld: whatever number is left was forgotten by its report."""
    strict = Project(Path(shutil.copytree(town.directory, tmp_path / "strict")))
    run = strict.run("dbt", "run", "--select", "path:models/reports", "--vars", "{minimum_base: 100000}")
    assert run.succeeded, run.output
    # What a row is about and how many stand behind it, not what was found.
    keys = {"score", "answer_score", "answer_order", "strength", "n_effective", "smallest_effect"}
    columns = strict.query(
        "select table_name, list(column_name) as names, list(column_name) filter (data_type = 'DOUBLE') as numbers"
        " from information_schema.columns where table_schema = 'reports' group by all"
    )
    checked = set()
    for table, names, numbers in columns.itertuples(index=False):
        if "is_withheld" not in names:
            continue
        rows = strict.query(f"from reports.{table}")
        # The population of an area is nobody's answer.
        assert rows.is_withheld.all() or table == "rpt_study_areas"
        rows = rows[rows.is_withheld]
        left = [name for name in numbers if name not in keys and rows[name].notna().any()]
        assert left == [], table
        if "in_words" in names:
            assert rows.in_words.str.startswith("withheld").all(), table
        # Single answers are not even listed where so few answered.
        checked |= {table} if len(rows) or table == "rpt_answer_levels" else set()
    assert {f"rpt_{name}" for name in REPORTS_OF_ESTIMATES} <= checked


def test_the_answers_of_a_report_are_named_as_in_the_codebook(town):
    """A question worded the other way round, a person's gender, and a score that several groups share."""
    answers = town.query(
        "select distinct construct_id, score, answer_name from reports.rpt_answer_levels"
        " where answer_kind = 'valid' and council_id = 'derbyshire_dales' and theme_id = 'environment'"
    ).set_index(["construct_id", "score"])
    assert answers.index.is_unique
    assert answers.loc[("gender", 2), "answer_name"] == "Female"
    groups = town.query(
        "select distinct score, answer_name from reports.rpt_answer_levels"
        " where construct_id = 'ethnicity' and council_id = 'barnet' and answer_kind = 'valid'"
    ).set_index("score")
    assert groups.answer_name.to_dict() == {
        0: "White",
        1: "Asian or Asian British, Black or Black British, Mixed, Other",
    }
    reversed_question = town.query(
        "from marts.dim_question where council_id = 'derbyshire_dales' and is_reversed and is_primary"
    )
    assert reversed_question.construct_id.to_list() == ["political_self_efficacy"]
    assert answers.loc[("political_self_efficacy", 5), "answer_name"] == "Strongly disagree"


def test_the_words_of_a_report_say_what_its_numbers_say(town, built):
    query = "select estimate, p_value, in_words from reports.rpt_thresholds where not is_withheld and reason is null"
    rows = pd.concat([town.query(query), built.query(query)])
    seen = rows[rows.p_value <= 0.05]
    assert {True, False} == set(seen.estimate > 0)
    assert (seen.in_words.str.contains(" points higher above ") == (seen.estimate >= 0)).all()
    assert (seen.in_words.str.contains(" points lower above ") == (seen.estimate < 0)).all()
    assert rows.in_words[rows.p_value > 0.05].str.startswith("no jump is seen").all()
    comparisons = town.query("from reports.rpt_efficacy")
    differences = comparisons[comparisons.comparison_id == "difference"]
    assert len(differences)
    # Planted: political self-efficacy goes with both outcomes, personal with none, nor the two with each other.
    assert differences.in_words.eq("the outcome goes with political self-efficacy more than with personal").all()
    words = comparisons.set_index("comparison_id").in_words
    assert words["political_outcome"].eq("the two go together, both high").all()
    pairs = comparisons[comparisons.comparison_id != "difference"]
    assert (pairs.in_words.eq("the two are not seen to go together") == (pairs.p_value > 0.05)).all()


def test_graded_nudges_are_reported(town):
    trends = town.query("from reports.rpt_nudge_trends")
    assert set(trends.test_id) >= {"linear", "step_up", "isotonic", "monotone", "departure", "cochran_armitage"}
    assert (trends.arm_label != trends.arm_id).all()
    found = trends[trends.reason.isna() & ~trends.is_withheld & trends.test_id.eq("linear")]
    assert len(found) > 10
    p = found.p_value_max_t.fillna(found.p_value_randomisation).fillna(found.p_value)
    assert (found.in_words.eq("not more than chance") == (p > 0.05)).all()


def test_without_such_questions_the_tables_are_empty_and_typed(built):
    for table in ("counts.cnt_construct_pairs", "estimates.est_efficacy", "counts.cnt_staff_levels"):
        assert len(built.query(f"from {table}")) == 0
    assert len(built.query("from reports.rpt_staff_gaps")) == 0
    types = built.query("describe estimates.est_efficacy").set_index("column_name").column_type
    assert types["estimate"] == "DOUBLE"
    assert types["n_respondents"] == "BIGINT"


def test_every_pool_shows_its_councils_and_none_is_made_of_two(built):
    pooled = built.query("from reports.rpt_pooled")
    is_pool = pooled.council_id.eq("all")
    quantity = ["wave_id", "theme_id", "quantity_id", "outcome_id", "construct_id", "contrast_id", "measure_id"]
    n_shown = pooled[~is_pool].groupby(quantity, dropna=False).size().rename("n_shown").reset_index()
    pools = pooled[is_pool].merge(n_shown, on=quantity, how="left")
    assert (pools.n_shown == pools.n_councils).all()
    assert (pools.estimate.notna() == (pools.n_councils >= 3)).all()
    assert pools.reason[pools.n_councils < 3].str.contains("nothing is pooled below three").all()
    assert {1, 2, 3, 4, 5} == set(pools.n_councils)
    assert pooled.provenance.eq("synthetic").all()
    assert pooled.stars[~is_pool].eq("").all()


def test_a_councils_row_in_a_pool_is_its_number_in_the_other_reports(built):
    both = built.query(
        """
        select pooled.estimate as in_pool, pooled.unit_label as unit_in_pool, levels.estimate, levels.unit_label
        from reports.rpt_pooled as pooled
        inner join reports.rpt_levels as levels using (council_id, wave_id, theme_id, topic_id, measure_id)
        where levels.breakdown_id = 'all'
        union all
        select pooled.estimate, pooled.unit_label, effects.estimate, effects.unit_label
        from reports.rpt_pooled as pooled
        inner join reports.rpt_nudge_effects as effects
            using (council_id, wave_id, theme_id, topic_id, outcome_id, contrast_id)
        where effects.model_id = 'dummies'
        union all
        select pooled.estimate, pooled.unit_label, correlates.estimate, correlates.unit_label
        from reports.rpt_pooled as pooled
        inner join reports.rpt_correlates as correlates
            using (council_id, wave_id, theme_id, topic_id, outcome_id, construct_id)
        where correlates.method_id = 'pearson'
        """
    )
    assert set(both.unit_label) == {"per cent", "points of 0-100", "correlation, -1 to 1"}
    assert (both.in_pool == both.estimate).all()
    assert (both.unit_in_pool == both.unit_label).all()


def test_an_activity_coded_the_wrong_way_round_is_a_finding_and_stops_nothing(project):
    rows = citizens_of_town()
    turned = {"Never": "Often", "Sometimes": "Never"}
    describe_town(project, with_staff=False)
    forget_exports(project, *BUNDLED)
    project.write_export("testtown", [rows[0]] + [[row[0], turned[row[1]], *row[2:]] for row in rows[1:]])
    parts = ["+rpt_index_quality", "--indirect-selection", "cautious", "--exclude-resource-type", "unit_test"]
    build = project.build("--select", *parts)
    assert build.succeeded, build.output
    found = project.query("select distinct item_id from reports.rpt_index_quality where is_contrary").item_id
    assert list(found) == ["act_1"]
    assert "act_1: people who do this do fewer of the other activities" in build.output
    with project.connect() as warehouse:
        (sentence,) = {*contrary_sentences(warehouse)}
    assert "Look at the coding of act_1 " in sentence
