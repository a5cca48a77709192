"""The units of a project as it is now, with their keys, and the parts from which it can be built."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coproduction.exports.project_files import project_variables, read_codebook
from coproduction.files.warehouse import WAREHOUSE_NAME
from coproduction.parts.folder import PartsError, require_current
from coproduction.parts.keys import keys_of
from coproduction.parts.units import Unit, units_of

# The variable that names a folder of parts, and the one that names the exports of a part.
PARTS_FROM, ONLY_EXPORTS = "parts_from", "only_exports"

_FOLDER = "parts"


@dataclass(frozen=True)
class ProjectUnits:
    """The units of a project by name, and the key of each."""

    units: dict[str, Unit]
    keys: dict[str, str]


def parts_folder(warehouse: Path) -> Path:
    """Return the folder in which the parts of a warehouse are kept: `parts` beside coproduction.duckdb."""
    file = warehouse.resolve()
    return file.with_name(_FOLDER if file.name == WAREHOUSE_NAME else f"{file.stem}.{_FOLDER}")


def units_with_keys(project: Path, command_line: Mapping[str, Any], left_out: Collection[str] = ()) -> ProjectUnits:
    """Return the units of the exports that take part, read from the files as they are now.

    Args: `project` is the folder of the project; `command_line` has the variables given with --vars; `left_out` names
    the exports that the check refuses.
    """
    variables = project_variables(project) | dict(command_line)
    units = units_of(read_codebook(project)[0], variables, left_out)
    return ProjectUnits({unit.unit_id: unit for unit in units}, keys_as_they_are(project, command_line, units))


def keys_as_they_are(project: Path, command_line: Mapping[str, Any], units: Sequence[Unit]) -> dict[str, str]:
    """Return the key of each unit, computed from the files as they are now."""
    variables = project_variables(project) | dict(command_line)
    return keys_of(project, read_codebook(project)[0], variables, units)


def folders_to_build_from(project: Path, command_line: Mapping[str, Any], left_out: Collection[str]) -> list[Path]:
    """Return the folders of the parts that a build takes its tables from; none where `parts_from` is not given.

    Raises PartsError if a unit has no part, or one of other files, another codebook, other settings or other code.
    """
    named = command_line.get(PARTS_FROM)
    if not named:
        if project_variables(project).get(PARTS_FROM):
            raise PartsError(
                f"{PARTS_FROM} is set in dbt_project.yml: give it with --vars, which also chooses the nodes."
            )
        return []
    folder = (project / str(named)).resolve()
    parts = require_current(folder, units_with_keys(project, command_line, left_out).keys)
    return [part.folder for part in parts]
