"""Curves from 0 to 100 per cent over a scale of numbers: a small panel for each, with a level to reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from coproduction.reporting.charts import drawing
from coproduction.reporting.charts.drawing import LINE, NARROWEST, Scale, wrapped

_HEIGHT, _GAP, _AXIS = 54, 12, 40


@dataclass(frozen=True)
class Curve:
    """A panel: its label, the points of its curve (number, per cent), and the number at which the level is reached."""

    label: str
    points: Sequence[tuple[float, float]]
    reached: float | None


def curves(
    id_: str, title: str, description: str, rows: Sequence[Curve], level: float, level_label: str, unit: str
) -> list[Markup]:
    """Return one panel for each curve, all with the same scale; a dashed line is at `level` per cent."""
    scale = drawing.scale_over([number for row in rows for number, _ in row.points], 0.0)
    drawn = drawing.pages_of(rows, lambda row, top: _panel(row, top, scale, level, level_label))
    pieces = [([shapes, drawing.axis(scale, y - _GAP, unit)], y - _GAP + _AXIS) for shapes, y in drawn]
    return drawing.charts(id_, title, description, pieces)


def _panel(row: Curve, y: float, scale: Scale, level: float, level_label: str) -> tuple[Markup, float]:
    lines = wrapped(row.label, NARROWEST)
    top = y + LINE * len(lines) + 8

    def height(per_cent: float) -> float:
        return top + _HEIGHT * (1 - per_cent / 100)

    left, right = scale(scale.low), scale(scale.high)
    parts = [
        drawing.lines_of_text(y + LINE - 3, lines),
        drawing.line(left, right, height(0), height(0), "axis"),
        drawing.line(left, right, height(level), height(level), "zero"),
        # On the left, where no curve is that high.
        drawing.text(left + 2, height(level) - 3, level_label, "start", "tick"),
    ]
    for (x, before), (next_x, after) in pairwise(row.points):
        parts.append(drawing.line(scale(x), scale(next_x), height(before), height(after), "interval"))
    if row.reached is not None:
        parts.append(drawing.mark(scale(row.reached), height(level), "M-4 -4H4V4H-4Z", "point"))
    return drawing.join(parts), top - y + _HEIGHT + _GAP
