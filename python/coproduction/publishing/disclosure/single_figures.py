"""Attacks that try all small counts behind one printed figure, instead of bounding many counts at once.

Each yields a `Finding` for a count that has to stay hidden, with the values that print what the file prints. One value
means that the count is worked out. A file in which the disclosure plan withholds what it should gives no figure to try.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from coproduction.publishing.disclosure.rounding_windows import PublishedRows, bases_that_print
from coproduction.statistics.methods.inference import t_half_width

# How far a rounded figure may be from the exact one, with room for the last bit of a double.
_SLACK = 1e-9
_MOST_WHO_CHANGED = 10_000


@dataclass(frozen=True)
class Finding:
    """A hidden count: the survey, the report with the figure, what is counted, and the values that it can have."""

    survey: tuple[str, str]
    table: str
    what: str
    candidates: frozenset

    @property
    def is_exact(self) -> bool:
        """Whether only one value is possible."""
        return len(self.candidates) == 1


def findings(reader: PublishedRows) -> Iterator[Finding]:
    """Yield what every attack of this module finds in a published file."""
    for attack in (two_groups, sizes_of_arms, raked_weights, missing_outcomes, dont_know_as_no, rare_answers, changed):
        yield from attack(reader)


def two_groups(reader: PublishedRows) -> Iterator[Finding]:
    """Try all tables of 2 x 2 that print the correlation of a characteristic whose two groups are withheld."""
    for row in reader.rows(
        """
        select correlates.*, levels.estimate as level, levels.n_respondents as n_whole
        from reports.rpt_correlates as correlates
        inner join reports.rpt_levels as levels
            on correlates.council_id = levels.council_id and correlates.wave_id = levels.wave_id
            and correlates.theme_id = levels.theme_id and levels.topic_id = 'all'
            and correlates.outcome_id = levels.measure_id and levels.breakdown_id = 'all'
            and levels.weighting_id = 'unweighted'
        where correlates.method_id = 'pearson' and correlates.weighting_id = 'unweighted'
            and correlates.estimate is not null and levels.estimate is not null
            and (
                select count(*) = 2 and bool_and(is_withheld) from reports.rpt_levels as groups
                where groups.council_id = correlates.council_id and groups.wave_id = correlates.wave_id
                    and groups.theme_id = correlates.theme_id and groups.topic_id = 'all'
                    and groups.measure_id = correlates.outcome_id and groups.weighting_id = 'unweighted'
                    and groups.breakdown_id = correlates.construct_id
            )
        """
    ):
        if not reader.measures[row.outcome_id].is_in_per_cent:
            continue
        # The base is at most that of the whole, if the correlation does not say it.
        n_pair = row.n_respondents if row.n_respondents is not None else row.n_whole - row.n_whole % reader.step
        bases = bases_that_print(reader, n_pair, row.estimate, row.p_value_t)
        whole = reader.window(row.n_whole)[1]
        found = set()
        for n in range(bases[0], bases[1] + 1):
            # The level is over all with the outcome, the correlation over those who also gave the characteristic.
            fewest = max(math.floor((row.level - 0.5) / 100 * row.n_whole - (whole - n)), 0)
            n_yes = np.arange(fewest, int((row.level + 0.5) / 100 * whole) + 1)[:, None, None]
            size, yes = np.arange(1, 10)[None, :, None], np.arange(0, 10)[None, None, :]
            with np.errstate(all="ignore"):
                r = (n * yes - size * n_yes) / np.sqrt(n_yes * (n - n_yes) * size * (n - size))
            fits = (np.abs(np.abs(r) - abs(row.estimate)) <= 0.0005 + _SLACK) & (yes <= size) & (yes <= n_yes)
            # At most as many as are in the whole did not give the characteristic.
            fits &= n_yes >= (row.level - 0.5) / 100 * row.n_whole - (whole - n)
            found |= {(int(s) + 1, int(y)) for _, s, y in np.argwhere(fits)}
        if found:
            yield Finding(_survey(row), "rpt_correlates", f"{row.theme_id}, {row.construct_id}, {row.outcome_id}",
                          frozenset(found))  # fmt: skip


def sizes_of_arms(reader: PublishedRows) -> Iterator[Finding]:
    """Try all sizes of the arms that print the chi-square and the largest difference of the check of equal arms."""
    if not reader.has_column("reports", "rpt_nudge_checks", "statistic"):
        return
    arms: dict[tuple, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in reader.rows(
        "from reports.rpt_nudge_effects where model_id = 'dummies' and weighting_id = 'unweighted' "
        "and contrast_id <> 'interaction' order by n_arm nulls first"
    ):
        of_survey = arms[_survey(row)]
        is_hidden = row.n_arm is None
        of_survey[row.contrast_id] = (1, reader.minimum - 1) if is_hidden else reader.window(row.n_arm)
        if not is_hidden:
            of_survey["none"] = reader.window(row.n_control)
    for row in reader.rows("from reports.rpt_nudge_checks where check_id = 'arm_counts' and statistic is not null"):
        sizes = arms[_survey(row)]
        hidden = [arm for arm, window in sizes.items() if window == (1, reader.minimum - 1)]
        if len(hidden) != 1 or len(sizes) < 3:
            continue
        # An arm may also have people without the outcome.
        ranges = [
            range(low, high + 11) if arm not in hidden else range(low, high + 1) for arm, (low, high) in sizes.items()
        ]
        grid = np.array(list(product(*ranges)))
        total = grid.sum(axis=1)
        expected = total / grid.shape[1]
        statistic = ((grid - expected[:, None]) ** 2).sum(axis=1) / expected
        difference = 100 * (grid.max(axis=1) - grid.min(axis=1)) / total
        fits = np.abs(statistic - row.statistic) <= 0.005 + _SLACK
        fits &= (np.abs(difference - row.estimate) <= 0.05 + _SLACK) & np.isin(total, _exact(reader, row))
        place = list(sizes).index(hidden[0])
        yield Finding(_survey(row), "rpt_nudge_checks", f"arm {hidden[0]}", frozenset(grid[fits][:, place].tolist()))


def raked_weights(reader: PublishedRows) -> Iterator[Finding]:
    """Try all sizes of the smaller of two groups with one weight each, from their ratio and the design effect."""
    if not reader.has_column("reports", "rpt_weights", "highest_weight"):
        return
    for row in reader.rows("from reports.rpt_weights where weight_source = 'raked' and highest_weight is not null"):
        if row.lowest_weight == row.highest_weight:
            continue
        ratio, found = row.highest_weight / row.lowest_weight, set()
        for n in range(*_up_to(reader.window(row.n_weighted))):
            size = np.arange(1, reader.minimum)
            for weight in (ratio, 1 / ratio):
                effect = n * (size * weight**2 + n - size) / (size * weight + n - size) ** 2
                found |= set(size[np.abs(effect - row.design_effect) <= 0.005 + _SLACK].tolist())
        if found:
            yield Finding(_survey(row), "rpt_weights", "people with the highest weight", frozenset(found))


def missing_outcomes(reader: PublishedRows) -> Iterator[Finding]:
    """Try all numbers of missing outcomes that print the share of an experiment without the outcome."""
    for row in reader.rows(
        "from reports.rpt_nudge_checks where check_id = 'non_response' and missing_pct is not null and missing_pct > 0"
    ):
        half_digit = 0.05 if reader.has_column("reports", "rpt_nudge_checks", "statistic") else 0.5
        found = set()
        for n in range(*_up_to(reader.window(row.n_respondents))):
            missing = np.arange(1, n + 1)
            found |= set(missing[np.abs(100 * missing / n - row.missing_pct) <= half_digit + _SLACK].tolist())
        if found and min(found) < reader.minimum:
            yield Finding(_survey(row), "rpt_nudge_checks", f"missing {row.outcome_id}", frozenset(found))


def dont_know_as_no(reader: PublishedRows) -> Iterator[Finding]:
    """Try all numbers of Don't Know by which the level of groups falls if Don't Know counts as no."""
    for row in reader.rows(
        """
        select other.*, headline.estimate as level, headline.n_respondents as n_headline
        from reports.rpt_index_alternatives as other
        inner join reports.rpt_index_alternatives as headline
            using (council_id, wave_id, theme_id, topic_id, outcome_id)
        where other.alternative_id = 'dont_know_as_no' and headline.alternative_id = 'sometimes_or_often'
            and outcome_id = 'collective_participation'
            and other.estimate is not null and headline.estimate is not null and other.difference_points < 0
        """
    ):
        found = set()
        for n in range(*_up_to(reader.window(row.n_headline))):
            n_yes = _numbers_near(n, row.level)[:, None]
            low, high = reader.window(row.n_respondents)
            added = np.arange(max(low - n, 0), min(high - n, n) + 1)[None, :]
            level, other = 100 * n_yes / n, 100 * n_yes / (n + added)
            fits = (np.abs(level - row.level) <= 0.5 + _SLACK) & (np.abs(other - row.estimate) <= 0.5 + _SLACK)
            fits &= np.abs(other - level - row.difference_points) <= 0.05 + _SLACK
            found |= set(added[0, np.argwhere(fits)[:, 1]].tolist())
        if found and min(found) < reader.minimum:
            yield Finding(_survey(row), "rpt_index_alternatives", f"Don't Know, {row.theme_id}, {row.topic_id}",
                          frozenset(found))  # fmt: skip


def rare_answers(reader: PublishedRows) -> Iterator[Finding]:
    """Find shares of 0 or 100 per cent: everybody in the group gave the same answer."""
    for table in ("rpt_levels", "rpt_answer_levels"):
        for row in reader.rows(f"from reports.{table} where estimate in (0, 100) and weighting_id = 'unweighted'"):
            measure = reader.measures[row.measure_id if table == "rpt_levels" else row.outcome_id]
            highest = reader.window(row.n_respondents)[1]
            # A share of fewer than three people prints as 0 per cent only in a group of more than 200.
            if measure.is_in_per_cent and highest < 200:
                yield Finding(_survey(row), table, f"everybody answered alike: {row.estimate:.0f} per cent",
                              frozenset({int(row.estimate)}))  # fmt: skip


def changed(reader: PublishedRows) -> Iterator[Finding]:
    """Try all numbers who changed from no to yes and from yes to no that print the change of the same people."""
    if not reader.has_column("reports", "rpt_changes", "sample_id"):
        return
    for row in reader.rows(
        "from reports.rpt_changes where sample_id = 'same_people' and weighting_id = 'unweighted' "
        "and estimate is not null and ci_lower is not null"
    ):
        if not reader.measures[row.measure_id].is_in_per_cent:
            continue
        found = set()
        # Of more people, a tenth of a point is many who changed.
        if row.n_respondents > _MOST_WHO_CHANGED:
            continue
        for n in range(*_up_to(reader.window(row.n_respondents))):
            found |= _changed_of(n, row)
        if found and min(min(pair) for pair in found) < reader.minimum:
            yield Finding(_survey(row), "rpt_changes", f"changed, {row.theme_id}, {row.topic_id}, {row.measure_id}",
                          frozenset(found))  # fmt: skip


def _changed_of(n: int, row: Any) -> set[tuple[int, int]]:
    """Numbers who rose and who fell, of n people, that print the change and its interval."""
    balance = np.arange(np.floor(n * (row.estimate - 0.06) / 100), np.ceil(n * (row.estimate + 0.06) / 100) + 1)
    up, down = balance[:, None] + np.arange(0, n + 1), np.arange(0, n + 1)[None, :]
    change = (up - down) / n
    half_width = t_half_width(np.sqrt(np.maximum((up + down) / n - change**2, 0) / (n - 1)), n - 1)
    fits = (up >= 0) & (up + down <= n) & (np.abs(100 * change - row.estimate) <= 0.05 + _SLACK)
    for sign, printed in ((-1, row.ci_lower), (1, row.ci_upper)):
        fits &= np.abs(np.clip(100 * (change + sign * half_width), -100, 100) - printed) <= 0.05 + _SLACK
    places = np.argwhere(fits)
    return {(int(up[place[0], place[1]]), int(place[1])) for place in places}


def _numbers_near(n: int, level: float) -> np.ndarray:
    """Return numbers of n people with all whose share prints as a level: of many people a hundredth, and not all."""
    fewest, most = math.floor((level - 0.5) / 100 * n) - 1, math.ceil((level + 0.5) / 100 * n) + 1
    return np.arange(max(fewest, 0), min(most, n) + 1)


def _survey(row: object) -> tuple[str, str]:
    return row.council_id, row.wave_id  # type: ignore[attr-defined]


def _up_to(window: tuple[int, int]) -> tuple[int, int]:
    return window[0], window[1] + 1


def _exact(reader: PublishedRows, row: object) -> list[int]:
    """The respondents of a survey, from the exact number in Table 1 less the window of the excluded."""
    low, high = reader.window(row.n_respondents)  # type: ignore[attr-defined]
    return list(range(low, high + 1))
