"""How time and memory grow with respondents, questions, exports and waves: what dbt, our check and our models use."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from subprocess import CalledProcessError
from time import monotonic

from workbench.benchmark import analysts_part
from workbench.benchmark.made_up_study import Size, write_made_up_study
from workbench.benchmark.processes import Usage, apart

SMALLEST = Size(3_000)
# Each series begins with the smallest study and changes one thing. An export of many has 50 rows.
SERIES = {
    "respondents": [SMALLEST, Size(100_000), Size(1_000_000)],
    "questions in each export": [SMALLEST, Size(3_000, n_questions=300)],
    "exports of 50 rows": [Size(250), Size(2_500, n_exports=50), Size(25_000, n_exports=500)],
    "waves of each council": [
        Size(3_000, n_exports=6),
        Size(3_000, n_exports=6, n_waves=2),
        Size(3_000, n_exports=6, n_waves=6),
    ],
}


@dataclass(frozen=True)
class Point:
    """A study of one size, and what dbt used to read it and to build our part of it, above that of an empty graph."""

    number: int
    parse: Usage
    build: Usage
    empty: Usage

    @property
    def cpu(self) -> float:
        """CPU seconds of our part, above that of the empty graph."""
        return max(self.build.cpu - self.empty.cpu, 0.1)


@dataclass(frozen=True)
class Unmeasured:
    """A study that was not measured, and why: its build failed, or there was no time."""

    number: int
    why: str


def number_of(series: str, size: Size) -> int:
    """Return the number that changes in a series."""
    return {
        "respondents": size.n_respondents,
        "questions in each export": size.n_questions,
        "exports of 50 rows": size.n_exports,
        "waves of each council": size.n_waves,
    }[series]


def measure_growth(series: Sequence[str], most: int, seconds: float) -> Iterator[tuple[str, list[Point | Unmeasured]]]:
    """Yield each series with its points, leaving out studies of more respondents than `most`.

    A series stops at the first study that fails, or that would probably end after the seconds: it says so.
    """
    start = monotonic()
    for name in series:
        points: list[Point | Unmeasured] = []
        took = 0.0
        for size in SERIES[name]:
            number, begun = number_of(name, size), monotonic()
            if size.n_respondents > most:
                points.append(Unmeasured(number, f"more than {most:,} respondents"))
            elif begun - start + took > seconds:
                points.append(Unmeasured(number, "no time left"))
            else:
                points.append(_measured(size, number))
            took = monotonic() - begun
            if isinstance(points[-1], Unmeasured):
                break
        yield name, points


def _measured(size: Size, number: int) -> Point | Unmeasured:
    with tempfile.TemporaryDirectory() as directory:
        project, empty = Path(directory) / "study", Path(directory) / "empty"
        apart(write_made_up_study, project, size)
        try:
            parse = analysts_part.parse(project)
            analysts_part.write_empty_graph(project, empty)
            analysts_part.parse(empty)
            return Point(number, parse, analysts_part.build(project), analysts_part.build(empty))
        except CalledProcessError as error:
            return Unmeasured(number, "failed: " + " ".join(error.output.split())[-160:])


def exponents(points: Sequence[Point | Unmeasured]) -> list[str]:
    """Return for each point the exponent of growth since the point before: 1 is proportional, 0 is constant."""
    found = [""]
    for before, after in pairwise(points):
        if isinstance(before, Unmeasured) or isinstance(after, Unmeasured):
            found.append("")
        else:
            found.append(f"{math.log(after.cpu / before.cpu) / math.log(after.number / before.number):.2f}")
    return found


def rows_of(name: str, points: Sequence[Point | Unmeasured]) -> list[list[str]]:
    """Return a row for each point of a series."""
    rows = []
    for point, exponent in zip(points, exponents(points), strict=True):
        if isinstance(point, Unmeasured):
            rows.append([name, f"{point.number:,}", "", "", "", "", f"not measured: {point.why}"])
        else:
            figures = (point.parse.cpu, point.empty.cpu, point.cpu)
            rows.append(
                [name, f"{point.number:,}", *(f"{cpu:.1f}" for cpu in figures), f"{point.build.peak:.0f}", exponent]
            )
    return rows
