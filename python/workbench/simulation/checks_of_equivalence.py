"""Checks of the two one-sided tests: wrong verdicts at each bound, right ones at zero."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.correlates.est_correlates import TYPES as OF_CORRELATES
from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.equivalence.est_equivalence import MATTERS, TOO_SMALL, estimate_equivalence
from coproduction.statistics.estimates.nudges.est_nudge_effects import TYPES as OF_NUDGES
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.methods.counts import typed
from workbench.simulation.changes import Change
from workbench.simulation.populations import CENTRED, N_ITEMS, Population, frame, index_of, related
from workbench.simulation.promises import Batch, Check

SETTINGS = (
    Change("methods.resampling", "PERMUTATIONS_OF_ARMS", 19),
    Change("methods.resampling", "PERMUTATIONS_PER_TEST", 0),
    Change("estimates.correlates.est_correlates", "is_small", lambda crosstab: False),
)
# Points of 0-100: the bound of the checks of nudges.
BOUND = 10.0


def _verdicts(effects: pd.DataFrame | None, correlates: pd.DataFrame | None, bound: float) -> np.ndarray:
    """Verdict on each survey, in the order of the replications."""
    effects = typed(pd.DataFrame(), OF_NUDGES) if effects is None else effects
    correlates = typed(pd.DataFrame(), OF_CORRELATES) if correlates is None else correlates
    places = pd.concat([effects, correlates])[["council_id", "wave_id"]].drop_duplicates()
    declared = pd.DataFrame({"study_id": "s", "quantity_id": ["nudge", "correlate"], "smallest_effect": bound})
    if len(effects):
        declared = declared[declared["quantity_id"].eq("nudge")]
    verdicts = estimate_equivalence(effects, correlates, declared, places.assign(study_id="s"))
    return verdicts["verdict_id"].to_numpy(str)


def _of_nudges(batch: Batch, effect: float, n: int, spread: float) -> np.ndarray:
    """Verdicts on an effect in points, in surveys with n people in each of two arms."""
    cells = pd.DataFrame({"n_positive": np.arange(N_ITEMS + 1), "n_answered": N_ITEMS})
    means = {"none": 0.4, "a": 0.4 + effect / 100}
    drawn = {arm: batch.random.multinomial(n, index_of(m, spread), size=batch.replications) for arm, m in means.items()}
    counts = pd.concat([frame(cells, of_arm, batch.first, arm_id=arm) for arm, of_arm in drawn.items()])
    return _verdicts(estimate_nudge_effects(counts.assign(outcome_id="individual_index")), None, BOUND)


def _of_correlates(batch: Batch, population: Population, bound: float) -> np.ndarray:
    keys = {"construct_id": "satisfaction_response", "outcome_id": "individual_index"}
    counts = frame(population.cells, population.draw(430, batch.replications, batch.random), batch.first, **keys)
    return _verdicts(None, estimate_correlates(counts), bound)


def _related(slope: float) -> tuple[Population, float]:
    """An index that rises by `slope` with each answer, and the true correlation."""
    population = related(CENTRED, lambda answer: index_of(0.5 + slope * (answer - 3)))
    score = population.cells["score"].to_numpy()
    share = (population.cells["n_positive"] / population.cells["n_answered"]).to_numpy()
    return population, population.correlation(score, share)


def _check(
    name: str, what: str, plants: str, truth: float, band: tuple[float, float], verdicts: Callable[[Batch], np.ndarray],
    verdict: str = TOO_SMALL,
) -> Check:  # fmt: skip
    is_power = band[1] == 1.0
    holds = f"at least {band[0]:.0%}" if is_power else f"{band[0]:.1%} to {band[1]:.1%}"
    holds = f"{verdict.replace('_', ' ')} in {holds} of surveys"
    return Check(
        name, f"estimate_equivalence, {what}", plants, holds, truth, *band,
        lambda batch: verdicts(batch) == verdict, settings=SETTINGS,
    )  # fmt: skip


def checks_of_equivalence() -> tuple[Check, ...]:
    """Return the checks of this module, in the order of the page."""
    size, power = (0.035, 0.065), (0.8, 1.0)
    rising, r = _related(0.03)
    falling, minus_r = _related(-0.03)
    flat, zero = _related(0.0)
    at = f"bound {BOUND:.0f} points"

    def nudges(effect: float, n: int = 200, spread: float = 0.3) -> Callable[[Batch], np.ndarray]:
        return lambda batch: _of_nudges(batch, effect, n, spread)

    return (
        _check("equivalence_upper_bound", "nudges", f"effect of 10 points, {at}; 200 per arm", 10, size, nudges(10)),
        _check("equivalence_lower_bound", "nudges", f"effect of -10 points, {at}; 200 per arm", -10, size, nudges(-10)),
        _check("equivalence_power", "nudges", f"no effect, {at}; 300 per arm", 0, power, nudges(0, 300)),
        _check(
            "equivalence_matters", "nudges", f"effect of 10 points, {at}; 200 per arm", 10, size, nudges(10), MATTERS
        ),
        _check(
            "equivalence_correlate_upper", "correlates", f"r of {r:.3f}, which is the bound; 430 respondents", r, size,
            lambda batch: _of_correlates(batch, rising, r),
        ),
        _check(
            "equivalence_correlate_lower", "correlates", f"r of {minus_r:.3f}, bound {r:.3f}; 430 respondents", minus_r,
            size, lambda batch: _of_correlates(batch, falling, r),
        ),
        _check(
            "equivalence_correlate_power", "correlates", f"no correlation, bound {r:.3f}; 430 respondents", zero, power,
            lambda batch: _of_correlates(batch, flat, r),
        ),
    )  # fmt: skip
