"""Writes a new published file in the same folder, and replaces the old file with it in a single step."""

from __future__ import annotations

import contextlib
import os
import stat
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from coproduction.files.plain_files import NotPlainError, require_plain
from coproduction.files.temporary import is_running
from coproduction.publishing.bi.table import SCHEMA, WITHHELD_MEANING, BiTable, select_of
from coproduction.publishing.facts import INPUT, Fact, relation_of
from coproduction.publishing.plan import NOTHING, LeftOut, PublicationError, PublishedTable
from coproduction.publishing.sql_text import quoted, text

# DuckDB 1.0 and later, such as those inside BI tools and command lines, can read this version.
STORAGE_VERSION = "v1.0.0"

# Without a primary key: DuckDB 1.0 cannot open a file that has one of DuckDB 2. `_refuse_repeated` does its work.
_CREATE_MANIFEST = """
    create table {name}.publication.manifest (
        part_id varchar not null,
        item varchar not null,
        value varchar,
        n_rows bigint
    )
"""

# What DuckDB raises if a file cannot be written: on a full disk it depends on what was being written.
_CANNOT_WRITE = (
    duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException, duckdb.TransactionException,
)  # fmt: skip

# Where Linux keeps what `setfacl` sets.
_ACCESS_LIST = "system.posix_acl_access"

# The owner can write and the group can read, so that a BI server with a separate account can get access.
_MODE = 0o640


def replace_published(
    path: Path,
    write: Callable[[str], None],
    connection: duckdb.DuckDBPyConnection,
    is_accepted: Callable[[Path], bool] = lambda _: True,
) -> bool:
    """Write a new published file and replace the old file with it; the old file does not change before that.

    Returns whether `is_accepted` accepts the complete new file. If not, the new file is removed and the old one stays.

    A reader opens either the old file or the new one, because the new file is complete and on disk before it gets the
    final name. A program that has the old file open continues to read the old file.

    Args: `path` is the published file; `write` gets the name under which the new file is attached to `connection`, and
    fills that file. Raises PublicationError where the folder cannot be written or is full, or where a link, a pipe or a
    folder has the name of the file.
    """
    try:
        require_plain(path)
    except NotPlainError as reason:
        raise PublicationError(f"Not published: {reason}") from reason
    remove_leftovers(path)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with _attached(connection, new) as name:
            write(name)
        if not is_accepted(new):
            return False
        _give_mode(new, path)
        _sync(new)
        new.replace(path)
        _sync(path.parent)
        return True
    except (OSError, *_CANNOT_WRITE) as reason:
        raise PublicationError(
            f"Not published: {path} could not be written ({reason}), and stays as it was. See that its folder can be "
            "written to and has room, and build again."
        ) from reason
    finally:
        with contextlib.suppress(OSError):
            _remove(new)


def fill(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    tables: Sequence[PublishedTable],
    facts: Sequence[Fact],
    step: int,
    left_out: LeftOut = NOTHING,
    bi: Sequence[BiTable] = (),
    manifest: PublishedTable | None = None,
) -> list[Fact]:
    """Write the tables and then the manifest into the attached file; return the facts about the tables.

    Args: `name` is the attached file's; `facts` are the other facts of the manifest; bases are rounded down to a
    multiple of `step`; of the surveys in `left_out` no table has a row; the tables `bi` are read from the new file
    itself, so nothing is in them that it withholds; `manifest` describes the manifest. The fingerprints of the input
    files are not written: whoever guesses an answer could try whether a file with it has the fingerprint.
    """
    copied = [
        Fact("table", table.full_name, table.description.strip(), create_table(connection, name, table, step, left_out))
        for table in tables
    ]
    written = {table.full_name: table for table in tables}
    copied += [
        Fact("table", table.full_name, table.description, _create_bi_table(connection, name, table, written, step))
        for table in bi
        if written.keys() >= {*table.sources}
    ]
    connection.execute(f"create schema {name}.publication")
    connection.execute(_CREATE_MANIFEST.format(name=name))
    if manifest:
        _comment(connection, f"{name}.publication.manifest", manifest.description, manifest.columns)
    public = [fact for fact in facts if fact.part_id != INPUT]
    _refuse_repeated([*public, *copied])
    relation_of(connection, [*public, *copied]).insert_into(f"{name}.publication.manifest")
    return copied


def create_table(
    connection: duckdb.DuckDBPyConnection, name: str, table: PublishedTable, step: int, left_out: LeftOut = NOTHING
) -> int:
    """Copy a table of the build into the attached file, with its descriptions as comments; return its rows.

    Args: `name` is the attached file's; the table's `rounded_columns` are rounded down to a multiple of `step`, its
    p-values up to hundredths, and rows about a survey or an export in `left_out` are not copied.
    """
    _refuse_undescribed_columns(connection, table)
    target = f"{name}.{quoted(table.schema)}.{quoted(table.name)}"
    unpublished = ", ".join(map(quoted, table.unpublished_columns))
    replaced = [f"{column} - {column} % {step} as {column}" for column in map(quoted, table.rounded_columns)]
    # A billionth less, so that 0.05 stays 0.05.
    replaced += [
        f"case when {column} is not null then ceil(greatest(100 * {column} - 1e-9, 1e-9)) / 100 end as {column}"
        for column in map(quoted, table.p_value_columns)
    ]
    rounded = ", ".join(replaced)
    columns = f"*{f' exclude ({unpublished})' if unpublished else ''}{f' replace ({rounded})' if rounded else ''}"
    connection.execute(f"create schema if not exists {name}.{quoted(table.schema)}")
    connection.execute(
        f"create table {target} as select {columns} from {quoted(table.schema)}.{quoted(table.name)} "
        + _only_others(table, left_out)
    )
    meanings = {column: f"{meaning} {_how_rounded(table, column, step)}" for column, meaning in table.columns.items()}
    _comment(connection, target, table.description, meanings)
    return _n_rows(connection, target)


def _create_bi_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    table: BiTable,
    written: Mapping[str, PublishedTable],
    step: int,
) -> int:
    """Make a table of the schema `bi` from the reports in the attached file; return its rows."""
    report, target = written[table.report], f"{name}.{SCHEMA}.{quoted(table.name)}"
    connection.execute(f"create schema if not exists {name}.{SCHEMA}")
    connection.execute(f"create table {target} as {select_of(table, name)}")
    meanings = {key.name: key.meaning or report.columns[key.expression] for key in table.keys}
    meanings |= {
        f"{quantity.prefix}_{cell.suffix}": (
            f"{quantity.label}: {cell.meaning}. {_how_rounded(report, cell.column, step)}"
        )
        for quantity in table.quantities
        for cell in quantity.cells
    }
    meanings |= {"withheld": WITHHELD_MEANING, "provenance": report.columns["provenance"]}
    _comment(connection, target, f"{table.description} One row per {table.grain}.", meanings)
    return _n_rows(connection, target)


def _n_rows(connection: duckdb.DuckDBPyConnection, target: str) -> int:
    n_rows: int = connection.execute(f"select count(*) from {target}").fetchall()[0][0]
    return n_rows


def _comment(connection: duckdb.DuckDBPyConnection, target: str, description: str, meanings: Mapping[str, str]) -> None:
    """Write the descriptions of a table and its columns into the file, where tools show them."""
    comments = [f"comment on table {target} is {text(description)}"]
    comments += [f"comment on column {target}.{quoted(column)} is {text(words)}" for column, words in meanings.items()]
    connection.execute("; ".join(comments))


def _refuse_repeated(facts: Sequence[Fact]) -> None:
    """Raise PublicationError if two facts have one name. A dbt test would run too late to stop publication."""
    counts = Counter((fact.part_id, fact.item) for fact in facts)
    repeated = sorted(f"{part_id} {item}" for (part_id, item), n in counts.items() if n > 1)
    if repeated:
        raise PublicationError(f"Not published: the manifest would name {', '.join(repeated)} twice.")


def _how_rounded(table: PublishedTable, column: str, step: int) -> str:
    if column in table.rounded_columns:
        return f"Rounded down to a multiple of {step}."
    return "Rounded up to hundredths." if column in table.p_value_columns else ""


def _only_others(table: PublishedTable, left_out: LeftOut) -> str:
    """Return the condition that leaves out rows about some surveys, and about all councils of their waves."""
    conditions = []
    if {"council_id", "wave_id"} <= set(table.columns):
        for council_id, wave_id in sorted(left_out.surveys):
            for wave in sorted({"wave_id", "earlier_wave_id"} & set(table.columns)):
                survey = f"council_id = {text(council_id)} and {wave} = {text(wave_id)}"
                conditions.append(f"not coalesce({survey}, false)")
        for wave_id in sorted(left_out.waves):
            conditions.append(f"not coalesce(council_id = 'all' and wave_id = {text(wave_id)}, false)")
    elif "export_id" in table.columns:
        conditions = [f"export_id is distinct from {text(export_id)}" for export_id in sorted(left_out.exports)]
    return f"where {' and '.join(conditions)}" if conditions else ""


def _refuse_undescribed_columns(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> None:
    """Raise PublicationError if a table has a column that its .yml does not describe; it may be anything."""
    source = f"{quoted(table.schema)}.{quoted(table.name)}"
    built = {row[0] for row in connection.execute(f"describe {source}").fetchall()}
    undescribed = sorted(built - set(table.columns) - set(table.unpublished_columns))
    if undescribed:
        raise PublicationError(
            f"Not published: {table.full_name} has {', '.join(undescribed)}, which {table.name}.yml does not describe. "
            "Describe each column there, or name it in `unpublished_columns` in the meta of the model."
        )


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[str]:
    """Attach a new file for one transaction, under a name that no other file has."""
    name = f"published_{uuid.uuid4().hex}"
    connection.execute(f"attach {text(str(path))} as {name} (storage_version '{STORAGE_VERSION}')")
    try:
        connection.execute("begin")
        try:
            yield name
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")
        # Writes the write-ahead log into the file itself, so that there is only one file.
        connection.execute(f"checkpoint {name}")
    finally:
        with contextlib.suppress(duckdb.Error):
            connection.execute(f"detach {name}")


def _give_mode(new: Path, before: Path) -> None:
    """Give a new file the group, mode and access list of the old file, which an administrator may have chosen.

    Other users may never write. Raises PublicationError if this account may not give a file to that group, or give it
    that list.
    """
    if not before.exists():
        new.chmod(_MODE)
        return
    old = before.stat()
    if old.st_gid != new.stat().st_gid:
        try:
            os.chown(new, -1, old.st_gid)
        except PermissionError as reason:
            raise PublicationError(
                f"Not published: {before} has a group (id {old.st_gid}) to which this account may not give files, so "
                "the group could not read the new file. It stays as it was. Add this account to the group, or give the "
                f"folder to the group and set its setgid bit (chgrp {old.st_gid}, chmod g+s)."
            ) from reason
    _give_access_list(new, before)
    new.chmod(stat.S_IMODE(old.st_mode) & ~stat.S_IWOTH)


def _give_access_list(new: Path, before: Path) -> None:
    """Give a new file the list of users and groups that `setfacl` gave to the old one, if it has one."""
    try:
        access_list = os.getxattr(before, _ACCESS_LIST)
    except (OSError, AttributeError):  # It has none, or this system keeps none.
        return
    try:
        os.setxattr(new, _ACCESS_LIST, access_list)
    except OSError as reason:
        raise PublicationError(
            f"Not published: {before} has an access list (setfacl) that cannot be given to the new file "
            f"({reason.strerror}), so those on it could not read that. It stays as it was."
        ) from reason


def _sync(path: Path) -> None:
    """Wait until the content of a file or a folder is on disk and not only in the memory of the system."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(path: Path) -> None:
    """Remove what killed processes left of a file that they were writing, but not that of one that is running."""
    start = f".{path.name}."
    for leftover in path.parent.glob(f"{start}*.new*"):
        pid = leftover.name.removeprefix(start).split(".")[0]
        if not (pid.isdigit() and int(pid) != os.getpid() and is_running(int(pid))):
            leftover.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    for file in (path, path.with_name(path.name + ".wal")):
        file.unlink(missing_ok=True)
