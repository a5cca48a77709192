"""Reads the distribution of answers into the attack: answers add up to their group, and groups to the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from coproduction.publishing.disclosure.bounds import Unknowns
from coproduction.publishing.disclosure.rounding_windows import PublishedRows

# The keys of a question; the last three are followed by the breakdown and its group.
_QUESTION = (
    "council_id",
    "wave_id",
    "theme_id",
    "topic_id",
    "respondent_role",
    "construct_id",
    "column_name",
    "scale_id",
)
_ALL = ("all", "all")


def read_shares(reader: PublishedRows, everything: Unknowns, wholes: Unknowns) -> Iterator[tuple]:
    """Add the constraints of `rpt_answer_shares`, and yield (table, cell, quantity) of each withheld answer or group.

    The unknown ("n", *group) is the number of valid answers of a group, ("k", *group, answer) that of one answer.
    """
    groups: dict[tuple, list[Any]] = defaultdict(list)
    for row in reader.rows("from reports.rpt_answer_shares where weighting_id = 'unweighted' order by all"):
        if row.respondent_role == "citizen" and row.statistic_id in ("share", "mean", "top_two"):
            groups[(*(getattr(row, key) for key in _QUESTION), row.breakdown_id, row.breakdown_value)].append(row)
    answers = {group: [row for row in rows if row.statistic_id == "share"] for group, rows in groups.items()}
    for group, rows in groups.items():
        if answers[group]:
            for unknowns in (everything, wholes):
                _know_group(reader, unknowns, group, rows)
            _know_sums(everything, group, rows)
            yield from _targets(group, answers[group])
    _bind_groups([group for group in groups if answers[group]], answers, everything, wholes)


def _know_group(reader: PublishedRows, unknowns: Unknowns, group: tuple, rows: list[Any]) -> None:
    """Add the base of a group and the number of each of its answers, as far as they are published."""
    n = ("n", *group)
    unknowns.know(n)
    for row in rows:
        if row.statistic_id == "share":
            k = ("k", *group, row.answer_name)
            unknowns.know(k)
            unknowns.bind({n: 1, k: -1}, lower=0)
            if row.n_respondents is not None:
                unknowns.know(n, *reader.window(row.n_respondents))
                unknowns.bind({k: 100, n: -(row.estimate - 0.5)}, lower=0)
                unknowns.bind({k: 100, n: -(row.estimate + 0.5)}, upper=0)


def _know_sums(everything: Unknowns, group: tuple, rows: list[Any]) -> None:
    """The answers add up to the base; the mean and the two highest answers are sums over answers."""
    n = ("n", *group)
    scores = {row.answer_name: row.answer_score for row in rows if row.statistic_id == "share"}
    everything.bind({n: -1} | {("k", *group, name): 1 for name in scores}, 0, 0)
    if any(score is None or np.isnan(score) for score in scores.values()):
        return
    for row in rows:
        if row.estimate is None:
            continue
        if row.statistic_id == "mean":
            total, half_digit = {("k", *group, name): score for name, score in scores.items()}, 0.005
        elif row.statistic_id == "top_two":
            top = sorted(set(scores.values()))[-2:]
            total, half_digit = {("k", *group, name): 100 for name, score in scores.items() if score in top}, 0.5
        else:
            continue
        everything.bind(total | {n: -(row.estimate - half_digit)}, lower=0)
        everything.bind(total | {n: -(row.estimate + half_digit)}, upper=0)


def _targets(group: tuple, answers: list[Any]) -> Iterator[tuple]:
    hidden = [row.answer_name for row in answers if row.n_respondents is None]
    if len(hidden) == len(answers):
        yield "rpt_answer_shares", group, "n"
    for name in hidden:
        yield "rpt_answer_shares", (*group, name), "k"


def _bind_groups(groups: list[tuple], answers: dict[tuple, list[Any]], everything: Unknowns, wholes: Unknowns) -> None:
    """The groups of a breakdown do not overlap: in people, and in the people of each answer."""
    parts: dict[tuple, list[tuple]] = defaultdict(list)
    for group in groups:
        if group[-2:] != _ALL:
            parts[group[:-1]].append(group)
    for (*question, _), of_breakdown in parts.items():
        whole = (*question, *_ALL)
        if ("n", *whole) not in everything:
            continue
        names = [row.answer_name for row in answers[whole]]
        everything.bind({("n", *whole): 1} | {("n", *part): -1 for part in of_breakdown}, lower=0)
        for name in names:
            of_answer = [key for part in of_breakdown if (key := ("k", *part, name)) in everything]
            everything.bind({("k", *whole, name): 1} | dict.fromkeys(of_answer, -1), lower=0)
            for key in of_answer:
                wholes.bind({("k", *whole, name): 1, key: -1}, lower=0)
        for part in of_breakdown:
            wholes.bind({("n", *whole): 1, ("n", *part): -1}, lower=0)
