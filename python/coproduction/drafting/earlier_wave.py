"""What differs between the draft of a survey and the wave before it: questions that are new, or gone."""

from __future__ import annotations

from collections.abc import Iterable

from coproduction.codebook.tables import CodebookRow
from coproduction.drafting.draft import Draft, DraftRow
from coproduction.drafting.recognition.confidence import LIKELY
from coproduction.drafting.recognition.vocabulary import Vocabulary

_UNREAD = "Likely, and confirmed by nobody:"


def note_of_unread(columns: Iterable[str]) -> str:
    """Return what the notes of an export say about columns whose likely rows were accepted as they were drafted."""
    return f"{_UNREAD} {', '.join(map(_named, columns))}."


def _named(column: str) -> str:
    return f'"{column}"'


def compare_with_earlier(draft: Draft, earlier: str, vocabulary: Vocabulary) -> None:
    """Say in the notes of a draft what the wave before it asked otherwise, and in its rows what may be the same.

    A question in other words is another column, and nothing else would say that the two waves cannot be compared.
    """
    asked = {row["source_column"]: row for row in vocabulary.questions if row["export_id"] == earlier}
    here = {row.column for row in draft.rows}
    gone = {column: row for column, row in asked.items() if column not in here}
    new = list({row.column: row for row in draft.claimed() if row.column not in asked}.values())
    draft.notes.append(f"The columns are those of {earlier}: this may be its next wave.")
    if gone:
        draft.notes.append(f"Asked in {earlier} and not in this file: {', '.join(gone)}.")
    if new:
        draft.notes.append(f"Not asked in {earlier}, or in other words: {', '.join(row.column for row in new)}.")
    for row in new:
        before = next((column for column, question in gone.items() if _is_alike(row, question)), "")
        if before:
            row.because(LIKELY, f"{earlier} asked {before} about the same: is it the same question in other words?")
    notes = "".join(row["notes"] for row in vocabulary.codebook["exports"] if row["export_id"] == earlier)
    unread = notes.partition(_UNREAD)[2]
    for row in draft.claimed():
        if row.column in asked and _named(row.column) in unread:
            row.because(LIKELY, f"{earlier} took it as it was drafted, and nobody confirmed it")


def _is_alike(row: DraftRow, question: CodebookRow) -> bool:
    found = (question["construct_id"], question["theme_id"], question["topic_id"])
    return (row.construct, row.theme, row.topic) == found
