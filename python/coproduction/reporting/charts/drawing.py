"""The parts of a chart: shapes whose places are per cent of its width, text that never shrinks, and scales.

An SVG without a viewBox gives per cent of the width that it is shown in. So a chart fills a phone or a page, while its
text keeps its size; labels stand above what they name and are broken to fit the narrowest chart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeVar

from markupsafe import Markup, escape

# The narrowest chart that is laid out for, in pixels: a phone of 360 pixels without the margins of the page.
NARROWEST = 330
# A taller chart is drawn in several, because a browser cuts a picture in two where a page of paper ends. Two charts of
# this height fit above one another on A4, with their titles and legends; higher ones leave half a page empty.
TALLEST = 400
TEXT_SIZE = 13
LINE = 17
# The widths of letters as parts of the text size, in DejaVu Sans, which is wider than other fonts of browsers.
_WIDTHS = {**dict.fromkeys("ijlI.,:;'!| ", 0.34), **dict.fromkeys("frt()[]-", 0.42), **dict.fromkeys("mwMW@%", 0.98)}
_CAPITAL, _OTHER = 0.74, 0.62
Row = TypeVar("Row")

# The marks at the ends of a scale stay within the chart.
_MARGIN = 2.5


def text_width(text: str) -> float:
    """Return a width in pixels that the text does not exceed."""
    return TEXT_SIZE * sum(_WIDTHS.get(letter, _CAPITAL if letter.isupper() else _OTHER) for letter in text)


def wrapped(text: str, width: float) -> list[str]:
    """Break a text into lines of at most `width` pixels, between words, and within a word that is wider."""
    lines = [""]
    for word in text.split():
        for part in _parts(word, width):
            together = f"{lines[-1]} {part}".strip()
            if lines[-1] and text_width(together) > width:
                lines.append(part)
            else:
                lines[-1] = together
    return lines


def _parts(word: str, width: float) -> list[str]:
    if text_width(word) <= width:
        return [word]
    n_letters = max(1, int(width / TEXT_SIZE))
    return [word[place : place + n_letters] for place in range(0, len(word), n_letters)]


@dataclass(frozen=True)
class Scale:
    """A line of numbers from `low` to `high` over the width of a chart."""

    low: float
    high: float

    def __call__(self, value: float) -> float:
        """Return the place of a number in per cent of the width, within the chart."""
        place = (value - self.low) / (self.high - self.low)
        return _MARGIN + (100 - 2 * _MARGIN) * min(1.0, max(0.0, place))

    def ticks(self) -> list[float]:
        """Return three to seven round numbers within the scale."""
        width = self.high - self.low
        ticks = self._multiples_of(_round_step(width / 5))
        return ticks if len(ticks) > 2 else self._multiples_of(_round_step(width / 7))

    def _multiples_of(self, step: float) -> list[float]:
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [round(place * step, 10) for place in range(first, last + 1)]


def scale_over(values: Sequence[float], *included: float) -> Scale:
    """Return a scale with round ends that holds all values, and those that are to be included."""
    found = [*values, *included]
    low, high = min(found, default=0.0), max(found, default=1.0)
    if low == high:
        low, high = low - 1, high + 1
    step = _round_step((high - low) / 5)
    return Scale(round(math.floor(low / step + 1e-9) * step, 10), round(math.ceil(high / step - 1e-9) * step, 10))


def _round_step(width: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20 ... (or 0.1, 0.2 ...) that is at least `width`."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= width * (1 - 1e-9))


def tick_label(value: float) -> str:
    """Return a number of an axis without digits that say nothing."""
    return f"{value:.10g}"


def text(x: float, y: float, content: str, anchor: str = "start", css: str = "") -> Markup:
    """Return text that begins, ends or is centred at `x` per cent of the width."""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return Markup(f'<text x="{_short(x)}%" y="{_short(y)}"{place}{_class(css)}>{escape(content)}</text>')


def lines_of_text(y: float, lines: Sequence[str], css: str = "") -> Markup:
    """Return lines of text at the left edge, the first with its baseline at `y`."""
    return join(text(0, y + place * LINE, line, css=css) for place, line in enumerate(lines))


def line(x1: float, x2: float, y1: float, y2: float, css: str) -> Markup:
    """Return a line between two places; x in per cent, y in pixels."""
    ends = f'x1="{_short(x1)}%" x2="{_short(x2)}%" y1="{_short(y1)}" y2="{_short(y2)}"'
    return Markup(f"<line {ends}{_class(css)}/>")


def box(x: float, width: float, y: float, height: float, css: str) -> Markup:
    """Return a rectangle; x and width in per cent, y and height in pixels."""
    across = f'x="{_short(x)}%" width="{_short(max(width, 0))}%"'
    return Markup(f'<rect {across} y="{_short(y)}" height="{_short(height)}"{_class(css)}/>')


def mark(x: float, y: float, path: str, css: str) -> Markup:
    """Return a shape that keeps its size, with its middle at a place; `path` is in pixels around the middle."""
    shape = f'<path d="{path}"{_class(css)}/>'
    return Markup(f'<svg x="{_short(x)}%" y="{_short(y)}" class="mark">{shape}</svg>')


def axis(scale: Scale, y: float, unit: str) -> Markup:
    """Return the line of a scale with its numbers and its unit below; it is 38 pixels high."""
    ticks = scale.ticks()
    parts = [line(scale(scale.low), scale(scale.high), y, y, "axis")]
    for place, value in enumerate(ticks):
        at_left, at_right = scale(value) < 6, scale(value) > 94
        anchor = "start" if at_left else "end" if at_right else "middle"
        x = 0 if at_left and place == 0 else 100 if at_right else scale(value)
        parts += [
            line(scale(value), scale(value), y, y + 4, "axis"),
            text(x, y + 17, tick_label(value), anchor, "tick"),
        ]
    parts.append(text(50, y + 34, unit, "middle", "tick"))
    return join(parts)


def charts(id_: str, title: str, description: str, pieces: Sequence[tuple[Sequence[Markup], float]]) -> list[Markup]:
    """Return a chart for each piece (shapes and height), numbered if there are several."""
    if len(pieces) == 1:
        return [chart(id_, title, description, pieces[0][1], pieces[0][0])]
    return [
        chart(f"{id_}.{place}", f"{title} ({place} / {len(pieces)})", description, height, parts)
        for place, (parts, height) in enumerate(pieces, start=1)
    ]


def chart(id_: str, title: str, description: str, height: float, parts: Sequence[Markup]) -> Markup:
    """Return the SVG of a chart with its title and description, for readers who do not see it."""
    return Markup(
        '<svg class="chart" role="img" width="100%" height="{height}" aria-labelledby="{id}-t {id}-d">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{description}</desc>{parts}</svg>'
    ).format(id=id_, height=round(height), title=title, description=description, parts=join(parts))


def join(parts: object) -> Markup:
    """Return pieces of markup as one."""
    return Markup("").join(parts)  # type: ignore[arg-type]


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def pages_of(rows: Sequence[Row], draw: Callable[[Row, float], tuple[Markup, float]]) -> Iterator[tuple[Markup, float]]:
    """Draw rows one below the other, in as many charts as fit on pages of paper; yield each chart and its height.

    `draw` takes a row and its top, and returns the row's shapes and its height. A heading stays with all rows below it;
    only if these are higher than a page, it is repeated above those that continue in another chart.
    """
    shapes: list[Markup] = []
    heading: Row | None = None
    y = 0.0
    for place, row in enumerate(rows):
        is_heading = _is_heading(row)
        heading = row if is_heading else heading
        shape, height = draw(row, y)
        needed = _height_together(rows[place:], draw) if is_heading else height
        if shapes and y + needed > TALLEST:
            yield join(shapes), y
            shapes, y = [], 0.0
            if heading is not None and not is_heading:
                repeated, y = draw(heading, 0)
                shapes.append(repeated)
            shape, height = draw(row, y)
        shapes.append(shape)
        y += height
    if shapes:
        yield join(shapes), y


def _is_heading(row: object) -> bool:
    return bool(getattr(row, "is_heading", False))


def _height_together(rows: Sequence[Row], draw: Callable[[Row, float], tuple[Markup, float]]) -> float:
    """Return the height of a heading and all rows below it, or of the heading and one row if all exceed a page."""
    together = [rows[0], *takewhile(lambda row: not _is_heading(row), rows[1:])]
    heights = [draw(row, 0)[1] for row in together]
    return sum(heights) if sum(heights) <= TALLEST else sum(heights[:2])
