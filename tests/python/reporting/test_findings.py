"""Each sentence says what the row says that it links to: the right direction, the right interval, nothing withheld."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest

from coproduction.reporting.content import ROW_KEYS, Scope, anchor_of
from coproduction.reporting.sections.findings import (
    correlate_finding,
    findings,
    gap_finding,
    level_finding,
    nudge_finding,
    pooled_finding,
)

HIGHER = ("above", "higher", "positive", "positively")
LOWER = ("below", "lower", "negative", "negatively")
NEITHER = ("no effect", "no association", "no difference")
TABLES = ["rpt_levels", "rpt_correlates", "rpt_pooled", "rpt_nudge_effects", "rpt_hypotheses"]
PAGES = [None, "barnet", "bristol", "derbyshire_dales", "swansea", "wolverhampton"]


def sentences(scope):
    return [(part.id, finding) for part in findings(scope).parts for finding in part.findings]


def printed(number, decimals):
    """Half away from zero, computed in decimals and not by the format that the pages use."""
    rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return str(abs(rounded) if rounded == 0 else rounded)


def row_of(connection, finding):
    """Find the row by its keys alone: the anchor is the name of the table and the keys, with dots between."""
    table, *keys = finding.anchor.split(".")
    names = ROW_KEYS[f"reports.{table}"]
    assert len(names) == len(keys)
    condition = " and ".join(f"coalesce({name}, '') = ?" for name in names)
    found = connection.execute(f"from reports.{table} where {condition}", keys)
    columns = [column[0] for column in found.description]
    (row,) = found.fetchall()
    return dict(zip(columns, row, strict=True))


def says(text, words):
    return any(re.search(rf"\b{word}\b", text) for word in words)


@pytest.mark.parametrize("council", PAGES)
def test_each_sentence_has_the_numbers_and_the_direction_of_its_row(connection, published, council):
    found = sentences(Scope(published, council))
    assert len(found) >= 5
    for part, finding in found:
        row, text = row_of(connection, finding), finding.text
        assert row["estimate"] is not None, text
        if part in ("findings-levels", "findings-gaps") and council is None:
            continue
        decimals = {"findings-levels": 0, "findings-together": 3}.get(part, 1)
        estimate = row["estimate"] if part in ("findings-levels", "findings-together") else abs(row["estimate"])
        if not says(text, NEITHER):
            assert printed(estimate, decimals) in text, text
        assert printed(row["ci_lower"], decimals) in text, text
        assert printed(row["ci_upper"], decimals) in text, text
        if part != "findings-levels":
            is_above, is_below = row["ci_lower"] > 0, row["ci_upper"] < 0
            body = text.partition("It may still")[0]
            found_words = [says(body, words) for words in (HIGHER, LOWER, NEITHER)]
            assert found_words == [is_above, is_below, not (is_above or is_below)], text
            is_doubtful = (row["p_value_adjusted"] or 0) > 0.05 and (is_above or is_below)
            assert ("may still be chance" in text) == is_doubtful, text
        if council is not None:
            assert row["council_label" if "council_label" in row else "council_id"][:5].lower() in text.lower()


@pytest.mark.parametrize("council", PAGES)
def test_a_base_is_at_least_what_is_published(connection, published, council):
    for _, finding in sentences(Scope(published, council)):
        if "number of respondents" in finding.text:
            base = row_of(connection, finding)["n_respondents"]
            assert base % 10 == 0
            assert f"The number of respondents is at least {base}." in finding.text


def test_the_lowest_and_the_highest_survey_are_named(connection, published):
    texts = [finding.text for _, finding in sentences(Scope(published)) if "lowest in" in finding.text]
    assert len(texts) == 4
    rows = connection.sql(
        "from reports.rpt_levels where topic_id = 'all' and breakdown_id = 'all' and theme_id = 'environment' "
        "and measure_id = 'collective_participation' and weighting_id = 'unweighted'"
    ).df()
    low, high = rows.loc[rows.estimate.idxmin()], rows.loc[rows.estimate.idxmax()]
    (text,) = [text for text in texts if text.startswith('Environment, "Collective')]
    assert f"lowest in {low.council_label}, {low.estimate:.0f} ({low.ci_lower:.0f} to {low.ci_upper:.0f})" in text
    assert f"highest in {high.council_label}, {high.estimate:.0f} ({high.ci_lower:.0f} to {high.ci_upper:.0f})" in text
    assert "do not overlap" in text
    assert low.ci_upper < high.ci_lower


def test_intervals_that_overlap_say_that_the_order_may_be_chance(planted):
    scope = planted("update reports.rpt_levels set ci_lower = 0, ci_upper = 100 where measure_id = 'individual_index'")
    texts = [finding.text for _, finding in sentences(scope) if "Index" in finding.text and "lowest in" in finding.text]
    assert len(texts) == 2
    assert all("overlap, so the order may be chance" in text for text in texts)


def planted_row(connection, table, low, high, adjusted=None, **values):
    condition = " and ".join(f"{name} = ?" for name in values)
    found = connection.execute(f"from reports.{table} where {condition} limit 1", list(values.values()))
    row = dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))
    return row | {"estimate": (low + high) / 2, "ci_lower": low, "ci_upper": high, "p_value_adjusted": adjusted}


MAKERS = {
    "rpt_hypotheses": (gap_finding, {"hypothesis_id": "individual_above_collective"}),
    "rpt_pooled": (pooled_finding, {"council_id": "all", "quantity_id": "correlate", "theme_id": "all"}),
    "rpt_nudge_effects": (nudge_finding, {"model_id": "dummies", "contrast_id": "a"}),
}


@pytest.mark.parametrize("table", MAKERS)
def test_no_difference_and_a_difference_either_way(connection, published, table):
    make, values = MAKERS[table]
    for low, high, words in [(-0.2, 0.4, NEITHER), (0.2, 0.4, HIGHER), (-0.4, -0.2, LOWER), (0.0, 0.4, NEITHER)]:
        text = make(Scope(published), planted_row(connection, table, low, high, **values)).text
        assert [says(text, kind) for kind in (NEITHER, HIGHER, LOWER)] == [
            kind is words for kind in (NEITHER, HIGHER, LOWER)
        ]
        assert "chance" not in text


def test_a_result_that_many_tests_may_explain_says_so(connection, published):
    for make, table, values in (
        (nudge_finding, "rpt_nudge_effects", {"model_id": "dummies", "contrast_id": "a"}),
        (correlate_finding, "rpt_correlates", {"method_id": "pearson"}),
    ):
        row = planted_row(connection, table, 0.2, 0.4, adjusted=0.31, **values)
        assert (
            "It may still be chance: among so many tests its adjusted p is 0.310." in make(Scope(published), row).text
        )
        row = planted_row(connection, table, 0.2, 0.4, adjusted=0.02, **values)
        assert "chance" not in make(Scope(published), row).text


def test_a_nudge_without_effect_says_what_could_have_been_found(connection, published):
    row = planted_row(connection, "rpt_nudge_effects", -3.0, 4.0, model_id="dummies", contrast_id="a")
    row |= {"minimum_detectable": 7.25}
    text = nudge_finding(Scope(published), row).text
    assert "no effect on" in text
    assert "between -3.0 and 4.0 points" in text
    assert "would have found an effect of 7.3 points with a probability of 80 per cent" in text


def test_a_level_without_an_interval_says_so(connection, published):
    row = planted_row(connection, "rpt_levels", 1, 2, breakdown_id="all") | {"ci_lower": None, "ci_upper": None}
    assert "it has no interval" in level_finding(Scope(published), row).text


def test_one_council_alone_has_sentences_about_itself(planted):
    others = "council_id not in ('swansea', 'all')"
    tables = ["marts.dim_survey", "marts.dim_council", *(f"reports.{name}" for name in TABLES)]
    scope = planted(
        *(f"delete from {table} where {others}" for table in tables),
        "update reports.rpt_pooled set estimate = null, ci_lower = null, ci_upper = null where council_id = 'all'",
        "delete from reports.rpt_hypotheses where council_id = 'all'",
    )
    found = sentences(scope)
    assert found
    assert not any("lowest in" in finding.text or "councils" in finding.text for _, finding in found)
    assert sum("In Swansea (Environment), the level of" in finding.text for _, finding in found) == 2


def test_no_nudges_no_sentence_about_them(planted):
    scope = planted(
        "delete from reports.rpt_nudge_effects", "delete from reports.rpt_pooled where quantity_id = 'nudge'"
    )
    parts = {part for part, _ in sentences(scope)}
    assert parts == {"findings-levels", "findings-gaps", "findings-together"}


def withheld(*conditions):
    """SQL that withholds rows in each table that findings read."""
    empty = "estimate = null, ci_lower = null, ci_upper = null"
    return [
        f"update reports.{table} set {empty}"
        + (", is_withheld = true" if table != "rpt_hypotheses" else "")
        + condition
        for table in TABLES
        for condition in conditions
    ]


@pytest.mark.parametrize("council", [None, "bristol"])
def test_if_all_is_withheld_the_page_says_that_there_is_no_finding(planted, council):
    scope = planted(*withheld(""), council=council)
    section = findings(scope)
    assert section.parts == []
    assert section.lead == [
        "There is no finding to state, because no result is published: each is withheld, or could not be computed."
    ]


def test_nothing_is_said_of_withheld_rows(planted):
    rows = " where council_id = 'bristol' and theme_id = 'environment'"
    scope = planted(*withheld(rows), council="bristol")
    found = [finding for _, finding in sentences(scope)]
    assert found
    assert not any("Environment" in finding.text or "environment" in finding.anchor for finding in found)


def test_each_anchor_names_one_row(connection):
    for table in TABLES:
        found = connection.execute(f"from reports.{table}")
        names = [column[0] for column in found.description]
        anchors = [anchor_of(f"reports.{table}", dict(zip(names, row, strict=True))) for row in found.fetchall()]
        assert len(set(anchors)) == len(anchors)
