"""Checks a survey in a copy of the codebook, and writes it into the project."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from coproduction.codebook.tables import codebook_file
from coproduction.drafting.adding_surveys.codebook_editing import NEW, CodebookTable, id_in_codebook
from coproduction.drafting.adding_surveys.completed import Completed
from coproduction.drafting.folder import ANSWER_ROWS, QUESTIONS, SCALES
from coproduction.drafting.recognition.survey_file import SurveyFile
from coproduction.exports.checking import check_project
from coproduction.exports.project_files import PROJECT_FILE
from coproduction.files.finding import ERROR, Finding
from coproduction.files.plain_files import replace_file
from coproduction.files.reading import EXPORTS_FOLDER, export_file
from coproduction.files.temporary import use_private_temporary_folder

# What stands in place of a file where an option of the command is wrong.
COMMAND = "the command"


def check_in_a_copy(
    project: Path,
    export_id: str,
    tables: Mapping[str, CodebookTable],
    settings: str,
    content: bytes,
    draft: Completed,
    survey: SurveyFile,
) -> list[Finding]:
    """Return the errors that the check of the project will find, each with its place in the draft."""
    # What is left there when this command is killed, the next build removes: it holds everybody's answers.
    with tempfile.TemporaryDirectory(dir=use_private_temporary_folder()) as folder:
        copy = Path(folder)
        shutil.copytree(project / "seeds" / "codebook", copy / "seeds" / "codebook")
        (copy / EXPORTS_FOLDER).mkdir(parents=True)
        for path in (project / EXPORTS_FOLDER).glob("*.csv"):
            shutil.copy(path, copy / EXPORTS_FOLDER / path.name)
        write_project(copy, tables, settings, export_id, content)
        found = check_project(copy, only=[export_id])
    # A relative location leads nowhere from the copy, and the check of the project itself judges it.
    found = [finding for finding in found if (finding.file, finding.column) != (codebook_file("exports"), "location")]
    lines = {codebook_file(name): (name, table.lines_of_new()) for name, table in tables.items()}
    found = [_in_the_draft(finding, lines, draft, survey, export_id) for finding in found if finding.severity == ERROR]
    return [_with_names_of_the_draft(finding, draft, export_id) for finding in found]


def _with_names_of_the_draft(finding: Finding, draft: Completed, export_id: str) -> Finding:
    """Return a finding that calls a new scale by its name in the draft, and not by the one it will have."""
    new_ids = sorted((row["scale_id"] for row, _ in draft.rows(SCALES) if row["scale_id"].startswith(NEW)), key=len)
    problem, remedy, value = finding.problem, finding.remedy, finding.value
    for scale_id in reversed(new_ids):
        name = re.compile(rf"\b{re.escape(id_in_codebook(scale_id, export_id))}\b")
        problem, remedy = name.sub(scale_id, problem), name.sub(scale_id, remedy)
        value = name.sub(scale_id, value) if value else value
    return replace(finding, problem=problem, remedy=remedy, value=value)


def of_option(finding: Finding, council: Mapping[str, str]) -> Finding:
    """Return a finding about the row of a new council as one about the option of the command that describes it."""
    if finding.file != codebook_file("councils") or finding.column is None or finding.column not in council:
        return finding
    option = f"--{finding.column.replace('_', '-')}"
    return replace(finding, file=COMMAND, line=None, column=None, problem=f"{option} is {finding.value or 'missing'}")


def _in_the_draft(
    finding: Finding,
    lines: Mapping[str, tuple[str, dict[int, int]]],
    draft: Completed,
    survey: SurveyFile,
    export_id: str,
) -> Finding:
    """Return a finding about a row of the codebook as one about the row of the draft from which it came."""
    remedy = finding.remedy
    for name in (QUESTIONS, SCALES, ANSWER_ROWS):
        remedy = remedy.replace(codebook_file(name), f"{draft.folder.name}/{name}.csv")
    if finding.file == export_file(export_id):
        return replace(finding, file=survey.path, remedy=remedy)
    name, of_new = lines.get(finding.file, ("", {}))
    line = of_new.get(finding.line or 0)
    if line is None:
        return replace(finding, remedy=remedy)
    return replace(finding, file=f"{draft.folder.name}/{name}.csv", line=line, remedy=remedy)


def write_project(
    project: Path, tables: Mapping[str, CodebookTable], settings: str, export_id: str, content: bytes
) -> list[str]:
    """Write the files that differ, and return their names."""
    files = {codebook_file(name): table.text().encode() for name, table in tables.items()}
    files |= {PROJECT_FILE: settings.encode(), export_file(export_id): content}
    changed = []
    for name, new in files.items():
        path = project / name
        if not path.is_file() or path.read_bytes() != new:
            replace_file(path, new, is_private=name == export_file(export_id))
            changed.append(name)
    return changed
