"""A new breakdown or measure is one row of the codebook, and margins can be of everything: no SQL, no Python."""

import csv

import numpy as np
import pytest

from building import Project

MARGINS = {
    "Degree or higher": 0.30,
    "A levels or equivalent": 0.20,
    "GCSEs or equivalent": 0.35,
    "No qualifications": 0.15,
}
INFORMATION = "satisfaction_information"
COLUMNS = {"education": "highest_qualification", "location": "area"}
# Answers of the raw file in standard wording. Whoever gave another answer, or none, is in no group.
GROUPS = {
    "education": {answer: answer for answer in MARGINS},
    "location": {"NE": "North East", "SE": "South East", "SW": "South West"},
}


@pytest.fixture(scope="module")
def broken_down(tmp_path_factory):
    project = Project.copy_to(tmp_path_factory.mktemp("broken_down"))
    # Somebody may have added one of them to the project.
    there = (project.directory / "seeds" / "codebook" / "breakdowns.csv").read_text(encoding="utf-8").splitlines()
    rows = ["education,education,false", "location,location,false"]
    project.append_codebook("breakdowns", [row for row in rows if row not in there])
    shares = [f"wolverhampton,wave_1,education_label,{answer},{share}" for answer, share in MARGINS.items()]
    project.append_codebook("weight_margins", shares)
    project.append_codebook(
        "measures",
        [
            f"mean_information,Informed,{INFORMATION},mean_of_items,,,,,true,points (1 to 5),1,5,2",
            f"satisfied,Satisfied with information,{INFORMATION},at_least,,4,,,false,per cent,0,100,0",
            f"net_satisfied,Satisfied less dissatisfied,{INFORMATION},net_score,,4,2,,false,points,-100,100,0",
        ],
    )
    models = ("rpt_levels", "fct_respondent_theme", "fct_respondent_correlate", "rpt_correlates", "rpt_nudge_effects")
    build = project.build("--select", *[f"+{model}" for model in models], "--indirect-selection", "cautious")
    assert build.succeeded, build.output
    return project


def answers_of(project, breakdown_id):
    """The group of each respondent of Wolverhampton, by number, read from the file itself."""
    header, *rows = project.read_export("wolverhampton")
    number, answer = header.index("respondent_number"), header.index(COLUMNS[breakdown_id])
    return {row[number]: GROUPS[breakdown_id].get(row[answer]) for row in rows}


def outcomes_of(project):
    outcomes = project.query(
        """
        select respondent_id, individual_index, collective_participation, dim_respondent.weight
        from marts.fct_respondent_theme
        inner join marts.dim_respondent using (respondent_key)
        where dim_respondent.council_id = 'wolverhampton' and theme_id = 'environment' and topic_id = 'all'
        """
    )
    assert outcomes.respondent_id.notna().all()
    return outcomes


@pytest.mark.parametrize("measure_id", ["individual_index", "collective_participation"])
@pytest.mark.parametrize("breakdown_id", ["education", "location"])
def test_its_levels_are_those_of_the_answers_in_the_file(broken_down, breakdown_id, measure_id):
    outcomes = outcomes_of(broken_down).dropna(subset=[measure_id])
    groups = outcomes.groupby(outcomes.respondent_id.map(answers_of(broken_down, breakdown_id)))
    levels = broken_down.query(
        f"""
        from estimates.est_levels
        where council_id = 'wolverhampton' and theme_id = 'environment' and topic_id = 'all'
            and measure_id = '{measure_id}' and breakdown_id = '{breakdown_id}'
        """
    ).set_index(["weighting_id", "breakdown_value"])
    assert set(levels.loc["unweighted"].index) == set(GROUPS[breakdown_id].values())
    for value, group in groups:
        weighted = (group.weight * group[measure_id]).sum() / group.weight.sum()
        for weighting_id, expected in (("unweighted", group[measure_id].mean()), ("weighted", weighted)):
            level = levels.loc[weighting_id, value]
            assert level.n_respondents == len(group)
            assert level.estimate == pytest.approx(expected, rel=0, abs=1e-12)


def test_raked_weights_meet_its_margin(broken_down):
    people = broken_down.query("from marts.dim_respondent where council_id = 'wolverhampton' and not is_excluded")
    answers = people.respondent_id.map(answers_of(broken_down, "education"))
    assert set(people.weight_source) == {"raked"}
    shares = people.weight.groupby(answers).sum() / people.weight[answers.notna()].sum()
    assert shares.to_dict() == pytest.approx(MARGINS, abs=1e-9)


def test_the_report_has_it_beside_the_others_and_correlates_stay_as_they_are(broken_down):
    found = set(broken_down.query("select distinct breakdown_id from reports.rpt_levels").breakdown_id)
    assert found == {"all", "age_band", "gender", "ethnicity", "education", "location"}
    correlates = set(broken_down.query("select distinct construct_id from marts.fct_respondent_correlate").construct_id)
    assert {"age", "gender", "ethnicity"} < correlates and not correlates & {"education", "location"}
    ethnicity = broken_down.query(
        "select distinct breakdown_value from counts.cnt_levels where breakdown_id = 'ethnicity'"
    )
    assert set(ethnicity.breakdown_value) == {"White", "Other"}


def scores_of(project, column_name):
    """The scores of the valid answers of a column of Wolverhampton, from the file and answers.csv alone."""
    with (project.directory / "seeds" / "codebook" / "questions.csv").open(encoding="utf-8") as file:
        question = next(row for row in csv.DictReader(file) if row["column_name"] == column_name)
    with (project.directory / "seeds" / "codebook" / "answers.csv").open(encoding="utf-8") as file:
        scores = {
            row["answer_label"].lower(): float(row["answer_score"])
            for row in csv.DictReader(file)
            if row["scale_id"] == question["scale_id"] and row["answer_kind"] == "valid"
        }
    header, *rows = project.read_export("wolverhampton")
    number, place = header.index("respondent_number"), header.index(column_name)
    included = project.query("from marts.dim_respondent where council_id = 'wolverhampton' and not is_excluded")
    answers = {row[number]: row[place].strip().lower() for row in rows}
    return np.array([scores[answers[i]] for i in included.respondent_id if answers.get(i) in scores])


def test_a_measure_of_ones_own_is_the_mean_of_the_answers_in_the_file(broken_down):
    (column,) = broken_down.query(
        """
        select column_name from staging.stg_questions
        where export_id = 'wolverhampton' and construct_id = 'satisfaction_information' and theme_id = 'environment'
        """
    ).column_name
    scores = scores_of(broken_down, column)
    expected = {
        "mean_information": scores.mean(),
        "satisfied": 100 * (scores >= 4).mean(),
        "net_satisfied": 100 * ((scores >= 4).mean() - (scores <= 2).mean()),
    }
    levels = broken_down.query(
        """
        select measure_id, unit_minimum + (unit_maximum - unit_minimum) * est_levels.estimate as level, n_respondents,
            rpt_levels.estimate as printed, rpt_levels.unit_label, rpt_levels.measure_label
        from estimates.est_levels
        inner join marts.dim_measure using (measure_id)
        inner join reports.rpt_levels
            using (
                council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value, weighting_id,
                n_respondents
            )
        where council_id = 'wolverhampton' and theme_id = 'environment' and topic_id = 'all' and breakdown_id = 'all'
            and weighting_id = 'unweighted' and construct_id = 'satisfaction_information'
        """
    ).set_index("measure_id")
    assert len(scores) > 500 and set(levels.n_respondents) == {len(scores)}
    assert levels.level.to_dict() == pytest.approx(expected, abs=1e-11)
    assert levels.printed["mean_information"] == pytest.approx(scores.mean(), abs=0.005)
    assert levels.unit_label["mean_information"] == "points (1 to 5)"
    assert levels.measure_label["net_satisfied"] == "Satisfied less dissatisfied"


def test_an_outcome_of_ones_own_is_correlated_but_not_with_itself(broken_down):
    correlates = broken_down.query("from reports.rpt_correlates where outcome_id = 'mean_information'")
    assert {"conditions", "age"} < set(correlates.construct_id)
    assert "satisfaction_information" not in set(correlates.construct_id)
    assert set(correlates.outcome_label) == {"Informed"}
    nudges = set(broken_down.query("select distinct outcome_id from reports.rpt_nudge_effects").outcome_id)
    assert nudges == {"individual_index", "collective_participation", "mean_information"}
