"""Evidence of absence: whether an effect or a correlation is too small to matter, or matters, or neither is shown."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import COUNT, KEYS, NUMBER, TEXT, first_reason, typed
from coproduction.statistics.methods.inference import SIGNIFICANCE, t_quantile, upper_tail_of_t, within
from coproduction.statistics.methods.registration import CORRELATE, NUDGE, study_ids

# The interval that belongs to two one-sided tests at SIGNIFICANCE each: 90 %.
ONE_SIDED = 1 - SIGNIFICANCE
# An effect of a nudge lies between -100 and 100 points.
MOST_POINTS = 100.0
TOO_SMALL, MATTERS, UNDECIDED = "too_small", "matters", "undecided"
SMALL_ARM_REASON = "an arm has too few respondents or events for the t distribution: no verdict"

GROUP = (*KEYS, "quantity_id", "outcome_id", "contrast_id", "construct_id", "weighting_id")
TYPES = (
    dict.fromkeys(GROUP, TEXT)
    | {"study_id": TEXT, "n_respondents": COUNT, "n_smallest": COUNT, "n_effective": NUMBER}
    | dict.fromkeys(("estimate", "std_error", "df", "smallest_effect", "ci90_lower", "ci90_upper"), NUMBER)
    | {"p_value_tost": NUMBER, "p_value_beyond": NUMBER, "verdict_id": TEXT, "reason": TEXT}
)


def estimate_equivalence(
    nudge_effects: pd.DataFrame, correlates: pd.DataFrame, smallest_effects: pd.DataFrame, studies: pd.DataFrame
) -> pd.DataFrame:
    """Compare effects and correlations with the smallest effect d that their study declared, by two one-sided tests.

    With the estimate y, the standard error s and the degrees of freedom df of the headline:

        interval       y -+ t(0.95, df) * s                                                                 (90 %)
        p_value_tost   max(P(T > (y + d) / s), P(T > (d - y) / s)):  small if -d < effect < d
        p_value_beyond min(P(T > (y - d) / s), P(T > (-d - y) / s)): small if effect > d or effect < -d

    | verdict_id | when | is |
    | --- | --- | --- |
    | `too_small` | p_value_tost <= 0.05 | the interval lies inside the bounds: too small to matter |
    | `matters` | p_value_beyond <= 0.05 | the interval lies outside them on one side: matters |
    | `undecided` | otherwise | the interval contains a bound, or there is none |

    Each verdict is wrong in at most 5 % of surveys whose effect is exactly d. Verdicts are not adjusted for their
    number. A correlation r is compared on Fisher's scale: y = atanh r, s = std_error / (1 - r^2), bounds -+ atanh d;
    its interval is converted back. Unweighted correlations have no df, and their distribution is the normal one.

    Nudges: the model `dummies` without the interaction, which is a difference of effects. Where the headline p is not
    that of t, because an arm has fewer than 60 respondents or 10 events, there is no interval, since one-sided errors
    of up to 8 % were found there. Correlates: `pearson`; in small samples s is that of the bootstrap.

    Args:
        nudge_effects: rows of est_nudge_effects, in points of 0-100.
        correlates: rows of est_correlates.
        smallest_effects: study_id, quantity_id (`nudge` or `correlate`), smallest_effect (above 0; points or r).
        studies: council_id, wave_id, study_id (marts.dim_study).

    Returns:
        One row per effect and correlation of a study that declared a smallest effect for this quantity, sorted by
        GROUP; no row for other studies. construct_id is null for nudges, and contrast_id for correlates. `std_error`
        and `estimate` are those of the headline. `n_smallest` and `n_effective` are of the smaller arm for nudges.
        `reason` says why there is no interval.

    Raises:
        ValueError: a smallest effect is not above 0, a correlation of 1 or more, or declared twice.

    R: `p = pt(c((y + d) / s, (d - y) / s), df, lower.tail = FALSE); max(p)`; `TOSTER::tsum_TOST` for two means.
    Sources: Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15:657; Lakens et al. 2018, Advances in
    Methods and Practices in Psychological Science 1:259; Goertzen and Cribbie 2010, British Journal of Mathematical and
    Statistical Psychology 63:527 (correlations).

    """
    _check(smallest_effects)
    effects = nudge_effects[nudge_effects["model_id"].eq("dummies") & nudge_effects["contrast_id"].ne("interaction")]
    pearson = correlates[correlates["method_id"].eq("pearson")]
    effects = effects.assign(
        quantity_id=NUDGE,
        construct_id=None,
        n_smallest=effects[["n_arm", "n_control"]].min(axis=1),
        n_effective=effects[["n_effective_arm", "n_effective_control"]].min(axis=1),
        is_trusted=effects["headline_p_value_type"].eq("t"),
    )
    pearson = pearson.assign(
        quantity_id=CORRELATE, contrast_id=None, n_smallest=pearson["n_respondents"], is_trusted=True
    )
    rows = pd.concat([effects, pearson], ignore_index=True)
    rows = rows.assign(study_id=study_ids(rows, studies))
    declared = smallest_effects[["study_id", "quantity_id", "smallest_effect"]]
    rows = rows.merge(declared, on=["study_id", "quantity_id"], how="inner")
    compared = rows.assign(**_compared(rows)).sort_values(list(GROUP), ignore_index=True)
    return typed(compared, TYPES)


def _check(smallest_effects: pd.DataFrame) -> None:
    size = smallest_effects["smallest_effect"].astype(NUMBER)
    is_possible = size.gt(0) & (size.lt(1) | smallest_effects["quantity_id"].ne(CORRELATE))
    if not is_possible.all():
        raise ValueError("A smallest effect must be above 0, and a correlation below 1.")
    if smallest_effects.duplicated(["study_id", "quantity_id"]).any():
        raise ValueError("smallest_effects must have one row per study and quantity.")


def _compared(rows: pd.DataFrame) -> dict[str, Any]:
    """Build the interval, both p-values, the verdict and the reason of each row."""
    is_correlation = rows["quantity_id"].eq(CORRELATE).to_numpy(bool)
    estimate, error, df, smallest = (
        rows[name].to_numpy(NUMBER) for name in ("estimate", "std_error", "df", "smallest_effect")
    )
    is_trusted = rows["is_trusted"].to_numpy(bool)
    has_error = ~np.isnan(error)
    error = np.where(is_trusted, error, np.nan)
    df = np.where(np.isnan(df) & has_error, np.inf, df)
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(is_correlation, np.arctanh(np.where(is_correlation, estimate, 0)), estimate)
        d = np.where(is_correlation, np.arctanh(np.where(is_correlation, smallest, 0)), smallest)
        s = np.where(is_correlation, error / ((1 - estimate) * (1 + estimate)), error)
        of_tost, of_beyond = _p_values(y, d, s, df)
        half_width = t_quantile(ONE_SIDED, df) * s
        lower, upper = (np.where(is_correlation, np.tanh(end), end) for end in (y - half_width, y + half_width))
    return {
        "ci90_lower": within(lower, estimate, -MOST_POINTS, MOST_POINTS),
        "ci90_upper": within(upper, estimate, -MOST_POINTS, MOST_POINTS),
        "p_value_tost": of_tost,
        "p_value_beyond": of_beyond,
        "verdict_id": np.select([of_tost <= SIGNIFICANCE, of_beyond <= SIGNIFICANCE], [TOO_SMALL, MATTERS], UNDECIDED),
        "reason": first_reason([has_error & ~is_trusted, has_error], [SMALL_ARM_REASON, None], default=rows["reason"]),
    }


def _p_values(y: np.ndarray, d: np.ndarray, s: np.ndarray, df: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return p of "inside the bounds" and p of "outside the bounds", each from two one-sided tests."""
    inside = np.maximum(upper_tail_of_t((y + d) / s, df), upper_tail_of_t((d - y) / s, df))
    outside = np.minimum(upper_tail_of_t((y - d) / s, df), upper_tail_of_t((-d - y) / s, df))
    return inside, outside
