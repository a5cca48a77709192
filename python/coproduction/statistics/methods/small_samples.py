"""Correlations of small samples: a permutation p and a bootstrap interval of Pearson's r, drawn with a seed.

Which r occurs if the answers to one question are shuffled, and which if other respondents are drawn? Correlations of
equally many people share their draws, because drawing costs more than all else: a survey has dozens of them. Each
takes its people in an order of its own, so that chance does not move all of them the same way. The draws follow from
the number of people and the order from the keys of the group, and so no number depends on what else is estimated.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import special, stats

from coproduction.statistics.methods.contrasts import TIE
from coproduction.statistics.methods.counts import Crosstab
from coproduction.statistics.methods.inference import CONFIDENCE, SMALLEST_P
from coproduction.statistics.methods.resampling import AS_EXTREME, FEWEST_OF_LARGE_SAMPLE, seed_of, shuffles

# A correlation with fewer respondents who have the rarer outcome comes from a small sample, as one with fewer
# respondents than FEWEST_OF_LARGE_SAMPLE.
FEWEST_OF_RARER_OUTCOME = 50

# Monte Carlo standard error of a p near 0.05: sqrt(0.05*0.95/4999) = 0.003.
PERMUTATIONS_OF_ANSWERS = 4999
# Monte Carlo standard error of the level at either end of the interval: sqrt(0.025*0.975/4999) = 0.002.
N_RESAMPLES = 4999
# An interval needs this share of resamples in which both answers vary.
MINIMUM_DEFINED = 0.95


def is_small(crosstab: Crosstab) -> bool:
    """Whether large-sample formulas do not hold: below 300 respondents, or below 50 outside the commonest outcome.

    The outcome is the crosstab's y. For an outcome with two values, those are the respondents with the rarer value.
    """
    n_rarer = crosstab.n - crosstab.table.sum(axis=0).max()
    return bool(crosstab.n < FEWEST_OF_LARGE_SAMPLE or n_rarer < FEWEST_OF_RARER_OUTCOME)


def resampled_correlations(crosstabs: Sequence[Crosstab], seeds: Sequence[int]) -> dict[str, np.ndarray]:
    """p_value (`permutation_p_value`), std_error, ci_lower and ci_upper (`bootstrap_interval`) of each crosstab."""
    found = np.empty((4, len(crosstabs)))
    # By the number of people, because equally many share their draws.
    for place in sorted(range(len(crosstabs)), key=lambda place: crosstabs[place].n):
        crosstab, seed = crosstabs[place], seeds[place]
        found[:, place] = permutation_p_value(crosstab, seed), *bootstrap_interval(crosstab, seed)
    return dict(zip(("p_value", "std_error", "ci_lower", "ci_upper"), found, strict=True))


def permutation_p_value(crosstab: Crosstab, seed: int) -> float:
    """Two-sided p of Pearson's r from shuffles of one answer over the respondents.

        p = (1 + number of shuffles with |r| at least the observed) / (1 + PERMUTATIONS_OF_ANSWERS)

    Returns:
        p between 1 / (1 + PERMUTATIONS_OF_ANSWERS) and 1.

    R: `mean(abs(replicate(4999, cor(x, sample(y)))) >= abs(cor(x, y)))`. On rows:
    `scipy.stats.pearsonr(x, y, method=scipy.stats.PermutationMethod())`, two-sided by the smaller tail.
    Source: Phipson and Smyth 2010, SAGMB 9:39 (the two ones).

    """
    # The margins are fixed, so r increases with the sum of products and depends on nothing else.
    x, y = crosstab.standardised
    observed = x @ crosstab.table @ y / crosstab.n
    if crosstab.n < FEWEST_OF_LARGE_SAMPLE:
        x, y = _by_person(crosstab, seed)
        permuted = y.take(shuffles(crosstab.n, PERMUTATIONS_OF_ANSWERS)) @ x / crosstab.n
    else:
        margins = stats.random_table(crosstab.table.sum(axis=1), crosstab.table.sum(axis=0))
        drawn = margins.rvs(PERMUTATIONS_OF_ANSWERS, random_state=np.random.default_rng(seed))
        permuted = np.einsum("i,bij,j->b", x, drawn, y) / crosstab.n
    n_as_extreme = (np.abs(permuted) >= abs(observed) - TIE).sum()
    return float((1 + n_as_extreme) / (1 + PERMUTATIONS_OF_ANSWERS))


def exact_p_of_a_line(n_of_values: np.ndarray, values: np.ndarray) -> float:
    """Exact permutation p of a perfect correlation: the share of the arrangements with |r| = 1.

        p = product of n_i! / n!, twice that where the opposite line has the same margins

    If all respondents lie on one line, n_i of them at each value, an arrangement has |r| = 1 only if it pairs the same
    values again, or the mirrored values if these lie equally far apart and occur equally often.

    Args:
        n_of_values: respondents at each distinct value of one answer, in rising order of the values.
        values: these values.

    R: `exp(sum(lfactorial(table(x))) - lfactorial(length(x)))`, twice where `x` and `-x` have equal tables after
    centring.
    Source: Fisher 1935, The Design of Experiments, ch. 3.

    """
    gaps = np.diff(values)
    is_mirrored = np.array_equal(n_of_values, n_of_values[::-1]) and np.allclose(gaps, gaps[::-1], rtol=AS_EXTREME)
    log_p = special.gammaln(n_of_values + 1).sum() - special.gammaln(n_of_values.sum() + 1)
    return float(max(np.exp(log_p) * (2 if is_mirrored else 1), SMALLEST_P))


def bootstrap_interval(crosstab: Crosstab, seed: int) -> tuple[float, float, float]:
    """Bias-corrected and accelerated (BCa) interval of Pearson's r, and its bootstrap standard error.

    Respondents are drawn with replacement. The bias correction compares the resampled r with the observed one (equal
    ones count half on each side); the acceleration comes from leaving out one respondent at a time, which is one
    calculation per cell.

    Returns:
        std_error, lower and upper end; all NaN where fewer than 95 % of the resamples vary in both answers, or where
        leaving out a respondent never changes r.

    R: `boot::boot.ci(boot(...), type = "bca")`. On rows: `scipy.stats.bootstrap(method="BCa")`.
    Source: Efron 1987, JASA 82:171.

    """
    row, column = crosstab.table.nonzero()
    count = crosstab.table[row, column]
    n = crosstab.n
    of_x, of_y = crosstab.standardised
    x, y = of_x[row], of_y[column]
    observed = float(count @ (x * y) / n)
    if n < FEWEST_OF_LARGE_SAMPLE:
        resampled = _correlations(_resamples(n, N_RESAMPLES), n, *_by_person(crosstab, seed))
    else:
        # The number of people in each cell is multinomial, and there are far fewer cells than people.
        drawn = np.random.default_rng(seed).multinomial(n, count / n, size=N_RESAMPLES)
        resampled = _correlations(drawn, n, x, y)
    resampled = resampled[~np.isnan(resampled)]
    left_out = _correlations(count[None, :] - np.eye(len(count)), n - 1, x, y)
    if len(resampled) < MINIMUM_DEFINED * N_RESAMPLES or np.isnan(left_out).any():
        return np.nan, np.nan, np.nan
    influence = count @ left_out / n - left_out
    spread = count @ influence**2
    if spread < TIE**2:
        return np.nan, np.nan, np.nan
    acceleration = count @ influence**3 / (6 * spread**1.5)
    below, equal = (resampled < observed - TIE).mean(), (np.abs(resampled - observed) <= TIE).mean()
    bias = special.ndtri(below + equal / 2)
    if not np.isfinite(bias):
        return np.nan, np.nan, np.nan
    level = bias + special.ndtri([(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    places = special.ndtr(bias + level / (1 - acceleration * level)) * (len(resampled) - 1)
    # As numpy's quantile, in a tenth of its time.
    ends = np.interp(places, np.arange(len(resampled)), np.sort(resampled))
    return float(resampled.std(ddof=1)), float(ends[0]), float(ends[1])


@lru_cache(maxsize=1)
def _resamples(n: int, number: int) -> np.ndarray:
    """How often each of n people is drawn in each of some samples with replacement: shape (number, n)."""
    drawn = np.random.default_rng(seed_of("resamples", n, number)).integers(n, size=(number, n))
    drawn += np.arange(number)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=number * n).reshape(number, n).astype(np.float64)


def _by_person(crosstab: Crosstab, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The standardised answers of each person, in an order that the seed decides."""
    row, column = crosstab.table.nonzero()
    person = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(row)), crosstab.table[row, column]))
    x, y = crosstab.standardised
    return x[row[person]], y[column[person]]


def _correlations(counts: np.ndarray, n: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson's r of each row of counts, of n people with values x and y; NaN where one of them does not vary."""
    sum_x, sum_y, sum_xx, sum_yy, sum_xy = np.stack([x, y, x * x, y * y, x * y]) @ counts.T
    # The values are standardised over the observed respondents, so these differences lose no relevant digits.
    of_x, of_y = sum_xx / n - (sum_x / n) ** 2, sum_yy / n - (sum_y / n) ** 2
    varies = (of_x > TIE) & (of_y > TIE)
    product = np.where(varies, of_x * of_y, np.nan)
    return np.clip((sum_xy / n - sum_x * sum_y / n**2) / np.sqrt(product), -1, 1)
