"""Scales that a draft brings into the codebook: which id they get, and the rows of scales.csv and answers.csv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.tables import COLUMNS
from coproduction.drafting.adding_surveys.codebook_editing import CodebookTable, id_in_codebook
from coproduction.drafting.adding_surveys.completed import Completed
from coproduction.drafting.folder import ANSWER_ROWS, SCALES


def id_of_new_scale(scale_id: str, export_id: str, tables: Mapping[str, CodebookTable], draft: Completed) -> str:
    """Return the id that a scale of the draft gets: one that is free, or that of the same scale.

    When a survey is replaced, another wave may still use a scale that came with it. That wave keeps it as it is.
    """
    name = id_in_codebook(scale_id, export_id)
    for number in count(2):
        meant = {SCALES: _rows_of_scale(draft, SCALES, scale_id, name)}
        meant[ANSWER_ROWS] = _rows_of_scale(draft, ANSWER_ROWS, scale_id, name)
        there = {
            table: [row.values for row in tables[table].records if row.values.get("scale_id") == name]
            for table in meant
        }
        if not there[SCALES] or all(_has_rows(there[table], meant[table]) for table in meant):
            return name
        name = f"{id_in_codebook(scale_id, export_id)}_{number}"
    raise AssertionError("count() does not end")


def _rows_of_scale(draft: Completed, table: str, scale_id: str, name: str) -> list[dict[str, str]]:
    return [
        {column: row.get(column, "") for column in COLUMNS[table]} | {"scale_id": name}
        for row, _ in draft.rows(table)
        if row["scale_id"] == scale_id
    ]


def _has_rows(rows: Sequence[Mapping[str, str]], meant: Sequence[Mapping[str, str]]) -> bool:
    """Whether all rows that are meant are there; another wave may have added answers."""
    there = [{column: cell.strip() for column, cell in row.items() if cell.strip()} for row in rows]
    return all({column: cell for column, cell in row.items() if cell} in there for row in meant)


def add_scale_rows(table: CodebookTable, name: str, draft: Completed, new_ids: Mapping[str, str]) -> None:
    """Add the rows of new scales, and answers that a scale of the codebook does not list yet."""
    kept = {record.values.get("scale_id", "") for record in table.records}
    rows = [
        (row | {"scale_id": new_ids[row["scale_id"]]}, line)
        for row, line in draft.rows(name)
        if row["scale_id"] in new_ids and new_ids[row["scale_id"]] not in kept
    ]
    if name == ANSWER_ROWS:
        used = {row["scale_id"] for row, _ in draft.claimed()} - set(new_ids)
        listed = {_answer_key(record.values) for record in table.records}
        more = [(row, line) for row, line in draft.rows(name) if row["scale_id"] in used]
        rows += [(row, line) for row, line in more if _answer_key(row) not in listed]
    table.add(
        [{column: row.get(column, "") for column in COLUMNS[name]} for row, _ in rows], [line for _, line in rows]
    )


def _answer_key(row: Mapping[str, str]) -> tuple[str, str]:
    return row.get("scale_id", ""), normalise_label(row.get("answer_label", ""))
