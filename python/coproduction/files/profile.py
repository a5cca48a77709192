"""The file that dbt builds into, read from the profile as dbt does, without the seconds that importing dbt takes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from coproduction.errors import CoproductionError

PROFILES_FILE = "profiles.yml"
_DEFAULT_TARGET = "default"


class ProfileError(CoproductionError):
    """The profile does not say which file a build writes; the message gives the reason."""


def path_in_profile(project: Path) -> str:
    """Return the path of the warehouse as the profile of a project gives it to dbt.

    DBT_PROFILES_DIR, DBT_PROFILE and DBT_TARGET choose as they do for dbt. Args: `project` is the folder with
    dbt_project.yml. Raises ProfileError if there is no profile, or if it names no path.
    """
    folder = _profiles_folder(project)
    name = option_of_dbt("PROFILE") or _rendered(_yaml_of(project / "dbt_project.yml").get("profile"))
    profile = _entry(_yaml_of(folder / PROFILES_FILE), name)
    target = option_of_dbt("TARGET") or _rendered(profile.get("target")) or _DEFAULT_TARGET
    path = _rendered(_entry(_entry(profile, "outputs"), target).get("path"))
    if path is None:
        raise ProfileError(f"{folder / PROFILES_FILE} names no path for the target {target} of the profile {name}.")
    return str(path)


def option_of_dbt(name: str) -> str | None:
    """Return an option that an environment variable gives to dbt, such as LOG_PATH; None if there is none."""
    return os.environ.get(f"DBT_ENGINE_{name}") or os.environ.get(f"DBT_{name}")


def _entry(mapping: dict[str, Any], key: str) -> dict[str, Any]:
    value = mapping.get(key)
    return value if isinstance(value, dict) else {}


def _profiles_folder(project: Path) -> Path:
    named = option_of_dbt("PROFILES_DIR")
    if named:
        return project / Path(named).expanduser()
    return project if (project / PROFILES_FILE).exists() else Path.home() / ".dbt"


def _yaml_of(path: Path) -> dict[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(path.read_bytes())
    except (OSError, yaml.YAMLError) as reason:
        raise ProfileError(f"{path} cannot be read ({reason}), and it says which file a build writes.") from reason
    return content if isinstance(content, dict) else {}


def _rendered(value: Any) -> Any:
    """Fill in the environment variables that a value names, as in `{{ env_var('A') }}`."""
    import jinja2

    if not isinstance(value, str) or "{" not in value:
        return value
    try:
        return jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(value).render(env_var=_env_var)
    except jinja2.TemplateError as reason:
        raise ProfileError(f"{PROFILES_FILE} has {value}, which cannot be filled in: {reason}") from reason


def _env_var(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ProfileError(f"{PROFILES_FILE} needs the environment variable {name}, which is not set.")
    return value
