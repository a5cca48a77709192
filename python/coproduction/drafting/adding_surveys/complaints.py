"""What a person may get wrong in a draft: found before anything is written, all at once, with row and remedy."""

from __future__ import annotations

from collections.abc import Iterator

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.adding_surveys.answer_complaints import complaints_about_answers
from coproduction.drafting.adding_surveys.completed import Completed
from coproduction.drafting.adding_surveys.confirming import complaints_about_confidence
from coproduction.drafting.folder import QUESTIONS, SURVEY
from coproduction.drafting.recognition.survey_file import SurveyFile
from coproduction.files.finding import Finding, meant, quoted

_OF_ANOTHER_FILE = 0.5


def complaints(draft: Completed, survey: SurveyFile, accepts_likely: bool = False) -> list[Finding]:
    """Return what is wrong with a completed draft in itself and for this file.

    With ``accepts_likely`` nobody needs to have confirmed its likely rows.
    """
    other = list(_of_another_file(draft, survey))
    if other:
        return other
    checks = (_nothing_claimed, _columns, _half_filled, _respondents, _filters)
    found = [finding for check in checks for finding in check(draft, survey)]
    return [
        *complaints_about_confidence(draft, accepts_likely),
        *found,
        *complaints_about_answers(draft, survey),
    ]


def _of_another_file(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    names = {column.name for column in survey.columns}
    drafted = list(dict.fromkeys(row["column_name"] for row, _ in draft.rows(QUESTIONS)))
    missing = [name for name in drafted if name not in names]
    if drafted and len(missing) > _OF_ANOTHER_FILE * len(drafted):
        of_file = draft.settings.get("file", "another file")
        yield draft.error(
            QUESTIONS,
            f"this is the draft of {of_file}: {len(missing)} of its {len(drafted)} columns are not in {survey.path}",
            f"name the draft of {survey.path}, or make one: coproduction draft {survey.path}. For a "
            f"workbook, name the same "
            "--sheet as for the draft",
            allowed=tuple(map(quoted, sorted(names))),
        )


def _nothing_claimed(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    if not draft.claimed():
        yield draft.error(
            QUESTIONS,
            "no row has a construct_id, so no column would be used",
            "fill in construct_id in the rows to use",
        )


def _columns(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    names = [column.name for column in survey.columns]
    first: dict[tuple[str, str], int] = {}
    for row, line in draft.claimed():
        key = (row["column_name"].lower(), row.get("option", "").lower())
        if row["column_name"] not in names:
            close = meant(row["column_name"], names)
            hint = f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
            yield draft.error(
                QUESTIONS,
                f"{survey.path} has no such column{hint}",
                "correct the name, or delete the row",
                line,
                "column_name",
                row["column_name"],
            )
        elif first.setdefault(key, line) != line:
            yield draft.error(
                QUESTIONS,
                f"the column is claimed twice, first in line {first[key]}",
                "delete one of the two rows: a column has one meaning",
                line,
                "column_name",
                row["column_name"],
            )
        gate = row.get("asked_when_column", "")
        if gate and gate not in names:
            yield draft.error(
                QUESTIONS,
                f"{survey.path} has no column {quoted(gate)}",
                "correct asked_when_column, or clear it",
                line,
                "asked_when_column",
                gate,
            )


def _half_filled(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    for row, line in draft.claimed():
        if not row["scale_id"]:
            yield draft.error(
                QUESTIONS,
                "the row has a construct_id and no scale_id",
                f"write a scale of scales.csv or of the codebook, or clear construct_id: {quoted(row['column_name'])}",
                line,
                "scale_id",
            )
        if bool(row["theme_id"]) != bool(row["topic_id"]):
            yield draft.error(
                QUESTIONS,
                "theme_id and topic_id are both filled in or both blank",
                "write the topic, `all` for the whole theme, or clear the theme",
                line,
                "topic_id",
            )


def _respondents(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    name = draft.settings.get("respondent_column", "")
    column = survey.column(name) if name else None
    if name and column is None:
        names = tuple(quoted(other.name) for other in survey.columns)
        yield draft.error(
            SURVEY,
            f"{survey.path} has no column {quoted(name)} for the ids of respondents",
            "correct respondent_column, or clear it if no column names the respondents",
            None,
            "value",
            name,
            names,
        )
    elif column is not None and len(set(column.filled)) < 0.5 * len(column.filled):
        n_values = len(set(column.filled))
        yield draft.error(
            SURVEY,
            f"{quoted(name)} has {n_values} different values for {len(column.cells)} rows, so it does not name "
            "respondents: nearly all rows would be duplicates",
            "name the column of the ids, or clear the setting",
            None,
            "value",
            name,
        )


def _filters(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    for name, answers in wanted_rows(draft.settings).items():
        column = survey.column(name)
        known = {normalise_label(label) for label in column.counts} if column else set()
        for answer in answers:
            if column is None or normalise_label(answer) not in known:
                allowed = tuple(map(quoted, column.counts)) if column else ()
                yield draft.error(
                    SURVEY,
                    f"no row has {quoted(answer)} in {quoted(name)}",
                    "write answers of the column, with ; between",
                    None,
                    "value",
                    answer,
                    allowed,
                )


def wanted_rows(settings: dict[str, str]) -> dict[str, list[str]]:
    """Return the answers that the rows to use have, by column, as the settings of a draft say."""
    return {
        name.removeprefix("rows with "): [answer.strip() for answer in value.split(";") if answer.strip()]
        for name, value in settings.items()
        if name.startswith("rows with ") and value
    }
