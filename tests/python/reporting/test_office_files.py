"""Word documents and pictures of charts: the same numbers as the pages, alternative texts, and nothing else."""

import re
import zipfile
from xml.etree import ElementTree

import pytest

from coproduction.cli import main
from coproduction.reporting import office_files, word_document
from coproduction.reporting.charts import pictures as drawing
from coproduction.reporting.charts.bars import Bar, bars
from coproduction.reporting.content import Cell, Figure, Finding, Section, Table, TableRow
from coproduction.reporting.word_document import Writer

docx = pytest.importorskip("docx")
SVG = "{http://www.w3.org/2000/svg}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def figure():
    svg = bars("levels-a", "Levels", "Bars.", [Bar("Does & helps", 40, "40"), Bar("<No>", None, "")])
    return Figure("Levels of <things>", svg, [("h2", "Often"), ("l2", "Never")], "A note.")


def table(n_rows):
    rows = [
        TableRow("", [Cell(f"Row {place}"), Cell("=1+1", True), Cell("-0.3", css="p3")], "") for place in range(n_rows)
    ]
    return Table("Caption", "reports.rpt_levels", ["Name", "Share", "r"], rows, "council_id = a")


@pytest.fixture(scope="module")
def document(published, figure, tmp_path_factory):
    """A small section as a Word document."""
    path = tmp_path_factory.mktemp("word") / "page.docx"
    part = Section(
        "part", "A part", ["Lead."], figures=[figure], tables=[table(3), table(word_document.MOST_ROWS_OF_A_TABLE + 1)]
    )
    section = Section("whole", "Levels", findings=[Finding("A is above B.", "row")], facts=[("A", "b")], parts=[part])
    writer = Writer(published, "Title", "Swansea. Synthetic data")
    writer.section(section)
    return docx.Document(str(writer.save(path)))


def test_a_document_has_headings_findings_and_facts(document):
    paragraphs = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert ("Title", "Title") in paragraphs
    assert ("Heading 1", "Levels") in paragraphs
    assert ("Heading 2", "A part") in paragraphs
    assert ("List Bullet", "A is above B.") in paragraphs
    assert ("Normal", "A: b") in paragraphs
    assert ("Caption", "Caption Rows of reports.rpt_levels: council_id = a") in paragraphs


def test_synthetic_data_is_in_the_header_of_each_sheet_and_in_the_text(document):
    assert document.sections[0].header.paragraphs[0].text == "Synthetic data"
    assert any(paragraph.text.startswith("Synthetic data. Some or all") for paragraph in document.paragraphs)
    assert document.core_properties.comments == "Synthetic data"


def test_a_table_repeats_its_head_and_has_the_texts_of_its_cells(document):
    (found,) = document.tables
    assert [[cell.text for cell in row.cells] for row in found.rows[:2]] == [
        ["Name", "Share", "r"],
        ["Row 0", "=1+1", "-0.3"],
    ]
    assert found.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert all(row._tr.trPr.find(f"{W}cantSplit") is not None for row in found.rows)
    assert found._tbl.tblPr.find(f"{W}tblDescription").get(f"{W}val") == "Caption"


def test_a_long_table_is_named_with_the_file_that_has_it(document):
    assert len(document.tables) == 1
    assert any(
        "61 rows" in paragraph.text and "csv/rpt_levels.csv" in paragraph.text for paragraph in document.paragraphs
    )


@pytest.mark.parametrize(("n_columns", "is_in_the_document"), [(6, True), (14, False)])
def test_a_table_whose_words_do_not_fit_on_the_sheet_is_named_with_its_file(
    published, tmp_path, n_columns, is_in_the_document
):
    cells = [Cell("characteristics")] * n_columns
    wide = Table("Wide", "reports.rpt_levels", ["Respondents"] * n_columns, [TableRow("", cells, "")])
    writer = Writer(published, "Title", "Swansea")
    writer.section(Section("wide", "Wide", tables=[wide]))
    made = docx.Document(str(writer.save(tmp_path / "page.docx")))
    named = [part.text for part in made.paragraphs if "14 columns" in part.text and "csv/rpt_levels.csv" in part.text]
    assert (len(made.tables), len(named)) == ((1, 0) if is_in_the_document else (0, 1))
    for table_ in made.tables:
        widths = [int(column.get(f"{W}w")) for column in table_._tbl.tblGrid.iter(f"{W}gridCol")]
        assert sum(widths) <= word_document._WIDTH.twips + n_columns


@pytest.mark.skipif(not drawing.can_draw_text(), reason="this computer has no font")
def test_a_chart_is_a_picture_with_an_alternative_text(document):
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr") == "Levels of <things>. The table below the charts has the same numbers."


def test_without_a_font_a_document_has_its_tables_only(published, figure, tmp_path, monkeypatch):
    monkeypatch.setattr(word_document, "can_draw_text", lambda: False)
    writer = Writer(published, "Title", "")
    writer.section(Section("a", "A", figures=[figure], tables=[table(2)]))
    found = docx.Document(str(writer.save(tmp_path / "page.docx")))
    assert len(found.inline_shapes) == 0
    assert len(found.tables) == 1


def test_a_picture_has_title_data_legend_and_note_in_it_and_colours_without_variables(figure):
    ((id_, svg),) = drawing.pictures(figure, "Swansea. Synthetic data")
    root = ElementTree.fromstring(svg)
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert id_ == "levels-a"
    assert texts[:4] == ["Levels of <things>", "Swansea. Synthetic data", "Often", "Never"]
    assert {"Does & helps", "40", "<No>", "A note."} <= set(texts)
    assert "var(" not in svg
    assert root.get("width") == "640"
    assert not re.search(r"<script|href|url\(", svg)


def test_a_picture_is_drawn_as_png_without_a_browser(figure):
    pytest.importorskip("resvg_py")
    ((_, svg),) = drawing.pictures(figure, "")
    assert drawing.png(svg).startswith(b"\x89PNG")


def test_the_command_writes_documents_and_charts_and_says_where(small_file, tmp_path, capsys, monkeypatch):
    """Without the pictures of PNG, which take most of the time."""
    monkeypatch.setattr(office_files, "can_draw_text", lambda: False)
    monkeypatch.setattr(word_document, "can_draw_text", lambda: False)
    folder = tmp_path / "out"
    (folder / "charts").mkdir(parents=True)
    (folder / "charts" / "gone.svg").write_text("", encoding="utf-8")
    assert main(["files", str(small_file), "--folder", str(folder)]) == 0
    assert "2 Word documents: " in capsys.readouterr().out
    assert {path.name for path in folder.glob("*.docx")} == {"study.docx", "council-swansea.docx"}
    charts = list((folder / "charts").iterdir())
    assert not (folder / "charts" / "gone.svg").exists()
    assert {path.suffix for path in charts} == {".svg"}
    assert all("Synthetic data" in path.read_text(encoding="utf-8") for path in charts)
    text = zipfile.ZipFile(folder / "council-swansea.docx").read("word/document.xml").decode()
    assert "Swansea" in text
    assert not re.search(r"Barnet|Wolverhampton|Derbyshire", text)
