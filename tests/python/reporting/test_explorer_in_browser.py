"""The explorer as a browser shows it, from the disk and without a network; skipped where Chromium is not installed."""

import base64
import csv
import html
import io
import os
import re
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import pytest

from coproduction.reporting.pages import _explorer

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine"),
]
EVIL = "=1+1"
# Writes what a reader gets as downloads and in the clipboard into the page, where the tests find it.
ASK = """
function put(id, words) {
  const made = document.createElement("pre");
  made.id = id;
  made.textContent = words;
  document.body.append(made);
}
put("csv-file", csvOf(longRows()));
put("plain", copyOf()["text/plain"]);
put("rich", copyOf()["text/html"]);
workbookOf(longRows(), "Table").arrayBuffer().then((found) => {
  put("excel-file", btoa(String.fromCharCode(...new Uint8Array(found))));
});
"""


@pytest.fixture
def browse(tmp_path):
    """Returns the page after its script has run, as markup, and what the console said."""

    def open_page(page, address="", more=""):
        if more:
            page = re.sub(r"script-src [^\"]*\"", "script-src 'unsafe-inline'\"", page)
            page = page.replace("</main>", f"<script>{more}</script></main>")
        file = tmp_path / "explorer.html"
        file.write_text(page, encoding="utf-8")
        command = [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr", "--virtual-time-budget=2000",
            "--dump-dom", f"{file.as_uri()}#{address}",
        ]  # fmt: skip
        environment = {**os.environ, "HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=True)
        return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]

    return open_page


def texts(markup, tag):
    """Return the text of each element of a kind."""
    found = re.findall(rf"<{tag}[ >].*?</{tag}>", markup, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", element)).strip() for element in found]


def put(markup, id_):
    """Return what ASK has put into the page."""
    return html.unescape(re.search(rf'<pre id="{id_}">(.*?)</pre>', markup, re.DOTALL)[1])


def csv_rows(markup):
    return list(csv.DictReader(io.StringIO(put(markup, "csv-file").lstrip("\ufeff"))))


def shown(markup, tag="td"):
    return texts(markup[markup.index('id="table"') :], tag)


def test_an_address_shows_its_table_and_chart_without_a_word_on_the_console(browse, published, connection):
    page = _explorer(published, [("study.html", "All")])
    markup, console = browse(page, "kind=levels&subject=individual_index&theme=Environment&council=swansea")
    assert console == []
    (row,) = connection.execute(
        "select estimate, ci_lower, ci_upper, n_respondents from reports.rpt_levels where council_id = 'swansea' "
        "and measure_id = 'individual_index' and theme_id = 'environment' and topic_id = 'all' and "
        "breakdown_id = 'all' and weighting_id = 'unweighted'"
    ).fetchall()
    expected = "{:.0f} ({:.0f} to {:.0f})".format(*row[:3])
    assert shown(markup)[:2] == [expected, f"at least {row[3]}"]
    assert "Synthetic data." in shown(markup, "caption")[0]
    assert 'class="charted" role="img"' in markup
    assert texts(markup, "h2")[0] == "Index of individual co-production"
    assert "Rows in the table: 1." in markup


def test_withheld_cells_say_so_and_why_and_draw_nothing(browse, planted):
    reason = "fewer than 10 respondents"
    scope = planted(
        "update reports.rpt_levels set estimate = null, ci_lower = null, ci_upper = null, n_respondents = null, "
        f"is_withheld = true, withheld_reason = '{reason}' where council_id = 'swansea'"
    )
    page = _explorer(scope.published, [("study.html", "All")])
    markup, console = browse(page, "kind=levels&council=swansea")
    assert console == []
    assert set(shown(markup)) == {"withheld", "", reason}
    assert 'class="charted"' not in markup


def test_files_mark_synthetic_data_and_have_no_formula(browse, planted):
    scope = planted(
        f"update reports.rpt_answer_shares set question_text = '{EVIL}' where column_name = 'C3a'",
        f"update reports.rpt_answer_shares set answer_name = '{EVIL}' where column_name = 'C3a' and answer_order = 1",
    )
    page = _explorer(scope.published, [("study.html", "All")])
    markup, console = browse(page, f"kind=answers&find={EVIL.replace('+', '%2B')}&council=swansea", ASK)
    assert console == []
    rows = csv_rows(markup)
    assert rows
    assert {row["question_or_measure"] for row in rows} == {f"'{EVIL}"}
    assert {row["provenance"] for row in rows} == {"synthetic (Synthetic data)"}
    assert all(re.fullmatch(r"-?[\d.]+", row["estimate"]) for row in rows if row["is_withheld"] == "false")

    # The caption begins with the mark, and a group could be named like a formula too.
    assert put(markup, "plain").startswith(f"Synthetic data. {EVIL}, ")
    assert f"<caption>Synthetic data. {EVIL}, " in put(markup, "rich")
    assert not re.search(r"(^|[\t\n>])[=+@]", put(markup, "plain") + put(markup, "rich"))

    book = zipfile.ZipFile(io.BytesIO(base64.b64decode(put(markup, "excel-file"))))
    assert book.testzip() is None
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f"))
    words = [cell for cell in sheet.iter(f"{space}c") if "".join(cell.itertext()) == EVIL]
    assert words
    assert {cell.get("t") for cell in words} == {"inlineStr"}


def test_the_workbook_opens_in_a_reader_of_workbooks(browse, published, tmp_path):
    calamine = pytest.importorskip("python_calamine")
    markup, _ = browse(_explorer(published, [("study.html", "All")]), "kind=levels&breakdown=Gender", ASK)
    path = tmp_path / "table.xlsx"
    path.write_bytes(base64.b64decode(put(markup, "excel-file")))
    heads, *rows = calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    from_csv = list(csv.DictReader(io.StringIO(texts(markup, "pre")[0].lstrip("\ufeff"))))
    assert heads == list(from_csv[0])
    place = heads.index("estimate")
    assert [row[place] for row in rows] == [
        float(row["estimate"] or "nan") if row["estimate"] else "" for row in from_csv
    ]
