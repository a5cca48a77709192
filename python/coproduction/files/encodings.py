"""Recognises the type of a file by its bytes: another kind of file, UTF-8, or text that can be converted to UTF-8.

A conversion needs no guess if the bytes name their encoding (UTF-16 and UTF-32), or if the text is plausible English or
Welsh when it is read as Windows-1252. Otherwise a person has to choose: see docs/decisions, "Conversion is a command".
"""

import contextlib
import re
from dataclasses import dataclass

from coproduction.errors import CoproductionError

# The values of --encoding, each with its common name.
ENCODINGS = {
    "cp1252": "Windows-1252",
    "iso-8859-14": "ISO-8859-14 (Celtic)",
    "iso-8859-15": "ISO-8859-15",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
    "utf-16-le": "UTF-16 (little end first)",
    "utf-16-be": "UTF-16 (big end first)",
}

UTF8 = "utf-8"

_MARKS = {
    b"\xff\xfe\x00\x00": ("utf-32", "the mark of UTF-32"),
    b"\x00\x00\xfe\xff": ("utf-32", "the mark of UTF-32"),
    b"\xff\xfe": ("utf-16", "the mark of UTF-16 (what Excel calls 'Unicode Text')"),
    b"\xfe\xff": ("utf-16", "the mark of UTF-16 (what Excel calls 'Unicode Text')"),
}

# The first bytes of files that are not text although their name ends in .csv, with the type and the remedy.
_SPREADSHEET = "open it in a spreadsheet program and save the sheet with the answers as CSV in UTF-8"
_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or another zipped file", _SPREADSHEET + " (or unpack it, if it is an archive)"),
    (b"PK\x05\x06", "an empty zip archive", "ask for the file again"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls) or Word document", _SPREADSHEET),
    (b"\x1f\x8b", "a gzip archive", "unpack it (gunzip) and put the CSV file in its place"),
    (b"BZh", "a bzip2 archive", "unpack it (bunzip2) and put the CSV file in its place"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it (unxz) and put the CSV file in its place"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it and put the CSV file in its place"),
    (b"%PDF-", "a PDF document", "ask for the answers as CSV: a PDF is no table"),
    (b"PAR1", "a Parquet file", "write it as CSV in UTF-8 with the program that made it"),
    (b"$FL2", "an SPSS file (.sav)", "open it in SPSS or PSPP and save it as CSV with value labels"),
    (b"$FL3", "a compressed SPSS file (.zsav)", "open it in SPSS or PSPP and save it as CSV with value labels"),
    (b"<stata_dta>", "a Stata file (.dta)", "open it in Stata and export it as CSV with value labels"),
    (b"SQLite format 3\x00", "an SQLite database", "export the table with the answers as CSV in UTF-8"),
    (b"{\\rtf", "a Rich Text document", "ask for the answers as CSV: a document is no table"),
    (b"\x89PNG", "a picture", "ask for the answers as CSV: a picture is no table"),
)
_TEXT_SIGNATURES = (
    (re.compile(rb"<!doctype html|<html|<head|<table|<body", re.IGNORECASE), "a web page (HTML)",
     "export the answers again as CSV: the download was probably the page of a login, or a table for a browser"),
    (re.compile(rb"<\?xml"), "an XML file", "export the answers again, as CSV"),
    (re.compile(rb'\{\s*"|\[\s*[\[{]'), "a JSON file", "export the answers again, as CSV"),
)  # fmt: skip

# Characters of Windows-1252 that English and Welsh do not use. In other encodings the same bytes are common letters.
_RARE = "\u017d\u0152\u0192\u02c6\u02dc\u2030\u2020\u2021\u201a\u201e\u2039\u203a\u00a4\u00a6\u00a8\u00af\u00b8\u00ac"
_RARE += "\u00d0\u00de\u00f0\u00fe\u00d7\u00f7"
_LETTERS = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0160\u0161\u0153\u017e\u0178"
_CAPITALS = "\u00c0-\u00d6\u00d8-\u00de\u0160\u0178"
_IN_DOUBT = re.compile(
    f"[{_RARE}]"
    # A capital within a word, a letter next to a digit, a single letter.
    f'|(?<=[a-z])[{_CAPITALS}]|(?<=[0-9])[{_LETTERS}]|[{_LETTERS}](?=[0-9])|(?<![^\\s,;\t|"])[{_LETTERS}](?![^\\s,;\t|"])'
    # A sign or a dash within a word; an apostrophe within a word is normal.
    "|(?<=[A-Za-z])[\u2022\u2122\u201c\u201d\u00a1-\u00bf](?=[A-Za-z])|(?<=[a-z])[\u2026\u2013\u2014](?=[a-z])"
)


# In text they are nearly never, in other files about one byte in ten.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MOST_CONTROL = 0.02


class UndecodableError(CoproductionError):
    """Bytes that are not text, or text whose encoding the user has to name.

    ``remedy`` says what to do, ``place`` is the position of the byte that shows the problem, ``value`` the text there.
    """

    def __init__(self, problem: str, remedy: str, place: int = 0, value: str | None = None) -> None:
        super().__init__(problem)
        self.problem, self.remedy, self.place, self.value = problem, remedy, place, value


@dataclass(frozen=True)
class Decoded:
    """A text without its byte order mark, its encoding, and how the encoding was recognised ('' for UTF-8).

    ``place`` is the position of the first byte that is not UTF-8.
    """

    text: str
    encoding: str
    recognised: str = ""
    place: int = 0


def decode(raw: bytes, encoding: str | None = None) -> Decoded:
    """Return the text of a file; ``encoding`` is a key of ENCODINGS if the user has named it.

    Raises UndecodableError if the file is of another type or damaged, or if its encoding is in doubt.
    """
    _refuse_other_types(raw)
    if encoding:
        return _decode_as(raw, encoding, f"named with --encoding: {ENCODINGS[encoding]}")
    for mark, (name, shown) in _MARKS.items():
        if raw.startswith(mark):
            return _decode_as(raw, name, f"it begins with the bytes {_hexadecimal(raw[: len(mark)])}, which is {shown}")
    unmarked = _utf16_without_mark(raw)
    if unmarked:
        return _decode_as(raw, unmarked, "every other byte is zero, which is typical of UTF-16 without a mark")
    try:
        return Decoded(raw.decode("utf-8-sig"), UTF8)
    except UnicodeDecodeError as reason:
        # utf-8-sig removes the byte order mark (three bytes) and counts positions after it.
        place = reason.start + 3 * raw.startswith(b"\xef\xbb\xbf")
    _refuse_bytes_of_a_program(raw)
    _refuse_broken_utf8(raw, place)
    return _decode_windows(raw, place)


def line_of(raw: bytes, place: int) -> int:
    """Return the line of a byte, from 1."""
    before = raw[:place].replace(b"\r\n", b"\n")
    return 1 + before.count(b"\n") + before.count(b"\r")


def _refuse_other_types(raw: bytes) -> None:
    kind = next(((what, remedy) for begin, what, remedy in _SIGNATURES if raw.startswith(begin)), None)
    begin = raw[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    kind = kind or next(((what, remedy) for pattern, what, remedy in _TEXT_SIGNATURES if pattern.match(begin)), None)
    if kind:
        shown = raw[:24].decode("latin-1")
        raise UndecodableError(f"the file is {kind[0]}, whatever its name says", kind[1], value=shown)


def _decode_as(raw: bytes, encoding: str, recognised: str) -> Decoded:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as reason:
        raise UndecodableError(
            f"the file cannot be read as {encoding} ({recognised}): it is damaged or was cut off",
            "export the file again from the survey tool, as CSV in UTF-8",
            reason.start,
        ) from reason
    return Decoded(text.removeprefix("\ufeff"), encoding, recognised)


def _utf16_without_mark(raw: bytes) -> str | None:
    """Return the kind of UTF-16 if every other byte at the beginning is zero; otherwise None."""
    begin = raw[:200]
    if len(begin) < 8:
        return None
    if begin[1::2].count(0) > 0.8 * len(begin) / 2 and not begin[0::2].count(0):
        return "utf-16-le"
    if begin[0::2].count(0) > 0.8 * len(begin) / 2 and not begin[1::2].count(0):
        return "utf-16-be"
    return None


def _refuse_bytes_of_a_program(raw: bytes) -> None:
    """Refuse what no text editor wrote, before its bytes are taken for letters of some encoding."""
    n_control = len(_CONTROL.findall(raw))
    if n_control > _MOST_CONTROL * len(raw):
        raise UndecodableError(
            f"the file is no text: {n_control:,} of its {len(raw):,} bytes are control characters, as in a picture, an "
            "encrypted file or a file of another program",
            "open it in the program that wrote it, and save the answers as CSV in UTF-8 or as .xlsx",
        )


def _refuse_broken_utf8(raw: bytes, place: int) -> None:
    """Refuse a file that is partly UTF-8, because reading it in another encoding would damage the UTF-8 part."""
    pieces = raw.removeprefix(b"\xef\xbb\xbf").decode(UTF8, errors="ignore")
    n_good = sum(character > "\x7f" for character in pieces)
    # One byte at the end may be a letter of another encoding. Two bytes that begin a UTF-8 character mean that the file
    # was cut off.
    if pieces.encode(UTF8) == raw[:place].removeprefix(b"\xef\xbb\xbf") and (n_good or _is_begun(raw[place:])):
        raise UndecodableError(
            "the file ends within a character of UTF-8: it was cut off",
            "export the file again from the survey tool, or ask for the complete file",
            place,
        )
    if not n_good:
        return
    raise UndecodableError(
        f"the file is UTF-8 elsewhere ({n_good} characters), but byte 0x{raw[place]:02X} here is not: two encodings "
        "are mixed, probably because two files were joined",
        "save each of the files as CSV in UTF-8 before you join them",
        place,
        _around(raw, place),
    )


def _is_begun(end: bytes) -> bool:
    """Return whether some bytes are the first two or three of a longer character of UTF-8."""
    return 2 <= len(end) < 4 and end[0] >= 0xE0 and all(0x80 <= byte < 0xC0 for byte in end[1:])


def _decode_windows(raw: bytes, place: int) -> Decoded:
    """Read the file as Windows-1252, if the text is then plausible English or Welsh."""
    byte = f"byte 0x{raw[place]:02X}"
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as reason:
        raise UndecodableError(
            f"the file is not UTF-8, and byte 0x{raw[reason.start]:02X} is no character of Windows-1252 either: "
            f"{_readings(raw, reason.start)}",
            _choose(),
            reason.start,
            _around(raw, reason.start),
        ) from reason
    doubt = _IN_DOUBT.search(text)
    if doubt:
        # In Windows-1252 one byte is one character.
        place = doubt.start()
        raise UndecodableError(
            f"the file is not UTF-8, and its encoding cannot be recognised for certain: {_readings(raw, place)}",
            _choose(),
            place,
            _around(raw, place),
        )
    found = sorted(set(re.findall("[^\x00-\x7f]", text)))
    shown = "".join(found[:20]) + ("..." if len(found) > 20 else "")
    recognised = f'{byte} is "{text[place]}" in Windows-1252 (cp1252), and so are all others: {shown}'
    return Decoded(text, "cp1252", recognised, place)


def _readings(raw: bytes, place: int) -> str:
    """Return the word around a byte as each encoding reads it."""
    begin, end = place, place + 1
    while begin > max(0, place - 12) and raw[begin - 1 : begin] not in (b",", b";", b"\t", b"\n", b"\r", b" ", b""):
        begin -= 1
    while end < min(len(raw), place + 12) and raw[end : end + 1] not in (b",", b";", b"\t", b"\n", b"\r", b" "):
        end += 1
    readings = []
    for encoding, name in ENCODINGS.items():
        with contextlib.suppress(UnicodeDecodeError):
            if not encoding.startswith("utf"):
                readings.append(f'"{raw[begin:end].decode(encoding)}" in {name}')
    return f"byte 0x{raw[place]:02X} makes " + ", ".join(readings)


def _choose() -> str:
    names = ", ".join(ENCODINGS)
    return (
        "see which of these words is right, and run `coproduction repair NAME --encoding ENCODING` with the name of "
        f"the export and one of {names}; or save the file again as CSV in UTF-8"
    )


def _around(raw: bytes, place: int) -> str:
    return raw[max(0, place - 20) : place + 20].decode("cp1252", errors="replace")


def _hexadecimal(raw: bytes) -> str:
    return " ".join(f"0x{byte:02X}" for byte in raw)
