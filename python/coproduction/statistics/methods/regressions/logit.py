"""Logit regression of a share (0-1), from rows that each stand for some respondents."""

import numpy as np
from scipy import special

# Values of mu(1-mu) below this are rounding errors of zero.
SINGULAR = 1e-9
# A log-odds beyond this has no finite estimate: nobody or everybody has the outcome.
LARGEST_LOG_ODDS = 30.0
MOST_STEPS = 60
# Newton's steps get this small within one more step, since each error is about the square of the last.
LARGEST_LAST_STEP = 1e-10


def inverse_logit(log_odds: np.ndarray) -> np.ndarray:
    """Return the share of each log-odds."""
    return special.expit(log_odds)


def logit_coefficients(x: np.ndarray, y: np.ndarray, n: np.ndarray) -> np.ndarray | None:
    """Coefficients of the logit regression of a share, by quasi-likelihood, with Newton's steps.

    Args:
        x: of shape (rows, coefficients); among its columns is an intercept, or a dummy for each group.
        y: the share, 0-1.
        n: respondents of each row, or the weight of all of them.

    Returns:
        None where the coefficients are not identified or not finite: everybody of a group has the outcome, or nobody.

    R: `glm(y ~ 0 + x, quasibinomial, weights = n)$coefficients`.
    Source: Papke and Wooldridge 1996, Journal of Applied Econometrics 11:619.

    """
    # The fit starts at the overall log-odds: from 0, Newton's first step can overshoot when the outcome is rare.
    overall = np.clip(n @ y / n.sum(), SINGULAR, 1 - SINGULAR)
    coefficients = np.linalg.lstsq(x, np.full(len(x), np.log(overall / (1 - overall))), rcond=None)[0]
    is_converged = False
    for _ in range(MOST_STEPS):
        mu, information = _fitted(x, n, coefficients)
        if is_converged or np.diag(information).min() < SINGULAR:
            break
        try:
            step = np.linalg.solve(information, (n * (y - mu)) @ x)
        except np.linalg.LinAlgError:
            return None
        coefficients = coefficients + step
        is_converged = bool(np.abs(step).max() <= LARGEST_LAST_STEP)
    is_finite = is_converged and np.abs(x @ coefficients).max() <= LARGEST_LOG_ODDS
    if not is_finite or np.diag(information).min() < SINGULAR or np.linalg.cond(information) > 1 / SINGULAR**1.5:
        return None
    return coefficients


def _fitted(x: np.ndarray, n: np.ndarray, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares that the coefficients predict, and the information about the coefficients, X' diag(n*mu*(1-mu)) X."""
    mu = inverse_logit(x @ coefficients)
    return mu, (x * (n * mu * (1 - mu))[:, None]).T @ x
