"""Notes about the rows of an export, before the build. Only the gate inside the build decides about answers.

Every check takes one export and yields notes. ANSWER_CHECKS lists the checks in the order of their notes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.scales import Scale
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import ERROR, NOTE, Finding, quoted, shortened
from coproduction.files.reading import CsvTable, export_file

# Limits, because a wrong respondent column or scale would otherwise print the whole file.
_MOST_RESPONDENTS = 10
_MOST_LABELS = 10


@dataclass(frozen=True)
class Export:
    """One export that can be read, and what the codebook says about it. Every claimed column is in its header."""

    export_id: str
    table: CsvTable
    respondent_column: str
    questions: list[CodebookRow]
    codebook: Codebook

    def cells(self, column: str) -> list[str]:
        """Return the cells of a column, from the first data row to the last."""
        position = self.table.header.index(column)
        return [row[position] for row in self.table.rows]

    def note(
        self,
        problem: str,
        remedy: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        allowed: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding about this export that does not stop the build."""
        return Finding(NOTE, export_file(self.export_id), problem, remedy, line, column, value, allowed)

    def error(
        self, problem: str, remedy: str, *, line: int, column: str, value: str, allowed: tuple[str, ...] = ()
    ) -> Finding:
        """Return a finding about a cell of this export that stops the build."""
        return Finding(ERROR, export_file(self.export_id), problem, remedy, line, column, value, allowed)


def check_answers(export: Export) -> list[Finding]:
    """Run every check. An empty list means that every answer is known and every respondent has one row."""
    return [finding for check in ANSWER_CHECKS for finding in check(export)]


def note_no_rows(export: Export) -> Iterator[Finding]:
    """Note a file that has only a header: it can be built, but gives no result."""
    if not export.table.rows:
        yield export.note("the file has a header and no data rows", "nothing, if the fieldwork has not begun", line=1)


def note_unclaimed_columns(export: Export) -> Iterator[Finding]:
    """List the columns without a question: their cells are counted but not read."""
    claimed = {row["column_name"] for row in export.questions} | {export.respondent_column}
    unclaimed = [name for name in export.table.header if name not in claimed]
    if unclaimed:
        verb = "column is" if len(unclaimed) == 1 else "columns are"
        yield export.note(
            f"{len(unclaimed)} {verb} not in questions.csv and will not be read: "
            f"{shortened(map(quoted, unclaimed), most=30)}",
            "nothing, or add rows to seeds/codebook/questions.csv",
            line=1,
        )


def note_respondents(export: Export) -> Iterator[Finding]:
    """Note blank respondent ids, and respondents with several rows: identical or conflicting in claimed columns."""
    if not export.respondent_column:
        return
    identifiers = [cell.strip(" ") for cell in export.cells(export.respondent_column)]
    yield from _blank_identifiers(export, identifiers)
    places = defaultdict(list)
    for place, identifier in enumerate(identifiers):
        if identifier:
            places[identifier].append(place)
    repeated = {identifier: found for identifier, found in places.items() if len(found) > 1}
    for identifier in list(repeated)[:_MOST_RESPONDENTS]:
        yield _repeated_respondent(export, identifier, repeated[identifier])
    if len(repeated) > _MOST_RESPONDENTS:
        yield export.note(
            f"{len(repeated) - _MOST_RESPONDENTS} more respondents have several rows, {len(repeated)} in all",
            "check that respondent_column in seeds/codebook/exports.csv names the right column",
            column=export.respondent_column,
        )


def note_unknown_answers(export: Export) -> Iterator[Finding]:
    """List answers that are not in the scale and numbers outside its range, with the first line and their number."""
    scales = export.codebook.scales()
    for question in export.questions:
        column = question["column_name"]
        cells = export.cells(column)
        known = known_answers(scales[question["scale_id"]], set(cells))
        unknown = Counter(cell for cell in cells if cell not in known)
        for label, n_answers in unknown.most_common(_MOST_LABELS):
            line = export.table.lines[cells.index(label)]
            yield _unknown_answer(export, column, scales[question["scale_id"]], label, n_answers, line)
        if len(unknown) > _MOST_LABELS:
            yield export.note(
                f"{len(unknown) - _MOST_LABELS} more answers are not in the scale {question['scale_id']}",
                "check that questions.csv gives the column the right scale",
                column=column,
            )


ANSWER_CHECKS = (note_no_rows, note_unclaimed_columns, note_respondents, note_unknown_answers)


def _blank_identifiers(export: Export, identifiers: list[str]) -> Iterator[Finding]:
    n_blank = identifiers.count("")
    if n_blank:
        yield export.note(
            f"{n_blank} {'row has' if n_blank == 1 else 'rows have'} no respondent id, the first in this line: "
            "kept and flagged, but nobody can know whether they are duplicates",
            "ask the council for the ids, if it has them",
            line=export.table.lines[identifiers.index("")],
            column=export.respondent_column,
        )


def _repeated_respondent(export: Export, identifier: str, places: list[int]) -> Finding:
    """Return a note on how many rows a respondent has, and whether they agree in every claimed column."""
    claimed = [export.table.header.index(row["column_name"]) for row in export.questions]
    contents = {tuple(normalise_label(export.table.rows[place][column]) for column in claimed) for place in places}
    lines = ", ".join(str(export.table.lines[place]) for place in places)
    if len(contents) == 1:
        fate, remedy = "identical in the claimed columns: one is kept", "nothing, or delete the copies"
    else:
        fate, remedy = "conflicting in the claimed columns: all are excluded", "keep the right row, delete the others"
    return export.note(
        f"a respondent has {len(places)} rows, lines {lines}, {fate}",
        remedy,
        line=export.table.lines[places[0]],
        column=export.respondent_column,
        value=identifier,
    )


def known_answers(scale: Scale, cells: set[str]) -> set[str]:
    """Return the cells that are blank, listed in the scale, or numbers within its range."""
    listed = scale.normalised_labels() | {""}
    known = set()
    for cell in cells:
        normalised = normalise_label(cell)
        number = scale.number_of(normalised)
        if normalised in listed or (number is not None and scale.is_in_range(number)):
            known.add(cell)
    return known


def _unknown_answer(export: Export, column: str, scale: Scale, label: str, n_answers: int, line: int) -> Finding:
    number = scale.number_of(normalise_label(label))
    what = (
        f"not in the scale {scale.scale_id}" if number is None else f"outside the range of the scale {scale.scale_id}"
    )
    n_rows = len(export.table.rows)
    tolerated = export.codebook.tolerated_share(export.export_id, column, normalise_label(label))
    if tolerated is None:
        remedy = (
            "the build will stop here: correct the cell, or add the label to seeds/codebook/answers.csv, or an "
            "exception with a reason to seeds/codebook/tolerated_answers.csv"
        )
    else:
        remedy = f"nothing while it is in at most {tolerated:.1%} of the rows (tolerated_answers.csv)"
    return export.note(
        f"an answer is {what}; {n_answers:,} of {n_rows:,} rows, the first in this line",
        remedy,
        line=line,
        column=column,
        value=label,
        allowed=scale.allowed(),
    )
