"""Levels under the design of the sample: clusters, strata, a finite population."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import KEYS, NUMBER, first_reason, has_several_items, outcome_values
from coproduction.statistics.methods.means import linearised_interval
from coproduction.statistics.methods.moments import sums
from coproduction.statistics.methods.weights.sample_design import (
    ARM,
    COLUMNS_OF_DESIGN,
    DESIGNED,
    NO_SPREAD_OF_CLUSTERS,
    SampleDesign,
    in_place_of,
    number_of,
    read_clustered_counts,
)
from coproduction.statistics.methods.weights.weighting import FOURTH_POWERS, SUMS_OF_WEIGHTS

FRAME = (*KEYS, "measure_id", "weighting_id")
GROUP = (*KEYS, "measure_id", "breakdown_id", "breakdown_value", "weighting_id")


def levels_by_design(levels: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Replace the errors and intervals of the levels whose survey declares its design.

    The standard error is that of `SampleDesign.variance` with z = (y-m) / sum of weights, the interval as in weighted
    rows. design_effect is the variance over that of a simple random sample, sum(w*(y-m)^2) / sum(w) / (n-1), before the
    finite population correction. The sample of a group is everybody who was asked about the measure.

    Args:
        levels: rows of `estimate_levels`.
        clusters: rows of cnt_clusters.

    Returns:
        The same rows. Where there is no error under the design, `reason` says why, and design_effect stays that of the
        weights.

    R: `m <- svymean(~y, subset(design, here), deff = "replace")`; `svyciprop(~y, ..., method = "xlogit")`.

    """
    cells = clusters[clusters["breakdown_id"].ne(ARM)]
    if cells.empty:
        return levels
    cells = read_clustered_counts(cells, GROUP[:-1], ("n_positive", "n_answered"))
    cells = cells.sort_values([*GROUP], kind="stable", ignore_index=True)
    # Where nobody answered there are no levels.
    return levels if np.isnan(outcome_values(cells)).all() else in_place_of(levels, _designed(cells), GROUP)


def _designed(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per group with the columns COLUMNS_OF_DESIGN."""
    value = outcome_values(cells)
    groups, group = number_of(cells, GROUP, ~np.isnan(value))
    n_groups = len(groups)
    here = group >= 0
    value, group_here = np.where(here, value, 0.0), group[here]
    count, weight, _, fourth = (
        cells[name].to_numpy(NUMBER) for name in ("n_respondents", *SUMS_OF_WEIGHTS, FOURTH_POWERS)
    )
    n, total = sums(group_here, n_groups, count[here]), sums(group_here, n_groups, weight[here])
    mean = sums(group_here, n_groups, (weight * value)[here]) / total
    deviation = np.where(here, value - mean[group], 0.0)
    sample = SampleDesign.of(cells, FRAME, group, groups, cells["breakdown_id"].eq("all").to_numpy())
    variance, corrected = sample.variance(deviation / total[group])
    df, few = sample.degrees_of_freedom(fourth)
    with np.errstate(invalid="ignore", divide="ignore"):
        of_simple = sums(group_here, n_groups, (weight * deviation**2)[here]) / total / (n - 1)
        is_constant = ~(variance > of_simple * 1e-12)
        std_error = np.where(pd.notna(few) | is_constant, np.nan, np.sqrt(corrected))
        design_effect = variance / of_simple
    items = cells.assign(n_answered=cells["n_answered"].where(here))
    is_share = sums(group_here, n_groups, has_several_items(items, (*KEYS, "measure_id"))[here]) == 0
    df = np.where(np.isnan(std_error), np.nan, df)
    lower, upper = linearised_interval(mean, std_error, df, is_share, 0, 1)
    columns: dict[str, Any] = {
        "std_error": std_error,
        "std_error_type": DESIGNED,
        "df": df,
        "ci_lower": lower,
        "ci_upper": upper,
        "design_effect": design_effect,
        "n_effective": n / design_effect,
        "reason": first_reason([is_constant], [NO_SPREAD_OF_CLUSTERS], default=few),
    }
    return groups.assign(**{name: columns[name] for name in COLUMNS_OF_DESIGN})
