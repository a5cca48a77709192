"""docs/add-a-council.md, followed to the letter: what the commands print is what the page shows."""

import csv
import io
import re
import shutil
from pathlib import Path

import pytest

from building import PROJECT, Project
from coproduction.cli import main

PAGE = (PROJECT / "docs" / "add-a-council.md").read_text(encoding="utf-8")
# Language, what the block is (a file, or levels), and its text.
FENCE = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHAPES = PAGE[PAGE.index("## Files of other shapes") : PAGE.index("## The same person in two files")]


def block_after(text: str, language: str) -> str:
    """Return the first block of a language after a text of the page."""
    position = PAGE.index(text)
    return next(body for kind, _, body in FENCE.findall(PAGE[position:]) if kind == language)


@pytest.fixture(scope="module")
def hillford(tmp_path_factory) -> Project:
    """A copy of the project with the files of the page, and the synthetic exports switched off."""
    project = Project.copy_to(tmp_path_factory.mktemp("hillford"))
    project.export_path("hillford").write_text(block_after("## 1. The file", "csv"), encoding="utf-8")
    for table in ("exports", "councils", "questions"):
        added = block_after(f". `seeds/codebook/{table}.csv`", "csv").splitlines()
        project.append_codebook(table, added)
    project.list_exports("hillford")
    settings = project.directory / "dbt_project.yml"
    settings.write_text(settings.read_text().replace("include_synthetic: true", "include_synthetic: false"))
    return project


def printed(capsys, *arguments: str) -> str:
    main([*arguments])
    return capsys.readouterr().out


def test_the_check_prints_what_the_page_shows(hillford, capsys):
    output = printed(capsys, "check", "hillford", "--project-dir", str(hillford.directory))
    assert output == block_after("`coproduction check hillford` says:", "text")


def test_a_mistyped_answer_is_refused_as_the_page_shows(hillford, capsys, tmp_path):
    copy = Project.copy_of(hillford, tmp_path / "copy")
    path = copy.export_path("hillford")
    path.write_text(path.read_text().replace("H004,Never,", "H004,Oftn,"))
    output = printed(capsys, "check", "hillford", "--project-dir", str(copy.directory))
    assert block_after("Suppose H004 answered", "text") in output
    shutil.rmtree(copy.directory)


def test_the_build_gives_the_levels_that_the_page_shows(hillford, capsys, monkeypatch):
    parts = ["+rpt_levels", "+rpt_exports", "--indirect-selection", "cautious", "--exclude-resource-type", "unit_test"]
    build = hillford.build("--select", *parts)
    assert build.succeeded, build.output
    monkeypatch.setenv("COPRODUCTION_WAREHOUSE", str(hillford.warehouse_path))
    output = printed(capsys, "levels", "--project-dir", str(hillford.directory))
    assert output.startswith(block_after("`coproduction levels` prints:", "text"))


# --- Files of other shapes ---


# What the examples leave out because it is the same in all of them.
LEFT_OUT = {"respondent_role": "citizen", "provenance": "real"}


def add_rows(project: Project, file: str, text: str) -> None:
    """Add the rows of an example to a file of the codebook; columns that the file lacks are added, others blank."""
    path = project.directory / file
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    added = list(csv.DictReader(io.StringIO(text)))
    names = [*header, *(name for name in added[0] if name not in header)]
    rows = [row + [""] * (len(names) - len(header)) for row in rows]
    rows += [[row.get(name) or LEFT_OUT.get(name, "") for name in names] for row in added]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([names, *rows])
    path.write_text(out.getvalue(), encoding="utf-8")


@pytest.fixture(scope="module")
def shapes(tmp_path_factory) -> Project:
    """Every example of the section in one project, with the rows that the page leaves to its first part."""
    project = Project.copy_to(tmp_path_factory.mktemp("shapes"))
    files, exports = [], []
    for _, file, text in FENCE.findall(SHAPES):
        if file.startswith("seeds/exports/"):
            files.append(Path(file).stem)
            project.export_path(files[-1]).write_text(text, encoding="utf-8")
        elif file.startswith("seeds/codebook/"):
            add_rows(project, file, text)
        if file == "seeds/codebook/exports.csv":
            exports += [row["file"] for row in csv.DictReader(io.StringIO(text))]
    described = "".join(f"{file},{file},wave_1,Ref\n" for file in files if file not in exports)
    add_rows(project, "seeds/codebook/exports.csv", "export_id,council_id,wave_id,respondent_column\n" + described)
    add_rows(project, "seeds/codebook/councils.csv", "council_id,council_name,country,population,population_year,"
             "area_type\n" + "".join(f"{file},{file},England,1000,2011,rural\n" for file in files))  # fmt: skip
    project.list_exports(*files)
    return project


def test_every_shape_of_the_page_gives_the_level_that_stands_under_it(shapes):
    parts = ["+est_levels", "+answer_reconciliation"]
    parts += ["--indirect-selection", "cautious", "--exclude-resource-type", "unit_test"]
    build = shapes.build("--vars", "{include_synthetic: false}", "--select", *parts)
    assert build.succeeded, build.output
    levels = shapes.query(
        "from estimates.est_levels where topic_id = 'all' and breakdown_id = 'all' and weighting_id = 'unweighted'"
    ).set_index(["council_id", "wave_id", "measure_id"])
    printed = [
        line.split() for _, kind, text in FENCE.findall(SHAPES) if kind == "levels" for line in text.splitlines()
    ]
    assert len(printed) == 10
    for council, wave, measure, n_respondents, level in printed:
        found = levels.loc[(council, wave, measure)]
        assert (found.n_respondents, found.estimate) == (int(n_respondents), pytest.approx(float(level), abs=1e-6))
