"""Which exports a build leaves out: those that somebody names, and, when asked, those that the check refuses.

One council's bad file need not stop the others. By default it does: `when_an_export_is_refused: stop`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coproduction.exports.checking import PROJECT_FILE, check_project, project_variables, read_codebook
from coproduction.exports.personal_data import columns_not_loaded, note_of, personal_columns
from coproduction.files.finding import ERROR, Finding, quoted
from coproduction.files.reading import export_file

NAMED = "leave_out_exports"
POLICY = "when_an_export_is_refused"
FLAGS_VARIABLE = "excluded_flags"
ALL_FLAGS_VARIABLE = "respondent_flags"
# Duplicates are always excluded, so nobody can ask for it.
ALWAYS_EXCLUDED = "duplicate"
STOP, LEAVE_OUT = "stop", "leave_out"


@dataclass(frozen=True)
class CheckedExports:
    """What the check says of the exports: what refuses the build, what informs, and what the build does without.

    `left_out` has the errors of each export left out, by its id; none where it is left out because somebody named it.
    `not_loaded` says of the columns that are not loaded what they look like, by export and column; `loaded_personal` are
    the columns, export.column, that look like personal data and are loaded because somebody asked for it.
    """

    errors: list[Finding]
    notes: list[Finding]
    left_out: dict[str, list[Finding]]
    not_loaded: dict[str, dict[str, str]]
    loaded_personal: list[str]


def check_exports(
    project_directory: Path, command_line: Mapping[str, Any] | None = None, with_notes: bool = True
) -> CheckedExports:
    """Check codebook and exports, and leave out what the variables say.

    Args:
        project_directory: folder of the project.
        command_line: variables given with --vars, which count more than those in dbt_project.yml.
        with_notes: False leaves out what does not refuse the build, and the time that it takes.

    """
    directory = Path(project_directory)
    variables = project_variables(directory) | dict(command_line or {})
    listed = variables.get("exports") if isinstance(variables.get("exports"), list) else []
    findings = check_project(directory, with_notes)
    refused = _wrong_variables(variables, listed)
    named = [] if refused else [str(export_id) for export_id in variables.get(NAMED) or []]
    left_out: dict[str, list[Finding]] = {}
    for export_id in map(str, listed):
        of_export = [found for found in findings if found.severity == ERROR and found.file == export_file(export_id)]
        is_refused = bool(of_export) and variables.get(POLICY, STOP) == LEAVE_OUT
        if export_id in named or is_refused:
            left_out[export_id] = of_export
    files = {export_file(export_id) for export_id in left_out}
    errors = [finding for finding in findings if finding.severity == ERROR and finding.file not in files]
    if left_out and len(left_out) == len(listed):
        refused.append(_nothing_left(left_out))
    notes = [finding for finding in findings if finding.severity != ERROR and finding.file not in files]
    not_loaded, loaded = {}, []
    if not errors:
        # The codebook can be read, or there would be an error.
        read = [export_id for export_id in map(str, listed) if export_id not in left_out]
        personal = personal_columns(directory, read_codebook(directory)[0], read)
        not_loaded, loaded, wrong = columns_not_loaded(personal, variables)
        refused += wrong
        notes += [note_of(export_id, columns) for export_id, columns in not_loaded.items() if with_notes]
    return CheckedExports([*refused, *errors], notes, left_out, not_loaded, loaded)


def sentences(left_out: Mapping[str, list[Finding]]) -> list[str]:
    """Return what to tell of the exports left out, one line each; of a refused one also its first error."""
    lines = []
    for export_id, errors in left_out.items():
        if errors:
            what = f"LEFT OUT: {export_id}, which has {len(errors)} error(s); {POLICY} is {LEAVE_OUT}. The first:"
            lines.append(f"{what}\n{errors[0]}")
        else:
            lines.append(f"LEFT OUT: {export_id}, because {NAMED} names it.")
    return lines


def _wrong_variables(variables: Mapping[str, Any], listed: list[Any]) -> list[Finding]:
    """Return what is wrong with the variables themselves: a typing error must not let an export in."""
    findings = []
    policy = variables.get(POLICY, STOP)
    if policy not in (STOP, LEAVE_OUT):
        problem, remedy = (
            f"vars: {POLICY} is {quoted(str(policy))}",
            "write one of the allowed values, here or in --vars",
        )
        allowed = (STOP, LEAVE_OUT)
        findings.append(Finding(ERROR, PROJECT_FILE, problem, remedy, value=str(policy), allowed=allowed))
    flags = variables.get(FLAGS_VARIABLE) or []
    allowed_flags = tuple(flag_id for flag_id in variables.get(ALL_FLAGS_VARIABLE, ()) if flag_id != ALWAYS_EXCLUDED)
    for flag_id in map(str, flags if isinstance(flags, list) else [flags]):
        if flag_id not in allowed_flags:
            problem = f"vars: {FLAGS_VARIABLE} names {quoted(flag_id)}, which is no flag of respondents"
            remedy = "correct the name, here or in --vars, or take it off the list"
            findings.append(Finding(ERROR, PROJECT_FILE, problem, remedy, value=flag_id, allowed=allowed_flags))
    named = variables.get(NAMED) or []
    if not isinstance(named, list):
        named, problem = [named], f"vars: {NAMED} is no list"
        findings.append(
            Finding(ERROR, PROJECT_FILE, problem, f"write the export_ids in brackets: {NAMED}: [{named[0]}]")
        )
        return findings
    known = tuple(map(str, listed))
    for export_id in map(str, named):
        if export_id not in known:
            problem = f"vars: {NAMED} names {quoted(export_id)}, which is no export of this project"
            remedy = "correct the name, here or in --vars, or take it off the list"
            findings.append(Finding(ERROR, PROJECT_FILE, problem, remedy, value=export_id, allowed=known))
    return findings


def _nothing_left(left_out: Mapping[str, list[Finding]]) -> Finding:
    problem = f"every export would be left out: {', '.join(left_out)}"
    return Finding(ERROR, PROJECT_FILE, problem, "correct at least one export, or leave out fewer")
