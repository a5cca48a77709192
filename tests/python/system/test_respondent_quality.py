"""Doubtful respondents are flagged and counted, and excluded only when asked; tolerated answers are counted."""

import duckdb
import pytest

from building import Project
from studies import N_BLANK, N_BOTH, N_FAST, N_STRAIGHT, N_TOLERATED

FLAGS = {"is_straight_liner": N_STRAIGHT, "is_mostly_blank": N_BLANK, "is_speeder": N_FAST + N_BOTH}


@pytest.fixture
def planted(odd) -> Project:
    """The project in which Barnet's export has doubtful respondents of each kind."""
    return odd[0]


def levels(project):
    return project.query(
        """
        select theme_id, measure_id, estimate, n_respondents from estimates.est_levels
        where council_id = 'barnet' and topic_id = 'all' and breakdown_id = 'all' and weighting_id = 'unweighted'
        """
    ).set_index(["theme_id", "measure_id"])


def test_each_kind_is_flagged_and_nobody_is_excluded(planted):
    people = planted.query("from marts.dim_respondent where council_id = 'barnet'")
    # The bundled export has some blank questionnaires of its own.
    of_file = 5
    counts = {flag: int(people[flag].sum()) for flag in FLAGS}
    assert counts == FLAGS | {"is_mostly_blank": N_BLANK + of_file}
    assert not people.is_excluded.any()
    others = planted.query("from marts.dim_respondent where council_id <> 'barnet'")
    assert not others.is_speeder.any()


def test_the_report_shows_levels_with_and_without(planted):
    report = planted.query(
        "from reports.rpt_respondent_quality where council_id = 'barnet' and theme_id = 'community_safety'"
    ).set_index(["flag_id", "outcome_id"])
    row = report.loc["speeder", "individual_index"]
    assert row.treatment_id == "kept"
    expected = planted.query(
        """
        select 100 * avg(individual_index) as with_them,
            100 * avg(individual_index) filter (where not people.is_speeder) as without_them,
                count(individual_index) filter (where people.is_speeder) as n_flagged
        from marts.fct_respondent_theme as facts
        inner join marts.dim_respondent as people using (respondent_key)
        where facts.council_id = 'barnet' and theme_id = 'community_safety' and topic_id = 'all'
        """
    ).iloc[0]
    # All of them but those without the outcome.
    assert N_FAST + N_BOTH - 2 <= row.n_flagged == expected.n_flagged <= N_FAST + N_BOTH
    assert row.level_with == pytest.approx(expected.with_them, abs=0.5)
    assert row.level_without == pytest.approx(expected.without_them, abs=0.5)
    assert row.estimate == pytest.approx(expected.without_them - expected.with_them, abs=0.05 + 1e-9)
    # Nobody of Barnet is a duplicate: nothing to withhold.
    assert report.loc["duplicate", "individual_index"].estimate == 0


def test_few_who_are_flagged_are_not_told_by_difference(built):
    report = built.query("from reports.rpt_respondent_quality where flag_id = 'mostly_blank' and is_withheld")
    assert len(report)
    for column in ("level_with", "level_without", "estimate", "n_respondents", "n_flagged"):
        assert report[column].isna().all()


def test_exclusion_is_one_variable_and_reversible(planted, tmp_path):
    project = Project.copy_of(planted, tmp_path / "project")
    before = levels(project)
    # Nothing before the respondents depends on the variable.
    parts = ["int_respondents+,+est_levels", "int_respondents+,+rpt_respondent_quality"]
    parts += ["--exclude-resource-type", "test", "unit_test"]
    build = project.build("--select", *parts, "--vars", "{excluded_flags: [speeder]}")
    assert build.succeeded, build.output
    people = project.query("from marts.dim_respondent where council_id = 'barnet'")
    assert (people.is_excluded == people.is_speeder).all()
    after = levels(project)
    assert (after.n_respondents < before.n_respondents).all()
    report = project.query("from reports.rpt_respondent_quality where council_id = 'barnet'")
    assert set(report[report.flag_id == "speeder"].treatment_id) == {"excluded"}
    # What it compares does not depend on what is excluded.
    query = """
        select theme_id, outcome_id, level_with, level_without, n_flagged from reports.rpt_respondent_quality
        where council_id = 'barnet' and flag_id = 'speeder' order by all
    """
    assert project.query(query).equals(planted.query(query))
    # The level with the straight-liners differs from that of rpt_levels by three hasty ones, who must not be told.
    shown = planted.query("from reports.rpt_respondent_quality where council_id = 'barnet'")
    assert not shown[shown.flag_id == "straight_liner"].is_withheld.all()
    assert report[report.flag_id == "straight_liner"].is_withheld.all()
    assert report[report.flag_id == "straight_liner"].level_with.isna().all()
    assert project.build("--select", *parts).succeeded
    assert levels(project).equals(before)


def test_an_unknown_flag_is_refused(project):
    build = project.build("--vars", "{excluded_flags: [speeders]}")
    assert not build.succeeded
    assert "excluded_flags" in build.output
    assert "straight_liner, speeder, mostly_blank" in build.output


def test_tolerated_answers_are_counted_and_in_no_estimate(planted):
    report = planted.query("from reports.rpt_tolerated_answers").set_index("tolerated_label")
    assert report.loc["Oftn", ["n_tolerated", "is_unused"]].tolist() == [N_TOLERATED, False]
    assert report.loc["Gone", ["n_tolerated", "is_unused"]].tolist() == [0, True]
    assert report.loc["Oftn", "estimate"] == pytest.approx(100 * N_TOLERATED / 430, abs=0.05)
    # The rule that refuses such an answer otherwise is in test_gate.py.
    answers = planted.query("from marts.fct_answer where council_id = 'barnet' and column_name = 'Q3_1'")
    assert (answers.answer_kind == "uncoded").sum() == N_TOLERATED
    assert answers[answers.answer_kind == "uncoded"].answer_score.isna().all()
    with duckdb.connect(str(planted.warehouse_path.with_name("published.duckdb")), read_only=True) as published:
        told = published.execute("select * from reports.rpt_tolerated_answers").df()
    assert "tolerated_label" not in told.columns
    # Rounded down like every count of respondents.
    assert set(told.n_tolerated) == {0}
