"""What an analyst's own script would compute, as a command of dbt: the files to levels, correlates and nudge effects.

dbt itself takes time to start, to plan and to run a node. So the same graph is measured with `select 1` in every node,
and the difference is what our SQL and our statistics cost.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from coproduction.exports.checks.remembered_files import FILE
from workbench.benchmark.processes import Usage, used_by

RESULTS = ("est_levels", "est_correlates", "est_nudge_effects")
EVERYTHING = ("dbt", "--quiet", "build", "--threads", "1", "--exclude-resource-type", "test", "unit_test")
PART = ("--select", *(f"+{name}" for name in RESULTS))
WAREHOUSE = Path("warehouse/coproduction.duckdb")
_COPIED = ("dbt_project.yml", "profiles.yml", "selectors.yml", "analyses", "macros", "models", "seeds", "tests")
_LAYERS_IN_SQL = ("staging", "quality", "intermediate", "marts", "counts")


def build(project: Path, is_checked: bool = False, selected: Sequence[str] = PART) -> Usage:
    """Build the results in a new warehouse and return what that used.

    The check of the files is included unless the build of before remembers it (`is_checked`). Without `selected`,
    everything is built, without tests.
    """
    (project / WAREHOUSE).unlink(missing_ok=True)
    if not is_checked:
        (project / FILE).unlink(missing_ok=True)
    (project / WAREHOUSE).parent.mkdir(exist_ok=True)
    return used_by(*EVERYTHING, *selected, directory=project)


def parse(project: Path) -> Usage:
    """Let dbt read a project, which later commands do not repeat."""
    return used_by("dbt", "--quiet", "parse", directory=project)


def write_empty_graph(project: Path, folder: Path) -> None:
    """Copy a project that dbt has read into a new folder, with `select 1` in every model and one row in each export."""
    folder.mkdir()
    for part in _COPIED:
        source = project / part
        if source.is_dir():
            # The files of the exports may be large.
            shutil.copytree(source, folder / part, ignore=lambda path, names: names if path.endswith("exports") else ())
        else:
            shutil.copy(source, folder / part)
    for export in (project / "seeds/exports").glob("*.csv"):
        with export.open(encoding="utf-8-sig") as rows:
            head = rows.readline() + rows.readline()
        (folder / "seeds/exports" / export.name).write_text(head, encoding="utf-8")
    manifest = json.loads((project / "target/manifest.json").read_text(encoding="utf-8"))
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            path = folder / node["original_file_path"]
            path.unlink()
            path.with_suffix(".sql").write_text(_select_one(node, manifest["nodes"]), encoding="utf-8")
    settings = folder / "dbt_project.yml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if not line.startswith("on-run-end")), encoding="utf-8")


def _select_one(node: dict, nodes: dict) -> str:
    parents = (nodes[parent]["name"] for parent in node["depends_on"]["nodes"] if parent in nodes)
    lines = [f"-- depends_on: {{{{ ref('{name}') }}}}" for name in parents]
    return "\n".join(
        [
            f"{{{{ config(materialized='{node['config']['materialized']}', contract={{'enforced': false}}) }}}}",
            *lines,
            "select 1 as one",
            "",
        ]
    )


def sql_alone(project: Path) -> Usage:
    """Run the compiled SQL of the models behind the results once more, in one process without dbt, up to the counts."""
    # The module's own folder is on the path of the new process, as it is on ours.
    return used_by(
        *(sys.executable, "-m", "workbench.benchmark.analysts_part", str(project)),
        directory=project,
        PYTHONPATH=os.pathsep.join(filter(None, sys.path)),
    )


def compiled_models(project: Path) -> Iterator[tuple[str, str]]:
    """Yield schema and name of each SQL model behind the results that is a table, and its compiled SQL, in order."""
    manifest = json.loads((project / "target/manifest.json").read_text(encoding="utf-8"))
    results = json.loads((project / "target/run_results.json").read_text(encoding="utf-8"))["results"]
    for result in results:
        node = manifest["nodes"].get(result["unique_id"], {})
        is_sql = node.get("language") == "sql" and node["resource_type"] == "model"
        if is_sql and node["config"]["materialized"] == "table" and node["schema"] in _LAYERS_IN_SQL:
            yield f"{node['schema']}.{node['name']}", (project / node["compiled_path"]).read_text(encoding="utf-8")


def _run_sql(project: Path) -> None:
    # Imported here, so that a benchmark that measures other things holds no second copy of DuckDB's memory.
    import duckdb

    with duckdb.connect(str(project / WAREHOUSE)) as connection:
        connection.execute("set threads = 2")
        for _, sql in compiled_models(project):
            connection.execute(f"create or replace temporary table measured as {sql}")


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    _run_sql(Path(sys.argv[1]))
