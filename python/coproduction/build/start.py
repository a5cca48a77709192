"""Steps at the start of a dbt command: the check of the exports and the preparation of files and folders.

dbt reads every seed while it parses, before any hook of the project runs. If a file is not UTF-8, dbt stops with a
traceback that names no file. Therefore the check runs before dbt parses, and dbt prints the errors of the check without
a traceback.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from dbt_common.exceptions import DbtRuntimeError
from dbt_common.invocation import get_invocation_id

from coproduction.build.checked_exports import write_checked_exports
from coproduction.build.messages import tell_user
from coproduction.build.project import (
    command,
    command_line_variables,
    go_to_project,
    log_file,
    project_directory,
    target_directory,
    warehouse_of_profile,
)
from coproduction.build.stopping import stop_at_interrupt
from coproduction.errors import CoproductionError
from coproduction.exports.leaving_out import CheckedExports, check_exports, sentences
from coproduction.files.temporary import use_private_temporary_folder
from coproduction.files.warehouse import prepare_to_write, write_private_files
from coproduction.parts.project_parts import folders_to_build_from

# These commands neither read seeds nor build anything, and users need them to solve problems.
_COMMANDS_LEFT_ALONE = ("clean", "deps", "serve")

# These commands open the warehouse for writing.
_COMMANDS_THAT_OPEN_THE_WAREHOUSE = ("build", "run", "seed", "test", "compile", "show", "generate")

_COMMANDS_THAT_WRITE_ANSWERS = ("build", "run", "seed", "test")

_COMMANDS_THAT_MAKE_MODELS = ("build", "run")

_MOST_ERRORS = 20


def prepare_command() -> None:
    """Check the exports and prepare the warehouse and folders. Raises DbtRuntimeError if dbt must not run."""
    if command() in _COMMANDS_LEFT_ALONE:
        return
    # Python itself starts `python -c` for multiprocessing, and would import from the folder where dbt runs.
    os.environ["PYTHONSAFEPATH"] = "1"
    stop_at_interrupt()
    if command() == "retry":
        raise DbtRuntimeError(
            "`dbt retry` is refused: it would check the exports without the --vars of the command that it repeats, and "
            "could load an export that was left out. Run that command again."
        )
    checked = _checked()
    if checked.errors:
        raise DbtRuntimeError(_message([str(error) for error in checked.errors]))
    if checked.left_out:
        _read_no_seed_while_parsing()
    if command() in _COMMANDS_THAT_WRITE_ANSWERS:
        _without_traceback(use_private_temporary_folder)
        _without_traceback(write_private_files, log_file())
        _warn(checked)
    if command() in _COMMANDS_THAT_OPEN_THE_WAREHOUSE:
        _without_traceback(go_to_project)
        _without_traceback(lambda: prepare_to_write(warehouse_of_profile()))
        # Written after the warehouse is claimed, so that no other command, such as an editor's, changes the file.
        parts = _parts(checked) if command() in _COMMANDS_THAT_MAKE_MODELS else []
        write_checked_exports(checked, target_directory(), get_invocation_id(), parts)


def _checked() -> CheckedExports:
    """Return the errors that stop the build and the exports that it leaves out."""
    try:
        variables = command_line_variables()
        return check_exports(project_directory(), variables, with_notes=False, only=variables.get("only_exports") or ())
    except Exception as reason:
        # dbt would show only the text of the exception, such as 'scale_id', without its type.
        raise DbtRuntimeError(
            "The check of the exports failed because of an error in the check itself "
            f"({type(reason).__name__}: {reason}). "
            "`coproduction check` shows where."
        ) from reason


def _parts(checked: CheckedExports) -> list[Path]:
    """Return the folders of the parts from which this command builds; none if it computes everything itself.

    Raises DbtRuntimeError if the parts are not those of the project as it is now.
    """
    try:
        return folders_to_build_from(project_directory(), command_line_variables(), checked.left_out)
    except CoproductionError as reason:
        raise DbtRuntimeError(f"Nothing was built. {reason}") from reason


def _read_no_seed_while_parsing() -> None:
    """Lower the file size above which dbt identifies a seed by its path and does not read its text.

    A file that is left out may not be UTF-8, and dbt would fail on it. The seeds are loaded later by
    macros/seed_as_text.sql, which does not read a file that is left out.
    """
    from dbt.contracts import files

    files.MAXIMUM_SEED_SIZE = -1  # type: ignore[attr-defined]


def _warn(checked: CheckedExports) -> None:
    """Tell the user which exports are left out, and which columns are loaded although they look personal."""
    if checked.loaded_personal:
        tell_user(
            f"WARNING: {', '.join(checked.loaded_personal)}: what looks like personal data is loaded, "
            "because load_personal_columns says so. It is never published."
        )
    if checked.left_out:
        tell_user(*sentences(checked.left_out))


def _without_traceback(function: Callable[..., object], *arguments: object) -> None:
    """Call a function; turn an error of this project into one that dbt prints as a message."""
    try:
        function(*arguments)
    except CoproductionError as reason:
        raise DbtRuntimeError(f"Nothing was built. {reason}") from reason


def _message(errors: list[str]) -> str:
    """Return one message for all errors; where there are very many, for the first."""
    n_more = len(errors) - _MOST_ERRORS
    return "\n".join(
        [
            f"Nothing was built: {len(errors)} error(s) in the exports or the codebook.",
            *errors[:_MOST_ERRORS],
            *([f"... and {n_more} more"] if n_more > 0 else []),
            "`coproduction check` shows all of it, with notes.",
        ]
    )
