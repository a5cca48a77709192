"""The gates: what each estimator promises, and surveys with planted truth on which it must keep it.

A coverage gate counts how often the 95 % interval contains the truth; a gate of a type I error how often p <= 0.05
where nothing was planted. A draw without an interval or p counts as one that misses the truth, or does not reject.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.correlates.est_dont_know_sensitivity import estimate_dont_know_sensitivity
from coproduction.statistics.estimates.correlates.est_thresholds import estimate_thresholds
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.levels.est_outcome_gaps import estimate_outcome_gaps
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.estimates.pooling.est_pooled import (
    COUNCIL_TYPES,
    estimate_pooled,
    estimate_pooled_councils,
)
from coproduction.statistics.methods.randomisation import seed_of
from workbench.simulation.changes import Change, applied
from workbench.simulation.comparisons import fisher_interval, weighted_correlation
from workbench.simulation.populations import (
    CENTRED,
    N_ITEMS,
    SHARES_OF_WEIGHTS,
    Population,
    binary_outcome,
    frame,
    heteroscedastic_index,
    hidden_answers,
    homoscedastic_index,
    index_of,
    paired_outcomes,
    related,
    related_topics,
    replication_ids,
    weighted_answers,
    with_weights,
)

LEVEL = 0.05
# statistics.md section 8 states its bands for this number of replications.
STANDARD_REPLICATIONS = 2000
# The number on demand, and the one that decides where the standard number leaves doubt.
FULL_REPLICATIONS = 10_000
# More are drawn in parts, to bound memory.
REPLICATIONS_AT_ONCE = 2000

ARMS = ("none", "a", "b", "both")


class Batch(NamedTuple):
    """Some of a gate's replications: how many, the number of the first, and where the draws come from."""

    replications: int
    first: int
    random: np.random.Generator


@dataclass(frozen=True)
class Gate:
    """One promise of an estimator.

    `hits` draws a batch of surveys, estimates, and returns one truth value per replication; their share must lie
    between `lower` and `upper`, or must not where `must_fail`: a comparison that is known to be wrong. `truth` is the
    planted value, NaN where it is not one number. `settings` hold while the gate runs and are said in `plants`.
    """

    name: str
    estimator: str
    plants: str
    holds: str
    truth: float
    lower: float
    upper: float
    hits: Callable[[Batch], np.ndarray]
    must_fail: bool = False
    settings: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Result:
    """What a run of a gate found."""

    gate: Gate
    replications: int
    observed: float

    @property
    def monte_carlo_error(self) -> float:
        """Standard error of the observed share."""
        return float(np.sqrt(self.observed * (1 - self.observed) / self.replications))

    @property
    def band(self) -> tuple[float, float]:
        """The gate's band, wider where there are fewer replications than it is stated for.

        By 2.58 Monte Carlo standard errors of a 5 % share, less what the standard number of replications has already:
        otherwise a right estimator would fail by chance. Bounds of 0 and 1 have no chance in them.
        """
        numbers = (min(self.replications, STANDARD_REPLICATIONS), STANDARD_REPLICATIONS)
        here, standard = (2.58 * np.sqrt(LEVEL * (1 - LEVEL) / number) for number in numbers)
        lower, upper = self.gate.lower, self.gate.upper
        return (
            lower if lower in (0, 1) else max(0.0, lower - here + standard),
            upper if upper in (0, 1) else min(1.0, upper + here - standard),
        )

    @property
    def is_inside(self) -> bool:
        """Whether the observed share lies in the band."""
        return self.band[0] <= self.observed <= self.band[1]

    @property
    def is_as_it_must_be(self) -> bool:
        """Whether a promise was kept, or a known fault found."""
        return self.is_inside != self.gate.must_fail

    @property
    def verdict(self) -> str:
        """In words: `holds`, `FAILS`, `fails, as it must`, `HOLDS, and must not`."""
        if self.gate.must_fail:
            return "HOLDS, and must not" if self.is_inside else "fails, as it must"
        return "holds" if self.is_inside else "FAILS"


def run(gate: Gate, replications: int = STANDARD_REPLICATIONS, changes: tuple[Change, ...] = ()) -> Result:
    """Run a gate on that many surveys; the same number gives the same result on every machine.

    Args:
        gate: the gate.
        replications: surveys to draw.
        changes: mutations that hold while it runs.

    """
    n_hits = 0
    for first in range(0, replications, REPLICATIONS_AT_ONCE):
        number = min(REPLICATIONS_AT_ONCE, replications - first)
        batch = Batch(number, first, np.random.default_rng(seed_of((gate.name, first))))
        with applied([*gate.settings, *changes]):
            hits = gate.hits(batch)
        if hits.shape != (number,):
            raise ValueError(f"{gate.name}: {hits.shape} instead of one truth value for each of {number} surveys.")
        n_hits += int(hits.sum())
    return Result(gate, replications, n_hits / replications)


def run_until_sure(gate: Gate, replications: int = STANDARD_REPLICATIONS) -> Result:
    """Run a gate, and once more on FULL_REPLICATIONS surveys if it fails on fewer; the larger run counts.

    At 2,000 surveys the band of a type I error is two Monte Carlo standard errors wide on each side: one right
    estimator in twenty falls outside. At 10,000 it is four and a half.
    """
    result = run(gate, replications)
    if result.is_as_it_must_be or replications >= FULL_REPLICATIONS:
        return result
    return run(gate, FULL_REPLICATIONS)


def covered(estimates: pd.DataFrame, truth: float | np.ndarray) -> np.ndarray:
    """Whether each interval contains the truth; false without an interval."""
    return (estimates["ci_lower"].to_numpy() <= truth) & (truth <= estimates["ci_upper"].to_numpy())


def rejected(p_values: pd.Series) -> np.ndarray:
    """Whether each p is at most 0.05; false without a p."""
    return p_values.to_numpy() <= LEVEL


# ---- correlates

AS_LARGE_SAMPLE = (Change("correlates", "is_small", lambda crosstab: False),)


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


def _linearised(name: str, population: Population, n: int, plants: str) -> Gate:
    truth = population.correlation(*_answers(population))
    return Gate(
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


def _plain_fisher(name: str, population: Population, n: int, plants: str, must_fail: bool) -> Gate:
    x, y = _answers(population)
    truth = population.correlation(x, y)

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(n, batch.replications, batch.random)
        lower, upper = fisher_interval(*weighted_correlation(drawn, np.ones(len(x)), x, y)[:2])
        return (lower <= truth) & (truth <= upper)

    return Gate(
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


def _weighted_fisher(name: str, must_fail: bool) -> Gate:
    population, weight = weighted_answers()
    x, y = _answers(population)
    truth = population.correlation(x, y)

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(600, batch.replications, batch.random)
        r, n, n_effective = weighted_correlation(drawn, weight, x, y)
        lower, upper = fisher_interval(r, n if must_fail else n_effective)
        return (lower <= truth) & (truth <= upper)

    size = "the raw number of respondents" if must_fail else "Kish's effective number"
    return Gate(
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


def _weighted_linearised() -> Gate:
    population, weight = weighted_answers()
    truth = population.correlation(*_answers(population))

    def hits(batch: Batch) -> np.ndarray:
        cells, drawn = population.cells.assign(weight=weight), population.draw(600, batch.replications, batch.random)
        keys = {"construct_id": "satisfaction_response", "outcome_id": "individual_index"}
        counts = frame(cells, drawn, batch.first, **keys)
        estimates = estimate_correlates(with_weights(counts, counts["weight"].to_numpy()))
        return covered(estimates[estimates["weighting_id"].eq("weighted")], truth)

    return Gate(
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


def _spearman() -> Gate:
    population = homoscedastic_index()
    truth = population.correlation(*(population.ranks(values) for values in _answers(population)))
    return Gate(
        "spearman_interval",
        "estimate_correlates, spearman",
        "index that spreads alike, five answers; 430 respondents",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        lambda batch: covered(_correlate(population, 430, batch, "spearman"), truth),
    )


def _permuted_correlation() -> Gate:
    population = related(CENTRED, lambda answer: index_of(0.3, spread=0.3))
    return Gate(
        "small_sample_permutation",
        "estimate_correlates, pearson",
        "no correlation, 60 respondents: permutation p (199 permutations, to save time)",
        "type I error 4-6 %",
        0.0,
        0.04,
        0.06,
        lambda batch: rejected(_correlate(population, 60, batch)["p_value"]),
        settings=(Change("small_samples", "N_PERMUTATIONS", 199), Change("small_samples", "N_RESAMPLES", 99)),
    )


def _dont_know(name: str, hidden: str, meant: Callable[[pd.DataFrame], object], columns: tuple[str, str]) -> Gate:
    """Don't Know sensitivity against the r of the same people with the answers that they kept to themselves."""
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
    return Gate(
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


def _threshold() -> Gate:
    population = related(CENTRED, lambda answer: index_of(0.5 + 0.06 * (answer - 3)))

    def hits(batch: Batch) -> np.ndarray:
        keys = {"construct_id": "satisfaction_response", "outcome_id": "individual_index"}
        drawn = population.draw(430, batch.replications, batch.random)
        return rejected(estimate_thresholds(frame(population.cells, drawn, batch.first, **keys))["p_value"])

    return Gate(
        "threshold_size",
        "estimate_thresholds, p_value",
        "a straight line and no threshold, five answers; 430 respondents (199 permutations, to save time)",
        "type I error 3.6-6.2 %",
        0.0,
        0.036,
        0.062,
        hits,
        settings=(
            Change("thresholds", "MOST_PERMUTATIONS", 199),
            Change("thresholds", "PERMUTATIONS_AT_ONCE", 199),
            Change("thresholds", "POWER_DRAWS", 100),
        ),
    )


# ---- levels and gaps


def _level(name: str, n: int, shares: np.ndarray, measure_id: str, plants: str, changes: str) -> Gate:
    n_items = len(shares) - 1
    cells = pd.DataFrame({"n_positive": np.arange(n_items + 1), "n_answered": n_items})
    population = Population(cells, shares)
    truth = population.mean(np.arange(n_items + 1) / n_items)
    keys = {"measure_id": measure_id, "breakdown_id": "all", "breakdown_value": "all"}

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(n, batch.replications, batch.random)
        return covered(estimate_levels(frame(cells, drawn, batch.first, **keys)), truth)

    return Gate(
        name,
        f"estimate_levels, {changes}",
        f"{plants}; {n} respondents",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        hits,
    )


def _gap() -> Gate:
    population = paired_outcomes()
    cells = population.cells
    truth = population.mean((cells["n_positive"] / cells["n_answered"] - cells["collective_participation"]).to_numpy())

    def hits(batch: Batch) -> np.ndarray:
        drawn = population.draw(430, batch.replications, batch.random)
        return covered(estimate_outcome_gaps(frame(cells, drawn, batch.first)), truth)

    return Gate(
        "paired_gap",
        "estimate_outcome_gaps",
        "individual index and collective participation of the same people, correlated; 430 respondents",
        "95 % interval covers 93-97 %",
        truth,
        0.93,
        0.97,
        hits,
        settings=(Change("gaps", "N_SIGN_FLIPS", 19),),
    )


# ---- nudges

FEW_PERMUTATIONS = (Change("randomisation", "N_PERMUTATIONS", 19), Change("nudges", "N_PERMUTATIONS", 19))
SOME_PERMUTATIONS = (Change("randomisation", "N_PERMUTATIONS", 99), Change("nudges", "N_PERMUTATIONS", 99))


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


def _type_one(name: str, arms: dict[str, tuple[int, np.ndarray]], plants: str) -> Gate:
    return Gate(
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


def _weighted_type_one() -> Gate:
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

    return Gate(
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


def _nudge_interval() -> Gate:
    arms = {"none": (100, index_of(0.3, spread=0.2)), "a": (100, index_of(0.45, spread=0.5))}
    return Gate(
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


def _interaction() -> Gate:
    means = {"none": 0.3, "a": 0.4, "b": 0.45, "both": 0.55}
    arms = {arm_id: (100, index_of(mean, spread=0.3)) for arm_id, mean in means.items()}
    return Gate(
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


def _randomisation() -> Gate:
    arms = {arm_id: (n, index_of(0.25, spread=0.3)) for arm_id, n in zip(ARMS, (60, 30, 30, 40), strict=True)}
    return Gate(
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


def _holm_family() -> Gate:
    """36 nulls: three arms against none in twelve topics answered by the same 400 people."""
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
        # A family is all effects of one outcome, so each replication is an outcome of its own.
        frames["outcome_id"] = "individual_index_" + frames.pop("council_id").astype(str)
        effects = estimate_nudge_effects(frames.assign(council_id="simulated"))
        in_family = effects[effects["family_id"].notna()]
        if not in_family["n_family"].eq(3 * n_topics).all():
            raise ValueError("A family does not have 36 tests.")
        smallest = in_family.groupby("outcome_id", sort=True)["p_value_adjusted"].min()
        return rejected(smallest)

    return Gate(
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


def _max_t() -> Gate:
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

    return Gate(
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


# ---- pooling


def _pooled(name: str, errors: tuple[float, ...], columns: tuple[str, str], must_fail: bool = False) -> Gate:
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
        ).reindex(columns=list(COUNCIL_TYPES))
        pooled = estimate_pooled(councils)
        bounds = pooled[list(columns)].set_axis(["ci_lower", "ci_upper"], axis="columns")
        return covered(bounds, truth)

    interval = "REML with Hartung-Knapp" if not must_fail else "DerSimonian-Laird with z"
    return Gate(
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


def _average_of_topics() -> Gate:
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
        nothing = pd.DataFrame(columns=[*COUNCIL_TYPES, "model_id", "breakdown_id", "n_arm", "n_control"])
        councils = estimate_pooled_councils(correlates, nothing, nothing)
        return covered(councils[councils["theme_id"].eq("environment")], truth)

    return Gate(
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


def _gates() -> tuple[Gate, ...]:
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
        _level("level_mean", 430, index_of(0.25, spread=0.3), "individual_index", "index of mean 25 %", "mean"),
        _level("level_mean_small", 6, index_of(0.5, n_items=12), "individual_index", "index of mean 50 %", "mean"),
        _level("level_proportion", 430, index_of(0.13, n_items=1), "collective_participation", "13 % yes", "wilson"),
        _level("level_rare", 40, index_of(0.05, n_items=1), "collective_participation", "5 % yes", "wilson"),
        _gap(),
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
        _pooled("pooled_three_councils", (2.0, 3.0, 4.0), ("ci_lower", "ci_upper")),
        _pooled("pooled_five_councils", (2.0, 2.5, 3.0, 3.5, 4.0), ("ci_lower", "ci_upper")),
        _pooled("dersimonian_laird_three", (2.0, 3.0, 4.0), ("ci_lower_dl", "ci_upper_dl"), must_fail=True),
        _pooled("dersimonian_laird_five", (2.0, 2.5, 3.0, 3.5, 4.0), ("ci_lower_dl", "ci_upper_dl"), must_fail=True),
        _average_of_topics(),
    )


GATES = {gate.name: gate for gate in _gates()}
