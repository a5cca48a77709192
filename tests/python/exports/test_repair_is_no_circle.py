"""After `repair` the check never asks for `repair` again, whatever faults come together in a file."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coproduction.exports.checking import check_project
from coproduction.exports.repairing import repair_project
from coproduction.files.file_checks import RUN_REPAIR
from thorough import IS_THOROUGH

EXPORT = "seeds/exports/riverside.csv"
HEADER = "id,Q1,Q2,Q3,Q4,Extra"
ROWS = [
    "1,Often,Good,34,A,0.5",
    "2,Never,Poor,51,None,1.25",
    "3,don\u2019t  know,Good,Prefer not to say,A,",
    '4,Often,Good,34,A,"1,5"',
]
MARK = "\ufeff"

# Each fault changes the text of a file; the encoding is changed last.
FAULTS = {
    "title above": lambda text: "Panel survey\n" + text,
    "mark at the beginning twice": lambda text: 2 * MARK + text,
    "mark in the middle": lambda text: text.replace("\n2", f"\n{MARK}2"),
    "two exports joined": lambda text: text + text,
    "two exports joined with marks": lambda text: MARK + text + MARK + text,
    "header twice": lambda text: text.replace("\n", f"\n{text.splitlines()[0]}\n", 1),
    "header twice with invisible characters": lambda text: text.replace("\n", f"\n{text.splitlines()[0]}\u200b\n", 1),
    "semicolons and decimal commas": lambda text: text.replace(",", ";").replace(".", ","),
    "tabs": lambda text: text.replace(",", "\t"),
    "mixed line ends": lambda text: text.replace("\n", "\r\n", 2),
    "empty columns": lambda text: text.replace("\n", ",,\n"),
    "cells at every end": lambda text: text.split("\n", 1)[0] + "\n" + text.split("\n", 1)[1].replace("\n", ",\n"),
    "invisible character in an id": lambda text: text.replace("\n1", "\n1\u200b"),
    "invisible character in an answer": lambda text: text.replace("Often", "Of\u00adten"),
    "invisible character in a name": lambda text: text.replace("Q3", "Q3\u00a0"),
    "no-break space around an answer": lambda text: text.replace("Good", "\u00a0Good"),
    "formula": lambda text: text.replace("Never", "=1+1"),
    "lookalike": lambda text: text.replace("Often", "\u041eften"),
    "unknown answer": lambda text: text.replace("Poor", "Poorly"),
    "short row": lambda text: text + "5,Often\n",
    "row of commas": lambda text: text + ",,,,,\n",
    "blank lines": lambda text: text.replace("\n", "\n\n"),
}  # fmt: skip
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]

bounded = settings(
    max_examples=1000 if IS_THOROUGH else 100,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def asks_for_repair(directory):
    """The plain command: a file whose encoding nobody can recognise asks for it with an option."""
    return [finding for finding in check_project(directory) if finding.remedy == RUN_REPAIR]


def spoiled(text, faults, encoding):
    for fault in faults:
        text = FAULTS[fault](text)
    return text.encode(encoding, errors="replace")


def restored(project):
    """Take away what an earlier example has left, and write every file as it was."""
    for path in [*project.directory.rglob("*.original*"), *project.directory.rglob("*.new")]:
        path.unlink()
    return type(project)(project.directory)


@pytest.mark.slow
@bounded
@given(
    faults=st.lists(st.sampled_from(sorted(FAULTS)), min_size=1, max_size=4, unique=True),
    encoding=st.sampled_from(ENCODINGS),
)
def test_of_an_export(project, faults, encoding):
    project = restored(project)
    project.write(EXPORT, spoiled("\n".join([HEADER, *ROWS, ""]), faults, encoding))
    asked = asks_for_repair(project.directory)
    repairs = repair_project(project.directory)
    assert bool(asked) == any(not repair.findings for repair in repairs), (asked, repairs)
    assert asks_for_repair(project.directory) == []


CODEBOOK_FAULTS = ["title above", "mark at the beginning twice", "two exports joined", "two exports joined with marks",
                   "header twice", "header twice with invisible characters", "semicolons and decimal commas", "tabs",
                   "mixed line ends", "empty columns", "cells at every end", "blank lines"]  # fmt: skip
BOOK_FAULTS = {
    "space in a cell": lambda text: text.replace("health,all", "health, all"),
    "invisible character": lambda text: text.replace("riverside", "riverside\u200b"),
    "formula": lambda text: text.replace(",true,\n", ",true,=1+1\n"),
    "rows of commas": lambda text: text + ",,,,,,,,\n",
}


@pytest.mark.slow
@bounded
@given(
    faults=st.lists(st.sampled_from([*CODEBOOK_FAULTS, *BOOK_FAULTS]), min_size=1, max_size=4, unique=True),
    encoding=st.sampled_from(ENCODINGS),
)
def test_of_a_codebook_file(project, faults, encoding):
    project = restored(project)
    name = "seeds/codebook/questions.csv"
    text = (project.directory / name).read_text(encoding="utf-8")
    for fault in faults:
        text = (FAULTS | BOOK_FAULTS)[fault](text)
    project.write(name, text.encode(encoding, errors="replace"))
    asked = asks_for_repair(project.directory)
    repairs = repair_project(project.directory)
    assert bool(asked) == any(not repair.findings for repair in repairs), (asked, repairs)
    assert asks_for_repair(project.directory) == []
