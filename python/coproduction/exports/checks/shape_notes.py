"""Says of one export what its shape leaves open: answers to questions not put, boxes nobody ticked, and arms.

Every check takes one export and yields findings. SHAPE_NOTES lists them in the order of their findings.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import partial

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.numbers import is_one_of
from coproduction.codebook.tables import ANY_ANSWER, CodebookRow, listed_answers, tick_group
from coproduction.exports.checks.answer_checks import Export
from coproduction.files.columns.column import Column
from coproduction.files.finding import Finding, meant, quoted, shortened

# What files print in an empty cell.
_MAY_BE_BLANK = frozenset({"na", "n/a", "#n/a", "nan", "null", "none", ".", "-", "#null!", "missing"})


def note_answers_not_asked(export: Export) -> Iterator[Finding]:
    """Note answers of respondents to whom the question was not put."""
    found: dict[tuple[str, str], list[tuple[str, int, int]]] = defaultdict(list)
    for question in export.questions:
        was_asked = export.derived(question).was_asked
        if not question["asked_when_column"] or was_asked is None:
            continue
        empty = {"", *export.codebook.blank_labels(question["scale_id"])}
        raw = export.cells(question["source_column"])
        has_answer = raw.map(partial(_has_answer, empty))
        cells = zip(was_asked, has_answer, strict=True)
        places = [place for place, (asked, answered) in enumerate(cells) if answered and asked is False]
        if places:
            condition = (question["asked_when_column"], question["asked_when_answers"])
            found[condition].append((question["column_name"], len(places), places[0]))
    for (column, answers), columns in found.items():
        n_answers = sum(n_cells for _, n_cells, _ in columns)
        what = "1 answer is" if n_answers == 1 else f"{n_answers:,} answers are"
        yield export.note(
            f"{what} from respondents to whom the question was not put ({quoted(column)} is not {answers}), and "
            f"{'counts' if n_answers == 1 else 'count'} as not asked: columns "
            f"{shortened(quoted(name) for name, _, _ in columns)}, the first in this line",
            "nothing, or correct asked_when_answers in seeds/codebook/questions.csv",
            line=export.table.lines[min(place for *_, place in columns)],
        )


def note_boxes_not_ticked(export: Export) -> Iterator[Finding]:
    """Note respondents who ticked no box of a question, where only a tick shows that they saw it."""
    done: set[tuple[str, ...]] = set()
    for question in export.questions:
        is_box = export.codebook.blank_kind(question["scale_id"]) == "valid" and not question["asked_when_column"]
        if not is_box:
            continue
        columns = tuple(row["column_name"] for row in tick_group(question, export.questions))
        if columns in done:
            continue
        done.add(columns)
        n_unknown = sum(asked is None for asked in export.derived(question).was_asked or ())
        if n_unknown:
            who = "1 respondent has" if n_unknown == 1 else f"{n_unknown:,} respondents have"
            yield export.note(
                f"{who} ticked nothing of {shortened(map(quoted, columns))}: nobody knows whether they saw the "
                "question, so they count as blank",
                "name in asked_when_column a column that is filled in for everybody who saw it, if there is one",
            )


def check_arms(export: Export) -> Iterator[Finding]:
    """Refuse rows in two arms of the experiment, where several columns say the arm, and note rows in none."""
    questions = [row for row in export.questions if row["construct_id"] == "nudge" and row.is_true("is_primary", True)]
    if len(questions) < 2:
        return
    arms = _arms_of_rows(export, questions)
    columns = shortened(quoted(row["column_name"]) for row in questions)
    counts = arms.counts()
    several = {names: n_rows for names, n_rows in counts.items() if len(names) > 1}
    if several:
        combinations = Counter({" and ".join(sorted(names)): n_rows for names, n_rows in several.items()})
        listed = shortened(f"{names} ({n_rows:,})" for names, n_rows in combinations.most_common())
        yield export.error(
            f"{_rows(sum(several.values()))} in several arms by the columns {columns}, the first in this line: "
            f"{listed}",
            "correct the cells, or the answers of these columns in seeds/codebook/answers.csv: one arm for each row",
            line=export.table.lines[arms.first(lambda names: len(names) > 1)],
        )
    n_none = counts[frozenset()]
    if n_none:
        yield export.note(
            f"{_rows(n_none)} in no arm by the columns {columns}, the first in this line, and not in the experiment",
            "nothing, if these people were sent no version of the questionnaire",
            line=export.table.lines[arms.first(lambda names: not names)],
        )


def note_unused_words(export: Export) -> Iterator[Finding]:
    """Note an option or an answer of a condition that no cell of its column has: it may be misspelled."""
    wanted = dict.fromkeys(word for question in export.questions for word in _words(question))
    for column, separator, where, word in wanted:
        cells = export.cells(column)
        parts = {
            normalise_label(part)
            for cell in cells.distinct()
            for part in (cell.split(separator) if separator else [cell])
        }
        known = {normalise_label(word)}
        if cells and not any(is_one_of(part, known) for part in parts):
            close = meant(word, sorted(parts - {""}))
            hint = f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
            yield export.note(
                f"no cell of the column has {quoted(word)}, which {where} in seeds/codebook/questions.csv names{hint}",
                "nothing, if nobody gave this answer; or correct the answer, or the separator",
                column=column,
                value=word,
            )


def note_cells_that_may_be_blank(export: Export) -> Iterator[Finding]:
    """Note cells such as NA in a column where any answer says that a question was put, and that no scale explains."""
    conditions = dict.fromkeys(
        question["asked_when_column"]
        for question in export.questions
        if ANY_ANSWER in listed_answers(question["asked_when_answers"])
        and question["asked_when_column"] not in export.conditions
    )
    for column in filter(None, conditions):
        cells = export.cells(column).counts()
        found = Counter({cell: n for cell, n in cells.items() if normalise_label(cell) in _MAY_BE_BLANK})
        if found:
            listed = shortened(f"{quoted(cell)} ({n_cells:,})" for cell, n_cells in found.most_common())
            yield export.note(
                f"the cells {listed} count as answers, so the questions that depend on this column count as asked",
                "nothing, or claim the column with a scale that lists the label with the answer_kind blank",
                column=column,
            )


def note_questions_asked_twice(export: Export) -> Iterator[Finding]:
    """Note an outcome that two columns ask of the same people in the same words: who says yes in either takes part."""
    roles, first = export.codebook.roles(), dict[tuple[str, ...], CodebookRow]()
    for question in export.questions:
        is_outcome = roles.get(question["construct_id"]) == "outcome" and question["question_text"]
        if not is_outcome or question["option"] or export.codebook.blank_kind(question["scale_id"]) == "valid":
            continue
        words = normalise_label(question["question_text"])
        asked = first.setdefault(
            (words, *(question[key] for key in ("construct_id", "theme_id", "topic_id"))), question
        )
        both = zip(export.cells(asked["source_column"]), export.cells(question["source_column"]), strict=True)
        n_both = 0 if asked is question else sum(bool(one.strip() and other.strip()) for one, other in both)
        if n_both:
            yield export.note(
                f"the question is asked in {quoted(asked['column_name'])}, too, in the same words; {_rows(n_both)} "
                "answered in both columns, and both answers count",
                "correct question_text, or delete one of the two rows of seeds/codebook/questions.csv",
                column=question["column_name"],
            )


SHAPE_NOTES = (
    note_answers_not_asked,
    note_boxes_not_ticked,
    note_questions_asked_twice,
    note_unused_words,
    note_cells_that_may_be_blank,
)


def _has_answer(empty: set[str], cell: str) -> bool:
    return not is_one_of(normalise_label(cell), empty)


def _arms_of_rows(export: Export, questions: list[CodebookRow]) -> Column:
    """Return the set of the arms of each row."""
    names = {
        (row["scale_id"], normalise_label(row["answer_label"])): row["answer_name"]
        for row in export.codebook["answers"]
        if row["answer_kind"] == "valid"
    }
    listed = {scale_id: scale.normalised_labels() for scale_id, scale in export.codebook.scales().items()}

    def arm_of(scale_id: str, cell: str) -> str | None:
        label = normalise_label(cell)
        is_listed = label == "" or label in listed[scale_id]
        return names.get((scale_id, label if is_listed else ANY_ANSWER))

    columns = [export.answers(question).map(partial(arm_of, question["scale_id"])) for question in questions]
    return Column.of(frozenset(filter(None, row)) for row in zip(*columns, strict=True))


def _words(question: CodebookRow) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the codebook expects in a column: the column, its separator, the column of questions.csv, the word."""
    if question["option"] not in ("", ANY_ANSWER):
        yield question["source_column"], question["separator"], "option", question["option"]
    if question["asked_when_column"]:
        for answer in listed_answers(question["asked_when_answers"]):
            if answer != ANY_ANSWER:
                yield question["asked_when_column"], "", "asked_when_answers", answer


def _rows(n_rows: int) -> str:
    return "1 row is" if n_rows == 1 else f"{n_rows:,} rows are"
