"""A questionnaire of the bench: its questions, invented answers, and the truth about each question.

A file of tests/bench has one row for each question. ``answers`` are printed answers with | between them, and ``truth``
has for each answer its score, with + if it counts as taking part, or the kind of a missing one.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

N_RESPONDENTS = 240
_SHARE_BLANK = 0.03
_FIRST_NAMES = ("Ann", "Bob", "Carys", "Dev", "Ewa", "Femi")
_COMMENTS = (
    "The bins were not emptied for weeks",
    "Thank you for asking us about this",
    "More police on the streets at night please",
    "Nothing to add from me today",
    "I wish the park had more benches",
    "Please cut the hedge by the bus stop",
)


@dataclass(frozen=True)
class Question:
    """One row of a questionnaire; a blank construct says that a careful person would leave it out."""

    name: str
    wording: str
    item: str
    answers: tuple[str, ...]
    shape: str
    asked_when: str
    construct: str
    theme: str
    topic: str
    truth: tuple[str, ...]
    is_reversed: bool

    @property
    def full_wording(self) -> str:
        """The wording with the item of a grid."""
        return f"{self.wording} - {self.item}" if self.item else self.wording


def read_questionnaire(path: Path) -> list[Question]:
    """Return the questions of a file of the bench."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Question(
                row["name"],
                row["wording"],
                row["item"],
                _parts(row["answers"]),
                row["shape"] or "single",
                row["asked_when"],
                row["construct"],
                row["theme"],
                row["topic"],
                _parts(row["truth"]),
                row["reversed"] == "true",
            )
            for row in csv.DictReader(file)
        ]


def invent_answers(questions: Sequence[Question], seed: int) -> dict[str, list[str]]:
    """Return invented answers by question: printed answers, several with | between them, numbers or text."""
    source = random.Random(seed)
    answers: dict[str, list[str]] = {}
    for question in questions:
        weights = [
            source.uniform(0.4, 1.0) * (0.25 if _is_missing(question, place) else 1)
            for place in range(len(question.answers))
        ]
        answers[question.name] = [
            _answer(question, weights, number, source) if _is_asked(question, answers, number) else ""
            for number in range(N_RESPONDENTS)
        ]
    return answers


def _is_missing(question: Question, place: int) -> bool:
    return place < len(question.truth) and question.truth[place][:1].isalpha()


def _is_asked(question: Question, answers: dict[str, list[str]], number: int) -> bool:
    if not question.asked_when:
        return True
    gate, _, wanted = question.asked_when.partition("=")
    return answers[gate][number] in wanted.split("|")


def _answer(question: Question, weights: Sequence[float], number: int, source: random.Random) -> str:
    shape, _, limits = question.shape.partition(":")
    if shape == "id":
        return f"{limits}{1001 + number * 7}"
    if (
        source.random() < _SHARE_BLANK
        and not question.asked_when
        and shape not in ("date", "weight", "duration", "record")
    ):
        return ""
    if shape == "single":
        return source.choices(question.answers, weights)[0]
    if shape == "multi":
        return "|".join(answer for answer in question.answers if source.random() < 0.3)
    return _invented(shape, limits, source)


def _invented(shape: str, limits: str, source: random.Random) -> str:
    if shape == "number":
        low, high = map(int, limits.split("-"))
        return str(source.randint(low, high))
    if shape == "weight":
        return f"{source.uniform(0.4, 2.3):.4f}"
    if shape == "duration":
        return str(source.randint(150, 2400))
    if shape == "date":
        return (
            f"2025-0{source.randint(3, 5)}-{source.randint(10, 28)} 1{source.randint(0, 9)}:0{source.randint(0, 9)}:00"
        )
    if shape == "email":
        return f"{source.choice(_FIRST_NAMES).lower()}{source.randint(1, 999)}@example.org"
    if shape == "name":
        return f"{source.choice(_FIRST_NAMES)} {source.choice(('Jones', 'Okoro', 'Smith', 'Price'))}"
    if shape == "text":
        return source.choice(_COMMENTS) if source.random() < 0.3 else ""
    return limits


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|")) if text else ()
