"""Standard errors of weighted results from replicate weights.

The statistics office that drew the sample weighs the same people again for each of R replicates of it. An estimate is
computed once with the survey's weights and once with each replicate's; how far the replicates lie from it is its error.
One factor makes this a variance: 1/R for balanced half samples and the bootstrap, 1/(R*(1-k)^2) for Fay's method with
the coefficient k, (R-1)/R for the jackknife that leaves out one cluster, 4/80 for the American Community Survey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import COUNT, NUMBER, SURVEY, TEXT, first_reason, number_groups
from coproduction.statistics.methods.moments import sums

REPLICATES = "replicates"
# The numbers of cnt_replicate_levels from which means are computed.
MEANS = ("n_answered", "sum_replicate_weight", "sum_replicate_positive")
# A result that fewer replicates change has no standard error: its group lies in fewer clusters.
FEWEST_REPLICATES = 10
FEW_REPLICATES = f"fewer than {FEWEST_REPLICATES} replicates change it: no standard error from replicate weights"
NO_ESTIMATE = "it does not exist in every replicate: no standard error from replicate weights"
# A replicate whose deviation is a smaller part of the largest one changes nothing but a rounded digit of the weights.
NO_CHANGE = 1e-3


def read_replicates(counts: pd.DataFrame, keys: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    """Check and sort the cells of replicates.

    Args:
        counts: one row per cell with `keys`, replicate_number (1, 2, ...), replicate_factor and `numbers`.
        keys: columns of identifiers; the groups come first in the order of the result.
        numbers: columns of values and of sums of replicate weights, in any unit.

    Returns:
        The same columns as text and numbers, sorted.

    Raises:
        ValueError: a column is missing.

    """
    columns = [*keys, "replicate_number", "replicate_factor", *numbers]
    missing = [column for column in columns if column not in counts.columns]
    if missing:
        raise ValueError(f"The frame of replicates has no column {', '.join(missing)}.")
    types = dict.fromkeys(columns, NUMBER) | dict.fromkeys(keys, TEXT) | {"replicate_number": COUNT}
    return counts[columns].astype(types).sort_values(columns, ignore_index=True)


def with_an_error(cells: pd.DataFrame, rows: pd.DataFrame, keys: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep the cells of groups whose weighted row has a standard error, and return these rows in the cells' order.

    A row without one, such as that of a few large weights, keeps its reason.
    """
    rows = rows[rows["std_error"].notna()]
    index = pd.MultiIndex.from_frame(rows[[*keys]].astype(TEXT))
    place = index.get_indexer(pd.MultiIndex.from_frame(cells[[*keys]]))
    return cells[place >= 0].reset_index(drop=True), rows.iloc[pd.unique(place[place >= 0])]


@dataclass(frozen=True)
class Replicates:
    """The replicates of groups: `groups` has one row of keys for each, and `factor` one number.

    `place` is the cell's place in a flat array of groups and replicates, `shape` the number of both, and `is_one` says
    which replicates a group has: surveys may have different numbers of them.
    """

    groups: pd.DataFrame
    factor: np.ndarray
    place: np.ndarray
    shape: tuple[int, int]
    is_one: np.ndarray

    @classmethod
    def of(cls, cells: pd.DataFrame, keys: Sequence[str]) -> "Replicates":
        """Number the groups and replicates of the cells that `read_replicates` returns."""
        groups, group = number_groups(cells, keys)
        number = cells["replicate_number"].to_numpy()
        of_survey = cells.groupby(list(SURVEY))["replicate_number"].transform("max").to_numpy()
        first = np.unique(group, return_index=True)[1]
        shape = len(groups), int(number.max(initial=0))
        is_one = np.arange(shape[1]) < of_survey[first][:, None]
        factor = cells["replicate_factor"].to_numpy(NUMBER)[first]
        return cls(groups, factor, group * shape[1] + number - 1, shape, is_one)

    def means(self, cells: pd.DataFrame) -> np.ndarray:
        """Mean outcome of each group in each replicate, from the sums of weights and of weighted numerators."""
        answered, weight, positive = (cells[name].to_numpy(NUMBER) for name in MEANS)
        n_places = self.shape[0] * self.shape[1]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = sums(self.place, n_places, positive / answered) / sums(self.place, n_places, weight)
        return mean.reshape(self.shape)

    def errors(
        self, estimates: np.ndarray, estimate: np.ndarray, df: np.ndarray, group: np.ndarray | slice = slice(None)
    ) -> dict[str, Any]:
        """Standard error of each estimate, with its degrees of freedom.

            std_error = sqrt(factor * sum over replicates of (estimate of the replicate - estimate)^2)

        The degrees of freedom are the replicates that change the estimate, less one, or those of the weights if these
        are fewer: a group that lives in 12 of 60 clusters is changed by 12 of 60 jackknife replicates.

        Args:
            estimates: estimates of the replicates, of the shape (estimates, replicates), in any unit.
            estimate: estimates with the survey's weights.
            df: degrees of freedom that the weights allow.
            group: the number of a group of the same survey, for each estimate; by default each group has one.

        Returns:
            Columns std_error, std_error_type, df and reason; the first and the third are NaN where reason is given.

        R: `svrepdesign(weights = ~w, repweights = ..., type = "other", scale = factor, rscales = 1, combined.weights =
        TRUE, mse = TRUE)`. Source: Wolter 2007, Introduction to Variance Estimation.

        """
        deviation = np.where(self.is_one[group], estimates - estimate[:, None], 0)
        size = np.abs(deviation)
        n_changed = (size > NO_CHANGE * size.max(axis=1, initial=0, keepdims=True)).sum(axis=1)
        std_error = np.sqrt(self.factor[group] * (deviation**2).sum(axis=1))
        few = [np.isnan(std_error), n_changed < FEWEST_REPLICATES]
        reason = first_reason(few, [NO_ESTIMATE, FEW_REPLICATES])
        is_missing = pd.notna(reason)
        return {
            "std_error": np.where(is_missing, np.nan, std_error),
            "std_error_type": REPLICATES,
            "df": np.where(is_missing, np.nan, np.fmin(n_changed - 1, df)),
            "reason": reason,
        }
