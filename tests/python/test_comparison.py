"""`make compare` says plainly when it has nothing to compare, and finds a difference when there is one."""

import sys

import duckdb
import pytest

from workbench import comparison


@pytest.fixture
def run(monkeypatch, capsys):
    def compare(*paths):
        monkeypatch.setattr(sys, "argv", ["comparison", *map(str, paths)])
        code = comparison.main()
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return compare


def warehouse(path, value=1):
    with duckdb.connect(str(path)) as connection:
        for schema, table in {"estimates": "est_levels", "reports": "rpt_levels"}.items():
            connection.execute(f"create schema {schema}; create table {schema}.{table} as select {value} as estimate")
    return path


def test_equal_and_different_warehouses(run, tmp_path):
    old, same = warehouse(tmp_path / "old.duckdb"), warehouse(tmp_path / "same.duckdb")
    assert run(old, same)[0] == 0
    code, printed = run(old, warehouse(tmp_path / "new.duckdb", 2))
    assert code == 1
    assert "estimates.est_levels: 1 of 1 rows differ in estimate" in printed


def test_a_missing_file_is_explained(run, tmp_path):
    code, printed = run(warehouse(tmp_path / "old.duckdb"), tmp_path / "no.duckdb")
    assert code == 2
    assert f"Nothing was compared. There is no warehouse at {tmp_path / 'no.duckdb'}" in printed


@pytest.mark.parametrize("content", [b"", b"no database " * 1000])
def test_a_file_that_is_no_warehouse_is_explained(run, tmp_path, content):
    (tmp_path / "odd.duckdb").write_bytes(content)
    code, printed = run(tmp_path / "odd.duckdb", warehouse(tmp_path / "new.duckdb"))
    assert code == 2
    assert f"Nothing was compared. {tmp_path / 'odd.duckdb'}" in printed


def test_a_warehouse_without_reports_is_explained(run, tmp_path):
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    code, printed = run(empty, warehouse(tmp_path / "new.duckdb"))
    assert code == 2
    assert "has no tables in the schema estimates and reports" in printed
