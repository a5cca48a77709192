"""Rows of a draft that a person has to confirm before they are added: nothing that is in doubt passes unread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

from coproduction.drafting.adding_surveys.completed import Completed
from coproduction.drafting.folder import ANSWER_ROWS, CONFIRMED, QUESTIONS, SCALES
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY
from coproduction.files.finding import Finding, quoted

# The option of `add` that takes likely rows as they are.
ACCEPT_LIKELY = "--accept-likely"
_PASSED = (CERTAIN.word, CONFIRMED)


def complaints_about_confidence(draft: Completed, accepts_likely: bool) -> Iterator[Finding]:
    """Yield an error for each word in ``confidence`` with which claimed rows and their scales do not pass."""
    passed = (*_PASSED, LIKELY.word) if accepts_likely else _PASSED
    words = dict.fromkeys(row["confidence"].lower() for row, _ in draft.claimed())
    for word in words:
        if word not in passed:
            yield _of_rows(draft, word)
    used = {row["scale_id"] for row, _ in draft.claimed()}
    for row, line in draft.rows(SCALES):
        word = row["confidence"].lower()
        # A likely scale makes each of its rows likely, with the same evidence, so the rows alone are confirmed.
        if row["scale_id"] in used and word not in (*_PASSED, LIKELY.word):
            problem = f"the scale {_says(word)}: {row.get('evidence', '')}".rstrip(": ")
            remedy = f"correct its rows in {ANSWER_ROWS}.csv, and write {CONFIRMED} in place of {_named(word)}"
            yield draft.error(SCALES, problem, remedy, line, "scale_id", row["scale_id"])


def unread_rows(draft: Completed) -> list[str]:
    """Return a line for each row that is likely and that nobody has confirmed: what it is taken for, and why."""
    return _described(draft, LIKELY.word)


def unread_columns(draft: Completed) -> list[str]:
    """Return the columns of these rows, each once."""
    return list(
        dict.fromkeys(row["column_name"] for row, _ in draft.claimed() if row["confidence"].lower() == LIKELY.word)
    )


def _of_rows(draft: Completed, word: str) -> Finding:
    lines = [line for row, line in draft.claimed() if row["confidence"].lower() == word]
    number = "1 row" if len(lines) == 1 else f"{len(lines)} rows"
    remedy = (
        f"look at each: correct it and write {CONFIRMED} in place of {_named(word)} (a spreadsheet fills in many cells "
        "at once), or clear construct_id to leave the column out"
    )
    if word == LIKELY.word:
        remedy += f"; or take them as they are, with {ACCEPT_LIKELY}"
    problem = f"{number} {_says(word, is_one=len(lines) == 1)}, the first in this line"
    return draft.error(QUESTIONS, problem, remedy, lines[0], details=tuple(_described(draft, word)))


def _says(word: str, is_one: bool = True) -> str:
    """Return what confidence says about a row or a scale, as the end of a sentence."""
    if word in (DOUBTFUL.word, LIKELY.word):
        return f"{'is' if is_one else 'are'} still {word}"
    return f"{'has' if is_one else 'have'} {_named(word)} in confidence, which no draft writes"


def _named(word: str) -> str:
    return word if word in (DOUBTFUL.word, LIKELY.word) else quoted(word) if word else "a blank cell"


def _described(draft: Completed, word: str) -> list[str]:
    rows = [(row, line) for row, line in draft.claimed() if row["confidence"].lower() == word]
    return [f"line {line}: {_as_read(row)}" for row, line in rows]


def _as_read(row: Mapping[str, str]) -> str:
    """Return a row in words: `"Q4" (Have you reported a fault?) as individual_activity: likely: "have you"`."""
    column = ", ".join(map(quoted, filter(None, (row["column_name"], row.get("option", "")))))
    wording = row.get("question_text", "")
    asked = f" ({wording})" if wording and wording != row["column_name"] else ""
    theme = f" of {row['theme_id']}" if row["theme_id"] else ""
    parts = row.get("evidence", "").split("; ")
    # The draft writes first what it is not sure of.
    unsure = list(takewhile(lambda part: part.startswith((f"{DOUBTFUL.word}: ", f"{LIKELY.word}: ")), parts))
    evidence = "; ".join(unsure or parts)
    return f"{column}{asked} as {row['construct_id']}{theme}" + (f": {evidence}" if evidence else "")
