"""Makes plain dbt refuse exports that it cannot read and a warehouse that it cannot write, without a traceback.

dbt reads every seed while it parses, before any hook of the project: a file that is not UTF-8 kills it there without
a file name. dbt imports every installed top-level module called ``dbt_...`` before that, in every project that is run
in this environment; so this module stays small, and acts in one project only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from dbt.contracts.graph.manifest import Manifest
from dbt.plugins.manager import dbtPlugin
from dbt_common.exceptions import DbtRuntimeError

from coproduction.files.warehouse import write_private_files
from coproduction.publishing.plan import keep_record

if TYPE_CHECKING:
    from coproduction.exports.leaving_out import CheckedExports

PROJECT_NAME = "coproduction"

# Read by the macro wait_for_every_model.
MODELS_VARIABLE = "COPRODUCTION_MODELS"

# Read by the macros left_out_exports and withheld_columns.
LEFT_OUT_VARIABLE = "COPRODUCTION_LEFT_OUT"
WITHHELD_VARIABLE = "COPRODUCTION_WITHHELD_COLUMNS"

# These write to the warehouse, or at least open it as if they would.
_COMMANDS_THAT_OPEN_THE_WAREHOUSE = ("build", "run", "seed", "test", "compile", "show", "generate")

_COMMANDS_THAT_WRITE_ANSWERS = ("build", "run", "seed", "test")

# These neither read seeds nor build anything, and are what one runs to get out of trouble.
_COMMANDS_LEFT_ALONE = ("clean", "deps", "serve")

_MOST_FINDINGS = 20


class ExportsCheck(dbtPlugin):
    """Checks codebook and exports when dbt starts. Raises DbtRuntimeError, which dbt prints without a traceback."""

    def initialize(self) -> None:
        """Refuse the command if an export or the codebook has an error; say nothing otherwise."""
        if self.project_name != PROJECT_NAME or _command() in _COMMANDS_LEFT_ALONE:
            return
        _name_models()
        checked = _checked()
        if checked.errors:
            raise DbtRuntimeError(_message([str(error) for error in checked.errors]))
        _leave_out(checked)
        if _command() in _COMMANDS_THAT_WRITE_ANSWERS:
            write_private_files(_log_file())
        if _command() in _COMMANDS_THAT_OPEN_THE_WAREHOUSE:
            _prepare_warehouse()

    def get_manifest_artifacts(self, manifest: Manifest) -> dict:
        """Keep dbt's record of the project for the publication at the end; adds no artifact of its own."""
        if self.project_name == PROJECT_NAME:
            keep_record(manifest)
        return {}

    # dbt calls what bears this mark; its own decorator would hide the signature.
    get_manifest_artifacts.is_dbt_hook = True


plugins = [ExportsCheck]


def _command() -> str | None:
    """Return the dbt command that is being run, such as 'build'."""
    from dbt.flags import get_flags

    return getattr(get_flags(), "WHICH", None)


def _log_file() -> Path:
    """Return dbt's log, which is open before any plugin is asked."""
    from dbt.flags import get_flags

    return Path(getattr(get_flags(), "LOG_PATH", None) or "logs") / "dbt.log"


def _name_models() -> None:
    """Tell dbt, which cannot look into folders while it parses, for which models publication has to wait: for all."""
    from dbt_common.context import get_invocation_context

    from coproduction.build.project import project_directory

    files = [path for path in (project_directory() / "models").rglob("*") if path.suffix in (".sql", ".py")]
    names = sorted(path.stem for path in files if path.parent.name != "publication")
    # dbt reads the environment once, before it asks plugins; this is what it read.
    get_invocation_context().env[MODELS_VARIABLE] = " ".join(names)


def _checked() -> CheckedExports:
    """Return what refuses the build, and which exports it leaves out."""
    from dbt.flags import get_flags

    from coproduction.build.project import project_directory
    from coproduction.exports.leaving_out import check_exports

    try:
        return check_exports(project_directory(), getattr(get_flags(), "VARS", None), with_notes=False)
    except Exception as reason:
        # dbt would show the bare text of the exception, such as 'scale_id', which helps nobody.
        raise DbtRuntimeError(
            f"The check of the exports stopped by a mistake of its own ({type(reason).__name__}: {reason}). "
            "`coproduction check` shows where."
        ) from reason


def _leave_out(checked: CheckedExports) -> None:
    """Tell dbt, and whoever looks, which exports and columns this command does without."""
    from dbt_common.context import get_invocation_context

    from coproduction.exports.leaving_out import sentences

    environment = get_invocation_context().env
    environment[LEFT_OUT_VARIABLE] = " ".join(checked.left_out)
    environment[WITHHELD_VARIABLE] = json.dumps(checked.withheld)
    if checked.loaded_personal and _command() in _COMMANDS_THAT_WRITE_ANSWERS:
        print(
            f"WARNING: {', '.join(checked.loaded_personal)}: what looks like personal data is loaded, "
            "because load_personal_columns says so. It is never published."
        )
    if not checked.left_out:
        return
    if _command() in _COMMANDS_THAT_WRITE_ANSWERS:
        print(*sentences(checked.left_out), sep="\n", flush=True)
    _pass_over_files({f"{export_id}.csv" for export_id in checked.left_out})


def _pass_over_files(names: set[str]) -> None:
    """Let dbt know seeds by their path instead of their text, which it reads as UTF-8 while it parses."""
    from dbt.contracts.files import FilePath
    from dbt.parser import read_files

    read = read_files.load_seed_source_file

    class UnreadFile(FilePath):
        def seed_too_large(self) -> bool:
            return True

    def load(match, project_name):  # type: ignore[no-untyped-def]
        if Path(match.relative_path).name in names:
            match = UnreadFile(**match.to_dict())
        return read(match, project_name)

    read_files.load_seed_source_file = load


def _prepare_warehouse() -> None:
    """See that the warehouse can be written before dbt tries."""
    from coproduction.build.project import project_directory
    from coproduction.files.warehouse import WarehouseError, prepare_to_write, warehouse_path

    try:
        prepare_to_write(warehouse_path(project_directory()))
    except WarehouseError as reason:
        raise DbtRuntimeError(f"Nothing was built. {reason}") from reason


def _message(errors: list[str]) -> str:
    """Return one message for all errors; of very many, the first."""
    n_more = len(errors) - _MOST_FINDINGS
    return "\n".join(
        [
            f"Nothing was built: {len(errors)} error(s) in the exports or the codebook.",
            *errors[:_MOST_FINDINGS],
            *([f"... and {n_more} more"] if n_more > 0 else []),
            "`coproduction check` shows all of it, with notes.",
        ]
    )
