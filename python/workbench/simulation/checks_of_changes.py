"""Checks of the changes between two waves of which none, half or all people are the same."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.changes.est_changes import (
    INDEPENDENT,
    OVERLAPPING,
    SAME_PEOPLE,
    estimate_changes,
)
from coproduction.statistics.methods.counts import UNWEIGHTED
from workbench.simulation.populations import N_ITEMS, Population, frame, index_of
from workbench.simulation.promises import Batch, Check, covered

_KEYS = {
    "earlier_wave_id": "2013",
    "comparison_id": "neighbours",
    "comparability_id": "comparable",
    "measure_id": "individual_index",
    "is_outcome": True,
}
_OF_EARLIER = {"n_positive": "earlier_n_positive", "n_answered": "earlier_n_answered"}
_GENDERS = ("Female", "Male")


def two_waves(n_items: int, levels: dict[str, tuple[float, float]], shares: tuple[float, float]) -> Population:
    """People of two genders with their values in both waves, which depend on how active a person is.

    Args:
        n_items: items of the measure; 1 for yes or no.
        levels: for each gender the mean level in the earlier and in the later wave.
        shares: shares of the genders.

    """
    # Half of the people do less than the mean in both waves, the others more.
    steps = (-0.6, 0.6)
    values = np.arange(n_items + 1)
    parts, probabilities = [], []
    for gender, share in zip(_GENDERS, shares, strict=True):
        chances = [[level + step * min(level, 1 - level) for level in levels[gender]] for step in steps]
        joint = np.mean(
            [np.outer(index_of(before, 0, n_items), index_of(after, 0, n_items)) for before, after in chances], axis=0
        )
        cells = pd.DataFrame(
            {"earlier_n_positive": np.repeat(values, len(values)), "n_positive": np.tile(values, len(values))}
        )
        parts.append(cells.assign(gender_label=gender))
        probabilities.append(share * joint.ravel())
    cells = pd.concat(parts, ignore_index=True).assign(earlier_n_answered=n_items, n_answered=n_items)
    return Population(cells.astype({"n_positive": float, "earlier_n_positive": float}), np.concatenate(probabilities))


def _counts(population: Population, numbers: tuple[int, int, int], batch: Batch, later: Population) -> pd.DataFrame:
    """Counts of people in both waves, only in the earlier one, and only in the later one."""
    parts = []
    for place, n in enumerate(numbers):
        of = later if place == 2 else population
        drawn = of.draw(n, batch.replications, batch.random)
        rows = frame(of.cells, drawn, batch.first, **_KEYS).assign(age_band=None, earlier_age_band=None)
        rows = rows.assign(earlier_gender_label=rows["gender_label"])
        if place == 1:
            rows[["n_positive", "n_answered", "gender_label"]] = None
        if place == 2:
            rows[["earlier_n_positive", "earlier_n_answered", "earlier_gender_label"]] = None
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def _check(
    name: str,
    n_items: int,
    numbers: tuple[int, int, int],
    sample_id: str,
    plants: str,
    must_fail: bool = False,
    weighting_id: str = UNWEIGHTED,
    levels: dict[str, tuple[float, float]] | None = None,
    shares_later: tuple[float, float] = (0.5, 0.5),
) -> Check:
    levels = levels or dict.fromkeys(_GENDERS, (0.3, 0.36))
    population = two_waves(n_items, levels, (0.5, 0.5))
    later = two_waves(n_items, levels, shares_later)
    # At the earlier wave's genders: half of each.
    truth = float(np.mean([after - before for before, after in levels.values()]))
    both = numbers[0]

    def hits(batch: Batch) -> np.ndarray:
        changes = estimate_changes(_counts(population, numbers, batch, later))
        found = changes[changes["sample_id"].eq(sample_id) & changes["weighting_id"].eq(weighting_id)]
        return covered(found, truth)

    waves = f"waves of {both + numbers[1]} and {both + numbers[2]} people, {both} of them in both"
    return Check(
        name, f"estimate_changes, {sample_id}, {weighting_id}", f"{plants}; {waves}", "95 % interval covers 93-97 %",
        truth, 0.93, 0.97, hits, must_fail=must_fail,
    )  # fmt: skip


def checks_of_changes() -> tuple[Check, ...]:
    """Return the checks of this module, in the order of the page."""
    yes_or_no, index = "30 % yes, 36 % in the later wave", "index of 30 %, 36 % in the later wave"
    composition = {"Female": (0.08, 0.12), "Male": (0.8, 0.85)}
    margin = "levels that differ by gender, and more men in the later wave"
    return (
        _check("change_no_overlap", 1, (0, 300, 250), INDEPENDENT, yes_or_no),
        _check("change_half_overlap", 1, (150, 150, 150), OVERLAPPING, yes_or_no),
        _check("change_half_overlap_index", N_ITEMS, (150, 150, 100), OVERLAPPING, index),
        _check("change_full_overlap", N_ITEMS, (300, 0, 0), OVERLAPPING, index),
        _check("change_same_people", N_ITEMS, (150, 150, 150), SAME_PEOPLE, index),
        _check(
            "change_small_overlap", N_ITEMS, (15, 15, 20), OVERLAPPING, index
        ),
        _check(
            "change_as_if_independent", N_ITEMS, (300, 0, 0), INDEPENDENT,
            f"{index}; the covariance of the same people left out", must_fail=True,
        ),
        _check(
            "change_common_margin", 1, (0, 200, 400), INDEPENDENT, margin,
            weighting_id="earlier_margin", levels=composition, shares_later=(0.3, 0.7),
        ),
        _check(
            "change_common_margin_half_overlap", 1, (150, 150, 150), OVERLAPPING, margin,
            weighting_id="earlier_margin", levels=composition, shares_later=(0.2, 0.8),
        ),
        _check(
            "change_of_composition", 1, (0, 300, 300), INDEPENDENT, f"{margin}; not reweighted",
            must_fail=True, levels=composition, shares_later=(0.3, 0.7),
        ),
    )  # fmt: skip
