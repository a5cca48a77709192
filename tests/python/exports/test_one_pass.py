"""A file that is right is read in one pass, and then has the same cells as when it is read whole."""

import csv
import io

import pytest
from corpus import CASES, EXPORT_IDS, PROJECT
from hypothesis import given
from hypothesis import strategies as st
from test_any_file import AWKWARD, bounded, spoiled_exports

from coproduction.exports.checking import check_project
from coproduction.files.columns.column import CHUNK, Column
from coproduction.files.columns.column_table import column_table
from coproduction.files.columns.odd_text import may_have_odd_cell, may_have_odd_cells
from coproduction.files.columns.streaming import right_file
from coproduction.files.conversion import changes
from coproduction.files.csv_file import CsvFile
from coproduction.files.file_checks import refusals
from coproduction.files.reading import CsvTable, export_file


def rows_of(table):
    return [table.row(place) for place in range(table.n_rows)]


def is_read_in_one_pass(folder, file):
    """Return whether a file is read in one pass; if so, it has every cell and nothing to explain or to convert."""
    path = folder / "one_pass.csv"
    path.write_bytes(file.raw)
    right = right_file(path, file.name, file.expected)
    if right is None:
        return False
    assert refusals(file) == []
    assert changes(file) == []
    table = right.table.without_first_spaces()
    whole = file.converted[0]
    assert (table.header, rows_of(table), list(table.lines)) == (whole.header, whole.rows, whole.lines)
    assert rows_of(right.table) == file.spaced.rows
    assert may_have_odd_cells(file.text) or not any(map(may_have_odd_cell, right.table.columns))
    return True


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("one_pass")


ROWS = [["id", "a b", "c"], ["1", " x", "an, answer"], ["2", "two\nlines", "\u00e9"], ["3", "", 'a "quote"']]


def written(line_end="\n", rows=ROWS):
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end).writerows(rows)
    return text.getvalue().encode()


RIGHT = {
    "commas and quotation marks": written(),
    "windows": written("\r\n"),
    "old macintosh": written("\r", [[cell.replace("\n", " ") for cell in row] for row in ROWS]),
    "byte order mark": b"\xef\xbb\xbf" + written(),
    "blank lines": written().replace(b"\n2", b"\n\n2"),
    "one column": b"id\n1\n\n2\n",
    "no rows": b"id,q\n",
    "many rows": b"id,q\n" + b"".join(b"%d,%d\n" % (n, n % 7) for n in range(3 * CHUNK + 1)),
}


@pytest.mark.parametrize("raw", RIGHT.values(), ids=RIGHT)
def test_what_is_right_is_read_in_one_pass(folder, raw):
    assert is_read_in_one_pass(folder, CsvFile("any.csv", raw, {}))


WRONG = {
    "ragged": b"id,q\n1,2\n3\n",
    "semicolons": b"id;q\n1;2\n",
    "title above": b"Panel 2025,\nid,q\n1,2\n",
    "repeated header": written(rows=[["id", "q"], ["1", "2"], ["id", "q"]]),
    "line ends": b"id,q\n1,2\r\n3,4\n",
    "line ends in another chunk": RIGHT["many rows"] + b"9,9\r\n",
    "not UTF-8": "id,q\n1,\u00e9\n".encode("cp1252"),
    "zero byte": b"id,q\n1,\0\n",
    "open quotation mark": b'id,q\n1,"2\n',
    "too long a row": b"id,q\n1,2\n1," + b"x" * 2_000_000 + b"\n",
    "no name": b"id,\n1,2\n",
    "same name": b"id,ID\n1,2\n",
    "invisible name": "id,q\u200b\n1,2\n".encode(),
    "space before a quotation mark": b'id,q\n1,  "a, b"\n',
    "space after a quotation mark": b'id,q\n1," a, b"\n',
}


@pytest.mark.parametrize("raw", WRONG.values(), ids=WRONG)
def test_what_needs_an_explanation_is_read_whole(folder, raw):
    assert not is_read_in_one_pass(folder, CsvFile("any.csv", raw, {"id": "x"}))


@pytest.mark.parametrize("export_id", EXPORT_IDS)
def test_the_bundled_exports_are_read_in_one_pass(folder, export_id):
    raw = (PROJECT / export_file(export_id)).read_bytes()
    assert is_read_in_one_pass(folder, CsvFile(export_file(export_id), raw, {}))


def test_the_corpus_is_read_alike(folder):
    files = [case for case in CASES if "/exports/" in case.file and (PROJECT / case.file).is_file()]
    contents = [(case.file, case.mutate((PROJECT / case.file).read_bytes())) for case in files]
    read = [is_read_in_one_pass(folder, CsvFile(name, raw, {})) for name, raw in contents if raw is not None]
    assert 10 < sum(read) < len(read) - 10


@pytest.mark.slow
@bounded
@given(content=st.text(alphabet=AWKWARD, max_size=60))
def test_any_text_is_read_alike(folder, content):
    is_read_in_one_pass(folder, CsvFile("any.csv", content.encode("utf-8", errors="surrogatepass"), {}))


@pytest.mark.slow
@bounded
@given(spoiled=spoiled_exports())
def test_any_spoiled_export_is_read_alike(folder, spoiled):
    export_id, raw = spoiled
    is_read_in_one_pass(folder, CsvFile(export_file(export_id), raw, {}))


@pytest.mark.parametrize("n_different", [1, 3, 256, 257, 700])
@pytest.mark.parametrize("n_rows", [1, CHUNK, CHUNK + 1, 5 * CHUNK + 3])
def test_a_column_is_its_cells_however_it_is_kept(n_different, n_rows):
    cells = [f"{place * 7 % n_different} \u00e9" for place in range(n_rows)]
    column = Column.of(cells)
    assert list(column) == cells
    assert [column[place] for place in (0, n_rows // 2, n_rows - 1)] == [cells[0], cells[n_rows // 2], cells[-1]]
    assert list(column.counts().items()) == [(cell, cells.count(cell)) for cell in dict.fromkeys(cells)]
    assert column.first_places() == {cell: cells.index(cell) for cell in set(cells)}
    assert column.first(lambda cell: cell == cells[-1]) == cells.index(cells[-1])
    assert list(column.map(str.upper)) == [cell.upper() for cell in cells]
    assert list(column.map(len)) == list(map(len, cells))
    assert column.map(lambda cell: cell[-1]).counts() == {"\u00e9": n_rows}
    assert list(column.from_row(1)) == cells[1:]
    assert list(column.take([place % 2 for place in range(n_rows)])) == cells[1::2]
    assert column.repeated() == {cell for cell in cells if cells.count(cell) > 1}
    assert sum(sum(part.values()) for part in column.parts()) == n_rows
    assert {cell for text in column.texts() for cell in text.split("\0")} == set(cells)


def test_ragged_rows_keep_their_first_cells():
    table = column_table(CsvTable(["a", "b"], [["1"], ["2", "3", "4"]], [2, 3]))
    assert rows_of(table) == [["1", ""], ["2", "3"]]


def test_a_file_with_many_rows_is_checked_as_a_small_one(project):
    """What is found beyond the first rows has its own line, also in a column with many different cells."""
    rows = "".join(f"{number},Often,Good,34,A\n" for number in range(2, 1_000))
    header = "id,Q1,Q2,Q3,Q4\n1,Often,Good,34,A\n"
    project.write("seeds/exports/riverside.csv", header + rows + "998,Rarely,Good,34,A\n")
    found = [(finding.line, finding.value) for finding in check_project(project.directory)]
    assert (1_001, "Rarely") in found
    project.write("seeds/exports/riverside.csv", header + rows + "998,Never,Good,34,A\n")
    found = [(finding.line, finding.value) for finding in check_project(project.directory)]
    assert (999, "998") in found
