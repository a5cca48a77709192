"""Unknown counts, linear constraints on them, and the smallest and largest value that each can have."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy import optimize, sparse
from scipy.sparse import csgraph

from coproduction.errors import CoproductionError

# Allows for rounding errors of sums; far below one respondent.
_TOLERANCE = 1e-6
# After so many pairs of programs that part no unknown more, `spread` leaves the rest to `interval`.
_MOST_IN_VAIN = 2


class InfeasibleError(CoproductionError):
    """The constraints contradict each other, so that no survey could have given these figures."""


class _Component(NamedTuple):
    """Unknowns that constraints connect, by position, and the constraints: rows of a matrix with their bounds."""

    places: np.ndarray
    matrix: sparse.csr_array
    lower: np.ndarray
    upper: np.ndarray


class Interval(NamedTuple):
    """The bounds of an unknown, and whether they are its smallest and its largest value."""

    lower: float
    upper: float
    is_solved: bool = True


class Unknowns:
    """Counts that are partly known: each has two bounds, and linear constraints connect them."""

    def __init__(self) -> None:
        self._place: dict[Hashable, int] = {}
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._is_whole: list[bool] = []
        self._constraints: list[tuple[dict[int, float], float, float]] = []
        self._components: dict[int, _Component] | None = None
        # The smallest and the largest value of each unknown in the solutions that were found.
        self._seen: dict[int, tuple[float, float]] = {}

    def __contains__(self, key: Hashable) -> bool:
        """Return whether a count is among the unknowns."""
        return key in self._place

    def know(self, key: Hashable, lower: float = 0, upper: float = np.inf, is_whole: bool = True) -> None:
        """Add an unknown, or narrow the bounds of one. A count of respondents is whole, a sum of shares is not."""
        place = self._place.setdefault(key, len(self._lower))
        if place == len(self._lower):
            self._lower.append(lower)
            self._upper.append(upper)
            self._is_whole.append(is_whole)
        self._lower[place] = max(self._lower[place], lower)
        self._upper[place] = min(self._upper[place], upper)
        self._components, self._seen = None, {}

    def bind(self, terms: Mapping[Any, float], lower: float = -np.inf, upper: float = np.inf) -> None:
        """Add a constraint: the sum of the terms, each an unknown times its number, lies between two bounds."""
        numbered: dict[int, float] = {}
        for key, factor in terms.items():
            if key not in self._place:
                self.know(key)
            numbered[self._place[key]] = factor
        self._constraints.append((numbered, lower, upper))
        self._components, self._seen = None, {}

    def seen(self, key: Hashable) -> tuple[float, float]:
        """Return two values that an unknown can have, as far apart as those in the solutions found so far."""
        return self._seen.get(self._place[key], (np.inf, -np.inf))

    def interval(self, key: Hashable) -> tuple[float, float]:
        """Return the smallest and the largest value that an unknown can have, as `interval_in_time` without a limit."""
        return self.interval_in_time(key, np.inf)[:2]

    def interval_in_time(self, key: Hashable, seconds: float) -> Interval:
        """Return bounds of the values that an unknown can have; infinite where nothing bounds it.

        Solved as two integer programs over the unknowns that constraints connect with it. They are the smallest and the
        largest value, unless a program is not solved in so many seconds: then the value can be nowhere else, but
        perhaps not everywhere between. Raises InfeasibleError where no values meet the constraints.
        """
        place = self._place[key]
        ends, is_solved = [], True
        for sign in (1, -1):
            found = self._solve(self._component(place), {place: sign}, {"time_limit": seconds})
            if found.status == 2:
                raise InfeasibleError(f"No survey could have given the figures around {key}.")
            if found.status == 1:
                is_solved = False
                bound = found.mip_dual_bound if found.mip_dual_bound is not None else -np.inf
                ends.append(sign * max(bound, sign * (self._lower if sign == 1 else self._upper)[place]))
            else:
                ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return Interval(round(ends[0], 6), round(ends[1], 6), is_solved)

    def contradictions(self) -> list[Hashable]:
        """Return one unknown of each component whose constraints no values meet."""
        keys = list(self._place)
        components = {component.places[0]: component for component in map(self._component, self._place.values())}
        crossed = np.array(self._lower) > np.array(self._upper)
        return [
            keys[first]
            for first, component in components.items()
            if crossed[component.places].any() or self._solve(component, {}, {}).status == 2
        ]

    def spread(self, widths: Mapping[Any, float], seconds: float = np.inf) -> None:
        """Look for solutions in which unknowns differ by more than their widths, for many unknowns at once.

        Each program pushes all unknowns of a component that still lie close together, some up and some down as drawn,
        until two programs in turn part none more. What `seen` returns then shows for most that they are not worked out.
        """
        drawn = np.random.default_rng(0)
        of_component: dict[int, list[tuple[int, float]]] = {}
        components: dict[int, _Component] = {}
        for key, width in widths.items():
            component = self._component(self._place[key])
            first = int(component.places[0])
            components[first] = component
            of_component.setdefault(first, []).append((self._place[key], width))
        for first, close in of_component.items():
            n_in_vain = 0
            while close and n_in_vain < _MOST_IN_VAIN:
                signs = drawn.choice((-1, 1), len(close))
                for direction in (1, -1):
                    objective = {place: direction * sign for (place, _), sign in zip(close, signs, strict=True)}
                    # A solution that is nearly the best will do.
                    self._solve(components[first], objective, {"time_limit": seconds, "mip_rel_gap": 0.2})
                left = [(place, width) for place, width in close if self._width_seen(place) <= width]
                n_in_vain = n_in_vain + 1 if len(left) == len(close) else 0
                close = left

    def _width_seen(self, place: int) -> float:
        smallest, largest = self._seen.get(place, (np.inf, -np.inf))
        return largest - smallest

    def _solve(self, component: _Component, objective: Mapping[int, float], options: Mapping[str, Any]) -> Any:
        """Minimise a sum of unknowns, by position with their factors, and remember the solution."""
        places, matrix, lower, upper = component
        # Of all unknowns, few are in a component.
        lowest, highest, is_whole = (
            [values[place] for place in places] for values in (self._lower, self._upper, self._is_whole)
        )
        factors = np.zeros(len(places))
        factors[np.searchsorted(places, list(objective))] = list(objective.values())
        constraints = optimize.LinearConstraint(matrix, lower - _TOLERANCE, upper + _TOLERANCE)
        limited: Any = {name: value for name, value in options.items() if np.isfinite(value)}
        found = optimize.milp(
            factors,
            integrality=np.array(is_whole, dtype=int),
            bounds=optimize.Bounds(lowest, highest),
            constraints=constraints if len(lower) else (),
            options=limited,
        )
        if found.x is not None:
            self._see(places, found.x)
        return found

    def _see(self, places: np.ndarray, values: np.ndarray) -> None:
        """Remember the values of a solution."""
        for place, value in zip(places.tolist(), values.tolist(), strict=True):
            smallest, largest = self._seen.get(place, (value, value))
            self._seen[place] = min(smallest, value), max(largest, value)

    def _component(self, place: int) -> _Component:
        """Return the unknowns that are connected with one, and the constraints among them."""
        if self._components is None:
            self._components = self._split()
        return self._components[place]

    def _split(self) -> dict[int, _Component]:
        """Return the component of each unknown, by position."""
        matrix = self._matrix()
        lower, upper = (np.array([constraint[end] for constraint in self._constraints]) for end in (1, 2))
        n = matrix.shape[1]
        touching = (abs(matrix).T @ abs(matrix)).tocsr() if self._constraints else sparse.csr_array((n, n))
        _, component = csgraph.connected_components(touching, directed=False)
        first_places = [next(iter(terms)) for terms, _, _ in self._constraints]
        of_row = component[np.array(first_places, dtype=int)]
        split: dict[int, _Component] = {}
        for number in np.unique(component):
            places, chosen = np.flatnonzero(component == number), np.flatnonzero(of_row == number)
            part = _Component(places, matrix[chosen][:, places], lower[chosen], upper[chosen])
            split |= dict.fromkeys(places.tolist(), part)
        return split

    def _matrix(self) -> sparse.csr_array:
        """Return the factors of the constraints: a row for each constraint, a column for each unknown."""
        rows: list[int] = []
        columns: list[int] = []
        factors: list[float] = []
        for row, (terms, _, _) in enumerate(self._constraints):
            rows += [row] * len(terms)
            columns += terms.keys()
            factors += terms.values()
        return sparse.csr_array((factors, (rows, columns)), shape=(len(self._constraints), len(self._lower)))
