"""Levels: how many people take part, with intervals (the paper's Table 2)."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.levels.designed_levels import levels_by_design
from coproduction.statistics.estimates.levels.replicated_levels import levels_by_replicates
from coproduction.statistics.methods.counts import (
    COUNT,
    KEYS,
    NUMBER,
    TEXT,
    has_several_items,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.means import unweighted_means, weighted_means
from coproduction.statistics.methods.moments import sums
from coproduction.statistics.methods.weights.weighting import read_weighted_counts

GROUP = (*KEYS, "measure_id", "breakdown_id", "breakdown_value")
VALUE = ("n_positive", "n_answered")
MARGINS = ("margin_cell", "n_margin_cell")
# What a reason says does not vary.
THE_INDEX = "the index"
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_effective": NUMBER,
    "design_effect": NUMBER,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "df": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "reason": TEXT,
}


def estimate_levels(
    counts: pd.DataFrame, clusters: pd.DataFrame | None = None, replicates: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Mean of each measure in each breakdown with a 95 % interval; also weighted, where respondents have weights.

    Unweighted. Index (a measure of several items, or a mean score): m = sum(n*x) / n, standard error sqrt(s^2/n),
    interval m -+ t(0.975, n-1) * std_error, cut off at 0 and 1; std_error_type `mean`. Other measures (yes or no): p,
    standard error sqrt(p*(1-p)/n), Wilson's score interval (Wilson 1927, JASA 22:209); std_error_type `wilson`.
    Respondents without an answer are left out.

    Weighted. m = sum(w*x) / sum(w) with the Taylor-linearised standard error of `weighted_moments` and Satterthwaite's
    df = sum(w^2)^2 / sum(w^4) - 1 (`weighting.degrees_of_freedom`); std_error_type `linearised`. Index: m -+ t *
    std_error. Other measures: the same interval on the log-odds scale, with std_error / (m*(1-m)), transformed back, so
    that both bounds lie within 0-1. Respondents without a weight or with weight 0 are left out. Equal weights give the
    unweighted estimate and df = n-1; a share's standard error is then sqrt(p*(1-p)/(n-1)). With fewer than
    FEWEST_EFFECTIVE effective respondents or less than one degree of freedom there is no standard error.
    Raked weights: the standard error is computed from the residuals on the margins (`methods.raked_errors`), since the
    variation that the margins explain is known for the population; std_error_type `linearised, calibrated`.

    A survey that declares its design has the errors of this design instead, in both kinds of rows (`levels_by_design`);
    std_error_type `linearised, design`. Raked weights are then taken as fixed. The weighted rows of a survey with
    replicate weights have the errors of these (`levels_by_replicates`); std_error_type `replicates`.

    Each breakdown value is treated as a separate sample, except under raked weights, where it is a part of the survey.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, measure_id, breakdown_id, breakdown_value, n_positive,
            n_answered, n_respondents: respondents with the value n_positive / n_answered. Where there are weights, also
            sum_weight, sum_weight_squared, sum_weight_fourth and n_weighted, as `read_weighted_counts` describes
            them; where they are raked, margin_cell and n_margin_cell, as `rake_weights` describes them. A margin cell
            in which nobody has an outcome is not in the counts and therefore not in the standard error.
        clusters: the same by cluster and stratum, for the surveys that declare a design: rows of cnt_clusters. None:
            no survey does.
        replicates: rows of cnt_replicate_levels. None: no survey has replicate weights.

    Returns:
        One row per council, wave, theme, topic, measure, breakdown value and weighting, sorted by them. `estimate` and
        its interval are on 0-1; `n_effective` and `design_effect` are Kish's, n_respondents and 1 where unweighted;
        `df` is null for Wilson's interval, which has none; `reason` says why there is no interval, null where there is
        one.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or sums of weights are impossible.

    R: `t.test(x)` for the index; `prop.test(k, n, correct = FALSE)$conf.int` for the others. Weighted: `m = svymean(~x,
    svydesign(ids = ~1, weights = ~w)); confint(m, df = sum(w^2)^2 / sum(w^4) - 1)`; `svyciprop(~y, design, method =
    "xlogit", df = ...)` with the same df.

    """
    cells = _valid(read_counts(counts, text=GROUP, numbers=VALUE))
    counts = counts if set(MARGINS) <= set(counts.columns) else counts.assign(**dict.fromkeys(MARGINS))
    weighted = _valid(read_weighted_counts(counts, (*GROUP, MARGINS[0]), (MARGINS[1], *VALUE)))
    levels = typed(_unweighted(cells), TYPES)
    # Most surveys have no weights and declare no design.
    if len(weighted):
        levels = pd.concat([levels, typed(_weighted(weighted), TYPES)])
        levels = typed(levels.sort_values([*GROUP, "weighting_id"], kind="stable"), TYPES)
    if replicates is not None and len(replicates):
        levels = typed(levels_by_replicates(levels, weighted, replicates), TYPES)
    return levels if clusters is None or clusters.empty else typed(levels_by_design(levels, clusters), TYPES)


def _valid(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells with a value, and `is_index`: whether the survey's measure has values between 0 and 1."""
    cells = cells[~np.isnan(outcome_values(cells))]
    return cells.assign(is_index=has_several_items(cells, (*KEYS, "measure_id")))


def _unweighted(cells: pd.DataFrame) -> pd.DataFrame:
    """Levels in which all respondents have equal weight."""
    groups, group = number_groups(cells, GROUP)
    count, is_share = cells["n_respondents"].to_numpy(), ~_is_index(cells, group, len(groups))
    return groups.assign(**unweighted_means(group, len(groups), count, outcome_values(cells), is_share, THE_INDEX))


def _weighted(cells: pd.DataFrame) -> pd.DataFrame:
    """Levels with the respondents' weights."""
    groups, group = number_groups(cells, GROUP)
    is_share = ~_is_index(cells, group, len(groups))
    return groups.assign(**weighted_means(cells, group, len(groups), outcome_values(cells), is_share, THE_INDEX))


def _is_index(cells: pd.DataFrame, group: np.ndarray, n_groups: int) -> np.ndarray:
    return sums(group, n_groups, cells["is_index"].to_numpy(NUMBER)) > 0
