"""Which models run on Spark, in which order: everything between an export and the counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from coproduction.parts.handing_over import tables_handed_over

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

    @property
    def table(self) -> str:
        """The name as SQL says it, such as counts.cnt_levels."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Test:
    """A data test of one table: its SQL returns the rows that break the rule."""

    name: str
    code: str
    only_warns: bool


@dataclass(frozen=True)
class Manifest:
    """The nodes of a compiled project and the tests of each, by dbt's ids, and the tables that parts hand over."""

    nodes: dict[str, Node]
    tests: dict[str, list[Test]]
    handed_over: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read the manifest that `dbt compile` wrote."""
        manifest = json.loads(path.read_text(encoding="utf-8"))
        content = manifest["nodes"]
        nodes = {key: _node(node) for key, node in content.items() if node["resource_type"] in ("seed", "model")}
        tests: dict[str, list[Test]] = {}
        for node in content.values():
            if node["resource_type"] == "test" and node["depends_on"]["nodes"] == [node.get("attached_node")]:
                tests.setdefault(node["attached_node"], []).append(_test(node))
        return cls(nodes, tests, tuple(tables_handed_over(manifest)))

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
        """The counts, the tables that parts hand over, and all that they descend from."""
        wanted = {key for key, node in self.nodes.items() if node.schema == COUNTS or node.table in self.handed_over}
        return wanted.union(*(self.ancestors(key) for key in wanted))

    def read_too_early(self, key: str) -> list[str]:
        """Return the tables of Spark that a model reads only while dbt compiles it, when they do not exist yet."""
        query = "\n".join(line for line in self.nodes[key].code.splitlines() if not line.lstrip().startswith("--"))
        parents = [self.nodes[parent] for parent in self.nodes[key].parents if parent in self.on_spark]
        return [parent.table for parent in parents if f'"{parent.schema}"."{parent.name}"' not in query]

    def is_read_here(self, key: str) -> bool:
        """Whether a table is read outside of Spark: a Python model reads it, or it is handed over."""
        node = self.nodes[key]
        return node.table in self.handed_over or any(
            other.is_python and key in other.parents for other in self.nodes.values()
        )

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
