"""Draws the surveys that `make attack` attacks: 12 to 950 people, most with a group of 1 to 9 of them.

In turn, a survey has answers of the council's staff, respondents with flags, a second wave of nearly the same people,
and categories to which it is raked.
"""

from __future__ import annotations

import collections
import csv
import random

from building import Project
from studies import BUNDLED

# The sizes for which docs/disclosure.md says how much is withheld, and others.
SIZES = (100, 300, 900, 12, 16, 25, 35, 45, 60, 80, 130, 170, 200, 240, 400, 500, 650, 800, 950)
# A column of each export with groups, of which one is made small; Swansea has neither characteristics nor arms.
DIVIDED = {
    "barnet": ("Q16", "Q18", "QVERSION"),
    "bristol": ("qversion",),
    "derbyshire_dales": ("Gender", "Age_group"),
    "swansea": (),
    "wolverhampton": ("Sex", "EthnicGroup", "nudge_group"),
}
# The shares of women in the population, to which the samples of Wolverhampton are raked in turn.
WOMEN = (0.51, 0.85, 0.25)
# Staff answer these questions, too.
_OF_STAFF = ("group_participation", "satisfaction_response", "conditions")
_STAFF = (8, 12, 14, 25, 40, 80, 150)
_MINUTES = "Recorded_duration"

Rows = list[list[str]]


def draw(project: Project, n_surveys: int) -> dict[str, int]:
    """Add the surveys as councils of their own; return the number of rows of each."""
    sizes = {}
    sources = {name: project.read_export(name) for name in BUNDLED}
    project.append_codebook("scales", ["recorded_minutes,Minutes,decimal,0,1000"])
    for number in range(n_surveys):
        drawn, source = random.Random(number), BUNDLED[number % len(BUNDLED)]
        council_id, (header, *rows) = f"survey_{number}", sources[source]
        id_column = project.respondent_column(source)
        chosen = _sample(number, drawn, header, rows, source, header.index(id_column))
        project.copy_council(source, council_id, every=1)
        if number % 3 == 2:
            header, chosen = _with_flags(project, council_id, drawn, header, chosen)
        project.write_export(council_id, [header, *chosen])
        if number % 2:
            _add_staff(project, source, council_id, drawn, rows, header)
        if number % 4 == 3:
            _add_wave(project, source, council_id, drawn, header, chosen)
        if source == "wolverhampton":
            margins = [f"{council_id},wave_1,gender_label,{group},{share}" for group, share in margin(number).items()]
            project.append_codebook("weight_margins", margins)
        sizes[council_id] = len(chosen)
    for name in BUNDLED:
        project.write_export(name, sources[name][:1])
    return sizes


def _sample(number: int, drawn: random.Random, header: list[str], rows: Rows, source: str, place_of_id: int) -> Rows:
    """Draw the citizens of a survey; in two of three, a group is made small."""
    # With replacement, because no bundled export has 950 rows of citizens with each feature.
    chosen = [list(row) for row in drawn.choices(rows, k=SIZES[number % len(SIZES)])]
    for place, row in enumerate(chosen):
        row[place_of_id] = f"{number}-{place}"
    if DIVIDED[source] and number % 3:
        column = header.index(drawn.choice(DIVIDED[source]))
        common = collections.Counter(row[column] for row in chosen if row[column]).most_common(2)
        answer = common[-1][0]
        n_kept, few = drawn.randint(1, 9), [row for row in chosen if row[column] == answer]
        chosen = [row for row in chosen if row not in few[n_kept:]]
    return chosen


def _with_flags(
    project: Project, council_id: str, drawn: random.Random, header: list[str], chosen: Rows
) -> tuple[list[str], Rows]:
    """Give respondents flags: of straight-liners most are hasty too, others blank, and some rows occur twice."""
    by_scale: dict[str, list[int]] = collections.defaultdict(list)
    for question in _questions(project, council_id):
        if question["theme_id"]:
            by_scale[question["scale_id"]].append(header.index(question["column_name"]))
    batteries = [columns for columns in by_scale.values() if len(columns) >= 4]
    most = len(chosen) // 4
    n_straight, n_blank, n_twice = (min(drawn.randint(0, highest), most) for highest in (40, 20, 15))
    n_hasty = n_straight + drawn.randint(-3, 9)
    for row in chosen[:n_straight]:
        for columns in batteries:
            for column in columns:
                row[column] = row[columns[0]] or row[column]
    for row in chosen[n_straight : n_straight + n_blank]:
        for columns in by_scale.values():
            for column in columns:
                row[column] = ""
    chosen = [[*row, "3" if place < n_hasty else "12"] for place, row in enumerate(chosen)]
    project.append_codebook("questions", [f"{council_id},{_MINUTES},duration,,,recorded_minutes,false,true,Recorded."])
    return [*header, _MINUTES], [*chosen, *(list(row) for row in chosen[len(chosen) - n_twice :])]


def _add_staff(
    project: Project, source: str, council_id: str, drawn: random.Random, rows: Rows, header: list[str]
) -> None:
    """Let some staff answer the questions about groups, services and conditions."""
    questions = [question for question in _questions(project, source) if question["construct_id"] in _OF_STAFF]
    places = [header.index(question["column_name"]) for question in questions]
    staff = drawn.choices(rows, k=drawn.choice(_STAFF))
    answers = [[str(number), *(row[place] for place in places)] for number, row in enumerate(staff)]
    export_id = f"{council_id}_staff"
    project.write_export(export_id, [["id", *(question["column_name"] for question in questions)], *answers])
    _describe(project, export_id, f"{council_id},wave_1,staff,id,synthetic,,Drawn for the attack", questions)


def _add_wave(
    project: Project, source: str, council_id: str, drawn: random.Random, header: list[str], chosen: Rows
) -> None:
    """Ask nearly the same people again: some drop out, some answer otherwise, and some are new."""
    id_column = project.respondent_column(source)
    place_of_id = header.index(id_column)
    stay = [list(row) for row in chosen if drawn.random() < drawn.choice((0.97, 0.8))]
    new = [list(row) for row in drawn.sample(chosen, min(drawn.randint(0, 30), len(chosen)))]
    questions = _questions(project, council_id)
    for place, row in enumerate(new):
        row[place_of_id] = f"new-{place}"
    columns = [header.index(question["column_name"]) for question in questions if question["theme_id"]]
    for row in stay:
        for column in columns:
            if drawn.random() < 0.15:
                row[column] = drawn.choice(chosen)[column]
    export_id = f"{council_id}_later"
    project.write_export(export_id, [header, *stay, *new])
    _describe(project, export_id, f"{council_id},wave_2,citizen,{id_column},synthetic,,Drawn for the attack", questions)
    project.append_codebook("waves", [f"{council_id},wave_1,,1,,,,", f"{council_id},wave_2,,2,,,,"])


def _describe(project: Project, export_id: str, facts: str, questions: list[dict[str, str]]) -> None:
    """Add an export with questions of another one to the codebook."""
    project.append_codebook("exports", [f"{export_id},{facts}"])
    project.append_codebook("questions", [_as_line(question | {"export_id": export_id}) for question in questions])
    project.list_exports(export_id)


def _as_line(question: dict[str, str]) -> str:
    return ",".join('"' + value.replace('"', '""') + '"' for value in question.values())


def _questions(project: Project, export_id: str) -> list[dict[str, str]]:
    path = project.directory / "seeds" / "codebook" / "questions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["export_id"] == export_id]


def margin(number: int) -> dict[str, float]:
    """Return the shares of women and men to which a survey is raked, by its number."""
    women = WOMEN[number // len(BUNDLED) % len(WOMEN)]
    return {"Female": women, "Male": round(1 - women, 2)}


def known_shares(n_surveys: int) -> dict[tuple[str, str], dict[tuple[str, str], float]]:
    """Return the margins as an outsider knows them; surveys that are not raked have no weighted rows."""
    return {
        (f"survey_{number}", "wave_1"): {("gender", group): share for group, share in margin(number).items()}
        for number in range(n_surveys)
    }
