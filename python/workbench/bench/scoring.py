"""Compares a draft with what a careful person would have written, and prints the table of the bench."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.drafting.draft import Draft, DraftRow
from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.readers.opening import read_survey
from coproduction.drafting.recognition.answers.answer_scales import scores_of
from coproduction.drafting.recognition.confidence import CERTAIN
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.exports.project_files import read_codebook
from workbench.bench.layouts import write_layout
from workbench.bench.questionnaire import Question, invent_answers, read_questionnaire

_SEED = 20
# What can be wrong with a column that matters; a column may have several of these faults.
LEFT_OUT, CONSTRUCT, THEME, SCALE, DIRECTION = KINDS_OF_FAULTS = (
    "left out",
    "construct",
    "theme",
    "scale",
    "direction",
)
# A kind, and what is wrong in words.
Fault = tuple[str, str]


@dataclass
class Score:
    """How a draft did on one questionnaire, in columns that a careful person claims, and what was wrong in words."""

    name: str
    n_matter: int = 0
    n_right: int = 0
    n_right_certain: int = 0
    n_wrong_certain: int = 0
    n_extra: int = 0
    n_topic_wrong: int = 0
    n_with: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def score_questionnaire(path: Path, vocabulary: Vocabulary, is_unseen: bool = False) -> Score:
    """Draft a questionnaire of the bench in the layout of its tool, which the file's name begins with, and score it.

    With ``is_unseen`` the example wordings that are like one of its own are forgotten first.
    """
    questions = read_questionnaire(path)
    if is_unseen:
        own = [text for question in questions for text in (question.full_wording, question.item) if text]
        vocabulary = Vocabulary(vocabulary.codebook, unseen=own)
    with tempfile.TemporaryDirectory() as folder:
        files = write_layout(path.stem.split("_")[0], Path(folder), questions, invent_answers(questions, _SEED))
        survey = read_survey(files)
    draft = draft_survey(survey, vocabulary)
    columns = [column.name for column in survey.columns]
    score, place = Score(path.stem), 0
    for question in questions:
        is_spread = question.shape == "multi" and not _is_one_column(path)
        n_columns = len(question.answers) if is_spread else 1
        rows = [row for row in draft.rows if row.column in columns[place : place + n_columns]]
        place += n_columns
        _judge(score, question, rows, draft, vocabulary)
    return score


def _is_one_column(path: Path) -> bool:
    return path.stem.split("_")[0] in ("plain", "forms", "microsoft")


def _judge(score: Score, question: Question, rows: Sequence[DraftRow], draft: Draft, vocabulary: Vocabulary) -> None:
    claimed = [row for row in rows if row.construct]
    if question.shape.startswith("id"):
        score.faults += (
            [] if draft.respondent_column in [row.column for row in rows] else [f"{question.name}: not the id"]
        )
        return
    if not question.construct:
        for row in claimed:
            score.n_extra += 1
            score.n_wrong_certain += row.confidence == CERTAIN
            score.faults.append(f"{question.name}: claimed as {row.construct} ({row.confidence.word})")
        return
    score.n_matter += 1
    faults = [fault for row in claimed for fault in _faults(question, row, vocabulary)]
    if not claimed:
        faults = [(LEFT_OUT, "left out")]
    if faults:
        is_certain = any(row.confidence == CERTAIN for row in claimed)
        score.n_wrong_certain += is_certain
        score.n_with.update({kind for kind, _ in faults})
        told = "; ".join(dict.fromkeys(text for _, text in faults))
        score.faults.append(f"{question.name}: {told}{' (certain!)' if is_certain else ''}")
        return
    score.n_right += 1
    score.n_right_certain += all(row.confidence == CERTAIN for row in claimed)
    score.n_topic_wrong += any(row.topic != question.topic for row in claimed)


def _faults(question: Question, row: DraftRow, vocabulary: Vocabulary) -> list[Fault]:
    """Return what is wrong with a claimed row: construct, theme, direction, or the scale."""
    faults: list[Fault] = []
    if row.construct != question.construct:
        faults.append((CONSTRUCT, f"construct {row.construct}"))
    if row.theme != question.theme:
        faults.append((THEME, f"theme {row.theme or 'none'}"))
    if question.truth and question.truth[0] not in ("number", "tick", "any"):
        faults += _scale_faults(question, row, vocabulary)
    elif row.is_reversed != question.is_reversed:
        faults.append((DIRECTION, "direction"))
    if question.truth == ("number",) and (row.scale is None or row.scale.concept != "number"):
        faults.append((SCALE, "no number"))
    return faults


def _scale_faults(question: Question, row: DraftRow, vocabulary: Vocabulary) -> list[Fault]:
    """Return what is wrong with the scale, or with the direction.

    A scale that is turned round and a question that is not reversed say the same as the scale in the order of the
    answers and a reversed question, so the order of the answers is judged together with the direction.
    """
    if row.scale is None:
        return [(SCALE, "no scale")]
    drafted = scores_of(row.scale, vocabulary)
    positive = _positive(row, vocabulary)
    pairs, faults = [], []
    for answer, truth in zip(question.answers, question.truth, strict=True):
        label = normalise_label(answer)
        kind, score = drafted.get(label, ("absent", ""))
        if truth[:1].isalpha():
            faults += [] if kind in (truth, "absent") else [f"{answer} is {kind}"]
        elif kind != "valid":
            faults += [] if kind == "absent" else [f"{answer} is {kind}"]
        elif truth != "-":
            pairs.append((float(truth.rstrip("+")), parse_number(score), answer))
            if row.construct in _COUNTED and (label in positive) != truth.endswith("+"):
                faults.append(f"{answer} {'counts' if label in positive else 'does not count'}")
    found: list[Fault] = [(SCALE, fault) for fault in faults]
    if any(score is None for _, score, _ in pairs):
        return [*found, (SCALE, "scores")]
    wanted = [(-truth if question.is_reversed else truth) for truth, _, _ in pairs]
    given = [(-(score or 0.0) if row.is_reversed else (score or 0.0)) for _, score, _ in pairs]
    if _same_order(list(zip(wanted, given, strict=True))):
        return found
    is_opposite = _same_order([(first, -second) for first, second in zip(wanted, given, strict=True)])
    return [*found, (DIRECTION, "direction") if is_opposite else (SCALE, "scores")]


_COUNTED = ("individual_activity", "group_participation", "time_willing", "time_current", "time_extra")


def _positive(row: DraftRow, vocabulary: Vocabulary) -> set[str]:
    scale = row.scale
    if scale is None:
        return set()
    known = None if scale.is_new else vocabulary.scale(scale.scale_id)
    if known:
        return {label for label, answer in known.answers.items() if answer.is_true("is_positive")}
    return {normalise_label(answer.label) for answer in scale.answers if answer.is_positive == "true"}


def _same_order(pairs: Sequence[tuple[float, float]]) -> bool:
    """Return whether both scores order the answers alike, ties included."""
    return all(
        (first[0] < second[0]) == (first[1] < second[1]) and (first[0] == second[0]) == (first[1] == second[1])
        for first in pairs
        for second in pairs
    )


def table(scores: Sequence[Score]) -> str:
    """Return the table of the bench as text."""
    lines = [
        f"{'Questionnaire':<28}{'columns that matter':>20}{'right':>8}{'of them certain':>17}"
        f"{'wrong and certain':>19}{'too many':>10}"
    ]
    total = Score("all")
    for score in [*scores, total]:
        if score is not total:
            for name in ("n_matter", "n_right", "n_right_certain", "n_wrong_certain", "n_extra"):
                setattr(total, name, getattr(total, name) + getattr(score, name))
        right = f"{100 * score.n_right / max(score.n_matter, 1):.0f} %"
        certain = f"{100 * score.n_right_certain / max(score.n_right, 1):.0f} %"
        lines.append(
            f"{score.name:<28}{score.n_matter:>20}{right:>8}{certain:>17}{score.n_wrong_certain:>19}{score.n_extra:>10}"
        )
    return "\n".join(lines)


def kinds_of_faults(scores: Sequence[Score]) -> str:
    """Return in how many columns each kind of fault occurs, as a sentence."""
    n_with = sum((score.n_with for score in scores), Counter[str]())
    return (
        "Wrong in: " + ", ".join(f"{kind} {n_with[kind]}" for kind in KINDS_OF_FAULTS) + " (a column may count twice)."
    )


def main(folder: Path, names: Sequence[str]) -> None:
    """Score the questionnaires of a folder, or those named, and print the table and the faults."""
    codebook, _ = read_codebook(Path())
    vocabulary = Vocabulary(codebook)
    paths = [path for path in sorted(folder.glob("*.csv")) if not names or path.stem in names]
    scores = [score_questionnaire(path, vocabulary) for path in paths]
    unseen = [score_questionnaire(path, vocabulary, is_unseen=True) for path in paths]
    for score in scores:
        for fault in score.faults:
            print(f"{score.name}: {fault}")
    print(table(scores))
    print(kinds_of_faults(scores))
    print("\nEach questionnaire unseen, without the example wordings that are like its own:")
    print(table(unseen).splitlines()[-1])
    print(kinds_of_faults(unseen))
