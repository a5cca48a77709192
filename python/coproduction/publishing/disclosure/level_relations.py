"""Reads the levels into the attack: groups and their whole, often and sometimes, topics and their theme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from coproduction.publishing.disclosure.bounds import Unknowns
from coproduction.publishing.disclosure.rounding_windows import PublishedRows, numbers_that_print


def read_levels(reader: PublishedRows, everything: Unknowns, wholes: Unknowns) -> Iterator[tuple]:
    """Levels: wholes and their groups, often and sometimes, topics and the theme, weighted and unweighted."""
    rows = reader.rows("from reports.rpt_levels order by all")
    cells: dict[tuple, Any] = {}
    for row in rows:
        cell = (row.council_id, row.wave_id, row.theme_id, row.topic_id, row.measure_id, row.breakdown_id,
                row.breakdown_value)  # fmt: skip
        if row.weighting_id != "unweighted":
            # Respondents with a weight are a part of all respondents.
            if row.n_respondents is not None:
                everything.bind({("n", *cell): 1}, lower=row.n_respondents)
            continue
        cells[cell] = row
        know_level(reader, everything, cell, row)
        # What a withheld row itself says does not follow from the whole.
        of_whole = SimpleNamespace(**{**vars(row), "n_respondents": None, "estimate": None}) if row.is_withheld else row
        know_level(reader, wholes, cell, of_whole)
        if row.is_withheld:
            yield "rpt_levels", cell, "n"
            if reader.measures[row.measure_id].is_yes_or_no:
                yield "rpt_levels", cell, "k"
    _bind_groups(cells, everything, wholes)
    bind_often_and_sometimes(reader, cells, everything)
    bind_topics(reader, cells, everything)


def know_level(reader: PublishedRows, unknowns: Unknowns, cell: tuple, row: Any) -> None:
    """Add the constraints of a row of a level on its base n and its sum k (number of yes, or sum of values of 0-1)."""
    measure, n, k = reader.measures[row.measure_id], ("n", *cell), ("k", *cell)
    if row.n_respondents is None:
        # A row has at least one respondent. A whole is withheld for its size, or because few have the outcome.
        unknowns.know(n, 1, reader.size_of(*cell[:2]))
    else:
        unknowns.know(n, *reader.window(row.n_respondents))
    unknowns.know(k, is_whole=measure.is_yes_or_no)
    unknowns.bind({n: 1, k: -1}, lower=0)
    if row.estimate is None:
        return
    printed, half_digit = row.estimate - measure.unit_minimum, 0.5 * 10.0**-measure.decimals
    unknowns.bind({k: measure.unit_range, n: -(printed - half_digit)}, lower=0)
    unknowns.bind({k: measure.unit_range, n: -(printed + half_digit)}, upper=0)
    if reader.with_intervals_and_tests and measure.is_in_per_cent and row.n_respondents is not None:
        (n_lower, n_upper), (k_lower, k_upper) = numbers_that_print(reader.window(row.n_respondents), row)
        unknowns.know(n, n_lower, n_upper)
        unknowns.know(k, k_lower, k_upper)


def _bind_groups(cells: dict[tuple, Any], everything: Unknowns, wholes: Unknowns) -> None:
    """The groups of a breakdown do not overlap. A respondent who did not answer the question is in no group."""
    groups = defaultdict(list)
    for cell in cells:
        if cell[5] != "all":
            groups[cell[:6]].append(cell)
    for (*survey_to_measure, _), parts in groups.items():
        whole = (*survey_to_measure, "all", "all")
        if whole not in cells:
            continue
        bind_parts(everything, whole, parts)
        for part in parts:
            bind_parts(wholes, whole, [part])


def bind_parts(unknowns: Unknowns, whole: tuple, parts: Iterable[tuple]) -> None:
    """Require that a whole is at least the sum of its parts: in respondents, in yes and in no answers."""
    parts = list(parts)
    unknowns.bind({("n", *whole): 1} | {("n", *part): -1 for part in parts}, lower=0)
    unknowns.bind({("k", *whole): 1} | {("k", *part): -1 for part in parts}, lower=0)
    no = {("n", *whole): 1, ("k", *whole): -1}
    for part in parts:
        no |= {("n", *part): -1, ("k", *part): 1}
    unknowns.bind(no, lower=0)


def bind_often_and_sometimes(reader: PublishedRows, cells: dict[tuple, Any], everything: Unknowns) -> None:
    """Often and sometimes are answers to one question, and their sum is the number who take part."""
    divided = reader.measures_in_two_parts()
    for cell in cells:
        if cell[4] not in divided:
            continue
        often, sometimes = ((*cell[:4], measure, *cell[5:]) for measure in divided[cell[4]])
        if often in cells and sometimes in cells and cell[3] != "all":
            everything.bind({("k", *often): 1, ("k", *sometimes): 1, ("k", *cell): -1}, 0, 0)
        for part in (often, sometimes):
            if part in cells:
                everything.bind({("n", *part): 1, ("n", *cell): -1}, 0, 0)


def bind_topics(reader: PublishedRows, cells: dict[tuple, Any], everything: Unknowns) -> None:
    """A respondent who takes part for any topic takes part in the theme; a valid answer to one topic is enough."""
    topics = defaultdict(list)
    for cell in cells:
        measure = reader.measures[cell[4]]
        if measure.kind == "any_item" and measure.counts_answer == "positive" and cell[3] != "all":
            topics[(*cell[:3], "all", *cell[4:])].append(cell)
    for whole, parts in topics.items():
        if whole not in cells:
            continue
        for quantity in ("n", "k"):
            everything.bind({(quantity, *whole): 1} | {(quantity, *part): -1 for part in parts}, upper=0)
            for part in parts:
                everything.bind({(quantity, *whole): 1, (quantity, *part): -1}, lower=0)
