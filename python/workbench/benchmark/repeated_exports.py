"""Measures the CPU time and memory of a build for surveys of several sizes: ``make benchmark``.

The bundled exports are repeated with new respondent ids. Each size is built once, by one process of dbt, and compared
with the floor: the time in which DuckDB reads the same files and hashes every cell. Then the compiled SQL of each model
that is a table runs once more, so that its CPU time is known. Nothing is asserted about time: a slow or busy machine
gives other seconds, so read ratios. Repeated rows flatter whatever counts equal rows first; ``benchmarks/README.md``
says which models that concerns.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import duckdb

from coproduction.cli.terminal import show, table

PROJECT = Path(__file__).resolve().parents[2]
COPIED_PARTS = ("dbt_project.yml", "profiles.yml", "selectors.yml", "analyses", "macros", "models", "seeds", "tests")
READ_TEXT = "read_csv('{}', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', comment = '')"
# Models that are listed by name; the rest is one line.
MOST_MODELS = 15


@dataclass(frozen=True)
class Usage:
    """What a process used, with its children: CPU seconds, seconds of wall clock and MiB at its peak."""

    cpu: float
    wall: float
    peak: float


def used_by(*command: str, directory: Path) -> Usage:
    """Run a command in a folder and return what it used. Raises CalledProcessError if it fails."""
    start = perf_counter()
    # The folder of the environment is first on the path, because dbt is a command of the environment.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = subprocess.Popen(command, cwd=directory, env=os.environ | {"PATH": path})
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(status, command)
    return Usage(usage.ru_utime + usage.ru_stime, perf_counter() - start, usage.ru_maxrss / 1024)


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


def floor_of(project: Path) -> Usage:
    """Return what DuckDB uses, in a process of its own, to read the exports and hash every cell."""
    files = sorted((project / "seeds/exports").glob("*.csv"))
    sql = [f"select bit_xor(hash(columns(*))) from {READ_TEXT.format(file)}" for file in files]
    queries = [f"duckdb.sql({query!r}).fetchall()" for query in sql]
    return used_by(sys.executable, "-c", "\n".join(["import duckdb", *queries]), directory=project)


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
        n_rows = repeat_exports(project, factor)
        floor = floor_of(project)
        build = used_by("dbt", "--quiet", "build", "--threads", "1", directory=project)
        steps = sorted([*models_of(project), *python_models_of(project)], key=lambda step: -step[1])
        used = [
            [name, f"{of.cpu:.1f}", f"{of.cpu / floor.cpu:.0f}", f"{of.peak:.0f}"]
            for name, of in (("floor", floor), ("whole build", build))
        ]
        listed = [*steps[:MOST_MODELS], ("all others", sum(seconds for _, seconds in steps[MOST_MODELS:]))]
        show(
            f"{n_rows:,} respondents",
            table(["", "CPU s", "x floor", "peak MiB"], used, 1),
            table(["model", "s"], [[name, f"{seconds:.2f}"] for name, seconds in listed], 1),
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each size that the command line names, the smallest first."""
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__)
    parser.add_argument("factors", nargs="*", type=int, default=[1, 32], help="how often the exports are repeated")
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "dbt-core", "dbt-duckdb"))
    show(
        f"{date.today()}: {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}, {versions}"
    )
    for factor in sorted(parser.parse_args(arguments).factors):
        measure(factor)


if __name__ == "__main__":
    main()
