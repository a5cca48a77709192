"""Where the project lies."""

from pathlib import Path


def project_directory() -> Path:
    """Return the folder of the dbt project that is being built; the current folder outside dbt."""
    from dbt.flags import get_flags

    return Path(getattr(get_flags(), "PROJECT_DIR", None) or ".").resolve()
