"""The commands ``part``, ``shards`` and ``build --changed``: count council-waves apart, and build from the parts."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coproduction.cli.build_command import build, run_dbt
from coproduction.cli.file_commands import look, read_variables
from coproduction.cli.terminal import counted
from coproduction.errors import CoproductionError
from coproduction.exports.leaving_out import check_exports, sentences
from coproduction.exports.project_files import LIST, LIST_ELSEWHERE, read_codebook
from coproduction.files.finding import meant, shortened
from coproduction.files.plain_files import replace_file
from coproduction.files.warehouse import WAREHOUSE_VARIABLE, warehouse_path, write_private_files
from coproduction.parts import kept_parts as parts
from coproduction.parts.handing_over import hand_over, tables_handed_over
from coproduction.parts.project_parts import (
    ONLY_EXPORTS,
    PARTS_FROM,
    ProjectUnits,
    keys_as_they_are,
    parts_folder,
    units_with_keys,
)
from coproduction.parts.sharing import shared
from coproduction.parts.units import Unit

# The plan that `shards` writes into the folder of parts: one command on each line.
PLAN = "shards.txt"
_SELECTOR = "part"
_HANDED_OVER = "handed_over"


def build_changed(project: Path, variables: str, recounts_all: bool) -> bool:
    """Count the council-waves that have changed, then build from the parts. Returns whether all of it succeeded.

    Args: with `recounts_all`, every council-wave is counted again.
    """
    checked = look(project, variables, shows_notes=False)
    if checked.errors:
        return False
    command_line = read_variables(variables)
    folder = parts_folder(warehouse_path(project))
    found = units_with_keys(project, command_line, checked.left_out)
    if not found.units:
        return build(project, variables)
    compared = parts.compare(folder, {} if recounts_all else found.keys)
    to_count = list(found.units) if recounts_all else compared.to_count
    parts.remove(_gone(compared.outdated, found))
    print(_sentence(to_count, found))
    if to_count and not _make(project, [found.units[unit_id] for unit_id in to_count], folder, command_line):
        return False
    return build(project, json.dumps(command_line | {PARTS_FROM: str(folder)}))


def part(project: Path, unit_ids: Sequence[str], folder: Path | None, variables: str) -> bool:
    """Count council-waves in one process and put their parts into a folder. Returns whether dbt succeeded.

    Raises CoproductionError for a name that is no unit of the project, and if every export of the units is left out.
    """
    command_line = read_variables(variables)
    every = units_with_keys(project, command_line).units
    for name in unit_ids:
        if name not in every:
            close = meant(name, every)
            hint = f" Did you mean {' or '.join(close)}?" if close else ""
            raise CoproductionError(f"{name} is no council-wave of this project.{hint} There are: {', '.join(every)}.")
    only = [export_id for name in unit_ids for export_id in every[name].export_ids]
    refused = check_exports(project, command_line, with_notes=False, only=only).left_out
    found = units_with_keys(project, command_line, refused)
    units = [found.units[name] for name in dict.fromkeys(unit_ids) if name in found.units]
    if not units:
        why = sentences({export_id: errors for export_id, errors in refused.items() if export_id in only})
        raise CoproductionError("\n".join([f"There is nothing to count in {shortened(unit_ids)}.", *why]))
    return _make(project, units, folder or parts_folder(warehouse_path(project)), command_line)


def shards(project: Path, n_shards: int, folder: Path | None, variables: str, runs: bool, recounts_all: bool) -> bool:
    """Write the plan of shards, a command for each; with `runs`, run them here at the same time, then build.

    Council-waves with a current part are in no shard, except with `recounts_all`. Returns whether all succeeded.
    """
    checked = look(project, variables, shows_notes=False)
    if checked.errors:
        return False
    into = (folder or parts_folder(warehouse_path(project))).resolve()
    found = units_with_keys(project, read_variables(variables), checked.left_out)
    compared = parts.compare(into, {} if recounts_all else found.keys)
    to_count = list(found.units) if recounts_all else compared.to_count
    commands = [
        ["coproduction", "part", *names, "--into", str(into), "--vars", variables or "{}"]
        for names in shared(project, [found.units[unit_id] for unit_id in to_count], n_shards)
    ]
    parts.remove(_gone(compared.outdated, found))
    with parts.work_folder(into):
        plan = "".join(f"{shlex.join(command)}\n" for command in commands)
        replace_file(into / PLAN, plan.encode(), is_private=True)
    print(f"{_sentence(to_count, found)} {into / PLAN} has {counted(len(commands), 'command')}, one for each shard.")
    if not runs:
        return True
    running = [_started(project, command) for command in commands]
    # Every shard is waited for, so that none is left alone when another one fails.
    failed = [command for command, process in zip(commands, running, strict=True) if process.wait()]
    for command in failed:
        print(f"This shard failed: {shlex.join(command)}", file=sys.stderr)
    whole = json.dumps(read_variables(variables) | {PARTS_FROM: str(into)})
    return not failed and build(project, whole)


def _make(project: Path, units: Sequence[Unit], folder: Path, command_line: Mapping[str, Any]) -> bool:
    """Count units in one process of dbt, in a warehouse of their own, and put their parts into the folder."""
    wanted = [unit.unit_id for unit in units]
    before = keys_as_they_are(project, command_line, units)
    write_private_files()
    with parts.work_folder(folder.resolve()) as work:
        codebook = read_codebook(project)[0]
        files = sorted({file for unit in units for file in unit.files})
        own = {LIST: [file for file in files if not codebook.location_of(file)]}
        own[LIST_ELSEWHERE] = [file for file in files if codebook.location_of(file)]
        own[ONLY_EXPORTS] = [export_id for unit in units for export_id in unit.export_ids]
        warehouse = work / "part.duckdb"
        with _written_into(project, work, warehouse):
            # Of the tests, those of the part alone: the others follow with the build from the parts.
            is_made, _ = run_dbt(project, json.dumps(dict(command_line) | own), "--selector", _SELECTOR)
        if not is_made:
            print(f"Not counted: {shortened(wanted)}. Their parts are as they were.")
            return False
        tables = tables_handed_over(json.loads((work / "target" / "manifest.json").read_bytes()))
        hand_over(warehouse, tables, units, work / _HANDED_OVER)
        if keys_as_they_are(project, command_line, units) != before:
            raise CoproductionError(
                f"A file of {shortened(wanted)} has changed while it was counted, so no part was kept. Try again."
            )
        for unit_id in wanted:
            new = work / _HANDED_OVER / unit_id
            parts.write_record(new, {unit_id: before[unit_id]}, tables)
            parts.put_in_place(new, folder.resolve())
    return True


@contextmanager
def _written_into(project: Path, work: Path, warehouse: Path) -> Iterator[None]:
    """Let dbt write into a folder of its own. Raises CoproductionError if the profile names a fixed warehouse."""
    own = {
        WAREHOUSE_VARIABLE: str(warehouse),
        "DBT_TARGET_PATH": str(work / "target"),
        "DBT_LOG_PATH": str(work / "logs"),
    }
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        if warehouse_path(project) != warehouse:
            raise CoproductionError(
                f"profiles.yml does not take the path of the warehouse from {WAREHOUSE_VARIABLE}, and each part is "
                f"made in a warehouse of its own. Write {{{{ env_var('{WAREHOUSE_VARIABLE}') }}}} there."
            )
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _started(project: Path, command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a command of this environment in the folder of the project, whatever the PATH says."""
    return subprocess.Popen([sys.executable, "-m", *command], cwd=project)


def _gone(outdated: Sequence[parts.Part], found: ProjectUnits) -> list[parts.Part]:
    """Return the parts of units that the project no longer has."""
    return [part for part in outdated if not set(part.units) & set(found.units)]


def _sentence(to_count: Sequence[str], found: ProjectUnits) -> str:
    n_kept = len(found.units) - len(to_count)
    if not to_count:
        return f"Nothing has changed: the parts of all {counted(len(found.units), 'council-wave')} are current."
    kept = f"; the parts of {n_kept} are current" if n_kept else ""
    return f"To be counted: {shortened(to_count)}{kept}."
