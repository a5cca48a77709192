"""Tests and intervals shared by the estimators. All are two-sided, with one confidence level for the project."""

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
UPPER = 1 - (1 - CONFIDENCE) / 2
Z = stats.norm.ppf(UPPER)


def p_value_of_t(statistic: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Two-sided p of Student's t, from the upper tail so that it stays accurate down to 1e-300.

    R: `2 * pt(-abs(statistic), df)`.
    """
    return 2 * stats.t.sf(np.abs(statistic), df)


def p_value_of_z(statistic: np.ndarray) -> np.ndarray:
    """Two-sided p of the standard normal, from the upper tail.

    R: `2 * pnorm(-abs(statistic))`.
    """
    return 2 * stats.norm.sf(np.abs(statistic))


def t_quantile(probability: float, df: np.ndarray) -> np.ndarray:
    """Quantile of Student's t, R: `qt(probability, df)`."""
    return stats.t.ppf(probability, df)


def t_half_width(standard_error: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Half the width of the t interval: qt(0.975, df) * standard_error."""
    return t_quantile(UPPER, df) * standard_error
