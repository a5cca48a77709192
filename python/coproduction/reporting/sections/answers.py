"""Answers to every scale question as diverging bars, in the order of their scores, Don't Know apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from coproduction.reporting.charts.bars import Answers, classes_of, diverging
from coproduction.reporting.content import Column, Figure, Scope, Section, Table, anchor_of, table_of
from coproduction.reporting.printed_numbers import base, estimate, missing, why_missing
from coproduction.reporting.published import Row, Texts

SHARES = "reports.rpt_answer_shares"
# With more surveys the page of the study would be too long to open quickly; the pages of the councils have the answers.
MOST_SURVEYS = 20

# A question is of a scale if each of its answers has a score. Whether it is reversed is known by question and file.
_QUERY = """
    with reversed_questions as (
        select council_id, wave_id, construct_id, column_name, bool_or(is_reversed) as is_reversed
        from marts.dim_question
        group by all
    ),

    shares as (
        select
            shares.*,
            coalesce(is_reversed, false) as is_reversed,
            construct_role,
            bool_and(answer_score is not null) filter (where statistic_id = 'share') over question as is_scale
        from reports.rpt_answer_shares as shares
        inner join marts.dim_construct using (construct_id)
        left join reversed_questions using (council_id, wave_id, construct_id, column_name)
        where
            breakdown_id = 'all' and weighting_id = 'unweighted' and respondent_role = 'citizen'
            and statistic_id in ('share', 'dont_know')
            and ($council is null or council_id = $council)
        window question as (partition by council_id, wave_id, theme_id, topic_id, construct_id, column_name, scale_id)
    )

    select * from shares
    where is_scale and construct_role in ('outcome', 'correlate')
    order by
        construct_role desc, construct_label, construct_id, council_label, wave_id, theme_label, topic_label,
        column_name, scale_id, statistic_id desc, answer_order
"""


class Question(NamedTuple):
    """A question of a survey: its shares from the low end to the high end of the construct, and its Don't Know."""

    shares: list[dict[str, Any]]
    dont_know: dict[str, Any] | None

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the answers from the low end to the high end."""
        return tuple(row["answer_name"] or "" for row in self.shares)

    def label(self, texts: Texts) -> str:
        """Return the question's own words, marked if it is reversed; the name of its column if it has none."""
        first = self.shares[0]
        words = first["question_text"] or first["column_name"]
        return texts("page_reversed", label=words) if first["is_reversed"] else words

    @property
    def is_shown(self) -> bool:
        """Return whether every share is published, so that a bar can be drawn."""
        return all(row["estimate"] is not None for row in self.shares)


def answers(scope: Scope) -> Section | None:
    """Return the section about answers; None if the file does not have them."""
    if not scope.published.has(SHARES):
        return None
    texts = scope.published.texts
    if scope.council_id is None and len(scope.published.surveys) > MOST_SURVEYS:
        elsewhere = [texts("page_answers_elsewhere")]
        return Section("answers", texts("page_answers_title"), elsewhere, is_only_text=True)
    parts = []
    rows = scope.rows(_QUERY)
    for (construct_id, label), of_construct in groupby(rows, lambda row: (row["construct_id"], row["construct_label"])):
        questions = questions_of(list(of_construct))
        figures, tables = _of_construct(scope, str(construct_id), str(label), questions)
        parts.append(Section(f"answers-{construct_id}", str(label), figures=figures, tables=tables))
    reversed_ = [texts("page_answers_reversed")] if any(row["is_reversed"] for row in rows) else []
    lead = [texts("page_answers_lead"), *reversed_]
    return Section("answers", texts("page_answers_title"), lead, parts=parts) if parts else None


def questions_in_sets(scope: Scope) -> Iterator[tuple[str, list[str], list[Question]]]:
    """Yield the questions that have one construct and one set of answers, with the construct and the answers' classes.

    Nothing if the file does not have answers.
    """
    rows = scope.rows(_QUERY) if scope.published.has(SHARES) else []
    for (_, label), of_construct in groupby(rows, lambda row: (row["construct_id"], row["construct_label"])):
        questions = questions_of(list(of_construct))
        is_from_none = any(question.shares[0]["construct_role"] == "outcome" for question in questions)
        for names in dict.fromkeys(question.answers for question in questions):
            classes = classes_of(len(names), is_from_none)
            yield str(label), classes, [question for question in questions if question.answers == names]


def questions_of(rows: Sequence[dict[str, Any]]) -> list[Question]:
    """Return the questions that rows are about. A reversed one has its answers from the highest score to the lowest."""
    found = []
    key = ("council_id", "wave_id", "theme_id", "topic_id", "column_name", "scale_id")
    for _, of_question in groupby(rows, lambda row: tuple(row[name] for name in key)):
        of_one = list(of_question)
        shares = [row for row in of_one if row["statistic_id"] == "share"]
        shares.sort(key=lambda row: row["answer_score"], reverse=shares[0]["is_reversed"] if shares else False)
        dont_know = next((row for row in of_one if row["statistic_id"] == "dont_know"), None)
        if shares:
            found.append(Question(shares, dont_know))
    return found


def _of_construct(
    scope: Scope, construct_id: str, label: str, questions: Sequence[Question]
) -> tuple[list[Figure], list[Table]]:
    """Return a chart and a table for each set of answers that questions of a construct have."""
    is_from_none = any(question.shares[0]["construct_role"] == "outcome" for question in questions)
    figures: list[Figure] = []
    tables = []
    for place, names in enumerate(dict.fromkeys(question.answers for question in questions)):
        of_set = [question for question in questions if question.answers == names]
        tables.append(_table(scope, f"{label}: {names[0]} - {names[-1]}", of_set))
        figures += _figures(scope, f"answers-{construct_id}-{place}", of_set, is_from_none)
    return figures, tables


def _figures(scope: Scope, id_: str, questions: Sequence[Question], is_from_none: bool) -> list[Figure]:
    """Return a chart for each survey; all have one scale, so that they can be compared."""
    texts, names = scope.published.texts, questions[0].answers
    rows = [(scope.label(question.shares[0]), _row(scope, question)) for question in questions]
    of_all = [row for _, row in rows]
    legend = list(zip(classes_of(len(names), is_from_none), names, strict=True))
    if any(row.dont_know is not None for row in of_all):
        legend.append(("dk", scope.published.label("statistic_id", "dont_know")))
    description, figures = texts("page_answers_description"), []
    for place, (survey, of_survey) in enumerate(groupby(rows, lambda pair: pair[0])):
        found = [row for _, row in of_survey]
        if any(row.shares for row in found):
            title = texts("page_answers_caption", survey=survey, low=names[0], high=names[-1])
            svg = diverging(f"{id_}-{place}", title, description, found, is_from_none, of_all)
            figures.append(Figure(title, svg, legend))
    return figures


def _label(scope: Scope, first: Row) -> str:
    """Return what a question is about and its own words, marked if it is reversed."""
    about = [first["theme_label"]] if first["theme_id"] != "all" else []
    about += [first["topic_label"]] if first["topic_id"] != "all" else []
    label = ": ".join([*([", ".join(about)] if about else []), first["question_text"] or first["column_name"]])
    return scope.published.texts("page_reversed", label=label) if first["is_reversed"] else label


def _row(scope: Scope, question: Question) -> Answers:
    texts, label = scope.published.texts, _label(scope, question.shares[0])
    if not question.is_shown:
        return Answers(label, [], reason=texts("page_withheld_because", reason=_reason(question)))
    shares, of_dont_know = [row["estimate"] for row in question.shares], question.dont_know
    if of_dont_know is None or of_dont_know["estimate"] is not None:
        return Answers(label, shares, of_dont_know["estimate"] if of_dont_know else None)
    return Answers(label, shares, reason=f"{of_dont_know['statistic_label']}: {missing(texts, of_dont_know)}")


def _reason(question: Question) -> str:
    return next((why_missing(row) for row in question.shares if row["estimate"] is None), "")


def _table(scope: Scope, caption: str, questions: Sequence[Question]) -> Table:
    """Return a row for each question, with each answer and its interval in a column."""
    published, texts = scope.published, scope.published.texts
    by_row = {anchor_of(SHARES, question.shares[0]): question for question in questions}

    def of(place: int) -> Callable[[Row], str]:
        return lambda row: _share(scope, by_row[anchor_of(SHARES, row)].shares[place])

    def dont_know(row: Row) -> str:
        found = by_row[anchor_of(SHARES, row)].dont_know
        return _share(scope, found) if found else ""

    columns = [
        Column(texts("page_head_question"), lambda row: _label(scope, row), is_number=False),
        Column(texts("page_head_survey"), scope.label, is_number=False),
        *(Column(name, of(place)) for place, name in enumerate(questions[0].answers)),
        Column(published.label("statistic_id", "dont_know"), dont_know),
        Column(texts("page_head_base"), lambda row: base(published, SHARES, row)),
        Column(texts("page_head_reason"), why_missing, is_number=False),
    ]
    return table_of(caption, SHARES, [question.shares[0] for question in questions], columns)


def _share(scope: Scope, row: Row) -> str:
    return estimate(scope.published.texts, row, scope.published.decimals("statistic_id", row["statistic_id"]))
