"""The attack on Don't Know as no tries every count of a small survey, and only those that can print of a large one."""

import duckdb
import pytest

from coproduction.publishing.disclosure.rounding_windows import PublishedRows
from coproduction.publishing.disclosure.single_figures import dont_know_as_no

MINIMUM_BASE = 10


def published(n, n_yes, n_dont_know):
    """Return a published file with a level of n people and the same level with Don't Know as no."""
    connection = duckdb.connect()
    connection.execute("create schema publication; create schema reports; create schema marts")
    connection.execute(f"create table publication.manifest as select 'minimum_base' as item, '{MINIMUM_BASE}' as value")
    connection.execute("create table reports.rpt_correlates (p_value_t double)")
    connection.execute(
        "create table marts.dim_measure (measure_id varchar, kind varchar, unit_minimum double, unit_maximum double,"
        " decimals integer, counts_answer varchar, construct_id varchar)"
    )
    level, other = 100 * n_yes / n, 100 * n_yes / (n + n_dont_know)
    connection.execute(
        "create table reports.rpt_index_alternatives as select 'c' as council_id, 'w' as wave_id, 't' as theme_id,"
        " 'all' as topic_id, 'collective_participation' as outcome_id, * from (values"
        f" ('sometimes_or_often', {round(level)}::double, {n - n % MINIMUM_BASE}, null),"
        f" ('dont_know_as_no', {round(other)}::double, {n + n_dont_know - (n + n_dont_know) % MINIMUM_BASE},"
        f" {other - level:.1f}::double)) as _(alternative_id, estimate, n_respondents, difference_points)"
    )
    return PublishedRows(connection, with_intervals_and_tests=True)


def every_count(n, n_yes, n_dont_know):
    """Return each number of Don't Know that prints the same, by trying all."""

    def printed(people, with_it, dont_know):
        level, other = 100 * with_it / people, 100 * with_it / (people + dont_know)
        bases = people // MINIMUM_BASE, (people + dont_know) // MINIMUM_BASE
        return round(level), round(other), round(other - level, 1), *bases

    tries = (
        (people, yes, added) for people in range(n - 9, n + 10) for yes in range(people) for added in range(people)
    )
    return {one[2] for one in tries if printed(*one) == printed(n, n_yes, n_dont_know)}


@pytest.mark.parametrize("counts", [(23, 9, 4), (31, 20, 2), (58, 7, 9), (40, 39, 12)])
def test_all_counts_that_print_are_found(counts):
    expected = every_count(*counts)
    findings = list(dont_know_as_no(published(*counts)))
    assert [set(finding.candidates) for finding in findings] == ([expected] if min(expected) < MINIMUM_BASE else [])


def test_a_million_respondents_fit_into_memory():
    """All pairs of counts would be 300 GB."""
    assert list(dont_know_as_no(published(200_003, 72_000, 15_000))) == []
