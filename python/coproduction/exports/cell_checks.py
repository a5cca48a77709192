"""Cells that look right and are not: invisible characters, lookalikes, formulas, ids that a spreadsheet spoiled.

Only what would make two of one thing, or harm who opens a result, is refused or converted; in columns that nobody
reads it is noted. A file of plain ASCII without formulas costs one look at its text.
"""

import re
from collections.abc import Callable, Iterator

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.scales import Scale
from coproduction.exports.answer_checks import Export, known_answers
from coproduction.files import characters
from coproduction.files.file_checks import Change
from coproduction.files.finding import ERROR, Finding, quoted
from coproduction.files.reading import export_file

# A mistake of the whole column would otherwise print the whole file.
_MOST_IN_A_COLUMN = 3

# Anything that one of the checks below could find; without it no cell is looked at.
_WORTH_A_LOOK = re.compile(r"[^\t\n\r -~]|(?:^|[,;\t|\n\r\"])[ \t]*[=+@-]|\dE\+\d", re.MULTILINE)


def may_have_odd_cells(text: str) -> bool:
    """Say whether any check of this module could find something in the text of a file."""
    return bool(_WORTH_A_LOOK.search(text))


def refuse_odd_cells(export: Export) -> Iterator[Finding]:
    """Refuse cells of read columns that are damaged, formulas, or written in lookalikes of what the codebook lists."""
    if export.respondent_column:
        yield from _refused_identifiers(export)
    for column, known in _columns_with_answers(export).items():
        found = 0
        for cell, line in _distinct_cells(export, column):
            finding = None if found >= _MOST_IN_A_COLUMN else _refused_answer(export, column, cell, line, known)
            if finding:
                found += 1
                yield finding


def changes_of_cells(export: Export) -> tuple[list[Change], dict[tuple[int, int], str]]:
    """Return what a conversion does to ids and answers, and the new text of each cell by (row, column) from 0.

    An id loses its invisible characters; an answer does where the scale then knows it, and not otherwise.
    """
    done: list[Change] = []
    replaced: dict[tuple[int, int], str] = {}
    columns = _columns_with_answers(export) | ({export.respondent_column: None} if export.respondent_column else {})
    for column, known in columns.items():
        place = export.table.header.index(column)
        new_text = {}
        for cell in set(export.cells(column)):
            cleaned = characters.clean(cell)
            # Plain spaces at the ends of an id do not count.
            if known is None:
                is_changed = cleaned != " ".join(cell.strip(" ").split(" "))
            else:
                is_changed = characters.has_invisible(cell) and not known(cell) and known(cleaned)
            if is_changed:
                new_text[cell] = cleaned
        rows = [row for row, cell in enumerate(export.cells(column)) if cell in new_text]
        for row in rows:
            replaced[row, place] = new_text[export.table.rows[row][place]]
        if rows:
            cell = export.table.rows[rows[0]][place]
            what = "id" if known is None else "answer"
            problem = f"the {what} has {characters.spelled(cell)}, which nobody sees ({len(rows)} in this column)"
            done.append(Change(problem, f"invisible characters taken out of {len(rows)} cell(s)",
                               export.table.lines[rows[0]], column, cell))  # fmt: skip
    return done, replaced


def note_odd_cells(export: Export) -> Iterator[Finding]:
    """Tell of damaged cells and of formulas in the columns that nobody reads."""
    read = {row["column_name"] for row in export.questions} | {export.respondent_column}
    for column in [name for name in export.table.header if name not in read]:
        cells = export.cells(column)
        for is_odd, what, remedy in (
            (lambda cell: characters.find_damage(cell) is not None, "damaged characters",
             "nothing, as the column is not read; or export the file again"),
            (characters.is_formula, "what a spreadsheet would run as a formula",
             "nothing, as the column is not read and never published; do not open the file in a spreadsheet"),
        ):  # fmt: skip
            places = [place for place, cell in enumerate(cells) if is_odd(cell)]
            if places:
                yield export.note(
                    f"{len(places)} cell(s) hold {what}, the first in this line",
                    remedy,
                    line=export.table.lines[places[0]],
                    column=column,
                )


def _columns_with_answers(export: Export) -> dict[str, Callable[[str], bool]]:
    """Return for each claimed column a function that says whether a cell is listed, a number, or tolerated."""
    scales = export.codebook.scales()

    def knows(column: str, scale: Scale) -> Callable[[str], bool]:
        def known(cell: str) -> bool:
            tolerated = export.codebook.tolerated_share(export.export_id, column, normalise_label(cell))
            return tolerated is not None or bool(known_answers(scale, {cell}))

        return known

    return {row["column_name"]: knows(row["column_name"], scales[row["scale_id"]]) for row in export.questions}


def _distinct_cells(export: Export, column: str) -> Iterator[tuple[str, int]]:
    """Yield the distinct cells of a column, each with the line on which it stands first."""
    first: dict[str, int] = {}
    for cell, line in zip(export.cells(column), export.table.lines, strict=True):
        first.setdefault(cell, line)
    yield from first.items()


def _refused_answer(export: Export, column: str, cell: str, line: int, known: Callable[[str], bool]) -> Finding | None:
    damage = characters.find_damage(cell)
    # A spelling that the scale lists is an answer, whatever it looks like.
    if damage is None and (not (characters.is_formula(cell) or not cell.isascii()) or known(cell)):
        return None
    cleaned = characters.clean(cell)
    scale = export.codebook.scales()[next(row["scale_id"] for row in export.questions if row["column_name"] == column)]
    where = {"line": line, "column": column, "value": cell, "allowed": scale.allowed()}
    if damage is not None:
        problem = f"the answer has a damaged character, {characters.spelled(damage)}"
        return _error(export, problem, "correct the cell, or export the file again from the survey tool", **where)
    if known(cleaned):
        return None
    undone = characters.undo_double_encoding(cell)
    if undone != cell and known(undone):
        problem = f"the answer was {quoted(undone)} before UTF-8 was taken for Windows-1252"
        return _error(export, problem, "import the original file again, this time as UTF-8", **where)
    look = characters.skeleton(cell)
    if look != cell and known(look):
        problem = f"the answer only looks like {quoted(look)}: it has {characters.spelled(cell)}"
        return _error(export, problem, "write the answer in Latin letters", **where)
    if characters.is_formula(cell):
        problem = "a spreadsheet would run this answer as a formula, and the scale does not list it"
        return _error(export, problem, "correct the cell, or list it in seeds/codebook/answers.csv", **where)
    return None


def _refused_identifiers(export: Export) -> Iterator[Finding]:
    column = export.respondent_column
    distinct = [(cell.strip(" "), line) for cell, line in _distinct_cells(export, column)]
    plain = {cell for cell, _ in distinct if cell.isascii()}
    kinds = (
        (lambda cell: characters.find_damage(cell) is not None,
         "the id has a damaged character", "correct the id, or export the file again from the survey tool"),
        (characters.is_formula,
         "a spreadsheet would run this id as a formula", "give the respondent another id"),
        (characters.is_scientific,
         "a spreadsheet has cut this id to powers of ten: its last digits are lost",
         "export the file again, and do not save it in a spreadsheet before the column is formatted as text"),
        (lambda cell: cell not in plain and characters.skeleton(cell) in plain,
         "the id looks like another one in letters of another alphabet", "write both in Latin letters"),
    )  # fmt: skip
    for is_odd, problem, remedy in kinds:
        found = [
            (cell, line) for cell, line in distinct if is_odd(cell) and characters.clean(cell) not in plain - {cell}
        ]
        for cell, line in found[:_MOST_IN_A_COLUMN]:
            odd = characters.spelled(cell)
            more = f" ({odd})" if odd else ""
            how_many = f"; {len(found)} ids in all" if len(found) > 1 else ""
            yield _error(export, problem + more + how_many, remedy, line=line, column=column, value=cell)


def _error(export: Export, problem: str, remedy: str, **where: object) -> Finding:
    return Finding(ERROR, export_file(export.export_id), problem, remedy, **where)
