"""The command ``disclosure``: tries to compute the withheld counts from what a published file shows."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from coproduction.cli.terminal import counted, waiting
from coproduction.files.warehouse import PUBLISH, WarehouseError, open_warehouse, require_published_file


def disclosure(path: Path, sharp: bool) -> bool:
    """Attack a published file and print which withheld counts can be computed. Returns whether there are none.

    ``sharp`` also uses the published intervals and p-values, and attacks the distribution of answers, which takes
    minutes. Raises WarehouseError if the file cannot be opened, or is no published file.
    """
    import duckdb

    from coproduction.publishing.disclosure.attack import attack
    from coproduction.publishing.disclosure.rounding_windows import PublishedRows
    from coproduction.publishing.disclosure.single_figures import findings

    require_published_file(path)
    with open_warehouse(path, PUBLISH) as connection:
        if connection.execute("select count(*) from duckdb_tables() where schema_name = 'raw'").fetchall()[0][0]:
            raise WarehouseError(f"{path} is a warehouse, with the answers of single people in it. {PUBLISH}")
        try:
            connection.execute("from publication.manifest")
        except duckdb.CatalogException as reason:
            raise WarehouseError(
                f"{path} is no published file: it has no table publication.manifest. {PUBLISH}"
            ) from reason
        with waiting("Trying to compute what is withheld"), _quiet_solver():
            targets = list(attack(connection, sharp, with_answer_shares=sharp))
            found = list(findings(PublishedRows(connection, with_intervals_and_tests=True)))
    recovered = [target for target in targets if target.is_recovered]
    for target in recovered:
        cell = ", ".join(str(part) for part in target.cell if part is not None)
        what = "respondents" if target.quantity == "n" else "respondents with the outcome"
        print(f"{target.table}: {cell}: between {target.lower:.0f} and {target.upper:.0f} {what}")
    for finding in (finding for finding in found if finding.is_exact):
        recovered_here = ", ".join((*finding.survey, finding.what))
        print(f"{finding.table}: {recovered_here}: exactly one number is possible")
    print(f"{len(recovered)} of {counted(len(targets), 'withheld count')} can be worked out of {path}.")
    is_safe = not recovered and not any(finding.is_exact for finding in found)
    if not is_safe:
        print("Do not pass this file on. docs/disclosure.md explains what is withheld and why.")
    return is_safe


@contextlib.contextmanager
def _quiet_solver() -> Iterator[None]:
    """Discard what the solver of the integer programs prints, which is written to file descriptor 1 past Python."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
