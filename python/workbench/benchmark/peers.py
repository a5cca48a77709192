"""The peers beside us: programs that an analyst would write, run in turn on the same files, each as a process."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from workbench.benchmark import analysts_part
from workbench.benchmark.agreement import Agreement, agreements
from workbench.benchmark.floor import floor_of
from workbench.benchmark.parquet_exports import move_to_parquet
from workbench.benchmark.processes import PROJECT, Usage, apart, middle, used_by

FOLDER = PROJECT / "benchmarks/peers"
# `make benchmark` installs the packages of benchmarks/peers/requirements.txt here; the project itself needs none.
PACKAGES = PROJECT / ".venv/peers"
FLOOR, EMPTY = "floor", "dbt with `select 1` in every node"
OURS, CHECKED, PARQUET = (
    "coproduction, with dbt",
    "coproduction with dbt, the files checked before",
    "coproduction with dbt, from Parquet",
)
# The names of what our part takes without dbt's own.
ABOVE_DBT = {
    OURS: "coproduction",
    CHECKED: "coproduction, the files checked before",
    PARQUET: "coproduction, from Parquet",
}


@dataclass(frozen=True)
class Peer:
    """A program that computes our results: how it is called, its file, and why it cannot run here, if it cannot."""

    name: str
    file: str
    why_not: str = ""

    def run(self, project: Path, results: Path) -> Usage:
        """Compute the results of a project into a folder."""
        file = str(FOLDER / self.file)
        command = ("Rscript", "--vanilla", file) if self.file.endswith(".R") else (sys.executable, file)
        return used_by(*command, str(project), str(results), directory=results, PYTHONPATH=str(PACKAGES))


@dataclass(frozen=True)
class Contest:
    """What each program used in each round, and how the results of each peer compare with ours."""

    used: dict[str, list[Usage]]
    agreed: dict[str, list[Agreement]]
    missing: dict[str, str]

    def middle(self, name: str) -> Usage:
        """Return what a program used in the middle of its runs."""
        return middle(self.used[name])

    @property
    def ours(self) -> float:
        """CPU seconds of our part, above that of the empty graph."""
        return self.above_dbt(OURS)

    def above_dbt(self, name: str) -> float:
        """Return the CPU seconds of a build above that of the empty graph."""
        return self.middle(name).cpu - self.middle(EMPTY).cpu


def peers() -> list[Peer]:
    """Return the peers, each with the reason if its packages are not installed."""
    no_polars = "" if (PACKAGES / "polars").is_dir() else "polars is not installed: make .venv/peers.ready"
    return [
        Peer("polars from counts", "polars_counts.py", no_polars),
        Peer("polars row by row", "polars_rows.py", no_polars),
        Peer("pandas, scipy, statsmodels", "pandas_rows.py"),
        Peer("R: data.table, estimatr", "data_table.R", _why_no_r()),
    ]


def _why_no_r() -> str:
    if not shutil.which("Rscript"):
        return "R is not installed"
    wanted = "quit(status = !all(sapply(c('data.table', 'estimatr'), requireNamespace, quietly = TRUE)))"
    found = subprocess.run(["Rscript", "--vanilla", "-e", wanted], capture_output=True, check=False)
    return "R has no data.table or no estimatr" if found.returncode else ""


def run_contest(project: Path, most_rounds: int, seconds: float) -> Contest:
    """Run every program in turn, round after round, and compare the results of the first round with our estimates.

    The first round is always run whole. A later one begins only if it will probably end within the seconds.
    """
    with tempfile.TemporaryDirectory() as directory:
        empty, results, parquet = (Path(directory) / name for name in ("empty", "results", "parquet"))
        analysts_part.parse(project)
        analysts_part.write_empty_graph(project, empty)
        analysts_part.parse(empty)
        shutil.copytree(project, parquet)
        apart(move_to_parquet, parquet, Path(directory) / "files")
        analysts_part.parse(parquet)
        able = [peer for peer in peers() if not peer.why_not]
        programs: dict[str, Callable[[], Usage]] = {
            FLOOR: lambda: floor_of(project),
            EMPTY: lambda: analysts_part.build(empty),
            OURS: lambda: analysts_part.build(project),
            CHECKED: lambda: analysts_part.build(project, is_checked=True),
            PARQUET: lambda: analysts_part.build(parquet),
        }
        for peer in able:
            (results / peer.file).mkdir(parents=True)
            programs[peer.name] = lambda peer=peer: peer.run(project, results / peer.file)  # type: ignore[misc]
        used: dict[str, list[Usage]] = {name: [] for name in programs}
        for _ in _rounds(most_rounds, seconds):
            for name, run in programs.items():
                used[name].append(run())
        warehouse = project / analysts_part.WAREHOUSE
        agreed = {peer.name: list(agreements(warehouse, results / peer.file)) for peer in able}
    return Contest(used, agreed, {peer.name: peer.why_not for peer in peers() if peer.why_not})


def _rounds(most: int, seconds: float) -> Iterator[int]:
    start = monotonic()
    for number in range(most):
        yield number
        so_far = monotonic() - start
        if so_far + so_far / (number + 1) > seconds:
            return


def table_of(contest: Contest) -> Sequence[Sequence[str]]:
    """Return a row for each program: CPU, wall, peak, ours divided by it, and whether its results are ours."""
    rows = []
    for name, usages in contest.used.items():
        of = middle(usages)
        ratio = "" if name in (*ABOVE_DBT, EMPTY) else f"{contest.ours / of.cpu:.2f}"
        rows.append(
            [name, f"{of.cpu:.1f}", f"{of.wall:.1f}", f"{of.peak:.0f}", ratio, _verdict(contest.agreed.get(name))]
        )
        if name in ABOVE_DBT:
            cpu = contest.above_dbt(name)
            rows.append(
                [f"{ABOVE_DBT[name]}, without dbt's own", f"{cpu:.1f}", "", "", f"{contest.ours / cpu:.2f}", ""]
            )
    return rows + [[name, "", "", "", "", f"not run: {why}"] for name, why in contest.missing.items()]


def _verdict(agreed: Sequence[Agreement] | None) -> str:
    if agreed is None:
        return ""
    if all(found.holds for found in agreed):
        largest = max(found.largest_difference for found in agreed)
        return f"the same {sum(found.n_rows for found in agreed):,} results, to {largest:.0e}"
    return "; ".join(
        f"{found.name}: {found.n_only_one} rows only in one, difference up to {found.largest_difference:.1g}"
        for found in agreed
        if not found.holds
    )
