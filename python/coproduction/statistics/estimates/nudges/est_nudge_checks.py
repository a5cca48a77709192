"""Checks of the experiments: were the arms drawn evenly, are they alike, did they answer alike, and what if not."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.nudges.est_nudge_effects import COVARIATES, GROUP, POINTS, SURVEY
from coproduction.statistics.methods.contrasts import CONTROL, split_groups
from coproduction.statistics.methods.counts import COUNT, NUMBER, TEXT, UNWEIGHTED, outcome_values, read_counts, typed
from coproduction.statistics.methods.inference import p_value_of_chi_square
from coproduction.statistics.methods.randomisation import (
    N_PERMUTATIONS,
    monte_carlo_error,
    permuted_tables,
    seed_of,
    share_as_extreme,
)

CHECK_TYPES = dict.fromkeys(GROUP, TEXT) | {
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
BOUND_TYPES = dict.fromkeys(GROUP, TEXT) | {
    "contrast_id": TEXT,
    "method_id": TEXT,
    "weighting_id": TEXT,
    "n_arm": COUNT,
    "n_control": COUNT,
    "share_missing_arm": NUMBER,
    "share_missing_control": NUMBER,
    "share_trimmed": NUMBER,
    "estimate": NUMBER,
    "bound_lower": NUMBER,
    "bound_upper": NUMBER,
    "reason": TEXT,
}

# Eigenvalues this small, of covariances of dummies, are zero but for rounding.
SINGULAR = 1e-9


def estimate_nudge_checks(covariates: pd.DataFrame) -> pd.DataFrame:
    """Check each experiment: sizes of the arms, balance of the covariates, missing outcomes by arm.

    | check_id | statistic | df |
    | --- | --- | --- |
    | `arm_counts` | sum((n_a - n/k)^2 / (n/k)), against equal allocation to k arms | k-1 |
    | `covariate_balance` | (n-1) * Pillai's trace of all dummies of age band and gender on the arms | rank*(k-1) |
    | `non_response` | Pearson's chi-square of arm by outcome missing or not | k-1 |

    A missing age band or gender is a level of its own, because being asked comes before answering. p_value is
    chi-square's upper tail; p_value_randomisation permutes the arms over the respondents (1,999 times, seeded by the
    keys) and is the one to read for covariate_balance and wherever few outcomes are missing. Arms in which nobody was
    are not known here. Twenty checks find about one p below 0.05 in sound experiments.

    Args:
        covariates: council_id, wave_id, theme_id, topic_id, outcome_id, arm_id (null: not in the experiment), age_band,
            gender_score, n_positive, n_answered (null or 0: the outcome is missing), n_respondents.

    Returns:
        One row per council, wave, theme, topic, outcome and check, sorted by them. The first two checks are about the
        survey, with `all` as theme, topic and outcome, and count the respondents of the outcome that most were asked.
        `largest_difference`, a share 0-1, is between the largest and the smallest arm's share of respondents, between
        an arm and all respondents in the share of any age band or gender, or between the highest and lowest share
        missing. `share_missing` is over all arms, for non_response only. `reason` says why a test is missing.

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
        # The first of the largest: everybody in the experiment, unless some were asked nothing.
        _, everybody = max(groups, key=lambda group: group[1]["n_respondents"].sum())
        whole = dict(zip(GROUP, (*survey, "all", "all", "all"), strict=True))
        rows += [whole | check for check in (_arm_counts(everybody), _balance(everybody, survey))]
    checks = pd.DataFrame(rows, columns=list(CHECK_TYPES)).sort_values([*GROUP, "check_id"], ignore_index=True)
    p_value = checks["p_value_randomisation"].to_numpy(NUMBER)
    error = monte_carlo_error(p_value, N_PERMUTATIONS)
    return typed(checks.assign(weighting_id=UNWEIGHTED, p_value_randomisation_error=error), CHECK_TYPES)


def _table(cells: pd.DataFrame, level: np.ndarray, n_levels: int) -> np.ndarray:
    """Respondents by arm (sorted) and level."""
    arm_ids, arm = np.unique(cells["arm_id"].to_numpy(dtype=str), return_inverse=True)
    table = np.zeros((len(arm_ids), n_levels), dtype=np.int64)
    np.add.at(table, (arm, level), cells["n_respondents"].to_numpy())
    return table


def _arm_counts(cells: pd.DataFrame) -> dict[str, object]:
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


def _balance(cells: pd.DataFrame, survey: tuple) -> dict[str, object]:
    asked = [column for column in COVARIATES if cells[column].notna().any()]
    levels = [cells[column].astype("str").fillna("").to_numpy(dtype=str) for column in asked]
    names = np.unique(np.array(levels).T.reshape(len(cells), -1), axis=0, return_inverse=True) if asked else None
    check = {"check_id": "covariate_balance", "n_respondents": cells["n_respondents"].sum()}
    if names is None:
        reason = "the survey has neither age nor gender"
        return check | {"n_arms": cells["arm_id"].nunique(), "reason": reason}
    profiles, profile = names[0], names[1].reshape(-1)
    table = _table(cells, profile, len(profiles))
    # One dummy per level: one too many for each covariate, which the rank takes care of.
    dummies = np.hstack([(column[:, None] == np.unique(column)[None, :]).astype(NUMBER) for column in profiles.T])
    return check | _omnibus(table, dummies, seed_of((*survey, "covariate_balance")))


def _omnibus(table: np.ndarray, dummies: np.ndarray, seed: int) -> dict[str, object]:
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
    # Standardised and uncorrelated: then Pillai's trace is a sum of squares.
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


def _non_response(cells: pd.DataFrame, key: tuple) -> dict[str, object]:
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
    permuted = statistic(permuted_tables(table, np.random.default_rng(seed_of((*key, "non_response")))))
    return check | {
        "statistic": observed[0],
        "df": len(n) - 1,
        "p_value": p_value_of_chi_square(observed[0], len(n) - 1),
        "p_value_randomisation": share_as_extreme(permuted, observed),
        "reason": None,
    }


def estimate_nudge_bounds(counts: pd.DataFrame) -> pd.DataFrame:
    """Bounds of each arm's effect when some outcomes are missing, in points of 0-100.

    | method | what it assumes | what becomes of the missing |
    | --- | --- | --- |
    | `lee` | a nudge moves answering in one direction, for everybody | the side that answers more is trimmed |
    | `worst_case` | nothing | they are all 0 on one side and all 100 on the other |

    With r the shares of outcomes present, the side with the higher one keeps the share min(r)/max(r) of its respondents
    (share_trimmed = 1 - that); its mean is taken over the lowest, then over the highest of them. Where outcomes tie or
    the share is not a whole number of people, a person is kept in part. The bounds are identified intervals of the
    effect, on those who would answer either way (lee) or on everybody (worst_case): no sampling error is in them.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, outcome_id, arm_id (`none` is the control; null: not in the
            experiment), n_positive, n_answered (null or 0: missing), n_respondents.

    Returns:
        One row per council, wave, theme, topic, outcome, arm other than `none` and method, sorted by them. `estimate`
        is the difference of the observed means; `reason` says why bounds are missing.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: Lee's by hand, `y = sort(y1); mean(head(y, keep * length(y))) - mean(y0)` and `tail`; brute force over every
    filling-in of the missing outcomes in nudges_reference.R.
    Sources: Lee 2009, Review of Economic Studies 76:1071; Horowitz and Manski 2000, JASA 95:77.

    """
    cells = read_counts(counts, text=(*GROUP, "arm_id"), numbers=("n_positive", "n_answered"))
    cells = cells[cells["arm_id"].notna()]
    rows = [
        dict(zip(GROUP, key, strict=True)) | row
        for key, of_group in split_groups(cells, GROUP)
        for row in _bounds_of(of_group)
    ]
    bounds = pd.DataFrame(rows, columns=list(BOUND_TYPES)).assign(weighting_id=UNWEIGHTED)
    return typed(bounds.sort_values([*GROUP, "contrast_id", "method_id"]), BOUND_TYPES)


class _Side:
    """One arm: its values with their respondents, lowest first, and how many lack the outcome."""

    def __init__(self, cells: pd.DataFrame) -> None:
        value, n = outcome_values(cells), cells["n_respondents"].to_numpy(NUMBER)
        has_outcome = ~np.isnan(value)
        self.values, place = np.unique(value[has_outcome], return_inverse=True)
        self.counts = np.bincount(place, weights=n[has_outcome], minlength=len(self.values))
        self.n, self.n_all = self.counts.sum(), n.sum()
        self.response = self.n / self.n_all if self.n_all else np.nan
        self.mean = self.values @ self.counts / self.n if self.n else np.nan

    def mean_with_missing_as(self, value: float) -> float:
        return (self.values @ self.counts + value * (self.n_all - self.n)) / self.n_all if self.n_all else np.nan

    def mean_of_lowest(self, share: float) -> float:
        return _mean_of_first(self.values, self.counts, share)

    def mean_of_highest(self, share: float) -> float:
        return _mean_of_first(self.values[::-1], self.counts[::-1], share)


def _mean_of_first(values: np.ndarray, counts: np.ndarray, share: float) -> float:
    """Mean over the first `share` of the respondents, the last of them in part."""
    keep = counts.sum() * share
    before = np.cumsum(counts) - counts
    kept = np.clip(keep - before, 0, counts)
    return float(kept @ values / kept.sum())


def _bounds_of(cells: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the bounds of each arm of one group."""
    none = _Side(cells[cells["arm_id"].eq(CONTROL)])
    for arm_id in sorted(set(cells["arm_id"]) - {CONTROL}):
        arm = _Side(cells[cells["arm_id"].eq(arm_id)])
        row = {
            "contrast_id": arm_id,
            "n_arm": int(arm.n),
            "n_control": int(none.n),
            "share_missing_arm": 1 - arm.response,
            "share_missing_control": 1 - none.response,
            "estimate": (arm.mean - none.mean) * POINTS,
        }
        yield row | {"method_id": "lee"} | _lee(arm, none)
        yield row | {
            "method_id": "worst_case",
            "bound_lower": (arm.mean_with_missing_as(0) - none.mean_with_missing_as(1)) * POINTS,
            "bound_upper": (arm.mean_with_missing_as(1) - none.mean_with_missing_as(0)) * POINTS,
            "reason": None if none.n_all else "nobody is without a nudge",
        }


def _lee(arm: _Side, none: _Side) -> dict[str, object]:
    if not arm.n or not none.n:
        side = "in the arm" if none.n else "without a nudge"
        return {"reason": f"nobody {side} has an outcome"}
    keep_arm, keep_none = min(1.0, none.response / arm.response), min(1.0, arm.response / none.response)
    return {
        "share_trimmed": 1 - min(keep_arm, keep_none),
        "bound_lower": (arm.mean_of_lowest(keep_arm) - none.mean_of_highest(keep_none)) * POINTS,
        "bound_upper": (arm.mean_of_highest(keep_arm) - none.mean_of_lowest(keep_none)) * POINTS,
        "reason": None,
    }
