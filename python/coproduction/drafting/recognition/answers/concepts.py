"""What a list of answers is about, such as satisfaction or how often, and the place of each between two ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.recognition.answers.meanings import BAD_IF_HIGH, HOW, meanings_of

# Concepts whose answers say that people do something, so that some of them count as taking part.
COUNTED = frozenset({"frequency", "yes_no", "time", "tick"})
# An answer such as Neither fits every concept with two ends.
BOTH_ENDS = "any"
# Words of these may stand in one list, such as Spotless, Pretty tidy and A disgrace.
_VERDICTS = frozenset(
    {"quality", "cleanliness", "satisfaction", "safety", "problem", "worry", "ease", "effectiveness", "usefulness"}
)
_DEGREES = frozenset({BOTH_ENDS, "amount", "frequency", "agreement", "yes_no", "likelihood"})
# Yes and No beside names of things are no scale.
_GRADED = frozenset({BOTH_ENDS, "amount", "frequency", "agreement"})
# Where a frequency stands between nothing and everything: less than this often in a year, and the place.
_OFTEN_AS = ((0.01, -2.3), (1.1, -1.5), (5.0, -1.1), (9.0, 0.3), (30.0, 0.7), (60.0, 1.0), (220.0, 1.6), (400.0, 1.9))
_MIDDLE_AMOUNT, _OF_AMOUNT = 2.75, 0.8
# With fewer places between yes and no, an answer is yes or no.
_FEWEST_DEGREES = 3
_HOURS = re.compile(r"hour|hr|minute|half|awr|oriau|munud|time|amser")


def concept_of(labels: Sequence[str]) -> str:
    """Return what all the labels are about, '' if they have no common concept.

    An answer that fits any two ends, such as Neither, counts for every concept.
    """
    readings = [{meaning.concept for meaning in meanings_of(label)} for label in labels]
    if len(readings) < 2 or not all(readings):
        return ""
    named = [concept for reading in readings for concept in reading if concept != BOTH_ENDS]
    if not named:
        return "extent"
    # Of several concepts that fit, the one that most labels name; a frequency before an amount such as "a lot". Days
    # without an hour are how often, and not how long.
    are_days = not any(_HOURS.search(label.lower()) for label in labels) and any(
        "day" in label.lower() for label in labels
    )
    order = ("frequency", "time", "yes_no") if are_days else ("time", "frequency", "yes_no")
    candidates = sorted(
        set(named),
        key=lambda concept: (-named.count(concept), -_n_places(labels, concept), _rank(concept, order), concept),
    )
    fits = (
        concept
        for concept in candidates
        if (named.count(concept) > 1 or len(labels) < 4)
        and all(concept in reading or (BOTH_ENDS in reading and concept not in COUNTED) for reading in readings)
    )
    is_bare = all(BOTH_ENDS in reading for reading in readings)
    concept = next(fits, "extent" if is_bare else _verdict(readings) or _mixed(readings))
    n_places = _n_places(labels, BOTH_ENDS)
    if is_bare and concept in COUNTED and n_places >= max(_FEWEST_DEGREES, _n_places(labels, concept)):
        # "Yes, strongly" and "yes, to some extent" say more than yes.
        concept = "extent"
    return "extent" if concept.startswith(HOW) else concept


def _verdict(readings: Sequence[set[str]]) -> str:
    """Return what most answers are about if all say how good or bad something is, in words of several concepts."""
    told = [concept for reading in readings for concept in sorted(reading & _VERDICTS)]
    is_whole = all(reading & (_VERDICTS | {BOTH_ENDS}) for reading in readings)
    return max(dict.fromkeys(told), key=told.count) if is_whole and len(told) > 1 else ""


def _mixed(readings: Sequence[set[str]]) -> str:
    """Return `extent` if every answer can be placed between much and nothing, in words of several kinds."""
    is_whole = all(reading & (_VERDICTS | _DEGREES) for reading in readings)
    return "extent" if is_whole and any(reading & _GRADED for reading in readings) else ""


def _place_between(found: dict[str, float]) -> float:
    """Return the place of an answer between nothing and everything, whatever it is about."""
    if "amount" in found:
        return 1.15 * (found["amount"] - _MIDDLE_AMOUNT)
    if "frequency" in found:
        return next((place for most, place in _OFTEN_AS if found["frequency"] < most), 2.4)
    if "yes_no" in found:
        return 2.0 if found["yes_no"] else -2.0
    name = next(iter(found), "")
    return -found[name] if name in BAD_IF_HIGH else found.get(name, 0.0)


def _n_places(labels: Sequence[str], concept: str) -> int:
    """Return how many answers a concept tells apart."""
    places = {meaning.place for label in labels for meaning in meanings_of(label) if meaning.concept == concept}
    return len(places)


def _rank(concept: str, order: Sequence[str]) -> int:
    return order.index(concept) if concept in order else len(order)


def place_of(label: str, concept: str) -> float:
    """Return the place of a label between the ends of a concept that it has."""
    found = {meaning.concept: meaning.place for meaning in meanings_of(label)}
    if concept == "extent":
        how = (place for name, place in found.items() if name.startswith(HOW))
        return next(how, found.get(BOTH_ENDS, _place_between(found)))
    if concept == "amount" and concept not in found:
        # The ends of an amount are 1 and 5.
        return _MIDDLE_AMOUNT + _OF_AMOUNT * found.get(BOTH_ENDS, 0.0)
    if concept not in found and concept in _VERDICTS:
        other = next((name for name in found if name in _VERDICTS), "")
        if other:
            return -found[other] if (other in BAD_IF_HIGH) != (concept in BAD_IF_HIGH) else found[other]
    return found.get(concept, found.get(BOTH_ENDS, 0.0))


_WELSH = frozenset(
    {"yn", "iawn", "byth", "weithiau", "cytuno", "anghytuno", "eithaf", "bodlon", "fodlon", "da", "dim", "gryf", "neu",
     "mis", "wythnos", "gwael", "anaml", "erioed", "nac", "ddim"}
)  # fmt: skip


def looks_welsh(label: str) -> bool:
    """Return whether an answer has a word that Welsh answers often have."""
    return bool(set(normalise_label(label).replace("'", " ").split()) & _WELSH)
