"""Nudges: effects of the randomised wordings on the outcomes (the paper's Table 5)."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from coproduction.statistics.families import HOLM, adjust, nudge_families
from coproduction.statistics.frames import (
    COUNT,
    COUNT_OR_NULL,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.inference import UPPER, p_value_of_t, t_half_width, t_quantile

CONTROL = "none"
POWER = 0.8
POINTS = 100

# Monte Carlo standard error of a p near 0.05: sqrt(0.05*0.95/1999) = 0.005.
N_PERMUTATIONS = 1999
# Statistics this close are equal but for rounding: equal tables must count as equally extreme.
TIE = 1e-12

GROUP = (*KEYS, "outcome_id")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "contrast_id": TEXT,
    "model_id": TEXT,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_arm": COUNT,
    "n_none": COUNT,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "df": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "p_value": NUMBER,
    "p_value_randomisation": NUMBER,
    "p_value_adjusted": NUMBER,
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "minimum_detectable": NUMBER,
    "reason": TEXT,
}


def estimate_nudge_effects(counts: pd.DataFrame) -> pd.DataFrame:
    """Effect of each arm against no nudge, in points of a 0-100 outcome (model `dummies`).

    The regression of the outcome on one dummy per arm, which has closed forms (1: the arm, 0: `none`):

        estimate  = (m1 - m0) * 100
        std_error = sqrt(s1^2/n1 + s0^2/n0) * 100                                             (HC2)
        df        = (1/n0 + 1/n1)^2 / (1/(n0^2*(n0-1)) + 1/(n1^2*(n1-1)))                    (Bell-McCaffrey)
        minimum_detectable = (t(0.975, df) + t(0.8, df)) * std_error       (true effect found with 80 % power at 5 %)

    Interval and p_value are Student's with that df. p_value_randomisation permutes all arms' labels over the
    respondents of the group (sharp null of no effect on anyone) and counts how often |difference/std_error| is at least
    the observed one: (1 + count)/(1 + N_PERMUTATIONS), seeded by the group's keys. p_value_adjusted is Holm's, on
    p_value, over the family (families.nudge_families).

    Args:
        counts: council_id, wave_id, theme_id, topic_id, outcome_id, arm_id (`none` is the control; null: not in the
            experiment), n_positive, n_answered (null or 0: no outcome, takes no part), n_respondents.

    Returns:
        One row per council, wave, theme, topic, outcome and arm other than `none`, sorted by them. `n_respondents`
        counts all arms of the group. Where the arm or the control has fewer than two respondents or no variation, the
        estimate stays, std_error, df, interval, p_value and minimum_detectable are NaN, and `reason` says why; the
        permutation p stays where each side has two respondents, since it needs no variance within an arm.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `estimatr::lm_robust(y ~ arm, clusters = respondent, se_type = "CR2")`, which for one-respondent clusters is HC2
    with Bell-McCaffrey df; `p.adjust(p, "holm")`.
    Sources: Bell and McCaffrey 2002, Survey Methodology 28:169; Imbens and Kolesar 2016, REStat 98:701; Wu and Ding
    2021, JASA 116:1898 (studentised permutation); Phipson and Smyth 2010, SAGMB 9:39 (the two ones).

    """
    cells = read_counts(counts, text=(*GROUP, "arm_id"), numbers=("n_positive", "n_answered"))
    cells = cells[cells["arm_id"].notna()]
    groups, group = number_groups(cells, GROUP)
    bounds = np.searchsorted(group, np.arange(len(groups) + 1))
    of_groups = [
        _contrasts(cells.iloc[start:end], seed_of(key)).assign(place=place)
        for place, (key, start, end) in enumerate(
            zip(groups.itertuples(index=False, name=None), bounds[:-1], bounds[1:], strict=True)
        )
    ]
    contrasts = pd.concat([_contrasts(cells.iloc[:0], 0).assign(place=0), *of_groups], ignore_index=True)
    effects = groups.loc[contrasts.pop("place")].reset_index(drop=True).join(contrasts)
    effects = effects.assign(family_id=nudge_families(effects), **_inference(effects))
    return typed(adjust(effects, "p_value", HOLM), TYPES)


def seed_of(key: Sequence[object]) -> int:
    """Seed of a group's permutations: a hash of its keys, the same on every machine and for every order of rows."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, key)).encode()).digest()[:16], "big")


def _contrasts(cells: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Describe each arm of one group against the control; one row per arm other than the control."""
    arm_ids, arm = np.unique([CONTROL, *cells["arm_id"]], return_inverse=True)
    arm, control = arm[1:], arm[0]
    outcome = outcome_values(cells)
    has_outcome = ~np.isnan(outcome)
    values, value = np.unique(outcome[has_outcome], return_inverse=True)
    table = np.zeros((len(arm_ids), len(values)), dtype=np.int64)
    np.add.at(table, (arm[has_outcome], value), cells["n_respondents"].to_numpy()[has_outcome])

    n = table.sum(axis=1)
    difference, std_error = differences(table, values, control)
    is_constant = table.max(axis=1, initial=0) == n
    contrasts = pd.DataFrame(
        {
            "contrast_id": arm_ids.astype(object),
            "n_respondents": n.sum(),
            "n_arm": n,
            "n_none": n[control],
            "estimate": difference * POINTS,
            "std_error": std_error * POINTS,
            "p_value_randomisation": randomisation_p_values(table, values, control, seed),
            "is_constant_arm": is_constant,
            "is_constant_none": is_constant[control],
        }
    )
    return contrasts.drop(index=control).astype({"contrast_id": TEXT})


def _inference(effects: pd.DataFrame) -> dict[str, object]:
    """Build the columns that follow from the difference, its standard error and the sizes of the arms."""
    n1, n0 = effects["n_arm"].to_numpy(NUMBER), effects["n_none"].to_numpy(NUMBER)
    estimate = effects["estimate"].to_numpy()
    is_constant_arm, is_constant_none = effects["is_constant_arm"].to_numpy(), effects["is_constant_none"].to_numpy()
    # One constant side is enough: it would add nothing to the standard error, and five zeros in an arm would look
    # significant.
    reason = np.select(
        [n0 < 2, n1 < 2, is_constant_arm & is_constant_none, is_constant_arm, is_constant_none],
        [
            "fewer than two respondents without a nudge",
            "fewer than two respondents in the arm",
            "the outcome varies neither in the arm nor without a nudge",
            "the outcome does not vary in the arm",
            "the outcome does not vary without a nudge",
        ],
        default=None,
    )
    is_defined = pd.isna(reason)
    n1, n0 = np.where(is_defined, n1, np.nan), np.where(is_defined, n0, np.nan)
    std_error = np.where(is_defined, effects["std_error"], np.nan)
    df = (1 / n0 + 1 / n1) ** 2 / (1 / (n0**2 * (n0 - 1)) + 1 / (n1**2 * (n1 - 1)))
    half_width = t_half_width(std_error, df)
    return {
        "model_id": "dummies",
        "weighting_id": UNWEIGHTED,
        "std_error": std_error,
        "std_error_type": "HC2 Bell-McCaffrey",
        "df": df,
        "ci_lower": estimate - half_width,
        "ci_upper": estimate + half_width,
        "p_value": p_value_of_t(estimate / std_error, df),
        "minimum_detectable": (t_quantile(UPPER, df) + t_quantile(POWER, df)) * std_error,
        "reason": reason,
    }


def differences(tables: np.ndarray, values: np.ndarray, control: int) -> tuple[np.ndarray, np.ndarray]:
    """Difference of each arm's mean from the control's, and its HC2 standard error, for one table or many.

    Args:
        tables: counts of shape (arms, values) or (arms, tables, values).
        values: the outcome's distinct values.
        control: the number of the control arm.

    Returns:
        Two arrays of shape (arms,) or (arms, tables); NaN where a mean or a variance does not exist.

    """
    n = tables.sum(axis=-1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (tables * values).sum(axis=-1) / n
        variance = (tables * (values - mean[..., None]) ** 2).sum(axis=-1) / np.where(n < 2, np.nan, n - 1)
    # Judged on the counts: the variance of equal values can be a rounding error instead of zero.
    variance = np.where((tables.max(axis=-1, initial=0) == n) & (n > 1), 0.0, variance)
    with np.errstate(invalid="ignore", divide="ignore"):
        squared_error = variance / n
    difference = mean - mean[control]
    return np.where(np.abs(difference) < TIE, 0.0, difference), np.sqrt(squared_error + squared_error[control])


def randomisation_p_values(table: np.ndarray, values: np.ndarray, control: int, seed: int) -> np.ndarray:
    """Permutation p of each arm against the control, studentised and two-sided.

    Args:
        table: counts of shape (arms, values).
        values: the outcome's distinct values.
        control: the number of the control arm.
        seed: of the permutations.

    Returns:
        One p per arm, between 1/(1 + N_PERMUTATIONS) and 1; NaN for the control, for an arm or control with fewer than
        two respondents, and where the outcome does not vary at all.

    """
    n = table.sum(axis=1)
    is_testable = (n >= 2) & (n[control] >= 2) & (len(values) > 1)
    is_testable[control] = False
    if not is_testable.any():
        return np.full(len(n), np.nan)
    observed = _statistics(table[:, None, :], values, control)
    permuted = _statistics(permuted_tables(table, np.random.default_rng(seed)), values, control)
    n_as_extreme = (permuted >= observed * (1 - TIE) - TIE).sum(axis=1)
    return np.where(is_testable, (1 + n_as_extreme) / (1 + N_PERMUTATIONS), np.nan)


def _statistics(tables: np.ndarray, values: np.ndarray, control: int) -> np.ndarray:
    difference, std_error = differences(tables, values, control)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(difference == 0, 0.0, np.abs(difference) / std_error)


def permuted_tables(table: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Tables of counts after random permutations of the arm labels over the respondents.

    A permutation keeps the size of each arm and the number of respondents with each value, so its table follows the
    multivariate hypergeometric distribution: drawn arm by arm and value by value, at the same cost for 400 respondents
    as for a million.

    Args:
        table: observed counts of shape (arms, values).
        random: the source of randomness.

    Returns:
        Counts of shape (arms, N_PERMUTATIONS, values).

    """
    n_arms, n_values = table.shape
    drawn = np.empty((n_arms, N_PERMUTATIONS, n_values), dtype=np.int64)
    left = np.tile(table.sum(axis=0), (N_PERMUTATIONS, 1))
    for arm in range(n_arms - 1):
        places = np.full(N_PERMUTATIONS, table[arm].sum())
        behind = left.sum(axis=1)
        for value in range(n_values - 1):
            behind = behind - left[:, value]
            drawn[arm, :, value] = random.hypergeometric(left[:, value], behind, places)
            places = places - drawn[arm, :, value]
        drawn[arm, :, -1] = places
        left = left - drawn[arm]
    drawn[-1] = left
    return drawn
