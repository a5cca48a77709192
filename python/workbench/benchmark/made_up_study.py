"""Makes a study of any size to measure with: made-up respondents, seeded, and labelled as synthetic in the codebook.

Each export has four themes with the same questions: activities, groups, time, and five questions that are correlated
with them. Questions about the person and the version of the questionnaire come first. Answers depend on one hidden
number for each respondent, so that correlations and effects of the nudges differ from 0.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import duckdb
import numpy as np

from coproduction.codebook.tables import codebook_file
from coproduction.exports.project_files import PROJECT_FILE
from coproduction.study.making import make_study

SEED = 20101
THEMES = ("environment", "community_safety", "wellbeing", "health")
ARMS = ("Standard", "Version A", "Version B", "Version A and B")
# Of the questions of a theme, the constructs that come once, with their scales.
ONCE = {
    "group_participation": "frequency",
    "time_willing": "time_monthly",
    "conditions": "good_poor",
    "satisfaction_response": "satisfaction",
    "satisfaction_information": "satisfaction",
    "satisfaction_consultation": "satisfaction",
    "political_self_efficacy": "agreement",
}
N_ACTIVITIES = 8
ABOUT_THE_PERSON = {"nudge": "nudge_version", "gender": "gender", "age": "age_bands", "ethnicity": "ethnicity"}
# How many of a hundred answers are Don't Know, or its like, and how many are blank.
PERCENT_MISSING = (3, 2)
SYNTHETIC = "Synthetic: made to measure with; it describes nobody."


@dataclass(frozen=True)
class Size:
    """How large a study is: respondents and claimed columns of each export, councils, and waves of each council."""

    n_respondents: int
    n_exports: int = 5
    n_questions: int = 64
    n_waves: int = 1

    @property
    def rows_of_export(self) -> int:
        """Respondents of each export."""
        return self.n_respondents // self.n_exports


@dataclass(frozen=True)
class Question:
    """A column of an export: name, what it asks about and with which scale."""

    name: str
    construct: str
    theme: str
    scale: str
    is_primary: bool = True


def questions_of(size: Size) -> list[Question]:
    """Return the questions of each export of a study: 64 of them, or more, with more of them in each theme."""
    questions = [Question(construct, construct, "", scale) for construct, scale in ABOUT_THE_PERSON.items()]
    for theme in THEMES:
        activities = [f"{theme}_activity_{place + 1}" for place in range(N_ACTIVITIES)]
        questions += [Question(name, "individual_activity", theme, "frequency") for name in activities]
        questions += [Question(f"{theme}_{construct}", construct, theme, scale) for construct, scale in ONCE.items()]
    return questions + list(islice(_further_questions(), size.n_questions - len(questions)))


def _further_questions() -> Iterator[Question]:
    """Yield in turn one more activity of each theme, and one more question about satisfaction that is not primary."""
    for place, theme in enumerate(cycle(THEMES)):
        number = place // len(THEMES)
        if number % 2:
            yield Question(f"{theme}_further_{number}", "satisfaction_response", theme, "satisfaction", False)
        else:
            yield Question(f"{theme}_activity_{N_ACTIVITIES + 1 + number}", "individual_activity", theme, "frequency")


def write_made_up_study(folder: Path, size: Size) -> None:
    """Make a study of a size in a new folder: a project that can be built, without the bundled exports."""
    make_study(folder)
    questions, names = questions_of(size), [f"town_{number:03}" for number in range(1, size.n_exports + 1)]
    _append(folder, "councils", (_council(name) for name in _councils(names, size)))
    _append(folder, "exports", (_export(name, *_survey(name, size)) for name in names))
    _append(folder, "questions", (_question_row(name, question) for name in names for question in questions))
    if size.n_waves > 1:
        _append(folder, "waves", (_wave(*_survey(name, size)) for name in names))
    settings = (folder / PROJECT_FILE).read_text(encoding="utf-8")
    listed = "".join(f"    - {name}\n" for name in names)
    begin = settings.index("  exports:")
    end = settings.index("\n", begin) + 1
    settings = f"{settings[:begin]}  exports:\n{listed}{settings[end:]}"
    (folder / PROJECT_FILE).write_text(settings, encoding="utf-8")
    labels = _labels_by_scale(folder)
    for place, name in enumerate(names):
        council = _survey(name, size)[0]
        codes = answers_of(size.rows_of_export, questions, labels, np.random.default_rng([SEED, place]))
        _write_export(folder / "seeds/exports" / f"{name}.csv", council, questions, labels, codes)


def answers_of(
    n: int, questions: Sequence[Question], labels: dict[str, list[str]], random: np.random.Generator
) -> dict[str, np.ndarray]:
    """Return for each question the answers of n respondents: places in the labels of its scale, or one more for blank.

    The labels of a scale are ordered from its highest score to its lowest; Don't Know and its like follow.
    """
    person, arm = random.standard_normal(n), random.integers(0, len(ARMS), n)
    codes = {}
    for question in questions:
        scale = labels[question.scale]
        n_valid = len(scale) - (question.construct != "nudge")
        if question.construct == "nudge":
            codes[question.name] = arm.astype(np.uint8)
            continue
        # Each nudge moves what people do a little.
        nudged = 0.1 * np.array([0, 1, 2, 3])[arm] if question.scale == "frequency" else 0.0
        tendency = 0.5 * person + nudged + random.standard_normal(n)
        limits = np.linspace(1.2, -1.2, n_valid - 1) if n_valid > 2 else np.zeros(1)
        answer = np.digitize(tendency, limits, right=True).astype(np.uint8)
        draw = random.integers(0, 100, n)
        answer[draw < sum(PERCENT_MISSING)] = n_valid
        answer[draw < PERCENT_MISSING[1]] = len(scale)
        codes[question.name] = answer
    return codes


def _write_export(
    path: Path, council: str, questions: Sequence[Question], labels: dict[str, list[str]], codes: dict[str, np.ndarray]
) -> None:
    columns = [f"'{council}-' || lpad(place::varchar, 7, '0') as id"]
    for question in questions:
        listed = ", ".join("'" + label.replace("'", "''") + "'" for label in labels[question.scale])
        columns.append(f'([{listed}])[{question.name}::integer + 1] as "{question.name}"')
    n = len(codes[questions[0].name])
    with duckdb.connect() as connection:
        connection.register("codes", codes | {"place": np.arange(1, n + 1)})
        connection.execute(f"copy (select {', '.join(columns)} from codes) to '{path}' (header)")


def _labels_by_scale(folder: Path) -> dict[str, list[str]]:
    """Return the labels of each scale that is used, valid ones first, from the codebook of the study."""
    used = {question.scale for question in questions_of(Size(0))}
    labels: dict[str, list[str]] = {scale: [] for scale in used}
    with (folder / codebook_file("answers")).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["scale_id"] in used and row["answer_kind"] != "not_applicable":
                labels[row["scale_id"]].append(row["answer_label"])
    return labels


def _append(folder: Path, table: str, rows: Iterator[dict[str, object]]) -> None:
    path = folder / codebook_file(table)
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, lineterminator="\n").writerows(rows)


def _survey(name: str, size: Size) -> tuple[str, str]:
    """Return the council and the wave of an export: consecutive exports are the waves of one council."""
    place = int(name.rsplit("_", 1)[1]) - 1
    return f"council_{1 + place // size.n_waves:03}", f"wave_{1 + place % size.n_waves}"


def _councils(names: Sequence[str], size: Size) -> list[str]:
    return sorted({_survey(name, size)[0] for name in names})


def _council(council: str) -> dict[str, object]:
    about = {"country": "England", "population": 100000, "population_year": 2011, "area_type": "free_standing"}
    return {
        "council_id": council,
        "council_name": council.replace("_", " ").title(),
        "characteristics": SYNTHETIC,
        **about,
    }


def _wave(council: str, wave: str) -> dict[str, object]:
    return {"council_id": council, "wave_id": wave, "sort_order": wave.rsplit("_", 1)[1]}


def _export(name: str, council: str, wave: str) -> dict[str, object]:
    survey = {"council_id": council, "wave_id": wave, "respondent_role": "citizen", "respondent_column": "id"}
    return {"export_id": name, **survey, "provenance": "synthetic", "notes": SYNTHETIC}


def _question_row(name: str, question: Question) -> dict[str, object]:
    return {
        "export_id": name,
        "column_name": question.name,
        "construct_id": question.construct,
        "theme_id": question.theme,
        "topic_id": "all" if question.theme else "",
        "scale_id": question.scale,
        "is_reversed": "false",
        "is_primary": str(question.is_primary).lower(),
    }
