"""A project that was copied with dbt's memory loads the files that lie in it now."""

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from building import PROJECT

pytestmark = pytest.mark.slow

EXPORT = "seeds/exports/riverside.csv"
# dbt compares seeds above 1 MiB by their path and not by their content.
MEBIBYTE = 2**20

PROFILES = """
coproduction:
  target: local
  outputs:
    local: {type: duckdb, path: warehouse.duckdb}
"""


def load(directory: Path) -> None:
    command = [str(Path(sys.executable).parent / "dbt"), "seed", "--select", "riverside"]
    outcome = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=120)
    assert outcome.returncode == 0, outcome.stdout


def content(label: str, n_bytes: int) -> str:
    """A file of at least so many bytes, of whose respondents the first answered so."""
    row = "{},Often,Good,34,A," + "x" * 200 + "\n"
    rows = [row.format(number) for number in range(n_bytes // len(row) + 1)]
    return "".join(["id,Q1,Q2,Q3,Q4,Batch\n", f"first,{label},Good,34,A,x\n", *rows])


@pytest.mark.parametrize("n_bytes", [1, MEBIBYTE + 1], ids=["below 1 MiB", "above 1 MiB"])
def test_a_copy_loads_its_own_files(project, tmp_path_factory, n_bytes):
    shutil.copytree(PROJECT / "macros", project.directory / "macros")
    # The macros of this file read models that the small project does not have.
    for name in ("say_what_was_found", "coding_rules", "labels"):
        (project.directory / f"macros/{name}.sql").unlink()
        (project.directory / f"macros/{name}.yml").unlink()
    project.append("dbt_project.yml", "seeds: {coproduction: {exports: {+schema: raw}, codebook: {+schema: codebook}}}")
    project.write("profiles.yml", PROFILES)
    project.write(EXPORT, content("Often", n_bytes))
    load(project.directory)
    copy = tmp_path_factory.mktemp("copied") / "project"
    shutil.copytree(project.directory, copy)
    (copy / EXPORT).write_text(content("Never", n_bytes), encoding="utf-8")
    load(copy)
    with duckdb.connect(str(copy / "warehouse.duckdb"), read_only=True) as warehouse:
        assert warehouse.sql("select Q1 from raw.riverside where id = 'first'").fetchall() == [("Never",)]
