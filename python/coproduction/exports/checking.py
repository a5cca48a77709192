"""The check before a build: every export can be read, and the codebook describes it without contradiction.

``coproduction check`` prints what ``check_project`` finds, and the dbt plugin stops dbt if there are errors. It runs at
the start of every dbt command, so it imports neither pandas nor DuckDB nor dbt.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from coproduction.codebook.checks.contradictions import check_codebook
from coproduction.codebook.tables import COLUMNS, Codebook, codebook_file
from coproduction.exports.checks.answer_checks import Export, export_of, judge_answers
from coproduction.exports.checks.cell_checks import note_odd_cells
from coproduction.exports.checks.design_notes import DESIGN_NOTES, check_replicate_weights
from coproduction.exports.checks.folder_checks import check_export_files, check_export_list, note_ignored
from coproduction.exports.checks.number_checks import NUMBER_CHECKS
from coproduction.exports.checks.number_formats import recognised_formats
from coproduction.exports.checks.remembered_files import RememberedFiles
from coproduction.exports.checks.respondent_checks import ROW_CHECKS, note_more_than_invited, note_same_people
from coproduction.exports.checks.shape_notes import SHAPE_NOTES, check_arms
from coproduction.exports.export_tables import fingerprint_of_file, is_parquet, require_file, table_of_file
from coproduction.exports.file_rows import (
    check_rows_of_file,
    header_rows_of,
    note_header_rows,
    rows_of_export,
)
from coproduction.exports.personal_data import personal_columns_of
from coproduction.exports.planning import Plan, cells_of_table, errors_of, export_cells, plan_conversion
from coproduction.exports.project_files import (
    NAMED,
    PROJECT_FILE,
    bytes_of,
    expected_columns,
    export_file_of,
    project_variables,
    read_codebook,
)
from coproduction.files.columns.column import Column
from coproduction.files.columns.column_table import ColumnTable, column_table
from coproduction.files.columns.odd_text import may_have_odd_cell, may_have_odd_cells
from coproduction.files.columns.streaming import right_file
from coproduction.files.conversion import changes
from coproduction.files.csv_file import CsvFile, header_bytes
from coproduction.files.file_checks import as_error, check_bytes, refusals
from coproduction.files.finding import ERROR, Finding
from coproduction.files.reading import EXPORTS_FOLDER, CsvTable, UnreadableExportError, file_fingerprint

# What a conversion does to a CSV file, somebody has to do to Parquet files.
WRITE_AGAIN = "correct it where it comes from, and write the Parquet file again: coproduction never changes one"


@dataclass(frozen=True)
class Counted:
    """What a file has of an export: its rows, the columns and all rows of the file, and the SHA-256 of its bytes."""

    n_rows: int
    n_columns: int
    n_rows_of_file: int
    sha256: str


@dataclass
class Recognised:
    """What the check learnt from the files and the build needs: header rows, formats of numbers, who has answered.

    `header_rows` has the number of rows below the first that explain the header, by file; `number_formats` the formats
    that no codebook states, by export and column; `people` the ids of the respondents, by export;
    `n_without_id` how many rows have no id; `personal` the columns that look like personal data, by file; `counted` the
    sizes of the exports, by export_id.
    """

    header_rows: dict[str, int] = field(default_factory=dict)
    number_formats: dict[str, dict[str, str]] = field(default_factory=dict)
    people: dict[str, Column] = field(default_factory=dict)
    n_without_id: dict[str, int] = field(default_factory=dict)
    personal: dict[str, dict[str, str]] = field(default_factory=dict)
    counted: dict[str, Counted] = field(default_factory=dict)

    def facts(self, file: str, exports: Collection[str]) -> dict[str, Any]:
        """Return what a build needs to know of a file and its exports, as JSON can hold it."""
        return {
            "header_rows": self.header_rows[file],
            "personal": self.personal[file],
            "number_formats": {export_id: self.number_formats[export_id] for export_id in exports},
            "counted": {export_id: asdict(self.counted[export_id]) for export_id in exports},
        }

    def add(self, file: str, facts: Mapping[str, Any]) -> None:
        """Add what `facts` returned."""
        self.header_rows[file], self.personal[file] = facts["header_rows"], facts["personal"]
        self.number_formats |= facts["number_formats"]
        self.counted |= {export_id: Counted(**sizes) for export_id, sizes in facts["counted"].items()}


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
    remembered = RememberedFiles(directory, codebook)
    for file in codebook.files():
        export_ids = codebook.exports_of_file(file)
        if only and not _with_their_units(codebook, only) & set(export_ids):
            continue
        found = _check_or_recall(directory, codebook, file, with_notes, taking_part, recognised, remembered)
        findings += [] if only and not set(only) & set(export_ids) else found
    remembered.write()
    findings += note_same_people(codebook, recognised.people)
    return findings + list(note_more_than_invited(codebook, recognised.people, recognised.n_without_id))


def exports_taking_part(codebook: Codebook, variables: Mapping[str, Any]) -> list[str]:
    """Return the exports of the codebook that are in the results, unless they are refused."""
    has_synthetic = variables.get("include_synthetic", True) is not False
    left_out = variables.get(NAMED) or []
    named = set(map(str, left_out)) if isinstance(left_out, list) else set()
    rows = [
        row
        for row in codebook["exports"]
        if row["export_id"] not in named and (has_synthetic or row["provenance"] != "synthetic")
    ]
    return list(dict.fromkeys(row["export_id"] for row in rows))


def _with_their_units(codebook: Codebook, export_ids: Collection[str]) -> set[str]:
    """Return the exports named and those of the same council and wave, which may have the same people."""
    units = {row["export_id"]: (row["council_id"], row["wave_id"]) for row in codebook["exports"]}
    wanted = {units.get(export_id) for export_id in export_ids}
    return {export_id for export_id, unit in units.items() if unit in wanted}


def _check_or_recall(
    directory: Path,
    codebook: Codebook,
    file: str,
    with_notes: bool,
    taking_part: Collection[str],
    recognised: Recognised,
    remembered: RememberedFiles,
) -> list[Finding]:
    """Check one file of exports, or recall what an earlier check of it found. Notes are not remembered."""
    exports = [export_id for export_id in codebook.exports_of_file(file) if export_id in taking_part]
    try:
        sha256 = fingerprint_of_file(directory, codebook, file)
    except (OSError, UnreadableExportError):
        return check_export_file(directory, codebook, file, with_notes, taking_part, recognised)
    facts = None if with_notes else remembered.recall(file, sha256, exports)
    if facts is not None:
        recognised.add(file, facts)
        return []
    found = check_export_file(directory, codebook, file, with_notes, taking_part, recognised)
    counted = [recognised.counted.get(export_id) for export_id in exports]
    # A file that changed between the two readings is not what was checked.
    is_same = all(sizes is not None and sizes.sha256 == sha256 for sizes in counted)
    if exports and is_same and not any(finding.severity == ERROR for finding in found):
        remembered.keep(file, sha256, exports, recognised.facts(file, exports))
    return found


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
    exports = [export_id for export_id in codebook.exports_of_file(file_id) if export_id in taking_part]
    read = _read(directory, codebook, file_id, exports)
    if read.table is None or not exports:
        return read.errors
    table, errors = read.table, read.errors
    n_header, tool = header_rows_of(codebook, file_id, table)
    recognised.header_rows[file_id] = n_header
    notes = list(note_header_rows(codebook.path_of(file_id), table, n_header, tool)) if with_notes else []
    table = table.from_row(n_header)
    recognised.personal[file_id] = personal_columns_of(codebook, file_id, table)
    taken = {export_id: rows_of_export(codebook, export_id, table) for export_id in exports}
    if len(exports) == len(codebook.exports_of_file(file_id)):
        notes += check_rows_of_file(codebook, file_id, table, taken)
    for export_id, places in taken.items():
        sizes = (len(places), len(table.header), table.n_rows)
        recognised.counted[export_id] = Counted(*sizes, read.sha256)
        export = export_of(codebook, export_id, table.only(places))
        notes += _check_answers(export, errors, with_notes, recognised)
    odd = note_odd_cells(export_of(codebook, exports[0], table)) if with_notes and read.may_have_odd_cells else ()
    found = [*errors, *notes, *([] if errors else odd)]
    refused = [finding for finding in found if finding.severity == ERROR]
    return refused or (found if with_notes else [])


@dataclass(frozen=True)
class _Read:
    """The errors of a file, and its columns; None where the file cannot even be split into rows and columns."""

    errors: list[Finding]
    table: ColumnTable | None
    may_have_odd_cells: bool = False
    sha256: str = ""


def _read(directory: Path, codebook: Codebook, file_id: str, exports: Sequence[str]) -> _Read:
    """Read a file in one pass. A file that is not right is read whole, which explains it or plans its conversion."""
    if is_parquet(codebook, file_id):
        return _read_parquet(directory, codebook, file_id, exports)
    name = codebook.path_of(file_id)
    sha256 = file_fingerprint(directory / name) if (directory / name).is_file() else ""
    right = right_file(directory / name, name, expected_columns(codebook, file_id))
    if right is not None:
        table = right.table
        may_be_odd = any(map(may_have_odd_cell, table.columns))
        odd = exports if may_be_odd else ()
        if not any(any(cells_of_table(codebook, export_id, table)) for export_id in odd):
            return _Read([], table.without_first_spaces(), may_be_odd, sha256)
    file = export_file_of(directory, codebook, file_id)
    if file is None:
        return _Read([], None)
    plans = [plan_conversion(file, partial(export_cells, codebook, export_id)) for export_id in exports or [file_id]]
    errors = list(dict.fromkeys(error for plan in plans for error in errors_of(file, plan)))
    if not all(plan.is_table for plan in plans):
        return _Read(errors, None)
    return _Read(errors, column_table(_table_after(file, plans[0])), may_have_odd_cells(file.text))


def _read_parquet(directory: Path, codebook: Codebook, file_id: str, exports: Sequence[str]) -> _Read:
    """Read Parquet files. Their cells and the names of their columns are never converted, only refused."""
    try:
        require_file(directory, codebook, file_id)
    except UnreadableExportError:
        # check_export_files reports it.
        return _Read([], None)
    try:
        table = table_of_file(directory, codebook, file_id)
        sha256 = fingerprint_of_file(directory, codebook, file_id)
    except (OSError, UnreadableExportError) as reason:
        return _Read([Finding(ERROR, codebook.path_of(file_id), str(reason), WRITE_AGAIN)], None)
    header = CsvFile(codebook.path_of(file_id), header_bytes(table.header), expected_columns(codebook, file_id))
    errors = [*refusals(header), *(as_error(header, change, WRITE_AGAIN) for change in changes(header))]
    if errors:
        return _Read(errors, None)
    for export_id in exports:
        found, done, _ = cells_of_table(codebook, export_id, table)
        errors += [*found, *(as_error(header, change, WRITE_AGAIN) for change in done)]
    return _Read(list(dict.fromkeys(errors)), table, any(map(may_have_odd_cell, table.columns)), sha256)


def _check_answers(export: Export, reported: list[Finding], with_notes: bool, recognised: Recognised) -> list[Finding]:
    """Check the cells of one export, in which another check has reported errors already."""
    formats, findings = recognised_formats(export)
    export.number_formats.update(formats)
    recognised.number_formats[export.export_id] = formats
    if with_notes:
        identifiers = export.identifiers
        n_with_id = sum(identifier != "" for identifier in identifiers)
        recognised.n_without_id[export.export_id] = export.table.n_rows - n_with_id
        if export.respondent_column:
            recognised.people[export.export_id] = identifiers
    spoken = {(finding.column, finding.value) for finding in reported}
    refused = {finding.column for finding in findings if finding.severity == ERROR}
    findings += [answer for answer in judge_answers(export, spoken) if answer.column not in refused]
    findings += [*check_arms(export), *check_replicate_weights(export)]
    if with_notes and not reported:
        findings = [
            note for check in (*ROW_CHECKS, *NUMBER_CHECKS, *SHAPE_NOTES, *DESIGN_NOTES) for note in check(export)
        ] + findings
    return findings


def _table_after(file: CsvFile, plan: Plan) -> CsvTable:
    """Return the table that a file will be after its conversion, with the lines of the file as it is."""
    if not plan.changes:
        return file.converted[0]
    after = CsvFile(file.name, plan.content, file.expected).converted[0]
    lines = file.converted[0].lines
    return CsvTable(after.header, after.rows, lines if len(lines) == len(after.rows) else after.lines)


def codebook_errors(codebook: Codebook) -> list[Finding]:
    """Return the contradictions of a codebook whose files could all be read."""
    return check_codebook(codebook)


def _other_files(directory: Path) -> list[Path]:
    """Return the CSV files below seeds that do not belong to the codebook."""
    codebook = {directory / codebook_file(table) for table in COLUMNS}
    return [path for path in sorted((directory / "seeds").rglob("*.csv")) if path not in codebook]


def _byte_findings(directory: Path, path: Path) -> list[Finding]:
    name, raw = path.relative_to(directory).as_posix(), bytes_of(path)
    if raw is None:
        return [Finding(ERROR, name, "the file cannot be opened", "see who may read it, or move it out of seeds")]
    return check_bytes(CsvFile(name, raw, {}))
