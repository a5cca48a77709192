"""Drafts the codebook of a survey: what each column measures, on which scale, how surely and why."""

from __future__ import annotations

from collections.abc import Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.tables import CodebookRow
from coproduction.drafting.context import settle
from coproduction.drafting.draft import Draft, DraftRow
from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.answer_scales import (
    COUNTED,
    DraftAnswer,
    DraftScale,
    odd_answers,
    turned,
    words_scale,
)
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY
from coproduction.drafting.recognition.constructs import (
    Guess,
    asks_of_bad,
    guess_by_answers,
    guess_construct,
    guess_person,
    guess_theme,
    has_hopeful_words,
    is_strong,
    is_turned_round,
    text_of,
)
from coproduction.drafting.recognition.grids import share_answers
from coproduction.drafting.recognition.meanings import missing_kind
from coproduction.drafting.recognition.number_codes import coded_scale, is_codes, number_format_of, numbers_of
from coproduction.drafting.recognition.off_topic import WHATEVER_THE_THEME, asked_instead
from coproduction.drafting.recognition.personal import personal_kind
from coproduction.drafting.recognition.persons import person_row
from coproduction.drafting.recognition.rows import doubts_about_rows
from coproduction.drafting.recognition.shapes import is_none_of_these, parts_of, separator_of, tick_groups, tick_value
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.vocabulary import KnownScale, Vocabulary
from coproduction.drafting.recognition.words import plain_text, words_of_name

# More different answers than this are no printed list.
_MOST_ANSWERS = 40
# A file is not divided into more parts than this.
_MOST_PARTS = 12
# Names with more words are wordings.
_WORDS_OF_A_NAME = 5
# Their answers tell them from personal data, which the header alone may announce, as in "last birthday".
_TOLD_BY_ANSWERS = frozenset(
    {"age", "gender", "ethnicity", "education", "nudge", "weight", "replicate_weight", "duration"}
)
# Answers that say how much there is of something, good or bad.
_OF_BAD_THINGS = frozenset({"amount", "extent", "level", "likelihood"})
_AGREED = frozenset({"agreement", "support"})


def draft_survey(survey: SurveyFile, vocabulary: Vocabulary) -> Draft:
    """Return the draft of a survey. Nothing is written."""
    share_answers(survey.columns)
    earlier = vocabulary.next_wave_of([column.name for column in survey.columns])
    boxes = {box.name: group for group in tick_groups(survey.columns).values() for box in group}
    respondent = respondent_column(survey.columns)
    unused = vocabulary.columns_in_file(earlier) if earlier else frozenset()
    rows: list[DraftRow] = []
    for column in survey.columns:
        if column.name == respondent:
            rows.append(_left_out(column, CERTAIN, "names the respondents: respondent_column of survey.csv"))
        else:
            known = _as_in(earlier, column, vocabulary) if earlier else []
            if not known and column.name in unused:
                known = [_not_a_question(column) or _left_out(column, CERTAIN, f"{earlier} does not use it")]
            rows += known or _rows_of(column, boxes, vocabulary)
    draft = Draft(survey.path, survey.tool, rows, respondent, _filters(survey.columns), list(survey.notes))
    draft.notes += doubts_about_rows(survey.columns, respondent)
    if earlier:
        draft.notes.append(f"The columns are those of {earlier}: this may be its next wave.")
    settle(draft, survey, vocabulary)
    return draft


def respondent_column(columns: Sequence[SurveyColumn]) -> str:
    """Return the column whose cells name the respondents, '' if there is none: all different, with a name for ids."""
    for column in columns:
        name = words_of_name(column.name)
        title = words_of_name(column.wording)
        is_short = [text for text in (name, title) if len(text.split()) <= 3]
        is_named = column.kind == "id" or any(lexicon.ID.search(text) for text in is_short)
        n_filled = len(column.filled)
        if is_named and n_filled >= 0.95 * len(column.cells) and len(set(column.filled)) >= 0.98 * max(n_filled, 1):
            return column.name
    return ""


def _rows_of(column: SurveyColumn, boxes: dict[str, list[SurveyColumn]], vocabulary: Vocabulary) -> list[DraftRow]:
    """Return the rows of one column: one, or one for each option if its cells hold several answers."""
    named = guess_person(column)
    row = person_row(column, named, vocabulary) if named in _TOLD_BY_ANSWERS and column.filled else None
    if row:
        return [row]
    left = _not_a_question(column)
    if left:
        return [left]
    if column.name in boxes:
        return [_box_row(column, boxes[column.name], vocabulary)]
    separator = separator_of(column)
    if separator:
        return _option_rows(column, separator, vocabulary)
    return [person_row(column, named, vocabulary) or _opinion_row(column, vocabulary)]


def _not_a_question(column: SurveyColumn) -> DraftRow | None:
    """Return a row that leaves out a column without answers, a record of the tool or personal data; else None."""
    if not column.filled:
        return _left_out(column, CERTAIN, "no respondent has an answer")
    if column.kind == "tool":
        return _left_out(column, CERTAIN, "a record of the survey tool")
    personal = personal_kind(column)
    if personal:
        return _left_out(column, CERTAIN, f"looks like personal data: {personal}")
    name = words_of_name(column.name)
    is_record = lexicon.TOOL.search(name) and len(name.split()) <= _WORDS_OF_A_NAME and "?" not in column.wording
    if is_record and not guess_person(column) and not column.answers:
        return _left_out(column, CERTAIN, "a record of the survey tool or of the fieldwork")
    if lexicon.ID.search(name) and len(name.split()) <= 2 and len(set(column.filled)) > 0.9 * len(column.filled):
        return _left_out(column, CERTAIN, "every respondent has another value: an id")
    return None


def _opinion_row(column: SurveyColumn, vocabulary: Vocabulary) -> DraftRow:
    """Return the row of a question about a theme, or one that leaves the column out."""
    numbers = numbers_of(column)
    scale = None if numbers else words_scale(column, vocabulary)
    concept = "codes" if numbers and is_codes(numbers) else scale.concept if scale else ""
    if not concept:
        return _no_scale(column)
    guess = guess_construct(column, concept, vocabulary)
    if numbers:
        scale = coded_scale(column, numbers, guess.found, vocabulary)
        if scale.has_ends:
            concept = scale.concept
            guess = guess_construct(column, concept, vocabulary)
    if not guess.found and concept == "frequency":
        guess = Guess("individual_activity", DOUBTFUL, "asks how often, and does not say of what", guess.like)
    theme = guess_theme(column, guess.like, vocabulary)
    if not guess.found and theme.found:
        guess = guess_by_answers(column, concept)
    if scale is not None and scale.is_new and guess.found == "conditions" and concept in _OF_BAD_THINGS and asks_of_bad(column):
        scale = turned(scale)
    instead = asked_instead(text_of(column), concept in COUNTED)
    is_about_theme = instead not in WHATEVER_THE_THEME and (is_strong(theme) or (theme.found and concept in COUNTED))
    if instead and guess.like is None and not is_about_theme:
        return _left_out(column, LIKELY, f"asks about {instead}, which no construct of the codebook measures")
    if not guess.found or scale is None:
        sure = LIKELY if column.wording or concept == "codes" else DOUBTFUL
        return _left_out(column, sure, f"no construct of the codebook fits a question about {concept}")
    row = _claim(column, guess.found).because(guess.confidence, guess.evidence)
    row.theme, row.topic = theme.found, "all" if theme.found else ""
    row.scale = scale
    row.because(
        theme.confidence if theme.found else DOUBTFUL, theme.evidence or "no theme of the codebook in its words"
    )
    row.because(scale.confidence, scale.evidence)
    row.number_format = number_format_of(column) if numbers else ""
    if instead and guess.like is None:
        row.because(LIKELY, f"it may ask about {instead} instead")
    _find_direction(row, column, concept, guess.like)
    _refuse_uncounted(row, concept)
    return row


def _find_direction(row: DraftRow, column: SurveyColumn, concept: str, like: CodebookRow | None) -> None:
    """Turn a question round whose agreement means less; nothing is certain where only words were seen."""
    words = (
        is_turned_round(column) if concept in _AGREED | {"extent"} and row.construct not in COUNTED_CONSTRUCTS else ""
    )
    if like is not None and like["construct_id"] == row.construct and concept in _AGREED:
        row.is_reversed = like.is_true("is_reversed")
        if bool(words) != row.is_reversed:
            row.because(DOUBTFUL, "see whether agreeing means more or less")
    elif words:
        row.is_reversed = True
        row.because(LIKELY, f'agreeing means less: "{words}"')
    elif concept in _AGREED and not has_hopeful_words(column):
        row.because(LIKELY, "a statement to agree with: see whether agreeing means more or less")


COUNTED_CONSTRUCTS = frozenset(
    {"individual_activity", "group_participation", "time_willing", "time_current", "time_extra"}
)


def _refuse_uncounted(row: DraftRow, concept: str) -> None:
    """Doubt an outcome on a scale on which nobody counts as taking part."""
    if row.construct in COUNTED_CONSTRUCTS and concept not in COUNTED:
        row.because(
            DOUBTFUL, f"its answers are about {concept}: say in answers.csv which of them take part (is_positive)"
        )


def _box_row(column: SurveyColumn, group: Sequence[SurveyColumn], vocabulary: Vocabulary) -> DraftRow:
    """Return the row of one tick box."""
    box = column.box or next(iter(column.counts))
    if is_none_of_these(box) or is_none_of_these(column.wording.split(" - ")[-1]):
        return _left_out(column, CERTAIN, "the box for none of the others")
    guess = guess_construct(column, "tick", vocabulary)
    if not guess.found:
        return _left_out(column, LIKELY, f"a tick box, one of {len(group)}; no construct of the codebook fits")
    theme = guess_theme(column, guess.like, vocabulary)
    row = _claim(column, guess.found)
    row.theme, row.topic = theme.found, "all" if theme.found else ""
    row.scale = _tick_scale(group, vocabulary)
    row.because(guess.confidence, guess.evidence).because(row.scale.confidence, row.scale.evidence)
    row.because(
        theme.confidence if theme.found else DOUBTFUL, theme.evidence or "no theme of the codebook in its words"
    )
    if row.construct not in COUNTED_CONSTRUCTS:
        row.because(DOUBTFUL, "a tick box measures what people do, not what they think")
    return row


def _tick_scale(group: Sequence[SurveyColumn], vocabulary: Vocabulary) -> DraftScale:
    """Return the codebook's scale of tick boxes, or a new one where a ticked box holds its own text."""
    values = list(dict.fromkeys(tick_value(box) or "" for box in group))
    listed = {
        normalise_label(row["answer_label"]) for row in vocabulary.codebook["answers"] if row["scale_id"] == "tick_box"
    }
    evidence = f"{len(group)} tick boxes of one question; a blank cell is not ticked"
    if set(values) <= listed | {"1.0"}:
        return DraftScale("tick_box", "tick", CERTAIN, evidence, is_new=False)
    printed = {normalise_label(label): label for box in group for label in box.counts}
    answers = [DraftAnswer(printed[value], "valid", "1", "true", "", "Ticked") for value in values]
    answers.append(DraftAnswer("", "valid", "0", "false", "", "Not ticked"))
    return DraftScale("new_tick_box", "tick", CERTAIN, evidence, "Tick boxes", "ordinal", "0", "1", tuple(answers))


def _option_rows(column: SurveyColumn, separator: str, vocabulary: Vocabulary) -> list[DraftRow]:
    """Return a row for each answer that cells with several answers hold, or one row that leaves the column out."""
    parts = parts_of((cell for cell in column.cells if cell.strip()), separator)
    options = [part for part, n_times in parts.items() if n_times > 1]
    rows = []
    for option in options:
        asked = SurveyColumn(column.name, column.cells, column.wording or column.name, box=option)
        is_none = is_none_of_these(option)
        guess = guess_construct(asked, "tick", vocabulary)
        theme = guess_theme(asked, guess.like, vocabulary)
        row = DraftRow(
            column.name, guess.found, theme.found, "all" if theme.found else "", option=option, separator=separator
        )
        row.wording, row.answers = (
            f"{plain_text(column.wording or column.name)} - {option}",
            f"{option} ({parts[option]})",
        )
        scale_id = "none_of_these" if is_none else "tick_box"
        row.scale = DraftScale(scale_id, "tick", CERTAIN, "", is_new=False)
        several = f'several answers in a cell, with "{separator}" between them'
        row.because(LIKELY if separator == "," else CERTAIN, several).because(guess.confidence, guess.evidence)
        row.because(theme.confidence if theme.found else DOUBTFUL, theme.evidence or "no theme in its words")
        rows.append(row)
    claimed = [row for row in rows if row.construct in COUNTED_CONSTRUCTS]
    if len(claimed) < 0.5 * len(rows):
        return [
            _left_out(column, LIKELY, f'several answers in a cell, with "{separator}" between them; no construct fits')
        ]
    _share_construct(rows, claimed)
    return rows


def _share_construct(rows: list[DraftRow], claimed: list[DraftRow]) -> None:
    """Give the options of one question the construct that most of them have."""
    found = [row.construct for row in claimed]
    common = max(set(found), key=found.count)
    for row in rows:
        is_none = row.scale is not None and row.scale.scale_id == "none_of_these"
        if row.construct != common:
            row.construct = common
            row.reasons = [reason for reason in row.reasons if reason[0] != DOUBTFUL] if is_none else row.reasons
            row.because(LIKELY, "measures what the other options of the question measure")


def _as_in(export_id: str, column: SurveyColumn, vocabulary: Vocabulary) -> list[DraftRow]:
    """Return the rows that an earlier wave has for a column, if its answers are still those of the scale."""
    rows = []
    for question in vocabulary.questions:
        if question["export_id"] != export_id or question["source_column"] != column.name:
            continue
        scale = vocabulary.scale(question["scale_id"])
        row = _claim(column, question["construct_id"])
        row.theme, row.topic = question["theme_id"], question["topic_id"]
        row.is_reversed, row.is_primary = question.is_true("is_reversed"), question.is_true("is_primary", blank=True)
        row.wording = question["question_text"] or row.wording
        row.asked_when_column, row.asked_when_answers = question["asked_when_column"], question["asked_when_answers"]
        row.option, row.separator = question["option"], question["separator"]
        row.number_format = question["number_format"]
        new = _unlisted(column, scale) if scale is not None and not question["option"] else []
        if new:
            row.because(
                DOUBTFUL, f"{', '.join(new[:4])}: new, say in answers.csv what it means on {question['scale_id']}"
            )
        # Where a wave has a new code, it most often says that there is no answer.
        more = tuple(DraftAnswer(label, missing_kind(label) or "dont_know") for label in new)
        row.scale = DraftScale(question["scale_id"], "known", CERTAIN, "", answers=more, is_new=False)
        rows.append(row.because(CERTAIN, f"as in {export_id}, with the same answers"))
    return rows


def _unlisted(column: SurveyColumn, scale: KnownScale) -> list[str]:
    if scale.kind in ("integer", "decimal"):
        return (
            []
            if numbers_of(column)
            else [label for label in column.counts if normalise_label(label) not in scale.answers]
        )
    return [label for label in column.counts if normalise_label(label) not in scale.answers]


def _claim(column: SurveyColumn, construct: str) -> DraftRow:
    wording = plain_text(column.wording) or (column.name if "?" in column.name or " " in column.name else "")
    return DraftRow(column.name, construct, wording=wording, answers=column.with_counts(_MOST_ANSWERS))


def _no_scale(column: SurveyColumn) -> DraftRow:
    n_answers = len(column.counts)
    if n_answers > _MOST_ANSWERS:
        return _left_out(
            column, CERTAIN if not numbers_of(column) else LIKELY, f"{n_answers} different answers, no list"
        )
    odd, concept = odd_answers(column)
    if odd:
        listed = ", ".join(f'"{label}"' for label in odd)
        return _left_out(
            column, DOUBTFUL, f"its answers are about {concept}, but not {listed}: correct the cells and draft again"
        )
    return _left_out(column, LIKELY, "its answers have no order that is known, and no construct of the codebook fits")


def _left_out(column: SurveyColumn, confidence: object, reason: str) -> DraftRow:
    row = _claim(column, "")
    if "personal" in reason or "names the respondents" in reason or "an id" in reason:
        row.answers = ""
    return row.because(confidence, f"left out: {reason}")  # type: ignore[arg-type]


def _filters(columns: Sequence[SurveyColumn]) -> list[tuple[str, str]]:
    """Return the columns that may divide the file: waves, and interviews that are not finished."""
    found = []
    for column in columns:
        name = words_of_name(column.name)
        is_one = lexicon.WAVE.search(name) or lexicon.STATUS.search(name)
        if is_one and len(name.split()) <= 3 and 2 <= len(column.counts) <= _MOST_PARTS:
            found.append((column.name, column.with_counts(_MOST_ANSWERS)))
    return found
