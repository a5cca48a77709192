"""The options of ``part`` and ``shards``. Each function calls the module that does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coproduction.cli import part_commands
from coproduction.cli.project_folder import ProjectFolder

Variables = Annotated[str, typer.Option("--vars", help="Variables as for dbt, in YAML.")]
PartsFolder = Annotated[Path | None, typer.Option("--into", help="Folder of parts; warehouse/parts if none is named.")]


def register(app: typer.Typer) -> None:
    """Add the two commands to the program."""
    app.command(epilog="Example: coproduction part barnet.wave_1 bristol.wave_1")(part)
    app.command(epilog="Example: coproduction shards 4 --run")(shards)


def part(
    units: Annotated[list[str], typer.Argument(help="Council-waves as council.wave, such as barnet.wave_1.")],
    into: PartsFolder = None,
    project: ProjectFolder = Path(),
    variables: Variables = "",
) -> None:
    """Count council-waves in one process, for a build from parts.

    Runs dbt up to the counts, with its tests, in a warehouse of its own, and puts the tables of each council-wave into
    the folder of parts. `coproduction shards` writes such commands, and `coproduction build --changed` builds from the
    parts.
    """
    raise typer.Exit(0 if part_commands.part(project, units, into, variables) else 1)


def shards(
    number: Annotated[int, typer.Argument(min=1, help="How many shards, such as processors or machines.")],
    run: Annotated[bool, typer.Option("--run", help="Run the shards here at the same time, then build.")] = False,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Count all council-waves again.")] = False,
    into: PartsFolder = None,
    project: ProjectFolder = Path(),
    variables: Variables = "",
) -> None:
    """Share the council-waves out over processes or machines.

    Writes shards.txt into the folder of parts: a `coproduction part` command on each line. Each may run on a machine of
    its own that has the project and the folder. Then `coproduction build --changed` builds from the parts.
    """
    is_good = part_commands.shards(project, number, into, variables, run, full_refresh)
    raise typer.Exit(0 if is_good else 1)
