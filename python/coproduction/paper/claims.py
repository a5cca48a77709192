"""Claims of the text, recounted from the printed cells. The claims are typed in; the verdicts are computed here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from coproduction.paper.printed import FIVE_PER_CENT
from coproduction.statistics.methods.inference import p_value_of_z

Cell = dict[str, Any]
AREA = ("council_id", "wave_id", "theme_id")
FILTERS = ("council_id", "theme_id", "topic_id", "outcome_id", "construct_id", "contrast_id")


@dataclass(frozen=True)
class Recount:
    """Result of a recount: whether the claim holds, and the counts as text."""

    is_consistent: bool
    interpretation: str
    from_stars: str | None = None
    from_values: str | None = None
    suggested: str | None = None
    wave_id: str = "all"
    n_council: int | None = None


def recount_claim(claim: dict, cells: Sequence[Cell]) -> Recount:
    """Recount one claim from the printed cells.

    | claim_kind | recount |
    | --- | --- |
    | correlates | areas (council and theme) with a significant positive or negative correlation in any topic |
    | nudges | significant coefficients, and the number of printed ones |
    | more_positive | areas with a positive correlation, for the claimed outcome and for the other one |
    | range | lowest and highest level, and where they are |
    | measure_above | areas where the individual level is not above the collective one |
    | theme_above | councils whose level in the first themes is above that in the second |
    | areas_below | themes in which the first areas are all below the second |
    | printed_twice | the level in Table 2 and the level in the text |

    Args:
        claim: a row of paper_claims; missing values None or NaN.
        cells: the printed cells, missing values None or NaN, with `n_council`, `printed_stars` as read and `p_at_n`:
            the p of the printed value at the council's full number; of a coefficient, at the standard deviation that
            the level implies.

    Raises:
        ValueError: the kind is unknown.

    """
    claim = {name: None if value is None or value != value else value for name, value in claim.items()}
    kind = claim["claim_kind"]
    if kind not in RECOUNTS:
        raise ValueError(f"Claim {claim['claim_id']} is of the unknown kind {kind}; known are {', '.join(RECOUNTS)}.")
    wanted = {"table_number": str(claim["table_number"])}
    wanted |= {column: claim[column] for column in FILTERS if claim[column] is not None}
    claimed = [cell for cell in cells if all(cell[column] == value for column, value in wanted.items())]
    recount = RECOUNTS[kind](claim, claimed, cells)
    waves = {cell["wave_id"] for cell in claimed}
    councils = {int(cell["n_council"]) for cell in claimed if cell["n_council"] == cell["n_council"]}
    return replace(
        recount,
        wave_id=waves.pop() if len(waves) == 1 else "all",
        n_council=councils.pop() if len(councils) == 1 else None,
    )


def signs_of_areas(cells: Sequence[Cell], is_significant: Callable[[Cell], bool]) -> tuple[int, int]:
    """Count areas with a significant positive and with a significant negative cell; an area can be in both counts."""
    significant = [cell for cell in cells if is_significant(cell)]
    return (
        len(_distinct([cell for cell in significant if cell["printed_value"] > 0], AREA)),
        len(_distinct([cell for cell in significant if cell["printed_value"] < 0], AREA)),
    )


def _by_star(cell: Cell) -> bool:
    return cell["printed_stars"] != ""


def _by_value(cell: Cell) -> bool:
    # A missing p compares as false.
    return cell["p_at_n"] <= FIVE_PER_CENT


def _correlates(claim: dict, cells: Sequence[Cell], _: Sequence[Cell]) -> Recount:
    claimed = _claimed_signs(claim)
    by_star, by_value = signs_of_areas(cells, _by_star), signs_of_areas(cells, _by_value)
    n_areas, n_tested = len(_distinct(cells, AREA)), len(_distinct(_numbers(cells), AREA))
    cases = claim["claimed_cases"]
    is_denominator_right = cases is None or int(cases) in (n_areas, n_tested)
    said = []
    if by_star != claimed:
        said.append(f"the text counts {_signs(claimed)}, the printed stars are {_signs(by_star)}")
    if not is_denominator_right:
        said.append(f"the text counts {int(cases)} areas, the table has {n_areas} and tests {n_tested}")
    if by_value != by_star:
        said.append(f"by the printed values at full n it would be {_signs(by_value)}")
    if is_denominator_right and cases is not None and int(cases) != n_tested:
        said.append(f"of the {int(cases)} areas {n_tested} are tested, the others are dashes")
    return Recount(
        by_star == claimed and is_denominator_right,
        "; ".join(said) or "the count agrees with the printed stars and with the printed values",
        f"{_signs(by_star)} of {n_areas} areas, {n_tested} tested",
        f"{_signs(by_value)} of {n_areas} areas, {n_tested} tested",
        None if by_star == claimed and is_denominator_right else f"{_signs(by_star)} of {n_tested} tested areas",
    )


def _nudges(claim: dict, cells: Sequence[Cell], _: Sequence[Cell]) -> Recount:
    cells = _numbers(cells)
    claimed, by_star = _claimed_signs(claim), _signs_of_cells(cells, _by_star)
    by_theme = (*AREA, "outcome_id", "contrast_id")
    n_themes = len(_distinct(cells, by_theme))
    n_starred_themes = len(_distinct([cell for cell in cells if _by_star(cell)], by_theme))
    cases, n_cells, n_starred = claim["claimed_cases"], len(cells), sum(by_star)
    is_denominator_right = cases is None or int(cases) == n_cells
    said = []
    if by_star != claimed:
        said.append(f"the text counts {_signs(claimed)}, the printed stars are {_signs(by_star)}")
    if not is_denominator_right:
        said.append(f"the table has {n_cells} coefficients, not {int(cases)}")
        if int(cases) == n_themes:
            said.append(
                f"{n_themes} counts a council's theme once whatever its topics, and then {n_starred_themes} are "
                "starred: numerator and denominator count different things"
            )
    yes_or_no = [cell for cell in cells if cell["outcome_id"] == "collective_participation"]
    by_value = f"{_signs(_signs_of_cells(yes_or_no, _by_value))} of {len(yes_or_no)} collective coefficients"
    return Recount(
        by_star == claimed and is_denominator_right,
        "; ".join(said) or "the count agrees with the printed stars",
        f"{_signs(by_star)} of {n_cells} coefficients",
        f"{by_value} at the standard deviation of Table 2's level; that of an index is not implied"
        if len(yes_or_no)
        else "the level of an index implies no standard deviation",
        None if by_star == claimed and is_denominator_right else f"{n_starred} of {n_cells}",
    )


def _more_positive(claim: dict, cells: Sequence[Cell], all_cells: Sequence[Cell]) -> Recount:
    others = [
        cell
        for cell in all_cells
        if cell["construct_id"] == claim["construct_id"] and cell["outcome_id"] != claim["outcome_id"]
    ]
    by_star, by_value = (
        [signs_of_areas(of_outcome, rule)[0] for of_outcome in (cells, others)] for rule in (_by_star, _by_value)
    )
    names = [of_outcome[0]["outcome_id"] if of_outcome else "nothing" for of_outcome in (cells, others)]
    words = [f"{first} areas positive for {names[0]}, {second} for {names[1]}" for first, second in (by_star, by_value)]
    return Recount(
        by_star[0] > by_star[1],
        "the printed stars agree" if by_star[0] > by_star[1] else f"the stars say the opposite: {words[0]}",
        words[0],
        words[1],
    )


def _range(claim: dict, cells: Sequence[Cell], _: Sequence[Cell]) -> Recount:
    levels = _levels(claim, cells)
    values = [level["printed_value"] for level in levels]
    lowest, highest = min(values, default=np.nan), max(values, default=np.nan)
    at_lowest, at_highest = (
        {level["area"] for level in levels if level["printed_value"] == end} for end in (lowest, highest)
    )
    is_right = (
        lowest == float(claim["claimed_lowest"])
        and highest == float(claim["claimed_highest"])
        and at_lowest == set(_patterns(claim["areas"]))
        and at_highest == set(_patterns(claim["other_areas"]))
    )
    words = (
        f"{_number(lowest)} ({', '.join(sorted(at_lowest))}) to {_number(highest)} ({', '.join(sorted(at_highest))})"
    )
    return Recount(
        is_right,
        "the range agrees with Table 2" if is_right else f"Table 2 runs from {words}",
        None,
        words,
        None if is_right else words,
    )


def _measure_above(claim: dict, cells: Sequence[Cell], _: Sequence[Cell]) -> Recount:
    individual, collective = (
        {tuple(cell[column] for column in AREA): cell for cell in _numbers(cells) if cell["measure_id"] == measure}
        for measure in ("individual_index", "collective_participation")
    )
    both = individual.keys() & collective.keys()
    not_above = [area for area in both if individual[area]["printed_value"] <= collective[area]["printed_value"]]
    exceptions = {f"{council}/{theme}" for council, _, theme in not_above}
    is_right = exceptions == set(_patterns(claim["areas"]))
    words = f"individual above collective in {len(both) - len(not_above)} of {len(both)} areas"
    words += f", not in {', '.join(sorted(exceptions))}" if exceptions else ""
    return Recount(is_right, "Table 2 agrees" if is_right else "Table 2 has other exceptions", None, words)


def _theme_above(claim: dict, cells: Sequence[Cell], _: Sequence[Cell]) -> Recount:
    levels = _levels(claim, cells)
    pairs = _pairs(levels, claim, ("council_id", "wave_id"))
    gaps = [higher["printed_value"] - lower["printed_value"] for higher, lower in pairs]
    words = "; ".join(
        f"{higher['council_id']} {_number(higher['printed_value'])} against {_number(lower['printed_value'])}"
        for higher, lower in pairs
    )
    n_above = sum(gap > 0 for gap in gaps)
    said = f"above in {n_above} of {len(pairs)} pairs within a council"
    is_right = bool(pairs) and n_above == len(pairs)
    return Recount(is_right, f"{said}; the text gives no measure of substantially", None, words)


def _areas_below(claim: dict, cells: Sequence[Cell], _: Sequence[Cell]) -> Recount:
    """Compare within each theme, because an area's level depends on its theme; test the closest pair at full n."""
    levels = _levels(claim, cells)
    pairs = _pairs(levels, claim, ("theme_id",))
    if not pairs:
        return Recount(False, "no theme was asked in both kinds of area")
    gaps = [higher["printed_value"] - lower["printed_value"] for lower, higher in pairs]
    lower, higher = pairs[int(np.argmin(gaps))]
    n_below, n_crossed = sum(gap > 0 for gap in gaps), sum(low >= high for low, high in _all_pairs(levels, claim))
    words = (
        f"below in {n_below} of {len(pairs)} pairs of the same theme; closest: {lower['area']} "
        f"{_number(lower['printed_value'])}, {higher['area']} {_number(higher['printed_value'])}"
    )
    is_right = n_below == len(pairs)
    said = "the order holds theme by theme" if is_right else "the order does not hold in every theme"
    if n_crossed:
        said += f"; across themes {n_crossed} pairs are the other way round"
    if claim["measure_id"] == "collective_participation":
        p = _p_of_two_shares(lower, higher)
        if p > FIVE_PER_CENT:
            said += f"; the closest pair differs with p = {p:.2g} at full n, so not every difference is significant"
    return Recount(is_right, f"{said}; five areas are too few to test a pattern of location", None, words)


def _p_of_two_shares(first: Cell, second: Cell) -> float:
    """Two-sided p of the difference between two printed shares at the councils' full numbers (pooled z test)."""
    shares = np.array([first["printed_value"], second["printed_value"]]) / 100
    n = np.array([first["n_council"], second["n_council"]], dtype=np.float64)
    pooled = (shares * n).sum() / n.sum()
    return float(p_value_of_z((shares[1] - shares[0]) / np.sqrt(pooled * (1 - pooled) * (1 / n).sum())))


def _printed_twice(claim: dict, cells: Sequence[Cell], _: Sequence[Cell]) -> Recount:
    printed = [level["printed_value"] for level in _matching(_levels(claim, cells), claim["areas"])]
    claimed = float(claim["claimed_lowest"])
    is_right = bool(printed) and all(value == claimed for value in printed)
    in_table = ", ".join(map(_number, printed)) or "nothing"
    words = f"Table 2 prints {in_table}, the text {_number(claimed)}"
    return Recount(is_right, "Table 2 agrees" if is_right else words, None, words, None if is_right else in_table)


def _numbers(cells: Sequence[Cell]) -> list[Cell]:
    """Leave out the dashes."""
    return [cell for cell in cells if cell["printed_value"] == cell["printed_value"]]


def _distinct(cells: Sequence[Cell], columns: Sequence[str]) -> set[tuple]:
    return {tuple(cell[column] for column in columns) for cell in cells}


def _levels(claim: dict, cells: Sequence[Cell]) -> list[Cell]:
    return [
        cell | {"area": f"{cell['council_id']}/{cell['theme_id']}"}
        for cell in _numbers(cells)
        if cell["measure_id"] == claim["measure_id"]
    ]


def _matching(levels: Sequence[Cell], patterns: str | None) -> list[Cell]:
    wanted = _patterns(patterns)
    return [level for level in levels if any(fnmatchcase(level["area"], pattern) for pattern in wanted)]


def _pairs(levels: Sequence[Cell], claim: dict, same: Sequence[str]) -> list[tuple[Cell, Cell]]:
    """Pair the claim's areas with its other areas that agree in the columns `same`, in the order of the areas."""
    return sorted(
        (
            (first, second)
            for first in _matching(levels, claim["areas"])
            for second in _matching(levels, claim["other_areas"])
            if all(first[column] == second[column] for column in same)
        ),
        key=lambda pair: (pair[0]["area"], pair[1]["area"]),
    )


def _all_pairs(levels: Sequence[Cell], claim: dict) -> list[tuple[float, float]]:
    return [(first["printed_value"], second["printed_value"]) for first, second in _pairs(levels, claim, ())]


def _patterns(text: str | None) -> Sequence[str]:
    """Areas as `council/theme`, a star for any, several parted by semicolons."""
    return text.split(";") if text else []


def _claimed_signs(claim: dict) -> tuple[int, int]:
    return int(claim["claimed_positive"]), int(claim["claimed_negative"])


def _signs_of_cells(cells: Sequence[Cell], is_significant: Callable[[Cell], bool]) -> tuple[int, int]:
    values = [cell["printed_value"] for cell in cells if is_significant(cell)]
    return sum(value > 0 for value in values), sum(value < 0 for value in values)


def _signs(counts: tuple[int, int]) -> str:
    return f"{counts[0]} positive, {counts[1]} negative"


def _number(value: float) -> str:
    return f"{value:g}"


RECOUNTS = {
    "correlates": _correlates,
    "nudges": _nudges,
    "more_positive": _more_positive,
    "range": _range,
    "measure_above": _measure_above,
    "theme_above": _theme_above,
    "areas_below": _areas_below,
    "printed_twice": _printed_twice,
}
