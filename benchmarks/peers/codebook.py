"""The codebook and the list of exports, as the peers in Python read them: what each printed answer of a column means.

Written without the package `coproduction`, as an analyst would who has the files alone. It knows what the measured
studies use: scales of labels and of numbers, one answer in a cell, shares of items and any of several items. There is
no routing, and there are no weights.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

PLAIN = str.maketrans("’‘ʼ`´‐‑‒–—−“”", "'''''------\"\"")  # noqa: RUF001
Row = dict[str, str]


class Answer(NamedTuple):
    """What a printed answer means; None where it has no such meaning. `group`: the arm, or the group of a breakdown."""

    score: float | None = None
    is_positive: bool | None = None
    is_often: bool | None = None
    group: str | None = None


NO_ANSWER = Answer()


@dataclass(frozen=True)
class Column:
    """A column of an export that the codebook claims."""

    name: str
    construct: str
    role: str
    theme: str
    topic: str
    is_primary: bool
    is_reversed: bool
    scale: Row
    answers: Mapping[str, Answer]
    labels: tuple[str, ...]

    def answer(self, label: str | None) -> Answer:
        """Return the meaning of a cell; Don't Know and a blank have none. Raises KeyError if it is not listed."""
        plain = " ".join((label or "").translate(PLAIN).lower().split())
        if plain in self.answers:
            return self.answers[plain]
        if plain == "":
            return NO_ANSWER
        if self.scale["kind"] not in ("integer", "decimal") or not re.fullmatch(r"-?\d+([.]\d+)?", plain):
            raise KeyError(f"{self.name}: {label}")
        return Answer(float(plain), group=band_of(float(plain), Path(self.scale["folder"])))


@dataclass(frozen=True)
class Measure:
    """A measure of a survey: the columns from whose answers it is computed, for a theme or one of its topics."""

    theme: str
    topic: str
    measure: str
    is_index: bool
    is_outcome: bool
    counts: str
    least_share: float
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Correlate:
    """A question that is correlated with the outcomes of a theme."""

    theme: str
    topic: str
    construct: str
    column: str


@dataclass(frozen=True)
class Export:
    """A file of a council, and the columns that the codebook claims."""

    council: str
    wave: str
    file: Path
    columns: tuple[Column, ...]
    measures: tuple[Measure, ...]
    correlates: tuple[Correlate, ...]
    breakdowns: Mapping[str, str]
    arm: str | None


def read_exports(folder: Path) -> list[Export]:
    """Return the exports of a project."""
    return [_export(folder, row) for row in _rows(folder, "exports")]


def survey(export: Export, measure: Measure) -> dict[str, object]:
    """Return the columns that every result begins with."""
    return {
        "council_id": export.council,
        "wave_id": export.wave,
        "theme_id": measure.theme,
        "topic_id": measure.topic,
    }


def write_results(folder: Path, name: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Write results as a CSV file; the first row has the names of all columns."""
    first, *others = rows
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerows([first, *others])


def band_of(age: float, folder: Path) -> str | None:
    """Return the age band of an age in years."""
    bands = _rows(folder, "age_bands")
    return next((b["age_band"] for b in bands if int(b["minimum_age"]) <= age < int(b["maximum_age"]) + 1), None)


def _export(folder: Path, row: Row) -> Export:
    columns = tuple(_column(folder, q) for q in _rows(folder, "questions") if q["export_id"] == row["export_id"])
    about_person = {b["breakdown_id"]: b["construct_id"] for b in _rows(folder, "breakdowns")}
    by_construct = {c.construct: c.name for c in columns if c.is_primary}
    return Export(
        row["council_id"],
        row["wave_id"],
        folder / "seeds/exports" / f"{row['export_id']}.csv",
        columns,
        tuple(_measures(folder, columns)),
        tuple(_correlates(columns, set(about_person.values()))),
        {b: by_construct[c] for b, c in about_person.items() if c in by_construct},
        by_construct.get("nudge"),
    )


def _column(folder: Path, question: Row) -> Column:
    (scale,) = [s for s in _rows(folder, "scales") if s["scale_id"] == question["scale_id"]]
    listed = [a for a in _rows(folder, "answers") if a["scale_id"] == question["scale_id"]]
    has_often = any(a["is_often"] == "true" for a in listed)
    construct = question["construct_id"]
    breakdowns = [b["breakdown_id"] for b in _rows(folder, "breakdowns") if b["construct_id"] == construct]
    # Some breakdowns list scores, perhaps with a name for several answers; in the others each answer is a group.
    together = [g for g in _rows(folder, "breakdown_groups") if g["breakdown_id"] in breakdowns]
    groups = {float(g["answer_score"]): g["breakdown_value"] for g in together}
    answers = {}
    for row in listed:
        answer = NO_ANSWER
        if row["answer_kind"] == "valid":
            score = float(row["answer_score"]) if row["answer_score"] else None
            if score is not None and question["is_reversed"] == "true":
                score = float(scale["minimum"]) + float(scale["maximum"]) - score
            is_often = row["is_often"] == "true" if has_often else None
            group = (groups[score] or row["answer_name"] if score in groups else None) if groups else row["answer_name"]
            answer = Answer(score, row["is_positive"] == "true", is_often, group)
        answers[" ".join(row["answer_label"].translate(PLAIN).lower().split())] = answer
    (role,) = [c["role"] for c in _rows(folder, "constructs") if c["construct_id"] == construct]
    return Column(
        question["column_name"],
        construct,
        role,
        question["theme_id"],
        question["topic_id"] or "all",
        question["is_primary"] == "true",
        question["is_reversed"] == "true",
        scale | {"folder": str(folder)},
        answers,
        tuple(row["answer_label"] for row in listed if row["answer_label"]),
    )


def _measures(folder: Path, columns: Iterable[Column]) -> Iterable[Measure]:
    for row in _rows(folder, "measures"):
        asked: dict[tuple[str, str], list[str]] = {}
        for column in columns:
            if column.construct == row["construct_id"]:
                for topic in dict.fromkeys((column.topic, "all")):
                    asked.setdefault((column.theme, topic), []).append(column.name)
        for (theme, topic), names in asked.items():
            yield Measure(
                theme,
                topic,
                row["measure_id"],
                row["kind"] == "share_of_items",
                row["is_outcome"] == "true",
                row["counts_answer"],
                float(row["minimum_share_answered"] or 0),
                tuple(names),
            )


def _correlates(columns: Iterable[Column], about_person: set[str]) -> Iterable[Correlate]:
    themes = {column.theme: None for column in columns if column.role == "outcome"}
    for column in columns:
        if column.is_primary and column.role == "correlate" and column.theme:
            yield Correlate(column.theme, column.topic, column.construct, column.name)
        elif column.is_primary and (column.role == "correlate" or column.construct in about_person):
            yield from (Correlate(theme, "all", column.construct, column.name) for theme in themes)


@cache
def _rows(folder: Path, table: str) -> list[Row]:
    with (folder / f"seeds/codebook/{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
