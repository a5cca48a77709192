"""The dbt command that is running: its name, its variables and its folders."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def command() -> str | None:
    """Return the dbt command that is being run, such as 'build'; None outside dbt."""
    return _flag("WHICH")


def command_line_variables() -> dict[str, Any]:
    """Return the variables that were given with --vars."""
    return dict(_flag("VARS") or {})


def project_directory() -> Path:
    """Return the folder of the dbt project that is being built; the current folder outside dbt."""
    return Path(_flag("PROJECT_DIR") or ".").resolve()


def target_directory() -> Path:
    """Return the folder into which dbt writes compiled files."""
    return project_directory() / (_flag("TARGET_PATH") or "target")


def log_file() -> Path:
    """Return dbt's log, which dbt opens before it calls a plugin."""
    return Path(_flag("LOG_PATH") or "logs") / "dbt.log"


def _flag(name: str) -> Any:
    from dbt.flags import get_flags

    return getattr(get_flags(), name, None)
