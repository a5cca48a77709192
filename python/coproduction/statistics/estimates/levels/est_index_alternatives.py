"""Alternative definitions of the outcomes, and the level of the outcome under each definition."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import (
    COUNT,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    first_reason,
    number_groups,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import t_interval_of_share, wilson_interval
from coproduction.statistics.methods.moments import Moments, moments

COUNTED_COLUMNS = (
    "n_asked",
    "n_answered",
    "n_positive",
    "n_often",
    "n_dont_know",
    "collective_participation",
    "collective_often",
    "collective_dont_know",
)
# The definition that all other tables use.
HEADLINE = "sometimes_or_often"
TYPES = dict.fromkeys(KEYS, TEXT) | {
    "outcome_id": TEXT,
    "alternative_id": TEXT,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "difference": NUMBER,
    "reason": TEXT,
}


def estimate_index_alternatives(counts: pd.DataFrame) -> pd.DataFrame:
    """Level of both outcomes under each definition that a reader might expect.

    | outcome_id | alternative_id | value of a respondent | who takes part |
    | --- | --- | --- | --- |
    | individual_index | sometimes_or_often | positive / answered | at least half of the asked answered |
    | individual_index | often_only | often / answered | the same |
    | individual_index | any_activity | 1 if positive > 0, else 0 | the same |
    | individual_index | dont_know_as_no | positive / (answered + Don't Know) | at least half answered or Don't Know |
    | collective_participation | sometimes_or_often | 1 if any group question is positive | a valid answer |
    | collective_participation | often_only | 1 if any is often | the same |
    | collective_participation | dont_know_as_no | the same; only Don't Know is 0 | a valid answer or a Don't Know |

    Mean with Student's interval (std_error_type `mean`) for shares of activities; proportion with Wilson's (`wilson`)
    for yes or no. `difference` is the estimate minus that of `sometimes_or_often`, the definition in all other tables.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, n_asked, n_answered, n_positive, n_often, n_dont_know (of the
            activities), collective_participation, collective_often (0, 1 or null), collective_dont_know (questions
            answered Don't Know), n_respondents.

    Returns:
        One row per council, wave, theme, topic, outcome and alternative, sorted by them; an outcome that was not asked
        has no rows. `estimate`, its interval and `difference` are on the 0-1 scale. `reason` says why a mean or an
        interval is missing.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `t.test(x)`; `prop.test(k, n, correct = FALSE)$conf.int`.
    Sources: Student 1908, Biometrika 6:1; Wilson 1927, JASA 22:209.

    """
    cells = read_counts(counts, text=KEYS, numbers=COUNTED_COLUMNS)
    groups, group = number_groups(cells, KEYS)
    respondents = cells["n_respondents"].to_numpy()
    empty = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in (*KEYS, "outcome_id", "alternative_id")})
    rows = [empty]
    for outcome_id, alternatives in _values(cells).items():
        was_asked = np.bincount(group, weights=_was_asked(cells, outcome_id), minlength=len(groups)) > 0
        of_outcome = []
        for alternative_id, (value, is_yes_or_no) in alternatives.items():
            known = ~np.isnan(value)
            level = moments(group[known], len(groups), respondents[known], value[known])
            columns = _yes_or_no(level) if is_yes_or_no else _mean(level)
            of_outcome.append(groups.assign(outcome_id=outcome_id, alternative_id=alternative_id, **columns))
        headline = of_outcome[list(alternatives).index(HEADLINE)]["estimate"]
        rows += [frame.assign(difference=frame["estimate"] - headline)[was_asked] for frame in of_outcome]
    estimates = typed(pd.concat(rows, ignore_index=True).assign(weighting_id=UNWEIGHTED), TYPES)
    return estimates.sort_values([*KEYS, "outcome_id", "alternative_id"], ignore_index=True)


def _values(cells: pd.DataFrame) -> dict[str, dict[str, tuple[np.ndarray, bool]]]:
    """Value of each cell's respondents under each alternative (NaN: left out), and whether it is yes or no."""
    asked, answered, positive, often, dont_know, collective, collective_often, collective_dont_know = (
        cells[name].to_numpy() for name in COUNTED_COLUMNS
    )

    def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        takes_part = (whole > 0) & (2 * whole >= asked)
        return np.divide(part, whole, out=np.full(len(cells), np.nan), where=takes_part)

    index = share(positive, answered)
    only_dont_know = np.isnan(collective) & (collective_dont_know > 0)
    return {
        "individual_index": {
            HEADLINE: (index, False),
            "often_only": (share(often, answered), False),
            "any_activity": (np.where(np.isnan(index), np.nan, positive > 0), True),
            "dont_know_as_no": (share(positive, answered + dont_know), False),
        },
        "collective_participation": {
            HEADLINE: (collective, True),
            "often_only": (collective_often, True),
            "dont_know_as_no": (np.where(only_dont_know, 0.0, collective), True),
        },
    }


def _was_asked(cells: pd.DataFrame, outcome_id: str) -> np.ndarray:
    if outcome_id == "individual_index":
        return cells["n_asked"].to_numpy() > 0
    return cells["collective_participation"].notna().to_numpy() | (cells["collective_dont_know"].to_numpy() > 0)


def _mean(level: Moments) -> dict[str, Any]:
    std_error = np.where(level.is_constant, np.nan, level.standard_error)
    lower, upper = t_interval_of_share(level.mean, std_error, np.maximum(level.n - 1, 1))
    return {
        "n_respondents": level.n,
        "estimate": level.mean,
        "std_error": std_error,
        "std_error_type": "mean",
        "ci_lower": lower,
        "ci_upper": upper,
        "reason": first_reason(
            [level.n == 0, level.n < 2, level.is_constant],
            [
                "no respondent takes part",
                "one respondent: no standard error",
                "the index does not vary: no standard error",
            ],
            default=None,
        ),
    }


def _yes_or_no(level: Moments) -> dict[str, Any]:
    n = np.where(level.n == 0, np.nan, level.n)
    n_yes = np.rint(n * level.mean)
    lower, upper = wilson_interval(n_yes, n)
    return {
        "n_respondents": level.n,
        "estimate": level.mean,
        "std_error": np.sqrt(level.mean * (1 - level.mean) / n),
        "std_error_type": "wilson",
        "ci_lower": lower,
        "ci_upper": upper,
        "reason": first_reason([level.n == 0], ["no respondent takes part"]),
    }
