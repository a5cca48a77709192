"""Standard errors of means and correlations under the design of a sample: clusters, strata, a finite population.

A cell of the counts belongs to one stratum and one cluster. What a respondent adds to an estimate is its linearised
value z: for a mean (y-m)/n, for a correlation its influence function / n. All that the variance needs are the sums of z
by cluster. Where the cluster is null, each respondent is one, so strata without clusters need no row for each person: a
cell of n such respondents is n clusters with the same z.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import COUNT, NUMBER, TEXT, first_reason
from coproduction.statistics.methods.moments import NO_SQUARES, sums
from coproduction.statistics.methods.weights.replicates import REPLICATES
from coproduction.statistics.methods.weights.weighting import (
    FOURTH_POWERS,
    SUMS_OF_WEIGHTS,
    degrees_of_freedom,
    read_weighted_counts,
    why_few_weights,
)

# In cnt_clusters an arm of an experiment stands where a breakdown stands.
ARM = "arm"
DESIGN = ("stratum_number", "cluster_number", "panel_size")
DESIGNED = "linearised, design"
NO_METHOD = "none"
# A level or correlation of fewer clusters has no standard error, p or stars.
FEWEST_CLUSTERS = 10
FEW_CLUSTERS = f"fewer than {FEWEST_CLUSTERS} clusters: no standard error under the survey's design"
NO_DEGREES = "as many strata as clusters: no standard error under the survey's design"
NO_SPREAD_OF_CLUSTERS = "all clusters give the same: no standard error under the survey's design"
COLUMNS_OF_DESIGN = (
    *("n_effective", "design_effect", "std_error", "std_error_type", "df", "ci_lower", "ci_upper", "reason"),
)
IGNORES_DESIGN = "this method leaves out how the sample was drawn: no standard error, interval or p"


def read_clustered_counts(counts: pd.DataFrame, keys: tuple[str, ...], numbers: tuple[str, ...]) -> pd.DataFrame:
    """Check and sort the cells of a survey's clusters, unweighted and weighted in one frame.

    Args:
        counts: one row per cell with `keys`, `numbers`, DESIGN, n_respondents and, where there are weights, the sums of
            `read_weighted_counts`.
        keys: columns of identifiers; the groups come first in the order of the result.
        numbers: columns of values, null allowed.

    Returns:
        `keys`, DESIGN, `numbers`, n_respondents and the sums of weights with powers 1, 2 and 4, by `weighting_id`. In
        unweighted rows every respondent has the weight 1.

    Raises:
        ValueError: a column is missing, or counts or sums of weights are impossible.

    """
    columns = [*keys, *DESIGN, *numbers]
    missing = [column for column in [*columns, "n_respondents"] if column not in counts.columns]
    if missing:
        raise ValueError(f"The frame of counts has no column {', '.join(missing)}.")
    types = dict.fromkeys(keys, TEXT) | dict.fromkeys((*DESIGN, *numbers), NUMBER)
    cells = counts[columns].astype(types).assign(n_respondents=counts["n_respondents"].astype(COUNT))
    cells = cells.groupby(columns, dropna=False, sort=True, as_index=False)[["n_respondents"]].sum()
    count = cells["n_respondents"].astype(NUMBER)
    plain = cells.assign(weighting_id="unweighted", **dict.fromkeys((*SUMS_OF_WEIGHTS, FOURTH_POWERS), count))
    weighted = read_weighted_counts(counts, keys, (*DESIGN, *numbers)).assign(weighting_id="weighted")
    return pd.concat([plain, weighted], ignore_index=True) if len(weighted) else plain


def pairs(number: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Number the distinct pairs of a number and a value; equal pairs have equal numbers, and so have null values."""
    value = np.unique(of, return_inverse=True)[1].ravel()
    return np.unique(np.column_stack([number, value]), axis=0, return_inverse=True)[1].ravel()


def number_of(cells: pd.DataFrame, keys: tuple[str, ...], is_in: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Number the groups of the cells that are in one; -1 for the others.

    Returns: one row of keys per group with anybody in it, and the number of each cell's group.
    """
    key = pd.MultiIndex.from_frame(cells[list(keys)])
    groups = key[is_in].unique()
    return groups.to_frame(index=False), np.where(is_in, groups.get_indexer(key), -1)


def in_place_of(estimates: pd.DataFrame, designed: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    """Put the columns of `designed` into the estimates with the same keys; all other rows and columns stay.

    A row with the error of replicate weights stays too, because they follow the design already. A design effect that
    does not exist leaves the one that is there: that of the weights alone.
    """
    key = pd.MultiIndex.from_frame(estimates[list(keys)].astype(TEXT))
    place = pd.MultiIndex.from_frame(designed[list(keys)].astype(TEXT)).get_indexer(key)
    is_found = (place >= 0) & estimates["std_error_type"].ne(REPLICATES).to_numpy()
    changed = estimates.copy()
    for name in designed.columns.difference(list(keys), sort=False):
        new = designed[name].to_numpy()[place[is_found]]
        old = changed[name].to_numpy(copy=True)
        if name in ("design_effect", "n_effective"):
            keeps = np.isnan(designed["std_error"].to_numpy(NUMBER)[place[is_found]])
            new = np.where(keeps, old[is_found], new)
        old = old.astype(object) if old.dtype.kind not in "fiu" else old
        old[is_found] = new
        changed[name] = old
    return changed


@dataclass(frozen=True)
class SampleDesign:
    """The clusters and strata of cells of counts.

    All arrays but the last two have one entry per cell: `group` (0, 1, ...; -1 for respondents without an answer, who
    are in the frame alone), `frame` (the number of the whole sample of which the group is a part), `in_frame` (whether
    the cell is one of those that make up the frame, each respondent once), `stratum` and `cluster` (numbered over all
    frames; cluster -1: each respondent is one), `count` and the sums of their weights' powers 1 and 2. `frame_of_group`
    has one entry per group, and `population` one per frame: members of the panel, NaN without a finite population.
    """

    group: np.ndarray
    frame: np.ndarray
    in_frame: np.ndarray
    stratum: np.ndarray
    cluster: np.ndarray
    count: np.ndarray
    weight: np.ndarray
    weight_squared: np.ndarray
    frame_of_group: np.ndarray
    population: np.ndarray

    @classmethod
    def of(
        cls, cells: pd.DataFrame, frame: tuple[str, ...], group: np.ndarray, groups: pd.DataFrame, in_frame: np.ndarray
    ) -> "SampleDesign":
        """Read the design of the cells that `read_clustered_counts` returns.

        Args: `frame` names the columns of a whole sample, which are also columns of `groups`, one row per group.
        """
        key = pd.MultiIndex.from_frame(cells[list(frame)])
        frames = key.unique()
        number, of_group = (frames.get_indexer(keys) for keys in (key, pd.MultiIndex.from_frame(groups[list(frame)])))
        stratum = pairs(number, cells["stratum_number"].to_numpy(NUMBER))
        cluster = pairs(stratum, cells["cluster_number"].to_numpy(NUMBER))
        cluster = np.where(cells["cluster_number"].isna(), -1, cluster)
        count, weight, squared = (cells[name].to_numpy(NUMBER) for name in ("n_respondents", *SUMS_OF_WEIGHTS))
        population = cells["panel_size"].groupby(number).max().to_numpy(NUMBER)
        return cls(group, number, in_frame, stratum, cluster, count, weight, squared, of_group, population)

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.frame_of_group)

    def _clusters_of(self, number: np.ndarray, n: int, here: np.ndarray) -> np.ndarray:
        """How many clusters have a cell that is `here`, for each of n numbers."""
        alone, named = here & (self.cluster < 0), here & (self.cluster >= 0)
        distinct = np.unique(np.column_stack([number[named], self.cluster[named]]), axis=0)
        return sums(number[alone], n, self.count[alone]) + sums(distinct[:, 0], n, np.ones(len(distinct)))

    def variance(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Variance of the sum of w * value over each group, without and with the finite population correction.

            var = sum over strata of (1 - n/N) * k/(k-1) * sum over its k clusters of (t - mean t)^2,  t = sum(w*value)

        k counts the clusters of the whole frame; one without anybody in the group has t = 0. In a stratum with one
        cluster, t^2 takes the place of the last factors: its deviation from the mean of the frame, which is 0.

        Args:
            value: linearised value of one respondent of the cell, which sums to 0 over a group when weighted.

        R: `svymean(~y, subset(svydesign(ids = ~cluster, strata = ~stratum, nest = TRUE, fpc = ~N, ...), here))` with
        `options(survey.lonely.psu = "adjust")`. Sources: Sarndal, Swensson and Wretman 1992, Model Assisted Survey
        Sampling, sections 4.2 and 5.6; Lumley 2010, Complex Surveys, section 2.

        """
        here = self.group >= 0
        group, stratum, total = self.group[here], self.stratum[here], (self.weight * value)[here]
        clusters_of = self._clusters_of(self.stratum, int(self.stratum.max()) + 1, self.in_frame)
        # Strata without anybody in a group add nothing.
        part, of_part = np.unique(np.column_stack([group, stratum]), axis=0, return_inverse=True)
        of_part, n_clusters = of_part.ravel(), clusters_of[part[:, 1]]
        alone = self.cluster[here] < 0
        squares = sums(of_part[alone], len(part), (self.weight_squared * value**2)[here][alone])
        number = pairs(of_part, self.cluster[here])[~alone]
        first = np.unique(number, return_index=True)
        of_clusters = sums(number, int(number.max(initial=-1)) + 1, total[~alone])[first[0]]
        squares = squares + sums(of_part[~alone][first[1]], len(part), of_clusters**2)
        between = np.maximum(squares - sums(of_part, len(part), total) ** 2 / n_clusters, 0)
        scale = n_clusters / np.where(n_clusters > 1, n_clusters - 1, np.nan)
        variance = sums(part[:, 0], self.n_groups, np.where(n_clusters > 1, scale * between, squares))
        return variance, variance * self.not_sampled()

    def not_sampled(self) -> np.ndarray:
        """1 - n/N of each group's frame; 1 without a finite population, or with one that is smaller than the sample."""
        share = sums(self.frame, len(self.population), self.count * self.in_frame) / self.population
        return np.where(share < 1, 1 - share, 1.0)[self.frame_of_group]

    def degrees_of_freedom(self, weight_fourth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Clusters less strata of each group, or the weights' number if it is smaller; and the reason if too few.

        R: `degf(subset(design, here))`.
        """
        here = self.group >= 0
        group, n_groups = self.group[here], self.n_groups
        n_clusters = self._clusters_of(self.group, n_groups, here)
        strata = np.unique(np.column_stack([group, self.stratum[here]]), axis=0)[:, 0]
        n_strata = sums(strata, n_groups, np.ones(len(strata)))
        has_clusters = sums(self.frame, len(self.population), self.cluster >= 0)[self.frame_of_group] > 0
        powers = (self.count, self.weight, self.weight_squared, weight_fourth)
        n, total, squares, fourth = (sums(group, n_groups, power[here]) for power in powers)
        df = np.fmin(n_clusters - n_strata, degrees_of_freedom(squares, fourth))
        # Only weights that differ can be few.
        n_effective = np.where(n * squares > total**2 * (1 + NO_SQUARES), total**2 / squares, np.inf)
        few = [has_clusters & (n_clusters < FEWEST_CLUSTERS), n_clusters <= n_strata]
        return df, first_reason(few, [FEW_CLUSTERS, NO_DEGREES], default=why_few_weights(n_effective, df))
