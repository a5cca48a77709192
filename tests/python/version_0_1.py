"""Puts the figures of version 0.1 back into a copy of a published file, from the estimates of the same build.

Version 0.1 withheld small groups only, and printed more digits and more statistics. Attacks have to find true counts in
such a file, so that finding none in today's file means something.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from building import Project

KEYS = "council_id, wave_id, theme_id, topic_id"


def published(project: Project) -> Path:
    """Return the published file of a project."""
    return project.warehouse_path.with_name("published.duckdb")


@contextmanager
def as_version_0_1(project: Project, directory: Path, changes: list[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a copy of the published file in which figures have the digits, and no row the protection, of version 0.1."""
    path = shutil.copy(published(project), directory / "published.duckdb")
    path.chmod(0o600)
    build = shutil.copy(project.warehouse_path, directory / "build.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{build}' as build (read_only)")
        for change in changes:
            connection.execute(change)
        yield connection


def three_digits(column: str) -> str:
    """SQL of a p of the estimates with three significant digits."""
    return f"cast(printf('%.3g', truth.{column}) as double)"


CORRELATIONS = f"""
    update reports.rpt_correlates as report set n_respondents = truth.n_respondents - truth.n_respondents % 10,
        estimate = round(truth.estimate, 3), p_value_t = {three_digits("p_value_t")}, is_withheld = false
    from build.estimates.est_correlates as truth
    where report.council_id = truth.council_id and report.theme_id = truth.theme_id and report.topic_id = truth.topic_id
        and report.construct_id = truth.construct_id and report.outcome_id = truth.outcome_id
        and report.method_id = truth.method_id and report.weighting_id = truth.weighting_id
"""
CHECKS = f"""
    create or replace table reports.rpt_nudge_checks as
    select {KEYS}, outcome_id, check_id, weighting_id, n_respondents - n_respondents % 10 as n_respondents,
        round(100 * largest_difference, 1) as estimate, round(100 * share_missing, 1) as missing_pct,
        round(statistic, 2) as statistic
    from build.estimates.est_nudge_checks
"""
WEIGHTS = """
    create or replace table reports.rpt_weights as
    select * replace (
        round(lowest_weight, 2) as lowest_weight, round(highest_weight, 2) as highest_weight,
        round(design_effect, 2) as design_effect, n_weighted - n_weighted % 10 as n_weighted
    )
    from build.estimates.est_weights
"""
ALTERNATIVES = f"""
    create or replace table reports.rpt_index_alternatives as
    select {KEYS}, outcome_id, alternative_id, n_respondents - n_respondents % 10 as n_respondents,
        round(100 * estimate) as estimate, round(100 * difference, 1) as difference_points
    from build.estimates.est_index_alternatives
"""
LEVELS = """
    update reports.rpt_levels as report set n_respondents = truth.n_respondents - truth.n_respondents % 10,
        estimate = round(100 * truth.estimate), is_withheld = false
    from build.estimates.est_levels as truth
    where report.council_id = truth.council_id and report.theme_id = truth.theme_id and report.topic_id = truth.topic_id
        and report.measure_id = truth.measure_id and report.breakdown_id = truth.breakdown_id
        and report.breakdown_value = truth.breakdown_value and report.weighting_id = truth.weighting_id
        and truth.n_respondents >= 10
"""
