"""Intervals that are wrong unless the answers are normal, to show that the checks detect wrong intervals.

None of them is used by an estimate of the project.
"""

import numpy as np

from coproduction.statistics.methods.inference import Z


def fisher_interval(estimate: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Textbook interval of a correlation, tanh(atanh r -+ 1.96/sqrt(n-3)): right for normal answers only.

    R: `cor.test(x, y)$conf.int`.
    """
    half_width = Z / np.sqrt(n - 3)
    return np.tanh(np.arctanh(estimate) - half_width), np.tanh(np.arctanh(estimate) + half_width)


def weighted_correlation(
    drawn: np.ndarray, weight: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weighted Pearson correlation of many surveys, with their respondents and Kish's effective number.

    Args:
        drawn: respondents of shape (replications, cells).
        weight: weight of each cell's respondents.
        x: one value per cell.
        y: another value per cell.

    Returns:
        r, n and n_effective = (sum w)^2 / sum w^2 of each replication. R: `stats::cov.wt(cor = TRUE)`.

    """
    total = drawn @ weight

    def mean(values: np.ndarray) -> np.ndarray:
        return drawn @ (weight * values) / total

    covariance = mean(x * y) - mean(x) * mean(y)
    r = covariance / np.sqrt((mean(x * x) - mean(x) ** 2) * (mean(y * y) - mean(y) ** 2))
    return r, drawn.sum(axis=1), total**2 / (drawn @ weight**2)
