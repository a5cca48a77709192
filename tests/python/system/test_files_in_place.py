"""A build that reads CSV and Parquet files where they lie has the tables of a build that loads seeds."""

import duckdb
import pytest

from building import Project
from elsewhere import let_lie_elsewhere
from same_tables import differences_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def in_place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("in_place")
    (folder / "project").mkdir()
    project = Project.copy_to(folder / "project")
    let_lie_elsewhere(project, folder / "files", memory_limit="900MB")
    finished = project.build()
    assert finished.succeeded, finished.output
    return project


def test_every_table_is_the_same(in_place, built):
    assert differences_of(built.warehouse_path, in_place.warehouse_path) == []


def test_analysts_query_raw_from_any_folder(in_place, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    kinds = "select table_name, table_type from information_schema.tables where table_schema = 'raw' order by all"
    with duckdb.connect(str(in_place.warehouse_path), read_only=True) as connection:
        found = dict(connection.execute(kinds).fetchall())
        header = [column[0] for column in connection.execute("from raw.swansea limit 1").description]
        (n_rows,) = connection.execute("select count(*) from raw.swansea").fetchone()
        in_file = "select n_rows from quality.export_files where export_id = 'swansea'"
        assert connection.execute(in_file).fetchone() == (n_rows,)
    # Parquet is read where it lies; a CSV file would be parsed again by each query.
    assert (found["barnet"], found["bristol"], found["swansea"]) == ("BASE TABLE", "BASE TABLE", "VIEW")
    # What looks like personal data is not in the view.
    assert "Sylwadau_Comments" not in header
