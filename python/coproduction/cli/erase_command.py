"""The command ``erase``: takes a person out of the exports and out of everything that builds have made of them."""

from __future__ import annotations

import glob
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from coproduction.cli.around_surveys.export_command import EXPORTED
from coproduction.cli.build_command import build
from coproduction.cli.file_commands import check
from coproduction.cli.report_command import REPORTS_FOLDER
from coproduction.cli.terminal import counted
from coproduction.codebook.tables import Codebook
from coproduction.exports.erasing import erase_rows, plan_erasure
from coproduction.exports.left_traces import Traces, traces_of
from coproduction.exports.project_files import read_codebook
from coproduction.files.plain_files import require_folder
from coproduction.files.profile import option_of_dbt
from coproduction.files.temporary import use_private_temporary_folder
from coproduction.files.warehouse import (
    SET_ASIDE,
    WarehouseError,
    claim,
    open_warehouse,
    published_path,
    release,
    warehouse_path,
)
from coproduction.parts.project_parts import parts_folder
from coproduction.publishing.snapshot import remove_leftovers

# What dbt keeps of earlier commands, and the variables that put it elsewhere; all of it may hold answers.
_CACHES = {"target": "TARGET_PATH", "logs": "LOG_PATH"}
_FILES_OF_DBT = ("compiled", "run", "*.json", "*.msgpack", "*.gpickle", "dbt.log*")

_RESPONDENTS_QUERY = "select value like 'PUBLISHED%' from publication.manifest where item = 'respondents'"

_LEFT = (
    "Backups, copies outside this folder, drafts of codebooks, and the history of git are yours to clean. The id of "
    "this person is in the history of your terminal."
)
_MOST_FILES = 20


def erase(project: Path, council_id: str, respondent_id: str, variables: str) -> bool:
    """Erase a person, print from where, and build anew. Returns whether the build succeeded and published.

    Raises CoproductionError, and changes nothing, if no export of the council has the id, or if a build is running.
    """
    warehouse = warehouse_path(project).resolve()
    published = published_path(warehouse)
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    claim(warehouse)
    planned = plan_erasure(project, council_id, respondent_id)
    for erasure in planned.erasures:
        folder = (project / erasure.file).resolve().parent
        require_folder(folder, "Nothing was erased: see that the files of the project may be written.")
    # Removes what killed commands left in the temporary folder.
    use_private_temporary_folder()
    # The exports come last: until their rows are gone, the same command can be given again and does all of it.
    for path in _remove_what_was_made(project, council_id, warehouse, published):
        print(f"{path}: removed, because it was made with this person.")
    for erasure in planned.erasures:
        copies = erase_rows(project, erasure)
        same = f"; removed {', '.join(copies)}, which held the same" if copies else ""
        print(f"{erasure.file}: {counted(erasure.n_rows, 'row')} erased{same}.")
    reports = project / REPORTS_FOLDER
    traces = traces_of(project, respondent_id, planned.own_texts, [published, reports])
    release(warehouse)
    is_built = check(project, variables, shows_notes=False) and build(project, variables)
    print(_verdict(published, is_built), *_sentences(planned.without_ids, traces), sep="\n")
    if is_built and (old := _older_than(published, reports)):
        print(
            f"Made before, with this person in their counts: {_shown(old)}. `coproduction workbook` and `coproduction "
            "files` write them anew."
        )
    print(_LEFT)
    return is_built


def _verdict(published: Path, is_built: bool) -> str:
    if is_built:
        return f"The person is gone from the exports, the warehouse and {published}."
    stays = (
        f" {published} is still the one of the build before, with this person in its counts."
        if published.exists()
        else ""
    )
    return f"The person is gone from the exports and the warehouse, and nothing new was published.{stays} Build again."


def _sentences(without_ids: Sequence[str], traces: Traces) -> Iterator[str]:
    """Yield what somebody has to look at: this command can neither know nor decide it."""
    if without_ids:
        yield (
            f"{', '.join(without_ids)}: the codebook names no column of ids, so this person may be in there still. "
            "Look for the rows by hand."
        )
    if traces.found:
        yield f"The id or a text of this person is still in: {_shown(traces.found)}. Take it out, or delete the files."
    if traces.not_searched:
        yield f"Not searched, because their content is compressed: {_shown(traces.not_searched)}. Look into them."


def _shown(paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - _MOST_FILES} more" if len(paths) > _MOST_FILES else ""
    return ", ".join(map(str, paths[:_MOST_FILES])) + more


def _older_than(published: Path, reports: Path) -> list[Path]:
    """Return the files of reports that are older than the published file, and the folders that have such files.

    A build writes only the pages anew.
    """
    if not published.exists():
        return []
    time = published.stat().st_mtime
    old = [path for path in reports.rglob("*") if path.is_file() and path.stat().st_mtime < time]
    return sorted({reports / path.relative_to(reports).parts[0] for path in old})


def _remove_what_was_made(project: Path, council_id: str, warehouse: Path, published: Path) -> list[Path]:
    """Remove parts, warehouses, dbt's caches, exported answers, and a published file with single respondents."""
    names = ("", ".wal", ".tmp", f"{SET_ASIDE}*")
    name_of_file = glob.escape(warehouse.name)
    found = [path for name in names for path in sorted(warehouse.parent.glob(f"{name_of_file}{name}"))]
    # The parts come first among these: a build would take the person from them again.
    found = [path for path in [parts_folder(warehouse)] if path.is_dir()] + found
    found += [*_caches(project), *_exported(project, council_id)]
    remove_leftovers(published)
    if _holds_respondents(published):
        found.append(published)
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return found


def _caches(project: Path) -> Iterator[Path]:
    """Yield what dbt wrote. A folder that a variable names may have files of others in it too."""
    for name, option in _CACHES.items():
        if (project / name).exists():
            yield project / name
        elsewhere = option_of_dbt(option)
        if elsewhere and (project / elsewhere).resolve() != (project / name).resolve():
            yield from (path for made in _FILES_OF_DBT for path in sorted((project / elsewhere).glob(made)))


def _exported(project: Path, council_id: str) -> Iterator[Path]:
    """Yield the folders in which `coproduction export` writes the exports of a council, perhaps with the answers."""
    codebook: Codebook = read_codebook(project)[0]
    for row in codebook["exports"]:
        folder = project / EXPORTED / row["export_id"]
        if row["council_id"] == council_id and folder.is_dir():
            yield folder


def _holds_respondents(published: Path) -> bool:
    if not published.exists():
        return False
    try:
        with open_warehouse(published) as connection:
            return any(value for (value,) in connection.execute(_RESPONDENTS_QUERY).fetchall())
    except WarehouseError:
        # What cannot be read may hold anybody.
        return True
