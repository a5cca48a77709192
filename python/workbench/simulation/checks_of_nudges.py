"""Checks of the nudges' effects: type I errors, intervals, permutations, families."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from workbench.simulation.changes import Change
from workbench.simulation.populations import (
    N_ITEMS,
    SHARES_OF_WEIGHTS,
    frame,
    index_of,
    related_topics,
    with_weights,
)
from workbench.simulation.promises import Batch, Check, covered, rejected

ARMS = ("none", "a", "b", "both")
# All surveys of a check are one family for the estimators, so a small headline p would need millions of permutations.
NO_FAMILY = Change("methods.resampling", "PERMUTATIONS_PER_TEST", 0)
FEW_PERMUTATIONS = (Change("methods.resampling", "PERMUTATIONS_OF_ARMS", 19), NO_FAMILY)
SOME_PERMUTATIONS = (Change("methods.resampling", "PERMUTATIONS_OF_ARMS", 99), NO_FAMILY)


def _experiment(arms: dict[str, tuple[int, np.ndarray]], batch: Batch, contrast_id: str = "a") -> pd.DataFrame:
    """Estimate one contrast of many experiments whose arms have (size, probabilities of 0, ..., N_ITEMS items)."""
    cells = pd.DataFrame({"n_positive": np.arange(N_ITEMS + 1), "n_answered": N_ITEMS})
    counts = pd.concat(
        [
            frame(cells, batch.random.multinomial(n, shares, size=batch.replications), batch.first, arm_id=arm_id)
            for arm_id, (n, shares) in arms.items()
        ]
    )
    effects = estimate_nudge_effects(counts.assign(outcome_id="individual_index"))
    is_asked = effects["contrast_id"].eq(contrast_id) & effects["model_id"].eq("dummies")
    return effects[is_asked].reset_index(drop=True)


NARROW, WIDE = index_of(0.5), index_of(0.5, spread=0.8)


def _type_one(name: str, arms: dict[str, tuple[int, np.ndarray]], plants: str) -> Check:
    return Check(
        name,
        "estimate_nudge_effects, dummies, p_value",
        plants,
        "type I error 4-6 %",
        0.0,
        0.04,
        0.06,
        lambda batch: rejected(_experiment(arms, batch)["p_value"]),
        settings=FEW_PERMUTATIONS,
    )


def _weighted_type_one() -> Check:
    cells = pd.DataFrame({"n_positive": np.arange(N_ITEMS + 1), "n_answered": N_ITEMS})
    cells = pd.concat([cells.assign(weight=weight) for weight in SHARES_OF_WEIGHTS], ignore_index=True)

    def hits(batch: Batch) -> np.ndarray:
        arms = []
        for arm_id, shares in {"none": NARROW, "a": WIDE}.items():
            probability = np.outer(list(SHARES_OF_WEIGHTS.values()), shares).ravel()
            drawn = batch.random.multinomial(100, probability, size=batch.replications)
            arms.append(frame(cells, drawn, batch.first, arm_id=arm_id))
        counts = pd.concat(arms, ignore_index=True).assign(outcome_id="individual_index")
        effects = estimate_nudge_effects(with_weights(counts, counts["weight"].to_numpy()))
        return rejected(effects.loc[effects["weighting_id"].eq("weighted"), "p_value"])

    return Check(
        "nudge_weighted",
        "estimate_nudge_effects, dummies, weighted, p_value",
        "no effect, the variance 5 times as large in the arm, weights with design effect 1.66; 100 per arm",
        "type I error 4-6 %",
        0.0,
        0.04,
        0.06,
        hits,
        settings=FEW_PERMUTATIONS,
    )


def _nudge_interval() -> Check:
    arms = {"none": (100, index_of(0.3, spread=0.2)), "a": (100, index_of(0.45, spread=0.5))}
    return Check(
        "nudge_interval",
        "estimate_nudge_effects, dummies",
        "an effect of 15 points, unequal variances; 100 per arm",
        "95 % interval covers 93-97 %",
        15.0,
        0.93,
        0.97,
        lambda batch: covered(_experiment(arms, batch), 15.0),
        settings=FEW_PERMUTATIONS,
    )


def _interaction() -> Check:
    means = {"none": 0.3, "a": 0.4, "b": 0.45, "both": 0.55}
    arms = {arm_id: (100, index_of(mean, spread=0.3)) for arm_id, mean in means.items()}
    return Check(
        "nudge_interaction",
        "estimate_nudge_effects, dummies, interaction",
        "effects of 10 and 15 points that add up, no interaction; 100 per arm",
        "type I error 4-6 %",
        0.0,
        0.04,
        0.06,
        lambda batch: rejected(_experiment(arms, batch, "interaction")["p_value"]),
        settings=FEW_PERMUTATIONS,
    )


def _randomisation() -> Check:
    arms = {arm_id: (n, index_of(0.25, spread=0.3)) for arm_id, n in zip(ARMS, (60, 30, 30, 40), strict=True)}
    return Check(
        "randomisation_p",
        "estimate_nudge_effects, dummies, p_value_randomisation",
        "no effect on anybody; arms of 60, 30, 30, 40 (99 permutations, to save time)",
        "type I error 4-6 %",
        0.0,
        0.04,
        0.06,
        lambda batch: rejected(_experiment(arms, batch)["p_value_randomisation"]),
        settings=SOME_PERMUTATIONS,
    )


def _holm_family() -> Check:
    """36 true null hypotheses: three arms and the control in twelve topics answered by the same 400 people."""
    n_topics, classes = 12, np.array([0.6, 0.4])
    yes = np.array([0.08, 0.55])

    def hits(batch: Batch) -> np.ndarray:
        counts = []
        for arm_id in ARMS:
            people = batch.random.multinomial(100, classes, size=batch.replications)
            for topic in range(n_topics):
                n_yes = batch.random.binomial(people, yes).sum(axis=1)
                cells = pd.DataFrame({"n_positive": [0, 1], "n_answered": 1})
                table = np.column_stack([100 - n_yes, n_yes])
                counts.append(frame(cells, table, batch.first, topic_id=f"topic_{topic:02d}", arm_id=arm_id))
        frames = pd.concat(counts, ignore_index=True)
        # A family is all effects of one outcome, so each replication is a separate outcome.
        frames["outcome_id"] = "individual_index_" + frames.pop("council_id").astype(str)
        effects = estimate_nudge_effects(frames.assign(council_id="simulated"))
        in_family = effects[effects["family_id"].notna()]
        if not in_family["n_family"].eq(3 * n_topics).all():
            raise ValueError("A family does not have 36 tests.")
        smallest = in_family.groupby("outcome_id", sort=True)["p_value_adjusted"].min()
        return rejected(smallest)

    return Check(
        "holm_family",
        "estimate_nudge_effects, dummies, p_value_adjusted",
        "no effects: 36 correlated tests, three arms in twelve topics of the same people; 100 per arm",
        "chance of any rejection at most 7 %",
        0.0,
        0.0,
        0.07,
        hits,
        settings=FEW_PERMUTATIONS,
    )


def _max_t() -> Check:
    """No effects on outcomes of four topics that the same people answer nearly alike."""
    population, topics = related_topics(n_topics=4, sameness=0.98)
    outcome_id = "collective_participation"
    is_yes = [(topic == 3).astype(int) for topic in topics]
    names = [f"topic_{place}" for place in range(len(topics))]
    profiles = [
        ";".join(f"environment/{name}/{outcome_id}={yes}/1" for name, yes in zip(names, cell, strict=True))
        for cell in np.column_stack(is_yes)
    ]

    def hits(batch: Batch) -> np.ndarray:
        counts, people = [], []
        for arm_id in ARMS:
            drawn = population.draw(60, batch.replications, batch.random)
            people.append(frame(pd.DataFrame({"outcomes": profiles}), drawn, batch.first, arm_id=arm_id))
            for name, yes in zip(names, is_yes, strict=True):
                cells = pd.DataFrame({"n_positive": yes, "n_answered": 1})
                keys = {"topic_id": name, "arm_id": arm_id, "outcome_id": outcome_id}
                counts.append(frame(cells, drawn, batch.first, **keys))
        effects = estimate_nudge_effects(pd.concat(counts), profiles=pd.concat(people))
        return rejected(effects.groupby("council_id", sort=True)["p_value_max_t_survey"].min())

    return Check(
        "max_t_survey",
        "estimate_nudge_effects, dummies, p_value_max_t_survey",
        "no effects: three arms in four topics that the same people answer nearly alike; 60 per arm "
        "(99 permutations, to save time)",
        "chance of any rejection 4-6 %",
        0.0,
        0.04,
        0.06,
        hits,
        settings=SOME_PERMUTATIONS,
    )


def checks_of_nudges() -> tuple[Check, ...]:
    """Return the checks of this module, in the order of the page."""
    return (
        _type_one(
            "nudge_equal_arms",
            {"none": (100, NARROW), "a": (100, WIDE)},
            "no effect, the variance 5 times as large in the arm; 100 per arm",
        ),
        _type_one(
            "nudge_unequal_arms",
            {"none": (100, NARROW), "a": (40, WIDE)},
            "no effect, the variance 5 times as large in the smaller arm; 100 and 40",
        ),
        _type_one(
            "nudge_small_arm",
            {"none": (200, index_of(0.5, spread=0.1)), "a": (6, index_of(0.5, spread=0.1))},
            "no effect; 200 without a nudge and 6 in the arm",
        ),
        _weighted_type_one(),
        _nudge_interval(),
        _interaction(),
        _randomisation(),
        _holm_family(),
        _max_t(),
    )
