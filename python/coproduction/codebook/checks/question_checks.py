"""Checks that the rows of questions.csv contradict neither each other nor the rest of the codebook.

Every check takes the codebook and yields findings. QUESTION_CHECKS lists the checks in the order of their findings.
"""

from collections import defaultdict
from collections.abc import Iterator

from coproduction.codebook.checks.row_errors import error_at, repeated_rows
from coproduction.codebook.tables import Codebook
from coproduction.files.finding import Finding, quoted

# Roles with one value for each respondent, theme and topic, so only one question can be primary.
_ONE_VALUE_ROLES = ("correlate", "demographic", "design", "weight")

# The arm of an experiment may stand in one column for each arm.
_MAY_BE_SEVERAL = "nudge"


def check_columns_claimed_once(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a second meaning for a column of an export. Capitals do not make a difference, as in SQL."""
    for row, first in repeated_rows(codebook["questions"], lambda row: (row["export_id"], row["column_name"].lower())):
        yield error_at(
            row,
            "column_name",
            f"the column of {row['export_id']} is claimed twice, first in line {first.line}",
            "delete one of the rows: a column of an export has one meaning",
        )


def check_respondent_columns(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a question whose column holds the ids of the respondents."""
    identifiers = {row["export_id"]: row["respondent_column"].lower() for row in codebook["exports"]}
    for row in codebook["questions"]:
        if row["column_name"] and row["source_column"].lower() == identifiers.get(row["export_id"]):
            yield error_at(
                row,
                "column_name",
                f"the column is claimed as a question, but it names the respondents of {row['export_id']}",
                "delete this row, or correct respondent_column in seeds/codebook/exports.csv",
            )


def check_primary_questions(codebook: Codebook) -> Iterator[Finding]:
    """Require exactly one primary question where several ask for one value of a respondent: nothing is averaged."""
    roles = codebook.roles()
    groups = defaultdict(list)
    for row in codebook["questions"]:
        if roles.get(row["construct_id"]) in _ONE_VALUE_ROLES:
            groups[tuple(row[key] for key in ("export_id", "construct_id", "theme_id", "topic_id"))].append(row)
    for (export_id, construct_id, theme_id, topic_id), rows in groups.items():
        # Blank means primary, as in the staging model.
        n_primary = sum(row.is_true("is_primary", blank=True) for row in rows)
        if construct_id == _MAY_BE_SEVERAL and n_primary > 1:
            # The check of the export requires that one of the columns names the arm of each row.
            continue
        if len(rows) > 1 and n_primary != 1:
            where = f"{theme_id}, {topic_id}" if theme_id else "about the person"
            yield error_at(
                rows[-1],
                "is_primary",
                f"{len(rows)} questions of {export_id} measure {construct_id} ({where}) and {n_primary} of them are "
                f"primary: columns {', '.join(quoted(row['column_name']) for row in rows)}",
                "set is_primary to true for exactly one of them and to false for the others",
            )


def check_correlates_of_themes(codebook: Codebook) -> Iterator[Finding]:
    """Refuse two primary correlates for one theme: one asked about the person, which is for each theme, and its own."""
    roles, measured = codebook.roles(), codebook.ids("measures", "construct_id")
    primary = [
        row
        for row in codebook["questions"]
        if roles.get(row["construct_id"]) == "correlate" and row.is_true("is_primary", blank=True)
    ]
    about_person = {(row["export_id"], row["construct_id"]): row for row in primary if not row["theme_id"]}
    # Only with the outcomes of a theme is a question about the person correlated.
    with_outcomes = {
        (row["export_id"], row["theme_id"])
        for row in codebook["questions"]
        if roles.get(row["construct_id"]) == "outcome" or row["construct_id"] in measured
    }
    for row in primary:
        other = about_person.get((row["export_id"], row["construct_id"]))
        is_of_theme = row["topic_id"] == "all" and (row["export_id"], row["theme_id"]) in with_outcomes
        if other and is_of_theme:
            yield error_at(
                row,
                "is_primary",
                f"two questions of {row['export_id']} measure {row['construct_id']} for the whole theme "
                f"{row['theme_id']} and both are primary: {quoted(row['column_name'])}, and "
                f"{quoted(other['column_name'])} in line {other.line}, which is about the person and so for each theme",
                "set is_primary to false for one of them",
            )


def check_reversed_questions(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a reversed outcome, and a reversed question on a scale that does not say where its ends are."""
    roles, scales = codebook.roles(), codebook.scales()
    # Positive answers do not turn round as scores do.
    counted = {row["construct_id"] for row in codebook["measures"] if row["counts_answer"]}
    for row in codebook["questions"]:
        if not row.is_true("is_reversed"):
            continue
        if roles.get(row["construct_id"]) == "outcome" or row["construct_id"] in counted:
            yield error_at(
                row,
                "is_reversed",
                f"the column {quoted(row['column_name'])} measures an outcome, and an outcome is never reversed",
                "set is_reversed to false, and say in answers.csv which answers are positive",
            )
        scale = scales.get(row["scale_id"])
        if scale and (scale.minimum is None or scale.maximum is None):
            yield error_at(
                row,
                "is_reversed",
                f"the column {quoted(row['column_name'])} is reversed, but its scale {scale.scale_id} does not say "
                "between which minimum and maximum",
                "fill in minimum and maximum in seeds/codebook/scales.csv",
            )


def check_outcomes_have_a_theme(codebook: Codebook) -> Iterator[Finding]:
    """Require a theme for every outcome and for all that a measure reads: without one it would be in no level."""
    roles, measured = codebook.roles(), codebook.ids("measures", "construct_id")
    for row in codebook["questions"]:
        is_outcome = roles.get(row["construct_id"]) == "outcome" or row["construct_id"] in measured
        if is_outcome and row["theme_id"] == "":
            yield error_at(
                row,
                "theme_id",
                f"the column {quoted(row['column_name'])} measures an outcome and has no theme",
                "fill in theme_id and topic_id",
                codebook.ids("themes", "theme_id"),
            )


QUESTION_CHECKS = (
    check_columns_claimed_once,
    check_respondent_columns,
    check_primary_questions,
    check_correlates_of_themes,
    check_reversed_questions,
    check_outcomes_have_a_theme,
)
