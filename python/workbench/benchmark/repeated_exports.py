"""Measures a whole build of the bundled exports, repeated with new respondent ids.

Each size is built once, by one process of dbt, and compared with the floor: the time in which DuckDB reads the same
files and hashes every cell. Then the compiled SQL of each model that is a table runs once more, so that its CPU time is
known. Repeated rows flatter whatever counts equal rows first; ``benchmarks/README.md`` says which models that concerns.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from coproduction.cli.terminal import show, table
from workbench.benchmark import analysts_part
from workbench.benchmark.floor import READ_TEXT, floor_of
from workbench.benchmark.processes import PROJECT, Usage, apart, used_by

COPIED_PARTS = ("dbt_project.yml", "profiles.yml", "selectors.yml", "analyses", "macros", "models", "seeds", "tests")
# Models that are listed by name; the rest is one line.
MOST_MODELS = 15
BUILD = ("dbt", "--quiet", "build", "--threads", "1")
LIMITED = ("--vars", "{memory_limit: 300MB}")
WHOLE, REST = "whole build with tests", "everything less the analyst's part, above dbt's own"
EVERYTHING, PART = "everything without tests", "the analyst's part"
NOTHING, NOTHING_OF_PART = (f"{name}, `select 1` in every node" for name in (EVERYTHING, PART))


def repeat_exports(project: Path, factor: int) -> int:
    """Repeat the rows of each bundled export with new ids, and return the number of rows of all exports."""
    exports = (PROJECT / "seeds/codebook/exports.csv").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute("create temporary table sizes (n_rows bigint)")
        for export in csv.DictReader(exports.splitlines()):
            name, column = f"{export['export_id']}.csv", export["respondent_column"]
            connection.execute(
                f"""create temporary table repeated as
                select * exclude (place) replace ("{column}" || '-' || place as "{column}")
                from {READ_TEXT.format(PROJECT / "seeds/exports" / name)}
                cross join range({factor}) as repeats (place)"""
            )
            connection.execute(f"copy repeated to '{project / 'seeds/exports' / name}' (header)")
            connection.execute("insert into sizes select count(*) from repeated; drop table repeated")
        return connection.execute("select sum(n_rows)::bigint from sizes").fetchall()[0][0]


def models_of(project: Path) -> Iterator[tuple[str, float]]:
    """Yield each SQL model that is a table, with the CPU seconds that its compiled SQL takes in the built warehouse."""
    manifest = json.loads((project / "target/manifest.json").read_text(encoding="utf-8"))
    os.chdir(project)  # The compiled SQL reads a file by its relative path.
    with duckdb.connect(str(project / "warehouse/coproduction.duckdb")) as connection:
        for node in manifest["nodes"].values():
            if (node["resource_type"], node.get("language")) != ("model", "sql"):
                continue
            if node["config"]["materialized"] == "table":
                sql = (project / node["compiled_path"]).read_text(encoding="utf-8")
                start = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
                connection.execute(f"create temporary table measured as {sql}")
                yield f"{node['schema']}.{node['name']}", sum(resource.getrusage(resource.RUSAGE_SELF)[:2]) - start
                connection.execute("drop table measured")


def python_models_of(project: Path) -> Iterator[tuple[str, float]]:
    """Yield each Python model with its seconds in the build."""
    results = json.loads((project / "target/run_results.json").read_text(encoding="utf-8"))["results"]
    manifest = json.loads((project / "target/manifest.json").read_text(encoding="utf-8"))["nodes"]
    for result in results:
        node = manifest.get(result["unique_id"], {})
        if node.get("resource_type") == "model" and node.get("language") == "python":
            yield f"{node['schema']}.{node['name']} (wall)", result["execution_time"]


def measure(factor: int) -> None:
    """Build a survey of one size in a temporary folder and print what it used."""
    with tempfile.TemporaryDirectory() as directory:
        project = Path(directory)
        for part in COPIED_PARTS:
            source = PROJECT / part
            shutil.copytree(source, project / part) if source.is_dir() else shutil.copy(source, project / part)
        (project / "warehouse").mkdir()
        apart(repeat_exports, project, factor)
        analysts_part.parse(project)
        floor = floor_of(project)
        used = {
            "floor": floor,
            **_without_tests(project),
            f"{WHOLE}, {' '.join(LIMITED)}": used_by(*BUILD, *LIMITED, directory=project),
            WHOLE: used_by(*BUILD, directory=project),
        }
        rest = used[EVERYTHING].cpu - used[NOTHING].cpu - (used[PART].cpu - used[NOTHING_OF_PART].cpu)
        rows = [[name, f"{of.cpu:.1f}", f"{of.cpu / floor.cpu:.0f}", f"{of.peak:.0f}"] for name, of in used.items()]
        rows.append([REST, f"{rest:.1f}", f"{rest / floor.cpu:.0f}", ""])
        # Last, because this process then needs more memory, which would count as that of the programs that it starts.
        steps = sorted([*models_of(project), *python_models_of(project)], key=lambda step: -step[1])
        listed = [*steps[:MOST_MODELS], ("all others", sum(seconds for _, seconds in steps[MOST_MODELS:]))]
        show(
            f"The bundled exports {factor} times over",
            table(["", "CPU s", "x floor", "peak MiB"], rows, 1),
            table(["model", "s"], [[name, f"{seconds:.2f}"] for name, seconds in listed], 1),
        )


def _without_tests(project: Path) -> dict[str, Usage]:
    """Build everything and the analyst's part, each also with `select 1` in every node."""
    with tempfile.TemporaryDirectory() as directory:
        empty = Path(directory) / "empty"
        analysts_part.write_empty_graph(project, empty)
        analysts_part.parse(empty)
        return {
            EVERYTHING: analysts_part.build(project, selected=()),
            NOTHING: analysts_part.build(empty, selected=()),
            PART: analysts_part.build(project),
            NOTHING_OF_PART: analysts_part.build(empty),
        }
