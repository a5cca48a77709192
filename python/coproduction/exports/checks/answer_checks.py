"""One export that can be read, and the answers in it that the codebook does not allow.

The gate inside the build judges the answers by the same rules, so the check refuses before a build what the gate would
stop.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.scales import Scale
from coproduction.codebook.tables import TICKED, Codebook, CodebookRow
from coproduction.exports.derived_cells import Blanks, Condition, DerivedCells, answers_beside_ticks, derive_cells
from coproduction.files.columns.column import Column
from coproduction.files.columns.column_table import ColumnTable, column_table
from coproduction.files.finding import ERROR, NOTE, Finding, meant, quoted, shortened
from coproduction.files.reading import CsvTable

# More unknown answers in one column mean that the column has the wrong scale, so they are one mistake.
_MOST_LABELS = 10

_CORRECT = (
    "correct the cells, or add the label to seeds/codebook/answers.csv, or an exception with a reason to "
    "seeds/codebook/tolerated_answers.csv"
)


@dataclass(frozen=True)
class Export:
    """One export that can be read, and what the codebook says about it. Every claimed column is in its header."""

    export_id: str
    file: str
    table: ColumnTable
    respondent_column: str
    questions: list[CodebookRow]
    codebook: Codebook
    number_formats: dict[str, str] = field(default_factory=dict)
    _derived: dict[str, DerivedCells] = field(default_factory=dict)

    @cached_property
    def scales(self) -> dict[str, Scale]:
        """Every scale of the codebook, by scale_id: made once, because each question of an export asks for its own."""
        return self.codebook.scales()

    @cached_property
    def conditions(self) -> dict[str, CodebookRow]:
        """The first question that claims a whole column of the file, by that column."""
        return {row["source_column"]: row for row in reversed(self.questions) if not row["option"]}

    def cells(self, column: str) -> Column:
        """Return the cells of a column of the file, from the first data row to the last."""
        return self.table.column(column)

    def answers(self, question: CodebookRow) -> Column:
        """Return what the cells of a question say in each row, '' where it was not put to the respondent."""
        return self.derived(question).labels

    def derived(self, question: CodebookRow) -> DerivedCells:
        """Return what the cells of a question say, and to whom it was put."""
        name = question["column_name"]
        if name not in self._derived:
            scale = self.scales[question["scale_id"]]
            number_format = question["number_format"] or self.number_formats.get(name)
            blanks = Blanks(
                is_answer=self.codebook.blank_kind(question["scale_id"]) == "valid",
                labels=self.codebook.blank_labels(question["scale_id"]),
            )
            listed = scale.normalised_labels()
            self._derived[name] = derive_cells(
                question, self.questions, self.cells, number_format, listed, blanks, self._condition(question)
            )
        return self._derived[name]

    def _condition(self, question: CodebookRow) -> Condition:
        before = self.conditions.get(question["asked_when_column"])
        if before is None:
            return Condition()
        is_tick_box = self.codebook.blank_kind(before["scale_id"]) == "valid"
        return Condition(self.codebook.blank_labels(before["scale_id"]), self.derived(before).was_asked, is_tick_box)

    @cached_property
    def identifiers(self) -> Column:
        """The id of the respondent in each row, '' where there is none; no rows where no column has the ids."""
        if not self.respondent_column:
            return Column.of([])
        cells = self.cells(self.respondent_column)
        has_spaces = any(" " in text for text in cells.texts())
        return cells.map(lambda cell: cell.strip(" ")) if has_spaces else cells

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
        return Finding(NOTE, self.codebook.path_of(self.file), problem, remedy, line, column, value, allowed)

    def error(
        self,
        problem: str,
        remedy: str,
        *,
        line: int,
        column: str | None = None,
        value: str | None = None,
        allowed: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding about cells of this export that stops the build."""
        return Finding(ERROR, self.codebook.path_of(self.file), problem, remedy, line, column, value, allowed)


def export_of(codebook: Codebook, export_id: str, table: ColumnTable | CsvTable) -> Export:
    """Return an export with what the codebook says about it. Every claimed column must be in its header."""
    description = codebook.export(export_id)
    questions = codebook.questions_of(export_id)
    table = column_table(table) if isinstance(table, CsvTable) else table
    return Export(export_id, codebook.file_of(export_id), table, description["respondent_column"], questions, codebook)


@dataclass(frozen=True)
class UnknownAnswer:
    """An answer in one column that its scale does not allow: the label as printed first, how often, in which line."""

    column: str
    scale: Scale
    label: str
    n_answers: int
    line: int
    tolerated_share: float | None

    def is_tolerated(self, n_rows: int) -> bool:
        """Return whether the codebook allows the label in so many of the rows, as the gate decides it."""
        return self.tolerated_share is not None and self.n_answers <= self.tolerated_share * n_rows


def judge_answers(export: Export, reported: Collection[tuple[str | None, str | None]] = ()) -> list[Finding]:
    """Return an error for each answer outside its scale, and a note for each one that is tolerated.

    ``reported`` has the columns and cells that another check has refused already. One answer in many columns, and many
    answers in one column, are one finding.
    """
    errors: dict[tuple[str, str], list[UnknownAnswer]] = defaultdict(list)
    findings = []
    for question in export.questions:
        unknown = list(_unknown_answers(export, question, reported))
        n_rows = export.table.n_rows
        findings += [_tolerated(export, answer) for answer in unknown if answer.is_tolerated(n_rows)]
        refused = [answer for answer in unknown if not answer.is_tolerated(n_rows)]
        if len(refused) > _MOST_LABELS:
            findings.append(_wrong_scale(export, refused))
            continue
        for answer in refused:
            # The printed spelling matters, because one of two spellings may be found by another check.
            errors[answer.scale.scale_id, answer.label].append(answer)
    return findings + [_unknown(export, answers) for answers in errors.values()]


def known_answers(scale: Scale, cells: set[str]) -> set[str]:
    """Return the cells that are blank, listed in the scale, or numbers within its range."""
    listed = scale.normalised_labels() | {""}
    known = set()
    for cell in cells:
        normalised = normalise_label(cell)
        number = scale.number_of(normalised)
        if normalised in listed or scale.has_catch_all or (number is not None and scale.is_in_range(number)):
            known.add(cell)
    return known


def _unknown_answers(
    export: Export, question: CodebookRow, reported: Collection[tuple[str | None, str | None]]
) -> Iterator[UnknownAnswer]:
    """Yield the answers of a column that its scale does not allow, the most frequent first."""
    column, scale = question["column_name"], export.scales[question["scale_id"]]
    cells = answers_beside_ticks(question, export.questions, export.cells, export.answers(question))
    counts = cells.counts()
    known = known_answers(scale, set(counts))
    if question["option"]:
        # The scale may list, as `1` for ticked, what is a code of another option in this cell.
        known &= {"", TICKED}
    unknown = {cell: n_cells for cell, n_cells in counts.most_common() if cell not in known}
    first = cells.first_places(among=unknown)
    # All spellings of a label are one answer, for the limit of the tolerated share as well.
    n_by_label: Counter[str] = Counter()
    spellings_of: dict[str, list[str]] = defaultdict(list)
    for cell, n_cells in unknown.items():
        n_by_label[normalise_label(cell)] += n_cells
        spellings_of[normalise_label(cell)].append(cell)
    for label, n_answers in n_by_label.most_common():
        spellings = [cell for cell in spellings_of[label] if (column, cell) not in reported]
        if spellings:
            line = export.table.lines[first[spellings[0]]]
            share = export.codebook.tolerated_share(export.export_id, column, label)
            yield UnknownAnswer(column, scale, spellings[0], n_answers, line, share)


def _what(answer: UnknownAnswer) -> str:
    number = answer.scale.number_of(normalise_label(answer.label))
    where = "not in the scale" if number is None else "outside the range of the scale"
    return f"{where} {answer.scale.scale_id}"


def _unknown(export: Export, answers: list[UnknownAnswer]) -> Finding:
    """Return the error about one answer in one or more columns."""
    first = answers[0]
    n_rows = export.table.n_rows
    close = meant(first.label, first.scale.labels)
    hint = f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
    if len(answers) == 1:
        limit = (
            f"; at most {first.tolerated_share:.1%} of the rows are tolerated"
            if first.tolerated_share is not None
            else ""
        )
        extent = f"{first.n_answers:,} of {n_rows:,} rows, the first in this line{limit}"
    else:
        columns = shortened(quoted(answer.column) for answer in answers)
        n_cells = sum(answer.n_answers for answer in answers)
        extent = f"{n_cells:,} cells of {len(answers)} columns, the first in this line: {columns}"
    return export.error(
        f"an answer is {_what(first)}; {extent}{hint}",
        _CORRECT,
        line=first.line,
        column=first.column if len(answers) == 1 else None,
        value=first.label,
        allowed=first.scale.allowed(),
    )


def _wrong_scale(export: Export, answers: list[UnknownAnswer]) -> Finding:
    """Return the one error about a column with very many answers that its scale does not allow."""
    scale = answers[0].scale
    listed = shortened(f"{quoted(answer.label)} ({answer.n_answers:,})" for answer in answers)
    return export.error(
        f"{len(answers):,} different answers are not in the scale {scale.scale_id}: {listed}",
        "check that seeds/codebook/questions.csv gives the column the right scale",
        line=answers[0].line,
        column=answers[0].column,
        allowed=scale.allowed(),
    )


def _tolerated(export: Export, answer: UnknownAnswer) -> Finding:
    extent = f"{answer.n_answers:,} of {export.table.n_rows:,} rows, the first in this line"
    return export.note(
        f"an answer is {_what(answer)}; {extent}",
        f"nothing while it is in at most {answer.tolerated_share:.1%} of the rows (tolerated_answers.csv)",
        line=answer.line,
        column=answer.column,
        value=answer.label,
        allowed=answer.scale.allowed(),
    )
