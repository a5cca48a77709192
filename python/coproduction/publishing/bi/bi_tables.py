"""What the tables of the schema `bi` hold: measures as columns, and in one table only rows that can be compared.

The long reports have a row for each measure, topic and group, so an average over their rows mixes unlike numbers. Here
each measure has columns of its own, and no row of a table is about a total or a part of another row. The tables depend
on the codebook: a new row of measures.csv adds columns, and a new row of breakdowns.csv adds tables.
See docs/decisions/0049-tables-for-bi-tools.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coproduction.publishing.bi import columns
from coproduction.publishing.bi.columns import Cell, Key
from coproduction.publishing.bi.table import BiTable, Quantity
from coproduction.publishing.sql_text import literal

_IS_THEME, _IS_TOPIC = "report.topic_id = 'all'", "report.topic_id <> 'all'"
_IS_EVERYBODY = "report.breakdown_id = 'all'"


@dataclass(frozen=True)
class Measure:
    """A row of measures.csv: its id, label and unit, whether it is an outcome, and whether levels are 0 to 100."""

    measure_id: str
    label: str
    unit_label: str
    is_outcome: bool
    is_in_per_cent: bool

    @property
    def level(self) -> Cell:
        """Return the column of its level."""
        if self.is_in_per_cent:
            return Cell("pct", "estimate", "level in per cent, 0 to 100")
        return Cell("value", "estimate", f"level in the unit {self.unit_label}")


@dataclass(frozen=True)
class _Report:
    """A report with what all tables that are read from it share."""

    name: str
    label: str
    is_row: str
    quantities: tuple[Quantity, ...]

    def table(self, name: str, grain: str, description: str, is_row: str, *keys: tuple[Key, ...]) -> BiTable:
        """Return the table of some rows; its `keys` follow council and wave."""
        all_keys = (*columns.SURVEY_KEYS, *(key for of_kind in keys for key in of_kind))
        condition = " and ".join(filter(None, (self.is_row, is_row)))
        return BiTable(name, grain, description, self.name, condition, self.label, all_keys, self.quantities)


def bi_tables(measures: Sequence[Measure], breakdown_ids: Iterable[str], has_weights: bool) -> list[BiTable]:
    """Return the tables of the schema `bi` for a codebook, by name.

    Args: `measures` are the rows of measures.csv; `breakdown_ids` those of breakdowns.csv. With `has_weights` the
    weighted results have columns of their own.
    """
    breakdowns = sorted(breakdown_ids)
    tables = [
        *_levels(measures, breakdowns, has_weights),
        *_answers(breakdowns, has_weights),
        _questions(has_weights),
        _correlates(measures, has_weights),
        *_nudges(measures, has_weights),
        *_changes(measures),
    ]
    return sorted(tables, key=lambda table: table.name)


def _levels(measures: Sequence[Measure], breakdowns: Iterable[str], has_weights: bool) -> list[BiTable]:
    quantities = [
        _quantity("measure_id", measure.measure_id, measure.label, measure.level, *columns.INTERVAL_AND_BASE)
        for measure in measures
    ]
    report = _Report("reports.rpt_levels", "measure_label", "", _with_weighted(quantities, has_weights))
    return [
        report.table(
            "bi_levels",
            "council, wave and theme",
            "How much citizens do, in each whole theme.",
            f"{_IS_THEME} and {_IS_EVERYBODY}",
            columns.THEME_KEYS,
        ),
        report.table(
            "bi_topic_levels",
            "council, wave, theme and topic",
            "How much citizens do, topic by topic. The whole themes are in bi_levels.",
            f"{_IS_TOPIC} and {_IS_EVERYBODY}",
            columns.THEME_KEYS,
            columns.TOPIC_KEYS,
        ),
        *(
            report.table(
                f"bi_levels_by_{breakdown}",
                "council, wave, theme and group",
                f"How much citizens do, in each whole theme and for each group of the breakdown {breakdown}.",
                f"{_IS_THEME} and report.breakdown_id = {literal(breakdown)}",
                columns.THEME_KEYS,
                columns.GROUP_KEYS,
            )
            for breakdown in breakdowns
        ),
    ]


def _answers(breakdowns: Iterable[str], has_weights: bool) -> list[BiTable]:
    share = _quantity("statistic_id", "share", "Gave this answer", columns.SHARE_CELL, *columns.INTERVAL_AND_BASE)
    shares = _with_weighted([share], has_weights)
    report = _Report("reports.rpt_answer_shares", "statistic_label", "report.statistic_id = 'share'", shares)
    return [
        report.table(
            "bi_answer_shares",
            "question of a survey and answer",
            "What people answered to each question.",
            _IS_EVERYBODY,
            columns.QUESTION_KEYS,
            columns.ANSWER_KEYS,
        ),
        *(
            report.table(
                f"bi_answer_shares_by_{breakdown}",
                "question of a survey, group and answer",
                f"What people answered to each question, for each group of the breakdown {breakdown}.",
                f"report.breakdown_id = {literal(breakdown)}",
                columns.QUESTION_KEYS,
                columns.GROUP_KEYS,
                columns.ANSWER_KEYS,
            )
            for breakdown in breakdowns
        ),
    ]


def _questions(has_weights: bool) -> BiTable:
    statistics = [
        _quantity("statistic_id", id_, label, cell, *columns.INTERVAL_AND_BASE)
        for id_, label, cell in columns.STATISTICS
    ]
    of_statistics = _with_weighted(statistics, has_weights)
    report = _Report("reports.rpt_answer_shares", "statistic_label", "report.statistic_id <> 'share'", of_statistics)
    return report.table(
        "bi_questions",
        "question of a survey",
        "Each question with its mean, its two highest answers, Don't Know and refusals, and how many of those asked "
        "answered.",
        _IS_EVERYBODY,
        columns.QUESTION_KEYS,
    )


def _correlates(measures: Sequence[Measure], has_weights: bool) -> BiTable:
    outcomes = _outcomes(measures, columns.CORRELATION_CELLS, has_weights)
    report = _Report("reports.rpt_correlates", "outcome_label", "report.method_id = 'pearson'", outcomes)
    return report.table(
        "bi_correlates",
        "council, wave, theme, topic and construct",
        "Which answers and characteristics are correlated with the outcomes of the whole theme, by Pearson's r. "
        "topic_id is the topic of the answer.",
        "",
        columns.THEME_KEYS,
        columns.TOPIC_KEYS,
        columns.CONSTRUCT_KEYS,
    )


def _nudges(measures: Sequence[Measure], has_weights: bool) -> list[BiTable]:
    outcomes = _outcomes(measures, columns.EFFECT_CELLS, has_weights)
    report = _Report("reports.rpt_nudge_effects", "outcome_label", "report.model_id = 'dummies'", outcomes)
    return [
        report.table(
            "bi_nudges",
            "council, wave, theme and contrast",
            "Whether encouraging words changed the outcomes of each whole theme, compared with no nudge.",
            _IS_THEME,
            columns.THEME_KEYS,
            columns.CONTRAST_KEYS,
        ),
        report.table(
            "bi_topic_nudges",
            "council, wave, theme, topic and contrast",
            "Whether encouraging words changed the outcomes of single topics. The whole themes are in bi_nudges.",
            _IS_TOPIC,
            columns.THEME_KEYS,
            columns.TOPIC_KEYS,
            columns.CONTRAST_KEYS,
        ),
    ]


def _changes(measures: Sequence[Measure]) -> list[BiTable]:
    quantities = [
        _quantity("measure_id", measure.measure_id, measure.label, *columns.CHANGE_CELLS, weighting_id=None)
        for measure in measures
    ]
    is_row = "report.is_headline and report.comparison_id = 'neighbours'"
    report = _Report("reports.rpt_changes", "measure_label", is_row, tuple(quantities))
    return [
        report.table(
            "bi_changes",
            "council, wave and theme",
            "How much the levels of each whole theme rose or fell since the wave before.",
            _IS_THEME,
            columns.EARLIER_WAVE_KEYS,
            columns.THEME_KEYS,
        ),
        report.table(
            "bi_topic_changes",
            "council, wave, theme and topic",
            "How much the levels of single topics rose or fell since the wave before. The whole themes are in "
            "bi_changes.",
            _IS_TOPIC,
            columns.EARLIER_WAVE_KEYS,
            columns.THEME_KEYS,
            columns.TOPIC_KEYS,
        ),
    ]


def _outcomes(measures: Iterable[Measure], cells: tuple[Cell, ...], has_weights: bool) -> tuple[Quantity, ...]:
    quantities = [
        _quantity("outcome_id", measure.measure_id, measure.label, *cells) for measure in measures if measure.is_outcome
    ]
    return _with_weighted(quantities, has_weights)


def _quantity(column: str, id_: str, label: str, *cells: Cell, weighting_id: str | None = "unweighted") -> Quantity:
    """Return the quantity of the rows whose `column` has the id; a headline row has its own weighting."""
    return Quantity(id_, label, {column: id_} | ({"weighting_id": weighting_id} if weighting_id else {}), cells)


def _with_weighted(quantities: Iterable[Quantity], has_weights: bool) -> tuple[Quantity, ...]:
    """Return the quantities, each with its weighted results as a second one if a survey has weights."""
    found = []
    for quantity in quantities:
        found.append(quantity)
        if has_weights:
            ids = {**quantity.ids, "weighting_id": "weighted"}
            found.append(Quantity(f"{quantity.prefix}_weighted", f"{quantity.label}, weighted", ids, quantity.cells))
    return tuple(found)
