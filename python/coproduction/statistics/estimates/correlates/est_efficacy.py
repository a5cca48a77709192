"""Political and personal self-efficacy: which one correlates more with the outcomes. Associations, not effects."""

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
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import Z, p_value_of_t, p_value_of_z, within
from coproduction.statistics.methods.moments import ROUNDING, Correlation, correlation, sums

GROUP = (*KEYS, "outcome_id")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "comparison_id": TEXT,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "statistic": NUMBER,
    "df": NUMBER,
    "p_value": NUMBER,
    "reason": TEXT,
}


def estimate_efficacy(counts: pd.DataFrame) -> pd.DataFrame:
    """Correlate both kinds of self-efficacy with the outcome and with each other, and compare the first two.

    | comparison_id | estimate | interval | p_value |
    | --- | --- | --- | --- |
    | political_outcome | r of political self-efficacy and outcome | linearised, on Fisher's z | its z |
    | personal_outcome | r of personal self-efficacy and outcome | the same | the same |
    | political_personal | r of the two | the same | the same |
    | difference | political_outcome - personal_outcome | estimate -+ 1.96 * std_error | Williams' t, n-3 df |

    All four use the same respondents: those with the outcome and both answers. With r1, r2 and r12 in that order and
    D = 1 - r1^2 - r2^2 - r12^2 + 2 r1 r2 r12, Williams'

        t = (r1-r2) * sqrt((n-1)(1+r12) / (2 D (n-1)/(n-3) + ((r1+r2)/2)^2 (1-r12)^3))

    The difference's std_error is sqrt(mean((IF1-IF2)^2)/(n-1)) of the influence functions of est_correlates; it also
    holds where many answers are at the ends of a scale, whereas Williams' t assumes normal answers. `statistic` is t (z
    elsewhere).

    Args:
        counts: council_id, wave_id, theme_id, topic_id (of the political question), outcome_id, n_positive, n_answered
            (null or 0: no outcome), political_score, personal_score (null: no valid answer), n_respondents.

    Returns:
        Four rows per council, wave, theme, topic and outcome, sorted by these and comparison_id. `estimate` is a
        correlation, -1 to 1, or the difference of two. `reason` says why a number is missing.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `psych::paired.r(r1, r2, r12, n)`; `cor()`.
    Sources: Williams 1959, JRSS B 21:396; Steiger 1980, Psych Bull 87:245.

    """
    cells = read_counts(counts, text=GROUP, numbers=("n_positive", "n_answered", "political_score", "personal_score"))
    groups, group = number_groups(cells, GROUP)
    outcome = outcome_values(cells)
    political, personal = cells["political_score"].to_numpy(), cells["personal_score"].to_numpy()
    is_complete = ~np.isnan(outcome) & ~np.isnan(political) & ~np.isnan(personal)
    pairs = (group[is_complete], len(groups), cells["n_respondents"].to_numpy()[is_complete])
    outcome, political, personal = outcome[is_complete], political[is_complete], personal[is_complete]
    of = {
        "political_outcome": correlation(*pairs, political, outcome),
        "personal_outcome": correlation(*pairs, personal, outcome),
        "political_personal": correlation(*pairs, political, personal),
    }
    influence = [_influence(pairs, value, outcome) for value in (political, personal)]
    spread = sums(pairs[0], pairs[1], pairs[2] * (influence[0] - influence[1]) ** 2)
    comparisons = {name: _correlation_columns(value) for name, value in of.items()}
    comparisons["difference"] = _difference_columns(
        of["political_outcome"], of["personal_outcome"], of["political_personal"], spread
    )
    rows = [groups.assign(comparison_id=name, **columns) for name, columns in comparisons.items()]
    estimates = pd.concat(rows).sort_values([*GROUP, "comparison_id"], ignore_index=True)
    return typed(estimates.assign(weighting_id=UNWEIGHTED), TYPES)


def williams_t(r1: np.ndarray, r2: np.ndarray, r12: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Williams' t of r1 - r2: correlations of two variables with a third; r12 is that of the two; n-3 df.

    R: `psych::paired.r(r1, r2, r12, n)$t`, whose sign is that of r1 - r2.
    """
    determinant = 1 - r1**2 - r2**2 - r12**2 + 2 * r1 * r2 * r12
    scale = 2 * determinant * (n - 1) / (n - 3) + ((r1 + r2) / 2) ** 2 * (1 - r12) ** 3
    return (r1 - r2) * np.sqrt((n - 1) * (1 + r12) / scale)


def _influence(pairs: tuple[np.ndarray, int, np.ndarray], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Influence of each cell's respondents on the correlation of x and y."""
    group, n_groups, count = pairs
    n = sums(group, n_groups, count)

    def standardised(value: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", divide="ignore"):
            centred = value - (sums(group, n_groups, count * value) / n)[group]
            variance = sums(group, n_groups, count * centred**2) / n
            return centred / np.sqrt(np.where(variance > ROUNDING, variance, np.nan))[group]

    zx, zy = standardised(x), standardised(y)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = sums(group, n_groups, count * zx * zy) / n
    return zx * zy - r[group] * (zx**2 + zy**2) / 2


def _correlation_columns(of: Correlation) -> dict[str, Any]:
    is_missing = (of.n < 4) | of.is_perfect | (of.influence < ROUNDING)
    std_error = np.sqrt(np.where(is_missing, np.nan, of.influence) / np.maximum(of.n - 1, 1))
    fisher = np.arctanh(np.where(of.is_perfect, np.nan, of.estimate))
    error = std_error / of.unexplained
    return {
        "n_respondents": of.n,
        "estimate": of.estimate,
        "std_error": std_error,
        "std_error_type": "linearised",
        "ci_lower": np.tanh(fisher - Z * error),
        "ci_upper": np.tanh(fisher + Z * error),
        "statistic": fisher / error,
        "df": np.nan,
        "p_value": p_value_of_z(fisher / error),
        "reason": first_reason(
            [of.n < 4, of.is_constant_x | of.is_constant_y, of.is_perfect, is_missing],
            [
                "fewer than 4 respondents with the outcome and both answers",
                "one of the two does not vary",
                "perfect correlation: no test and no interval",
                "too few distinct answers for a standard error",
            ],
            default=None,
        ),
    }


def _difference_columns(
    political: Correlation, personal: Correlation, between: Correlation, spread: np.ndarray
) -> dict[str, Any]:
    n = political.n
    is_constant = np.isnan(political.estimate) | np.isnan(personal.estimate) | np.isnan(between.estimate)
    # If both questions have the same answers, the correlations are equal and t would be 0/0.
    is_same = between.is_perfect
    is_missing = (n < 4) | is_constant | is_same | political.is_perfect | personal.is_perfect
    r1, r2, r12 = (np.where(is_missing, np.nan, of.estimate) for of in (political, personal, between))
    sizes = np.where(is_missing, np.nan, n)
    error = np.sqrt(np.where(is_missing | (spread < ROUNDING), np.nan, spread) / np.maximum(n * (n - 1), 1))
    t = williams_t(r1, r2, r12, sizes)
    estimate = political.estimate - personal.estimate
    return {
        "n_respondents": n,
        "estimate": estimate,
        "std_error": error,
        "std_error_type": "linearised",
        "ci_lower": within(estimate - Z * error, estimate, -2, 2),
        "ci_upper": within(estimate + Z * error, estimate, -2, 2),
        "statistic": t,
        "df": sizes - 3,
        "p_value": p_value_of_t(t, sizes - 3),
        "reason": first_reason(
            [n < 4, is_constant, is_same, is_missing],
            [
                "fewer than 4 respondents with the outcome and both answers",
                "the outcome or an answer does not vary",
                "the two questions have the same answers but for scale",
                "perfect correlation: no test and no interval",
            ],
            default=None,
        ),
    }
