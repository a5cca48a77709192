"""The commands that bring a survey in: ``draft``, ``add``, ``remove`` and ``surveys``."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from coproduction.cli.project_folder import require_project
from coproduction.cli.terminal import counted, show, table, waiting
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.drafting.adding_surveys.adding import Wave, add_survey, read_completed, remove_survey
from coproduction.drafting.adding_surveys.checked_copy import COMMAND
from coproduction.drafting.adding_surveys.confirming import ACCEPT_LIKELY
from coproduction.drafting.adding_surveys.renaming import rename as rename_survey
from coproduction.drafting.draft import Draft
from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.folder import relative, write_draft
from coproduction.drafting.readers.opening import read_survey
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.errors import CoproductionError
from coproduction.exports.export_tables import table_of_file
from coproduction.exports.feeding import feeding_sentence
from coproduction.exports.file_rows import header_rows_of, rows_of_export
from coproduction.exports.project_files import PROJECT_FILE, read_codebook
from coproduction.files.finding import broken_lines


def draft(project: Path, files: Sequence[Path], sheet: str, into: Path | None, as_json: bool) -> None:
    """Draft the codebook of a survey into a folder, and say what is in it.

    ``into`` is the folder, or else one beside the file. Raises CoproductionError if a file cannot be read.
    """
    vocabulary = Vocabulary(codebook_of(project), project=project)
    with waiting(f"Reading {relative(files[0])}"):
        survey = read_survey(files, sheet)
    with waiting(f"Drafting {counted(len(survey.columns), 'column')}"):
        made = draft_survey(survey, vocabulary)
    folder = into or files[0].with_name(re.sub(r"\W+", "_", files[0].stem.lower()).strip("_") + "_draft")
    named = " ".join(shlex.quote(relative(file)) for file in files) + (
        f" --sheet {shlex.quote(sheet)}" if sheet else ""
    )
    written = write_draft(made, folder, named)
    if as_json:
        print(json.dumps(_as_json(made, survey.n_rows, written), indent=2, ensure_ascii=False))
    else:
        print(*_summary(made, survey.n_rows, folder), sep="\n")
        print(
            f"Then: coproduction add {named} --codebook {shlex.quote(relative(folder))} --council COUNCIL --wave WAVE"
        )


def add(project: Path, files: Sequence[Path], sheet: str, folder: Path, wave: Wave) -> bool:
    """Add a survey with its completed draft, and say what was done and what to run. Returns whether it was added."""
    codebook = codebook_of(project)
    completed = read_completed(folder)
    with waiting(f"Checking {relative(files[0])} and {relative(folder)}"):
        added = add_survey(project, codebook, read_survey(files, sheet), completed, wave)
    if added.findings:
        print(*added.findings, sep="\n")
        is_about_draft = any(finding.file != COMMAND for finding in added.findings)
        wrong = f"{relative(folder)} and run the command again" if is_about_draft else "the command"
        print(f"{counted(len(added.findings), 'error')}. Nothing was added. Correct {wrong}.")
        return False
    verb = "Replaced" if added.is_replaced else "Added"
    print(f"{verb} {added.export_id}: {counted(added.n_rows, 'respondent')}, {counted(added.n_questions, 'question')}.")
    for name, others in added.n_not_wanted.items():
        listed = ", ".join(f"{label} ({n_rows})" for label, n_rows in others.items())
        print(f"Rows left out, because survey.csv does not ask for them: {name} is {listed}.")
    if added.not_copied:
        listed = ", ".join(f"{name} ({kind})" for name, kind in added.not_copied.items())
        print(f"Not copied into the project, because it looks like personal data: {listed}.")
        print("To copy such a column, claim it in questions.csv, or name it with --keep.")
    if added.left_out:
        print(f"Left out, because their construct_id is blank: {', '.join(added.left_out)}.")
    if added.unread:
        print(f"Likely, and accepted as it was drafted ({ACCEPT_LIKELY}):", *_indented(added.unread), sep="\n")
    if added.scales:
        print("Scales, to compare with the questionnaire:", *_indented(f"{line}." for line in added.scales), sep="\n")
    print(f"Changed: {', '.join(added.changed) or 'nothing'}.")
    print(*broken_lines(feeding_sentence(codebook_of(project), added.export_id)), sep="\n")
    print("Next: coproduction build")
    return True


def _indented(lines: Iterable[str]) -> list[str]:
    return [part for line in lines for part in broken_lines(f"  {line}")]


def remove(project: Path, export_id: str) -> None:
    """Take an export out of the project and say what changed."""
    changed = remove_survey(project, codebook_of(project), export_id)
    print(f"Removed {export_id}. Changed: {', '.join(changed)}.")
    print("Its council, and themes and constructs that it brought, stay in the codebook. Next: coproduction build")


def rename(project: Path, kind: str, old: str, new: str, council: str) -> None:
    """Give an export, a council or a wave another name, and say what changed."""
    renamed = rename_survey(project, codebook_of(project), kind, old, new, council)
    print(f"{old} is now {new}. Changed: {', '.join(renamed.changed) or 'nothing'}.")
    if renamed.lines_left:
        lines = ", ".join(map(str, renamed.lines_left))
        print(f"{PROJECT_FILE} has {old} still, in line {lines}: change it there if the same is meant.")
    print("Next: coproduction build")


def surveys(project: Path, as_json: bool) -> None:
    """Print each export: council, wave, role, respondents, questions, and what it feeds."""
    codebook = codebook_of(project)
    rows = [_survey(project, codebook, row) for row in codebook["exports"]]
    if as_json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    header = ("Export", "Council", "Wave", "Role", "Data", "Respondents", "Questions")
    keys = ("export_id", "council_id", "wave_id", "respondent_role", "provenance", "n_respondents", "n_questions")
    made = table(header, [[str(row[key]) for key in keys] for row in rows], 5)
    show(made, "\n".join(line for row in rows for line in broken_lines(str(row["feeds"]))))


def _survey(project: Path, codebook: Codebook, row: CodebookRow) -> dict[str, object]:
    export_id = row["export_id"]
    try:
        content = table_of_file(project, codebook, codebook.file_of(export_id))
        header_rows = header_rows_of(codebook, codebook.file_of(export_id), content)[0]
        n_rows: object = len(rows_of_export(codebook, export_id, content.from_row(header_rows)))
    except (OSError, CoproductionError):
        n_rows = "no file"
    keys = ("export_id", "council_id", "wave_id", "respondent_role", "provenance")
    return {
        **{key: row[key] for key in keys},
        "n_respondents": n_rows,
        "n_questions": len(codebook.questions_of(export_id)),
        "feeds": feeding_sentence(codebook, export_id),
    }


def codebook_of(project: Path) -> Codebook:
    """Return the codebook of a project. Raises CoproductionError if it cannot be read."""
    codebook, findings = read_codebook(require_project(project))
    if findings:
        raise CoproductionError(f"The codebook cannot be read. Run `coproduction check` first.\n{findings[0]}")
    return codebook


def _summary(made: Draft, n_rows: int, folder: Path) -> list[str]:
    claimed = made.claimed()
    n_by_word = Counter(row.confidence for row in claimed)
    n_left = Counter(row.confidence for row in made.rows if not row.construct)
    words = ", ".join(f"{n_by_word[word]} {word.word}" for word in (CERTAIN, LIKELY, DOUBTFUL))
    lines = [
        f"{made.path} is {made.tool}: {counted(n_rows, 'respondent')}, "
        f"{counted(len({row.column for row in made.rows}), 'column')}.",
        *made.notes,
        f"Drafted: {counted(len(claimed), 'question')} ({words}).",
        f"Left out: {counted(sum(n_left.values()), 'column')}, {n_left[DOUBTFUL]} of them doubtful.",
        f"New scales: {', '.join(made.new_scales()) or 'none'}.",
        f"Respondents: {made.respondent_column or 'no column names them; write it in survey.csv if there is one'}.",
    ]
    personal = [row.column for row in made.rows if "personal data" in row.evidence]
    if personal:
        lines.append(f"Personal data, left out: {', '.join(personal)}.")
    if made.filters:
        lines.append(f"May divide the rows (see survey.csv): {', '.join(name for name, _ in made.filters)}.")
    return [
        *lines,
        f"Next: open {relative(folder / 'questions.csv')} in a spreadsheet; README.txt there says how to go on.",
    ]


def _as_json(made: Draft, n_rows: int, written: Sequence[Path]) -> dict[str, object]:
    return {
        "file": made.path,
        "tool": made.tool,
        "n_respondents": n_rows,
        "respondent_column": made.respondent_column,
        "notes": made.notes,
        "files": [str(path) for path in written],
        "questions": [
            {
                "column_name": row.column,
                "option": row.option,
                "confidence": row.confidence.word,
                "construct_id": row.construct,
                "theme_id": row.theme,
                "topic_id": row.topic,
                "scale_id": row.scale.scale_id if row.scale else "",
                "is_reversed": row.is_reversed,
                "evidence": row.evidence,
            }
            for row in made.by_doubt()
        ],
    }
