"""Weights through the whole build: an export with its own, a survey raked to margins, margins that cannot be met."""

import numpy as np
import pytest

from coproduction.statistics.weighting import weighted_moments

# Weights as shares of the sample: a thousandth each, so small that ten-thousandths would round them away.
OWN = (0.0008125, 0.0025, 0.00375, 0.0013)


@pytest.fixture(scope="module")
def weighted(tmp_path_factory):
    from building import Project

    project = Project.copy_to(tmp_path_factory.mktemp("weighted"))
    header, *rows = project.read_export("barnet")
    weights = [OWN[place % 4] if place % 10 else "" for place in range(len(rows))]
    project.write_export("barnet", [[*header, "W"], *([*row, str(w)] for row, w in zip(rows, weights, strict=True))])
    project.append_codebook("scales", ["survey_weight,Survey weight,decimal,0,1000"])
    project.append_codebook("questions", ["barnet,W,weight,,,survey_weight,false,true,Weight of the panel provider."])
    project.append_codebook(
        "weight_margins",
        [
            "barnet,wave_1,gender_label,Female,0.9",
            "barnet,wave_1,gender_label,Male,0.1",
            "wolverhampton,wave_1,gender_label,Female,0.70",
            "wolverhampton,wave_1,gender_label,Male,0.30",
            "derbyshire_dales,wave_1,gender_label,Female,0.5",
            "derbyshire_dales,wave_1,gender_label,Male,0.3",
            "derbyshire_dales,wave_1,gender_label,Nobody,0.2",
            "derbyshire_dales,wave_1,gender_label,Prefer to self-describe,",
        ],
    )
    build = project.build()
    assert build.succeeded, build.output
    return project


def test_the_weights_of_the_export_reach_the_mart_as_they_are(weighted):
    people = weighted.query("from marts.dim_respondent where council_id = 'barnet'")
    assert set(people.weight.dropna()) == set(OWN)
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
    assert (rows.is_suppressed == (rows.n_respondents < 10)).all()
    assert rows.estimate[rows.is_suppressed].isna().all()
    summary = weighted.query("from reports.rpt_weights").set_index("council_id")
    sources = {"barnet": "export", "wolverhampton": "raked", "derbyshire_dales": "none"}
    assert summary.weight_source.fillna("none").to_dict() == sources
    assert "nobody in the survey is Nobody" in summary.reason["derbyshire_dales"]
    assert "weights of its own" in summary.reason["barnet"]
    assert 1 < summary.design_effect["barnet"] < 2


def test_the_bundled_surveys_have_no_weights(warehouse):
    assert warehouse.sql("select count(weight) as n from marts.dim_respondent").fetchall() == [(0,)]
    assert warehouse.sql("from reports.rpt_weights").fetchall() == []
    assert warehouse.sql("select distinct weighting_id from reports.rpt_levels").fetchall() == [("unweighted",)]


def test_margins_that_are_no_margins_stop_the_build_and_name_the_row(project):
    project.append_codebook("weight_margins", ["barnet,wave_1,gender_label,Female,0.7"])
    build = project.build("-s", "+int_raked_weights")
    assert not build.succeeded
    assert "the shares of barnet, wave_1, gender_label add up to 0.7000, not to 1" in build.output
