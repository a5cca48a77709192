"""The sentences about levels: of each survey, or of the lowest and the highest of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from coproduction.reporting.content import Finding, Scope, anchor_of
from coproduction.reporting.printed_numbers import base, interval, number
from coproduction.reporting.published import Row

_LEVELS = "reports.rpt_levels"

_LEVELS_QUERY = """
    select levels.* from reports.rpt_levels as levels
    inner join marts.dim_measure as measures using (measure_id)
    where
        measures.is_outcome and levels.topic_id = 'all' and levels.breakdown_id = 'all'
        and levels.weighting_id = 'unweighted' and levels.estimate is not null
        and ($council is null or levels.council_id = $council)
    order by levels.theme_label, levels.theme_id, levels.measure_label desc, levels.estimate, levels.council_label
"""


def level_findings(scope: Scope) -> Iterator[Finding]:
    """Yield a sentence for each level of a council, or about the lowest and the highest level of several surveys."""
    texts = scope.published.texts
    rows = scope.rows(_LEVELS_QUERY)
    for _, of_measure in groupby(rows, lambda row: (row["theme_id"], row["measure_id"])):
        found = list(of_measure)
        lowest, highest = found[0], found[-1]
        if len(found) < 3 or _printed(scope, lowest) == _printed(scope, highest):
            yield from (level_finding(scope, row) for row in found)
            continue
        is_apart = has_interval(lowest) and has_interval(highest) and lowest["ci_upper"] < highest["ci_lower"]
        text = texts(
            "finding_levels_apart" if is_apart else "finding_levels_overlap",
            n_surveys=len(found),
            theme=lowest["theme_label"],
            measure=lowest["measure_label"],
            unit=lowest["unit_label"],
            lowest=_with_interval(scope, lowest),
            lowest_in=scope.label(lowest),
            highest=_with_interval(scope, highest),
            highest_in=scope.label(highest),
        )
        ties = _tie(scope, "finding_levels_as_low", lowest, found) + _tie(
            scope, "finding_levels_as_high", highest, found
        )
        yield Finding(text + ties, anchor_of(_LEVELS, highest))


def _printed(scope: Scope, row: Row) -> str:
    return number(row["estimate"], scope.published.decimals("measure_id", row["measure_id"]))


def _tie(scope: Scope, sentence: str, extreme: Row, rows: Sequence[Row]) -> str:
    """Return the sentence that names other surveys with the level of an extreme as printed; empty if there is none."""
    same = [row for row in rows if row is not extreme and _printed(scope, row) == _printed(scope, extreme)]
    return " " + scope.published.texts(sentence, councils=", ".join(map(scope.label, same))) if same else ""


def level_finding(scope: Scope, row: Row) -> Finding:
    """Return the sentence about one level, with its interval in words if it has one."""
    decimals = scope.published.decimals("measure_id", row["measure_id"])
    text = scope.published.texts(
        "finding_level" if has_interval(row) else "finding_level_alone",
        council=scope.label(row),
        theme=row["theme_label"],
        measure=row["measure_label"],
        estimate=number(row["estimate"], decimals),
        unit=row["unit_label"],
        low=number(row["ci_lower"], decimals),
        high=number(row["ci_upper"], decimals),
        base=base(scope.published, _LEVELS, row),
    )
    return Finding(text, anchor_of(_LEVELS, row))


def _with_interval(scope: Scope, row: Row) -> str:
    decimals = scope.published.decimals("measure_id", row["measure_id"])
    between = interval(scope.published.texts, row, decimals)
    return f"{number(row['estimate'], decimals)} ({between})" if between else number(row["estimate"], decimals)


def has_interval(row: Row) -> bool:
    """Return whether a row has an estimate and an interval."""
    return row["estimate"] is not None and row["ci_lower"] is not None and row["ci_upper"] is not None
