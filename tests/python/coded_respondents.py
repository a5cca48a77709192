"""Respondents coded in Python from the raw file: nothing of the project's SQL or statistics is in it."""

import pandas as pd

from building import Project

SCORES = {
    "barnet": ["Very poor", "Fairly poor", "Neither good nor poor", "Fairly good", "Very good"],
    "wolverhampton": ["Very bad", "Bad", "Average", "Good", "Very good"],
}
ARMS = {
    "barnet": {"Standard": "none", "Version A": "a", "Version B": "b", "Version A and B": "both"},
    "wolverhampton": {"control": "none", "nudge_a": "a", "nudge_b": "b", "nudge_a_and_b": "both"},
}
COLUMNS = {
    "barnet": ("Q2", "QVERSION", ["Q4", "Q8"], [f"Q{q}_{i}" for q in (3, 7) for i in range(1, 6)]),
    "wolverhampton": ("env_Conditions", "nudge_group", ["env_Group"], None),
}
THEMES = {"barnet": "community_safety", "wolverhampton": "environment"}


def people_of(project: Project, export_id: str, source: str | None = None) -> pd.DataFrame:
    """One row per respondent: index, collective participation, score of the conditions, arm and weight.

    Args: `export_id` is an export of a project whose exports have weights as `studies.add_weights` gives them;
    `source` is the bundled export that it is a copy of, if it is a copy.
    """
    header, *rows = project.read_export(export_id)
    raw, source = pd.DataFrame(rows, columns=header), source or export_id
    conditions, nudge, groups, items = COLUMNS[source]
    items = items or [name for name in header if name.startswith("env_") and name[4].islower()]
    yes_or_no = {"Often": 1, "Sometimes": 1, "Never": 0, "Yes, often": 1, "Yes, sometimes": 1, "No, never": 0}

    def answers(columns: list[str]) -> pd.DataFrame:
        return raw[columns].apply(lambda column: column.map(yes_or_no))

    done = answers(items)
    is_asked = raw[items].ne("Not asked").sum(axis=1)
    index = done.mean(axis=1).where(done.notna().sum(axis=1) * 2 >= is_asked)
    people = pd.DataFrame({"individual_index": index, "collective_participation": answers(groups).max(axis=1)})
    people["score"] = raw[conditions].map({label: score for score, label in enumerate(SCORES[source], 1)})
    people["is_unknown"] = raw[conditions].eq("Don't know")
    people["arm"] = raw[nudge].map(ARMS[source])
    if source == "barnet":
        people["weight"] = raw["W"].replace("", "nan").astype(float)
    else:
        # One margin: raking is a division.
        gender = raw["Sex"].map({"Woman": 0.7, "Man": 0.3})
        people["share"] = gender
        n = gender.groupby(gender, dropna=False).transform("size")
        people["weight"] = (gender * gender.notna().sum() / n).fillna(1)
    return people
