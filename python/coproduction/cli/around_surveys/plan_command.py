"""The command ``plan``: says before the field what a panel can show, or how large it has to be."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from coproduction.cli.around_surveys.plan_chart import require_new_page, write_chart
from coproduction.cli.terminal import counted, show, table
from coproduction.errors import CoproductionError
from coproduction.fieldwork.sample_size import (
    FEWEST_CLUSTERS_IN_ARM,
    PanelPlan,
    PlanRow,
    invited_around,
    plan_row,
    printed_points,
)


def plan(
    made: PanelPlan, n_invited: int | None, effect: float | None, as_json: bool, chart: Path | None = None
) -> None:
    """Print what a panel can show, or how large it has to be for an effect, or both.

    ``chart`` is the page to write, if a chart is wanted. Raises CoproductionError if neither a number of people nor an
    effect is given, or an effect is out of reach.
    """
    if n_invited is None and effect is None:
        raise CoproductionError(
            "Name the people that you can invite, such as --invited 2000, or the effect that you want to be able to "
            "find, such as --effect 5, or both."
        )
    if n_invited is not None and n_invited < 1:
        raise CoproductionError(f"--invited is {n_invited}. Allowed: a number of people from 1, such as 2000.")
    if chart is not None:
        if n_invited is None:
            raise CoproductionError("--chart shows what invitations find. Name how many, such as --invited 2000.")
        require_new_page(chart)
    needed = None if effect is None else made.needed_in_arm(effect)
    rows = [plan_row(made, n_people) for n_people in invited_around(n_invited)] if n_invited is not None else []
    sentences = [*_words_of(made, n_invited), *_words_of_effect(made, effect, needed)]
    if chart is not None and n_invited is not None:
        write_chart(made, n_invited, rows, [*sentences, *_assumptions(made)], chart)
    if as_json:
        print(json.dumps(_plan_as_json(made, rows, effect, needed), indent=2))
        return
    show("\n".join(sentences), _plan_table(made, rows, n_invited) if rows else "", "\n".join(_assumptions(made)))
    if chart is not None:
        print(f"\nChart: {chart}. Open it in a browser.")


def _words_of(made: PanelPlan, n_invited: int | None) -> list[str]:
    """Say in words what a number of invitations can show."""
    if n_invited is None:
        return []
    row = plan_row(made, n_invited)
    people = f"{n_invited:,} people invited, {made.response_rate:g} % answer: {counted(row.n_answers, 'answer')}, "
    lines = [f"{people}{row.n_in_arm:,} in each of {made.n_arms} arms."]
    if row.smallest_effect is None:
        return [*lines, "That is too few to find any effect. Invite more people, or use fewer arms."]
    drop = made.smallest_drop(row.n_in_arm)
    power = f"with {made.power * 100:g} % power"
    if made.level is not None:
        share = printed_points(made.level + row.smallest_effect)
        found = f"a rise of {printed_points(row.smallest_effect)} points, to {share} %"
        fallen = f", or a fall of {printed_points(drop)} points" if drop is not None else ""
        lines.append(f"If {made.level:g} % say yes without a nudge, a nudge is found ({power}) from {found}{fallen}.")
    else:
        lines.append(f"A nudge is found ({power}) from a difference of {printed_points(row.smallest_effect)} points.")
    if made.n_arms > 2:
        lines += _words_of_several(made, row)
    lines.append('A smaller effect may be missed: then "not significant" does not mean that there is none.')
    return lines


def _words_of_several(made: PanelPlan, row: PlanRow) -> list[str]:
    n_nudges = made.n_arms - 1
    adjusted = made.smallest_effect(row.n_in_arm, made.alpha / n_nudges)
    if adjusted is None:
        return []
    return [
        f"That is for one nudge. If p is adjusted for {n_nudges} of them, it takes {printed_points(adjusted)} points."
    ]


def _words_of_effect(made: PanelPlan, effect: float | None, needed: int | None) -> list[str]:
    """Say in words how large a panel an effect needs."""
    if effect is None:
        return []
    if needed is None:
        return [f"No panel is large enough to find an effect of {effect:g} points."]
    n_answers = needed * made.n_arms
    return [
        f"To find an effect of {effect:g} points, each of {made.n_arms} arms needs {counted(needed, 'answer')}: "
        f"{n_answers:,} in all, so invite {made.invitations(n_answers):,} people."
    ]


def _plan_table(made: PanelPlan, rows: Sequence[PlanRow], n_invited: int | None) -> Table:
    effect = "Smallest rise" if made.level is not None else "Smallest difference"
    level = "Level known to" if made.level is not None else "Mean known to"
    header = ("Invited", "Answers", "In each arm", effect, level, "Smallest r")
    cells = [
        [
            f"{row.n_invited:,}",
            f"{row.n_answers:,}",
            f"{row.n_in_arm:,}",
            "none" if row.smallest_effect is None else f"{printed_points(row.smallest_effect)} points",
            "-" if row.margin is None else f"± {printed_points(row.margin)} points",
            "none" if row.smallest_correlation is None else f"{math.ceil(row.smallest_correlation * 100) / 100:.2f}",
        ]
        for row in rows
    ]
    return table(header, cells, 0)


def _assumptions(made: PanelPlan) -> list[str]:
    lines = [f"Two-sided, at p < {made.alpha:g}. Arms of equal size. Points are of 0 to 100."]
    if made.design > 1:
        lines.append(
            f"{made.cluster_size:g} answers from one household, alike with {made.icc:g}, in one arm: {made.design:.2f} "
            "answers say as much as one of a person drawn alone."
        )
        lines.append(f"With fewer than {FEWEST_CLUSTERS_IN_ARM} households or streets in an arm, do not rely on it.")
    return lines


def _plan_as_json(made: PanelPlan, rows: Sequence[PlanRow], effect: float | None, needed: int | None) -> object:
    n_answers = None if needed is None else needed * made.n_arms
    wanted = {
        "effect": effect,
        "n_in_arm": needed,
        "n_answers": n_answers,
        "n_invited": None if n_answers is None else made.invitations(n_answers),
    }
    return {
        "plan": asdict(made) | {"design_effect": made.design},
        "panels": [asdict(row) for row in rows],
        "wanted": None if effect is None else wanted,
    }
