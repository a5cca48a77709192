"""Checks that the warehouse can compute with the codebook's values: years, dates, arms and scores.

Every check takes the codebook and yields findings. FIGURE_CHECKS lists the checks in the order of their findings.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from coproduction.codebook.checks.row_errors import error_at
from coproduction.codebook.labels import parse_number
from coproduction.codebook.tables import Codebook
from coproduction.files.finding import Finding

# table, column, lowest and highest value, whether a cell may be blank. The types are those of the seeds' .yml.
_WHOLE_NUMBERS = (
    ("exports", "fieldwork_year", 1900, 2100, True),
    ("exports", "duplicate_priority", 0, 1000, True),
    ("councils", "population", 1, 10**9, True),
    ("councils", "population_year", 1900, 2100, True),
    ("age_bands", "minimum_age", 0, 150, False),
    ("age_bands", "maximum_age", 0, 150, False),
    ("age_bands", "sort_order", 0, 1000, False),
    ("measures", "decimals", 0, 6, True),
    ("waves", "sort_order", 0, 10**6, True),
    ("waves", "n_invited", 0, 10**9, True),
    ("waves", "panel_size", 0, 10**9, True),
)

# table and column of each day; blank cells are left to other checks.
_DATES = (
    ("tolerated_answers", "date"),
    ("waves", "fieldwork_start"),
    ("waves", "fieldwork_end"),
    ("hypotheses", "registered_on"),
    ("smallest_effects", "declared_on"),
)

# table and column of each name that is used in a file, a key or a report.
_FILLED = (
    ("councils", "council_id"),
    ("councils", "council_name"),
    ("exports", "wave_id"),
    ("themes", "theme_id"),
    ("themes", "theme_name"),
    ("topics", "topic_id"),
    ("topics", "topic_name"),
    ("constructs", "construct_id"),
    ("scales", "scale_id"),
    ("nudge_arms", "arm_id"),
    ("questions", "column_name"),
    ("age_bands", "age_band"),
    ("breakdowns", "breakdown_id"),
    ("breakdown_groups", "answer_score"),
    ("measures", "measure_id"),
    ("measures", "measure_name"),
    ("families", "family_template"),
)

# In reports the id 'all' means all of them together, and files of the report are named after ids.
_IDS_OF_REPORTS = (
    ("councils", "council_id"),
    ("exports", "wave_id"),
    ("themes", "theme_id"),
    ("breakdowns", "breakdown_id"),
    ("measures", "measure_id"),
)
_LONGEST_ID = 60


def parse_day(text: str) -> date | None:
    """Return the day that a text names as year-month-day, or None."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def check_filled(codebook: Codebook) -> Iterator[Finding]:
    """Require the names by which tables are joined and results are printed."""
    for table, column in _FILLED:
        for row in codebook[table]:
            if row[column] == "":
                yield error_at(row, column, f"the {column} is blank", "fill it in, or delete the row")
    for table, column in _IDS_OF_REPORTS:
        for row in codebook[table]:
            if row[column].lower() == "all":
                yield error_at(
                    row, column, f"no {column} is called 'all': in reports it means all together", "rename it"
                )
            if len(row[column]) > _LONGEST_ID or not row[column].isprintable():
                problem = f"the {column} has more than {_LONGEST_ID} characters, or one that cannot be printed"
                yield error_at(row, column, problem, "give it a shorter name of letters, digits and underscores")


def check_whole_numbers(codebook: Codebook) -> Iterator[Finding]:
    """Require whole numbers in a plausible range where dbt casts to integer."""
    for table, column, lowest, highest, may_be_blank in _WHOLE_NUMBERS:
        for row in codebook[table]:
            text = row[column]
            if (text == "" and may_be_blank) or (re.fullmatch("[0-9]{1,12}", text) and lowest <= int(text) <= highest):
                continue
            problem = f"the {column} is no whole number from {lowest} to {highest}"
            remedy = "write digits only" + (", or leave it blank" if may_be_blank else "")
            yield error_at(row, column, problem, remedy)


def check_dates(codebook: Codebook) -> Iterator[Finding]:
    """Require the dates of exceptions and of fieldwork as year, month and day."""
    for table, column in _DATES:
        for row in codebook[table]:
            text = row[column]
            if text == "" or parse_day(text):
                continue
            problem = "this is no day, or not written as year-month-day"
            yield error_at(row, column, problem, "write 2024-05-31 for 31 May 2024")


def check_arms(codebook: Codebook) -> Iterator[Finding]:
    """Require the arm without a nudge, the control of every comparison, among the arms and the answers."""
    # The columns of one export name its arms together, each with a scale of its own or all with one.
    of_export = defaultdict(list)
    for row in codebook["questions"]:
        if row["construct_id"] == "nudge":
            of_export[row["export_id"]].append(row)
    experiments = {frozenset(row["scale_id"] for row in rows): rows for rows in reversed(of_export.values())}
    arms = codebook.ids("nudge_arms", "arm_id")
    names = defaultdict(set)
    for row in codebook["answers"]:
        if row["answer_kind"] == "valid":
            names[row["scale_id"]].add(row["answer_name"])
    for scales, questions in reversed(experiments.items()):
        named = {name for scale_id in scales for name in names[scale_id]}
        if "none" not in arms:
            problem = "a question assigns nudges, but nudge_arms.csv has no arm 'none' to compare them with"
            yield error_at(
                questions[0], "construct_id", problem, "add the arm none to seeds/codebook/nudge_arms.csv", arms
            )
        elif "none" not in named:
            scale = " or ".join(sorted(scales))
            problem = f"no answer of the scale {scale} names the arm 'none': no nudge could be compared with it"
            remedy = "write none as answer_name of the version without a nudge, in seeds/codebook/answers.csv"
            yield error_at(questions[0], "scale_id", problem, remedy, named)
    for row in codebook["nudge_arms"]:
        if row["arm_id"] == "none" and (row.is_true("has_nudge_a") or row.is_true("has_nudge_b")):
            yield error_at(row, "arm_id", "the arm 'none' has a nudge", "set has_nudge_a and has_nudge_b to false")


def check_answer_scores(codebook: Codebook) -> Iterator[Finding]:
    """Refuse scores outside their scale, answers with is_often but not is_positive, and scales without answers."""
    scales = codebook.scales()
    for row in codebook["answers"]:
        scale, score = scales.get(row["scale_id"]), parse_number(row["answer_score"])
        if scale and not scale.is_numeric and score is not None and not scale.is_in_range(score):
            problem = f"the score lies outside the minimum and maximum of the scale {scale.scale_id}"
            yield error_at(row, "answer_score", problem, "correct the score, or scales.csv", [scale.number_range()])
        if row.is_true("is_often") and not row.is_true("is_positive"):
            yield error_at(
                row, "is_often", "an answer that is often is positive, too", "correct is_positive or is_often"
            )
    used = {row["scale_id"]: row for row in reversed(codebook["questions"])}
    for scale_id, row in used.items():
        if scale_id in scales and not scales[scale_id].is_numeric and not scales[scale_id].labels:
            problem = f"answers.csv lists no answer of the scale {scale_id}"
            yield error_at(row, "scale_id", problem, "add its answers to seeds/codebook/answers.csv")


FIGURE_CHECKS = (
    check_filled,
    check_whole_numbers,
    check_dates,
    check_arms,
    check_answer_scores,
)
