"""Checks which files lie in the folders of a project: that each export has one, and that each file has a row."""

from collections.abc import Collection, Iterator
from pathlib import Path

from coproduction.codebook.tables import COLUMNS, OPTIONAL_COLUMNS, Codebook, CodebookRow
from coproduction.exports.export_tables import require_file
from coproduction.exports.project_files import (
    LIST,
    LIST_ELSEWHERE,
    PROJECT_FILE,
    can_be_opened,
    codebook_file_of,
    listed_exports,
)
from coproduction.files.columns.parquet import is_address
from coproduction.files.csv_file import CsvFile
from coproduction.files.finding import ERROR, NOTE, Finding, meant, quoted
from coproduction.files.reading import EXPORTS_FOLDER, UnreadableExportError

# Files of other programs that people put beside the exports, with how to make a CSV file of each.
_OTHER_PROGRAMS = {
    ".xlsx": "an Excel workbook: in Excel choose Save As, 'CSV UTF-8 (Comma delimited)'",
    ".xlsm": "an Excel workbook: in Excel choose Save As, 'CSV UTF-8 (Comma delimited)'",
    ".xls": "an Excel workbook: in Excel choose Save As, 'CSV UTF-8 (Comma delimited)'",
    ".ods": "a LibreOffice sheet: choose Save As, Text CSV, character set Unicode (UTF-8), field delimiter comma",
    ".sav": "an SPSS file: in SPSS or PSPP save it as CSV with value labels, in UTF-8",
    ".zsav": "an SPSS file: in SPSS or PSPP save it as CSV with value labels, in UTF-8",
    ".por": "an SPSS file: in SPSS or PSPP save it as CSV with value labels, in UTF-8",
    ".dta": "a Stata file: in Stata run `export delimited` (which writes value labels as CSV)",
    ".sas7bdat": "a SAS file: in SAS run `proc export` with dbms=csv",
    ".rds": 'an R file: in R run `write.csv(x, row.names = FALSE, na = "")`',
}


def check_export_list(directory: Path, codebook: Codebook) -> Iterator[Finding]:
    """Require that dbt_project.yml lists the codebook's exports. dbt needs the list before it can read the codebook."""
    listed = listed_exports(directory)
    if listed is None:
        yield Finding(
            ERROR,
            PROJECT_FILE,
            "there is no list of exports, or the file is not valid YAML",
            "write under vars: exports: followed by one export_id a line, or [] for none",
            allowed=tuple(codebook.files()),
        )
        return
    elsewhere = listed_exports(directory, LIST_ELSEWHERE) or []
    first_rows = {row["file"] or row["export_id"]: row for row in reversed(codebook["exports"])}
    in_order = dict(reversed(first_rows.items()))
    yield from _wrong_list(LIST, listed, {file: row for file, row in in_order.items() if not row["location"]})
    yield from _wrong_list(LIST_ELSEWHERE, elsewhere, {file: row for file, row in in_order.items() if row["location"]})


def _wrong_list(name: str, listed: list[str], described: dict[str, CodebookRow]) -> Iterator[Finding]:
    """Compare one list of dbt_project.yml with the files that belong to it, each with its row of the codebook."""
    where = "" if name == LIST else " with a location"
    for file in dict.fromkeys(listed):
        if file not in described:
            yield Finding(
                ERROR,
                PROJECT_FILE,
                f"vars: {name} lists {quoted(file)}, which seeds/codebook/exports.csv does not describe{where}",
                "add its row to seeds/codebook/exports.csv, or take it off the list",
                value=file,
                allowed=tuple(described),
            )
    for file, row in described.items():
        n_listed = listed.count(file)
        if n_listed != 1:
            how_often = "does not list" if n_listed == 0 else "lists more than once"
            yield Finding(
                ERROR,
                PROJECT_FILE,
                f"vars: {name} {how_often} {quoted(file)}, described in {row.file}, line {row.line}",
                f"list each file of seeds/codebook/exports.csv{where} exactly once",
                value=file,
                allowed=tuple(described),
            )


def check_export_files(directory: Path, codebook: Codebook) -> Iterator[Finding]:
    """Find the files in seeds/exports without a row in the codebook, and the rows without their file."""
    described = {codebook.path_of(row["file"] or row["export_id"]): row for row in reversed(codebook["exports"])}
    folder = directory / EXPORTS_FOLDER
    present = sorted(path.relative_to(directory).as_posix() for path in folder.rglob("*") if path.is_file())
    taken = _names_of_other_nodes(directory)
    for row in codebook["exports"]:
        if row["export_id"] in taken:
            problem = f"dbt knows {quoted(row['export_id'])} already, as {taken[row['export_id']]}"
            yield Finding(
                ERROR, row.file, problem, "give the export another name", row.line, "export_id", row["export_id"]
            )
        if row["file"] in taken and row["file"] != row["export_id"]:
            problem = f"dbt knows {quoted(row['file'])} already, as {taken[row['file']]}"
            yield Finding(ERROR, row.file, problem, "give the file another name", row.line, "file", row["file"])
    for name in present:
        yield from _file_of_another_program(name, present)
        if name.lower().endswith(".csv") and name not in described:
            yield Finding(
                ERROR,
                name,
                "no row of seeds/codebook/exports.csv describes this file",
                "add a row with the file's name without .csv as export_id and list it in dbt_project.yml, or move the "
                "file out of seeds/exports",
                allowed=tuple(reversed(described)),
            )
    for name, row in reversed(described.items()):
        if row["location"]:
            yield from _missing_elsewhere(directory, codebook, row)
            continue
        # A file that cannot be opened counts as missing.
        is_missing = name not in present or not can_be_opened(directory / name)
        if is_missing and not any(_made_from(other) == name for other in present):
            yield Finding(
                ERROR,
                row.file,
                f"the export has no file {name} that can be opened",
                "put the export there, or delete the row",
                row.line,
                "export_id",
                row["export_id"],
                tuple(present),
            )


def _missing_elsewhere(directory: Path, codebook: Codebook, row: CodebookRow) -> Iterator[Finding]:
    """Say of a file that lies elsewhere why it cannot be opened."""
    file = row["file"] or row["export_id"]
    try:
        require_file(directory, codebook, file)
        return
    except OSError as reason:
        why = reason.strerror or str(reason)
    except UnreadableExportError as reason:
        why = str(reason)
    remedy = "put the export there, or correct the location; a relative path starts at the folder of the project"
    if is_address(row["location"]):
        remedy += ". For an address DuckDB needs an extension, which `install httpfs` in DuckDB installs, and a secret"
    yield Finding(
        ERROR,
        row.file,
        f"the export has no file {row['location']} that can be opened ({why})",
        remedy,
        row.line,
        "location",
        row["location"],
    )


def note_ignored(directory: Path) -> Iterator[Finding]:
    """Note rows without text and columns without meaning in the codebook, and files of other programs."""
    for table in COLUMNS:
        file = codebook_file_of(directory, table)
        if file is None:
            continue
        yield from _note_empty_rows(file)
        known = {*COLUMNS[table], *OPTIONAL_COLUMNS.get(table, ())}
        for name in file.table.header:
            close = meant(name, sorted(known - set(file.table.header)))
            if name not in known and close:
                problem = f"the codebook has no such column, so it is not read; did you mean {quoted(close[0])}?"
                yield Finding(NOTE, file.name, problem, "correct the name, or nothing", file.header_line, name)


def _names_of_other_nodes(directory: Path) -> dict[str, str]:
    """Return the files of models and other seeds by name. dbt allows no export of the same name."""
    models = [path for path in (directory / "models").rglob("*") if path.suffix in (".sql", ".py")]
    seeds = [path for path in (directory / "seeds").rglob("*.csv") if path.parent != directory / EXPORTS_FOLDER]
    return {path.stem: path.relative_to(directory).as_posix() for path in [*models, *seeds]}


def _note_empty_rows(file: CsvFile) -> Iterator[Finding]:
    empty = [line for line, row in zip(file.table.lines, file.table.rows, strict=True) if not any(map(str.strip, row))]
    if empty:
        rows = "1 row has" if len(empty) == 1 else f"{len(empty)} rows have"
        problem = f"{rows} no text, the first in this line: a spreadsheet leaves such rows; they are ignored"
        yield Finding(NOTE, file.name, problem, "nothing, or delete them", empty[0])


def _made_from(name: str) -> str | None:
    """Return the CSV file that a file of another program would become; None for any other file."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.csv" if dot + suffix.lower() in _OTHER_PROGRAMS else None


def _file_of_another_program(name: str, present: Collection[str]) -> Iterator[Finding]:
    """Say of an Excel workbook and the like that only a CSV file is read; an error where that file is missing."""
    wanted = _made_from(name)
    if wanted is None:
        return
    what, _, how = _OTHER_PROGRAMS["." + name.rpartition(".")[2].lower()].partition(": ")
    if wanted in present:
        problem, remedy = f"this is {what} and is not read; {wanted} is", "nothing, or move it out of seeds/exports"
        yield Finding(NOTE, name, problem, remedy)
    else:
        yield Finding(ERROR, name, f"this is {what}, and only CSV files are read", f"{how}, as {wanted}")
