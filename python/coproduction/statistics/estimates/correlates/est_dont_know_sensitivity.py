"""Don't Know: would the sign of the correlation change if the respondents who do not know had answered?"""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import (
    COUNT,
    KEYS,
    NUMBER,
    TEXT,
    TRUTH_OR_NULL,
    UNWEIGHTED,
    first_reason,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.moments import ROUNDING, Correlation, correlation, sums

GROUP = (*KEYS, "construct_id", "outcome_id")
# The search for the worst case ends when no group's r changes by more. It takes few steps unless almost all respondents
# answer Don't Know.
PRECISION = 1e-12
MAXIMUM_STEPS = 2000
CODINGS = ("r_lowest", "r_middle", "r_highest")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_dont_know": COUNT,
    "dont_know_share": NUMBER,
    "estimate": NUMBER,
    "r_dont_know": NUMBER,
    "r_lowest": NUMBER,
    "r_middle": NUMBER,
    "r_highest": NUMBER,
    "r_smallest": NUMBER,
    "r_largest": NUMBER,
    "r_bound_lower": NUMBER,
    "r_bound_upper": NUMBER,
    "is_sign_stable": TRUTH_OR_NULL,
    "verdict": TEXT,
    "reason": TEXT,
}


def estimate_dont_know_sensitivity(counts: pd.DataFrame) -> pd.DataFrame:
    """Pearson's r of every outcome with every correlate under four codings of Don't Know.

        estimate     pairs with Don't Know are left out (the r of estimate_correlates)
        r_lowest     Don't Know scored as the lowest answer that occurs in the group, with or without outcome
        r_middle     halfway between the lowest and the highest
        r_highest    as the highest
        r_dont_know  r of the outcome with the flag 1 = Don't Know, 0 = valid answer with a score

    r_smallest and r_largest are the smallest and the largest of the first four, in which all Don't Knows have the same
    coding. r_bound_lower and r_bound_upper are the worst case: the smallest and largest r that is possible if each
    respondent who does not know had an answer anywhere between the lowest and the highest answer
    (`largest_correlation`). Pairs with refused, blank or other missing answers are left out under every coding.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, n_positive, n_answered (null or 0: no
            outcome), answer_kind, score (null unless valid), n_respondents. Each respondent of a group is in one row.

    Returns:
        One row per council, wave, theme, topic, construct and outcome, sorted by them. All r are -1 to 1, and
        `dont_know_share` is 0-1. `n_respondents` counts respondents with both answers, `n_dont_know` those with an
        outcome and Don't Know; `dont_know_share` is over all respondents of the group, as in estimate_correlates.
        `is_sign_stable` is true where the r of all four codings are above 0 or all are below 0; `verdict` is the same
        as a text: `no Don't Know`, `sign stable`, `sign depends on Don't Know`. Without an estimate both are null and
        `reason` says why; where only r_dont_know is missing (nobody or everybody answers Don't Know), it is NaN without
        a reason.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `x[is.na(x) & dont_know] <- min(x, na.rm = TRUE); cor(x, y, use = "complete.obs")`. The bounds: `optim` with
    method "L-BFGS-B" over the missing answers.
    Source of the idea of the bounds: Horowitz and Manski 2000, JASA 95:77.

    """
    cells = read_counts(counts, text=(*GROUP, "answer_kind"), numbers=("n_positive", "n_answered", "score"))
    groups, group = number_groups(cells, GROUP)
    n_groups = len(groups)
    respondents, outcome = cells["n_respondents"].to_numpy(), outcome_values(cells)
    score = cells["score"].where(cells["answer_kind"].eq("valid")).to_numpy()
    is_dont_know = cells["answer_kind"].eq("dont_know").to_numpy()
    is_valid = ~np.isnan(score)
    lowest, highest = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(lowest, group[is_valid], score[is_valid])
    np.maximum.at(highest, group[is_valid], score[is_valid])
    lowest, highest = (np.where(np.isfinite(end), end, np.nan) for end in (lowest, highest))

    def correlate(values: np.ndarray) -> Correlation:
        """Correlate the outcome with one value per cell; cells without a value are left out."""
        here = ~np.isnan(values) & ~np.isnan(outcome)
        return correlation(group[here], n_groups, respondents[here], values[here], outcome[here])

    def read_as(scores: np.ndarray) -> np.ndarray:
        return correlate(np.where(is_dont_know, scores[group], score)).estimate

    observed = correlate(score)
    readings = dict(zip(CODINGS, map(read_as, (lowest, (lowest + highest) / 2, highest)), strict=True))
    readings = {name: np.where(np.isnan(observed.estimate), np.nan, r) for name, r in readings.items()}
    here = (is_valid | is_dont_know) & ~np.isnan(outcome) & ~np.isnan(observed.estimate)[group]
    people = (group[here], n_groups, respondents[here])
    answers = (np.where(is_dont_know, np.nan, score)[here], outcome[here], lowest, highest)
    together = np.array([observed.estimate, *readings.values()])
    n_dont_know = sums(group, n_groups, respondents * (is_dont_know & ~np.isnan(outcome)))
    verdict, is_stable = _verdict(together, n_dont_know)
    return typed(
        groups.assign(
            weighting_id=UNWEIGHTED,
            n_respondents=observed.n,
            n_dont_know=n_dont_know,
            dont_know_share=dont_know_share(cells, group, n_groups),
            estimate=observed.estimate,
            r_dont_know=correlate(np.where(is_dont_know, 1.0, np.where(is_valid, 0.0, np.nan))).estimate,
            **readings,
            r_smallest=together.min(axis=0),
            r_largest=together.max(axis=0),
            r_bound_lower=-largest_correlation(*people, answers[0], -answers[1], *answers[2:]),
            r_bound_upper=largest_correlation(*people, *answers),
            is_sign_stable=is_stable,
            verdict=verdict,
            reason=first_reason(
                [observed.n < 3, observed.is_constant_x, observed.is_constant_y],
                [
                    "fewer than 3 respondents with both answers",
                    "the correlate does not vary",
                    "the outcome does not vary",
                ],
                default=None,
            ),
        ),
        TYPES,
    )


def largest_correlation(
    group: np.ndarray,
    n_groups: int,
    count: np.ndarray,
    score: np.ndarray,
    outcome: np.ndarray,
    lowest: np.ndarray,
    highest: np.ndarray,
) -> np.ndarray:
    """Largest possible Pearson's r of each group if missing scores lie between its lowest and highest score.

    With d = y - mean(y), r is N/(D*s_y), N = mean(x*d) linear and D the standard deviation of x. Where r can be
    positive, its maximum has x = c + D^2/N * d within the ends, c the mean of x; using that as the next x never lowers
    r, and there is no other maximum. Where even the best N is negative, the maximum is at a corner: each missing score
    is the lowest or the highest, and the respondents with the largest y have the highest.

    Args:
        group: number of each cell's group.
        n_groups: how many groups there are.
        count: respondents in each cell.
        score: x of each cell, NaN where it is missing.
        outcome: y of each cell.
        lowest: lowest possible score of each group.
        highest: highest possible score of each group.

    Returns:
        One r per group; NaN for a group without cells.

    """
    is_missing = np.isnan(score)
    n = np.where((size := sums(group, n_groups, count)) > 0, size, np.nan)

    def mean(values: np.ndarray) -> np.ndarray:
        return sums(group, n_groups, count * values) / n

    deviation = outcome - mean(outcome)[group]
    spread = np.sqrt(mean(deviation**2))
    x = np.where(is_missing, np.where(deviation > 0, highest[group], lowest[group]), score)
    can_be_positive = mean(x * deviation) > 0
    r = np.full(n_groups, np.nan)
    for _ in range(MAXIMUM_STEPS):
        centre, product = mean(x), mean(x * deviation)
        variance = mean((x - centre[group]) ** 2)
        before, r = r, np.clip(product / np.sqrt(variance) / spread, -1, 1)
        if not (can_be_positive & ~(np.abs(r - before) < PRECISION)).any():
            break
        slope = variance / np.where(can_be_positive, product, np.nan)
        best = np.clip(centre[group] + slope[group] * deviation, lowest[group], highest[group])
        x = np.where(is_missing & can_be_positive[group], best, x)
    for place in np.flatnonzero(~can_be_positive & (size > 0)):
        here = group == place
        cells = (count[here], score[here], deviation[here])
        r[place] = _largest_at_corners(*cells, lowest[place], highest[place]) / spread[place]
    return r


def _largest_at_corners(
    count: np.ndarray, score: np.ndarray, deviation: np.ndarray, lowest: float, highest: float
) -> float:
    """Largest N/D if each missing score is lowest or highest: one candidate per number of people at the highest."""
    is_missing = np.isnan(score)
    n, known = count.sum(), np.where(is_missing, lowest, score)
    order = np.argsort(-deviation[is_missing], kind="stable")
    of_raised = np.repeat(deviation[is_missing][order], count[is_missing][order])
    n_raised = np.arange(len(of_raised) + 1)
    width = highest - lowest
    product = (count @ (known * deviation) + width * np.concatenate([[0], np.cumsum(of_raised)])) / n
    centre = count @ known / n + width * n_raised / n
    squares = count @ known**2 / n + (highest**2 - lowest**2) * n_raised / n
    return float((product / np.sqrt(squares - centre**2)).max())


def dont_know_share(cells: pd.DataFrame, group: np.ndarray, n_groups: int) -> np.ndarray:
    """Share of Don't Know among the valid and Don't Know answers of each group; NaN where nobody gave either."""
    respondents, kind = cells["n_respondents"].to_numpy(), cells["answer_kind"]
    n_valid = sums(group, n_groups, respondents * kind.eq("valid").to_numpy())
    n_dont_know = sums(group, n_groups, respondents * kind.eq("dont_know").to_numpy())
    n_asked = n_valid + n_dont_know
    return np.divide(n_dont_know, n_asked, out=np.full(n_groups, np.nan), where=n_asked > 0)


def _verdict(readings: np.ndarray, n_dont_know: np.ndarray) -> tuple[np.ndarray, pd.api.extensions.ExtensionArray]:
    """Verdict as a text and as a truth value, null where there is no correlation."""
    is_missing = np.isnan(readings).any(axis=0)
    is_stable = (readings > ROUNDING).all(axis=0) | (readings < -ROUNDING).all(axis=0)
    verdict = first_reason(
        [is_missing, n_dont_know == 0, is_stable],
        [None, "no Don't Know", "sign stable"],
        default="sign depends on Don't Know",
    )
    truth = pd.Series(is_stable | (n_dont_know == 0), dtype=TRUTH_OR_NULL).mask(is_missing)
    return verdict, truth.array
