"""Pearson correlation from integer sums, and the range of an integer sum within the rounding window."""

from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np

TOLERANCE = 0.00045  # 0.9 of the half-window of three printed decimals


@dataclass(frozen=True)
class Outcome:
    """An outcome as integers (an index in 1/2520, or 0 and 1), -1 where missing, with the printed correlation."""

    values: np.ndarray
    target: float
    is_binary: bool


@dataclass
class Sums:
    """The integer sums over the respondents with both a covariate x and an outcome y."""

    n: int
    x: int
    xx: int
    y: int
    yy: int
    xy: int

    def spread(self) -> float:
        """Return n squared times the product of the standard deviations."""
        return sqrt(self.n * self.xx - self.x * self.x) * sqrt(self.n * self.yy - self.y * self.y)

    def correlation(self) -> float:
        """Return Pearson's r, or 0 where it is not defined."""
        spread = self.spread()
        return (self.n * self.xy - self.x * self.y) / spread if spread else 0.0

    def window(self, target: float, tolerance: float = TOLERANCE) -> tuple[int, int]:
        """Return the lowest and highest sum of products whose correlation agrees with the target."""
        spread, product = self.spread(), self.x * self.y
        low = ((target - tolerance) * spread + product) / self.n
        high = ((target + tolerance) * spread + product) / self.n
        return ceil(low), floor(high)


def sums(x: np.ndarray, y: np.ndarray) -> Sums:
    """Sum up the complete pairs; negative numbers are missing answers."""
    both = (x >= 0) & (y >= 0)
    x, y = x[both], y[both]
    return Sums(*(int(part) for part in (len(x), x.sum(), (x * x).sum(), y.sum(), (y * y).sum(), (x * y).sum())))


def agrees(x: np.ndarray, outcome: Outcome) -> bool:
    """Return whether the correlation of x with the outcome agrees with the printed one."""
    return abs(sums(x, outcome.values).correlation() - outcome.target) <= TOLERANCE
