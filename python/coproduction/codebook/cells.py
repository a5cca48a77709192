"""Cells of the codebook that dbt would not read as they look: spaces at the ends, invisible characters."""

import re

from coproduction.codebook.tables import codebook_file
from coproduction.files import characters
from coproduction.files.cleaning import Change
from coproduction.files.finding import ERROR, Finding
from coproduction.files.reading import CsvTable

# A spreadsheet runs a cell that begins with = @ + or -. Printed answers can begin with + or -, never with these two.
_FORMULA = re.compile(r"\s*[=@\uff1d\uff20]")


def changes_of_codebook_cells(
    table: str, content: CsvTable
) -> tuple[list[Finding], list[Change], dict[tuple[int, int], str]]:
    """Return the errors of a codebook file, the changes of a conversion, and the new cell texts by (row, column)."""
    found, done, replaced = [], [], {}
    for row, (line, cells) in enumerate(zip(content.lines, content.rows, strict=True)):
        for place, (column, cell) in enumerate(zip(content.header, cells, strict=True)):
            if cell.isascii() and cell.isprintable() and cell == cell.strip() and not cell.startswith(("=", "@")):
                continue
            where = {"line": line, "column": column, "value": cell}
            damage = characters.find_damage(cell)
            # Labels are compared in one spelling, which ignores extra spaces.
            tidied = cell if column == "answer_label" and cell.isascii() else characters.tidy(cell)
            if damage is not None:
                problem = f"the cell has a damaged character, {characters.spelled(damage)}"
                found.append(_error(table, problem, "type the cell again", where))
            elif _FORMULA.match(cell):
                problem = "a spreadsheet would run this cell as a formula, and reports show what the codebook says"
                found.append(_error(table, problem, "begin it with another character", where))
            elif tidied != cell:
                replaced[row, place] = tidied
                odd = characters.spelled(cell) if characters.has_invisible(cell) else ""
                problem = (
                    f"the cell has {odd}, which is invisible"
                    if odd
                    else "the cell has spaces around it: dbt would keep them"
                )
                done.append(Change(problem, f'written as "{tidied}"', line, column, cell))
    return found, done, replaced


def _error(table: str, problem: str, remedy: str, where: dict) -> Finding:
    return Finding(ERROR, codebook_file(table), problem, remedy, **where)
