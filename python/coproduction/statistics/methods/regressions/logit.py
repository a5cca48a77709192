"""Logit regression of a share (0-1), from rows that each stand for some respondents."""

import warnings

import numpy as np
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

# Values of mu(1-mu) below this are rounding errors of zero.
SINGULAR = 1e-9
# A log-odds beyond this has no finite estimate: nobody or everybody has the outcome.
LARGEST_LOG_ODDS = 30.0
MOST_STEPS = 60


def inverse_logit(log_odds: np.ndarray) -> np.ndarray:
    """Return the share of each log-odds."""
    return 1 / (1 + np.exp(-log_odds))


def logit_coefficients(x: np.ndarray, y: np.ndarray, n: np.ndarray) -> np.ndarray | None:
    """Coefficients of the logit regression of a share, by quasi-likelihood.

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
    start = np.linalg.lstsq(x, np.full(len(x), np.log(overall / (1 - overall))), rcond=None)[0]
    with warnings.catch_warnings():
        # The warnings are silenced because the code below recognises such fits.
        warnings.simplefilter("ignore")
        fit = GLM(y, x, family=Binomial(), freq_weights=n).fit(
            start_params=start, maxiter=MOST_STEPS, tol=1e-10, tol_criterion="params"
        )
    mu = inverse_logit(x @ fit.params)
    information = (x * (n * mu * (1 - mu))[:, None]).T @ x
    is_finite = fit.converged and np.abs(x @ fit.params).max() <= LARGEST_LOG_ODDS
    if not is_finite or np.diag(information).min() < SINGULAR or np.linalg.cond(information) > 1 / SINGULAR**1.5:
        return None
    return np.asarray(fit.params)
