"""Adds a survey with its completed draft to a project, and takes one out again.

Everything is checked in a copy of the codebook first. Only a survey without a complaint changes the project.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.tables import Codebook, CodebookRow, codebook_file
from coproduction.drafting.adding_surveys.checked_copy import COMMAND, check_in_a_copy, of_option, write_project
from coproduction.drafting.adding_surveys.codebook_editing import (
    CodebookTable,
    list_export,
    unlist_export,
)
from coproduction.drafting.adding_surveys.complaints import complaints
from coproduction.drafting.adding_surveys.completed import Completed
from coproduction.drafting.adding_surveys.confirming import unread_columns, unread_rows
from coproduction.drafting.adding_surveys.new_scales import add_scale_rows, id_of_new_scale
from coproduction.drafting.adding_surveys.rows_to_copy import columns_not_copied, file_content, not_wanted
from coproduction.drafting.adding_surveys.scales_in_words import scales_in_words
from coproduction.drafting.earlier_wave import note_of_unread
from coproduction.drafting.folder import (
    ANSWER_ROWS,
    MORE_TABLES,
    QUESTIONS,
    SCALES,
    read_table,
    require_csv,
    settings_of,
)
from coproduction.drafting.recognition.survey_file import SurveyFile
from coproduction.errors import CoproductionError
from coproduction.exports.project_files import LIST, LIST_ELSEWHERE, PROJECT_FILE
from coproduction.files.finding import ERROR, Finding, quoted
from coproduction.files.plain_files import replace_file
from coproduction.files.reading import export_file

_ID = re.compile(r"[a-z0-9_]+")
_QUESTION_COLUMNS = (
    "column_name",
    "construct_id",
    "theme_id",
    "topic_id",
    "scale_id",
    "is_reversed",
    "is_primary",
    "question_text",
    "asked_when_column",
    "asked_when_answers",
    "option",
    "separator",
    "number_format",
)
# The key by which a row of another table is there already.
_KEYS = {
    "councils": ("council_id",),
    "themes": ("theme_id",),
    "topics": ("topic_id", "theme_id"),
    "constructs": ("construct_id",),
    "measures": ("measure_id",),
    "waves": ("council_id", "wave_id"),
    "row_filters": ("export_id", "column_name", "answer_label"),
}


@dataclass(frozen=True)
class Wave:
    """Which survey a file is, what else exports.csv says about it, and what of it is taken that is left out otherwise.

    ``accepts_likely`` takes likely rows that nobody has confirmed; ``kept`` are columns to copy that nothing uses and
    that look like personal data or free text.
    """

    council_id: str
    wave_id: str
    council: Mapping[str, str] = field(default_factory=dict)
    provenance: str = "real"
    export_id: str = ""
    accepts_likely: bool = False
    kept: tuple[str, ...] = ()


@dataclass
class Added:
    """What was added: the export, whether it replaced one, the columns and rows left out, and what is wrong.

    ``left_out`` names the columns of rows that have a theme or a scale and no construct; ``scales`` has a line for each
    scale, and ``unread`` one for each row that was likely and accepted as it was. ``n_not_wanted`` counts, for each
    column that divides the rows, the answers whose rows were not asked for.

    With ``findings`` nothing was written.
    """

    export_id: str
    is_replaced: bool = False
    n_rows: int = 0
    n_questions: int = 0
    not_copied: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    scales: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    n_not_wanted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def read_completed(folder: Path) -> Completed:
    """Read the folder of a completed draft. Raises CoproductionError if it is none."""
    if not (folder / f"{QUESTIONS}.csv").is_file():
        raise CoproductionError(
            f"{folder} is no draft: it has no {QUESTIONS}.csv. Name the folder that `coproduction draft` "
            f"wrote, with --codebook."
        )
    require_csv(folder)
    tables = {name: read_table(folder, name) for name in (QUESTIONS, SCALES, ANSWER_ROWS, *MORE_TABLES)}
    return Completed(folder, {name: table for name, table in tables.items() if table}, settings_of(folder))


def add_survey(project: Path, codebook: Codebook, survey: SurveyFile, draft: Completed, wave: Wave) -> Added:
    """Check a survey and its draft, and add both to a project; with findings nothing is changed.

    A survey of the same council, wave and role is replaced, and no other row of the codebook changes.
    """
    role = draft.settings.get("respondent_role") or "citizen"
    export_id = _export_id(codebook, wave, role)
    _require_here(codebook, export_id)
    added = Added(export_id, export_id in codebook.ids("exports", "export_id"))
    recognised = columns_not_copied(
        survey, draft, {normalise_label(row["answer_label"]) for row in codebook["answers"]}
    )
    added.not_copied = {name: kind for name, kind in recognised.items() if name not in wave.kept}
    added.findings = [
        *_wrong_names(codebook, wave, draft),
        *_wrongly_kept(survey, wave, recognised),
        *complaints(draft, survey, wave.accepts_likely),
    ]
    if added.findings:
        return added
    content, added.n_rows = file_content(survey, draft, added.not_copied)
    added.n_not_wanted = not_wanted(survey, draft)
    tables = _edited(project, draft, survey, export_id, wave, role)
    settings = list_export((project / PROJECT_FILE).read_text(encoding="utf-8"), export_id)
    earlier = codebook.file_of(export_id)
    if earlier != export_id and codebook.exports_of_file(earlier) == [export_id]:
        settings = unlist_export(settings, earlier)
    found = check_in_a_copy(project, export_id, tables, settings, content, draft, survey)
    added.findings = [of_option(finding, wave.council) for finding in found]
    if added.findings:
        return added
    added.n_questions = len(draft.claimed())
    added.left_out, added.unread = draft.left_out(), unread_rows(draft)
    added.scales = scales_in_words(draft, survey, codebook)
    added.changed = write_project(project, tables, settings, export_id, content)
    return added


def remove_survey(project: Path, codebook: Codebook, export_id: str) -> list[str]:
    """Take an export out of a project: its file, its rows, and the scales that only it has.

    Returns the names of the changed files. Councils, themes and constructs stay; the row of a wave that has no other
    export goes. Raises CoproductionError if there is no such export.
    """
    known = codebook.ids("exports", "export_id")
    if export_id not in known:
        raise CoproductionError(f"There is no export {export_id}. There are: {', '.join(known)}.")
    file = codebook.file_of(export_id)
    is_last = codebook.exports_of_file(file) == [export_id]
    # The row of the export goes last: until then, the same command can be given again after a kill.
    tables = {
        name: CodebookTable.of(project, name)
        for name in ("questions", "scales", "answers", "row_filters", "tolerated_answers", "waves", "exports")
    }
    (survey,) = [_survey(row) for row in codebook["exports"] if row["export_id"] == export_id]
    _take_out(tables, export_id)
    if survey not in [_survey(record.values) for record in tables["exports"].records]:
        tables["waves"].remove(lambda row: _survey(row) == survey)
    before = {name: (project / codebook_file(name)).read_bytes().decode("utf-8-sig") for name in tables}
    settings = (project / PROJECT_FILE).read_text(encoding="utf-8")
    if is_last:
        replace_file(project / PROJECT_FILE, unlist_export(settings, file, bool(codebook.location_of(file))).encode())
        if not codebook.location_of(file):
            (project / export_file(file)).unlink(missing_ok=True)
    changed = [name for name, table in tables.items() if table.text() != before[name]]
    for name in changed:
        replace_file(project / codebook_file(name), tables[name].text().encode())
    gone = [] if codebook.location_of(file) else [export_file(file)]
    return [*map(codebook_file, changed), *([PROJECT_FILE, *gone] if is_last else [])]


def _survey(row: CodebookRow | Mapping[str, str]) -> tuple[str, str]:
    return row["council_id"].strip(), row["wave_id"].strip()


def _require_here(codebook: Codebook, export_id: str) -> None:
    """Raise CoproductionError if the export lies elsewhere: the codebook would go on to read the old file."""
    location = codebook.location_of(codebook.file_of(export_id))
    if location:
        raise CoproductionError(
            f"{export_id} is read from {location}, and this command writes into seeds/exports. Replace the file there, "
            f"or clear the location of {export_id} in {codebook_file('exports')}, list it under {LIST} in place of "
            f"{LIST_ELSEWHERE} in {PROJECT_FILE}, and add the survey again."
        )


def _export_id(codebook: Codebook, wave: Wave, role: str) -> str:
    """Return the export of this council, wave and role, or the name of a new one."""
    if wave.export_id:
        return wave.export_id
    for row in codebook["exports"]:
        if (row["council_id"], row["wave_id"], row["respondent_role"]) == (wave.council_id, wave.wave_id, role):
            return row["export_id"]
    return f"{wave.council_id}_{wave.wave_id}" + ("_staff" if role == "staff" else "")


def _wrong_names(codebook: Codebook, wave: Wave, draft: Completed) -> list[Finding]:
    """Return errors about the council and the wave that were named on the command line."""
    findings = []
    for option, text in (("--council", wave.council_id), ("--wave", wave.wave_id), ("--export", wave.export_id or "x")):
        if not _ID.fullmatch(text):
            findings.append(
                Finding(
                    ERROR,
                    COMMAND,
                    f"{option} is {text!r}",
                    "write small letters, digits and underscores, such as north_hill or wave_2",
                    value=text,
                )
            )
    known = [*codebook.ids("councils", "council_id"), *(row["council_id"] for row, _ in draft.rows("councils"))]
    if not findings and wave.council_id not in known and not wave.council:
        findings.append(
            Finding(
                ERROR,
                COMMAND,
                f"the codebook has no council {wave.council_id}",
                "correct --council, or describe the new council with --council-name, --country, --population, "
                "--population-year and --area-type",
                value=wave.council_id,
                allowed=tuple(known),
            )
        )
    return findings


def _wrongly_kept(survey: SurveyFile, wave: Wave, recognised: Mapping[str, str]) -> list[Finding]:
    """Return an error for each column to keep that would be copied anyway, or that is not there."""
    names = [name for name in wave.kept if name not in recognised]
    return [
        Finding(
            ERROR,
            COMMAND,
            f"--keep names {quoted(name)}, "
            + ("which is copied without it" if survey.column(name) else f"and {survey.path} has no such column"),
            "take the option out, or name a column that would be left out",
            value=name,
            allowed=tuple(map(quoted, recognised)),
        )
        for name in names
    ]


def _edited(
    project: Path, draft: Completed, survey: SurveyFile, export_id: str, wave: Wave, role: str
) -> dict[str, CodebookTable]:
    """Return the files of the codebook as they will be."""
    names = ("exports", "questions", "scales", "answers", "row_filters", "tolerated_answers", *MORE_TABLES)
    tables = {name: CodebookTable.of(project, name) for name in dict.fromkeys(names)}
    _take_out(tables, export_id)
    known_scales = {record.values.get("scale_id", "") for record in tables["scales"].records}
    used = {row["scale_id"] for row, _ in draft.claimed()}
    new_ids = {
        row["scale_id"]: id_of_new_scale(row["scale_id"], export_id, tables, draft)
        for row, _ in draft.rows(SCALES)
        if row["scale_id"] in used and row["scale_id"] not in known_scales
    }
    tables["exports"].add([_export_row(draft, survey, export_id, wave, role)])
    questions = draft.in_file_order(survey)
    tables["questions"].add(
        [_question_row(row, export_id, new_ids) for row, _ in questions], [line for _, line in questions]
    )
    for name in (SCALES, ANSWER_ROWS):
        add_scale_rows(tables[name], name, draft, new_ids)
    for name in MORE_TABLES:
        rows = _more_rows(draft, name, wave, export_id)
        if name == "waves":
            # The row of a wave that is not here yet comes with that wave.
            here = {_survey(record.values) for record in tables["exports"].records}
            rows = [row for row in rows if _survey(row) in here] or rows
        tables[name].add(_missing_rows(tables[name], rows, _KEYS[name]))
    return tables


def _export_row(draft: Completed, survey: SurveyFile, export_id: str, wave: Wave, role: str) -> dict[str, str]:
    settings = draft.settings
    unread = unread_columns(draft)
    return {
        "export_id": export_id,
        "council_id": wave.council_id,
        "wave_id": wave.wave_id,
        "respondent_role": role,
        "respondent_column": settings.get("respondent_column", ""),
        "provenance": wave.provenance,
        "fieldwork_year": settings.get("fieldwork_year", ""),
        "notes": f"Drafted from {survey.path}, {survey.tool}." + (f" {note_of_unread(unread)}" if unread else ""),
    }


def _question_row(row: Mapping[str, str], export_id: str, new_ids: Mapping[str, str]) -> dict[str, str]:
    values = {column: row.get(column, "") for column in _QUESTION_COLUMNS}
    return {"export_id": export_id} | values | {"scale_id": new_ids.get(row["scale_id"], row["scale_id"])}


def _more_rows(draft: Completed, name: str, wave: Wave, export_id: str) -> list[dict[str, str]]:
    """Return the rows of another table that a survey needs: of the draft, its council, topics of new themes."""
    rows = [dict(row) for row, _ in draft.rows(name)]
    if name == "councils" and wave.council:
        rows.append({"council_id": wave.council_id, **wave.council})
    if name == "topics":
        rows += [
            {"topic_id": "all", "theme_id": row["theme_id"], "topic_name": "Whole theme"}
            for row, _ in draft.rows("themes")
        ]
    if name == "row_filters":
        rows = [row | {"export_id": export_id} for row in rows]
    return rows


def _missing_rows(table: CodebookTable, rows: Sequence[dict[str, str]], key: Sequence[str]) -> list[dict[str, str]]:
    there = {tuple(record.values.get(column, "").strip() for column in key) for record in table.records}
    return [row for row in rows if tuple(row.get(column, "") for column in key) not in there]


def _take_out(tables: Mapping[str, CodebookTable], export_id: str) -> None:
    """Take out the rows of an export, and the scales that were added for it and that no other question uses."""
    for name in ("exports", "questions", "row_filters", "tolerated_answers"):
        tables[name].remove(lambda row: row.get("export_id") == export_id)
    still_used = {record.values.get("scale_id") for record in tables["questions"].records}

    def is_own(row: Mapping[str, str]) -> bool:
        scale_id = row.get("scale_id", "")
        return scale_id.startswith(f"{export_id}_") and scale_id not in still_used

    tables["scales"].remove(is_own)
    tables["answers"].remove(is_own)
