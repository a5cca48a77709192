"""Permutation and bootstrap: p-values and intervals from tables of counts drawn at random with a seed.

Two kinds of tables are drawn. Experiments (arms by values of the outcome): which contrasts occur if the arms are
assigned again and no nudge works? Correlations of small samples (values of one answer by values of the other): which r
occurs if the answers to one question are shuffled?

In an experiment the label of the arm (none, a, b, both) is permuted, never the columns derived from it; every statistic
is divided by its standard error.
"""

import hashlib

import numpy as np
from scipy import special, stats

from coproduction.statistics.methods.contrasts import TIE, Experiment, arm_moments, contrast_moments
from coproduction.statistics.methods.counts import Crosstab
from coproduction.statistics.methods.inference import CONFIDENCE, SMALLEST_P

# Monte Carlo standard error of a p near 0.05: sqrt(0.05*0.95/1999) = 0.005.
PERMUTATIONS_OF_ARMS = 1999
# Permutations for each test of a family, 20/0.05: Holm multiplies the smallest p by the family's size, so 1,999 could
# never star one of a hundred tests. With these, the smallest adjusted p that can be drawn is 0.0025.
PERMUTATIONS_PER_TEST = 400
# Tables drawn at once, to limit memory.
TABLES_AT_ONCE = 20_000
# Monte Carlo standard error of a p near 0.05: sqrt(0.05*0.95/4999) = 0.003.
PERMUTATIONS_OF_ANSWERS = 4999
# Monte Carlo standard error of the level at either end of the interval: sqrt(0.025*0.975/4999) = 0.002.
N_RESAMPLES = 4999
# An interval needs this share of resamples in which both answers vary.
MINIMUM_DEFINED = 0.95

# Most labels that are shuffled for one survey, and the fewest permutations that even the largest survey gets.
N_SHUFFLED = 20_000_000
FEWEST_PERMUTATIONS = 199
# Labels shuffled in one step; they take 16 MB.
N_SHUFFLED_AT_ONCE = 2_000_000

# A correlation with fewer respondents, or fewer respondents with the rarer outcome, comes from a small sample.
FEWEST_OF_LARGE_SAMPLE = 300
FEWEST_OF_RARER_OUTCOME = 50

# Statistics that differ by less count as equally extreme in estimates that draw their own permutations.
AS_EXTREME = 1e-9


def seed_of(*parts: object) -> int:
    """Seed of a group's draws: a hash of `parts`, the same on every machine and for every order of rows.

    Args: `parts` are the keys of the group, and the name of the draw where a group needs several, each turned into
    text. Returns a whole number of 128 bits for numpy's default_rng.
    """
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:16], "big")


def monte_carlo_error(p_value: np.ndarray, n_permutations: np.ndarray | int | None = None) -> np.ndarray:
    """Monte Carlo standard error of a p from permutations (PERMUTATIONS_OF_ARMS unless given): sqrt(p*(1-p)/number)."""
    return np.sqrt(p_value * (1 - p_value) / (PERMUTATIONS_OF_ARMS if n_permutations is None else n_permutations))


def permutations_for(n_tests: int, fewest: int) -> int:
    """Return how many permutations a p needs that is adjusted over n_tests: PERMUTATIONS_PER_TEST each, or `fewest`."""
    return max(fewest, PERMUTATIONS_PER_TEST * n_tests)


def randomisation_p_values(
    experiment: Experiment,
    contrasts: np.ndarray,
    in_family: np.ndarray,
    seed: int,
    n_permutations: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Studentised two-sided permutation p of each contrast, for itself and for the maximum over its family.

        p       = (1 + number of permutations with |t_c*| >= |t_c|) / (1 + n_permutations)
        p_max_t = (1 + number of permutations with max over the family of |t*| >= |t_c|) / (1 + n_permutations)

    Args:
        experiment: the arms' tables of counts.
        contrasts: weights of shape (contrasts, arms).
        in_family: the contrasts over which the maximum is taken.
        seed: of the permutations.
        n_permutations: their number; None is PERMUTATIONS_OF_ARMS.

    Returns:
        Two arrays with one p per contrast. NaN for a contrast with an arm of fewer than two respondents, and where the
        outcome does not vary at all; the second also for a contrast outside the family.

    Source: Westfall and Young 1993, Resampling-Based Multiple Testing (max-t); Wu and Ding 2021, JASA 116:1898
    (studentised); Phipson and Smyth 2010, SAGMB 9:39 (the two ones). R: brute force in nudges_reference.R.

    """
    is_testable = (len(experiment.values) > 1) & ~((contrasts != 0) & (experiment.n < 2)).any(axis=1)
    if not is_testable.any():
        return np.full(len(contrasts), np.nan), np.full(len(contrasts), np.nan)
    observed = statistics(experiment.table[:, None, :], experiment.values, contrasts)
    in_family = in_family & is_testable
    random, n_left = np.random.default_rng(seed), PERMUTATIONS_OF_ARMS if n_permutations is None else n_permutations
    n_all, n_as_extreme, n_max_as_extreme = n_left, np.zeros(len(contrasts)), np.zeros(len(contrasts))
    while n_left > 0:
        tables = permuted_tables(experiment.table, random, min(n_left, TABLES_AT_ONCE))
        permuted = statistics(tables, experiment.values, contrasts)
        n_as_extreme += is_as_extreme(permuted, observed).sum(axis=-1)
        largest = permuted[in_family].max(axis=0, initial=-np.inf)
        n_max_as_extreme += is_as_extreme(largest, observed).sum(axis=-1)
        n_left -= permuted.shape[-1]
    p_value, p_max_t = (1 + n_as_extreme) / (1 + n_all), (1 + n_max_as_extreme) / (1 + n_all)
    return np.where(is_testable, p_value, np.nan), np.where(in_family, p_max_t, np.nan)


def share_as_extreme(permuted: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Permutation p: (1 + how many permuted statistics are at least the observed one) / (1 + permutations).

    Args: `permuted` of shape (permutations,) or (contrasts, permutations), `observed` of shape (contrasts, 1).
    """
    return (1 + is_as_extreme(permuted, observed).sum(axis=-1)) / (1 + permuted.shape[-1])


def is_as_extreme(permuted: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Whether each permuted statistic is at least the observed one, shapes as in `share_as_extreme`."""
    # Statistics that differ by less differ only by rounding, and equal tables must count as equally extreme.
    return permuted >= observed * (1 - TIE) - TIE


def statistics(tables: np.ndarray, values: np.ndarray, contrasts: np.ndarray) -> np.ndarray:
    """|t| of each contrast in each table: shape (contrasts, tables); infinite where only the error is 0."""
    return studentised(*contrast_moments(*arm_moments(tables, values), contrasts))


def studentised(value: np.ndarray, std_error: np.ndarray) -> np.ndarray:
    """|value / std_error|; 0 where the value is 0, infinite where only the error is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(value == 0, 0.0, np.abs(value) / std_error)


def random_tables(rows: np.ndarray, columns: np.ndarray, number: int, random: np.random.Generator) -> np.ndarray:
    """Draw tables of counts with given margins, as a random assignment of the respondents gives them.

    A permutation of one answer over the respondents keeps both margins, so its table follows the multivariate
    hypergeometric distribution. It is drawn row by row and value by value: the cost does not depend on the number of
    respondents.

    Args:
        rows: respondents in each row (arms, or values of one answer).
        columns: respondents in each column; the same total.
        number: how many tables.
        random: the source of randomness.

    Returns:
        Counts of shape (rows, number, columns).

    R: `r2dtable(number, rows, columns)`.

    """
    drawn = np.empty((len(rows), number, len(columns)), dtype=np.int64)
    left = np.tile(columns, (number, 1))
    for row in range(len(rows) - 1):
        places = np.full(number, rows[row])
        behind = left.sum(axis=1)
        for value in range(len(columns) - 1):
            behind = behind - left[:, value]
            drawn[row, :, value] = random.hypergeometric(left[:, value], behind, places)
            places = places - drawn[row, :, value]
        drawn[row, :, -1] = places
        left = left - drawn[row]
    drawn[-1] = left
    return drawn


def permuted_tables(table: np.ndarray, random: np.random.Generator, number: int | None = None) -> np.ndarray:
    """Tables of counts after random permutations of the arms over the respondents.

    Args:
        table: observed counts of shape (arms, values).
        random: the source of randomness.
        number: how many permutations; None is PERMUTATIONS_OF_ARMS.

    Returns:
        Counts of shape (arms, number, values).

    """
    number = PERMUTATIONS_OF_ARMS if number is None else number
    return random_tables(table.sum(axis=1), table.sum(axis=0), number, random)


def is_small(crosstab: Crosstab) -> bool:
    """Whether large-sample formulas do not hold: below 300 respondents, or below 50 outside the commonest outcome.

    The outcome is the crosstab's y. For an outcome with two values, those are the respondents with the rarer value.
    """
    n_rarer = crosstab.n - crosstab.table.sum(axis=0).max()
    return bool(crosstab.n < FEWEST_OF_LARGE_SAMPLE or n_rarer < FEWEST_OF_RARER_OUTCOME)


def permutation_p_value(crosstab: Crosstab, seed: int) -> float:
    """Two-sided p of Pearson's r from shuffles of one answer over the respondents.

        p = (1 + number of shuffles with |r| at least the observed) / (1 + PERMUTATIONS_OF_ANSWERS)

    Returns:
        p between 1 / (1 + PERMUTATIONS_OF_ANSWERS) and 1.

    R: `mean(abs(replicate(4999, cor(x, sample(y)))) >= abs(cor(x, y)))`. On rows:
    `scipy.stats.pearsonr(x, y, method=scipy.stats.PermutationMethod())`, two-sided by the smaller tail.
    Source: Phipson and Smyth 2010, SAGMB 9:39 (the two ones).

    """
    table, random = crosstab.table, np.random.default_rng(seed)
    drawn = stats.random_table(table.sum(axis=1), table.sum(axis=0)).rvs(PERMUTATIONS_OF_ANSWERS, random_state=random)
    # The margins are fixed, so r increases with the sum of products and depends on nothing else.
    x, y = _standardised(crosstab)
    observed, permuted = x @ table @ y / crosstab.n, np.einsum("i,bij,j->b", x, drawn, y) / crosstab.n
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

    Respondents are drawn with replacement: their counts per cell are multinomial. The bias correction compares the
    resampled r with the observed one (equal ones count half on each side); the acceleration comes from leaving out one
    respondent at a time, which is one calculation per cell.

    Returns:
        std_error, lower and upper end; all NaN where fewer than 95 % of the resamples vary in both answers, or where
        leaving out a respondent never changes r.

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
    # The values are standardised over the observed respondents, so these differences lose no relevant digits.
    of_x, of_y = sum_xx / n - (sum_x / n) ** 2, sum_yy / n - (sum_y / n) ** 2
    varies = (of_x > TIE) & (of_y > TIE)
    product = np.where(varies, of_x * of_y, np.nan)
    return np.clip((sum_xy / n - sum_x * sum_y / n**2) / np.sqrt(product), -1, 1)
