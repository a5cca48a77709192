"""The spelling in which printed labels are compared with the codebook.

The SQL macro ``normalise_label`` does the same, and a test checks that both agree. A change must be made in both.
"""

import re

_APOSTROPHES = "\u2019\u2018\u02bc`\u00b4"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_QUOTES = "\u201c\u201d"
_ONE_SPELLING = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_DASHES, "-") | dict.fromkeys(_QUOTES, '"')
)

# Listed one by one, because \s of Python includes characters that \s of the warehouse does not.
_WHITE_SPACE = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")

_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")
_NUMBER_WITH_EXPONENT = re.compile(r"-?[0-9]+([.][0-9]+)?(e[+-]?[0-9]{1,2})?")


def normalise_label(label: str | None) -> str:
    """Return a label with one kind of apostrophe, quote, dash and space, trimmed and in lower case.

    A missing label becomes ''. The text 'None' or 'NA' is a label like any other.
    """
    if label is None:
        return ""
    spaced = _WHITE_SPACE.sub(" ", label.translate(_ONE_SPELLING)).strip(" ")
    return _lower_case(spaced)


def parse_number(label: str) -> float | None:
    """Return the number that a normalised label spells, or None.

    Only an optional minus, digits and an optional decimal part count: '1,000', '5 %' and '1e3' are not numbers.
    """
    return float(label) if _NUMBER.fullmatch(label) else None


def is_number(label: str) -> bool:
    """Return whether a label of an export is a number: digits, an optional decimal part, and an optional exponent."""
    return bool(_NUMBER_WITH_EXPONENT.fullmatch(label))


def _lower_case(text: str) -> str:
    """Lower each character separately, as the warehouse does; str.lower treats a final Greek sigma differently."""
    if text.isascii():
        return text.lower()
    return "".join(character.lower()[0] for character in text)
