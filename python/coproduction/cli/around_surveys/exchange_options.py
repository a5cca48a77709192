"""The options of the commands ``init``, ``export``, which takes a survey out to other programs, and ``rename``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coproduction.cli.around_surveys.export_command import FORMATS
from coproduction.cli.around_surveys.export_command import export as run_export
from coproduction.cli.around_surveys.init_command import init as run_init
from coproduction.cli.project_folder import ProjectFolder, known_exports
from coproduction.cli.survey_commands import rename as run_rename


def export(
    survey: Annotated[
        str,
        typer.Argument(
            metavar="EXPORT", help="The export, as `coproduction surveys` lists it.", autocompletion=known_exports
        ),
    ],
    into: Annotated[Path | None, typer.Option(help="A new folder; exported/EXPORT in the project if none.")] = None,
    respondents: Annotated[
        bool, typer.Option("--respondents", help="Write the answers of every respondent as well. Read the warning.")
    ] = False,
    formats: Annotated[str, typer.Option("--format", help="With --respondents: some of spss,csv,triples.")] = ",".join(
        FORMATS
    ),
    project: ProjectFolder = Path(),
) -> None:
    """Write a survey for R, SPSS, other survey tools and archives.

    Writes its codebook as DDI-Codebook XML and as CSV. Only with --respondents are the answers written as well: for
    SPSS, as CSV with labels, and as Triple-S.
    """
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    run_export(project, survey, into, respondents, wanted)


def rename(
    old: Annotated[str, typer.Argument(help="The id that it has: of an export, a council or a wave.")],
    new: Annotated[str, typer.Argument(help="The new id, or with --what council-name the new printed name.")],
    what: Annotated[str, typer.Option(help="export, council, council-name or wave.")] = "export",
    council: Annotated[str, typer.Option(help="With --what wave: the council whose wave it is.")] = "",
    project: ProjectFolder = Path(),
) -> None:
    """Give an export, a council or a wave another name.

    Changes the name in every file of the codebook and in dbt_project.yml, and the name of the export's file. No other
    row changes.
    """
    run_rename(project, what, old, new, council)


def init(
    folder: Annotated[Path, typer.Argument(help="A new folder, outside this project.")],
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Bring the study in the folder up to date.")] = False,
) -> None:
    """Make a study of your own.

    Writes a project with the vocabulary of this one and without its surveys. With --upgrade the study in the folder
    gets what is new in this project, and nothing of its own is overwritten.
    """
    run_init(folder, upgrade)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(epilog="Example: coproduction init ../our-survey")(init)
    app.command(epilog="Example: coproduction export hillford_wave_1 --into ~/for-the-archive")(export)
    app.command(epilog="Example: coproduction rename hillford_wave_1 hillford_2025")(rename)
