"""Location pattern: whether metropolitan areas have lower levels than others. Units are areas, not respondents."""

from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.pooling.est_pooled_councils import MINIMUM_RESPONDENTS
from coproduction.statistics.methods.counts import COUNT, COUNT_OR_NULL, NUMBER, TEXT, UNWEIGHTED, typed
from coproduction.statistics.methods.multiplicity import HOLM, LOCATION_FAMILY, adjust
from coproduction.statistics.methods.resampling import AS_EXTREME, permutations_for, seed_of

# With fewer areas there is no test: 4 of 7 areas have 35 arrangements, but 1 of 7 only 7.
MINIMUM_AREAS = 8
METROPOLITAN = "metropolitan"
# Up to this number all arrangements are computed (10 of 20 areas: 184,756); above it they are drawn at random.
MOST_ARRANGEMENTS = 200_000
# Monte Carlo standard error of a p near 0.05: sqrt(0.05*0.95/19999) = 0.0015.
N_DRAWN = 19_999

GROUP = ("council_id", "wave_id", "theme_id", "topic_id", "measure_id")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_smallest": COUNT,
    "n_areas": COUNT,
    "n_metropolitan": COUNT,
    "n_elsewhere": COUNT,
    "metropolitan_level": NUMBER,
    "elsewhere_level": NUMBER,
    "estimate": NUMBER,
    "n_arrangements": NUMBER,
    "smallest_p_value": NUMBER,
    "p_value": NUMBER,
    "p_value_type": TEXT,
    "p_value_adjusted": NUMBER,
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "reason": TEXT,
}


def estimate_location_pattern(levels: pd.DataFrame, councils: pd.DataFrame) -> pd.DataFrame:
    """Compare the levels of metropolitan areas with those of the others, each area counting once.

        estimate = mean level of the m metropolitan areas - mean level of the others
        p_value  = share of the n over m arrangements (which m of the n areas are metropolitan) whose difference is at
                   least as far from 0 as that of the observed one

    The p is exact: it needs no distribution and no standard error. It is two-sided and counts the observed arrangement,
    so it is never 0; smallest_p_value is the smallest that n and m allow (twice 1/arrangements where m = n - m: each
    has a mirror image). Above MOST_ARRANGEMENTS, N_DRAWN arrangements are drawn, or 400 for each test of the family if
    these are more, seeded by the row's keys, and p = (1 + number as far) / (1 + number drawn): p_value_type says
    `exact` or `permutation`, and smallest_p_value is 1 / (1 + number drawn). Below MINIMUM_AREAS areas there is no p.
    p_value_adjusted is Holm's over multiplicity.LOCATION_FAMILY.

    Args:
        levels: rows of estimates.est_levels; of measures that are outcomes; used are breakdown `all`, topic `all`,
            unweighted, with at least MINIMUM_RESPONDENTS respondents.
        councils: council_id, area_type (`metropolitan` or another; a council without one is left out).

    Returns:
        One row per wave, theme and measure, sorted by them; council_id and topic_id are `all`. The levels and the
        estimate are on the 0-1 scale of the outcome. n_respondents adds up over the areas; n_smallest is the smallest
        number of respondents in one area. `reason` says why there is no p.

    Raises:
        ValueError: two councils have one council_id.

    R: `d = combn(length(y), m, function(i) mean(y[i]) - mean(y[-i])); mean(abs(d) >= abs(observed) - 1e-9)`.
    Source: Fisher 1935, The Design of Experiments, ch. 3; Pitman 1937, JRSS Suppl 4:119.

    """
    is_used = (
        levels["breakdown_id"].eq("all")
        & levels["topic_id"].eq("all")
        & levels["weighting_id"].eq(UNWEIGHTED)
        & levels["n_respondents"].ge(MINIMUM_RESPONDENTS)
        & levels["estimate"].notna()
    )
    kinds = councils.loc[councils["area_type"].fillna("").ne(""), ["council_id", "area_type"]]
    try:
        areas = levels[is_used].merge(kinds, on="council_id", validate="many_to_one")
    except pd.errors.MergeError as error:
        raise ValueError("councils must have one row per council_id.") from error
    keys = ["wave_id", "theme_id", "measure_id"]
    patterns = list(areas.sort_values([*keys, "council_id"]).groupby(keys, sort=True))
    n_drawn = permutations_for(len(patterns), N_DRAWN)
    rows = [
        dict(zip(keys, key, strict=True)) | _pattern(of_key, seed_of("location", *key), n_drawn)
        for key, of_key in patterns
    ]
    found = pd.DataFrame(rows, columns=list(TYPES), dtype=object)
    found = found.assign(council_id="all", topic_id="all", weighting_id=UNWEIGHTED, family_id=LOCATION_FAMILY)
    return typed(adjust(typed(found, TYPES), "p_value", HOLM), TYPES)


def _pattern(areas: pd.DataFrame, seed: int, n_drawn: int) -> dict[str, Any]:
    level = areas["estimate"].to_numpy(NUMBER)
    is_metropolitan = areas["area_type"].eq(METROPOLITAN).to_numpy(bool)
    n, m = len(level), int(is_metropolitan.sum())
    row = {
        "n_respondents": int(areas["n_respondents"].sum()),
        "n_smallest": int(areas["n_respondents"].min()),
        "n_areas": n,
        "n_metropolitan": m,
        "n_elsewhere": n - m,
        "metropolitan_level": level[is_metropolitan].mean() if m else np.nan,
        "elsewhere_level": level[~is_metropolitan].mean() if m < n else np.nan,
    }
    row["estimate"] = row["metropolitan_level"] - row["elsewhere_level"]
    if m in (0, n):
        return row | {"reason": "no metropolitan area" if m == 0 else "no other than metropolitan areas"}
    n_arrangements = comb(n, m)
    row |= {
        # A float, because thirty areas have more arrangements than an integer column of the warehouse can hold safely.
        "n_arrangements": float(n_arrangements),
        "smallest_p_value": (2 if 2 * m == n else 1) / n_arrangements if _is_exact(n, m) else 1 / (1 + n_drawn),
    }
    if n < MINIMUM_AREAS:
        return row | {"reason": f"fewer than {MINIMUM_AREAS} areas: described, not tested"}
    if np.ptp(level) <= AS_EXTREME:
        return row | {"reason": "the level does not vary between areas"}
    p_value, p_value_type = arrangement_p_value(level, is_metropolitan, seed, n_drawn)
    return row | {"p_value": p_value, "p_value_type": p_value_type}


def _is_exact(n: int, m: int) -> bool:
    """Whether all arrangements of m among n areas are computed, rather than some drawn."""
    return comb(n, m) <= MOST_ARRANGEMENTS


def arrangement_p_value(
    level: np.ndarray, is_metropolitan: np.ndarray, seed: int, n_drawn: int = N_DRAWN
) -> tuple[float, str]:
    """Two-sided p of the difference of two means over the arrangements of the areas.

    Args:
        level: of each of the n areas.
        is_metropolitan: whether each is (n); some are, some are not.
        seed: of the draws, where there are too many arrangements to compute all.
        n_drawn: how many arrangements are drawn in this case.

    Returns:
        The p, above 0 and at most 1, and `exact` or `permutation`.

    R: `mean(abs(combn(n, m, function(i) mean(y[i]) - mean(y[-i]))) >= abs(observed) - 1e-9)`.

    """
    n, m = len(level), int(is_metropolitan.sum())
    # For given n and m the difference of the means grows with the sum of the chosen levels, so the distance of this sum
    # from m/n of the total is the two-sided statistic.
    centred = level - level.mean()
    observed = abs(centred[is_metropolitan].sum())
    if _is_exact(n, m):
        chosen = np.array(list(combinations(range(n), m)))
        return float((np.abs(centred[chosen].sum(axis=1)) >= observed - AS_EXTREME).mean()), "exact"
    order = np.random.default_rng(seed).random((n_drawn, n)).argsort(axis=1)[:, :m]
    n_as_far = (np.abs(centred[order].sum(axis=1)) >= observed - AS_EXTREME).sum()
    return float((1 + n_as_far) / (1 + n_drawn)), "permutation"
