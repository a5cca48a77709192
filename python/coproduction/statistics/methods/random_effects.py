"""Random effects: the mean of estimates from several councils, and tau^2, their variance between councils.

The modified error of Hartung and Knapp and the prediction interval are computed from these in `est_pooled`, because no
Python library that is installed with the project has them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from statsmodels.stats.meta_analysis import combine_effects


@dataclass(frozen=True)
class RandomEffects:
    """Mean of k estimates for one tau^2; all on the scale of the estimates."""

    mean: float
    standard_error: float
    spread: float
    weight: np.ndarray


def random_effects(estimate: np.ndarray, variance: np.ndarray, tau_squared: float) -> RandomEffects:
    """Weighted mean with w = 1/(variance + tau^2), standard error 1/sqrt(sum w), `spread` sum w(y-mean)^2 / (k-1).

    R: `metafor::rma(y, v, tau2 = tau_squared)`.
    """
    weight = 1 / (variance + tau_squared)
    mean = float((weight * estimate).sum() / weight.sum())
    spread = float((weight * (estimate - mean) ** 2).sum() / (len(estimate) - 1))
    return RandomEffects(mean, float(1 / np.sqrt(weight.sum())), spread, weight)


def tau_squared_dersimonian_laird(estimate: np.ndarray, variance: np.ndarray) -> float:
    """Method of moments, by statsmodels: max(0, (Q - (k-1)) / (sum w - sum w^2 / sum w)), w = 1/variance.

    R: `metafor::rma(y, v, method = "DL")$tau2`.
    """
    # statsmodels does not define its other results where this tau^2 is below 0.
    with np.errstate(divide="ignore", invalid="ignore"):
        return max(0.0, float(combine_effects(estimate, variance, method_re="dl").tau2))


def tau_squared_paule_mandel(estimate: np.ndarray, variance: np.ndarray) -> float:
    """Solve sum w(y-mean)^2 = k-1 for tau^2, or 0 where the sum is smaller already at 0; to machine precision.

    Ours, because the iteration of statsmodels gives 0 where its last step passes the solution by a rounding error.

    R: `metafor::rma(y, v, method = "PM", control = list(tol = 1e-12))$tau2`.
    """

    def excess(tau_squared: float) -> float:
        return random_effects(estimate, variance, tau_squared).spread - 1

    if excess(0.0) <= 0:
        return 0.0
    return _root(excess, 0.0, _above_every_tau_squared(estimate))


def tau_squared_reml(estimate: np.ndarray, variance: np.ndarray) -> float:
    """Restricted maximum likelihood: the tau^2 >= 0 with the highest likelihood among all zeros of its slope.

        log L(tau^2) = -1/2 * (sum log(v+tau^2) + log sum w + sum w(y-mean)^2)
        slope        =  1/2 * (sum w^2 (y-mean)^2 - sum w + sum w^2 / sum w)

    The slope is searched from 0 up to a tau^2 beyond which it is always negative, so that a second maximum is not
    missed. Ours, because statsmodels has no REML for a meta-analysis.

    R: `metafor::rma(y, v, method = "REML", control = list(threshold = 1e-12, maxiter = 1000))$tau2`.
    """

    def slope(tau_squared: np.ndarray) -> np.ndarray:
        weight, deviation = _profile(estimate, variance, tau_squared)
        total, squares = weight.sum(axis=-1), (weight**2).sum(axis=-1)
        return ((weight * deviation) ** 2).sum(axis=-1) - total + squares / total

    def log_likelihood(tau_squared: np.ndarray) -> np.ndarray:
        weight, deviation = _profile(estimate, variance, tau_squared)
        return np.log(weight).sum(axis=-1) - np.log(weight.sum(axis=-1)) - (weight * deviation**2).sum(axis=-1)

    highest = _above_every_tau_squared(estimate)
    grid = np.concatenate([[0.0], np.geomspace(1e-9, 1, 200) * highest])
    is_up = slope(grid) > 0
    maxima = [0.0] + [
        _root(lambda value: float(slope(np.array(value))), grid[place], grid[place + 1])
        for place in np.flatnonzero(is_up[:-1] & ~is_up[1:])
    ]
    return float(maxima[int(np.argmax(log_likelihood(np.array(maxima))))])


def _profile(estimate: np.ndarray, variance: np.ndarray, tau_squared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights and deviations from the mean for one tau^2 or many, the councils on the last axis."""
    weight = 1 / (variance + np.asarray(tau_squared)[..., None])
    mean = (weight * estimate).sum(axis=-1) / weight.sum(axis=-1)
    return weight, estimate - mean[..., None]


def _above_every_tau_squared(estimate: np.ndarray) -> float:
    """Upper bound of tau^2: beyond the sum of squared distances both equations keep their sign."""
    return float(len(estimate) * np.ptp(estimate) ** 2) or 1.0


def _root(function: Callable[[float], float], lower: float, upper: float) -> float:
    return float(brentq(function, lower, upper, xtol=1e-300, rtol=8.9e-16, maxiter=1000))
