"""A person is erased by one command: nothing that the person wrote is left in the project, also after a kill."""

import csv
import signal

import pytest

from building import Project
from faulty import Faulty

# What one person alone wrote, in a cell of each kind: the id, an answer that is tolerated, a comment, an address.
ID, ANSWER = "person-to-be-erased-4711", "typed-by-hand-4711"
COMMENT, ADDRESS = "lives beside the mill-4711", "resident-4711@example.org"
MARKERS = (ID, ANSWER, COMMENT, ADDRESS)
WITH_RESPONDENTS = "{publish_respondents: true}"

# What the process is about to do when it is killed.
MOMENTS = [
    "cli.erase_command:plan_erasure",
    "cli.erase_command:_remove_what_was_made",
    "cli.erase_command:erase_rows",
    "cli.erase_command:erase_rows:2",
    "cli.erase_command:traces_of",
]


@pytest.fixture(scope="module")
def all_that_is_made(template, tmp_path_factory) -> Project:
    """The project with a person whose words are nobody else's, and all that can be made of the answers."""
    project = Project.copy_of(template.project, tmp_path_factory.mktemp("person") / "project")
    header, *rows = project.read_export("bristol")
    of_id, of_answer = header.index(project.respondent_column("bristol")), header.index("env_act05")
    rows = [[*row, "", f"resident-{number}@example.org"] for number, row in enumerate(rows)]
    rows[7][of_id], rows[7][of_answer], rows[7][-2:] = ID, ANSWER, [COMMENT, ADDRESS]
    project.write_export("bristol", [[*header, "Comments", "E-mail"], *rows])
    row = f"bristol,env_act05,{ANSWER},0.05,A word instead of a code.,2026-11-01"
    project.append_codebook("tolerated_answers", [row])
    build = project.run("coproduction", "build", "--vars", WITH_RESPONDENTS)
    assert build.succeeded, build.output
    for command in (
        ["workbook"],
        ["export", "bristol", "--respondents"],
        ["draft", "seeds/exports/bristol.csv", "--into", "bristol_draft"],
    ):
        made = project.run("coproduction", *command)
        assert made.succeeded, made.output
    people = [["serial", "gender"], *([row[of_id], "fm"[number % 2]] for number, row in enumerate(rows))]
    with (project.directory / "panel.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(people)
    made = project.run("coproduction", "assign", "panel.csv", "--arms", "none,a", "--by", "gender")
    assert made.succeeded, made.output
    return project


@pytest.fixture
def with_person(all_that_is_made, tmp_path) -> Faulty:
    return Faulty(Project.copy_of(all_that_is_made, tmp_path / "project"))


def files_with_a_marker(faulty) -> dict[str, set[str]]:
    """Return the files of the project in which something of the person is found, and what."""
    found = {}
    for path in faulty.project.directory.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        markers = {marker for marker in MARKERS if marker.encode() in content}
        if markers:
            found[path.relative_to(faulty.project.directory).as_posix()] = markers
    return found


# What people made of the answers themselves; the command names these files and changes none of them.
NAMED = {
    "bristol_draft/answers.csv", "bristol_draft/questions.csv", "panel.csv", "panel_with_arms.csv",
}  # fmt: skip


@pytest.mark.fault("erased people")
def test_an_erased_person_is_nowhere_but_in_the_files_that_are_named(with_person):
    faulty = with_person
    before = faulty.build_id()
    assert NAMED | {
        "seeds/exports/bristol.csv", "seeds/codebook/tolerated_answers.csv",
        "warehouse/coproduction.duckdb", "warehouse/published.duckdb",
        "exported/bristol/bristol.csv", "exported/bristol/bristol.sav",
    } <= set(files_with_a_marker(faulty))  # fmt: skip
    returncode, output = faulty.start("coproduction", "erase", "bristol", ID).finish()
    assert returncode == 0, output
    assert "The person is gone from the exports, the warehouse and" in output
    assert faulty.build_id() != before
    assert set(files_with_a_marker(faulty)) == NAMED
    (named,) = (line for line in output.splitlines() if "is still in: " in line)
    assert all(file in named for file in NAMED)
    for file in NAMED:
        (faulty.project.directory / file).unlink()
    (old,) = (line for line in output.splitlines() if line.startswith("Made before, with this person"))
    assert "tables.xlsx" in old
    assert "study.html" not in old


@pytest.mark.fault("kills of an erasure")
def test_an_erasure_that_is_killed_is_finished_by_the_same_command(with_person):
    """Until the rows are out of the export, every kill leaves a command that can be given again."""
    faulty = with_person
    for moment in MOMENTS:
        killed = faulty.start("coproduction", "erase", "bristol", ID, FAULT_KILL_BEFORE=moment)
        assert killed.finish()[0] == -signal.SIGKILL
        found = set(files_with_a_marker(faulty)) - NAMED
        assert ("seeds/exports/bristol.csv" in found) == (moment != MOMENTS[-1]), (moment, found)
    # The rows are out, and nothing that was made of them is left: all that is missing is a build.
    assert not found
    returncode, output = faulty.start("coproduction", "erase", "bristol", ID).finish()
    assert returncode == 1
    assert "no export of bristol has the id" in output
    build = faulty.project.build()
    assert build.succeeded, build.output
    assert set(files_with_a_marker(faulty)) == NAMED


@pytest.mark.fault("kills of a report")
@pytest.mark.parametrize("page", [1, 4])
def test_a_report_that_is_killed_has_whole_pages_and_the_next_leaves_nothing_behind(faulty, page):
    reports = faulty.project.directory / "reports"
    assert faulty.start("coproduction", "report").finish()[0] == 0
    before = {path.name: path.read_bytes() for path in reports.iterdir()}
    killed = faulty.start("coproduction", "report", FAULT_KILL_BEFORE=f"reporting.pages:_write:{page}")
    assert killed.finish()[0] == -signal.SIGKILL
    assert {path.name: path.read_bytes() for path in reports.glob("*.html")} == before
    # As if the kill had come while a page was written.
    (reports / ".study.html.4194304000.new").write_text("half a page")
    assert faulty.start("coproduction", "report").finish()[0] == 0
    assert {path.name: path.read_bytes() for path in reports.iterdir()} == before
