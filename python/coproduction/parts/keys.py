"""The key of a unit: a hash of everything from which its tables up to the counts follow.

A part with the key of its unit is used again. Whatever might change a count is in the key; a change that concerns
labels, disclosure or publication alone leaves it as it is, because these are made anew in every build.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

import coproduction
from coproduction.codebook.tables import COLUMNS, Codebook
from coproduction.exports.export_tables import fingerprint_of_file
from coproduction.exports.project_files import PROJECT_FILE
from coproduction.parts.units import Unit

# Tables of the codebook and variables that no table up to the counts reads. A test compares both with dbt's lineage.
NOT_COUNTED = (
    "councils", "topics", "nudge_arms", "labels", "sentences", "families", "studies", "hypotheses",
    "smallest_effects",
)  # fmt: skip
LATER_VARIABLES = ("language", "small_base", "minimum_base", "minimum_on_each_side", "publish_respondents")
# Which exports are in a unit is in its key by their names, and limits of DuckDB change no number.
_CHOOSING_VARIABLES = (
    "exports", "exports_elsewhere", "only_exports", "parts_from", "include_synthetic", "leave_out_exports",
    "memory_limit", "sql_threads",
)  # fmt: skip

_OF_A_SURVEY = ("council_id", "wave_id")

# The code that makes the tables up to the counts, and the tests that they have to pass.
_CODE_OF_PROJECT = (
    *(f"models/{layer}" for layer in ("staging", "quality", "intermediate", "marts", "counts")),
    "macros", "seeds/codebook", "tests/generic", "tests/singular",
)  # fmt: skip
_CODE_OF_PACKAGE = ("files", "codebook", "exports", "statistics/methods", "parts", "build")
_ENDINGS = (".sql", ".py", ".yml")
_TOOLS = ("coproduction", "dbt-core", "dbt-duckdb", "duckdb")


def keys_of(project: Path, codebook: Codebook, variables: Mapping[str, Any], units: Iterable[Unit]) -> dict[str, str]:
    """Return the key of each unit, by its name.

    Args: `project` is the folder of the project, whose files are read as they are now; `variables` are those of the
    build, with those of dbt_project.yml.
    """
    common = [_code(project), _variables(variables)]
    files: dict[str, str] = {}
    keys = {}
    for unit in units:
        for file in unit.files:
            files[file] = files.get(file) or fingerprint_of_file(project, codebook, file)
        own = [[unit.council_id, unit.wave_id, unit.export_ids], [[file, files[file]] for file in unit.files]]
        keys[unit.unit_id] = _hash([*common, own, _rows(codebook, unit)])
    return keys


def _rows(codebook: Codebook, unit: Unit) -> dict[str, list[str]]:
    """Return the rows of the codebook that a unit needs, in an order that does not depend on that of the files."""
    scales = {row["scale_id"] for row in codebook["questions"] if row["export_id"] in unit.export_ids}
    survey = dict(zip(_OF_A_SURVEY, (unit.council_id, unit.wave_id), strict=True))

    def is_needed(values: Mapping[str, str]) -> bool:
        if "export_id" in values:
            return values["export_id"] in unit.export_ids
        if set(_OF_A_SURVEY) <= set(values):
            return all(values[column] == value for column, value in survey.items())
        return "scale_id" not in values or values["scale_id"] in scales

    return {
        table: sorted(json.dumps(row.values, sort_keys=True) for row in codebook[table] if is_needed(row.values))
        for table in COLUMNS
        if table not in NOT_COUNTED
    }


def _variables(variables: Mapping[str, Any]) -> dict[str, Any]:
    left = (*LATER_VARIABLES, *_CHOOSING_VARIABLES)
    return {name: value for name, value in variables.items() if name not in left}


def _code(project: Path) -> list[str]:
    """Return the hashes of the code, the settings of the project and the versions of the tools."""
    package = Path(coproduction.__file__).parent
    folders = [*(project / name for name in _CODE_OF_PROJECT), *(package / name for name in _CODE_OF_PACKAGE)]
    # By their names within the folder: shards may have the project in other places.
    files = {
        f"{number} {path.relative_to(folder).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()
        for number, folder in enumerate(folders)
        for path in folder.rglob("*")
        if path.suffix in _ENDINGS
    }
    settings = yaml.safe_load((project / PROJECT_FILE).read_bytes())
    settings.pop("vars", None)
    return [
        _hash(files),
        *(f"{tool} {version(tool)}" for tool in _TOOLS),
        _hash(settings),
    ]


def _hash(content: object) -> str:
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
