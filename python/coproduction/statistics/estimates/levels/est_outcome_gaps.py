"""Gaps: individual minus collective activity of the same respondents."""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import (
    COUNT,
    COUNT_OR_NULL,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    first_reason,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import SMALLEST_P, p_value_of_t, t_half_width, within
from coproduction.statistics.methods.moments import moments, sums
from coproduction.statistics.methods.multiplicity import HOLM, adjust, gap_families
from coproduction.statistics.methods.registration import study_ids
from coproduction.statistics.methods.resampling import AS_EXTREME, seed_of

TYPES = dict.fromkeys(KEYS, TEXT) | {
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "df": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "p_value": NUMBER,
    "p_value_sign_flip": NUMBER,
    "headline_p_value": NUMBER,
    "headline_p_value_type": TEXT,
    "p_value_adjusted": NUMBER,
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "share_higher": NUMBER,
    "share_any_activity": NUMBER,
    "any_activity_gap": NUMBER,
    "median_item_share": NUMBER,
    "median_item_gap": NUMBER,
    "reason": TEXT,
}


# Monte Carlo standard error of a p near 0.05: sqrt(0.05*0.95/1999) = 0.005.
N_SIGN_FLIPS = 1999


def estimate_outcome_gaps(
    counts: pd.DataFrame, item_pairs: pd.DataFrame | None = None, studies: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Mean difference between the individual index and collective participation, paired within respondents.

    With d = individual_index - collective_participation of each respondent who has both: mean(d), standard error
    sqrt(s_d^2/n), t interval and p with n-1 df; the interval is cut off at -1 and 1. p_value_sign_flip needs no normal
    distribution: each respondent's d keeps its size and gets a random sign N_SIGN_FLIPS times, seeded by the group's
    keys, and p is (1 + number with abs(mean) at least the observed) / (1 + N_SIGN_FLIPS). If d is the same for all,
    there is no t test, and the sign flips have an exact p, 2 * 0.5^n (1 if d = 0). headline_p_value is p_value, or this
    exact p. The index averages several items and collective participation is a single item, so two more comparisons of
    shares are given: any individual activity (n_positive > 0), whose share grows with the number of items, and the item
    with the median share, whose share does not.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, n_positive and n_answered of the individual index (null or 0:
            missing), collective_participation (0, 1 or null), n_respondents.
        item_pairs: rows of cnt_item_pairs, of which the pairs of an item with itself are used; without them the
            columns of the median item are NaN.
        studies: council_id, wave_id, study_id: the surveys of each study (registration.study_ids). None: one study.

    Returns:
        One row per council, wave, theme and topic, sorted by them. `estimate` and its interval are differences on the
        0-1 scale, -1 to 1; `share_higher` is the share of respondents with d > 0; `n_respondents` counts respondents
        with both outcomes; share_any_activity and any_activity_gap (that share minus the share who take part in groups)
        describe the same respondents; median_item_share and median_item_gap describe all respondents who answered the
        item; p_value_adjusted is Holm's adjustment of headline_p_value over multiplicity.gap_families, within the
        study. `reason` says why there is no t test, null where there is one.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or collective_participation is not 0, 1 or null.

    R: `t.test(individual, collective, paired = TRUE)`.
    Source of the sign flips: Fisher 1935, The Design of Experiments, ch. 3; Phipson and Smyth 2010, SAGMB 9:39.

    """
    cells = read_counts(counts, text=KEYS, numbers=("n_positive", "n_answered", "collective_participation"))
    collective = cells["collective_participation"].to_numpy()
    if not np.isin(collective[~np.isnan(collective)], (0, 1)).all():
        raise ValueError("collective_participation must be 0, 1 or null in every row.")
    groups, group = number_groups(cells, KEYS)
    difference = outcome_values(cells) - collective
    is_pair = ~np.isnan(difference)
    pairs = (group[is_pair], len(groups), cells["n_respondents"].to_numpy()[is_pair])
    gap = moments(*pairs, difference[is_pair])

    def share(condition: np.ndarray) -> np.ndarray:
        n_true = sums(pairs[0], pairs[1], pairs[2] * condition)
        return np.divide(n_true, gap.n, out=np.full(len(groups), np.nan), where=gap.n > 0)

    any_activity = share(cells["n_positive"].to_numpy()[is_pair] > 0)
    participation = share(collective[is_pair] > 0)
    median_item = _median_item_shares(item_pairs, groups)
    std_error = np.where(gap.is_constant, np.nan, gap.standard_error)
    df = np.where(np.isnan(std_error), np.nan, gap.n - 1)
    half_width = t_half_width(std_error, df)
    p_value = p_value_of_t(gap.mean / std_error, df)
    p_value_sign_flip = _sign_flip_p_values(groups, *pairs, difference[is_pair])
    gaps = typed(
        groups.assign(
            weighting_id=UNWEIGHTED,
            n_respondents=gap.n,
            estimate=gap.mean,
            std_error=std_error,
            std_error_type="paired",
            df=df,
            ci_lower=within(gap.mean - half_width, gap.mean, -1, 1),
            ci_upper=within(gap.mean + half_width, gap.mean, -1, 1),
            p_value=p_value,
            p_value_sign_flip=p_value_sign_flip,
            headline_p_value=np.where(np.isnan(p_value), p_value_sign_flip, p_value),
            headline_p_value_type=first_reason(
                [~np.isnan(p_value), ~np.isnan(p_value_sign_flip)], ["t", "sign_flip"], default=None
            ),
            share_higher=share(difference[is_pair] > 0),
            share_any_activity=any_activity,
            any_activity_gap=any_activity - participation,
            median_item_share=median_item,
            median_item_gap=median_item - participation,
            reason=first_reason(
                [gap.n == 0, gap.n < 2, gap.is_constant],
                [
                    "no respondent with both outcomes",
                    "one respondent with both outcomes: no test",
                    "the difference does not vary: no t test",
                ],
                default=None,
            ),
        ),
        TYPES,
    )
    gaps = gaps.assign(family_id=gap_families(gaps))
    return typed(adjust(gaps, "headline_p_value", HOLM, study_ids(gaps, studies)), TYPES)


def _sign_flip_p_values(
    groups: pd.DataFrame, group: np.ndarray, n_groups: int, count: np.ndarray, difference: np.ndarray
) -> np.ndarray:
    """Sign-flip p of each group's mean difference; NaN below two respondents."""
    p_values = np.full(n_groups, np.nan)
    for place, key in enumerate(groups.itertuples(index=False, name=None)):
        here = group == place
        if count[here].sum() >= 2:
            p_values[place] = sign_flip_p_value(difference[here], count[here], seed_of("sign_flip", *key))
    return p_values


def sign_flip_p_value(difference: np.ndarray, count: np.ndarray, seed: int) -> float:
    """Two-sided p of a mean of differences when the sign of each respondent's difference is random.

    Among n respondents with the same |d| the number of positive signs is binomial, so the cost does not depend on the
    number of respondents.

    Args:
        difference: distinct differences.
        count: respondents with each.
        seed: of the flips.

    Returns:
        Between 1/(1 + N_SIGN_FLIPS) and 1; exact where all differences are equal: 2 * 0.5^n, or 1 if they are 0.

    """
    if np.ptp(difference) <= AS_EXTREME:
        is_zero = np.abs(difference).max() <= AS_EXTREME
        return 1.0 if is_zero else float(max(2 * 0.5 ** float(count.sum()), SMALLEST_P))
    size, place = np.unique(np.round(np.abs(difference), 12), return_inverse=True)
    n = np.bincount(place, weights=count, minlength=len(size)).astype(np.int64)
    positive = np.random.default_rng(seed).binomial(n, 0.5, size=(N_SIGN_FLIPS, len(n)))
    flipped = np.abs((2 * positive - n) @ size)
    observed = abs(float((count * difference).sum()))
    return float((1 + (flipped >= observed - AS_EXTREME * max(observed, 1)).sum()) / (1 + N_SIGN_FLIPS))


def _median_item_shares(item_pairs: pd.DataFrame | None, groups: pd.DataFrame) -> np.ndarray:
    """Median of the shares of the items in each group; NaN where there are no items."""
    if item_pairs is None:
        return np.full(len(groups), np.nan)
    answered = item_pairs[item_pairs["item_a"].eq(item_pairs["item_b"]) & item_pairs["is_positive_a"].notna()]
    answered = answered.assign(is_positive_a=answered["is_positive_a"].astype(NUMBER))
    cells = read_counts(answered, text=(*KEYS, "item_a"), numbers=("is_positive_a",))
    items, item = number_groups(cells, (*KEYS, "item_a"))
    level = moments(item, len(items), cells["n_respondents"].to_numpy(), cells["is_positive_a"].to_numpy())
    medians = items.assign(share=level.mean).groupby(list(KEYS), dropna=False)["share"].median()
    return groups.merge(medians.reset_index(), on=list(KEYS), how="left")["share"].to_numpy(NUMBER)
