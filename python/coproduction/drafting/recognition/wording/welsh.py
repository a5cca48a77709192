"""Welsh words by what they say, in each form of their first letter: trosedd, drosedd and throsedd are one word.

welsh_words.csv has the words: of each theme, of what people do, of groups, of those who serve, of telling and asking. A
word may be a pattern.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("welsh_words.csv")

# The soft, nasal and aspirate mutations of each first letter.
_MUTATED = {
    "p": ("b", "mh", "ph"),
    "t": ("d", "nh", "th"),
    "c": ("g", "ngh", "ch"),
    "b": ("f", "m"),
    "d": ("dd", "n"),
    "g": ("", "ng"),
    "m": ("f",),
    "ll": ("l",),
    "rh": ("r",),
}
# Letters that are pairs, and pairs that never change.
_PAIRS = ("ll", "rh", "ch", "dd", "ff", "ng", "ph", "th")
_VOWELS = "aeiou\u00e2\u00ea\u00ee\u00f4\u00fb\u0175\u0177wy"


@cache
def welsh(kind: str) -> str:
    """Return a pattern of every form of the words of a kind."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        words = [row["word"] for row in csv.DictReader(file) if row["kind"] == kind]
    return "|".join(dict.fromkeys(form for word in words for form in _forms(word)))


def _forms(word: str) -> list[str]:
    first = next((pair for pair in _PAIRS if word.startswith(pair)), word[:1])
    rest = word[len(first) :]
    forms = [word, *(change + rest for change in _MUTATED.get(first, ()))]
    # A vowel may get an h before it, after her and our.
    return [*forms, f"h{word}"] if word[:1] in _VOWELS else forms
