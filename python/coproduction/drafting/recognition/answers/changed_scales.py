"""Scales that differ in some questions: turned round, counted by how much people do, or printed in other labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.recognition.answers.answer_scales import DraftAnswer, DraftScale
from coproduction.drafting.recognition.answers.concepts import place_of
from coproduction.drafting.recognition.answers.printed_answers import VALID
from coproduction.drafting.recognition.confidence import LIKELY
from coproduction.drafting.recognition.vocabulary import Vocabulary

OF_AMOUNTS = frozenset({"amount", "extent"})
# Some and more takes part; between two ends, more than a little.
_TAKES_PART = {"amount": 2.9, "extent": 0.55}


def turned(scale: DraftScale) -> DraftScale:
    """Return a new scale whose highest score is the lowest: the more there is of a bad thing, the worse it is."""
    ends = float(scale.minimum) + float(scale.maximum)
    answers = tuple(
        replace(answer, score=f"{ends - float(answer.score):g}") if answer.score else answer for answer in scale.answers
    )
    return replace(
        scale,
        scale_id=f"{scale.scale_id}_of_bad",
        answers=answers,
        confidence=min(scale.confidence, LIKELY),
        evidence=f"{scale.evidence}; more of what the question names is worse",
    )


def counted_by_amount(scale: DraftScale) -> DraftScale:
    """Return a new scale of amounts as one of an activity: some of it and more counts, and a person should look."""
    answers = tuple(
        replace(
            answer,
            is_positive="true" if place_of(answer.label, scale.concept) >= _TAKES_PART[scale.concept] else "false",
        )
        if answer.kind == VALID
        else answer
        for answer in scale.answers
    )
    evidence = f"{scale.evidence}; see which answers take part (is_positive)"
    return replace(
        scale, scale_id="new_amount_done", answers=answers, confidence=min(scale.confidence, LIKELY), evidence=evidence
    )


def relabelled(scale: DraftScale, printed: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> DraftScale:
    """Return a new scale with the labels that a file prints in place of those that a scale was read from.

    ``printed`` has the labels of the file by the normalised label of the scale; answers that it has not are left out.
    """
    known = None if scale.is_new else vocabulary.scale(scale.scale_id)
    answers = list(scale.answers)
    if known:
        answers = [
            DraftAnswer(
                row["answer_label"], row["answer_kind"], row["answer_score"], row["is_positive"], row["is_often"]
            )
            for row in known.answers.values()
        ]
    labelled = tuple(
        replace(answer, label=label, name=answer.name or answer.label)
        for answer in answers
        for label in printed.get(normalise_label(answer.label), [])
    )
    scores = [float(answer.score) for answer in labelled if answer.kind == VALID and answer.score]
    return replace(
        scale,
        scale_id=scale.scale_id if scale.is_new else f"new_{scale.concept}",
        is_new=True,
        name=scale.name or scale.concept.replace("_", " ").capitalize(),
        minimum=f"{min(scores):g}" if scores else "",
        maximum=f"{max(scores):g}" if scores else "",
        answers=labelled,
    )
