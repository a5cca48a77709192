"""Answers about the person: gender, age bands, ethnic group, qualifications and the arm of an experiment."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from coproduction.drafting.recognition.answers.printed_answers import bare

T = TypeVar("T")
# Score and standard name of an answer, as the codebook's own scales have them.
Reading = tuple[str, str]

_GENDERS: tuple[tuple[str, Reading], ...] = (
    (r"(a )?((cis|trans)(gender)? )?(male|man|m|boy|gwryw|gwrywaidd|d?dyn)( \(.*\))?", ("1", "Male")),
    (r"x", ("", "")),
    (r"(a )?((cis|trans)(gender)? )?(female|woman|f|girl|benyw|benywaidd|[mf]enyw|dynes)( \(.*\))?", ("2", "Female")),
    (
        r".*(self.?describe|non.?binary|another|in (an)?other|other|different|transgender|genderqueer|arall|anneuaidd|third|something else|intersex|not listed).*",
        ("", ""),
    ),
    (r".*\b(female|woman|women)\b.*", ("2", "Female")),
    (r".*\b(male|man|men)\b.*", ("1", "Male")),
)
# From this many answers on, one may have a name that is not known, such as Not listed.
_WITH_ANOTHER = 3
_ETHNIC: tuple[tuple[str, Reading], ...] = (
    (r"(non|not)[- ]?white.*", ("1", "Other")),
    (r".*\b(mixed|multiple|multi ?racial|biracial|two or more|cymysg)\b.*", ("1", "Mixed")),
    (
        r"(?!.*\b(asian|black|african|caribbean|chinese|indian)\b).*\b(white|caucasian|gwyn|british|english|irish|welsh|scottish)\b.*",
        ("0", "White"),
    ),
    (
        r"(?!.*\b(american|native) indian\b).*\b(asian|indian|pakistani|bangladeshi|chinese|asiaidd)\b.*",
        ("1", "Asian or Asian British"),
    ),
    (r".*\b(black|african|caribbean|du)\b.*", ("1", "Black or Black British")),
    (
        r".*\b(other|another|different|bame|bme|minority|minorities|people of colou?r|global majority|arab|hispanic|latino|gypsy|traveller|any|arall|native|islander|american indian|eskimo|else|not listed|none of these)\b.*",
        ("1", "Other"),
    ),
)
_ETHNIC_SIGN = re.compile(
    r"\b(white|bame|bme|multi ?racial|asian|black|african|caribbean|mixed|gwyn|cymysg|asiaidd|du|hispanic|ethnic)\b"
)
_GROUP_IN_WORDS = re.compile(
    r"\b(white|caucasian|gwyn|mixed|multiple|multi ?racial|biracial|two or more|cymysg|asian|indian|pakistani|bangladeshi|"
    r"chinese|asiaidd|black|african|caribbean|du|other|another|different|bame|bme|minority|minorities|"
    r"people of colou?r|global majority|arall|else|not listed|none of these)\b"
)
_EDUCATION = re.compile(
    r"degree|a.?level|gcse|o.?level|nvq|qualification|apprentice|bachelor|master|phd|diploma|btec|hnc|hnd|secondary|"
    r"high school|college|university|postgraduate|graduate|foundation|level [1-8]|gradd|cymhwyst|cymwyst|lefel|tgau|left school|still (studying|in it|at school)|primary school|school certificate|highers?\b|phd|doctorate"
)
_BAND = re.compile(
    r"(?:age[ds]? )?(?:(\d{1,2})\s*(?:-|to|i|years to)\s*(\d{1,3})|(?:under|below|less than|dan|up to) (\d{2})|(\d{2}) (?:years )?(?:and|or) (?:under|younger|less|below)|"
    r"(?:over |above )?(\d{2})\s*(?:\+|plus|(?:years )?(?:and|or|&) (?:over|above|older|more)|(?:years )?(?:neu|a) .*|or more)|"
    r"(?:over|above|dros) (\d{2})|(?:teens (?:or|and) )?(\d0)s|(teens?|teenagers?))(?: ?years?(?: old)?| oed)?"
)
_BIRTH = re.compile(
    r"(?:(before|up to) )?((?:19|20)\d\d)(?:\s*(?:-|to)\s*(?:19|20)\d\d)?( (?:and|or) (?:later|earlier|before|after))?"
)
_DECADE_AND_MORE = re.compile(r"^(\d0)s (?:or|and) (?:more|over|older|above|beyond)$")
# Words of a version that is not the standard one need a person to say which arm it is.
_STANDARD = re.compile(r"(no|none|standard|plain|usual|ordinary|control|without|basic)\b.*")
_FEWEST_BIRTH_BANDS, _EARLIER = 3, (" or earlier", " and earlier", " or before", " and before")
_MOST_ARMS = 9
_ARMS: tuple[tuple[str, str], ...] = (
    (r"(.*\b(a and b|a & b|both|a\+b|ab|1 and 2|a b)\b.*)", "both"),
    (
        r"(control|standard|none|no nudge|no message|plain|neutral|business as usual|baseline|0)( (group|version|arm))?",
        "none",
    ),
    (r"((nudge|version|arm|group|message|treatment|letter)[ _]?)?(a|1)", "a"),
    (r"((nudge|version|arm|group|message|treatment|letter)[ _]?)?(b|2)", "b"),
)


def read_gender(labels: Sequence[str]) -> list[Reading] | None:
    """Return score and name of each answer if male and female are among them, and at most one is not known."""
    found = [_first(_GENDERS, label) for label in labels]
    scores = [reading[0] for reading in found if reading]
    # Beside both Male and Female, any other answer is another gender.
    n_unread = found.count(None)
    if len({score for score in scores if score}) < min(2, len(labels)) or n_unread > (len(labels) >= _WITH_ANOTHER):
        return None
    return [reading or ("", label) for reading, label in zip(found, labels, strict=True)]


def read_ethnicity(labels: Sequence[str]) -> list[Reading] | None:
    """Return 0 for White and 1 for every other ethnic group; None if too few answers name one."""
    n_signs = sum(bool(_ETHNIC_SIGN.search(bare(label))) for label in labels)
    if n_signs < 3 and 2 * n_signs < len(labels):
        return None
    return _all(labels, lambda label: _first(_ETHNIC, label))


def read_education(labels: Sequence[str]) -> list[Reading] | None:
    """Return the answers as names if most of them are qualifications."""
    n_signs = sum(bool(_EDUCATION.search(bare(label))) for label in labels)
    return [("", label) for label in labels] if n_signs >= 3 and 2 * n_signs > len(labels) else None


def read_age_bands(labels: Sequence[str], bands: Sequence[str]) -> list[Reading] | None:
    """Return the rank and name of each band of ages. ``bands`` are the codebook's own, whose names are preferred."""
    ages = _all(labels, _band)
    if not ages or len(set(ages)) < 2 or min(low for low, _ in ages) > 40 or max(high for _, high in ages) > 130:
        return None
    ranks = {low: rank for rank, low in enumerate(sorted({low for low, _ in ages}), start=1)}
    by_start = {re.split(r"[-+]", band)[0]: band for band in bands}
    return [(str(ranks[low]), _name_of_band(low, high, by_start)) for low, high in ages]


def read_birth_bands(labels: Sequence[str]) -> list[Reading] | None:
    """Return the rank and name of each band of years of birth, the earliest with the highest rank."""
    found = _all(labels, lambda label: _BIRTH.fullmatch(bare(label)))
    if not found or len(found) < _FEWEST_BIRTH_BANDS:
        return None
    starts = [0 if band[1] or band[3] in _EARLIER else int(band[2]) for band in found]
    ranks = {start: rank for rank, start in enumerate(sorted(set(starts), reverse=True), start=1)}
    return [(str(ranks[start]), f"born {bare(label)}") for start, label in zip(starts, labels, strict=True)]


def read_arms(labels: Sequence[str]) -> list[Reading] | None:
    """Return the arm of an experiment that each answer names; None if one names none, or two the same."""
    found = _all(labels, lambda label: next((arm for form, arm in _ARMS if re.fullmatch(form, bare(label))), None))
    return [("", arm) for arm in found] if found and len(set(found)) == len(found) > 1 else None


def read_named_arms(labels: Sequence[str]) -> list[Reading] | None:
    """Return the printed names of the versions as arms, `none` for one that is plainly the standard wording."""
    if not 2 <= len(labels) <= _MOST_ARMS:
        return None
    standard = [label for label in labels if _STANDARD.fullmatch(bare(label))]
    return [("", "none" if [label] == standard else label) for label in labels]


def says_itself(construct: str, label: str) -> bool:
    """Return whether an answer says in its own words which gender or ethnic group it counts as.

    `Welsh` is taken as White, and `Hispanic` as another ethnic group than White: neither says so.
    """
    if construct == "gender":
        return any(re.fullmatch(form, bare(label)) for form, _ in _GENDERS)
    return construct != "ethnicity" or bool(_GROUP_IN_WORDS.search(bare(label)))


def _first(readings: tuple[tuple[str, Reading], ...], label: str) -> Reading | None:
    found = next((reading for form, reading in readings if re.fullmatch(form, bare(label))), None)
    return (found[0], found[1] or label) if found else None


def _all(labels: Sequence[str], read: Callable[[str], T | None]) -> list[T] | None:
    """Return what each label is read as; None if one cannot be read, or there is none."""
    found: list[T] = []
    for label in labels:
        reading = read(label)
        if reading is None:
            return None
        found.append(reading)
    return found or None


def _band(label: str) -> tuple[int, int] | None:
    found = _BAND.fullmatch(_DECADE_AND_MORE.sub(r"\1+", bare(label)))
    if not found:
        return None
    low, high, under, at_most, from_, over, decade, teens = found.groups()
    if teens:
        return 13, 19
    if decade:
        return int(decade), int(decade) + 9
    if low:
        return int(low), int(high)
    if under or at_most:
        return 0, int(under or at_most) - bool(under)
    return (int(from_), 120) if from_ else (int(over) + 1, 120)


def _name_of_band(low: int, high: int, by_start: dict[str, str]) -> str:
    band = by_start.get(str(low), "")
    if band.endswith(f"-{high}") or (band.endswith("+") and high == 120):
        return band
    return f"{low}+" if high == 120 else f"{low}-{high}" if low else f"under {high + 1}"
