"""Finds the counts that are possible for a row of the published file, given its rounding."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from coproduction.statistics.methods.inference import p_value_of_t, wilson_interval

if TYPE_CHECKING:
    import duckdb

# Kinds of measures whose value is 0 or 1; those of the others lie between.
_YES_OR_NO = ("any_item", "at_least")


@dataclass(frozen=True)
class Measure:
    """What the file says of a measure: whether its values are yes or no, and how its levels are printed."""

    is_yes_or_no: bool
    unit_minimum: float
    unit_range: float
    decimals: int
    kind: str = ""
    counts_answer: str = "positive"
    construct_id: str = ""

    @property
    def is_in_per_cent(self) -> bool:
        """Whether the level is a share of respondents in whole per cent."""
        return self.is_yes_or_no and (self.unit_minimum, self.unit_range, self.decimals) == (0, 100, 0)


class PublishedRows:
    """The published file, its measures, and how its bases are rounded."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, with_intervals_and_tests: bool) -> None:
        self._connection = connection
        self.with_intervals_and_tests = with_intervals_and_tests
        steps = self.rows("select value from publication.manifest where item = 'minimum_base'")
        self.step = int(steps[0].value) if steps else 1
        self.minimum = self.step if self.step > 1 else 10
        # Table 1 of the paper: how many people answered, exactly.
        self._sizes = {
            (row.council_id, row.wave_id): row.n_respondents
            for row in (
                self.rows("from marts.dim_survey") if self.has_column("marts", "dim_survey", "council_id") else []
            )
        }
        # Version 0.1 printed three digits of a p; today it is rounded up to hundredths.
        finer = (
            "select 1 from reports.rpt_correlates where p_value_t is not null and round(100 * p_value_t, 6) % 1 <> 0"
        )
        self._is_p_in_hundredths = not self.rows(f"{finer} limit 1")
        self.measures = {
            row.measure_id: Measure(
                row.kind in _YES_OR_NO,
                row.unit_minimum,
                row.unit_maximum - row.unit_minimum,
                row.decimals,
                row.kind,
                row.counts_answer or "positive",
                row.construct_id,
            )
            for row in self.rows("from marts.dim_measure")
        }

    def rows(self, query: str) -> list[Any]:
        """Return the rows of a query, with its columns as attributes."""
        result = self._connection.execute(query)
        names = [column[0] for column in result.description or []]
        return [SimpleNamespace(**dict(zip(names, values, strict=True))) for values in result.fetchall()]

    def size_of(self, council_id: str, wave_id: str) -> float:
        """Return the most citizens that a group of a survey can have; infinite if the file does not say it."""
        return self._sizes.get((council_id, wave_id), np.inf)

    def window_of_p(self, p: float) -> tuple[float, float]:
        """Return the bounds of a published p above 0."""
        if self._is_p_in_hundredths:
            return p - 0.01, p
        half_digit = 0.5 * 10 ** (np.floor(np.log10(p)) - 2)
        return p - half_digit, p + half_digit

    def measures_in_two_parts(self) -> dict[str, tuple[str, str]]:
        """Return the two measures, often and not often, that add up to each measure of any positive answer."""
        of_construct: dict[tuple[str, str], str] = {
            (measure.construct_id, measure.counts_answer): measure_id
            for measure_id, measure in self.measures.items()
            if measure.kind == "any_item"
        }
        parts = {
            whole: tuple(of_construct.get((construct, kind), "") for kind in ("often", "positive_not_often"))
            for (construct, answer), whole in of_construct.items()
            if answer == "positive"
        }
        return {whole: (often, rest) for whole, (often, rest) in parts.items() if often and rest}

    def has_column(self, schema: str, table: str, column: str) -> bool:
        """Return whether the file has a column."""
        return bool(
            self.rows(
                "select 1 from information_schema.columns where table_schema = "
                f"'{schema}' and table_name = '{table}' and column_name = '{column}'"
            )
        )

    def window(self, base: int) -> tuple[int, int]:
        """Return the bounds of a published base."""
        return base, base + (self.step - 1 if base % self.step == 0 else 0)


def numbers_that_print(window: tuple[int, int], row: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the bounds of n and k over all pairs whose rounded percentage and interval are those of the row."""
    n = np.arange(window[0], window[1] + 1)[:, None]
    start = np.floor((row.estimate - 0.5) / 100 * n).astype(int)
    k = start + np.arange(int(window[1] / 100) + 3)[None, :]
    is_possible = (k >= 0) & (k <= n) & (_rounded(100 * k / n) == row.estimate)
    # A survey that declares its design has other intervals.
    if row.ci_lower is not None and getattr(row, "std_error_type", "wilson") == "wilson":
        lower, upper = wilson_interval(np.clip(k, 0, n), np.broadcast_to(n, k.shape))
        # A percentage exactly between two rounded values can be rounded to either, depending on the last bit of a
        # double.
        is_possible &= _prints_as(100 * lower, row.ci_lower) & _prints_as(100 * upper, row.ci_upper)
    if not is_possible.any():
        return window, (0, window[1])
    pairs_n, pairs_k = np.broadcast_to(n, k.shape)[is_possible], k[is_possible]
    return (int(pairs_n.min()), int(pairs_n.max())), (int(pairs_k.min()), int(pairs_k.max()))


def _rounded(value: np.ndarray) -> np.ndarray:
    return np.floor(value + 0.5 + 1e-9)


def _prints_as(value: np.ndarray, printed: float) -> np.ndarray:
    return np.abs(value - printed) <= 0.5 + 1e-6


def bases_that_print(reader: PublishedRows, base: int, r: float | None, p: float | None) -> tuple[int, int]:
    """Return the bounds of the bases for which the rounded r can have the rounded p of the t test."""
    lower, upper = reader.window(base)
    if r is None or not p or not reader.with_intervals_and_tests:
        return lower, upper
    n = np.arange(max(lower, 3), upper + 1)
    p_lower, p_upper = reader.window_of_p(p)
    weak, strong = max(abs(r) - 0.0005, 0), min(abs(r) + 0.0005, 1 - 1e-9)
    largest, smallest = (p_value_of_t(end * np.sqrt((n - 2) / (1 - end**2)), n - 2) for end in (weak, strong))
    is_possible = (smallest <= p_upper * (1 + 1e-9)) & (largest >= p_lower * (1 - 1e-9))
    possible = n[is_possible]
    return (int(possible.min()), int(possible.max())) if len(possible) else (lower, upper)
