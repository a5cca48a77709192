"""Describes the tables of the schema `bi`, which publication makes, from the codebook of the project as it is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from coproduction.publishing.bi.bi_tables import Measure, bi_tables
from coproduction.publishing.bi.table import SCHEMA, WITHHELD_MEANING, BiTable


def tables_of_codebook(root: Path) -> list[BiTable]:
    """Return the tables of the schema `bi` for the bundled codebook, without weighted results."""
    codebook = root / "seeds" / "codebook"
    if not (codebook / "measures.csv").is_file():
        return []
    measures = [_measure(row) for row in _rows(codebook / "measures.csv")]
    measures.sort(key=lambda measure: (not measure.is_outcome, measure.measure_id))
    return bi_tables(measures, [row["breakdown_id"] for row in _rows(codebook / "breakdowns.csv")], has_weights=False)


def _measure(row: dict[str, str]) -> Measure:
    bounds = (row.get("unit_minimum") or "0", row.get("unit_maximum") or "100")
    is_outcome = row["is_outcome"].strip().lower() == "true"
    return Measure(row["measure_id"], row["measure_name"], row["unit_label"], is_outcome, bounds == ("0", "100"))


def contract_rows(root: Path) -> list[tuple[str, str, str]]:
    """Return name, grain and columns of each table; quantities with the same columns are listed together."""
    rows = []
    for table in tables_of_codebook(root):
        keys = [f"**`{key.name}`**" if key.is_key else f"`{key.name}`" for key in table.keys]
        columns = [*keys, *_columns_of_quantities(table), "`withheld`", "`provenance`"]
        rows.append((f"`{table.full_name}`", table.grain, ", ".join(columns)))
    return rows


def _columns_of_quantities(table: BiTable) -> Iterator[str]:
    for suffixes, group in groupby(table.quantities, lambda quantity: tuple(cell.suffix for cell in quantity.cells)):
        prefixes = [quantity.prefix for quantity in group]
        if len(prefixes) == 1:
            yield from (f"`{prefixes[0]}_{suffix}`" for suffix in suffixes)
        else:
            ends = ", ".join(f"`_{suffix}`" for suffix in suffixes)
            yield f"for each of {', '.join(f'`{prefix}`' for prefix in prefixes)}: {ends}"


def dictionary_rows(root: Path) -> list[tuple[str, str]]:
    """Return name and description of each table."""
    return [(f"`{table.name}`", table.description) for table in tables_of_codebook(root)]


def column_rows(root: Path) -> dict[tuple[str, str], list[str]]:
    """Return the tables that have a column, by its name and meaning.

    Columns that begin with the name of a quantity are named by their ends, and columns that mean what they mean in the
    report are left out.
    """
    found: dict[tuple[str, str], list[str]] = {}
    known = tables_of_codebook(root)
    for table in known:
        meanings = [(key.name, key.meaning) for key in table.keys if key.meaning]
        meanings += [
            (f"..._{cell.suffix}", f"{cell.meaning}.") for quantity in table.quantities for cell in quantity.cells
        ]
        for meaning in dict.fromkeys([*meanings, ("withheld", WITHHELD_MEANING)]):
            found.setdefault(meaning, []).append(table.name)
    return {meaning: names if len(names) < len(known) else [f"{SCHEMA}.*"] for meaning, names in found.items()}


def heading() -> str:
    """Return the heading of the schema."""
    return f"### Schema `{SCHEMA}`, in the published file only"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
