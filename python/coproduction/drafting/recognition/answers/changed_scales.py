"""Scales that mean something else in some questions: turned round, or counted by how much people do."""

from __future__ import annotations

from dataclasses import replace

from coproduction.drafting.recognition.answers.answer_scales import DraftScale
from coproduction.drafting.recognition.answers.concepts import place_of
from coproduction.drafting.recognition.answers.printed_answers import VALID
from coproduction.drafting.recognition.confidence import LIKELY

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
