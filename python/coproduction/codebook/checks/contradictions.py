"""Checks that the codebook does not contradict itself. Each check tests one rule of its contract.

Every check takes the codebook and yields findings. CODEBOOK_CHECKS lists the checks in the order of their findings.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from operator import itemgetter

from coproduction.codebook.checks import (
    characteristics,
    figures,
    outcome_checks,
    question_checks,
    scale_checks,
    shape_checks,
)
from coproduction.codebook.checks.design_checks import DESIGN_CHECKS
from coproduction.codebook.checks.measure_checks import COUNTED_ANSWERS, MEASURE_CHECKS, MEASURE_KINDS
from coproduction.codebook.checks.placeholders import PLACEHOLDER_CHECKS
from coproduction.codebook.checks.replicate_checks import REPLICATE_CHECKS
from coproduction.codebook.checks.row_errors import error_at, repeated_rows
from coproduction.codebook.checks.study_checks import STUDY_CHECKS
from coproduction.codebook.checks.wave_checks import WAVE_CHECKS
from coproduction.codebook.checks.wording import WORDING_CHECKS
from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.codebook.scales import SCALE_KINDS
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import Finding, meant, quoted

TRUTH_VALUES = ("true", "false")
ADJUSTMENTS = ("benjamini_hochberg", "holm")
ANSWER_KINDS = ("valid", "dont_know", "refused", "not_applicable", "not_asked", "blank")

# The id column of each table that other tables refer to.
_KEYS = {
    "exports": "export_id",
    "councils": "council_id",
    "themes": "theme_id",
    "constructs": "construct_id",
    "scales": "scale_id",
    "nudge_arms": "arm_id",
    "breakdowns": "breakdown_id",
    "measures": "measure_id",
    "families": "family_template",
}

# table, column, table referred to. A blank cell is refused, unless the column is among _MAY_BE_BLANK.
_REFERENCES = (
    ("exports", "council_id", "councils"),
    ("topics", "theme_id", "themes"),
    ("answers", "scale_id", "scales"),
    ("questions", "export_id", "exports"),
    ("questions", "construct_id", "constructs"),
    ("questions", "theme_id", "themes"),
    ("questions", "scale_id", "scales"),
    ("tolerated_answers", "export_id", "exports"),
    ("row_filters", "export_id", "exports"),
    ("breakdowns", "construct_id", "constructs"),
    ("measures", "construct_id", "constructs"),
    ("breakdown_groups", "breakdown_id", "breakdowns"),
)

# table, column, the values it may hold.
_CHOICES = (
    ("exports", "respondent_role", ("citizen", "staff")),
    ("exports", "provenance", ("synthetic", "real")),
    ("councils", "area_type", ("metropolitan", "free_standing", "rural")),
    ("constructs", "role", ("outcome", "correlate", "demographic", "design", "weight", "replicate")),
    ("scales", "kind", SCALE_KINDS),
    ("answers", "answer_kind", ANSWER_KINDS),
    ("answers", "is_positive", TRUTH_VALUES),
    ("answers", "is_often", TRUTH_VALUES),
    ("questions", "is_reversed", TRUTH_VALUES),
    ("questions", "is_primary", TRUTH_VALUES),
    ("nudge_arms", "has_nudge_a", TRUTH_VALUES),
    ("nudge_arms", "has_nudge_b", TRUTH_VALUES),
    ("breakdowns", "is_correlate", TRUTH_VALUES),
    ("measures", "kind", MEASURE_KINDS),
    ("measures", "counts_answer", ("", *COUNTED_ANSWERS)),
    ("measures", "is_outcome", TRUTH_VALUES),
    ("families", "adjustment_id", ADJUSTMENTS),
    ("waves", "describes", ("", "residents", "panel")),
)

_NUMBERS = (
    ("scales", "minimum"),
    ("scales", "maximum"),
    ("answers", "answer_score"),
    ("tolerated_answers", "maximum_share"),
    ("nudge_arms", "strength"),
    ("breakdown_groups", "answer_score"),
    ("measures", "minimum_score"),
    ("measures", "maximum_score"),
    ("measures", "minimum_share_answered"),
    ("measures", "unit_minimum"),
    ("measures", "unit_maximum"),
)

# A number with more digits than a double can hold is a typing error.
_MOST_DIGITS = 20

_MAY_BE_BLANK = {
    ("questions", "theme_id"),
    ("councils", "area_type"),
    *((table, column) for table, column, choices in _CHOICES if choices is TRUTH_VALUES),
}


def check_codebook(codebook: Codebook) -> list[Finding]:
    """Run every check; an empty list means that the codebook has no contradictions."""
    # A row of a questionnaire that several exports share would be reported for each of them.
    findings = list(dict.fromkeys(finding for check in CODEBOOK_CHECKS for finding in check(codebook)))
    # A misspelled scale would also seem to have no positive answer.
    return findings or [finding for check in outcome_checks.OUTCOME_CHECKS for finding in check(codebook)]


def check_keys_are_unique(codebook: Codebook) -> Iterator[Finding]:
    """Refuse an id that is described twice."""
    for table, key in _KEYS.items():
        for row, first in repeated_rows(codebook[table], itemgetter(key)):
            problem = f"the {key} is described twice, first in line {first.line}"
            yield error_at(row, key, problem, "delete one of the rows, or rename one")
    for row, first in repeated_rows(codebook["topics"], lambda row: (row["theme_id"], row["topic_id"])):
        problem = f"the topic is described twice in the theme {row['theme_id']}, first in line {first.line}"
        yield error_at(row, "topic_id", problem, "delete one of the rows, or rename one")


def check_export_names(codebook: Codebook) -> Iterator[Finding]:
    """Require ids of exports that are plain enough to name a file and a table."""
    for row in codebook["exports"]:
        # Longer ids give names of files and tables that some systems refuse.
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", row["export_id"]):
            yield error_at(
                row,
                "export_id",
                "an export_id begins with a small letter and has at most 60 small letters, digits and underscores",
                "rename the export here, in questions.csv, in dbt_project.yml and its file in seeds/exports",
            )


def check_duplicate_priorities(codebook: Codebook) -> Iterator[Finding]:
    """Require a different priority for each export of a council, wave and role, or for none of them."""
    groups: dict[tuple[str, ...], list[CodebookRow]] = defaultdict(list)
    for row in codebook["exports"]:
        groups[row["council_id"], row["wave_id"], row["respondent_role"]].append(row)
    for rows in groups.values():
        if not any(row["duplicate_priority"] for row in rows):
            continue
        names = ", ".join(row["export_id"] for row in rows)
        for row in rows:
            if row["duplicate_priority"] == "":
                problem = f"the exports {names} are of one council, wave and role, and this one has no priority"
                remedy = "give each of them a number, or none of them: of the rows of one person the lowest counts"
                yield error_at(row, "duplicate_priority", problem, remedy)
        for row, first in repeated_rows([row for row in rows if row["duplicate_priority"]], _priority):
            problem = f"{first['export_id']} in line {first.line}, of the same council, wave and role, has it already"
            yield error_at(row, "duplicate_priority", problem, "give each of them another number: the lowest counts")


def check_references(codebook: Codebook) -> Iterator[Finding]:
    """Require that each row that is referred to exists."""
    for table, column, target in _REFERENCES:
        known = codebook.ids(target, _KEYS[target])
        unknown: dict[str, list[CodebookRow]] = defaultdict(list)
        for row in codebook[table]:
            if row[column] not in known and (row[column] or (table, column) not in _MAY_BE_BLANK):
                unknown[row[column]].append(row)
        for rows in unknown.values():
            # The rows of a questionnaire stand once for each of its exports.
            n_rows = len({row.line for row in rows})
            extent = f"; {n_rows} rows, the first in this line" if n_rows > 1 else ""
            close = meant(rows[0][column], known)
            guess = f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
            yield error_at(
                rows[0],
                column,
                f"no row of {target}.csv has this {column}{extent}{guess}",
                f"correct it, or add a row to seeds/codebook/{target}.csv",
                known,
            )


def check_topics(codebook: Codebook) -> Iterator[Finding]:
    """Require a theme with one of its topics, or neither of them; and a topic 'all' in every theme."""
    topics = {(row["theme_id"], row["topic_id"]) for row in codebook["topics"]}
    for row in codebook["questions"]:
        theme, topic = row["theme_id"], row["topic_id"]
        if (theme == "") != (topic == ""):
            yield error_at(
                row,
                "topic_id" if topic == "" else "theme_id",
                "a question has both a theme and a topic, or neither (then it is about the person)",
                "fill in both ('all' is the topic of the whole theme), or leave both blank",
            )
        elif topic not in ("", "all") and (theme, topic) not in topics:
            known = [row["topic_id"] for row in codebook["topics"] if row["theme_id"] == theme]
            yield error_at(
                row,
                "topic_id",
                f"the theme {theme} has no such topic",
                "correct it, or add a row to seeds/codebook/topics.csv",
                known,
            )
    for row in codebook["themes"]:
        if (row["theme_id"], "all") not in topics:
            yield error_at(
                row,
                "theme_id",
                "the theme has no topic 'all', which stands for the whole theme in every report",
                f"add the row all,{row['theme_id']},Whole theme to seeds/codebook/topics.csv",
            )


def check_choices(codebook: Codebook) -> Iterator[Finding]:
    """Require a listed value in the columns that have a closed list."""
    for table, column, choices in _CHOICES:
        for row in codebook[table]:
            value = row[column].lower() if choices is TRUTH_VALUES else row[column]
            if value in choices or (value == "" and (table, column) in _MAY_BE_BLANK):
                continue
            yield error_at(row, column, f"unknown {column}", "write one of the allowed values", choices)


def check_numbers(codebook: Codebook) -> Iterator[Finding]:
    """Require plain numbers or nothing in the columns of numbers."""
    for table, column in _NUMBERS:
        for row in codebook[table]:
            if row[column] and (len(row[column]) > _MOST_DIGITS or parse_number(row[column]) is None):
                yield error_at(
                    row,
                    column,
                    f"the {column} is not a plain number",
                    "write digits, with a minus in front or a decimal point where needed, or leave it blank",
                )


def check_council_names(codebook: Codebook) -> Iterator[Finding]:
    """Refuse two councils with one name: reports print the name alone, so nobody could tell their results apart."""
    named = [row for row in codebook["councils"] if row["council_name"]]
    for row, first in repeated_rows(named, lambda row: normalise_label(row["council_name"])):
        if row["council_id"] != first["council_id"]:
            yield error_at(
                row,
                "council_name",
                f"the council {first['council_id']} in line {first.line} has the same name, and reports could not "
                "tell them apart",
                "give each council a name of its own, or its exports the same council_id if it is one council",
            )


CODEBOOK_CHECKS = (
    check_keys_are_unique,
    check_council_names,
    check_export_names,
    check_duplicate_priorities,
    check_references,
    check_topics,
    check_choices,
    check_numbers,
    *question_checks.QUESTION_CHECKS,
    *scale_checks.SCALE_CHECKS,
    *shape_checks.SHAPE_CHECKS,
    *MEASURE_CHECKS,
    *figures.FIGURE_CHECKS,
    *characteristics.CHARACTERISTIC_CHECKS,
    *WAVE_CHECKS,
    *DESIGN_CHECKS,
    *REPLICATE_CHECKS,
    *STUDY_CHECKS,
    *WORDING_CHECKS,
    *PLACEHOLDER_CHECKS,
)


def _priority(row: CodebookRow) -> str:
    return row["duplicate_priority"].lstrip("0") or "0"
