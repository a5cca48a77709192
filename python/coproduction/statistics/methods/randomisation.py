"""Randomisation inference: what the contrasts would be if the arms had been drawn otherwise and nothing worked.

The four-level cell (none, a, b, both) is permuted, never the columns derived from it; every statistic is studentised.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from coproduction.statistics.methods.contrasts import TIE, Experiment, arm_moments, contrast_moments

# Monte Carlo standard error of a p near 0.05: sqrt(0.05*0.95/1999) = 0.005.
N_PERMUTATIONS = 1999

# Labels that one survey may shuffle, and the permutations that it gets however large it is.
N_SHUFFLED = 20_000_000
FEWEST_PERMUTATIONS = 199
# Labels shuffled at once: 16 MB of them.
N_SHUFFLED_AT_ONCE = 2_000_000


def seed_of(key: Sequence[object]) -> int:
    """Seed of a group's permutations: a hash of its keys, the same on every machine and for every order of rows."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, key)).encode()).digest()[:16], "big")


def monte_carlo_error(p_value: np.ndarray, n_permutations: int) -> np.ndarray:
    """Standard error of a permutation p, because the permutations are drawn and not listed: sqrt(p*(1-p)/N)."""
    return np.sqrt(p_value * (1 - p_value) / n_permutations)


def randomisation_p_values(
    experiment: Experiment, contrasts: np.ndarray, in_family: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Permutation p of each contrast, alone and among its family, studentised and two-sided.

        p       = (1 + number of permutations with |t_c*| >= |t_c|) / (1 + N_PERMUTATIONS)
        p_max_t = (1 + number of permutations with max over the family of |t*| >= |t_c|) / (1 + N_PERMUTATIONS)

    Args:
        experiment: the arms' tables of counts.
        contrasts: weights of shape (contrasts, arms).
        in_family: which contrasts the maximum is taken over.
        seed: of the permutations.

    Returns:
        Two arrays with one p per contrast. NaN for a contrast with an arm of fewer than two respondents, and where the
        outcome does not vary at all; the second also for a contrast outside the family.

    Source: Westfall and Young 1993, Resampling-Based Multiple Testing (max-t); Wu and Ding 2021, JASA 116:1898
    (studentised); Phipson and Smyth 2010, SAGMB 9:39 (the two ones). R: brute force in nudges_reference.R.

    """
    is_testable = (len(experiment.values) > 1) & ~((contrasts != 0) & (experiment.n < 2)).any(axis=1)
    if not is_testable.any():
        return np.full(len(contrasts), np.nan), np.full(len(contrasts), np.nan)
    observed = statistics(experiment.table[:, None, :], experiment.values, contrasts)
    permuted = statistics(permuted_tables(experiment.table, np.random.default_rng(seed)), experiment.values, contrasts)
    p_value = np.where(is_testable, share_as_extreme(permuted, observed), np.nan)
    in_family = in_family & is_testable
    if not in_family.any():
        return p_value, np.full(len(contrasts), np.nan)
    largest = permuted[in_family].max(axis=0)
    return p_value, np.where(in_family, share_as_extreme(largest, observed), np.nan)


def share_as_extreme(permuted: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Permutation p: (1 + how many permuted statistics are at least the observed one) / (1 + permutations).

    Args: `permuted` of shape (permutations,) or (contrasts, permutations), `observed` of shape (contrasts, 1).
    """
    # Statistics this close are equal but for rounding: equal tables must count as equally extreme.
    n_as_extreme = (permuted >= observed * (1 - TIE) - TIE).sum(axis=-1)
    return (1 + n_as_extreme) / (1 + permuted.shape[-1])


def statistics(tables: np.ndarray, values: np.ndarray, contrasts: np.ndarray) -> np.ndarray:
    """|t| of each contrast in each table: shape (contrasts, tables); 0 for no difference, infinite without error."""
    return studentised(*contrast_moments(*arm_moments(tables, values), contrasts))


def studentised(value: np.ndarray, std_error: np.ndarray) -> np.ndarray:
    """|value / std_error|; 0 where the value is 0, infinite where only the error is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(value == 0, 0.0, np.abs(value) / std_error)


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


def survey_statistics(
    outcomes: np.ndarray, arm: np.ndarray, contrasts: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """|t| of every contrast of every outcome, observed and with the respondents' arms permuted.

    A respondent keeps all of their outcomes together (the cluster is the respondent), so outcomes stay as correlated as
    they are, and a maximum over them counts the same person's answers once.

    Args:
        outcomes: of shape (respondents, outcomes) on 0-1, NaN where missing.
        arm: number of each respondent's arm.
        contrasts: weights of shape (contrasts, arms).
        seed: of the permutations.

    Returns:
        Observed statistics of shape (contrasts, outcomes) and permuted ones of shape (contrasts, permutations,
        outcomes). There are N_PERMUTATIONS, fewer above N_SHUFFLED / N_PERMUTATIONS respondents, never fewer than
        FEWEST_PERMUTATIONS.

    """
    n_respondents, n_outcomes = outcomes.shape
    is_missing = np.isnan(outcomes)
    # Centred, so that sums of squares lose no digits.
    centred = np.where(is_missing, 0.0, outcomes - 0.5)
    sums_of = np.hstack([(~is_missing).astype(np.float64), centred, centred**2])

    def statistics_of(labels: np.ndarray) -> np.ndarray:
        sums = np.stack([(labels == k).astype(np.float64) @ sums_of for k in range(contrasts.shape[1])])
        n, total, squares = np.split(sums, [n_outcomes, 2 * n_outcomes], axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = total / n
            variance = (squares - n * mean**2) / np.where(n < 2, np.nan, n - 1)
            squared_error = np.where(variance < TIE, 0.0, variance) / n
        shape = (contrasts.shape[1], -1)
        value, std_error = contrast_moments(mean.reshape(shape), squared_error.reshape(shape), contrasts)
        return studentised(value, std_error).reshape(len(contrasts), len(labels), n_outcomes)

    random = np.random.default_rng(seed)
    n_permutations = min(N_PERMUTATIONS, max(FEWEST_PERMUTATIONS, N_SHUFFLED // max(n_respondents, 1)))
    n_at_once = max(1, N_SHUFFLED_AT_ONCE // max(n_respondents, 1))
    parts = []
    for start in range(0, n_permutations, n_at_once):
        labels = np.tile(arm, (min(n_at_once, n_permutations - start), 1))
        # An arm whose members all lack the outcome has no statistic: it counts as extreme, never as nothing.
        parts.append(np.nan_to_num(statistics_of(random.permuted(labels, axis=1)), nan=np.inf, posinf=np.inf))
    return statistics_of(arm[None, :])[:, 0, :], np.concatenate(parts, axis=1)
