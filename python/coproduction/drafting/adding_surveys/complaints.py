"""What a person may get wrong in a draft: found before anything is written, all at once, with row and remedy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.drafting.folder import ANSWER_ROWS, CONFIRMED, QUESTIONS, SCALES, SURVEY, DraftTable
from coproduction.drafting.recognition.answers.answer_scales import concept_of, place_of
from coproduction.drafting.recognition.answers.meanings import BAD_IF_HIGH, missing_kind
from coproduction.drafting.recognition.confidence import DOUBTFUL
from coproduction.drafting.recognition.survey_file import SurveyFile
from coproduction.files.finding import ERROR, Finding, meant, quoted, shortened

# Codes that usually stand for no answer, if they are far above the others.
_USUALLY_MISSING = (9, 99, 999, 98, 97, -1, -9, -99)
_OF_ANOTHER_FILE = 0.5


class Completed:
    """A draft as a person has completed it: its tables, and the folder for messages."""

    def __init__(self, folder: Path, tables: dict[str, DraftTable], settings: dict[str, str]) -> None:
        self.folder = folder
        self.tables = tables
        self.settings = settings

    def rows(self, name: str) -> list[tuple[dict[str, str], int]]:
        """Return the rows of a table with their lines."""
        table = self.tables.get(name)
        return list(zip(table.rows, table.lines, strict=True)) if table else []

    def claimed(self) -> list[tuple[dict[str, str], int]]:
        """Return the rows of questions.csv that claim a column."""
        return [(row, line) for row, line in self.rows(QUESTIONS) if row["construct_id"]]

    def in_file_order(self, survey: SurveyFile) -> list[tuple[dict[str, str], int]]:
        """Return the rows that claim a column in the order of the file's columns."""
        places = {column.name: place for place, column in enumerate(survey.columns)}
        return sorted(self.claimed(), key=lambda row: places.get(row[0]["column_name"], len(places)))

    def error(
        self,
        table: str,
        problem: str,
        remedy: str,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        allowed: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding about a place in the draft."""
        return Finding(ERROR, f"{self.folder.name}/{table}.csv", problem, remedy, line, column, value, allowed)


def complaints(draft: Completed, survey: SurveyFile) -> list[Finding]:
    """Return what is wrong with a completed draft in itself and for this file."""
    other = list(_of_another_file(draft, survey))
    if other:
        return other
    checks = (
        _nothing_claimed,
        _columns,
        _doubtful,
        _half_filled,
        _respondents,
        _filters,
        _turned_scales,
        _odd_codes,
        _swapped,
    )
    return [finding for check in checks for finding in check(draft, survey)]


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


def _doubtful(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    rows = [(row, line) for row, line in draft.claimed() if row["confidence"].lower() == DOUBTFUL.word]
    if rows:
        columns = shortened(quoted(row["column_name"]) for row, _ in rows)
        yield draft.error(
            QUESTIONS,
            f"{len(rows)} rows are still doubtful, the first in this line: {columns}",
            f"look at each: correct it and write {CONFIRMED} in place of {DOUBTFUL.word}, or clear "
            f"construct_id to leave the "
            "column out",
            rows[0][1],
        )
    used = {row["scale_id"] for row, _ in draft.claimed()}
    for row, line in draft.rows(SCALES):
        if row["confidence"].lower() == DOUBTFUL.word and row["scale_id"] in used:
            yield draft.error(
                SCALES,
                f"the scale is still doubtful: {row.get('evidence', '')}".rstrip(": "),
                f"correct its rows in {ANSWER_ROWS}.csv, and write {CONFIRMED} in place of {DOUBTFUL.word}",
                line,
                "scale_id",
                row["scale_id"],
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
    for row, line in draft.rows(QUESTIONS):
        filled = [name for name in ("theme_id", "scale_id") if row[name] and not row["construct_id"]]
        if filled:
            yield draft.error(
                QUESTIONS,
                f"the row has a {filled[0]} and no construct_id",
                "write what the column measures, or clear the row",
                line,
                "construct_id",
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


def _scores(draft: Completed) -> dict[str, list[tuple[str, float, str, int]]]:
    """Return the valid answers of each new scale: label, score, name and line."""
    found: dict[str, list[tuple[str, float, str, int]]] = defaultdict(list)
    for row, line in draft.rows(ANSWER_ROWS):
        score = parse_number(row["answer_score"])
        if row["answer_kind"] == "valid" and score is not None:
            found[row["scale_id"]].append((row["answer_label"], score, row["answer_name"], line))
    return found


def _turned_scales(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    """Refuse scores that run against the words: the best answer with the lowest score."""
    for scale_id, answers in _scores(draft).items():
        words = [name if label.lstrip("-").isdigit() else label for label, _, name, _ in answers]
        concept = concept_of(words)
        if not concept or len(answers) < 3:
            continue
        sign = -1 if concept in BAD_IF_HIGH else 1
        places = [sign * place_of(word, concept) for word in words]
        ordered = [
            place
            for place, _ in sorted(
                zip(places, (score for _, score, _, _ in answers), strict=True), key=lambda pair: pair[1]
            )
        ]
        if ordered == sorted(ordered, reverse=True) and len(set(ordered)) > 2:
            best = max(range(len(words)), key=lambda place: places[place])
            yield draft.error(
                ANSWER_ROWS,
                f"the scale {scale_id} is turned round: {quoted(words[best])} has the lowest score",
                "give the highest score to the answer that means most; a question worded the other way "
                "round has is_reversed "
                "true instead",
                answers[best][3],
                "answer_score",
                f"{answers[best][1]:g}",
            )


def _odd_codes(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    """Refuse a code such as 99 as a valid answer far above the others, and words for Don't Know with a score."""
    for scale_id, answers in _scores(draft).items():
        codes = sorted(float(label) for label, _, _, _ in answers if parse_number(label) is not None)
        for label, _, name, line in answers:
            code = parse_number(label)
            others = [other for other in codes if other != code]
            is_far = (
                code is not None
                and others
                and code in _USUALLY_MISSING
                and (code - max(others) >= 3 or code < min(min(others), 0))
            )
            kind = missing_kind(label) or missing_kind(name)
            if is_far or kind:
                yield draft.error(
                    ANSWER_ROWS,
                    f"{quoted(label)} of the scale {scale_id} counts as an answer with a score, and "
                    f"usually means that there is none",
                    f"make answer_kind {kind or 'dont_know'} (or refused, not_applicable, blank) and clear "
                    f"answer_score",
                    line,
                    "answer_kind",
                    "valid",
                )


def _swapped(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    """Refuse a new scale none of whose labels is in its columns, as when labels and codes are exchanged."""
    labels: dict[str, set[str]] = defaultdict(set)
    first: dict[str, int] = {}
    for row, line in draft.rows(ANSWER_ROWS):
        labels[row["scale_id"]].add(normalise_label(row["answer_label"]))
        first.setdefault(row["scale_id"], line)
    kinds = {row["scale_id"]: row["kind"] for row, _ in draft.rows(SCALES)}
    for row, _ in draft.claimed():
        column, listed = survey.column(row["column_name"]), labels.get(row["scale_id"], set())
        if (
            column is None
            or not listed
            or row.get("option")
            or kinds.get(row["scale_id"]) in ("integer", "decimal")
            or "*" in listed
        ):
            continue
        if column.filled and not set(column.filled) & listed:
            yield draft.error(
                ANSWER_ROWS,
                f"none of the answers of {quoted(row['column_name'])} is in the scale {row['scale_id']}: the file has "
                f"{shortened(map(quoted, column.counts), 4)}",
                "write what the file holds into answer_label and what it means into answer_name; perhaps "
                "the two are exchanged",
                first[row["scale_id"]],
                "answer_label",
            )
            labels.pop(row["scale_id"])
