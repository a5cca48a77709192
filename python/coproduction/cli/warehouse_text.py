"""What the command line says about a warehouse: its levels, its tables, where it is and how to open it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from coproduction.cli.terminal import table
from coproduction.files.warehouse import WarehouseError, published_path, require_own

if TYPE_CHECKING:
    import duckdb

# The three levels that the paper prints side by side, with names that are short enough for a terminal.
LEVELS = {
    "individual_index": "Individual index (%)",
    "collective_participation": "Collective participation (%)",
    "willing_monthly": "Willing monthly (%)",
}

# The paper prints a dash where a council did not ask.
NOT_ASKED = "-"
WITHHELD = "withheld"

_LEVELS_QUERY = """
    select
        council_id, theme_id,
        council_label, wave_id, theme_label, measure_id, estimate_label, is_withheld, provenance
    from reports.rpt_levels
    where breakdown_id = 'all' and topic_id = 'all' and weighting_id = 'unweighted'
    order by council_label, wave_id, theme_label, council_id, theme_id
"""

_OUTCOMES_QUERY = "select measure_id, measure_label, unit_label from marts.dim_measure where is_outcome order by all"

_LEFT_OUT_QUERY = "select council_label, export_id, reason from reports.rpt_exports where is_left_out order by all"

_CONTRARY_QUERY = (
    "select distinct council_label, theme_label, item_id from reports.rpt_index_quality where is_contrary order by all"
)

_BROKEN_RULES_QUERY = "select count(*) from quality.expectation_results where not success"

_EXPORTS_QUERY = "select export_id, provenance from staging.stg_exports order by all"

_PUBLISHED_QUERY = "select item, value from publication.manifest where part_id = 'build'"

_RELATIONS_QUERY = """
    select schema_name, table_name, true as is_table from duckdb_tables() where not internal
    union all
    select schema_name, view_name, false from duckdb_views() where not internal
    order by all
"""


def levels_table(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> Table | str:
    """Return the levels as a table: one row per council and theme, the measures side by side.

    They are the three of the paper, and the outcomes of an analyst's own.

    The numbers are the unweighted percentages of the whole theme, as the report labels them: '-' where the council did
    not ask, 'withheld' where too few people answered. The last column says which data are synthetic. Returns a sentence
    if there are no levels. Raises WarehouseError if the reports are not built, or if `warehouse`, the file of the
    connection, is one of another program.
    """
    outcomes = _rows_if_built(connection, _OUTCOMES_QUERY)
    named = LEVELS | {measure: f"{label} ({unit})" for measure, label, unit in outcomes if measure not in LEVELS}
    lines: dict[tuple[str, ...], dict[str, str]] = {}
    for *ids, council, wave, theme, measure_id, label, is_withheld, provenance in _found_levels(connection, warehouse):
        if measure_id in named:
            shown = WITHHELD if is_withheld else label or NOT_ASKED
            # The ids keep two councils apart that have one label.
            lines.setdefault((council, wave, theme, provenance, *ids), {})[measure_id] = shown
    if not lines:
        return "There are no levels: the warehouse was built without any export that has answers."
    # The wave is shown only if there are several.
    has_waves = len({wave for _, wave, *_ in lines}) > 1
    asked = [measure for measure in named if any(measure in values for values in lines.values())]
    header = ["Council", *(["Wave"] if has_waves else []), "Theme", *(named[key] for key in asked), "Data"]
    rows = [
        [council, *([wave] if has_waves else []), theme, *(values.get(key, NOT_ASKED) for key in asked), provenance]
        for (council, wave, theme, provenance, *_), values in lines.items()
    ]
    return table(header, rows, n_left=2 + has_waves)


def levels_or_reason(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> list[Table | str]:
    """Return the levels with a sentence for each export that is left out, or why there are none."""
    try:
        return [levels_table(connection, warehouse), *left_out_sentences(connection)]
    except WarehouseError as reason:
        return [str(reason)]


def tables_table(connection: duckdb.DuckDBPyConnection) -> Table:
    """Return every table of a warehouse with its number of rows.

    A view is listed without a number, because DuckDB would have to compute the view to count its rows.
    """
    relations = connection.execute(_RELATIONS_QUERY).fetchall()
    rows = [
        [schema, name, f"{_n_rows(connection, schema, name):,}" if is_table else "(view)"]
        for schema, name, is_table in relations
    ]
    return table(["Schema", "Table", "Rows"], rows, n_left=2)


def left_out_sentences(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return a sentence for each export that the build left out."""
    return [
        f"Not in these results: {council}, export {export_id}, {reason}."
        for council, export_id, reason in _rows_if_built(connection, _LEFT_OUT_QUERY)
    ]


def contrary_sentences(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return a sentence for each activity that goes against the others of its index beyond chance."""
    return [
        f"Look at the coding of {item_id} ({council}, {theme}): people who do this do fewer of the other activities."
        for council, theme, item_id in _rows_if_built(connection, _CONTRARY_QUERY)
    ]


def gate_sentence(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a warning if the last build stopped at the gate, so that the reports come from an earlier build; or ''."""
    broken = _rows_if_built(connection, _BROKEN_RULES_QUERY)
    if not broken or not broken[0][0]:
        return ""
    return "The last build stopped at the check of the answers: these are the results of the build before it."


def synthetic_sentence(connection: duckdb.DuckDBPyConnection) -> str:
    """Return which of the exports are synthetic; '' if none is, or if the codebook is not built."""
    found = _rows_if_built(connection, _EXPORTS_QUERY)
    synthetic = [export_id for export_id, provenance in found if provenance == "synthetic"]
    if not synthetic:
        return ""
    return f"Synthetic data, no council's own: {len(synthetic)} of {len(found)} exports ({', '.join(synthetic)})."


def published_sentence(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> str:
    """Return where the published file is and when it was published, or that there is none."""
    published = published_path(warehouse)
    if not published.is_file():
        return "Nothing is published yet. `coproduction build` publishes if every test passes."
    facts = dict(_rows_if_built(connection, _PUBLISHED_QUERY))
    when = f", of {facts['published_at']}" if "published_at" in facts else ""
    respondents = "; SINGLE RESPONDENTS ARE IN IT" if facts.get("respondents", WITHHELD) != WITHHELD else ""
    return f"Published for readers and BI tools: {published}{when}{respondents}."


def how_to_open(warehouse: Path) -> str:
    """Return how to open the published file, or the warehouse if nothing is published."""
    file, readers = warehouse, "the warehouse to read (several readers at once; not while a build runs)"
    if published_path(warehouse).is_file():
        file = published_path(warehouse)
        readers = "the published file to read (as many readers as you like, also while a build runs)"
    # -P: Python imports nothing from the folder in which the line is run.
    code = f"import duckdb; print(duckdb.connect({str(file)!r}, read_only=True).sql('from reports.rpt_levels'))"
    return "\n".join(
        [
            f"Open {readers}:",
            f"  duckdb -readonly {shlex.quote(str(file))}",
            f"  python -P -c {shlex.quote(code)}",
        ]
    )


def _found_levels(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> list[tuple[Any, ...]]:
    import duckdb

    try:
        return connection.execute(_LEVELS_QUERY).fetchall()
    except duckdb.CatalogException as reason:
        require_own(connection, warehouse)
        raise WarehouseError(
            "The warehouse has no table reports.rpt_levels: the build stopped before the reports. Run "
            "`coproduction build` (or `dbt build`) and read its messages; the table quality.expectation_results lists "
            "answers that the codebook does not know."
        ) from reason


def _rows_if_built(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query, or none if a table or a column that it reads is not built yet."""
    import duckdb

    try:
        return connection.execute(query).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return []


def _n_rows(connection: duckdb.DuckDBPyConnection, *name: str) -> int:
    """Return the number of rows of a table, named by schema and table."""
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in name)
    counted = connection.execute(f"select count(*) from {quoted}").fetchall()
    return int(counted[0][0])
