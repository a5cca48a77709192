"""Arms' means adjusted for covariates, from grouped cells: Lin's regression and the fractional logit."""

from dataclasses import dataclass

import numpy as np

from coproduction.statistics.methods.regressions.logit import inverse_logit, logit_coefficients

# Pivots and values of 1 - leverage below this are rounding errors of zero.
SINGULAR = 1e-9

NOT_IDENTIFIED = "an arm has too few respondents in some age band or gender for the adjustment"
EXPLAINED = "the covariates explain the outcome of an arm completely"
NO_FIT = "no finite fit: nobody or everybody of an arm, age band or gender takes part, or these repeat each other"


@dataclass(frozen=True)
class GroupedCells:
    """Respondents with an outcome and all covariates, in cells of equal arm, covariates and outcome.

    `arm`, `profile` (number of the combination of covariates), `value` (0-1) and `n` have one entry per cell;
    `covariates` has one row per profile and one column per dummy.
    """

    arm: np.ndarray
    profile: np.ndarray
    value: np.ndarray
    n: np.ndarray
    covariates: np.ndarray
    n_arms: int

    @property
    def centred(self) -> np.ndarray:
        """Covariates of each profile minus their mean over all respondents."""
        n = np.bincount(self.profile, weights=self.n, minlength=len(self.covariates))
        return self.covariates - n @ self.covariates / n.sum()


@dataclass(frozen=True)
class AdjustedMeans:
    """Adjusted mean of each arm, with the quantities that the errors of contrasts need.

    `variance` holds the HC2 variances; `trace` and `squared_norm` are the arm's terms in the Bell-McCaffrey degrees of
    freedom. Each arm has its own regression, so the adjusted means have no covariance. `reason` says for each arm why
    its numbers are NaN.
    """

    mean: np.ndarray
    variance: np.ndarray
    trace: np.ndarray
    squared_norm: np.ndarray
    reason: list[str | None]

    def contrast(self, weights: np.ndarray) -> tuple[float, float, float, str | None]:
        """Value, standard error, degrees of freedom and reason of a contrast of the arms' means.

        df = sum(c^2 * trace)^2 / sum(c^4 * squared_norm)
        """
        used = np.flatnonzero(weights)
        c = weights[used]
        reason = next((self.reason[arm] for arm in used if self.reason[arm]), None)
        df = (c**2 @ self.trace[used]) ** 2 / (c**4 @ self.squared_norm[used])
        return float(c @ self.mean[used]), float(np.sqrt(c**2 @ self.variance[used])), float(df), reason


def lin_means(cells: GroupedCells) -> AdjustedMeans:
    """Mean of each arm at the covariates' overall mean: Lin's fully interacted regression.

    The regression of the outcome on arms, centred covariates z and all products of the two is one regression per arm
    on (1, z); its intercept is the arm's adjusted mean. With x a row of (1, z), w = e1'(X'X)^-1 x and h the leverage:

        variance = sum of w^2 * residual^2 / (1-h)                                                       (HC2)
        trace = sum of w^2
        squared_norm = sum of g^4*(1-2h) + sum over pairs of g_i^2*g_j^2*h_ij^2,  g^2 = w^2/(1-h)   (Bell-McCaffrey)

    h and w depend on arm and covariates only, so sums over respondents are sums over the grouped cells.

    R: `estimatr::lm_lin(y ~ arm, ~ age_band + gender, clusters = respondent, se_type = "CR2")`, which for
    one-respondent clusters is HC2 with Bell-McCaffrey df.
    Sources: Lin 2013, Annals of Applied Statistics 7:295; Bell and McCaffrey 2002, Survey Methodology 28:169.
    """
    numbers = np.full((4, cells.n_arms), np.nan)
    reasons: list[str | None] = []
    matrix = np.hstack([np.ones((len(cells.covariates), 1)), cells.centred])
    for arm in range(cells.n_arms):
        found = _lin_mean(cells, matrix, cells.arm == arm)
        reasons.append(found if isinstance(found, str) else None)
        if not isinstance(found, str):
            numbers[:, arm] = found
    mean, variance, trace, squared_norm = numbers
    return AdjustedMeans(mean, variance, trace, squared_norm, reasons)


def _lin_mean(cells: GroupedCells, matrix: np.ndarray, is_here: np.ndarray) -> tuple[float, ...] | str:
    """Mean, variance, trace and squared norm of one arm, or the reason why they do not exist."""
    n, value = cells.n[is_here].astype(np.float64), cells.value[is_here]
    profiles, profile = np.unique(cells.profile[is_here], return_inverse=True)
    n_profile = np.bincount(profile, weights=n, minlength=len(profiles))
    x = matrix[profiles]
    if len(profiles) < x.shape[1]:
        return NOT_IDENTIFIED
    q, r = np.linalg.qr(x * np.sqrt(n_profile)[:, None])
    if np.abs(np.diag(r)).min() < SINGULAR * np.abs(np.diag(r)).max():
        return NOT_IDENTIFIED
    # The products of the rows of X R^-1 are the leverages h_ij.
    half = q / np.sqrt(n_profile)[:, None]
    leverages = half @ half.T
    free = 1 - np.diag(leverages)
    if free.min() < SINGULAR:
        return NOT_IDENTIFIED
    first = np.linalg.solve(r.T, np.eye(len(r))[0])
    w = half @ first
    mean_of_profile = np.bincount(profile, weights=n * value, minlength=len(profiles)) / n_profile
    fitted = half @ (half.T @ (n_profile * mean_of_profile))
    residual = value - fitted[profile]
    if n @ residual**2 < SINGULAR**2 * n.sum():
        return EXPLAINED
    g2 = w**2 / free
    pairs = (n_profile * g2) @ leverages**2 @ (n_profile * g2)
    return (
        float(first @ (half.T @ (n_profile * mean_of_profile))),
        float((n * g2[profile]) @ residual**2),
        float(n_profile @ w**2),
        float(n_profile @ (g2**2 * (1 - 2 * np.diag(leverages))) + pairs),
    )


@dataclass(frozen=True)
class FractionalLogit:
    """Coefficients of a fractional logit: log-odds of each arm, then of each covariate, with their covariance.

    `means` are the average predictions per arm over all respondents, and `gradient` their derivatives.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    means: np.ndarray
    gradient: np.ndarray

    def contrast(self, weights: np.ndarray) -> tuple[float, float]:
        """Average marginal effect of a contrast of arms, and its standard error by the delta method."""
        gradient = weights @ self.gradient
        return float(weights @ self.means), float(np.sqrt(gradient @ self.covariance @ gradient))


def fractional_logit(cells: GroupedCells) -> FractionalLogit | None:
    """Logit regression of a share (0-1) on arms and covariates, by quasi-likelihood with robust errors.

        score = X'(y - mu) = 0,  covariance = A^-1 B A^-1,  A = X' diag(mu(1-mu)) X,  B = X' diag((y-mu)^2) X   (HC0)

    Average marginal effect of arm a: mean over all respondents of mu(a, z) - mu(none, z), covariates z as they are.
    Columns of X are one dummy per arm (no intercept) and the centred covariates.

    Returns:
        None where no finite fit exists: nobody or everybody in some arm, age band or gender has the outcome.

    R: `glm(y ~ 0 + arm + z, family = quasibinomial)` with `sandwich::vcovHC(fit, type = "HC0")`.
    Source: Papke and Wooldridge 1996, Journal of Applied Econometrics 11:619.

    """
    n = cells.n.astype(np.float64)
    dummies = np.eye(cells.n_arms)
    centred = cells.centred
    x = np.hstack([dummies[cells.arm], centred[cells.profile]])
    coefficients = logit_coefficients(x, cells.value, n)
    if coefficients is None:
        return None
    mu = inverse_logit(x @ coefficients)
    inverse = np.linalg.inv((x * (n * mu * (1 - mu))[:, None]).T @ x)
    meat = (x * (n * (cells.value - mu) ** 2)[:, None]).T @ x
    share = np.bincount(cells.profile, weights=n, minlength=len(centred)) / n.sum()
    means, gradient = np.empty(cells.n_arms), np.empty((cells.n_arms, x.shape[1]))
    for arm in range(cells.n_arms):
        row = np.hstack([np.tile(dummies[arm], (len(centred), 1)), centred])
        prediction = inverse_logit(row @ coefficients)
        means[arm] = share @ prediction
        gradient[arm] = (share * prediction * (1 - prediction)) @ row
    return FractionalLogit(coefficients, inverse @ meat @ inverse, means, gradient)
