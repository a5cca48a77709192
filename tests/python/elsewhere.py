"""Lets exports of a project lie outside of seeds/exports, as Parquet files or as a CSV file."""

from __future__ import annotations

import shutil
from pathlib import Path

from building import Project
from workbench.benchmark.parquet_exports import list_elsewhere, move_to_parquet, to_parquet


def let_lie_elsewhere(project: Project, folder: Path, **variables: str) -> None:
    """Make of swansea a folder of two Parquet files with other orders of columns, and move bristol, as CSV.

    Args: `folder` is made, beside the project; `variables` are set in dbt_project.yml.
    """
    parts = folder / "swansea"
    parts.mkdir(parents=True)
    swansea = project.export_path("swansea")
    reversed_columns = ", ".join(reversed(project.read_export("swansea")[0]))
    to_parquet(swansea, parts / "a.parquet", "from cells limit 300")
    to_parquet(swansea, parts / "b.parquet", f"select {reversed_columns} from cells offset 300")
    swansea.unlink()
    shutil.move(project.export_path("bristol"), folder / "b.csv")
    list_elsewhere(project.directory, {"swansea": str(parts), "bristol": f"../{folder.name}/b.csv"}, **variables)


def all_in_parquet(project: Project) -> Project:
    """Make of every export of a project a Parquet file outside of it, and return the project."""
    move_to_parquet(project.directory, project.directory.with_name(f"{project.directory.name}_parquet"))
    return project
