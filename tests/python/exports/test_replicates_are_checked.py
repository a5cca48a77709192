"""The check refuses replicate weights without which no error can be computed, and says what to do."""

import pytest

from coproduction.codebook.checks import replicate_checks
from coproduction.statistics.methods.weights import replicates

QUESTIONS, WAVES = "seeds/codebook/questions.csv", "seeds/codebook/waves.csv"
N_PEOPLE = 12


def declare(project, n_replicates=10, factor="1/10", weight="1.5", cell="0.5", with_weight=True, theme=","):
    """Claim a weight and replicate weights; the last person has the given weight and cell in the last replicate."""
    project.append("seeds/codebook/scales.csv", "any_weight,Weight,decimal,-10,1000")
    project.append("seeds/codebook/constructs.csv", "weight,Weight,weight,")
    project.append("seeds/codebook/constructs.csv", "replicate_weight,Replicate weight,replicate,")
    names = [f"rep{number}" for number in range(n_replicates)]
    if with_weight:
        project.append(QUESTIONS, "riverside,w,weight,,,any_weight,false,true,")
    for name in names:
        project.append(QUESTIONS, f"riverside,{name},replicate_weight,{theme},any_weight,false,true,")
    if factor is not None:
        project.replace(WAVES, "panel_size\n", "panel_size,replicate_factor\n")
        project.append(WAVES, f"riverside,wave_1,Spring,1,,,,,{factor}")
    lines = [f"r{place},Often,Good,40,A,1.5" + ",0" * n_replicates for place in range(N_PEOPLE - 1)]
    last = ["r99", "Often", "Good", "40", "A", weight, *["2"] * (n_replicates - 1), *[cell] * (n_replicates > 0)]
    header = ",".join(["id,Q1,Q2,Q3,Q4,w", *names])
    project.write("seeds/exports/riverside.csv", "\n".join([header, *lines, ",".join(last), ""]))


@pytest.mark.parametrize("factor", ["0.1", "1/10", "59/60", "4/80"])
def test_replicate_weights_with_a_factor_need_no_word(project, factor):
    declare(project, factor=factor)
    assert project.findings("error") == [] and project.notes() == []


@pytest.mark.parametrize(
    ("options", "column", "problem"),
    [
        ({"factor": None}, "construct_id", "replicate weights need a factor, and waves.csv has none for riverside"),
        ({"factor": ""}, "construct_id", "replicate weights need a factor, and waves.csv has none for riverside"),
        ({"factor": "Apr-80"}, "replicate_factor", "this is no factor above 0"),
        ({"factor": "4/0"}, "replicate_factor", "this is no factor above 0"),
        ({"factor": "1/2/3"}, "replicate_factor", "this is no factor above 0"),
        ({"n_replicates": 9}, "construct_id", "riverside has 9 replicate weights, and an error needs 10"),
        ({"n_replicates": 0}, "replicate_factor", "no export of riverside in wave_1 has replicate weights"),
        ({"with_weight": False}, "construct_id", "no column is claimed for the construct weight"),
        ({"cell": ""}, "rep9", "1 row with a weight has no replicate weight here, or a negative one"),
        ({"cell": "-1"}, "rep9", "1 row with a weight has no replicate weight here, or a negative one"),
    ],
)
def test_replicates_without_an_error_are_refused(project, options, column, problem):
    declare(project, **options)
    errors = project.errors()
    assert [error.column for error in errors] == [column]
    assert problem in errors[0].problem


@pytest.mark.parametrize("weight", ["0", ""])
def test_a_person_without_a_weight_needs_no_replicate_weights(project, weight):
    declare(project, weight=weight, cell="")
    assert project.findings("error") == []


def test_replicate_weights_belong_to_no_theme(project):
    declare(project, theme="health,all")
    assert {error.column for error in project.errors()} == {"theme_id"}


def test_two_files_of_a_survey_have_the_same_replicates(project):
    declare(project)
    project.append("seeds/codebook/exports.csv", "paper,riverside,wave_1,citizen,id,synthetic,,")
    project.append(QUESTIONS, "paper,Q1,individual_activity,health,all,frequency,false,true,")
    project.replace("dbt_project.yml", "    - riverside\n", "    - riverside\n    - paper\n")
    project.write("seeds/exports/paper.csv", "id,Q1\np1,Often\n")
    problem = 'riverside and paper are one survey, but have different replicate weights: "rep0", "rep1"'
    assert [problem in error.problem for error in project.errors()] == [True]


def test_check_and_statistics_have_one_limit():
    assert replicate_checks.FEWEST_REPLICATES == replicates.FEWEST_REPLICATES
