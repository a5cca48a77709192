"""Estimates with their intervals: dots on a scale, or a forest with a zero line and a pooled estimate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coproduction.reporting.charts import drawing
from coproduction.reporting.charts.drawing import LINE, NARROWEST, Scale, text_width, wrapped

DIAMOND = "M-9 0L0 -7L9 0L0 7Z"
SQUARE = "M-5 -5H5V5H-5Z"
TICK = "M-1.5 -8H1.5V8H-1.5Z"
_PLOT, _GAP, _AXIS = 20, 7, 40


@dataclass(frozen=True)
class Mark:
    """A row of the chart: an estimate with its interval, as printed in `value`. A row without estimate has its reason.

    `wide_low` and `wide_high` are the ends of a wider band, such as a prediction interval; `tick` is another number to
    compare with. A row with `is_heading` is a heading for those below it.
    """

    label: str
    value: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    wide_low: float | None = None
    wide_high: float | None = None
    tick: float | None = None
    is_pooled: bool = False
    is_heading: bool = False


def intervals(
    id_: str, title: str, description: str, rows: Sequence[Mark], unit: str, scale: Scale | None = None
) -> list[Markup]:
    """Return charts of estimates with intervals, each as high as a page can be.

    Without a `scale` they get one that holds them all, and zero.
    """
    over = scale or drawing.scale_over([value for row in rows for value in _numbers(row)], 0.0)
    pieces = []
    for shapes, y in drawing.pages_of(
        rows, lambda row, top: _heading(row, top) if row.is_heading else _row(row, top, over)
    ):
        zero = [drawing.line(over(0), over(0), 0, y, "zero")] if over.low < 0 < over.high else []
        pieces.append(([*zero, shapes, drawing.axis(over, y, unit)], y + _AXIS))
    return drawing.charts(id_, title, description, pieces)


def _numbers(row: Mark) -> list[float]:
    found = (row.estimate, row.low, row.high, row.wide_low, row.wide_high, row.tick)
    return [number for number in found if number is not None]


def _heading(row: Mark, y: float) -> tuple[Markup, float]:
    lines = wrapped(row.label, NARROWEST)
    height = LINE * len(lines) + 12
    return drawing.join([_paper(y, height), drawing.lines_of_text(y + LINE + 5, lines, "strong")]), height


def _paper(y: float, height: float) -> Markup:
    """Return what keeps the line at zero from striking out the text that stands on it."""
    return drawing.box(0, 100, y, height, "paper")


def _row(row: Mark, y: float, scale: Scale) -> tuple[Markup, float]:
    """Return a row and its height: the label with the printed value at the right, and the interval below."""
    value_width = text_width(row.value)
    # A value that leaves little room for its label gets a line of its own.
    has_own_line = value_width > NARROWEST / 2 and text_width(row.label) + value_width > NARROWEST - 8
    lines = wrapped(row.label, NARROWEST if has_own_line else NARROWEST - value_width - 8)
    values = wrapped(row.value, NARROWEST) if has_own_line else [row.value]
    first = y + LINE - 3
    value_y = first + LINE * len(lines) if has_own_line else first
    height = LINE * (len(lines) + (len(values) if has_own_line else 0))
    parts = [_paper(y, height), drawing.lines_of_text(first, lines, "strong" if row.is_pooled else "")]
    parts += [drawing.text(100, value_y + LINE * n, part, "end", "value") for n, part in enumerate(values)]
    if row.estimate is None:
        return drawing.join(parts), height + _GAP
    parts.append(_interval(row, y + height + _PLOT / 2, scale))
    return drawing.join(parts), height + _PLOT + _GAP


def _interval(row: Mark, y: float, scale: Scale) -> Markup:
    parts = []
    if row.wide_low is not None and row.wide_high is not None:
        width = scale(row.wide_high) - scale(row.wide_low)
        parts.append(drawing.box(scale(row.wide_low), width, y - 6, 12, "band"))
    if row.low is not None and row.high is not None:
        parts.append(drawing.line(scale(row.low), scale(row.high), y, y, "interval"))
        parts += [drawing.line(scale(end), scale(end), y - 4, y + 4, "interval") for end in (row.low, row.high)]
    if row.tick is not None:
        parts.append(drawing.mark(scale(row.tick), y, TICK, "compared"))
    assert row.estimate is not None
    shape, css = (DIAMOND, "pooled") if row.is_pooled else (SQUARE, "point")
    parts.append(drawing.mark(scale(row.estimate), y, shape, css))
    return drawing.join(parts)
