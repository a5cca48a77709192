"""Each sentence says what the row says that it links to: the right direction, the right interval, nothing withheld."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

from coproduction.reporting.content import ROW_KEYS, Scope, anchor_of
from coproduction.reporting.sections.findings import (
    correlate_finding,
    findings,
    gap_finding,
    nudge_finding,
    pooled_finding,
)
from coproduction.reporting.sections.level_findings import level_finding

HIGHER = ("above", "higher", "positive", "positively")
LOWER = ("below", "lower", "negative", "negatively")
NEITHER = ("no effect", "no association", "no difference")
LEVELS = {"bristol": 30.1, "swansea": 30.4, "derbyshire_dales": 41.0}
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


def check(connection, part, finding):
    """Compare a sentence with the row that it links to. Raises AssertionError if it does not say what the row says."""
    row, text = row_of(connection, finding), finding.text
    assert row["estimate"] is not None, text
    if "lowest in" in text:
        check_extremes(connection, row, text)
    elif part == "findings-gaps" and text.startswith("Hypothesis"):
        check_hypothesis(connection, row, text)
    else:
        check_one_row(part, row, text)


def check_one_row(part, row, text):
    """A sentence about one row: its numbers, on which side of zero its interval lies, and whether it may be chance."""
    decimals = {"findings-levels": 0, "findings-together": 3}.get(part, 1)
    ends = (row["ci_lower"], row["ci_upper"])
    if part == "findings-gaps" and row["ci_upper"] < 0:
        ends = (-row["ci_upper"], -row["ci_lower"])
    low, high = (printed(end, decimals) for end in ends)
    assert f"between {low} and {high}" in text, text
    name = row["council_label"] if "council_label" in row else row["council_id"]
    assert row["council_id"] == "all" or name[:5].lower() in text.lower(), text
    if part == "findings-levels":
        assert f"is {printed(row['estimate'], decimals)} {row['unit_label']}" in text, text
        return
    estimate = row["estimate"] if part == "findings-together" else abs(row["estimate"])
    assert says(text, NEITHER) or printed(estimate, decimals) in text, text
    is_above, is_below = row["ci_lower"] > 0, row["ci_upper"] < 0
    body = text.partition("It may still")[0]
    found_words = [says(body, words) for words in (HIGHER, LOWER, NEITHER)]
    assert found_words == [is_above, is_below, not (is_above or is_below)], text
    is_one_of_many = row["p_value_adjusted"] is None or row["p_value_adjusted"] > 0.05
    is_warned = is_one_of_many and part != "findings-gaps" and (is_above or is_below)
    assert ("may still be chance" in text) == is_warned, text


def check_extremes(connection, row, text):
    """The surveys with the lowest and the highest level, and whether their intervals overlap."""
    rows = connection.execute(
        "select council_label, estimate, ci_lower, ci_upper from reports.rpt_levels where theme_id = ? "
        "and measure_id = ? and topic_id = 'all' and breakdown_id = 'all' and weighting_id = 'unweighted' "
        "and estimate is not null order by estimate, council_label",
        [row["theme_id"], row["measure_id"]],
    ).fetchall()
    for words, (council, *numbers) in (("lowest", rows[0]), ("highest", rows[-1])):
        level, low, high = (printed(value, 0) for value in numbers)
        assert f"{words} in {council}, {level} ({low} to {high})" in text, text
    assert ("do not overlap" in text) == (rows[0][3] < rows[-1][2]), text


def check_hypothesis(connection, row, text):
    """A hypothesis is quoted, and what was found and how it was tested, or the number of areas of each verdict."""
    assert f'"{row["statement"]}"' in text, text
    if row["council_id"] == "all":
        assert row["in_words"] in text, text
        assert row["test"] in text, text
        return
    verdicts = connection.execute(
        "select verdict, count(*) from reports.rpt_hypotheses where statement = ? and estimate is not null "
        "group by all",
        [row["statement"]],
    ).fetchall()
    assert sum(n for _, n in verdicts) == sum(map(int, re.findall(r" in (\d+)", text))), text
    assert all(f"{verdict} in {n}" in text for verdict, n in verdicts), text


@pytest.mark.parametrize("council", PAGES)
def test_each_sentence_has_the_numbers_and_the_direction_of_its_row(connection, published, council):
    found = sentences(Scope(published, council))
    assert len(found) >= 5
    for part, finding in found:
        check(connection, part, finding)


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
        text = make(Scope(published), planted_row(connection, table, low, high, 0.01, **values)).text
        assert [says(text, kind) for kind in (NEITHER, HIGHER, LOWER)] == [
            kind is words for kind in (NEITHER, HIGHER, LOWER)
        ]
        assert "chance" not in text


def test_a_result_that_many_tests_may_explain_says_so(connection, published):
    for make, table, values in (
        (nudge_finding, "rpt_nudge_effects", {"model_id": "dummies", "contrast_id": "a", "theme_id": "wellbeing"}),
        (correlate_finding, "rpt_correlates", {"method_id": "pearson"}),
    ):
        row = planted_row(connection, table, 0.2, 0.4, adjusted=0.31, **values)
        assert (
            "It may still be chance: among so many tests its adjusted p is 0.310." in make(Scope(published), row).text
        )
        row = planted_row(connection, table, 0.2, 0.4, adjusted=0.02, **values)
        assert "chance" not in make(Scope(published), row).text
        row = planted_row(connection, table, 0.2, 0.4, adjusted=None, **values)
        assert make(Scope(published), row).text.endswith(
            "It may still be chance: this result is not adjusted for the number of tests."
        )
        row = planted_row(connection, table, -0.2, 0.4, adjusted=None, **values)
        assert make is correlate_finding or "chance" not in make(Scope(published), row).text


def test_a_nudge_on_a_whole_theme_says_why_it_is_not_adjusted(connection, published):
    """The topics of the theme are the tests; where a theme has none, it is a test itself and has another sentence."""
    values = {"model_id": "dummies", "contrast_id": "a", "council_id": "barnet", "topic_id": "all"}
    for theme, words in (("community_safety", "by topic are adjusted"), ("wellbeing", "this result is not adjusted")):
        row = planted_row(connection, "rpt_nudge_effects", 0.2, 0.4, theme_id=theme, **values)
        assert words in nudge_finding(Scope(published), row).text


def test_a_gap_below_zero_has_the_sign_of_its_sentence(connection, published):
    row = planted_row(connection, "rpt_hypotheses", -25.1, -20.8, hypothesis_id="individual_above_collective")
    text = gap_finding(Scope(published), row).text
    assert "points below" in text
    assert "the difference lies between 20.8 and 25.1 points" in text


def test_surveys_with_the_same_level_as_printed_are_named(planted):
    """Extremes that differ only in what is not printed are no extremes alone; if all are equal there are none."""
    where = (
        "where topic_id = 'all' and breakdown_id = 'all' and theme_id = 'environment' and weighting_id = 'unweighted'"
    )
    change = "update reports.rpt_levels set estimate = case council_id {} end " + where
    found = " ".join(f"when '{council}' then {level}" for council, level in LEVELS.items())
    texts = [
        finding.text for _, finding in sentences(planted(change.format(found + " else 50"))) if "lowest" in finding.text
    ]
    of_environment = [text for text in texts if text.startswith("Environment")]
    assert len(of_environment) == 2
    for text in of_environment:
        assert "lowest in Bristol, 30" in text
        assert "Rounded as printed here, Swansea is as low." in text
        assert "as high" not in text


def test_if_all_levels_are_equal_as_printed_none_is_the_lowest(planted):
    where = (
        "where topic_id = 'all' and breakdown_id = 'all' and theme_id = 'environment' and weighting_id = 'unweighted'"
    )
    change = f"update reports.rpt_levels set estimate = case council_id when 'bristol' then 30.1 else 30.2 end {where}"
    texts = [finding.text for part, finding in sentences(planted(change)) if part == "findings-levels"]
    assert not [text for text in texts if text.startswith("Environment")]
    assert len([text for text in texts if "(Environment)" in text and " is 30 per cent" in text]) >= 6


@pytest.mark.parametrize(("low", "high", "is_wide"), [(-0.986, 0.977, True), (-0.3, 0.6, False), (-0.6, 0.3, False)])
def test_a_prediction_that_holds_almost_anything_says_so(connection, published, low, high, is_wide):
    values = {"council_id": "all", "quantity_id": "correlate", "theme_id": "all"}
    row = planted_row(connection, "rpt_pooled", 0.2, 0.4, 0.01, **values)
    text = pooled_finding(Scope(published), row | {"prediction_lower": low, "prediction_upper": high}).text
    assert ("say almost nothing about another one" in text) == is_wide
    assert f"{low:.3f} to {high:.3f}" in text


@pytest.mark.parametrize("council", [None, "barnet"])
def test_the_page_of_a_council_says_that_it_names_the_strongest_correlations_only(published, council):
    (part,) = [part for part in findings(Scope(published, council)).parts if part.id == "findings-together"]
    assert any("at most 5" in text for text in part.lead) == (council is not None)
    assert council is None or len(part.findings) <= 2 * 5


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


# What every table that findings read is changed to. Levels have no zero to lie on a side of.
_NO_DIFFERENCE = "ci_lower = estimate - abs(estimate) - 1, ci_upper = estimate + abs(estimate) + 1"
_ABOVE = "estimate = abs(estimate) + 0.1, ci_lower = abs(estimate) + 0.05, ci_upper = abs(estimate) + 0.15"
_BELOW = "estimate = -abs(estimate) - 0.1, ci_lower = -abs(estimate) - 0.15, ci_upper = -abs(estimate) - 0.05"


@pytest.mark.parametrize("council", [None, "barnet"])
@pytest.mark.parametrize(("change", "words"), [(_NO_DIFFERENCE, NEITHER), (_ABOVE, HIGHER), (_BELOW, LOWER)])
def test_in_a_planted_study_each_sentence_says_what_its_row_says(planted, change, words, council):
    compared = [table for table in TABLES if table != "rpt_levels"]
    scope = planted(
        "update reports.rpt_levels set ci_lower = 0, ci_upper = 100 where estimate is not null",
        *(f"update reports.{table} set {change} where ci_lower is not null" for table in compared),
        council=council,
    )
    found = sentences(scope)
    for part, finding in found:
        check(scope.published._connection, part, finding)
    about_rows = [text.text for part, text in found if part != "findings-levels" and "Hypothesis" not in text.text]
    assert about_rows
    assert all(says(text.partition("It may still")[0], words) for text in about_rows)


SWAPS = {
    "direction": (
        "update marts.dim_sentence set sentence_id = case when contains(sentence_id, '_above') "
        "then replace(sentence_id, '_above', '_below') else replace(sentence_id, '_below', '_above') end "
        "where sentence_id like 'finding_{name}_%'"
    ),
    "interval": (
        "update marts.dim_sentence set template = replace(replace(replace(template, '{{low}}', '{{x}}'), "
        "'{{high}}', '{{low}}'), '{{x}}', '{{high}}') where sentence_id like 'finding_{name}_%'"
    ),
}


@pytest.mark.parametrize("swap", SWAPS)
@pytest.mark.parametrize(
    ("name", "council"), [("gap", "bristol"), ("pooled", None), ("correlate", "barnet"), ("nudge", "barnet")]
)
def test_a_wrong_direction_and_a_wrong_interval_would_be_found(planted, swap, name, council):
    scope = planted(SWAPS[swap].format(name=name), council=council)
    with pytest.raises(AssertionError):
        for part, finding in sentences(scope):
            check(scope.published._connection, part, finding)


def test_a_reversed_question_has_the_direction_of_what_it_measures(built, connection, published):
    """Who agrees that little can be done does less; so a belief that much can be done is correlated positively."""
    header, *answers = built.read_export("derbyshire_dales")
    frame = pd.DataFrame(answers, columns=header).apply(lambda column: column.str.strip().str.lower())
    agrees = frame["EnvE_little"].map(
        {"strongly disagree": 1, "disagree": 2, "neither agree nor disagree": 3, "agree": 4, "strongly agree": 5}
    )
    done = frame.filter(regex=r"^EnvF\d").replace({"often": 1, "sometimes": 1, "never": 0})
    done = done.apply(pd.to_numeric, errors="coerce")
    index = done.mean(axis=1).where(done.notna().mean(axis=1) >= 0.5)
    assert agrees.corr(index) < -0.1
    keys = {"council_id": "derbyshire_dales", "theme_id": "environment", "construct_id": "political_self_efficacy"}
    keys |= {"outcome_id": "individual_index", "method_id": "pearson", "weighting_id": "unweighted"}
    found = connection.execute(
        f"from reports.rpt_correlates where {' and '.join(f'{name} = ?' for name in keys)}", list(keys.values())
    )
    row = dict(zip([column[0] for column in found.description], found.fetchone(), strict=True))
    # The few who are in the file twice are not taken out here.
    assert row["estimate"] == pytest.approx(-agrees.corr(index), abs=0.01)
    finding = correlate_finding(Scope(published, "derbyshire_dales"), row)
    check(connection, "findings-together", finding)
    assert '"Citizens make a difference" and individual co-production are positively correlated' in finding.text


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
    for part, finding in found:
        check(scope.published._connection, part, finding)
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
