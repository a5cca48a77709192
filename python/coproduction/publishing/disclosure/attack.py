"""Attacks a published file as an outsider who has all of it and knows every rule: are withheld counts safe?

Every figure becomes a constraint on counts: a base that is rounded down lies within a step, a percentage times its base
bounds the number who do something, a whole bounds its parts. The smallest and the largest count that meet all
constraints are found by integer programs (`coproduction.publishing.disclosure.bounds`). The relations are listed in
docs/disclosure.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from coproduction.publishing.disclosure.answer_shares import read_shares
from coproduction.publishing.disclosure.bounds import InfeasibleError, Unknowns
from coproduction.publishing.disclosure.level_relations import bind_parts, read_levels
from coproduction.publishing.disclosure.rounding_windows import PublishedRows, bases_that_print
from coproduction.publishing.disclosure.staff_and_flags import read_flags, read_staff
from coproduction.publishing.disclosure.wave_relations import read_attrition, read_changes

if TYPE_CHECKING:
    import duckdb

# A withheld number of people is worked out if all its possible values lie within two of one number, and a number who
# said yes if they lie within one: that number is withheld where it is 0 to 2, too.
RECOVERED_WIDTH = {"n": 4, "k": 2}

_SURVEY = ("council_id", "wave_id")
_SHARES = "rpt_answer_shares"
# Answers and groups of a breakdown that contain the same people, which an outsider knows from the documentation.
_BREAKDOWN_OF_CONSTRUCT = {"gender": "gender", "age": "age_band", "ethnicity": "ethnicity"}


@dataclass(frozen=True)
class Target:
    """A withheld count with its bounds from the file; where these are narrow, also the bounds from the whole alone.

    `cell` has the keys of the report; `quantity` is n, the respondents, or k, the number who said yes. If the figures
    around the count contradict each other, `is_contradicted`, and the bounds mean nothing: the file or a relation of
    this module is wrong. From `smallest_shown` respondents on, the size of a group is no secret. If `is_bounded` is
    false, the count can have both bounds, which are too far apart to work it out, and may have others beyond them. If
    `is_decided` is false, it is nowhere else than between its bounds, and the time did not suffice to say more.
    """

    table: str
    cell: tuple
    quantity: str
    lower: float
    upper: float
    lower_from_whole: float | None
    upper_from_whole: float | None
    is_contradicted: bool = False
    smallest_shown: float = np.inf
    is_bounded: bool = True
    is_decided: bool = True

    @property
    def n_candidates(self) -> float:
        """How many whole numbers the count can be; for a sum of shares, the width of its interval and one."""
        return np.floor(self.upper + 1e-6) - np.ceil(self.lower - 1e-6) + 1

    @property
    def is_exact(self) -> bool:
        """Whether one value is left, which the published whole alone does not say."""
        return self.is_recovered and self.n_candidates <= 1

    @property
    def is_recovered(self) -> bool:
        """Whether the count is worked out (RECOVERED_WIDTH), and more exactly than from the published whole alone.

        That a group withheld to protect another one has at least `minimum_base` respondents is no secret.
        """
        if self.quantity == "n" and self.lower >= self.smallest_shown:
            return False
        if self.lower_from_whole is None or self.upper_from_whole is None:
            return False
        return self.upper - self.lower < self.upper_from_whole - self.lower_from_whole


def attack(
    connection: duckdb.DuckDBPyConnection,
    with_intervals_and_tests: bool = False,
    with_answer_shares: bool = False,
    bound_all_shares: bool = True,
    seconds: float = np.inf,
) -> Iterator[Target]:
    """Yield every withheld count of a published file with the bounds that follow from the file.

    The withheld counts of each withheld row of `rpt_levels`, `rpt_answer_levels`, `rpt_nudge_effects`,
    `rpt_staff_gaps` (staff) and `rpt_respondent_quality` (with the flag) are its respondents and, where the outcome is
    yes or no, the number who said yes; of `rpt_answer_shares`, the respondents of a group and the number who gave an
    answer; of `rpt_attrition`, a group and how many of it answered again; of `rpt_changes`, who is in both waves, and
    in one only.

    Args:
        connection: to the published file.
        with_intervals_and_tests: also use the printed intervals and p-values to bound the bases.
        with_answer_shares: also attack the distribution of answers, which takes most of the time.
        bound_all_shares: solve for both bounds of each hidden share. Otherwise one is passed over as soon as solutions
            for many counts at once show that it is safe: that decides the same, in a small part of the time.
        seconds: the most for one integer program. What is not solved by then is not decided (`Target.is_decided`).

    """
    reader = PublishedRows(connection, with_intervals_and_tests)
    everything, wholes, targets = read_file(reader, with_answer_shares)
    if not bound_all_shares:
        shares = {(quantity, *cell): RECOVERED_WIDTH[quantity] for table, cell, quantity in targets if table == _SHARES}
        everything.spread(shares, seconds)
    for target in targets:
        found = None if bound_all_shares or target[0] != _SHARES else _seen_to_be_safe(everything, *target)
        yield found or replace(_bounded(everything, wholes, *target, seconds=seconds), smallest_shown=reader.minimum)


def read_file(reader: PublishedRows, with_answer_shares: bool) -> tuple[Unknowns, Unknowns, list[tuple]]:
    """Return all statements of a file about counts, those of published wholes alone, and the withheld counts.

    A withheld count is (table, cell, quantity), as in `Target`.
    """
    everything, wholes = Unknowns(), Unknowns()
    targets = [*read_levels(reader, everything, wholes), *_read_answers(reader, everything, wholes)]
    _read_pairs(reader, everything)
    targets += _read_arms(reader, everything, wholes)
    targets += _read_further_reports(reader, everything, wholes)
    if with_answer_shares and reader.has_column("reports", "rpt_answer_shares", "answer_name"):
        targets += read_shares(reader, everything, wholes)
        _bind_shares_and_levels(reader, everything)
    return everything, wholes, targets


def _read_further_reports(reader: PublishedRows, everything: Unknowns, wholes: Unknowns) -> Iterator[tuple]:
    """Staff, flags and waves. A file of version 0.1 does not have all of these reports."""
    for table, read in (
        ("rpt_staff_gaps", read_staff),
        ("rpt_respondent_quality", read_flags),
        ("rpt_attrition", read_attrition),
        ("rpt_changes", read_changes),
    ):
        if reader.has_column("reports", table, "is_withheld"):
            yield from read(reader, everything, wholes)


def _seen_to_be_safe(everything: Unknowns, table: str, cell: tuple, quantity: str) -> Target | None:
    """Return the two values of a count in earlier solutions if they are far enough apart."""
    lower, upper = everything.seen((quantity, *cell))
    if upper - lower <= RECOVERED_WIDTH[quantity]:
        return None
    return Target(table, cell, quantity, lower, upper, None, None, is_bounded=False)


def _bounded(
    everything: Unknowns, wholes: Unknowns, table: str, cell: tuple, quantity: str, *, seconds: float = np.inf
) -> Target:
    key, width = (quantity, *cell), RECOVERED_WIDTH[quantity]
    try:
        lower, upper, is_solved = everything.interval_in_time(key, seconds)
        # The bounds from the whole alone are needed only where the interval is narrow.
        whole = wholes.interval(key) if upper - lower <= width else None
    except InfeasibleError:
        return Target(table, cell, quantity, 0, np.inf, None, None, is_contradicted=True)
    smallest, largest = everything.seen(key)
    # Bounds that are close together decide, and so do two solutions that are far apart.
    is_decided = is_solved or upper - lower <= width or largest - smallest > width
    lower_of_whole, upper_of_whole = whole or (None, None)
    return Target(table, cell, quantity, lower, upper, lower_of_whole, upper_of_whole, is_decided=is_decided)


def _bind_shares_and_levels(reader: PublishedRows, everything: Unknowns) -> None:
    """The only question of a construct and topic has the same valid answers as the measures of yes or no."""
    for row in reader.rows(
        """
        select council_id, wave_id, theme_id, topic_id, construct_id, breakdown_id, breakdown_value,
            any_value(column_name) as column_name, any_value(scale_id) as scale_id
        from reports.rpt_answer_shares
        where weighting_id = 'unweighted' and respondent_role = 'citizen'
        group by all
        having count(distinct column_name) = 1 and count(distinct scale_id) = 1
        """
    ):
        topic = (row.council_id, row.wave_id, row.theme_id, row.topic_id)
        group = (row.breakdown_id, row.breakdown_value)
        question = (*topic, "citizen", row.construct_id, row.column_name, row.scale_id, *group)
        for measure_id, measure in reader.measures.items():
            level = (*topic, measure_id, *group)
            is_of_question = measure.construct_id == row.construct_id and measure.kind == "any_item"
            if is_of_question and ("n", *level) in everything and ("n", *question) in everything:
                everything.bind({("n", *level): 1, ("n", *question): -1}, 0, 0)


def _pair(row: Any) -> tuple:
    return (row.council_id, row.wave_id, row.theme_id, row.topic_id, row.construct_id, row.outcome_id)


def _read_answers(reader: PublishedRows, everything: Unknowns, wholes: Unknowns) -> Iterator[tuple]:
    """Answers with a score add up to the base of the pair; with Don't Know they are a part of those with an outcome."""
    answers = defaultdict(list)
    for row in reader.rows("from reports.rpt_answer_levels where weighting_id = 'unweighted' order by all"):
        cell = (*_pair(row), row.answer_kind, row.score)
        answers[_pair(row)].append(cell)
        for unknowns in (everything, wholes):
            _know_answer(reader, unknowns, cell, row)
        _bind_breakdown(everything, row, cell)
        if row.is_withheld:
            yield "rpt_answer_levels", cell, "n"
            if reader.measures[row.outcome_id].is_yes_or_no:
                yield "rpt_answer_levels", cell, "k"
    for pair, cells in answers.items():
        council, wave, theme, _, _, outcome = pair
        whole = (council, wave, theme, "all", outcome, "all", "all")
        valid = [cell for cell in cells if cell[len(pair)] == "valid"]
        everything.bind({("n", *pair): 1} | {("n", *cell): -1 for cell in valid}, 0, 0)
        if ("n", *whole) in everything:
            bind_parts(everything, whole, cells)
            for cell in cells:
                bind_parts(wholes, whole, [cell])


def _know_answer(reader: PublishedRows, unknowns: Unknowns, cell: tuple, row: Any) -> None:
    """Add the constraints of a row of an answer on its base n and its sum k, as for a level."""
    n, k = ("n", *cell), ("k", *cell)
    if row.n_respondents is None:
        unknowns.know(n, 1, reader.size_of(*cell[:2]))
    else:
        unknowns.know(n, *reader.window(row.n_respondents))
    unknowns.know(k, is_whole=reader.measures[row.outcome_id].is_yes_or_no)
    unknowns.bind({n: 1, k: -1}, lower=0)
    if row.estimate is not None:
        unknowns.bind({k: 100, n: -(row.estimate - 0.5)}, lower=0)
        unknowns.bind({k: 100, n: -(row.estimate + 0.5)}, upper=0)


def _bind_breakdown(everything: Unknowns, row: Any, cell: tuple) -> None:
    """An answer about the person and a group of a breakdown contain the same people."""
    breakdown = _BREAKDOWN_OF_CONSTRUCT.get(row.construct_id)
    if breakdown is None or row.answer_kind != "valid":
        return
    value = ("White" if row.score == 0 else "Other") if breakdown == "ethnicity" else row.answer_name
    group = (row.council_id, row.wave_id, row.theme_id, "all", row.outcome_id, breakdown, value)
    if ("n", *group) in everything:
        for quantity in ("n", "k"):
            everything.bind({(quantity, *group): 1, (quantity, *cell): -1}, 0, 0)


def _read_pairs(reader: PublishedRows, everything: Unknowns) -> None:
    """Correlations: their bases, bounds of these from r and p, the share of Don't Know, and codings of it."""
    answered: dict[tuple, int] = defaultdict(int)
    # A question may stand in several files of citizens. Staff are others, who may have answered it too.
    for row in reader.rows(
        """
        select questions.council_id, questions.wave_id, questions.theme_id, questions.topic_id,
            questions.construct_id, results.n_checked
        from marts.dim_question as questions
        inner join marts.dim_export as exports using (export_id)
        inner join quality.expectation_results as results using (export_id, column_name)
        where results.expectation_id = 'labels_within_scale' and questions.is_primary
            and exports.respondent_role = 'citizen'
        """
    ):
        question = (row.council_id, row.wave_id, row.theme_id, row.topic_id, row.construct_id)
        answered[question] += reader.window(row.n_checked)[1]
    for row in reader.rows("from reports.rpt_correlates where method_id = 'pearson' and weighting_id = 'unweighted'"):
        pair = _pair(row)
        if row.n_respondents is not None:
            everything.know(("n", *pair), *bases_that_print(reader, row.n_respondents, row.estimate, row.p_value_t))
        _bind_share(everything, pair, row.dont_know_share, answered.get(pair[:5], np.inf))
    _read_dont_know(reader, everything)


def _read_dont_know(reader: PublishedRows, everything: Unknowns) -> None:
    """Add the bases of the correlations that code Don't Know as an answer: the pair plus those who did not know."""
    for row in reader.rows(
        """
        from reports.rpt_multiverse
        where method_id = 'pearson' and dont_know_rule_id <> 'leave_out' and duplicates_rule_id = 'one_kept'
            and outliers_rule_id = 'kept' and outcome_rule_id in ('half_answered', 'often_or_sometimes')
            and p_method_id = 'classical' and multiplicity_id = 'none' and n_respondents is not null
        """
    ):
        pair = _pair(row)
        n_lower, n_upper = bases_that_print(reader, row.n_respondents, row.estimate, row.p_value)
        dont_know = ("n", *pair, "dont_know", None)
        if dont_know in everything:
            everything.bind({("n", *pair): 1, dont_know: 1}, n_lower, n_upper)


def _bind_share(everything: Unknowns, pair: tuple, share: float | None, n_answered: float) -> None:
    """The share of Don't Know is a share of all who answered the question, with or without an outcome."""
    dont_know = ("n", *pair, "dont_know", None)
    if share is None or dont_know not in everything:
        return
    all_valid, all_dont_know = ("valid", *pair), ("dont_know", *pair)
    everything.bind({all_valid: 1, ("n", *pair): -1}, lower=0)
    everything.bind({all_dont_know: 1, dont_know: -1}, lower=0)
    everything.bind({all_valid: 1, all_dont_know: 1}, upper=n_answered)
    everything.bind({all_dont_know: 1 - (share - 0.0005), all_valid: -(share - 0.0005)}, lower=0)
    everything.bind({all_dont_know: 1 - (share + 0.0005), all_valid: -(share + 0.0005)}, upper=0)


def _read_arms(reader: PublishedRows, everything: Unknowns, wholes: Unknowns) -> Iterator[tuple]:
    """Arms of the experiment add up to the respondents of the model, who are a part of those with an outcome."""
    experiments = defaultdict(list)
    for row in reader.rows(
        """
        from reports.rpt_nudge_effects
        where model_id = 'dummies' and weighting_id = 'unweighted' and contrast_id <> 'interaction'
        order by all
        """
    ):
        experiments[(row.council_id, row.wave_id, row.theme_id, row.topic_id, row.outcome_id)].append(row)
    for experiment, rows in experiments.items():
        model, none = ("arms", *experiment), ("n", *experiment, "none")
        arms = {row.contrast_id: ("n", *experiment, row.contrast_id) for row in rows}
        for unknowns in (everything, wholes):
            for row in rows:
                unknowns.know(arms[row.contrast_id], 1, reader.size_of(*experiment[:2]))
                if row.n_arm is not None:
                    unknowns.know(arms[row.contrast_id], *reader.window(row.n_arm))
                    unknowns.know(none, *reader.window(row.n_control))
                    unknowns.know(model, *reader.window(row.n_respondents))
                unknowns.bind({model: 1, arms[row.contrast_id]: -1}, lower=0)
        everything.bind({model: 1, none: -1} | dict.fromkeys(arms.values(), -1), 0, 0)
        whole = ("n", *experiment[:4], experiment[4], "all", "all")
        if whole in everything:
            everything.bind({whole: 1, model: -1}, lower=0)
        for row in rows:
            if row.n_arm is None:
                yield "rpt_nudge_effects", (*experiment, row.contrast_id), "n"
