"""Correlations under the design of the sample: clusters, strata, a finite population."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import KEYS, NUMBER, first_reason, outcome_values
from coproduction.statistics.methods.inference import p_value_of_t, t_half_width
from coproduction.statistics.methods.moments import ROUNDING, sums
from coproduction.statistics.methods.weights.sample_design import (
    DESIGNED,
    IGNORES_DESIGN,
    NO_METHOD,
    NO_SPREAD_OF_CLUSTERS,
    SampleDesign,
    in_place_of,
    number_of,
    read_clustered_counts,
)
from coproduction.statistics.methods.weights.weighting import FOURTH_POWERS, SUMS_OF_WEIGHTS, influence_of_r

GROUP = (*KEYS, "construct_id", "outcome_id", "weighting_id")
NUMBER_COLUMNS = ("n_positive", "n_answered", "score")


def correlates_by_design(estimates: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Replace the errors, intervals and p of the correlations whose survey declares its design.

    Pearson: the standard error is that of `SampleDesign.variance` with z = IF / sum of weights, IF being the influence
    function of r; interval and p as in weighted rows, of Student's t. p_value_t is NaN, since the printed t test takes
    the respondents as independent; stars and family use p_value. The other methods have no error that follows a design:
    std_error, interval and p are NaN, and std_error_type is `none`.

    Args:
        estimates: rows of `estimate_correlates` before families.
        clusters: rows of cnt_correlate_clusters.

    Returns:
        The same rows. Where a correlation has no error under the design, `reason` says why. A correlation that has a
        reason already, such as a perfect one, keeps it and its exact p.

    R: as for `weighting.weighted_correlation`, with `svydesign(ids = ~cluster, strata = ~stratum, nest = TRUE)`.

    """
    cells = read_clustered_counts(clusters, (*GROUP[:-1], "answer_kind"), NUMBER_COLUMNS)
    cells = cells.sort_values([*GROUP], kind="stable", ignore_index=True)
    is_pair = _is_pair(cells)
    changed = estimates
    if is_pair.any():
        designed = _designed(cells, is_pair).assign(method_id="pearson")
        changed = in_place_of(estimates, designed, (*GROUP, "method_id"))
    keys = list(KEYS[:2])
    is_designed = pd.MultiIndex.from_frame(estimates[keys]).isin(pd.MultiIndex.from_frame(cells[keys]))
    other = is_designed & estimates["method_id"].ne("pearson").to_numpy()
    missing = ["std_error", "df", "ci_lower", "ci_upper", "p_value_t", "p_value"]
    changed = changed.copy()
    changed.loc[other, missing] = np.nan
    changed["std_error_type"] = changed["std_error_type"].where(~other, NO_METHOD)
    changed["reason"] = changed["reason"].where(~other | changed["reason"].notna(), IGNORES_DESIGN)
    return changed


def _is_pair(cells: pd.DataFrame) -> np.ndarray:
    is_valid = cells["answer_kind"].eq("valid") & cells["score"].notna()
    return is_valid.to_numpy() & ~np.isnan(outcome_values(cells))


def _designed(cells: pd.DataFrame, is_pair: np.ndarray) -> pd.DataFrame:
    """One row per group whose r has an influence function."""
    outcome, score = outcome_values(cells), cells["score"].to_numpy(NUMBER)
    groups, group = number_of(cells, GROUP, is_pair)
    n_groups, pairs_of = len(groups), group[is_pair]
    count, weight, _, fourth = (
        cells[name].to_numpy(NUMBER) for name in ("n_respondents", *SUMS_OF_WEIGHTS, FOURTH_POWERS)
    )

    def total_of(value: np.ndarray) -> np.ndarray:
        return sums(pairs_of, n_groups, value[is_pair])

    n, total = total_of(count), total_of(weight)
    influence = np.zeros(len(cells))
    r, unexplained, of_pairs = influence_of_r(pairs_of, n_groups, weight[is_pair], score[is_pair], outcome[is_pair])
    influence[is_pair] = np.nan_to_num(of_pairs)
    with np.errstate(invalid="ignore", divide="ignore"):
        sample = SampleDesign.of(cells, GROUP, group, groups, np.full(len(cells), True))
        variance, corrected = sample.variance(influence / total[group])
        df, few = sample.degrees_of_freedom(fourth)
        of_simple = total_of(weight * influence**2) / total / (n - 1)
        has_no_error = ~(variance > of_simple * 1e-12)
        std_error = np.where(pd.notna(few) | has_no_error, np.nan, np.sqrt(corrected))
        design_effect = variance / of_simple
        fisher, fisher_error = np.arctanh(r), std_error / unexplained
        half_width = t_half_width(fisher_error, df)
    columns: dict[str, Any] = {
        "n_effective": n / design_effect,
        "design_effect": design_effect,
        "std_error": std_error,
        "std_error_type": DESIGNED,
        "df": np.where(np.isnan(std_error), np.nan, df),
        "ci_lower": np.tanh(fisher - half_width),
        "ci_upper": np.tanh(fisher + half_width),
        "p_value_t": np.nan,
        "p_value": p_value_of_t(fisher / fisher_error, df),
        "reason": first_reason([has_no_error], [NO_SPREAD_OF_CLUSTERS], default=few),
    }
    # Where r does not exist, or nobody leaves the line, the row has a reason of its own.
    return groups.assign(**columns)[(n >= 4) & (unexplained > ROUNDING)]
