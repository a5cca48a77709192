"""Decides which exports a build leaves out: those that a variable names and, on request, those that the check refuses.

By default a refused export stops the whole build (`when_an_export_is_refused: stop`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coproduction.codebook.checks.wording import languages_of
from coproduction.codebook.tables import Codebook
from coproduction.errors import CoproductionError
from coproduction.exports.checking import Recognised, check_project, exports_taking_part
from coproduction.exports.feeding import feeding_sentence
from coproduction.exports.personal_data import LOAD, columns_not_loaded, note_of, nothing_loaded, personal_columns
from coproduction.exports.project_files import NAMED, PROJECT_FILE, project_variables, read_codebook
from coproduction.files.finding import ERROR, Finding, meant, quoted
from coproduction.files.reading import export_file

POLICY = "when_an_export_is_refused"
LANGUAGE_VARIABLE = "language"
FLAGS_VARIABLE = "excluded_flags"
ALL_FLAGS_VARIABLE = "respondent_flags"
# Duplicates are always excluded, so nobody can ask for it.
ALWAYS_EXCLUDED = "duplicate"
STOP, LEAVE_OUT = "stop", "leave_out"


@dataclass(frozen=True)
class CheckedExports:
    """The result of the check: errors, which stop the build, notes, and what the build leaves out.

    `left_out` has the errors of each export that is left out, by its id; no errors if a variable names it. `not_loaded`
    has the columns that are not loaded, by file and column, with what each looks like. `loaded_personal` lists the
    columns, as export.column, that look like personal data and are loaded because a variable asks for it. `feeding`
    has a sentence for each export that takes part: which reports its answers feed. `recognised` has what
    the check learnt from the files; `files_left_out` the files of which no export is read.
    """

    errors: list[Finding]
    notes: list[Finding]
    left_out: dict[str, list[Finding]]
    not_loaded: dict[str, dict[str, str]]
    loaded_personal: list[str]
    feeding: list[str] = field(default_factory=list)
    recognised: Recognised = field(default_factory=Recognised)
    files_left_out: list[str] = field(default_factory=list)


def check_exports(
    project_directory: Path,
    command_line: Mapping[str, Any] | None = None,
    with_notes: bool = True,
    only: Collection[str] = (),
) -> CheckedExports:
    """Check the codebook and the exports, and leave out the exports that the variables say.

    Args:
        project_directory: folder of the project.
        command_line: variables given with --vars, which replace those in dbt_project.yml.
        with_notes: False saves the time of finding what does not stop the build.
        only: the exports to check, or files of exports; all where it is empty.

    Raises CoproductionError for a name in `only` that is neither.

    """
    directory = Path(project_directory)
    variables = project_variables(directory) | dict(command_line or {})
    codebook = read_codebook(directory)[0]
    exports = codebook.ids("exports", "export_id") or _listed(variables)
    only = [export_id for name in only for export_id in codebook.exports_of_file(name) or [name]]
    _require_exports(only, exports)
    recognised = Recognised()
    findings = check_project(directory, with_notes, variables, only, recognised)
    refused = _wrong_variables(variables, exports)
    named = [] if refused else [str(export_id) for export_id in variables.get(NAMED) or []]
    left_out: dict[str, list[Finding]] = {}
    for export_id in exports:
        file = export_file(codebook.file_of(export_id))
        of_export = [found for found in findings if found.severity == ERROR and found.file == file]
        is_refused = bool(of_export) and variables.get(POLICY, STOP) == LEAVE_OUT
        if export_id in named or is_refused:
            left_out[export_id] = of_export
    files = codebook.files() or exports
    unread = [file for file in files if set(codebook.exports_of_file(file) or [file]) <= set(left_out)]
    skipped = set(map(export_file, unread))
    errors = [finding for finding in findings if finding.severity == ERROR and finding.file not in skipped]
    if left_out and len(left_out) == len(exports):
        refused.append(_nothing_left(left_out))
    notes = [finding for finding in findings if finding.severity != ERROR and finding.file not in skipped]
    not_loaded: dict[str, dict[str, str]] = {}
    loaded: list[str] = []
    feeding: list[str] = []
    if not errors:
        refused += _wrong_language(variables, codebook)
        wanted = {codebook.file_of(name) for name in only} or set(files)
        read = [file for file in files if file in wanted and file not in unread]
        # The check has looked at the files of exports that take part; the others are read for this alone.
        seen = recognised.personal | personal_columns(
            directory, codebook, [file for file in read if file not in recognised.personal]
        )
        personal = {file: seen[file] for file in read if seen.get(file)}
        not_loaded, loaded, wrong = columns_not_loaded(personal, _about_files(variables, read) if only else variables)
        refused += [*wrong, *nothing_loaded(directory, not_loaded)]
        taking_part = [name for name in exports_taking_part(codebook, variables) if name not in left_out]
        shown = [name for name in taking_part if name in (only or taking_part)]
        noted = dict.fromkeys(codebook.file_of(name) for name in shown)
        notes += [note_of(file, not_loaded[file]) for file in noted if with_notes and file in not_loaded]
        feeding = [feeding_sentence(codebook, name) for name in shown]
    return CheckedExports([*refused, *errors], notes, left_out, not_loaded, loaded, feeding, recognised, unread)


def _about_files(variables: Mapping[str, Any], files: Collection[str]) -> dict[str, Any]:
    """Return the variables without requests to load columns of other files, which are checked with their file."""
    request = variables.get(LOAD)
    if not isinstance(request, list):
        return dict(variables)
    return dict(variables) | {LOAD: [name for name in request if str(name).split(".")[0] in files]}


def _listed(variables: Mapping[str, Any]) -> list[str]:
    """Return the files that dbt_project.yml lists."""
    listed = variables.get("exports")
    return list(map(str, listed)) if isinstance(listed, list) else []


def sentences(left_out: Mapping[str, list[Finding]]) -> list[str]:
    """Return a sentence for each export that is left out; for a refused one also its first error."""
    lines = []
    for export_id, errors in left_out.items():
        if errors:
            what = f"LEFT OUT: {export_id}, which has {len(errors)} error(s); {POLICY} is {LEAVE_OUT}. The first:"
            lines.append(f"{what}\n{errors[0]}")
        else:
            lines.append(f"LEFT OUT: {export_id}, because {NAMED} names it.")
    return lines


def _require_exports(names: Collection[str], listed: list[str]) -> None:
    """Raise CoproductionError for a name that is no export of the project."""
    for name in names:
        if name not in listed:
            close = meant(name, listed)
            hint = f" Did you mean {' or '.join(close)}?" if close else ""
            raise CoproductionError(f"{name} is no export of this project.{hint} Its exports are: {', '.join(listed)}.")


def _wrong_variables(variables: Mapping[str, Any], listed: list[Any]) -> list[Finding]:
    """Return the errors in the variables: a misspelled name must not let an export into the results."""
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


def _wrong_language(variables: Mapping[str, Any], codebook: Codebook) -> list[Finding]:
    """Return an error if the reports would have no labels. A language of the codebook has all of them."""
    language, known = str(variables.get(LANGUAGE_VARIABLE, "")), tuple(languages_of(codebook))
    if language in known:
        return []
    problem = f"vars: {LANGUAGE_VARIABLE} is {quoted(language)}, and the codebook has no labels and sentences in it"
    remedy = "write an allowed value, here or in --vars, or translate the reports (docs/change-a-label.md)"
    return [Finding(ERROR, PROJECT_FILE, problem, remedy, value=language, allowed=known)]


def _nothing_left(left_out: Mapping[str, list[Finding]]) -> Finding:
    problem = f"every export would be left out: {', '.join(left_out)}"
    return Finding(ERROR, PROJECT_FILE, problem, "correct at least one export, or leave out fewer")
