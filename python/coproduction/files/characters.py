"""Characters that a reader does not see, or takes for others: in names, ids and labels they make two of one thing."""

import re
import unicodedata

# Zero-width characters, marks of the writing direction, soft hyphens, variation selectors, tags.
_INVISIBLE_CLASS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_INVISIBLE_CLASS}]")
_WHITE_SPACE = re.compile("[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")

# Control characters, the sign for a character that was lost, and numbers that are no characters.
_DAMAGED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff]")

# Greek and Cyrillic letters that are drawn like Latin ones.
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u0131\u0261",
    "aeopcyxijshdqwABEKMHOPCTYXIJSABEZHIKMNOPTYXovig",
)

# A spreadsheet runs what begins with these; the wide forms are turned into them on the way.
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
    """Return how a text looks: letters of other alphabets and wide forms as the Latin letters they resemble."""
    return unicodedata.normalize("NFKC", clean(text)).translate(_LOOKALIKES)


def find_damage(text: str) -> str | None:
    """Return the first control character, or sign of a lost character; None where there is none."""
    found = _DAMAGED.search(text)
    return found.group() if found else None


def has_invisible(text: str) -> bool:
    """Say whether a text has invisible characters, or letters and accents apart that belong together."""
    return not text.isascii() and (bool(_INVISIBLE.search(text)) or not unicodedata.is_normalized("NFC", text))


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet would run a text: it begins with = + - or @ and is no plain number."""
    return bool(_FORMULA.match(text)) and not _NUMBER.fullmatch(text)


def is_scientific(text: str) -> bool:
    """Say whether a spreadsheet has turned a long number into powers of ten, such as 1.23E+11, and lost its digits."""
    return bool(_SCIENTIFIC.fullmatch(text))


def undo_double_encoding(text: str) -> str:
    """Return what a text was before its UTF-8 was taken for Windows-1252; the text itself where that did not happen."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def spelled(text: str) -> str:
    """Name the characters of a text that are not plain ASCII, for messages: 'U+0430 CYRILLIC SMALL LETTER A'."""
    odd = dict.fromkeys(character for character in text if not " " <= character <= "~")
    named = [f"U+{ord(character):04X} {unicodedata.name(character, 'CONTROL CHARACTER')}" for character in odd]
    return ", ".join(named[:4]) + (f" and {len(named) - 4} more" if len(named) > 4 else "")
