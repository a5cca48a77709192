"""The power of comparing two arms, the smallest effect that they can show, and the answers that an effect needs.

Pure functions of numbers. Proportions, effects, levels of significance and power are shares of 1; ``n`` is the number
of people in each arm. All tests are two-sided. The references were computed by R: tests/python/reference/power.R.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import optimize, stats

# No survey of councils is as large as this, so a larger number means that an effect cannot be found.
LARGEST_ARM = 10_000_000


def design_effect(cluster_size: float, icc: float) -> float:
    """Return by how much answers in households or streets are worth less than as many single people's.

    1 + (m - 1) icc, with m people in a cluster and the correlation of two of them (Kish, Survey Sampling, 1965, 5.4).
    It holds for an effect if all people of a cluster are in one arm.
    """
    return 1.0 + (cluster_size - 1.0) * icc


def power_of_proportions(n: float, level: float, other: float, alpha: float = 0.05) -> float:
    """Return the probability that a difference of two proportions is significant.

    The z test with a pooled variance, without the rejections on the wrong side:
    ``power.prop.test(n, level, other, alpha)`` in R (Fleiss, Levin and Paik, Statistical Methods for Rates and
    Proportions, 2003, 4.2). 0 where nobody varies.
    """
    pooled = (level + other) / 2.0
    within = level * (1.0 - level) + other * (1.0 - other)
    if within <= 0.0:
        return 0.0 if level == other else 1.0
    least = stats.norm.isf(alpha / 2.0) * math.sqrt(2.0 * pooled * (1.0 - pooled))
    return float(stats.norm.cdf((math.sqrt(n) * abs(level - other) - least) / math.sqrt(within)))


def power_of_means(
    n: float, effect: float, deviation: float, alpha: float = 0.05, design: float = 1.0, size: float = 1.0
) -> float:
    """Return the probability that a difference of two means is significant.

    The t test with a noncentral t distribution, without the rejections on the wrong side:
    ``power.t.test(n, effect, deviation, alpha)`` in R. In clusters of ``size`` people with a ``design`` effect, n is
    divided by the design effect, and the degrees of freedom are those of the clusters (Donner and Klar, Design and
    Analysis of Cluster Randomization Trials, 2000, 5.3).
    """
    df = 2.0 * (n / size - 1.0)
    if df <= 0.0:
        return 0.0
    shift = math.sqrt(n / design / 2.0) * abs(effect) / deviation
    return float(stats.nct.sf(stats.t.isf(alpha / 2.0, df), df, shift))


def smallest_rise(n: float, level: float, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """Return the smallest rise from a level that two arms of n people show with a power; None if there is none."""
    return _smallest(lambda rise: power_of_proportions(n, level, level + rise, alpha), 1.0 - level, power)


def smallest_fall(n: float, level: float, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """Return the smallest fall from a level that two arms of n people show with a power; None if there is none."""
    return _smallest(lambda fall: power_of_proportions(n, level, level - fall, alpha), level, power)


def smallest_difference(
    n: float,
    deviation: float,
    largest: float,
    alpha: float = 0.05,
    power: float = 0.8,
    design: float = 1.0,
    size: float = 1.0,
) -> float | None:
    """Return the smallest difference of two means that arms of n people show; None if it is above ``largest``."""
    return _smallest(lambda effect: power_of_means(n, effect, deviation, alpha, design, size), largest, power)


def smallest_correlation(n: float, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """Return the smallest correlation that n people show, by Fisher's z; None for fewer than four.

    tanh((z(1 - alpha / 2) + z(power)) / sqrt(n - 3)) (Cohen, Statistical Power Analysis, 1988, 3.4).
    """
    if n <= 3.0:
        return None
    return math.tanh((stats.norm.isf(alpha / 2.0) + stats.norm.ppf(power)) / math.sqrt(n - 3.0))


def margin_of_error(n: float, level: float, alpha: float = 0.05) -> float:
    """Return half the width of the interval of a proportion among n people: z(1 - alpha / 2) sqrt(p (1 - p) / n)."""
    return float(stats.norm.isf(alpha / 2.0)) * math.sqrt(level * (1.0 - level) / n)


def people_needed(power_at: Callable[[float], float], power: float = 0.8) -> float | None:
    """Return the number of people in each arm at which a power is reached, with decimals; None above LARGEST_ARM.

    ``power_at`` is the power for a number of people, which grows with it.
    """
    if power_at(LARGEST_ARM) < power:
        return None
    if power_at(2.0) >= power:
        return 2.0
    return float(optimize.brentq(lambda n: power_at(n) - power, 2.0, LARGEST_ARM, xtol=1e-6))


def _smallest(power_at: Callable[[float], float], largest: float, power: float) -> float | None:
    """Return where a power that grows with the effect reaches a value; None if no possible effect reaches it."""
    if power_at(largest) < power:
        return None
    return float(optimize.brentq(lambda effect: power_at(effect) - power, 1e-9, largest, xtol=1e-10))
