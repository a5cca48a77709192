"""Checks that each label and sentence exists exactly once in every language. Each check yields findings."""

import re
from collections.abc import Iterator
from functools import partial

from coproduction.codebook.checks.row_errors import error_at, repeated_rows
from coproduction.codebook.tables import Codebook, CodebookRow, codebook_file
from coproduction.files.finding import ERROR, Finding, shortened

# The columns that identify a text in each table, in addition to the language. The last entry holds the text.
_TEXTS = (("labels", ("column_name", "id"), "label"), ("sentences", ("sentence_id",), "template"))

# rpt_pooled rounds each number by the decimals of its quantity; without them it would print no number.
_COLUMNS_WITH_DECIMALS = ("quantity_id",)

_LANGUAGE = re.compile(r"[A-Za-z]+(-[A-Za-z0-9]+)*")
_MOST_TEXTS_SHOWN = 20


def languages_of(codebook: Codebook) -> list[str]:
    """Return the languages in which the codebook has a label or a sentence, in the order of the files."""
    return list(dict.fromkeys(language for table, _, _ in _TEXTS for language in codebook.ids(table, "language")))


def check_wording(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a text that is blank, or is given twice in one language."""
    for table, key, text in _TEXTS:
        for row in codebook[table]:
            for column in (*key, "language", text):
                if row[column] == "":
                    yield error_at(row, column, f"the {column} is blank", "fill it in, or delete the row")
        for row, first in repeated_rows(codebook[table], partial(_id_of, key=(*key, "language"))):
            problem = f"the {text} is given twice in this language, first in line {first.line}"
            yield error_at(row, key[-1], problem, "delete one of the rows")


def check_languages(codebook: Codebook) -> Iterator[Finding]:
    """Require plain names of languages, and every text in each of them; one finding lists what a language lacks."""
    for table, _, _ in _TEXTS:
        for row in codebook[table]:
            if row["language"] and not _LANGUAGE.fullmatch(row["language"]):
                problem = "a language is written with letters, and perhaps digits after a hyphen"
                yield error_at(row, "language", problem, "write a code such as en, cy or en-GB")
    for language in languages_of(codebook):
        missing = {codebook_file(table): _missing(codebook, table, key, language) for table, key, _ in _TEXTS}
        texts = [text for of_file in missing.values() for text in of_file]
        if texts:
            files = " and ".join(file for file, of_file in missing.items() if of_file)
            shown = shortened(texts, _MOST_TEXTS_SHOWN)
            problem = f"{len(texts)} text(s) are missing in the language {language}: {shown}"
            remedy = "add a row in this language for each, or delete the rows in this language"
            yield Finding(ERROR, files, problem, remedy, column="language", value=language)


def check_numbers_of_labels(codebook: Codebook) -> Iterator[Finding]:
    """Require decimals from 0 to 9 or none, as the column needs; and in all languages a unit, or in none."""
    first_rows: dict[tuple[str, ...], CodebookRow] = {}
    for row in codebook["labels"]:
        first = first_rows.setdefault(_id_of(row, ("column_name", "id")), row)
        if row["decimals"] not in ("", *"0123456789"):
            yield error_at(row, "decimals", "this is no whole number from 0 to 9", "write one digit, or leave it blank")
        elif row["decimals"] == "" and row["column_name"] in _COLUMNS_WITH_DECIMALS:
            problem = f"the {row['column_name']} {row['id']} has no decimals, so its numbers could not be printed"
            yield error_at(row, "decimals", problem, "write how many decimals its numbers have, a digit from 0 to 9")
        elif row["decimals"] != first["decimals"]:
            problem = f"the same id has other decimals in line {first.line}"
            yield error_at(row, "decimals", problem, "write the same decimals in every language", [first["decimals"]])
        if (row["unit_label"] == "") != (first["unit_label"] == ""):
            problem = f"the same id has {'a' if first['unit_label'] else 'no'} unit in line {first.line}"
            yield error_at(row, "unit_label", problem, "give the unit in every language, or leave it blank in all")


WORDING_CHECKS = (check_wording, check_languages, check_numbers_of_labels)


def _id_of(row: CodebookRow, key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[column] for column in key)


def _missing(codebook: Codebook, table: str, key: tuple[str, ...], language: str) -> list[str]:
    """Return the texts of a table that a language lacks, each by its id: `measure_id population`, `not_tested`."""
    found = {_id_of(row, key) for row in codebook[table] if row["language"] == language}
    return [" ".join(text) for text in dict.fromkeys(_id_of(row, key) for row in codebook[table]) if text not in found]
