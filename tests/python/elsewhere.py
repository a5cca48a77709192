"""Lets two exports of a project lie outside of seeds/exports: one as Parquet files, one as a CSV file."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import duckdb

from building import Project


def let_lie_elsewhere(project: Project, folder: Path) -> None:
    """Make of swansea a folder of two Parquet files with other orders of columns, and move bristol, as CSV.

    Args: `folder` is made, beside the project.
    """
    seeds = project.directory / "seeds" / "exports"
    parts = folder / "swansea"
    parts.mkdir(parents=True)
    source = f"read_csv('{seeds / 'swansea.csv'}', all_varchar = true, header = true)"
    reversed_columns = ", ".join(reversed(project.read_export("swansea")[0]))
    with duckdb.connect() as connection:
        connection.sql(f"select * from {source} limit 300").write_parquet(str(parts / "a.parquet"))
        connection.sql(f"select {reversed_columns} from {source} offset 300").write_parquet(str(parts / "b.parquet"))
    (seeds / "swansea.csv").unlink()
    shutil.move(seeds / "bristol.csv", folder / "b.csv")
    exports = project.directory / "seeds" / "codebook" / "exports.csv"
    header, *rows = csv.reader(exports.read_text(encoding="utf-8").splitlines())
    locations = {"swansea": str(parts), "bristol": f"../{folder.name}/b.csv"}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([[*header, "location"], *([*row, locations.get(row[0], "")] for row in rows)])
    exports.write_text(text.getvalue(), encoding="utf-8")
    settings = project.directory / "dbt_project.yml"
    listed = settings.read_text(encoding="utf-8").replace("    - bristol\n", "").replace("    - swansea\n", "")
    listed = listed.replace("exports_elsewhere: []", "exports_elsewhere: [swansea, bristol]")
    settings.write_text(listed, encoding="utf-8")
