"""dbt's description of the project, kept in memory until publication at the end of the command.

The record is not read from target/manifest.json: another command, such as one run by an editor, may have overwritten
that file. The record has the same structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coproduction.publishing.plan import PublicationError

Node = Mapping[str, Any]

# dbt's id of the model that publishes.
PUBLICATION = "model.coproduction.manifest"

_record: dict[str, dict[str, dict[str, Any]]] = {}


def keep_record(manifest: Any) -> None:
    """Keep the nodes of dbt's Manifest."""
    _record["nodes"] = {unique_id: _kept(node) for unique_id, node in manifest.nodes.items()}


def kept_record() -> Mapping[str, Any]:
    """Return the record. Raises PublicationError if dbt ran with --no-write-json and therefore gave none."""
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
    """Return the ids of the nodes that a node reads. A seed reads none, and manifest.json has no entry for it."""
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
