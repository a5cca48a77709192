"""Answers to the activity items of a theme, and the individual index computed from them."""

import numpy as np

from workbench.calibration.codes import BLANK, DONT_KNOW, NEVER, OFTEN, SOMETIMES
from workbench.calibration.streams import Stream, ranked
from workbench.calibration.targets import Window

SCALE = 2520  # an index is kept in 1/2520: exact for up to ten answered items


def item_shares(level: int, n_items: int) -> list[int]:
    """Spread the items' positive shares (parts of 1,000) evenly over +-200 around the level."""
    return [level - 200 + 400 * position // (n_items - 1) for position in range(n_items)]


def draw_items(stream: Stream, activism: np.ndarray, level: int, n_items: int, skips: np.ndarray) -> np.ndarray:
    """Draw one column per item: general activity plus noise of the item, cut into never, sometimes and often."""
    size = len(activism)
    columns = []
    for share in stream.shuffled(item_shares(level, n_items)):
        often = size * share * 2 // 5000
        positive = size * share // 1000
        cut = np.repeat(np.array([NEVER, SOMETIMES, OFTEN]), [size - positive, positive - often, often])
        answers = ranked(activism + stream.latent(size), cut)
        chance = stream.below(1000, size)
        answers[chance < 47] = DONT_KNOW
        answers[chance < 12] = BLANK
        answers[skips] = BLANK
        columns.append(answers)
    return np.stack(columns, axis=1)


def index(items: np.ndarray) -> np.ndarray:
    """Return positive / valid in 1/2520, -1 where fewer than half of the items asked have a valid answer."""
    answered = (items >= 0).sum(axis=1)
    positive = (items > 0).sum(axis=1)
    return np.where(2 * answered < items.shape[1], -1, positive * SCALE // np.maximum(answered, 1))


def settle_level(stream: Stream, items: np.ndarray, window: Window) -> None:
    """Change single answers between never and sometimes until the mean index lies in the window."""
    for _ in range(5000):
        values = index(items)
        n, total = int((values >= 0).sum()), int(values[values >= 0].sum())
        if window.holds(total, n * SCALE):
            return
        missing = (window.low + window.high) * n * SCALE // 20000 - total
        old, new = (NEVER, SOMETIMES) if missing > 0 else (SOMETIMES, NEVER)
        rows, columns = np.nonzero((items == old) & (values >= 0)[:, None])
        picked = stream.below(len(rows), 40)
        steps = SCALE // (items[rows[picked]] >= 0).sum(axis=1)
        nearest = int(np.argmin(np.abs(abs(missing) - steps)))
        lands = window.holds(total + (int(steps[nearest]) if missing > 0 else -int(steps[nearest])), n * SCALE)
        best = int(picked[nearest if lands else 0])
        items[rows[best], columns[best]] = new
    raise ValueError("the mean index does not settle")


def activism(stream: Stream, size: int) -> np.ndarray:
    """Draw the general activity of each respondent, with the variance of an item's noise."""
    return stream.latent(size) * 9 // 10
