"""A second attack, which knows the published file alone, works out version 0.1 and nothing of today's file."""

import hashlib

import duckdb
import pandas as pd
import pytest
from scipy import stats

from outsider import Outsider
from studies import FEW, TINY_ROWS
from version_0_1 import ALTERNATIVES, CHECKS, CORRELATIONS, LEVELS, WEIGHTS, as_version_0_1, published

# One respondent of the hamlet in every level, as before surveys of few people were left out.
TINY = [
    "insert into marts.dim_survey by name select council_id, wave_id, n_respondents, n_excluded "
    "from build.marts.dim_survey where council_id = 'hamlet'",
    "insert into reports.rpt_levels by name select * replace (n_respondents - n_respondents % 10 as n_respondents, "
    "50 as estimate) from build.reports.rpt_levels where council_id = 'hamlet'",
]
UNCODED = ["update quality.answer_reconciliation set n_uncoded = 3 where export_id = 'barnet'"]
START, SECRET, END = b"id,answer\n1,", "Often", b"\n"
FINGERPRINT = [
    "insert into publication.manifest by name select 'input' as part_id, 'barnet.csv' as item, "
    f"'{hashlib.sha256(START + SECRET.encode() + END).hexdigest()}' as value"
]


@pytest.mark.parametrize("fixture", ["built", pytest.param("small", marks=pytest.mark.slow)])
def test_an_outsider_works_out_nothing(request, fixture):
    with duckdb.connect(str(published(request.getfixturevalue(fixture))), read_only=True) as connection:
        outsider = Outsider(connection)
    assert [found for found in outsider.everything() if found.is_certain] == []
    assert outsider.missing_cell(START, END, ["Never", "Sometimes", SECRET]) == set()


def found_in(small, tmp_path, changes, method):
    with as_version_0_1(small, tmp_path, changes) as connection:
        return list(getattr(Outsider(connection), method)())


def test_correlations_revealed_a_hidden_group(small, tmp_path):
    truth = small.query(
        """
        select council_id, theme_id || ', ' || breakdown_id || ', ' || measure_id as what,
            arg_min(n_respondents, n_respondents) as n, arg_min(round(n_respondents * estimate), n_respondents) as yes
        from estimates.est_levels
        where topic_id = 'all' and weighting_id = 'unweighted' and breakdown_id <> 'all'
        group by all having count(*) = 2 and n < 10
        """
    )
    truths = {(row.council_id, row.what): (row.n, row.yes) for row in truth.itertuples()}
    found = {(d.survey[0], d.what): d.values for d in found_in(small, tmp_path, [CORRELATIONS], "tables_of_two_by_two")}
    assert set(found) & set(truths)
    assert min(map(len, found.values())) <= 2
    for key in set(found) & set(truths):
        assert truths[key] in found[key]


def test_the_check_of_equal_arms_revealed_a_small_arm(small, tmp_path):
    found = found_in(small, tmp_path, [CHECKS], "arms")
    assert {(d.survey[0], d.values) for d in found} >= {("bristol", frozenset({FEW["bristol"][2]}))}


def test_percentages_revealed_missing_outcomes(small, tmp_path):
    truth = small.query(
        """
        select council_id, concat_ws(', ', 'missing', theme_id, topic_id, outcome_id) as what,
            round(n_respondents * share_missing) as n
        from estimates.est_nudge_checks where check_id = 'non_response'
        """
    )
    truths = {(row.council_id, row.what): row.n for row in truth.itertuples()}
    found = [d for d in found_in(small, tmp_path, [CHECKS], "missing_outcomes") if d.is_certain]
    assert len(found) >= 10
    assert all(d.values == {truths[d.survey[0], d.what]} for d in found)


def test_two_levels_revealed_who_does_not_know(small, tmp_path):
    truth = small.query(
        """
        select council_id, 'Don''t Know, ' || theme_id || ', ' || topic_id as what,
            max(n_respondents) - min(n_respondents) as n
        from estimates.est_index_alternatives where outcome_id = 'collective_participation' group by all
        """
    )
    truths = {(row.council_id, row.what): row.n for row in truth.itertuples()}
    found = found_in(small, tmp_path, [ALTERNATIVES], "levels_with_dont_know_as_no")
    assert sum(d.is_certain for d in found) >= 5
    assert all(truths[d.survey[0], d.what] in d.values for d in found)


def test_weights_revealed_how_many_share_the_highest(small, tmp_path):
    (found,) = found_in(small, tmp_path, [WEIGHTS], "weights")
    assert (found.survey[0], found.values) == ("wolverhampton", {FEW["wolverhampton"][2]})


def test_bases_and_shares_revealed_who_does_not_know(small, tmp_path):
    share = ", dont_know_share = round(truth.dont_know_share, 3)"
    shown = CORRELATIONS.replace(", is_withheld = false", f"{share}, is_withheld = false")
    assert shown != CORRELATIONS
    truth = small.query(
        """
        select council_id, concat_ws(', ', 'Don''t Know', theme_id, topic_id, construct_id, outcome_id) as what,
            n_dont_know
        from disclosure.plan_correlates
        """
    )
    truths = {(row.council_id, row.what): row.n_dont_know for row in truth.itertuples()}
    found = [d for d in found_in(small, tmp_path, [shown], "dont_know_behind_bases") if d.is_certain]
    assert len(found) >= 12
    assert sum(abs(truths[d.survey[0], d.what] - min(d.values)) <= 4 for d in found) == len(found)
    assert sum(truths[d.survey[0], d.what] == min(d.values) for d in found) >= 7


def test_a_level_revealed_what_everybody_answered(built, tmp_path):
    assert len(found_in(built, tmp_path, [LEVELS], "unanimous_groups")) >= 12


def test_counts_that_were_not_rounded_and_tiny_surveys_were_there_to_read(small, tmp_path):
    found = found_in(small, tmp_path, UNCODED, "counts_as_printed")
    assert {(d.what, d.values) for d in found} == {("answer_reconciliation.n_uncoded", frozenset({3}))}
    (tmp_path / "tiny").mkdir()
    found = found_in(small, tmp_path / "tiny", TINY, "tiny_surveys")
    assert {(d.survey[0], d.values) for d in found} == {("hamlet", frozenset({TINY_ROWS["hamlet"]}))}


def test_a_fingerprint_revealed_a_missing_cell(small, tmp_path):
    with as_version_0_1(small, tmp_path, FINGERPRINT) as connection:
        assert Outsider(connection).missing_cell(START, END, ["Never", "Sometimes", SECRET]) == {SECRET}


@pytest.mark.parametrize(("n_file_rows", "is_certain"), [(41, True), (40, False)])
def test_a_gap_and_the_exact_number_of_staff_revealed_how_many_did_not_answer(n_file_rows, is_certain):
    """38 of 41 staff answered. Of the number rounded down, an outsider knows ten possible ones."""
    (n_staff, k_staff), (n_citizens, k_citizens) = (38, 12), (243, 101)
    staff, citizens = k_staff / n_staff, k_citizens / n_citizens
    variances = staff * (1 - staff) / (n_staff - 1), citizens * (1 - citizens) / (n_citizens - 1)
    df = sum(variances) ** 2 / (variances[0] ** 2 / (n_staff - 1) + variances[1] ** 2 / (n_citizens - 1))
    half = stats.t.ppf(0.975, df) * sum(variances) ** 0.5
    keys = {"council_id": ["town"], "wave_id": ["wave_1"]}
    gap = {
        "theme_id": "health", "topic_id": "all", "measure_id": "groups", "weighting_id": "unweighted",
        "n_staff": n_staff - n_staff % 10, "n_citizens": n_citizens - n_citizens % 10,
        "staff_level": round(100 * staff), "citizens_level": round(100 * citizens),
        "estimate": round(100 * (staff - citizens), 1),
        "ci_lower": round(100 * (staff - citizens - half), 1), "ci_upper": round(100 * (staff - citizens + half), 1),
    }  # fmt: skip
    outsider = Outsider.__new__(Outsider)
    outsider.yes_or_no = {"groups"}
    outsider.tables = {
        "rpt_exports": pd.DataFrame(keys | {"respondent_role": "staff", "n_file_rows": n_file_rows}),
        "rpt_staff_gaps": pd.DataFrame(keys | gap),
    }
    found = list(outsider.staff_who_did_not_answer())
    assert [discovery.values for discovery in found if discovery.is_certain] == ([frozenset({3})] if is_certain else [])
