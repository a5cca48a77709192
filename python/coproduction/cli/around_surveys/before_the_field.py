"""The options of the commands before the field: ``plan`` and ``assign``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coproduction.cli.around_surveys.assign_command import assign_panel, named_assignment
from coproduction.errors import CoproductionError


def plan(
    invited: Annotated[int | None, typer.Option(help="How many people can be invited.")] = None,
    response_rate: Annotated[float, typer.Option(help="How many of 100 answer.")] = 30.0,
    arms: Annotated[int, typer.Option(help="Versions of the questionnaire, the usual one included.")] = 2,
    level: Annotated[
        float | None, typer.Option(help="Per cent who say yes without a nudge; 50 if neither is named.")
    ] = None,
    sd: Annotated[float | None, typer.Option(help="Standard deviation of an index, in points of 0 to 100.")] = None,
    effect: Annotated[
        float | None, typer.Option(help="The effect to find, in points: says how many to invite.")
    ] = None,
    cluster_size: Annotated[float, typer.Option(help="Answers from one household or street.")] = 1.0,
    icc: Annotated[float, typer.Option(help="How alike two answers from one household are, 0 to 1.")] = 0.0,
    alpha: Annotated[float, typer.Option(help="What counts as significant.")] = 0.05,
    power: Annotated[float, typer.Option(help="How surely an effect is to be found.")] = 0.8,
    chart: Annotated[Path | None, typer.Option(help="A new page for charts of the plan, such as plan.html.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Say what effect a panel can show.

    Says in words and as a table what a number of invitations can show, and with --effect how many to invite. With
    --chart it writes a page with charts as well.
    """
    # SciPy takes a second to import, and no other command on the terminal needs it.
    from coproduction.cli.around_surveys.plan_command import plan as run_plan
    from coproduction.fieldwork.sample_size import PanelPlan

    level = 50.0 if level is None and sd is None else level
    made = PanelPlan(response_rate, arms, level, sd, cluster_size, icc, alpha, power)
    if cluster_size > 1 and icc == 0:
        raise CoproductionError(
            "--cluster-size needs --icc: how alike two answers from one household are, such as 0.05."
        )
    run_plan(made, invited, effect, as_json, chart)


def assign(
    panel: Annotated[Path, typer.Argument(help="The list of the people: CSV, or a workbook.")],
    arms: Annotated[str, typer.Option(help="Names of the arms, the usual version first, such as none,a,b,both.")],
    by: Annotated[str, typer.Option(help="Columns to balance, the most important first, such as gender,age.")] = "",
    id_column: Annotated[str, typer.Option("--id", help="Column of the ids; the first column if none is named.")] = "",
    together: Annotated[str, typer.Option(help="Column of households or streets, to be kept together.")] = "",
    column: Annotated[str, typer.Option(help="Name of the new column.")] = "arm",
    seed: Annotated[
        int | None, typer.Option(help="A number that fixes the chance; one is drawn if none is named.")
    ] = None,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook.")] = "",
    into: Annotated[Path | None, typer.Option(help="The new file; PANEL_with_arms.csv if none is named.")] = None,
) -> None:
    """Deal the people of a panel to the arms of an experiment.

    At random, balanced in blocks of people who are alike, and the same every time for the same seed, in whatever order
    the rows are. Writes a new file with one more column, and a record. Nothing is written over.
    """
    assign_panel(named_assignment(panel, arms, by, id_column, together, column, seed, sheet, into))


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(epilog="Example: coproduction plan --invited 2000 --response-rate 30 --arms 2 --level 40")(plan)
    example = "coproduction assign panel.csv --arms none,a --by gender,age --together household --seed 4711"
    app.command(epilog=f"Example: {example}")(assign)
