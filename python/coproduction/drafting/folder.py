"""The draft as files: a folder of CSV that a spreadsheet opens, and that `add` reads when a person has completed it."""

from __future__ import annotations

import csv
import io
import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coproduction.drafting.draft import Draft, DraftRow
from coproduction.drafting.recognition.answers.answer_scales import DraftScale
from coproduction.errors import CoproductionError
from coproduction.files.csv_file import CsvFile
from coproduction.files.file_checks import check_bytes, refusals
from coproduction.files.layout import first_lines
from coproduction.files.plain_files import make_new_folder

QUESTIONS, SCALES, ANSWER_ROWS, SURVEY = "questions", "scales", "answers", "survey"
DRAFT_COLUMNS: dict[str, tuple[str, ...]] = {
    QUESTIONS: (
        "confidence",
        "column_name",
        "question_text",
        "answers",
        "construct_id",
        "theme_id",
        "topic_id",
        "scale_id",
        "is_reversed",
        "is_primary",
        "asked_when_column",
        "asked_when_answers",
        "option",
        "separator",
        "number_format",
        "evidence",
    ),
    SCALES: ("confidence", "scale_id", "scale_name", "kind", "minimum", "maximum", "evidence"),
    ANSWER_ROWS: (
        "scale_id",
        "answer_label",
        "answer_kind",
        "answer_score",
        "is_positive",
        "is_often",
        "answer_name",
    ),
    SURVEY: ("setting", "value", "explanation"),
}
# Other tables of the codebook that a person may add to the folder, with the rows that a survey needs in addition.
MORE_TABLES = ("councils", "themes", "topics", "constructs", "measures", "waves", "row_filters")
CONFIRMED = "checked"
_WORKBOOKS = (".xlsx", ".xls", ".ods")
README = """Open questions.csv in a spreadsheet. The rows are sorted: first the doubtful ones, then the likely ones.

1. Correct what is wrong. A blank construct_id leaves the column out. The allowed ids are in seeds/codebook.
2. Where you have looked at a doubtful or likely row, write `checked` in place of `doubtful` or `likely`.
3. scales.csv and answers.csv have the new scales: the highest score is the best or the most, and is_positive says
   which answers count as taking part. A doubtful scale needs `checked` as well.
4. survey.csv has the column that names the respondents. A council that is new needs councils.csv with its row, or the
   options of `coproduction add`.

A spreadsheet may turn an answer such as 3-5 into a date. If `add` says that it is not in the scale, open the
CSV file again with all columns imported as text.

Then run: coproduction add {named} --codebook {folder} --council COUNCIL --wave WAVE
"""


@dataclass(frozen=True)
class DraftTable:
    """A file of a completed draft: its rows by column, each with its line in the file."""

    name: str
    rows: list[dict[str, str]]
    lines: list[int]


def write_draft(draft: Draft, folder: Path, named: str) -> list[Path]:
    """Write a draft into a new or empty folder. Raises CoproductionError if the folder has files already.

    ``named`` is how the command that adds the survey names its files. A draft says how many gave each answer, also of
    columns that are left out: a new folder is for its owner alone, and git ignores what is in it.
    """
    make_new_folder(folder, "Name a new folder with --into, or delete this one if nobody needs what is in it.")
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    tables = {
        QUESTIONS: [_question(row) for row in draft.by_doubt()],
        SCALES: _scales(draft),
        ANSWER_ROWS: _answers(draft),
        SURVEY: _settings(draft),
    }
    written = [write_csv(folder / f"{name}.csv", DRAFT_COLUMNS[name], rows) for name, rows in tables.items()]
    readme = folder / "README.txt"
    readme.write_text(README.format(named=named, folder=shlex.quote(relative(folder))), encoding="utf-8")
    return [*written, readme]


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Path:
    """Write rows as CSV in UTF-8 with the mark by which Excel knows it, and return the path."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: as_text(value) for name, value in row.items()} for row in rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path


def as_text(value: str) -> str:
    """Return a cell that a spreadsheet does not run as a formula: a text with = + @ first gets a space before it."""
    is_number = value.replace(".", "", 1).lstrip("-").isdigit()
    return f" {value}" if value[:1] in ("=", "+", "@", "-") and not is_number and value != "-" else value


def require_csv(folder: Path) -> None:
    """Raise CoproductionError for a table that a spreadsheet saved as a workbook: nothing would read what is in it."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _WORKBOOKS and path.stem in (*DRAFT_COLUMNS, *MORE_TABLES):
            raise CoproductionError(
                f"{path} is a workbook, and only {path.stem}.csv is read. Save it as {path.stem}.csv (CSV UTF-8) in "
                "the same folder, and delete the workbook."
            )


def read_table(folder: Path, name: str) -> DraftTable | None:
    """Return a file of a draft, whatever separator and encoding a spreadsheet gave it; None if there is none.

    Raises CoproductionError if it cannot be read.
    """
    path = folder / f"{name}.csv"
    if not path.is_file():
        return None
    expected = dict.fromkeys(DRAFT_COLUMNS.get(name, ())[:1], "the draft")
    file = CsvFile(path.name, path.read_bytes(), expected)
    errors = refusals(file)
    if errors and not _lacks_header(file):
        raise CoproductionError(f"{path}: {errors[0].problem}. What to do: {errors[0].remedy}.")
    table = file.converted[0]
    missing = [
        column for column in DRAFT_COLUMNS.get(name, ()) if column not in table.header and column not in _MAY_LACK
    ]
    if missing:
        raise CoproductionError(
            f"{path} has no column {missing[0]}. Its columns have to be: {', '.join(DRAFT_COLUMNS[name])}. Was it "
            "saved from another sheet, or has the first line been deleted?"
        )
    width = len(table.header)
    rows = [
        {name: _as_written(name, cell) for name, cell in zip(table.header, row, strict=False)} for row in table.rows
    ]
    filled = [
        (row, line) for row, line in zip(rows, table.lines, strict=True) if any(row.values()) and len(row) <= width
    ]
    return DraftTable(name, [row for row, _ in filled], [line for _, line in filled])


def _lacks_header(file: CsvFile) -> bool:
    """Return whether a file has text, and none of its first lines has the column that it must have."""
    return not check_bytes(file) and not any(name in line for name in file.expected for line in first_lines(file.text))


def _as_written(column: str, cell: str) -> str:
    """Return a cell as the draft wrote it: a spreadsheet saves true as TRUE."""
    text = cell.strip()
    return text.lower() if column.startswith("is_") and text in ("TRUE", "FALSE", "True", "False") else text


# What a person may delete from a draft without harm.
_MAY_LACK = frozenset(
    {
        "answers",
        "evidence",
        "explanation",
        "question_text",
        "number_format",
        "separator",
        "option",
        "asked_when_column",
        "asked_when_answers",
    }
)


def settings_of(folder: Path) -> dict[str, str]:
    """Return the settings of a draft by name."""
    table = read_table(folder, SURVEY)
    return {row["setting"]: row["value"] for row in table.rows} if table else {}


def relative(path: Path) -> str:
    """Return a path as a user would type it from the current folder."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


def _question(row: DraftRow) -> dict[str, str]:
    return {
        "confidence": row.confidence.word,
        "column_name": row.column,
        "question_text": row.wording,
        "answers": row.answers,
        "construct_id": row.construct,
        "theme_id": row.theme if row.construct else "",
        "topic_id": row.topic if row.construct else "",
        "scale_id": row.scale.scale_id if row.scale and row.construct else "",
        "is_reversed": str(row.is_reversed).lower() if row.construct else "",
        "is_primary": str(row.is_primary).lower() if row.construct else "",
        "asked_when_column": row.asked_when_column,
        "asked_when_answers": row.asked_when_answers,
        "option": row.option,
        "separator": row.separator,
        "number_format": row.number_format,
        "evidence": row.evidence,
    }


def _scales(draft: Draft) -> list[dict[str, str]]:
    scales = sorted(_used_scales(draft), key=lambda scale: scale.confidence)
    return [
        {
            "confidence": scale.confidence.word,
            "scale_id": scale.scale_id,
            "scale_name": scale.name,
            "kind": scale.kind,
            "minimum": scale.minimum,
            "maximum": scale.maximum,
            "evidence": scale.evidence,
        }
        for scale in scales
    ]


def _answers(draft: Draft) -> list[dict[str, str]]:
    return [
        {
            "scale_id": scale.scale_id,
            "answer_label": answer.label,
            "answer_kind": answer.kind,
            "answer_score": answer.score,
            "is_positive": answer.is_positive,
            "is_often": answer.is_often,
            "answer_name": answer.name,
        }
        for scale in sorted(_scales_with_answers(draft), key=lambda scale: scale.confidence)
        for answer in scale.answers
    ]


def _used_scales(draft: Draft) -> list[DraftScale]:
    used = {row.scale.scale_id for row in draft.claimed() if row.scale is not None}
    return [scale for scale_id, scale in draft.new_scales().items() if scale_id in used]


def _scales_with_answers(draft: Draft) -> list[DraftScale]:
    """Return the new scales, and the known ones that get another answer."""
    known = [
        row.scale for row in draft.claimed() if row.scale is not None and not row.scale.is_new and row.scale.answers
    ]
    return [*_used_scales(draft), *{scale.scale_id: scale for scale in known}.values()]


def _settings(draft: Draft) -> list[dict[str, str]]:
    rows = [
        ("file", draft.path, "the file that was drafted"),
        ("tool", draft.tool, "what the file was recognised as"),
        ("respondent_column", draft.respondent_column, "the column that names the respondents; blank if there is none"),
        ("respondent_role", "citizen", "citizen or staff"),
        ("fieldwork_year", "", "the year of the survey, or blank"),
    ]
    settings = [{"setting": name, "value": value, "explanation": text} for name, value, text in rows]
    for name, answers in draft.filters:
        text = f"{name} has {answers}. To use some of these rows, write the answers to keep here, with ; between them"
        settings.append({"setting": f"rows with {name}", "value": "", "explanation": text})
    return settings
