"""Bars from zero, and bars of answers in order that diverge from a middle, with Don't Know apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coproduction.reporting.charts import drawing
from coproduction.reporting.charts.drawing import LINE, NARROWEST, text_width, wrapped

_BAR, _GAP = 20, 9
# Per cent of the width between the answers and Don't Know.
_APART = 4.0
# The classes of the parts of a bar, from the low end to the high end; style.css has a colour for each.
_CLASSES = {
    1: ["h2"],
    2: ["l2", "h2"],
    3: ["l2", "mid", "h2"],
    4: ["l2", "l1", "h1", "h2"],
    5: ["l2", "l1", "mid", "h1", "h2"],
    6: ["l3", "l2", "l1", "h1", "h2", "h3"],
    7: ["l3", "l2", "l1", "mid", "h1", "h2", "h3"],
}
# For a scale whose lowest answer is "none": it stands alone on the left, and more is darker on the right.
_CLASSES_FROM_NONE = {2: ["l2", "h2"], 3: ["l2", "h1", "h2"], 4: ["l2", "h1", "h2", "h3"]}
_CLASSES_FROM_NONE |= {5: ["l2", "mid", "h1", "h2", "h3"]}


@dataclass(frozen=True)
class Bar:
    """A bar from zero: its label, its length, and the length as printed."""

    label: str
    length: float | None
    value: str


@dataclass(frozen=True)
class Answers:
    """A question as a row: shares in per cent from the low end to the high end, and that of Don't Know.

    ``shares`` is empty where some share is withheld, and ``reason`` says so, and if Don't Know is.
    """

    label: str
    shares: Sequence[float]
    dont_know: float | None = None
    reason: str = ""


def bars(id_: str, title: str, description: str, rows: Sequence[Bar], full: float | None = None) -> list[Markup]:
    """Return bars from zero, each under its label, with the number as printed.

    A bar of the length `full` is as wide as the chart; without it the longest bar is.
    """
    longest = full or max((row.length for row in rows if row.length is not None), default=1) or 1
    pieces = [([shapes], y) for shapes, y in drawing.pages_of(rows, lambda row, top: _bar(row, top, longest))]
    return drawing.charts(id_, title, description, pieces)


def _bar(row: Bar, y: float, longest: float) -> tuple[Markup, float]:
    lines = wrapped(row.label, NARROWEST - text_width(row.value) - 8)
    parts = [drawing.lines_of_text(y + LINE - 3, lines), drawing.text(100, y + LINE - 3, row.value, "end", "value")]
    height = LINE * len(lines) + 2
    if row.length is not None:
        parts.append(drawing.box(0, 100 * row.length / longest, y + height, 12, "bar"))
        height += 12
    return drawing.join(parts), height + _GAP


def classes_of(n_answers: int, is_from_none: bool) -> list[str]:
    """Return the class of each answer from the low end to the high end; style.css gives it a colour."""
    if is_from_none and n_answers in _CLASSES_FROM_NONE:
        return _CLASSES_FROM_NONE[n_answers]
    if n_answers in _CLASSES:
        return _CLASSES[n_answers]
    # More answers than colours: neighbours in the middle share one.
    half = n_answers // 2
    low = ["l3", "l2"] + ["l1"] * (half - 2)
    return low + ["mid"] * (n_answers % 2) + ["h1"] * (half - 2) + ["h2", "h3"]


def diverging(
    id_: str, title: str, description: str, rows: Sequence[Answers], is_from_none: bool, of_all: Sequence[Answers] = ()
) -> list[Markup]:
    """Return the answers to questions of one scale as bars that diverge from a line, all in one scale.

    The middle of the scale lies on the line; if the lowest answer is "none" (`is_from_none`), all but it are right of
    the line. Don't Know stands apart at the right edge. Charts with the same `of_all` can be compared with each other.
    """
    zero, unit = _layout(of_all or rows, is_from_none)
    drawn = drawing.pages_of(rows, lambda row, top: _answers(row, top, zero, unit, is_from_none))
    pieces = [([drawing.line(zero, zero, 0, y, "zero"), shapes], y) for shapes, y in drawn]
    return drawing.charts(id_, title, description, pieces)


def _layout(rows: Sequence[Answers], is_from_none: bool) -> tuple[float, float]:
    """Return the place of the line, and how wide a share of one per cent is; both in per cent of the width."""
    lefts = [_left(row.shares, is_from_none) for row in rows if row.shares]
    rights = [sum(row.shares) - _left(row.shares, is_from_none) for row in rows if row.shares]
    apart = max((row.dont_know for row in rows if row.dont_know is not None), default=None)
    room = 100 - (_APART + 8 if apart is not None else 0)
    unit = room / (max(lefts, default=50) + max(rights, default=50) + (apart or 0))
    return max(lefts, default=50) * unit, unit


def _left(shares: Sequence[float], is_from_none: bool) -> float:
    """Return how much of a bar is left of the line."""
    if is_from_none:
        return shares[0]
    half = len(shares) // 2
    return sum(shares[:half]) + (shares[half] / 2 if len(shares) % 2 else 0)


def _answers(row: Answers, y: float, zero: float, unit: float, is_from_none: bool) -> tuple[Markup, float]:
    lines = wrapped(row.label, NARROWEST) + (wrapped(row.reason, NARROWEST) if row.reason else [])
    # Behind the label the line at zero would strike the text out.
    parts = [
        drawing.box(0, 100, y, LINE * len(lines) + 3, "paper"),
        drawing.lines_of_text(y + LINE - 3, lines),
    ]
    y_bar = y + LINE * len(lines) + 3
    if row.shares:
        x = zero - _left(row.shares, is_from_none) * unit
        for share, css in zip(row.shares, classes_of(len(row.shares), is_from_none), strict=True):
            parts += [drawing.box(x, share * unit, y_bar, _BAR, css), _number(x, share, unit, y_bar, css)]
            x += share * unit
    if row.dont_know is not None:
        printed = f"{row.dont_know:.0f}"
        parts.append(drawing.box(100 - row.dont_know * unit, row.dont_know * unit, y_bar, _BAR, "dk"))
        parts.append(drawing.text(99 - row.dont_know * unit, y_bar + 15, printed, "end", "tick"))
    height = LINE * len(lines) + 3 + (_BAR if row.shares or row.dont_know is not None else 0)
    return drawing.join(parts), height + _GAP


def _number(x: float, share: float, unit: float, y: float, css: str) -> Markup:
    """Return the number of a part of a bar, if it fits in it on the narrowest chart."""
    if share * unit * NARROWEST / 100 < text_width("99") + 2:
        return Markup("")
    return drawing.text(x + share * unit / 2, y + 15, f"{share:.0f}", "middle", f"on-{css}")
