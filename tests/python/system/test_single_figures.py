"""Counts that a reader worked out of single figures of version 0.1: today's file gives no figure to try.

Each attack runs on the published file, where it finds nothing, and on a copy in which the figures of version 0.1 are
put back from the estimates of the same build, where it finds the true count.
"""

import duckdb
import pytest

from coproduction.build.publication import _without_broken, _withstands
from coproduction.publishing.disclosure.rounding_windows import PublishedRows
from coproduction.publishing.disclosure.single_figures import (
    dont_know_as_no,
    findings,
    missing_outcomes,
    raked_weights,
    rare_answers,
    sizes_of_arms,
    two_groups,
)
from coproduction.publishing.plan import LeftOut
from studies import FEW, TINY_ROWS
from version_0_1 import ALTERNATIVES, CHECKS, CORRELATIONS, KEYS, LEVELS, WEIGHTS, as_version_0_1, published


def found(connection, attack):
    return list(attack(PublishedRows(connection, with_intervals_and_tests=True)))


def test_no_single_figure_of_the_published_file_reveals_a_count(built, small):
    for project in (built, small):
        with duckdb.connect(str(published(project)), read_only=True) as connection:
            assert [finding for finding in found(connection, findings) if finding.is_exact] == []
        assert _withstands([], published(project))


def test_a_file_that_the_attack_breaks_is_not_published_with_that_survey(small, tmp_path, capsys):
    with as_version_0_1(small, tmp_path, [LEVELS]):
        pass
    broken = []
    assert not _withstands(broken, tmp_path / "published.duckdb")
    surveys = {finding.survey for finding in broken}
    with small.connect() as session:
        left_out = _without_broken(session, LeftOut(surveys=frozenset({("elsewhere", "wave_1")})), broken)
    # The next round writes the file without these surveys and their exports.
    assert left_out.surveys == surveys | {("elsewhere", "wave_1")}
    assert left_out.exports == {council_id for council_id, _ in surveys}
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(surveys) > 0
    for line, (council_id, wave_id) in zip(lines, sorted(surveys), strict=True):
        assert f"Not published: the survey of {council_id} in {wave_id}. From reports.rpt_" in line
        assert "Raise minimum_base, or report it" in line


def test_the_correlation_of_two_withheld_groups_revealed_them(small, tmp_path):
    truth = small.query(
        """
        select council_id, theme_id, measure_id as outcome_id, breakdown_id,
            arg_min(n_respondents, n_respondents) as n, arg_min(round(n_respondents * estimate), n_respondents) as yes
        from estimates.est_levels
        where topic_id = 'all' and weighting_id = 'unweighted' and breakdown_id <> 'all'
        group by all having count(*) = 2 and n < 10
        """
    )
    truths = {
        (r.council_id, f"{r.theme_id}, {r.breakdown_id}, {r.outcome_id}"): (r.n, r.yes) for r in truth.itertuples()
    }
    with duckdb.connect(str(published(small)), read_only=True) as connection:
        assert found(connection, two_groups) == []
    with as_version_0_1(small, tmp_path, [CORRELATIONS]) as connection:
        tried = found(connection, two_groups)
    tables = {(finding.survey[0], finding.what): finding.candidates for finding in tried}
    assert min(map(len, tables.values())) <= 2
    assert set(truths) & set(tables)
    for key in set(truths) & set(tables):
        assert truths[key] in tables[key]


def test_every_report_withholds_what_the_plan_withholds(small):
    """A join that forgets the plan, or a base that is set too late, would publish a withheld row."""
    pair = f"{KEYS}, construct_id, outcome_id"
    joins = {
        ("rpt_levels", "plan_groups"): f"{KEYS}, measure_id, breakdown_id, breakdown_value",
        ("rpt_correlates", "plan_correlates"): pair,
        ("rpt_dont_know_sensitivity", "plan_correlates"): pair,
        ("rpt_multiverse", "plan_correlates"): pair,
        ("rpt_index_alternatives", "plan_alternatives"): f"{KEYS}, outcome_id, alternative_id",
        ("rpt_respondent_quality", "plan_flags"): "council_id, wave_id, theme_id, outcome_id, flag_id",
    }
    for (report, plan), keys in joins.items():
        rows = small.query(
            f"""
            select count(*) as n_withheld,
                count(*) filter (where not reports.is_withheld or reports.n_respondents is not null) as n_published
            from reports.{report} as reports inner join disclosure.{plan} as plan using ({keys})
            where plan.is_withheld
            """
        )
        assert rows["n_withheld"][0] > 0, report
        assert rows["n_published"][0] == 0, report
    shown = small.query(
        """
        select count(*) as n from reports.rpt_correlates as reports
        inner join disclosure.plan_correlates as plan
            using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
        where plan.is_withheld and (estimate is not null or p_value is not null or dont_know_share is not null)
        """
    )
    assert shown["n"][0] == 0


def test_shares_of_the_multiverse_do_not_tell_the_direction_of_a_withheld_correlation(small):
    for report, keys in {
        "rpt_multiverse_cells": f"{KEYS}, construct_id, outcome_id",
        "rpt_multiverse_areas": "council_id, wave_id, theme_id, construct_id, outcome_id",
    }.items():
        told = small.query(
            f"""
            select count(*) filter (where plan.is_withheld) as n_withheld,
                count(*) filter (where plan.is_withheld and reports.outcome_id is not null) as n_told,
                count(*) filter (where reports.outcome_id is not null) as n_rows
            from disclosure.plan_correlates as plan left join reports.{report} as reports using ({keys})
            """
        ).iloc[0]
        assert told["n_withheld"] > 0 and told["n_rows"] > 0, report
        assert told["n_told"] == 0, report


def test_the_check_of_equal_arms_revealed_a_small_arm(small, tmp_path):
    with duckdb.connect(str(published(small)), read_only=True) as connection:
        assert found(connection, sizes_of_arms) == []
        columns = {row[0] for row in connection.execute("describe reports.rpt_nudge_checks").fetchall()}
        assert not columns & {"statistic", "df"}
        checks = connection.execute(
            "select is_withheld from reports.rpt_nudge_checks where council_id = 'bristol' and outcome_id = 'all'"
        ).fetchall()
        assert checks
        assert all(is_withheld for (is_withheld,) in checks)
    with as_version_0_1(small, tmp_path, [CHECKS]) as connection:
        assert {(finding.survey[0], finding.candidates) for finding in found(connection, sizes_of_arms)} >= {
            ("bristol", frozenset({FEW["bristol"][2]}))
        }


def test_the_highest_raked_weight_revealed_how_many_share_it(small, tmp_path):
    with duckdb.connect(str(published(small)), read_only=True) as connection:
        assert found(connection, raked_weights) == []
        shown = """
            select count(*) from reports.rpt_levels
            where council_id = ? and weighting_id = 'weighted' and not is_withheld
        """
        assert connection.execute(shown, ["wolverhampton"]).fetchone() == (0,)
        # Weights of a panel provider are no known shares of few people.
        assert connection.execute(shown, ["derbyshire_dales"]).fetchone()[0] > 0
    with as_version_0_1(small, tmp_path, [WEIGHTS]) as connection:
        (finding,) = found(connection, raked_weights)
    assert finding.survey[0] == "wolverhampton"
    assert finding.candidates == {FEW["wolverhampton"][2]}


def test_a_share_of_missing_outcomes_revealed_how_many_are_missing(small, tmp_path):
    with duckdb.connect(str(published(small)), read_only=True) as connection:
        assert [finding for finding in found(connection, missing_outcomes) if finding.is_exact] == []
    with as_version_0_1(small, tmp_path, [CHECKS]) as connection:
        exact = [finding for finding in found(connection, missing_outcomes) if finding.is_exact]
    assert len(exact) >= 10
    truth = small.query(
        "select council_id, outcome_id, round(n_respondents * share_missing) as n from estimates.est_nudge_checks "
        "where check_id = 'non_response'"
    )
    truths = set(truth.itertuples(index=False, name=None))
    for finding in exact:
        assert (finding.survey[0], finding.what.removeprefix("missing "), min(finding.candidates)) in truths


def test_counting_dont_know_as_no_revealed_who_does_not_know(small, tmp_path):
    with duckdb.connect(str(published(small)), read_only=True) as connection:
        assert found(connection, dont_know_as_no) == []
    with as_version_0_1(small, tmp_path, [ALTERNATIVES]) as connection:
        tried = found(connection, dont_know_as_no)
    truth = small.query(
        """
        select council_id, theme_id, topic_id, max(n_respondents) - min(n_respondents) as n
        from estimates.est_index_alternatives where outcome_id = 'collective_participation' group by all
        """
    )
    truths = {(r.council_id, f"Don't Know, {r.theme_id}, {r.topic_id}"): r.n for r in truth.itertuples()}
    assert sum(finding.is_exact for finding in tried) >= 5
    assert all(truths[finding.survey[0], finding.what] in finding.candidates for finding in tried)


def test_no_share_of_a_small_group_is_0_or_100_per_cent(built, small, tmp_path):
    for project in (built, small):
        with duckdb.connect(str(published(project)), read_only=True) as connection:
            assert found(connection, rare_answers) == []
    with as_version_0_1(built, tmp_path, [LEVELS]) as connection:
        assert len(found(connection, rare_answers)) == 12


def test_few_people_with_or_without_the_outcome_are_withheld(built, small):
    for project in (built, small):
        shown = project.query(
            """
            select estimates.n_respondents * estimates.estimate as yes, estimates.n_respondents as n
            from reports.rpt_levels as reports
            inner join estimates.est_levels as estimates
                using (council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value, weighting_id)
            where not reports.is_withheld and weighting_id = 'unweighted'
            """
        )
        assert shown["n"].min() >= 10
        assert shown["yes"].min() >= 3 - 1e-6
        assert (shown["n"] - shown["yes"]).min() >= 3 - 1e-6


def test_every_count_of_people_or_cells_is_rounded_but_the_size_of_a_survey(small):
    exact = {
        ("marts", "dim_survey", "n_respondents"), ("marts", "dim_survey", "n_invited"),
        ("reports", "rpt_waves", "n_invited"),
    }  # fmt: skip
    with duckdb.connect(str(published(small)), read_only=True) as connection:
        columns = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns "
            "where starts_with(column_name, 'n_') and table_schema <> 'publication'"
        ).fetchall()
        # Numbers of something else than people, cells or answers.
        others = {"n_items", "n_councils", "n_iterations", "n_permutations", "n_merged_levels", "n_specifications"}
        about_estimates = {"rpt_multiverse_areas", "rpt_multiverse_cells", "rpt_multiverse_claims", "rpt_families",
                           "rpt_paper_audit"}  # fmt: skip
        for schema, table, column in columns:
            if (schema, table, column) in exact or column in others or table in about_estimates:
                continue
            rest = connection.execute(f"select count(*) from {schema}.{table} where {column} % 10 <> 0").fetchone()[0]
            assert rest == 0, (table, column)


def test_a_survey_of_few_people_is_in_the_warehouse_and_not_in_the_file(small):
    assert set(small.query("select council_id from reports.rpt_levels")["council_id"]) >= set(TINY_ROWS)
    with duckdb.connect(str(published(small)), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns "
            "where column_name in ('council_id', 'export_id')"
        ).fetchall()
        assert len(tables) > 20
        for schema, table, column in tables:
            # The name of a council is no secret.
            if table != "dim_council":
                ids = {
                    row[0] for row in connection.execute(f"select distinct {column} from {schema}.{table}").fetchall()
                }
                assert not ids & set(TINY_ROWS), table
        reasons = dict(
            connection.execute("select item, value from publication.manifest where part_id = 'export'").fetchall()
        )
    assert "too few respondents" in reasons["hamlet"]
    assert reasons["barnet"] == "in the results"


def test_the_manifest_of_the_file_has_no_fingerprint_of_an_input(built):
    """A reader who guesses the one missing cell of an export could compare its fingerprint."""
    with duckdb.connect(str(published(built)), read_only=True) as connection:
        facts = connection.execute("from publication.manifest").df()
    in_warehouse = built.query("from publication.manifest")
    assert "input" in set(in_warehouse["part_id"])
    assert "input" not in set(facts["part_id"])
    assert not facts["value"].fillna("").str.fullmatch("[0-9a-f]{64}").any()


@pytest.mark.parametrize("column", ["p_value", "p_value_t", "p_value_adjusted"])
def test_a_published_p_is_rounded_up_so_that_stars_fit_it(built, column):
    with duckdb.connect(str(published(built)), read_only=True) as connection:
        p_values = connection.execute(f"select {column} from reports.rpt_correlates where {column} is not null").df()
    exact = built.query(f"select {column} from reports.rpt_correlates where {column} is not null")
    assert ((100 * p_values[column]).round(9) % 1 == 0).all()
    assert p_values[column].min() >= 0.01
    for threshold in (0.01, 0.05):
        assert (p_values[column] <= threshold).sum() == (exact[column] <= threshold).sum()


def test_a_pool_that_contains_a_withheld_council_is_withheld(small):
    """With the other councils, it would reveal the one that is withheld."""
    keys = ["wave_id", "theme_id", "quantity_id", "outcome_id", "construct_id", "contrast_id", "measure_id"]
    pooled = small.query("from reports.rpt_pooled")
    is_pool = pooled.council_id.eq("all")
    has_hidden = pooled[~is_pool].groupby(keys, dropna=False).is_withheld.any().rename("has_hidden").reset_index()
    pools = pooled[is_pool].merge(has_hidden, on=keys)
    assert 0 < pools.has_hidden.sum() < len(pools)
    assert pools.estimate[pools.has_hidden].isna().all()
    assert pools.estimate.notna().any()
