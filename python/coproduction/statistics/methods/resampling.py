"""Permutations of experiments: p-values from tables of counts (arms by values of the outcome) drawn with a seed.

Which contrasts occur if the arms are assigned again and no nudge works? The label of the arm (none, a, b, both) is
permuted, never the columns derived from it; every statistic is divided by its standard error.
"""

import hashlib
from functools import lru_cache

import numpy as np

from coproduction.statistics.methods.contrasts import TIE, Experiment, arm_moments, contrast_moments

# Monte Carlo standard error of a p near 0.05: sqrt(0.05*0.95/1999) = 0.005.
PERMUTATIONS_OF_ARMS = 1999
# Permutations for each test of a family, 20/0.05: Holm multiplies the smallest p by the family's size, so 1,999 could
# never star one of a hundred tests. With these, the smallest adjusted p that can be drawn is 0.0025.
PERMUTATIONS_PER_TEST = 400
# Tables drawn at once, to limit memory.
TABLES_AT_ONCE = 20_000
# A sample of fewer respondents is small, and shares its random draws with others of its size.
FEWEST_OF_LARGE_SAMPLE = 300

# Most labels that are shuffled for one survey, and the fewest permutations that even the largest survey gets.
N_SHUFFLED = 20_000_000
FEWEST_PERMUTATIONS = 199
# Labels shuffled in one step; they take 16 MB.
N_SHUFFLED_AT_ONCE = 2_000_000

# Statistics that differ by less count as equally extreme in estimates that draw their own permutations.
AS_EXTREME = 1e-9


def seed_of(*parts: object) -> int:
    """Seed of a group's draws: a hash of `parts`, the same on every machine and for every order of rows.

    Args: `parts` are the keys of the group, and the name of the draw where a group needs several, each turned into
    text. Returns a whole number of 128 bits for numpy's default_rng.
    """
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:16], "big")


@lru_cache(maxsize=2)
def shuffles(n: int, number: int) -> np.ndarray:
    """Random orders of n people, of shape (number, n), which all small samples of n people share.

    Whoever uses them first brings their people into a random order of their own. The draws of the last two calls are
    kept: estimators take their samples in the order of n.
    """
    random = np.random.default_rng(seed_of("shuffles", n, number))
    return random.permuted(np.tile(np.arange(n), (number, 1)), axis=1)


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
    is_shared = experiment.n.sum() < FEWEST_OF_LARGE_SAMPLE and n_all <= TABLES_AT_ONCE
    draw = shared_tables if is_shared else permuted_tables
    while n_left > 0:
        tables = draw(experiment.table, random, min(n_left, TABLES_AT_ONCE))
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


def shared_tables(table: np.ndarray, random: np.random.Generator, number: int) -> np.ndarray:
    """As `permuted_tables`, of a small sample, from the shuffles that samples of equally many people share."""
    arms, values = (np.repeat(np.arange(len(margin)), margin) for margin in (table.sum(axis=1), table.sum(axis=0)))
    shuffled = random.permutation(values).take(shuffles(len(values), number))
    place = (arms * number + np.arange(number)[:, None]) * table.shape[1] + shuffled
    return np.bincount(place.ravel(), minlength=table.size * number).reshape(len(table), number, -1)


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
