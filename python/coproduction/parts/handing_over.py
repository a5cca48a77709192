"""Writes the tables of a part as Parquet files, from the warehouse in which dbt has made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from coproduction.parts.folder import PartsError
from coproduction.parts.units import Unit

# The columns that say to which unit a row belongs, in this order, and the table of the unit's own values.
_BELONGS = {
    ("council_id", "wave_id"): "own_survey",
    ("export_id",): "own_exports",
    ("respondent_number",): "own_respondents",
    ("respondent_key",): "own_respondents",
}

_OWN_EXPORTS = "create or replace temp table own_exports as select unnest($names) as export_id"
_OWN_SURVEY = "create or replace temp table own_survey as select $council_id as council_id, $wave_id as wave_id"
_OWN_RESPONDENTS = """
    create or replace temp table own_respondents as
    select respondent_number, respondent_key from intermediate.int_respondents semi join own_exports using (export_id)
"""


def tables_handed_over(manifest: Mapping[str, Any]) -> list[str]:
    """Return the tables that parts hand over, such as counts.cnt_levels.

    These are the models made in parts that analysts query, or that a model reads which is made once for all parts. The
    macro is_handed_over() says the same in dbt. Args: `manifest` is the content of dbt's manifest.json.
    """
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    made_once = [node for node in models if not node["config"]["meta"].get("is_made_in_parts")]
    read = {parent for node in made_once for parent in node["depends_on"]["nodes"]}
    return sorted(
        f"{node['schema']}.{node['name']}"
        for node in models
        if node not in made_once and (node["config"]["meta"].get("is_contract") or node["unique_id"] in read)
    )


def hand_over(warehouse: Path, tables: Sequence[str], units: Sequence[Unit], folder: Path) -> None:
    """Write the rows of each unit into `folder/UNIT/SCHEMA/TABLE.parquet`.

    Raises PartsError if a table does not say to which unit a row belongs, or if a row belongs to none of the units.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for unit in units:
            connection.execute(_OWN_SURVEY, {"council_id": unit.council_id, "wave_id": unit.wave_id})
            connection.execute(_OWN_EXPORTS, {"names": list(unit.export_ids)})
            connection.execute(_OWN_RESPONDENTS)
            for table in tables:
                path = _file(folder, unit, table)
                path.parent.mkdir(parents=True, exist_ok=True)
                keys = _keys_of(connection, table)
                own = f"select * from {table} semi join {_BELONGS[keys]} using ({', '.join(keys)})"
                connection.sql(own).write_parquet(str(path))
        for table in tables:
            _require_all_rows(connection, table, [str(_file(folder, unit, table)) for unit in units])


def _file(folder: Path, unit: Unit, table: str) -> Path:
    return folder / unit.unit_id / f"{table.replace('.', '/')}.parquet"


def _keys_of(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[str, ...]:
    columns = set(connection.table(table).columns)
    keys = next((keys for keys in _BELONGS if set(keys) <= columns), None)
    if keys is None:
        raise PartsError(
            f"{table} has no column that says to which council-wave a row belongs, so parts cannot hand it over: give "
            "it council_id and wave_id, or take is_made_in_parts from its .yml."
        )
    return keys


def _require_all_rows(connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[str]) -> None:
    (n_rows,) = connection.execute(f"select count(*) from {table}").fetchall()[0]
    (n_written,) = connection.execute("select sum(num_rows) from parquet_file_metadata($1)", [list(files)]).fetchall()[
        0
    ]
    if n_rows != n_written:
        raise PartsError(
            f"{table} has {n_rows} rows, and {n_written} of them belong to a council-wave of this part. This is a "
            "mistake of the program: report it."
        )
