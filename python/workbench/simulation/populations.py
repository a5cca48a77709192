"""Populations with planted truth, and surveys drawn from them as frames of counts.

A population is a list of cells (combinations of answers) with probabilities, so its truth is a sum, not an estimate. A
survey of n respondents is a multinomial draw of cells: the counts that the estimators would get from SQL, without
single respondents. One replication is one council (`r000123`), so that one call of an estimator handles thousands of
replications.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from coproduction.statistics.methods.weights.weighting import FOURTH_POWERS_UNIT

# Items of the individual index in all populations.
N_ITEMS = 6


@dataclass(frozen=True)
class Population:
    """Cells with their answers (one column per answer, one row per cell) and probabilities that add up to 1."""

    cells: pd.DataFrame
    probability: np.ndarray

    def mean(self, values: np.ndarray) -> float:
        """Mean of one value per cell over the population."""
        return float(self.probability @ values)

    def correlation(self, x: np.ndarray, y: np.ndarray) -> float:
        """Pearson's correlation of two values per cell over the population."""
        x, y = x - self.mean(x), y - self.mean(y)
        return self.mean(x * y) / np.sqrt(self.mean(x * x) * self.mean(y * y))

    def ranks(self, values: np.ndarray) -> np.ndarray:
        """Average rank of one value per cell as a share of the population, as in Spearman's correlation."""
        return np.array(
            [self.probability[values < value].sum() + self.probability[values == value].sum() / 2 for value in values]
        )

    def draw(self, n_respondents: int, replications: int, random: np.random.Generator) -> np.ndarray:
        """Respondents per cell in each of many surveys, of shape (replications, cells)."""
        return random.multinomial(n_respondents, self.probability, size=replications)


def replication_ids(first: int, replications: int) -> np.ndarray:
    """Name replications as if they were councils: r000000, r000001, ..."""
    return np.char.mod("r%06d", np.arange(first, first + replications))


def frame(cells: pd.DataFrame, drawn: np.ndarray, first: int = 0, **constants: object) -> pd.DataFrame:
    """Frame of counts of many surveys: one row per replication and cell with at least one respondent.

    Args:
        cells: one row per cell.
        drawn: respondents of shape (replications, cells).
        first: number of the first replication.
        constants: further columns, equal in all rows.

    Returns:
        council_id, the columns of `cells`, the constants and n_respondents.

    """
    replication, cell = drawn.nonzero()
    rows = cells.take(cell).reset_index(drop=True)
    ids = replication_ids(first, len(drawn))
    keys: dict[str, Any] = {
        "council_id": ids[replication],
        "wave_id": "2014",
        "theme_id": "environment",
        "topic_id": "all",
    }
    return rows.assign(**(keys | constants), n_respondents=drawn[replication, cell])


def with_weights(counts: pd.DataFrame, weight: np.ndarray) -> pd.DataFrame:
    """Counts with the sums of weights as in SQL; `weight` is that of each respondent in a row.

    All replications share one scale of 10^12 units, because no estimate depends on it.
    """
    n, units = counts["n_respondents"], np.round(weight / weight.max(initial=0) * 1e12)
    return counts.assign(
        sum_weight=n * units, sum_weight_squared=n * units**2, sum_weight_fourth=n * units**4 / FOURTH_POWERS_UNIT
    )


def with_person_weights(
    cells: pd.DataFrame, drawn: np.ndarray, sigma: float, random: np.random.Generator, first: int = 0, **keys: object
) -> pd.DataFrame:
    """Frame of counts of many surveys in which each respondent has a lognormal weight, unrelated to the answers.

    Args: `cells`, `drawn`, `first` and `keys` as for `frame`; `sigma`: standard deviation of the log weights.
    Returns one row per respondent.
    """
    counts = frame(cells, drawn, first, **keys)
    people = counts.loc[counts.index.repeat(counts["n_respondents"])].assign(n_respondents=1).reset_index(drop=True)
    return with_weights(people, np.exp(sigma * random.normal(size=len(people))))


def related(
    shares: tuple[float, ...], outcome_given: Callable[[int], np.ndarray], n_items: int = N_ITEMS
) -> Population:
    """Population of a correlate with the answers 1, 2, ... and an outcome of `n_items` items.

    Args:
        shares: share of the population that gives each answer.
        outcome_given: probabilities of 0, 1, ..., n_items positive items, given the answer.
        n_items: items of the outcome, 1 for a yes-or-no outcome.

    Returns:
        Cells with answer_kind, score, n_positive, n_answered.

    """
    answers = np.arange(1, len(shares) + 1)
    cells = pd.DataFrame(
        {
            "answer_kind": "valid",
            "score": np.repeat(answers, n_items + 1).astype(float),
            "n_positive": np.tile(np.arange(n_items + 1), len(answers)),
            "n_answered": n_items,
        }
    )
    probability = np.concatenate(
        [share * outcome_given(int(answer)) for share, answer in zip(shares, answers, strict=True)]
    )
    return Population(cells, probability / probability.sum())


# Most people are satisfied: most answers are at one end, and the few at the other end have much influence on r.
PILED_UP = (0.08, 0.06, 0.08, 0.13, 0.65)
CENTRED = (0.1, 0.2, 0.4, 0.2, 0.1)


def homoscedastic_index() -> Population:
    """An index with nearly the same variance for each answer, where the usual Fisher interval is right."""
    return related(CENTRED, lambda answer: index_of(0.5 + 0.06 * (answer - 3)))


def heteroscedastic_index() -> Population:
    """Answers mostly at one end of the scale, and an index whose variance grows with the distance from that end."""
    return related(PILED_UP, lambda answer: index_of(0.4 - 0.04 * (answer - 1), spread=0.03 * (5 - answer)))


def binary_outcome(share: float) -> Population:
    """A yes-or-no outcome with `share` yes in the population; the lower the answer, the more often yes."""
    answers = np.arange(1, 6)
    slope = 0.08 * share * (1 - share) / 0.25
    middle = np.dot(PILED_UP, answers)
    return related(
        PILED_UP,
        lambda answer: np.array([1 - share + slope * (answer - middle), share - slope * (answer - middle)]),
        n_items=1,
    )


def index_of(mean: float, spread: float = 0.0, n_items: int = N_ITEMS) -> np.ndarray:
    """Probabilities of 0, ..., n_items positive items with the given mean share.

    `spread` is the correlation between two items of one person: 0 gives a binomial, near 1 all items or none.
    """
    counts = np.arange(n_items + 1)
    if spread == 0:
        return stats.binom.pmf(counts, n_items, mean)
    size = 1 / spread - 1
    return stats.betabinom.pmf(counts, n_items, mean * size, (1 - mean) * size)


def paired_outcomes() -> Population:
    """Individual index and collective participation of the same people, positively correlated."""
    classes = ((0.5, 0.15, 0.02), (0.3, 0.5, 0.2), (0.2, 0.85, 0.75))
    cells = pd.DataFrame(
        {
            "n_positive": np.repeat(np.arange(N_ITEMS + 1), 2),
            "n_answered": N_ITEMS,
            "collective_participation": np.tile([0, 1], N_ITEMS + 1),
        }
    )
    probabilities = [
        share * np.outer(index_of(individual), [1 - collective, collective]).ravel()
        for share, individual, collective in classes
    ]
    return Population(cells, np.sum(probabilities, axis=0))


# Two weights and the shares of people who have them: design effect 1.66.
SHARES_OF_WEIGHTS = {0.59375: 0.8, 2.625: 0.2}


def weighted_answers() -> tuple[Population, np.ndarray]:
    """Homoscedastic answers of people whose weights differ, unrelated to what they answer: design effect 1.66.

    Returns:
        The population, and the weight of each of its cells.

    """
    base = homoscedastic_index()
    cells = pd.concat([base.cells, base.cells], ignore_index=True)
    weight = np.repeat(list(SHARES_OF_WEIGHTS), len(base.cells))
    return Population(cells, np.outer(list(SHARES_OF_WEIGHTS.values()), base.probability).ravel()), weight


def related_topics(n_topics: int = 3, sameness: float = 0.85) -> tuple[Population, list[np.ndarray]]:
    """One outcome (yes or no) and correlates of several topics to which each person gives similar answers.

    Args:
        n_topics: topics, each with three answers.
        sameness: probability that a topic's answer is the person's general answer; otherwise it is any of the three.

    Returns:
        The population with a column `is_yes`, and the answer of each cell for each topic.

    """
    grid = np.indices((3,) * n_topics + (2,)).reshape(n_topics + 1, -1)
    answers, is_yes = grid[:-1], grid[-1]
    probability = np.zeros(grid.shape[1])
    for general in range(3):
        of_topics = np.prod(np.where(answers == general, sameness + (1 - sameness) / 3, (1 - sameness) / 3), axis=0)
        yes = 0.15 + 0.15 * general
        probability += of_topics * np.where(is_yes == 1, yes, 1 - yes) / 3
    return Population(pd.DataFrame({"is_yes": is_yes}), probability), [answer + 1.0 for answer in answers]


def hidden_answers() -> Population:
    """Answers of which some are replaced by Don't Know; the cells also hold the hidden answer."""
    base = heteroscedastic_index()
    share_hidden = 0.15
    cells = pd.concat([base.cells, base.cells.assign(answer_kind="dont_know", score=np.nan)], ignore_index=True)
    cells["hidden_score"] = np.concatenate([base.cells["score"], base.cells["score"]])
    return Population(cells, np.concatenate([(1 - share_hidden) * base.probability, share_hidden * base.probability]))
