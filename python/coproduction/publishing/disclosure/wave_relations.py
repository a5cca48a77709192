"""Reads what several waves say of the same people into the attack: who answered again, and how levels changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from coproduction.publishing.disclosure.bounds import Unknowns
from coproduction.publishing.disclosure.level_relations import bind_parts
from coproduction.publishing.disclosure.rounding_windows import Measure, PublishedRows

_ALL = ("all", "all")


def read_attrition(reader: PublishedRows, everything: Unknowns, wholes: Unknowns) -> Iterator[tuple]:
    """Add the constraints of `rpt_attrition`, and yield (table, cell, quantity) of each withheld group.

    The unknown n is the number of people of a group of the earlier wave, k that of those who answered again. Those of
    the group with an outcome are a part of it, and those with an outcome in both waves of those who answered again.
    """
    levels = _printed_levels(reader)
    in_both = _printed_in_both(reader)
    groups = defaultdict(list)
    for row in reader.rows("from reports.rpt_attrition order by all"):
        pair = (row.council_id, row.earlier_wave_id, row.wave_id)
        cell = (*pair, row.breakdown_id, row.breakdown_value)
        groups[*pair, row.breakdown_id].append(cell)
        n, k = ("n", *cell), ("k", *cell)
        for unknowns in (everything, wholes):
            unknowns.know(n, 1, reader.size_of(row.council_id, row.earlier_wave_id))
            unknowns.know(k, 0, reader.size_of(row.council_id, row.wave_id))
            unknowns.bind({n: 1, k: -1}, lower=0)
        of_group = levels.get((*pair[:2], *cell[3:]), [])
        everything.know(n, max((base for _, base in of_group if base is not None), default=1))
        if cell[3:] == _ALL:
            everything.know(k, max(in_both[pair], default=0))
        if row.is_withheld:
            yield "rpt_attrition", cell, "n"
            yield "rpt_attrition", cell, "k"
        if row.estimate is None:
            continue
        most = reader.window(row.n_respondents)[1]
        everything.know(n, *reader.window(row.n_respondents))
        everything.bind({k: 100, n: -(row.estimate - 0.5)}, lower=0)
        everything.bind({k: 100, n: -(row.estimate + 0.5)}, upper=0)
        for level, _ in of_group:
            everything.know(("n", *level), upper=most)
    for (*of_pair, breakdown), parts in groups.items():
        whole = (*of_pair, *_ALL)
        if breakdown != "all" and ("n", *whole) in everything:
            bind_parts(everything, whole, parts)
            for part in parts:
                bind_parts(wholes, whole, [part])


def _printed_levels(reader: PublishedRows) -> dict[tuple, list[tuple[tuple, int | None]]]:
    """Return the cells of levels with their printed bases, by survey and group.

    Constraints between them and the groups would join all topics of a survey in one large problem, which printed bases
    do not.
    """
    levels = defaultdict(list)
    for row in reader.rows("from reports.rpt_levels where weighting_id = 'unweighted'"):
        group = (row.breakdown_id, row.breakdown_value)
        cell = (row.council_id, row.wave_id, row.theme_id, row.topic_id, row.measure_id, *group)
        levels[row.council_id, row.wave_id, *group].append((cell, row.n_respondents))
    return levels


def _printed_in_both(reader: PublishedRows) -> dict[tuple, list[int]]:
    """Return the printed numbers of people with an outcome in both waves, by pair of waves."""
    in_both = defaultdict(list)
    for row in reader.rows("from reports.rpt_changes where sample_id = 'same_people' and not is_withheld"):
        in_both[row.council_id, row.earlier_wave_id, row.wave_id].append(row.n_respondents)
    return in_both


def read_changes(reader: PublishedRows, everything: Unknowns, wholes: Unknowns) -> Iterator[tuple]:
    """Add the constraints of `rpt_changes`, and yield (table, cell, quantity) of who is in both waves, if withheld.

    The people in both waves are a part of either wave's level, and the others are the rest of it. Their two levels
    differ by the printed change. A row of any sample has the bases of both levels.
    """
    for row in reader.rows("from reports.rpt_changes where weighting_id = 'unweighted' order by all"):
        measure = reader.measures[row.measure_id]
        topic = (row.theme_id, row.topic_id, row.measure_id)
        pair = (row.council_id, row.earlier_wave_id, row.wave_id)
        levels = [(row.council_id, wave, *topic, *_ALL) for wave in pair[1:]]
        if any(("n", *level) not in everything for level in levels):
            continue
        for level, base in zip(levels, (row.n_earlier, row.n_later), strict=True):
            if base is not None and row.sample_id != "same_people":
                everything.know(("n", *level), *reader.window(base))
        if row.sample_id == "same_people":
            yield from _read_same_people(reader, everything, wholes, row, measure, (*pair, *topic), levels)


def _read_same_people(
    reader: PublishedRows,
    everything: Unknowns,
    wholes: Unknowns,
    row: Any,
    measure: Measure,
    cell: tuple,
    levels: list[tuple],
) -> Iterator[tuple]:
    both, others = (
        [(*cell, wave) for wave in ("before", "after")],
        [(*cell, f"only_{wave}") for wave in ("before", "after")],
    )
    for unknowns in (everything, wholes):
        for people, rest, level in zip(both, others, levels, strict=True):
            for part in (people, rest):
                unknowns.know(("n", *part), 0, reader.size_of(*level[:2]))
                unknowns.know(("k", *part), is_whole=measure.is_yes_or_no)
            for quantity in ("n", "k"):
                terms = {(quantity, *level): 1, (quantity, *people): -1, (quantity, *rest): -1}
                unknowns.bind(terms, 0, 0)
            bind_parts(unknowns, level, [people, rest])
    everything.bind({("n", *both[0]): 1, ("n", *both[1]): -1}, 0, 0)
    if row.is_withheld:
        for part in (both[0], *others):
            yield "rpt_changes", part, "n"
        if measure.is_yes_or_no:
            for part in (*both, *others):
                yield "rpt_changes", part, "k"
    if row.estimate is None:
        return
    everything.know(("n", *both[0]), *reader.window(row.n_respondents))
    half_digit = 0.5 * 10.0**-measure.decimals
    for people, printed in zip(both, (row.earlier_level, row.later_level), strict=True):
        for sign, end in ((-1, "lower"), (1, "upper")):
            share = printed - measure.unit_minimum + sign * half_digit
            everything.bind({("k", *people): measure.unit_range, ("n", *people): -share}, **{end: 0})
    for sign, end in ((-1, "lower"), (1, "upper")):
        change = {("k", *both[1]): measure.unit_range, ("k", *both[0]): -measure.unit_range}
        everything.bind(change | {("n", *both[0]): -(row.estimate + sign * half_digit / 10)}, **{end: 0})
