"""Whatever stands in a file: it loads with every cell, is converted with every cell, or is refused with a message.

The files are made up by hypothesis, always the same ones, and more of them with `make thorough`. DuckDB reads each file
that passes, with the options of the seed materialization, and has to find the same cells as Python's parser.
"""

import csv
import io

import duckdb
import pytest
from corpus import EXPORT_IDS, N_ROWS, PROJECT, READ_CSV, write_project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coproduction.codebook.tables import COLUMNS
from coproduction.exports.checking import Recognised, check_export_file, codebook_errors
from coproduction.exports.checks.answer_checks import export_of, judge_answers
from coproduction.exports.checks.cell_checks import changes_of_cells, refuse_odd_cells
from coproduction.exports.planning import converted_bytes
from coproduction.exports.project_files import export_file_of, read_codebook
from coproduction.files.conversion import changes
from coproduction.files.csv_file import CsvFile
from coproduction.files.file_checks import check_file, refusals
from coproduction.files.finding import ERROR
from coproduction.files.reading import export_file, parse_table
from thorough import IS_THOROUGH

pytestmark = pytest.mark.slow

bounded = settings(
    max_examples=400 if IS_THOROUGH else 40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

RAW = {
    export_id: b"".join((PROJECT / export_file(export_id)).read_bytes().splitlines(keepends=True)[: N_ROWS + 1])
    for export_id in EXPORT_IDS
}
CODEBOOK, UNREADABLE = read_codebook(PROJECT)

# What separates, quotes and ends cells, beside the characters that one reader might take otherwise than another.
AWKWARD = ",;\t|\"'\n\r \\#=-+@\x00\x07\x0b\x0c\x1a\x85\xa0\u200b\u2028\ufeff\ufffd\U0001f600\u00e9\u0301aQ1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("any_file")


def cells_in_duckdb(folder, content):
    path = folder / "any.csv"
    path.write_bytes(content)
    relation = duckdb.sql(f"from read_csv('{path}', {READ_CSV})")
    return relation.columns, [[cell or "" for cell in row] for row in relation.fetchall()]


def cells_by_plain_parser(content):
    """Header and rows by Python's csv alone, without any code of ours; blank lines are rows of one column only."""
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), skipinitialspace=True)
    return header, [row or [""] for row in rows if row or len(header) == 1]


def without_begin(rows):
    return [[cell.lstrip(" ") for cell in row] for row in rows]


def hold_every_cell(folder, content):
    """DuckDB, our reader and the plain parser find the same cells; none is lost or made up."""
    header, rows = cells_in_duckdb(folder, content)
    table = parse_table(content.decode("utf-8-sig"))
    assert header == table.header
    assert without_begin(rows) == without_begin(table.rows)
    _, plain = cells_by_plain_parser(content)
    assert len(rows) * len(header) == sum(map(len, plain))


def meets_its_fate(folder, file):
    """Follow one file to its end and return what became of it."""
    refused = refusals(file)
    if refused:
        assert all(finding.severity == ERROR and finding.remedy for finding in refused)
        assert all(line.isprintable() for finding in refused for line in str(finding).split("\n"))
        return "refused"
    if not changes(file):
        hold_every_cell(folder, file.raw)
        return "loaded"
    content = converted_bytes(file, {})
    left = check_file(CsvFile(file.name, content, file.expected))
    if left and not file.expected:
        # What then looks like another separator is left to a person.
        return "refused"
    assert left == []
    converted = file.converted[0]
    assert without_begin(parse_table(content.decode("utf-8")).rows) == without_begin(converted.rows)
    hold_every_cell(folder, content)
    return "repaired"


@bounded
@given(
    content=st.one_of(st.text(alphabet=AWKWARD, max_size=60), st.text(max_size=60)),
    expected=st.sampled_from([{}, {"a": "x"}]),
)
def test_any_text_loads_with_every_cell_or_is_refused(folder, content, expected):
    raw = content.encode("utf-8", errors="surrogatepass")
    meets_its_fate(folder, CsvFile("any.csv", raw, expected))


@bounded
@given(raw=st.binary(max_size=200))
def test_any_bytes_load_with_every_cell_or_are_refused(folder, raw):
    meets_its_fate(folder, CsvFile("any.csv", raw, {}))


@bounded
@given(table=st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.text(AWKWARD, max_size=6), min_size=width, max_size=width), max_size=6)
))  # fmt: skip
def test_any_table_written_as_csv_loads_with_every_cell_or_is_refused(folder, table):
    text = io.StringIO()
    width = len(table[0]) if table else 1
    csv.writer(text).writerows([[f"c{place}" for place in range(width)], *table])
    meets_its_fate(folder, CsvFile("any.csv", text.getvalue().encode(), {}))


@st.composite
def spoiled_exports(draw):
    """Return a bundled export with some bytes changed, taken out, put in, doubled, or in another encoding."""
    export_id = draw(st.sampled_from(EXPORT_IDS))
    raw = RAW[export_id]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(raw)))
        length = draw(st.sampled_from([0, 1, 2, 30, 500]))
        new = draw(
            st.one_of(
                st.text(AWKWARD, max_size=4).map(str.encode),
                st.binary(max_size=4),
                st.just(raw[place : place + length]),
            )
        )
        end = place + draw(st.sampled_from([0, length]))
        raw = raw[:place] + new + raw[end:]
    encoding = draw(st.sampled_from(["utf-8"] * 6 + ["utf-16", "utf-16-le", "cp1252", "utf-8-sig"]))
    if encoding != "utf-8":
        raw = raw.decode("utf-8", errors="replace").encode(encoding, errors="replace")
    return export_id, raw


@bounded
@given(spoiled=spoiled_exports())
def test_any_spoiled_export_loads_with_every_cell_or_is_refused(folder, spoiled):
    export_id, raw = spoiled
    path = folder / export_file(export_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    findings = check_export_file(folder, CODEBOOK, export_id, True, [export_id], Recognised())
    assert all(line.isprintable() for finding in findings for line in str(finding).split("\n"))
    file = export_file_of(folder, CODEBOOK, export_id)
    if meets_its_fate(folder, file) == "refused":
        assert any(finding.severity == ERROR for finding in findings)
        return
    export = export_of(CODEBOOK, export_id, file.converted[0])
    done, replaced = changes_of_cells(export)
    assert bool(done) == bool(replaced)
    errors = [finding for finding in findings if finding.severity == ERROR]
    is_odd = bool(list(refuse_odd_cells(export)) or done or changes(file))
    has_unknown = any(finding.severity == ERROR for finding in judge_answers(export))
    assert bool(errors) == (is_odd or has_unknown) or (done and not has_unknown)


@bounded
@given(table=st.sampled_from(sorted(COLUMNS)), data=st.data())
def test_any_spoiled_codebook_is_read_or_refused_with_printable_messages(spoiled_project, table, data):
    path = spoiled_project / f"seeds/codebook/{table}.csv"
    original = path.read_bytes()
    place = data.draw(st.integers(0, len(original)))
    new = data.draw(st.one_of(st.text(AWKWARD + "0129", max_size=4).map(str.encode), st.binary(max_size=3)))
    length = data.draw(st.sampled_from([0, 1, 5, 100]))
    try:
        path.write_bytes(original[:place] + new + original[place + length :])
        codebook, findings = read_codebook(spoiled_project)
        findings = findings or codebook_errors(codebook)
    finally:
        path.write_bytes(original)
    assert all(line.isprintable() for finding in findings for line in str(finding).split("\n"))


@pytest.fixture(scope="module")
def spoiled_project(tmp_path_factory):
    directory = tmp_path_factory.mktemp("codebook")
    write_project(directory, "barnet")
    return directory


def test_the_bundled_codebook_could_be_read():
    assert UNREADABLE == []
