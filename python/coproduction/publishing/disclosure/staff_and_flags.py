"""Reads the gaps between staff and citizens, and the levels with and without doubtful respondents, into the attack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from coproduction.publishing.disclosure.bounds import Unknowns
from coproduction.publishing.disclosure.level_relations import bind_often_and_sometimes, bind_parts, bind_topics
from coproduction.publishing.disclosure.rounding_windows import PublishedRows

_ALL = ("all", "all")
# Where a level has a breakdown and a group.
_STAFF = ("respondent_role", "staff")


def read_staff(reader: PublishedRows, everything: Unknowns, wholes: Unknowns) -> Iterator[tuple]:
    """Add the constraints of `rpt_staff_gaps`, and yield (table, cell, quantity) of the staff of each withheld gap.

    Citizens are those of the level of the same topic. Staff have the same relations between topics and measures.
    """
    sizes = {
        (row.council_id, row.wave_id): row.n_file_rows + row.n_exports * (reader.step - 1)
        for row in reader.rows(
            """
            select council_id, wave_id, sum(n_file_rows) as n_file_rows, count(*) as n_exports
            from reports.rpt_exports
            where respondent_role = 'staff' group by all
            """
        )
    }
    cells: dict[tuple, Any] = {}
    for row in reader.rows("from reports.rpt_staff_gaps where weighting_id = 'unweighted' order by all"):
        topic = (row.council_id, row.wave_id, row.theme_id, row.topic_id, row.measure_id)
        cell, citizens = (*topic, *_STAFF), (*topic, *_ALL)
        measure = reader.measures.get(row.measure_id)
        is_yes_or_no = measure is not None and measure.is_yes_or_no
        for unknowns in (everything, wholes):
            unknowns.know(("n", *cell), 1, sizes.get(cell[:2], np.inf))
            unknowns.know(("k", *cell), is_whole=is_yes_or_no)
            unknowns.bind({("n", *cell): 1, ("k", *cell): -1}, lower=0)
        if measure is not None:
            cells[cell] = row
        if row.is_withheld:
            yield "rpt_staff_gaps", cell, "n"
            if is_yes_or_no:
                yield "rpt_staff_gaps", cell, "k"
        if row.n_staff is not None:
            everything.know(("n", *cell), *reader.window(row.n_staff))
        _know_share(everything, ("k", *cell), ("n", *cell), row.staff_level)
        if row.n_citizens is not None and ("n", *citizens) in everything:
            everything.know(("n", *citizens), *reader.window(row.n_citizens))
    bind_often_and_sometimes(reader, cells, everything)
    bind_topics(reader, cells, everything)


def read_flags(reader: PublishedRows, everything: Unknowns, wholes: Unknowns) -> Iterator[tuple]:
    """Add the constraints of `rpt_respondent_quality`, and yield (table, cell, quantity) of each withheld flag.

    Everybody who is counted has the flag or has it not. Those without it are a part of the respondents of the level,
    and these are a part of everybody: with some flags, respondents are counted here who are excluded there.
    """
    for row in reader.rows("from reports.rpt_respondent_quality order by all"):
        cell = (row.council_id, row.wave_id, row.theme_id, row.outcome_id, row.flag_id)
        everybody, without = (*cell, "everybody"), (*cell, "without")
        level = (row.council_id, row.wave_id, row.theme_id, "all", row.outcome_id, *_ALL)
        is_yes_or_no = reader.measures[row.outcome_id].is_yes_or_no
        for unknowns in (everything, wholes):
            for part in (cell, everybody, without):
                unknowns.know(("n", *part), 0, reader.size_of(*cell[:2]))
                unknowns.know(("k", *part), is_whole=is_yes_or_no)
            for quantity in ("n", "k"):
                terms = {(quantity, *everybody): 1, (quantity, *cell): -1, (quantity, *without): -1}
                unknowns.bind(terms, 0, 0)
            bind_parts(unknowns, everybody, [cell, without])
            if ("n", *level) in unknowns:
                bind_parts(unknowns, everybody, [level])
                bind_parts(unknowns, level, [without])
        if row.is_withheld:
            # Perhaps nobody has the flag, and the level itself is withheld.
            yield "rpt_respondent_quality", cell, "n"
            if is_yes_or_no:
                yield "rpt_respondent_quality", cell, "k"
        if row.n_respondents is not None:
            everything.know(("n", *everybody), *reader.window(row.n_respondents))
        if row.n_flagged is not None:
            everything.know(("n", *cell), *(reader.window(row.n_flagged) if row.n_flagged else (0, 0)))
        for part, printed in ((everybody, row.level_with), (without, row.level_without)):
            _know_share(everything, ("k", *part), ("n", *part), printed)


def _know_share(unknowns: Unknowns, k: tuple, n: tuple, printed: float | None) -> None:
    """Add that k is a printed whole percentage of n."""
    if printed is not None:
        unknowns.bind({k: 100, n: -(printed - 0.5)}, lower=0)
        unknowns.bind({k: 100, n: -(printed + 0.5)}, upper=0)
