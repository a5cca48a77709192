"""Contrasts of arms' means whose respondents come in clusters: CR2, degrees of freedom, permutation of clusters."""

from dataclasses import dataclass

import numpy as np

from coproduction.statistics.methods.contrasts import TIE, contrast_moments
from coproduction.statistics.methods.moments import NO_SQUARES
from coproduction.statistics.methods.resampling import permuted_tables, statistics, studentised

CR2 = "CR2 Bell-McCaffrey"
CLUSTERED = "clustered Satterthwaite"
CLUSTERED_HC0 = "clustered HC0 delta method"
# Below this, the approximation of Bell and McCaffrey fails, so there is no t test (Pustejovsky and Tipton 2018).
FEWEST_DF = 4
WHOLE_ARM = "one cluster holds a whole arm: no standard error"
FEW_DF = f"so few or so unequal clusters that less than {FEWEST_DF} degrees of freedom are left: no standard error"


@dataclass(frozen=True)
class ArmClusters:
    """Sums over the respondents with an outcome, of shape (clusters, arms), and the stratum of each cluster.

    `n` respondents, their weights' sum `weight` and sum of squares `squared`, and `total`, the sum of weight * outcome
    (0-1). Without weights, weight and squared are n.
    """

    stratum: np.ndarray
    n: np.ndarray
    weight: np.ndarray
    squared: np.ndarray
    total: np.ndarray

    @property
    def is_assigned_whole(self) -> bool:
        """Whether every cluster lies in one arm, as where clusters and not respondents were assigned."""
        return bool(((self.n > 0).sum(axis=1) <= 1).all())


def clustered_contrast(contrast: np.ndarray, arms: ArmClusters) -> tuple[float, float, str | None]:
    """CR2 standard error of a contrast of the arms' means, its degrees of freedom, and why there is none.

        t_ga      = sum of w * (y - m_a) over the respondents of cluster g in arm a,  h_ga = W_ga / W_a
        k_ga      = c_a / W_a * sqrt(q_ga / v_ga),  v_ga = q_ga - 2 * h_ga * q_ga + h_ga^2 * q_a
        std_error = sqrt(sum over g of (sum over a of k_ga * t_ga)^2)
        df        = trace(M)^2 / trace(M^2),  M the covariance of the terms of std_error under equal variances:
                    cov(t_ga, t_ja) = [g=j] q_ga - h_ga q_ja - h_ja q_ga + h_ga h_ja q_a

    with W and q the sums of the weights and of their squares. If all outcomes are independent with one variance, t_ga
    has v_ga times this variance, and would have q_ga times it if m_a were known, so the factor makes the error right.
    Equal weights give exactly CR2 and Bell and McCaffrey's df, with v_ga = n_ga * (1 - h_ga), and clusters of one
    person HC2. Equal weights within each cluster give CR2 of the weighted regression. Only sums by cluster are needed.

    Args:
        contrast: c of each arm; an arm with weight 0 is left out.
        arms: sums of the clusters.

    Returns:
        std_error in units of the outcome, df, and the reason why there is no error, or None.

    R: `estimatr::lm_robust(y ~ arm, clusters = cluster, se_type = "CR2")`.
    Sources: Bell and McCaffrey 2002, Survey Methodology 28:169; Pustejovsky and Tipton 2018, JBES 36:672.

    """
    used = contrast != 0
    c, weight, squared, total = contrast[used], arms.weight[:, used], arms.squared[:, used], arms.total[:, used]
    of_arm, squared_of_arm = weight.sum(axis=0), squared.sum(axis=0)
    leverage = weight / of_arm
    if (leverage > 1 - NO_SQUARES).any():
        return np.nan, np.nan, WHOLE_ARM
    remaining = squared * (1 - 2 * leverage) + leverage**2 * squared_of_arm
    k = c / of_arm * np.sqrt(np.divide(squared, remaining, out=np.zeros_like(squared), where=squared > 0))
    std_error = float(np.sqrt(((k * (total - leverage * total.sum(axis=0))).sum(axis=1) ** 2).sum()))
    df = _trace_df(k, leverage, squared)
    if df < FEWEST_DF:
        return np.nan, np.nan, FEW_DF
    return std_error, float(df), None


def _trace_df(k: np.ndarray, leverage: np.ndarray, squared: np.ndarray) -> float:
    """trace(M)^2 / trace(M^2) of `clustered_contrast`; all arguments have shape (clusters, arms)."""
    # M = diagonal + u @ inner @ u.T, so its traces need no matrix of clusters by clusters.
    diagonal, u = (k**2 * squared).sum(axis=1), np.hstack([k * leverage, k * squared])
    one = np.eye(k.shape[1])
    inner = np.block([[np.diag(squared.sum(axis=0)), -one], [-one, np.zeros_like(one)]])
    on_diagonal, product = ((u @ inner) * u).sum(axis=1), inner @ (u.T @ u)
    trace = (diagonal + on_diagonal).sum()
    return float(trace**2 / ((diagonal**2 + 2 * diagonal * on_diagonal).sum() + np.trace(product @ product)))


def clustered_hc0(contrast: np.ndarray, arms: ArmClusters) -> float:
    """Standard error of a contrast without a correction for few clusters, as the delta method of a logit has it.

    std_error = sqrt(sum over g of (sum over a of c_a/n_a * t_ga)^2), t_ga as in `clustered_contrast`.
    R: `sandwich::vcovCL(glm(y ~ arm, quasibinomial), cluster, type = "HC0", cadjust = FALSE)`, delta method.
    """
    used = contrast != 0
    weight, total = arms.weight[:, used], arms.total[:, used]
    of_arm = weight.sum(axis=0)
    residual = total - weight / of_arm * total.sum(axis=0)
    return float(np.sqrt(((contrast[used] / of_arm * residual).sum(axis=1) ** 2).sum()))


def statistics_of_clusters(
    labels: np.ndarray, n: np.ndarray, total: np.ndarray, n_arms: int, contrasts: np.ndarray
) -> np.ndarray:
    """|t| of each contrast by CR2, where whole clusters are in the arms that the labels name.

    Args:
        labels: arm of each cluster, shape (permutations, clusters).
        n: respondents of each cluster.
        total: sum of their outcomes.
        n_arms: number of arms.
        contrasts: weights of shape (contrasts, arms).

    Returns:
        Shape (contrasts, permutations); NaN where an arm has fewer than two clusters.

    """
    means, squared_errors = np.empty((2, n_arms, len(labels)))
    for arm in range(n_arms):
        here = labels == arm
        n_arm = (here @ n)[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = (here @ total)[:, None] / n_arm
            squares = np.where(here, (total - n * mean) ** 2 / (1 - n / n_arm), 0.0).sum(axis=1)
            variance = squares / n_arm[:, 0] ** 2
        means[arm] = mean[:, 0]
        squared_errors[arm] = np.where(here.sum(axis=1) < 2, np.nan, np.where(variance < TIE**2, 0.0, variance))
    return studentised(*contrast_moments(means, squared_errors, contrasts))


def permuted_clusters(label: np.ndarray, stratum: np.ndarray, random: np.random.Generator, number: int) -> np.ndarray:
    """Permute the clusters' arms within strata: labels of shape (number, clusters)."""
    labels = np.tile(label, (number, 1))
    for one in np.unique(stratum):
        here = np.flatnonzero(stratum == one)
        labels[:, here] = random.permuted(labels[:, here], axis=1)
    return labels


def permuted_within_strata(
    tables: np.ndarray, values: np.ndarray, contrasts: np.ndarray, random: np.random.Generator, number: int
) -> np.ndarray:
    """|t| of each contrast by HC2, where respondents' arms are permuted within strata.

    Args: `tables` of shape (strata, arms, values). Returns shape (contrasts, number).
    """
    drawn = sum(permuted_tables(table, random, number) for table in tables)
    return statistics(np.asarray(drawn), values, contrasts)
