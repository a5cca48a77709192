"""The page says which effects are too small to matter, where a study declared what would matter, and not elsewhere."""

from coproduction.reporting.content import Scope
from coproduction.reporting.sections.absence import absence

KEYS = "council_id, council_label, wave_id, theme_id, theme_label, topic_id, topic_label, outcome_id, outcome_label"


def verdicts_on(report: str, quantity_id: str, keys: str, chosen: str) -> str:
    """SQL that gives some rows of a report a verdict, and withholds the first of them."""
    return f"""
        insert into reports.rpt_equivalence by name
        select
            {KEYS}, {keys}, weighting_id, unit_label, '{quantity_id}' as quantity_id, 5 as smallest_effect,
            estimate, -1.25 as ci90_lower, 2.5 as ci90_upper, 0.03 as p_value_tost,
            row_number() over (order by council_id desc, theme_id, topic_id, outcome_id, {keys}) = 1 as is_withheld,
            case when not is_withheld then 'too small to matter' end as verdict
        from (select * exclude (is_withheld) from reports.{report})
        where {chosen} and weighting_id = 'unweighted'
    """


ON_NUDGES = verdicts_on("rpt_nudge_effects", "nudge", "contrast_id, contrast_label", "model_id = 'dummies'")
ON_CORRELATES = verdicts_on("rpt_correlates", "correlate", "construct_id, construct_label", "method_id = 'pearson'")


def test_without_a_declared_effect_there_is_no_section(published):
    assert absence(Scope(published, None)) is None


def test_each_quantity_has_a_table_of_its_verdicts(planted):
    section = absence(planted(ON_NUDGES, ON_CORRELATES))
    assert [table.heads[2] for table in section.tables] == ["Nudge", "Question or characteristic"]
    for table in section.tables:
        cells = [cell.text for row in table.rows for cell in row.cells[-1:]]
        assert cells.count("withheld") == 1 and set(cells) == {"withheld", "too small to matter"}
    nudges, correlates = ([cell.text for cell in table.rows[0].cells] for table in section.tables)
    assert nudges[-4:-1] == ["5.0", "-1.3 to 2.5", "0.030"]
    assert correlates[-4:-1] == ["5.000", "-1.250 to 2.500", "0.030"]
    assert len({row.anchor for table in section.tables for row in table.rows}) == sum(
        len(table.rows) for table in section.tables
    )


def test_a_page_of_a_council_has_its_own_verdicts(planted):
    scope = planted(ON_NUDGES, ON_CORRELATES, council="bristol")
    tables = absence(scope).tables
    for table, quantity_id in zip(tables, ("nudge", "correlate"), strict=True):
        query = "select count(*) as n from reports.rpt_equivalence where council_id = 'bristol' and quantity_id = "
        assert len(table.rows) == scope.published.rows(f"{query}'{quantity_id}'")[0]["n"] > 0
