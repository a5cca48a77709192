"""The command `report`: writes the pages of the report from the published file."""

from __future__ import annotations

import time
from pathlib import Path

from coproduction.cli.terminal import counted, waiting

REPORTS_FOLDER = "reports"


def workbook(published: Path, folder: Path) -> None:
    """Write the workbooks and the CSV files of a published file into a folder, and print where they are.

    Raises WarehouseError or ReportError, whose messages say what to do.
    """
    from coproduction.reporting.published_workbook import write_workbook
    from coproduction.reporting.question_workbook import write_questions

    with waiting("Writing the workbook of the reports"):
        book, *tables = write_workbook(published, folder)
    print(f"Workbook: {book}; {counted(len(tables), 'table')} as CSV in {tables[0].parent if tables else folder}.")
    with waiting("Writing a sheet for each question"):
        questions = write_questions(published, folder)
    if questions:
        print(f"A sheet for each question: {questions}.")


def files(published: Path, folder: Path) -> None:
    """Write Word documents and pictures of the charts of a published file, and print where they are.

    Raises WarehouseError or ReportError, whose messages say what to do.
    """
    from coproduction.reporting.charts.pictures import can_draw_text
    from coproduction.reporting.office_files import CHARTS_FOLDER, write_files

    with waiting("Writing documents and charts"):
        documents, charts = write_files(published, folder)
    print(f"{counted(len(documents), 'Word document')}: {documents[0]} and others.")
    kinds = "SVG and PNG" if can_draw_text() else "SVG"
    print(f"{counted(len(charts), 'picture')} of charts as {kinds} in {folder / CHARTS_FOLDER}.")
    if not can_draw_text():
        print("This computer has no font, so there is no PNG, and the Word documents have tables only.")


def report(published: Path, folder: Path) -> None:
    """Write the report of a published file into a folder, and print where it is.

    Raises WarehouseError or ReportError, whose messages say what to do.
    """
    # Jinja2 is imported only by those who want a report: the other commands start faster.
    from coproduction.reporting.pages import write_report

    started = time.monotonic()
    with waiting("Writing the report"):
        pages = write_report(published, folder)
    print(
        f"Report: {pages[0]} ({counted(len(pages), 'page')}, {time.monotonic() - started:.0f} s). Open it in a browser."
    )
