"""Published files for the tests of the report: that of the shared build, with answers, and copies to change."""

import shutil
import time

import duckdb
import pytest

from coproduction.reporting.content import Scope
from coproduction.reporting.pages import write_report
from coproduction.reporting.published import Published

BASE = 10


@pytest.fixture(scope="session")
def published_file(built, tmp_path_factory):
    """What the shared build published, and the answers to each question whether it publishes them or not."""
    path = tmp_path_factory.mktemp("report") / "published.duckdb"
    shutil.copy(built.warehouse_path.with_name("published.duckdb"), path)
    with duckdb.connect(str(path)) as connection:
        if not Published(connection).has("reports.rpt_answer_shares"):
            connection.execute(f"attach '{built.warehouse_path}' as built (read_only)")
            connection.execute(
                f"""
                create table reports.rpt_answer_shares as
                select * replace (n_respondents - n_respondents % {BASE} as n_respondents)
                from built.reports.rpt_answer_shares
                """
            )
            note = f"Rounded down to a multiple of {BASE}."
            connection.execute(f"comment on column reports.rpt_answer_shares.n_respondents is '{note}'")
    return path


@pytest.fixture(scope="session")
def small_file(published_file, tmp_path_factory):
    """The same with a single council, for tests of how pages are written and not of what is in them."""
    path = shutil.copy(published_file, tmp_path_factory.mktemp("small") / "published.duckdb")
    with duckdb.connect(str(path)) as connection:
        for table, columns in Published(connection).columns.items():
            if "council_id" in columns:
                connection.execute(f"delete from {table} where council_id <> 'swansea'")
    return path


@pytest.fixture(scope="session")
def connection(published_file, tmp_path_factory):
    """A connection that only reads."""
    copy = shutil.copy(published_file, tmp_path_factory.mktemp("read"))
    with duckdb.connect(str(copy), read_only=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def published(connection):
    return Published(connection)


@pytest.fixture(scope="session")
def timed_report(published_file, tmp_path_factory):
    """The pages of the report by name, and the seconds of processor time that it took."""
    started = time.process_time()
    pages = write_report(published_file, tmp_path_factory.mktemp("pages"))
    return {page.name: page for page in pages}, time.process_time() - started


@pytest.fixture(scope="session")
def report(timed_report):
    """The pages of the report by name."""
    return timed_report[0]


@pytest.fixture
def planted(published_file, tmp_path):
    """Returns the scope of the study, or of one council, in a copy of the file that a test has changed with SQL."""
    opened = []

    def plant(*statements, council=None):
        copy = shutil.copy(published_file, tmp_path / "planted.duckdb")
        changed = duckdb.connect(str(copy))
        opened.append(changed)
        for statement in statements:
            changed.execute(statement)
        return Scope(Published(changed), council)

    yield plant
    for changed in opened:
        changed.close()
