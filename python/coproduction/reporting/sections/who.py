"""Who answered: the surveys, their respondents and response, and the characteristics of the respondents."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from coproduction.reporting.charts.bars import Bar, bars
from coproduction.reporting.content import Column, Figure, Scope, Section, Table, table_of
from coproduction.reporting.printed_numbers import base, number
from coproduction.reporting.published import Row

_SURVEYS = "marts.dim_survey"
_SHARES = "reports.rpt_answer_shares"

_AREAS_QUERY = """
    select *, coalesce(area_type, '') as area from reports.rpt_study_areas
    where measure_id = 'population' and ($council is null or council_id = $council)
    order by council_label, wave_id
"""

_CHARACTERISTICS_QUERY = """
    select shares.* from reports.rpt_answer_shares as shares
    inner join marts.dim_construct using (construct_id)
    where
        construct_role = 'demographic' and statistic_id = 'share' and breakdown_id = 'all'
        and weighting_id = 'unweighted' and respondent_role = 'citizen'
        and ($council is null or council_id = $council)
    order by construct_label, council_label, wave_id, column_name, answer_order
"""


def who_answered(scope: Scope) -> Section:
    """Return the section about the respondents: one bar for each survey, and their characteristics if published."""
    texts = scope.published.texts
    surveys = [row for row in scope.published.surveys.values() if scope.council_id in (None, row["council_id"])]
    figures = [_respondents(scope, surveys)] if len(surveys) > 1 else []
    areas = scope.rows(_AREAS_QUERY)
    characteristics = _characteristics(scope)
    return Section(
        id="who",
        title=texts("page_who_title"),
        lead=[texts("page_who_lead")],
        figures=[*figures, *(figure for figure, _ in characteristics)],
        tables=[
            *([_surveys_table(scope, surveys)] if surveys else []),
            *([_areas_table(scope, areas)] if areas else []),
            *(table for _, table in characteristics),
        ],
    )


def _respondents(scope: Scope, surveys: list[dict[str, Any]]) -> Figure:
    texts = scope.published.texts
    rows = [Bar(scope.label(row), row["n_respondents"], base(scope.published, _SURVEYS, row)) for row in surveys]
    title = texts("page_respondents_title")
    return Figure(title, bars("respondents", title, texts("page_bars_description"), rows))


def _surveys_table(scope: Scope, surveys: list[dict[str, Any]]) -> Table:
    published, texts, rates = scope.published, scope.published.texts, _response_rates(scope)

    def of(name: str) -> Column:
        return Column(texts(f"page_head_{name}"), lambda row: base(published, _SURVEYS, row, name))

    columns = [
        Column(texts("page_head_survey"), scope.label, is_number=False),
        of("n_respondents"),
        of("n_excluded"),
        of("n_invited"),
        Column(texts("page_head_response_rate"), lambda row: rates.get((row["council_id"], row["wave_id"]), "")),
        Column(texts("page_head_fieldwork"), lambda row: _fieldwork(scope, row), is_number=False),
        Column(texts("page_head_provenance"), lambda row: row["provenance"], is_number=False),
    ]
    return table_of(texts("page_surveys_caption"), _SURVEYS, surveys, columns, is_open=True)


def _response_rates(scope: Scope) -> dict[tuple[str, str], str]:
    """Return the response rates by council and wave, as published; none if the file does not have them."""
    rows = scope.rows("select * from reports.rpt_waves") if scope.published.has("reports.rpt_waves") else []
    return {(row["council_id"], row["wave_id"]): row["estimate_label"] or "" for row in rows}


def _fieldwork(scope: Scope, row: Row) -> str:
    start, end = row.get("fieldwork_start"), row.get("fieldwork_end")
    if start and end:
        return scope.published.texts("page_interval", low=start, high=end)
    return str(start or end or "")


def _areas_table(scope: Scope, areas: list[dict[str, Any]]) -> Table:
    texts = scope.published.texts
    columns = [
        Column(texts("page_head_survey"), scope.label, is_number=False),
        Column(texts("page_head_country"), lambda row: row["country_label"] or "", is_number=False),
        Column(texts("page_head_area_type"), lambda row: row["area"].replace("_", " "), is_number=False),
        Column(texts("page_head_population"), lambda row: number(row["estimate"], 0)),
        Column(texts("page_head_characteristics"), lambda row: row["characteristics"] or "", is_number=False),
    ]
    return table_of(texts("page_areas_caption"), "reports.rpt_study_areas", areas, columns)


def _characteristics(scope: Scope) -> list[tuple[Figure, Table]]:
    """Return a figure and a table for each characteristic that was asked; none if answers are not published."""
    if not scope.published.has(_SHARES):
        return []
    texts = scope.published.texts
    found = []
    for (construct, label), of_construct in groupby(
        scope.rows(_CHARACTERISTICS_QUERY), lambda row: (row["construct_id"], row["construct_label"])
    ):
        rows = [dict(row) for row in of_construct]
        title = texts("page_characteristic_title", construct=label)
        marks = [Bar(scope.named(row, row["answer_name"] or ""), row["estimate"], _share(scope, row)) for row in rows]
        figure = Figure(title, bars(f"who-{construct}", title, texts("page_bars_description"), marks, full=100))
        columns = [
            Column(texts("page_head_survey"), scope.label, is_number=False),
            Column(texts("page_head_answer"), lambda row: row["answer_name"] or "", is_number=False),
            Column(texts("page_head_share"), lambda row: _share(scope, row)),
            Column(texts("page_head_base"), lambda row: base(scope.published, _SHARES, row)),
        ]
        found.append((figure, table_of(title, _SHARES, rows, columns)))
    return found


def _share(scope: Scope, row: Row) -> str:
    if row["estimate"] is None:
        return scope.published.texts("page_withheld")
    return number(row["estimate"], scope.published.decimals("statistic_id", "share"))
