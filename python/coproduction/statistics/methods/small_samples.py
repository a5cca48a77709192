"""Pearson's correlation in small samples: permutation p and BCa bootstrap interval, both drawn from a crosstab."""

import numpy as np
from scipy import stats

from coproduction.statistics.methods.crosstabs import Crosstab
from coproduction.statistics.methods.inference import CONFIDENCE

MINIMUM_RESPONDENTS = 300
MINIMUM_RARER = 50

# Monte Carlo standard error of a p near 0.05: sqrt(0.05*0.95/4999) = 0.003.
N_PERMUTATIONS = 4999
# Monte Carlo standard error of the level at either end of the interval: sqrt(0.025*0.975/4999) = 0.002.
N_RESAMPLES = 4999
# An interval needs this share of resamples in which both answers vary.
MINIMUM_DEFINED = 0.95
# Correlations this close are equal but for rounding: equal tables must count as equally extreme.
TIE = 1e-12


def is_small(crosstab: Crosstab) -> bool:
    """Whether large-sample formulas do not hold: below 300 respondents, or below 50 outside the commonest outcome.

    The outcome is the crosstab's y. Of an outcome with two values the others are the rarer one.
    """
    return crosstab.n < MINIMUM_RESPONDENTS or crosstab.n - crosstab.table.sum(axis=0).max() < MINIMUM_RARER


def permutation_p_value(crosstab: Crosstab, seed: int) -> float:
    """Two-sided p of Pearson's r when one answer is shuffled over the respondents.

    A shuffle keeps both margins of the table, so its table is drawn directly (scipy.stats.random_table), at the same
    cost whatever the number of respondents. p = (1 + tables with |r| at least the observed)/(1 + N_PERMUTATIONS).

    Returns:
        p between 1/(1 + N_PERMUTATIONS) and 1.

    R: `mean(abs(replicate(4999, cor(x, sample(y)))) >= abs(cor(x, y)))`. On rows:
    `scipy.stats.pearsonr(x, y, method=scipy.stats.PermutationMethod())`, two-sided by the smaller tail.
    Source: Phipson and Smyth 2010, SAGMB 9:39 (the two ones).

    """
    table = crosstab.table
    random = np.random.default_rng(seed)
    drawn = stats.random_table(table.sum(axis=1), table.sum(axis=0)).rvs(N_PERMUTATIONS, random_state=random)
    # The margins are fixed, so r is a rising function of the sum of products alone.
    x, y = _standardised(crosstab)
    observed, permuted = x @ table @ y / crosstab.n, np.einsum("i,bij,j->b", x, drawn, y) / crosstab.n
    n_as_extreme = (np.abs(permuted) >= abs(observed) - TIE).sum()
    return (1 + n_as_extreme) / (1 + N_PERMUTATIONS)


def bootstrap_interval(crosstab: Crosstab, seed: int) -> tuple[float, float, float]:
    """Bias-corrected and accelerated (BCa) interval of Pearson's r, and its bootstrap standard error.

    Respondents are drawn with replacement: their counts per cell are multinomial. The bias correction compares the
    resampled r with the observed one (half of the equal ones on either side); the acceleration comes from leaving out
    one respondent at a time, which is one calculation per cell.

    Returns:
        std_error, lower and upper end; all NaN where fewer than 95 % of the resamples vary in both answers, or where
        leaving out anybody changes nothing.

    R: `boot::boot.ci(boot(...), type = "bca")`. On rows: `scipy.stats.bootstrap(method="BCa")`.
    Source: Efron 1987, JASA 82:171.

    """
    row, column = crosstab.table.nonzero()
    count = crosstab.table[row, column]
    n = crosstab.n
    of_x, of_y = _standardised(crosstab)
    x, y = of_x[row], of_y[column]
    observed = float(_correlations(count[None, :], x, y)[0])
    drawn = np.random.default_rng(seed).multinomial(n, count / n, size=N_RESAMPLES)
    resampled = _correlations(drawn, x, y)
    resampled = resampled[~np.isnan(resampled)]
    left_out = _correlations(count[None, :] - np.eye(len(count), dtype=np.int64), x, y)
    if len(resampled) < MINIMUM_DEFINED * N_RESAMPLES or np.isnan(left_out).any():
        return np.nan, np.nan, np.nan
    influence = count @ left_out / n - left_out
    spread = count @ influence**2
    if spread < TIE**2:
        return np.nan, np.nan, np.nan
    acceleration = count @ influence**3 / (6 * spread**1.5)
    below, equal = (resampled < observed - TIE).mean(), (np.abs(resampled - observed) <= TIE).mean()
    bias = stats.norm.ppf(below + equal / 2)
    if not np.isfinite(bias):
        return np.nan, np.nan, np.nan
    level = bias + stats.norm.ppf([(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    ends = np.quantile(resampled, stats.norm.cdf(bias + level / (1 - acceleration * level)))
    return float(resampled.std(ddof=1)), float(ends[0]), float(ends[1])


def _standardised(crosstab: Crosstab) -> tuple[np.ndarray, np.ndarray]:
    """The values of both answers with mean 0 and variance 1 over the respondents."""
    standardised = []
    for value, margin in ((crosstab.x, crosstab.table.sum(axis=1)), (crosstab.y, crosstab.table.sum(axis=0))):
        share = margin / margin.sum()
        deviation = value - share @ value
        standardised.append(deviation / np.sqrt(share @ deviation**2))
    return standardised[0], standardised[1]


def _correlations(counts: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson's r of each row of counts over cells with values x and y; NaN where one of them does not vary."""
    n = counts.sum(axis=1)
    sum_x, sum_y, sum_xx, sum_yy, sum_xy = (counts @ np.stack([x, y, x * x, y * y, x * y], axis=1)).T
    # The values are standardised over the observed respondents, so these differences lose no digits that matter.
    of_x, of_y = sum_xx / n - (sum_x / n) ** 2, sum_yy / n - (sum_y / n) ** 2
    varies = (of_x > TIE) & (of_y > TIE)
    product = np.where(varies, of_x * of_y, np.nan)
    return np.clip((sum_xy / n - sum_x * sum_y / n**2) / np.sqrt(product), -1, 1)
