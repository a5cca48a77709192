"""Respondents for the tests of the estimators, and the counting that SQL does in the warehouse."""

from pathlib import Path

import numpy as np
import pandas as pd

KEYS = {"council_id": "barnet", "wave_id": "wave_1", "theme_id": "health", "topic_id": "all"}
DESIGN = ("cluster_number", "stratum_number", "panel_size")
ARMS = np.array(["none", "a", "b", "both"])
REFERENCE = Path(__file__).parents[1] / "reference" / "estimators.csv"


def count(respondents: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Count equal rows into n_respondents, after adding constant columns (the usual keys and those given)."""
    constants = KEYS | columns
    values = [column for column in respondents if column not in constants]
    cells = respondents.groupby(values, dropna=False, as_index=False).size()
    cells = cells.rename(columns={"size": "n_respondents"}).assign(**constants)
    return cells[[*values, *constants, "n_respondents"]]


def weighted_counts(respondents: pd.DataFrame, weight: pd.Series) -> pd.DataFrame:
    """Count equal rows as SQL does with weights: in whole units of the largest, null where nobody has one."""
    units = (weight * (1e12 / weight.max() if weight.max() > 0 else 1)).round()
    sums = {"sum_weight": units, "sum_weight_squared": units**2, "sum_weight_fourth": ((units / 1e5) ** 4).round()}
    cells = respondents.assign(n_respondents=1, n_weighted=(weight > 0).astype(int), **sums)
    return cells.groupby(list(respondents.columns), dropna=False, as_index=False).sum(min_count=1)


def expand(cells: pd.DataFrame, *columns: str) -> list[np.ndarray]:
    """One entry per respondent of each column: what the estimators never see."""
    return [np.repeat(cells[column].to_numpy(), cells["n_respondents"]) for column in columns]


def _mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i * i) % 1009 * b) % 7919 % m


def respondents_of_reference() -> pd.DataFrame:
    """The 600 respondents of reference/estimators.R, from the same integer arithmetic."""
    i = np.arange(600)
    draw = _mix(i, 31, 7, 17)
    arm = ARMS[(draw >= 5).astype(int) + (draw >= 8) + (draw >= 14)]
    answered = 3 + _mix(i, 53, 11, 3)
    positive = np.minimum(answered, _mix(i, 97, 5, 4) + (arm == "both"))
    return pd.DataFrame(
        {
            "arm_id": arm,
            "n_positive": positive,
            "n_answered": answered,
            "collective_participation": (_mix(i, 61, 3, 10) < 2 + (arm == "b")).astype(int),
            "score": 1.0 + (2 * positive + _mix(i, 71, 13, 5)) % 5,
            "strong": 100 * positive / answered + _mix(i, 17, 19, 3) / 5,
        }
    )


def outcome_columns(respondents: pd.DataFrame, outcome_id: str) -> pd.DataFrame:
    """The outcome in the shape of the counts, n_positive and n_answered, and the design of a sample that has one."""
    if outcome_id == "individual_index":
        outcome = respondents[["n_positive", "n_answered"]]
    else:
        outcome = pd.DataFrame({"n_positive": respondents["collective_participation"], "n_answered": 1})
    return outcome.assign(**{column: respondents[column] for column in DESIGN if column in respondents})


def level_counts(respondents: pd.DataFrame, measure_id: str = "individual_index", **columns: object) -> pd.DataFrame:
    """Counts in the shape of estimate_levels."""
    of_all = {"measure_id": measure_id, "breakdown_id": "all", "breakdown_value": "all"}
    return count(outcome_columns(respondents, measure_id), **(of_all | columns))


def correlate_counts(
    respondents: pd.DataFrame, outcome_id: str = "individual_index", score: str = "score", **columns: object
) -> pd.DataFrame:
    """Counts in the shape of estimate_correlates; an answer_kind among the respondents' columns is kept."""
    kind = respondents.get("answer_kind", "valid")
    answers = outcome_columns(respondents, outcome_id).assign(answer_kind=kind, score=respondents[score])
    return count(answers, **({"construct_id": "conditions", "outcome_id": outcome_id} | columns))


def nudge_counts(respondents: pd.DataFrame, outcome_id: str = "individual_index", **columns: object) -> pd.DataFrame:
    """Counts in the shape of estimate_nudge_effects."""
    outcome = outcome_columns(respondents, outcome_id).assign(arm_id=respondents["arm_id"])
    return count(outcome, **({"outcome_id": outcome_id} | columns))


def gap_counts(respondents: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Counts in the shape of estimate_outcome_gaps."""
    return count(respondents[["n_positive", "n_answered", "collective_participation"]], **columns)
