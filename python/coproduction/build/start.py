"""What happens when a dbt command starts: the check of the exports, and the preparation of files and folders.

dbt reads every seed while it parses, before any hook of the project runs. A file that is not UTF-8 ends dbt there with
a traceback that names no file. So the check runs before dbt parses, and dbt prints its errors without a traceback.
"""

from __future__ import annotations

from dbt_common.exceptions import DbtRuntimeError

from coproduction.build.checked_exports import write_checked_exports
from coproduction.build.messages import tell_user
from coproduction.build.project import (
    command,
    command_line_variables,
    log_file,
    project_directory,
    target_directory,
)
from coproduction.exports.leaving_out import CheckedExports, check_exports, sentences
from coproduction.files.warehouse import WarehouseError, prepare_to_write, warehouse_path, write_private_files

# These neither read seeds nor build anything, and are what one runs to get out of trouble.
_COMMANDS_LEFT_ALONE = ("clean", "deps", "serve")

# These write to the warehouse, or at least open it as if they would.
_COMMANDS_THAT_OPEN_THE_WAREHOUSE = ("build", "run", "seed", "test", "retry", "compile", "show", "generate")

_COMMANDS_THAT_WRITE_ANSWERS = ("build", "run", "seed", "test", "retry")

_MOST_ERRORS = 20


def prepare_command() -> None:
    """Check the exports and prepare what the dbt command writes. Raises DbtRuntimeError where it must not run."""
    if command() in _COMMANDS_LEFT_ALONE:
        return
    checked = _checked()
    if checked.errors:
        raise DbtRuntimeError(_message([str(error) for error in checked.errors]))
    if checked.left_out:
        _read_no_seed_while_parsing()
    if command() in _COMMANDS_THAT_WRITE_ANSWERS:
        write_private_files(log_file())
        _warn(checked)
    if command() in _COMMANDS_THAT_OPEN_THE_WAREHOUSE:
        _prepare_warehouse()
        # Written once the warehouse is claimed: no other command, such as an editor's, changes it during a build.
        write_checked_exports(checked, target_directory())


def _checked() -> CheckedExports:
    """Return what refuses the build, and which exports it leaves out."""
    try:
        return check_exports(project_directory(), command_line_variables(), with_notes=False)
    except Exception as reason:
        # dbt would show the bare text of the exception, such as 'scale_id', which helps nobody.
        raise DbtRuntimeError(
            f"The check of the exports stopped by a mistake of its own ({type(reason).__name__}: {reason}). "
            "`coproduction check` shows where."
        ) from reason


def _read_no_seed_while_parsing() -> None:
    """Lower dbt's limit of size above which it knows a seed by its path and does not read its text.

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


def _prepare_warehouse() -> None:
    """Make sure that the warehouse can be written before dbt tries."""
    try:
        prepare_to_write(warehouse_path(project_directory()))
    except WarehouseError as reason:
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
