"""Compares a new published file with the one that it replaces: two files can reveal by whom they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import duckdb

_SIZES = "select council_id, wave_id, n_respondents from marts.dim_survey order by all"
_MINIMUM = "select value from publication.manifest where part_id = 'build' and item = 'minimum_base'"


class Repeat(NamedTuple):
    """A survey in two published files, with its respondents in the earlier and in the new one."""

    council_id: str
    wave_id: str
    n_before: int
    n_now: int


def surveys_with_few_more(
    before: duckdb.DuckDBPyConnection, new: duckdb.DuckDBPyConnection, minimum_base: int
) -> list[Repeat]:
    """Return the surveys of two published files whose numbers of respondents differ, by fewer than `minimum_base`.

    The number of respondents of a survey is the one count of people that is published exactly, so readers see the
    difference. Where it is nought, the file cannot tell a repeated build from an answer that was corrected.
    """
    sizes = {(council, wave): n for council, wave, n in before.execute(_SIZES).fetchall()}
    return [
        Repeat(council, wave, sizes[council, wave], n)
        for council, wave, n in new.execute(_SIZES).fetchall()
        if (council, wave) in sizes and 0 < abs(sizes[council, wave] - n) < minimum_base
    ]


def minimum_before(before: duckdb.DuckDBPyConnection) -> int | None:
    """Return the minimum that the earlier file was published with; None if it does not say."""
    found = before.execute(_MINIMUM).fetchone()
    return int(found[0]) if found else None
