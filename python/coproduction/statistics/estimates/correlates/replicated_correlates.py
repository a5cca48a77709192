"""Weighted correlations with the errors of replicate weights."""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import KEYS, NUMBER, outcome_values
from coproduction.statistics.methods.inference import p_value_of_t, t_half_width
from coproduction.statistics.methods.moments import sums
from coproduction.statistics.methods.weights.replicates import Replicates, read_replicates, with_an_error
from coproduction.statistics.methods.weights.sample_design import in_place_of
from coproduction.statistics.methods.weights.weighting import (
    SUMS_OF_WEIGHTS,
    WEIGHTED,
    influence_of_r,
    read_weighted_counts,
)

GROUP = (*KEYS, "construct_id", "outcome_id")
NUMBER_COLUMNS = ("n_positive", "n_answered", "score")


def correlates_by_replicates(estimates: pd.DataFrame, counts: pd.DataFrame, replicates: pd.DataFrame) -> pd.DataFrame:
    """Replace the errors, intervals and p of the weighted correlations whose survey has replicate weights.

    The standard error is that of `Replicates.errors` with r of each replicate, interval and p as in other weighted
    rows. design_effect is the variance over that of a simple random sample, sum(w*IF^2) / sum(w) / (n-1), IF being the
    influence function of r.

    Args:
        estimates: rows of `estimate_correlates` before families.
        counts: its counts.
        replicates: rows of cnt_replicate_correlates.

    Returns:
        The same rows. A correlation that has no error without replicates has none with them, and keeps its reason.

    R: `withReplicates(design, function(w, data) cov.wt(data[c("x", "y")], w, cor = TRUE)$cor[1, 2])` with the design of
    `Replicates.errors`.

    """
    cells = read_replicates(replicates, GROUP, (*NUMBER_COLUMNS, "sum_replicate_weight"))
    cells, found = with_an_error(cells, estimates[estimates["weighting_id"].eq(WEIGHTED)], GROUP)
    if cells.empty:
        return estimates
    of = Replicates.of(cells, GROUP)
    weight, score = (cells[name].to_numpy(NUMBER) for name in ("sum_replicate_weight", "score"))
    r_of_replicates = influence_of_r(of.place, of.is_one.size, weight, score, outcome_values(cells))[0]
    r, unexplained, of_simple = _of_simple_sample(counts, of.groups)
    errors = of.errors(r_of_replicates.reshape(of.shape), r, found["df"].to_numpy(NUMBER))
    fisher, fisher_error = np.arctanh(r), errors["std_error"] / unexplained
    half_width = t_half_width(fisher_error, errors["df"])
    design_effect = errors["std_error"] ** 2 / of_simple
    columns = {
        "n_effective": found["n_respondents"].to_numpy(NUMBER) / design_effect,
        "design_effect": design_effect,
        "ci_lower": np.tanh(fisher - half_width),
        "ci_upper": np.tanh(fisher + half_width),
        "p_value": p_value_of_t(fisher / fisher_error, errors["df"]),
    }
    rows = of.groups.assign(weighting_id=WEIGHTED, method_id="pearson", **errors, **columns)
    return in_place_of(estimates, rows, (*GROUP, "weighting_id", "method_id"))


def _of_simple_sample(counts: pd.DataFrame, groups: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weighted r of each group, 1 - r^2, and the variance of r in a simple random sample of as many people."""
    cells = read_weighted_counts(counts, (*GROUP, "answer_kind"), NUMBER_COLUMNS)
    group = pd.MultiIndex.from_frame(groups).get_indexer(pd.MultiIndex.from_frame(cells[[*GROUP]]))
    is_pair = cells["answer_kind"].eq("valid") & cells["score"].notna() & ~np.isnan(outcome_values(cells))
    is_in = (group >= 0) & is_pair.to_numpy()
    cells, group = cells[is_in], group[is_in]
    weight, score = (cells[name].to_numpy(NUMBER) for name in (SUMS_OF_WEIGHTS[0], "score"))
    r, unexplained, influence = influence_of_r(group, len(groups), weight, score, outcome_values(cells))
    mean_square = sums(group, len(groups), weight * influence**2) / sums(group, len(groups), weight)
    return r, unexplained, mean_square / (sums(group, len(groups), cells["n_respondents"].to_numpy(NUMBER)) - 1)
