"""Levels over waves: a line for each series, with its numbers at both ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from coproduction.reporting.charts import drawing
from coproduction.reporting.charts.drawing import LINE, NARROWEST, Scale, text_width, wrapped

_HEIGHT, _GAP = 56, 10
_LEFT, _RIGHT = 14.0, 86.0


@dataclass(frozen=True)
class Slope:
    """A series: its label, and for each wave the estimate with its interval; None in a wave without.

    `breaks` are the places of waves that are not joined with the one before, because they cannot be compared.
    """

    label: str
    points: Sequence[tuple[float, float | None, float | None] | None]
    printed: Sequence[str]
    breaks: frozenset[int] = frozenset()


def slopes(id_: str, title: str, description: str, waves: Sequence[str], rows: Sequence[Slope]) -> list[Markup]:
    """Return one small panel for each series, all with the same scale from top to bottom."""
    values = [v for row in rows for point in row.points if point for v in point if v is not None]
    scale = drawing.scale_over(values)
    drawn = drawing.pages_of(rows, lambda row, top: _series(row, top, scale, len(waves)))
    pieces = [([shapes, _names(waves, y + LINE - 4)], y + LINE) for shapes, y in drawn]
    return drawing.charts(id_, title, description, pieces)


def _series(row: Slope, y: float, scale: Scale, n_waves: int) -> tuple[Markup, float]:
    lines = wrapped(row.label, NARROWEST)
    height = LINE * len(lines)
    parts = [drawing.lines_of_text(y + LINE - 3, lines), _panel(row, y + height + 6, scale, n_waves)]
    return drawing.join(parts), height + _HEIGHT + _GAP + 8


def _place(wave: int, n_waves: int) -> float:
    return _LEFT + (_RIGHT - _LEFT) * wave / max(1, n_waves - 1)


def _panel(row: Slope, top: float, scale: Scale, n_waves: int) -> Markup:
    def height(value: float) -> float:
        return top + _HEIGHT * (1 - (value - scale.low) / (scale.high - scale.low))

    parts: list[Markup] = []
    there = [(place, point) for place, point in enumerate(row.points) if point]
    for (before, first), (after, second) in pairwise(there):
        if any(before < place <= after for place in row.breaks):
            continue
        ends = _place(before, n_waves), _place(after, n_waves)
        parts.append(drawing.line(*ends, height(first[0]), height(second[0]), "slope"))
    for place, (estimate, low, high) in there:
        x = _place(place, n_waves)
        if low is not None and high is not None:
            parts.append(drawing.line(x, x, height(low), height(high), "interval"))
        parts.append(drawing.mark(x, height(estimate), "M-4 -4H4V4H-4Z", "point"))
        is_first = place == there[0][0]
        if is_first or place == there[-1][0]:
            x, anchor = (x - 3, "end") if is_first else (x + 3, "start")
            parts.append(drawing.text(x, height(estimate) + 4, row.printed[place], anchor, "value"))
    return drawing.join(parts)


def _names(waves: Sequence[str], y: float) -> Markup:
    """Return the names of the first and the last wave; those between follow the order of the table."""
    if text_width(waves[0]) + text_width(waves[-1]) > NARROWEST:
        return Markup("")
    return drawing.join([drawing.text(0, y, waves[0], "start", "tick"), drawing.text(100, y, waves[-1], "end", "tick")])
