"""The command line: ``coproduction check``, ``repair``, ``summary``, ``levels`` and ``disclosure``.

The warehouse is only ever opened read-only. DuckDB is imported where it is used: a check of the exports needs none.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coproduction.exports.leaving_out import check_exports, sentences
from coproduction.exports.repairing import repair_project
from coproduction.files.encodings import ENCODINGS
from coproduction.files.warehouse import WarehouseError, open_warehouse, published_path, warehouse_path

if TYPE_CHECKING:
    import duckdb

# The three levels that the paper prints side by side; the reports' own labels are too long for a terminal.
LEVELS = {
    "individual_index": "Individual index (%)",
    "collective_participation": "Collective participation (%)",
    "willing_monthly": "Willing monthly (%)",
}

# What the paper prints where a council did not ask.
NOT_ASKED = "-"
WITHHELD = "withheld"

_LEVELS_QUERY = """
    select council_label, wave_id, theme_label, measure_id, estimate_label, is_withheld, provenance
    from reports.rpt_levels
    where breakdown_id = 'all' and topic_id = 'all' and weighting_id = 'unweighted'
    order by council_label, wave_id, theme_label
"""

_LEFT_OUT_QUERY = """
    select council_label, export_id, reason from reports.rpt_exports where reason like 'left out%' order by all
"""

# Tables of an earlier build stay when a later one stops at the gate.
_BROKEN_RULES_QUERY = "select count(*) from quality.expectation_results where not success"

_PUBLISHED_QUERY = "select item, value from publication.manifest where part_id = 'build'"

_RELATIONS_QUERY = """
    select schema_name, table_name, true as is_table from duckdb_tables() where not internal
    union all
    select schema_name, view_name, false from duckdb_views() where not internal
    order by all
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, or 1 for errors found or a warehouse that cannot be read."""
    options = _parser().parse_args(arguments)
    # A terminal may not know a character of a council's file; the message matters more.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return options.run(options)
    except WarehouseError as reason:
        print(reason, file=sys.stderr)
        return 1


def levels_table(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the levels as plain text: one line per council and theme, the three measures side by side.

    Unweighted percentages of the whole theme as the report labels them: '-' where nothing was asked, 'withheld' where
    too few answered. The last column says where data are synthetic. Raises WarehouseError if the reports are not built.
    """
    import duckdb

    try:
        found = connection.execute(_LEVELS_QUERY).fetchall()
    except duckdb.CatalogException as reason:
        raise WarehouseError(
            "The warehouse has no table reports.rpt_levels: the build stopped before the reports. Run `dbt build` and "
            "read what it says; quality.expectation_results names answers that the codebook does not know."
        ) from reason
    lines: dict[tuple[str, ...], dict[str, str]] = {}
    for council, wave, theme, measure_id, label, is_withheld, provenance in found:
        if measure_id in LEVELS:
            shown = WITHHELD if is_withheld else label or NOT_ASKED
            lines.setdefault((council, wave, theme, provenance), {})[measure_id] = shown
    if not lines:
        return "There are no levels: the warehouse was built without any export that has answers."
    # One wave needs no column.
    has_waves = len({wave for _, wave, _, _ in lines}) > 1
    header = ["Council", *(["Wave"] if has_waves else []), "Theme", *LEVELS.values(), "Data"]
    rows = [
        [council, *([wave] if has_waves else []), theme, *(values.get(key, NOT_ASKED) for key in LEVELS), provenance]
        for (council, wave, theme, provenance), values in lines.items()
    ]
    return "\n\n".join([aligned([header, *rows], n_left=2 + has_waves), *_missing_sentences(connection)])


def summary_text(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Return what was built: the tables of each schema with their rows, where the file lies, how to open it, levels."""
    parts = [
        f"Warehouse: {path}",
        _synthetic_sentence(connection),
        _relations_table(connection),
        _published_sentence(connection, path),
        _how_to_open(path),
    ]
    try:
        parts.append(levels_table(connection))
    except WarehouseError as reason:
        parts.append(str(reason))
    return "\n\n".join(part for part in parts if part)


def aligned(rows: list[list[str]], n_left: int) -> str:
    """Return rows as columns of text under their header, the first ``n_left`` columns set left, the others right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    rows = [rows[0], ["-" * width for width in widths], *rows[1:]]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < n_left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coproduction", description="The survey warehouse from the command line.")
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, run, text in (
        ("check", _check, "look for mistakes in the exports and the codebook, before a build"),
        ("repair", _repair, "convert exports and codebook files to UTF-8 with commas; the files as they came are kept"),
        ("summary", _summary, "say what a build made, where it lies and how to open it"),
        ("levels", _levels, "print the levels of co-production by council and theme"),
        ("disclosure", _disclosure, "try to work out of the published file what is withheld in it"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--project-dir", type=Path, default=Path(), help="folder of the project (default: here)")
        command.set_defaults(run=run)
        if run is _check:
            command.add_argument(
                "--vars", default="", help="variables as for dbt, such as '{leave_out_exports: [bristol]}'"
            )
        if run is _repair:
            command.add_argument("names", nargs="*", help="exports or codebook files (default: all that need it)")
            command.add_argument("--encoding", choices=ENCODINGS, help="what the files named are in, if the check asks")
        if run is _disclosure:
            command.add_argument("file", nargs="?", help="a published file (default: the project's)")
            command.add_argument("--sharp", action="store_true", help="use intervals and p as well")
    return parser


def _check(options: argparse.Namespace) -> int:
    """Print notes, then errors, then their number."""
    checked = check_exports(options.project_dir, _variables(options.vars))
    for finding in [*checked.notes, *checked.errors]:
        print(finding)
    for sentence in sentences(checked.left_out):
        print(sentence)
    print(f"{_counted(len(checked.errors), 'error')}, {_counted(len(checked.notes), 'note')}.", end=" ")
    if checked.errors:
        print("Nothing can be built before the errors are gone.")
    elif checked.left_out:
        print(f"dbt can read every export but {', '.join(checked.left_out)}, which the build leaves out.")
    else:
        print("dbt can read every export.")
    return 1 if checked.errors else 0


def _variables(text: str) -> dict[str, Any]:
    """Return what --vars holds. Raises WarehouseError where that is no YAML of names and values."""
    import yaml

    try:
        variables = yaml.safe_load(text) or {}
    except yaml.YAMLError as reason:
        raise WarehouseError(f"--vars is no YAML: {reason}") from reason
    if not isinstance(variables, dict):
        raise WarehouseError("--vars has to be names and values, such as '{leave_out_exports: [bristol]}'.")
    return variables


def _repair(options: argparse.Namespace) -> int:
    """Convert what can be, say what was done to each file and which have to be corrected by hand."""
    if options.encoding and not options.names:
        print("Name the files that --encoding is about, such as: coproduction repair swansea --encoding cp1252")
        return 1
    try:
        repairs = repair_project(options.project_dir, options.names, options.encoding)
    except (ValueError, OSError, RuntimeError) as reason:
        print(f"Nothing more was converted. {reason}")
        return 1
    for repair in repairs:
        print(repair)
    n_failed = sum(bool(repair.findings) for repair in repairs)
    n_converted = len(repairs) - n_failed
    print(f"{_counted(n_converted, 'file')} converted, {n_failed} left alone.", end=" ")
    print("Nothing needed converting." if not repairs else "Run `coproduction check` to see what remains.")
    return 1 if n_failed else 0


def _summary(options: argparse.Namespace) -> int:
    path = warehouse_path(options.project_dir)
    with open_warehouse(path) as connection:
        print(summary_text(connection, path))
    return 0


def _levels(options: argparse.Namespace) -> int:
    with open_warehouse(warehouse_path(options.project_dir)) as connection:
        print(levels_table(connection))
        if _is_stopped_at_the_gate(connection):
            print("\nThe last build stopped at the check of the answers: these are the results of the build before it.")
    return 0


def _disclosure(options: argparse.Namespace) -> int:
    """Attack the published file, and say which withheld counts it gives away."""
    from coproduction.publishing.disclosure.attack import attack

    path = Path(options.file) if options.file else published_path(warehouse_path(options.project_dir))
    with open_warehouse(path) as connection, _quiet_solver():
        targets = list(attack(connection, options.sharp))
    recovered = [target for target in targets if target.is_recovered]
    for target in recovered:
        cell = ", ".join(str(part) for part in target.cell if part is not None)
        what = "respondents" if target.quantity == "n" else "respondents with the outcome"
        print(f"{target.table}: {cell}: between {target.lower:.0f} and {target.upper:.0f} {what}")
    print(f"{len(recovered)} of {_counted(len(targets), 'withheld count')} can be worked out of {path}.")
    if recovered:
        print("Do not hand this file on. docs/disclosure.md says what is withheld, and what protects it.")
    return 1 if recovered else 0


@contextlib.contextmanager
def _quiet_solver() -> Iterator[None]:
    """Keep off the terminal what the solver prints on its own, past Python."""
    sys.stdout.flush()
    kept = os.dup(1)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _is_stopped_at_the_gate(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the answers that were checked last broke a rule, so that the reports are older than they."""
    import duckdb

    try:
        return connection.execute(_BROKEN_RULES_QUERY).fetchone()[0] > 0
    except duckdb.CatalogException:
        return False


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _synthetic_sentence(connection: duckdb.DuckDBPyConnection) -> str:
    """Return which of the exports built are synthetic; '' where none is or the codebook is not built."""
    import duckdb

    try:
        found = connection.execute("select export_id, provenance from staging.stg_exports order by all").fetchall()
    except duckdb.CatalogException:
        return ""
    synthetic = [export_id for export_id, provenance in found if provenance == "synthetic"]
    if not synthetic:
        return ""
    return f"Synthetic data, no council's own: {len(synthetic)} of {len(found)} exports ({', '.join(synthetic)})."


def _relations_table(connection: duckdb.DuckDBPyConnection) -> str:
    rows = [["Schema", "Table", "Rows"]]
    for schema, name, is_table in connection.execute(_RELATIONS_QUERY).fetchall():
        # A view is computed when it is asked: counting its rows may take long, so it is only named.
        rows.append([schema, name, f"{_n_rows(connection, schema, name):,}" if is_table else "(view)"])
    return aligned(rows, n_left=2)


def _missing_sentences(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return a sentence for each export that the build left out."""
    import duckdb

    try:
        found = connection.execute(_LEFT_OUT_QUERY).fetchall()
    except duckdb.CatalogException:
        return []
    return [f"Not in these results: {council}, export {export_id}, {reason}." for council, export_id, reason in found]


def _n_rows(connection: duckdb.DuckDBPyConnection, *name: str) -> int:
    """Return the number of rows of a table, named by schema and table."""
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in name)
    return connection.execute(f"select count(*) from {quoted}").fetchone()[0]


def _published_sentence(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Return where the published file lies and when it was published, or that there is none."""
    import duckdb

    published = published_path(path)
    if not published.is_file():
        return "Nothing is published yet: a whole `dbt build`, with every test passed, does that."
    try:
        told = dict(connection.execute(_PUBLISHED_QUERY).fetchall())
    except duckdb.CatalogException:
        told = {}
    when = f", of {told['published_at']}" if "published_at" in told else ""
    respondents = "; SINGLE RESPONDENTS ARE IN IT" if told.get("respondents", "withheld") != "withheld" else ""
    return f"Published for readers and BI tools: {published}{when}{respondents}."


def _how_to_open(path: Path) -> str:
    """Return how to open the published file, or the warehouse where nothing is published."""
    file, readers = path, "the warehouse to read (several readers at once; not while a build runs)"
    if published_path(path).is_file():
        file, readers = published_path(path), "it to read (as many readers as you like, also while a build runs)"
    return "\n".join(
        [
            f"Open {readers}:",
            f"  duckdb -readonly {file}",
            f"  python -c \"import duckdb; print(duckdb.connect('{file}', read_only=True)"
            ".sql('from reports.rpt_levels'))\"",
        ]
    )
