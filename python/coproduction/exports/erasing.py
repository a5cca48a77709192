"""Takes one person out of the exports of a council. Every other byte of the files stays as it is."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coproduction.codebook.tables import Codebook
from coproduction.errors import CoproductionError
from coproduction.exports.file_rows import header_rows_of, rows_of_export, without_header_rows
from coproduction.exports.project_files import read_codebook
from coproduction.files.reading import CsvTable, export_file, read_table


@dataclass(frozen=True)
class ErasedRows:
    """What was taken out of one file: the number of rows, and the originals kept by `repair` that were removed."""

    file: str
    n_rows: int
    originals: tuple[str, ...]


def erase_from_exports(project: Path, council_id: str, respondent_id: str) -> list[ErasedRows]:
    """Remove the rows of a person from every export of a council, of all waves and roles; return what was removed.

    The id is compared as the build compares it: without the spaces around it. Copies of these files that
    `coproduction repair` kept are removed, because they hold the person too. Raises CoproductionError if the codebook
    or a file has to be corrected first, if there is no such council, or if no export has the id; then nothing changes.
    """
    codebook, findings = read_codebook(project)
    if findings:
        raise CoproductionError(f"Nothing was erased, because the codebook has to be corrected first. {findings[0]}")
    exports = [row for row in codebook["exports"] if row["council_id"] == council_id]
    if not exports:
        known = ", ".join(sorted({row["council_id"] for row in codebook["exports"]}))
        raise CoproductionError(f"Nothing was erased: {council_id} is no council of the codebook. Known are: {known}.")
    files = {row["file"] or row["export_id"] for row in exports}
    # Everything is read before anything is written, so that an error leaves all files as they were.
    planned = [(file, *_without_person(project, codebook, file, council_id, respondent_id)) for file in sorted(files)]
    if not any(n_rows for _, n_rows, _ in planned):
        raise CoproductionError(
            f"Nothing was erased: no export of {council_id} has the id {respondent_id}. If somebody took the rows out "
            "by hand, `make clean` removes what earlier builds hold, and a build publishes anew."
        )
    return [_write(project, file, n_rows, content) for file, n_rows, content in planned if n_rows]


def _without_person(
    project: Path, codebook: Codebook, file: str, council_id: str, respondent_id: str
) -> tuple[int, bytes]:
    """Return how many rows of a file are of the person, and the bytes of the file without them."""
    path = project / export_file(file)
    if not path.is_file():
        return 0, b""
    whole = read_table(path)
    table = without_header_rows(whole, header_rows_of(codebook, file, whole)[0])
    rows = sorted({*_rows_of_person(codebook, file, table, council_id, respondent_id)})
    lines = list(io.StringIO(path.read_bytes().decode("utf-8"), newline=""))
    ends = [*table.lines[1:], len(lines) + 1]
    dropped = {line for row in rows for line in range(table.lines[row], ends[row])}
    kept = "".join(line for number, line in enumerate(lines, start=1) if number not in dropped)
    return len(rows), kept.encode("utf-8")


def _rows_of_person(
    codebook: Codebook, file: str, table: CsvTable, council_id: str, respondent_id: str
) -> Iterator[int]:
    for row in codebook["exports"]:
        column = row["respondent_column"]
        is_meant = (row["file"] or row["export_id"]) == file and row["council_id"] == council_id
        if is_meant and column in table.header:
            place = table.header.index(column)
            for number in rows_of_export(codebook, row["export_id"], table):
                if table.rows[number][place].strip(" ") == respondent_id.strip(" "):
                    yield number


def _write(project: Path, file: str, n_rows: int, content: bytes) -> ErasedRows:
    path = project / export_file(file)
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    shutil.copymode(path, new)
    with new.open("rb") as written:
        os.fsync(written.fileno())
    new.replace(path)
    originals = sorted(path.parent.glob(f"{path.name}.original*"))
    for original in originals:
        original.unlink()
    return ErasedRows(export_file(file), n_rows, tuple(original.name for original in originals))
