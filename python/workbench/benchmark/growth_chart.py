"""Draws how time and memory grow as one SVG: a panel for each series, both scales in powers of ten."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from markupsafe import Markup

from coproduction.reporting.charts import drawing
from coproduction.reporting.charts.pictures import pictures
from coproduction.reporting.content import Figure
from workbench.benchmark.growth import Point, Unmeasured

HEIGHT, GAP, TITLE = 110, 26, 24


def chart_of(measured: Mapping[str, Sequence[Point | Unmeasured]], about: str) -> str:
    """Return the chart as an SVG document."""
    shapes, y = [], 0.0
    for name, points in measured.items():
        found = [point for point in points if isinstance(point, Point)]
        if found:
            for quantity, values in (
                ("CPU seconds above an empty graph", [point.cpu for point in found]),
                ("MiB at the peak", [point.build.peak for point in found]),
            ):
                shapes.append(_panel(f"{quantity}, by {name}", [point.number for point in found], values, y))
                y += TITLE + HEIGHT + GAP
    (drawn,) = drawing.charts("growth", "Growth", "Tables with the same numbers are in the text.", [(shapes, y)])
    figure = Figure("How time and memory grow", svg=[drawn])
    ((_, svg),) = pictures(figure, about)
    return svg


def _panel(title: str, numbers: Sequence[float], values: Sequence[float], y: float) -> Markup:
    """Return a panel with its title above; each point has its value beside it, so that no vertical axis is needed."""
    across = drawing.Scale(math.log10(min(numbers)) - 0.1, math.log10(max(numbers)) + 0.4)
    low, high = math.log10(min(values)), max(math.log10(max(values)), math.log10(min(values)) + 1)
    bottom = y + TITLE + HEIGHT

    def height(value: float) -> float:
        return bottom - 18 - (HEIGHT - 36) * (math.log10(value) - low) / (high - low)

    places = [(across(math.log10(number)), height(value)) for number, value in zip(numbers, values, strict=True)]
    parts = [drawing.text(0, y + 14, title), drawing.line(across(across.low), 100, bottom, bottom, "axis")]
    for (x, level), (next_x, next_level) in pairwise(places):
        parts.append(drawing.line(x, next_x, level, next_level, "interval"))
    for (x, level), number, value in zip(places, numbers, values, strict=True):
        parts.append(drawing.mark(x, level, "M-4 -4H4V4H-4Z", "point"))
        parts.append(drawing.text(x + 1, level - 6, f"{value:,.0f}" if value >= 10 else f"{value:.1f}", css="tick"))
        parts.append(drawing.text(x, bottom + 15, f"{number:,}", "middle", "tick"))
    return drawing.join(parts)
