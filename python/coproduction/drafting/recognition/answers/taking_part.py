"""Which answers count as taking part where they say how much of something people do."""

from __future__ import annotations

from dataclasses import replace

from coproduction.drafting.recognition.answers.answer_scales import DraftScale
from coproduction.drafting.recognition.answers.concepts import place_of
from coproduction.drafting.recognition.answers.printed_answers import VALID
from coproduction.drafting.recognition.confidence import LIKELY

OF_AMOUNTS = frozenset({"amount", "extent"})
# Some and more takes part; between two ends, more than a little.
_TAKES_PART = {"amount": 2.9, "extent": 0.55}


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
