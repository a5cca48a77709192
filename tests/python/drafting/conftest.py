"""A project without answers to build from, a survey of a new council, and its draft."""

import csv
import shutil
from pathlib import Path

import pytest

from building import PROJECT
from coproduction.cli import main
from coproduction.exports.project_files import read_codebook

# A survey that nobody has seen: 30 residents of an invented council.
HEADER = [
    "Ref",
    "Q1. In the last 12 months, how often have you ... [Picked up litter]",
    "Q1. In the last 12 months, how often have you ... [Reported fly-tipping]",
    "Q2. How often do you join with others in a local group to look after the environment?",
    "Q3. How satisfied are you with what the council tells you about the environment?",
    "Q4. People like me can make a real difference to the local environment",
    "Q5. How much time would you be willing to give, working with others on the environment?",
    "Gender",
    "Age",
    "Comments",
    "Email",
]
OFTEN = ["Always", "Often", "Sometimes", "Rarely", "Never", "Don't know"]
SATISFIED = [
    "Very satisfied",
    "Fairly satisfied",
    "Neither satisfied nor dissatisfied",
    "Fairly dissatisfied",
    "Very dissatisfied",
]
AGREED = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree"]
TIME = ["None", "Less than an hour a month", "3-5 hours a month", "1-2 hours a week"]
COUNCIL = [
    "--council-name",
    "Hillford",
    "--country",
    "England",
    "--population",
    "52000",
    "--population-year",
    "2021",
    "--area-type",
    "free_standing",
]


def rows(n_rows=30):
    lists = [OFTEN, OFTEN, OFTEN, SATISFIED, AGREED, TIME, ["Female", "Male"]]
    steps = [1, 3, 5, 1, 2, 3, 1]
    return [
        [
            f"H{number:03}",
            *(options[number * step % len(options)] for options, step in zip(lists, steps, strict=True)),
            str(20 + number),
            "The bins are mostly late here" if number % 4 == 0 else "",
            f"a{number}@example.org",
        ]
        for number in range(n_rows)
    ]


def write_csv(path: Path, header, body) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *body])
    return path


@pytest.fixture(scope="session")
def codebook():
    found, findings = read_codebook(PROJECT)
    assert findings == []
    return found


class Workplace:
    """A project, a survey, and the commands; what they print is in ``said``."""

    def __init__(self, folder: Path, capsys) -> None:
        self.project = folder / "project"
        self.folder = folder
        self.draft = folder / "draft"
        self.capsys = capsys
        self.file = write_csv(folder / "hillford.csv", HEADER, rows())
        shutil.copytree(PROJECT / "seeds", self.project / "seeds")
        shutil.copy(PROJECT / "dbt_project.yml", self.project)

    def run(self, *arguments) -> str:
        code = main([*map(str, arguments), "--project-dir", str(self.project)])
        captured = self.capsys.readouterr()
        self.code = code
        return captured.out + captured.err

    def make_draft(self, *files) -> str:
        shutil.rmtree(self.draft, ignore_errors=True)
        return self.run("draft", *(files or (self.file,)), "--into", self.draft)

    def add(self, *options, file=None) -> str:
        named = ("--council", "hillford", "--wave", "wave_1", *COUNCIL)
        return self.run("add", file or self.file, "--codebook", self.draft, *(options or named))

    def change(self, table, change) -> None:
        """Change the rows of a file of the draft; ``change`` gets a list of rows by column."""
        path = self.draft / f"{table}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            read = csv.DictReader(file)
            header, found = list(read.fieldnames), list(read)
        found = change(found) or found
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(found)

    def read(self, table) -> list[dict[str, str]]:
        with (self.draft / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.project)): path.read_bytes() for path in self.project.rglob("*") if path.is_file()
        }


@pytest.fixture
def place(tmp_path, capsys) -> Workplace:
    return Workplace(tmp_path, capsys)
