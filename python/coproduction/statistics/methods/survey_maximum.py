"""The largest statistic over the arms and themes of a survey, where nudges work on nobody: its distribution.

A respondent keeps all of their outcomes together while the arms are permuted, so that the outcomes keep their
correlations and a maximum over them counts each person's answers once. Respondents with equal outcomes in one arm are a
row (a profile). In a large survey nearly everybody has a profile of their own, so shuffling would take as long as there
are respondents; there the limit of the permutations is drawn instead.
"""

import numpy as np

from coproduction.statistics.methods.contrasts import TIE, contrast_moments
from coproduction.statistics.methods.resampling import (
    FEWEST_PERMUTATIONS,
    N_SHUFFLED,
    N_SHUFFLED_AT_ONCE,
    PERMUTATIONS_OF_ARMS,
    studentised,
)

# The limit is drawn in surveys of more respondents, for which PERMUTATIONS_OF_ARMS shuffles would exceed N_SHUFFLED,
LARGE_SURVEY = N_SHUFFLED // PERMUTATIONS_OF_ARMS
# if each arm has this many respondents who are above the mean of each outcome, and as many below it.
FEWEST_IN_LIMIT = 100


def survey_statistics(
    outcomes: np.ndarray, arm: np.ndarray, n_respondents: np.ndarray, contrasts: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """|t| of every contrast of every outcome, observed and with the respondents' arms permuted.

    Args:
        outcomes: of shape (profiles, outcomes) on 0-1, NaN where missing.
        arm: number of each profile's arm; -1 for an arm that no contrast compares, whose people are shuffled too.
        n_respondents: how many respondents have each profile.
        contrasts: weights of shape (contrasts, arms).
        seed: of the permutations.

    Returns:
        Observed statistics of shape (contrasts, outcomes) and permuted ones of shape (contrasts, permutations,
        outcomes). There are PERMUTATIONS_OF_ARMS permutations. In a large survey they are drawn from their limit
        (`_limit`); a large survey with a small arm or a rare outcome is shuffled fewer times, but at least
        FEWEST_PERMUTATIONS.

    R: brute force in nudges_reference.R.

    """
    sums_of = _sums_of(outcomes)
    observed = _statistics(_by_arm(sums_of * n_respondents[:, None], arm, contrasts.shape[1])[:, None, :], contrasts)
    if n_respondents.sum() > LARGE_SURVEY and _is_in_limit(outcomes, arm, n_respondents, contrasts.shape[1]):
        return observed[:, 0, :], _limit(outcomes, arm, n_respondents, contrasts, seed)
    sums_of, arm = np.repeat(sums_of, n_respondents, axis=0), np.repeat(arm, n_respondents)
    random = np.random.default_rng(seed)
    n_permutations = min(PERMUTATIONS_OF_ARMS, max(FEWEST_PERMUTATIONS, N_SHUFFLED // max(len(arm), 1)))
    n_at_once = max(1, N_SHUFFLED_AT_ONCE // max(len(arm), 1))
    parts = []
    for start in range(0, n_permutations, n_at_once):
        labels = random.permuted(np.tile(arm, (min(n_at_once, n_permutations - start), 1)), axis=1)
        sums = np.stack([(labels == k).astype(np.float64) @ sums_of for k in range(contrasts.shape[1])])
        # An arm whose members all lack the outcome has no statistic: it counts as extreme, so that p is not too small.
        parts.append(np.nan_to_num(_statistics(sums, contrasts), nan=np.inf, posinf=np.inf))
    return observed[:, 0, :], np.concatenate(parts, axis=1)


def _sums_of(outcomes: np.ndarray) -> np.ndarray:
    """What is summed for the moments: whether there is an outcome, its value and its square, side by side."""
    is_missing = np.isnan(outcomes)
    # Centred, so that sums of squares lose no digits.
    centred = np.where(is_missing, 0.0, outcomes - 0.5)
    return np.hstack([(~is_missing).astype(np.float64), centred, centred**2])


def _by_arm(values: np.ndarray, arm: np.ndarray, n_arms: int) -> np.ndarray:
    """Sums of the rows of each arm."""
    return np.stack([values[arm == k].sum(axis=0) for k in range(n_arms)])


def _statistics(sums: np.ndarray, contrasts: np.ndarray) -> np.ndarray:
    """|t| of shape (contrasts, tables, outcomes) from sums of shape (arms, tables, 3 * outcomes)."""
    n, total, squares = np.split(sums, 3, axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        variance = (squares - n * mean**2) / np.where(n < 2, np.nan, n - 1)
        squared_error = np.where(variance < TIE, 0.0, variance) / n
    shape = (contrasts.shape[1], -1)
    value, std_error = contrast_moments(mean.reshape(shape), squared_error.reshape(shape), contrasts)
    return studentised(value, std_error).reshape(len(contrasts), *n.shape[1:])


def _deviations(outcomes: np.ndarray, n_respondents: np.ndarray) -> np.ndarray:
    """Outcomes less their means; 0 where missing."""
    with np.errstate(invalid="ignore"):
        means = np.nansum(outcomes * n_respondents[:, None], axis=0) / (~np.isnan(outcomes).T @ n_respondents)
    return np.nan_to_num(outcomes - means)


def _is_in_limit(outcomes: np.ndarray, arm: np.ndarray, n_respondents: np.ndarray, n_arms: int) -> bool:
    """Whether every arm has FEWEST_IN_LIMIT respondents above and below the mean of each outcome."""
    deviations = _deviations(outcomes, n_respondents)
    sides = np.hstack([deviations > TIE, deviations < -TIE]) * n_respondents[:, None]
    return bool(_by_arm(sides, arm, n_arms).min() >= FEWEST_IN_LIMIT)


def _limit(
    outcomes: np.ndarray, arm: np.ndarray, n_respondents: np.ndarray, contrasts: np.ndarray, seed: int
) -> np.ndarray:
    """|t| of permutations of a large survey, drawn from the normal distribution to which they converge.

    With u_k the outcome k less its mean, and 0 where it is missing, a permutation gives each arm a the mean of n_a of
    the u. In the limit these means are normal, and contrasts of them have the correlations that follow if arms are
    independent, each with the variance 1/n_a and with

        cor(k, l) = sum(u_k * u_l) / sqrt(sum(u_k^2) * sum(u_l^2))

    between outcomes. Dividing by the estimated error changes nothing in the limit.

    Returns: shape (contrasts, PERMUTATIONS_OF_ARMS, outcomes). The time depends on the number of profiles only through
    the sums of products.

    Source: Hoeffding 1951, Annals of Mathematical Statistics 22:558 (combinatorial central limit theorem).

    """
    deviations = _deviations(outcomes, n_respondents)
    products = deviations.T @ (deviations * n_respondents[:, None])
    scale = np.sqrt(np.diag(products))
    values, vectors = np.linalg.eigh(products / np.outer(scale, scale))
    root = vectors * np.sqrt(np.maximum(values, 0))
    is_compared = arm >= 0
    counts = np.bincount(arm[is_compared], n_respondents[is_compared], contrasts.shape[1])
    share = counts / n_respondents.sum()
    shape = (PERMUTATIONS_OF_ARMS, contrasts.shape[1], outcomes.shape[1])
    means = np.random.default_rng(seed).standard_normal(shape) @ root.T / np.sqrt(share)[:, None]
    error = np.sqrt((contrasts**2 / share).sum(axis=1))
    return np.abs(np.einsum("ca,pak->cpk", contrasts, means)) / error[:, None, None]
