"""Drafts the codebook of a survey: what each column measures, on which scale, how surely and why."""

from __future__ import annotations

from collections.abc import Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.boxes import box_row, option_rows, share_boxes
from coproduction.drafting.context import settle
from coproduction.drafting.draft import MOST_LISTED, Draft, DraftRow, claim, left_out
from coproduction.drafting.earlier_wave import compare_with_earlier
from coproduction.drafting.opinions import opinion_row
from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.answers.answer_scales import DraftAnswer, DraftScale
from coproduction.drafting.recognition.answers.code_lists import Explained, explained, in_codes
from coproduction.drafting.recognition.answers.number_codes import numbers_of
from coproduction.drafting.recognition.answers.numbered_answers import numbered
from coproduction.drafting.recognition.answers.printed_answers import missing_kind
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY
from coproduction.drafting.recognition.constructs import guess_person
from coproduction.drafting.recognition.grids import share_answers, share_stems, share_unread
from coproduction.drafting.recognition.personal import personal_kind
from coproduction.drafting.recognition.persons import person_row
from coproduction.drafting.recognition.rows import doubts_about_rows
from coproduction.drafting.recognition.shapes import separator_of, tick_groups
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.vocabulary import KnownScale, Vocabulary
from coproduction.drafting.recognition.words import plain_text, words_of_name
from coproduction.drafting.two_languages import better, in_each_language, print_again

# A file is not divided into more parts than this.
_MOST_PARTS = 12
# So many new answers of a question are named.
_SHOWN_NEW = 4
# Names with more words are wordings.
_WORDS_OF_A_NAME = 5
# Their answers tell them from personal data, which the header alone may announce, as in "last birthday".
_TOLD_BY_ANSWERS = frozenset(
    {"age", "gender", "ethnicity", "education", "nudge", "weight", "replicate_weight", "duration"}
)


def draft_survey(survey: SurveyFile, vocabulary: Vocabulary) -> Draft:
    """Return the draft of a survey. Nothing is written."""
    share_answers(survey.columns)
    share_stems(survey.columns)
    earlier = vocabulary.next_wave_of([column.name for column in survey.columns])
    respondent = respondent_column(survey.columns)
    notes = list(survey.notes)
    readings = [] if earlier else in_each_language(survey.columns)
    if readings:
        drafts = [_all_rows(read.columns, respondent, None, vocabulary) for read in readings]
        chosen = better(drafts)
        rows = drafts[chosen]
        print_again(rows, survey.columns, readings[chosen], vocabulary)
        notes.append(f"Every question is printed in two languages: the {('first', 'second')[chosen]} was read.")
    else:
        rows = _all_rows(survey.columns, respondent, earlier, vocabulary)
    draft = Draft(survey.path, survey.tool, rows, respondent, _filters(survey.columns), notes)
    draft.notes += doubts_about_rows(survey.columns, respondent)
    settle(draft, survey, vocabulary)
    if earlier:
        compare_with_earlier(draft, earlier, vocabulary)
    return draft


def _all_rows(
    columns: Sequence[SurveyColumn], respondent: str, earlier: str | None, vocabulary: Vocabulary
) -> list[DraftRow]:
    """Return the rows of all columns, as far as each says by itself or beside the boxes of its question."""
    share_unread(columns)
    groups = list(tick_groups(columns).values())
    boxes = {box.name: group for group in groups for box in group}
    unused = vocabulary.columns_in_file(earlier) if earlier else frozenset()
    rows: list[DraftRow] = []
    for column in columns:
        if column.name == respondent:
            rows.append(left_out(column, CERTAIN, "names the respondents: respondent_column of survey.csv"))
        else:
            known = _as_in(earlier, column, vocabulary) if earlier else []
            if not known and column.name in unused:
                known = [_not_a_question(column) or left_out(column, CERTAIN, f"{earlier} does not use it")]
            rows += known or _rows_of(column, boxes, vocabulary)
    share_boxes(rows, groups)
    return rows


def respondent_column(columns: Sequence[SurveyColumn]) -> str:
    """Return the column whose cells name the respondents, '' if there is none: all different, with a name for ids."""
    for column in columns:
        name = words_of_name(column.name.split(" (")[0])
        title = words_of_name(column.wording.split(" (")[0])
        is_short = [text for text in (name, title) if len(text.split()) <= 3]
        is_named = column.kind == "id" or any(
            lexicon.ID.search(text) or lexicon.SHARED_PLACE.fullmatch(text) for text in is_short
        )
        n_filled = len(column.filled)
        if is_named and n_filled >= 0.95 * len(column.cells) and len(set(column.filled)) >= 0.98 * max(n_filled, 1):
            return column.name
    return ""


def _rows_of(column: SurveyColumn, boxes: dict[str, list[SurveyColumn]], vocabulary: Vocabulary) -> list[DraftRow]:
    """Return the rows of one column: one, or one for each option if its cells hold several answers."""
    told = None if column.name in boxes or column.separator else numbered(column)
    if told is not None:
        rows = _rows_of(told.column, boxes, vocabulary)
        if _give_codes(rows, column, told, vocabulary):
            return rows
    named = guess_person(column)
    row = person_row(column, named, vocabulary) if named in _TOLD_BY_ANSWERS and column.filled else None
    if row and row.confidence > DOUBTFUL:
        return [row]
    left = None if row else _not_a_question(column)
    if left:
        return [left]
    read = None if column.name in boxes else explained(column)
    if read is not None:
        rows = _question_rows(read.column, boxes, vocabulary)
        if _give_codes(rows, column, read, vocabulary):
            return rows
    return [row] if row else _question_rows(column, boxes, vocabulary)


def _give_codes(rows: Sequence[DraftRow], column: SurveyColumn, read: Explained, vocabulary: Vocabulary) -> bool:
    """Give rows that were read in words the labels of the file; False if one that is claimed has no scale."""
    if any(row.scale is None for row in rows if row.construct):
        return False
    for row in rows:
        row.wording = plain_text(column.wording) or row.wording
        row.answers = column.with_counts(MOST_LISTED) if row.answers else ""
        row.scale = in_codes(row.scale, read, vocabulary) if row.scale is not None else None
        if read.unsure:
            row.because(LIKELY, f"{', '.join(read.unsure)} taken as Don't know: the list of codes has none")
    return True


def _question_rows(
    column: SurveyColumn, boxes: dict[str, list[SurveyColumn]], vocabulary: Vocabulary
) -> list[DraftRow]:
    """Return the rows of a column that is a question: a box, several answers in a cell, or one answer."""
    if column.name in boxes:
        return [box_row(column, boxes[column.name], vocabulary)]
    separator = separator_of(column)
    if separator:
        return option_rows(column, separator, vocabulary)
    return [person_row(column, guess_person(column), vocabulary) or opinion_row(column, vocabulary)]


def _not_a_question(column: SurveyColumn) -> DraftRow | None:
    """Return a row that leaves out a column without answers, a record of the tool or personal data; else None."""
    if not column.filled:
        return left_out(column, CERTAIN, "no respondent has an answer")
    if column.kind == "tool":
        return left_out(column, CERTAIN, "a record of the survey tool")
    personal = personal_kind(column)
    if personal:
        return left_out(column, CERTAIN, f"looks like personal data: {personal}")
    name = words_of_name(column.name)
    is_record = lexicon.TOOL.search(name) and len(name.split()) <= _WORDS_OF_A_NAME and "?" not in column.wording
    if is_record and not guess_person(column) and not column.answers:
        return left_out(column, CERTAIN, "a record of the survey tool or of the fieldwork")
    if lexicon.ID.search(name) and len(name.split()) <= 2 and len(set(column.filled)) > 0.9 * len(column.filled):
        return left_out(column, CERTAIN, "every respondent has another value: an id")
    return None


def _as_in(export_id: str, column: SurveyColumn, vocabulary: Vocabulary) -> list[DraftRow]:
    """Return the rows that an earlier wave has for a column, if its answers are still those of the scale."""
    rows = []
    for question in vocabulary.questions:
        if question["export_id"] != export_id or question["source_column"] != column.name:
            continue
        scale = vocabulary.scale(question["scale_id"])
        row = claim(column, question["construct_id"])
        row.theme, row.topic = question["theme_id"], question["topic_id"]
        row.is_reversed, row.is_primary = question.is_true("is_reversed"), question.is_true("is_primary", blank=True)
        row.wording = question["question_text"] or row.wording
        row.asked_when_column, row.asked_when_answers = question["asked_when_column"], question["asked_when_answers"]
        row.option, row.separator = question["option"], question["separator"]
        row.number_format = question["number_format"]
        new = _unlisted(column, scale) if scale is not None and not question["option"] else []
        if new:
            told = ", ".join(new[:_SHOWN_NEW]) + (" and more" if len(new) > _SHOWN_NEW else "")
            row.because(
                DOUBTFUL,
                f"{export_id} had no answer {told}: say in answers.csv what it means on {question['scale_id']}",
            )
        # Where a wave has a new code, it most often says that there is no answer.
        more = tuple(DraftAnswer(label, missing_kind(label) or "dont_know") for label in new)
        row.scale = DraftScale(question["scale_id"], "known", CERTAIN, "", answers=more, is_new=False)
        rows.append(row.because(CERTAIN, f"as in {export_id}" + (", with the same answers" if not new else "")))
    return rows


def _unlisted(column: SurveyColumn, scale: KnownScale) -> list[str]:
    if scale.kind in ("integer", "decimal"):
        return (
            []
            if numbers_of(column)
            else [label for label in column.counts if normalise_label(label) not in scale.answers]
        )
    return [label for label in column.counts if normalise_label(label) not in scale.answers]


def _filters(columns: Sequence[SurveyColumn]) -> list[tuple[str, str]]:
    """Return the columns that may divide the file: waves, and interviews that are not finished."""
    found = []
    for column in columns:
        name = words_of_name(column.name)
        is_one = lexicon.WAVE.search(name) or lexicon.STATUS.search(name)
        if is_one and len(name.split()) <= 3 and 2 <= len(column.counts) <= _MOST_PARTS:
            found.append((column.name, column.with_counts(MOST_LISTED)))
    return found
