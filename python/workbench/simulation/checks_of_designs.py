"""Checks of the errors of surveys whose people were drawn in clusters, or whose arms were given to whole clusters."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.methods.inference import SIGNIFICANCE
from coproduction.statistics.methods.weights.weighting import FOURTH_POWERS_UNIT, WEIGHTED
from workbench.simulation.changes import Change
from workbench.simulation.promises import Batch, Check, covered

# Share of people who take part.
SHARE = 0.3
# Fewer permutations: only the t test is checked.
_FEW_DRAWS = (Change("methods.resampling", "PERMUTATIONS_OF_ARMS", 19),)


def _people(n_clusters: int, correlation: float, batch: Batch, random_scores: bool) -> pd.DataFrame:
    """One row per cluster of each survey, value and score: people take part with a probability of their cluster.

    The probability is drawn from a beta distribution, which gives two people of a cluster exactly this correlation.
    Clusters have 5 to 25 people. The scores (1 or 0) have clusters of their own kind, unrelated to taking part.
    """
    n_rows = batch.replications * n_clusters
    size = batch.random.integers(5, 26, n_rows)
    concentration = 1 / correlation - 1
    share, other = (
        batch.random.beta(mean * concentration, (1 - mean) * concentration, n_rows) for mean in (SHARE, 0.5)
    )
    scored = batch.random.binomial(size, other) if random_scores else size * 0
    parts = []
    for score, n in ((1, scored), (0, size - scored)):
        yes = batch.random.binomial(n, share)
        parts += [(score, 1, yes), (score, 0, n - yes)]
    survey, cluster = np.divmod(np.arange(n_rows), n_clusters)
    frames = [
        pd.DataFrame(
            {"survey": survey, "cluster_number": cluster, "score": float(score), "n_positive": positive, "n": n}
        )
        for score, positive, n in parts
    ]
    people = pd.concat(frames, ignore_index=True)
    return people[people["n"] > 0]


def _frame(people: pd.DataFrame, batch: Batch, **columns: Any) -> pd.DataFrame:
    """Counts by cluster: each survey is a wave of its own, so that the estimators take them all at once."""
    wave = (people["survey"] + batch.first).map("w{:06d}".format)
    return people.assign(
        council_id="planted", wave_id=wave, theme_id="health", topic_id="all", n_answered=1, stratum_number=1,
        panel_size=np.nan, n_respondents=people["n"], **columns,
    )  # fmt: skip


def _levels(n_clusters: int, correlation: float) -> Callable[[Batch], np.ndarray]:
    def hits(batch: Batch) -> np.ndarray:
        people = _people(n_clusters, correlation, batch, random_scores=False)
        counts = _frame(people, batch, measure_id="collective", breakdown_id="all", breakdown_value="all")
        return covered(estimate_levels(counts, counts), SHARE)

    return hits


def _jackknife(n_clusters: int, correlation: float) -> Callable[[Batch], np.ndarray]:
    """Weights of 1, and the replicate weights of a jackknife that leaves out one cluster each time."""

    def hits(batch: Batch) -> np.ndarray:
        people = _people(n_clusters, correlation, batch, random_scores=False)
        people = people.assign(n_yes=people["n"] * people["n_positive"])
        of_cluster = people.groupby(["survey", "cluster_number"], as_index=False)[["n", "n_yes"]].sum()
        # The weights of one replicate are all multiplied by the same number, which cancels.
        kept = of_cluster.groupby("survey")[["n", "n_yes"]].transform("sum") - of_cluster[["n", "n_yes"]]
        names = {"measure_id": "collective", "breakdown_id": "all", "breakdown_value": "all"}
        replicates = _frame(of_cluster, batch, **names).assign(
            replicate_number=of_cluster["cluster_number"] + 1,
            replicate_factor=(n_clusters - 1) / n_clusters,
            sum_replicate_weight=kept["n"],
            sum_replicate_positive=kept["n_yes"],
        )
        counts = _frame(people, batch, **names)
        # Fourth powers of a weight of 1 in their own unit.
        counts = counts.assign(
            sum_weight=counts["n"],
            sum_weight_squared=counts["n"],
            sum_weight_fourth=counts["n"] / FOURTH_POWERS_UNIT,
        )
        found = estimate_levels(counts, None, replicates)
        return covered(found[found["weighting_id"].eq(WEIGHTED)], SHARE)

    return hits


def _correlates(n_clusters: int, correlation: float) -> Callable[[Batch], np.ndarray]:
    def hits(batch: Batch) -> np.ndarray:
        people = _people(n_clusters, correlation, batch, random_scores=True)
        counts = _frame(people, batch, construct_id="trust", outcome_id="collective", answer_kind="valid")
        found = estimate_correlates(counts, counts)
        return (found.loc[found["method_id"].eq("pearson"), "p_value"] <= SIGNIFICANCE).to_numpy()

    return hits


def _nudges(n_clusters: int, correlation: float, n_nudged: int) -> Callable[[Batch], np.ndarray]:
    def hits(batch: Batch) -> np.ndarray:
        people = _people(n_clusters, correlation, batch, random_scores=False)
        counts = _frame(people, batch, outcome_id="collective")
        counts["arm_id"] = np.where(counts["cluster_number"] < n_nudged, "a", "none")
        arms = counts.rename(columns={"outcome_id": "measure_id", "arm_id": "breakdown_value"})
        found = estimate_nudge_effects(counts, None, None, arms.assign(breakdown_id="arm"))
        return (found.loc[found["model_id"].eq("dummies"), "p_value"] <= SIGNIFICANCE).to_numpy()

    return hits


def checks_of_designs() -> tuple[Check, ...]:
    """Return the checks of this module, in the order of the page."""
    checks = []
    for n_clusters, correlation in ((20, 0.05), (20, 0.2), (60, 0.2), (200, 0.05)):
        name = f"{n_clusters}_{round(100 * correlation):02d}"
        plants = f"{n_clusters} clusters of 5 to 25 people, intraclass correlation {correlation}"
        checks += [
            Check(
                f"level_clusters_{name}",
                "estimate_levels, linearised by cluster",
                f"{plants}; 30 % take part",
                "95 % interval covers 93-97 %",
                SHARE,
                0.93,
                0.97,
                _levels(n_clusters, correlation),
            ),
            Check(
                f"correlate_clusters_{name}",
                "estimate_correlates, pearson by cluster",
                f"{plants} in both answers, which are unrelated",
                "p <= 0.05 in 3-7 %",
                0.0,
                0.03,
                0.07,
                _correlates(n_clusters, correlation),
            ),
            Check(
                f"nudge_clusters_{name}",
                "estimate_nudge_effects, CR2",
                f"{plants}; a nudge without effect in a quarter of the clusters",
                "p <= 0.05 in 3-7 %",
                0.0,
                0.03,
                0.07,
                _nudges(n_clusters, correlation, n_clusters // 4),
                settings=_FEW_DRAWS,
            ),
        ]
    checks.append(
        Check(
            "level_jackknife_60_20",
            "estimate_levels, replicate weights",
            "60 clusters of 5 to 25 people, intraclass correlation 0.2; 30 % take part; 60 jackknife replicates",
            "95 % interval covers 93-97 %",
            SHARE,
            0.93,
            0.97,
            _jackknife(60, 0.2),
        )
    )
    return tuple(checks)
