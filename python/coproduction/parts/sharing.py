"""Shares units out over shards, so that each has about as many bytes of files to count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coproduction.files.reading import export_file
from coproduction.parts.units import Unit


def shared(project: Path, units: Sequence[Unit], n_shards: int) -> list[list[str]]:
    """Return the names of the units of each shard: the largest unit first, each to the shard that has least so far.

    A shard without a unit is left out. Args: `project` is the folder with the files.
    """
    sizes = {unit.unit_id: sum((project / export_file(file)).stat().st_size for file in unit.files) for unit in units}
    taken: list[list[str]] = [[] for _ in range(n_shards)]
    for unit_id in sorted(sizes, key=lambda name: (-sizes[name], name)):
        min(taken, key=lambda names: sum(sizes[name] for name in names)).append(unit_id)
    return [names for names in taken if names]
