"""docs/draft-a-codebook.md, followed to the letter: from a workbook to the levels, as the page shows."""

import csv
import io
import re
import shlex

import pytest

from building import PROJECT, Project
from coproduction.cli import main
from workbench.bench.layouts import write_xlsx

PAGE = (PROJECT / "docs" / "draft-a-codebook.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.slow


def blocks_after(heading: str) -> list[tuple[str, str]]:
    """Return language and text of the blocks after a heading of the page."""
    return FENCE.findall(PAGE[PAGE.index(heading) :])


@pytest.fixture(scope="module")
def millbrook(tmp_path_factory) -> Project:
    """A copy of the project with the workbook of the page."""
    project = Project.copy_to(tmp_path_factory.mktemp("millbrook"))
    (_, text), *_ = blocks_after("## 1. The file")
    write_xlsx(project.directory / "panel_2025.xlsx", {"Responses": list(csv.reader(io.StringIO(text)))})
    return project


def test_the_six_commands_of_the_readme_are_those_of_the_page():
    """The first three make the environment; the others are run below, as the page shows them."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    text = FENCE.findall(readme[readme.index("## Your own survey") :])[0][1]
    commands = [shlex.split(line) for line in text.splitlines()]
    assert len(commands) <= 6
    assert [command[0] for command in commands[:3]] == ["git", "cd", "make"]
    of_page = [blocks_after(heading)[0][1] for heading in ("## 2. Draft", "## 4. Add", "## 5. Build")]
    assert [[command[0].rpartition("/")[2], *command[1:]] for command in commands[3:]] == [*map(shlex.split, of_page)]


def follow(heading, project, capsys, monkeypatch) -> tuple[str, str]:
    """Run the command below a heading in the project's folder; return what it prints and what the page shows."""
    (_, command), (_, shown), *_ = blocks_after(heading)
    monkeypatch.chdir(project.directory)
    monkeypatch.setenv("COPRODUCTION_WAREHOUSE", str(project.warehouse_path))
    main(shlex.split(command)[1:])
    return capsys.readouterr().out, shown


def test_the_commands_print_what_the_page_shows_and_the_build_gives_its_levels(millbrook, capsys, monkeypatch):
    printed, shown = follow("## 2. Draft", millbrook, capsys, monkeypatch)
    assert printed == shown
    printed, shown = follow("## 4. Add", millbrook, capsys, monkeypatch)
    assert printed == shown
    (_, command), *_ = blocks_after("## 5. Build")
    variables = shlex.split(command)[2:]
    parts = [
        "+rpt_levels",
        "+rpt_exports",
        "+plan_surveys",
        "--indirect-selection",
        "cautious",
        "--exclude-resource-type",
        "unit_test",
    ]
    build = millbrook.build("--select", *parts, *variables)
    assert build.succeeded, build.output
    main(["levels"])
    assert capsys.readouterr().out.startswith(blocks_after("`coproduction levels` then prints:")[0][1])
    # The page promises a report, in which only a survey of enough people is.
    assert millbrook.query("select council_id from disclosure.plan_surveys where not is_withheld").size == 1
