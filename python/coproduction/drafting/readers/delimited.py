"""Text files with separators, in the layouts of Qualtrics, SurveyMonkey, LimeSurvey, Forms and KoboToolbox."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.recognition.shapes import stem_of
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.words import plain_text
from coproduction.errors import CoproductionError
from coproduction.files.characters import clean
from coproduction.files.column_checks import check_header_names, check_row_lengths
from coproduction.files.csv_file import CsvFile
from coproduction.files.file_checks import check_bytes, refusals
from coproduction.files.finding import Finding
from coproduction.files.layout import cells_of, first_lines
from coproduction.files.reading import CsvTable

_IMPORT_ID = re.compile(r'^\s*\{\s*"ImportId"\s*:')
_QUALTRICS_RECORDS = frozenset(
    {
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Finished",
        "RecordedDate",
        "RecipientLastName",
        "RecipientFirstName",
        "RecipientEmail",
        "ExternalReference",
        "LocationLatitude",
        "LocationLongitude",
        "DistributionChannel",
        "UserLanguage",
        "Q_RecaptchaScore",
    }
)
_SURVEYMONKEY_RECORDS = frozenset(
    {
        "collector id",
        "start date",
        "end date",
        "date created",
        "date modified",
        "ip address",
        "email address",
        "first name",
        "last name",
        "custom data 1",
        "custom data",
    }
)
# What SurveyMonkey writes below a question with one answer, in at least so many columns.
_RESPONSES = frozenset({"response", "open-ended response"})
_FEWEST_RESPONSES = 3
_LIMESURVEY_RECORDS = frozenset(
    {
        "submitdate",
        "lastpage",
        "startlanguage",
        "seed",
        "startdate",
        "datestamp",
        "refurl",
        "ipaddr",
        "token",
        "date submitted",
        "last page",
        "start language",
        "date started",
        "date last action",
        "referrer url",
    }
)
_FORMS_RECORDS = frozenset(
    {
        "timestamp",
        "start time",
        "completion time",
        "email",
        "name",
        "last modified time",
        "username",
        "email address",
        "total points",
        "quiz feedback",
        "language",
    }
)
# What a name of a column may have: more is a wording, and the column gets a short name.
_LONGEST_NAME = 50
_SUBQUESTION = re.compile(r"^(.*?)\s*\[([^\[\]]+)\]\s*$")


def read_text(path: Path, raw: bytes) -> SurveyFile:
    """Return the columns of a text file. Raises UnknownFileError for one that is no table."""
    table = read_text_table(path, raw)
    return survey_of(path.name, table.header, table.rows)


def read_text_table(path: Path, raw: bytes) -> CsvTable:
    """Return a text file as a table, whatever its separator and encoding. Raises UnknownFileError for no table."""
    file = _with_its_names(CsvFile(path.name, raw, {}))
    errors = refusals(file)
    # Tools leave out names or repeat them; the columns get names here.
    if errors and set(errors) <= set(_errors_of_names(file)):
        errors = list(check_row_lengths(file))
    if errors:
        raise UnknownFileError(f"{path.name}: {errors[0].problem}. What to do: {errors[0].remedy}.")
    return file.converted[0]


def _with_its_names(file: CsvFile) -> CsvFile:
    """Return a file that expects the names in its own header, so that any separator is accepted."""
    if check_bytes(file) and not file.raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return file
    try:
        separator, n_above = file.layout
        names = [clean(name) for name in cells_of(first_lines(file.text)[n_above], separator)]
    except (CoproductionError, IndexError, csv.Error):
        return file
    return CsvFile(file.name, file.raw, dict.fromkeys(filter(None, names[:1]), "the file"))


def _errors_of_names(file: CsvFile) -> list[Finding]:
    try:
        return list(check_header_names(file))
    except (csv.Error, CoproductionError, IndexError):
        return []


def survey_of(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> SurveyFile:
    """Return the columns of a table without what a tool writes around it. Raises UnknownFileError if it is empty."""
    if len(header) < 2 or not rows:
        raise UnknownFileError(
            f"{name} has {len(header)} column(s) and {len(rows)} row(s) of answers. A survey has a column "
            f"for each question "
            "and a row for each respondent. If this is the wrong file or sheet, name the right one."
        )
    names = {normalise_label(cell) for cell in header}
    if any(_IMPORT_ID.match(cell) for cell in rows[0]) or (len(rows) > 1 and any(_IMPORT_ID.match(c) for c in rows[1])):
        return _qualtrics(name, header, rows)
    is_named = bool(names & _SURVEYMONKEY_RECORDS) or normalise_label(header[0]) in ("respondent id", "respondentid")
    if (is_named and _is_surveymonkey(rows[0])) or _says_response(rows):
        return _surveymonkey(name, header, rows)
    if len(names & _LIMESURVEY_RECORDS) >= 2:
        return _limesurvey(name, header, rows)
    if normalise_label(header[0]) == "timestamp" or ({"id", "start time", "completion time"} <= names):
        return _forms(name, header, rows)
    if {"_uuid", "_submission_time"} <= names or "_index" in names:
        return _kobo(name, header, rows)
    return SurveyFile(name, "a table", _plain_columns(header, rows))


def named_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[SurveyColumn]:
    """Return the columns with names for a codebook: a long wording is kept as wording and named by its words."""
    columns: list[SurveyColumn] = []
    taken: set[str] = set()
    for place, text in enumerate(header):
        wording = clean(text)
        is_name = len(wording) <= _LONGEST_NAME and "\n" not in text and not re.match(r"[=+@-]", wording) and wording
        name = wording if is_name else short_name(wording, place)
        number = 2
        while name.lower() in taken:
            name, number = f"{name.rsplit('_', 1)[0] if number > 2 else name}_{number}", number + 1
        taken.add(name.lower())
        says_more = not is_name or " " in wording
        columns.append(SurveyColumn(name, [row[place] for row in rows], wording if says_more else ""))
    return columns


def short_name(wording: str, place: int) -> str:
    """Return a name made of the first and last words of a wording, such as how_often_do_you_litter."""
    words = re.findall(r"[a-z0-9]+", plain_text(wording).lower())
    kept = words if len(words) <= 8 else [*words[:4], *words[-4:]]
    return "_".join(kept)[:_LONGEST_NAME] or f"column_{place + 1}"


def _plain_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[SurveyColumn]:
    return named_columns(header, rows)


def _qualtrics(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> SurveyFile:
    n_extra = 2 if not any(_IMPORT_ID.match(cell) for cell in rows[0]) else 1
    wordings = rows[0] if n_extra == 2 else [""] * len(header)
    columns = named_columns(header, rows[n_extra:])
    for column, wording in zip(columns, wordings, strict=True):
        text = plain_text(wording)
        stem, _, item = text.rpartition(" - ")
        column.wording = re.sub(r" - Selected Choice$", "", text)
        if column.name in _QUALTRICS_RECORDS:
            column.kind = "tool"
        elif column.name == "ResponseId":
            column.kind = "id"
        elif column.name == "Duration (in seconds)":
            column.kind = "duration"
        elif stem and "Selected Choice" in stem:
            column.group, column.box = stem.split(" - Selected Choice")[0], item
    return SurveyFile(name, "a Qualtrics export", columns, [f"{n_extra} rows below the column names explain them."])


def _is_surveymonkey(row: Sequence[str]) -> bool:
    cells = {normalise_label(cell) for cell in row}
    return bool(cells & _RESPONSES) or normalise_label(row[0]) == ""


def _says_response(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row says Response in several columns, and no other row does: names may be changed."""
    words = [{place for place, cell in enumerate(row) if normalise_label(cell) in _RESPONSES} for row in rows]
    return len(words[0]) >= _FEWEST_RESPONSES and not any(words[1:])


def _surveymonkey(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> SurveyFile:
    """SurveyMonkey: the question stands above its first answer only, and the second row has the items or boxes."""
    question, full, boxes = "", [], []
    for text, item in zip(header, rows[0], strict=True):
        question = text if text.strip() and not re.fullmatch(r"Unnamed.*|column_\d+", text) else question
        is_item = normalise_label(item) not in ("", *_RESPONSES)
        full.append(f"{question} - {item}" if is_item else question)
        boxes.append((question, item) if is_item else ("", ""))
    columns = named_columns(full, rows[1:])
    for column, text, (group, box) in zip(columns, full, boxes, strict=True):
        column.wording = plain_text(text)
        column.group, column.box = group, box if box in {cell.strip() for cell in column.cells} else ""
        plain = normalise_label(text)
        column.kind = (
            "tool" if plain in _SURVEYMONKEY_RECORDS else "id" if plain in ("respondent id", "respondentid") else ""
        )
    return SurveyFile(name, "a SurveyMonkey export", columns, ["The row below the column names has the items."])


def _limesurvey(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> SurveyFile:
    """LimeSurvey: names such as Q2[SQ001], or wordings with the item in brackets, or `Q2. Wording`."""
    columns = named_columns(header, rows)
    for column, text in zip(columns, header, strict=True):
        plain = normalise_label(text).rstrip(".")
        if plain in _LIMESURVEY_RECORDS or plain.split(". ")[0] in _LIMESURVEY_RECORDS:
            column.kind = "tool"
        elif plain in ("id", "response id", "id. response id"):
            column.kind = "id"
        elif plain in ("interviewtime", "total time"):
            column.kind = "duration"
        item = _SUBQUESTION.match(text)
        if item:
            column.group = item[1].strip()
            column.wording = f"{plain_text(item[1])} - {item[2]}" if " " in item[1] else column.wording
            column.box = item[2] if " " in item[1] and "=" not in item[2] else ""
    return SurveyFile(name, "a LimeSurvey export", columns)


def _forms(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> SurveyFile:
    """Google and Microsoft Forms: the header has the wordings, with the item of a grid in brackets."""
    columns = named_columns(header, rows)
    for column, text in zip(columns, header, strict=True):
        plain = normalise_label(text)
        column.kind = "tool" if plain in _FORMS_RECORDS else "id" if plain == "id" else ""
        item = _SUBQUESTION.match(clean(text))
        column.wording = f"{plain_text(item[1])} - {item[2]}" if item else plain_text(text)
    tool = "a Google Forms export" if normalise_label(header[0]) == "timestamp" else "a Microsoft Forms export"
    return SurveyFile(name, tool, columns)


def _kobo(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> SurveyFile:
    """KoboToolbox and ODK: columns that begin with an underscore are records; Q/box are tick boxes."""
    columns = named_columns(header, rows)
    for column, text in zip(columns, header, strict=True):
        if text in ("_id", "_uuid"):
            column.kind = "id"
        elif text.startswith("_") or text in ("start", "end", "today", "deviceid", "username"):
            column.kind = "tool"
        question, found, box = text.partition("/")
        if found and box:
            column.group, column.box, column.wording = question, box, f"{question} - {box}"
    return SurveyFile(name, "a KoboToolbox export", columns)


__all__ = ["named_columns", "read_text", "read_text_table", "short_name", "stem_of", "survey_of"]
