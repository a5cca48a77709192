"""Results of the checks: one line on the screen, one row of a CSV, one page of the documentation."""

from pathlib import Path

import pandas as pd

from workbench.simulation.checks import CHECKS
from workbench.simulation.mutations import MUTATIONS, Mutation
from workbench.simulation.promises import STANDARD_REPLICATIONS, Result

INTRODUCTION = """# Simulation: do the intervals and p-values keep their promise?

Surveys with planted truth are drawn many times, as frames of counts, and handed to the estimators of the project. All
answers on this page are synthetic. `make simulate` writes the page; the draws are seeded, so the same number of
surveys gives the same figures. The tests run the same checks on fewer surveys. The reasons are in
[a decision](decisions/0023-simulation-checks.md).

This page: {replications} surveys per check; a check that fails on fewer than 10,000 is run again on 10,000, and the
larger run counts{again}. A share near 5 or 95 % has a Monte Carlo standard error of
{error:.2f} points.

## Checks

Checks marked "as it must" are intervals that are known to be wrong: if one of them passed, the checks would notice
nothing. The band is what the specification asks for{widened}. A draw without an interval counts as one that
misses the truth.

| check | estimator | planted | must hold | observed, % | Monte Carlo error, points | band, % | verdict |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""

MUTATED = """
## Mutations

Each is a mistake made on purpose inside an estimator. Its check, which the right estimator passes, must fail.

| mutation | the mistake | check | observed right, % | observed mutated, % | verdict |
| --- | --- | --- | --- | --- | --- |
"""

LIMITS = """
## What is not shown

- Populations are few and chosen: an interval that covers here can miss elsewhere.
- The linearised interval is tested as it is; where a sample is small, the project switches to a bootstrap, of which
  only the permutation p is tested here.
- The readings of Don't Know contain the truth when all who do not know would have answered alike; for answers of each
  one's own only the worst-case bounds do. Both say what the sample would have shown, not the population.
- The weights of these surveys have nothing to do with the answers; they take two values or are lognormal.
- Pooled intervals and predictions are tested for councils of similar precision. With one council six times as precise
  as three others (standard errors of 1 and 6 points) the pooled interval covered 89 % in 10,000 draws. With so few
  councils no prediction keeps 95 % everywhere: its promise here is 90 %.
"""


def check_row(result: Result) -> str:
    """Return the result of a check as one line."""
    lower, upper = result.band
    return (
        f"{result.check.name:<34} {result.observed:7.2%} +- {result.monte_carlo_error:.2%}  "
        f"band {lower:.1%} to {upper:.1%}  {result.verdict}"
    )


def mutation_row(mutation: Mutation, result: Result) -> str:
    """Return one line that says whether a mutation was detected."""
    verdict = "NOT NOTICED" if result.is_inside else "noticed"
    return f"{mutation.name:<34} {result.observed:7.2%} in {mutation.check}: {verdict}"


def table(results: dict[str, Result], mutated: dict[str, Result]) -> pd.DataFrame:
    """Put all runs into one table, unrounded: one row per check (`mutation` is null) and one per mutated check."""
    runs = [(None, result) for result in results.values()] + list(mutated.items())
    rows = [
        {
            "check": result.check.name,
            "mutation": mutation,
            "estimator": result.check.estimator,
            "plants": result.check.plants,
            "must_hold": result.check.holds,
            "truth": result.check.truth,
            "observed": result.observed,
            "monte_carlo_error": result.monte_carlo_error,
            "lower": result.band[0],
            "upper": result.band[1],
            "replications": result.replications,
            "verdict": result.verdict,
        }
        for mutation, result in runs
    ]
    return pd.DataFrame(rows)


def read_results(folder: Path) -> tuple[dict[str, Result], dict[str, Result]]:
    """Read the runs of simulation.csv again: results of checks, and of mutated checks by mutation.

    Checks and mutations that do not exist any more are left out; so are all if there is no file.
    """
    path = folder / "simulation.csv"
    if not path.exists():
        return {}, {}
    runs = pd.read_csv(path)
    runs = runs[runs["check"].isin([*CHECKS]) & (runs["mutation"].isna() | runs["mutation"].isin([*MUTATIONS]))]
    results: dict[str, Result] = {}
    mutated: dict[str, Result] = {}
    for run in runs.to_dict("records"):
        result = Result(CHECKS[run["check"]], run["replications"], run["observed"])
        if pd.isna(run["mutation"]):
            results[run["check"]] = result
        else:
            mutated[run["mutation"]] = result
    return results, mutated


def write_page(folder: Path, results: dict[str, Result], mutated: dict[str, Result]) -> None:
    """Write simulation.csv and simulation.md into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    table(results, mutated).to_csv(folder / "simulation.csv", index=False, float_format="%.6f", lineterminator="\n")
    replications = min(result.replications for result in results.values())
    again = [f"`{name}`" for name, result in results.items() if result.replications > replications]
    is_widened = replications < STANDARD_REPLICATIONS
    lines = [
        INTRODUCTION.format(
            replications=f"{replications:,}",
            error=100 * (0.05 * 0.95 / replications) ** 0.5,
            again=f" (here: {', '.join(again)})" if again else "",
            widened=", wider here because the run is short" if is_widened else "",
        )
    ]
    for result in results.values():
        check, (lower, upper) = result.check, result.band
        cells = (
            f"`{check.name}`",
            check.estimator,
            check.plants,
            check.holds,
            f"{100 * result.observed:.1f}",
            f"{100 * result.monte_carlo_error:.1f}",
            f"{100 * lower:.1f}-{100 * upper:.1f}",
            result.verdict,
        )
        lines.append(f"| {' | '.join(cells)} |\n")
    lines.append(MUTATED)
    for name, result in mutated.items():
        right = results[result.check.name]
        cells_of_mutation = (
            f"`{name}`",
            MUTATIONS[name].mistake,
            f"`{result.check.name}`",
            f"{100 * right.observed:.1f}",
            f"{100 * result.observed:.1f}",
            "NOT NOTICED" if result.is_inside else "noticed",
        )
        lines.append(f"| {' | '.join(cells_of_mutation)} |\n")
    (folder / "simulation.md").write_text("".join([*lines, LIMITS]))
