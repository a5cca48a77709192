"""How much time an answer names: hours in a month, as far as its words say, in English or Welsh."""

from __future__ import annotations

import re

TIMES_A_MONTH = {"day": 30.0, "week": 4.3, "wythnos": 4.3, "fortnight": 2.0, "month": 1.0, "mis": 1.0, "year": 1 / 12}
_HOURS = {
    "minute": 1 / 60,
    "munud": 1 / 60,
    "hour": 1.0,
    "hr": 1.0,
    "awr": 1.0,
    "oriau": 1.0,
    "day": 8.0,
    "diwrnod": 8.0,
    "morning": 4.0,
    "afternoon": 4.0,
    "evening": 3.0,
    "weekend": 12.0,
}
_NUMBER_WORDS = {"half": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "few": 3, "several": 4,
                 "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10, "ychydig": 3, "un": 1, "awr": 1,
                 "dau": 2, "dwy": 2, "ddwy": 2, "tri": 3, "tair": 3, "dair": 3, "pedair": 4, "bedair": 4, "pum": 5, "bum": 5, "chwe": 6, "chwech": 6, "deg": 10, "deng": 10}  # fmt: skip
_TIME_NONE = re.compile(
    r"(no|none|nil|zero|0|dim)( (more|extra|additional|further|spare|unpaid))?( (time|hours|amser|oriau))?( at all)?|not? any( (more )?time)?|no longer( than now)?|dim un|"
    r"nothing( at all)?|not at all|no,? none.*|none\b.*|not a (minute|second|moment)|no (more|extra)( time)?( than (now|i do now|at present))?|nothing (more|extra)|no\b,? .*(busy|stretched|time)\b.*|(i )?(could|can|would)(n't| not) (give|spend|offer|spare|manage|find).*|i (would|could|do|can) not (be (willing|able) to )?(give|spend|offer)( any)?.*"
)
PERIOD = re.compile(
    r"(?:a|an|per|each|every|/|in a|'r|yr) ?(?:normal |typical |average |usual |given )?(day|week|fortnight|month|year|mis|wythnos)\b|(week|month)ly"
)
_AN_AMOUNT = r"\d+(?:\.\d+)?|" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_TIME_AMOUNT = re.compile(
    rf"(?:({_AN_AMOUNT})(?: ?(?:-|to|or|and|i|neu) ?({_AN_AMOUNT}))?)?\+? ?"
    r"(?:or more |or so |of |an? |more |extra |additional |full |whole |further |unpaid )*(minute|munud|hour|hr|awr|oriau|day|diwrnod|morning|afternoon|evening|weekend)s?\b"
)
_FROM_TO = re.compile(
    rf"^(?:more than|over|from|between|above) ({_AN_AMOUNT})(?: hours?| hrs?)?,? ?(?:but |and )?(?:up to|to|and|under|less than) ({_AN_AMOUNT})\b"
)
# "Under an hour" is this share of an hour. A range reaches a limit in part if it begins and ends far enough from it.
_LONGER = 500.0
_UNDER, _FAR_BELOW, _NEAR_BY = 0.7, 0.7, 0.75
_LESS = re.compile(r"\b(less|under|fewer|up to|at most|llai|below|hyd at|o dan)\b")
_MORE = re.compile(r"\b(more than|over|or more|at least|above|plus|neu fwy|mwy na|dros)\b|\+")
# "<1h" and "5h+".
_SIGNS = (
    (re.compile(r"^< ?(?=\d)"), "less than "),
    (re.compile(r"^> ?(?=\d)"), "more than "),
    (re.compile(r"(?<=\d) ?hr?s?(?![a-z])"), " hours"),
)


def hours_a_month(text: str) -> float | None:
    """Return the hours in a month that an answer names, roughly; None where it names no time."""
    text = _as_range(re.sub(r"^(yes|no|sorry), (?=\w)", "", text))
    if _TIME_NONE.fullmatch(text):
        return 0.0
    if re.fullmatch(r"less (than that|than this|often|time)", text):
        return 0.3
    if re.fullmatch(r"(even )?(longer|more)( (than )?(that|this))?( still)?", text):
        return _LONGER
    amount = _TIME_AMOUNT.search(text)
    if not amount:
        return None
    low = _number(amount[1] or "1")
    value = (low + _number(amount[2])) / 2 if amount[2] else low
    period = PERIOD.search(text[amount.end() :]) or PERIOD.search(text[: amount.start()])
    times = TIMES_A_MONTH[(period[1] or period[2])] if period else 1.0
    factor = _UNDER if _LESS.search(text) else 1.2 if _MORE.search(text) else 1.0
    return value * _HOURS[amount[3]] * times * factor


def is_at_most(text: str) -> bool:
    """Return whether an answer names only a highest amount of time, as in "up to 5 hours"."""
    return bool(_LESS.search(_as_range(text)))


def may_reach(text: str, hours: float) -> bool:
    """Return whether an answer names an amount of time that may be less or more than some hours in a month."""
    text = _as_range(text)
    amount = _TIME_AMOUNT.search(text)
    place = hours_a_month(text)
    if not amount or not place:
        return False
    if _LESS.search(text):
        return place / _UNDER >= hours
    if not amount[2]:
        return False
    low, high = _number(amount[1] or "1"), _number(amount[2])
    return place * low / ((low + high) / 2) < _FAR_BELOW * hours and place >= _NEAR_BY * hours


def _as_range(text: str) -> str:
    """Return "over 1 hour up to 5 hours" as "1 to 5 hours", "5h+" in words, and any other answer as it is."""
    for sign, words in _SIGNS:
        text = sign.sub(words, text)
    return _FROM_TO.sub(r"\1 to \2", text)


def _number(text: str) -> float:
    return float(_NUMBER_WORDS.get(text) or text)
