"""Checks of what the codebook says about replicate weights: their columns, and the factor of their survey.

Every check takes the codebook and yields findings. REPLICATE_CHECKS lists the checks in the order of their findings.
The weights themselves are checked with the cells of an export.
"""

from collections import defaultdict
from collections.abc import Iterator

from coproduction.codebook.checks.row_errors import error_at
from coproduction.codebook.labels import parse_number
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import Finding, quoted, shortened

REPLICATE_WEIGHT = "replicate_weight"
# As FEWEST_REPLICATES of the statistics; a test compares the two.
FEWEST_REPLICATES = 10
_FACTORS = (
    "write what its documentation says: 1/R for R balanced half samples or bootstrap replicates, 4/R for Fay's method "
    "with the coefficient 0.5, (R-1)/R for the jackknife that leaves out one cluster, such as 79/80; a number or a "
    "fraction of two numbers"
)

Survey = tuple[str, str]


def check_replicate_columns(codebook: Codebook) -> Iterator[Finding]:
    """Require enough replicates, a weight in the same export, and the same columns in all exports of a survey."""
    for exports in _columns_of_surveys(codebook).values():
        first_id = next(export_id for export_id, rows in exports.items() if rows)
        names = {row["column_name"] for row in exports[first_id]}
        for export_id, rows in exports.items():
            row, others = (rows or exports[first_id])[0], {row["column_name"] for row in rows}
            if rows and "weight" not in {row["construct_id"] for row in codebook.questions_of(export_id)}:
                problem = f"{export_id} has replicate weights, but no column is claimed for the construct weight"
                remedy = "claim the column with the weights of the whole sample, of which the replicates are variants"
                yield error_at(row, "construct_id", problem, remedy)
            if rows and len(rows) < FEWEST_REPLICATES:
                problem = f"{export_id} has {len(rows)} replicate weights, and an error needs {FEWEST_REPLICATES}"
                yield error_at(
                    row, "construct_id", problem, "claim the columns of all replicates, or delete these rows"
                )
            elif names != others:
                odd = shortened(map(quoted, sorted(names ^ others)))
                problem = f"{first_id} and {export_id} are one survey, but have different replicate weights: {odd}"
                yield error_at(row, "column_name", problem, "give each replicate the same column in every export")


def check_replicate_factors(codebook: Codebook) -> Iterator[Finding]:
    """Require the factor of each survey with replicate weights, as a number above 0, and no factor of any other."""
    columns = _columns_of_surveys(codebook)
    rows_of_waves = {(row["council_id"], row["wave_id"]): row for row in codebook["waves"]}
    for survey, row in rows_of_waves.items():
        factor = row["replicate_factor"]
        if factor and survey not in columns:
            problem = f"no export of {survey[0]} in {survey[1]} has replicate weights"
            yield error_at(
                row, "replicate_factor", problem, f"claim their columns for {REPLICATE_WEIGHT}, or leave it blank"
            )
        elif factor and not _is_factor(factor):
            yield error_at(row, "replicate_factor", "this is no factor above 0", _FACTORS)
    for survey, exports in columns.items():
        if survey not in rows_of_waves or not rows_of_waves[survey]["replicate_factor"]:
            rows = next(filter(None, exports.values()))
            problem = f"replicate weights need a factor, and waves.csv has none for {survey[0]}, {survey[1]}"
            remedy = f"add the column replicate_factor to seeds/codebook/waves.csv, if it has none, and {_FACTORS}"
            yield error_at(rows[0], "construct_id", problem, remedy)


REPLICATE_CHECKS = (check_replicate_columns, check_replicate_factors)


def _columns_of_surveys(codebook: Codebook) -> dict[Survey, dict[str, list[CodebookRow]]]:
    """Return the replicate columns of each export of citizens, by council and wave, where any of these has some."""
    surveys: dict[Survey, dict[str, list[CodebookRow]]] = defaultdict(dict)
    for row in codebook["exports"]:
        if row["respondent_role"] == "citizen":
            questions = codebook.questions_of(row["export_id"])
            columns = [question for question in questions if question["construct_id"] == REPLICATE_WEIGHT]
            surveys[row["council_id"], row["wave_id"]][row["export_id"]] = columns
    return {survey: exports for survey, exports in surveys.items() if any(exports.values())}


def _is_factor(text: str) -> bool:
    """Return whether a text is a number above 0 or a fraction of two of them."""
    numbers = [parse_number(part) for part in text.split("/")]
    return len(numbers) <= 2 and all(number is not None and number > 0 for number in numbers)
