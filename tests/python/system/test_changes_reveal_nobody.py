"""How many people changed their answer cannot be worked out of the published change; without the plan it could."""

import duckdb
import pytest

from coproduction.publishing.disclosure.rounding_windows import PublishedRows
from coproduction.publishing.disclosure.single_figures import changed
from coproduction.publishing.plan import LeftOut, PublishedTable
from coproduction.publishing.snapshot import create_table
from panels import raw_answers

YES = {"Often": 1, "Sometimes": 0, "Never": 0}
KEYS = "council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id, sample_id, weighting_id"
# As `few_changed` of plan_changes would let it be, if a tenth of the minimum were enough.
WITHOUT_THE_PLAN = f"""
    update reports.rpt_changes as report set estimate = round(100 * truth.estimate, 1), is_withheld = false,
        ci_lower = round(100 * truth.ci_lower, 1), ci_upper = round(100 * truth.ci_upper, 1),
        n_respondents = truth.n_both - truth.n_both % 10
    from build.estimates.est_changes as truth
    where {" and ".join(f"report.{key} = truth.{key}" for key in KEYS.split(", "))} and truth.sample_id = 'same_people'
"""


@pytest.fixture
def published(waves_built):
    """What publication would write of the changes: the report with bases rounded down."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{waves_built.warehouse_path}' as build (read_only)")
        for schema in ("publication", "marts", "reports"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table publication.manifest as select '10' as value, 'minimum_base' as item")
        for table in ("dim_measure", "dim_survey"):
            connection.execute(f"create table marts.{table} as from build.marts.{table}")
        connection.execute("create table reports.rpt_correlates as select null::double as p_value_t")
        connection.execute(
            "create table reports.rpt_changes as "
            "select * replace (n_respondents - n_respondents % 10 as n_respondents) from build.reports.rpt_changes"
        )
        yield connection


def tried(connection):
    return {
        (finding.survey, finding.what): finding.candidates
        for finding in changed(PublishedRows(connection, with_intervals_and_tests=True))
    }


def test_no_published_change_reveals_how_many_changed(published):
    shown = published.execute(
        "select count(*) from reports.rpt_changes where sample_id = 'same_people' and not is_withheld"
    )
    assert shown.fetchone()[0] > 5
    assert {key: pairs for key, pairs in tried(published).items() if len(pairs) == 1} == {}


def test_without_the_plan_few_who_changed_are_worked_out(waves_built, published):
    published.execute(WITHOUT_THE_PLAN)
    before, after = (
        raw_answers(waves_built, f"panel_{wave}").set_index("id")["join"].map(YES) for wave in ("spring", "autumn")
    )
    both = after.dropna().index.intersection(before.dropna().index)
    truth = ((after[both] > before[both]).sum(), (after[both] < before[both]).sum())
    assert min(truth) < 10
    candidates = tried(published)[("panel", "autumn"), "changed, environment, all, collective_often"]
    assert truth in candidates
    assert len(candidates) <= 3


def test_a_survey_that_is_not_published_is_in_no_change(waves_built):
    columns = dict.fromkeys(["council_id", "earlier_wave_id", "wave_id", "measure_id"], "Described.")
    table = PublishedTable("reports", "rpt_changes", (), (), (), "Changes.", columns)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{waves_built.warehouse_path}' as build (read_only)")
        connection.execute("create schema reports")
        connection.execute(
            f"create table reports.rpt_changes as select {', '.join(columns)} from build.reports.rpt_changes"
        )
        connection.execute("attach ':memory:' as published")
        create_table(connection, "published", table, 10, LeftOut(surveys=frozenset({("panel", "spring")})))
        pairs = connection.execute("select distinct earlier_wave_id, wave_id from published.reports.rpt_changes "
                               "where council_id = 'panel'").fetchall()  # fmt: skip
        assert pairs == [("summer", "autumn")]
        others = connection.execute(
            "select count(*) from published.reports.rpt_changes where council_id = 'weighted_panel'"
        )
        assert others.fetchone()[0] > 0


def test_no_change_with_a_common_margin_is_an_equation_for_a_small_group(waves_built):
    """With the change before reweighting, it would be one equation for few unknown counts of that group."""
    changes = waves_built.query(
        "select * exclude (reason), is_withheld from reports.rpt_changes where weighting_id = 'earlier_margin'"
    )
    groups = waves_built.query(
        """
        select council_id, wave_id, theme_id, topic_id, measure_id, variable, category, count(*) as n,
            sum(n_positive / n_answered) as n_with
        from (
            unpivot (
                select facts.*, people.gender_label, people.age_band
                from marts.fct_respondent_measure as facts
                inner join marts.dim_respondent as people using (respondent_key)
                where facts.respondent_role = 'citizen' and n_answered is not null
            ) on gender_label, age_band into name variable value category
        )
        group by all
        """
    )
    groups["is_small"] = (groups.n < 10) | (groups.n_with < 3 - 1e-6) | (groups.n - groups.n_with < 3 - 1e-6)
    topic = ["council_id", "wave_id", "theme_id", "topic_id", "measure_id"]
    has_small_group = groups.groupby(topic).is_small.any().rename("has_small_group").reset_index()
    rows = changes.merge(has_small_group, on=topic)
    assert rows.has_small_group.any()
    assert rows.is_withheld[rows.has_small_group].all()
    assert not rows.is_withheld.all()
