"""The answers of a survey as the project keeps them: the rows that are asked for, without personal columns."""

from __future__ import annotations

import csv
import io

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.adding_surveys.complaints import wanted_rows
from coproduction.drafting.adding_surveys.completed import Completed
from coproduction.drafting.recognition.personal import personal_kind
from coproduction.drafting.recognition.survey_file import SurveyFile


def file_content(survey: SurveyFile, draft: Completed) -> tuple[bytes, int, dict[str, str]]:
    """Return the CSV of a survey, its number of rows, and the columns that are not copied because they are personal."""
    used = {row["column_name"] for row, _ in draft.claimed()} | {
        row.get("asked_when_column", "") for row, _ in draft.claimed()
    }
    used.add(draft.settings.get("respondent_column", ""))
    personal = {
        column.name: kind for column in survey.columns if column.name not in used and (kind := personal_kind(column))
    }
    kept = [column for column in survey.columns if column.name not in personal]
    rows = _rows_to_use(survey, draft)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in kept])
    cells = [[cell if key else "" for cell, key in zip(column.cells, column.keys, strict=True)] for column in kept]
    writer.writerows([of_column[place] for of_column in cells] for place in rows)
    return text.getvalue().encode(), len(rows), personal


def _rows_to_use(survey: SurveyFile, draft: Completed) -> list[int]:
    wanted = {name: set(map(normalise_label, answers)) for name, answers in wanted_rows(draft.settings).items()}
    columns = {column.name: column for column in survey.columns if column.name in wanted}
    return [
        place
        for place in range(survey.n_rows)
        if all(columns[name].keys[place] in answers for name, answers in wanted.items())
    ]


def not_wanted(survey: SurveyFile, draft: Completed) -> dict[str, dict[str, int]]:
    """Return, for each column that divides the rows, how many rows each answer has that is not to be kept."""
    counts: dict[str, dict[str, int]] = {}
    for name, answers in wanted_rows(draft.settings).items():
        column, wanted = survey.column(name), set(map(normalise_label, answers))
        if column is None:
            continue
        others = {label: n for label, n in column.counts.items() if normalise_label(label) not in wanted}
        n_blank = len(column.cells) - len(column.filled)
        counts[name] = others | ({"blank": n_blank} if n_blank else {})
    return {name: others for name, others in counts.items() if others}
