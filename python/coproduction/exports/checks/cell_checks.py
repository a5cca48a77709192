"""Finds cells that look right but are not: invisible characters, lookalikes, formulas, ids that a spreadsheet spoiled.

A cell is refused or converted if one answer or id would count as two, or if it could harm somebody who opens a result.
In columns that are not read it is only noted. In a file of plain ASCII without formulas no cell is looked at.
"""

from collections.abc import Callable, Iterator

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.numbers import number_text
from coproduction.codebook.scales import Scale
from coproduction.codebook.tables import ANY_ANSWER
from coproduction.exports.checks.answer_checks import Export, known_answers
from coproduction.files import characters
from coproduction.files.cleaning import Change
from coproduction.files.columns.column import Column
from coproduction.files.columns.odd_text import may_have_odd_cell
from coproduction.files.finding import Finding, quoted

# A limit, because a mistake in every cell of a column would otherwise print the whole file.
_MOST_IN_A_COLUMN = 3


def refuse_odd_cells(export: Export) -> Iterator[Finding]:
    """Refuse cells of read columns that are damaged, are formulas, or only look like what the codebook lists."""
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
    """Return what a conversion does to ids and answers, and the new text of each cell by (row, column), from 0.

    Invisible characters are removed from an id, and from an answer if the scale then knows it.
    """
    done: list[Change] = []
    replaced: dict[tuple[int, int], str] = {}
    columns = _columns_with_answers(export) | ({export.respondent_column: None} if export.respondent_column else {})
    for column, known in columns.items():
        place = export.table.header.index(column)
        cells = export.cells(column)
        new_text = {}
        for cell in cells.distinct() if _may_be_cleaned(cells) else ():
            cleaned = characters.clean(cell)
            # Plain spaces at the ends of an id make no difference.
            if known is None:
                is_changed = cleaned != " ".join(cell.strip(" ").split(" "))
            else:
                is_changed = characters.has_invisible(cell) and not known(cell) and known(cleaned)
            if is_changed:
                new_text[cell] = cleaned
        rows = [row for row, cell in enumerate(cells) if cell in new_text] if new_text else []
        for row in rows:
            replaced[row, place] = new_text[cells[row]]
        if rows:
            cell = cells[rows[0]]
            what = "id" if known is None else "answer"
            problem = f"the {what} has {characters.spelled(cell)}, which nobody sees ({len(rows)} in this column)"
            done.append(Change(problem, f"invisible characters taken out of {len(rows)} cell(s)",
                               export.table.lines[rows[0]], column, cell))  # fmt: skip
    return done, replaced


def note_odd_cells(export: Export) -> Iterator[Finding]:
    """Note damaged cells and formulas in the columns that are not read."""
    read = {*export.codebook.columns_used(export.export_id), export.respondent_column}
    for column in [name for name in export.table.header if name not in read]:
        cells = export.cells(column)
        if not may_have_odd_cell(cells):
            continue
        for is_odd, what, remedy in (
            (lambda cell: characters.find_damage(cell) is not None, "damaged characters",
             "nothing, as the column is not read; or export the file again"),
            (characters.is_formula, "what a spreadsheet would run as a formula",
             "nothing, as the column is not read and never published; do not open the file in a spreadsheet"),
        ):  # fmt: skip
            n_odd = sum(n_cells for cell, n_cells in cells.counts().items() if is_odd(cell))
            if n_odd:
                yield export.note(
                    f"{n_odd} cell(s) hold {what}, the first in this line",
                    remedy,
                    line=export.table.lines[cells.first(is_odd)],
                    column=column,
                )


def _columns_with_answers(export: Export) -> dict[str, Callable[[str], bool]]:
    """Return for each claimed column a function that returns whether a cell is listed, a number, or tolerated."""
    scales = export.scales

    def knows(column: str, scale: Scale, number_format: str) -> Callable[[str], bool]:
        def known(cell: str) -> bool:
            label = normalise_label(cell)
            tolerated = export.codebook.tolerated_share(export.export_id, column, label)
            spellings = {cell, number_text(label, number_format)} if number_format else {cell}
            return tolerated is not None or bool(known_answers(scale, spellings))

        return known

    whole = {
        row["column_name"]: knows(row["column_name"], scales[row["scale_id"]], row["number_format"])
        for row in export.questions
        if not row["option"]
    }
    return whole | {
        row["source_column"]: _knows_parts(export, row["source_column"], row["separator"])
        for row in export.questions
        if row["option"]
    }


def _knows_parts(export: Export, column: str, separator: str) -> Callable[[str], bool]:
    """Return a function that returns whether each answer of a cell is an option or a label of an empty cell.

    With the option *, an answer in people's own words is known too, unless it only looks like one of the options.
    """
    rows = [row for row in export.questions if row["source_column"] == column]
    listed = {normalise_label(row["option"]) for row in rows}
    listed |= {"", *export.codebook.blank_labels(rows[0]["scale_id"])}

    def is_known(part: str) -> bool:
        if normalise_label(part) in listed:
            return True
        likely = (characters.clean(part), characters.undo_double_encoding(part), characters.skeleton(part))
        return ANY_ANSWER in listed and not any(normalise_label(text) in listed for text in likely)

    return lambda cell: all(is_known(part) for part in (cell.split(separator) if separator else [cell]))


def _may_be_cleaned(cells: Column) -> bool:
    """Return whether a cell may have an invisible character, or other white space than single spaces."""
    texts = (text.replace("\0", "") for text in cells.texts())
    return any(not text.isascii() or not text.isprintable() or "  " in text for text in texts)


def _distinct_cells(export: Export, column: str) -> Iterator[tuple[str, int]]:
    """Yield the distinct cells of a column, each with the first line that has it."""
    for cell, place in export.cells(column).first_places().items():
        yield cell, export.table.lines[place]


def _refused_answer(export: Export, column: str, cell: str, line: int, known: Callable[[str], bool]) -> Finding | None:
    wrong = _wrong_answer(cell, known)
    if wrong is None:
        return None
    scale = export.scales[next(row["scale_id"] for row in export.questions if row["source_column"] == column)]
    return export.error(*wrong, line=line, column=column, value=cell, allowed=scale.allowed())


def _wrong_answer(cell: str, known: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the problem and the remedy of an answer that has to be corrected by hand; None if it need not be."""
    damage = characters.find_damage(cell)
    if damage is not None:
        problem = f"the answer has a damaged character, {characters.spelled(damage)}"
        return problem, "correct the cell, or export the file again from the survey tool"
    # A spelling that the scale lists is an answer, whatever it looks like. A conversion cleans the cell if that helps.
    is_plain = cell.isascii() and not characters.is_formula(cell)
    if is_plain or known(cell) or known(characters.clean(cell)):
        return None
    undone = characters.undo_double_encoding(cell)
    if undone != cell and known(undone):
        problem = f"the answer was {quoted(undone)} before its UTF-8 was read as Windows-1252"
        return problem, "import the original file again, this time as UTF-8"
    look = characters.skeleton(cell)
    if look != cell and known(look):
        problem = f"the answer only looks like {quoted(look)}: it has {characters.spelled(cell)}"
        return problem, "write the answer in Latin letters"
    if characters.is_formula(cell):
        problem = "a spreadsheet would run this answer as a formula, and the scale does not list it"
        return problem, "correct the cell, or list it in seeds/codebook/answers.csv"
    return None


def _refused_identifiers(export: Export) -> Iterator[Finding]:
    column = export.respondent_column
    if not may_have_odd_cell(export.cells(column)):
        return
    distinct = [(cell.strip(" "), line) for cell, line in _distinct_cells(export, column)]
    plain = {cell for cell, _ in distinct if cell.isascii()}
    for is_odd, problem, remedy in _odd_identifiers(plain):
        found = [
            (cell, line) for cell, line in distinct if is_odd(cell) and characters.clean(cell) not in plain - {cell}
        ]
        for cell, line in found[:_MOST_IN_A_COLUMN]:
            odd = characters.spelled(cell)
            more = f" ({odd})" if odd else ""
            how_many = f"; {len(found)} ids in all" if len(found) > 1 else ""
            yield export.error(problem + more + how_many, remedy, line=line, column=column, value=cell)


def _odd_identifiers(plain: set[str]) -> tuple[tuple[Callable[[str], bool], str, str], ...]:
    """Return what may be wrong with an id: a function that finds it, the problem, the remedy.

    ``plain`` has the ids of the column that are written in ASCII.
    """
    return (
        (lambda cell: characters.find_damage(cell) is not None,
         "the id has a damaged character", "correct the id, or export the file again from the survey tool"),
        (characters.is_formula,
         "a spreadsheet would run this id as a formula", "give the respondent another id"),
        (characters.is_scientific,
         "a spreadsheet has rounded this id to powers of ten, so its last digits are lost",
         "export the file again, and do not save it in a spreadsheet before the column is formatted as text"),
        (lambda cell: cell not in plain and characters.skeleton(cell) in plain,
         "the id looks like another one but has letters of another alphabet", "write both in Latin letters"),
    )  # fmt: skip
