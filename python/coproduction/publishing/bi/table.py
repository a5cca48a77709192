"""A table of the schema `bi`, and the query that reads it from the reports of the published file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from coproduction.publishing.bi.columns import Cell, Key
from coproduction.publishing.sql_text import literal, quoted

SCHEMA = "bi"

WITHHELD_MEANING = "What of this row is withheld, because it would reveal a small group; empty if nothing is."

_SHARES = "reports.rpt_answer_shares"
_WAVES = "reports.rpt_waves"
_SOURCES_OF_POSITION = ("marts.dim_question", "marts.dim_construct")

# Position needs the answers of a question side by side, and which way the question is worded.
_SHARES_WITH_POSITION = """(
    with reversed_questions as (
        select
            council_id,
            wave_id,
            construct_id,
            column_name,
            bool_or(is_reversed) as is_reversed
        from {file}.marts.dim_question
        group by all
    ),

    ranked as (
        select
            shares.*,
            coalesce(is_reversed, false) as is_reversed,
            dense_rank() over (
                question order by case when coalesce(is_reversed, false) then -answer_score else answer_score end
            ) - 1 as answers_below,
            construct_role in ('outcome', 'correlate') and bool_and(answer_score is not null) over question as has_order
        from {file}.reports.rpt_answer_shares as shares
        inner join {file}.marts.dim_construct using (construct_id)
        left join reversed_questions using (council_id, wave_id, construct_id, column_name)
        window {question}
    )

    select
        *,
        case when has_order then answers_below / nullif(max(answers_below) over question, 0) end as position
    from ranked
    window {question}
)"""

_OF_A_QUESTION = """question as (
    partition by
        council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
        breakdown_id, breakdown_value, weighting_id, statistic_id
)"""


class Quantity(NamedTuple):
    """What the report has in a row of its own and the table in columns.

    `prefix` begins the names of the columns and `label` their meanings; `ids` are those of its row, by column.
    """

    prefix: str
    label: str
    ids: Mapping[str, str]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class BiTable:
    """A table of the schema `bi`: what a row is about, from which rows of which report it is read, and its columns.

    `is_row` is the condition for rows of the report; `label` the report's name for what a row holds.
    """

    name: str
    grain: str
    description: str
    report: str
    is_row: str
    label: str
    keys: tuple[Key, ...]
    quantities: tuple[Quantity, ...]

    @property
    def full_name(self) -> str:
        """Return the name with its schema, as readers write it."""
        return f"{SCHEMA}.{self.name}"

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the tables of the published file that it is read from."""
        return (self.report, _WAVES, *(_SOURCES_OF_POSITION if self.report == _SHARES else ()))

    @property
    def column_names(self) -> tuple[str, ...]:
        """Return the names of all columns, in their order."""
        of_quantities = (f"{quantity.prefix}_{cell.suffix}" for quantity in self.quantities for cell in quantity.cells)
        return (*(key.name for key in self.keys), *of_quantities, "withheld", "provenance")


def select_of(table: BiTable, file: str) -> str:
    """Return the query that reads a table from the reports of a published file, attached under the name `file`."""
    report = f"{file}.{table.report}"
    if table.report == _SHARES:
        report = _SHARES_WITH_POSITION.format(file=file, question=_OF_A_QUESTION)
    keys = {key: key.expression if "." in key.expression else f"report.{key.expression}" for key in table.keys}
    identifying = ", ".join(expression for key, expression in keys.items() if key.is_key)
    columns = [expression if key.is_key else f"any_value({expression})" for key, expression in keys.items()]
    columns += [
        f"max(report.{cell.column}) filter (where {_condition(quantity)})"
        for quantity in table.quantities
        for cell in quantity.cells
    ]
    columns += [
        f"string_agg(distinct report.{table.label}, '; ' order by report.{table.label}) "
        "filter (where report.is_withheld)",
        "max(report.provenance)",
    ]
    named = zip(columns, table.column_names, strict=True)
    return f"""
        select {", ".join(f"{column} as {quoted(name)}" for column, name in named)}
        from {report} as report
        left join {file}.{_WAVES} as waves
            on report.council_id = waves.council_id and report.wave_id = waves.wave_id
        where {table.is_row or "true"}
        group by {identifying}
        order by {identifying}
    """


def _condition(quantity: Quantity) -> str:
    return " and ".join(f"report.{column} = {literal(id_)}" for column, id_ in quantity.ids.items())
