"""Bars of answers lie the right way round, labels fit, and a chart shows what its rows say."""

import re

import pytest

from coproduction.reporting.charts import drawing
from coproduction.reporting.charts.bars import Answers, Bar, bars, classes_of, diverging
from coproduction.reporting.charts.drawing import NARROWEST, Scale, scale_over, text_width, wrapped
from coproduction.reporting.charts.heat import shade
from coproduction.reporting.charts.intervals import Mark, intervals
from coproduction.reporting.charts.slopes import Slope, slopes
from coproduction.reporting.content import Scope
from coproduction.reporting.sections.answers import answers, questions_of

BOX = re.compile(r'<rect x="([\d.]+)%" width="([\d.]+)%" y="([\d.]+)" height="20" class="(\w+)"/>')
REVERSED = "There is little that residents like me can do for the local environment. How far do you agree?"


def boxes(svg):
    """The parts of the bars as (x, width, class)."""
    return [(float(x), float(width), css) for x, width, _, css in BOX.findall("".join(svg)) if css != "paper"]


def test_a_reversed_question_has_its_highest_score_at_the_left(planted):
    scope = planted(
        f"delete from reports.rpt_answer_shares where question_text <> '{REVERSED}'", council="derbyshire_dales"
    )
    ((part,), query) = answers(scope).parts, scope.published.rows
    (figure,), (table,) = part.figures, part.tables
    rows = query(
        "select answer_name, estimate from reports.rpt_answer_shares where statistic_id = 'share' and "
        "breakdown_id = 'all' and weighting_id = 'unweighted' order by answer_score desc"
    )
    assert [row["answer_name"] for row in rows] == [
        "Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree",
    ]  # fmt: skip
    assert [name for _, name in figure.legend][:5] == [row["answer_name"] for row in rows]
    assert list(table.heads[2:7]) == [row["answer_name"] for row in rows]
    drawn = boxes(figure.svg)[:5]
    unit = drawn[0][1] / rows[0]["estimate"]
    assert [width / unit for _, width, _ in drawn] == pytest.approx([row["estimate"] for row in rows], abs=0.1)
    assert [css for *_, css in drawn] == ["l2", "l1", "mid", "h1", "h2"]
    assert f"{REVERSED} (reversed)" in table.rows[0].cells[0].text


@pytest.mark.parametrize(("change", "is_said"), [("null, is_withheld = true", True), ("5, is_withheld = false", False)])
def test_a_withheld_dont_know_is_said_to_be_withheld(planted, change, is_said):
    """Without a word it would look like nobody."""
    scope = planted(
        f"update reports.rpt_answer_shares set estimate = {change} where statistic_id = 'dont_know'", council="swansea"
    )
    (part,) = [part for part in answers(scope).parts if part.id == "answers-conditions"]
    svg = "".join(part.figures[0].svg)
    assert ("Don&#39;t Know: withheld" in svg) == is_said
    assert 'class="h2"' in svg


@pytest.mark.parametrize("is_reversed", [True, False])
def test_only_where_a_question_is_reversed_the_section_explains_it(planted, is_reversed):
    scope = planted(f"update marts.dim_question set is_reversed = {is_reversed}", council="swansea")
    assert any("reversed" in text for text in answers(scope).lead) == is_reversed


def test_other_questions_have_their_lowest_score_at_the_left(published):
    (part,) = [part for part in answers(Scope(published, "swansea")).parts if part.id == "answers-conditions"]
    assert next(name for _, name in part.figures[0].legend) == "Very poor"
    assert "(reversed)" not in part.tables[0].rows[0].cells[0].text


def test_every_scale_question_of_a_citizen_has_a_row(published, connection):
    rows = connection.sql(
        """
        select council_id, column_name, theme_id, topic_id from reports.rpt_answer_shares
        inner join marts.dim_construct using (construct_id)
        where statistic_id = 'share' and breakdown_id = 'all' and construct_role in ('outcome', 'correlate')
        and answer_score is not null group by all
        """
    ).fetchall()
    section = answers(Scope(published))
    assert sum(len(table.rows) for part in section.parts for table in part.tables) == len(rows) > 100


def test_without_published_answers_there_is_no_such_section(planted):
    assert answers(planted("drop table reports.rpt_answer_shares")) is None


def test_the_page_of_a_large_study_leaves_the_answers_to_the_councils(planted, monkeypatch):
    monkeypatch.setattr("coproduction.reporting.sections.answers.MOST_SURVEYS", 4)
    section = answers(planted())
    assert section.lead == ["This study has many surveys: the page of each council has the answers to its questions."]
    assert not section.is_empty()
    assert answers(planted(council="swansea")).parts


def test_a_question_with_a_withheld_answer_has_no_bar_and_says_why(planted):
    scope = planted(
        "update reports.rpt_answer_shares set estimate = null, is_withheld = true, withheld_reason = 'too few' "
        "where answer_name = 'Very poor'",
        council="swansea",
    )
    (part,) = [part for part in answers(scope).parts if part.id == "answers-conditions"]
    assert part.figures == []
    cells = [cell.text for cell in part.tables[0].rows[0].cells]
    assert cells[2] == "withheld"
    assert "too few" in cells


def row(name, score, share, is_reversed=False, statistic="share"):
    return {
        "council_id": "a", "wave_id": "w", "theme_id": "t", "topic_id": "all", "column_name": "q", "scale_id": "s",
        "statistic_id": statistic, "answer_name": name, "answer_score": score, "estimate": share,
        "is_reversed": is_reversed,
    }  # fmt: skip


def test_the_order_is_that_of_the_scores_and_not_of_the_names():
    rows = [row("Zebra", 1, 10), row("Ape", 2, 20), row("Mouse", 10, 70)]
    (question,) = questions_of(rows)
    assert question.answers == ("Zebra", "Ape", "Mouse")
    (question,) = questions_of([dict(one, is_reversed=True) for one in rows])
    assert question.answers == ("Mouse", "Ape", "Zebra")


def test_the_middle_answer_lies_on_the_line_and_dont_know_apart():
    rows = [Answers("First?", [10, 20, 40, 20, 10], 5), Answers("Second?", [50, 10, 10, 10, 20], 15)]
    (svg,) = diverging("d", "t", "d", rows, is_from_none=False)
    zero = float(re.search(r'<line x1="([\d.]+)%"[^>]*class="zero"', svg)[1])
    drawn = boxes([svg])
    for first in (0, 6):
        x, width, css = drawn[first + 2]
        assert css == "mid"
        assert x + width / 2 == pytest.approx(zero, abs=0.05)
        assert drawn[first + 4][0] + drawn[first + 4][1] < drawn[first + 5][0]
        assert sum(drawn[first + 5][:2]) == pytest.approx(100, abs=0.05)
    assert min(x for x, *_ in drawn) >= -0.01


def test_for_a_scale_from_none_the_lowest_answer_is_left_of_the_line():
    (svg,) = diverging("d", "t", "d", [Answers("How often?", [30, 50, 20], None)], is_from_none=True)
    zero = float(re.search(r'<line x1="([\d.]+)%"[^>]*class="zero"', svg)[1])
    drawn = boxes([svg])
    assert drawn[0][0] + drawn[0][1] == pytest.approx(zero, abs=0.05)
    assert drawn[1][0] == pytest.approx(zero, abs=0.05)


@pytest.mark.parametrize("n_answers", range(1, 12))
def test_each_answer_has_a_class(n_answers):
    assert len(classes_of(n_answers, True)) == len(classes_of(n_answers, False)) == n_answers


def test_long_labels_are_broken_and_never_wider_than_the_chart():
    label = "A question that goes on and on, with a Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüssel " * 3
    for line in wrapped(label, NARROWEST):
        assert text_width(line) <= NARROWEST
    made = [
        *bars("b", "t", "d", [Bar(label, 5, "1,234")]),
        *intervals("i", "t", "d", [Mark(label, "12.345 (-1.234 to 23.456)", 1, 0, 2)], "points"),
        *diverging("d", "t", "d", [Answers(label, [50, 50], 3)], False),
        *slopes("s", "t", "d", ["Before", "After"], [Slope(label, [(1, 0, 2), (2, 1, 3)], ["1", "2"])]),
    ]
    for svg in made:
        rows = {}
        for y, text in re.findall(r'<text x="[\d.-]+%" y="([\d.]+)"[^>]*>([^<]*)</text>', svg):
            rows.setdefault(y, []).append(text)
        labels = [texts for texts in rows.values() if any(len(text) > 12 for text in texts)]
        assert labels
        assert all(sum(map(text_width, texts)) <= NARROWEST for texts in labels)


def test_a_long_chart_is_drawn_in_pieces_that_repeat_their_heading():
    rows = [Mark("Theme", is_heading=True), *(Mark(f"Row {n}", "1", 1, 0, 2) for n in range(40))]
    pieces = intervals("i", "t", "d", rows, "points")
    assert len(pieces) > 2
    assert all("Theme" in piece for piece in pieces)
    heights = [int(re.search(r'height="(\d+)"', piece)[1]) for piece in pieces]
    assert max(heights) <= drawing.TALLEST + 60
    assert sum(piece.count('class="point"') for piece in pieces) == 40


def test_scales_hold_all_values_and_have_round_ends():
    assert (scale_over([3, 87]).low, scale_over([3, 87]).high) == (0, 100)
    assert (scale_over([-0.034, 0.503], 0).low, scale_over([-0.034, 0.503], 0).high) == (-0.2, 0.6)
    assert scale_over([5, 5]).low < 5 < scale_over([5, 5]).high
    assert Scale(0, 100).ticks() == [0, 20, 40, 60, 80, 100]
    assert Scale(0, 100)(50) == 50
    assert Scale(0, 100)(200) <= 100


def test_an_estimate_is_drawn_where_the_scale_says_and_a_missing_one_is_not():
    rows = [Mark("There", "25", 25, 20, 30), Mark("Not there", "withheld")]
    (svg,) = intervals("i", "t", "d", rows, "per cent", Scale(0, 100))
    assert svg.count('class="point"') == 1
    x = float(re.search(r'<svg x="([\d.]+)%"[^>]*><path [^>]*class="point"', svg)[1])
    assert x == pytest.approx(Scale(0, 100)(25), abs=0.01)
    assert "withheld" in svg


def test_shades_follow_the_sign_and_the_strength():
    assert [shade(r) for r in (None, 0.05, 0.1, 0.25, 0.9, -0.15, -0.3)] == ["", "", "p1", "p2", "p3", "n1", "n3"]


def test_text_from_the_codebook_is_no_markup():
    (svg,) = bars("b", 'A "title" <b>', "d", [Bar("<script>alert(1)</script>", 1, "&")])
    assert "<script" not in svg
    assert "<b>" not in svg


def test_a_scale_has_at_least_three_numbers():
    for low in (-0.9, -0.45, -0.37, -12, 0):
        for high in (0.11, 0.34, 0.75, 1, 19, 100):
            assert 3 <= len(scale_over([low, high]).ticks()) <= 8, (low, high)
            assert 3 <= len(Scale(low, high).ticks()) <= 8, (low, high)


def test_a_group_stays_in_one_chart_with_its_heading():
    groups = {name: [Mark(f"{name} {place}", "5", 5, 1, 9) for place in range(3)] for name in ("A", "B", "C", "D")}
    rows = [row for name, marks in groups.items() for row in (Mark(f"Group {name}", is_heading=True), *marks)]
    pieces = intervals("id", "Title", "Description", rows, "points")
    assert len(pieces) == 2
    for piece in pieces:
        shown = [name for name in groups if f">Group {name}<" in piece]
        assert len(shown) == 2
        assert piece.count('class="point"') == 3 * len(shown)


def test_a_group_that_is_higher_than_a_page_is_divided_and_its_heading_repeated():
    rows = [Mark("Group", is_heading=True), *(Mark(f"Row {place}", "5", 5, 1, 9) for place in range(30))]
    pieces = intervals("id", "Title", "Description", rows, "points")
    assert len(pieces) > 1
    assert all(piece.count(">Group<") == 1 for piece in pieces)
    assert sum(piece.count('class="point"') for piece in pieces) == 30
