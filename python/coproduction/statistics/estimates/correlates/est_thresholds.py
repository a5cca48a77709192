"""Thresholds: whether an outcome has a step between two answers in addition to a straight line. Associations only."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.levels.est_answer_levels import MOST_ANSWERS
from coproduction.statistics.methods.counts import (
    COUNT,
    COUNT_OR_NULL,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import SIGNIFICANCE
from coproduction.statistics.methods.moments import NO_SQUARES
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, adjust, threshold_families
from coproduction.statistics.methods.registration import CORRELATE, family_sizes, study_ids
from coproduction.statistics.methods.resampling import AS_EXTREME, permutations_for, random_tables, seed_of

# Permutations of a threshold, or 400 for each threshold of its outcome if these are more.
MOST_PERMUTATIONS = 4999
# Permutations stop at the 100th that is as extreme, where the relative error of p is about a tenth.
ENOUGH_AS_EXTREME = 100
PERMUTATIONS_AT_ONCE = 125
# A cut needs at least this share of the respondents on each side.
SMALLEST_SIDE = 0.1
# Respondents on the smaller side of a cut, for each unit of the kurtosis of the residuals, from which the permuted sums
# are normal. For a rare yes, that is a hundred yes on the smaller side.
ENOUGH_FOR_NORMAL = 100
FEWEST_ANSWERS = 3
# The step whose power is printed, on the 0-1 scale of the outcomes.
STEP = 0.15
POWER_DRAWS = 4000

GROUP = (*KEYS, "construct_id", "outcome_id")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_cuts": COUNT,
    "threshold": NUMBER,
    "estimate": NUMBER,
    "statistic": NUMBER,
    "p_value": NUMBER,
    "n_permutations": COUNT_OR_NULL,
    "monte_carlo_error": NUMBER,
    "p_value_adjusted": NUMBER,
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "power_15_points": NUMBER,
    "reason": TEXT,
}


def estimate_thresholds(counts: pd.DataFrame, studies: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the answer above which the outcome has its largest step, and the probability of such a step by chance.

    For each cut c between two answers, with at least SMALLEST_SIDE of the respondents on each side:

        outcome = a + b * score + step * 1[score > c]        F_c = gain in sum of squares / (residual / (n-3))

    `statistic` is sup-F, the largest F_c; `threshold` and `estimate` are its c and its step (0-1 scale). The step is
    the largest of several, so it has no interval: it is too large on average. p_value is Freedman and Lane's: the
    residuals of outcome = a + b * score are permuted over the respondents, sup-F computed anew, and those at least as
    large counted, up to MOST_PERMUTATIONS or 400 for each threshold of its family (outcome and study); after
    ENOUGH_AS_EXTREME as large ones the permutations stop (Besag and Clifford: then p = 100 / their number, else (1 +
    count) / (1 + number)). monte_carlo_error is sqrt(p*(1-p)/n_permutations). The seed is a hash of the group's keys. A
    permutation needs only the sum of residuals per answer, which in large surveys is drawn from its normal limit.
    power_15_points is the probability that this test finds a true step of 15 points at its best-placed cut, from the
    normal limit of sup-F with the observed residual variance (Monte Carlo error 0.008): every p that is not small must
    be read together with it. p_value_adjusted is Benjamini and Hochberg's over the thresholds of outcome and study.

    Args:
        counts: rows of cnt_correlates: council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, n_positive,
            n_answered, answer_kind, score, n_respondents.
        studies: council_id, wave_id, study_id: the surveys of each study (registration.study_ids). None: one study.

    Returns:
        One row per council, wave, theme, topic, construct and outcome, sorted by them. `reason` says why there is no
        test: a correlate with fewer than FEWEST_ANSWERS or more than MOST_ANSWERS distinct scores has none.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: for one cut `anova(lm(y ~ x), lm(y ~ x + I(x > c)))$F[2]`.
    Sources: Andrews 1993, Econometrica 61:821 (sup-F); Freedman and Lane 1983, JBES 1:292; Besag and Clifford 1991,
    Biometrika 78:301.

    """
    cells = read_counts(counts, text=(*GROUP, "answer_kind"), numbers=("n_positive", "n_answered", "score"))
    groups, group = number_groups(cells, GROUP)
    bounds = np.searchsorted(group, np.arange(len(groups) + 1))
    is_pair = (cells["answer_kind"].eq("valid") & cells["score"].notna()).to_numpy(bool)
    score, outcome, count = cells["score"].to_numpy(), outcome_values(cells), cells["n_respondents"].to_numpy()
    is_pair = is_pair & ~np.isnan(outcome)
    normal = np.random.default_rng(0).standard_normal((POWER_DRAWS, MOST_ANSWERS))
    n_tests = family_sizes(groups, CORRELATE, studies)
    rows = []
    keys = groups.itertuples(index=False, name=None)
    for key, n, (start, end) in zip(keys, n_tests, pairwise(bounds), strict=True):
        here = np.arange(start, end)[is_pair[start:end]]
        most = permutations_for(n, MOST_PERMUTATIONS)
        rows.append(_threshold(score[here], outcome[here], count[here], seed_of("threshold", *key), normal, most))
    thresholds = groups.join(pd.DataFrame(rows, columns=[name for name in TYPES if name not in GROUP], dtype=object))
    thresholds = typed(thresholds, TYPES).assign(weighting_id=UNWEIGHTED)
    thresholds["family_id"] = threshold_families(thresholds)
    return typed(adjust(thresholds, "p_value", BENJAMINI_HOCHBERG, study_ids(thresholds, studies)), TYPES)


@dataclass(frozen=True)
class Design:
    """The cuts of one correlate: everything that sup-F needs except the residuals.

    With L answers and C cuts: `n` and `x` (L: respondents, scores minus their mean), `cut` (C: scores), `step` (C x L:
    1[score > c] minus its regression on 1 and x), `size` (C: sum of squares of each step over the respondents).
    """

    n: np.ndarray
    x: np.ndarray
    cut: np.ndarray
    step: np.ndarray
    size: np.ndarray


def design_of(score: np.ndarray, n: np.ndarray) -> Design:
    """Build the cuts between the distinct scores, sorted, that n respondents each gave."""
    total = n.sum()
    x = score - (n * score).sum() / total
    above = (score[None, :] > score[:-1, None]).astype(NUMBER)
    share = (above * n).sum(axis=1) / total
    centred = above - share[:, None]
    step = centred - ((centred * n * x).sum(axis=1) / (n * x**2).sum())[:, None] * x
    size = (n * step**2).sum(axis=1)
    is_cut = (np.minimum(share, 1 - share) >= SMALLEST_SIDE - NO_SQUARES) & (size > NO_SQUARES * total)
    return Design(n, x, score[:-1][is_cut], step[is_cut], size[is_cut])


def f_statistics(design: Design, sums: np.ndarray, squares: float) -> np.ndarray:
    """F of each cut from the sum of the residuals of each answer.

    Args:
        design: the cuts.
        sums: sums of residuals per answer, shape (..., L), that add up to 0.
        squares: sum of the squared residuals, the same for every permutation.

    Returns:
        F, shape (..., C), with 1 and n-3 degrees of freedom for each cut by itself.

    """
    gain = (sums @ design.step.T) ** 2 / design.size
    straight = squares - (sums @ design.x) ** 2 / (design.n * design.x**2).sum()
    left = np.maximum(straight[..., None] - gain, NO_SQUARES * squares)
    return gain / left * (design.n.sum() - 3)


def permuted_sums(
    n: np.ndarray, residual: np.ndarray, count: np.ndarray, random: np.random.Generator
) -> Iterator[np.ndarray]:
    """Sums of residuals per answer under random permutations of the residuals over the respondents, in batches.

    Small surveys are shuffled. In large ones the sums are drawn from their normal limit, which has the same means,
    variances and covariances, and whose cost depends on the number of answers alone. Where an outcome is too rare for
    the limit, the numbers of each distinct residual per answer are drawn from the multivariate hypergeometric
    distribution, which is equivalent to shuffling.

    Args:
        n: respondents per answer (L).
        residual: distinct residuals.
        count: respondents with each residual.
        random: the source of randomness.

    Yields:
        Arrays of shape (PERMUTATIONS_AT_ONCE, L), as many as the caller reads.

    Source: Hoeffding 1951, Annals of Mathematical Statistics 22:558 (the normal limit).

    """
    if are_sums_normal(residual, count):
        yield from normal_sums(n, residual, count, random)
    starts = np.concatenate([[0], np.cumsum(n)[:-1]]).astype(np.int64)
    is_small = n.sum() <= 25 * len(residual) * len(n)
    everyone = np.repeat(residual, count)[None, :].repeat(PERMUTATIONS_AT_ONCE, axis=0) if is_small else None
    while True:
        if everyone is not None:
            random.permuted(everyone, axis=1, out=everyone)
            yield np.add.reduceat(everyone, starts, axis=1)
        else:
            yield (random_tables(n, count, PERMUTATIONS_AT_ONCE, random) @ residual).T


def are_sums_normal(residual: np.ndarray, count: np.ndarray) -> bool:
    """Whether permuted sums have reached their normal limit.

    The error of the limit is about the kurtosis of the residuals divided by the respondents on the smaller side of a
    cut, at least SMALLEST_SIDE of all. Below 1 in ENOUGH_FOR_NORMAL it is smaller than the Monte Carlo error of p.
    """
    deviation = residual - (count * residual).sum() / count.sum()
    kurtosis = count.sum() * (count * deviation**4).sum() / (count * deviation**2).sum() ** 2
    return bool(SMALLEST_SIDE * count.sum() >= ENOUGH_FOR_NORMAL * kurtosis)


def normal_sums(
    n: np.ndarray, residual: np.ndarray, count: np.ndarray, random: np.random.Generator
) -> Iterator[np.ndarray]:
    """Draw sums of residuals per answer from a normal distribution with the moments of `permuted_sums`, in batches.

    E S_a = n_a * mean      Cov(S_a, S_b) = squares / (N-1) * (n_a * 1[a = b] - n_a * n_b / N)
    """
    total = n.sum()
    mean = (count * residual).sum() / total
    deviation = np.sqrt((count * (residual - mean) ** 2).sum() / (total - 1))
    while True:
        independent = random.standard_normal((PERMUTATIONS_AT_ONCE, len(n))) * np.sqrt(n)
        yield n * mean + deviation * (independent - independent.sum(axis=1, keepdims=True) * (n / total))


def sequential_p_value(observed: float, statistics: Iterator[np.ndarray], most: int) -> tuple[float, int]:
    """Permutation p that stops when enough statistics were at least as large as the observed one.

    Args:
        observed: the statistic of the survey.
        statistics: batches of permuted statistics.
        most: how many of them are read at most.

    Returns:
        ENOUGH_AS_EXTREME / (number of permutations up to that one), or (1 + count) / (1 + most) if there are fewer as
        large; and the number of permutations. Never 0.

    """
    n_done, n_extreme = 0, 0
    while n_done < most:
        batch = next(statistics)[: most - n_done]
        places = np.flatnonzero(batch >= observed * (1 - AS_EXTREME))
        if n_extreme + len(places) >= ENOUGH_AS_EXTREME:
            n_done += int(places[ENOUGH_AS_EXTREME - n_extreme - 1]) + 1
            return ENOUGH_AS_EXTREME / n_done, n_done
        n_extreme += len(places)
        n_done += len(batch)
    return (1 + n_extreme) / (1 + n_done), n_done


def power_of_step(design: Design, variance: float, step: float, normal: np.ndarray) -> float:
    """Probability that sup-F finds a step at its best-placed cut at the 5 % level, in the normal limit.

    Args:
        design: the cuts.
        variance: of the residuals.
        step: the true step, in the outcome's unit.
        normal: standard normal draws, shape (draws, L or more).

    """
    sums = normal[:, : len(design.n)] * np.sqrt(design.n)
    z = sums @ design.step.T / np.sqrt(design.size)
    critical = np.quantile((z**2).max(axis=1), 1 - SIGNIFICANCE)
    best = int(np.argmax(design.size))
    shift = step / np.sqrt(variance) * (design.step * design.n) @ design.step[best] / np.sqrt(design.size)
    return float((((z + shift) ** 2).max(axis=1) > critical).mean())


def _threshold(
    score: np.ndarray, outcome: np.ndarray, count: np.ndarray, seed: int, normal: np.ndarray, most: int
) -> dict[str, Any]:
    answers, answer = np.unique(score, return_inverse=True)
    n = np.bincount(answer, weights=count, minlength=len(answers))
    row = {"n_respondents": int(n.sum()), "n_cuts": 0}
    if len(answers) < FEWEST_ANSWERS:
        return row | {"reason": f"fewer than {FEWEST_ANSWERS} different answers: no threshold beyond a straight line"}
    if len(answers) > MOST_ANSWERS:
        return row | {"reason": f"more than {MOST_ANSWERS} different answers: not a scale of answers"}
    if np.ptp(outcome) == 0:
        return row | {"reason": "the outcome does not vary"}
    design = design_of(answers, n)
    row["n_cuts"] = len(design.cut)
    if not len(design.cut):
        return row | {"reason": "no cut has a tenth of the respondents on each side"}
    if n.sum() < 10:
        return row | {"reason": "fewer than 10 respondents with both answers"}
    mean = (count * outcome).sum() / n.sum()
    slope = (count * design.x[answer] * (outcome - mean)).sum() / (n * design.x**2).sum()
    residual = outcome - mean - slope * design.x[answer]
    squares = float((count * residual**2).sum())
    if squares <= NO_SQUARES * float((count * (outcome - mean) ** 2).sum()):
        return row | {"reason": "the outcome is a straight line of the answers"}
    sums = np.bincount(answer, weights=count * residual, minlength=len(answers))
    of_cuts = f_statistics(design, sums, squares)
    best = int(np.argmax(of_cuts))
    observed = float(of_cuts[best])
    permuted = (
        f_statistics(design, batch, squares).max(axis=-1)
        for batch in permuted_sums(n.astype(np.int64), residual, count, np.random.default_rng(seed))
    )
    p_value, n_permutations = sequential_p_value(observed, permuted, most)
    return row | {
        "threshold": design.cut[best],
        "estimate": float(sums @ design.step[best] / design.size[best]),
        "statistic": observed,
        "p_value": p_value,
        "n_permutations": n_permutations,
        "monte_carlo_error": float(np.sqrt(p_value * (1 - p_value) / n_permutations)),
        "power_15_points": power_of_step(design, squares / (n.sum() - 2), STEP, normal),
        "reason": None,
    }
