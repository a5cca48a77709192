"""The chart of ``plan``: how often effects are found by panels of several sizes, and what changes the smallest one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import escape

from coproduction.errors import CoproductionError
from coproduction.fieldwork.sample_size import PanelPlan, PlanRow, plan_row, printed_points
from coproduction.fieldwork.what_if import alternatives, power_curve
from coproduction.reporting.content import Figure

# The curves end a little beyond the effect that the smallest panel finds, and at the end of the scale of an outcome.
_BEYOND = 1.25


def require_new_page(path: Path) -> None:
    """Raise CoproductionError if a page cannot be written: only a new file, called .html."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise CoproductionError(f"--chart is {path}. Allowed: the name of a new page, such as plan.html.")
    if path.exists():
        raise CoproductionError(f"{path} is there already. Name another page with --chart, or delete this one.")


def write_chart(plan: PanelPlan, n_invited: int, rows: Sequence[PlanRow], words: Sequence[str], path: Path) -> None:
    """Write a page with the words of the plan and two charts. It opens in a browser, without the internet."""
    from coproduction.reporting.charts.pictures import pictures

    figures = (_curves(plan, rows), _what_if(plan, n_invited))
    drawn = "".join(svg for figure in figures for _, svg in pictures(figure, ""))
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in words)
    path.write_text(
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>What a panel can show</title><style>body{font:16px/1.5 sans-serif;max-width:42rem;margin:1rem auto;"
        f"padding:0 .5rem}}svg{{max-width:100%}}</style><h1>What a panel can show</h1>{said}{drawn}</html>\n",
        encoding="utf-8",
    )


def _curves(plan: PanelPlan, rows: Sequence[PlanRow]) -> Figure:
    from coproduction.reporting.charts.curves import Curve, curves

    found = [row.smallest_effect for row in rows if row.smallest_effect is not None]
    end = 100.0 if plan.level is None else 100.0 - plan.level
    largest = min(end, _BEYOND * max(found, default=end))
    title = "How often an effect is found, by the number of people invited"
    panels = [
        Curve(
            f"{row.n_invited:,} invited: {_found_from(row.smallest_effect)}",
            power_curve(plan, row.n_in_arm, largest) if row.n_in_arm >= 2 else [],
            row.smallest_effect,
        )
        for row in rows
    ]
    description = "; ".join(panel.label for panel in panels)
    level = plan.power * 100
    drawn = curves("power", title, description, panels, level, f"{level:g} of 100 surveys", "effect in points")
    return Figure(title, drawn)


def _what_if(plan: PanelPlan, n_invited: int) -> Figure:
    from coproduction.reporting.charts.bars import Bar, bars

    effects = [(words, plan_row(other, n_invited).smallest_effect) for words, other in alternatives(plan)]
    rows = [
        Bar(words, effect, "none" if effect is None else f"{printed_points(effect)} points")
        for words, effect in effects
    ]
    title = f"The smallest effect that {n_invited:,} invitations find, if one thing differs"
    return Figure(title, bars("what-if", title, "; ".join(f"{row.label}: {row.value}" for row in rows), rows))


def _found_from(effect: float | None) -> str:
    return "too few to find any effect" if effect is None else f"found from {printed_points(effect)} points"
