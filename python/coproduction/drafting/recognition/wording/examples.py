"""Compares a question with example wordings of each construct, by the words that it shares with them.

examples.csv has wordings as councils, panels and national surveys use them, most of them about the shipped themes, and
wordings that measure nothing of the paper (a blank construct). The wordings of the codebook are examples, too.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from coproduction.drafting.recognition.words import plain_text, words_of

NO_CONSTRUCT = ""
_FILE = Path(__file__).with_name("examples.csv")
# A word that no example of a construct has counts as if this share of one example had it.
_UNSEEN = 0.1
# The words of a question depend on each other, so they say less together than each would alone.
_DULLED = 2.5
_ENDINGS = ("ations", "ation", "ings", "ing", "ied", "ies", "ers", "ed", "er", "es", "ly", "s")
_SHORTEST_WORD = 3
_SHOWN = 3
_OF_STEM = 0.4


class Example(NamedTuple):
    """A row of examples.csv; a blank construct measures nothing of the paper, a blank theme is any."""

    construct: str
    theme: str
    wording: str


@cache
def example_wordings() -> tuple[Example, ...]:
    """Return the rows of examples.csv."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Example(row["construct_id"], row["theme_id"], row["wording"]) for row in csv.DictReader(file))


def terms_of(text: str) -> frozenset[str]:
    """Return the words of a text without their endings, and the pairs of words that follow each other."""
    words = [_stem(word) for word in words_of(plain_text(text)).split()]
    return frozenset(words) | {f"{first} {second}" for first, second in pairwise(words)}


class Examples:
    """Example wordings by construct, or by theme. One is as likely as its examples have the words of a question.

    This is naive Bayes with equal chances beforehand: for each word, the share of a construct's examples that have it.
    """

    def __init__(self, wordings: Iterable[tuple[str, str]]) -> None:
        self._n_examples: Counter[str] = Counter()
        self._n_with: dict[str, Counter[str]] = defaultdict(Counter)
        for construct, wording in wordings:
            self._n_examples[construct] += 1
            self._n_with[construct].update(terms_of(wording))
        n_times: Counter[str] = Counter()
        for counts in self._n_with.values():
            n_times.update(counts)
        # What only one example says tells nothing about the others.
        self._known = frozenset(term for term, times in n_times.items() if times > 1)

    def chances(self, text: str, constructs: Collection[str], stem: str = "") -> dict[str, float]:
        """Return how likely each of some constructs is; the chances add up to 1, and {} if no word is known.

        The words of ``stem``, which all rows of a grid share, count less than those of the row itself.
        """
        terms = terms_of(text) & self._known
        possible = [construct for construct in constructs if construct in self._n_examples]
        if not terms or not possible:
            return {}
        shared = terms_of(stem)
        weights = {term: _OF_STEM if term in shared else 1.0 for term in terms}
        logs = {
            construct: sum(weight * self._log_share(construct, term) for term, weight in weights.items())
            for construct in possible
        }
        highest = max(logs.values())
        parts = {construct: math.exp((log - highest) / _DULLED) for construct, log in logs.items()}
        total = sum(parts.values())
        return {construct: part / total for construct, part in parts.items()}

    def telling_words(self, text: str, construct: str, others: Collection[str]) -> list[str]:
        """Return the words of a text that speak most for a construct, against those it might be instead."""
        rivals = [other for other in others if other != construct and other in self._n_examples]
        gains = {
            term: self._log_share(construct, term) - max(self._log_share(rival, term) for rival in rivals)
            for term in terms_of(text) & self._known
            if rivals and self._n_with[construct][term]
        }
        best = sorted(gains, key=lambda term: (-gains[term], term))
        return [term for term in best if gains[term] > 0][:_SHOWN]

    def _log_share(self, construct: str, term: str) -> float:
        n_with, n_examples = self._n_with[construct][term], self._n_examples[construct]
        return math.log((n_with + _UNSEEN) / (n_examples + 2 * _UNSEEN))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_WORD:
            return word[: -len(ending)]
    return word
