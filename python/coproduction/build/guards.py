"""Decides whether a dbt command may publish: it must build everything, and every failed test must stop it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from coproduction.build.record import PUBLICATION, Node, ancestors_of, nodes_of_kind, parents_of
from coproduction.publishing.plan import PublicationError

# A whole build runs all of these kinds of node, and publication requires all of them.
_BUILT = ("model", "seed", "snapshot", "test")

_OPTIONS_THAT_LEAVE_OUT = ("EXCLUDE", "SELECTOR", "RESOURCE_TYPES", "EXCLUDE_RESOURCE_TYPES", "EMPTY", "SAMPLE")

_MOST_NAMES = 5


@dataclass(frozen=True)
class Guard:
    """A test that publication waits for: if it fails, dbt skips the publication."""

    name: str
    tested: str


def guards_of_publication(record: Mapping[str, Any]) -> list[Guard]:
    """Return the tests that publication waits for, by name: the data tests of severity error.

    dbt skips a node if a test fails whose tables are all among the node's ancestors. Raises PublicationError if a model
    or a test is not among what publication waits for.
    """
    ancestors = ancestors_of(record, PUBLICATION)
    models = nodes_of_kind(record, "model")
    missing = [node["name"] for node in models if node["unique_id"] not in ancestors | {PUBLICATION}]
    if missing:
        raise PublicationError(
            f"{_shown(missing)}: publication does not wait for this, so a failure in it would not stop publication. "
            "`make documents` adds it to models/publication/manifest.py."
        )
    tests = [test for test in nodes_of_kind(record, "test") if _is_error(test)]
    unguarded = [test["name"] for test in tests if not parents_of(test) or not set(parents_of(test)) <= ancestors]
    if unguarded:
        raise PublicationError(
            f"{_shown(unguarded)}: a failure would not stop publication, because publication does not wait for the "
            "table that is tested. Let a model read that table, or give the test severity warn."
        )
    return sorted(map(_guard, tests), key=lambda guard: guard.name)


def why_not_whole(
    record: Mapping[str, Any], selected: Collection[str], flags: Any, is_from_parts: bool = False
) -> str | None:
    """Return the reason why this command does not build and test everything; None where it does.

    Args: `selected` holds the ids of the nodes that dbt runs, `flags` are dbt's. A unit test of SQL has made-up rows
    and says nothing about this build's data, so a build is whole without it (selectors.yml). A build from parts is
    whole without what the parts have made and tested, because no part is kept of which a test failed.
    """
    command = getattr(flags, "WHICH", None)
    if command != "build":
        return f"`dbt {command}` does not run every test"
    for option in _OPTIONS_THAT_LEAVE_OUT:
        if getattr(flags, option, None):
            return f"--{option.lower().replace('_', '-')} leaves something out"
    built = nodes_of_kind(record, *_BUILT)
    there = _made_and_tested_in_parts(record) if is_from_parts else set()
    missing = [node["name"] for node in built if node["unique_id"] not in there.union(selected)]
    return f"this build leaves out {len(missing)} of {len(built)} nodes: {_shown(missing)}" if missing else None


def is_asked_for(flags: Any) -> bool:
    """Return whether the user named the publication in --select, so that not publishing must be an error."""
    name = PUBLICATION.rpartition(".")[2]
    parts = [part for words in getattr(flags, "SELECT", None) or () for part in words.replace(",", " ").split()]
    return any(name in part.split("/")[-1].strip("+@0123456789").split(".") for part in parts)


def _made_and_tested_in_parts(record: Mapping[str, Any]) -> set[str]:
    """Return the ids of the models that are made in parts, and of the tests that read nothing else."""
    marked = {
        node["unique_id"]
        for node in nodes_of_kind(record, "model", "test")
        if node["config"]["meta"].get("is_made_in_parts")
    }
    tests = nodes_of_kind(record, "test")
    return marked | {test["unique_id"] for test in tests if parents_of(test) and set(parents_of(test)) <= marked}


def _is_error(test: Node) -> bool:
    return test["config"]["severity"].lower() == "error"


def _guard(test: Node) -> Guard:
    return Guard(test["name"], ", ".join(parent.split(".")[2] for parent in parents_of(test)))


def _shown(names: Collection[str]) -> str:
    """Return the first names and the number of further names."""
    shown = ", ".join(sorted(names)[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} more"
