"""The charts of a plan show the numbers that the command prints, and a page that is there is not written over."""

import re
from xml.etree import ElementTree

import pytest

from coproduction.cli import main
from coproduction.fieldwork.sample_size import PanelPlan, plan_row, printed_points
from coproduction.fieldwork.what_if import alternatives, power_curve

SVG = "{http://www.w3.org/2000/svg}"
PLAN = ["plan", "--invited", "2000", "--response-rate", "30", "--arms", "2", "--level", "40"]


def charts(path) -> list[ElementTree.Element]:
    page = path.read_text(encoding="utf-8")
    return [
        ElementTree.fromstring(text) for text in re.findall(r"<svg xmlns.*?</svg>(?=<svg xmlns|</html>)", page, re.S)
    ]


def texts(*parts) -> list[str]:
    return [element.text for part in parts for element in part.iter(f"{SVG}text")]


def curves_and_bars(parts) -> tuple[list[ElementTree.Element], list[ElementTree.Element]]:
    """The parts of the two charts: a tall chart comes in several, each with its title."""
    curves = [part for part in parts if any("How often an effect is found" in text for text in texts(part))]
    return curves, [part for part in parts if part not in curves]


@pytest.fixture
def drawn(tmp_path, capsys):
    path = tmp_path / "plan.html"
    assert main([*PLAN, "--chart", str(path)]) == 0
    return charts(path), capsys.readouterr().out, path


def test_each_row_of_the_table_has_a_curve_that_crosses_the_power_where_the_table_says(drawn):
    parts, printed, path = drawn
    curves, _ = curves_and_bars(parts)
    rows = re.findall(r"^ *([\d,]+) +[\d,]+ +[\d,]+ +([\d.]+) points", printed, re.M)
    assert len(rows) == 5
    description = "; ".join(f"{invited} invited: found from {points} points" for invited, points in rows)
    assert {part.findtext(f"{SVG}svg/{SVG}desc") for part in curves} == {description}
    assert texts(*curves).count("80 of 100 surveys") == 5
    squares = [mark for part in curves for mark in part.iter(f"{SVG}path") if mark.get("class") == "point"]
    assert len(squares) == 5
    assert f"Chart: {path}" in printed


def test_the_words_of_the_plan_are_on_the_page(drawn):
    _, printed, path = drawn
    page = path.read_text(encoding="utf-8")
    assert f"<p>{printed.splitlines()[0]}</p>" in page
    assert "src=" not in page and "href=" not in page, "the page needs nothing from elsewhere"


def test_each_bar_is_the_plan_with_one_thing_changed(drawn):
    _, bars = curves_and_bars(drawn[0])
    plan = PanelPlan(response_rate=30, level=40)
    shown = " ".join(texts(*bars))
    others = dict(alternatives(plan))
    assert {"As planned", "If 20 of 100 answer", "With 4 versions of the questionnaire"} <= set(others)
    for words, other in others.items():
        assert f"{words.split()[0]} {words.split()[1]}" in shown
        assert f"{printed_points(plan_row(other, 2000).smallest_effect)} points" in shown, words
    differing = [sum(vars(other)[name] != vars(plan)[name] for name in vars(plan)) for other in others.values()]
    assert differing == [0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2], "households have a size and how alike they are"


def test_what_helps_and_what_costs_have_the_right_signs():
    effects = {words: plan_row(other, 2000).smallest_effect for words, other in alternatives(PanelPlan(30, level=40))}
    planned = effects["As planned"]
    assert effects["If 40 of 100 answer"] < planned < effects["If 20 of 100 answer"]
    assert planned < effects["With 3 versions of the questionnaire"] < effects["With 4 versions of the questionnaire"]
    assert planned < effects["With 20 answers from each street, alike with 0.05"]


def test_a_curve_rises_from_chance_to_certainty():
    plan = PanelPlan(30, level=40)
    curve = power_curve(plan, 300, 40.0)
    shares = [share for _, share in curve]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(2.5) and shares[-1] > 99.9
    smallest = plan.smallest_effect(300)
    around = [share for effect, share in curve if abs(effect - smallest) <= 1]
    assert min(around) < 80 < max(around)


def test_households_and_an_index_have_charts_too(tmp_path):
    path = tmp_path / "plan.html"
    options = ["--sd", "28", "--cluster-size", "2", "--icc", "0.2", "--chart", str(path)]
    assert main(["plan", "--invited", "500", *options]) == 0
    shown = " ".join(texts(*curves_and_bars(charts(path))[1]))
    assert "If nobody shares a household or a street" in shown
    assert "If the standard deviation is 20 points" in shown


def test_a_panel_that_is_too_small_says_so(tmp_path):
    path = tmp_path / "plan.html"
    assert main(["plan", "--invited", "4", "--chart", str(path)]) == 0
    assert "too few to find any effect" in " ".join(texts(charts(path)[0]))


def test_a_page_that_is_there_is_not_written_over(tmp_path, capsys):
    path = tmp_path / "plan.html"
    path.write_text("mine")
    assert main([*PLAN, "--chart", str(path)]) == 1
    assert "is there already. Name another page with --chart" in capsys.readouterr().err
    assert path.read_text() == "mine"
