"""Checks of studies: which surveys belong to them, what they registered, and which effects would matter to them.

Every check takes the codebook and yields findings. STUDY_CHECKS lists the checks in the order of their findings. The
form of dates is checked with those of the other tables, in figures.py.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from coproduction.codebook.checks.row_errors import error_at, repeated_rows
from coproduction.codebook.labels import parse_number
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import Finding

QUANTITIES = ("nudge", "correlate")
HYPOTHESIS_KINDS = ("primary", "exploratory")
DIRECTIONS = ("positive", "negative")
BETWEEN_IDS = ";"


def check_surveys_of_studies(codebook: Codebook) -> Iterator[Finding]:
    """Require a council and a wave that exist, one study for each survey, and plain names of studies."""
    councils = codebook.ids("councils", "council_id")
    for row in codebook["studies"]:
        waves = {other["wave_id"]: "" for other in codebook["exports"] if other["council_id"] == row["council_id"]}
        if row["council_id"] not in councils:
            problem = "no row of councils.csv has this council_id"
            yield error_at(row, "council_id", problem, "correct it, or delete the row", councils)
        # A council without any export was taken out of the codebook, and its row says nothing.
        elif waves and row["wave_id"] not in waves:
            problem = f"no export of {row['council_id']} has this wave_id"
            yield error_at(row, "wave_id", problem, "correct it, or delete the row", waves)
        yield from _not_plain(row, "study_id")
    for row, first in repeated_rows(codebook["studies"], lambda row: (row["council_id"], row["wave_id"])):
        problem = f"the survey is in a study already, in line {first.line}"
        yield error_at(row, "wave_id", problem, "delete one of the rows: a survey belongs to one study")


def check_hypotheses(codebook: Codebook) -> Iterator[Finding]:
    """Require that a hypothesis is complete, names what exists, and shares no test with another one of its study."""
    for row in codebook["hypotheses"]:
        yield from _not_plain(row, "hypothesis_id")
        yield from _no_study(codebook, row)
        yield from _not_among(row, "kind", HYPOTHESIS_KINDS)
        yield from _not_among(row, "quantity_id", QUANTITIES)
        yield from _not_among(row, "direction", ("", *DIRECTIONS))
        yield from _unknown_ids(codebook, row)
        if row["statement"] == "":
            yield error_at(row, "statement", "the statement is blank", "write the hypothesis in one sentence")
    for row, first in repeated_rows(codebook["hypotheses"], lambda row: row["hypothesis_id"]):
        problem = f"the hypothesis is described twice, first in line {first.line}"
        yield error_at(row, "hypothesis_id", problem, "delete one of the rows, or rename one")
    for first, row in combinations(codebook["hypotheses"], 2):
        if _share_a_test(first, row):
            problem = f"{first['hypothesis_id']} in line {first.line} is about some of the same tests"
            yield error_at(row, "hypothesis_id", problem, "name outcomes, themes or nudges so that each test is in one")


def check_smallest_effects(codebook: Codebook) -> Iterator[Finding]:
    """Require a study, a quantity and a possible number for each smallest effect, and one for each of them."""
    for row in codebook["smallest_effects"]:
        yield from _no_study(codebook, row)
        yield from _not_among(row, "quantity_id", QUANTITIES)
        size, highest = parse_number(row["smallest_effect"]), 1 if row["quantity_id"] == "correlate" else 100
        if size is None or not 0 < size < highest:
            problem = f"the smallest effect is no number between 0 and {highest}"
            remedy = "write points of 0-100 for nudges, such as 5, and a correlation for correlates, such as 0.1"
            yield error_at(row, "smallest_effect", problem, remedy)
    keyed = repeated_rows(codebook["smallest_effects"], lambda row: (row["study_id"], row["quantity_id"]))
    for row, first in keyed:
        problem = f"the study declared another smallest effect in line {first.line}"
        yield error_at(row, "quantity_id", problem, "delete one of the rows")


def _not_plain(row: CodebookRow, column: str) -> Iterator[Finding]:
    """Refuse a name that is not plain, or means all studies; a slash would make it the name of a single survey."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", row[column]) or row[column] == "all":
        problem = f"a {column} has small letters, digits and underscores, begins with a letter, and is not 'all'"
        yield error_at(row, column, problem, "rename it")


def _no_study(codebook: Codebook, row: CodebookRow) -> Iterator[Finding]:
    known = codebook.ids("studies", "study_id")
    if row["study_id"] not in known:
        remedy = "correct it, or add the surveys of the study to seeds/codebook/studies.csv"
        yield error_at(row, "study_id", "no row of studies.csv has this study_id", remedy, known)


def _not_among(row: CodebookRow, column: str, allowed: tuple[str, ...]) -> Iterator[Finding]:
    if row[column] not in allowed:
        yield error_at(row, column, f"this is no {column}", "write one of the allowed values", filter(None, allowed))


def _unknown_ids(codebook: Codebook, row: CodebookRow) -> Iterator[Finding]:
    """Refuse listed ids that the codebook does not have, and lists that the quantity does not have."""
    outcomes = [measure["measure_id"] for measure in codebook["measures"] if measure.is_true("is_outcome")]
    arms = [arm_id for arm_id in codebook.ids("nudge_arms", "arm_id") if arm_id != "none"]
    of_nudges = row["quantity_id"] == "nudge"
    known = {
        "outcome_ids": outcomes,
        "construct_ids": [] if of_nudges else codebook.ids("constructs", "construct_id"),
        "contrast_ids": arms if of_nudges else [],
        "theme_ids": codebook.ids("themes", "theme_id"),
    }
    for column, ids in known.items():
        unknown = [id_ for id_ in _ids(row, column) if id_ not in ids]
        if unknown:
            problem = f"a hypothesis about a {row['quantity_id']} cannot name {', '.join(unknown)} here"
            yield error_at(row, column, problem, "write ids with semicolons between them, or leave it blank", ids)


def _ids(row: CodebookRow, column: str) -> list[str]:
    return [text.strip() for text in row[column].split(BETWEEN_IDS) if text.strip()]


def _share_a_test(first: CodebookRow, second: CodebookRow) -> bool:
    """Whether two hypotheses can name the same test; a blank list names everything."""
    if any(first[column] != second[column] for column in ("study_id", "quantity_id")):
        return False
    lists = ("outcome_ids", "construct_ids", "contrast_ids", "theme_ids")
    pairs = [(set(_ids(first, column)), set(_ids(second, column))) for column in lists]
    return all(not one or not other or one & other for one, other in pairs)


STUDY_CHECKS = (check_surveys_of_studies, check_hypotheses, check_smallest_effects)
