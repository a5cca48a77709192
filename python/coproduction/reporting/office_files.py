"""Files to hand on: a Word document of each page of the report, and each of its charts as SVG and PNG."""

from __future__ import annotations

import re
from pathlib import Path

from coproduction.reporting.charts.pictures import can_draw_text, pictures, png
from coproduction.reporting.content import Scope, Section
from coproduction.reporting.pages import COUNCILS_QUERY, STUDY, council_page, sections_of
from coproduction.reporting.published import Published, ReportError, make_folder, open_published

CHARTS_FOLDER = "charts"


def write_files(published_file: Path, folder: Path) -> tuple[list[Path], list[Path]]:
    """Write the Word documents and the charts of a published file; return both, the document of the study first.

    Raises WarehouseError or ReportError if the file is no published file, the folder cannot be written, or the
    packages for Word documents are not installed.
    """
    with open_published(published_file) as published:
        try:
            make_folder(folder)
            make_folder(folder / CHARTS_FOLDER)
            for old in (folder / CHARTS_FOLDER).glob("*.*"):
                if old.suffix in (".svg", ".png"):
                    old.unlink()
            return _write(published, folder)
        except OSError as reason:
            raise ReportError(f"The files could not be written to {folder}: {reason.strerror or reason}.") from reason


def _write(published: Published, folder: Path) -> tuple[list[Path], list[Path]]:
    texts = published.texts
    pages = [(STUDY, texts("page_study_title"), "", Scope(published))]
    for row in published.rows(COUNCILS_QUERY):
        id_, label = row["council_id"], row["council_label"]
        pages.append((council_page(id_), texts("page_council_title", council=label), label, Scope(published, id_)))
    documents, charts = [], []
    for page, title, council, scope in pages:
        sections, name, about = sections_of(scope), Path(page).stem, _about(published, council)
        documents.append(_document(published, title, about, sections, folder / f"{name}.docx"))
        for section in sections:
            charts += _charts(section, about, folder / CHARTS_FOLDER / name)
    return documents, charts


def _about(published: Published, council: str) -> str:
    """Return what a picture says about its data wherever it is copied: its council, and whether data are synthetic."""
    synthetic = published.texts("page_synthetic_short") if published.is_synthetic else ""
    return ". ".join(filter(None, (council, synthetic)))


def _document(published: Published, title: str, about: str, sections: list[Section], path: Path) -> Path:
    try:
        from coproduction.reporting.word_document import Writer
    except ImportError as reason:
        raise ReportError(
            "Word documents need the packages of the extra `office`: run `make setup`, which installs them."
        ) from reason
    document = Writer(published, title, about)
    for section in sections:
        document.section(section)
    return document.save(path)


def _charts(section: Section, about: str, beginning: Path) -> list[Path]:
    """Write the charts of a section and its parts; without a font on this computer, as SVG only."""
    written = []
    for figure in section.figures:
        for id_, svg in pictures(figure, about):
            path = beginning.with_name(f"{beginning.name}.{re.sub(r'[^A-Za-z0-9_.-]+', '-', id_)}.svg")
            path.write_text(svg, encoding="utf-8")
            written.append(path)
            if can_draw_text():
                picture = path.with_suffix(".png")
                picture.write_bytes(png(svg))
                written.append(picture)
    return written + [path for part in section.parts for path in _charts(part, about, beginning)]
