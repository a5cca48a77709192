"""What the paper left to future work, on synthetic exports with planted truth: rows of the codebook and no code."""

import numpy as np
import pytest

from building import Project

N_CITIZENS, N_STAFF = 1500, 60
ACTIVITIES = [f"act_{item}" for item in range(1, 7)]
FREQUENCY = np.array(["Never", "Sometimes", "Often"])
AGREEMENT = np.array(["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"])
SATISFACTION = np.array(
    [
        "Very dissatisfied",
        "Fairly dissatisfied",
        "Neither satisfied nor dissatisfied",
        "Fairly satisfied",
        "Very satisfied",
    ]
)


def citizens() -> list[list[str]]:
    """Political efficacy goes with both outcomes, personal does not; groups are joined above `Fairly satisfied`."""
    random = np.random.default_rng(11)
    political, personal = random.integers(0, 5, N_CITIZENS), random.integers(0, 5, N_CITIZENS)
    satisfied = random.integers(0, 5, N_CITIZENS)
    active = random.random((N_CITIZENS, 6)) < (0.15 + 0.12 * political)[:, None]
    joins = random.random(N_CITIZENS) < 0.1 + 0.08 * political + 0.4 * (satisfied > 3)
    rows = [["id", *ACTIVITIES, "group", "political", "personal", "satisfied"]]
    for person in range(N_CITIZENS):
        rows.append(
            [
                str(person),
                *FREQUENCY[active[person].astype(int)],
                FREQUENCY[int(joins[person])],
                AGREEMENT[political[person]],
                AGREEMENT[personal[person]],
                SATISFACTION[satisfied[person]],
            ]
        )
    return rows


def staff() -> list[list[str]]:
    """Staff believe that everyone joins groups, and that services satisfy."""
    random = np.random.default_rng(12)
    rows = [["id", "group", "satisfied"]]
    for person in range(N_STAFF):
        joins, satisfied = random.random() < 0.9, 3 + int(random.random() < 0.5)
        rows.append([str(person), FREQUENCY[int(joins)], SATISFACTION[satisfied]])
    return rows


def describe(project: Project, with_staff: bool) -> None:
    """Add the town, its questions and its exports to the codebook."""
    project.append_codebook("councils", ["testtown,Testtown,England,100000,2011,metropolitan,Made for a test"])
    questions = [f"{{}},{item},individual_activity,health,all,frequency,false,true," for item in ACTIVITIES]
    shared = [
        "{},group,group_participation,health,all,frequency,false,true,",
        "{},satisfied,satisfaction_response,health,all,satisfaction,false,true,",
    ]
    questions += [
        "{},political,political_self_efficacy,health,all,agreement,false,true,",
        "{},personal,personal_self_efficacy,,,agreement,false,true,",
    ]
    project.write_export("testtown", citizens())
    project.append_codebook("exports", ["testtown,testtown,wave_1,citizen,id,synthetic,,Made for a test"])
    project.append_codebook("questions", [line.format("testtown") for line in [*questions, *shared]])
    project.list_exports("testtown")
    if with_staff:
        project.write_export("testtown_staff", staff())
        project.append_codebook("exports", ["testtown_staff,testtown,wave_1,staff,id,synthetic,,Made for a test"])
        project.append_codebook("questions", [line.format("testtown_staff") for line in shared])
        project.list_exports("testtown_staff")


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Project:
    """The bundled exports and a town with citizens and staff, built."""
    project = Project.copy_to(tmp_path_factory.mktemp("testtown"))
    describe(project, with_staff=True)
    build = project.build()
    assert build.succeeded, build.output
    return project


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
    assert set(found.index) == {"all", *ACTIVITIES}
    assert found.loc["all", "estimate"] > 0.3
    assert (found.drop("all").item_rest_correlation > 0).all()


def test_the_perception_gap_is_reported(town):
    found = town.query("from reports.rpt_staff_gaps").set_index("measure_id")
    assert set(found.council_id) == {"testtown"}
    assert found.loc["collective_participation", "n_staff"] == N_STAFF
    assert found.loc["collective_participation", "staff_level"] == pytest.approx(90, abs=12)
    citizens_level = town.query(
        """
        select estimate from reports.rpt_levels
        where council_id = 'testtown' and measure_id = 'collective_participation' and breakdown_id = 'all'
        """
    ).estimate[0]
    assert found.loc["collective_participation", "citizens_level"] == citizens_level
    assert found.loc["satisfaction_response", "measure_label"] == "Satisfaction with public service response"
    assert found.loc["satisfaction_response", "estimate"] > 20
    assert found.loc["satisfaction_response", "stars"] == "**"
    assert found.provenance.eq("synthetic").all()


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
        keys = [
            key for key in of_table if key.endswith("_id") or key in ("breakdown_value", "item_a", "item_b", "method")
        ]
        keys += [key for key in ("answer_kind", "score") if name.endswith("answer_levels") and key in of_table]
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
        where correlates.method = 'pearson'
        """
    )
    assert set(both.unit_label) == {"per cent", "points of 0-100", "correlation, -1 to 1"}
    assert (both.in_pool == both.estimate).all()
    assert (both.unit_in_pool == both.unit_label).all()


def test_an_activity_coded_the_wrong_way_round_fails_a_test(project):
    rows = citizens()
    turned = {"Never": "Often", "Sometimes": "Never"}
    project.write_export("testtown", rows)
    describe(project, with_staff=False)
    project.write_export("testtown", [rows[0]] + [[row[0], turned[row[1]], *row[2:]] for row in rows[1:]])
    build = project.build("--select", "+est_index_quality")
    assert build.statuses["assert_no_activity_goes_against_the_others"] == "fail"
