"""The true counts of a build, by what the attack on its published file calls them."""

from __future__ import annotations

from collections.abc import Hashable

import duckdb

from coproduction.publishing.disclosure.attack import read_file
from coproduction.publishing.disclosure.rounding_windows import PublishedRows

# The people of a change, as the attack calls them: the wave of whose answers the outcome is, and who they are.
PARTS_OF_CHANGES = (
    ("before", "earlier_", "earlier_n_answered + n_answered is not null"),
    ("after", "", "earlier_n_answered + n_answered is not null"),
    ("only_before", "earlier_", "n_answered is null"),
    ("only_after", "", "earlier_n_answered is null"),
)


def truth_of(warehouse: duckdb.DuckDBPyConnection) -> dict[tuple, float]:
    """Return the true counts by what the attack calls them."""
    truth: dict[tuple, float] = {}
    for query in (
        """
        select council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value, n_respondents, n_with
        from disclosure.plan_groups
        """,
        """
        select council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, answer_kind, score, n_respondents,
            n_with
        from disclosure.plan_answer_groups
        """,
        """
        select council_id, wave_id, theme_id, topic_id, outcome_id, arm_id, n_respondents, n_with
        from disclosure.plan_arms
        """,
        """
        select distinct council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
            breakdown_id, breakdown_value, n_respondents, 0
        from disclosure.plan_answers
        """,
        """
        select council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
            breakdown_id, breakdown_value, answer_name, n_respondents, n_with
        from disclosure.plan_answers
        """,
        """
        select council_id, wave_id, theme_id, topic_id, measure_id, 'respondent_role', 'staff', n_staff,
            n_staff * staff_level
        from estimates.est_staff_gaps where weighting_id = 'unweighted'
        """,
        """
        select council_id, wave_id, theme_id, outcome_id, flag_id, n_flagged,
            n_respondents * level_with - (n_respondents - n_flagged) * coalesce(level_without, 0)
        from estimates.est_respondent_quality
        """,
        """
        select council_id, earlier_wave_id, wave_id, breakdown_id, breakdown_value, n_respondents, n_again
        from disclosure.plan_attrition
        """,
        *(
            f"""
            select council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id, '{part}',
                coalesce(sum(n_respondents) filter (where {people}), 0),
                coalesce(sum(n_respondents * {wave}n_positive / {wave}n_answered) filter (where {people}), 0)
            from counts.cnt_changes group by all
            """
            for part, wave, people in PARTS_OF_CHANGES
        ),
    ):
        for *cell, n, k in warehouse.execute(query).fetchall():
            truth["n", *cell], truth["k", *cell] = n, k
    return truth


def untrue_statements(file: duckdb.DuckDBPyConnection, truth: dict[tuple, float]) -> list[Hashable]:
    """Return a count of each set of connected statements of the attack on a file that the true counts do not meet."""
    everything, _, _ = read_file(PublishedRows(file, False), with_answer_shares=True)
    for key, count in truth.items():
        if count is not None and key in everything:
            exact = round(count) if abs(count - round(count)) < 1e-6 else count
            everything.know(key, exact, exact)
    return everything.contradictions()
