"""Doubtful respondents are flagged and counted, and excluded only when asked; tolerated answers are counted."""

import shutil

import duckdb
import pytest

from building import Project

N_STRAIGHT, N_BLANK, N_FAST, N_BOTH, N_TOLERATED = 12, 14, 15, 3, 3
FLAGS = {"is_straight_liner": N_STRAIGHT, "is_mostly_blank": N_BLANK, "is_speeder": N_FAST + N_BOTH}


def plant(project):
    """Give Barnet's export respondents of each kind: first straight-liners, then blank ones, then hasty ones."""
    header, *rows = project.read_export("barnet")
    place = {name: number for number, name in enumerate(header)}
    questions = project.scales_of("barnet")
    by_scale = {}
    for column, scale in questions.items():
        by_scale.setdefault(scale, []).append(column)
    scales = [columns for columns in by_scale.values() if len(columns) >= 4 and all(c.startswith("Q") for c in columns)]
    assert len(scales) >= 2
    for row in rows[:N_STRAIGHT]:
        for columns in scales:
            label = next(row[place[c]] for c in columns if row[place[c]] not in ("", "Don't know"))
            for column in columns:
                row[place[column]] = label
    for row in rows[N_STRAIGHT : N_STRAIGHT + N_BLANK]:
        for column in list(questions)[3:]:
            if column.startswith("Q") and column != "QVERSION":
                row[place[column]] = ""
    # Not among those above: an answer of theirs would hide their flag.
    for row in rows[100 : 100 + N_TOLERATED]:
        row[place["Q3_1"]] = "  oftn"
    minutes = ["12"] * len(rows)
    minutes[50 : 50 + N_FAST] = ["3"] * N_FAST
    # Some of the first kind were hasty too.
    minutes[:N_BOTH] = ["3"] * N_BOTH
    project.write_export("barnet", [[*header, "Minutes"], *([*row, m] for row, m in zip(rows, minutes, strict=True))])
    project.append_codebook("scales", ["minutes,Minutes,decimal,0,1000"])
    project.append_codebook("questions", ["barnet,Minutes,duration,,,minutes,false,true,Recorded by the survey tool."])
    project.append_codebook(
        "tolerated_answers",
        [
            "barnet,Q3_1,Oftn,0.01,A typing error of the mailing house.,2026-01-05",
            "barnet,Q3_1,Gone,0.01,Old.,2026-01-05",
        ],
    )


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    project = Project.copy_to(tmp_path_factory.mktemp("planted"))
    plant(project)
    build = project.build()
    assert build.succeeded, build.output
    return project


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
    shutil.copytree(planted.directory, tmp_path / "project")
    project = Project(tmp_path / "project")
    before = levels(project)
    build = project.build("--vars", "{excluded_flags: [speeder]}")
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
    assert project.build().succeeded
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
    answers = planted.query("from marts.fct_answer where council_id = 'barnet' and column_name = 'Q3_1'")
    assert (answers.answer_kind == "uncoded").sum() == N_TOLERATED
    assert answers[answers.answer_kind == "uncoded"].answer_score.isna().all()
    with duckdb.connect(str(planted.warehouse_path.with_name("published.duckdb")), read_only=True) as published:
        told = published.execute("select * from reports.rpt_tolerated_answers").df()
    assert "tolerated_label" not in told.columns
    # Rounded down like every count of respondents.
    assert set(told.n_tolerated) == {0}
