"""Which models run on Spark, in which order: everything between an export and the counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

# The layers that end with the counts; what follows is computed from them by the DuckDB project.
COUNTS = "counts"
EXPORTS = "raw"


@dataclass(frozen=True)
class Node:
    """A seed or a model of the project as dbt compiled it."""

    name: str
    schema: str
    database: str
    is_python: bool
    is_view: bool
    code: str
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Test:
    """A data test of one table: its SQL returns the rows that break the rule."""

    name: str
    code: str
    only_warns: bool


@dataclass(frozen=True)
class Manifest:
    """The nodes of a compiled project, and the tests of each node, by dbt's unique ids."""

    nodes: dict[str, Node]
    tests: dict[str, list[Test]]

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read the manifest that `dbt compile` wrote."""
        content = json.loads(path.read_text(encoding="utf-8"))["nodes"]
        nodes = {key: _node(node) for key, node in content.items() if node["resource_type"] in ("seed", "model")}
        tests: dict[str, list[Test]] = {}
        for node in content.values():
            if node["resource_type"] == "test" and node["depends_on"]["nodes"] == [node.get("attached_node")]:
                tests.setdefault(node["attached_node"], []).append(_test(node))
        return cls(nodes, tests)

    def ancestors(self, key: str) -> set[str]:
        """Return the ids of all nodes that a node descends from."""
        found: set[str] = set()
        waiting = [key]
        while waiting:
            new = [
                parent for parent in self.nodes[waiting.pop()].parents if parent in self.nodes and parent not in found
            ]
            found.update(new)
            waiting += new
        return found

    @property
    def database(self) -> str:
        """The name by which the compiled SQL calls the warehouse."""
        return next(iter(self.nodes.values())).database

    @cached_property
    def needed(self) -> set[str]:
        """The counts and all that they descend from."""
        counts = {key for key, node in self.nodes.items() if node.schema == COUNTS}
        return counts.union(*(self.ancestors(key) for key in counts)) if counts else counts

    @cached_property
    def on_spark(self) -> list[str]:
        """The needed nodes that descend from an export, each after its parents."""
        exports = {key for key in self.needed if self.nodes[key].schema == EXPORTS}
        ancestors = {key: self.ancestors(key) for key in self.needed}
        # A node has more ancestors than each of its ancestors has.
        ordered = sorted(self.needed, key=lambda key: (len(ancestors[key]), key))
        return [key for key in ordered if ancestors[key] & exports]

    @cached_property
    def given(self) -> list[str]:
        """The needed nodes that DuckDB has before: files, the codebook, and what follows from the codebook alone."""
        return sorted(self.needed - set(self.on_spark))


def _node(node: dict[str, Any]) -> Node:
    return Node(
        name=node["name"],
        schema=node["schema"],
        database=node["database"],
        is_python=node.get("language") == "python",
        is_view=node["config"].get("materialized") == "view",
        code=node.get("compiled_code") or node.get("raw_code") or "",
        parents=tuple(node["depends_on"].get("nodes", [])),
    )


def _test(node: dict[str, Any]) -> Test:
    return Test(node["name"], node["compiled_code"], node["config"]["severity"].lower() == "warn")
