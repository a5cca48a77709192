"""Joint answers for the tests of several correlates at once, counted as SQL counts them in the warehouse."""

import numpy as np
import pandas as pd
from survey_examples import KEYS

OUTCOMES = {"collective_participation": "group_participation", "individual_index": "individual_activity"}


def joint_counts(
    people: pd.DataFrame, correlates: list[str], weight: np.ndarray | None = None, **keys: str
) -> pd.DataFrame:
    """Count people with equal answers, outcomes and weight.

    Args: `people` has the columns `correlates`, and of each outcome <outcome>_positive and <outcome>_answered (NaN:
    missing). Correlates are about the topic `all` and sorted by name.
    """
    correlates = sorted(correlates)
    outcomes = [name for name in OUTCOMES if f"{name}_positive" in people]
    rows = people.assign(weight=np.nan if weight is None else weight)
    columns = [f"{name}_{part}" for part in ("positive", "answered") for name in outcomes]
    cells = rows.groupby([*columns, *correlates, "weight"], dropna=False, as_index=False).size()
    cells = cells.rename(columns={"size": "n_respondents"})
    counts = pd.DataFrame(KEYS | keys, index=cells.index).assign(
        outcome_ids=",".join(outcomes),
        outcome_construct_ids=",".join(OUTCOMES[name] for name in outcomes),
        construct_ids=",".join(correlates),
        correlate_topic_ids=",".join("all" for _ in correlates),
        n_respondents=cells["n_respondents"],
        sum_weight=cells["weight"] * cells["n_respondents"],
    )
    for part in ("positive", "answered"):
        counts[f"n_{part}"] = cells[[f"{name}_{part}" for name in outcomes]].fillna(0).to_numpy().tolist()
    return counts.assign(scores=cells[correlates].to_numpy(float).tolist())


def people_of(outcomes: dict[str, np.ndarray], answers: dict[str, np.ndarray]) -> pd.DataFrame:
    """One row per person, from outcomes of 0-1 in thousandths (NaN: missing) and answers."""
    people = pd.DataFrame(answers)
    for name, value in outcomes.items():
        of = 1 if name == "collective_participation" else 1000
        people[f"{name}_positive"] = np.round(np.asarray(value, float) * of)
        people[f"{name}_answered"] = np.where(np.isnan(people[f"{name}_positive"]), np.nan, of)
    return people
