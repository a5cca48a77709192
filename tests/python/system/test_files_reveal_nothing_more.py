"""Workbook, CSV files, explorer and pages have no number that the published file does not have.

So whoever attacks them has the file's figures and no others. The outsider's attack reads the CSV files as well: it
works out nothing of them today, and what version 0.1 printed would be worked out of them, too.
"""

import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

import duckdb
import pytest

pytest.importorskip("xlsxwriter", reason="not installed yet: `make setup` installs what requirements.lock has")
from coproduction.reporting.pages import write_report
from coproduction.reporting.published_workbook import write_workbook
from outsider import Outsider
from studies import FEW
from version_0_1 import CHECKS, as_version_0_1, published

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# What a reader knows about measures and surveys from the documentation and Table 1; no file of the workbook has it.
KNOWN = ("marts.dim_measure", "marts.dim_survey", "publication.manifest")
NUMBER = re.compile(r"(?<![\w.])[-\u2212]?\d[\d,]*(?:\.\d+)?(?![\w.])")


def outsider_with_files(folder, file):
    """The outsider who has the CSV files, and of the published file only what the documentation says as well."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as file (read_only)")
        for schema in ("reports", "marts", "publication"):
            connection.execute(f"create schema {schema}")
        for path in sorted((folder / "csv").glob("rpt_*.csv")):
            connection.execute(f"create table reports.{path.stem} as from read_csv('{path}', header = true)")
        for name in KNOWN:
            connection.execute(f"create table {name} as from file.{name}")
        return Outsider(connection)


@pytest.fixture(scope="module")
def files(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    write_workbook(published(small), folder)
    return folder


@pytest.fixture(scope="module")
def file(small):
    with duckdb.connect(str(published(small)), read_only=True) as connection:
        yield connection


def reports_of(file):
    query = "select table_name from duckdb_tables() where schema_name = 'reports' order by all"
    return [name for (name,) in file.execute(query).fetchall()]


def test_each_csv_file_has_the_rows_of_its_report_and_nothing_else(files, file):
    names = {path.stem for path in (files / "csv").glob("rpt_*.csv")}
    assert names == set(reports_of(file))
    for name in sorted(names):
        read = f"read_csv('{files / 'csv' / name}.csv', all_varchar = true, header = true)"
        columns = [row[0] for row in file.execute(f"describe reports.{name}").fetchall()]
        assert [row[0] for row in file.execute(f"describe from {read}").fetchall()] == columns, name
        numbers = [
            row[0]
            for row in file.execute(f"describe reports.{name}").fetchall()
            if row[1] in ("DOUBLE", "BIGINT", "INTEGER") or row[1].startswith("DECIMAL")
        ]
        of_file, of_csv = (
            f"select {', '.join(f'cast({column} as double) as {column}' for column in numbers)} from {source}"
            for source in (f"reports.{name}", read)
        )
        if numbers:
            assert file.execute(f"({of_csv}) except all ({of_file})").fetchall() == [], name
            assert file.execute(f"({of_file}) except all ({of_csv})").fetchall() == [], name


def test_each_number_of_a_sheet_is_in_its_report(files, file):
    n_numbers = 0
    with zipfile.ZipFile(files / "tables.xlsx") as book:
        workbook = book.read("xl/workbook.xml").decode()
        for name, number in re.findall(r'<sheet name="([^"]+)" sheetId="(\d+)"', workbook):
            if name not in reports_of(file):
                continue
            columns = file.execute(f"describe reports.{name}").fetchall()
            of_report = set()
            for column, kind, *_ in columns:
                if kind in ("DOUBLE", "BIGINT", "INTEGER") or kind.startswith("DECIMAL"):
                    of_report |= set(file.execute(f"select distinct cast({column} as double) from reports.{name}").df()
                                     .iloc[:, 0].dropna())  # fmt: skip
            sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            numbers = {
                float(cell.find(f"{MAIN}v").text)
                for cell in sheet.iter(f"{MAIN}c")
                if cell.get("t") in (None, "n") and cell.find(f"{MAIN}v") is not None
            }
            assert numbers <= of_report, name
            n_numbers += len(numbers)
    assert n_numbers > 300


def test_an_outsider_works_out_nothing_of_the_csv_files(files, small):
    assert [found for found in outsider_with_files(files, published(small)).everything() if found.is_certain] == []


def test_an_outsider_would_work_out_of_csv_files_what_version_0_1_printed(small, tmp_path):
    with as_version_0_1(small, tmp_path, [CHECKS]):
        pass
    folder = tmp_path / "files"
    folder.mkdir()
    write_workbook(tmp_path / "published.duckdb", folder)
    found = list(outsider_with_files(folder, tmp_path / "published.duckdb").arms())
    assert {(d.survey[0], d.values) for d in found} >= {("bristol", frozenset({FEW["bristol"][2]}))}


class Cells(HTMLParser):
    """Collects the texts of the cells of tables."""

    def __init__(self):
        super().__init__()
        self.texts, self.is_in_cell = [], False

    def handle_starttag(self, tag, _):
        if tag == "td":
            self.is_in_cell = True
            self.texts.append("")

    def handle_endtag(self, tag):
        if tag == "td":
            self.is_in_cell = False

    def handle_data(self, data):
        if self.is_in_cell:
            self.texts[-1] += data


def test_each_number_in_a_table_of_a_page_is_a_published_number(small, file, tmp_path):
    shown = set()
    for schema, table, column, kind in file.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns "
        "where table_schema in ('reports', 'marts', 'quality', 'publication') "
    ).fetchall():
        if kind in ("DOUBLE", "BIGINT", "INTEGER") or kind.startswith("DECIMAL"):
            values = file.execute(f"select distinct cast({column} as double) from {schema}.{table}").df().iloc[:, 0]
            shown |= {round(abs(value), places) for value in values.dropna() for places in (0, 1, 2, 3)}
    # A page also counts rows of the file itself, all and those withheld, of all councils or one, by reason.
    for name in reports_of(file):
        columns = {row[0] for row in file.execute(f"describe reports.{name}").fetchall()}
        if "withheld_reason" in columns:
            keys = ", ".join({"council_id", "withheld_reason"} & columns)
            for chosen in ("is_withheld", "true"):
                query = f"select count(*) from reports.{name} where {chosen} group by cube ({keys})"
                shown |= {float(n) for (n,) in file.execute(query).fetchall()}
    # The build's id and time, and versions; and texts that reports print as they are.
    texts = file.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_schema in ('reports', 'publication') and data_type = 'VARCHAR'"
    ).fetchall()
    facts = set()
    for schema, table, column in texts:
        facts |= {text for (text,) in file.execute(f"select distinct {column} from {schema}.{table}").fetchall()}
    n_numbers, others = 0, {}
    for page in write_report(published(small), tmp_path):
        if page.suffix != ".html" or page.stem in ("explorer", "dictionary"):
            continue
        cells = Cells()
        cells.feed(page.read_text(encoding="utf-8"))
        for text in set(cells.texts) - facts:
            for number in NUMBER.findall(text):
                value = float(number.replace(",", "").lstrip("-\u2212"))
                n_numbers += 1
                if value not in shown:
                    others.setdefault(value, text)
    assert n_numbers > 500
    assert others == {}
