"""Checks of the pools over councils."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.pooling.est_pooled import estimate_pooled
from coproduction.statistics.estimates.pooling.est_pooled_councils import TYPES as TYPES_OF_COUNCILS
from coproduction.statistics.estimates.pooling.est_pooled_councils import estimate_pooled_councils
from workbench.simulation.checks_of_correlates import AS_LARGE_SAMPLE
from workbench.simulation.populations import (
    frame,
    related_topics,
    replication_ids,
)
from workbench.simulation.promises import Batch, Check, covered


def _pooled(name: str, errors: tuple[float, ...], columns: tuple[str, str], must_fail: bool = False) -> Check:
    """Councils whose true effects (points) vary around 4 with standard deviation 3."""
    truth, between = 4.0, 3.0
    error = np.array(errors)

    def hits(batch: Batch) -> np.ndarray:
        shape = (batch.replications, len(error))
        found = truth + batch.random.normal(size=shape) * np.sqrt(error**2 + between**2)
        councils = pd.DataFrame(
            {
                # Pools are by wave: each replication is a wave of the same councils.
                "wave_id": np.repeat(replication_ids(batch.first, batch.replications), len(error)),
                "council_id": np.tile([f"council_{place}" for place in range(len(error))], batch.replications),
                "theme_id": "environment",
                "topic_id": "all",
                "quantity_id": "nudge",
                "outcome_id": "collective_participation",
                "contrast_id": "a",
                "weighting_id": "unweighted",
                "n_respondents": 200,
                "pooled_scale": "points",
                "scaled_estimate": found.ravel(),
                "std_error": np.tile(error, batch.replications),
                "is_pooled": True,
            }
        ).reindex(columns=list(TYPES_OF_COUNCILS))
        pooled = estimate_pooled(councils)
        bounds = pooled[list(columns)].set_axis(["ci_lower", "ci_upper"], axis="columns")
        return covered(bounds, truth)

    interval = "REML with Hartung-Knapp" if not must_fail else "DerSimonian-Laird with z"
    return Check(
        name,
        f"estimate_pooled, {interval}",
        f"{len(error)} councils, true effects around 4 points with standard deviation 3, standard errors 2 to 4",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        hits,
        must_fail,
    )


def _average_of_topics() -> Check:
    """Correlations with three topics that the same people answered nearly alike, averaged for their council."""
    population, topics = related_topics()
    is_yes = population.cells["is_yes"].to_numpy()
    truth = float(np.tanh(np.mean([np.arctanh(population.correlation(topic, is_yes)) for topic in topics])))

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(430, batch.replications, batch.random)
        keys = {"answer_kind": "valid", "construct_id": "satisfaction_response", "n_answered": 1}
        counts = [
            frame(
                pd.DataFrame({"score": topic, "n_positive": is_yes}),
                drawn,
                batch.first,
                outcome_id="collective_participation",
                **keys | {"topic_id": f"topic_{place}"},
            )
            for place, topic in enumerate(topics)
        ]
        correlates = estimate_correlates(pd.concat(counts, ignore_index=True))
        nothing = pd.DataFrame(columns=[*TYPES_OF_COUNCILS, "model_id", "breakdown_id", "n_arm", "n_control"])
        councils = estimate_pooled_councils(correlates, nothing, nothing)
        return covered(councils[councils["theme_id"].eq("environment")], truth)

    return Check(
        "average_of_topics",
        "estimate_pooled_councils, correlate",
        "three topics answered nearly alike by the same 430 people, averaged for their council",
        "95 % interval covers 93 % or more (it may be too long, never too short)",
        truth,
        0.93,
        1.0,
        hits,
        settings=AS_LARGE_SAMPLE,
    )


def checks_of_pools() -> tuple[Check, ...]:
    """Return the checks of this module, in the order of the page."""
    return (
        _pooled("pooled_three_councils", (2.0, 3.0, 4.0), ("ci_lower", "ci_upper")),
        _pooled("pooled_five_councils", (2.0, 2.5, 3.0, 3.5, 4.0), ("ci_lower", "ci_upper")),
        _pooled("dersimonian_laird_three", (2.0, 3.0, 4.0), ("ci_lower_dl", "ci_upper_dl"), must_fail=True),
        _pooled("dersimonian_laird_five", (2.0, 2.5, 3.0, 3.5, 4.0), ("ci_lower_dl", "ci_upper_dl"), must_fail=True),
        _average_of_topics(),
    )
