"""Attacks made-up surveys of 12 to 950 people: what an outsider can work out, and what an analyst loses.

`make attack SURVEYS=40` draws so many surveys from the bundled exports, builds them, attacks the published file with
all that the project knows, compares each bound with the true count, and prints the figures of docs/disclosure.md.
"""

import argparse
import collections
import random
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
from outsider import Discovery, Outsider
from studies import BUNDLED

# The sizes for which docs/disclosure.md says how much is withheld, and others.
SIZES = (100, 300, 900, 12, 16, 25, 35, 45, 60, 80, 130, 170, 200, 240, 400, 500, 650, 800, 950)
# A column of each export with groups, of which one is made small; Swansea has neither characteristics nor arms.
DIVIDED = {
    "barnet": ("Q16", "Q18", "QVERSION"),
    "bristol": ("qversion",),
    "derbyshire_dales": ("Gender", "Age_group"),
    "swansea": (),
    "wolverhampton": ("Sex", "EthnicGroup", "nudge_group"),
}

# The shares of women in the population, to which the samples of Wolverhampton are raked in turn.
WOMEN = (0.51, 0.85, 0.25)


def draw(project: Project, n_surveys: int) -> dict[str, int]:
    """Add the surveys as councils of their own; return the number of rows of each. In two of three a group is small."""
    sizes = {}
    sources = {name: project.read_export(name) for name in BUNDLED}
    for number in range(n_surveys):
        drawn, source = random.Random(number), BUNDLED[number % len(BUNDLED)]
        header, *rows = sources[source]
        council_id = f"survey_{number}"
        # With replacement, because no bundled export has 950 rows of citizens with each feature.
        chosen = [list(row) for row in drawn.choices(rows, k=SIZES[number % len(SIZES)])]
        id_column = header.index(_id_column(project, source))
        for place, row in enumerate(chosen):
            row[id_column] = f"{number}-{place}"
        if DIVIDED[source] and number % 3:
            column = header.index(drawn.choice(DIVIDED[source]))
            common = collections.Counter(row[column] for row in chosen if row[column]).most_common(2)
            answer = common[-1][0]
            n_kept, few = drawn.randint(1, 9), [row for row in chosen if row[column] == answer]
            chosen = [row for row in chosen if row not in few[n_kept:]]
        project.copy_council(source, council_id, every=1)
        project.write_export(council_id, [header, *chosen])
        if source == "wolverhampton":
            margins = [f"{council_id},wave_1,gender_label,{group},{share}" for group, share in margin(number).items()]
            project.append_codebook("weight_margins", margins)
        sizes[council_id] = len(chosen)
    for name in BUNDLED:
        project.write_export(name, sources[name][:1])
    return sizes


def margin(number: int) -> dict[str, float]:
    """Return the shares of women and men to which a survey is raked, by its number."""
    women = WOMEN[number // len(BUNDLED) % len(WOMEN)]
    return {"Female": women, "Male": round(1 - women, 2)}


def known_shares(n_surveys: int) -> dict[tuple[str, str], dict[tuple[str, str], float]]:
    """Return the margins as an outsider knows them; surveys that are not raked have no weighted rows."""
    return {
        (f"survey_{number}", "wave_1"): {("gender", group): share for group, share in margin(number).items()}
        for number in range(n_surveys)
    }


def _id_column(project: Project, export_id: str) -> str:
    lines = (project.directory / "seeds" / "codebook" / "exports.csv").read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("respondent_column")
    return next(line.split(",")[place] for line in lines if line.startswith(f"{export_id},"))


def truth_of(warehouse: duckdb.DuckDBPyConnection) -> dict[tuple, float]:
    """Return the true counts by what the attack calls them."""
    truth: dict[tuple, float] = {}
    for query in (
        """
        select council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value, n_respondents, n_with
        from disclosure.plan_groups
        """,
        """
        select council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, answer_kind, score, n_respondents,
            n_with
        from disclosure.plan_answer_groups
        """,
        """
        select council_id, wave_id, theme_id, topic_id, outcome_id, arm_id, n_respondents, n_with
        from disclosure.plan_arms
        """,
        """
        select distinct council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
            breakdown_id, breakdown_value, n_respondents, 0
        from disclosure.plan_answers
        """,
        """
        select council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
            breakdown_id, breakdown_value, answer_name, n_respondents, n_with
        from disclosure.plan_answers
        """,
    ):
        for *cell, n, k in warehouse.execute(query).fetchall():
            truth["n", *cell], truth["k", *cell] = n, k
    return truth


def is_worked_out(target: Target, truth: dict[tuple, float]) -> bool:
    """Whether a count that has to stay hidden is worked out: ten people who do not know, or more, are no secret."""
    is_large = target.quantity == "n" and truth.get(("n", *target.cell), 0) >= target.smallest_shown
    return target.is_recovered and not is_large


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
    """Draw, build and attack; exit with 1 if a count is worked out or a bound misses the truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=40)
    parser.add_argument("--without-answer-shares", action="store_true", help="a tenth of the time")
    parser.add_argument("--sharp", action="store_true", help="use intervals and p-values too")
    parser.add_argument("--directory", type=Path, help="keep the project here, and attack it again if it is built")
    options = parser.parse_args()
    directory = options.directory or Path(tempfile.mkdtemp())
    project = Project(directory)
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
        certain: list[Discovery | Finding] = [
            discovery for discovery in Outsider(file).everything() if discovery.is_certain
        ]
        # How many have the outcome, whatever the number of people is.
        certain += [finding for finding in raked if len({with_it for _, with_it in finding.candidates}) == 1]
        targets = list(attack(file, options.sharp, not options.without_answer_shares, bound_all_shares=False))
        truth = truth_of(warehouse)
        lines = report(targets, found, truth)
        print(
            "\n".join(
                [
                    *lines,
                    f"worked out by an outsider, or of raked levels: {len(certain)} {certain[:20]}",
                    "",
                    *losses(file),
                ]
            )
        )
    is_broken = any(is_worked_out(target, truth) for target in targets) or any(finding.is_exact for finding in found)
    return int(is_broken or bool(certain))


if __name__ == "__main__":
    sys.exit(main())
