"""Parquet files, read with the DuckDB that builds the warehouse."""

from __future__ import annotations

from pathlib import Path

from coproduction.drafting.readers.delimited import survey_of
from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.readers.workbook_reader import cell_text
from coproduction.drafting.recognition.survey_file import SurveyFile


def read_parquet(path: Path) -> SurveyFile:
    """Return the survey in a Parquet file. Raises UnknownFileError for a damaged one."""
    import duckdb

    try:
        with duckdb.connect() as connection:
            # Nothing is fetched from the network to read a file.
            connection.execute("set autoinstall_known_extensions = false")
            found = connection.execute("select * from read_parquet(?)", [str(path)])
            header = [column[0] for column in found.description]
            rows = [[cell_text(cell) for cell in row] for row in found.fetchall()]
    except duckdb.Error as reason:
        problem = str(reason).splitlines()[0]
        raise UnknownFileError(
            f"{path.name} cannot be read as Parquet ({problem}). Write it again, or as CSV."
        ) from reason
    survey = survey_of(path.name, header, rows)
    survey.tool = f"{survey.tool} in a Parquet file"
    return survey
