"""How sure a draft is, in three words, and what it saw."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Confidence(IntEnum):
    """The words of a draft. A person has to look at what is doubtful or likely before it is added."""

    DOUBTFUL = 0
    LIKELY = 1
    CERTAIN = 2

    @property
    def word(self) -> str:
        """The word as the draft prints it."""
        return self.name.lower()


DOUBTFUL, LIKELY, CERTAIN = Confidence.DOUBTFUL, Confidence.LIKELY, Confidence.CERTAIN


def least(confidences: Iterable[Confidence]) -> Confidence:
    """Return the lowest of several confidences: a row is as sure as its most doubtful part."""
    return min(confidences, default=CERTAIN)
