"""Checks that each label and sentence exists exactly once in every language. Each check yields findings."""

from collections import defaultdict
from collections.abc import Iterator

from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import ERROR, Finding

# The columns that identify a text in each table, in addition to the language. The last entry holds the text.
_TEXTS = (("labels", ("column_name", "id"), "label"), ("sentences", ("sentence_id",), "template"))


def check_wording(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a text that is blank, is given twice in one language, or is missing in one of the languages."""
    for table, key, text in _TEXTS:
        texts: dict[tuple[str, ...], dict[str, CodebookRow]] = defaultdict(dict)
        for row in codebook[table]:
            for column in (*key, "language", text):
                if row[column] == "":
                    yield _error(row, column, f"the {column} is blank", "fill it in, or delete the row")
            first = texts[tuple(row[column] for column in key)].setdefault(row["language"], row)
            if first is not row:
                problem = f"the {text} is given twice in this language, first in line {first.line}"
                yield _error(row, key[-1], problem, "delete one of the rows")
        yield from _missing(texts, codebook.ids(table, "language"), key[-1])


def check_decimals(codebook: Codebook) -> Iterator[Finding]:
    """Require decimals from 0 to 9, or a blank cell."""
    for row in codebook["labels"]:
        if row["decimals"] not in ("", *"0123456789"):
            yield _error(row, "decimals", "this is no whole number from 0 to 9", "write one digit, or leave it blank")


WORDING_CHECKS = (check_wording, check_decimals)


def _missing(
    texts: dict[tuple[str, ...], dict[str, CodebookRow]], languages: list[str], column: str
) -> Iterator[Finding]:
    for found in texts.values():
        for language in languages:
            if language not in found:
                row = next(iter(found.values()))
                yield _error(row, column, f"the text is missing in the language {language}", "add a row for it")


def _error(row: CodebookRow, column: str, problem: str, remedy: str) -> Finding:
    return Finding(ERROR, row.file, problem, remedy, row.line, column, row[column])
