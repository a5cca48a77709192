"""A check of the simulation and the code that runs it: surveys with planted truth and a promise of an estimator.

A coverage check counts how often the 95 % interval contains the truth; a check of a type I error counts how often
p <= 0.05 without a planted effect. A draw without an interval counts as a miss, and a draw without a p counts as no
rejection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from coproduction.statistics.methods.inference import SIGNIFICANCE
from coproduction.statistics.methods.resampling import seed_of
from workbench.simulation.changes import Change, applied

# statistics.md section 8 states its bands for this number of replications.
STANDARD_REPLICATIONS = 2000
# The number for failed checks: a check that fails with fewer is repeated with this number.
FULL_REPLICATIONS = 10_000
# More replications are drawn in batches of this size, to limit memory.
REPLICATIONS_AT_ONCE = 2000


class Batch(NamedTuple):
    """A batch of a check's replications: their number, the number of the first, and the random generator."""

    replications: int
    first: int
    random: np.random.Generator


@dataclass(frozen=True)
class Check:
    """One promise of an estimator.

    `hits` draws a batch of surveys, estimates, and returns one truth value per replication; their share must lie
    between `lower` and `upper`, or, where `must_fail`, must lie outside: this is a comparison that is known to be
    wrong. `truth` is the planted value, NaN where it is not one number. `settings` apply while the check runs, and
    `plants` mentions them.
    """

    name: str
    estimator: str
    plants: str
    holds: str
    truth: float
    lower: float
    upper: float
    hits: Callable[[Batch], np.ndarray]
    must_fail: bool = False
    settings: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Result:
    """Result of one run of a check."""

    check: Check
    replications: int
    observed: float

    @property
    def monte_carlo_error(self) -> float:
        """Standard error of the observed share."""
        return float(np.sqrt(self.observed * (1 - self.observed) / self.replications))

    @property
    def band(self) -> tuple[float, float]:
        """The check's band, widened if there are fewer replications than the band is stated for.

        It is widened by 2.58 times the Monte Carlo standard error of a 5 % share minus that at the standard number;
        otherwise a right estimator would fail by chance. Bounds of 0 and 1 are not widened.
        """
        numbers = (min(self.replications, STANDARD_REPLICATIONS), STANDARD_REPLICATIONS)
        here, standard = (2.58 * np.sqrt(SIGNIFICANCE * (1 - SIGNIFICANCE) / number) for number in numbers)
        lower, upper = self.check.lower, self.check.upper
        return (
            lower if lower in (0, 1) else max(0.0, lower - here + standard),
            upper if upper in (0, 1) else min(1.0, upper + here - standard),
        )

    @property
    def is_inside(self) -> bool:
        """Whether the observed share lies in the band."""
        return self.band[0] <= self.observed <= self.band[1]

    @property
    def is_as_it_must_be(self) -> bool:
        """Whether a promise holds, or a known fault was detected."""
        return self.is_inside != self.check.must_fail

    @property
    def verdict(self) -> str:
        """The verdict as a text: `holds`, `FAILS`, `fails, as it must`, `HOLDS, and must not`."""
        if self.check.must_fail:
            return "HOLDS, and must not" if self.is_inside else "fails, as it must"
        return "holds" if self.is_inside else "FAILS"


def run(check: Check, replications: int = STANDARD_REPLICATIONS, changes: tuple[Change, ...] = ()) -> Result:
    """Run a check on the given number of surveys; the same number gives the same result on every machine.

    Args:
        check: the check.
        replications: surveys to draw.
        changes: mutations that apply while the check runs.

    """
    n_hits = 0
    for first in range(0, replications, REPLICATIONS_AT_ONCE):
        number = min(REPLICATIONS_AT_ONCE, replications - first)
        batch = Batch(number, first, np.random.default_rng(seed_of(check.name, first)))
        with applied([*check.settings, *changes]):
            hits = check.hits(batch)
        if hits.shape != (number,):
            raise ValueError(f"{check.name}: {hits.shape} instead of one truth value for each of {number} surveys.")
        n_hits += int(hits.sum())
    return Result(check, replications, n_hits / replications)


def run_until_sure(check: Check, replications: int = STANDARD_REPLICATIONS) -> Result:
    """Run a check, and once more on FULL_REPLICATIONS surveys if it fails on fewer; the larger run counts.

    At 2,000 surveys the band of a type I error is two Monte Carlo standard errors wide on each side: one right
    estimator in twenty falls outside. At 10,000 it is four and a half.
    """
    result = run(check, replications)
    if result.is_as_it_must_be or replications >= FULL_REPLICATIONS:
        return result
    return run(check, FULL_REPLICATIONS)


def covered(estimates: pd.DataFrame, truth: float | np.ndarray) -> np.ndarray:
    """Whether each interval contains the truth; false without an interval."""
    return (estimates["ci_lower"].to_numpy() <= truth) & (truth <= estimates["ci_upper"].to_numpy())


def rejected(p_values: pd.Series) -> np.ndarray:
    """Whether each p is at most 0.05; false without a p."""
    return p_values.to_numpy() <= SIGNIFICANCE
