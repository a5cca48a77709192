"""The commands that look at the files before a build: ``check`` and ``repair``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coproduction.cli.terminal import counted, waiting
from coproduction.errors import CoproductionError
from coproduction.exports.leaving_out import CheckedExports, check_exports, sentences
from coproduction.exports.repairing import repair_project
from coproduction.files.finding import broken_lines


def check(
    project: Path, variables: str, shows_notes: bool = True, only: Sequence[str] = (), as_json: bool = False
) -> bool:
    """Check the exports and print what `look` does, or all of it as JSON. Returns whether dbt can build the project."""
    if not as_json:
        return not look(project, variables, shows_notes, only).errors
    with waiting("Checking the exports and the codebook"):
        checked = check_exports(project, read_variables(variables), only=only)
    print(json.dumps(_as_json(checked), indent=2, ensure_ascii=False))
    return not checked.errors


def look(project: Path, variables: str, shows_notes: bool = True, only: Sequence[str] = ()) -> CheckedExports:
    """Check the exports; print the notes, the errors, what the exports feed, and a verdict. Returns what was found.

    ``variables`` is YAML with names and values, as for dbt's ``--vars``; '' means none. If ``shows_notes`` is False the
    notes are only counted. ``only`` names the exports to check, all if it is empty. Raises CoproductionError for a name
    that is no export.
    """
    with waiting("Checking the exports and the codebook"):
        checked = check_exports(project, read_variables(variables), only=only)
    for finding in [*(checked.notes if shows_notes else []), *checked.errors]:
        print(finding)
    for sentence in sentences(checked.left_out):
        print(sentence)
    for sentence in checked.feeding:
        print(*broken_lines(sentence), sep="\n")
    n_notes = counted(len(checked.notes), "note")
    notes = n_notes if shows_notes or not checked.notes else f"{n_notes} (`coproduction check` prints them)"
    print(f"{counted(len(checked.errors), 'error')}, {notes}. {_verdict(checked, only)}")
    return checked


def repair(project: Path, names: list[str], encoding: str | None) -> bool:
    """Convert the files that need it and print what was done to each. Returns whether no file was left unconverted.

    ``names`` are exports or codebook files; an empty list means all of them. ``encoding`` is a key of ENCODINGS.
    """
    if encoding and not names:
        print("Name the files that --encoding is about, such as: coproduction repair swansea --encoding cp1252")
        return False
    try:
        repairs = repair_project(project, names, encoding)
    except (OSError, CoproductionError) as reason:
        print(f"Nothing more was converted. {reason}")
        return False
    for done in repairs:
        print(done)
    n_failed = sum(bool(done.findings) for done in repairs)
    what_next = "Run `coproduction check` to see what remains." if repairs else "No file needs to be converted."
    print(f"{counted(len(repairs) - n_failed, 'file')} converted, {n_failed} left alone. {what_next}")
    return not n_failed


def read_variables(text: str) -> dict[str, Any]:
    """Return the variables in a text of YAML. Raises CoproductionError if it holds anything but names and values."""
    import yaml

    try:
        variables = yaml.safe_load(text) or {}
    except yaml.YAMLError as reason:
        raise CoproductionError(f"--vars is not valid YAML: {reason}") from reason
    if not isinstance(variables, dict):
        raise CoproductionError("--vars has to be names and values, such as '{leave_out_exports: [bristol]}'.")
    return variables


def _as_json(checked: CheckedExports) -> dict[str, object]:
    findings = [*checked.notes, *checked.errors]
    return {
        "is_good": not checked.errors,
        "findings": [asdict(finding) for finding in findings],
        "left_out": sentences(checked.left_out),
        "feeds": list(checked.feeding),
    }


def _verdict(checked: CheckedExports, only: Sequence[str]) -> str:
    if checked.errors:
        return "Nothing can be built before the errors are corrected."
    if only:
        return f"dbt can read {', '.join(only)}."
    if checked.left_out:
        return f"dbt can read every export but {', '.join(checked.left_out)}, which the build leaves out."
    return "dbt can read every export."
