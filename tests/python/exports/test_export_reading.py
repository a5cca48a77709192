"""Python counts the cells of a file as DuckDB does, in the dialect of the seed materialization."""

import hashlib

import duckdb
import pytest

from coproduction.exports.counting import count_export_files
from coproduction.files.reading import UnreadableExportError, file_fingerprint, parse_table, read_table

FILES = {
    "plain": b"a,b\n1,2\n3,4\n",
    "byte order mark": b"\xef\xbb\xbfa,b\n1,2\n",
    "Windows": b"a,b\r\n1,2\r\n",
    "old Macintosh": b"a,b\r1,2\r",
    "no last line end": b"a,b\n1,2",
    "blank lines": b"a,b\n\n1,2\n\n\n",
    "one column, blank cells": b"a\n1\n\n2\n\n\n",
    "one column, quoted blank": b'a\n1\n""\n',
    "header only": b"a,b\n",
    "line end in a cell": b'a,b\n"x\ny",2\n3,4\n',
    "comma in a cell": b'a,b\n"x,y",2\n',
    "space before a quotation mark": b'a,b\n1, "x,y"\n',
    "quotation mark in a cell": b'a,b\n5" pipe,2\n"a ""b"" c",3\n',
    "row of blanks": b"a,b\n,\n",
    # Without comment='' DuckDB takes such a row for a comment, and cuts other cells at the sign.
    "number sign": b"a,b\n#1,x #2\n2,y #3\n",
    "words for missing": b"a,b\nNA,NULL\nNone,nan\n",
    "spaces in the header": b" a , b\n1,2\n",
    "odd line ends in cells": "a,b\nx\u2028y,\u0085\n".encode(),
    "a long cell": b"a,b\n1," + b"x" * 200_000 + b"\n",
}


def rows_in_duckdb(path):
    return duckdb.sql(
        f"from read_csv('{path}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"', nullstr='', "
        "skip=0, strict_mode=true, comment='')"
    )


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_python_and_duckdb_read_the_same_cells(tmp_path, content):
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    relation = rows_in_duckdb(path)
    table = read_table(path)
    in_duckdb = [[(cell or "").lstrip(" ") for cell in row] for row in relation.fetchall()]
    assert table.header == relation.columns
    assert table.rows == in_duckdb
    assert file_fingerprint(path) == hashlib.sha256(content).hexdigest()


def test_lines_count_from_the_header_as_an_editor_does():
    table = parse_table('a,b\n\n"x\ny",2\n3,4\n')
    assert table.lines == [3, 5]


@pytest.mark.parametrize("content", [b"a\n\xe9\n", b'a\n"x\n'])
def test_a_file_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableExportError, match=r"export\.csv"):
        read_table(path)


def test_the_files_of_the_exports_named_are_counted(project):
    frame = count_export_files(project.directory, ["riverside"])
    assert frame.drop(columns="sha256").to_dict("records") == [
        {
            "export_id": "riverside",
            "file_name": "seeds/exports/riverside.csv",
            "n_rows": 3,
            "n_columns": 5,
            "n_cells": 15,
            "n_rows_of_file": 3,
        }
    ]


def test_no_export_makes_an_empty_frame_of_the_same_types(project):
    some, none = count_export_files(project.directory, ["riverside"]), count_export_files(project.directory, [])
    assert len(none) == 0
    assert list(none.dtypes.items()) == list(some.dtypes.items())
