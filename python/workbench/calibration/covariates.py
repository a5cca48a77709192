"""Answers to the correlates: a planned marginal, then small changes until every correlation rounds as printed."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from workbench.calibration.correlation import TOLERANCE, Outcome, Sums, agrees, sums
from workbench.calibration.streams import UNIT, Stream, ranked

FINE_ANSWERS = 256  # an error of FINE_ANSWERS equals the tolerance
PAIRS = 3000


def weights(outcomes: list[Outcome]) -> list[float]:
    """Return standardised regression weights of the outcomes that give approximately the printed correlations."""
    between = [[sums(one.values, other.values).correlation() for other in outcomes] for one in outcomes]
    found = [0.0] * len(outcomes)
    for _ in range(40):
        for k, outcome in enumerate(outcomes):
            left = outcome.target
            for j, correlation in enumerate(between[k]):
                left -= (
                    correlation * found[j] if j != k else 0.0
                )  # one by one: sum() of floats differs by Python version
            found[k] = left
    return found


def signal(outcomes: list[Outcome]) -> tuple[np.ndarray, int]:
    """Return the integer part of the covariate's latent that the outcomes explain, and the size of the rest."""
    total, explained = np.zeros(len(outcomes[0].values), dtype=np.int64), 0.0
    for outcome, weight in zip(outcomes, weights(outcomes), strict=True):
        own = sums(outcome.values, outcome.values)
        step = int(weight * UNIT * 65536 / sqrt(own.n * own.xx - own.x * own.x))
        total += np.where(outcome.values >= 0, (step * (own.n * outcome.values - own.x)) >> 16, 0)
        explained += weight * outcome.target
    return total, int(1000 * sqrt(max(0.05, 1 - explained)))


def start(noise: np.ndarray, outcomes: list[Outcome], missing: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Cut a latent (outcomes and noise) at the planned marginal: `values` sorted, one per valid answer."""
    latent = noise
    if outcomes:
        explained, rest = signal(outcomes)
        latent = explained + noise * rest // 1000
    x = missing.copy()
    x[missing >= 0] = ranked(latent[missing >= 0], values)
    return x


def targets_by_product(x: np.ndarray, outcomes: list[Outcome]) -> tuple[np.ndarray, np.ndarray]:
    """Return for each outcome the necessary change of its sum of products and the tolerance, other sums being equal."""
    needs, tolerances = [], []
    for outcome in outcomes:
        now = sums(x, outcome.values)
        low, high = now.window(outcome.target)
        needs.append((low + high) // 2 - now.xy)
        tolerances.append(max(1, (high - low) // 2))
    return np.array(needs, dtype=np.int64), np.array(tolerances, dtype=np.int64)


def swap_best(stream: Stream, x: np.ndarray, outcomes: list[Outcome], strata: np.ndarray, usable: np.ndarray) -> bool:
    """Swap the answers of the pair that brings the sums of products nearest; return whether the error fell."""
    needs, tolerances = targets_by_product(x, outcomes)
    people = np.nonzero(usable & (x >= 0))[0]
    first, second = people[stream.below(len(people), PAIRS)], people[stream.below(len(people), PAIRS)]
    equal = (strata[first] == strata[second]) & (x[first] != x[second])
    first, second = first[equal], second[equal]
    step = np.stack([(x[second] - x[first]) * (o.values[first] - o.values[second]) for o in outcomes], axis=1)
    error = (needs - step) * FINE_ANSWERS // tolerances
    cost = (error * error).sum(axis=1)
    before = needs * FINE_ANSWERS // tolerances
    choice = int(np.argmin(cost))
    helps = int(cost[choice]) < int((before * before).sum())
    if not helps:
        choice = int(stream.below(len(cost), 1)[0])  # a random step out of a local minimum
    one, other = int(first[choice]), int(second[choice])
    x[one], x[other] = x[other], x[one]
    return helps


def approach_binary(stream: Stream, x: np.ndarray, outcomes: list[Outcome]) -> None:
    """Swap answers between respondents until the binary outcomes are as near as the fixed marginal allows."""
    usable = np.all([outcome.values >= 0 for outcome in outcomes], axis=0)
    strata = np.zeros(len(x), dtype=np.int64)
    for _ in range(400):
        needs, _tolerances = targets_by_product(x, outcomes)
        if (np.abs(needs) <= 1).all():
            return
        swap_best(stream, x, outcomes, strata, usable)


def strata_of(outcomes: list[Outcome], size: int) -> np.ndarray:
    """Give each respondent the number of their pattern of binary outcomes, missing included."""
    strata = np.zeros(size, dtype=np.int64)
    for outcome in outcomes:
        strata = strata * 3 + outcome.values + 1
    return strata


@dataclass(frozen=True)
class Swap:
    """A swap of the answers of two respondents, and the change of the sums of one outcome."""

    one: int
    other: int
    x: int
    xx: int
    xy: int


def own_swaps(stream: Stream, x: np.ndarray, outcomes: list[Outcome], outcome: Outcome) -> list[Swap]:
    """Draw swaps with different effects between respondents who differ in this outcome and in no other.

    A missing outcome counts as a difference. Such a swap changes only this correlation and keeps the marginal.
    """
    strata = strata_of([other for other in outcomes if other is not outcome], len(x))
    people = np.nonzero(x >= 0)[0]
    one, other = people[stream.below(len(people), PAIRS)], people[stream.below(len(people), PAIRS)]
    y = outcome.values
    able = (strata[one] == strata[other]) & (x[one] != x[other]) & (y[one] != y[other])
    one, other = one[able], other[able]
    step, enters = x[other] - x[one], (y[one] >= 0).astype(np.int64) - (y[other] >= 0)
    products = step * (np.maximum(y[one], 0) - np.maximum(y[other], 0))
    squares = step * (x[other] + x[one]) * enters
    found: dict[tuple, Swap] = {}
    for pair in zip(*(part.tolist() for part in (one, other, step * enters, squares, products)), strict=True):
        found.setdefault(pair[2:], Swap(*pair))
        if len(found) == 60:
            break
    return list(found.values())


def swaps_that_settle(now: Sums, target: float, swaps: list[Swap]) -> list[Swap] | None:
    """Return a list of at most two swaps after which the correlation rounds as printed, or None if there is none."""
    if abs(now.correlation() - target) <= TOLERANCE:
        return []
    for place, one in enumerate(swaps):
        x, xx, xy = now.x + one.x, now.xx + one.xx, now.xy + one.xy
        if abs(Sums(now.n, x, xx, now.y, now.yy, xy).correlation() - target) <= TOLERANCE:
            return [one]
        for other in swaps[:place]:
            if {one.one, one.other} & {other.one, other.other}:
                continue
            after = Sums(now.n, x + other.x, xx + other.xx, now.y, now.yy, xy + other.xy)
            if abs(after.correlation() - target) <= TOLERANCE:
                return [one, other]
    return None


def apply(x: np.ndarray, swaps: list[Swap]) -> None:
    """Swap the answers."""
    for swap in swaps:
        x[swap.one], x[swap.other] = x[swap.other], x[swap.one]


def settle_one(stream: Stream, x: np.ndarray, outcomes: list[Outcome], outcome: Outcome) -> bool:
    """Swap answers until the correlation with one binary outcome rounds as printed; keep the other correlations.

    With a fixed marginal of the complete pairs the possible correlations can be further apart than the width of the
    rounding window. If two swaps do not reach the window, a random step moves answers into or out of the complete
    pairs, and the search continues.
    """
    for _ in range(30):
        swaps = own_swaps(stream, x, outcomes, outcome)
        found = swaps_that_settle(sums(x, outcome.values), outcome.target, swaps)
        if found is not None:
            apply(x, found)
            return True
        kicks = [swap for swap in swaps if swap.x and not swap.xy]
        if not kicks:
            return False
        apply(x, stream.shuffled(kicks)[:1])
    return False


def change_one(stream: Stream, x: np.ndarray) -> None:
    """Change the answer of one respondent, at random, to the nearest higher or lower answer that anybody gave."""
    given = sorted(set(x[x >= 0].tolist()))
    people = np.nonzero(x >= 0)[0]
    person = int(people[stream.below(len(people), 1)[0]])
    place = given.index(int(x[person]))
    x[person] = stream.shuffled(given[max(place - 1, 0) : place] + given[place + 1 : place + 2])[0]


def move_missing(stream: Stream, x: np.ndarray, outcomes: list[Outcome]) -> None:
    """Exchange a random missing answer and a random given answer, but not of respondents who skip every outcome."""
    reached = np.any([outcome.values >= 0 for outcome in outcomes], axis=0)
    silent, people = np.nonzero((x < 0) & reached)[0], np.nonzero((x >= 0) & reached)[0]
    if len(silent):
        one, other = int(silent[stream.below(len(silent), 1)[0]]), int(people[stream.below(len(people), 1)[0]])
        x[one], x[other] = x[other], x[one]


def settle_binary(stream: Stream, x: np.ndarray, outcomes: list[Outcome]) -> None:
    """Bring the correlations with all binary outcomes near their targets, then adjust one after the other.

    If these answers have no solution, one answer and one missing answer are changed and the search starts again.
    """
    for _ in range(300):
        approach_binary(stream, x, outcomes)
        if all(settle_one(stream, x, outcomes, outcome) for outcome in outcomes):
            return
        change_one(stream, x)
        move_missing(stream, x, outcomes)
    raise ValueError("the correlations with the binary outcomes do not settle")


def settle_index(stream: Stream, x: np.ndarray, outcomes: list[Outcome], binary: list[Outcome]) -> None:
    """Swap answers between respondents equal in every binary outcome until the index correlations round as printed."""
    strata = strata_of(binary, len(x))
    usable = np.all([outcome.values >= 0 for outcome in outcomes], axis=0)
    for _ in range(3000):
        needs, tolerances = targets_by_product(x, outcomes)
        if (np.abs(needs) < tolerances).all():
            return
        swap_best(stream, x, outcomes, strata, usable)
    raise ValueError("the correlations with the indexes do not settle")


def fit(
    stream: Stream, noise: np.ndarray, missing: np.ndarray, values: np.ndarray, outcomes: list[Outcome]
) -> np.ndarray:
    """Return answers with the marginal `values` (sorted) whose correlations with the outcomes round as printed."""
    x = start(noise, outcomes, missing, values)
    binary = [outcome for outcome in outcomes if outcome.is_binary]
    indexes = [outcome for outcome in outcomes if not outcome.is_binary]
    if binary:
        settle_binary(stream, x, binary)
    if indexes:
        settle_index(stream, x, indexes, binary)
    if not all(agrees(x, outcome) for outcome in outcomes):
        raise ValueError("a later step changed a correlation that had been adjusted")
    return x
