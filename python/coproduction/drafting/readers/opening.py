"""Opens a file of any survey tool: the kind of a file is recognised by its first bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coproduction.drafting.readers.delimited import read_text
from coproduction.drafting.readers.described_columns import explain
from coproduction.drafting.readers.questionnaire_files import questionnaire_in
from coproduction.drafting.readers.tables_of_words import explain_by_table
from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.recognition.survey_file import SurveyFile

_ZIP, _OLD_OFFICE, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
# What stands before the text of a file.
_MARK = b"\xef\xbb\xbf \r\n\t"
_JSON = "JSON, which has no fixed columns. Export the answers of the survey as CSV or .xlsx."
# Files that no reader understands, by their first bytes, and the way out.
_NOT_READ = {
    b"%PDF": "a PDF, which has no table of answers. Export the answers as CSV or .xlsx.",
    **dict.fromkeys((b'{"', b"{\n", b"{\r", b"[{", b"[\n", b"[\r"), _JSON),
    b"<html": "a web page, whatever its name says. Open it in a spreadsheet and save it as .xlsx.",
    b"<!DOCTYPE": "a web page, whatever its name says. Open it in a spreadsheet and save it as .xlsx.",
    b"\x1f\x8b": "compressed with gzip, as files of R are. Unpack it, or write CSV or .sav (haven::write_sav in R).",
    b"RDX": "a file of R. Write it as CSV or .sav (haven::write_sav in R).",
    b"\0" * 12 + b"\xc2\xea\x81\x60": "a file of SAS. Export it as CSV or .sav.",
    b"HEADER RECORD": "a transport file of SAS. Export it as CSV or .sav.",
}
_FIRST_BYTES = 2_000


def read_survey(paths: Sequence[Path], sheet: str = "") -> SurveyFile:
    """Return the survey in some files: one with the answers, and perhaps one with wordings or the meaning of codes.

    ``sheet`` chooses the sheet of a workbook. Raises UnknownFileError, which says what to do.
    """
    questionnaires = {path: found for path in paths if (found := questionnaire_in(path)) is not None}
    answers = [path for path in paths if path not in questionnaires]
    if not answers:
        raise UnknownFileError(
            f"{paths[0].name} has the questions and nobody's answers. Name the file of answers first: coproduction "
            f"draft ANSWERS {paths[0].name}"
        )
    if sheet and not any(map(_is_workbook, answers)):
        raise UnknownFileError(
            f"{answers[0].name} is no workbook, and --sheet names a sheet of one. Leave --sheet out."
        )
    survey = _read_answers(answers, sheet)
    for path, questionnaire in questionnaires.items():
        if not explain(survey, questionnaire):
            names = ", ".join(list(questionnaire.columns)[:3])
            raise UnknownFileError(
                f"{path.name} is of another survey: it has questions such as {names}, and {survey.path} has columns "
                f"such as {', '.join(column.name for column in survey.columns[:3])}. Name the questionnaire of this "
                "survey, or export the answers with the names of the questions and not with their wordings."
            )
    return survey


def _read_answers(paths: Sequence[Path], sheet: str) -> SurveyFile:
    definitions = [path for path in paths if _is_triple_s(path)]
    surveys = [_read_one(path, sheet, paths) for path in definitions or paths]
    surveys.sort(key=lambda survey: -survey.n_rows * len(survey.columns))
    survey = surveys[0]
    for other in surveys[1:]:
        if not explain_by_table(survey, other):
            raise UnknownFileError(
                f"{other.path} does not explain the columns of {survey.path}. A second file has one row "
                f"for each question "
                "(its column and its wording), or one for each code (column, code, label). Draft files of "
                "answers one by one."
            )
    return survey


def _is_workbook(path: Path) -> bool:
    """Return whether a file may have sheets; one that cannot be opened may, so that the message is about that."""
    try:
        with path.open("rb") as file:
            return file.read(len(_OLD_OFFICE)).startswith((_ZIP, _OLD_OFFICE))
    except OSError:
        return True


def _is_triple_s(path: Path) -> bool:
    """Return whether a file is the definition of Triple-S data, which the reader finds by itself."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return b"<sss" in file.read(_FIRST_BYTES)
    except OSError:
        return False


def bytes_of_file(path: Path) -> bytes:
    """Return the bytes of a file that a user names. Raises UnknownFileError if there is none that can be read."""
    if path.is_dir():
        raise UnknownFileError(f"{path} is a folder. Name the file in it.")
    if path.exists() and not path.is_file():
        # To read a pipe would be to wait for whoever writes into it, and a device may never end.
        raise UnknownFileError(f"{path} is no file. Name the file of the survey tool.")
    try:
        path.name.encode("utf-8")
        return path.read_bytes()
    except UnicodeEncodeError as reason:
        shown = path.name.encode("utf-8", "backslashreplace").decode()
        raise UnknownFileError(f"The name {shown} is not in UTF-8. Rename the file.") from reason
    except OSError as reason:
        raise UnknownFileError(
            f"{path} cannot be opened: {reason.strerror}. See whether the name is right and you may read it."
        ) from reason


def _read_one(path: Path, sheet: str, paths: Sequence[Path]) -> SurveyFile:
    raw = bytes_of_file(path)
    if not raw.strip():
        raise UnknownFileError(f"{path.name} is empty. Save or download it again.")
    if raw.startswith((_ZIP, _OLD_OFFICE)):
        from coproduction.drafting.readers.workbook_reader import read_workbook

        return read_workbook(path, sheet)
    if (
        raw.startswith((b"$FL2", b"$FL3"))
        or raw.startswith((b"<stata_dta>",))
        or (raw[:1] in b"qrstu" and raw[1:2] in b"\x01\x02")
    ):
        from coproduction.drafting.readers.statistics_files import read_statistics_file

        return read_statistics_file(path, raw)
    if raw.startswith(_PARQUET):
        from coproduction.drafting.readers.parquet_reader import read_parquet

        return read_parquet(path)
    unread = next((words for mark, words in _NOT_READ.items() if raw.lstrip(_MARK).startswith(mark)), None)
    if unread:
        raise UnknownFileError(f"{path.name} is {unread}")
    if b"<sss" in raw[:_FIRST_BYTES]:
        from coproduction.drafting.readers.triple_s import read_triple_s

        return read_triple_s(path, raw, paths)
    return read_text(path, raw)
