"""How much of R2 belongs to each regressor: Shapley's value of the regressors, known as LMG."""

from functools import cache
from itertools import pairwise
from math import factorial

import numpy as np

from coproduction.statistics.methods.regressions.regression import SINGULAR, Rows

# Monte Carlo standard error of the level at either end of the interval: sqrt(0.025*0.975/499) = 0.007.
N_RESAMPLES_OF_SHARES = 499
# With more regressors their 2^p subsets would take too long.
MOST_SHARED = 12
# In a larger survey the moments of a resample are drawn from the normal distribution that they approach.
MOST_RESAMPLED = 20_000


def r_squared(correlations: np.ndarray) -> np.ndarray:
    """R2 of all correlates together, from correlation matrices with the outcome last."""
    to_outcome = correlations[:, :-1, -1:]
    return (np.swapaxes(to_outcome, 1, 2) @ np.linalg.solve(correlations[:, :-1, :-1], to_outcome))[:, 0, 0]


def shares_of_r_squared(correlations: np.ndarray) -> np.ndarray:
    """Share of R2 of each regressor: its mean increase of R2 over all orders in which the regressors can enter.

        share_j = sum over subsets S without j of |S|! (p-1-|S|)! / p! * (R2(S and j) - R2(S))

    The shares add up to R2, and none is negative.

    Args:
        correlations: of shape (draws, p+1, p+1): correlation matrices of the regressors and, last, the outcome.

    Returns:
        Shares on 0-1, of shape (draws, p); NaN with more than MOST_SHARED regressors.

    R: `relaimpo::calc.relimp(lm(y ~ x), type = "lmg")$lmg`.
    Sources: Lindeman, Merenda and Gold 1980, Introduction to Bivariate and Multivariate Analysis; Groemping 2007,
    American Statistician 61:139.

    """
    n_regressors = correlations.shape[-1] - 1
    if n_regressors > MOST_SHARED:
        return np.full((len(correlations), n_regressors), np.nan)
    return _r_squared_of_subsets(correlations) @ _weights_of_subsets(n_regressors).T


def _r_squared_of_subsets(correlations: np.ndarray) -> np.ndarray:
    """R2 of each subset of the regressors, of shape (draws, 2^p); the first regressor is the highest bit of a subset.

    Each step decides about one regressor: leave it out, or hold it constant (its Schur complement). What remains at the
    end is the variance of the outcome that a subset leaves. A regressor that follows from those before it adds nothing.
    """
    matrices = correlations[:, None]
    for _ in range(correlations.shape[-1] - 1):
        pivot, column = matrices[..., :1, :1], matrices[..., 1:, :1]
        rest = matrices[..., 1:, 1:]
        held = rest - column * np.swapaxes(column, -1, -2) / np.where(pivot > SINGULAR, pivot, np.inf)
        stacked = np.stack([rest, held], axis=2)
        matrices = stacked.reshape(len(stacked), -1, *stacked.shape[-2:])
    return 1 - matrices[..., 0, 0]


@cache
def _weights_of_subsets(n_regressors: int) -> np.ndarray:
    """Weight of each subset's R2 in each regressor's share, of shape (p, 2^p)."""
    p = n_regressors
    has = np.arange(2**p) >> np.arange(p)[::-1, None] & 1
    size = has.sum(axis=0)
    joined = np.array([0.0, *(factorial(k - 1) * factorial(p - k) / factorial(p) for k in range(1, p + 1))])
    absent = np.array([*(factorial(k) * factorial(p - 1 - k) / factorial(p) for k in range(p)), 0.0])
    return np.where(has == 1, joined[size], -absent[size])


def resampled_correlations(rows: Rows, seed: int) -> np.ndarray:
    """Correlation matrices of N_RESAMPLES_OF_SHARES samples of the same respondents, drawn with replacement.

    The weights of respondents are drawn with them. Above MOST_RESAMPLED respondents the moments are drawn from their
    normal limit, whose covariance is that of the respondents' products.

    Returns:
        Shape (N_RESAMPLES_OF_SHARES, p+1, p+1), the outcome last. A regressor without variance in a sample correlates
        with nothing there.

    """
    random = np.random.default_rng(seed)
    mean, deviation = rows.scale
    values = np.column_stack([(np.column_stack([rows.x, rows.y]) - mean) / deviation, np.ones(len(rows.y))])
    size = values.shape[1]
    upper = np.triu_indices(size)
    weight = np.ones(len(rows.y)) if rows.weight is None else rows.weight / (rows.mass.sum() / rows.n.sum())
    products = values[:, upper[0]] * values[:, upper[1]] * weight[:, None]
    sums = _resampled_sums(products, rows.n, random)
    moments = np.empty((N_RESAMPLES_OF_SHARES, size, size))
    moments[:, upper[0], upper[1]] = moments[:, upper[1], upper[0]] = sums / sums[:, -1:]
    means = moments[:, :-1, -1]
    covariances = moments[:, :-1, :-1] - means[:, :, None] * means[:, None, :]
    variance = np.diagonal(covariances, axis1=1, axis2=2)
    spread = np.sqrt(np.where(variance > SINGULAR, variance, np.inf))
    correlations = covariances / spread[:, :, None] / spread[:, None, :]
    correlations[:, np.arange(size - 1), np.arange(size - 1)] = 1.0
    return correlations


def _resampled_sums(products: np.ndarray, n: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Sums of the respondents' products in each sample."""
    n_respondents = int(n.sum())
    if n_respondents > MOST_RESAMPLED:
        mean = n @ products / n_respondents
        centred = products - mean
        values, vectors = np.linalg.eigh((centred * n[:, None]).T @ centred / n_respondents**2)
        drawn = random.standard_normal((N_RESAMPLES_OF_SHARES, len(values))) * np.sqrt(np.maximum(values, 0))
        return mean + drawn @ vectors.T
    row = np.repeat(np.arange(len(n)), n.astype(np.int64))
    sums = []
    # About a million respondents at once, to limit memory.
    bounds = [*range(0, N_RESAMPLES_OF_SHARES, max(1, 1_000_000 // n_respondents)), N_RESAMPLES_OF_SHARES]
    for first, last in pairwise(bounds):
        chosen = row[random.integers(0, n_respondents, (last - first, n_respondents))]
        place = chosen + len(n) * np.arange(last - first)[:, None]
        drawn = np.bincount(place.ravel(), minlength=len(n) * (last - first)).reshape(last - first, len(n))
        sums.append(drawn @ products)
    return np.concatenate(sums)
