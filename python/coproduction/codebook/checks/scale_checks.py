"""Checks that answers of scales and tolerated answers do not contradict the rest of the codebook.

Every check takes the codebook and yields findings. SCALE_CHECKS lists the checks in the order of their findings.
"""

from collections.abc import Iterator

from coproduction.codebook.checks.row_errors import error_at, repeated_rows
from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.codebook.tables import Codebook
from coproduction.files.finding import Finding, quoted


def check_labels_are_unique(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a label that its scale already has in another spelling."""
    by_label = repeated_rows(codebook["answers"], lambda row: (row["scale_id"], normalise_label(row["answer_label"])))
    for row, first in by_label:
        yield error_at(
            row,
            "answer_label",
            f"the scale {row['scale_id']} has it already, as {quoted(first['answer_label'])} in line {first.line}: "
            "capitals, spaces and the kind of apostrophe, quote or dash make no difference",
            "delete one of the two rows: one covers all spellings",
        )


def check_blank_labels(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a blank label that says no more than a scale without it: an empty cell is of the kind blank."""
    for row in codebook["answers"]:
        if normalise_label(row["answer_label"]) == "" and row["answer_kind"] == "blank":
            problem = f"an empty cell is of the kind blank without this row of the scale {row['scale_id']}"
            remedy = "delete the row, or write what an empty cell means: valid (not ticked), not_asked or dont_know"
            yield error_at(row, "answer_label", problem, remedy)


def check_missing_answers(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a score, or a true is_positive or is_often, on an answer of a missing kind."""
    for row in codebook["answers"]:
        if row["answer_kind"] in ("valid", ""):
            continue
        filled = [column for column in ("is_positive", "is_often") if row.is_true(column)]
        for column in [*(["answer_score"] if row["answer_score"] else []), *filled]:
            yield error_at(
                row,
                column,
                f"the answer {quoted(row['answer_label'])} is of the kind {row['answer_kind']} and has a {column}: "
                "it would count as an answer",
                f"leave {column} blank, or make the answer_kind valid",
            )


def check_nudge_answers(codebook: Codebook) -> Iterator[Finding]:
    """Require that every valid answer to a nudge question names an arm of the experiment."""
    arms = codebook.ids("nudge_arms", "arm_id")
    scales = {row["scale_id"] for row in codebook["questions"] if row["construct_id"] == "nudge"}
    for row in codebook["answers"]:
        if row["scale_id"] in scales and row["answer_kind"] == "valid" and row["answer_name"] not in arms:
            yield error_at(
                row,
                "answer_name",
                f"the answer {quoted(row['answer_label'])} to a nudge question does not name an arm",
                "write the arm_id, or add the arm to seeds/codebook/nudge_arms.csv",
                arms,
            )


def check_bounds(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a scale whose minimum is above its maximum."""
    for row in codebook["scales"]:
        minimum, maximum = parse_number(row["minimum"]), parse_number(row["maximum"])
        if minimum is not None and maximum is not None and minimum > maximum:
            yield error_at(
                row,
                "minimum",
                f"the minimum of the scale {row['scale_id']} is above its maximum, {row['maximum']}",
                "correct one of the two",
            )


def check_tolerated_answers(codebook: Codebook) -> Iterator[Finding]:
    """Require that an exception is unique and has a claimed column, a share between 0 and 1, a reason and a date."""
    claimed = {(row["export_id"], row["column_name"]) for row in codebook["questions"]}
    scales = codebook.scales()
    takes_anything = {
        (row["export_id"], row["column_name"])
        for row in codebook["questions"]
        if row["scale_id"] in scales and scales[row["scale_id"]].has_catch_all
    }
    for row in codebook["tolerated_answers"]:
        if (row["export_id"], row["column_name"]) not in claimed:
            yield error_at(
                row,
                "column_name",
                f"questions.csv claims no such column of {row['export_id']}",
                "correct the export_id or the column_name",
            )
        if (row["export_id"], row["column_name"]) in takes_anything:
            problem = f"the scale of {quoted(row['column_name'])} takes every answer (label *), so none is tolerated"
            yield error_at(row, "answer_label", problem, "delete the row, or the label * of the scale")
        share = parse_number(row["maximum_share"])
        if share is None or not 0 <= share <= 1:
            yield error_at(
                row,
                "maximum_share",
                "the maximum_share is a share of the rows between 0 and 1, not a percentage",
                "write 0.05 for 5 %",
            )
        for column in ("reason", "date"):
            if row[column] == "":
                yield error_at(row, column, f"an exception without a {column}", f"fill in the {column}")
    # With two rows it would be unclear which share applies, and the report would count each answer twice.
    for row, first in repeated_rows(
        codebook["tolerated_answers"],
        lambda row: (row["export_id"], row["column_name"], normalise_label(row["answer_label"])),
    ):
        yield error_at(
            row,
            "answer_label",
            f"the answer is tolerated twice in {row['column_name']} of {row['export_id']}, first in line {first.line}",
            "delete one of the rows: upper and lower case and spaces make no difference",
        )


SCALE_CHECKS = (
    check_labels_are_unique,
    check_blank_labels,
    check_missing_answers,
    check_nudge_answers,
    check_bounds,
    check_tolerated_answers,
)
