"""A new breakdown is a row of breakdowns.csv, and margins can be of every characteristic, without SQL or Python."""

import pytest

from building import Project

MARGINS = {
    "Degree or higher": 0.30,
    "A levels or equivalent": 0.20,
    "GCSEs or equivalent": 0.35,
    "No qualifications": 0.15,
}
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
    build = project.build("--select", "+rpt_levels", "+fct_respondent_correlate", "--indirect-selection", "cautious")
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
        select respondent_id, individual_index, collective_participation, fct_respondent_theme.weight
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
            # Counts keep ten-thousandths of a weight.
            assert level.estimate == pytest.approx(expected, rel=0, abs=1e-12 if weighting_id == "unweighted" else 1e-4)


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
