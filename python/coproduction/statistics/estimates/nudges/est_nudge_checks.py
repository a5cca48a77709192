"""Checks of the experiments: equal sizes of the arms, balance of the covariates, missing outcomes by arm."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.nudges.nudge_models import COVARIATES, GROUP
from coproduction.statistics.methods.contrasts import split_groups
from coproduction.statistics.methods.counts import (
    COUNT,
    NUMBER,
    SURVEY,
    TEXT,
    UNWEIGHTED,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import p_value_of_chi_square
from coproduction.statistics.methods.regressions.adjustment import SINGULAR
from coproduction.statistics.methods.resampling import (
    monte_carlo_error,
    permuted_tables,
    seed_of,
    share_as_extreme,
)

TYPES = dict.fromkeys(GROUP, TEXT) | {
    "check_id": TEXT,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_arms": COUNT,
    "share_missing": NUMBER,
    "largest_difference": NUMBER,
    "statistic": NUMBER,
    "df": NUMBER,
    "p_value": NUMBER,
    "p_value_randomisation": NUMBER,
    "p_value_randomisation_error": NUMBER,
    "reason": TEXT,
}


def estimate_nudge_checks(covariates: pd.DataFrame) -> pd.DataFrame:
    """Check each experiment: sizes of the arms, balance of the covariates, missing outcomes by arm.

    | check_id | statistic | df |
    | --- | --- | --- |
    | `arm_counts` | sum((n_a - n/k)^2 / (n/k)), against equal allocation to k arms | k-1 |
    | `covariate_balance` | (n-1) * Pillai's trace of all dummies of age band and gender on the arms | rank*(k-1) |
    | `non_response` | Pearson's chi-square of arm by outcome missing or not | k-1 |

    A missing age band or gender is a separate level, because respondents were assigned before they answered. p_value is
    chi-square's upper tail; p_value_randomisation permutes the arms over the respondents (1,999 times, seeded by the
    keys) and should be read instead for covariate_balance and wherever few outcomes are missing. Arms without
    respondents are not in the counts. In sound experiments about one of twenty checks has a p below 0.05.

    Args:
        covariates: council_id, wave_id, theme_id, topic_id, outcome_id, arm_id (null: not in the experiment), age_band,
            gender_score, n_positive, n_answered (null or 0: the outcome is missing), n_respondents.

    Returns:
        One row per council, wave, theme, topic, outcome and check, sorted by them. The first two checks describe the
        survey, with `all` as theme, topic and outcome, and count the respondents of the outcome that was asked most
        often. `largest_difference`, a share 0-1, is between the largest and the smallest arm's share of respondents,
        between an arm and all respondents in the share of any age band or gender, or between the highest and lowest
        share missing. `share_missing` is over all arms, for non_response only. `reason` says why a test is missing.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `chisq.test(table(arm))`; `summary(manova(z ~ arm), test = "Pillai")` times n-1;
    `chisq.test(table(arm, is.na(y)), correct = FALSE)`.
    Source: Hansen and Bowers 2008, Statistical Science 23:219 (omnibus balance with a permutation reference).

    """
    text, numbers = (*GROUP, "arm_id", "age_band"), ("gender_score", "n_positive", "n_answered")
    cells = read_counts(covariates, text=text, numbers=numbers)
    cells = cells[cells["arm_id"].notna()]
    rows = []
    for survey, of_survey in split_groups(cells, SURVEY):
        groups = list(split_groups(of_survey, GROUP))
        rows += [dict(zip(GROUP, key, strict=True)) | _non_response(of_group, key) for key, of_group in groups]
        # The first outcome with most respondents: it covers the whole experiment, unless some were asked about no
        # outcome.
        _, everybody = max(groups, key=lambda group: group[1]["n_respondents"].sum())
        whole = dict(zip(GROUP, (*survey, "all", "all", "all"), strict=True))
        rows += [whole | check for check in (_arm_counts(everybody), _balance(everybody, survey))]
    checks = pd.DataFrame(rows, columns=list(TYPES)).sort_values([*GROUP, "check_id"], ignore_index=True)
    p_value = checks["p_value_randomisation"].to_numpy(NUMBER)
    error = monte_carlo_error(p_value)
    return typed(checks.assign(weighting_id=UNWEIGHTED, p_value_randomisation_error=error), TYPES)


def _table(cells: pd.DataFrame, level: np.ndarray, n_levels: int) -> np.ndarray:
    """Respondents by arm (sorted) and level."""
    arm_ids, arm = np.unique(cells["arm_id"].to_numpy(dtype=str), return_inverse=True)
    table = np.zeros((len(arm_ids), n_levels), dtype=np.int64)
    np.add.at(table, (arm, level), cells["n_respondents"].to_numpy())
    return table


def _arm_counts(cells: pd.DataFrame) -> dict[str, Any]:
    n = _table(cells, np.zeros(len(cells), dtype=int), 1)[:, 0]
    expected = n.sum() / len(n)
    has_arms = len(n) > 1
    statistic = ((n - expected) ** 2 / expected).sum() if has_arms else np.nan
    return {
        "check_id": "arm_counts",
        "n_respondents": n.sum(),
        "n_arms": len(n),
        "largest_difference": (n.max() - n.min()) / n.sum(),
        "statistic": statistic,
        "df": len(n) - 1 if has_arms else np.nan,
        "p_value": p_value_of_chi_square(statistic, len(n) - 1) if has_arms else np.nan,
        "reason": None if has_arms else "the survey has a single arm",
    }


def _balance(cells: pd.DataFrame, survey: tuple) -> dict[str, Any]:
    asked = [column for column in COVARIATES if cells[column].notna().any()]
    levels = [cells[column].astype("str").fillna("").to_numpy(dtype=str) for column in asked]
    names = np.unique(np.array(levels).T.reshape(len(cells), -1), axis=0, return_inverse=True) if asked else None
    check = {"check_id": "covariate_balance", "n_respondents": cells["n_respondents"].sum()}
    if names is None:
        reason = "the survey has neither age nor gender"
        return check | {"n_arms": cells["arm_id"].nunique(), "reason": reason}
    profiles, profile = names[0], names[1].reshape(-1)
    table = _table(cells, profile, len(profiles))
    # One dummy per level is one too many for each covariate; the rank is used, so this does no harm.
    dummies = np.hstack([(column[:, None] == np.unique(column)[None, :]).astype(NUMBER) for column in profiles.T])
    return check | _omnibus(table, dummies, seed_of(*survey, "covariate_balance"))


def _omnibus(table: np.ndarray, dummies: np.ndarray, seed: int) -> dict[str, Any]:
    """Omnibus test that the arms have the same mean of every dummy.

    Args: `table` of shape (arms, profiles), `dummies` of shape (profiles, dummies).
    """
    n_arm, n_profile, n = table.sum(axis=1), table.sum(axis=0), table.sum()
    found = {"n_arms": len(n_arm)}
    centred = dummies - n_profile @ dummies / n
    eigenvalues, vectors = np.linalg.eigh((centred * n_profile[:, None]).T @ centred)
    is_kept = eigenvalues > SINGULAR * n
    if len(n_arm) < 2 or not is_kept.any():
        return found | {"reason": "the survey has a single arm" if len(n_arm) < 2 else "no covariate varies"}
    # With standardised, uncorrelated columns Pillai's trace is a sum of squares.
    scores = centred @ (vectors[:, is_kept] / np.sqrt(eigenvalues[is_kept]))

    def statistic(tables: np.ndarray) -> np.ndarray:
        return (n - 1) * ((tables @ scores) ** 2 / n_arm[:, None, None]).sum(axis=(0, 2))

    observed = statistic(table[:, None, :])
    permuted = statistic(permuted_tables(table, np.random.default_rng(seed)))
    df = int(is_kept.sum()) * (len(n_arm) - 1)
    return found | {
        "largest_difference": np.abs((table @ centred) / n_arm[:, None]).max(),
        "statistic": observed[0],
        "df": df,
        "p_value": p_value_of_chi_square(observed[0], df),
        "p_value_randomisation": share_as_extreme(permuted, observed),
        "reason": None,
    }


def _non_response(cells: pd.DataFrame, key: tuple) -> dict[str, Any]:
    is_missing = np.isnan(outcome_values(cells))
    table = _table(cells, is_missing.astype(int), 2)
    n = table.sum(axis=1)
    share = table[:, 1].sum() / n.sum()
    check = {
        "check_id": "non_response",
        "n_respondents": n.sum(),
        "n_arms": len(n),
        "share_missing": share,
        "largest_difference": np.ptp(table[:, 1] / n),
    }
    reasons = {
        "the survey has a single arm": len(n) < 2,
        "no outcome is missing": share == 0,
        "every outcome is missing": share == 1,
    }
    reason = next((reason for reason, applies in reasons.items() if applies), None)
    if reason:
        return check | {"reason": reason}

    def statistic(tables: np.ndarray) -> np.ndarray:
        expected = n[:, None] * share
        return ((tables[:, :, 1] - expected) ** 2 / (expected * (1 - share))).sum(axis=0)

    observed = statistic(table[:, None, :])
    permuted = statistic(permuted_tables(table, np.random.default_rng(seed_of(*key, "non_response"))))
    return check | {
        "statistic": observed[0],
        "df": len(n) - 1,
        "p_value": p_value_of_chi_square(observed[0], len(n) - 1),
        "p_value_randomisation": share_as_extreme(permuted, observed),
        "reason": None,
    }
