"""What readers open: written by a whole build alone, complete or not at all, and without a single respondent."""

import hashlib
import json
import shutil
import subprocess
import sys

import duckdb
import pytest

from building import PROJECT, REPORTS, Project
from coproduction.build.guards import guards_of_publication
from coproduction.build.record import PUBLICATION, nodes_of_kind
from coproduction.publishing.facts import Fact
from coproduction.publishing.plan import (
    PRIVATE_COLUMNS,
    PublicationError,
    PublishedTable,
    check_divisions,
    tables_to_publish,
)
from coproduction.publishing.snapshot import create_table, fill, replace_published

# Installed by `make test` and `make older-duckdb`.
OLDEST = PROJECT / ".venv" / "duckdb-1.0"


def published_path(project):
    return project.warehouse_path.with_name("published.duckdb")


@pytest.fixture(scope="module")
def snapshot(built, tmp_path_factory):
    """A connection to a copy of what the build published."""
    copy = shutil.copy(published_path(built), tmp_path_factory.mktemp("published"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


@pytest.fixture
def published(built, tmp_path):
    """A copy of the built and published project that a test may break."""
    shutil.copytree(built.directory, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture(scope="module")
def manifest(built):
    return json.loads((built.directory / "target" / "manifest.json").read_text(encoding="utf-8"))


def fingerprint(project):
    return hashlib.sha256(published_path(project).read_bytes()).hexdigest()


def to_publish(manifest, with_respondents=False):
    return tables_to_publish(nodes_of_kind(manifest, "model"), with_respondents)


def test_every_report_is_there_row_for_row_with_bases_in_tens(built, snapshot, manifest):
    rounded = {table.full_name: table.rounded_columns for table in to_publish(manifest)}
    p_values = {table.full_name: table.p_value_columns for table in to_publish(manifest)}
    assert rounded["reports.rpt_levels"] == ("n_respondents", "n_effective")
    for name in REPORTS:
        published = [row[0] for row in snapshot.execute(f"describe reports.rpt_{name}").fetchall()]
        columns = [
            f"{column} - {column} % 10 as {column}"
            if column in rounded[f"reports.rpt_{name}"]
            else f"case when {column} > 0 then ceil(greatest(100 * {column} - 1e-9, 1e-9)) / 100 end as {column}"
            if column in p_values[f"reports.rpt_{name}"]
            else column
            for column in published
        ]
        rows = built.query(
            f"select count(*) as n, sum(hash(r)) as h from (select {', '.join(columns)} from reports.rpt_{name}) as r"
        )
        copied = snapshot.sql(f"select count(*) as n, sum(hash(r)) as h from reports.rpt_{name} as r").df()
        assert copied.equals(rows), name


def test_a_count_of_unknown_kind_stops_publication(manifest):
    report = manifest["nodes"]["model.coproduction.rpt_levels"]
    report["columns"]["n_households"] = {"name": "n_households", "description": ""}
    with pytest.raises(PublicationError, match=r"rpt_levels\.sql.*n_households.*respondent_counts"):
        to_publish(manifest)
    del report["columns"]["n_households"]


def test_a_column_that_nobody_described_stops_publication():
    """Whether a column is private is judged by its description, so a column without one may not pass."""
    table = PublishedTable(
        schema="reports",
        name="rpt_new",
        unpublished_columns=(),
        rounded_columns=(),
        p_value_columns=(),
        description="New.",
        columns={"council_id": "The council."},
    )
    with duckdb.connect() as connection:
        connection.execute("create schema reports")
        connection.execute("create table reports.rpt_new as select 'a' as council_id, 'a:1' as respondent_key")
        with pytest.raises(PublicationError, match=r"rpt_new has respondent_key, which rpt_new\.yml does not describe"):
            create_table(connection, "memory", table, 10)


def test_the_manifest_counts_what_is_there(snapshot):
    tables = "select table_schema || '.' || table_name from information_schema.tables"
    found = {name for (name,) in snapshot.execute(tables).fetchall()} - {"publication.manifest"}
    counted = dict(snapshot.execute("select item, n_rows from publication.manifest where part_id = 'table'").fetchall())
    assert set(counted) == found
    for table, n_rows in counted.items():
        assert snapshot.execute(f"select count(*) from {table}").fetchall() == [(n_rows,)], table


def test_the_manifest_of_the_warehouse_names_the_files_as_they_are(built):
    rows = built.query("select item, value from publication.manifest where part_id = 'input'").to_numpy()
    files = {
        path.relative_to(built.directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (built.directory / "seeds").rglob("*.csv")
    }
    assert {item.split("/")[-1]: value for item, value in rows} == {
        name.split("/")[-1]: value for name, value in files.items()
    }


def test_no_respondent_and_nothing_that_somebody_wrote_is_in_the_file(built, snapshot):
    columns = snapshot.sql(
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
    ).df()
    assert not set(columns.column_name) & PRIVATE_COLUMNS
    ids = set(
        built.query("select respondent_id, respondent_key, person_key from marts.dim_respondent").to_numpy().ravel()
    )
    ids -= {value for value in ids if value.isdigit()}
    assert len(ids) > 3000
    for table, group in columns[columns.data_type == "VARCHAR"].groupby(["table_schema", "table_name"]):
        for column in group.column_name:
            values = {v for (v,) in snapshot.execute(f'select distinct "{column}" from {".".join(table)}').fetchall()}
            assert not values & ids, (table, column)


@pytest.mark.skipif(not (OLDEST / "duckdb").is_dir(), reason="`make test` installs DuckDB 1.0.0 into .venv/duckdb-1.0")
def test_duckdb_1_0_reads_every_cell_of_the_file(built):
    script = PROJECT / "tests" / "older_duckdb" / "open_published.py"
    command = [sys.executable, "-P", str(script), str(OLDEST), str(published_path(built))]
    read = subprocess.run(command, capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr
    assert read.stdout.startswith("DuckDB 1.0.0 reads all ")


def test_no_table_has_a_key_that_older_clients_cannot_read(snapshot):
    """Beside the test with DuckDB 1.0 itself, for those who run the tests without it: a primary key is an index."""
    assert not snapshot.execute("select * from duckdb_constraints() where constraint_type = 'PRIMARY KEY'").fetchall()
    assert not snapshot.execute("select * from duckdb_indexes()").fetchall()


def test_a_fact_that_would_be_there_twice_stops_publication():
    facts = [Fact("build", "build_id", "a"), Fact("tool", "build_id", "a"), Fact("build", "build_id", "b")]
    with duckdb.connect() as connection, pytest.raises(PublicationError, match="name build build_id twice"):
        fill(connection, "memory", [], facts, 10)


@pytest.mark.parametrize("error", [duckdb.TransactionException, duckdb.IOException, OSError])
def test_a_full_disk_is_told_in_a_sentence_wherever_duckdb_notices_it(tmp_path, error):
    """A commit that finds no room is an error of the transaction; `make faults` fills real disks."""
    path = tmp_path / "published.duckdb"
    path.write_bytes(b"the file of before")

    def write(_):
        raise error("Failed to commit: No space left on device")

    with duckdb.connect() as connection, pytest.raises(PublicationError, match=r"No space left.*stays as it was"):
        replace_published(path, write, connection)
    assert path.read_bytes() == b"the file of before"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_every_test_of_severity_error_guards_publication(manifest):
    guards = {guard.name for guard in guards_of_publication(manifest)}
    tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
    assert guards == tests
    assert len(tests) > 60


def test_a_model_that_publication_does_not_wait_for_stops_it(manifest):
    without = json.loads(json.dumps(manifest))
    without["nodes"][PUBLICATION]["depends_on"]["nodes"].remove("model.coproduction.rpt_efficacy")
    with pytest.raises(PublicationError, match=r"rpt_efficacy.*would not stop publication.*manifest\.py"):
        guards_of_publication(without)


def test_a_test_that_would_not_stop_publication_stops_it(manifest):
    changed = json.loads(json.dumps(manifest))
    unread = {**changed["nodes"]["seed.coproduction.themes"], "unique_id": "seed.coproduction.unread"}
    changed["nodes"]["seed.coproduction.unread"] = unread
    test = next(node for name, node in changed["nodes"].items() if "grain_rpt_efficacy" in name)
    test["depends_on"]["nodes"] = ["seed.coproduction.unread"]
    with pytest.raises(PublicationError, match=r"grain_rpt_efficacy.*would not stop publication"):
        guards_of_publication(changed)


def test_a_report_that_does_not_say_by_what_it_divides_respondents_is_not_published(manifest):
    models = nodes_of_kind(manifest, "model")
    check_divisions(models)
    meta = manifest["nodes"]["model.coproduction.rpt_levels"]["config"]["meta"]
    declared = meta.pop("divides_by")
    with pytest.raises(PublicationError, match=r"rpt_levels\.yml does not say by what"):
        check_divisions(models)
    meta["divides_by"] = [*declared, "staff"]
    with pytest.raises(PublicationError, match=r"does not read disclosure\.plan_staff"):
        check_divisions(models)
    meta["divides_by"] = ["hair_colour"]
    with pytest.raises(PublicationError, match="plan_hair_colour"):
        check_divisions(models)
    meta["divides_by"] = declared


def test_a_report_with_an_id_is_not_published(manifest):
    changed = json.loads(json.dumps(manifest))
    report = changed["nodes"]["model.coproduction.rpt_levels"]
    report["columns"]["respondent_key"] = {"name": "respondent_key", "description": "Who."}
    with pytest.raises(PublicationError, match="rpt_levels has respondent_key"):
        to_publish(changed)


def test_a_part_of_a_build_leaves_the_file_as_it_is(published):
    before = fingerprint(published)
    build = published.build("--select", "rpt_families+")
    assert build.succeeded, build.output
    assert "Not published: this build leaves out" in build.output
    assert fingerprint(published) == before
    refused = published.build("--select", "manifest")
    assert not refused.succeeded
    assert "PublicationError: Not published: this build leaves out" in refused.output
    assert "Traceback" not in refused.output
    assert fingerprint(published) == before
    ran = published.run("dbt", "run", "--select", "path:models/publication")
    assert "Not published: `dbt run` does not run every test" in ran.output
    assert fingerprint(published) == before


def test_a_failing_test_skips_publication(published):
    """A rule about a leaf: nothing but publication stands behind it, and so a part of a build shows that it waits."""
    path = published.directory / "tests" / "singular" / "assert_nothing_about_families.sql"
    path.write_text("select 1 as broken, count(*) as n from {{ ref('rpt_families') }}", encoding="utf-8")
    before = fingerprint(published)
    build = published.build("--select", "rpt_families+")
    assert not build.succeeded
    assert build.statuses["assert_nothing_about_families"] == "fail"
    assert build.statuses["manifest"] == "skipped"
    assert fingerprint(published) == before


def test_a_reader_neither_blocks_a_build_nor_is_blocked(rebuilt):
    assert rebuilt.build.succeeded, rebuilt.build.output
    # Another file under the same name: what a reader has open was not written into.
    assert rebuilt.inode_after != rebuilt.inode_before
    assert rebuilt.read_while_held == rebuilt.read_before
    assert rebuilt.read_again == rebuilt.build_id != rebuilt.read_before


def test_respondents_are_published_only_when_somebody_asks_and_loudly(odd):
    project, build = odd
    assert "WARNING: single respondents are in" in build.output
    n_respondents = project.query("select count(*) as n from marts.dim_respondent").n[0]
    with duckdb.connect(str(published_path(project)), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.dim_respondent").fetchone()[0] == n_respondents > 1500
        value = connection.execute("select value from publication.manifest where item = 'respondents'").fetchone()[0]
    assert value.startswith("PUBLISHED")
