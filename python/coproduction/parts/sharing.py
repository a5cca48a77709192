"""Shares units out over shards, so that each has about as many bytes of files to count."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coproduction.exports.project_files import read_codebook
from coproduction.parts.units import Unit


def shared(project: Path, units: Sequence[Unit], n_shards: int) -> list[list[str]]:
    """Return the names of the units of each shard: the largest unit first, each to the shard that has least so far.

    A shard without a unit is left out. Args: `project` is the folder with the files.
    """
    codebook = read_codebook(project)[0]
    sizes = {unit.unit_id: sum(_size(project / codebook.path_of(file)) for file in unit.files) for unit in units}
    taken: list[list[str]] = [[] for _ in range(n_shards)]
    for unit_id in sorted(sizes, key=lambda name: (-sizes[name], name)):
        min(taken, key=lambda names: sum(sizes[name] for name in names)).append(unit_id)
    return [names for names in taken if names]


def _size(path: Path) -> int:
    """Return the bytes of a file, or of a folder of files; 0 for an address or a pattern, of which nobody knows."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
