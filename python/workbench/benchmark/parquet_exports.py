"""Lets the exports of a project lie outside of seeds/exports, as Parquet files."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from workbench.benchmark.floor import READ_TEXT


def move_to_parquet(project: Path, folder: Path) -> None:
    """Make of every export of a project a Parquet file in a folder, which is made."""
    folder.mkdir()
    locations = {}
    for file in sorted((project / "seeds/exports").glob("*.csv")):
        parquet = folder / f"{file.stem}.parquet"
        to_parquet(file, parquet)
        file.unlink()
        locations[file.stem] = str(parquet)
    list_elsewhere(project, locations)


def to_parquet(csv_file: Path, parquet: Path, query: str = "from cells") -> None:
    """Write a CSV file as Parquet, as text; `query` chooses rows and columns of its `cells`."""
    with duckdb.connect() as connection:
        connection.execute(f"create view cells as from {READ_TEXT.format(csv_file)}")
        connection.execute(f"copy ({query}) to '{parquet}' (format parquet)")


def list_elsewhere(project: Path, locations: Mapping[str, str], **variables: str) -> None:
    """Say in the codebook where the files of exports are, list these in dbt_project.yml, and set variables."""
    path = project / "seeds/codebook/exports.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    located = [row | {"location": locations.get(row.get("file") or row["export_id"], "")} for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(located[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(located)
    path = project / "dbt_project.yml"
    text = path.read_text(encoding="utf-8")
    for name in locations:
        text = text.replace(f"    - {name}\n", "")
    if "\n  exports:\n    - " not in text:
        text = text.replace("\n  exports:\n", "\n  exports: []\n")
    for name, value in {"exports_elsewhere": f"[{', '.join(locations)}]", **variables}.items():
        text = re.sub(rf"^  {name}: .*$", f"  {name}: {value}", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
