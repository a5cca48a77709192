"""Targets of the synthetic exports, read from the printed cells, with tolerances as exact integers."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[3] / "seeds"


def read_seed(name: str) -> list[dict[str, str]]:
    """Read one seed, for example `codebook/questions`, as a list of rows of text."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Window:
    """The allowed range of a level, in hundredths of a per cent."""

    low: int
    high: int

    def holds(self, part: int, whole: int) -> bool:
        """Return whether part / whole lies in the window."""
        return self.low * whole <= 10000 * part <= self.high * whole

    def middle_count(self, whole: int) -> int:
        """Return the count out of `whole` whose share is nearest to the middle of the window."""
        return ((self.low + self.high) * whole + 10000) // 20000


class Targets:
    """The printed cells of one council, addressed by theme, topic and measure."""

    def __init__(self, council_id: str) -> None:
        """Keep the cells of the council that print a number."""
        cells = read_seed("paper/paper_cells")
        self.cells = [cell for cell in cells if cell["council_id"] == council_id and cell["printed_value"]]

    def _values(self, theme_id: str, topic_id: str, **columns: str) -> list[Decimal]:
        wanted = {"theme_id": theme_id, "topic_id": topic_id, **columns}
        return [
            Decimal(cell["printed_value"])
            for cell in self.cells
            if all(cell[column] == value for column, value in wanted.items())
        ]

    def respondents(self) -> int:
        """Return the number of respondents."""
        return int(self._values("all", "all", measure_id="respondents")[0])

    def printed_level(self, theme_id: str, measure_id: str) -> Window:
        """Return the window of a level that the paper prints.

        Raises:
            ValueError: the paper prints no such level.

        """
        window = self.level(theme_id, measure_id)
        if window is None:
            raise ValueError(f"The paper prints no level of {measure_id} for {theme_id}.")
        return window

    def level(self, theme_id: str, measure_id: str) -> Window | None:
        """Return the window of a level of the theme, or None if the paper prints none.

        The window is 0.9 of the half-width of rounding. Where the paper prints both n and n + 1 for one mean (67 in
        Table 2, 68 in the text), the window is n.46 to n.47, which gives n if rounded once and n + 1 if rounded twice.
        """
        printed = sorted({int(value) for value in self._values(theme_id, "all", measure_id=measure_id)})
        if not printed:
            return None
        if len(printed) == 2:
            return Window(printed[0] * 100 + 46, printed[0] * 100 + 47)
        return Window(printed[0] * 100 - 45, printed[0] * 100 + 45)

    def nudges(self, theme_id: str, topic_id: str, outcome_id: str) -> dict[str, int]:
        """Return the printed nudge coefficients by arm, in thousandths of a point."""
        found = {}
        for arm_id in ("a", "b", "both"):
            values = self._values(theme_id, topic_id, outcome_id=outcome_id, contrast_id=arm_id, table_number="5")
            if values:
                found[arm_id] = int(values[0] * 1000)
        return found

    def correlation(self, theme_id: str, topic_id: str, construct_id: str, outcome_id: str) -> float | None:
        """Return the printed correlation of a correlate with an outcome of the whole theme, or None."""
        values = self._values(theme_id, topic_id, construct_id=construct_id, outcome_id=outcome_id)
        return float(values[0]) if values else None
