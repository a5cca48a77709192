"""A page of the report as a Word document: its findings, charts with alternative texts, and tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from markupsafe import escape

from coproduction.reporting.charts.pictures import can_draw_text, colours, pictures, png
from coproduction.reporting.content import Cell, Figure, Section, Table
from coproduction.reporting.published import Published

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

# A longer table would fill pages; it is in the CSV files.
MOST_ROWS_OF_A_TABLE = 60
# The width of the text of a sheet of A4 with these margins.
_MARGIN, _WIDTH = Cm(2), Cm(17)
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


class Writer:
    """A Word document that is being written from sections of a page."""

    def __init__(self, published: Published, title: str, about: str) -> None:
        """Begin a document on A4; its header says if data are synthetic, and `about` is in each picture."""
        self._about = about
        self._texts = published.texts
        self._mark = published.texts("page_synthetic_short") if published.is_synthetic else ""
        self._document: WordDocument = Document()
        self._set_up(published, title)
        self._document.add_heading(title, level=0)
        if self._mark:
            paragraph = self._document.add_paragraph()
            paragraph.add_run(f"{self._mark}. ").bold = True
            paragraph.add_run(published.texts("page_synthetic"))

    def _set_up(self, published: Published, title: str) -> None:
        sheet = self._document.sections[0]
        sheet.page_width, sheet.page_height = Cm(21), Cm(29.7)
        sheet.left_margin = sheet.right_margin = sheet.top_margin = sheet.bottom_margin = _MARGIN
        header = sheet.header.paragraphs[0]
        header.text, header.alignment = self._mark, WD_ALIGN_PARAGRAPH.CENTER
        sheet.footer.paragraphs[0].text = published.footer
        for name, size in (("Normal", 10), ("Caption", 9)):
            font = self._document.styles[name].font
            font.name, font.size, font.color.rgb = "Arial", Pt(size), RGBColor(0x1B, 0x1B, 0x1B)
        properties = self._document.core_properties
        properties.title, properties.language = title, published.texts.language
        properties.author, properties.comments = "coproduction", self._mark

    def section(self, section: Section, level: int = 1) -> None:
        """Write a section and its parts."""
        self._document.add_heading(section.title, level=level)
        for text in section.lead:
            self._document.add_paragraph(text)
        for finding in section.findings:
            self._document.add_paragraph(finding.text, style="List Bullet")
        for name, text in section.facts:
            paragraph = self._document.add_paragraph()
            paragraph.add_run(f"{name}: ").bold = True
            paragraph.add_run(text)
        for figure in section.figures:
            self._figure(figure)
        for table in section.tables:
            self._table(table)
        for part in section.parts:
            self.section(part, level + 1)

    def _figure(self, figure: Figure) -> None:
        """Write the charts of a figure as pictures; without a font of this computer, only the tables are there."""
        if not can_draw_text():
            return
        for _, svg in pictures(figure, self._about):
            picture = self._document.add_picture(io.BytesIO(png(svg)), width=_WIDTH)
            about = picture._inline.docPr
            about.set("descr", f"{figure.title}. {self._texts('page_word_alternative')}")
            about.set("title", figure.title)

    def _table(self, table: Table) -> None:
        caption = self._document.add_paragraph(style="Caption")
        caption.paragraph_format.keep_with_next = True
        constants = f": {table.constants}" if table.constants else ""
        caption.add_run(table.caption)
        source = caption.add_run(f" {self._texts('page_rows_of')} {table.source}{constants}")
        source.bold = False
        file = f"csv/{table.source.split('.')[1]}.csv"
        if len(table.rows) > MOST_ROWS_OF_A_TABLE:
            about = self._texts("page_word_long_table", n_rows=f"{len(table.rows):,}", file=file)
            self._document.add_paragraph(about)
            return
        numbers = [any(row.cells[place].is_number for row in table.rows) for place in range(len(table.heads))]
        widths, size = _widths(table)
        if not widths:
            about = self._texts("page_word_wide_table", n_columns=len(table.heads), file=file)
            self._document.add_paragraph(about)
            return
        head = _row([Cell(text) for text in table.heads], numbers, size, is_head=True)
        rows = "".join(_row(row.cells, numbers, size) for row in table.rows)
        layout = '<w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/>'
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        columns = f"<w:tblPr>{layout}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        element = parse_xml(f"<w:tbl {_NAMESPACE}>{columns}{head}{rows}</w:tbl>")
        about = parse_xml(f'<w:tblDescription {_NAMESPACE} w:val="{escape(table.caption)}"/>')
        element.find(qn("w:tblPr")).append(about)
        self._document.add_paragraph()._p.addprevious(element)

    def save(self, path: Path) -> Path:
        """Write the document under another name and rename it, so that nobody opens half a document."""
        new = path.with_name(f".{path.name}.new")
        self._document.save(str(new))
        return new.replace(path)


def _widths(table: Table) -> tuple[list[int], int]:
    """Return the widths of columns in twentieths of a point, and the size of the text in half points.

    Each column has room for its longest word, and more for longer texts. Many columns get smaller text. There are no
    widths if the words do not fit on the sheet even so.
    """
    texts = [[head, *(row.cells[place].text for row in table.rows)] for place, head in enumerate(table.heads)]
    words = [min(16, max(len(word) for text in column for word in [*text.split(), ""])) for column in texts]
    for size in (16, 13):
        # A letter is about six tenths as wide as the text is high, and a cell has 11 points of margin.
        least = [220 + round(6.2 * size * word) for word in words]
        left = _WIDTH.twips - sum(least)
        if left >= 0:
            break
    else:
        return [], size
    longer = [min(max(map(len, column)), 60) - word for column, word in zip(texts, words, strict=True)]
    parts = [round(width + left * more / max(1, sum(longer))) for width, more in zip(least, longer, strict=True)]
    return parts, size


def _row(cells: Sequence[Cell], numbers: Sequence[bool], size: int, is_head: bool = False) -> str:
    """Return a row of a table that no page break splits; Word repeats a head on each page."""
    kind = "<w:tblHeader/>" if is_head else ""
    drawn = "".join(
        _cell(cell, is_number and place > 0, size, is_head)
        for place, (cell, is_number) in enumerate(zip(cells, numbers, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{kind}</w:trPr>{drawn}</w:tr>"


def _cell(cell: Cell, is_number: bool, size: int, is_bold: bool) -> str:
    """Return a cell with its text, and with its shade in a table of correlations."""
    fill = colours().get(cell.css)
    shade = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{fill[1:]}"/></w:tcPr>' if fill else ""
    white = '<w:color w:val="FFFFFF"/>' if cell.css == "p3" else ""
    weight = "<w:b/>" if is_bold else ""
    side = '<w:jc w:val="right"/>' if is_number else ""
    words = f'<w:t xml:space="preserve">{_words(cell.text)}</w:t>'
    run = f'<w:r><w:rPr>{weight}{white}<w:sz w:val="{size}"/></w:rPr>{words}</w:r>'
    spacing = '<w:spacing w:before="20" w:after="20"/>'
    return f"<w:tc>{shade}<w:p><w:pPr>{spacing}{side}</w:pPr>{run}</w:p></w:tc>"


def _words(text: str) -> str:
    """Return a text as XML, without the control characters that XML does not allow."""
    return str(escape("".join(letter for letter in text if letter >= " " or letter in "\t\n")))
