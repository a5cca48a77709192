"""Invented councils with several waves: a panel, a panel with weights, and two samples of numbered rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from building import Project
from questionnaires import FREQUENCY, activity, describe, groups, rows_of

WAVES = ("spring", "summer", "autumn")
AGES = ["25 to 34", "45 to 54", "65 to 74"]
_PEOPLE = [
    {"column_name": "gender", "construct_id": "gender", "scale_id": "gender"},
    {"column_name": "age", "construct_id": "age", "scale_id": "age_bands"},
]


def write_panel(project: Project) -> dict[str, pd.DataFrame]:
    """Write three waves of 400, 380 and 300 people; more join groups in summer; the scale of trust grows in autumn.

    Of the 15 people aged 65 to 74 in spring, 12 answer again in summer.
    """
    random = np.random.default_rng(23)
    n = 700
    people = pd.DataFrame({"id": [f"P{place:03d}" for place in range(n)]})
    people["gender"] = random.choice(["Female", "Male", "Prefer not to say"], n, p=[0.5, 0.45, 0.05])
    people["age"] = np.where(np.arange(n) < 15, AGES[2], random.choice(AGES[:2], n))
    eager = random.normal(size=n)
    there = {"spring": np.arange(400), "summer": np.r_[3:250, 420:553], "autumn": np.r_[100:200, 500:700]}
    return {
        wave: _write_wave(project, "panel", wave, people.iloc[who], eager[who] + 0.35 * (place > 0), random, place == 2)
        for place, (wave, who) in enumerate(there.items())
    }


def _write_wave(
    project: Project,
    council: str,
    wave: str,
    people: pd.DataFrame,
    eager: np.ndarray,
    random: np.random.Generator,
    is_last: bool = False,
) -> pd.DataFrame:
    frame, n = people.copy(), len(people)
    for column in ("join", "act_1", "act_2", "act_3"):
        done = eager + random.normal(size=n) > 0.4
        frame[column] = np.where(
            random.random(n) < 0.04, "Don't know", np.where(done, random.choice(FREQUENCY[:2], n), "Never")
        )
    frame["informed"] = [str(value) for value in random.integers(1, 11 if is_last else 6, n)]
    name = f"{council}_{wave}"
    informed = {"column_name": "informed", "construct_id": "informed", "theme_id": "environment"}
    informed["scale_id"] = "one_to_ten" if is_last else "one_to_five"
    asked = "Do you join groups?" if is_last else "How often do you join groups?"
    questions = [*_PEOPLE, groups("join", question_text=asked), informed, *map(activity, ("act_1", "act_2", "act_3"))]
    if "weight" in frame:
        questions.append({"column_name": "weight", "construct_id": "weight", "scale_id": "any_weight"})
    project.write_export(name, rows_of(frame))
    describe(project, {"export_id": name, "council_id": council, "wave_id": wave, "respondent_column": "id"}, questions)
    project.list_exports(name)
    return frame.assign(weight=pd.to_numeric(frame["weight"])) if "weight" in frame else frame


def write_weighted_panel(project: Project) -> dict[str, pd.DataFrame]:
    """Write two waves of 260 people each, 180 of them the same, with weights."""
    random = np.random.default_rng(29)
    people = pd.DataFrame({"id": [f"W{place:03d}" for place in range(340)]})
    people["gender"], people["age"] = random.choice(["Female", "Male"], 340), random.choice(AGES[:2], 340)
    eager = random.normal(size=340)
    found = {}
    for wave, who in {"spring": np.arange(260), "summer": np.arange(80, 340)}.items():
        drawn = people.iloc[who].assign(weight=[f"{w:.3f}" for w in random.choice([0.5, 1, 1.25, 2], 260)])
        found[wave] = _write_wave(project, "weighted_panel", wave, drawn, eager[who], random)
    return found


def write_numbered(project: Project) -> dict[str, pd.DataFrame]:
    """Write two waves of different people whose files number their rows 1, 2, 3."""
    random = np.random.default_rng(31)
    found = {}
    for wave in WAVES[:2]:
        people = pd.DataFrame({"id": [str(place) for place in range(1, 201)]})
        people["gender"], people["age"] = random.choice(["Female", "Male"], 200), random.choice(AGES[:2], 200)
        found[wave] = _write_wave(project, "numbered", wave, people, random.normal(size=200), random)
    return found


def write_panels(project: Project) -> dict[str, dict[str, pd.DataFrame]]:
    """Write all of them, with the order of their waves, and return their raw answers; after `prepare`."""
    makers = {"panel": write_panel, "weighted_panel": write_weighted_panel, "numbered": write_numbered}
    project.append_codebook("councils", [f"{name},{name},England,1000,2011,rural,Invented" for name in makers])
    written = {name: write(project) for name, write in makers.items()}
    order = [f"{name},{wave},{wave.title()},{WAVES.index(wave)}," for name in makers for wave in written[name]]
    project.append_codebook("waves", order)
    return written


def raw_answers(project: Project, export_id: str) -> pd.DataFrame:
    """Return the raw answers of an export that was written before."""
    header, *rows = project.read_export(export_id)
    return pd.DataFrame(rows, columns=header)
