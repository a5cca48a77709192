"""Recognises unclaimed columns that look like personal data; by default they are not loaded into the warehouse.

A column is recognised by words in its header or by the form of its cells, so some columns are recognised wrongly. Not
loading such a column does no harm, because an unclaimed column is in no result. ``load_personal_columns`` loads it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from coproduction.codebook.tables import Codebook
from coproduction.exports.export_tables import header_of_file, table_of_file
from coproduction.exports.file_rows import header_rows_of
from coproduction.files.columns.column import Column
from coproduction.files.columns.column_table import ColumnTable
from coproduction.files.finding import ERROR, NOTE, Finding, quoted, shortened
from coproduction.files.reading import UnreadableExportError

LOAD = "load_personal_columns"
ALL = "all"

# What a column looks like, with the words or phrases of a header that announce it, in small letters.
_PHRASES = {
    "e-mail address": ("email", "e mail", "mail address", "ebost", "e bost"),
    "postcode or address": (
        "postcode", "post code", "postal", "zip", "zipcode", "address", "street", "uprn", "house number", "house name",
        "house no", "flat number", "cyfeiriad", "cod post",
    ),
    "phone number": ("phone", "telephone", "mobile", "tel", "fax", "phonenumber", "ff\u00f4n", "ffon", "subscriberid"),
    "IP address": ("ip", "ipaddress"),
    "date of birth": (
        "dob", "date of birth", "birth date", "birthdate", "birthday", "day of birth", "born on", "dyddiad geni",
    ),
    "coordinates": (
        "latitude", "longitude", "lat", "lon", "lng", "easting", "northing", "eastings", "northings", "coordinates",
        "coordinate", "gps", "geopoint", "geolocation", "point x", "point y",
    ),
    "official number": (
        "nhs number", "nhs no", "nino", "passport", "national insurance", "ni number", "driving licence number",
        "social security", "ssn",
    ),
    "name": (
        "surname", "forename", "firstname", "lastname", "fullname", "name", "names", "username", "submitted by",
        "enw", "cyfenw",
    ),
    "personal link": ("token", "access code", "survey link", "personal link", "magic link"),
    "free text": (
        "comment", "comments", "verbatim", "freetext", "free text", "open text", "remarks", "sylwadau", "suggestions",
        "please specify", "please state", "tell us more",
    ),
}  # fmt: skip
# With one of these words, a header is about a coded answer and not about the words that a person wrote.
_CODES = frozenset({"code", "coded", "codes", "flag", "band", "theme", "category", "count"})
# The name of one of these is no name of a person.
_NAMED_THINGS = frozenset(
    {
        "ward", "area", "region", "district", "council", "parish", "county", "borough", "neighbourhood", "park",
        "library", "survey", "campaign", "event", "list", "collector", "file", "sheet", "field", "variable",
        "question", "column", "product", "brand", "group", "project", "programme",
    }
)  # fmt: skip

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", re.IGNORECASE)
_POSTCODE_WITHIN = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}\b")
_ZIP_PLUS_FOUR = re.compile(r"[0-9]{5}-[0-9]{4}")
_STREET = re.compile(
    r"[0-9]+[a-z]?,? .*\b(street|st|road|rd|lane|close|avenue|ave|drive|row|crescent|terrace|gardens|place|court)\b.*",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(\+|0)[0-9 ()./-]{8,}")
_PHONE_WITHIN = re.compile(r"(?<![0-9.])(\+44 ?\(?0?\)? ?|0)([0-9]{2,4} [0-9]{3} ?[0-9]{3,4}|7[0-9]{9})(?![0-9])")
_POINT = re.compile(r"-?[0-9]{1,3}\.[0-9]{3,}[ ,;]+-?[0-9]{1,3}\.[0-9]{3,}.*")
_DECIMAL = re.compile(r"[+-]?[0-9]*\.[0-9]+")
_SIGNS_OF_AN_IP_ADDRESS = re.compile(r"[0-9A-Fa-f:.]+(%.*)?", re.DOTALL)
_NATIONAL_INSURANCE = re.compile(r"\b[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b")
# What a survey tool writes for an option that was ticked, or not.
_TICK = re.compile(
    r"[0-9]{1,2}(\.0)?|yes|no|true|false|x|y|n|on|off|(un)?(ticked|checked|selected)|not (ticked|checked|selected)|"
    r"don't know|none|n/a|prefer not to say"
)
# A cell with more words than this is a sentence.
_WORDS_OF_A_SENTENCE = 4
# A number without the code of its town may be short.
_FEWEST_DIGITS_OF_A_PHONE = 5
_DIGITS_OF_A_WHOLE_PHONE = 10


def looks_like(header: str, cells: Iterable[str]) -> str | None:
    """Return what a column looks like, such as `e-mail address`; None if it does not look personal.

    Args: `header` is the column's name; `cells` its cells as text, including blank ones. What a header announces is
    believed unless the cells show something else, such as a tick or a few printed answers. A form is recognised if half
    of the cells that are not blank have it; some forms are so clear that one cell is enough.
    """
    filled = _Filled(cells if isinstance(cells, Column) else Column.of(cells))
    announced = _announced(header)
    if announced and _is_borne_out(announced, header, filled):
        return announced
    for kind, is_found in _CLEAR_FORMS.items():
        if any(is_found(cell) for cell in filled):
            return kind
    for kind, has_form in _FORMS.items():
        if filled.have_form(has_form):
            return None if kind == "free text" and filled.is_closed else kind
    return None


class _Filled:
    """The cells of a column that are not blank, without the spaces around them."""

    def __init__(self, column: Column) -> None:
        self._column = column

    def __iter__(self) -> Iterator[str]:
        """Yield the cells; a cell that many rows have, once or a few times."""
        return (cell for cell, _ in self._counts())

    def _counts(self) -> Iterator[tuple[str, int]]:
        for part in self._column.parts():
            for cell, n_cells in part.items():
                stripped = cell.strip()
                if stripped:
                    yield stripped, n_cells

    @cached_property
    def total(self) -> int:
        """The number of cells."""
        return sum(n_cells for _, n_cells in self._counts())

    def have_form(self, has_form: Callable[[str], object]) -> bool:
        """Return whether half of the cells have a form."""
        n_others = 0
        for cell, n_cells in self._counts():
            n_others += 0 if has_form(cell) else n_cells
            if 2 * n_others > self.total:
                return False
        return self.total > 0

    @cached_property
    def is_closed(self) -> bool:
        """Whether the cells are a few printed answers, each given by several people."""
        # Numbers take less memory than the texts of a million people.
        n_different = len({hash(cell) for cell in self})
        return self.total >= 2 * n_different and self.total > 1


def personal_columns(directory: Path, codebook: Codebook, files: Iterable[str]) -> dict[str, dict[str, str]]:
    """Read files and return the `personal_columns_of` each.

    A file that cannot be read gives no columns; the check reports it.
    """
    found: dict[str, dict[str, str]] = {}
    for file in files:
        try:
            table = table_of_file(Path(directory), codebook, file)
        except (OSError, UnreadableExportError):
            continue
        found[file] = personal_columns_of(codebook, file, table.from_row(header_rows_of(codebook, file, table)[0]))
    return found


def personal_columns_of(codebook: Codebook, file: str, table: ColumnTable) -> dict[str, str]:
    """Return what the columns of one file look like that no export uses and that look like personal data, by column.

    Args: `table` is the file without its header rows.
    """
    respondent_columns = {row["export_id"]: row["respondent_column"] for row in codebook["exports"]}
    used: set[str] = set()
    for export_id in codebook.exports_of_file(file):
        used |= {*codebook.columns_used(export_id), respondent_columns[export_id]}
    found = {}
    for name, column in zip(table.header, table.columns, strict=True):
        if name not in used:
            kind = looks_like(name, column)
            if kind:
                found[name] = kind
    return found


def columns_not_loaded(
    personal: Mapping[str, Mapping[str, str]], variables: Mapping[str, Any]
) -> tuple[dict[str, dict[str, str]], list[str], list[Finding]]:
    """Return the personal columns that are not loaded, those loaded on request, and the errors in the request.

    Args: `personal` is from `personal_columns`; `variables` may have `load_personal_columns`: `all`, or a list of
    export.column.
    """
    request = variables.get(LOAD) or []
    known = tuple(f"{export_id}.{column}" for export_id, columns in personal.items() for column in columns)
    if request == ALL:
        return {}, list(known), []
    if not isinstance(request, list):
        return {}, [], [_wrong(f"vars: {LOAD} is {quoted(str(request))}", str(request), (ALL, *known))]
    asked = [str(name) for name in request]
    errors = [
        _wrong(f"vars: {LOAD} names {quoted(name)}, which is no column that looks like personal data", name, known)
        for name in asked
        if name not in known
    ]
    not_loaded = {
        export_id: {column: kind for column, kind in columns.items() if f"{export_id}.{column}" not in asked}
        for export_id, columns in personal.items()
    }
    return {export_id: columns for export_id, columns in not_loaded.items() if columns}, asked, errors


def nothing_loaded(directory: Path, codebook: Codebook, not_loaded: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    """Return an error for each export of which no column would be loaded: dbt cannot make a table without columns."""
    findings = []
    for export_id, columns in not_loaded.items():
        header = header_of_file(directory, codebook, export_id)
        if set(header) <= set(columns):
            problem = "each column looks like personal data and none is claimed, so nothing would be loaded"
            remedy = (
                "claim the columns with answers in seeds/codebook/questions.csv, name the column of the ids in "
                f"seeds/codebook/exports.csv, or load them with {LOAD}: all in dbt_project.yml"
            )
            findings.append(Finding(ERROR, codebook.path_of(export_id), problem, remedy, line=1))
    return findings


def note_of(name: str, export_id: str, columns: Mapping[str, str]) -> Finding:
    """Return the note about the columns of a file that are not loaded; `name` is the path of the file."""
    listed = shortened((f"{quoted(column)} ({kind})" for column, kind in columns.items()), most=30)
    return Finding(
        NOTE,
        name,
        f"not loaded, because the codebook does not claim it and it looks like personal data: {listed}",
        "nothing; it is even safer to remove such columns from the export. To load one nevertheless, name it in "
        f"{LOAD} in dbt_project.yml, as {export_id}.{next(iter(columns))}",
        line=1,
    )


def _wrong(problem: str, value: str, allowed: tuple[str, ...]) -> Finding:
    remedy = f"write {ALL}, or a list of export.column, here or in --vars"
    return Finding(ERROR, "dbt_project.yml", problem, remedy, value=value, allowed=allowed)


def _announced(header: str) -> str | None:
    """Return what the words of a header mean. Words end at signs and where a small letter meets a capital."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    words = re.findall(r"[a-z\u00e0-\u00ff]+", spaced.lower())
    text = f" {' '.join(words)} "
    for kind, phrases in _PHRASES.items():
        if any(f" {phrase} " in text for phrase in phrases) and _is_meant(kind, words):
            return kind
    return None


def _is_meant(kind: str, words: list[str]) -> bool:
    """Return whether the other words of a header leave the meaning as it is."""
    if kind == "free text":
        return not _CODES & set(words)
    if kind == "name":
        return not _NAMED_THINGS & set(words)
    is_count = ("number", "of") in pairwise(words)
    return not is_count


def _is_borne_out(kind: str, header: str, filled: _Filled) -> bool:
    """Return whether the cells may be what the header announces; a column of blank cells may be anything."""
    if not filled.total:
        return True
    if all(_TICK.fullmatch(cell.lower()) or cell.lower() in header.lower() for cell in filled):
        # The number of a house may be as short as the code of an answer.
        return kind == "postcode or address" and all(cell.isdigit() for cell in filled)
    if kind == "e-mail address":
        return any("@" in cell for cell in filled)
    if kind == "phone number":
        return any(_n_digits(cell) >= _FEWEST_DIGITS_OF_A_PHONE for cell in filled)
    if kind in ("IP address", "coordinates", "official number", "date of birth"):
        return any(map(_n_digits, filled))
    if kind == "free text":
        # Also if most cells repeat "None" or "No comment": the others are what people wrote.
        return any(" " in cell for cell in filled)
    if kind == "postcode or address":
        return any(map(_n_digits, filled)) or not filled.is_closed
    return True


def _n_digits(cell: str) -> int:
    return sum(map(str.isdigit, cell))


def _is_ip_address(cell: str) -> bool:
    # Most cells are none, and ip_address() takes much longer to say so.
    if not _SIGNS_OF_AN_IP_ADDRESS.fullmatch(cell):
        return False
    try:
        ipaddress.ip_address(cell)
    except ValueError:
        return False
    return True


def _is_phone_number(cell: str) -> bool:
    is_long = _n_digits(cell) >= _DIGITS_OF_A_WHOLE_PHONE
    return bool(_PHONE.fullmatch(cell)) and is_long and not _DECIMAL.fullmatch(cell)


def _is_sentence(cell: str) -> bool:
    return len(cell.split()) > _WORDS_OF_A_SENTENCE and not any(character.isdigit() for character in cell)


# One cell of these forms is enough.
_CLEAR_FORMS: dict[str, Callable[[str], object]] = {
    "e-mail address": _EMAIL.search,
    "official number": _NATIONAL_INSURANCE.search,
    "postcode or address": _POSTCODE_WITHIN.search,
    "phone number": _PHONE_WITHIN.search,
}

_FORMS: dict[str, Callable[[str], object]] = {
    "postcode or address": lambda cell: (
        _POSTCODE.fullmatch(cell) or _ZIP_PLUS_FOUR.fullmatch(cell) or _STREET.fullmatch(cell)
    ),
    "phone number": _is_phone_number,
    "IP address": _is_ip_address,
    "coordinates": _POINT.fullmatch,
    "free text": _is_sentence,
}
