"""Runs the benchmark: ``make benchmark``. It measures, writes tables, and asserts nothing about time."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from coproduction.cli.terminal import show
from workbench.benchmark.growth import SERIES, measure_growth, rows_of
from workbench.benchmark.growth_chart import chart_of
from workbench.benchmark.made_up_study import Size, write_made_up_study
from workbench.benchmark.peers import OURS, Contest, run_contest, table_of
from workbench.benchmark.processes import PROJECT, apart
from workbench.benchmark.repeated_exports import measure

PAGE = PROJECT / "benchmarks/measured.md"
CHART = PROJECT / "benchmarks/growth.svg"
HEAD = """# Measured

Written by `make benchmark`; [how to read it](README.md). The data are synthetic.
"""
PROGRAMS = ["program", "CPU s", "wall s", "peak MiB", "ours / it", "results"]
GROWTH = ["series", "number", "dbt reads the project, CPU s", "empty graph", "ours above it", "peak MiB", "exponent"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__)
    parser.add_argument("--respondents", nargs="*", type=int, default=[3_000, 100_000, 1_000_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=5, help="how often each program runs at most")
    parser.add_argument("--minutes", type=float, default=12, help="begin nothing that would probably end after them")
    parser.add_argument("--growth", nargs="*", choices=list(SERIES), default=list(SERIES), metavar="SERIES")
    parser.add_argument(
        "--repeat", nargs="*", type=int, default=[], metavar="N", help="build the bundled exports N times over"
    )
    options = parser.parse_args(arguments)
    show(about_machine())
    for factor in sorted(options.repeat):
        measure(factor)
    if not options.repeat:
        write_page(sorted(options.respondents), options.growth, options.rounds, 60 * options.minutes)


def about_machine() -> str:
    """Return date, machine and versions, and how busy the machine is."""
    names = ("duckdb", "dbt-core", "dbt-duckdb", "pandas")
    versions = ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names)])
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.platform()}, {versions}"
    return (
        f"{datetime.now():%d %B %Y, %H:%M}: {machine}. "
        f"Processes that wanted a core over the last 1, 5 and 15 minutes before: {load}."
    )


def write_page(sizes: Sequence[int], series: Sequence[str], rounds: int, seconds: float) -> None:
    """Measure the peers at each size and the growth of each series, and write page and chart after each step.

    Growth has a third of the time. What the smaller sizes leave is for the largest, which needs most.
    """
    start, parts = monotonic(), [HEAD, about_machine() + "\n"]
    for place, size in enumerate(sizes):
        left = 2 / 3 * seconds - (monotonic() - start)
        contest = _contest(size, rounds, left / 4 if place < len(sizes) - 1 else left)
        n_rounds = len(contest.used[OURS])
        parts.append(f"## {size:,} respondents in 5 exports with 64 claimed columns\n\n{_note(n_rounds)}\n")
        parts.append(_markdown(PROGRAMS, table_of(contest)))
        _write(parts)
    parts.append("## Growth\n\n![How time and memory grow](growth.svg)\n")
    rows, measured = [], {}
    for name, points in measure_growth(series, max(sizes, default=0), seconds - (monotonic() - start)):
        measured[name] = points
        rows += rows_of(name, points)
    if rows:
        about = f"Synthetic data, {about_machine().split(',')[0]}. Both scales are logarithmic."
        CHART.write_text(chart_of(measured, about), encoding="utf-8")
        parts.append(_markdown(GROWTH, rows))
        _write(parts)


def _contest(size: int, rounds: int, seconds: float) -> Contest:
    with tempfile.TemporaryDirectory() as directory:
        project = Path(directory) / "study"
        apart(write_made_up_study, project, Size(size))
        return run_contest(project, rounds, seconds)


def _note(rounds: int) -> str:
    return "One run of each." if rounds == 1 else f"The median of {rounds} rounds, in which the programs took turns."


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    aligned = ["---", *["---:"] * (len(header) - 2), "---"]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, aligned, *rows]) + "\n"


def _write(parts: Sequence[str]) -> None:
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    show(parts[-1])


if __name__ == "__main__":
    main()
