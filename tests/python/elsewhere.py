"""Lets exports of a project lie outside of seeds/exports, as Parquet files or as a CSV file."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

from building import Project


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
    list_elsewhere(project, {"swansea": str(parts), "bristol": f"../{folder.name}/b.csv"}, **variables)


def to_parquet(csv_file: Path, parquet: Path, query: str = "from cells") -> None:
    """Write a CSV file as Parquet, as text; `query` chooses rows and columns of its `cells`."""
    commas = {"sep": ",", "quotechar": '"', "escapechar": '"'}
    with duckdb.connect() as connection:
        cells = connection.read_csv(str(csv_file), header=True, all_varchar=True, **commas)
        cells.create_view("cells")
        connection.execute(f"copy ({query}) to '{parquet}' (format parquet)")


def list_elsewhere(project: Project, locations: Mapping[str, str], **variables: str) -> None:
    """Say in the codebook where the files of exports are, list these in dbt_project.yml, and set variables."""
    path = project.directory / "seeds" / "codebook" / "exports.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    located = [row | {"location": locations.get(row.get("file") or row["export_id"], "")} for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(located[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(located)
    path = project.directory / "dbt_project.yml"
    text = path.read_text(encoding="utf-8")
    for name in locations:
        text = text.replace(f"    - {name}\n", "")
    if "\n  exports:\n    - " not in text:
        text = text.replace("\n  exports:\n", "\n  exports: []\n")
    for name, value in {"exports_elsewhere": f"[{', '.join(locations)}]", **variables}.items():
        text = re.sub(rf"^  {name}: .*$", f"  {name}: {value}", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")


def move_to_parquet(project: Project) -> Project:
    """Make of every export of a project a Parquet file outside of it, and return the project."""
    folder = project.directory.with_name(f"{project.directory.name}_parquet")
    folder.mkdir()
    locations = {}
    for file in sorted((project.directory / "seeds" / "exports").glob("*.csv")):
        parquet = folder / f"{file.stem}.parquet"
        to_parquet(file, parquet)
        file.unlink()
        locations[file.stem] = str(parquet)
    list_elsewhere(project, locations)
    return project
