"""Hands what Spark has counted to the DuckDB project: as parts, which `coproduction build --changed` builds from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coproduction.errors import CoproductionError
from coproduction.files.warehouse import warehouse_path
from coproduction.parts import kept_parts as parts
from coproduction.parts.handing_over import hand_over
from coproduction.parts.project_parts import parts_folder
from coproduction.spark.spark_counts import Counted, units_as_they_are

# hand_over() looks up there to which council-wave a respondent belongs.
_RESPONDENTS = "intermediate.int_respondents"


def hand_over_parts(project: Path, counted: Counted, variables: Mapping[str, Any]) -> Path:
    """Write the parts of all council-waves from what was counted, and return their folder.

    Args: `project` is the folder of the project; `variables` are those with which it was counted. Raises
    CoproductionError if a file has changed since, and PartsError if a table cannot be divided into council-waves.
    """
    if units_as_they_are(project, variables).keys != counted.units.keys:
        raise CoproductionError("A file has changed while it was counted, so nothing was handed over. Count again.")
    into = parts_folder(warehouse_path(project))
    tables = counted.manifest.handed_over
    counted.catalogue.let_go()
    with parts.work_folder(into) as work:
        warehouse = work / "counted.duckdb"
        counted.catalogue.write_views([*tables, _RESPONDENTS], warehouse)
        hand_over(warehouse, tables, list(counted.units.units.values()), work)
        for unit_id, key in counted.units.keys.items():
            parts.write_record(work / unit_id, {unit_id: key}, tables)
            parts.put_in_place(work / unit_id, into)
    return into
