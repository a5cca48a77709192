"""A second file beside the answers: a table of the wordings of columns, of the words of their codes, or of both.

It has one row for each column or one for each code, and a column's name may stand in the first of its rows alone. The
codes of a column may also stand in one cell, as in "1 = Yes; 2 = No".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.recognition.answers.code_lists import listed_codes
from coproduction.drafting.recognition.answers.printed_answers import missing_kind
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile

# A file of words names at least this share of its columns as the survey names its own.
_KNOWN_NAMES = 0.5
# A column of it has lists of codes, or codes, if this share of its cells are some.
_MOST_OF_THEM = 0.5


def explain_by_table(survey: SurveyFile, table: SurveyFile) -> bool:
    """Give the columns of a survey the wordings or the words of codes that a table has; False if it has none."""
    by_name = {normalise_label(column.name): column for column in survey.columns}
    names, others = _names_and_others(table.columns, by_name)
    if names is None:
        return False
    codes = _column_of_codes(names, others, by_name) if len(set(names)) < len(names) else None
    if codes is not None:
        _give_labels(names, codes, others, by_name)
        return True
    lists = next((column for column in others if _has_lists(column)), None)
    texts = max(
        (column for column in others if column is not lists and _has_words(column)),
        key=lambda column: sum(map(len, column.cells)),
        default=None,
    )
    if texts is None and lists is None:
        return False
    for place, name in enumerate(names):
        column = by_name.get(name)
        if column is None:
            continue
        if texts is not None and texts.cells[place].strip():
            column.wording = texts.cells[place].strip()
        if lists is not None:
            _give_words(column, listed_codes(lists.cells[place]))
    return True


def _names_and_others(
    columns: Sequence[SurveyColumn], by_name: dict[str, SurveyColumn]
) -> tuple[list[str] | None, list[SurveyColumn]]:
    """Return the names of columns that a table explains, row by row, and its other columns; None if it names none."""
    named = [[normalise_label(cell) for cell in column.cells] for column in columns]
    known = [len(set(cells) & set(by_name)) for cells in named]
    best = max(range(len(columns)), key=lambda place: known[place], default=None)
    if best is None or known[best] < _KNOWN_NAMES * max(1, len(set(named[best]) - {""})):
        return None, []
    return _filled_down(named[best]), [column for place, column in enumerate(columns) if place != best]


def _filled_down(cells: Sequence[str]) -> list[str]:
    """Return cells in which a blank one repeats the cell above it."""
    filled: list[str] = []
    for cell in cells:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _column_of_codes(
    names: Sequence[str], others: Sequence[SurveyColumn], by_name: dict[str, SurveyColumn]
) -> SurveyColumn | None:
    """Return the column of a table whose cells are those of the survey's columns, None if there is none."""
    seen = {name: {_code(key) for key in by_name[name].keys} for name in set(names) if name in by_name}
    shares = {
        place: sum(_code(cell) in seen.get(name, set()) for name, cell in zip(names, column.cells, strict=True) if cell)
        / len(names)
        for place, column in enumerate(others)
    }
    best = max(shares, key=lambda place: shares[place], default=None)
    return others[best] if best is not None and shares[best] >= _MOST_OF_THEM else None


def _give_labels(
    names: Sequence[str], codes: SurveyColumn, others: Sequence[SurveyColumn], by_name: dict[str, SurveyColumn]
) -> None:
    """Replace codes by the words that a table with a row for each code gives them, and take over its wordings."""
    texts = [column for column in others if column is not codes]
    n_rows = Counter(names)
    # The words of codes differ from row to row; a wording stands once, or is the same in all rows of a column.
    n_different = [len(set(zip(names, column.cells, strict=True)) - {(name, "") for name in names}) for column in texts]
    labels = texts[max(range(len(texts)), key=lambda place: n_different[place])] if texts else None
    if labels is None:
        return
    for name in n_rows:
        column = by_name.get(name)
        rows = [place for place, other in enumerate(names) if other == name]
        if column is None:
            continue
        _give_words(column, {codes.cells[place]: labels.cells[place] for place in rows if codes.cells[place].strip()})
        wordings = [text.cells[rows[0]].strip() for text in texts if text is not labels]
        longest = max(wordings, key=len, default="")
        column.wording = longest if " " in longest else column.wording


def _give_words(column: SurveyColumn, labels: dict[str, str]) -> None:
    """Replace the codes of a column that have words, if no two valid ones have the same; other cells stay."""
    words = {_code(code): label.strip() for code, label in labels.items() if label.strip()}
    valid = [word for word in words.values() if not missing_kind(word)]
    if len(set(valid)) < len(valid) or not set(words) & {_code(key) for key in column.keys}:
        return
    column.cells = [words.get(_code(cell), cell) for cell in column.cells]
    column.answers = tuple(dict.fromkeys(words.values()))
    column.forget()


def _has_words(column: SurveyColumn) -> bool:
    """Return whether a column has texts: one of numbers is a table of results."""
    return sum(any(map(str.isalpha, cell)) for cell in column.filled) >= _MOST_OF_THEM * max(1, len(column.filled))


def _has_lists(column: SurveyColumn) -> bool:
    cells = [cell for cell in column.cells if cell.strip()]
    return bool(cells) and sum(len(listed_codes(cell)) > 1 for cell in cells) >= _MOST_OF_THEM * len(cells)


def _code(text: str) -> str:
    return normalise_label(text).removesuffix(".0")
