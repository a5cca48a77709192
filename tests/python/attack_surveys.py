"""Attacks made-up surveys of 12 to 950 people: what an outsider can work out, and what an analyst loses.

`make attack SURVEYS=40` draws so many surveys from the bundled exports, builds them, attacks the published file with
all that the project knows, compares each bound with the true count, and prints the figures of docs/disclosure.md.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np

from building import Project
from coproduction.publishing.disclosure.attack import Target, attack
from coproduction.publishing.disclosure.raked_figures import raked_levels
from coproduction.publishing.disclosure.rounding_windows import PublishedRows
from coproduction.publishing.disclosure.single_figures import Finding, findings
from made_up_surveys import draw, known_shares
from outsider import Discovery, Outsider
from true_counts import truth_of, untrue_statements

# The most for one integer program; what is not solved by then counts as not decided.
SECONDS = 60
SMALLEST_SHOWN = 10


def is_worked_out(target: Target, truth: dict[tuple, float]) -> bool:
    """Whether a count that has to stay hidden is worked out: ten people who do not know, or more, are no secret."""
    is_large = target.quantity == "n" and truth.get(("n", *target.cell), 0) >= target.smallest_shown
    return target.is_recovered and not is_large


def is_of_many(discovery: Discovery, truth: dict[tuple, float]) -> bool:
    """Whether a discovery is about ten people who do not know, or more, who are no secret."""
    names = discovery.what.removeprefix("Don't Know, ").split(", ")
    return truth.get(("n", *discovery.survey, *names, "dont_know", None), 0) >= SMALLEST_SHOWN


def report(targets: list[Target], found: list[Finding], truth: dict[tuple, float]) -> list[str]:
    """Return the lines to print: a table of the hidden counts of each report, and what went wrong."""
    lines = ["| report, count | hidden | exact | within two | candidates, median | smallest |", _line(6)]
    for kind in sorted({(target.table, target.quantity) for target in targets}):
        of_kind = [target for target in targets if (target.table, target.quantity) == kind]
        left = [target.n_candidates for target in of_kind if np.isfinite(target.n_candidates)] or [np.inf]
        recovered = sum(is_worked_out(target, truth) for target in of_kind)
        exact = sum(target.is_exact for target in of_kind)
        cells = (
            f"`{kind[0]}`, {kind[1]}",
            len(of_kind),
            exact,
            recovered,
            f"{np.median(left):.0f}",
            f"{min(left):.0f}",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    wrong = [
        target
        for target in targets
        if target.is_bounded
        and (key := (target.quantity, *target.cell)) in truth
        and not target.lower - 1e-6 <= truth[key] <= target.upper + 1e-6
    ]
    lines += [
        f"bounds that miss the truth: {len(wrong)} of {sum(t.is_bounded for t in targets)}",
        f"answers that are safe before both bounds are known: {sum(not t.is_bounded for t in targets)}",
        f"not decided in the time for one program: {sum(not target.is_decided for target in targets)}",
        f"contradictions: {sum(target.is_contradicted for target in targets)}",
        f"single figures that reveal a count: {sum(finding.is_exact for finding in found)} of {len(found)} tried",
    ]
    return lines + [f"  {target}" for target in [*wrong, *(t for t in targets if is_worked_out(t, truth))][:20]]


def _line(n_columns: int) -> str:
    return "| --- |" + " ---: |" * (n_columns - 1)


def losses(file: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the share of withheld rows of some reports, for each survey."""
    columns = ("survey", "people", "groups of levels", "shares of answers in groups", "means in groups", "correlations")
    lines = [f"| {' | '.join(columns)} |", _line(6)]
    share = "round(100 * avg(cast(is_withheld as int)))"
    for council_id, n in file.execute("select council_id, n_respondents from marts.dim_survey order by 2").fetchall():
        cells = [
            file.execute(
                f"select {share} from reports.{table} where council_id = ? and {where}", [council_id]
            ).fetchall()
            for table, where in (
                ("rpt_levels", "breakdown_id <> 'all' and weighting_id = 'unweighted'"),
                (
                    "rpt_answer_shares",
                    "breakdown_id <> 'all' and statistic_id = 'share' and weighting_id = 'unweighted'",
                ),
                (
                    "rpt_answer_shares",
                    "breakdown_id <> 'all' and statistic_id = 'mean' and weighting_id = 'unweighted'",
                ),
                ("rpt_correlates", "weighting_id = 'unweighted'"),
            )
        ]
        percent = [f"{cell[0][0]:.0f} %" if cell[0][0] is not None else "-" for cell in cells]
        lines.append(f"| {council_id} | {n} | {' | '.join(percent)} |")
    return lines


def main() -> int:
    """Draw, build and attack; exit with 1 if a count is worked out or the attack states what is not so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=40)
    parser.add_argument("--without-answer-shares", action="store_true", help="a tenth of the time")
    parser.add_argument("--sharp", action="store_true", help="use intervals and p-values too")
    parser.add_argument("--directory", type=Path, help="keep the project here, and attack it again if it is built")
    options = parser.parse_args()
    directory = options.directory or Path(tempfile.mkdtemp())
    project = Project(directory, seconds=7200)
    if not project.warehouse_path.exists():
        directory.mkdir(exist_ok=True)
        draw(Project.copy_to(directory), options.surveys)
        build = project.build()
        print("\n".join(line for line in build.output.splitlines() if "Not published" in line or "Done." in line))
        if not build.succeeded:
            print(build.output[-3000:])
            return 1
    published = project.warehouse_path.with_name("published.duckdb")
    with duckdb.connect(str(published), read_only=True) as file, project.connect() as warehouse:
        reader = PublishedRows(file, True)
        raked = list(raked_levels(reader, known_shares(options.surveys)))
        found = [*findings(reader), *raked]
        truth = truth_of(warehouse)
        certain: list[Discovery | Finding] = [
            discovery
            for discovery in Outsider(file).everything()
            if discovery.is_certain and not is_of_many(discovery, truth)
        ]
        # How many have the outcome, whatever the number of people is.
        certain += [finding for finding in raked if len({with_it for _, with_it in finding.candidates}) == 1]
        targets = list(
            attack(file, options.sharp, not options.without_answer_shares, bound_all_shares=False, seconds=SECONDS)
        )
        untrue = untrue_statements(file, truth)
        lines = report(targets, found, truth)
        print(
            "\n".join(
                [
                    *lines,
                    f"statements of the attack that the true counts do not meet: {len(untrue)} {untrue[:20]}",
                    f"worked out by an outsider, or of raked levels: {len(certain)} {certain[:20]}",
                    "",
                    *losses(file),
                ]
            )
        )
    is_broken = any(is_worked_out(target, truth) for target in targets) or any(finding.is_exact for finding in found)
    return int(is_broken or bool(certain) or bool(untrue))


if __name__ == "__main__":
    sys.exit(main())
