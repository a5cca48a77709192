"""The data of the explorer: every published level, answer, correlation, effect and change, as compact JSON.

Each query gives its rows in one shape: what is shown (subject, figure, head of the column), of whom (survey, area,
group, weighting), and the published cells. A *line* is what one row of the explorer's table shows: the cells of all
heads for one survey, area, group and weighting. Nothing is computed here: names become places in lists, no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from coproduction.reporting.charts.bars import classes_of
from coproduction.reporting.published import Published, Row

# What all queries end with: of whom a row speaks, and its published cells.
_COMMON = """
    council_id, wave_id, theme_label, case when topic_id <> 'all' then topic_label end as topic_label,
    weighting_id, estimate, ci_lower, ci_upper, n_respondents, is_small_base,
    is_withheld, coalesce(withheld_reason, reason, '') as why_missing, provenance
"""
_OF_GROUP = """
    case when breakdown_id <> 'all' then breakdown_label end as breakdown_label,
    case when breakdown_id <> 'all' then breakdown_value end as group_label
"""
_ORDER = "council_label, council_id, wave_order, wave_id, theme_label, topic_label nulls first"
_WAVES = "left join (select council_id, wave_id, wave_order from marts.dim_survey) using (council_id, wave_id)"

_LEVELS = f"""
    select
        measure_id as subject_id, measure_label as subject_label, null as subject_group,
        results.unit_label as figure_label, results.unit_label, 'measure_id' as decimals_column,
        measure_id as decimals_id, null as head, null as classes_of, unit_minimum, unit_maximum,
        {_OF_GROUP}, {_COMMON}
    from reports.rpt_levels as results
    inner join (select measure_id, is_outcome, unit_minimum, unit_maximum from marts.dim_measure) using (measure_id)
    {_WAVES}
    order by
        is_outcome desc, subject_label, subject_id, {_ORDER}, breakdown_label nulls first, group_label,
        weighting_id
"""

# Questions with the same words, answers and direction are one subject, whichever files and councils they are from.
# Answers with scores are in their order from the low end of the construct to the high end.
_ANSWERS = f"""
    with reversed_questions as (
        select council_id, wave_id, construct_id, column_name, bool_or(is_reversed) as is_reversed
        from marts.dim_question
        group by all
    ),

    results as (
        select
            shares.*,
            construct_role,
            coalesce(is_reversed, false) as is_reversed,
            coalesce(question_text, column_name) as asked,
            string_agg(answer_name, chr(10)) filter (statistic_id = 'share') over whole as answers,
            bool_and(answer_score is not null) filter (statistic_id = 'share') over question as is_scale,
            dense_rank() over same_words as place
        from reports.rpt_answer_shares as shares
        inner join marts.dim_construct using (construct_id, construct_label)
        left join reversed_questions using (council_id, wave_id, construct_id, column_name)
        window
            question as (
                partition by
                    council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id
            ),
            whole as (
                partition by
                    council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
                    breakdown_id, breakdown_value, weighting_id
                order by answer_order nulls first
                rows between unbounded preceding and unbounded following
            ),
            same_words as (
                partition by council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, asked, is_reversed
                order by column_name, scale_id
            )
    )

    select
        left(md5(concat_ws(chr(10), respondent_role, construct_id, asked, is_reversed, answers, place)), 10)
            as subject_id,
        asked || case when place > 1 then ' (' || column_name || ')' else '' end as subject_label,
        construct_label as subject_group, respondent_role, is_reversed,
        case when statistic_id = 'share' then $answers else statistic_label end as figure_label,
        results.unit_label, 'statistic_id' as decimals_column,
        statistic_id as decimals_id, answer_name as head,
        case when statistic_id = 'share' and is_scale then construct_role end as classes_of,
        case when statistic_id <> 'mean' then 0.0 end as unit_minimum,
        case when statistic_id <> 'mean' then 100.0 end as unit_maximum,
        {_OF_GROUP}, {_COMMON}
    from results
    {_WAVES}
    order by
        construct_role = 'demographic', construct_role desc, construct_label, min(column_name) over (
            partition by respondent_role, construct_id, asked, is_reversed, answers, place
        ), subject_label, subject_id,
        array_position(['share', 'mean', 'top_two', 'dont_know', 'refused', 'response_rate'], statistic_id),
        {_ORDER}, breakdown_label nulls first, group_label, weighting_id,
        case when is_scale and is_reversed then -answer_score when is_scale then answer_score else answer_order end,
        answer_order
"""

_CORRELATES = f"""
    select
        construct_id || '.' || outcome_id as subject_id, construct_label as subject_label,
        outcome_label as subject_group, results.unit_label as figure_label, results.unit_label,
        'method_id' as decimals_column, method_id as decimals_id, null as head, null as classes_of,
        null as unit_minimum, null as unit_maximum, null as breakdown_label, null as group_label, {_COMMON}
    from reports.rpt_correlates as results
    {_WAVES}
    where method_id = 'pearson'
    order by subject_group desc, subject_label, subject_id, {_ORDER}, weighting_id
"""

_EFFECTS = f"""
    select
        outcome_id as subject_id, outcome_label as subject_label, null as subject_group,
        results.unit_label as figure_label, results.unit_label, 'model_id' as decimals_column,
        model_id as decimals_id, null as head, null as classes_of, null as unit_minimum, null as unit_maximum,
        $nudge as breakdown_label, contrast_label as group_label, {_COMMON}
    from reports.rpt_nudge_effects as results
    {_WAVES}
    where model_id = 'dummies'
    order by subject_label desc, subject_id, {_ORDER}, contrast_id = 'interaction', group_label, weighting_id
"""

_CHANGES = f"""
    select
        measure_id as subject_id, measure_label as subject_label, null as subject_group,
        results.unit_label as figure_label, results.unit_label, 'quantity_id' as decimals_column,
        'gap' as decimals_id, null as head, null as classes_of, null as unit_minimum, null as unit_maximum,
        $change as breakdown_label,
        replace(replace($waves, '{{earlier}}', earlier_wave_label), '{{later}}', results.wave_label) as group_label,
        {_COMMON}
    from reports.rpt_changes as results
    where is_headline
    order by subject_label, subject_id, {_ORDER}, group_label, weighting_id
"""


@dataclass(frozen=True)
class Kind:
    """A kind of result: its id in links, the sentence that names it, its report and its query."""

    id: str
    title: str
    source: str
    query: str


ANSWERS_OF_QUESTIONS = Kind("answers", "page_answers_title", "reports.rpt_answer_shares", _ANSWERS)
KINDS_OF_RESULT = (
    ANSWERS_OF_QUESTIONS,
    Kind("levels", "page_levels_title", "reports.rpt_levels", _LEVELS),
    Kind("correlations", "page_explorer_correlations", "reports.rpt_correlates", _CORRELATES),
    Kind("nudges", "page_nudges_title", "reports.rpt_nudge_effects", _EFFECTS),
    Kind("changes", "page_waves_title", "reports.rpt_changes", _CHANGES),
)
# The results with these ids are differences or correlations: their charts have a line at zero.
_DIFFERENCES = ("method_id", "model_id", "quantity_id")
# The sentences that the script shows.
_TEXTS = (
    "page_explorer_all", "page_explorer_copied", "page_explorer_not_copied", "page_explorer_saved",
    "page_explorer_status", "page_explorer_none", "page_explorer_few", "page_explorer_title_part",
    "page_explorer_chart", "page_explorer_everybody", "page_explorer_whole_theme", "page_at_least", "page_fewer_than",
    "page_interval", "page_withheld", "page_withheld_because", "page_not_computed", "page_synthetic_short",
    "page_rows_of", "page_head_survey", "page_head_theme", "page_head_topic", "page_head_group", "page_head_base",
    "page_head_reason",
)  # fmt: skip


def subjects(published: Published, kind: Kind) -> Iterator[tuple[str, list[Row]]]:
    """Yield the label of each subject of a kind of result, and its rows in the order in which they are shown."""
    texts = published.texts
    values = {
        "answers": texts("page_explorer_each_answer"),
        "nudge": texts("page_head_contrast"),
        "change": texts("page_head_change"),
        "waves": texts("page_waves_of"),
    }
    for _, of_subject in groupby(published.rows(kind.query, **values), lambda row: row["subject_id"]):
        rows: list[Row] = list(of_subject)
        yield _label(published, rows[0]), rows


def _label(published: Published, row: Row) -> str:
    """Return the words of a question or the name of a measure, marked if reversed or not asked of citizens."""
    label = str(row["subject_label"])
    if row.get("is_reversed"):
        label = published.texts("page_reversed", label=label)
    role = row.get("respondent_role", "citizen")
    return label if role == "citizen" else f"{published.label('respondent_role', role)}: {label}"


class Places:
    """A list that has each value once; calling it with a value returns the place of the value."""

    def __init__(self) -> None:
        """Begin an empty list."""
        self.values: list[Any] = []
        self._places: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        """Return the place of a value, which is added if it is new."""
        if value not in self._places:
            self._places[value] = len(self.values)
            self.values.append(value)
        return self._places[value]


class Explorer:
    """Packs the rows of the reports into the lists that the page reads; explorer.js says what it expects."""

    def __init__(self, published: Published) -> None:
        """Take an open published file."""
        self._published = published
        self._surveys, self._areas, self._groups = Places(), Places(), Places()
        self._weightings, self._reasons = Places(), Places()

    def data(self) -> dict[str, Any]:
        """Return everything that the page needs, the subjects in the order in which it lists them."""
        published = self._published
        kinds = [kind for kind in KINDS_OF_RESULT if published.has(kind.source)]
        packed = {kind.id: list(self._subjects(kind)) for kind in kinds}
        return {
            "texts": {name: published.texts(name) for name in _TEXTS},
            "is_synthetic": published.is_synthetic,
            "minimum_base": published.build.get("minimum_base", ""),
            "kinds": [
                {
                    "id": kind.id,
                    "label": published.texts(kind.title),
                    "source": kind.source,
                    "is_rounded": published.is_rounded(kind.source, "n_respondents"),
                    "subjects": packed[kind.id],
                }
                for kind in kinds
                if packed[kind.id]
            ],
            "surveys": self._surveys.values,
            "areas": self._areas.values,
            "groups": self._groups.values,
            "weightings": [[id_, published.label("weighting_id", id_)] for id_ in self._weightings.values],
            "reasons": self._reasons.values,
        }

    def _subjects(self, kind: Kind) -> Iterator[dict[str, Any]]:
        for label, rows in subjects(self._published, kind):
            figures = groupby(rows, lambda row: (row["figure_label"], row["unit_label"]))
            yield {
                "id": rows[0]["subject_id"],
                "label": label,
                "group": rows[0]["subject_group"],
                "figures": [self._figure(list(of_figure)) for _, of_figure in figures],
            }

    def _figure(self, rows: Sequence[Row]) -> dict[str, Any]:
        first = rows[0]
        heads = list(dict.fromkeys(row["head"] for row in rows))
        lines: dict[tuple[int, ...], list[Any]] = {}
        for row in rows:
            line = lines.setdefault(self._key(row), [None, 0, *[None] * len(heads)])
            line[0] = row["n_respondents"] if line[0] is None else line[0]
            line[1] = max(line[1], int(bool(row["is_small_base"]) and row["estimate"] is not None))
            line[2 + heads.index(row["head"])] = self._cell(row)
        return {
            "label": first["figure_label"],
            "unit": first["unit_label"],
            "decimals": self._published.decimals(first["decimals_column"], first["decimals_id"]),
            "heads": heads,
            "classes": classes_of(len(heads), first["classes_of"] == "outcome") if first["classes_of"] else None,
            "has_zero": first["decimals_column"] in _DIFFERENCES,
            "is_from_none": first["classes_of"] == "outcome",
            "scale": [_short(first["unit_minimum"]), _short(first["unit_maximum"])]
            if first["unit_minimum"] is not None and first["unit_maximum"] is not None
            else None,
            "lines": [[*key, *line] for key, line in lines.items()],
        }

    def _key(self, row: Row) -> tuple[int, int, int, int]:
        """Return of whom a row speaks, as places: survey, area, group and weighting."""
        survey = self._published.surveys.get((row["council_id"], row["wave_id"]), {})
        council = survey.get("council_label") or self._published.label("council_id", row["council_id"])
        label = self._published.survey_label(row["council_id"], row["wave_id"])
        wave = survey.get("wave_label") or row["wave_id"]
        return (
            self._surveys((row["council_id"], council, row["wave_id"], wave, label, row["provenance"])),
            self._areas((row["theme_label"], row["topic_label"])),
            self._groups((row["breakdown_label"], row["group_label"])),
            self._weightings(row["weighting_id"]),
        )

    def _cell(self, row: Row) -> list[float] | int:
        """Return the estimate with its interval; where there is none, the place of the reason."""
        if row["estimate"] is None:
            return self._reasons((bool(row["is_withheld"]), row["why_missing"]))
        interval = (row["ci_lower"], row["ci_upper"])
        return [_short(number) for number in (row["estimate"], *(interval if None not in interval else ()))]


def _short(number: float) -> float:
    """Return a whole number without its point, which makes the file a tenth shorter."""
    return int(number) if number == int(number) else number


def explorer_json(data: Mapping[str, Any]) -> str:
    """Return data as JSON in which no text can end the element of the page that it is in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).replace("<", "\\u003c")
