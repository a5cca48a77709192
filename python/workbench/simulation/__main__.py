"""Run the simulation checks: `python -m workbench.simulation [--replications N] [--check NAME] [--missing]`."""

import argparse
import sys
from pathlib import Path

from workbench.simulation.checks import CHECKS
from workbench.simulation.mutations import MUTATIONS
from workbench.simulation.page import check_row, mutation_row, read_results, write_page
from workbench.simulation.promises import STANDARD_REPLICATIONS, run, run_until_sure

DOCS = Path(__file__).resolve().parents[3] / "docs"


def main() -> int:
    """Run the requested checks, print their results, and write the page unless only some were named.

    Returns:
        0 if every verdict is as required, else 1.

    """
    parser = argparse.ArgumentParser(prog="python -m workbench.simulation", description=__doc__)
    parser.add_argument("--replications", type=int, default=STANDARD_REPLICATIONS, help="surveys per check")
    parser.add_argument("--check", action="append", choices=sorted(CHECKS), help="only this check; may be repeated")
    parser.add_argument(
        "--missing", action="store_true", help="only checks and mutations that the page lacks; its other rows stay"
    )
    parser.add_argument("--output", type=Path, default=DOCS, help="folder for simulation.md and simulation.csv")
    arguments = parser.parse_args()
    if arguments.replications < 1:
        parser.error("--replications must be at least 1")

    results, mutated = read_results(arguments.output) if arguments.missing else ({}, {})
    for name in arguments.check or CHECKS:
        if name not in results:
            results[name] = run_until_sure(CHECKS[name], arguments.replications)
            print(check_row(results[name]), flush=True)
    for mutation in MUTATIONS.values():
        if mutation.check in results and mutation.name not in mutated:
            mutated[mutation.name] = run(CHECKS[mutation.check], arguments.replications, mutation.changes)
            print(mutation_row(mutation, mutated[mutation.name]), flush=True)
    if not arguments.check:
        in_order = {name: results[name] for name in CHECKS}
        write_page(arguments.output, in_order, {name: mutated[name] for name in MUTATIONS})
    unnoticed = [name for name, result in mutated.items() if result.is_inside]
    wrong = [name for name, result in results.items() if not result.is_as_it_must_be]
    for name in wrong:
        print(f"{name}: {results[name].verdict}", file=sys.stderr)
    for name in unnoticed:
        print(f"{name}: the mutation was not noticed by {MUTATIONS[name].check}", file=sys.stderr)
    return 1 if wrong or unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
