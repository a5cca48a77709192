"""Text can be read on its background and neighbouring colours differ: computed from the pairs in the stylesheet."""

import itertools
import re

import pytest

from building import PROJECT


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(scope="module")
def style():
    return (PROJECT / "python/coproduction/reporting/templates/style.css").read_text(encoding="utf-8")


def variables(style, start):
    block = style[style.index(start) :]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block[: block.index("}")]))


def test_text_can_be_read_on_its_background_in_both_modes(style):
    light = variables(style, ":root {")
    dark = light | variables(style, "@media screen and (prefers-color-scheme: dark)")
    printed = light | variables(style, "@media print {\n  :root {")
    for mode in (light, dark, printed):
        for text in ("text", "soft", "link"):
            assert contrast(mode[text], mode["paper"]) >= 4.5, (text, mode["paper"])
            assert contrast(mode[text], mode["raised"]) >= 4.5, (text, mode["raised"])
        assert contrast(mode["warn-text"], mode["warn"]) >= 4.5
        for shade in ("n1", "n2", "p1", "p2"):
            assert contrast(mode["on-shade"], mode[shade]) >= 4.5, shade
        assert contrast("#000", mode["n3"]) >= 4.5
        assert contrast(mode["on-strong"], mode["p3"]) >= 4.5
        for shape in ("mark", "pooled", "bar"):
            assert contrast(mode[shape], mode["paper"]) >= 1.9, shape
        for shape in ("mark", "pooled"):
            assert contrast(mode[shape], mode["paper"]) >= 3, shape


def test_a_stronger_correlation_is_further_from_the_page_in_both_modes(style):
    light = variables(style, ":root {")
    for mode in (light, light | variables(style, "@media screen and (prefers-color-scheme: dark)")):
        for sign in "np":
            steps = [contrast(mode["paper"], mode[f"{sign}{step}"]) for step in (1, 2, 3)]
            assert steps == sorted(steps) and steps[0] > 1.1, (sign, steps)


def test_numbers_on_bars_can_be_read(style):
    colours = dict(re.findall(r"\.([lh]\d|mid|dk) \{ fill: (#[0-9a-f]{6});", style))
    assert set(colours) == {"l3", "l2", "l1", "mid", "h1", "h2", "h3", "dk"}
    for name, colour in colours.items():
        text = "#fff" if name in ("l3", "l2", "h2", "h3") else "#1b1b1b"
        assert name == "dk" or contrast(text, colour) >= 4.5, name


def test_neighbouring_answers_differ_in_lightness_so_that_grey_print_shows_them(style):
    colours = dict(re.findall(r"\.([lh]\d|mid|dk) \{ fill: (#[0-9a-f]{6});", style))
    for side in (["l3", "l2", "l1", "mid"], ["mid", "h1", "h2", "h3"]):
        for first, second in itertools.pairwise(side):
            assert contrast(colours[first], colours[second]) >= 1.25, (first, second)
