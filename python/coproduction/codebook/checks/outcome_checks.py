"""Checks that people can be counted by a measure and can be not counted: else 0 or 100 % would look like a result.

Every check takes the codebook and yields findings. OUTCOME_CHECKS lists them in the order of their findings.
"""

from collections import defaultdict
from collections.abc import Iterator

from coproduction.codebook.checks.row_errors import error_at
from coproduction.codebook.labels import parse_number
from coproduction.codebook.scales import Scale
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import Finding, quoted, shortened

_SHARES = ("share_of_items", "any_item")
_ANSWERS = "seeds/codebook/answers.csv"

# Whether each possible answer counts, or None where the measure has no value on the scale.
Counted = list[bool] | None


def check_measures_can_differ(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a measure of questions on a scale where nobody can be counted, or everybody is counted."""
    scales = codebook.scales()
    valid_answers = _valid_answers(codebook)
    for measure in codebook["measures"]:
        for (export_id, scale_id), rows in _questions_of(codebook, measure).items():
            scale, valid = scales.get(scale_id), valid_answers[scale_id]
            # Another check refuses the missing scale, or the scale without answers.
            if scale is None or not (valid or scale.is_numeric):
                continue
            fault = _fault(measure, scale, valid)
            # "None of these" is an option that never counts; the other options of the cell do.
            if fault and not all(row["option"] for row in rows):
                why, remedy = fault
                columns = "column" if len(rows) == 1 else f"{len(rows)} columns"
                listed = shortened(quoted(row["column_name"]) for row in rows)
                what = f"the measure {measure['measure_id']} of {export_id} ({columns} {listed}, scale {scale_id})"
                yield error_at(rows[0], "scale_id", f"{what}: {why}", remedy)


def check_outcome_answers_are_decided(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a scale of a measure in which is_positive is filled in for some valid answers and blank for others."""
    measures = [row for row in codebook["measures"] if row["kind"] in _SHARES]
    scale_ids = (scale_id for measure in measures for _, scale_id in _questions_of(codebook, measure))
    valid_answers = _valid_answers(codebook)
    for scale_id in dict.fromkeys(scale_ids):
        valid = valid_answers[scale_id]
        blank = [row for row in valid if row["is_positive"] == ""]
        if blank and any(row.is_true("is_positive") for row in valid):
            labels = shortened(quoted(row["answer_label"]) for row in blank)
            problem = f"a measure reads the scale {scale_id}, which does not say whether {labels} counts as positive"
            yield error_at(blank[0], "is_positive", problem, "write true or false", ("true", "false"))


OUTCOME_CHECKS = (check_measures_can_differ, check_outcome_answers_are_decided)


def _questions_of(codebook: Codebook, measure: CodebookRow) -> dict[tuple[str, str], list[CodebookRow]]:
    """Return the questions that a measure reads, by export and scale."""
    questions: dict[tuple[str, str], list[CodebookRow]] = defaultdict(list)
    for row in codebook["questions"]:
        if row["construct_id"] == measure["construct_id"]:
            questions[row["export_id"], row["scale_id"]].append(row)
    return questions


def _valid_answers(codebook: Codebook) -> dict[str, list[CodebookRow]]:
    valid: dict[str, list[CodebookRow]] = defaultdict(list)
    for row in codebook["answers"]:
        if row["answer_kind"] == "valid":
            valid[row["scale_id"]].append(row)
    return valid


def _fault(measure: CodebookRow, scale: Scale, valid: list[CodebookRow]) -> tuple[str, str] | None:
    """Return why a measure cannot differ between people on a scale, and what to do; None if it can."""
    if measure["kind"] in _SHARES:
        return _fault_of_shares(measure["counts_answer"], scale, valid)
    if measure["kind"] in ("at_least", "net_score"):
        return _fault_of_scores(measure, scale, valid)
    return None


def _fault_of_shares(counts_answer: str, scale: Scale, valid: list[CodebookRow]) -> tuple[str, str] | None:
    if scale.is_numeric and not any(row.is_true("is_positive") for row in valid):
        return (
            "plain numbers are neither positive nor negative answers, so nobody can be counted",
            f"make the scale ordinal and list its answers in {_ANSWERS}, with is_positive true for those that count; "
            "or measure the number with the kind at_least or mean_score in seeds/codebook/measures.csv",
        )
    counted = _counted(counts_answer, valid)
    if counted is None or scale.is_numeric:
        return None
    column = "is_often" if counts_answer == "often" else "is_positive"
    if not any(counted):
        return (
            f"no answer of this scale is {counts_answer.replace('_', ' ')}, so nobody can be counted: the result would "
            "be 0 % whatever people answer",
            f"set {column} to true in {_ANSWERS} for the answers of {scale.scale_id} that count",
        )
    if all(counted):
        return (
            f"every answer of this scale is {counts_answer.replace('_', ' ')}, so everybody is counted: the result "
            "would be 100 % whatever people answer",
            f"add the answer that means no to the scale {scale.scale_id} in {_ANSWERS}, with {column} false; in a file "
            "of tick boxes a blank cell alone does not say no",
        )
    return None


def _counted(counts_answer: str, valid: list[CodebookRow]) -> Counted:
    """Return for each valid answer whether it counts; None where the scale does not say what is often."""
    if counts_answer == "positive":
        return [row.is_true("is_positive") for row in valid]
    if counts_answer == "often":
        known = [row for row in valid if row["is_often"] != ""]
        return [row.is_true("is_often") for row in known] or None
    # The scale without "sometimes" is fine: the measure positive_not_often is then truly 0.
    return None


def _fault_of_scores(measure: CodebookRow, scale: Scale, valid: list[CodebookRow]) -> tuple[str, str] | None:
    scores = [score for row in valid if (score := parse_number(row["answer_score"])) is not None]
    lowest = scale.minimum if scale.is_numeric else min(scores, default=None)
    highest = scale.maximum if scale.is_numeric else max(scores, default=None)
    least = parse_number(measure["minimum_score"])
    nothing = parse_number(measure["maximum_score"]) if measure["kind"] == "net_score" else least
    if not scale.is_numeric and not scores:
        return (
            "no answer of this scale has a score, so nobody can be counted",
            f"fill in answer_score in {_ANSWERS} for the answers of {scale.scale_id}",
        )
    if least is None or nothing is None:
        return None
    remedy = f"correct the scores of measures.csv, or of the answers of {scale.scale_id}"
    if highest is not None and highest < least:
        return f"the highest score is {highest:g} and {least:g} is needed, so nobody can be counted", remedy
    if lowest is not None and (lowest >= least or (measure["kind"] == "net_score" and lowest > nothing)):
        return f"the lowest score is {lowest:g}, so everybody is counted", remedy
    return None
