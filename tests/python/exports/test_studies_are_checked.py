"""What the codebook says about studies, hypotheses and smallest effects is refused where it cannot be."""

import pytest

STUDIES, HYPOTHESES, SMALLEST = (f"seeds/codebook/{name}.csv" for name in ("studies", "hypotheses", "smallest_effects"))
# study, kind, quantity, outcomes, constructs, contrasts, themes, direction, day, statement
NUDGES = "panel,primary,nudge,activity,,a,,positive,2024-01-31,The wording makes more people take part"
CORRELATES = "panel,exploratory,correlate,,conditions,,health,,,Conditions go with activity"


@pytest.fixture
def study(project):
    """The one survey is a study, with a hypothesis about its nudge and one about its correlate."""
    project.append(STUDIES, "panel,riverside,wave_1")
    project.append(HYPOTHESES, f"wording,{NUDGES}")
    project.append(HYPOTHESES, f"conditions,{CORRELATES}")
    project.append(SMALLEST, "panel,nudge,5,2024-01-31,Less would not be worth a letter")
    return project


def test_a_study_with_hypotheses_and_a_smallest_effect_is_right(study):
    assert study.errors() == []


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("panel,hilltop,wave_1", "council_id", "no row of councils.csv has this council_id"),
        ("panel,riverside,wave_2", "wave_id", "no export of riverside has this wave_id"),
        ("other,riverside,wave_1", "wave_id", "in a study already, in line 2"),
    ],
)
def test_a_survey_that_cannot_be_in_a_study_is_refused(study, row, column, problem):
    study.append(STUDIES, row)
    error = study.only_error()
    assert (error.file, error.line, error.column) == (STUDIES, 3, column)
    assert problem in error.problem


@pytest.mark.parametrize("name", ["all", "Panel", "riverside/wave_1", "", "1panel"])
def test_a_study_needs_a_plain_name(project, name):
    project.append(STUDIES, f"{name},riverside,wave_1")
    assert (project.only_error().file, project.only_error().column) == (STUDIES, "study_id")


def test_a_council_without_exports_may_stay_in_a_study(study):
    """Its exports were removed from the codebook; a build without them has nothing to say about it."""
    study.append("seeds/codebook/councils.csv", "hilltop,Hilltop,England,1000,2011,rural,")
    study.append(STUDIES, "panel,hilltop,wave_1")
    assert study.errors() == []


@pytest.mark.parametrize(
    ("old", "new", "column", "problem"),
    [
        ("panel,primary", "pannel,primary", "study_id", "no row of studies.csv"),
        ("panel,primary", "panel,main", "kind", "this is no kind"),
        ("primary,nudge", "primary,level", "quantity_id", "this is no quantity_id"),
        ("nudge,activity", "nudge,activities", "outcome_ids", "cannot name activities here"),
        ("nudge,activity", "nudge,activity;age", "outcome_ids", "cannot name age here"),
        ("activity,,a,", "activity,conditions,a,", "construct_ids", "a nudge cannot name conditions here"),
        (",,a,,positive", ",,none,,positive", "contrast_ids", "cannot name none here"),
        (",,a,,positive", ",,a,sport,positive", "theme_ids", "cannot name sport here"),
        ("positive", "up", "direction", "this is no direction"),
        ("2024-01-31,The", "31/01/2024,The", "registered_on", "year-month-day"),
        ("The wording makes more people take part", "", "statement", "is blank"),
        ("wording,panel", "Wording,panel", "hypothesis_id", "small letters"),
        ("wording,panel", "conditions,panel", "hypothesis_id", "described twice, first in line 2"),
    ],
)
def test_a_hypothesis_that_cannot_be_is_refused(study, old, new, column, problem):
    study.replace(HYPOTHESES, old, new)
    error = next(error for error in study.errors() if error.column == column)
    assert error.file == HYPOTHESES and problem in error.problem


@pytest.mark.parametrize(
    ("row", "is_refused"),
    [
        (NUDGES.replace("activity,,a", ",,"), True),
        (NUDGES.replace(",,a,", ",,a;a,"), True),
        (CORRELATES.replace("conditions,,health", ",,"), True),
        (CORRELATES.replace("conditions,", "age,"), False),
        (CORRELATES.replace("conditions,", "age;conditions,"), True),
    ],
)
def test_a_test_belongs_to_one_hypothesis(study, row, is_refused):
    study.append(HYPOTHESES, f"again,{row}")
    assert [error.column for error in study.errors()] == (["hypothesis_id"] if is_refused else [])


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("pannel,correlate,0.1,,", "study_id"),
        ("panel,level,0.1,,", "quantity_id"),
        ("panel,correlate,1,,", "smallest_effect"),
        ("panel,correlate,0,,", "smallest_effect"),
        ("panel,correlate,-0.1,,", "smallest_effect"),
        ("panel,correlate,,,", "smallest_effect"),
        ("panel,correlate,small,,", "smallest_effect"),
        ("panel,correlate,0.1,31 January,", "declared_on"),
        ("panel,nudge,6,,", "quantity_id"),
    ],
)
def test_a_smallest_effect_that_cannot_be_is_refused(study, row, column):
    study.append(SMALLEST, row)
    error = study.only_error()
    assert (error.file, error.line, error.column) == (SMALLEST, 3, column)
