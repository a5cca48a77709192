"""The dbt command that is running: its name, its variables and its folders."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coproduction.errors import CoproductionError
from coproduction.files.warehouse import file_of_path

if TYPE_CHECKING:
    import duckdb


def warehouse_of_profile() -> Path:
    """Return the file to which dbt connects in this command. Raises WarehouseError for a database that is no file.

    dbt reads the profile before it calls a plugin. The credentials are those that dbt-duckdb connects with.
    """
    from click import get_current_context

    return file_of_path(get_current_context().obj["profile"].credentials.path, project_directory())


def warehouse_of_connection(session: duckdb.DuckDBPyConnection) -> Path:
    """Return the file to which a connection of dbt writes."""
    query = "select path from duckdb_databases() where database_name = current_database()"
    return project_directory() / session.execute(query).fetchall()[0][0]


def command() -> str | None:
    """Return the dbt command that is being run, such as 'build'; None outside dbt."""
    return _flag("WHICH")


def command_line_variables() -> dict[str, Any]:
    """Return the variables that were given with --vars."""
    return dict(_flag("VARS") or {})


def project_directory() -> Path:
    """Return the folder of the dbt project that is being built; the current folder outside dbt."""
    return Path(_flag("PROJECT_DIR") or ".").resolve()


def go_to_project() -> None:
    """Make the folder of the project the current one: dbt and DuckDB read relative paths from there, as of seeds.

    Raises CoproductionError if --project-dir is a relative path from elsewhere, which dbt itself would read once more.
    """
    project = project_directory()
    if Path.cwd() != project and not Path(_flag("PROJECT_DIR")).is_absolute():
        raise CoproductionError(
            f"Give the folder of the project as a full path: --project-dir {shlex.quote(str(project))}"
        )
    os.chdir(project)


def target_directory() -> Path:
    """Return the folder into which dbt writes compiled files."""
    return project_directory() / (_flag("TARGET_PATH") or "target")


def log_file() -> Path:
    """Return dbt's log, which dbt opens before it calls a plugin."""
    return Path(_flag("LOG_PATH") or "logs") / "dbt.log"


def _flag(name: str) -> Any:
    from dbt.flags import get_flags

    return getattr(get_flags(), name, None)
