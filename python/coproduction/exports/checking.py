"""The check before a build: every export can be read, and the codebook describes it without contradiction.

``coproduction check`` prints what ``check_project`` finds, and the dbt plugin stops dbt if there are errors. It runs at
the start of every dbt command, so it imports neither pandas nor DuckDB nor dbt.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from coproduction.codebook.contradictions import check_codebook
from coproduction.codebook.tables import (
    COLUMNS,
    OPTIONAL_COLUMNS,
    Codebook,
    codebook_file,
    codebook_rows,
    give_questions,
)
from coproduction.exports.answer_checks import Export, export_of, judge_answers
from coproduction.exports.cell_checks import may_have_odd_cells, note_odd_cells
from coproduction.exports.file_rows import (
    check_rows_of_file,
    header_rows_of,
    note_header_rows,
    only_rows,
    rows_of_export,
    without_header_rows,
)
from coproduction.exports.number_checks import NUMBER_CHECKS
from coproduction.exports.number_formats import recognised_formats
from coproduction.exports.planning import Plan, codebook_cells, errors_of, export_cells, plan_conversion
from coproduction.exports.respondent_checks import ROW_CHECKS, note_more_than_invited, note_same_people
from coproduction.exports.shape_notes import SHAPE_NOTES, check_arms
from coproduction.files.csv_file import CsvFile
from coproduction.files.file_checks import check_bytes
from coproduction.files.finding import ERROR, NOTE, Finding, meant, quoted
from coproduction.files.reading import EXPORTS_FOLDER, CsvTable, export_file

PROJECT_FILE = "dbt_project.yml"


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


@dataclass
class Recognised:
    """What the check learnt from the files and the build needs: header rows, formats of numbers, who has answered.

    `header_rows` has the number of rows below the first that explain the header, by file; `number_formats` the formats
    that no codebook states, by export and column; `people` the ids of the respondents, by export;
    `n_without_id` how many rows have no id.
    """

    header_rows: dict[str, int] = field(default_factory=dict)
    number_formats: dict[str, dict[str, str]] = field(default_factory=dict)
    people: dict[str, set[str]] = field(default_factory=dict)
    n_without_id: dict[str, int] = field(default_factory=dict)


def check_project(
    project_directory: Path,
    with_notes: bool = True,
    variables: Mapping[str, Any] | None = None,
    only: Collection[str] = (),
    recognised: Recognised | None = None,
) -> list[Finding]:
    """Check the codebook and the exports of a project. Returns errors and notes in the order of the files.

    ``with_notes=False`` saves the time of finding what does not stop the build. ``variables`` replace those of
    dbt_project.yml; ``only`` names the exports to check, all if it is empty. Whatever a user may have written gives a
    finding and no exception, also a missing file. What the files show is added to ``recognised``.
    """
    recognised = Recognised() if recognised is None else recognised
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
    if with_notes:
        findings += note_ignored(directory)
    taking_part = exports_taking_part(codebook, project_variables(directory) | dict(variables or {}))
    for file in codebook.files():
        export_ids = codebook.exports_of_file(file)
        if only and not _with_their_units(codebook, only) & set(export_ids):
            continue
        found = check_export_file(directory, codebook, file, with_notes, taking_part, recognised)
        findings += [] if only and not set(only) & set(export_ids) else found
    findings += note_same_people(codebook, recognised.people)
    return findings + list(note_more_than_invited(codebook, recognised.people, recognised.n_without_id))


def exports_taking_part(codebook: Codebook, variables: Mapping[str, Any]) -> list[str]:
    """Return the exports of the codebook that are in the results, unless they are left out or refused."""
    has_synthetic = variables.get("include_synthetic", True) is not False
    rows = [row for row in codebook["exports"] if has_synthetic or row["provenance"] != "synthetic"]
    return list(dict.fromkeys(row["export_id"] for row in rows))


def _with_their_units(codebook: Codebook, export_ids: Collection[str]) -> set[str]:
    """Return the exports named and those of the same council and wave, which may have the same people."""
    units = {row["export_id"]: (row["council_id"], row["wave_id"]) for row in codebook["exports"]}
    wanted = {units.get(export_id) for export_id in export_ids}
    return {export_id for export_id, unit in units.items() if unit in wanted}


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


def check_export_list(directory: Path, codebook: Codebook) -> Iterator[Finding]:
    """Require that dbt_project.yml lists the codebook's exports. dbt needs the list before it can read the codebook."""
    described = codebook.files()
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
    first_rows = {row["file"] or row["export_id"]: row for row in reversed(codebook["exports"])}
    for file, row in reversed(first_rows.items()):
        n_listed = listed.count(file)
        if n_listed != 1:
            how_often = "does not list" if n_listed == 0 else "lists more than once"
            yield Finding(
                ERROR,
                PROJECT_FILE,
                f"vars: exports {how_often} {quoted(file)}, described in {row.file}, line {row.line}",
                "list each file of seeds/codebook/exports.csv exactly once",
                value=file,
                allowed=tuple(described),
            )


def check_export_files(directory: Path, codebook: Codebook) -> Iterator[Finding]:
    """Find the files in seeds/exports without a row in the codebook, and the rows without their file."""
    described = {export_file(row["file"] or row["export_id"]): row for row in reversed(codebook["exports"])}
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
        # A file that cannot be opened counts as missing.
        is_missing = name not in present or _bytes_of(directory / name) is None
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


def check_export_file(
    directory: Path,
    codebook: Codebook,
    file_id: str,
    with_notes: bool,
    taking_part: Collection[str],
    recognised: Recognised,
) -> list[Finding]:
    """Check one file of exports: first that it is a table with the columns that they need, then the cells of each.

    A file whose exports do not take part only has to be a table. A missing file gives no finding here, because
    check_export_files reports it.
    """
    file = export_file_of(directory, codebook, file_id)
    if file is None:
        return []
    exports = [export_id for export_id in codebook.exports_of_file(file_id) if export_id in taking_part]
    plans = [plan_conversion(file, partial(export_cells, codebook, name)) for name in exports or [file_id]]
    errors = list(dict.fromkeys(error for plan in plans for error in errors_of(file, plan)))
    if not all(plan.is_table for plan in plans) or not exports:
        return errors
    table = _table_after(file, plans[0])
    n_header, tool = header_rows_of(codebook, file_id, table)
    recognised.header_rows[file_id] = n_header
    notes = list(note_header_rows(file_id, table, n_header, tool)) if with_notes else []
    table = without_header_rows(table, n_header)
    taken = {export_id: rows_of_export(codebook, export_id, table) for export_id in exports}
    if len(exports) == len(codebook.exports_of_file(file_id)):
        notes += check_rows_of_file(codebook, file_id, table, taken)
    for export_id, places in taken.items():
        export = export_of(codebook, export_id, only_rows(table, places))
        notes += _check_answers(export, errors, with_notes, recognised)
    odd = note_odd_cells(export_of(codebook, exports[0], table)) if with_notes and may_have_odd_cells(file.text) else ()
    found = [*errors, *notes, *([] if errors else odd)]
    refused = [finding for finding in found if finding.severity == ERROR]
    return refused or (found if with_notes else [])


def _check_answers(export: Export, reported: list[Finding], with_notes: bool, recognised: Recognised) -> list[Finding]:
    """Check the cells of one export, in which another check has reported errors already."""
    formats, findings = recognised_formats(export)
    export.number_formats.update(formats)
    recognised.number_formats[export.export_id] = formats
    identifiers = export.identifiers()
    recognised.n_without_id[export.export_id] = len(export.table.rows) - len(list(filter(None, identifiers)))
    if export.respondent_column:
        recognised.people[export.export_id] = set(identifiers)
    spoken = {(finding.column, finding.value) for finding in reported}
    refused = {finding.column for finding in findings if finding.severity == ERROR}
    findings += [answer for answer in judge_answers(export, spoken) if answer.column not in refused]
    findings += check_arms(export)
    if with_notes and not reported:
        findings = [note for check in (*ROW_CHECKS, *NUMBER_CHECKS, *SHAPE_NOTES) for note in check(export)] + findings
    return findings


def _table_after(file: CsvFile, plan: Plan) -> CsvTable:
    """Return the table that a file will be after its conversion, with the lines of the file as it is."""
    if not plan.changes:
        return file.converted[0]
    after = CsvFile(file.name, plan.content, file.expected).converted[0]
    lines = file.converted[0].lines
    return CsvTable(after.header, after.rows, lines if len(lines) == len(after.rows) else after.lines)


def export_file_of(directory: Path, codebook: Codebook, file_id: str, encoding: str | None = None) -> CsvFile | None:
    """Return a file of exports and the columns that it must have; None if there is no file."""
    raw = _bytes_of(directory / export_file(file_id))
    if raw is None:
        return None
    expected: dict[str, str] = {}
    for description in codebook["exports"]:
        if (description["file"] or description["export_id"]) == file_id:
            used = codebook.columns_used(description["export_id"])
            expected |= {column: f"{row.file}, line {row.line}," for column, row in used.items()}
            if description["respondent_column"]:
                place = f"respondent_column in {description.file}, line {description.line},"
                expected[description["respondent_column"]] = place
    return CsvFile(export_file(file_id), raw, expected, encoding)


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
        found = errors_of(file, plan_conversion(file, partial(codebook_cells, table)))
        if not found:
            codebook.tables[table] = list(codebook_rows(table, file.table))
        findings += found
    give_questions(codebook)
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
