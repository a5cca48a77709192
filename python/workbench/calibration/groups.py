"""Answers to the group items: counts by arm from an integer search, then those with the highest latent say yes."""

from collections.abc import Iterator

import numpy as np

from workbench.calibration.codes import BLANK, DONT_KNOW, NEVER, OFTEN, SOMETIMES
from workbench.calibration.streams import Stream
from workbench.calibration.targets import Window

ARMS = ("none", "a", "b", "both")
Count = tuple[int, int]  # valid answers, positive answers


def agrees_with_control(count: Count, control: Count, coefficient: int) -> bool:
    """Return whether the difference of two shares is within 45 thousandths of a point of the coefficient."""
    (n, positive), (n_control, positive_control) = count, control
    difference = 100000 * (positive * n_control - positive_control * n)
    return abs(difference - coefficient * n * n_control) <= 45 * n * n_control


def arm_options(n_valid: list[int], control: Count, coefficient: int) -> Iterator[Count]:
    """Yield the counts of an arm whose difference from the control agrees with the coefficient."""
    for n in n_valid:
        near = n * (100000 * control[1] + coefficient * control[0]) // (100000 * control[0])
        for positive in (near, near + 1):
            if 0 <= positive <= n and agrees_with_control((n, positive), control, coefficient):
                yield n, positive


def search_counts(
    stream: Stream, n_valid: dict[str, list[int]], nudges: dict[str, int], window: Window
) -> dict[str, Count]:
    """Find counts by arm whose differences round to the printed coefficients and whose total share is in the window."""
    shift = sum(nudges.values()) // (len(nudges) + 1)
    for n_control in stream.shuffled(n_valid["none"]):
        low = n_control * (window.low * 10 - shift) // 100000
        high = n_control * (window.high * 10 - shift) // 100000 + 1
        for positive in stream.shuffled(list(range(max(low, 0), high + 1))):
            control = (n_control, positive)
            found = {"none": control}
            for arm, coefficient in nudges.items():
                options = list(arm_options(stream.shuffled(n_valid[arm]), control, coefficient))
                if not options:
                    break
                found[arm] = options[0]
            else:
                if window.holds(sum(count[1] for count in found.values()), sum(count[0] for count in found.values())):
                    return found
    raise ValueError("no counts by arm agree with the printed coefficients; allow more missing answers")


def possible_valid(arms: np.ndarray, skips: np.ndarray, missing: tuple[int, int]) -> dict[str, list[int]]:
    """List by arm the numbers of valid answers that the planned range of missing answers allows."""
    options = {}
    for position in range(int(arms.max()) + 1):
        size, skipped = int((arms == position).sum()), int(skips[arms == position].sum())
        fewest = max(skipped, size * missing[0] // 1000)
        most = max(fewest + 1, size * missing[1] // 1000)
        options[ARMS[position]] = [size - number for number in range(fewest, most + 1)]
    return options


def answer_group(
    stream: Stream, joiners: np.ndarray, arms: np.ndarray, skips: np.ndarray, counts: dict[str, Count]
) -> np.ndarray:
    """Let those with the highest latent in each arm say sometimes; missing are those who skip and a random few."""
    answers = np.full(len(joiners), NEVER, dtype=np.int64)
    answers[skips] = BLANK
    for position, arm in enumerate(counts):
        n_valid, n_positive = counts[arm]
        members = np.nonzero(arms == position)[0]
        able = members[answers[members] != BLANK]
        lost = able[stream.order(len(able))[: len(able) - n_valid]]
        answers[lost] = DONT_KNOW
        valid = able[answers[able] == NEVER]
        keenest = np.argsort(-joiners[valid], kind="stable")[:n_positive]
        answers[valid[keenest]] = SOMETIMES
    return answers


def raise_to_often(stream: Stream, joiners: np.ndarray, answers: np.ndarray, n_often: int) -> None:
    """Change sometimes to often for the respondents with the highest latent."""
    positive = np.nonzero(answers == SOMETIMES)[0]
    keen = joiners[positive] + stream.latent(len(positive)) // 2
    answers[positive[np.argsort(-keen, kind="stable")[:n_often]]] = OFTEN


def participation(items: list[np.ndarray]) -> np.ndarray:
    """Return 1 if any group item is positive, 0 if the valid ones are not, -1 if none is valid."""
    stacked = np.stack(items, axis=1)
    return np.where((stacked > 0).any(axis=1), 1, np.where((stacked >= 0).any(axis=1), 0, -1))


def settle_union(stream: Stream, items: list[np.ndarray], arms: np.ndarray, window: Window) -> None:
    """Adjust the overlap of two group items within arms until the share who join either one lies in the window.

    Each step moves a yes to the second item between a respondent who joins both (or only the second) and one who joins
    neither (or only the first), so that the counts of each item in each arm do not change.
    """
    first, second = items
    for _ in range(1000):
        union = participation(items)
        n, positive = int((union >= 0).sum()), int((union == 1).sum())
        if window.holds(positive, n):
            return
        more = 2 * positive * 10000 < (window.low + window.high) * n
        givers = np.nonzero((second > 0) & ((first > 0) if more else (first == NEVER)))[0]
        giver = int(givers[stream.below(len(givers), 1)[0]])
        takers = np.nonzero((second == NEVER) & ((first == NEVER) if more else (first > 0)) & (arms == arms[giver]))[0]
        if len(takers):
            taker = int(takers[stream.below(len(takers), 1)[0]])
            second[giver], second[taker] = NEVER, second[giver]
    raise ValueError("the overlap of the two groups cannot bring the share who join either into its window")
