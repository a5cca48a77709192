"""The command ``erase``: takes a person out of the exports and out of everything that builds have made of them."""

from __future__ import annotations

import glob
import shutil
from pathlib import Path

from coproduction.cli.build_command import build
from coproduction.cli.file_commands import check
from coproduction.cli.terminal import counted
from coproduction.exports.erasing import erase_from_exports
from coproduction.files.warehouse import (
    SET_ASIDE,
    WarehouseError,
    claim,
    open_warehouse,
    published_path,
    release,
    warehouse_path,
)

# What dbt keeps of earlier commands; both may hold answers.
_CACHES = ("target", "logs")

_RESPONDENTS_QUERY = "select value like 'PUBLISHED%' from publication.manifest where item = 'respondents'"

_LEFT = (
    "Backups, copies of the exports or of the warehouse elsewhere, drafts of codebooks, and the history of git are "
    "yours to clean. The id of this person is in the history of your terminal."
)


def erase(project: Path, council_id: str, respondent_id: str, variables: str) -> bool:
    """Erase a person, print from where, and build anew. Returns whether the build succeeded and published.

    Raises CoproductionError, and changes nothing, if no export of the council has the id, or if a build is running.
    """
    warehouse = warehouse_path(project).resolve()
    published = published_path(warehouse)
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    claim(warehouse)
    for erased in erase_from_exports(project, council_id, respondent_id):
        originals = f"; removed {', '.join(erased.originals)}, which held the same" if erased.originals else ""
        print(f"{erased.file}: {counted(erased.n_rows, 'row')} erased{originals}.")
    for path in _remove_what_was_built(project, warehouse, published):
        print(f"{path}: removed, because it was made with this person.")
    release(warehouse)
    is_built = check(project, variables, shows_notes=False) and build(project, variables)
    print(_verdict(published, is_built), _LEFT, sep="\n")
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


def _remove_what_was_built(project: Path, warehouse: Path, published: Path) -> list[Path]:
    """Remove the warehouse, what was set aside, dbt's caches, and a published file that holds single respondents."""
    names = ("", ".wal", ".tmp", f"{SET_ASIDE}*")
    name_of_file = glob.escape(warehouse.name)
    found = [path for name in names for path in sorted(warehouse.parent.glob(f"{name_of_file}{name}"))]
    found += [project / name for name in _CACHES if (project / name).exists()]
    if _holds_respondents(published):
        found.append(published)
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return found


def _holds_respondents(published: Path) -> bool:
    if not published.exists():
        return False
    try:
        with open_warehouse(published) as connection:
            return any(value for (value,) in connection.execute(_RESPONDENTS_QUERY).fetchall())
    except WarehouseError:
        # What cannot be read may hold anybody.
        return True
