"""The check before a build: every export can be read, and the codebook describes it without contradiction.

``coproduction check`` prints what ``check_project`` finds, and the dbt plugin stops dbt if there are errors. It runs at
the start of every dbt command, so it imports neither pandas nor DuckDB nor dbt.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coproduction.codebook.cells import check_codebook_cells
from coproduction.codebook.contradictions import check_codebook
from coproduction.codebook.tables import COLUMNS, Codebook, codebook_file, codebook_rows
from coproduction.exports.answer_checks import Export, check_answers
from coproduction.exports.cell_checks import changes_of_cells, may_have_odd_cells, note_odd_cells, refuse_odd_cells
from coproduction.files.csv_file import CsvFile
from coproduction.files.file_checks import as_error, check_bytes, check_file, refusals
from coproduction.files.finding import ERROR, Finding, quoted
from coproduction.files.reading import EXPORTS_FOLDER, CsvTable, export_file

PROJECT_FILE = "dbt_project.yml"


def check_project(project_directory: Path, with_notes: bool = True) -> list[Finding]:
    """Check the codebook and every export of a project. Returns errors and notes in the order of the files.

    ``with_notes=False`` saves the time of finding what does not stop the build. Whatever a user may have written gives
    a finding and no exception, also a missing file.
    """
    directory = Path(project_directory)
    if not (directory / PROJECT_FILE).is_file():
        remedy = "run the command in the folder of the project, or name it with --project-dir"
        return [Finding(ERROR, PROJECT_FILE, "there is no such file here", remedy)]
    codebook, findings = read_codebook(directory)
    findings = findings or codebook_errors(codebook)
    if findings:
        # The exports cannot be checked without a codebook, but dbt would crash on a file that is not UTF-8.
        return findings + [finding for path in _other_files(directory) for finding in _byte_findings(directory, path)]
    findings += check_export_list(directory, codebook)
    findings += check_export_files(directory, codebook)
    for path in _other_files(directory):
        if path.parent != directory / EXPORTS_FOLDER:
            findings += _byte_findings(directory, path)
    for export_id in codebook.ids("exports", "export_id"):
        findings += check_export(directory, codebook, export_id, with_notes)
    return findings


def check_export_list(directory: Path, codebook: Codebook) -> Iterator[Finding]:
    """Require that dbt_project.yml lists the codebook's exports. dbt needs the list before it can read the codebook."""
    described = codebook.ids("exports", "export_id")
    listed = _listed_exports(directory)
    if listed is None:
        yield Finding(
            ERROR,
            PROJECT_FILE,
            "there is no list of exports, or the file is not valid YAML",
            "write under vars: exports: followed by one export_id a line, or [] for none",
            allowed=tuple(described),
        )
        return
    for export_id in dict.fromkeys(listed):
        if export_id not in described:
            yield Finding(
                ERROR,
                PROJECT_FILE,
                f"vars: exports lists {quoted(export_id)}, which seeds/codebook/exports.csv does not describe",
                "add its row to seeds/codebook/exports.csv, or take it off the list",
                value=export_id,
                allowed=tuple(described),
            )
    for row in codebook["exports"]:
        n_listed = listed.count(row["export_id"])
        if n_listed != 1:
            how_often = "does not list" if n_listed == 0 else "lists more than once"
            yield Finding(
                ERROR,
                PROJECT_FILE,
                f"vars: exports {how_often} {quoted(row['export_id'])}, described in {row.file}, line {row.line}",
                "list each export of seeds/codebook/exports.csv exactly once",
                value=row["export_id"],
                allowed=tuple(described),
            )


def check_export_files(directory: Path, codebook: Codebook) -> Iterator[Finding]:
    """Find the files in seeds/exports without a row in the codebook, and the rows without their file."""
    described = {export_file(row["export_id"]): row for row in codebook["exports"]}
    folder = directory / EXPORTS_FOLDER
    present = sorted(path.relative_to(directory).as_posix() for path in folder.rglob("*") if path.is_file())
    taken = _names_of_other_nodes(directory)
    for row in codebook["exports"]:
        if row["export_id"] in taken:
            problem = f"dbt knows {quoted(row['export_id'])} already, as {taken[row['export_id']]}"
            yield Finding(
                ERROR, row.file, problem, "give the export another name", row.line, "export_id", row["export_id"]
            )
    for name in present:
        if name.lower().endswith(".csv") and name not in described:
            yield Finding(
                ERROR,
                name,
                "no row of seeds/codebook/exports.csv describes this file",
                "add a row with the file's name without .csv as export_id and list it in dbt_project.yml, or move the "
                "file out of seeds/exports",
                allowed=tuple(described),
            )
    for name, row in described.items():
        # A file that cannot be opened counts as missing.
        if name not in present or _bytes_of(directory / name) is None:
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


def check_export(directory: Path, codebook: Codebook, export_id: str, with_notes: bool) -> list[Finding]:
    """Check one export: first that it is a table with the claimed columns, then its cells.

    An export without a file gives no finding here, because check_export_files reports it.
    """
    file = export_file_of(directory, codebook, export_id)
    if file is None:
        return []
    refused = refusals(file)
    if refused:
        return refused
    findings = check_file(file)
    export = export_of(codebook, export_id, file.converted[0])
    if may_have_odd_cells(file.text):
        findings += refuse_odd_cells(export)
        findings += [as_error(file, change) for change in changes_of_cells(export)[0]]
    if findings or not with_notes:
        return findings
    return [*check_answers(export), *note_odd_cells(export)]


def export_file_of(directory: Path, codebook: Codebook, export_id: str, encoding: str | None = None) -> CsvFile | None:
    """Return the file of an export and the columns that it must have; None if there is no file."""
    raw = _bytes_of(directory / export_file(export_id))
    if raw is None:
        return None
    description = next(row for row in codebook["exports"] if row["export_id"] == export_id)
    questions = codebook.questions_of(export_id)
    expected = {row["column_name"]: f"{row.file}, line {row.line}," for row in questions}
    if description["respondent_column"]:
        expected[description["respondent_column"]] = (
            f"respondent_column in {description.file}, line {description.line},"
        )
    return CsvFile(export_file(export_id), raw, expected, encoding)


def export_of(codebook: Codebook, export_id: str, table: CsvTable) -> Export:
    """Return an export with what the codebook says about it. Every claimed column must be in its header."""
    description = next(row for row in codebook["exports"] if row["export_id"] == export_id)
    return Export(export_id, table, description["respondent_column"], codebook.questions_of(export_id), codebook)


def codebook_errors(codebook: Codebook) -> list[Finding]:
    """Return the contradictions of a codebook whose files could all be read."""
    return check_codebook(codebook)


def codebook_file_of(directory: Path, table: str, encoding: str | None = None) -> CsvFile | None:
    """Return a file of the codebook and the columns that it must have; None if it cannot be opened."""
    raw = _bytes_of(directory / codebook_file(table))
    contract = dict.fromkeys(COLUMNS[table], "the codebook's contract")
    return None if raw is None else CsvFile(codebook_file(table), raw, contract, encoding)


def read_codebook(directory: Path) -> tuple[Codebook, list[Finding]]:
    """Read every file of the codebook; the findings say what could not be read."""
    codebook, findings = Codebook(), []
    for table in COLUMNS:
        file = codebook_file_of(directory, table)
        if file is None:
            problem = "the file is missing, or cannot be opened"
            findings.append(Finding(ERROR, codebook_file(table), problem, "restore it: the codebook needs it"))
            continue
        found = check_file(file) or list(check_codebook_cells(table, file))
        if not found:
            codebook.tables[table] = list(codebook_rows(table, file.table))
        findings += found
    return codebook, findings


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


def _listed_exports(directory: Path) -> list[str] | None:
    """Return the exports listed in dbt_project.yml; None if there is no list."""
    listed = project_variables(directory).get("exports")
    return [str(export_id) for export_id in listed] if isinstance(listed, list) else None


def _names_of_other_nodes(directory: Path) -> dict[str, str]:
    """Return the files of models and other seeds by name. dbt allows no export of the same name."""
    models = [path for path in (directory / "models").rglob("*") if path.suffix in (".sql", ".py")]
    seeds = [path for path in (directory / "seeds").rglob("*.csv") if path.parent != directory / EXPORTS_FOLDER]
    return {path.stem: path.relative_to(directory).as_posix() for path in [*models, *seeds]}


def _other_files(directory: Path) -> list[Path]:
    """Return the CSV files below seeds that do not belong to the codebook."""
    codebook = {directory / codebook_file(table) for table in COLUMNS}
    return [path for path in sorted((directory / "seeds").rglob("*.csv")) if path not in codebook]


def _byte_findings(directory: Path, path: Path) -> list[Finding]:
    name, raw = path.relative_to(directory).as_posix(), _bytes_of(path)
    if raw is None:
        return [Finding(ERROR, name, "the file cannot be opened", "see who may read it, or move it out of seeds")]
    return check_bytes(CsvFile(name, raw, {}))


def _bytes_of(path: Path) -> bytes | None:
    """Return the bytes of a file; None if it is missing, no plain file, or may not be read."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None
