"""Does the codebook contradict itself? Each check looks at one rule of its contract.

Every check takes the codebook and yields findings; CHECKS at the end lists them in the order in which they are shown.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator

from coproduction.codebook.figures import FIGURE_CHECKS
from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.codebook.scales import SCALE_KINDS
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.codebook.wording import WORDING_CHECKS
from coproduction.files.finding import ERROR, Finding, quoted

TRUTH_VALUES = ("true", "false")
ANSWER_KINDS = ("valid", "dont_know", "refused", "not_applicable", "not_asked", "blank")

# The column that names a row, in each table that others refer to.
_KEYS = {
    "exports": "export_id",
    "councils": "council_id",
    "themes": "theme_id",
    "constructs": "construct_id",
    "scales": "scale_id",
    "nudge_arms": "arm_id",
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
)

# table, column, the values it may hold.
_CHOICES = (
    ("exports", "respondent_role", ("citizen", "staff")),
    ("exports", "provenance", ("synthetic", "real")),
    ("councils", "area_type", ("metropolitan", "free_standing", "rural")),
    ("constructs", "role", ("outcome", "correlate", "demographic", "design", "weight")),
    ("scales", "kind", SCALE_KINDS),
    ("answers", "answer_kind", ANSWER_KINDS),
    ("answers", "is_positive", TRUTH_VALUES),
    ("answers", "is_often", TRUTH_VALUES),
    ("questions", "is_reversed", TRUTH_VALUES),
    ("questions", "is_primary", TRUTH_VALUES),
    ("nudge_arms", "has_nudge_a", TRUTH_VALUES),
    ("nudge_arms", "has_nudge_b", TRUTH_VALUES),
)

_NUMBERS = (
    ("scales", "minimum"),
    ("scales", "maximum"),
    ("answers", "answer_score"),
    ("tolerated_answers", "maximum_share"),
    ("nudge_arms", "strength"),
)

# A number of more digits than a double has is a typing error.
_MOST_DIGITS = 20

_MAY_BE_BLANK = {
    ("questions", "theme_id"),
    ("councils", "area_type"),
    *((table, column) for table, column, choices in _CHOICES if choices is TRUTH_VALUES),
}

# Roles of which a respondent has one value for a theme and topic, so that a second question must give way.
_ONE_VALUE_ROLES = ("correlate", "demographic", "design", "weight")


def check_codebook(codebook: Codebook) -> list[Finding]:
    """Run every check; an empty list means that the codebook holds together."""
    return [finding for check in CHECKS for finding in check(codebook)]


def check_keys_are_unique(codebook: Codebook) -> Iterator[Finding]:
    """Refuse an id that is described twice."""
    for table, key in _KEYS.items():
        for row, first in _repeated(codebook[table], lambda row, key=key: row[key]):
            problem = f"the {key} is described twice, first in line {first.line}"
            yield _error(row, key, problem, "delete one of the rows, or rename one")
    for row, first in _repeated(codebook["topics"], lambda row: (row["theme_id"], row["topic_id"])):
        problem = f"the topic is described twice in the theme {row['theme_id']}, first in line {first.line}"
        yield _error(row, "topic_id", problem, "delete one of the rows, or rename one")


def check_export_names(codebook: Codebook) -> Iterator[Finding]:
    """Require ids of exports that are plain enough to name a file and a table."""
    for row in codebook["exports"]:
        # Longer ones make names of files and of tables that not every system takes.
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", row["export_id"]):
            yield _error(
                row,
                "export_id",
                "an export_id begins with a small letter and has at most 60 small letters, digits and underscores",
                "rename the export here, in questions.csv, in dbt_project.yml and its file in seeds/exports",
            )


def check_references(codebook: Codebook) -> Iterator[Finding]:
    """Require that what a row refers to exists."""
    for table, column, target in _REFERENCES:
        known = codebook.ids(target, _KEYS[target])
        for row in codebook[table]:
            if row[column] in known or (row[column] == "" and (table, column) in _MAY_BE_BLANK):
                continue
            yield _error(
                row,
                column,
                f"no row of {target}.csv has this {column}",
                f"correct it, or add a row to seeds/codebook/{target}.csv",
                known,
            )


def check_topics(codebook: Codebook) -> Iterator[Finding]:
    """Require both theme and topic, the topic one of that theme, or neither; and a topic 'all' in every theme."""
    topics = {(row["theme_id"], row["topic_id"]) for row in codebook["topics"]}
    for row in codebook["questions"]:
        theme, topic = row["theme_id"], row["topic_id"]
        if (theme == "") != (topic == ""):
            yield _error(
                row,
                "topic_id" if topic == "" else "theme_id",
                "a question has both a theme and a topic, or neither (then it is about the person)",
                "fill in both ('all' is the topic of the whole theme), or leave both blank",
            )
        elif topic not in ("", "all") and (theme, topic) not in topics:
            known = [row["topic_id"] for row in codebook["topics"] if row["theme_id"] == theme]
            yield _error(
                row,
                "topic_id",
                f"the theme {theme} has no such topic",
                "correct it, or add a row to seeds/codebook/topics.csv",
                known,
            )
    for row in codebook["themes"]:
        if (row["theme_id"], "all") not in topics:
            yield _error(
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
            yield _error(row, column, f"unknown {column}", "write one of the allowed values", choices)


def check_numbers(codebook: Codebook) -> Iterator[Finding]:
    """Require plain numbers or nothing in the columns of numbers."""
    for table, column in _NUMBERS:
        for row in codebook[table]:
            if row[column] and (len(row[column]) > _MOST_DIGITS or parse_number(row[column]) is None):
                yield _error(
                    row,
                    column,
                    f"the {column} is not a plain number",
                    "write digits, with a minus in front or a decimal point where needed, or leave it blank",
                )


def check_columns_claimed_once(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a second meaning for a column of an export. Capitals do not make a difference, as in SQL."""
    for row, first in _repeated(codebook["questions"], lambda row: (row["export_id"], row["column_name"].lower())):
        yield _error(
            row,
            "column_name",
            f"the column of {row['export_id']} is claimed twice, first in line {first.line}",
            "delete one of the rows: a column of an export has one meaning",
        )


def check_respondent_columns(codebook: Codebook) -> Iterator[Finding]:
    """Refuse the column that names the respondents as a question."""
    identifiers = {row["export_id"]: row["respondent_column"].lower() for row in codebook["exports"]}
    for row in codebook["questions"]:
        if row["column_name"] and row["column_name"].lower() == identifiers.get(row["export_id"]):
            yield _error(
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
        if len(rows) > 1 and n_primary != 1:
            where = f"{theme_id}, {topic_id}" if theme_id else "about the person"
            yield _error(
                rows[-1],
                "is_primary",
                f"{len(rows)} questions of {export_id} measure {construct_id} ({where}) and {n_primary} of them are "
                f"primary: columns {', '.join(quoted(row['column_name']) for row in rows)}",
                "set is_primary to true for exactly one of them and to false for the others",
            )


def check_labels_are_unique(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a label that is blank, or that its scale has already once spelling is unified."""
    by_label = _repeated(codebook["answers"], lambda row: (row["scale_id"], normalise_label(row["answer_label"])))
    for row, first in by_label:
        yield _error(
            row,
            "answer_label",
            f"the scale {row['scale_id']} has it already, as {quoted(first['answer_label'])} in line {first.line}: "
            "capitals, spaces and the kind of apostrophe, quote or dash make no difference",
            "delete one of the two rows: one covers all spellings",
        )
    for row in codebook["answers"]:
        if normalise_label(row["answer_label"]) == "":
            yield _error(
                row,
                "answer_label",
                f"a label of the scale {row['scale_id']} is blank",
                "delete the row: an empty cell is of the kind blank without it",
            )


def check_missing_answers(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a score, or a true is_positive or is_often, on an answer of a missing kind."""
    for row in codebook["answers"]:
        if row["answer_kind"] in ("valid", ""):
            continue
        filled = [column for column in ("is_positive", "is_often") if row.is_true(column)]
        for column in [*(["answer_score"] if row["answer_score"] else []), *filled]:
            yield _error(
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
            yield _error(
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
            yield _error(
                row,
                "minimum",
                f"the minimum of the scale {row['scale_id']} is above its maximum, {row['maximum']}",
                "correct one of the two",
            )


def check_reversed_questions(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a reversed outcome, and a reversed question on a scale that does not say where its ends are."""
    roles, scales = codebook.roles(), codebook.scales()
    for row in codebook["questions"]:
        if not row.is_true("is_reversed"):
            continue
        if roles.get(row["construct_id"]) == "outcome":
            yield _error(
                row,
                "is_reversed",
                f"the column {quoted(row['column_name'])} measures an outcome, and an outcome is never reversed",
                "set is_reversed to false, and say in answers.csv which answers are positive",
            )
        scale = scales.get(row["scale_id"])
        if scale and (scale.minimum is None or scale.maximum is None):
            yield _error(
                row,
                "is_reversed",
                f"the column {quoted(row['column_name'])} is reversed, but its scale {scale.scale_id} does not say "
                "between which minimum and maximum",
                "fill in minimum and maximum in seeds/codebook/scales.csv",
            )


def check_outcomes_have_a_theme(codebook: Codebook) -> Iterator[Finding]:
    """Require a theme for every outcome: without one it would be in no index."""
    roles = codebook.roles()
    for row in codebook["questions"]:
        if roles.get(row["construct_id"]) == "outcome" and row["theme_id"] == "":
            yield _error(
                row,
                "theme_id",
                f"the column {quoted(row['column_name'])} measures an outcome and has no theme",
                "fill in theme_id and topic_id",
                codebook.ids("themes", "theme_id"),
            )


def check_tolerated_answers(codebook: Codebook) -> Iterator[Finding]:
    """Require of an exception a claimed column, a share between 0 and 1, a reason and a date, and no second one."""
    claimed = {(row["export_id"], row["column_name"]) for row in codebook["questions"]}
    for row in codebook["tolerated_answers"]:
        if (row["export_id"], row["column_name"]) not in claimed:
            yield _error(
                row,
                "column_name",
                f"questions.csv claims no such column of {row['export_id']}",
                "correct the export_id or the column_name",
            )
        share = parse_number(row["maximum_share"])
        if share is None or not 0 <= share <= 1:
            yield _error(
                row,
                "maximum_share",
                "the maximum_share is a share of the rows between 0 and 1, not a percentage",
                "write 0.05 for 5 %",
            )
        for column in ("reason", "date"):
            if row[column] == "":
                yield _error(row, column, f"an exception without a {column}", f"fill in the {column}")
    # With two shares nobody would know which holds, and the report would count each answer twice.
    for row, first in _repeated(
        codebook["tolerated_answers"],
        lambda row: (row["export_id"], row["column_name"], normalise_label(row["answer_label"])),
    ):
        yield _error(
            row,
            "answer_label",
            f"the answer is tolerated twice in {row['column_name']} of {row['export_id']}, first in line {first.line}",
            "delete one of the rows: upper and lower case and spaces make no difference",
        )


CHECKS = (
    check_keys_are_unique,
    check_export_names,
    check_references,
    check_topics,
    check_choices,
    check_numbers,
    check_columns_claimed_once,
    check_respondent_columns,
    check_primary_questions,
    check_labels_are_unique,
    check_missing_answers,
    check_nudge_answers,
    check_bounds,
    check_reversed_questions,
    check_outcomes_have_a_theme,
    check_tolerated_answers,
    *FIGURE_CHECKS,
    *WORDING_CHECKS,
)


def _error(row: CodebookRow, column: str, problem: str, remedy: str, allowed: Iterable[str] = ()) -> Finding:
    """Return a finding about one cell of the codebook that refuses the build."""
    return Finding(ERROR, row.file, problem, remedy, row.line, column, row[column], tuple(map(quoted, allowed)))


def _repeated(
    rows: list[CodebookRow], key: Callable[[CodebookRow], Hashable]
) -> Iterator[tuple[CodebookRow, CodebookRow]]:
    """Yield the second and later rows of those that share a key, each with the first."""
    first_rows: dict[Hashable, CodebookRow] = {}
    for row in rows:
        first = first_rows.setdefault(key(row), row)
        if first is not row:
            yield row, first
