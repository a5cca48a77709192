"""Plans that differ in one thing from a plan: its response, arms, outcome or households."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from coproduction.fieldwork.sample_size import PanelPlan

_OTHER_RESPONSE = 10.0
_ARMS = (2, 3, 4)
_LEVELS = (10.0, 25.0, 50.0, 75.0)
_DEVIATIONS = (20.0, 25.0, 30.0)
# Two of each household who are rather alike, twenty of each street who are a little alike.
_HOUSEHOLDS = {(2.0, 0.2): "household", (20.0, 0.05): "street"}


def alternatives(plan: PanelPlan) -> Iterator[tuple[str, PanelPlan]]:
    """Yield the plan itself, then plans that differ from it in one thing, each with its words."""
    yield "As planned", plan
    for rate in (plan.response_rate - _OTHER_RESPONSE, plan.response_rate + _OTHER_RESPONSE):
        if 1 <= rate <= 100:
            yield f"If {rate:g} of 100 answer", replace(plan, response_rate=rate)
    for n_arms in _ARMS:
        if n_arms != plan.n_arms:
            yield f"With {n_arms} versions of the questionnaire", replace(plan, n_arms=n_arms)
    if plan.level is not None:
        for level in _LEVELS:
            if level != plan.level:
                yield f"If {level:g} of 100 say yes without a nudge", replace(plan, level=level)
    else:
        for deviation in _DEVIATIONS:
            if deviation != plan.deviation:
                yield f"If the standard deviation is {deviation:g} points", replace(plan, deviation=deviation)
    if plan.cluster_size > 1:
        yield "If nobody shares a household or a street", replace(plan, cluster_size=1.0, icc=0.0)
        return
    for (size, icc), name in _HOUSEHOLDS.items():
        yield (
            f"With {size:g} answers from each {name}, alike with {icc:g}",
            replace(plan, cluster_size=size, icc=icc),
        )


def power_curve(plan: PanelPlan, n_in_arm: int, largest: float, n_points: int = 40) -> list[tuple[float, float]]:
    """Return how often of 100 surveys an effect is found, for effects from 0 to ``largest`` points."""
    effects = [largest * place / n_points for place in range(n_points + 1)]
    return [(effect, 100.0 * (plan.power_at(n_in_arm, effect) if effect else plan.alpha / 2)) for effect in effects]
