"""Says in words how each scale of a draft is read: if it is the wrong way round, every result is, and no test knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.codebook.tables import Codebook
from coproduction.drafting.adding_surveys.completed import Completed
from coproduction.drafting.folder import ANSWER_ROWS, SCALES
from coproduction.drafting.recognition.answers.printed_answers import VALID
from coproduction.drafting.recognition.survey_file import SurveyFile
from coproduction.files.finding import quoted, shortened

Row = Mapping[str, str]
# The score of an answer, and the name that it counts as.
Reading = tuple[float | None, str]
_NOMINAL = "nominal"
_OF_NUMBERS = ("integer", "decimal")


def scales_in_words(draft: Completed, survey: SurveyFile, codebook: Codebook) -> list[str]:
    """Return a line for each scale that a draft uses, new or of the codebook, in the order of the file.

    An ordered scale has its highest and its lowest answer, and the questions in which it counts the other way round. A
    scale of names has what each answer counts as, where that is another word.
    """
    questions: dict[str, list[Row]] = defaultdict(list)
    for row, _ in draft.in_file_order(survey):
        questions[row["scale_id"]].append(row)
    scales = {row["scale_id"]: row.values for row in codebook["scales"]}
    scales |= {row["scale_id"]: row for row, _ in draft.rows(SCALES)}
    lines = [
        _in_words(scales[scale_id], rows, _answers(scale_id, rows, draft, survey, codebook))
        for scale_id, rows in questions.items()
        if scale_id in scales
    ]
    return list(filter(None, lines))


def _in_words(scale: Row, questions: list[Row], answers: Mapping[str, Reading]) -> str:
    """Return the line of a scale, '' if it has no order and no names."""
    if scale["kind"] in _OF_NUMBERS:
        # The number of a person's years or of a weight has no direction that could be mistaken.
        is_opinion = any(row["theme_id"] for row in questions)
        ends = [scale["maximum"], scale["minimum"]] if is_opinion else []
    elif scale["kind"] == _NOMINAL:
        others = [f"{quoted(label)} as {name}" for label, (_, name) in answers.items() if _is_other(label, name)]
        return f"{scale['scale_id']} counts {', '.join(others)}" if others else ""
    else:
        scores = {label: score for label, (score, _) in answers.items() if score is not None}
        ends = [_meant(pick(scores, key=scores.__getitem__), answers) for pick in (max, min) if len(scores) > 1]
    turned = [quoted(row["column_name"]) for row in questions if row["is_reversed"] == "true"]
    otherwise = f"; the other way round in {shortened(turned)}" if turned else ""
    return f"{scale['scale_id']}: {ends[0]} is the highest answer, {ends[1]} the lowest{otherwise}" if ends else ""


def _answers(
    scale_id: str, questions: list[Row], draft: Completed, survey: SurveyFile, codebook: Codebook
) -> dict[str, Reading]:
    """Return score and name of each valid answer; of a scale of the codebook those that the file has."""
    of_draft = [row for row, _ in draft.rows(ANSWER_ROWS) if row["scale_id"] == scale_id]
    known = [row.values for row in codebook["answers"] if row["scale_id"] == scale_id]
    columns = [column for row in questions if (column := survey.column(row["column_name"]))]
    given = {key for column in columns for key in column.filled}
    here = [row for row in known if normalise_label(row["answer_label"]) in given]
    return _by_label([*of_draft, *here]) if here or of_draft else _by_label(known)


def _by_label(rows: Iterable[Row]) -> dict[str, Reading]:
    valid = [row for row in rows if row["answer_kind"] == VALID]
    return {row["answer_label"]: (parse_number(row["answer_score"]), row["answer_name"]) for row in valid}


def _is_other(label: str, name: str) -> bool:
    return bool(name) and normalise_label(name) != normalise_label(label)


def _meant(label: str, answers: Mapping[str, Reading]) -> str:
    name = answers[label][1]
    return f"{quoted(label)} ({name})" if _is_other(label, name) else quoted(label)
