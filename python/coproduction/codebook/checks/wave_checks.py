"""Checks of what the codebook says about waves: which surveys they are, their order, their dates and who was invited.

Every check takes the codebook and yields findings. WAVE_CHECKS lists the checks in the order of their findings. The
form of dates and whole numbers is checked with those of the other tables, in figures.py.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from coproduction.codebook.checks.figures import parse_day
from coproduction.codebook.checks.row_errors import error_at, repeated_rows
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import Finding


def check_surveys(codebook: Codebook) -> Iterator[Finding]:
    """Require a survey of citizens for each row, and one row for each council and wave."""
    surveys = _surveys(codebook)
    for row in codebook["waves"]:
        if (row["council_id"], row["wave_id"]) not in surveys:
            problem = f"no export is of citizens of the council {row['council_id']!r} in the wave {row['wave_id']!r}"
            allowed = [f"{council_id}, {wave_id}" for council_id, wave_id in surveys]
            yield error_at(row, "wave_id", problem, "correct council_id or wave_id, or delete the row", allowed)
    for row, first in repeated_rows(codebook["waves"], lambda row: (row["council_id"], row["wave_id"])):
        problem = f"the wave of {row['council_id']} is described twice, first in line {first.line}"
        yield error_at(row, "wave_id", problem, "delete one of the rows")


def check_order(codebook: Codebook) -> Iterator[Finding]:
    """Require an order of each council's waves that is complete, has no two waves in one place, and fits the dates."""
    for rows in _by_council(codebook).values():
        ordered = [row for row in rows if row["sort_order"].isdecimal()]
        for row, first in repeated_rows(ordered, lambda row: int(row["sort_order"])):
            problem = f"{first['wave_id']} in line {first.line}, of the same council, has this place already"
            yield error_at(row, "sort_order", problem, "give each wave another number: the lowest is the first wave")
        ordered.sort(key=lambda row: int(row["sort_order"]))
        dated = [(row, start) for row in ordered if (start := parse_day(row["fieldwork_start"]))]
        for (before, earlier), (row, start) in pairwise(dated):
            if start < earlier:
                problem = f"the wave comes after {before['wave_id']} in line {before.line}, which began later"
                yield error_at(row, "sort_order", problem, "correct sort_order or fieldwork_start")
        yield from _waves_without_place(codebook, rows)


def check_periods(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a fieldwork that ends before it begins."""
    for row in codebook["waves"]:
        start, end = parse_day(row["fieldwork_start"]), parse_day(row["fieldwork_end"])
        if start and end and end < start:
            problem = f"the fieldwork ends before it begins, on {row['fieldwork_start']}"
            yield error_at(row, "fieldwork_end", problem, "correct one of the two dates")


def check_invitations(codebook: Codebook) -> Iterator[Finding]:
    """Refuse more invitations than the panel has members."""
    for row in codebook["waves"]:
        invited, members = row["n_invited"], row["panel_size"]
        if invited.isdecimal() and members.isdecimal() and int(invited) > int(members):
            problem = f"more people were invited than the panel has members ({int(members):,})"
            yield error_at(row, "n_invited", problem, "correct one of the two numbers")


WAVE_CHECKS = (check_surveys, check_order, check_periods, check_invitations)


def _waves_without_place(codebook: Codebook, rows: list[CodebookRow]) -> Iterator[Finding]:
    """Refuse waves without a place among others that have one: they would come last, whenever they took place."""
    council_id = rows[0]["council_id"]
    waves = {wave_id for council, wave_id in _surveys(codebook) if council == council_id}
    for column in ("sort_order", "fieldwork_start"):
        placed = [row for row in rows if row[column]]
        missing = sorted(waves - {row["wave_id"] for row in placed})
        if not missing and placed:
            return
        if placed:
            problem = f"other waves of {council_id} have no {column}: {', '.join(missing)}; nobody knows their place"
            remedy = (
                "fill in sort_order for every wave of the council (a wave without a row needs one; the waves.csv of a "
                "draft may have rows of other waves, too)"
            )
            yield error_at(placed[0], column, problem, remedy)
            return


def _surveys(codebook: Codebook) -> dict[tuple[str, str], None]:
    """Return the councils and waves whose citizens answered, each once, in the order of the file."""
    citizens = [row for row in codebook["exports"] if row["respondent_role"] == "citizen"]
    return dict.fromkeys((row["council_id"], row["wave_id"]) for row in citizens)


def _by_council(codebook: Codebook) -> dict[str, list[CodebookRow]]:
    groups: dict[str, list[CodebookRow]] = defaultdict(list)
    for row in codebook["waves"]:
        groups[row["council_id"]].append(row)
    return dict(groups)
