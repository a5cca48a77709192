"""Finds and removes characters that a reader cannot see or mistakes for others.

With such a character, two names, ids or labels that look the same are different for a database.
"""

import re
import unicodedata

# Zero-width characters, marks of the writing direction, soft hyphens, variation selectors, tags.
_INVISIBLE_CLASS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_INVISIBLE_CLASS}]")
_WHITE_SPACE = re.compile("[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")

# Control characters, the replacement character for a lost character, and code points that are not characters.
_DAMAGED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff]")

# Greek and Cyrillic letters that are drawn like Latin ones.
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u0131\u0261",
    "aeopcyxijshdqwABEKMHOPCTYXIJSABEZHIKMNOPTYXovig",
)

# A spreadsheet runs a cell that begins with one of these. The last four are wide forms, which some programs convert.
_FORMULA = re.compile("[ \t]*[=+@\uff1d\uff0b\uff0d\uff20-]")
_NUMBER = re.compile(r"[ \t]*[+-]?[0-9]*[.,]?[0-9]+([.,][0-9]+)*\s*%?\s*")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+")


def clean(text: str) -> str:
    """Return a text without invisible characters, composed (NFC), with single spaces, and none at the ends."""
    return _WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))).strip(" ")


def tidy(text: str) -> str:
    """Return a text without invisible characters, composed (NFC), without white space at its ends."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def skeleton(text: str) -> str:
    """Return a text with letters of other alphabets and wide forms replaced by the Latin letters they look like."""
    return unicodedata.normalize("NFKC", clean(text)).translate(_LOOKALIKES)


def find_damage(text: str) -> str | None:
    """Return the first control character or sign of a lost character; None if there is none."""
    found = _DAMAGED.search(text)
    return found.group() if found else None


def has_invisible(text: str) -> bool:
    """Return whether a text has invisible characters, or accents that are separate from their letters."""
    return not text.isascii() and (bool(_INVISIBLE.search(text)) or not unicodedata.is_normalized("NFC", text))


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet would run a text: it begins with = + - or @ and is no plain number."""
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def is_scientific(text: str) -> bool:
    """Return whether a text is a number such as 1.23E+11, which a spreadsheet writes for a long id, losing digits."""
    return bool(_SCIENTIFIC.fullmatch(text))


def undo_double_encoding(text: str) -> str:
    """Return the original of a text whose UTF-8 was read as Windows-1252; the text itself if that did not happen."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def spelled(text: str) -> str:
    """Return the names of the characters that are not plain ASCII, such as 'U+0430 CYRILLIC SMALL LETTER A'."""
    odd = dict.fromkeys(character for character in text if not " " <= character <= "~")
    named = [f"U+{ord(character):04X} {unicodedata.name(character, 'CONTROL CHARACTER')}" for character in odd]
    return ", ".join(named[:4]) + (f" and {len(named) - 4} more" if len(named) > 4 else "")
