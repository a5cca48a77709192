"""Checks that people can answer an outcome with yes and with no, because a share of 0 or 100 % would else be no result.

Every check takes the codebook and yields findings. OUTCOME_CHECKS lists them in the order of their findings.
"""

from collections import defaultdict
from collections.abc import Iterator

from coproduction.codebook.row_errors import error_at
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import Finding, quoted, shortened

# The measure that counts the positive answers to the questions of a construct.
_MEASURES = {
    "individual_activity": "individual_index",
    "group_participation": "collective_participation",
    "time_willing": "willing_monthly",
    "time_current": "currently_monthly",
    "time_extra": "extra_monthly",
}

_LIST_ANSWERS = "list its answers in seeds/codebook/answers.csv, with is_positive true for those that count"


def check_outcomes_can_be_answered(codebook: Codebook) -> Iterator[Finding]:
    """Refuse an outcome on a scale of numbers, without a positive answer, or with positive answers only."""
    scales = codebook.scales()
    for (export_id, construct_id, scale_id), rows in _outcome_questions(codebook).items():
        valid = _valid_answers(codebook, scale_id)
        if scale_id not in scales or not (valid or scales[scale_id].is_numeric):
            # Another check refuses the missing scale, or the scale without answers.
            continue
        n_positive = sum(row.is_true("is_positive") for row in valid)
        if scales[scale_id].is_numeric:
            why = "numbers are neither positive nor negative answers, so nobody would be counted"
            remedy = f"make {scale_id} an ordinal scale: {_LIST_ANSWERS}"
        elif n_positive == 0:
            why = "no answer of this scale is positive, so the result would be 0 % whatever people answer"
            remedy = f"set is_positive to true in seeds/codebook/answers.csv for the answers of {scale_id} that count"
        elif n_positive == len(valid):
            why = "nobody can answer no on this scale, so the result would be 100 % whatever people answer"
            remedy = (
                f"add the answer that means no to the scale {scale_id} in seeds/codebook/answers.csv, with is_positive "
                "false; in a file of tick boxes a blank cell alone does not say no"
            )
        else:
            continue
        columns = "column" if len(rows) == 1 else f"{len(rows)} columns"
        listed = shortened(quoted(row["column_name"]) for row in rows)
        measure = _MEASURES.get(construct_id, construct_id)
        yield error_at(rows[0], "scale_id", f"{measure} of {export_id} ({columns} {listed}): {why}", remedy)


def check_outcome_answers_are_decided(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a scale of an outcome in which is_positive is filled in for some valid answers and blank for others."""
    for scale_id in dict.fromkeys(scale_id for *_, scale_id in _outcome_questions(codebook)):
        valid = _valid_answers(codebook, scale_id)
        blank = [row for row in valid if row["is_positive"] == ""]
        if blank and any(row.is_true("is_positive") for row in valid):
            labels = shortened(quoted(row["answer_label"]) for row in blank)
            problem = f"the scale {scale_id} measures an outcome and does not say whether {labels} counts as positive"
            yield error_at(blank[0], "is_positive", problem, "write true or false", ("true", "false"))


OUTCOME_CHECKS = (check_outcomes_can_be_answered, check_outcome_answers_are_decided)


def _outcome_questions(codebook: Codebook) -> dict[tuple[str, str, str], list[CodebookRow]]:
    """Return the questions about outcomes by export, construct and scale."""
    roles = codebook.roles()
    questions: dict[tuple[str, str, str], list[CodebookRow]] = defaultdict(list)
    for row in codebook["questions"]:
        if roles.get(row["construct_id"]) == "outcome":
            questions[row["export_id"], row["construct_id"], row["scale_id"]].append(row)
    return questions


def _valid_answers(codebook: Codebook, scale_id: str) -> list[CodebookRow]:
    return [row for row in codebook["answers"] if row["scale_id"] == scale_id and row["answer_kind"] == "valid"]
