"""docs/add-a-council.md, followed to the letter: what the commands print is what the page shows."""

import re
import shutil

import pytest

from building import PROJECT, Project
from coproduction.cli import main

PAGE = (PROJECT / "docs" / "add-a-council.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def block_after(text: str, language: str) -> str:
    """Return the first block of a language after a text of the page."""
    position = PAGE.index(text)
    return next(body for kind, body in FENCE.findall(PAGE[position:]) if kind == language)


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
