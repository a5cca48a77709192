"""Checks of the levels and of the gap between the outcomes."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.levels.est_outcome_gaps import estimate_outcome_gaps
from workbench.simulation.changes import Change
from workbench.simulation.populations import (
    Population,
    frame,
    index_of,
    paired_outcomes,
    with_person_weights,
)
from workbench.simulation.promises import Batch, Check, covered


def _level(name: str, n: int, shares: np.ndarray, measure_id: str, plants: str, changes: str) -> Check:
    n_items = len(shares) - 1
    cells = pd.DataFrame({"n_positive": np.arange(n_items + 1), "n_answered": n_items})
    population = Population(cells, shares)
    truth = population.mean(np.arange(n_items + 1) / n_items)
    keys = {"measure_id": measure_id, "breakdown_id": "all", "breakdown_value": "all"}

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(n, batch.replications, batch.random)
        return covered(estimate_levels(frame(cells, drawn, batch.first, **keys)), truth)

    return Check(
        name,
        f"estimate_levels, {changes}",
        f"{plants}; {n} respondents",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        hits,
    )


def _heavy_weights(name: str, shares: np.ndarray, measure_id: str, sigma: float, plants: str) -> Check:
    """A weighted level of 300 respondents with lognormal weights."""
    n_items = len(shares) - 1
    cells = pd.DataFrame({"n_positive": np.arange(n_items + 1), "n_answered": n_items})
    population = Population(cells, shares)
    truth = population.mean(np.arange(n_items + 1) / n_items)
    keys = {"measure_id": measure_id, "breakdown_id": "all", "breakdown_value": "all"}

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(300, batch.replications, batch.random)
        levels = estimate_levels(with_person_weights(cells, drawn, sigma, batch.random, batch.first, **keys))
        found = levels[levels["weighting_id"].eq("weighted")]
        # A few large weights decide in some draws; these promise nothing.
        return covered(found, truth) | found["std_error"].isna().to_numpy()

    return Check(
        name,
        "estimate_levels, weighted",
        f"{plants}, lognormal weights unrelated to answers; 300 respondents; surveys without a standard error left out",
        "95 % interval covers 93 % or more (it may be too long, never too short)",
        truth,
        0.93,
        1.0,
        hits,
    )


def _gap() -> Check:
    population = paired_outcomes()
    cells = population.cells
    truth = population.mean((cells["n_positive"] / cells["n_answered"] - cells["collective_participation"]).to_numpy())

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(430, batch.replications, batch.random)
        return covered(estimate_outcome_gaps(frame(cells, drawn, batch.first)), truth)

    return Check(
        "paired_gap",
        "estimate_outcome_gaps",
        "individual index and collective participation of the same people, correlated; 430 respondents",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        hits,
        settings=(Change("estimates.levels.est_outcome_gaps", "N_SIGN_FLIPS", 19),),
    )


def checks_of_levels() -> tuple[Check, ...]:
    """Return the checks of this module, in the order of the page."""
    return (
        _level("level_mean", 430, index_of(0.25, spread=0.3), "individual_index", "index of mean 25 %", "mean"),
        _level("level_mean_small", 6, index_of(0.5, n_items=12), "individual_index", "index of mean 50 %", "mean"),
        _level("level_proportion", 430, index_of(0.13, n_items=1), "collective_participation", "13 % yes", "wilson"),
        _level("level_rare", 40, index_of(0.05, n_items=1), "collective_participation", "5 % yes", "wilson"),
        _heavy_weights(
            "level_heavy_weights",
            index_of(0.25, spread=0.3),
            "individual_index",
            1.4,
            "index of mean 25 %, about 60 effective respondents",
        ),
        _heavy_weights(
            "share_heavy_weights",
            index_of(0.28, n_items=1),
            "collective_participation",
            2.0,
            "28 % yes, about 22 effective respondents",
        ),
        _gap(),
    )
