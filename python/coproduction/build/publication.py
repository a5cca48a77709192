"""Publishes the reports as the last step of a whole build. A partial build publishes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from coproduction.build import stopping
from coproduction.build.guards import guards_of_publication, is_asked_for, why_not_whole
from coproduction.build.messages import tell_user
from coproduction.build.project import command_line_variables, project_directory, warehouse_of_connection
from coproduction.build.record import kept_record, nodes_of_kind
from coproduction.files.warehouse import published_path
from coproduction.parts.project_parts import PARTS_FROM
from coproduction.publishing.bi.bi_tables import Measure, bi_tables
from coproduction.publishing.bi.table import BiTable
from coproduction.publishing.disclosure.earlier_file import minimum_before, surveys_with_few_more
from coproduction.publishing.disclosure.rounding_windows import PublishedRows
from coproduction.publishing.disclosure.single_figures import Finding, findings
from coproduction.publishing.facts import Fact, facts_of_build, facts_of_files, facts_of_tools, relation_of
from coproduction.publishing.plan import (
    LeftOut,
    PublicationError,
    PublishedTable,
    check_divisions,
    manifest_table,
    tables_to_publish,
)
from coproduction.publishing.snapshot import fill, replace_published

# A measure that no survey of this build asks keeps its columns, so that a dashboard finds them.
_MEASURES_QUERY = """
    select
        measure_id,
        coalesce(measure_label, measure_name),
        coalesce(dim_measure.unit_label, measures.unit_label, 'per cent'),
        coalesce(measures.is_outcome, false),
        coalesce(measures.unit_minimum, 0) = 0 and coalesce(measures.unit_maximum, 100) = 100
    from codebook.measures
    left join marts.dim_measure using (measure_id)
    order by 4 desc, measure_id
"""

_INCLUDED = "in the results"
_TOO_SMALL = "in the warehouse, but not published: the survey has too few respondents"


def publish(
    session: duckdb.DuckDBPyConnection, build: str, with_respondents: bool, minimum_base: int, small_base: int
) -> duckdb.DuckDBPyRelation:
    """Publish the reports and their metadata, and return the manifest of the published file.

    The model `manifest` calls this after dbt has built and tested every other node. If the command does not build and
    test everything, the published file is not changed, a message says so, and the previous manifest is returned.

    Args: `session` is the connection that dbt gives to a Python model; `build` is the name of the table that the model
    makes; `with_respondents` publishes single respondents too; bases are rounded down to a multiple of `minimum_base`.
    Raises PublicationError if the file cannot be written, if it would contain private data, if a failed test would not
    stop publication, if `small_base` is not a multiple of `minimum_base`, or if the user named the publication in
    --select of a partial build.
    """
    path, record = published_path(warehouse_of_connection(session)), kept_record()
    if not _is_whole(record, path):
        return _manifest_before(session, build)
    _check_variables(with_respondents, minimum_base, small_base)
    guards = guards_of_publication(record)
    models = nodes_of_kind(record, "model")
    check_divisions(models)
    tables, manifest = tables_to_publish(models, with_respondents), manifest_table(models)
    bi = _bi_tables(session)
    left_out = _too_small(session, minimum_base)
    facts = [
        *_facts_of_build(session, record, with_respondents, minimum_base),
        *(Fact("guard", guard.name, f"data test of {guard.tested}") for guard in guards),
    ]
    cursor = session.cursor()
    while True:
        known = [*facts, *_facts_of_exports(session, path, left_out)]
        copied: list[Fact] = []
        write = partial(_write, cursor, tables, known, copied, minimum_base, left_out, bi, manifest)
        broken: list[Finding] = []
        warnings: list[str] = []
        accept = partial(_is_accepted, path, minimum_base, broken, warnings)
        if replace_published(path, write, cursor, accept):
            for warning in warnings:
                tell_user(warning)
            break
        # Each round leaves out at least one survey more.
        left_out = _without_broken(session, left_out, broken)
    facts = [*known, *copied]
    cursor.close()
    stopping.published.append(path)
    if with_respondents:
        tell_user(
            f"WARNING: single respondents are in {path}, because publish_respondents is true. Whoever can read this "
            "file can read what each of them answered. A build without that variable takes them out again."
        )
    return relation_of(session, facts)


def _is_whole(record: Mapping[str, Any], path: Path) -> bool:
    """Return whether this command builds and tests everything; if not, tell the user the reason.

    Raises PublicationError where it does not and the user named the publication in --select.
    """
    from dbt import selected_resources
    from dbt.flags import get_flags

    flags = get_flags()
    is_from_parts = bool(command_line_variables().get(PARTS_FROM))
    reason = why_not_whole(record, set(selected_resources.SELECTED_RESOURCES), flags, is_from_parts)
    if not reason:
        return True
    message = f"Not published: {reason}. {_what_stays(path)} `dbt build` publishes."
    if is_asked_for(flags):
        raise PublicationError(message)
    tell_user(message)
    return False


def _check_variables(with_respondents: object, minimum_base: int, small_base: int) -> None:
    if with_respondents not in (True, False):
        raise PublicationError(f"Not published: publish_respondents is {with_respondents!r}; it can be true or false.")
    if minimum_base < 1 or small_base % minimum_base:
        # Otherwise the flag for a small base would reveal whether the exact base is below small_base.
        raise PublicationError(
            f"Not published: small_base is {small_base}, and minimum_base {minimum_base}. The first has to be a "
            "multiple of the second: change one of them in dbt_project.yml or in --vars."
        )


def _manifest_before(session: duckdb.DuckDBPyConnection, build: str) -> duckdb.DuckDBPyRelation:
    """Return the manifest of the last publication from this warehouse; empty if there was none."""
    try:
        return session.sql(f"select * from {build}")
    except duckdb.CatalogException:
        return relation_of(session, [])


def _what_stays(path: Path) -> str:
    return f"{path} stays as it is." if path.exists() else f"There is no {path} yet."


def _facts_of_build(
    session: duckdb.DuckDBPyConnection, record: Mapping[str, Any], with_respondents: bool, minimum_base: int
) -> list[Fact]:
    """Return the facts about the build, its tools and its input files."""
    from dbt_common.invocation import get_invocation_id

    project = project_directory()
    provenances = [row[0] for row in session.sql("select provenance from staging.stg_exports").fetchall()]
    exports = session.sql("select distinct file_name, sha256 from quality.export_files order by all").fetchall()
    return [
        *facts_of_build(get_invocation_id(), project, provenances, with_respondents, minimum_base),
        *facts_of_tools(),
        *facts_of_files(project, exports, _seeds(record)),
    ]


def _write(
    cursor: duckdb.DuckDBPyConnection,
    tables: Sequence[PublishedTable],
    known: Sequence[Fact],
    copied: list[Fact],
    minimum_base: int,
    left_out: LeftOut,
    bi: Sequence[BiTable],
    manifest: PublishedTable,
    name: str,
) -> None:
    """Fill the new file, and add the facts about its tables to `copied`."""
    copied += fill(cursor, name, tables, known, minimum_base, left_out, bi, manifest)


def _bi_tables(session: duckdb.DuckDBPyConnection) -> list[BiTable]:
    """Return the tables of the schema `bi` for the codebook of this build."""
    measures = session.sql(_MEASURES_QUERY).fetchall()
    breakdowns = session.sql("select breakdown_id from codebook.breakdowns").fetchall()
    weighted = session.sql("select 1 from reports.rpt_levels where weighting_id = 'weighted' limit 1").fetchall()
    return bi_tables([Measure(*row) for row in measures], [id_ for (id_,) in breakdowns], bool(weighted))


def _withstands(broken: list[Finding], new: Path) -> bool:
    """Return whether no hidden count can be worked out of single figures of the new file; add them to `broken`."""
    with duckdb.connect(str(new), read_only=True) as connection:
        broken += [finding for finding in findings(PublishedRows(connection, True)) if finding.is_exact]
    return not broken


def _is_accepted(path: Path, minimum_base: int, broken: list[Finding], warnings: list[str], new: Path) -> bool:
    """Return whether the new file withstands, and add to `warnings` what it reveals together with the one before."""
    warnings += _warnings_about_repeats(path, new, minimum_base)
    return _withstands(broken, new)


def _warnings_about_repeats(path: Path, new: Path, minimum_base: int) -> list[str]:
    """Return a warning for each survey by whose few new or missing respondents two published files differ."""
    if not path.exists():
        return []
    try:
        with duckdb.connect(str(path), read_only=True) as before, duckdb.connect(str(new), read_only=True) as after:
            repeats, minimum = surveys_with_few_more(before, after, minimum_base), minimum_before(before)
    except duckdb.Error as reason:
        return [f"WARNING: the new published file could not be compared with the one that it replaced ({reason})."]
    warnings = [
        f"WARNING: the published file of before has {repeat.n_before} respondents of {repeat.council_id} in "
        f"{repeat.wave_id}, and the new one {repeat.n_now}. Whoever has both can work out answers of the few people by "
        "whom they differ. Give the new file to nobody who has the old one, or publish again once at least "
        f"{minimum_base} respondents were added or taken out. docs/disclosure.md says how much is revealed."
        for repeat in repeats
    ]
    if minimum is not None and minimum != minimum_base:
        warnings.append(
            f"WARNING: the published file of before has minimum_base {minimum}, and the new one {minimum_base}. "
            "Together they reveal the bases more exactly than either. Give the new file to nobody who has the old one."
        )
    return warnings


def _without_broken(session: duckdb.DuckDBPyConnection, left_out: LeftOut, broken: Sequence[Finding]) -> LeftOut:
    """Return what is left out together with the broken surveys, and tell the user about each of these."""
    for survey in sorted({finding.survey for finding in broken}):
        finding = next(finding for finding in broken if finding.survey == survey)
        tell_user(
            f"Not published: the survey of {survey[0]} in {survey[1]}. From reports.{finding.table}, a reader could "
            f"work out a number of people below the minimum: {finding.what}. Raise minimum_base, or report it to the "
            "project: the disclosure plan should have withheld that figure."
        )
    surveys = {finding.survey for finding in broken}
    return _left_out(session, left_out.surveys | surveys, left_out.waves | {wave_id for _, wave_id in surveys})


def _too_small(session: duckdb.DuckDBPyConnection, minimum_base: int) -> LeftOut:
    """Return the surveys about which nothing is published, and tell the user which minimum they miss."""
    surveys = session.sql(
        "select council_id, wave_id, n_respondents from disclosure.plan_surveys where is_withheld order by all"
    ).fetchall()
    for council_id, wave_id, n_respondents in surveys:
        tell_user(
            f"Not published: the survey of {council_id} in {wave_id}. It has {n_respondents} respondents who are not "
            f"excluded, and a survey needs {2 * minimum_base}: {minimum_base} in a group and {minimum_base} in all "
            "others. Its results are in the warehouse, for those who may see the exports."
        )
    return _left_out(session, {(council_id, wave_id) for council_id, wave_id, _ in surveys})


def _left_out(
    session: duckdb.DuckDBPyConnection, surveys: Set[tuple[str, str]], waves: Set[str] = frozenset()
) -> LeftOut:
    exports = session.sql("select export_id, council_id, wave_id from codebook.exports").fetchall()
    of_surveys = frozenset(export for export, *survey in exports if tuple(survey) in surveys)
    return LeftOut(frozenset(surveys), of_surveys, frozenset(waves))


def _facts_of_exports(session: duckdb.DuckDBPyConnection, path: Path, left_out: LeftOut) -> list[Fact]:
    """Return a fact for each export of the codebook: it is in the results, or the reason why it is not.

    Raises PublicationError where every export is left out.
    """
    query = "select export_id, reason, is_included, is_left_out from reports.rpt_exports order by all"
    exports = session.sql(query).fetchall()
    if any(is_left_out for *_, is_left_out in exports) and not any(is_included for _, _, is_included, _ in exports):
        raise PublicationError(
            f"Not published: every export is left out. {_what_stays(path)} reports.rpt_exports says why."
        )
    return [
        Fact("export", export_id, reason or (_TOO_SMALL if export_id in left_out.exports else _INCLUDED))
        for export_id, reason, *_ in exports
    ]


def _seeds(record: Mapping[str, Any]) -> list[str]:
    """Return the files of the seeds except the exports, whose fingerprints the build itself has computed."""
    return [node["original_file_path"] for node in nodes_of_kind(record, "seed") if node["schema"] != "raw"]
