"""Checks of the characteristics of respondents in the codebook: age bands, breakdowns and the margins of raking.

Every check takes the codebook and yields findings. CHARACTERISTIC_CHECKS lists them in the order shown.
"""

from collections import defaultdict
from collections.abc import Iterator
from operator import itemgetter

from coproduction.codebook.checks.row_errors import error_at, repeated_rows
from coproduction.codebook.labels import parse_number
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import Finding, quoted

# The scores that results count on: for gender 1 is male and 2 female, for ethnicity 0 is White and 1 any other group.
FIXED_SCORES = {"gender": (1, 2), "ethnicity": (0, 1)}
# Published shares are rounded: five percentages with one decimal can differ from 100 in total by a quarter of a point.
SHARES_ADD_UP = 0.005


def margin_variable(construct_id: str) -> str:
    """Return the name of a demographic construct in weight_margins.csv, which is its label column in dim_respondent."""
    return "age_band" if construct_id == "age" else f"{construct_id}_label"


def check_age_bands(codebook: Codebook) -> Iterator[Finding]:
    """Refuse bands that end before they begin, overlap, or share a name, because an age would be in two bands."""
    seen: list[tuple[int, int, CodebookRow]] = []
    for row in codebook["age_bands"]:
        if not (row["minimum_age"].isdecimal() and row["maximum_age"].isdecimal()):
            continue
        lowest, highest = int(row["minimum_age"]), int(row["maximum_age"])
        if lowest > highest:
            problem = f"the band ends at {highest}, before it begins"
            yield error_at(row, "minimum_age", problem, "correct one of the two ages")
        for other_lowest, other_highest, other in seen:
            if row["age_band"] == other["age_band"]:
                problem = f"the age_band is described twice, first in line {other.line}"
                yield error_at(row, "age_band", problem, "delete one of the rows")
            elif lowest <= other_highest and other_lowest <= highest:
                problem = f"the band overlaps {quoted(other['age_band'])} in line {other.line}"
                yield error_at(row, "minimum_age", problem, "let each age be in one band")
        seen.append((lowest, highest, row))


def check_breakdowns(codebook: Codebook) -> Iterator[Finding]:
    """Require breakdowns by demographic constructs, correlates with scores, and one group for each score."""
    demographics, constructs = _demographics(codebook), codebook.ids("constructs", "construct_id")
    for row in codebook["breakdowns"]:
        if row["construct_id"] not in constructs:
            continue  # That is an error of its own, which guesses what is meant.
        if row["construct_id"] not in demographics:
            problem = "a breakdown divides respondents by a construct of the role demographic"
            yield error_at(row, "construct_id", problem, "correct it, or the role in constructs.csv", demographics)
        elif row.is_true("is_correlate") and not _has_scores(codebook, row["construct_id"]):
            problem = "no answer to this construct has a score, so nothing can be correlated with it"
            yield error_at(row, "is_correlate", problem, "write false, or fill in answer_score in answers.csv")
    # The difference between two ways of grouping the same answers could reveal a withheld group.
    for row, first in repeated_rows(codebook["breakdowns"], itemgetter("construct_id")):
        problem = f"the construct has a breakdown already, {first['breakdown_id']} in line {first.line}"
        yield error_at(row, "construct_id", problem, "delete one of the rows: a construct has one breakdown")
    groups = codebook["breakdown_groups"]
    for row, first in repeated_rows(groups, lambda row: (row["breakdown_id"], parse_number(row["answer_score"]))):
        problem = f"the breakdown {row['breakdown_id']} has this score already, in line {first.line}"
        yield error_at(row, "answer_score", problem, "delete one of the rows: each answer is in one group")


def check_fixed_scores(codebook: Codebook) -> Iterator[Finding]:
    """Refuse scores of gender and ethnicity that results cannot read, such as the codes 1, 2 and 3 of a file."""
    scales = codebook.scales()
    for construct_id, allowed in FIXED_SCORES.items():
        asked = [
            row for row in codebook["questions"] if row["construct_id"] == construct_id and row["is_primary"] != "false"
        ]
        used = {row["scale_id"]: row for row in asked}
        for scale_id, row in used.items():
            if scale_id in scales and scales[scale_id].is_numeric:
                problem = f"numbers say nothing about {construct_id}, and the scale {scale_id} is of numbers"
                yield error_at(row, "scale_id", problem, "use a nominal scale that lists the answers")
        for row in codebook["answers"]:
            score = parse_number(row["answer_score"])
            if row["scale_id"] in used and row["answer_score"] and score is not None and score not in allowed:
                problem = f"the score of an answer about {construct_id} is {allowed[0]}, {allowed[1]} or blank"
                remedy = "correct the score, or clear it and make the scale nominal in scales.csv"
                yield error_at(row, "answer_score", problem, remedy, [str(score) for score in allowed])


def check_margins(codebook: Codebook) -> Iterator[Finding]:
    """Require margins of an existing survey, with categories from its codebook and shares that add up to 1."""
    variables = [margin_variable(construct_id) for construct_id in _demographics(codebook)]
    surveys = {(row["council_id"], row["wave_id"]) for row in codebook["exports"]}
    groups: dict[tuple[str, ...], list[CodebookRow]] = defaultdict(list)
    for row in codebook["weight_margins"]:
        survey = (row["council_id"], row["wave_id"])
        if survey not in surveys:
            allowed = [f"{council}, {wave}" for council, wave in sorted(surveys)]
            problem = f"no export is of the council {row['council_id']!r} in the wave {row['wave_id']!r}"
            yield error_at(row, "council_id", problem, "correct council_id or wave_id", allowed)
            continue
        if row["variable"] not in variables:
            yield error_at(row, "variable", "there are no margins of this", "write an allowed value", variables)
            continue
        share = parse_number(row["share"])
        if row["share"] and (share is None or not 0 < share <= 1):
            problem = "the share is a part of the population above 0 and at most 1, not a percentage"
            yield error_at(row, "share", problem, "write 0.25 for 25 %; a category that nobody has needs no row")
        groups[(*survey, row["variable"])].append(row)
    for (council_id, wave_id, variable), rows in groups.items():
        yield from _check_margin(codebook, council_id, wave_id, variable, rows)


CHARACTERISTIC_CHECKS = (check_age_bands, check_breakdowns, check_fixed_scores, check_margins)


def _check_margin(
    codebook: Codebook, council_id: str, wave_id: str, variable: str, rows: list[CodebookRow]
) -> Iterator[Finding]:
    categories = _categories(codebook, council_id, wave_id, variable)
    seen: dict[str, CodebookRow] = {}
    for row in rows:
        first = seen.setdefault(row["category"], row)
        if first is not row:
            problem = f"the category of {council_id} is listed twice, first in line {first.line}"
            yield error_at(row, "category", problem, "delete one of the rows")
        elif row["category"] not in categories:
            problem = f"no answer of {council_id} in {wave_id} is of this category of {variable}"
            yield error_at(
                row, "category", problem, "spell it as answer_name in answers.csv (or age_bands.csv)", categories
            )
    parsed = [parse_number(row["share"]) for row in rows if row["share"]]
    shares = [share for share in parsed if share is not None]
    if len(shares) < len(parsed):
        return
    total = sum(shares)
    if abs(total - 1) > SHARES_ADD_UP:
        problem = f"the shares of {variable} of {council_id} in {wave_id} add up to {total:.4f}, not to 1"
        yield error_at(rows[-1], "share", problem, "correct the shares, or add the categories that are missing")


def _categories(codebook: Codebook, council_id: str, wave_id: str, variable: str) -> list[str]:
    """Return the names of the valid answers to the questions of a variable; for ages the bands as well."""
    exports = {
        row["export_id"] for row in codebook["exports"] if (row["council_id"], row["wave_id"]) == (council_id, wave_id)
    }
    scales = {
        row["scale_id"]
        for row in codebook["questions"]
        if row["export_id"] in exports and margin_variable(row["construct_id"]) == variable
    }
    names = [
        row["answer_name"] for row in codebook["answers"] if row["scale_id"] in scales and row["answer_kind"] == "valid"
    ]
    is_years = any(scale.is_numeric for scale_id, scale in codebook.scales().items() if scale_id in scales)
    bands = codebook.ids("age_bands", "age_band") if variable == margin_variable("age") and is_years else []
    return [name for name in dict.fromkeys([*bands, *names]) if name]


def _demographics(codebook: Codebook) -> list[str]:
    return [construct_id for construct_id, role in codebook.roles().items() if role == "demographic"]


def _has_scores(codebook: Codebook, construct_id: str) -> bool:
    """Say whether an answer to a construct has a score; true as well where no export asks about it."""
    used = {row["scale_id"] for row in codebook["questions"] if row["construct_id"] == construct_id}
    scored = {row["scale_id"] for row in codebook["answers"] if row["answer_score"]}
    numeric = {scale_id for scale_id, scale in codebook.scales().items() if scale.is_numeric}
    return not used or bool(used & (scored | numeric))
