"""The command ``export``: writes a survey for other programs and archives, respondents only when asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from coproduction.cli.survey_commands import codebook_of
from coproduction.cli.terminal import counted, waiting
from coproduction.drafting.folder import relative
from coproduction.errors import CoproductionError
from coproduction.exchange.coded_survey import CHARACTER, SERIAL, CodedSurvey, coded_survey
from coproduction.exchange.data_files import labels_csv, triple_s, variables_csv, write_spss
from coproduction.exchange.ddi import ddi_text
from coproduction.exchange.questionnaires.limesurvey_form import limesurvey_text
from coproduction.exchange.questionnaires.qualtrics_and_xlsform import qualtrics_text, write_xlsform
from coproduction.exchange.questionnaires.word_form import can_write_word, word_forms
from coproduction.exports.export_tables import table_of_file
from coproduction.exports.file_rows import header_rows_of, rows_of_export
from coproduction.files.columns.column_table import ColumnTable
from coproduction.files.plain_files import make_new_folder

# Below the project; git ignores it.
EXPORTED = "exported"
# Below the folder of a survey: what survey tools import, and what is printed.
QUESTIONNAIRES = "questionnaires"
FORMATS = ("spss", "csv", "triples")


def export(project: Path, export_id: str, into: Path | None, with_respondents: bool, formats: Sequence[str]) -> None:
    """Write the codebook of a survey, and its answers if they are asked for, into a new folder.

    Raises CoproductionError if there is no such survey, its file cannot be read, or the folder has files already.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise CoproductionError(f"--format is {unknown[0]}. Allowed: {', '.join(FORMATS)}.")
    codebook = codebook_of(project)
    table = _rows(project, export_id) if with_respondents else None
    survey = coded_survey(codebook, export_id, table)
    folder = into or project / EXPORTED / export_id
    _make_private(folder)
    with waiting(f"Writing {export_id}"):
        written = _write_codebook(survey, folder, formats if with_respondents else ())
        if with_respondents:
            written += _write_answers(survey, folder, formats)
    _say(survey, folder, written, with_respondents)


def _rows(project: Path, export_id: str) -> ColumnTable | None:
    """Return the rows of an export, None if there is no such export. Raises CoproductionError if it cannot be read."""
    codebook = codebook_of(project)
    if export_id not in codebook.ids("exports", "export_id"):
        return None
    file = codebook.file_of(export_id)
    try:
        table = table_of_file(project, codebook, file)
    except OSError as reason:
        raise CoproductionError(
            f"{codebook.path_of(file)} cannot be opened: {reason.strerror}. Restore it."
        ) from reason
    missing = [name for name in codebook.columns_used(export_id) if name not in table.header]
    if missing:
        raise CoproductionError(
            f"{codebook.path_of(file)} has no column {missing[0]}, which the codebook names. Run `coproduction check`."
        )
    table = table.from_row(header_rows_of(codebook, file, table)[0])
    return table.only(rows_of_export(codebook, export_id, table))


def _make_private(folder: Path) -> None:
    make_new_folder(folder, "Name another folder with --into, or delete this one.")
    _write(folder / ".gitignore", "*\n")


def _write_codebook(survey: CodedSurvey, folder: Path, formats: Sequence[str]) -> list[Path]:
    name = survey.export_id
    names = {"spss": f"{name}.sav", "csv": f"{name}.csv", "triples": f"{name}_triples.csv"}
    data_file = next((names[one] for one in FORMATS if one in formats), "")
    return [
        _write(folder / f"{name}_ddi.xml", ddi_text(survey, data_file)),
        _write(folder / f"{name}_variables.csv", variables_csv(survey), "utf-8-sig"),
        *_write_questionnaires(survey, folder / QUESTIONNAIRES),
    ]


def _write_questionnaires(survey: CodedSurvey, folder: Path) -> list[Path]:
    name = survey.export_id
    folder.mkdir(mode=0o700)
    form = _write(folder / f"{name}_xlsform.xlsx", "")
    write_xlsform(survey, form)
    written = [
        _write(folder / f"{name}_limesurvey.txt", limesurvey_text(survey)),
        _write(folder / f"{name}_qualtrics.txt", qualtrics_text(survey)),
        form,
    ]
    if can_write_word():
        for version, content in word_forms(survey):
            written.append(_write_bytes(folder / f"{name}{f'_version_{version}' if version else ''}.docx", content))
    return written


def _write_answers(survey: CodedSurvey, folder: Path, formats: Sequence[str]) -> list[Path]:
    name, written = survey.export_id, []
    if "csv" in formats:
        written.append(_write(folder / f"{name}.csv", labels_csv(survey), "utf-8-sig"))
    if "triples" in formats:
        definition, data = triple_s(survey)
        written.append(_write(folder / f"{name}_triples.xml", definition))
        written.append(_write(folder / f"{name}_triples.csv", data))
    if "spss" in formats:
        # The file is made for its owner alone before pyreadstat fills it.
        path = _write(folder / f"{name}.sav", "")
        write_spss(survey, path)
        path.chmod(0o600)
        written.append(path)
    return written


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    return _write_bytes(path, text.encode(encoding))


def _write_bytes(path: Path, content: bytes) -> Path:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return path


def _say(survey: CodedSurvey, folder: Path, written: Sequence[Path], with_respondents: bool) -> None:
    print(f"{survey.title}: {counted(len(survey.variables), 'variable')}.")
    forms = [path.name for path in written if path.parent != folder]
    print(f"Written into {relative(folder)}: {', '.join(path.name for path in written if path.parent == folder)}.")
    print(f"Questionnaires to import or to print, in {relative(folder / QUESTIONNAIRES)}: {', '.join(forms)}.")
    if not can_write_word():
        print("No Word documents: they need the packages of the extra `office`, which `make setup` installs.")
    if not with_respondents:
        print("Only the codebook: no answer of anybody is in it. --respondents adds the answers.")
        return
    texts = [variable.column for variable in survey.variables if variable.kind in (CHARACTER, SERIAL)]
    lines = [
        f"WARNING: these files have the answers of {counted(survey.n_rows, 'person').replace('persons', 'people')}, "
        "one row for each. Nothing is withheld in them.",
        "Whoever gets them can recognise people by their age, place and answers. They are for you alone, git ignores",
        "them, and the rules of the survey say who else may have them. Delete them when nobody needs them.",
    ]
    if texts:
        lines.append(f"Ids and texts as people or the council wrote them: {', '.join(texts)}.")
    print(*lines, sep="\n")
