"""The answers of a survey as the project keeps them: the rows asked for, without personal data and free text."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.adding_surveys.complaints import wanted_rows
from coproduction.drafting.adding_surveys.completed import Completed
from coproduction.drafting.adding_surveys.own_words import is_in_own_words
from coproduction.drafting.recognition.personal import personal_kind
from coproduction.drafting.recognition.survey_file import SurveyFile


def columns_not_copied(survey: SurveyFile, draft: Completed, known: Collection[str]) -> dict[str, str]:
    """Return what the columns look like that are not copied, such as `e-mail address` or `free text`, by column.

    They are those that nothing uses and that look like personal data or in which people wrote their own words.
    ``known`` are answers of the codebook in the one spelling of labels.
    """
    used = {row["column_name"] for row, _ in draft.claimed()} | {
        row.get("asked_when_column", "") for row, _ in draft.claimed()
    }
    used.add(draft.settings.get("respondent_column", ""))
    found = {}
    for column in survey.columns:
        kind = None if column.name in used else personal_kind(column)
        if column.name not in used and (kind or is_in_own_words(column, known)):
            found[column.name] = kind or "free text"
    return found


def file_content(survey: SurveyFile, draft: Completed, not_copied: Collection[str]) -> tuple[bytes, int]:
    """Return the CSV of a survey without some columns, and its number of rows."""
    kept = [column for column in survey.columns if column.name not in not_copied]
    rows = _rows_to_use(survey, draft)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in kept])
    cells = [[cell if key else "" for cell, key in zip(column.cells, column.keys, strict=True)] for column in kept]
    writer.writerows([of_column[place] for of_column in cells] for place in rows)
    return text.getvalue().encode(), len(rows)


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
