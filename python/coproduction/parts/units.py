"""The units of a project: the council-waves with all their files and roles. No table up to the counts crosses them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coproduction.codebook.tables import Codebook
from coproduction.exports.checking import exports_taking_part


@dataclass(frozen=True)
class Unit:
    """A council-wave: the exports that take part, and the names of their files without .csv."""

    council_id: str
    wave_id: str
    export_ids: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def unit_id(self) -> str:
        """Return the name of the unit, which is also that of its folder: `barnet.wave_1`."""
        return f"{_part_of_name(self.council_id)}.{_part_of_name(self.wave_id)}"


def units_of(codebook: Codebook, variables: Mapping[str, Any], left_out: Collection[str] = ()) -> list[Unit]:
    """Return the units of the exports that take part, by name.

    Args: `variables` are those of the build; `left_out` names exports that the check refuses.
    """
    taking_part = [name for name in exports_taking_part(codebook, variables) if name not in left_out]
    surveys = {row["export_id"]: (row["council_id"], row["wave_id"]) for row in codebook["exports"]}
    exports: dict[tuple[str, str], list[str]] = defaultdict(list)
    for export_id in taking_part:
        exports[surveys[export_id]].append(export_id)
    units = [
        Unit(*survey, tuple(sorted(names)), tuple(sorted({codebook.file_of(name) for name in names})))
        for survey, names in exports.items()
    ]
    return sorted(units, key=lambda unit: unit.unit_id)


def _part_of_name(text: str) -> str:
    """Return an id in characters that every file system takes, without a dot."""
    return quote(text, safe="").replace(".", "%2E")
