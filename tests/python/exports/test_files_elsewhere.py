"""An export may lie outside of seeds/exports: a CSV file, or Parquet files, whose values become text unchanged."""

import re
from pathlib import Path

import duckdb
import pytest

from coproduction.build.checked_exports import counted_by_check, write_checked_exports
from coproduction.drafting.adding_surveys.adding import remove_survey
from coproduction.errors import CoproductionError
from coproduction.exports.checking import WRITE_AGAIN, Counted
from coproduction.exports.counting import count_export_files
from coproduction.exports.erasing import plan_erasure
from coproduction.exports.leaving_out import check_exports
from coproduction.exports.project_files import read_codebook
from coproduction.files.columns.parquet import AS_TEXT, parquet_fingerprint, parquet_header, read_parquet
from coproduction.files.finding import ERROR
from coproduction.files.reading import UnreadableExportError

EXPORT = "seeds/exports/riverside.csv"
EXPORTS = "seeds/codebook/exports.csv"
MACRO = Path(__file__).resolve().parents[3] / "macros/files_in_place.sql"


def move(project, location):
    """Let the codebook of a project say that its one export lies elsewhere."""
    project.replace(EXPORTS, "fieldwork_year,notes\n", "fieldwork_year,notes,location\n")
    project.replace(EXPORTS, "synthetic,,\n", f"synthetic,,,{location}\n")
    project.replace(
        "dbt_project.yml", "  exports:\n    - riverside\n", "  exports: []\n  exports_elsewhere:\n    - riverside\n"
    )


def to_parquet(project, path, change="id as id"):
    path.parent.mkdir(parents=True, exist_ok=True)
    source = f"read_csv('{project.directory / EXPORT}', all_varchar = true)"
    duckdb.sql(f"copy (select * replace ({change}) from {source}) to '{path}' (format parquet)")


LOCATION = "council's files/panel.csv"


@pytest.fixture
def elsewhere(project):
    """The project with its export in another folder, which the codebook names by a relative path."""
    path = project.directory / LOCATION
    path.parent.mkdir()
    (project.directory / EXPORT).rename(path)
    move(project, LOCATION)
    return path


def test_a_csv_file_elsewhere_is_checked_as_a_seed(project, elsewhere):
    assert check_exports(project.directory, {}).errors == []
    elsewhere.write_text(elsewhere.read_text().replace("Poor", "Por"))
    (error,) = check_exports(project.directory, {}).errors
    assert (error.file, error.line, error.value) == (LOCATION, 3, "Por")


@pytest.mark.parametrize("shape", ["file", "folder", "pattern"])
def test_parquet_is_checked_by_its_rows(project, tmp_path, shape):
    parquet = tmp_path / "parts/2025/panel.parquet"
    to_parquet(project, parquet, "if(Q2 = 'Poor', 'Por', Q2) as Q2")
    location = {"file": parquet, "folder": tmp_path / "parts", "pattern": tmp_path / "parts/*/*.parquet"}[shape]
    (project.directory / EXPORT).unlink()
    move(project, location)
    (error,) = check_exports(project.directory, {}).errors
    assert str(error).startswith(f'error: {location}, row 2, column "Q2": an answer is not in the scale good_poor')


def test_every_value_of_parquet_is_text_as_it_was(tmp_path):
    path = tmp_path / "typed.parquet"
    duckdb.sql(
        f"""copy (select '001' as id, 1.0::double as score, 7 as n, date '2025-01-31' as day, true as yes, '' as blank,
        null::integer as nothing, ' x' as spaced) to '{path}'"""
    )
    table = read_parquet(str(path))
    assert table.header == ["id", "score", "n", "day", "yes", "blank", "nothing", "spaced"]
    assert table.row(0) == ["001", "1.0", "7", "2025-01-31", "true", "", "", " x"]


def test_the_build_reads_parquet_as_the_check_does():
    macro = MACRO.read_text(encoding="utf-8")
    (query,) = re.findall(r"select nullif.*read_parquet.*", macro)
    assert query.replace("{{ quoted_text(place) }}", "{files}") == AS_TEXT


def write(path, *columns):
    path.parent.mkdir(exist_ok=True)
    duckdb.sql(f"copy (select {', '.join(columns)}) to '{path}' (format parquet)")


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (["1 as id", "2 as a"], ["1 as id"], 'differ: only one of them has "a"'),
        (["1 as id"], ["1 as id", "2 as a", "3 as b"], 'differ: only one of them has "a", "b"'),
        (["1 as id"], ["1 as ID"], 'differ: only one of them has "ID", "id"'),
        (["1 as id"], ["1.0::double as id"], 'column "id" is DOUBLE in '),
        (["1 as id"], ["true as id"], 'column "id" is BOOLEAN in '),
    ],
)
def test_files_of_one_export_have_the_same_columns(tmp_path, first, second, words):
    """DuckDB would leave out columns, or write 1.0 for 1 and 1 for true, without a message."""
    a, b = tmp_path / "parts/a.parquet", tmp_path / "parts/b.parquet"
    write(a, *first)
    write(b, *second)
    for read in (parquet_header, read_parquet):
        with pytest.raises(UnreadableExportError, match=words) as refused:
            read(str(tmp_path / "parts/*.parquet"))
        assert str(a) in str(refused.value)
        assert str(b) in str(refused.value)


def test_a_column_of_texts_and_numbers_is_text_in_any_order_of_columns(tmp_path):
    write(tmp_path / "parts/a.parquet", "1 as id", "7 as a", "1.5::double as b")
    write(tmp_path / "parts/b.parquet", "'x' as b", "2::bigint as id", "'007' as a")
    table = read_parquet(str(tmp_path / "parts/*.parquet"))
    assert table.header == parquet_header(str(tmp_path / "parts/*.parquet")) == ["id", "a", "b"]
    assert [table.row(0), table.row(1)] == [["1", "7", "1.5"], ["2", "007", "x"]]


@pytest.mark.parametrize("damage", ["columns", "end", "middle"])
def test_the_check_refuses_parquet_that_cannot_be_read_whole(project, tmp_path, damage):
    first, last = tmp_path / "parts/a.parquet", tmp_path / "parts/b.parquet"
    to_parquet(project, first)
    to_parquet(project, last)
    content = last.read_bytes()
    if damage == "columns":
        write(last, "1 as id", "'Poor' as Q9")
    else:
        kept = slice(-20) if damage == "end" else slice(None)
        last.write_bytes((content[:4] + bytes(200) + content[204:])[kept])
    move(project, tmp_path / "parts")
    (project.directory / EXPORT).unlink()
    (error,) = check_exports(project.directory, {}).errors
    assert (error.file, error.remedy) == (str(tmp_path / "parts"), WRITE_AGAIN)
    assert str(last) in error.problem
    left_out = check_exports(project.directory, {"when_an_export_is_refused": "leave_out"}).left_out
    assert left_out == {"riverside": [error]}


@pytest.mark.parametrize("location", ["/no/such/panel.csv", "/no/such/panel.parquet", "/no/such/*.parquet"])
def test_a_missing_file_is_told_with_its_row(project, location):
    (project.directory / EXPORT).unlink()
    move(project, location)
    (error,) = check_exports(project.directory, {}).errors
    assert (error.file, error.line, error.column, error.value) == (EXPORTS, 2, "location", location)
    assert f"the export has no file {location} that can be opened (" in error.problem


def test_an_address_says_what_duckdb_needs(project):
    (project.directory / EXPORT).unlink()
    move(project, "s3://bucket/panel.parquet")
    (error,) = check_exports(project.directory, {}).errors
    assert "install httpfs" in error.remedy


def test_the_lists_of_dbt_say_where_a_file_lies(project, elsewhere):
    project.replace("dbt_project.yml", "  exports: []\n  exports_elsewhere:\n", "  exports:\n")
    messages = [error.problem for error in check_exports(project.directory, {}).errors]
    assert any('exports lists "riverside", which' in message for message in messages)
    assert any('exports_elsewhere does not list "riverside"' in message for message in messages)


def test_remove_leaves_the_file_elsewhere(project, elsewhere):
    changed = remove_survey(project.directory, read_codebook(project.directory)[0], "riverside")
    assert elsewhere.exists()
    assert EXPORT not in changed
    assert "exports_elsewhere: []" in (project.directory / "dbt_project.yml").read_text()


def test_erasing_tells_of_a_file_that_it_does_not_change(project, elsewhere):
    before = elsewhere.read_bytes()
    with pytest.raises(CoproductionError, match=r"the person is in .*panel\.csv, too, and no file outside"):
        plan_erasure(project.directory, "riverside", "2")
    with pytest.raises(CoproductionError, match="no export of riverside has the id 99"):
        plan_erasure(project.directory, "riverside", "99")
    assert elsewhere.read_bytes() == before


def test_what_the_check_has_counted_holds_while_the_file_is_the_same(project, tmp_path):
    checked = check_exports(project.directory, {})
    write_checked_exports(checked, tmp_path, "command")
    by_check = counted_by_check(tmp_path, "command")
    counted = count_export_files(project.directory, ["riverside"])
    assert count_export_files(project.directory, ["riverside"], by_check).equals(counted)
    sha256 = by_check["riverside"].sha256
    made_up = {"riverside": Counted(7, 5, 9, sha256)}
    assert count_export_files(project.directory, ["riverside"], made_up).n_cells.tolist() == [35]
    project.append(EXPORT, "4,Never,Poor,51,None")
    assert count_export_files(project.directory, ["riverside"], made_up).n_rows.tolist() == [4]
    assert counted_by_check(tmp_path, "another") == {}


def test_the_fingerprint_of_several_files_depends_on_each(project, tmp_path):
    for name in ("a", "b"):
        to_parquet(project, tmp_path / f"parts/{name}.parquet")
    pattern = str(tmp_path / "parts/*.parquet")
    before = parquet_fingerprint(pattern)
    assert parquet_fingerprint(pattern) == before
    to_parquet(project, tmp_path / "parts/b.parquet", "'x' as id")
    assert parquet_fingerprint(pattern) != before


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"memory_limit": "much"}, 'memory_limit is "much"'),
        ({"memory_limit": "4"}, 'memory_limit is "4"'),
        ({"sql_threads": "two"}, 'sql_threads is "two"'),
    ],
)
def test_limits_are_checked_before_duckdb_sees_them(project, variables, words):
    (error,) = check_exports(project.directory, variables).errors
    assert error.severity == ERROR
    assert words in error.problem


@pytest.mark.parametrize("variables", [{"memory_limit": "512MB", "sql_threads": 2}, {"memory_limit": "1.5 GiB"}, {}])
def test_limits_may_be_set(project, variables):
    assert check_exports(project.directory, variables).errors == []
