"""What the tables of the schema `bi` hold: measures as columns, and in one table only rows that can be compared.

The long reports have a row for each measure, topic and group, so an average over their rows mixes unlike numbers. Here
each measure has columns of its own, and no row of a table is about a total or a part of another row. The tables depend
on the codebook: a new row of measures.csv adds columns, and a new row of breakdowns.csv adds tables.
See docs/decisions/0049-tables-for-bi-tools.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coproduction.publishing.sql_text import quoted, text

SCHEMA = "bi"

_LEVELS = "reports.rpt_levels"
_SHARES = "reports.rpt_answer_shares"
_CORRELATES = "reports.rpt_correlates"
_EFFECTS = "reports.rpt_nudge_effects"
_CHANGES = "reports.rpt_changes"
_WAVES = "reports.rpt_waves"
_QUESTIONS = "marts.dim_question"
_CONSTRUCTS = "marts.dim_construct"


class Measure(NamedTuple):
    """A row of measures.csv: its id, label and unit, whether it is an outcome, and whether levels are 0 to 100."""

    measure_id: str
    label: str
    unit_label: str
    is_outcome: bool
    is_in_per_cent: bool


class Key(NamedTuple):
    """A column that says what a row is about; without a meaning, it has that of the column in the report."""

    name: str
    expression: str
    meaning: str = ""


class Cell(NamedTuple):
    """A column of a quantity: the end of its name, the column of the report, and its meaning."""

    suffix: str
    column: str
    meaning: str


class Quantity(NamedTuple):
    """What the report has in a row of its own and the table in columns.

    `prefix` begins the names of the columns and `label` their meanings; `condition` picks the row.
    """

    prefix: str
    label: str
    condition: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class BiTable:
    """A table of the schema `bi`: what a row is about, from which report it is read, and its columns.

    `is_row` picks the rows of the report; `label` is the report's label of what is withheld; `sources` are the tables
    of the published file that are read.
    """

    name: str
    grain: str
    description: str
    report: str
    is_row: str
    label: str
    keys: tuple[Key, ...]
    quantities: tuple[Quantity, ...]
    sources: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """Return the name with its schema, as readers write it."""
        return f"{SCHEMA}.{self.name}"

    @property
    def key_names(self) -> tuple[str, ...]:
        """Return the columns that identify a row, which are those that are no labels, dates or places."""
        return tuple(key.name for key in self.keys if key.name in _IDENTIFYING)


_IDENTIFYING = frozenset(
    {
        "council_id", "earlier_wave_id", "wave_id", "theme_id", "topic_id", "group_label", "respondent_role",
        "construct_id", "column_name", "scale_id", "answer_order", "contrast_id",
    }
)  # fmt: skip

_INTERVAL = (
    Cell("low", "ci_lower", "lower end of the 95 per cent interval"),
    Cell("high", "ci_upper", "upper end of the 95 per cent interval"),
)
_BASE = Cell("base", "n_respondents", "respondents behind it; one person can be in several rows, so do not add up")
_STARS = Cell("stars", "stars", "`**` for p at most 0.01, `*` for p at most 0.05, two-sided; empty otherwise")
_P_ADJUSTED = Cell("p_adjusted", "p_value_adjusted", "two-sided p, adjusted for the number of tests in the family")
_CORRELATION = (Cell("r", "estimate", "Pearson's correlation with it, -1 to 1"), *_INTERVAL, _STARS, _P_ADJUSTED, _BASE)
_EFFECT = (
    Cell("points", "estimate", "effect of the nudge, in points of 0 to 100"),
    *_INTERVAL,
    _STARS,
    Cell("p", "headline_p_value", "two-sided p"),
    _P_ADJUSTED,
    Cell("detectable", "minimum_detectable", "smallest effect that would have been found with a chance of 80 per cent"),
    Cell("arm_base", "n_arm", "respondents who read this wording"),
    Cell("control_base", "n_control", "respondents who read no nudge"),
)
_CHANGE = (
    Cell("earlier", "earlier_level", "level of the earlier wave"),
    Cell("later", "later_level", "level of the later wave"),
    Cell("change", "estimate", "change from the earlier wave to the later one, in points or in the unit of a score"),
    *_INTERVAL,
    _STARS,
    Cell("p", "p_value", "two-sided p"),
    _P_ADJUSTED,
    Cell("base", "n_respondents", "respondents of the smaller wave"),
)

_COUNCIL = (Key("council_id", "council_id"), Key("council_label", "council_label"))
_WAVE = (
    Key("wave_id", "wave_id"),
    Key("wave_label", "waves.wave_label", "Name of the wave."),
    Key("wave_order", "waves.wave_order", "The place of the wave among those of its council."),
    Key("fieldwork_start", "waves.fieldwork_start", "First day of the fieldwork; empty if waves.csv does not say it."),
    Key("fieldwork_end", "waves.fieldwork_end", "Last day of the fieldwork; empty if waves.csv does not say it."),
)
_EARLIER_WAVE = (Key("earlier_wave_id", "earlier_wave_id"), Key("earlier_wave_label", "earlier_wave_label"))
_THEME = (Key("theme_id", "theme_id"), Key("theme_label", "theme_label"))
_TOPIC = (Key("topic_id", "topic_id"), Key("topic_label", "topic_label"))
_GROUP = (Key("group_label", "breakdown_value", "The group of respondents, such as an age band."),)
_CONSTRUCT = (Key("construct_id", "construct_id"), Key("construct_label", "construct_label"))
_CONTRAST = (Key("contrast_id", "contrast_id"), Key("contrast_label", "contrast_label"))
_QUESTION = (
    Key("respondent_role", "respondent_role"),
    *_CONSTRUCT,
    Key("column_name", "column_name"),
    Key("scale_id", "scale_id"),
    Key("question_text", "question_text"),
    Key("is_reversed", "is_reversed", "Whether a high score means little of what the question measures."),
)
_ANSWER = (
    Key("answer_order", "answer_order"),
    Key("answer_name", "answer_name"),
    Key("answer_score", "answer_score"),
    Key(
        "position", "position",
        "Where the answer lies between the low end (0) and the high end (1) of what the question measures, whichever "
        "way it is worded; empty if the answers have no order, and for questions about the person. Colour and sort a "
        "chart by it, not by the answer.",
    ),
)  # fmt: skip

_STATISTICS = (
    ("mean", "Mean score or number", "value", "mean"),
    ("top_two", "Gave one of the two highest answers", "pct", "per cent of those who answered"),
    ("dont_know", "Don't Know", "pct", "per cent of those asked"),
    ("refused", "Refused", "pct", "per cent of those asked"),
    ("response_rate", "Answered", "pct", "per cent of those asked"),
)

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
        window question as (
            partition by
                council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
                breakdown_id, breakdown_value, weighting_id, statistic_id
        )
    )

    select
        *,
        case
            when has_order
                then answers_below / nullif(max(answers_below) over (
                    partition by
                        council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
                        breakdown_id, breakdown_value, weighting_id, statistic_id
                ), 0)
        end as position
    from ranked
)"""


def bi_tables(measures: Sequence[Measure], breakdown_ids: Iterable[str], has_weights: bool) -> list[BiTable]:
    """Return the tables of the schema `bi` for a codebook, by name.

    Args: `measures` are the rows of measures.csv; `breakdown_ids` those of breakdowns.csv. With `has_weights` the
    weighted results have columns of their own.
    """
    breakdowns = sorted(breakdown_ids)
    tables = [
        *_levels(measures, breakdowns, has_weights),
        *_answers(breakdowns, has_weights),
        _correlates(measures, has_weights),
        *_nudges(measures, has_weights),
        *_changes(measures),
    ]
    return sorted(tables, key=lambda table: table.name)


def select_of(table: BiTable, file: str) -> str:
    """Return the query that reads a table from the reports of a published file, attached under the name `file`."""
    report = _SHARES_WITH_POSITION.format(file=file) if table.report == _SHARES else f"{file}.{table.report}"
    expressions = {
        key.name: key.expression if "." in key.expression else f"report.{key.expression}" for key in table.keys
    }
    identifying = [expressions[name] for name in table.key_names]
    columns = [
        f"{expression} as {name}" if expression in identifying else f"any_value({expression}) as {name}"
        for name, expression in expressions.items()
    ]
    columns += [
        f"max(report.{cell.column}) filter (where {quantity.condition}) as {quoted(f'{quantity.prefix}_{cell.suffix}')}"
        for quantity in table.quantities
        for cell in quantity.cells
    ]
    return f"""
        select
            {", ".join(columns)},
            string_agg(distinct report.{table.label}, '; ' order by report.{table.label})
                filter (where report.is_withheld) as withheld,
            max(report.provenance) as provenance
        from {report} as report
        left join {file}.{_WAVES} as waves
            on report.council_id = waves.council_id and report.wave_id = waves.wave_id
        where {table.is_row}
        group by {", ".join(identifying)}
        order by {", ".join(identifying)}
    """


WITHHELD = "What of this row is withheld, because it would reveal a small group; empty if nothing is."


def _levels(measures: Sequence[Measure], breakdowns: Iterable[str], has_weights: bool) -> list[BiTable]:
    quantities = tuple(
        quantity
        for measure in measures
        for quantity in _with_weighted(
            measure.measure_id, measure.label, f"report.measure_id = {text(measure.measure_id)}",
            (_level(measure), *_INTERVAL, _BASE), has_weights,
        )
    )  # fmt: skip

    def of(name: str, grain: str, description: str, is_row: str, *keys: Key) -> BiTable:
        return BiTable(
            name, grain, description, _LEVELS, is_row, "measure_label", (*_COUNCIL, *_WAVE, *_THEME, *keys),
            quantities, (_LEVELS, _WAVES),
        )  # fmt: skip

    return [
        of(
            "bi_levels", "council, wave and theme", "How much citizens do, in each whole theme.",
            "report.topic_id = 'all' and report.breakdown_id = 'all'",
        ),
        of(
            "bi_topic_levels", "council, wave, theme and topic",
            "How much citizens do, topic by topic. The whole themes are in bi_levels.",
            "report.topic_id <> 'all' and report.breakdown_id = 'all'", *_TOPIC,
        ),
        *(
            of(
                f"bi_levels_by_{breakdown}", "council, wave, theme and group",
                f"How much citizens do, in each whole theme and for each group of the breakdown {breakdown}.",
                f"report.topic_id = 'all' and report.breakdown_id = {text(breakdown)}", *_GROUP,
            )
            for breakdown in breakdowns
        ),
    ]  # fmt: skip


def _level(measure: Measure) -> Cell:
    if measure.is_in_per_cent:
        return Cell("pct", "estimate", "level in per cent of 0 to 100")
    return Cell("value", "estimate", f"level in the unit {measure.unit_label}")


def _answers(breakdowns: Iterable[str], has_weights: bool) -> list[BiTable]:
    def of(name: str, grain: str, description: str, is_row: str, keys: tuple[Key, ...], *of_row: Quantity) -> BiTable:
        return BiTable(
            name, grain, description, _SHARES, is_row, "statistic_label",
            (*_COUNCIL, *_WAVE, *_THEME, *_TOPIC, *_QUESTION, *keys), of_row, (_SHARES, _WAVES, _QUESTIONS, _CONSTRUCTS),
        )  # fmt: skip

    share = Cell("pct", "estimate", "per cent of those who gave an answer that counts")
    shares = _with_weighted(
        "share", "Gave this answer", "report.statistic_id = 'share'", (share, *_INTERVAL, _BASE), has_weights
    )
    statistics = [
        quantity
        for id_, label, suffix, meaning in _STATISTICS
        for quantity in _with_weighted(
            id_, label, f"report.statistic_id = {text(id_)}", (Cell(suffix, "estimate", meaning), *_INTERVAL, _BASE),
            has_weights,
        )
    ]  # fmt: skip
    return [
        of(
            "bi_answer_shares", "question of a survey and answer", "What people answered to each question.",
            "report.statistic_id = 'share' and report.breakdown_id = 'all'", _ANSWER, *shares,
        ),
        *(
            of(
                f"bi_answer_shares_by_{breakdown}", "question of a survey, group and answer",
                f"What people answered to each question, for each group of the breakdown {breakdown}.",
                f"report.statistic_id = 'share' and report.breakdown_id = {text(breakdown)}", (*_GROUP, *_ANSWER),
                *shares,
            )
            for breakdown in breakdowns
        ),
        of(
            "bi_questions", "question of a survey", "Each question with its mean, its two highest answers, Don't Know "
            "and refusals, and how many of those asked answered.",
            "report.statistic_id <> 'share' and report.breakdown_id = 'all'", (), *statistics,
        ),
    ]  # fmt: skip


def _correlates(measures: Sequence[Measure], has_weights: bool) -> BiTable:
    return BiTable(
        "bi_correlates", "council, wave, theme, topic and construct",
        "Which answers and characteristics go together with the outcomes of the whole theme: Pearson's correlations. "
        "topic_id is the topic of the question that is correlated.",
        _CORRELATES, "report.method_id = 'pearson'", "outcome_label",
        (*_COUNCIL, *_WAVE, *_THEME, *_TOPIC, *_CONSTRUCT), _outcomes(measures, _CORRELATION, has_weights),
        (_CORRELATES, _WAVES),
    )  # fmt: skip


def _nudges(measures: Sequence[Measure], has_weights: bool) -> list[BiTable]:
    quantities = _outcomes(measures, _EFFECT, has_weights)

    def of(name: str, grain: str, description: str, is_row: str, *keys: Key) -> BiTable:
        return BiTable(
            name, grain, description, _EFFECTS, f"report.model_id = 'dummies' and {is_row}", "outcome_label",
            (*_COUNCIL, *_WAVE, *_THEME, *keys, *_CONTRAST), quantities, (_EFFECTS, _WAVES),
        )  # fmt: skip

    return [
        of(
            "bi_nudges", "council, wave, theme and contrast",
            "Whether encouraging words changed the outcomes of each whole theme, compared with no nudge.",
            "report.topic_id = 'all'",
        ),
        of(
            "bi_topic_nudges", "council, wave, theme, topic and contrast",
            "Whether encouraging words changed the outcomes of single topics. The whole themes are in bi_nudges.",
            "report.topic_id <> 'all'", *_TOPIC,
        ),
    ]  # fmt: skip


def _changes(measures: Sequence[Measure]) -> list[BiTable]:
    quantities = tuple(
        Quantity(measure.measure_id, measure.label, f"report.measure_id = {text(measure.measure_id)}", _CHANGE)
        for measure in measures
    )

    def of(name: str, grain: str, description: str, is_row: str, *keys: Key) -> BiTable:
        return BiTable(
            name, grain, description, _CHANGES,
            f"report.is_headline and report.comparison_id = 'neighbours' and {is_row}", "measure_label",
            (*_COUNCIL, *_EARLIER_WAVE, *_WAVE, *_THEME, *keys), quantities, (_CHANGES, _WAVES),
        )  # fmt: skip

    return [
        of(
            "bi_changes", "council, wave and theme",
            "How much the levels of each whole theme rose or fell since the wave before.", "report.topic_id = 'all'",
        ),
        of(
            "bi_topic_changes", "council, wave, theme and topic",
            "How much the levels of single topics rose or fell since the wave before. The whole themes are in "
            "bi_changes.",
            "report.topic_id <> 'all'", *_TOPIC,
        ),
    ]  # fmt: skip


def _outcomes(measures: Iterable[Measure], cells: tuple[Cell, ...], has_weights: bool) -> tuple[Quantity, ...]:
    return tuple(
        quantity
        for measure in measures
        if measure.is_outcome
        for quantity in _with_weighted(
            measure.measure_id, measure.label, f"report.outcome_id = {text(measure.measure_id)}", cells, has_weights
        )
    )


def _with_weighted(
    prefix: str, label: str, condition: str, cells: tuple[Cell, ...], has_weights: bool
) -> list[Quantity]:
    """Return a quantity, and its weighted results as a second one where a survey has weights."""
    found = [Quantity(prefix, label, f"{condition} and report.weighting_id = 'unweighted'", cells)]
    if has_weights:
        weighted = f"{condition} and report.weighting_id = 'weighted'"
        found.append(Quantity(f"{prefix}_weighted", f"{label}, weighted", weighted, cells))
    return found
