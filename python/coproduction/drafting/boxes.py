"""Rows of tick boxes, and of cells that hold several answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.draft import DraftRow, claim, left_out
from coproduction.drafting.opinions import COUNTED_CONSTRUCTS
from coproduction.drafting.recognition import lexicon
from coproduction.drafting.recognition.answers.answer_scales import DraftAnswer, DraftScale
from coproduction.drafting.recognition.certainty import doubt_construct
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY
from coproduction.drafting.recognition.constructs import (
    Guess,
    guess_by_answers,
    guess_construct,
    guess_theme,
    is_strong,
    words_asked,
)
from coproduction.drafting.recognition.shapes import is_none_of_these, parts_of, tick_value
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.drafting.recognition.wording.off_topic import WHATEVER_THE_THEME, asked_instead
from coproduction.drafting.recognition.words import plain_text, words_of

_ALONE_OR_TOGETHER = frozenset({"individual_activity", "group_participation"})


def box_row(column: SurveyColumn, group: Sequence[SurveyColumn], vocabulary: Vocabulary) -> DraftRow:
    """Return the row of one tick box."""
    box = column.box or next(iter(column.counts))
    if is_none_of_these(box) or is_none_of_these(column.wording.split(" - ")[-1]):
        return left_out(column, CERTAIN, "the box for none of the others")
    guess = guess_construct(column, "tick", vocabulary)
    theme = guess_theme(column, guess.like, vocabulary)
    if guess.found in _ALONE_OR_TOGETHER and said_by_box(box):
        guess = replace(guess, found=said_by_box(box))
    if not guess.found and is_strong(theme) and lexicon.DONE.search(words_asked(column)):
        guess = guess_by_answers(column, "tick")
    instead = asked_instead(words_asked(column), is_activity=True)
    if instead and guess.like is None and (instead in WHATEVER_THE_THEME or not is_strong(theme)):
        return left_out(column, LIKELY, f"asks about {instead}, which no construct of the codebook measures")
    if not guess.found:
        return left_out(column, LIKELY, f"a tick box, one of {len(group)}; no construct of the codebook fits")
    row = claim(column, guess.found)
    row.theme, row.topic = theme.found, "all" if theme.found else ""
    row.scale = _tick_scale(group, vocabulary)
    row.because(guess.confidence, guess.evidence).because(row.scale.confidence, row.scale.evidence)
    row.because(
        theme.confidence if theme.found else DOUBTFUL, theme.evidence or "no theme of the codebook in its words"
    )
    _doubt(row, column, theme)
    if row.construct not in COUNTED_CONSTRUCTS:
        row.because(DOUBTFUL, "a tick box measures what people do, not what they think")
    return row


def _doubt(row: DraftRow, column: SurveyColumn, theme: Guess) -> None:
    """Say what speaks against the construct of a box."""
    doubt = doubt_construct(column, row.construct, theme)
    if doubt:
        row.because(LIKELY, doubt)


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


def option_rows(column: SurveyColumn, separator: str, vocabulary: Vocabulary) -> list[DraftRow]:
    """Return a row for each answer that cells with several answers hold, or one row that leaves the column out."""
    parts = parts_of((cell for cell in column.cells if cell.strip()), separator)
    options = [part for part, n_times in parts.items() if n_times > 1]
    question = SurveyColumn(column.name, [], column.wording or column.name)
    of_question = guess_theme(question, None, vocabulary)
    instead = asked_instead(words_asked(question), is_activity=True)
    if instead and not is_strong(of_question):
        return [left_out(column, LIKELY, f"asks about {instead}, which no construct of the codebook measures")]
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
        _doubt(row, asked, theme)
        rows.append(row)
    claimed = [row for row in rows if row.construct in COUNTED_CONSTRUCTS]
    if len(claimed) < 0.5 * len(rows):
        return [
            left_out(column, LIKELY, f'several answers in a cell, with "{separator}" between them; no construct fits')
        ]
    _share_construct(rows, claimed)
    _share_theme(rows, of_question)
    return rows


def _share_theme(rows: Sequence[DraftRow], of_question: Guess) -> None:
    """Give options of several themes the one that their question names, or else the one that most of them have."""
    found = [row.theme for row in rows if row.theme]
    if len(set(found)) < 2:
        return
    theme = of_question.found or max(dict.fromkeys(found), key=found.count)
    for row in rows:
        if row.theme != theme:
            row.theme, row.topic = theme, "all"
            row.reasons = [reason for reason in row.reasons if "about " not in reason[1] and "theme" not in reason[1]]
            row.because(LIKELY, "the theme of its question or of most of its options")


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


def said_by_box(box: str) -> str:
    """Return whether a box says that people do a thing alone or with others, as its construct; '' for neither."""
    words = words_of(box)
    if lexicon.BY_ONESELF.search(words):
        return "individual_activity"
    return "group_participation" if lexicon.WITH_OTHERS.search(words) else ""


def share_boxes(rows: Sequence[DraftRow], groups: Sequence[Sequence[SurveyColumn]]) -> None:
    """Give the boxes of one question the construct that most of them have: they are ways of doing the same."""
    for group in groups:
        names = {box.name for box in group}
        own = {box.name for box in group if said_by_box(box.box)}
        claimed = [row for row in rows if row.column in names - own and row.construct in COUNTED_CONSTRUCTS]
        if claimed:
            _share_construct(claimed, claimed)
