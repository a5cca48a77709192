"""Charts as files of their own: SVG with title, legend and colours inside, and PNG drawn from it without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

from coproduction.reporting.charts.drawing import LINE, text_width, wrapped
from coproduction.reporting.content import Figure

# The width of a picture in pixels, and the margin around what is drawn.
WIDTH, _MARGIN = 640, 12
_INNER = WIDTH - 2 * _MARGIN
_FONTS = 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", "Liberation Sans", Arial, sans-serif'
# How many pixels of the PNG make one of the SVG, for print.
_ZOOM = 2
_SWATCH = 11


def pictures(figure: Figure, about: str) -> Iterator[tuple[str, str]]:
    """Yield the id and the SVG document of each chart of a figure.

    A picture is passed on without its page, so it has everything in it: the title, the key to the colours, the note,
    and `about`, which names the council and says whether data are synthetic.
    """
    for chart in figure.svg:
        id_ = re.search(r'aria-labelledby="([^ ]*)-t ', chart)
        yield id_[1] if id_ else "chart", _document(figure, str(chart), about)


def _document(figure: Figure, chart: str, about: str) -> str:
    """Return a chart below its title and legend, as a document with a fixed size and its own style."""
    head, y = _head([figure.title, *([about] if about else [])])
    legend, y = _legend(figure.legend, y)
    found = re.search(r'height="(\d+)"', chart)
    height = int(found[1]) if found else 0
    chart = chart.replace('width="100%"', f'x="{_MARGIN}" y="{y}" width="{_INNER}"', 1)
    note, bottom = _lines(wrapped(figure.note, _INNER), y + height + 12, "tick") if figure.note else ("", y + height)
    total = bottom + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="{WIDTH}" height="{total}" '
        f'viewBox="0 0 {WIDTH} {total}" font-family="{escape(_FONTS)}"><style>{_style()}</style>'
        f'<rect width="{WIDTH}" height="{total}" class="paper"/>{head}{legend}{chart}{note}</svg>'
    )


def _head(texts: Sequence[str]) -> tuple[str, int]:
    lines = [line for words in texts for line in wrapped(words, 0.85 * _INNER)]
    return _lines(lines, _MARGIN, "strong")


def _lines(lines: Sequence[str], y: int, css: str) -> tuple[str, int]:
    """Return lines of text from `y` down, and where they end."""
    parts = [
        f'<text x="{_MARGIN}" y="{y + LINE * place + 13}" class="{css}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    ]
    return "".join(parts), y + LINE * len(lines) + 6


def _legend(legend: Sequence[tuple[str, str]], y: int) -> tuple[str, int]:
    """Return the key to the colours, in as many lines as it needs, and where it ends."""
    parts, x = [], _MARGIN
    for css, words in legend:
        width = _SWATCH + 6 + round(text_width(words)) + 14
        if x > _MARGIN and x + width > WIDTH - _MARGIN:
            x, y = _MARGIN, y + LINE
        parts.append(f'<rect x="{x}" y="{y + 2}" width="{_SWATCH}" height="{_SWATCH}" class="{css}"/>')
        parts.append(f'<text x="{x + _SWATCH + 6}" y="{y + 12}">{escape(words)}</text>')
        x += width
    return "".join(parts), y + (LINE + 6 if legend else 0)


@cache
def colours() -> dict[str, str]:
    """Return the colours of the stylesheet on white paper, by name."""
    css = files("coproduction.reporting").joinpath("templates/style.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", css[: css.index("@media")]))


@cache
def _style() -> Markup:
    """Return the rules of the stylesheet about charts, with their colours instead of names of colours."""
    css = files("coproduction.reporting").joinpath("templates/style.css").read_text(encoding="utf-8")
    rules = css[css.index("svg.chart {") : css.index("table {")]
    return Markup(re.sub(r"var\(--([\w-]+)\)", lambda name: colours()[name[1]], " ".join(rules.split())))


@cache
def png(svg: str) -> bytes:
    """Return an SVG document as PNG. The library resvg draws it, with the fonts of this computer."""
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg, background="#ffffff", zoom=_ZOOM))


@cache
def can_draw_text() -> bool:
    """Return whether this computer has the library and a font: without a font, text would be missing in silence."""
    try:
        blank, written = (
            png(f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="15">{words}</text></svg>')
            for words in ("", "A")
        )
    except ImportError:
        return False
    return blank != written
