"""Every client reads every table of a published file, while a build writes the next one.

`make clients` runs this; `make test` does not. The table of docs/connect-a-bi-tool.md is written by its last test.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from building import Project
from coproduction.reporting.published import open_published
from coproduction.reporting.published_workbook import write_workbook
from coproduction.reporting.question_workbook import questions_of, write_questions
from environments import CLIENTS, PROJECT, node_folder, python_of, run

PAGE = PROJECT / "docs" / "connect-a-bi-tool.md"
OPEN = PROJECT / "tests" / "older_duckdb" / "open_published.py"
OLDER = ("duckdb-1.0", "duckdb-1.1", "duckdb-1.2", "duckdb-1.4", "duckdb-1.5")
# Client, its environment, its script and the arguments that follow the file.
SCRIPTS = {
    "SQLAlchemy with reflection": ("sqlalchemy", "read_sqlalchemy.py", ()),
    "ibis": ("ibis", "read_ibis.py", ()),
    "ADBC": ("adbc", "read_adbc.py", ("arrow",)),
    "polars through ADBC": ("adbc", "read_adbc.py", ("polars",)),
}
ENVIRONMENTS = (*OLDER, "duckdb-cli", "openpyxl", *(environment for environment, *_ in SCRIPTS.values()))

# What the table says: client, version, what was read, whether a build ran meanwhile.
rows: dict[str, tuple[str, str, str]] = {}


class Building:
    """A project that is built again and again while clients read its published file."""

    def __init__(self, project: Project) -> None:
        """Take a project that has been built, and start."""
        self.project, self.published = project, project.warehouse_path.with_name("published.duckdb")
        self.returncodes: list[int] = []
        self._is_over = False
        self._build: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._build_again_and_again)
        self._thread.start()

    def _build_again_and_again(self) -> None:
        command = [str(Path(sys.executable).parent / "dbt"), "--quiet", "build"]
        while not self._is_over:
            self._build = subprocess.Popen(command, cwd=self.project.directory, stdin=subprocess.DEVNULL)
            self.returncodes.append(self._build.wait())

    def wait_for_the_next(self) -> None:
        """Wait until the build that runs has ended."""
        n_ended = len(self.returncodes)
        while len(self.returncodes) == n_ended:
            time.sleep(0.1)

    def stop(self) -> None:
        """End the build that runs. Raises AssertionError if a build before it failed, although clients read."""
        self._is_over, ended = True, list(self.returncodes)
        if self._build:
            self._build.terminate()
        self._thread.join()
        assert {*ended} <= {0}


@pytest.fixture(scope="module")
def building(tmp_path_factory):
    """A project that was built once and is built again. Environments are made first, because they take long."""
    for name in ENVIRONMENTS:
        _made(name)
    project = Project.copy_to(tmp_path_factory.mktemp("clients"))
    build = project.build()
    assert build.succeeded, build.output
    building = Building(project)
    yield building
    building.stop()


def _made(name: str) -> None:
    try:
        python_of(name)
    except pytest.skip.Exception as reason:
        rows[name] = ("", f"not tested: {reason}", "")


def counted(path):
    """Rows of every table, by this environment's DuckDB."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        return {table: connection.execute(f"select count(*) from {table}").fetchall()[0][0] for (table,) in tables}


def note(client: str, version: str, n_tables: int) -> None:
    """Add a row to the table."""
    rows[client] = (version, f"reads all {n_tables} tables", "yes")


@pytest.mark.parametrize("name", OLDER)
def test_older_duckdb(name, building):
    python = python_of(name)
    folder = run([str(python), "-c", "import duckdb, pathlib; print(pathlib.Path(duckdb.__file__).parents[1])"]).strip()
    said = run([str(python), "-P", str(OPEN), folder, str(building.published)])
    version, n_tables = re.match(r"DuckDB (\S+) reads all (\d+) tables", said).groups()
    # All but the manifest, which names the others.
    assert int(n_tables) == len(counted(building.published)) - 1
    note(f"DuckDB {name.removeprefix('duckdb-')} (Python)", version, int(n_tables) + 1)


def test_current_duckdb(building):
    said = run([sys.executable, "-P", str(OPEN), str(Path(duckdb.__file__).parents[1]), str(building.published)])
    assert f"reads all {len(counted(building.published)) - 1} tables" in said
    note("DuckDB of this project (Python)", duckdb.__version__, len(counted(building.published)))


def test_duckdb_command_line(building):
    command = str(python_of("duckdb-cli").with_name("duckdb"))
    expected = counted(building.published)
    queries = "; ".join(f"select '{name}' as name, count(*) as n, sum(hash(t)) from {name} as t" for name in expected)
    said = run([command, "-readonly", "-noheader", "-csv", str(building.published), "-c", queries])
    assert {line.split(",")[0]: int(line.split(",")[1]) for line in said.splitlines()} == expected
    note("DuckDB command line", run([command, "--version"]).split()[0].removeprefix("v"), len(expected))


@pytest.mark.parametrize("client", SCRIPTS)
def test_client_of_python(client, building):
    environment, script, arguments = SCRIPTS[client]
    command = [str(python_of(environment)), "-P", str(CLIENTS / script), str(building.published), *arguments]
    found, expected = json.loads(run(command).splitlines()[-1]), counted(building.published)
    assert found["n_rows"] == expected
    if "commented" in found:
        assert found["commented"] == len(expected)
        # An address with access_mode and a connection with read_only may not meet in one process.
        assert "different configuration" in found["mixed"], found["mixed"]
    note(client, found["version"], len(expected))


def test_node(building):
    folder = node_folder()
    found = json.loads(run(["node", str(folder / "read.mjs"), str(building.published)]))
    expected = counted(building.published)
    assert found["n_rows"] == expected
    note("node, @duckdb/node-api", found["version"].removeprefix("v"), len(expected))


def read_by_openpyxl(workbook):
    """Rows of each sheet, which openpyxl reads in an environment of its own; there may be no formula."""
    found = json.loads(run([str(python_of("openpyxl")), "-P", str(CLIENTS / "read_workbook.py"), str(workbook)]))
    assert found["n_formulas"] == 0
    rows[f"{workbook.name}, by openpyxl"] = (
        found["version"],
        f"reads all {len(found['n_rows'])} sheets, no formula",
        "yes",
    )
    return found["n_rows"]


def test_workbook_of_tables(building, tmp_path):
    workbook, *_ = write_workbook(building.published, tmp_path)
    found, expected = read_by_openpyxl(workbook), counted(building.published)
    sheets = {name: n for name, n in found.items() if f"reports.{name}" in expected}
    assert len(sheets) > 20
    assert sheets == {name: expected[f"reports.{name}"] for name in sheets}


def test_workbook_of_questions(building, tmp_path):
    workbook = write_questions(building.published, tmp_path)
    found = read_by_openpyxl(workbook)
    with open_published(building.published) as published:
        questions = list(questions_of(published))
    assert len(questions) > 50
    # The first sheets are the list of the questions and what to know about them.
    assert len(found) == len(questions) + 2


def test_a_reader_sees_the_new_build_when_all_its_connections_are_closed(building):
    query = "select value from publication.manifest where item = 'build_id'"
    first = duckdb.connect(str(building.published), read_only=True)
    before = first.execute(query).fetchall()
    building.wait_for_the_next()
    second = duckdb.connect(str(building.published), read_only=True)
    assert first.execute(query).fetchall() == second.execute(query).fetchall() == before
    first.close()
    second.close()
    with duckdb.connect(str(building.published), read_only=True) as again:
        assert again.execute(query).fetchall() != before


def test_the_page_has_the_table():
    """Last: write what was found into the page, with the day."""
    if len(rows) < len(OLDER) + len(SCRIPTS) + 5:
        pytest.skip("only some of the clients were tried")
    day = datetime.now(UTC).strftime("%d %B %Y").lstrip("0")
    lines = ["| client | version | result | while a build ran |", "| --- | --- | --- | --- |"]
    lines += [f"| {client} | {' | '.join(row)} |" for client, row in rows.items()]
    table = f"Tried on {day}, by `make clients`.\n\n" + "\n".join(lines)
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(r"(<!-- clients -->\n\n).*?(\n\n<!-- /clients -->)", re.DOTALL)
    assert pattern.search(page)
    PAGE.write_text(pattern.sub(lambda match: match[1] + table + match[2], page), encoding="utf-8")
