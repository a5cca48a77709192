"""Kendall's tau-b of a crosstab: do two answers rise together, whatever the distance between them?"""

import numpy as np

from coproduction.statistics.methods.inference import p_value_of_z


def kendall(table: np.ndarray) -> tuple[float, float, float]:
    """Tau-b with its asymptotic standard error, and the p of independence.

    With S_ab the mean over all pairs of respondents of sign(x1-x2)*sign(y1-y2), S_aa and S_bb the shares of pairs that
    differ in x and in y:

        tau_b     = S_ab / sqrt(S_aa*S_bb)
        std_error = sqrt(mean(IF^2)/n),
        IF        = 2*((s_ab - S_ab)/sqrt(S_aa*S_bb) - tau_b/2*((s_aa - S_aa)/S_aa + (s_bb - S_bb)/S_bb))

    where s is the same mean over the pairs of one respondent. This is the standard error that holds whatever the true
    tau (ASE1 of SAS, `KendallTauB` of DescTools). The p is two-sided from the normal distribution with the variance
    under independence, corrected for ties, without continuity correction: never exact, whatever n.

    Args:
        table: counts, shape (values of x, values of y), both in rising order, at least 2 x 2 without empty rows or
            columns, at least 3 respondents.

    Returns:
        tau_b (-1 to 1), std_error (of tau_b) and the p.

    R: `cor.test(x, y, method = "kendall", exact = FALSE)` for tau-b and p; `DescTools::KendallTauB(x, y)` for the
    interval's standard error.
    Sources: Kendall 1948, Rank correlation methods; Brown and Benedetti 1977, JASA 72:309.

    """
    count = table.astype(np.float64)
    n = count.sum()
    rows, columns = count.sum(axis=1), count.sum(axis=0)
    both = _score(count) / n
    by_row, by_column = 1 - rows[:, None] / n, 1 - columns[None, :] / n
    share = count / n
    s_ab, s_aa, s_bb = (share * both).sum(), (share * by_row).sum(), (share * by_column).sum()
    scale = np.sqrt(s_aa * s_bb)
    tau = s_ab / scale
    influence = 2 * ((both - s_ab) / scale - tau / 2 * ((by_row - s_aa) / s_aa + (by_column - s_bb) / s_bb))
    std_error = np.sqrt((share * influence**2).sum() / n)
    # The number of pairs ordered alike minus those ordered differently, each pair once.
    statistic = s_ab * n**2 / 2 / np.sqrt(_variance_under_independence(n, rows, columns))
    return tau, std_error, float(p_value_of_z(statistic))


def _score(count: np.ndarray) -> np.ndarray:
    """For a respondent of each cell: how many others are ordered alike, minus how many are ordered differently."""
    before = np.pad(count.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    total, upper, left = before[-1, -1], before[:, -1:], before[-1:, :]
    both_lower, both_higher = before[:-1, :-1], total - upper[1:] - left[:, 1:] + before[1:, 1:]
    lower_higher, higher_lower = upper[:-1] - before[:-1, 1:], left[:, :-1] - before[1:, :-1]
    return both_lower + both_higher - lower_higher - higher_lower


def _variance_under_independence(n: float, rows: np.ndarray, columns: np.ndarray) -> float:
    pairs = n * (n - 1)
    unequal = pairs * (2 * n + 5)
    in_pairs, in_triples = 1.0, 1.0
    for tied in (rows, columns):
        unequal -= (tied * (tied - 1) * (2 * tied + 5)).sum()
        in_pairs *= (tied * (tied - 1)).sum()
        in_triples *= (tied * (tied - 1) * (tied - 2)).sum()
    return unequal / 18 + in_pairs / (2 * pairs) + in_triples / (9 * pairs * (n - 2))
