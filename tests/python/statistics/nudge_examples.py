"""Respondents of an experiment for the tests of the nudges, the same as in reference/nudges_reference.R."""

from pathlib import Path

import numpy as np
import pandas as pd
from survey_examples import KEYS, respondents_of_reference

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference" / "nudges_reference.csv", index_col="quantity")["value"]
OUTCOMES = {"index": "individual_index", "collective": "collective_participation"}
STRENGTHS = {"none": 0.0, "a": 1.0, "b": 2.0, "both": 4.0}


def _mix(a: int, b: int, m: int) -> np.ndarray:
    i = np.arange(600)
    return (i * a + (i * i) % 1009 * b) % 7919 % m


def experiment_of_reference(n: int = 600) -> pd.DataFrame:
    """The first respondents of the reference, with missing outcomes and covariates."""
    people = respondents_of_reference()[["arm_id", "n_positive", "n_answered", "collective_participation"]]
    people = people.astype({"n_positive": float, "n_answered": float, "collective_participation": float})
    bands = np.array(["18-34", "35-54", "55-74", "75+", None], dtype=object)
    people["age_band"] = bands[np.searchsorted([9, 22, 35, 38], _mix(43, 29, 40), side="right")]
    people["gender_score"] = np.array([1.0, 2.0, np.nan])[np.searchsorted([14, 31], _mix(37, 23, 33), side="right")]
    has_no_index = _mix(41, 13, 19) == 0
    people.loc[has_no_index, ["n_positive", "n_answered"]] = np.nan
    is_lost = (_mix(59, 17, 23) == 0) | (people["arm_id"].eq("b") & (_mix(83, 3, 9) == 0))
    people["collective_participation"] = people["collective_participation"].mask(is_lost)
    return people[:n]


def values_of(people: pd.DataFrame, outcome_id: str) -> pd.Series:
    """The outcome of each respondent on 0-1, NaN where missing."""
    if outcome_id == "individual_index":
        return people["n_positive"] / people["n_answered"]
    return people["collective_participation"].astype(float)


def experiment_counts(
    people: pd.DataFrame, outcome_id: str = "individual_index", by: tuple[str, ...] = (), **columns: object
) -> pd.DataFrame:
    """Counts in the shape of cnt_nudges; with by=("age_band", "gender_score") in that of cnt_nudge_covariates."""
    cells = people[["arm_id", *by, "n_positive", "n_answered"]].copy()
    if outcome_id == "collective_participation":
        cells["n_positive"] = people["collective_participation"]
        cells["n_answered"] = people["collective_participation"].notna().astype(float).replace(0, np.nan)
    cells = cells.assign(**(KEYS | {"outcome_id": outcome_id} | columns))
    return cells.groupby(list(cells), dropna=False, as_index=False).size().rename(columns={"size": "n_respondents"})


def covariate_counts(people: pd.DataFrame, outcome_id: str = "individual_index", **columns: object) -> pd.DataFrame:
    """Counts in the shape of cnt_nudge_covariates."""
    return experiment_counts(people, outcome_id, ("age_band", "gender_score"), **columns)


def profile_counts(people: pd.DataFrame, outcomes: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Counts in the shape of cnt_nudge_profiles.

    Args: `people` with arm_id; `outcomes` maps theme/topic/outcome to a frame of n_positive and n_answered.
    """
    profiles = []
    for row in range(len(people)):
        parts = [
            f"{name}={int(values['n_positive'].iloc[row])}/{int(values['n_answered'].iloc[row])}"
            for name, values in sorted(outcomes.items())
            if values["n_answered"].iloc[row] > 0
        ]
        profiles.append(";".join(parts))
    frame = pd.DataFrame({"arm_id": people["arm_id"].to_numpy(), "outcomes": profiles})
    frame = frame.assign(council_id=KEYS["council_id"], wave_id=KEYS["wave_id"])
    return frame.groupby(list(frame), dropna=False, as_index=False).size().rename(columns={"size": "n_respondents"})
