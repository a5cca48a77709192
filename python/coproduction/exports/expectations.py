"""Checks the distinct answers of every claimed column against the codebook, with Great Expectations.

Great Expectations needs about the same time for a small frame as for a large one. So each rule is one expectation on
one frame with the answers of all exports. A key of scale and label says what each answer is, and afterwards the
unexpected ones are assigned to their columns again. Nothing is written to disk and nothing is sent.
"""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.scales import Scale
from coproduction.errors import CoproductionError
from coproduction.files.finding import quoted, shortened

if TYPE_CHECKING:
    import pandas as pd

LABELS = "labels_within_scale"
RANGE = "numbers_within_range"
BASE = "answers_cover_every_row"

_RESULT_TYPES = {
    "export_id": "str",
    "column_name": "str",
    "expectation_id": "str",
    "success": "bool",
    "n_checked": "int64",
    "n_unexpected": "int64",
    "unexpected_sample": "str",
    "allowed_values": "str",
}

# Stand for any number, and for any answer that is tolerated in its column. A normalised label is in small letters and
# has no tab, so it cannot be mistaken for one of these words, and no two keys can be equal.
_ANY_NUMBER, _TOLERATED = "NUMBER", "TOLERATED"

_MOST_SAMPLED = 5


@dataclass(frozen=True)
class Answer:
    """A printed label of a column, how often it occurs, its number if it is one, and whether it is tolerated."""

    printed: str
    normalised: str
    n_answers: int
    number: float | None
    is_tolerated: bool


@dataclass
class Column:
    """One claimed column of an export with its answers. Blank answers are only counted."""

    export_id: str
    name: str
    scale: Scale
    n_rows: int
    answers: list[Answer] = field(default_factory=list)
    n_blank: int = 0

    @property
    def n_answers(self) -> int:
        """The number of cells of the column, including blank ones."""
        return self.n_blank + sum(answer.n_answers for answer in self.answers)


class ExpectationError(CoproductionError):
    """Great Expectations could not check a rule; the answers may still be right."""


def import_great_expectations() -> ModuleType:
    """Import the package, which takes seconds, with its usage statistics switched off."""
    # The package reads this variable when it is imported.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    # The import sets the second logger to INFO, so both are set afterwards.
    for name in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return great_expectations


def validate_answers(
    profile: pd.DataFrame,
    questions: pd.DataFrame,
    answers: pd.DataFrame,
    scales: pd.DataFrame,
    tolerated: pd.DataFrame,
    files: pd.DataFrame,
) -> pd.DataFrame:
    """Compare the answers of every claimed column with its scale, its range and the number of rows of the file.

    The arguments are frames, which may have more columns than these: ``profile`` one row per export_id, column_name,
    answer_label (as printed, null or '' for blank) with n_answers and, where it differs, coded_label, which is compared
    with the scale; ``questions`` export_id, column_name, scale_id;
    ``answers`` scale_id, answer_label; ``scales`` scale_id, kind, minimum, maximum; ``tolerated`` export_id,
    column_name, answer_label, maximum_share (of the column's rows, 0-1); ``files`` export_id, n_rows. Only the exports
    in ``files`` are checked. Questions of other exports, such as those that are switched off, are ignored.

    Returns one row per claimed column and rule, also for an export without rows: export_id, column_name, expectation_id
    (labels_within_scale; numbers_within_range for scales of numbers; answers_cover_every_row), success, n_checked and
    n_unexpected (answers; for the last rule rows), unexpected_sample (up to five labels with counts, '' if none),
    allowed_values (in words). Raises ExpectationError for answers of an export that is not in ``files``, and if Great
    Expectations itself fails.
    """
    import pandas as pd

    columns = _columns(profile, questions, _scales(scales, answers), _tolerated(tolerated), files)
    results = _validate(columns) if columns else []
    return pd.DataFrame(results, columns=list(_RESULT_TYPES)).astype(_RESULT_TYPES)


def _validate(columns: list[Column]) -> list[tuple]:
    """Run the suite and return its result rows."""
    frame, places = _frame(columns)
    # Great Expectations copies every allowed value many times, a millisecond for each. So keys are of scales, and those
    # of labels that nobody gave are left out. One stays, because an empty list could mean that everything is allowed.
    allowed = sorted(_expected_keys(columns).intersection(frame["answer"])) or [_TOLERATED]
    unexpected = _Validator().unexpected_rows(frame, allowed)
    found: dict[tuple[str, str, str], list[Answer]] = defaultdict(list)
    for rule in (LABELS, RANGE):
        for row in unexpected[rule]:
            column, answer = places[row]
            if answer is not None:
                found[rule, *_place(column)].append(answer)
    uncovered = {_place(places[row][0]) for row in unexpected[BASE]}
    results = []
    for column in columns:
        place = _place(column)
        results.append((*place, LABELS, *_label_result(column, found[LABELS, *place])))
        if column.scale.is_numeric:
            results.append((*place, RANGE, *_range_result(column, found[RANGE, *place])))
        results.append((*place, BASE, *_base_result(column, place in uncovered)))
    return results


def _place(column: Column) -> tuple[str, str]:
    return column.export_id, column.name


def _label_result(column: Column, unexpected: list[Answer]) -> tuple:
    n_checked = sum(answer.n_answers for answer in column.answers)
    return _answer_result(n_checked, unexpected, shortened(column.scale.allowed()))


def _range_result(column: Column, unexpected: list[Answer]) -> tuple:
    n_checked = sum(answer.n_answers for answer in column.answers if answer.number is not None)
    return _answer_result(n_checked, unexpected, column.scale.number_range())


def _answer_result(n_checked: int, unexpected: list[Answer], allowed: str) -> tuple:
    n_unexpected = sum(answer.n_answers for answer in unexpected)
    return (not unexpected, n_checked, n_unexpected, _sample(unexpected), allowed)


def _base_result(column: Column, is_uncovered: bool) -> tuple:
    sample = f"{column.n_answers:,} answers for {column.n_rows:,} rows" if is_uncovered else ""
    allowed = f"{column.n_rows:,} answers, one for each row of the file"
    return (not is_uncovered, column.n_answers, abs(column.n_answers - column.n_rows), sample, allowed)


def _sample(unexpected: list[Answer]) -> str:
    """Return the most frequent labels with their counts, such as 'Oftn' (3), 'x' (1)."""
    ordered = sorted(unexpected, key=lambda answer: (-answer.n_answers, answer.printed))
    return shortened(
        (f"'{quoted(answer.printed)[1:-1]}' ({answer.n_answers:,})" for answer in ordered), most=_MOST_SAMPLED
    )


def _frame(columns: list[Column]) -> tuple[pd.DataFrame, list[tuple[Column, Answer | None]]]:
    """Make the frame for the suite: one row per answer, then one row per column.

    A row of an answer has a key and, for a number, its position between minimum (0) and maximum (1). A row of a column
    has its number of answers and the file's number of rows. The other cells are null and are not checked. Returns the
    frame and, for each of its rows, the column and the answer; the answer is None for the row of a column.
    """
    import pandas as pd

    rows: list[tuple[str | None, float | None, int | None, int | None]] = []
    places: list[tuple[Column, Answer | None]] = []
    for column in columns:
        for answer in column.answers:
            is_judged = answer.number is not None and not answer.is_tolerated
            position = _position(answer.number, column.scale) if is_judged and answer.number is not None else None
            rows.append((_key(column, answer), position, None, None))
            places.append((column, answer))
    for column in columns:
        rows.append((None, None, column.n_answers, column.n_rows))
        places.append((column, None))
    frame = pd.DataFrame(rows, columns=["answer", "position_in_range", "n_answers", "n_rows"])
    types = {"answer": "object", "position_in_range": "float64", "n_answers": "float64", "n_rows": "float64"}
    return frame.astype(types), places


def _key(column: Column, answer: Answer) -> str:
    if answer.is_tolerated:
        return _TOLERATED
    return _key_of(column.scale, answer.normalised if answer.number is None else _ANY_NUMBER)


def _key_of(scale: Scale, label: str) -> str:
    return f"{scale.scale_id}\t{label}"


def _expected_keys(columns: list[Column]) -> set[str]:
    """Return the keys that the codebook allows: labels of the scales, any number, tolerated answers."""
    keys = {_TOLERATED}
    for scale in {column.scale.scale_id: column.scale for column in columns}.values():
        numbers = (_ANY_NUMBER,) if scale.is_numeric else ()
        keys.update(_key_of(scale, label) for label in (*scale.normalised_labels(), *numbers))
    for column in columns:
        if column.scale.has_catch_all:
            keys.update(_key_of(column.scale, answer.normalised) for answer in column.answers)
    return keys


def _position(number: float, scale: Scale) -> float:
    """Return the position of a number between the bounds of its scale: 0 at the minimum, 1 at the maximum."""
    if scale.minimum is None or scale.maximum is None or scale.minimum == scale.maximum:
        return 0.5 if scale.is_in_range(number) else -1.0
    return (number - scale.minimum) / (scale.maximum - scale.minimum)


def _columns(
    profile: pd.DataFrame,
    questions: pd.DataFrame,
    scales: dict[str, Scale],
    tolerated: dict[tuple[str, str, str], float],
    files: pd.DataFrame,
) -> list[Column]:
    """Return the claimed columns of the exports in ``files`` with their answers, in the order of the files."""
    n_rows = dict(_records(files, "export_id", "n_rows"))
    columns: dict[tuple[str, str], Column] = {}
    for export_id, name, scale_id in _records(questions, "export_id", "column_name", "scale_id"):
        if export_id in n_rows:
            columns[export_id, name] = Column(export_id, name, scales[scale_id], int(n_rows[export_id]))
    printed: dict[tuple[str, str], list[tuple[str, str, int]]] = defaultdict(list)
    coded = "coded_label" if "coded_label" in profile else "answer_label"
    for export_id, name, label, coded_label, n_answers in _records(
        profile, "export_id", "column_name", "answer_label", coded, "n_answers"
    ):
        if export_id not in n_rows:
            raise ExpectationError(f"There are answers of the export {export_id}, but its file was not counted.")
        printed[export_id, name].append((label or "", normalise_label(coded_label), int(n_answers)))
    for place, column in columns.items():
        shares = {label: share for (*where, label), share in tolerated.items() if tuple(where) == place}
        _fill(column, printed[place], shares)
    order = {export_id: number for number, export_id in enumerate(n_rows)}
    return sorted(columns.values(), key=lambda column: order[column.export_id])


def _fill(column: Column, printed: list[tuple[str, str, int]], shares: dict[str, float]) -> None:
    """Add labels, as printed and as compared, with their counts to a column; ``shares`` has the tolerated labels."""
    n_by_label: dict[str, int] = defaultdict(int)
    for _, normalised, n_answers in printed:
        n_by_label[normalised] += n_answers
    n_total = sum(n_by_label.values())
    listed = column.scale.normalised_labels()
    for label, normalised, n_answers in printed:
        if normalised == "":
            column.n_blank += n_answers
            continue
        # A code that the scale lists, such as 99 for refused, is a label even if it looks like a number.
        number = None if normalised in listed else column.scale.number_of(normalised)
        # The limit applies to all spellings of a label together, because each spelling alone may be below it.
        is_tolerated = normalised in shares and n_by_label[normalised] <= shares[normalised] * n_total
        column.answers.append(Answer(label, normalised, n_answers, number, is_tolerated))


def _scales(scales: pd.DataFrame, answers: pd.DataFrame) -> dict[str, Scale]:
    labels = defaultdict(list)
    for scale_id, label in _records(answers, "scale_id", "answer_label"):
        labels[scale_id].append(label or "")
    return {
        scale_id: Scale(scale_id, kind, _bound(minimum), _bound(maximum), tuple(labels[scale_id]))
        for scale_id, kind, minimum, maximum in _records(scales, "scale_id", "kind", "minimum", "maximum")
    }


def _tolerated(tolerated: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Return the largest share of each tolerated label, by export, column and normalised label."""
    columns = ("export_id", "column_name", "answer_label", "maximum_share")
    return {
        (export_id, name, normalise_label(label)): float(share)
        for export_id, name, label, share in _records(tolerated, *columns)
    }


def _bound(value: Any) -> float | None:
    return None if value is None else float(value)


def _records(frame: pd.DataFrame, *columns: str) -> Iterable[tuple]:
    """Return rows of the named columns. A missing value is None; the texts 'None' and 'NA' stay texts."""
    cells = [
        [None if missing else value for value, missing in zip(frame[name], frame[name].isna(), strict=True)]
        for name in columns
    ]
    return zip(*cells, strict=True)


class _Validator:
    """Runs the rules with Great Expectations in memory."""

    def __init__(self) -> None:
        self._package = import_great_expectations()
        context = self._package.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        self._source = context.data_sources.add_pandas("exports")

    def unexpected_rows(self, frame: pd.DataFrame, expected_keys: list[str]) -> dict[str, list[int]]:
        """Run the three rules on the frame. Returns the numbers of the unexpected rows, by rule."""
        asset = self._source.add_dataframe_asset("answers")
        batch = asset.add_batch_definition_whole_dataframe("answers").get_batch({"dataframe": frame})
        rules = self._rules(expected_keys)
        suite = self._package.ExpectationSuite(name="answers", expectations=list(rules.values()))
        outcome = batch.validate(suite, result_format={"result_format": "COMPLETE"})
        by_type = {result.expectation_config.type: result for result in outcome.results}
        return {
            rule: self._unexpected(rule, by_type[expectation.expectation_type]) for rule, expectation in rules.items()
        }

    def _rules(self, expected_keys: list[str]) -> dict[str, Any]:
        expectations = self._package.expectations
        return {
            LABELS: expectations.ExpectColumnValuesToBeInSet(column="answer", value_set=expected_keys),
            RANGE: expectations.ExpectColumnValuesToBeBetween(column="position_in_range", min_value=0, max_value=1),
            BASE: expectations.ExpectColumnPairValuesToBeEqual(
                column_A="n_answers", column_B="n_rows", ignore_row_if="both_values_are_missing"
            ),
        }

    @staticmethod
    def _unexpected(rule: str, result: Any) -> list[int]:
        if result.exception_info.get("raised_exception", True):
            raise ExpectationError(f"The rule {rule} could not be checked: {result.exception_info}")
        rows = list(result.result["unexpected_index_list"] or [])
        if result.success != (not rows):
            raise ExpectationError(f"The rule {rule} failed without naming what was unexpected.")
        return rows
