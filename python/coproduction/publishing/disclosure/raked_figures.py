"""Tries all small counts of two raked categories behind a weighted level and the unweighted one.

A survey that is raked to two categories, such as women and men, gives each category one weight. An outsider knows the
shares of the population, and how many people there are in each category from the levels that are published of it. Then
the weighted level and the unweighted one are two equations for how many of each category have the outcome.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from coproduction.publishing.disclosure.rounding_windows import PublishedRows
from coproduction.publishing.disclosure.single_figures import Finding

_HALF_A_PERCENT = 0.5 + 1e-9
# Of more people, half a per cent is many.
_MOST_PEOPLE = 250
_ALL = ("all", "all")
_MINIMUM_ON_EACH_SIDE = 3

Survey = tuple[str, str]


def raked_levels(reader: PublishedRows, shares: Mapping[Survey, Mapping[tuple[str, str], float]]) -> Iterator[Finding]:
    """Try all numbers of people of the smaller category, with the outcome and in all, that print two levels.

    Like an outsider, the attack supposes that everybody is in one of the two categories. No build runs it, because
    candidates can be wrong where some did not say; the tests do.

    Args:
        reader: of the published file.
        shares: the known shares of each survey with two raked categories, by breakdown and group.

    Yields:
        For each level of which a candidate has to stay hidden: pairs of people of the smaller category, and how many of
        them have the outcome. `what` ends with the smaller category.

    """
    for survey, levels in _levels(reader).items():
        if survey not in shares:
            continue
        sizes = _sizes(reader, levels, shares[survey])
        (breakdown, smaller), (_, larger) = sorted(shares[survey], key=lambda category: sizes[category])
        known = [
            (shares[survey][category], sizes[category]) for category in ((breakdown, smaller), (breakdown, larger))
        ]
        for key, (unweighted, weighted) in levels.items():
            if key[-2] == breakdown or None in (unweighted.estimate, weighted.estimate):
                continue
            found = _candidates(reader, key[-2:] == _ALL, unweighted, weighted, known)
            if any(_is_hidden(reader, *pair) for pair in found):
                yield Finding(survey, "rpt_levels", ", ".join((*key, smaller)), frozenset(found))


def _levels(reader: PublishedRows) -> dict[Survey, dict[tuple, tuple[Any, Any]]]:
    """Return, for each survey, the unweighted and the weighted row of each level in per cent."""
    rows: dict[tuple, dict[str, Any]] = defaultdict(dict)
    for row in reader.rows("from reports.rpt_levels"):
        if reader.measures[row.measure_id].is_in_per_cent:
            level = (row.theme_id, row.topic_id, row.measure_id, row.breakdown_id, row.breakdown_value)
            rows[(row.council_id, row.wave_id), level][row.weighting_id] = row
    found: dict[Survey, dict[tuple, tuple[Any, Any]]] = defaultdict(dict)
    for (survey, level), pair in rows.items():
        if "weighted" in pair:
            found[survey][level] = pair["unweighted"], pair["weighted"]
    return found


def _sizes(
    reader: PublishedRows, levels: dict[tuple, tuple[Any, Any]], categories: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the bounds of the number of people in each category, over the levels that are published of it."""
    sizes = {}
    for category in categories:
        of_category = (unweighted for key, (unweighted, _) in levels.items() if key[-2:] == category)
        windows = [reader.window(row.n_respondents) for row in of_category if row.n_respondents is not None]
        lows, highs = zip(*windows, strict=True) if windows else ((1,), (_MOST_PEOPLE,))
        sizes[category] = min(lows), max(highs)
    return sizes


def _candidates(
    reader: PublishedRows, is_whole: bool, unweighted: Any, weighted: Any, known: list[tuple[float, tuple[int, int]]]
) -> set[tuple[int, int]]:
    """Return the numbers of people of the first category, and of these with the outcome, that print both levels."""
    found: set[tuple[int, int]] = set()
    low, high = reader.window(unweighted.n_respondents)
    (share, (few, many)), (other_share, (other_few, other_many)) = known
    if high > _MOST_PEOPLE:
        return found
    for n in range(low, high + 1):
        yes = np.arange(
            np.ceil(n * (unweighted.estimate - 0.5) / 100 - 1e-9), n * (unweighted.estimate + 0.5) / 100 + 1e-9
        )
        first, first_yes, yes = np.arange(n + 1)[:, None, None], np.arange(n + 1)[None, :, None], yes[None, None, :]
        second, second_yes = n - first, yes - first_yes
        fits = (first_yes <= first) & (second_yes >= 0) & (second_yes <= second)
        if is_whole:
            fits = fits & (first >= few) & (first <= many) & (second >= other_few) & (second <= other_many)
            ratios = [share / other_share * second / np.maximum(first, 1)] * 2
        else:
            ends_of_sizes = np.array([other_few / many, other_many / few])
            ratios = list(share / other_share * ends_of_sizes)
        with np.errstate(all="ignore"):
            ends = [100 * (ratio * first_yes + second_yes) / (ratio * first + second) for ratio in ratios]
        fits = fits & (np.minimum(*ends) <= weighted.estimate + _HALF_A_PERCENT)
        fits &= np.maximum(*ends) >= weighted.estimate - _HALF_A_PERCENT
        found |= {(int(people), int(with_it)) for people, with_it in np.argwhere(fits.any(axis=2))}
    return found


def _is_hidden(reader: PublishedRows, people: int, with_it: int) -> bool:
    """Whether so few people, or so few of them on one side, have to stay hidden. Nobody is no secret."""
    return people > 0 and (people < reader.minimum or min(with_it, people - with_it) < _MINIMUM_ON_EACH_SIDE)
