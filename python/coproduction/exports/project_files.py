"""Reads the files of a project for the check: dbt_project.yml, the codebook, and the exports as they are now."""

from functools import partial
from pathlib import Path
from typing import Any

from coproduction.codebook.tables import COLUMNS, Codebook, codebook_file, codebook_rows, give_questions
from coproduction.exports.planning import codebook_cells, errors_of, plan_conversion
from coproduction.files.csv_file import CsvFile
from coproduction.files.finding import ERROR, Finding

PROJECT_FILE = "dbt_project.yml"
# The variable that names exports to leave out.
NAMED = "leave_out_exports"
# The variables that list the files of exports: those in seeds/exports, which are seeds of dbt, and the others.
LIST, LIST_ELSEWHERE = "exports", "exports_elsewhere"


def project_variables(directory: Path) -> dict[str, Any]:
    """Return the variables in dbt_project.yml; those under the project's name replace the general ones."""
    import yaml

    try:
        project = yaml.safe_load((directory / PROJECT_FILE).read_bytes())
    except (OSError, yaml.YAMLError, ValueError, RecursionError):
        return {}
    variables = project.get("vars") if isinstance(project, dict) else None
    if not isinstance(variables, dict):
        return {}
    own = variables.get(project.get("name"))
    return variables | (own if isinstance(own, dict) else {})


def listed_exports(directory: Path, name: str = LIST) -> list[str] | None:
    """Return the exports of a list in dbt_project.yml; None if there is no list."""
    listed = project_variables(directory).get(name)
    return [str(export_id) for export_id in listed] if isinstance(listed, list) else None


def read_codebook(directory: Path) -> tuple[Codebook, list[Finding]]:
    """Read every file of the codebook; the findings say what could not be read."""
    codebook, findings = Codebook(), []
    for table in COLUMNS:
        file = codebook_file_of(directory, table)
        if file is None:
            problem = "the file is missing, or cannot be opened"
            findings.append(Finding(ERROR, codebook_file(table), problem, "restore it: the codebook needs it"))
            continue
        found = errors_of(file, plan_conversion(file, partial(codebook_cells, table)))
        if not found:
            codebook.tables[table] = list(codebook_rows(table, file.table))
        findings += found
    give_questions(codebook)
    return codebook, findings


def codebook_file_of(directory: Path, table: str, encoding: str | None = None) -> CsvFile | None:
    """Return a file of the codebook and the columns that it must have; None if it cannot be opened."""
    raw = bytes_of(directory / codebook_file(table))
    contract = dict.fromkeys(COLUMNS[table], "the codebook's contract")
    return None if raw is None else CsvFile(codebook_file(table), raw, contract, encoding)


def export_file_of(directory: Path, codebook: Codebook, file_id: str, encoding: str | None = None) -> CsvFile | None:
    """Return a file of exports and the columns that it must have; None if there is no file."""
    name = codebook.path_of(file_id)
    raw = bytes_of(directory / name)
    return None if raw is None else CsvFile(name, raw, expected_columns(codebook, file_id), encoding)


def expected_columns(codebook: Codebook, file_id: str) -> dict[str, str]:
    """Return the columns that a file of exports must have, each with the place in the codebook that names it."""
    expected: dict[str, str] = {}
    for description in codebook["exports"]:
        if (description["file"] or description["export_id"]) == file_id:
            used = codebook.columns_used(description["export_id"])
            expected |= {column: f"{row.file}, line {row.line}," for column, row in used.items()}
            if description["respondent_column"]:
                place = f"respondent_column in {description.file}, line {description.line},"
                expected[description["respondent_column"]] = place
    return expected


def can_be_opened(path: Path) -> bool:
    """Say whether a path is a plain file that may be read."""
    try:
        with path.open("rb"):
            return path.is_file()
    except OSError:
        return False


def bytes_of(path: Path) -> bytes | None:
    """Return the bytes of a file; None if it is missing, no plain file, or may not be read."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None
