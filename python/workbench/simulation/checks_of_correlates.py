"""Checks of the correlations, of the codings of Don't Know and of thresholds."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.correlates.est_dont_know_sensitivity import estimate_dont_know_sensitivity
from coproduction.statistics.estimates.correlates.est_thresholds import estimate_thresholds
from workbench.simulation.changes import Change
from workbench.simulation.comparisons import fisher_interval, weighted_correlation
from workbench.simulation.populations import (
    CENTRED,
    Population,
    binary_outcome,
    frame,
    heteroscedastic_index,
    hidden_answers,
    homoscedastic_index,
    index_of,
    related,
    weighted_answers,
    with_person_weights,
    with_weights,
)
from workbench.simulation.promises import Batch, Check, covered, rejected

AS_LARGE_SAMPLE = (Change("estimates.correlates.est_correlates", "is_small", lambda crosstab: False),)


def _correlate(population: Population, n: int, batch: Batch, method: str = "pearson") -> pd.DataFrame:
    """Estimate the correlation of each survey."""
    keys = {"construct_id": "satisfaction_response", "outcome_id": "individual_index"}
    counts = frame(population.cells, population.draw(n, batch.replications, batch.random), batch.first, **keys)
    estimates = estimate_correlates(counts)
    return estimates[estimates["method_id"].eq(method)].reset_index(drop=True)


def _answers(population: Population) -> tuple[np.ndarray, np.ndarray]:
    """Answer and outcome of each cell."""
    cells = population.cells
    return cells["score"].to_numpy(), (cells["n_positive"] / cells["n_answered"]).to_numpy()


def _linearised(name: str, population: Population, n: int, plants: str) -> Check:
    truth = population.correlation(*_answers(population))
    return Check(
        name,
        "estimate_correlates, pearson",
        f"{plants}; {n} respondents, the linearised interval whatever the sample",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        lambda batch: covered(_correlate(population, n, batch), truth),
        settings=AS_LARGE_SAMPLE,
    )


def _plain_fisher(name: str, population: Population, n: int, plants: str, must_fail: bool) -> Check:
    x, y = _answers(population)
    truth = population.correlation(x, y)

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(n, batch.replications, batch.random)
        lower, upper = fisher_interval(*weighted_correlation(drawn, np.ones(len(x)), x, y)[:2])
        return (lower <= truth) & (truth <= upper)

    return Check(
        name,
        "comparison: plain Fisher interval",
        f"{plants}; {n} respondents",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        hits,
        must_fail,
    )


def _weighted_fisher(name: str, must_fail: bool) -> Check:
    population, weight = weighted_answers()
    x, y = _answers(population)
    truth = population.correlation(x, y)

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(600, batch.replications, batch.random)
        r, n, n_effective = weighted_correlation(drawn, weight, x, y)
        lower, upper = fisher_interval(r, n if must_fail else n_effective)
        return (lower <= truth) & (truth <= upper)

    size = "the raw number of respondents" if must_fail else "Kish's effective number"
    return Check(
        name,
        f"comparison: Fisher interval with {size}",
        "weighted r, weights unrelated to answers, design effect 1.66; 600 respondents",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        hits,
        must_fail,
    )


def _weighted_linearised() -> Check:
    population, weight = weighted_answers()
    truth = population.correlation(*_answers(population))

    def hits(batch: Batch) -> np.ndarray:
        cells, drawn = population.cells.assign(weight=weight), population.draw(600, batch.replications, batch.random)
        keys = {"construct_id": "satisfaction_response", "outcome_id": "individual_index"}
        counts = frame(cells, drawn, batch.first, **keys)
        estimates = estimate_correlates(with_weights(counts, counts["weight"].to_numpy()))
        return covered(estimates[estimates["weighting_id"].eq("weighted")], truth)

    return Check(
        "linearised_weighted",
        "estimate_correlates, pearson, weighted",
        "weights unrelated to answers, design effect 1.66; 600 respondents",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        hits,
        settings=AS_LARGE_SAMPLE,
    )


def _heavy_weights(name: str, n: int, sigma: float, n_effective: int, lower: float) -> Check:
    """No correlation, and lognormal weights: few respondents have much of the weight."""
    population = related(CENTRED, lambda answer: index_of(0.5))

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(n, batch.replications, batch.random)
        keys = {"construct_id": "satisfaction_response", "outcome_id": "individual_index"}
        counts = with_person_weights(population.cells, drawn, sigma, batch.random, batch.first, **keys)
        estimates = estimate_correlates(counts)
        return rejected(estimates.loc[estimates["weighting_id"].eq("weighted"), "p_value"])

    return Check(
        name,
        "estimate_correlates, pearson, weighted, p_value",
        f"no correlation, lognormal weights unrelated to answers; {n} respondents, about {n_effective} effective ones",
        "type I error 4-6 %" if lower else "type I error at most 6 % (smaller, since some surveys have no p)",
        0.0,
        lower,
        0.06,
        hits,
        settings=AS_LARGE_SAMPLE,
    )


def _spearman() -> Check:
    population = homoscedastic_index()
    truth = population.correlation(*(population.ranks(values) for values in _answers(population)))
    return Check(
        "spearman_interval",
        "estimate_correlates, spearman",
        "index that spreads alike, five answers; 430 respondents",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        lambda batch: covered(_correlate(population, 430, batch, "spearman"), truth),
    )


def _permuted_correlation() -> Check:
    population = related(CENTRED, lambda answer: index_of(0.3, spread=0.3))
    return Check(
        "small_sample_permutation",
        "estimate_correlates, pearson",
        "no correlation, 60 respondents: permutation p (199 permutations, to save time)",
        "type I error 4-6 %",
        0.0,
        0.04,
        0.06,
        lambda batch: rejected(_correlate(population, 60, batch)["p_value"]),
        settings=(
            Change("methods.small_samples", "PERMUTATIONS_OF_ANSWERS", 199),
            Change("methods.small_samples", "N_RESAMPLES", 99),
        ),
    )


def _dont_know(name: str, hidden: str, meant: Callable[[pd.DataFrame], object], columns: tuple[str, str]) -> Check:
    """Compare Don't Know sensitivity with the r of the same people including their hidden answers."""
    population = hidden_answers()
    cells = population.cells
    outcome = (cells["n_positive"] / cells["n_answered"]).to_numpy()
    is_dont_know = cells["answer_kind"].eq("dont_know")
    answers = cells["score"].where(~is_dont_know, meant(cells)).to_numpy(dtype=float)

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(300, batch.replications, batch.random)
        keys = {"construct_id": "satisfaction_response", "outcome_id": "individual_index"}
        found = estimate_dont_know_sensitivity(frame(cells, drawn, batch.first, **keys))
        truth = weighted_correlation(drawn, np.ones(len(cells)), answers, outcome)[0]
        lower, upper = (found[column].to_numpy() for column in columns)
        rounding = 1e-9
        return (lower - rounding <= truth) & (truth <= upper + rounding)

    said = "smallest and largest reading" if columns == READINGS else "worst-case bounds"
    return Check(
        name,
        f"estimate_dont_know_sensitivity, {said}",
        f"15 % Don't Know, {hidden}; 300 respondents; truth: r of the same people with these answers",
        "contain it in every draw",
        np.nan,
        1.0,
        1.0,
        hits,
    )


READINGS, BOUNDS = ("r_smallest", "r_largest"), ("r_bound_lower", "r_bound_upper")


def _threshold() -> Check:
    population = related(CENTRED, lambda answer: index_of(0.5 + 0.06 * (answer - 3)))

    def hits(batch: Batch) -> np.ndarray:
        keys = {"construct_id": "satisfaction_response", "outcome_id": "individual_index"}
        drawn = population.draw(430, batch.replications, batch.random)
        return rejected(estimate_thresholds(frame(population.cells, drawn, batch.first, **keys))["p_value"])

    return Check(
        "threshold_size",
        "estimate_thresholds, p_value",
        "a straight line and no threshold, five answers; 430 respondents (199 permutations, to save time)",
        "type I error 3.6-6.2 %",
        0.0,
        0.036,
        0.062,
        hits,
        settings=(
            Change("estimates.correlates.est_thresholds", "MOST_PERMUTATIONS", 199),
            Change("methods.resampling", "PERMUTATIONS_PER_TEST", 0),
            Change("estimates.correlates.est_thresholds", "PERMUTATIONS_AT_ONCE", 199),
            Change("estimates.correlates.est_thresholds", "POWER_DRAWS", 100),
        ),
    )


def checks_of_correlates() -> tuple[Check, ...]:
    """Return the checks of this module, in the order of the page."""
    alike, unlike = "index that spreads alike for all answers", "answers piled up at one end, index spreads unequally"
    piled = "answers piled up at one end"
    return (
        _linearised("linearised_homoscedastic_index", homoscedastic_index(), 430, alike),
        _linearised("linearised_heteroscedastic_index", heteroscedastic_index(), 430, unlike),
        _linearised("linearised_binary_13", binary_outcome(0.13), 430, f"{piled}, outcome of 13 %"),
        _linearised("linearised_binary_28", binary_outcome(0.28), 430, f"{piled}, outcome of 28 %"),
        _linearised("linearised_binary_90", binary_outcome(0.90), 430, f"{piled}, outcome of 90 %"),
        _plain_fisher("fisher_homoscedastic_index", homoscedastic_index(), 430, alike, must_fail=False),
        _plain_fisher("fisher_heteroscedastic_index", heteroscedastic_index(), 430, unlike, must_fail=True),
        _plain_fisher("fisher_binary_13", binary_outcome(0.13), 430, f"{piled}, outcome of 13 %", must_fail=True),
        _weighted_fisher("fisher_weighted_raw_n", must_fail=True),
        _weighted_fisher("fisher_weighted_effective_n", must_fail=False),
        _weighted_linearised(),
        _heavy_weights("heavy_weights", 100, 0.83, 54, 0.04),
        _heavy_weights("very_heavy_weights", 300, 2.0, 22, 0.0),
        _spearman(),
        _permuted_correlation(),
        _dont_know("dont_know_lowest", "all would have said the lowest", lambda cells: 1, READINGS),
        _dont_know("dont_know_middle", "all would have said the middle", lambda cells: 3, READINGS),
        _dont_know("dont_know_highest", "all would have said the highest", lambda cells: 5, READINGS),
        _dont_know(
            "dont_know_like_the_others",
            "who would have answered as the others did",
            lambda cells: cells["hidden_score"],
            BOUNDS,
        ),
        _dont_know(
            "dont_know_contrary",
            "of whom the active would have said the highest and the others the lowest",
            lambda cells: np.where(cells["n_positive"] > 1, 5, 1),
            BOUNDS,
        ),
        _threshold(),
    )
