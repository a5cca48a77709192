"""Correlates: what goes together with the outcomes (the paper's Tables 3 and 4). Association, never effect."""

import numpy as np
import pandas as pd

from coproduction.statistics.families import BENJAMINI_HOCHBERG, adjust, correlate_families
from coproduction.statistics.frames import (
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
from coproduction.statistics.inference import Z, p_value_of_t, p_value_of_z
from coproduction.statistics.moments import ROUNDING, Correlation, average_ranks, correlation, sums

GROUP = (*KEYS, "construct_id", "outcome_id")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "method": TEXT,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "p_value_t": NUMBER,
    "p_value": NUMBER,
    "p_value_adjusted": NUMBER,
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "dont_know_share": NUMBER,
    "reason": TEXT,
}


def estimate_correlates(counts: pd.DataFrame) -> pd.DataFrame:
    """Correlation of every outcome with every correlate, by Pearson and by Spearman.

    Pairs are complete on both answers: Don't Know, blanks and valid answers without a score leave the pair.

    | | pearson | spearman |
    | --- | --- | --- |
    | estimate r | correlation of the values | the same on average ranks |
    | std_error | of r: sqrt(mean(IF^2)/(n-1)) | of atanh r: sqrt((1+r^2/2)/(n-3)) |
    | std_error_type | `linearised` | `bonett_wright` |
    | interval | tanh(atanh r -+ 1.96 * std_error/(1-r^2)) | tanh(atanh r -+ 1.96 * std_error) |
    | p_value_t | t = r*sqrt((n-2)/(1-r^2)) with n-2 df | the same |
    | p_value | z = atanh r * (1-r^2)/std_error | p_value_t |

    IF = zx*zy - r*(zx^2+zy^2)/2 is the influence function of standardised values. Its interval and p_value hold
    where answers pile up at the ends of a scale, when the usual Fisher interval covers 89-91 % instead of 95 %.
    p_value_t is the printed tables' convention and carries the stars.
    p_value_adjusted is Benjamini and Hochberg's, on p_value_t, over the family.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, n_positive, n_answered (null or 0: no
            outcome), answer_kind, score (null unless valid), n_respondents. Each respondent of a group is in one row.

    Returns:
        One row per council, wave, theme, topic, construct, outcome and method, sorted by them. `n_respondents` have
        both answers; `dont_know_share` is Don't Know / (valid + Don't Know) among all respondents of the group, with or
        without outcome; `reason` says which numbers are missing and why, null where none is.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `cor.test(x, y)$p.value` for p_value_t; `cor(x, y, method = "spearman")`; `p.adjust(p, "BH")`.
    Sources: Efron and Tibshirani 1993, ch. 21 (influence function); Bonett and Wright 2000, Psychometrika 65:23;
    Benjamini and Hochberg 1995, JRSS B 57:289.

    """
    cells = read_counts(counts, text=(*GROUP, "answer_kind"), numbers=("n_positive", "n_answered", "score"))
    groups, group = number_groups(cells, GROUP)
    n_groups = len(groups)
    respondents = cells["n_respondents"].to_numpy()
    is_valid, is_dont_know = (
        cells["answer_kind"].eq("valid").to_numpy(),
        cells["answer_kind"].eq("dont_know").to_numpy(),
    )
    n_valid, n_dont_know = (sums(group, n_groups, respondents * kind) for kind in (is_valid, is_dont_know))
    n_asked = n_valid + n_dont_know
    dont_know_share = np.divide(n_dont_know, n_asked, out=np.full(n_groups, np.nan), where=n_asked > 0)

    outcome, score = outcome_values(cells), cells["score"].to_numpy()
    is_pair = is_valid & ~np.isnan(score) & ~np.isnan(outcome)
    pairs = (group[is_pair], n_groups, respondents[is_pair])
    x, y = score[is_pair], outcome[is_pair]
    ranks = [average_ranks(pairs[0], pairs[2], value) for value in (x, y)]
    estimates = pd.concat(
        [
            groups.assign(method="pearson", dont_know_share=dont_know_share, **_pearson(correlation(*pairs, x, y))),
            groups.assign(method="spearman", dont_know_share=dont_know_share, **_spearman(correlation(*pairs, *ranks))),
        ]
    ).sort_values([*GROUP, "method"], ignore_index=True)
    estimates = estimates.assign(weighting_id=UNWEIGHTED, family_id=correlate_families(estimates))
    return typed(adjust(estimates, "p_value_t", BENJAMINI_HOCHBERG), TYPES)


def _pearson(of: Correlation) -> dict[str, np.ndarray]:
    has_no_error = of.influence < ROUNDING
    variance = np.where((of.n < 4) | of.is_perfect | has_no_error, np.nan, of.influence) / np.maximum(of.n - 1, 1)
    std_error = np.sqrt(variance)
    fisher_error = std_error / of.unexplained
    reason = np.where(has_no_error, "too few distinct answers for a standard error", None)
    return _columns(of, std_error, fisher_error, "linearised", reason) | {
        "p_value": p_value_of_z(_fisher(of) / fisher_error)
    }


def _spearman(of: Correlation) -> dict[str, np.ndarray]:
    n_above_three = np.where((of.n < 4) | of.is_perfect, np.nan, of.n - 3)
    std_error = np.sqrt((1 + of.estimate**2 / 2) / n_above_three)
    columns = _columns(of, std_error, std_error, "bonett_wright", np.full(len(of.n), None))
    return columns | {"p_value": columns["p_value_t"]}


def _fisher(of: Correlation) -> np.ndarray:
    """Fisher's scale, atanh r; NaN for a perfect correlation, which has no place on it."""
    return np.arctanh(np.where(of.is_perfect, np.nan, of.estimate))


def _columns(
    of: Correlation, std_error: np.ndarray, fisher_error: np.ndarray, std_error_type: str, reason: np.ndarray
) -> dict[str, np.ndarray]:
    """Build the columns that both methods share; `reason` is used where nothing worse is to be said."""
    half_width = Z * fisher_error
    df = np.maximum(of.n - 2, 1)
    statistic = of.estimate * np.sqrt(df / np.where(of.is_perfect, np.nan, of.unexplained))
    return {
        "n_respondents": of.n,
        "estimate": of.estimate,
        "std_error": std_error,
        "std_error_type": std_error_type,
        "ci_lower": np.tanh(_fisher(of) - half_width),
        "ci_upper": np.tanh(_fisher(of) + half_width),
        "p_value_t": p_value_of_t(statistic, df),
        "reason": np.select(
            [of.n < 3, of.is_constant_x, of.is_constant_y, of.is_perfect, of.n < 4],
            [
                "fewer than 3 respondents with both answers",
                "the correlate does not vary",
                "the outcome does not vary",
                "perfect correlation: no test and no interval",
                "fewer than 4 respondents with both answers: no interval",
            ],
            default=reason,
        ),
    }
