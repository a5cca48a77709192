"""Regressions on several numbers at once, from rows that each stand for some respondents with equal answers.

Both fits take standardised regressors (mean 0, standard deviation 1) and return slopes for one standard deviation; the
caller divides by the standard deviations. Robust errors: HC2 and HC0 without weights, linearised with weights.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coproduction.statistics.methods.moments import NO_SQUARES
from coproduction.statistics.methods.regressions.logit import inverse_logit, logit_coefficients

# A share of a variance, or 1 - leverage, below this is a rounding error of zero.
SINGULAR = 1e-9

COLLINEAR = "one correlate follows from the others"
OUTCOME_EXPLAINED = "the correlates explain the outcome completely: no standard error"
ALONE = "one respondent alone decides a coefficient: no standard error"
NO_FINITE_FIT = "no finite fit: the correlates separate those with the outcome from those without"


@dataclass(frozen=True)
class Rows:
    """Respondents with the outcome and all regressors, in rows of equal answers and weight.

    `x` has one row per row and one column per regressor; `y` is the outcome; `n` counts respondents; `weight` is the
    weight of each of them in any unit, or None if all count alike.
    """

    x: np.ndarray
    y: np.ndarray
    n: np.ndarray
    weight: np.ndarray | None = None

    @cached_property
    def mass(self) -> np.ndarray:
        """Weight of all respondents of each row together."""
        return self.n if self.weight is None else self.n * self.weight

    @cached_property
    def scale(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of each regressor, and last of the outcome; weighted, with n as the divisor.

        The standard deviation is 0 where nothing varies.
        """
        values, mass = np.column_stack([self.x, self.y]), self.mass
        mean = mass @ values / mass.sum()
        variance = mass @ (values - mean) ** 2 / mass.sum()
        is_constant = (values == values[:1]).all(axis=0) | (variance < NO_SQUARES * mean**2)
        return mean, np.sqrt(np.where(is_constant, 0.0, variance))

    def standardised(self) -> "Rows":
        """Return the rows with each regressor and the outcome less its mean; regressors by their standard deviation."""
        mean, deviation = self.scale
        return Rows((self.x - mean[:-1]) / deviation[:-1], self.y, self.n, self.weight)

    def correlations(self) -> np.ndarray:
        """Correlation matrix of the regressors and, last, the outcome. R: `cov.wt(cbind(x, y), w, cor = TRUE)$cor`."""
        mean, deviation = self.scale
        z = (np.column_stack([self.x, self.y]) - mean) / deviation
        matrix = (z * self.mass[:, None]).T @ z / self.mass.sum()
        np.fill_diagonal(matrix, 1.0)
        return matrix


@dataclass(frozen=True)
class Fit:
    """Slopes of a regression with their covariance; `reason` says why there is none, or no covariance."""

    slopes: np.ndarray
    covariance: np.ndarray
    reason: str | None = None


def no_fit(n_slopes: int, reason: str) -> Fit:
    """Return the fit of a model that has none."""
    return Fit(np.full(n_slopes, np.nan), np.full((n_slopes, n_slopes), np.nan), reason)


def least_squares(rows: Rows) -> Fit:
    """Slopes of the outcome on standardised regressors, with an intercept.

        b = (X'WX)^-1 X'Wy,  covariance = (X'WX)^-1 M (X'WX)^-1
        M = sum of x x' e^2 / (1-h), h the leverage                                      (HC2, without weights)
        M = n/(n-1) * sum of w^2 x x' e^2                                                (linearised, with weights)

    R: `estimatr::lm_robust(y ~ x, se_type = "HC2")`; `survey::svyglm(y ~ x, svydesign(~1, weights = ~w))`.
    Sources: MacKinnon and White 1985, Journal of Econometrics 29:305; Binder 1983, International Statistical Review
    51:279.
    """
    x = _with_intercept(rows.x)
    information = (x * rows.mass[:, None]).T @ x
    if _is_singular(information):
        return no_fit(rows.x.shape[1], COLLINEAR)
    inverse = np.linalg.inv(information)
    coefficients = inverse @ (x.T @ (rows.mass * rows.y))
    squares = (rows.y - x @ coefficients) ** 2
    spread = rows.mass @ (rows.y - rows.mass @ rows.y / rows.mass.sum()) ** 2
    reason = None
    if rows.mass @ squares < NO_SQUARES * spread:
        reason = OUTCOME_EXPLAINED
    elif rows.weight is None:
        free = 1 - ((x @ inverse) * x).sum(axis=1)
        reason = ALONE if free.min() < SINGULAR else None
        squares = squares / np.maximum(free, SINGULAR)
    covariance = _sandwich(x, squares, rows, inverse)
    return Fit(coefficients[1:], covariance[1:, 1:] * (np.nan if reason else 1.0), reason)


def marginal_effects(rows: Rows) -> Fit:
    """Average marginal effects of standardised regressors in a logit regression, by the delta method.

        AME_j = b_j * mean of mu(1-mu)
        covariance = G (A^-1 M A^-1) G',  A = sum of w mu(1-mu) x x',  M = sum of x x' (y-mu)^2   (HC0, without weights)
        dAME_j/db_k = [j = k] * mean of mu(1-mu) + b_j * mean of mu(1-mu)(1-2mu) x_k

    With weights the means are weighted and M = n/(n-1) * sum of w^2 x x' (y-mu)^2. A regressor counts as a number, also
    if it has two values.

    R: `glm(y ~ x, binomial)`, `sandwich::vcovHC(fit, type = "HC0")` and `margins::margins(fit, vcov = V)`.
    """
    x, n_slopes = _with_intercept(rows.x), rows.x.shape[1]
    mass = rows.mass / rows.mass.sum() * rows.n.sum()
    coefficients = logit_coefficients(x, rows.y, mass)
    if coefficients is None:
        return no_fit(n_slopes, NO_FINITE_FIT)
    mu = inverse_logit(x @ coefficients)
    slope = mu * (1 - mu)
    inverse = np.linalg.inv((x * (mass * slope)[:, None]).T @ x)
    scaled = Rows(rows.x, rows.y, rows.n, None if rows.weight is None else mass / rows.n)
    covariance = _sandwich(x, (rows.y - mu) ** 2, scaled, inverse)
    mean_slope, bend = mass @ slope / mass.sum(), (mass * slope * (1 - 2 * mu)) @ x / mass.sum()
    slopes = coefficients[1:]
    gradient = np.outer(slopes, bend)
    gradient[:, 1:] += mean_slope * np.eye(n_slopes)
    return Fit(slopes * mean_slope, gradient @ covariance @ gradient.T)


def variance_inflation(correlations: np.ndarray) -> np.ndarray:
    """Variance inflation of each regressor: 1 / (1 - R2 of the regressor on the others).

    Args: `correlations` of the regressors. Infinite where a regressor follows from the others.
    R: `1 / (1 - summary(lm(x_j ~ other x))$r.squared)`.
    """
    if _is_singular(correlations):
        return np.full(len(correlations), np.inf)
    return np.maximum(np.diag(np.linalg.inv(correlations)), 1.0)


def _with_intercept(x: np.ndarray) -> np.ndarray:
    return np.hstack([np.ones((len(x), 1)), x])


def _is_singular(matrix: np.ndarray) -> bool:
    eigenvalues = np.linalg.eigvalsh(matrix)
    return bool(eigenvalues[0] < SINGULAR * eigenvalues[-1])


def _sandwich(x: np.ndarray, squares: np.ndarray, rows: Rows, inverse: np.ndarray) -> np.ndarray:
    n = rows.n.sum()
    factor = rows.n * squares if rows.weight is None else rows.n * rows.weight**2 * squares * n / (n - 1)
    return inverse @ ((x * factor[:, None]).T @ x) @ inverse
