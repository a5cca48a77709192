"""The arms of the nudge experiment: equal sizes at random, then exchanges until the index coefficients round."""

from dataclasses import dataclass

import numpy as np

from workbench.calibration.activities import SCALE
from workbench.calibration.groups import ARMS
from workbench.calibration.streams import Stream

FINE_ARMS = 64  # an error of FINE_ARMS equals the tolerance


@dataclass(frozen=True)
class NudgedIndex:
    """An individual index (in 1/2520, -1 missing) and its printed coefficients in thousandths of a point."""

    values: np.ndarray
    nudges: dict[str, int]


def draw_arms(stream: Stream, size: int) -> np.ndarray:
    """Assign the four arms at random; their sizes differ by at most one person."""
    arms = np.empty(size, dtype=np.int64)
    arms[stream.order(size)] = np.arange(size) % len(ARMS)
    return arms


def errors(totals: np.ndarray, n: np.ndarray, nudged: NudgedIndex) -> np.ndarray:
    """Return the error of each coefficient; `totals` holds one row of sums by arm per candidate."""
    columns = []
    for position, arm in enumerate(ARMS):
        if arm in nudged.nudges:
            scale = int(n[position] * n[0])
            difference = 100000 * (totals[:, position] * n[0] - totals[:, 0] * n[position])
            columns.append((difference - nudged.nudges[arm] * scale * SCALE) // (45 * scale * SCALE // FINE_ARMS))
    return np.stack(columns, axis=1)


def arm_totals(arms: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sums and the numbers of valid indexes by arm."""
    valid = [values[(arms == position) & (values >= 0)] for position in range(len(ARMS))]
    return np.array([int(part.sum()) for part in valid]), np.array([len(part) for part in valid])


def draw_pairs(stream: Stream, groups: np.ndarray, usable: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw pairs of usable respondents with equal group answers."""
    people = np.nonzero(usable)[0]
    first, second = people[stream.below(len(people), size)], people[stream.below(len(people), size)]
    equal = (groups[first] == groups[second]).all(axis=1)
    return first[equal], second[equal]


def exchanged(totals: np.ndarray, arms: np.ndarray, values: np.ndarray, pairs: tuple) -> np.ndarray:
    """Return the sums by arm after each exchange of arms, one row per pair."""
    first, second = pairs
    step = values[second] - values[first]
    rows = np.arange(len(first))
    result = np.tile(totals, (len(first), 1))
    result[rows, arms[first]] += step
    result[rows, arms[second]] -= step
    return result


def settle_index(stream: Stream, arms: np.ndarray, groups: np.ndarray, indexes: list[NudgedIndex]) -> None:
    """Exchange the arms of two respondents with equal group answers until every index coefficient rounds as printed."""
    usable = np.all([nudged.values >= 0 for nudged in indexes], axis=0)
    best_cost = None
    for _ in range(5000):
        sums = [arm_totals(arms, nudged.values) for nudged in indexes]
        now = [errors(total[None, :], n, nudged) for (total, n), nudged in zip(sums, indexes, strict=True)]
        if all((np.abs(error) < FINE_ARMS).all() for error in now):
            return
        best_cost = sum(int((error * error).sum()) for error in now)
        pairs = draw_pairs(stream, groups, usable, 3000)
        cost = np.zeros(len(pairs[0]), dtype=np.int64)
        for (total, n), nudged in zip(sums, indexes, strict=True):
            error = errors(exchanged(total, arms, nudged.values, pairs), n, nudged)
            cost += (error * error).sum(axis=1)
        choice = int(np.argmin(cost))
        if cost[choice] >= best_cost:
            choice = int(stream.below(len(cost), 1)[0])  # a random step out of a local minimum
        first, second = int(pairs[0][choice]), int(pairs[1][choice])
        arms[first], arms[second] = arms[second], arms[first]
    raise ValueError("the index coefficients do not settle")
