"""What dbt's own record of the project says about publication: which tables, which tests, and whether all of it runs.

Nothing here is a list of names: a new report is published, and a new test guards publication, without a line in this
module. The record has the shape of the manifest.json that dbt writes when a command starts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

# The model that publishes, as dbt knows it.
PUBLICATION = "model.coproduction.manifest"

# A build runs all of these, and a publication needs all of them.
_BUILT = ("model", "seed", "snapshot", "test")

# Each of these answers for one person or repeats what somebody wrote: no table that has one is published unasked.
PRIVATE_COLUMNS = frozenset(
    {"respondent_key", "person_key", "respondent_id", "answer_label", "answer_text", "unexpected_sample"}
)

# Columns that count respondents behind a number: rounded down in the published file, see docs/disclosure.md.
BASE_COLUMNS = frozenset(
    {
        "n_respondents", "n_effective", "n_weighted", "n_arm", "n_control", "n_effective_arm", "n_effective_control",
        "n_staff", "n_citizens", "n_checked", "n_flagged", "n_tolerated",
    }
)  # fmt: skip

# Columns of published tables that count something else, or what the paper printed. A column that begins with n_ has to
# be in one of the two, so that no base is published to the last respondent because nobody thought of it.
OTHER_COUNTS = frozenset(
    {
        "n_below", "n_below_adjusted", "n_council", "n_councils", "n_distinct", "n_for_star_max", "n_for_star_min",
        "n_items", "n_iterations", "n_negative_claimed", "n_negative_max", "n_negative_median", "n_negative_min",
        "n_positive_claimed", "n_positive_max", "n_positive_median", "n_positive_min", "n_specifications", "n_tests",
        "n_trimmed", "n_withheld", "n_excluded", "n_file_rows",
        "n_cells_raw", "n_identifier", "n_missing_kinds", "n_not_loaded", "n_unclaimed", "n_uncoded",
        "n_unexpected", "n_valid",
    }
)  # fmt: skip

# A dimension tells how many respondents a survey has, as Table 1 of the paper does.
_SCHEMA_OF_DIMENSIONS = "marts"

_MOST_NAMES = 5


# The record of the command that this process runs. Not the file: another command, such as an editor's that only parses,
# may have written that meanwhile.
_record: dict[str, Any] = {}


class PublicationError(Exception):
    """Nothing was published; the message says why, that the file before stays, and what to do."""


@dataclass(frozen=True)
class PublishedTable:
    """A table of the published file: where it stands in both files, what is left out or rounded, the texts about it."""

    schema: str
    name: str
    withheld_columns: tuple[str, ...]
    base_columns: tuple[str, ...]
    description: str
    columns: Mapping[str, str]

    @property
    def full_name(self) -> str:
        """Return the name with its schema, as readers write it."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Guard:
    """A test that publication waits for: when it fails, dbt does not come to publication."""

    name: str
    kind: str
    tested: str


def keep_record(manifest: Any) -> None:
    """Keep what publication needs to know of dbt's Manifest, until the command has built everything."""
    nodes = {unique_id: _kept(node) for unique_id, node in manifest.nodes.items()}
    unit_tests = {unique_id: _kept(test) for unique_id, test in manifest.unit_tests.items()}
    _record.update(nodes=nodes, unit_tests=unit_tests)


def kept_record() -> dict[str, Any]:
    """Return what was kept. Raises PublicationError if dbt was told to write no artifacts, and so gave none."""
    if not _record:
        raise PublicationError("Not published: dbt gave no record of the project. Build with --write-json.")
    return _record


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


def tables_to_publish(manifest: Mapping[str, Any], with_respondents: bool) -> list[PublishedTable]:
    """Return the tables to publish, by name: those whose ``meta`` says ``is_published``.

    Args: `manifest` is dbt's record; `with_respondents` adds those whose ``meta`` says ``holds_respondents``.
    Raises PublicationError where a table to be published unasked would have a column of ``PRIVATE_COLUMNS``, or a count
    of which nothing says whether it counts respondents.
    """
    tables = []
    for node in _nodes(manifest, "model"):
        meta = node["config"].get("meta") or {}
        holds_respondents = bool(meta.get("holds_respondents"))
        if not (with_respondents if holds_respondents else meta.get("is_published")):
            continue
        withheld = tuple(meta.get("withheld_columns") or ())
        columns = {column["name"]: column["description"] for column in node["columns"].values()}
        columns = {name: text for name, text in columns.items() if name not in withheld}
        private = sorted(PRIVATE_COLUMNS & set(columns))
        if private and not with_respondents:
            raise PublicationError(
                f"{node['original_file_path']}: {node['schema']}.{node['name']} has {', '.join(private)}, which would "
                "tell of single respondents. Take it out of the model, or add it to `withheld_columns` in the meta of "
                f"{node['name']}.yml; `holds_respondents: true` there publishes the table only when somebody asks."
            )
        bases = _base_columns(node, columns)
        tables.append(PublishedTable(node["schema"], node["name"], withheld, bases, node["description"], columns))
    return sorted(tables, key=lambda table: table.full_name)


def _base_columns(node: Mapping[str, Any], columns: Collection[str]) -> tuple[str, ...]:
    """Return the columns of a table that count respondents. Raises PublicationError for an unknown count."""
    meta = node["config"].get("meta") or {}
    if node["schema"] == _SCHEMA_OF_DIMENSIONS or meta.get("holds_respondents"):
        return ()
    unknown = sorted(name for name in columns if name.startswith("n_") and name not in BASE_COLUMNS | OTHER_COUNTS)
    if unknown:
        raise PublicationError(
            f"{node['original_file_path']}: {node['schema']}.{node['name']} has {', '.join(unknown)}. Say in "
            "python/coproduction/publishing/plan.py whether that counts respondents (BASE_COLUMNS: rounded down in the "
            "published file) or something else (OTHER_COUNTS)."
        )
    return tuple(name for name in columns if name in BASE_COLUMNS)


def guards_of_publication(manifest: Mapping[str, Any]) -> list[Guard]:
    """Return the tests that publication waits for, by name: data tests of severity error, and unit tests.

    dbt holds a node back when a test fails whose tables are all among the node's ancestors, and a model back when its
    unit test fails. A test on anything else guards nothing. Raises PublicationError if there is such a test.
    """
    ancestors = _ancestors(manifest, PUBLICATION)
    guards, unguarded = [], []
    for test in _nodes(manifest, "test"):
        if test["config"]["severity"].lower() == "error":
            tested = test["depends_on"]["nodes"]
            (guards if tested and set(tested) <= ancestors else unguarded).append(
                Guard(test["name"], "data test", _names(tested))
            )
    for test in manifest["unit_tests"].values():
        tested = test["depends_on"]["nodes"]
        (guards if set(tested) <= ancestors else unguarded).append(Guard(test["name"], "unit test", _names(tested)))
    if unguarded:
        raise PublicationError(
            f"{_named([guard.name for guard in unguarded])}: a failure would not stop publication, because what is "
            f"tested ({unguarded[0].tested}) is no ancestor of it. Let a model read it, or give the test severity warn."
        )
    return sorted(guards, key=lambda guard: (guard.kind, guard.name))


def why_not_whole(manifest: Mapping[str, Any], selected: Collection[str], flags: Any) -> str | None:
    """Return why this command does not build and test everything, in words; None where it does.

    Args: `selected` holds the ids of the nodes that dbt runs, without unit tests, which dbt keeps apart; `flags` are
    dbt's. So a flag that could leave out unit tests counts as leaving them out.
    """
    command = getattr(flags, "WHICH", None)
    if command != "build":
        return f"`dbt {command}` does not run every test"
    for option in ("EXCLUDE", "SELECTOR", "RESOURCE_TYPES", "EXCLUDE_RESOURCE_TYPES", "EMPTY", "SAMPLE"):
        if getattr(flags, option, None):
            return f"--{option.lower().replace('_', '-')} leaves something out"
    missing = [node["name"] for kind in _BUILT for node in _nodes(manifest, kind) if node["unique_id"] not in selected]
    if missing:
        return f"this build leaves out {len(missing)} of {_n_built(manifest)} nodes: {_named(missing)}"
    return None


def is_asked_for(flags: Any) -> bool:
    """Return whether somebody named the publication itself in --select, and so would not want it left out quietly."""
    name = PUBLICATION.rpartition(".")[2]
    return any(name in part.split("/")[-1].strip("+@0123456789").split(".") for part in _selections(flags))


def _selections(flags: Any) -> list[str]:
    return [part for words in getattr(flags, "SELECT", None) or () for part in words.replace(",", " ").split()]


def _nodes(manifest: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == kind]


def _n_built(manifest: Mapping[str, Any]) -> int:
    return sum(node["resource_type"] in _BUILT for node in manifest["nodes"].values())


def _ancestors(manifest: Mapping[str, Any], unique_id: str) -> set[str]:
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for parent in _parents(manifest, waiting.pop()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _parents(manifest: Mapping[str, Any], unique_id: str) -> list[str]:
    # A seed has none, and dbt's own record then has no place for them.
    return (manifest["nodes"][unique_id].get("depends_on") or {}).get("nodes", [])


def _names(unique_ids: Collection[str]) -> str:
    return ", ".join(unique_id.split(".")[2] for unique_id in unique_ids)


def _named(names: Collection[str]) -> str:
    """Return the first names, and how many more there are."""
    shown = ", ".join(sorted(names)[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} more"
