"""Recognises unclaimed columns that look like personal data; by default they are not loaded into the warehouse.

A column is recognised by words in its header or by the form of its cells, so some columns are recognised wrongly. Not
loading such a column does no harm, because an unclaimed column is in no result. ``load_personal_columns`` loads it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from coproduction.codebook.tables import Codebook
from coproduction.files.finding import ERROR, NOTE, Finding, quoted, shortened
from coproduction.files.reading import CsvTable, UnreadableExportError, export_file, read_table

LOAD = "load_personal_columns"
ALL = "all"

# What a column looks like, with the words of a header, in small letters, that show it.
_WORDS = {
    "e-mail address": ("email", "mail"),
    "postcode or address": ("postcode", "postal", "zip", "address", "street", "uprn"),
    "phone number": ("phone", "telephone", "mobile", "tel", "fax"),
    "IP address": ("ip", "ipaddress"),
    "name": ("surname", "forename", "firstname", "lastname", "fullname", "name"),
    "date of birth": ("dob", "birth", "birthday", "birthdate"),
    "coordinates": ("latitude", "longitude", "lat", "lon", "lng", "easting", "northing", "coordinates", "gps"),
    "official number": ("nhs", "nino", "passport"),
    "free text": ("comment", "comments", "verbatim", "freetext", "remarks", "sylwadau", "suggestions"),
}
# Pairs of words that mean this only together.
_PAIRS = {("free", "text"): "free text", ("open", "text"): "free text", ("post", "code"): "postcode or address"}
# With one of these words in the header, the words above mean something else, such as the code of a comment.
_CODES = frozenset({"code", "coded", "type", "number", "flag", "band"})

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", re.IGNORECASE)
_PHONE = re.compile(r"(\+|0)[0-9 ()./-]{8,}")
_POINT = re.compile(r"-?[0-9]{1,3}\.[0-9]{3,}[ ,;]+-?[0-9]{1,3}\.[0-9]{3,}")
# A cell with more words than this is a sentence.
_WORDS_OF_A_SENTENCE = 4


def looks_like(header: str, cells: Iterable[str]) -> str | None:
    """Return what a column looks like, such as `e-mail address`; None if it does not look personal.

    Args: `header` is the column's name; `cells` its cells as text, including blank ones. A form is recognised if half
    of the cells that are not blank have it; for an e-mail address one cell is enough.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    by_header = _announced(header)
    if by_header == "free text" and filled and not any(" " in cell for cell in filled):
        # The cells are codes, although the header says free text.
        by_header = None
    if by_header:
        return by_header
    if any(_EMAIL.search(cell) for cell in filled):
        return "e-mail address"
    for kind, has_form in _FORMS.items():
        if filled and 2 * sum(bool(has_form(cell)) for cell in filled) >= len(filled):
            return kind
    return None


def personal_columns(directory: Path, codebook: Codebook, export_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what the unclaimed columns look like that look like personal data, by export and column.

    A file that cannot be read gives no columns; the check reports it.
    """
    found: dict[str, dict[str, str]] = {}
    respondent_columns = {row["export_id"]: row["respondent_column"] for row in codebook["exports"]}
    for export_id in export_ids:
        try:
            table = read_table(Path(directory) / export_file(export_id))
        except (OSError, UnreadableExportError):
            continue
        claimed = {row["column_name"] for row in codebook.questions_of(export_id)}
        of_export = _of_table(table, claimed | {respondent_columns.get(export_id, "")})
        if of_export:
            found[export_id] = of_export
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


def nothing_loaded(directory: Path, not_loaded: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    """Return an error for each export of which no column would be loaded: dbt cannot make a table without columns."""
    findings = []
    for export_id, columns in not_loaded.items():
        header = read_table(directory / export_file(export_id)).header
        if set(header) <= set(columns):
            problem = "each column looks like personal data and none is claimed, so nothing would be loaded"
            remedy = (
                "claim the columns with answers in seeds/codebook/questions.csv, name the column of the ids in "
                f"seeds/codebook/exports.csv, or load them with {LOAD}: all in dbt_project.yml"
            )
            findings.append(Finding(ERROR, export_file(export_id), problem, remedy, line=1))
    return findings


def note_of(export_id: str, columns: Mapping[str, str]) -> Finding:
    """Return the note about the columns of an export that are not loaded."""
    listed = shortened((f"{quoted(column)} ({kind})" for column, kind in columns.items()), most=30)
    return Finding(
        NOTE,
        export_file(export_id),
        f"not loaded, because the codebook does not claim it and it looks like personal data: {listed}",
        "nothing; it is even safer to remove such columns from the export. To load one nevertheless, name it in "
        f"{LOAD} in dbt_project.yml, as {export_id}.{next(iter(columns))}",
        line=1,
    )


def _wrong(problem: str, value: str, allowed: tuple[str, ...]) -> Finding:
    remedy = f"write {ALL}, or a list of export.column, here or in --vars"
    return Finding(ERROR, "dbt_project.yml", problem, remedy, value=value, allowed=allowed)


def _of_table(table: CsvTable, claimed: set[str]) -> dict[str, str]:
    found = {}
    for place, name in enumerate(table.header):
        if name not in claimed:
            kind = looks_like(name, (row[place] for row in table.rows if place < len(row)))
            if kind:
                found[name] = kind
    return found


def _announced(header: str) -> str | None:
    """Return what the words of a header mean. Words end at signs and where a small letter meets a capital."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    words = re.findall(r"[a-zà-ÿ]+", spaced.lower())
    for pair, kind in _PAIRS.items():
        if pair in pairwise(words):
            return kind
    if _CODES & set(words):
        return None
    return next((kind for kind, known in _WORDS.items() if set(known) & set(words)), None)


def _is_ip_address(cell: str) -> bool:
    try:
        ipaddress.ip_address(cell)
    except ValueError:
        return False
    return True


def _is_phone_number(cell: str) -> bool:
    return bool(_PHONE.fullmatch(cell)) and sum(character.isdigit() for character in cell) >= 10


def _is_sentence(cell: str) -> bool:
    return len(cell.split()) > _WORDS_OF_A_SENTENCE and not any(character.isdigit() for character in cell)


_FORMS: dict[str, Callable[[str], object]] = {
    "postcode or address": _POSTCODE.fullmatch,
    "phone number": _is_phone_number,
    "IP address": _is_ip_address,
    "coordinates": _POINT.fullmatch,
    "free text": _is_sentence,
}
