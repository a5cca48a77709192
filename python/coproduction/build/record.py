"""What dbt knows of the project, kept until the end of the command for the publication.

The record is not read from target/manifest.json: another command, such as that of an editor, may have written that file
meanwhile. It has the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coproduction.publishing.plan import PublicationError

Node = Mapping[str, Any]

# The model that publishes, as dbt names it.
PUBLICATION = "model.coproduction.manifest"

_record: dict[str, dict[str, dict[str, Any]]] = {}


def keep_record(manifest: Any) -> None:
    """Keep the nodes and unit tests of dbt's Manifest."""
    _record["nodes"] = {unique_id: _kept(node) for unique_id, node in manifest.nodes.items()}
    _record["unit_tests"] = {unique_id: _kept(test) for unique_id, test in manifest.unit_tests.items()}


def kept_record() -> Mapping[str, Any]:
    """Return what was kept. Raises PublicationError if dbt was told to write no artifacts, and so gave none."""
    if not _record:
        raise PublicationError("Not published: dbt gave no record of the project. Build with --write-json.")
    return _record


def nodes_of_kind(record: Mapping[str, Any], *kinds: str) -> list[Node]:
    """Return the nodes of some kinds: model, seed, snapshot, test."""
    return [node for node in record["nodes"].values() if node["resource_type"] in kinds]


def ancestors_of(record: Mapping[str, Any], unique_id: str) -> set[str]:
    """Return the ids of all nodes that dbt builds before a node because it depends on them."""
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        new = set(parents_of(record["nodes"][waiting.pop()])) - found
        found |= new
        waiting += new
    return found


def parents_of(node: Node) -> list[str]:
    """Return the ids of the nodes that a node reads. A seed has none, and the manifest.json no place for them."""
    return (node.get("depends_on") or {}).get("nodes", [])


def _kept(node: Any) -> dict[str, Any]:
    config = node.config
    columns = getattr(node, "columns", {})
    return {
        "unique_id": node.unique_id,
        "resource_type": str(node.resource_type),
        "name": node.name,
        "schema": node.schema,
        "original_file_path": node.original_file_path,
        "description": node.description,
        "columns": {name: {"name": name, "description": column.description} for name, column in columns.items()},
        "config": {"severity": getattr(config, "severity", ""), "meta": dict(getattr(config, "meta", None) or {})},
        "depends_on": {"nodes": list(getattr(node.depends_on, "nodes", []))},
    }
