"""Printed answers without codes and emoji, and those that say nothing, such as Don't know."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from coproduction.codebook.labels import normalise_label

VALID = "valid"
# Emoji, the older signs that became some, and what joins and colours them.
_PICTURES = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")
# What clerks and space on a form shorten.
_SHORT = {
    "dk": "don't know", "d/k": "don't know", "dk/ns": "don't know", "dk/na": "don't know", "pns": "prefer not to say", "pnts": "prefer not to say", "pnta": "prefer not to answer",
    "wns": "would not say", "ref": "refused", "smtimes": "sometimes", "s/times": "sometimes", "occ": "occasionally", "wkly": "weekly",
    "mthly": "monthly", "qtrly": "quarterly", "yrly": "yearly", "hrs": "hours", "hr": "hour", "mins": "minutes", "wk": "week", "wks": "weeks", "mth": "month", "mths": "months",
    "yr": "year", "yrs": "years", "v": "very", "vg": "very good", "vp": "very poor",
}  # fmt: skip
# Codes around the words: "1. Never", "[1] never", "a) Never", "Never (1)", "Never = 1".
_CODE_BEFORE = re.compile(
    r"^(?:(?:code )?[\[(]?-?\d{1,3}[\])]?\s*[-=:.)\]]|[\[(]?[a-z][.)\]](?! ?[a-z][.)]))\s*(?=[^\d\s])(?![a-z]\b\.)"
)
_CODE_AFTER = re.compile(r"(?<=[a-z%'])\s*(?:[\[(]\s*-?\d{1,3}\s*[\])]|=\s*-?\d{1,3}|\s-\s\d{1,3})$")
# What tells the respondent or the interviewer what to do next.
_INSTRUCTION = re.compile(
    r"\s*(?:[\[(](?:please|go to|skip to|specify|not read|do not read|don't read|spontaneous|write in)[^)\]]*[\])]"
    r"|(?:- ?)?(?:>|please)? ?\b(?:go|skip) to (?:q|question|section|page|end)[ \w.]*)$"
)
# What nobody reads out: "(Don't know)".
_IN_BRACKETS = re.compile(r"[\[(]([^()\[\]]*[^\W\d][^()\[\]]*)[\])]")
# "No experience / can't say" and "don't know or not applicable" name two.
_PARTS = re.compile(r"(?<=\w\w) ?/ ?(?=\w\w)| or |, ")
_BULLETS = " .:;!*\u2022\u00b7\u25e6\u25aa"
_CUT_NOT = re.compile(r"(?<=[a-z])n t\b")
_SHORT_WORD = re.compile(
    r"\b(" + "|".join(re.escape(word) for word in sorted(_SHORT, key=len, reverse=True)) + r")\b(?!')"
)

_MISSING = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            "dont_know",
            r"(i )?(don'?t|do not) (really )?know\b.*|(i'?m |i am )?(not (really )?sure|unsure|uncertain)\b(?! (either|one) way).*|dk|d/k|n/k|not known|unknown|"
            r"(i )?(can'?t|cannot|couldn'?t|could not|unable to|hard to|difficult to|impossible to) (really )?(say|tell|judge|remember|recall|comment|rate)\b.*|"
            r"(i )?(have |have got )?no (real )?(opinion|view|idea|clue)\b(?! (either|one) way).*|(don'?t|do not) have (an? |enough )?(opinion|view|information)\b.*|"
            r"(i )?((have )?never|(have not|haven'?t)) (really )?(noticed|thought|heard)\b.*|(i )?(can'?t|cannot|couldn'?t|unable to) (choose|answer|decide|think)\b.*|"
            r"(haven'?t|have not|not) (enough (information|experience)|thought about (it|this))\b.*|(i )?(have )?no (particular )?(feelings?|idea)\b(?! (either|one) way).*|"
            r"(i )?(don'?t|do not|can'?t|cannot) (remember|recall|say)|ddim yn (cofio|gallu dweud|siw?r)\b.*|methu (dweud|cofio|ateb)\b.*|(dwi )?ddim yn gwybod\b.*|ddim yn si[w\u0175]r\b.*|(dim|heb) (barn|farn)\b(?! y naill).*|(dim|heb) syniad\b.*|wn i ddim",
        ),
        (
            "refused",
            r"(i('d| would)? )?(would )?(prefer|rather|choose) not\b.*|(i )?((would|will|could|do|did)( not|n'?t)|won'?t|not willing to) (like to |want to |wish to )?(say|answer|state|tell|disclose|give)\b( an answer| one)?|(not|nothing) (disclosed|given|declared)|(i )?would rather not\b.*|(i )?prefer no answer|(i'?m |i am )?not (telling|your business)\b.*|none of your business|(that'?s |it'?s )?private|rather not|"
            r"(ddim|dim) (am|eisiau) (dweud|ateb)\b.*|gwrthod\w*( .*)?|refused.*|declined?( to (answer|say))?|(i )?(don'?t|do not) (want|wish) to (say|answer)|not saying|no comment|"
            r"(mae'?n )?g?well (gen|gan|gennyf)\b.*[pb]eidio.*|gwell peidio.*",
        ),
        (
            "not_applicable",
            r"(this (is )?)?(not (applicable|relevant)|n/a|n\.a\.|(does not|doesn'?t) apply(?! (to me )?at all))\b.*|n/a|amherthnasol|"
            r"ddim yn berthnasol|(physically )?unable( to)?( do (this|so|it|these))?|(i )?(never|don'?t|do not|doesn'?t|does not) (go(es)? out|walks? alone)\b.*|no (experience|contact|direct experience|need)( .*)?|(i )?(have not|haven'?t|have never|never|not) (used|had (any )?contact|tried|been there|needed)\b.*",
        ),
        ("not_asked", r"(question )?not (asked|shown|presented|seen)|routed( past| out)?|skipped"),
        ("blank", r"missing|no (answer|response|reply)|not (answered|stated)|system missing|-|unanswered|left blank"),
    )
)  # fmt: skip
# What says nothing only beside answers that have an order without it: "Never goes out after dark" beside Very safe.
_ASIDE = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("dont_know", r"(i |i'd |i would |we )?(would |'d |need to |have to |haven'?t |have not |never |don'?t |do not |not |no |hard|too |can'?t |cannot ).*\b"
                      r"(know|think|thought|notice|noticed|say|tell|sure|heard|remember|recall|clue|decide|judge|comment|aware|seen enough|early)\b.*"),
        ("not_applicable", r"(i |we |it |i've |i have )*(don'?t|do not|doesn'?t|does not|never|haven'?t|have not|hasn'?t|has not|can'?t|cannot|didn'?t|did not|not|no) .+|"
                           r"(i'?m|i am|they are|am) never .+|(only )?just moved.*|new (here|to the area)|.*\b(practical reasons|not my|someone else does)\b.*|(nac? ydw )?(ddim|dim|heb|erioed|byth|nid|nad) .+"),
    )
)  # fmt: skip


def missing_kind(label: str) -> str | None:
    """Return the kind of an answer that says nothing, such as `dont_know`; None for every other answer.

    Of an answer that names several, such as "No experience / can't say", the first of the kinds counts: Don't know.
    """
    kinds = kinds_named(label)
    return next((kind for kind, _ in _MISSING if kind in kinds), None)


def kinds_named(label: str) -> frozenset[str]:
    """Return the kinds of missing answers that an answer names, more than one if its parts say different things."""
    text = bare(label)
    parts = [_kind_of(part.strip()) for part in _PARTS.split(text)]
    kinds = parts if all(parts) else [_kind_of(text)]
    return frozenset(kind for kind in kinds if kind)


def doubts_about_missing(valid: Sequence[str], missing: Collection[str], declared: Collection[str]) -> list[str]:
    """Return what a person should see about answers that say nothing, a sentence for each doubt.

    ``declared`` are those that the file says are missing. "Neutral / don't know" is a valid answer of which a part says nothing.
    """
    guessed = [label for label in missing if missing_kind(label) is None and label not in declared]
    unsure = [label for label in missing if len(kinds_named(label)) > 1] + [
        label for label in valid if any(_kind_of(part.strip()) for part in _PARTS.split(bare(label)))
    ]
    doubts = [f"taken as no answer: {', '.join(guessed)}"] if guessed else []
    return doubts + ([f"see which kind of no answer these are: {', '.join(unsure)}"] if unsure else [])


def _kind_of(text: str) -> str | None:
    return next((kind for kind, pattern in _MISSING if pattern.fullmatch(text)), None)


def aside_kind(label: str) -> str | None:
    """Return the kind of an answer that says nothing if the others have an order without it; None for the rest."""
    text = bare(label)
    return next((kind for kind, pattern in _ASIDE if pattern.fullmatch(text)), None)


def bare(label: str) -> str:
    """Return a label without the code before it and without emoji: '1 - Very poor' is 'very poor'."""
    text = normalise_label(label).replace('"', "")
    text = _PICTURES.sub("", text).strip() or text
    text = _IN_BRACKETS.sub(r"\1", text) if _IN_BRACKETS.fullmatch(text) else text
    if "_" in text and " " not in text:
        # KoboToolbox and ODK write names in place of answers: don_t_know.
        text = _CUT_NOT.sub("n't", text.replace("_", " ").strip())
    text = _SHORT_WORD.sub(lambda found: _SHORT[found[0]], text)
    text = _CODE_BEFORE.sub("", text.strip(_BULLETS))
    return _CODE_AFTER.sub("", _INSTRUCTION.sub("", text)).strip(_BULLETS)


# Initials stand for answers only if all of a list do: SA, A, N, D and SD.
_INITIALS = (
    {"sa": "strongly agree", "a": "agree", "ta": "tend to agree", "n": "neither", "nn": "neither", "na/d": "neither", "nand": "neither", "d": "disagree", "td": "tend to disagree", "sd": "strongly disagree"},
    {"vs": "very satisfied", "s": "satisfied", "fs": "fairly satisfied", "n": "neither", "d": "dissatisfied", "fd": "fairly dissatisfied", "vd": "very dissatisfied"},
    {"e": "excellent", "vg": "very good", "g": "good", "f": "fair", "ok": "fair", "a": "fair", "p": "poor", "b": "poor", "vp": "very poor", "vb": "very poor"},
    {"vs": "very safe", "s": "safe", "fs": "fairly safe", "u": "unsafe", "fu": "fairly unsafe", "vu": "very unsafe"},
    {"a": "always", "o": "often", "s": "sometimes", "r": "rarely", "n": "never"},
    {"y": "yes", "n": "no"},
)  # fmt: skip


def spelled_out(labels: Sequence[str]) -> dict[str, str]:
    """Return the words for which each of some labels stands, {} if one of them stands for none.

    Labels may be initials, or one thing and its denial, such as Signed up and Not signed up.
    """
    own = {label: normalise_label(label) for label in labels}
    denied = {label: own[label].removeprefix("not ").removeprefix("non-") for label in own}
    if len(own) == 2 and len(set(own.values())) == 2 and len(set(denied.values())) == 1:
        return {label: "yes" if own[label] == denied[label] else "no" for label in own}
    fits = (words for words in _INITIALS if len(own) > 1 and set(own.values()) <= words.keys())
    words = next(fits, {})
    return {label: words[key] for label, key in own.items()} if words else {}
