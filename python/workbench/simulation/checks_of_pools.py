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

TRUTH = 4.0
THREE, FIVE = (2.0, 3.0, 4.0), (2.0, 2.5, 3.0, 3.5, 4.0)
INTERVALS = {
    "ci": ("REML with modified Hartung-Knapp", ("ci_lower", "ci_upper")),
    "ci_dl": ("DerSimonian-Laird with z", ("ci_lower_dl", "ci_upper_dl")),
    "prediction": ("prediction interval", ("prediction_lower", "prediction_upper")),
}


def _pooled_bounds(error: np.ndarray, between: float, columns: tuple[str, str], batch: Batch) -> pd.DataFrame:
    """Return one interval of each replication, of councils whose true effects (points) vary around TRUTH."""
    shape = (batch.replications, len(error))
    found = TRUTH + batch.random.normal(size=shape) * np.sqrt(error**2 + between**2)
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
    return estimate_pooled(councils)[list(columns)].set_axis(["ci_lower", "ci_upper"], axis="columns")


def _pooled(
    name: str, errors: tuple[float, ...], interval: str = "ci", between: float = 3.0, must_fail: bool = False
) -> Check:
    """An interval of the mean effect or, for a prediction, of the effect in one more council."""
    label, columns = INTERVALS[interval]
    is_prediction = interval == "prediction"

    def hits(batch: Batch) -> np.ndarray:
        bounds = _pooled_bounds(np.array(errors), between, columns, batch)
        if not is_prediction:
            return covered(bounds, TRUTH)
        further = TRUTH + between * batch.random.normal(size=batch.replications)
        return bounds["ci_lower"].le(further).to_numpy() & bounds["ci_upper"].ge(further).to_numpy()

    lower = 0.90 if is_prediction else 0.93
    spread = f"around 4 points with standard deviation {between:g}" if between else "all 4 points"
    return Check(
        name,
        f"estimate_pooled, {label}",
        f"{len(errors)} councils, true effects {spread}, standard errors {min(errors):g} to {max(errors):g}",
        f"covers {'a further council' if is_prediction else 'the mean'} in {lower:.0%} or more (it may be too long)",
        np.nan if is_prediction else TRUTH,
        lower,
        1.0,
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
        _pooled("pooled_three_councils", THREE),
        _pooled("pooled_five_councils", FIVE),
        _pooled("pooled_three_alike", THREE, between=0.0),
        _pooled("pooled_unequal_councils", (2.0, 6.0, 6.0, 6.0)),
        _pooled("prediction_three_councils", THREE, "prediction"),
        _pooled("prediction_five_councils", FIVE, "prediction"),
        _pooled("dersimonian_laird_three", THREE, "ci_dl", must_fail=True),
        _pooled("dersimonian_laird_five", FIVE, "ci_dl", must_fail=True),
        _average_of_topics(),
    )
