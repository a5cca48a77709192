"""Facts in the manifest of a publication: the build, its input files, its tools and the tests that guard it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import duckdb

# The packages that a build runs, whose versions may change a figure or the file.
_DISTRIBUTIONS = (
    "coproduction", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "numpy", "pandas", "scipy", "statsmodels",
)  # fmt: skip

_SELECT_FACTS = """
    select
        unnest(cast(? as varchar[])) as part_id,
        unnest(cast(? as varchar[])) as item,
        unnest(cast(? as varchar[])) as value,
        unnest(cast(? as bigint[])) as n_rows
"""

# The kind of facts that only the warehouse has: a fingerprint lets a reader try guesses of what is in a file.
INPUT = "input"

_UNKNOWN = "unknown"
_GIT_SECONDS = 10


class Fact(NamedTuple):
    """A row of the manifest; `n_rows` is given for a table."""

    part_id: str
    item: str
    value: str | None
    n_rows: int | None = None


def facts_of_build(
    build_id: str, project: Path, provenances: Iterable[str], with_respondents: bool, minimum_base: int
) -> list[Fact]:
    """Return the facts that identify the build: its id, the time in UTC, the commit, and the kind of data.

    Args: `build_id` is dbt's id of the command; `project` the folder; `provenances` those of the exports in the build;
    a result for fewer than `minimum_base` respondents is withheld, and bases are rounded down to a multiple of it.
    """
    commit, is_dirty = commit_of(project)
    kinds = sorted(set(provenances))
    respondents = "PUBLISHED: single respondents are in this file" if with_respondents else "withheld"
    return [
        Fact("build", "build_id", build_id),
        Fact("build", "published_at", datetime.now(UTC).isoformat(timespec="seconds")),
        Fact("build", "git_commit", commit),
        Fact("build", "git_has_changes", is_dirty),
        Fact("build", "provenance", " and ".join(kinds) or "no exports"),
        Fact("build", "respondents", respondents),
        Fact("build", "minimum_base", str(minimum_base)),
    ]


def facts_of_tools() -> list[Fact]:
    """Return the versions of the packages that a build runs; 'not installed' where one is missing."""
    facts = [Fact("tool", "python", platform.python_version())]
    for name in _DISTRIBUTIONS:
        try:
            facts.append(Fact("tool", name, importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            facts.append(Fact("tool", name, "not installed"))
    return facts


def facts_of_files(project: Path, exports: Iterable[tuple[str, str]], seeds: Iterable[str]) -> list[Fact]:
    """Return the SHA-256 of every file that was read, by its path in the project.

    Args: `exports` are files with the fingerprints that the build computed; `seeds` are the other files, read now.
    """
    facts = [Fact(INPUT, file_name, fingerprint) for file_name, fingerprint in exports]
    for file_name in sorted(seeds):
        with (project / file_name).open("rb") as file:
            facts.append(Fact(INPUT, file_name, hashlib.file_digest(file, "sha256").hexdigest()))
    return facts


def relation_of(connection: duckdb.DuckDBPyConnection, facts: Sequence[Fact]) -> duckdb.DuckDBPyRelation:
    """Return the facts as a relation of the connection, a row each: part_id, item, value, n_rows."""
    columns = [[fact[place] for fact in facts] for place in range(len(Fact._fields))]
    return connection.sql(_SELECT_FACTS, params=columns)


def commit_of(project: Path) -> tuple[str, str]:
    """Return the commit of a project and whether its files differ from it: 'true', 'false'; 'unknown' without git.

    An untracked folder in another repository has no commit.
    """
    if not _git(project, "ls-files", "--", "dbt_project.yml"):
        return _UNKNOWN, _UNKNOWN
    lines = (_git(project, "status", "--porcelain=v2", "--branch", "--", ".") or "").splitlines()
    commit = next((line.removeprefix("# branch.oid ") for line in lines if line.startswith("# branch.oid ")), _UNKNOWN)
    return commit, str(any(not line.startswith("#") for line in lines)).lower()


def _git(project: Path, *arguments: str) -> str | None:
    """Return what git prints; None where there is no git, or no repository."""
    try:
        finished = subprocess.run(
            ["git", "-C", str(project), *arguments],
            # No optional locks, so that this call cannot block another git command of the user.
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return finished.stdout
