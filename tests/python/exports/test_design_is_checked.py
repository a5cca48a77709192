"""The check refuses a design that cannot be, and says what clusters and strata mean for the errors."""

import pytest

from coproduction.exports.checks import design_notes
from coproduction.statistics.methods.weights import sample_design

QUESTIONS, WAVES = "seeds/codebook/questions.csv", "seeds/codebook/waves.csv"
HEADER = "id,Q1,Q2,Q3,Q4,home,area\n"


def declare(project, *constructs, rows=(), themed=""):
    """Claim the columns home and area, and write an export with one row for each pair of them."""
    project.append("seeds/codebook/scales.csv", "names,Names,nominal,,")
    project.append("seeds/codebook/answers.csv", "names,*,valid,,,,")
    if "cluster" in constructs:
        project.append("seeds/codebook/constructs.csv", "cluster,Cluster,design,")
    if "stratum" in constructs:
        project.append("seeds/codebook/constructs.csv", "stratum,Stratum,design,")
    for column, construct in zip(("home", "area"), constructs, strict=False):
        project.append(QUESTIONS, f"riverside,{column},{construct},{themed or ','},names,false,true,")
    lines = [f"r{place},Often,Good,40,A,{home},{area}" for place, (home, area) in enumerate(rows)]
    project.write("seeds/exports/riverside.csv", HEADER + "\n".join(lines) + "\n")


HOMES = [(f"h{place // 2}", "north") for place in range(24)]


def test_a_usual_design_needs_no_word(project):
    declare(project, "cluster", "stratum", rows=HOMES)
    assert project.findings("error") == [] and project.notes() == []


def test_two_cluster_columns_are_refused(project):
    declare(project, "cluster", "cluster", rows=HOMES)
    error = next(error for error in project.errors() if error.file == QUESTIONS)
    assert error.column == "is_primary"
    assert 'measure cluster (about the person) and 2 of them are primary: columns "home", "area"' in error.problem


def test_a_cluster_with_a_theme_is_refused(project):
    declare(project, "cluster", rows=HOMES, themed="health,all")
    error = project.only_error()
    assert (error.file, error.column) == (QUESTIONS, "theme_id")
    assert 'the column "home" is the cluster of a respondent, and belongs to no theme' in error.problem


@pytest.mark.parametrize(("size", "is_refused"), [("", True), ("0", True), ("1000", False)])
def test_a_described_panel_needs_a_size(project, size, is_refused):
    project.replace(WAVES, "panel_size\n", "panel_size,describes\n")
    project.append(WAVES, f"riverside,wave_1,Spring,1,,,,{size},panel")
    assert [error.column for error in project.errors()] == ["describes"] * is_refused


def test_another_word_in_describes_is_refused(project):
    project.replace(WAVES, "panel_size\n", "panel_size,describes\n")
    project.append(WAVES, "riverside,wave_1,Spring,1,,,,1000,everybody")
    assert project.only_error().column == "describes"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([(f"h{place % 9}", "n") for place in range(24)], "only 9 clusters: levels and correlations have no interval"),
        ([(f"h{place}", "n") for place in range(24)], "every row has a cluster of its own"),
        ([("", "n")] * 24, "no row has a cluster"),
        ([*HOMES, ("", "north")], "1 row has no cluster; each counts as a cluster of one person"),
        ([*HOMES, ("h1", "south"), ("h1", "south")], "1 of 2 strata have one cluster"),
    ],
)
def test_what_clusters_and_strata_mean_is_said(project, rows, problem):
    declare(project, "cluster", "stratum", rows=rows)
    assert project.findings("error") == []
    assert [note for note in project.notes() if problem in note.problem], [note.problem for note in project.notes()]


def test_check_and_statistics_have_one_limit():
    assert design_notes.FEWEST_CLUSTERS == sample_design.FEWEST_CLUSTERS
