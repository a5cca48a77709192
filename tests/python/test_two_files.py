"""A build warns where the published file that it replaces has few respondents more or less."""

import duckdb
import pytest

from coproduction.build.publication import _warnings_about_repeats
from coproduction.publishing.disclosure.earlier_file import surveys_with_few_more
from two_files import NO_ANSWER, answers_of_one_more


def published(path, sizes, answers=(), minimum=10):
    """A published file with the sizes of surveys, and the mean and the shares of the answers to one question."""
    with duckdb.connect(str(path)) as connection:
        for schema in ("marts", "publication", "reports"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table marts.dim_survey (council_id text, wave_id text, n_respondents bigint)")
        connection.execute(
            "create table publication.manifest as select 'build' as part_id, 'minimum_base' as item, ? as value",
            [str(minimum)],
        )
        for council_id, n in sizes.items():
            connection.execute("insert into marts.dim_survey values (?, 'w', ?)", [council_id, n])
        connection.execute(
            """
            create table reports.rpt_answer_shares as
            with answers as (select unnest(?::int[]) as score),
            keys as (
                select 'town' as council_id, 'w' as wave_id, 't' as theme_id, 'all' as topic_id, 'q' as column_name,
                    's' as scale_id, 'unweighted' as weighting_id, 'all' as breakdown_id, 'citizen' as respondent_role
            ),
            moments as (
                select avg(score) as m, stddev_samp(score) / sqrt(count(*)) as e, count(*) as n,
                    n - n % 10 as n_respondents
                from answers
            )
            select keys.*, 'mean' as statistic_id, null::double as answer_score, round(m, 2) as estimate,
                round(m - e * ?, 2) as ci_lower, round(m + e * ?, 2) as ci_upper, n_respondents
            from moments, keys
            union all
            select keys.*, 'share', score, round(100 * count(*) / any_value(n)), null, null, any_value(n_respondents)
            from answers, moments, keys group by all
            """,
            [list(answers), *[_t(len(answers))] * 2],
        )
    return path


def _t(n):
    from scipy import stats

    return float(stats.t.ppf(0.975, n - 1)) if n > 1 else 0.0


@pytest.mark.parametrize(("n", "is_warned"), [(239, True), (240, False), (241, True), (249, True), (250, False)])
def test_a_survey_with_few_respondents_more_or_less_is_warned_about(tmp_path, n, is_warned):
    before = published(tmp_path / "before.duckdb", {"town": 240, "gone": 50})
    new = published(tmp_path / "new.duckdb", {"town": n, "new": 3})
    with duckdb.connect(str(before)) as earlier, duckdb.connect(str(new)) as later:
        found = surveys_with_few_more(earlier, later, 10)
    assert found == ([("town", "w", 240, n)] if is_warned else [])
    assert len(_warnings_about_repeats(before, new, 10)) == is_warned


def test_a_file_that_cannot_be_compared_is_said_to_be_so(tmp_path):
    new = published(tmp_path / "new.duckdb", {"town": 240})
    (tmp_path / "broken.duckdb").write_bytes(b"no database")
    (warning,) = _warnings_about_repeats(tmp_path / "broken.duckdb", new, 10)
    assert "could not be compared" in warning


@pytest.mark.parametrize("value", [1, 3, 5, NO_ANSWER])
def test_the_answer_of_one_more_person_is_worked_out_of_a_small_survey(tmp_path, value):
    answers = [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5]
    before = published(tmp_path / "before.duckdb", {"town": 24}, answers)
    after = published(tmp_path / "after.duckdb", {"town": 25}, [*answers, *([] if value is NO_ANSWER else [value])])
    with duckdb.connect(str(before)) as earlier, duckdb.connect(str(after)) as later:
        (answer,) = answers_of_one_more(earlier, later)
    assert answer.values == {value}
