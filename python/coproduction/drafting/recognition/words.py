"""The words of a wording or of a column's name, without marks, for comparing and searching."""

from __future__ import annotations

import difflib
import html
import re
from collections import Counter

from coproduction.codebook.labels import normalise_label

# Below this, two wordings are not compared further.
LEAST_ALIKE = 0.7
_TAG = re.compile(r"<[^<>]{1,200}>")
_PIPED = re.compile(r"\$\{[^}]*\}|\[(insert|pipe)[^\]]*\]", re.IGNORECASE)
_CASES = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])")
# What Welsh adds to a word: chi'n, o'r, i'w.
_WELSH_ADDED = re.compile(r"(?<=\w)['\u2019](n|r|w|u|i|ch|th)\b")
_NO_WORD = re.compile(r"[^\w']+|_")
# Numbers of questions, which say nothing about what a question asks.
_SHOWN_CARD = re.compile(r"^\s*show ?card [a-z0-9]{1,3}\s*[.:)-]+\s*", re.IGNORECASE)
_NUMBER_OF_A_QUESTION = re.compile(
    r"^\s*[\[(]?(?:(?:q(?:uestion)?\s?|[a-z]{1,2})?[0-9]{1,3}[a-z]?(?:_[0-9]{1,2})?[.):\]]+\s*|(?-i:[A-Z]{1,2}[0-9]{1,2}[a-z]? (?=[A-Z])))",
    re.IGNORECASE,
)

# What a questionnaire tells the interviewer in capitals, and the respondent in brackets.
_INSTRUCTION = re.compile(
    r"\b(?:READ OUT|(?:SINGLE|MULTI|MULTIPLE) ?CODE|CODE (?:ALL|ONE)(?: [A-Z]+)*|ASK ALL|DO NOT READ(?: [A-Z]+)*)\b[.:;]?"
    r"|[(\[](?i:please )?(?i:tick|select|choose|mark|circle|check) [^)\]]*[)\]]|(?<=[\w?.]) \*+$"
)

_SHORT = {
    "w/": "with ", "n'hood": "neighbourhood", "b/c": "because ", "w": "with", "wd": "would", "cd": "could", "shd": "should", "ppl": "people", "tog": "together", "envt": "environment",
    "nbr": "neighbour", "nbrs": "neighbours", "neighbor": "neighbour", "neighbors": "neighbours", "nhood": "neighbourhood", "neighborhood": "neighbourhood",
    "re": "about", "hrs": "hours", "mth": "month", "mths": "months", "yr": "year", "yrs": "years", "wk": "week", "wks": "weeks", "cncl": "council", "govt": "government",
    "nowt": "nothing", "owt": "anything", "summat": "something", "whats": "what's", "folk": "people", "folks": "people", "mtg": "meeting", "mtgs": "meetings", "vols": "volunteers",
    "orgs": "organisations", "asb": "anti social behaviour", "satis": "satisfied", "comm": "community", "svcs": "services", "dept": "department", "lhb": "health board",
}  # fmt: skip
_LETTER_SHORT = re.compile(r"\b(w/|n'hood|b/c)(?=[^a-z]|$|(?<=/)[a-z])")
_LIKES_OF = re.compile(r"\bthe likes of\b")


def plain_text(text: str) -> str:
    """Return a wording without HTML, piped text and the number of its question."""
    text = _INSTRUCTION.sub(" ", _PIPED.sub(" ", _TAG.sub(" ", html.unescape(text))))
    return " ".join(_SHOWN_CARD.sub("", _NUMBER_OF_A_QUESTION.sub("", text)).split())


def words_of(text: str) -> str:
    """Return the words of a text in small letters, one space around each: ' how safe is your street '.

    What clerks shorten is written out, and a few ways to say the same become one.
    """
    words = _NO_WORD.sub(
        " ", _LETTER_SHORT.sub(lambda found: _SHORT[found[0]], _WELSH_ADDED.sub(" ", normalise_label(text)))
    ).split()
    told = " ".join(_SHORT.get(word, word) for word in words)
    return f" {_LIKES_OF.sub('people like', told)} "


def words_of_name(name: str) -> str:
    """Return the words of a column's name, which end where capitals begin: SafeB_response is ' safe b response '."""
    return words_of(_CASES.sub(" ", name))


def prefix_of(name: str) -> str:
    """Return what a column's name shares with its neighbours in a grid: Q5 for Q5_2, Q12 for Q12a, '' if nothing."""
    found = re.fullmatch(
        r"(.*?[0-9A-Za-z])(?:[_.\-\s\[(]+([0-9]{1,3}|[a-z]|SQ[0-9]+)|[0-9]{1,3}|(?<=[0-9])[a-z])[\])]?", name
    )
    return found[1] if found and len(found[1]) > 1 else ""


def likeness(words: str, others: str) -> float:
    """Return how alike two wordings are, from 0 to 1, by the words that stand in the same order."""
    first, second = words.split(), others.split()
    if not first or not second:
        return 0.0
    # The words in common limit how alike the wordings can be, and are counted much faster.
    n_common = sum((Counter(first) & Counter(second)).values())
    if 2 * n_common < LEAST_ALIKE * (len(first) + len(second)):
        return 0.0
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()
