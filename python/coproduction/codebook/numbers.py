"""Numbers as files spell them: 1,234.5 or 1.234,5, 1e-05, or the code 1 as 1.0.

The SQL macro ``number_text`` does the same, and a test checks that both agree. A change must be made in both.
"""

import re
from collections.abc import Collection, Iterable

from coproduction.codebook.labels import is_number

POINT, COMMA = "point", "comma"
NUMBER_FORMATS = (POINT, COMMA)

# By the mark of decimals: a number with marks or spaces between its thousands, and the mark of the thousands.
_THOUSANDS = {
    POINT: (re.compile(r"[+-]?[0-9]{1,3}([, ][0-9]{3})+([.][0-9]+)?"), ","),
    COMMA: (re.compile(r"[+-]?[0-9]{1,3}([. ][0-9]{3})+(,[0-9]+)?"), "."),
}
_COMMA_BEFORE_DECIMALS = re.compile(r"[+-]?[0-9]*,[0-9]+(e[+-]?[0-9]+)?")
_POINT_BEFORE_DECIMALS = re.compile(r"[+-]?[0-9]*[.][0-9]+(e[+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]+(e[+-]?[0-9]+)?")
_CODE = re.compile(r"-?[0-9]+[.]0+")
_NOTHING_AFTER_THE_POINT = re.compile(r"[.]0+$")


def is_one_of(label: str, labels: Collection[str]) -> bool:
    """Return whether a normalised label is one of others, or a code of theirs that is printed as 1.0."""
    return label in labels or (bool(_CODE.fullmatch(label)) and _NOTHING_AFTER_THE_POINT.sub("", label) in labels)


def number_text(label: str, number_format: str) -> str:
    """Return a normalised label as a plain number where it spells one; every other label as it is.

    ``number_format`` decides what could mean two numbers: 1,234 is 1234 if it is ``point``, and 1.234 if it is
    ``comma``. A mark that cannot stand between thousands is before the decimals, as in 0,85 and 1.2.
    """
    pattern, between_thousands = _THOUSANDS[number_format]
    if pattern.fullmatch(label):
        text = label.replace(" ", "").replace(between_thousands, "").replace(",", ".")
    elif _COMMA_BEFORE_DECIMALS.fullmatch(label):
        text = label.replace(",", ".")
    elif _POINT_BEFORE_DECIMALS.fullmatch(label) or _WHOLE.fullmatch(label):
        text = label
    else:
        return label
    text = _NOTHING_AFTER_THE_POINT.sub("", text.removeprefix("+"))
    # A number may begin with its point, as SPSS writes it.
    return re.sub(r"^(-?)[.]", r"\g<1>0.", text)


def formats_of(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the formats in which each of the normalised labels is one number.

    Both formats for labels that mean the same in both, such as 1.0 and 12; none where the labels are not all numbers,
    or where a comma and a point are both used before decimals.
    """
    texts = list(labels)
    found = [number_format for number_format in NUMBER_FORMATS if _all_numbers(texts, number_format)]
    with_comma = any(_COMMA_BEFORE_DECIMALS.fullmatch(text) for text in texts)
    with_point = any(_POINT_BEFORE_DECIMALS.fullmatch(text) for text in texts)
    if POINT in found and with_comma and not _are_thousands(texts, POINT):
        found.remove(POINT)
    if COMMA in found and with_point and not _are_thousands(texts, COMMA):
        found.remove(COMMA)
    return tuple(found)


def is_same_in_both(labels: Iterable[str]) -> bool:
    """Return whether every label means the same number in both formats."""
    return all(number_text(label, POINT) == number_text(label, COMMA) for label in labels)


def _all_numbers(texts: list[str], number_format: str) -> bool:
    return all(is_number(number_text(text, number_format)) for text in texts)


def _are_thousands(texts: list[str], number_format: str) -> bool:
    """Return whether the mark that this format has between thousands stands nowhere else."""
    pattern, mark = _THOUSANDS[number_format]
    return all(pattern.fullmatch(text) for text in texts if mark in text)
