"""Rank correlations of stacked tables of counts, with large-sample errors that hold for any distribution.

All functions take `tables`: counts of shape (tables, values of x, values of y), both values ascending; they return one
number per table, NaN where x or y does not vary or the table is empty.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RankCorrelation:
    """`estimate`; `std_error` from the influence function; `null_error`: standard error if the two are independent."""

    estimate: np.ndarray
    std_error: np.ndarray
    null_error: np.ndarray


def kendall(tables: np.ndarray) -> RankCorrelation:
    """Kendall's tau-b.

    With d = respondents concordant with those of a cell minus respondents discordant with them, wr = n^2 - sum(row^2),
    wc the same of columns and w = sqrt(wr*wc): tau = sum(n*d)/w; std_error^2 = sum(n*(z - mean z)^2)/w^4, z = 2*w*d +
    tau*(row*wc + column*wr). null_error is that of the test with ties in scipy.stats.kendalltau (method asymptotic), as
    a standard error of tau.

    R: `DescTools::KendallTauB(x, y, conf.level = 0.95)`; `cor.test(x, y, method = "kendall", exact = FALSE)`.
    Sources: Goodman and Kruskal 1972, JASA 67:415; Agresti 2010, Analysis of Ordinal Categorical Data, ch. 7.
    """
    # Floats, because the products of six counts below could overflow 64-bit integers from 1,500 respondents on.
    tables = np.asarray(tables, dtype=np.float64)
    row, column = tables.sum(axis=2), tables.sum(axis=1)
    n = row.sum(axis=1)
    below = np.zeros((tables.shape[0], tables.shape[1] + 1, tables.shape[2] + 1))
    np.cumsum(np.cumsum(tables, axis=1), axis=2, out=below[:, 1:, 1:])
    up, left = below[:, :-1, -1:], below[:, -1:, :-1]
    up_to, left_to = below[:, 1:, -1:], below[:, -1:, 1:]
    # Concordant respondents (above left and below right) minus discordant ones (the other two corners).
    d = below[:, :-1, :-1] + (n[:, None, None] - up_to - left_to + below[:, 1:, 1:])
    d -= (up - below[:, :-1, 1:]) + (left - below[:, 1:, :-1])
    with np.errstate(invalid="ignore", divide="ignore"):
        wr, wc = n**2 - (row**2).sum(axis=1), n**2 - (column**2).sum(axis=1)
        w = np.where((wr > 0) & (wc > 0), np.sqrt(wr * wc), np.nan)
        total = (tables * d).sum(axis=(1, 2))
        tau = total / w
        marginal = row[:, :, None] * wc[:, None, None] + column[:, None, :] * wr[:, None, None]
        # Divided by w before squaring, because w^4 for a million respondents would be close to overflow.
        z = 2 * d / w[:, None, None] + tau[:, None, None] * marginal / (w**2)[:, None, None]
        mean = (tables * z).sum(axis=(1, 2)) / n
        error = np.sqrt((tables * (z - mean[:, None, None]) ** 2).sum(axis=(1, 2)))
        null_error = 2 * np.sqrt(_variance_without_association(row, column, n)) / w
    return RankCorrelation(tau, error, null_error)


def _variance_without_association(row: np.ndarray, column: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Variance of concordant minus discordant pairs under independence, with ties in both."""
    pairs = n * (n - 1)
    ties = [(t * (t - 1)).sum(axis=1) for t in (row, column)]
    triples = [(t * (t - 1) * (t - 2)).sum(axis=1) for t in (row, column)]
    weighted = [(t * (t - 1) * (2 * t + 5)).sum(axis=1) for t in (row, column)]
    variance = (pairs * (2 * n + 5) - weighted[0] - weighted[1]) / 18
    return variance + ties[0] * ties[1] / (2 * pairs) + triples[0] * triples[1] / (9 * pairs * (n - 2))


def average_rank_shares(counts: np.ndarray) -> np.ndarray:
    """Average rank of each value as a share of respondents: (those below + half of those equal) / all.

    Args:
        counts: of shape (tables, values), ascending.

    """
    with np.errstate(invalid="ignore"):
        return (np.cumsum(counts, axis=1) - counts / 2) / counts.sum(axis=1, keepdims=True)


def spearman_error(tables: np.ndarray, estimate: np.ndarray) -> np.ndarray:
    """Large-sample standard error of Spearman's correlation with ties.

    R and S are average rank shares, c(a, x) = 1, 1/2 or 0 as a is below, equal to or above x. A respondent's influence
    on cov(R, S) is R*S + E[c(x, X) S(Y)] + E[R(X) c(y, Y)] - 3 E[RS], and the influence on the variances has the same
    form. The influence on the ratio follows from these, and std_error = sqrt(mean(influence^2)/(n-1)). Ranks are
    estimated from the same respondents, so Pearson's standard error on ranks would leave out the two middle terms.

    Source: Borkowf 2002, Computational Statistics and Data Analysis 39:271.
    """
    n = tables.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        p = tables / n[:, None, None]
        of_x, of_y = p.sum(axis=2), p.sum(axis=1)
        r, s = average_rank_shares(of_x), average_rank_shares(of_y)
        mean_product = np.einsum("tij,ti,tj->t", p, r, s)
        covariance = r[:, :, None] * s[:, None, :] - 3 * mean_product[:, None, None]
        covariance += _mean_above(np.einsum("tij,tj->ti", p, s))[:, :, None]
        covariance += _mean_above(np.einsum("tij,ti->tj", p, r))[:, None, :]
        (vx, of_vx), (vy, of_vy) = _variance_of_ranks(of_x, r), _variance_of_ranks(of_y, s)
        influence = covariance / np.sqrt(vx * vy)[:, None, None]
        half = estimate / 2
        influence -= (half / vx)[:, None, None] * of_vx[:, :, None] + (half / vy)[:, None, None] * of_vy[:, None, :]
        return np.sqrt((p * influence**2).sum(axis=(1, 2)) / np.where(n < 2, np.nan, n - 1))


def _mean_above(values: np.ndarray) -> np.ndarray:
    """Values above each position + half of the value at it, summed: E[c(x, X) v(X)] for v weighted by its share."""
    return values.sum(axis=1, keepdims=True) - np.cumsum(values, axis=1) + values / 2


def _variance_of_ranks(shares: np.ndarray, ranks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Variance of the rank shares of each table, and the influence of a respondent at each value on it."""
    mean_square = (shares * ranks**2).sum(axis=1)
    # Exactly zero where all respondents have one value; a rounding error would count as variation.
    variance = np.where((shares > 0).sum(axis=1) > 1, mean_square - 0.25, np.nan)
    return variance, ranks**2 + 2 * _mean_above(shares * ranks) - 3 * mean_square[:, None]
