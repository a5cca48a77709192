"""Does the codebook say what the warehouse can compute with? Years, dates, bands, arms, margins, scores.

Every check takes the codebook and yields findings; FIGURE_CHECKS at the end lists them in the order shown.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from coproduction.codebook.labels import parse_number
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import ERROR, Finding, quoted

# table, column, lowest and highest value, whether a cell may be blank. The types are those of the seeds' .yml.
_WHOLE_NUMBERS = (
    ("exports", "fieldwork_year", 1900, 2100, True),
    ("councils", "population", 1, 10**9, True),
    ("councils", "population_year", 1900, 2100, True),
    ("age_bands", "minimum_age", 0, 150, False),
    ("age_bands", "maximum_age", 0, 150, False),
    ("age_bands", "sort_order", 0, 1000, False),
)

# table and column of a name that stands in a file, a key or a report.
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
)

# In reports 'all' stands for all of them together.
_NEVER_ALL = (("councils", "council_id"), ("exports", "wave_id"), ("themes", "theme_id"))

# What a margin can be of, with the construct whose answers are its categories; raking takes these and no others.
MARGIN_VARIABLES = {
    "age_band": "age",
    "gender_label": "gender",
    "ethnicity_label": "ethnicity",
    "education_label": "education",
    "location_label": "location",
}

# Published shares are rounded: five categories of one decimal can miss 100 % by a quarter of a point.
SHARES_ADD_UP = 0.005


def check_filled(codebook: Codebook) -> Iterator[Finding]:
    """Require the names by which tables are joined and results are printed."""
    for table, column in _FILLED:
        for row in codebook[table]:
            if row[column] == "":
                yield _error(row, column, f"the {column} is blank", "fill it in, or delete the row")
    for table, column in _NEVER_ALL:
        for row in codebook[table]:
            if row[column].lower() == "all":
                yield _error(row, column, f"no {column} is called 'all': in reports it means all together", "rename it")


def check_whole_numbers(codebook: Codebook) -> Iterator[Finding]:
    """Require plain whole numbers within reason where dbt casts to integer."""
    for table, column, lowest, highest, may_be_blank in _WHOLE_NUMBERS:
        for row in codebook[table]:
            text = row[column]
            if (text == "" and may_be_blank) or (re.fullmatch("[0-9]{1,12}", text) and lowest <= int(text) <= highest):
                continue
            problem = f"the {column} is no whole number from {lowest} to {highest}"
            remedy = "write digits only" + (", or leave it blank" if may_be_blank else "")
            yield _error(row, column, problem, remedy)


def check_dates(codebook: Codebook) -> Iterator[Finding]:
    """Require the dates of exceptions as year, month and day."""
    for row in codebook["tolerated_answers"]:
        text = row["date"]
        if text == "" or (re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and _is_day(text)):
            continue
        yield _error(
            row, "date", "this is no day, or not written as year-month-day", "write 2024-05-31 for 31 May 2024"
        )


def check_age_bands(codebook: Codebook) -> Iterator[Finding]:
    """Refuse bands that end before they begin, overlap, or have one name: an age would be in two."""
    seen: list[tuple[int, int, CodebookRow]] = []
    for row in codebook["age_bands"]:
        if not (row["minimum_age"].isdecimal() and row["maximum_age"].isdecimal()):
            continue
        lowest, highest = int(row["minimum_age"]), int(row["maximum_age"])
        if lowest > highest:
            problem = f"the band ends at {highest}, before it begins"
            yield _error(row, "minimum_age", problem, "correct one of the two ages")
        for other_lowest, other_highest, other in seen:
            if row["age_band"] == other["age_band"]:
                problem = f"the age_band is described twice, first in line {other.line}"
                yield _error(row, "age_band", problem, "delete one of the rows")
            elif lowest <= other_highest and other_lowest <= highest:
                problem = f"the band overlaps {quoted(other['age_band'])} in line {other.line}"
                yield _error(row, "minimum_age", problem, "let each age be in one band")
        seen.append((lowest, highest, row))


def check_arms(codebook: Codebook) -> Iterator[Finding]:
    """Require the arm without a nudge, with which every other is compared, among the arms and the answers."""
    scales = defaultdict(list)
    for row in codebook["questions"]:
        if row["construct_id"] == "nudge":
            scales[row["scale_id"]].append(row)
    arms = codebook.ids("nudge_arms", "arm_id")
    names = defaultdict(set)
    for row in codebook["answers"]:
        if row["answer_kind"] == "valid":
            names[row["scale_id"]].add(row["answer_name"])
    for scale_id, questions in scales.items():
        if "none" not in arms:
            problem = "a question assigns nudges, but nudge_arms.csv has no arm 'none' to compare them with"
            yield _error(
                questions[0], "construct_id", problem, "add the arm none to seeds/codebook/nudge_arms.csv", arms
            )
        elif "none" not in names[scale_id]:
            problem = f"no answer of the scale {scale_id} names the arm 'none': no nudge could be compared with it"
            remedy = "write none as answer_name of the version without a nudge, in seeds/codebook/answers.csv"
            yield _error(questions[0], "scale_id", problem, remedy, names[scale_id])
    for row in codebook["nudge_arms"]:
        if row["arm_id"] == "none" and (row.is_true("has_nudge_a") or row.is_true("has_nudge_b")):
            yield _error(row, "arm_id", "the arm 'none' has a nudge", "set has_nudge_a and has_nudge_b to false")


def check_answer_scores(codebook: Codebook) -> Iterator[Finding]:
    """Refuse scores outside their scale, answers that are often and not positive, and scales without answers."""
    scales = codebook.scales()
    for row in codebook["answers"]:
        scale, score = scales.get(row["scale_id"]), parse_number(row["answer_score"])
        if scale and not scale.is_numeric and score is not None and not scale.is_in_range(score):
            problem = f"the score lies outside the minimum and maximum of the scale {scale.scale_id}"
            yield _error(row, "answer_score", problem, "correct the score, or scales.csv", [scale.number_range()])
        if row.is_true("is_often") and not row.is_true("is_positive"):
            yield _error(row, "is_often", "an answer that is often is positive, too", "correct is_positive or is_often")
    used = {row["scale_id"]: row for row in reversed(codebook["questions"])}
    for scale_id, row in used.items():
        if scale_id in scales and not scales[scale_id].is_numeric and not scales[scale_id].labels:
            problem = f"answers.csv lists no answer of the scale {scale_id}"
            yield _error(row, "scale_id", problem, "add its answers to seeds/codebook/answers.csv")


def check_margins(codebook: Codebook) -> Iterator[Finding]:
    """Require margins of a survey that exists, in categories that its codebook has, with shares that make a whole."""
    surveys = {(row["council_id"], row["wave_id"]) for row in codebook["exports"]}
    groups: dict[tuple[str, ...], list[CodebookRow]] = defaultdict(list)
    for row in codebook["weight_margins"]:
        survey = (row["council_id"], row["wave_id"])
        if survey not in surveys:
            allowed = [f"{council}, {wave}" for council, wave in sorted(surveys)]
            problem = f"no export is of the council {row['council_id']!r} in the wave {row['wave_id']!r}"
            yield _error(row, "council_id", problem, "correct council_id or wave_id", allowed)
            continue
        if row["variable"] not in MARGIN_VARIABLES:
            yield _error(row, "variable", "there are no margins of this", "write an allowed value", MARGIN_VARIABLES)
            continue
        share = parse_number(row["share"])
        if row["share"] and (share is None or not 0 < share <= 1):
            problem = "the share is a part of the population above 0 and at most 1, not a percentage"
            yield _error(row, "share", problem, "write 0.25 for 25 %; a category that nobody has needs no row")
        groups[(*survey, row["variable"])].append(row)
    for (council_id, wave_id, variable), rows in groups.items():
        yield from _check_margin(codebook, council_id, wave_id, variable, rows)


FIGURE_CHECKS = (
    check_filled,
    check_whole_numbers,
    check_dates,
    check_age_bands,
    check_arms,
    check_answer_scores,
    check_margins,
)


def _check_margin(
    codebook: Codebook, council_id: str, wave_id: str, variable: str, rows: list[CodebookRow]
) -> Iterator[Finding]:
    categories = _categories(codebook, council_id, wave_id, variable)
    seen: dict[str, CodebookRow] = {}
    for row in rows:
        first = seen.setdefault(row["category"], row)
        if first is not row:
            problem = f"the category of {council_id} stands there twice, first in line {first.line}"
            yield _error(row, "category", problem, "delete one of the rows")
        elif row["category"] not in categories:
            problem = f"no answer of {council_id} in {wave_id} is of this category of {variable}"
            yield _error(
                row, "category", problem, "spell it as answer_name in answers.csv (or age_bands.csv)", categories
            )
    shares = [parse_number(row["share"]) for row in rows if row["share"]]
    if None in shares:
        return
    total = sum(shares)
    if abs(total - 1) > SHARES_ADD_UP:
        problem = f"the shares of {variable} of {council_id} in {wave_id} add up to {total:.4f}, not to 1"
        yield _error(rows[-1], "share", problem, "correct the shares, or add the categories that are missing")


def _categories(codebook: Codebook, council_id: str, wave_id: str, variable: str) -> list[str]:
    """Return the names of the valid answers to the questions behind a variable; for ages the bands as well."""
    exports = {
        row["export_id"] for row in codebook["exports"] if (row["council_id"], row["wave_id"]) == (council_id, wave_id)
    }
    scales = {
        row["scale_id"]
        for row in codebook["questions"]
        if row["export_id"] in exports and row["construct_id"] == MARGIN_VARIABLES[variable]
    }
    names = [
        row["answer_name"] for row in codebook["answers"] if row["scale_id"] in scales and row["answer_kind"] == "valid"
    ]
    is_years = any(scale.is_numeric for scale_id, scale in codebook.scales().items() if scale_id in scales)
    bands = codebook.ids("age_bands", "age_band") if variable == "age_band" and is_years else []
    return [name for name in dict.fromkeys([*bands, *names]) if name]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _error(row: CodebookRow, column: str, problem: str, remedy: str, allowed: object = ()) -> Finding:
    """Return a finding about one cell of the codebook that refuses the build."""
    return Finding(ERROR, row.file, problem, remedy, row.line, column, row[column], tuple(map(quoted, allowed)))
