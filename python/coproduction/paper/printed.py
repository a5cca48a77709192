"""Printed numbers: possible values of a printed correlation or coefficient, judged only by print and stars.

The verdicts follow one rule: two-sided t test, every value that rounds to the printed one, three stars read as two,
3 <= n <= respondents of the council.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from coproduction.statistics.methods.inference import p_value_of_t, t_quantile

FIVE_PER_CENT, ONE_PER_CENT = 0.05, 0.01
# The p-values for which a star is right: lowest (excluded) and highest (included).
P_OF_STARS = {"": (FIVE_PER_CENT, 1.0), "*": (ONE_PER_CENT, FIVE_PER_CENT), "**": (-1.0, ONE_PER_CENT)}
SMALLEST_N = 3
# Correlations are printed to the third decimal, coefficients to the first.
HALF_CORRELATION, HALF_COEFFICIENT = 0.0005, 0.05
HALF_PER_CENT = 0.5
DECIMALS_OF_CORRELATIONS = 3
# Two of four equal arms are compared, so the variance of a difference is SD^2 * 8/N.
EQUAL_ARMS = 8.0
N_ARMS = 4
# A suggested correction must be right for a plausible number of answers: at most a quarter is missing.
PLAUSIBLE_SHARE = 0.75


def stars_as_read(printed_stars: str | None) -> str:
    """Read the stars by the legend of the tables, which has two levels, so three stars count as two."""
    return ("" if printed_stars is None or printed_stars != printed_stars else printed_stars)[:2]


def p_of_correlation(r: float | np.ndarray, n: int | np.ndarray) -> np.ndarray:
    """Two-sided p of a correlation: t = r*sqrt((n-2)/(1-r^2)) with n-2 df; 1 at most, 0 for |r| = 1.

    R: `2 * pt(-abs(r) * sqrt((n - 2) / (1 - r^2)), n - 2)`.
    """
    df = np.asarray(n, dtype=np.float64) - 2
    with np.errstate(divide="ignore"):
        return p_value_of_t(np.abs(r) * np.sqrt(df / (1 - np.square(r))), df)


@lru_cache(maxsize=64)
def critical_correlations(p: float, n_council: int) -> np.ndarray:
    """Smallest |r| whose two-sided p is at most `p`, for each n from 3 to n_council.

    r = t/sqrt(df + t^2) with the critical t of df = n-2; 0 where any r is enough (p = 1), infinite where none is
    (p < 0).
    R: `t <- qt(1 - p / 2, n - 2); t / sqrt(n - 2 + t^2)`.
    """
    df = np.arange(SMALLEST_N, n_council + 1) - 2.0
    if p < 0:
        return np.full(len(df), np.inf)
    t = t_quantile(1 - p / 2, df)
    return t / np.sqrt(df + t**2)


def n_for_star(r: float, stars: str, n_council: int) -> tuple[int, int] | None:
    """Smallest and largest number of respondents for which the printed star is right for some value that rounds to r.

    Args:
        r: the printed correlation, read at three decimals.
        stars: as read, see `stars_as_read`.
        n_council: respondents of the council, the largest number allowed.

    Returns:
        Both ends (p falls with n, so everything between them is right too), or None where no n from 3 to n_council is.

    """
    weakest, strongest = max(abs(r) - HALF_CORRELATION, 0.0), abs(r) + HALF_CORRELATION
    above, up_to = P_OF_STARS[stars]
    is_right = (strongest >= critical_correlations(up_to, n_council)) & (
        weakest < critical_correlations(above, n_council)
    )
    right = np.flatnonzero(is_right) + SMALLEST_N
    return (int(right[0]), int(right[-1])) if len(right) else None


def sd_of_share(per_cent: float | np.ndarray, half: float = HALF_PER_CENT) -> np.ndarray:
    """Smallest standard deviation, in points, of a yes-or-no outcome whose share rounds to the printed per cent.

    sqrt(p*(1-p)) at the end of the rounding interval that is further from one half.
    """
    ends = np.clip(np.array([per_cent - half, per_cent + half], dtype=np.float64), 0, 100)
    return np.sqrt(ends * (100 - ends)).min(axis=0)


def largest_sd_for_star(coefficient: float, stars: str, n_council: int) -> float:
    """Largest standard deviation of the outcome, in points, at which the coefficient can have its star.

    SD_max = |b| / (t* * sqrt(8/N)) with equal arms, where t* is the two-sided critical value of the star with N-4 df
    and b the value furthest from 0 that rounds to the printed one. Infinite without a star.
    """
    if not stars:
        return float("inf")
    critical = t_quantile(1 - P_OF_STARS[stars][1] / 2, n_council - N_ARMS)
    return float((abs(coefficient) + HALF_COEFFICIENT) / (critical * np.sqrt(EQUAL_ARMS / n_council)))


def p_of_coefficient(coefficient: np.ndarray, sd: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Two-sided p of a difference between two of four equal arms: t = b / (SD*sqrt(8/N)) with N-4 df."""
    return p_value_of_t(coefficient / (sd * np.sqrt(EQUAL_ARMS / n)), n - N_ARMS)


def one_edit_corrections(printed_label: str, n_council: int) -> list[str]:
    """Correlations one edit away from the printed one whose star is right for a plausible number of answers.

    An edit changes, inserts or drops one digit, moves the decimal point by one place, or adds or drops one star.
    Changes of sign are left out, because they do not change p. The number of answers is at least three quarters of the
    council's.

    Args:
        printed_label: the value with its stars, as printed.
        n_council: respondents of the council.

    Returns:
        Labels in printed form, one for each value: edits of the star first, then by distance of the value.

    """
    value, stars = _parts_of(printed_label)
    stars = stars_as_read(stars)
    labels = [f"{value}{other}" for other in _stars_beside(stars)]
    nearest = sorted(_values_beside(value), key=lambda other: (abs(float(other) - float(value)), -len(other)))
    by_value: dict[float, str] = {}
    for other in nearest:
        by_value.setdefault(float(other), f"{other}{stars}")
    labels += by_value.values()
    return [label for label in labels if _fits(label, n_council)]


def _stars_beside(stars: str) -> list[str]:
    return {"": ["*"], "*": ["", "**"], "**": ["*"]}[stars]


def _values_beside(value: str) -> Iterator[str]:
    """Yield the correlations that differ from the printed text by one digit or the position of the point."""
    sign, digits = ("-", value[1:]) if value.startswith("-") else ("", value)
    point = digits.index(".") if "." in digits else len(digits)
    places = [place for place in range(len(digits)) if place != point]
    texts = [digits[:place] + digit + digits[place + 1 :] for place in places for digit in "0123456789"]
    texts += [digits[:place] + digit + digits[place:] for place in range(len(digits) + 1) for digit in "0123456789"]
    texts += [digits[:place] + digits[place + 1 :] for place in places]
    texts += [f"{float(digits) * factor:.{DECIMALS_OF_CORRELATIONS}f}" for factor in (10, 0.1)]
    for text in dict.fromkeys(texts):
        is_correlation = re.fullmatch(rf"0\.\d{{1,{DECIMALS_OF_CORRELATIONS}}}", text)
        if is_correlation and float(text) != float(digits):
            yield f"{sign}{text}"


def _fits(label: str, n_council: int) -> bool:
    value, stars = _parts_of(label)
    ends = n_for_star(float(value), stars, n_council)
    return ends is not None and ends[1] >= PLAUSIBLE_SHARE * n_council


def _parts_of(label: str) -> tuple[str, str]:
    """The number and the stars of a printed label."""
    found = re.fullmatch(r"(-?[\d.]+)(\**)", label)
    if found is None:
        raise ValueError(f"{label} is not printed as a number with stars.")
    return found[1], found[2]
