"""Compares the results of a peer with the estimates of a warehouse: same rows, same numbers to nine digits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

SURVEY = ("council_id", "wave_id", "theme_id", "topic_id")
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Compared:
    """Results that a peer computes, too: our table, the rows of it, the columns that name a row, and those compared."""

    name: str
    table: str
    condition: str
    keys: tuple[str, ...]
    numbers: tuple[str, ...]


RESULTS = (
    Compared(
        "levels",
        "estimates.est_levels",
        "weighting_id = 'unweighted'",
        (*SURVEY, "measure_id", "breakdown_id", "breakdown_value"),
        ("n_respondents", "estimate", "std_error"),
    ),
    Compared(
        "correlates",
        "estimates.est_correlates",
        "weighting_id = 'unweighted' and method_id = 'pearson'",
        (*SURVEY, "construct_id", "outcome_id"),
        ("n_respondents", "estimate", "p_value_t"),
    ),
    Compared(
        "nudges",
        "estimates.est_nudge_effects",
        "weighting_id = 'unweighted' and model_id = 'dummies' and contrast_id <> 'interaction'",
        (*SURVEY, "outcome_id", "contrast_id"),
        ("n_arm", "n_control", "estimate", "std_error", "p_value"),
    ),
)


@dataclass(frozen=True)
class Agreement:
    """How the results of a peer compare with ours: rows of both, rows that only one has, and the largest difference."""

    name: str
    n_rows: int
    n_only_one: int
    largest_difference: float

    @property
    def holds(self) -> bool:
        """Whether both have the same rows, at least one, and no number differs by more than the tolerance."""
        return self.n_rows > 0 and not self.n_only_one and self.largest_difference <= TOLERANCE


def agreements(warehouse: Path, results: Path) -> Iterator[Agreement]:
    """Yield for each kind of result how the files of a peer compare with a warehouse.

    A difference is relative to our number where that is larger than 1, so that points of 0-100 and counts are compared
    like shares. Two missing numbers are equal; a missing one and a number differ infinitely.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for of in RESULTS:
            differences = [
                f"""case
                    when ours."{number}" is null or isnan(ours."{number}")
                        then case when coalesce(isnan(peer."{number}"), true) then 0 else 'infinity'::double end
                    when peer."{number}" is null or isnan(peer."{number}") then 'infinity'::double
                    else abs(ours."{number}" - peer."{number}") / greatest(1, abs(ours."{number}"))
                end"""
                for number in of.numbers
            ]
            numbers = ", ".join(f"'{number}': 'double'" for number in of.numbers)
            keys = ", ".join(f"'{key}': 'varchar'" for key in of.keys)
            row = connection.execute(
                f"""select
                    count(*) filter (where ours.is_ours and peer.is_theirs),
                    count(*) filter (where ours.is_ours is null or peer.is_theirs is null),
                    coalesce(max(greatest({", ".join(differences)})) filter (where ours.is_ours and peer.is_theirs), 0)
                from (select *, true as is_ours from {of.table} where {of.condition}) as ours
                full join (
                    select *, true as is_theirs
                    from read_csv('{results / of.name}.csv', header = true, types = {{{keys}, {numbers}}})
                ) as peer using ({", ".join(of.keys)})"""
            ).fetchone()
            assert row is not None
            yield Agreement(of.name, *row)
