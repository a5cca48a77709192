"""What the pages say of changes between waves, for planted rows: direction, no difference, not compared, withheld."""

import pytest

from coproduction.reporting.sections.findings import findings
from coproduction.reporting.sections.waves import waves

KEYS = {
    "council_id": "swansea",
    "council_label": "Swansea",
    "theme_id": "environment",
    "theme_label": "Environment",
    "topic_id": "all",
    "topic_label": "Whole theme",
    "earlier_wave_id": "wave_0",
    "earlier_wave_label": "Spring",
    "wave_id": "wave_1",
    "wave_label": "Autumn",
    "wave_order": 2,
    "comparison_id": "neighbours",
    "measure_id": "collective_participation",
    "measure_label": "Collective",
    "sample_id": "overlapping",
    "sample_label": "Everybody",
    "weighting_id": "unweighted",
    "weighting_label": "Unweighted",
    "is_headline": True,
    "earlier_level": 30.0,
    "later_level": 35.0,
    "unit_label": "points of 0-100",
    "n_respondents": 390,
    "is_withheld": False,
    "provenance": "synthetic",
}

AGAIN = {key: KEYS[key] for key in ("council_id", "council_label", "earlier_wave_id", "earlier_wave_label", "wave_id")}
AGAIN |= {key: KEYS[key] for key in ("wave_label", "wave_order", "comparison_id", "n_respondents")}
AGAIN |= {"breakdown_id": "all", "breakdown_label": "Everybody", "breakdown_value": "all", "estimate": 62.0}
AGAIN |= {"estimate_label": "62", "unit_label": "per cent of those who answered before", "is_withheld": False}


def planting(**values):
    """The statement that puts one row of changes into the published file."""
    row = KEYS | values
    columns, literals = ", ".join(row), ", ".join("null" if v is None else repr(v) for v in row.values())
    return f"insert into reports.rpt_changes ({columns}) values ({literals})"


def sentences(scope):
    return [f for part in findings(scope).parts if part.id == "findings-changes" for f in part.findings]


@pytest.mark.parametrize(
    ("low", "high", "adjusted", "says"),
    [
        (1.2, 8.8, 0.02, "is higher in Autumn than in Spring, by 5.0 points of 0-100; with 95 per cent confidence the "
                         "change lies between 1.2 and 8.8."),
        (-8.8, -1.2, 0.02, "is lower in Autumn than in Spring, by 5.0 points of 0-100; with 95 per cent confidence the "
                           "change lies between -8.8 and -1.2."),
        (-1.0, 11.0, 0.4, 'no difference in "Collective" between Spring and Autumn could be seen: with 95 per cent '
                          "confidence the change lies between -1.0 and 11.0 points of 0-100."),
        (1.2, 8.8, 0.21, "It may still be chance: among so many tests its adjusted p is 0.210."),
    ],
)  # fmt: skip
def test_a_sentence_says_the_direction_of_its_row(planted, low, high, adjusted, says):
    scope = planted(
        planting(estimate=(low + high) / 2, ci_lower=low, ci_upper=high, p_value_adjusted=adjusted), council="swansea"
    )
    (finding,) = sentences(scope)
    assert says in finding.text
    assert finding.text.startswith("In Swansea (Environment), ")
    assert ("higher" in finding.text, "lower" in finding.text) == (low > 0, high < 0)
    assert (
        finding.anchor
        == "rpt_changes.swansea.wave_0.wave_1.environment.all.collective_participation.overlapping.unweighted"
    )


def test_a_question_that_changed_is_not_compared_and_the_page_says_so(planted):
    scope = planted(
        planting(estimate=None, earlier_level=None, later_level=None, reason="not compared: the answers changed"),
        council="swansea",
    )
    (finding,) = sentences(scope)
    assert (
        finding.text
        == 'In Swansea (Environment), "Collective" in Spring and Autumn is not compared: the answers changed.'
    )
    (table,) = waves(scope).tables
    assert "not compared" in [cell.text for cell in table.rows[0].cells]


def test_a_withheld_change_has_no_sentence(planted):
    scope = planted(planting(estimate=None, is_withheld=True, withheld_reason="few"), council="swansea")
    assert sentences(scope) == []
    (table,) = waves(scope).tables
    assert "withheld" in [cell.text for cell in table.rows[0].cells]


def test_other_readings_are_in_a_table_of_their_own(planted):
    values = {"estimate": 5.0, "ci_lower": 1.0, "ci_upper": 9.0}
    scope = planted(
        planting(**values),
        planting(**values, is_headline=False, sample_id="same_people", sample_label="Twice"),
        f"insert into reports.rpt_attrition ({', '.join(AGAIN)}) values {tuple(AGAIN.values())}",
        council="swansea",
    )
    first, second, again = waves(scope).tables
    assert first.is_open
    assert (len(first.rows), len(second.rows)) == (1, 1)
    assert [cell.text for cell in first.rows[0].cells][-3:] == ["5.0", "1.0 to 9.0", "at least 390"]
    assert [cell.text for cell in again.rows[0].cells][1:] == ["Everybody", "62", "at least 390"]
    assert len(sentences(scope)) == 1


def test_without_several_waves_there_is_no_section(planted):
    assert waves(planted()) is None
    assert "findings-changes" not in [part.id for part in findings(planted()).parts]


def test_a_line_is_interrupted_where_a_question_changed(planted):
    levels = "create or replace table reports.rpt_levels as from reports.rpt_levels union all select * replace " \
        "('wave_0' as wave_id) from reports.rpt_levels where council_id = 'swansea'"  # fmt: skip
    surveys = "insert into marts.dim_survey select * replace ('wave_0' as wave_id, 'Spring' as wave_label, " \
        "0 as wave_order) from marts.dim_survey where council_id = 'swansea'"  # fmt: skip
    lines = []
    for change in (
        planting(estimate=5.0, ci_lower=1.0, ci_upper=9.0),
        planting(estimate=None, earlier_level=None, reason="not compared: the answers changed"),
    ):
        scope = planted(levels, surveys, change, council="swansea")
        (figure,) = [f for f in waves(scope).figures if "collective_participation" in str(f.svg[0])]
        lines.append(sum(str(svg).count('class="slope"') for svg in figure.svg))
    assert lines[0] - lines[1] == 1
