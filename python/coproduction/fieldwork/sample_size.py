"""What a panel of a size can show, and the size that an effect needs, in points and people as a council counts them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from coproduction.errors import CoproductionError
from coproduction.fieldwork.power import (
    design_effect,
    margin_of_error,
    people_needed,
    power_of_means,
    power_of_proportions,
    smallest_correlation,
    smallest_difference,
    smallest_fall,
    smallest_rise,
)

_POINTS = 100.0
# An index of 0 to 100 points cannot differ by more.
_LARGEST_DIFFERENCE = 100.0
# With fewer households or streets in an arm the tests of a clustered survey are unreliable.
FEWEST_CLUSTERS_IN_ARM = 20


@dataclass(frozen=True)
class PanelPlan:
    """What is planned. Shares are in per cent, effects and deviations in points of 0 to 100.

    ``level`` is the share of people who say yes without a nudge; ``deviation`` is the standard deviation of an index.
    One of them is None. ``cluster_size`` is the number of answers from one household or street, and ``icc`` how alike
    two of them are. Raises CoproductionError for a number that cannot be.
    """

    response_rate: float
    n_arms: int = 2
    level: float | None = 50.0
    deviation: float | None = None
    cluster_size: float = 1.0
    icc: float = 0.0
    alpha: float = 0.05
    power: float = 0.8

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        for option, value, is_good, allowed in self._limits():
            if value is not None and not is_good:
                raise CoproductionError(f"{option} is {value:g}. Allowed: {allowed}.")
        if (self.level is None) == (self.deviation is None):
            raise CoproductionError(
                "An outcome has either --level, if people say yes or no, or --sd, if it is an index. Name one of them."
            )

    def _limits(self) -> list[tuple[str, float | None, bool, str]]:
        rate, level, sd = self.response_rate, self.level, self.deviation
        return [
            ("--response-rate", rate, 1 <= rate <= 100, "per cent from 1 to 100, such as 30 for 30 per cent"),
            ("--arms", self.n_arms, 2 <= self.n_arms <= 20, "2 to 20 versions, the usual one included"),
            ("--level", level, level is None or 1 <= level <= 99, "per cent from 1 to 99, such as 40 for 40 per cent"),
            ("--sd", sd, sd is None or 1 <= sd <= 50, "points of an index of 0 to 100, from 1 to 50, such as 30"),
            ("--cluster-size", self.cluster_size, 1 <= self.cluster_size <= 1000, "answers of a household, 1 to 1000"),
            ("--icc", self.icc, 0 <= self.icc <= 1, "0 (like strangers) to 1 (all the same), such as 0.05"),
            ("--alpha", self.alpha, 0 < self.alpha <= 0.2, "more than 0 and at most 0.2, such as 0.05"),
            ("--power", self.power, 0.5 <= self.power <= 0.99, "0.5 to 0.99, such as 0.8"),
        ]  # fmt: skip

    @property
    def design(self) -> float:
        """By how much an answer is worth less than one of a person drawn alone: 1 without clusters."""
        return design_effect(self.cluster_size, self.icc)

    def answers(self, n_invited: int) -> int:
        """Return how many answers to expect."""
        return math.floor(n_invited * self.response_rate / 100.0 + 1e-9)

    def invitations(self, n_answers: float) -> int:
        """Return how many people to invite for a number of answers."""
        return math.ceil(n_answers * 100.0 / self.response_rate - 1e-9)

    def power_at(self, n_in_arm: float, effect: float, alpha: float | None = None) -> float:
        """Return the power for an effect in points, negative for a fall, with a number of answers in each arm."""
        level = self.alpha if alpha is None else alpha
        if self.level is not None:
            other = (self.level + effect) / _POINTS
            return power_of_proportions(n_in_arm / self.design, self.level / _POINTS, other, level)
        return power_of_means(n_in_arm, effect, self.deviation or 0.0, level, self.design, self.cluster_size)

    def smallest_effect(self, n_in_arm: float, alpha: float | None = None) -> float | None:
        """Return the smallest rise in points that arms of so many answers show; None if none does."""
        level = self.alpha if alpha is None else alpha
        if n_in_arm < 2:
            return None
        if self.level is not None:
            rise = smallest_rise(n_in_arm / self.design, self.level / _POINTS, level, self.power)
            return None if rise is None else rise * _POINTS
        largest, size = _LARGEST_DIFFERENCE, self.cluster_size
        return smallest_difference(n_in_arm, self.deviation or 0.0, largest, level, self.power, self.design, size)

    def smallest_drop(self, n_in_arm: float) -> float | None:
        """Return the smallest fall in points that arms of so many answers show; None if none does."""
        if self.level is None or n_in_arm < 2:
            return self.smallest_effect(n_in_arm)
        fall = smallest_fall(n_in_arm / self.design, self.level / _POINTS, self.alpha, self.power)
        return None if fall is None else fall * _POINTS

    def margin(self, n_answers: int) -> float | None:
        """Return half the width of the interval of the level of all answers, in points."""
        if n_answers < 2:
            return None
        if self.level is not None:
            return margin_of_error(n_answers / self.design, self.level / _POINTS, self.alpha) * _POINTS
        # The interval of a proportion of 50 per cent with the deviation of the index in place of its own.
        return margin_of_error(n_answers / self.design, 0.5, self.alpha) * (self.deviation or 0.0) / 0.5

    def needed_in_arm(self, effect: float) -> int | None:
        """Return the answers that each arm needs for an effect in points; None if it cannot be found.

        Raises CoproductionError for an effect that leads out of 0 to 100.
        """
        ends = (0.0, 100.0) if self.level is None else (-self.level, 100.0 - self.level)
        if self.level is None:
            effect = abs(effect)
        if effect == 0 or not ends[0] <= effect <= ends[1]:
            start = "" if self.level is None else f" from {self.level:g} per cent"
            raise CoproductionError(
                f"--effect is {effect:g}. Allowed: points{start}, other than 0, from {ends[0]:g} to {ends[1]:g}."
            )
        needed = people_needed(lambda n: self.power_at(n, effect), self.power)
        return None if needed is None else math.ceil(needed - 1e-6)


@dataclass(frozen=True)
class PlanRow:
    """What a number of invitations gives: people, and what they show in points; None where they show nothing."""

    n_invited: int
    n_answers: int
    n_in_arm: int
    smallest_effect: float | None
    margin: float | None
    smallest_correlation: float | None


def printed_points(number: float) -> str:
    """Return points with one decimal, rounded up: what is printed can be found."""
    return f"{math.ceil(number * 10 - 1e-9) / 10:.1f}"


def plan_row(plan: PanelPlan, n_invited: int) -> PlanRow:
    """Return what a number of invitations gives."""
    n_answers = plan.answers(n_invited)
    n_in_arm = n_answers // plan.n_arms
    return PlanRow(
        n_invited,
        n_answers,
        n_in_arm,
        plan.smallest_effect(n_in_arm),
        plan.margin(n_answers),
        smallest_correlation(n_answers / plan.design, plan.alpha, plan.power),
    )


def invited_around(n_invited: int) -> Sequence[int]:
    """Return panels to compare with one: half of it, itself, one and a half, two and four times."""
    return sorted({max(1, round(n_invited * times)) for times in (0.5, 1, 1.5, 2, 4)})
