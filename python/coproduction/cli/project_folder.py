"""The option that names the folder of a project, and the message where it is none."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coproduction.errors import CoproductionError
from coproduction.exports.project_files import PROJECT_FILE, read_codebook


def require_project(project: Path) -> Path:
    """Return the folder of a project. Raises CoproductionError if it is none."""
    if not (project / PROJECT_FILE).is_file():
        raise CoproductionError(
            f"There is no {PROJECT_FILE} in {project.resolve()}. Run the command in the folder of the project, or name "
            "the folder with --project-dir."
        )
    return project


def known_exports(incomplete: str) -> list[str]:
    """Return the exports of the project in this folder that begin with some letters, for the completion of a shell."""
    try:
        codebook, _ = read_codebook(Path())
        return [name for name in codebook.ids("exports", "export_id") if name.startswith(incomplete)]
    except (OSError, CoproductionError):
        # A shell that completes a word must print nothing else.
        return []


_HELP = "Folder of the project."
ProjectFolder = Annotated[Path, typer.Option("--project-dir", help=_HELP, callback=require_project)]
# For commands that read a published file: whoever names the file needs no project.
PerhapsProjectFolder = Annotated[Path, typer.Option("--project-dir", help=_HELP)]
