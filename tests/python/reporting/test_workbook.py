"""The workbook and the CSV files have the published numbers as numbers, and no text of the data as a formula."""

import re
import shutil
import zipfile
from xml.etree import ElementTree

import duckdb
import pytest

from coproduction.cli import main

pytest.importorskip("xlsxwriter", reason="not installed yet: `make setup` installs what requirements.lock has")
from coproduction.reporting import published_workbook as workbook

pytestmark = pytest.mark.slow

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULA = "=HYPERLINK(0)"


@pytest.fixture(scope="module")
def planted_file(small_file, tmp_path_factory):
    """One council, with a level that is withheld and a label that a spreadsheet could take for a formula."""
    path = shutil.copy(small_file, tmp_path_factory.mktemp("book") / "published.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"update reports.rpt_levels set theme_label = '{FORMULA}', estimate = null, is_withheld = true "
            "where measure_id = 'individual_index' and topic_id = 'all'"
        )
    return path


@pytest.fixture(scope="module")
def folder(planted_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    assert main(["workbook", str(planted_file), "--folder", str(folder)]) == 0
    assert (folder / "questions.xlsx").is_file()
    return folder


@pytest.fixture(scope="module")
def book(folder):
    with zipfile.ZipFile(folder / "tables.xlsx") as opened:
        return {name: opened.read(name).decode() for name in opened.namelist() if name.endswith((".xml", ".rels"))}


def sheets(book):
    """The parts of the workbook by the name of the sheet."""
    names = re.findall(r'<sheet name="([^"]+)" sheetId="(\d+)"', book["xl/workbook.xml"])
    return {name: f"xl/worksheets/sheet{number}.xml" for name, number in names}


def cells(book, name):
    """The cells of a sheet by their place: numbers as float, texts as str, truth values as bool."""
    shared = [
        "".join(part.text or "" for part in text.iter(f"{MAIN}t"))
        for text in ElementTree.fromstring(book["xl/sharedStrings.xml"])
    ]
    found = {}
    for cell in ElementTree.fromstring(book[sheets(book)[name]]).iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        if value is not None:
            kind = cell.get("t")
            found[cell.get("r")] = shared[int(value.text)] if kind == "s" else float(value.text)
    return found


def test_each_report_has_a_sheet_and_a_file(folder, book, planted_file):
    with duckdb.connect(str(planted_file), read_only=True) as connection:
        query = "select table_name from duckdb_tables() where schema_name = 'reports'"
        reports = {name for (name,) in connection.execute(query).fetchall()}
        assert {path.stem for path in (folder / "csv").iterdir() if not path.stem.startswith("bi_")} == reports
        assert reports <= set(sheets(book))
        for name in reports:
            n_rows = connection.execute(f"select count(*) from reports.{name}").fetchone()[0]
            read = f"read_csv('{folder / 'csv' / name}.csv', all_varchar = true, header = true)"
            assert connection.execute(f"select count(*) from {read}").fetchone()[0] == n_rows, name


def test_each_table_for_charts_has_a_file_and_no_other_table_has_one(planted_file, tmp_path):
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "bi_levels_by_hair.csv").write_text("left from another codebook", encoding="utf-8")
    workbook.write_workbook(planted_file, tmp_path)
    found = {path.stem for path in (tmp_path / "csv").iterdir() if not path.stem.startswith("rpt_")}
    with duckdb.connect(str(planted_file), read_only=True) as connection:
        query = "select table_name from duckdb_tables() where schema_name = 'bi'"
        tables = {name for (name,) in connection.execute(query).fetchall()}
        read = f"read_csv('{tmp_path / 'csv' / 'bi_levels.csv'}')"
        columns = "council_id, theme_id, individual_index_pct, willing_monthly_base"
        for source in ("bi.bi_levels", read):
            rows = connection.execute(f"select {columns} from {source} order by all").fetchall()
            assert rows == connection.execute(f"select {columns} from bi.bi_levels order by all").fetchall()
    assert found == tables >= {"bi_levels", "bi_nudges"}


def test_numbers_are_numbers_and_withheld_cells_are_empty(book, planted_file):
    found = cells(book, "rpt_levels")
    heads = {found[place]: place[:-1] for place in found if re.fullmatch(r"[A-Z]+1", place)}
    with duckdb.connect(str(planted_file), read_only=True) as connection:
        query = "select estimate, n_respondents from (from reports.rpt_levels order by all)"
        expected = connection.execute(query).fetchall()
    assert any(estimate is None for estimate, _ in expected)
    for row, (estimate, n_respondents) in enumerate(expected, start=2):
        assert found.get(f"{heads['estimate']}{row}") == estimate
        assert found.get(f"{heads['n_respondents']}{row}") == n_respondents


def test_no_text_of_the_data_is_a_formula_or_a_link(book):
    assert FORMULA in cells(book, "rpt_levels").values()
    for name, text in book.items():
        if name.startswith("xl/worksheets/sheet"):
            assert "<f>" not in text
            assert "hyperlink" not in text


def test_heads_stay_in_sight_and_have_notes(book):
    path = sheets(book)["rpt_levels"]
    assert '<pane xSplit="1" ySplit="1"' in book[path]
    assert "<autoFilter" in book[path]
    notes = "".join(text for name, text in book.items() if "comments" in name)
    assert "Lower end of the 95 per cent interval." in notes


def test_levels_and_answers_have_charts(book):
    charts = [text for name, text in book.items() if name.startswith("xl/charts/chart")]
    assert len(charts) >= 5
    assert sum('<c:grouping val="percentStacked"/>' in chart for chart in charts) == len(charts) - 1
    assert "Conditions" in sheets(book)
    found = cells(book, "Conditions")
    assert [found[f"{column}1"] for column in "CDEFG"] == [
        "Very poor", "Fairly poor", "Neither good nor poor", "Fairly good", "Very good",
    ]  # fmt: skip
    assert sum(found[f"{column}2"] for column in "CDEFG") == pytest.approx(100, abs=3)


def test_the_first_sheet_says_what_the_data_are(book):
    texts = list(cells(book, next(iter(sheets(book)))).values())
    assert any(text.startswith("Synthetic data.") for text in texts)
    assert any("fewer than 10 respondents" in text for text in texts)


def test_sheets_and_charts_that_are_copied_alone_say_that_the_data_are_synthetic(book):
    charts = [text for name, text in book.items() if name.startswith("xl/charts/chart")]
    assert all("(Synthetic data)" in chart for chart in charts)
    for name in ("Levels", "Conditions"):
        found = cells(book, name)
        (column,) = [place[:-1] for place, head in found.items() if place[1:] == "1" and head == "Data"]
        assert found[f"{column}2"] == "synthetic"


def test_a_table_that_is_too_long_is_in_its_file_alone(planted_file, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    workbook.write_workbook(planted_file, tmp_path)
    with zipfile.ZipFile(tmp_path / "tables.xlsx") as opened:
        book = {name: opened.read(name).decode() for name in opened.namelist() if name.endswith(".xml")}
    assert "rpt_levels" not in sheets(book)
    lines = cells(book, next(iter(sheets(book)))).values()
    assert "reports.rpt_levels is too long for a sheet. It is in the folder csv." in lines
    assert (tmp_path / "csv" / "rpt_levels.csv").is_file()
