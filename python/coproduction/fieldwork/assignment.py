"""Assigns the people of a panel to the arms of an experiment: at random, balanced in blocks, and the same every time.

A block is the people, or the households, that are alike in every trait. In each block every arm is dealt equally often
(permuted blocks; Rosenberger and Lachin, Randomization in Clinical Trials, 2016, 3.6). What is left over in a block
gets different arms: those that so far have the fewest people with the same traits (minimisation; Pocock and Simon,
Biometrics 31, 1975). So arms differ by one at most in each block, and by two at most overall.

All chance comes from SHA-256 of the seed and an id. The order of the rows in the file plays no part, and every
computer and every version of Python deals the same.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# A trait of numbers with more different values than this is divided into groups of about equal size.
MOST_VALUES = 12
N_GROUPS = 5
BLANK = "(blank)"


@dataclass(frozen=True)
class Unit:
    """What is assigned as a whole: a person or a household, with its block and the places of its people's rows.

    ``values`` are the traits of all its people, each with its name.
    """

    unit_id: str
    block: tuple[str, ...]
    places: tuple[int, ...]
    values: tuple[str, ...]


@dataclass
class Dealt:
    """What has been dealt so far: the number of units in each arm, and of people with each trait in each arm."""

    n_units: Counter[str]
    n_with: Counter[tuple[str, str]]
    arm_of: dict[str, str]

    def give(self, unit: Unit, arm: str) -> None:
        """Put a unit into an arm."""
        self.arm_of[unit.unit_id] = arm
        self.n_units[arm] += 1
        self.n_with.update((arm, value) for value in unit.values)


def assign(
    ids: Sequence[str],
    traits: Mapping[str, Sequence[str]],
    together: Sequence[str],
    arms: Sequence[str],
    seed: int,
) -> list[str]:
    """Return the arm of each person, in the order of ``ids``.

    ``traits`` are the values of each trait to balance, one for each person; ``together`` names each person's household,
    [] if everybody is assigned alone, '' for a person without one. A household's block is the number of its people and
    the traits of all of them. The ids have to be different.
    """
    units = sorted(_units(ids, traits, together), key=lambda unit: _draw(seed, "unit", unit.unit_id))
    blocks: dict[tuple[str, ...], list[Unit]] = defaultdict(list)
    for unit in units:
        blocks[unit.block].append(unit)
    dealt = Dealt(Counter(dict.fromkeys(arms, 0)), Counter(), {})
    for block in blocks.values():
        _deal_rounds(block, arms, dealt, seed)
    # The blocks come in the order of their first unit, which is random, so that chance decides who is dealt last.
    for block in blocks.values():
        _deal_rest(block[len(block) - len(block) % len(arms) :], arms, dealt, seed)
    found = [""] * len(ids)
    for unit in units:
        for place in unit.places:
            found[place] = dealt.arm_of[unit.unit_id]
    return found


def groups_of(values: Sequence[str]) -> list[str] | None:
    """Return a trait as it is balanced: its values, or groups of about equal size for many numbers.

    A blank value is a group of its own. None for texts with more different values than blocks can have: such a trait
    has to be put into groups first.
    """
    spelled = [" ".join(value.split()) or BLANK for value in values]
    different = {value for value in spelled if value != BLANK}
    if len(different) <= MOST_VALUES:
        return spelled
    try:
        numbers = {value: float(value.replace(",", ".")) for value in different}
    except ValueError:
        return None
    ordered = sorted(numbers[value] for value in spelled if value != BLANK)
    cuts = sorted({ordered[len(ordered) * place // N_GROUPS] for place in range(1, N_GROUPS)})
    names = [f"under {cuts[0]:g}", *(f"{low:g} to under {high:g}" for low, high in itertools.pairwise(cuts))]
    names.append(f"{cuts[-1]:g} and more")
    return [value if value == BLANK else names[sum(numbers[value] >= cut for cut in cuts)] for value in spelled]


def balance(arms: Sequence[str], assigned: Sequence[str], values: Sequence[str]) -> dict[str, list[int]]:
    """Return for each value of a trait how many people with it each arm has."""
    n_people = Counter(zip(values, assigned, strict=True))
    return {value: [n_people[value, arm] for arm in arms] for value in sorted(set(values), key=_place)}


def _place(value: str) -> tuple[float, bool, str]:
    """Return what sorts values: groups of numbers by their numbers, the group under the first number first."""
    found = re.match(r"(under )?(-?[\d.]+)", value)
    return (float(found[2]) if found else math.inf, not value.startswith("under "), value)


def _units(ids: Sequence[str], traits: Mapping[str, Sequence[str]], together: Sequence[str]) -> list[Unit]:
    households: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(ids):
        household = together[place].lower() if together else ""
        households[f"household {household}" if household else f"person {name.lower()}"].append(place)
    return [_unit(unit_id, places, traits) for unit_id, places in households.items()]


def _unit(unit_id: str, places: Sequence[int], traits: Mapping[str, Sequence[str]]) -> Unit:
    named = {name: sorted(values[place] for place in places) for name, values in traits.items()}
    block = (f"{len(places)} people", *(f"{name}: {', '.join(values)}" for name, values in named.items()))
    values = ["people"] * len(places) + [f"{name}: {value}" for name, found in named.items() for value in found]
    return Unit(unit_id, block, tuple(places), tuple(values))


def _deal_rounds(block: Sequence[Unit], arms: Sequence[str], dealt: Dealt, seed: int) -> None:
    """Deal all arms to the units of a block, in a new order in each round, as long as there are enough units."""
    for first in range(0, len(block) - len(arms) + 1, len(arms)):
        name = block[first].unit_id
        order = sorted(arms, key=lambda arm, name=name: _draw(seed, "round", name, arm))  # type: ignore[misc]
        for unit, arm in zip(block[first:], order, strict=False):
            dealt.give(unit, arm)


def _deal_rest(units: Sequence[Unit], arms: Sequence[str], dealt: Dealt, seed: int) -> None:
    """Deal different arms to the few units that a block has left."""
    if not units:
        return
    first = units[0]
    fewest = min(dealt.n_units.values())

    def preference(arm: str) -> tuple[bool, int, str]:
        n_alike = sum(dealt.n_with[arm, value] for value in first.values)
        return dealt.n_units[arm] > fewest + 1, n_alike, _draw(seed, "left", first.unit_id, arm)

    chosen = sorted(arms, key=preference)[: len(units)]
    order = sorted(chosen, key=lambda arm: _draw(seed, "order", first.unit_id, arm))
    for unit, arm in zip(units, order, strict=True):
        dealt.give(unit, arm)


def _draw(seed: int, *names: str) -> str:
    """Return what chance gives to some names: 64 digits that nobody can choose."""
    return hashlib.sha256("\x1f".join([str(seed), *names]).encode()).hexdigest()
