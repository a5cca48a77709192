"""Weighted levels with the errors of replicate weights."""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import KEYS, NUMBER, outcome_values
from coproduction.statistics.methods.means import linearised_interval
from coproduction.statistics.methods.moments import sums
from coproduction.statistics.methods.weights.replicates import MEANS, Replicates, read_replicates, with_an_error
from coproduction.statistics.methods.weights.sample_design import ARM, in_place_of
from coproduction.statistics.methods.weights.weighting import WEIGHTED

GROUP = (*KEYS, "measure_id", "breakdown_id", "breakdown_value")


def levels_by_replicates(levels: pd.DataFrame, weighted: pd.DataFrame, replicates: pd.DataFrame) -> pd.DataFrame:
    """Replace the errors and intervals of the weighted levels whose survey has replicate weights.

    The standard error is that of `Replicates.errors`, the interval as in other weighted rows. design_effect is the
    variance over that of a simple random sample, sum(w*(y-m)^2) / sum(w) / (n-1).

    Args:
        levels: rows of `estimate_levels`.
        weighted: weighted cells of its counts, with `is_index`.
        replicates: rows of cnt_replicate_levels.

    Returns:
        The same rows. A level that has no error without replicates has none with them, and keeps its reason.

    R: `svymean(~y, subset(design, here), deff = "replace")` with the design of `Replicates.errors`.

    """
    cells = read_replicates(replicates[replicates["breakdown_id"].ne(ARM)], GROUP, MEANS)
    cells, found = with_an_error(cells, levels[levels["weighting_id"].eq(WEIGHTED)], GROUP)
    if cells.empty:
        return levels
    of = Replicates.of(cells, GROUP)
    estimate, n, df = (found[name].to_numpy(NUMBER) for name in ("estimate", "n_respondents", "df"))
    errors = of.errors(of.means(cells), estimate, df)
    of_simple, is_share = _of_simple_sample(weighted, of.groups, estimate, n)
    lower, upper = linearised_interval(estimate, errors["std_error"], errors["df"], is_share, 0, 1)
    design_effect = errors["std_error"] ** 2 / of_simple
    effects = {"design_effect": design_effect, "n_effective": n / design_effect}
    found = of.groups.assign(weighting_id=WEIGHTED, **errors, ci_lower=lower, ci_upper=upper, **effects)
    return in_place_of(levels, found, (*GROUP, "weighting_id"))


def _of_simple_sample(
    weighted: pd.DataFrame, groups: pd.DataFrame, estimate: np.ndarray, n: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Variance of each group's level in a simple random sample of n people; and whether the level is a share."""
    group = pd.MultiIndex.from_frame(groups).get_indexer(pd.MultiIndex.from_frame(weighted[[*GROUP]]))
    is_in = group >= 0
    cells, group = weighted[is_in], group[is_in]
    weight = cells["sum_weight"].to_numpy(NUMBER)
    squares = sums(group, len(groups), weight * (outcome_values(cells) - estimate[group]) ** 2)
    is_share = sums(group, len(groups), cells["is_index"].to_numpy(NUMBER)) == 0
    return squares / sums(group, len(groups), weight) / (n - 1), is_share
