"""Publishes what a build made: the last thing that a whole build does, and nothing that a part of one does."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb

from coproduction.build.project import project_directory
from coproduction.files.warehouse import published_path, warehouse_path
from coproduction.publishing.facts import Fact, facts_of_build, facts_of_files, facts_of_tools
from coproduction.publishing.plan import (
    PublicationError,
    PublishedTable,
    guards_of_publication,
    is_asked_for,
    kept_record,
    tables_to_publish,
    why_not_whole,
)
from coproduction.publishing.snapshot import create_table, replace_published

_INCLUDED = "in the results"

# The key keeps a fact from being told twice: no test of dbt's could still stop the file, it would run afterwards.
_CREATE_MANIFEST = """
    create table {name}.publication.manifest (
        part_id varchar not null,
        item varchar not null,
        value varchar,
        n_rows bigint,
        primary key (part_id, item)
    )
"""

_SELECT_FACTS = """
    select
        unnest(cast(? as varchar[])) as part_id,
        unnest(cast(? as varchar[])) as item,
        unnest(cast(? as varchar[])) as value,
        unnest(cast(? as bigint[])) as n_rows
"""


def publish(
    session: duckdb.DuckDBPyConnection, build: str, with_respondents: bool, minimum_base: int, small_base: int
) -> duckdb.DuckDBPyRelation:
    """Publish the reports and what belongs to them, and return the manifest of the published file.

    Called by the model `manifest` when dbt has built and tested everything before it. Where this command does not build
    and test everything, the published file stays as it is, a line says so, and the manifest is the one before.

    Args: `session` is the connection that dbt gives to a Python model; `build` is the name of the table that the model
    makes; `with_respondents` publishes single respondents too; bases are rounded down to a multiple of `minimum_base`.
    Raises PublicationError if the file cannot be written, if something private would be in it, if a test does not guard
    it, if `small_base` is no multiple of `minimum_base`, or if somebody asked for publication alone.
    """
    from dbt import selected_resources
    from dbt.flags import get_flags
    from dbt_common.invocation import get_invocation_id

    project, flags = project_directory(), get_flags()
    path = published_path(warehouse_path(project))
    record = kept_record()
    reason = why_not_whole(record, set(selected_resources.SELECTED_RESOURCES), flags)
    if reason:
        message = f"Not published: {reason}. {_what_stays(path)} `dbt build` publishes."
        if is_asked_for(flags):
            raise PublicationError(message)
        print(message)
        return _manifest_before(session, build)
    if with_respondents not in (True, False):
        raise PublicationError(f"Not published: publish_respondents is {with_respondents!r}; it can be true or false.")
    if minimum_base < 1 or small_base % minimum_base:
        # The flag of a small base would tell on which side of it a rounded base lies.
        raise PublicationError(
            f"Not published: small_base is {small_base}, and minimum_base {minimum_base}. The first has to be a "
            "multiple of the second: change one of them in dbt_project.yml or in --vars."
        )
    guards = guards_of_publication(record)
    tables = tables_to_publish(record, with_respondents)
    cursor = session.cursor()
    in_results = _exports_in_results(cursor)
    if any("left out" in fact.value for fact in in_results) and all(fact.value != _INCLUDED for fact in in_results):
        raise PublicationError(
            f"Not published: every export is left out. {_what_stays(path)} reports.rpt_exports says why."
        )
    build_id, provenances, exports = get_invocation_id(), _provenances(cursor), _exports(cursor)

    def facts_from_elsewhere() -> list[Fact]:
        return [
            *facts_of_build(build_id, project, provenances, with_respondents, minimum_base),
            *facts_of_tools(),
            *facts_of_files(project, exports, _seeds(record)),
            *in_results,
            *(Fact("guard", guard.name, f"{guard.kind} of {guard.tested}") for guard in guards),
        ]

    facts: list[Fact] = []
    with ThreadPoolExecutor(1) as aside:
        # git, the versions of the tools and the files are looked at while the database copies.
        elsewhere = aside.submit(facts_from_elsewhere)
        replace_published(path, lambda name: facts.extend(_fill(cursor, name, tables, elsewhere, minimum_base)), cursor)
    cursor.close()
    if with_respondents:
        print(
            f"WARNING: single respondents are in {path}, because publish_respondents is true. Whoever can read this "
            "file can read what each of them answered. A build without that variable takes them out again."
        )
    return _relation(session, facts)


def _fill(
    cursor: duckdb.DuckDBPyConnection,
    name: str,
    tables: list[PublishedTable],
    elsewhere: Future[list[Fact]],
    step: int,
) -> list[Fact]:
    """Write the tables and then the manifest, with the number of rows of each, into the attached file; return it."""
    copied = [
        Fact("table", table.full_name, table.description.strip(), create_table(cursor, name, table, step))
        for table in tables
    ]
    facts = [*elsewhere.result(), *copied]
    cursor.execute(f"create schema {name}.publication")
    cursor.execute(_CREATE_MANIFEST.format(name=name))
    cursor.execute(f"insert into {name}.publication.manifest {_SELECT_FACTS}", _columns(facts))
    return facts


def _manifest_before(session: duckdb.DuckDBPyConnection, build: str) -> duckdb.DuckDBPyRelation:
    """Return the manifest of the last publication, as this warehouse knows it; empty where there was none."""
    try:
        return session.sql(f"select * from {build}")
    except duckdb.CatalogException:
        return _relation(session, [])


def _what_stays(path: Path) -> str:
    return f"{path} stays as it is." if path.exists() else f"There is no {path} yet."


def _provenances(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    return [provenance for (provenance,) in cursor.execute("select provenance from staging.stg_exports").fetchall()]


def _exports(cursor: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return cursor.execute("select file_name, sha256 from quality.export_files order by all").fetchall()


def _exports_in_results(cursor: duckdb.DuckDBPyConnection) -> list[Fact]:
    """Return a fact for each export of the codebook: that it is in the results, or why it is not."""
    query = f"select export_id, coalesce(reason, '{_INCLUDED}') from reports.rpt_exports order by all"
    return [Fact("export", export_id, value) for export_id, value in cursor.execute(query).fetchall()]


def _seeds(record: Mapping[str, Any]) -> list[str]:
    """Return the files of the seeds, without the exports: those that take part were fingerprinted by the build."""
    seeds = [node for node in record["nodes"].values() if node["resource_type"] == "seed"]
    return [node["original_file_path"] for node in seeds if node["schema"] != "raw"]


def _relation(session: duckdb.DuckDBPyConnection, facts: list[Fact]) -> duckdb.DuckDBPyRelation:
    return session.sql(_SELECT_FACTS, params=_columns(facts))


def _columns(facts: list[Fact]) -> list[list]:
    """Return the facts by column, as one statement takes all of them."""
    return [[fact[place] for fact in facts] for place in range(len(Fact._fields))]
