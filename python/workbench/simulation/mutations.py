"""Deliberate mistakes in estimators. Each mutation is a common mistake and names the check that must fail.

Checks that never fail prove nothing, so with a mutation in place its check must fail.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from coproduction.statistics.estimates.changes import common_margin, compared_waves
from coproduction.statistics.estimates.levels import replicated_levels
from coproduction.statistics.estimates.pooling import est_pooled_councils
from coproduction.statistics.methods import contrasts as arm_contrasts
from coproduction.statistics.methods import counts, moments, registration
from coproduction.statistics.methods.inference import UPPER, Z, p_value_of_t, upper_tail_of_t
from coproduction.statistics.methods.weights import weighting
from workbench.simulation.changes import Change


@dataclass(frozen=True)
class Mutation:
    """A mistake, as a text and as changes of the estimators' modules, and the name of the check that must fail."""

    name: str
    mistake: str
    check: str
    changes: tuple[Change, ...]


def _z_half_width(standard_error: np.ndarray, df: np.ndarray) -> np.ndarray:
    return Z * standard_error + 0 * df


def _residual_df(n: np.ndarray, weights: np.ndarray) -> float:
    return float(n.sum() - len(n))


def _common_variance(tables: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean, squared_error = arm_contrasts.arm_moments(tables, values)
    n = tables.sum(axis=-1)
    common = (squared_error * n * (n - 1)).sum(axis=0) / (n - 1).sum(axis=0)
    return mean, common / n


def _two_arms_only(mean: np.ndarray, squared_error: np.ndarray, contrasts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    value, _ = arm_contrasts.contrast_moments(mean, squared_error, contrasts)
    kept = np.where(np.cumsum(contrasts != 0, axis=1) <= 2, contrasts, 0.0)
    return value, arm_contrasts.contrast_moments(mean, squared_error, kept)[1]


def _unpaired_counts(*arguments: Any, **named: Any) -> pd.DataFrame:
    cells = counts.read_counts(*arguments, **named)
    keys = list(counts.KEYS)

    def margin(columns: list[str]) -> pd.DataFrame:
        return cells.groupby([*keys, *columns], as_index=False)[["n_respondents"]].sum()

    pairs = margin(["n_positive", "n_answered"]).merge(margin(["collective_participation"]), on=keys)
    total = pairs[keys].merge(margin([]), on=keys)["n_respondents"]
    return pairs.assign(n_respondents=pairs["n_respondents_x"] * pairs["n_respondents_y"] / total)


def _one_respondent_per_cell(*arguments: Any, **named: Any) -> pd.DataFrame:
    return counts.read_counts(*arguments, **named).assign(n_respondents=1)


def _tables_as_observed(table: np.ndarray, random: np.random.Generator, number: int) -> np.ndarray:
    return np.repeat(table[:, None, :], number, axis=1)


def _as_if_other_people(parts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    averaged = _AVERAGE(parts, keys)
    return averaged.assign(std_error=averaged["std_error"] / np.sqrt(averaged["n_estimates"].clip(lower=1)))


# The original function, which the mutation replaces while it runs.
_AVERAGE = est_pooled_councils._average


def _ranks_of_the_cell_before(group: np.ndarray, count: np.ndarray, value: np.ndarray) -> np.ndarray:
    return np.roll(moments.average_ranks(group, count, value), 1)


def _textbook_correlation(*arguments: Any) -> moments.Correlation:
    of = moments.correlation(*arguments)
    return replace(of, influence=(1 - of.estimate**2) ** 2)


def _error_of_equal_weights(
    group: np.ndarray,
    n_groups: int,
    count: np.ndarray,
    weight: np.ndarray,
    weight_squared: np.ndarray,
    value: np.ndarray,
) -> weighting.WeightedMoments:
    of = weighting.weighted_moments(group, n_groups, count, weight, weight_squared, value)
    return replace(of, standard_error=moments.moments(group, n_groups, count, value).standard_error)


def _influence_of_equal_weights(*arguments: Any) -> weighting.WeightedCorrelation:
    of = weighting.weighted_correlation(*arguments)
    return replace(of, standard_error=np.sqrt(of.influence / (of.n - 1)))


def _many_degrees(sum_weight_squared: np.ndarray, sum_weight_fourth: np.ndarray) -> np.ndarray:
    """Degrees of freedom so many that t is normal, as if no respondent had a large weight."""
    return 1e6 + 0 * sum_weight_fourth


def _without_design(estimates: Any, clusters: pd.DataFrame) -> Any:
    """What the estimates were before a design was declared."""
    return estimates


def _as_if_bootstrapped(levels: pd.DataFrame, weighted: pd.DataFrame, replicates: pd.DataFrame) -> pd.DataFrame:
    factor = 1 / replicates["replicate_number"].max()
    return replicated_levels.levels_by_replicates(levels, weighted, replicates.assign(replicate_factor=factor))


def _number_of_clusters(k: np.ndarray, *_: np.ndarray) -> float:
    return float(len(k) - 2)


def _not_adjusted(estimates: pd.DataFrame, p_value: str, *arguments: object) -> pd.DataFrame:
    adjusted = registration.adjust_registered(estimates, p_value, *arguments)  # type: ignore[arg-type]
    return adjusted.assign(p_value_adjusted=estimates[p_value])


def _upper_bound_only(y: np.ndarray, d: np.ndarray, s: np.ndarray, df: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return upper_tail_of_t((d - y) / s, df), upper_tail_of_t((y - d) / s, df)


def _test_of_zero(y: np.ndarray, d: np.ndarray, s: np.ndarray, df: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    p_value = p_value_of_t(y / s, df)
    return p_value, p_value


def _normal_quantile(probability: float, df: np.ndarray) -> np.ndarray:
    return stats.norm.ppf(probability) + 0 * np.asarray(df)


def _wald_interval(count: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(invalid="ignore", divide="ignore"):
        share = count / n
        half_width = stats.norm.ppf(UPPER) * np.sqrt(share * (1 - share) / n)
    return share - half_width, share + half_width


def _without_the_same_people(*arguments: Any) -> compared_waves.Overlap:
    overlap = compared_waves.overlap_of(*arguments)
    return replace(overlap, covariance=0 * overlap.covariance)


def _known_margins(margins: Any, before: np.ndarray, after: np.ndarray, *more: np.ndarray) -> Any:
    # An earlier wave in which nobody is listed adds nothing to the later mean.
    known = [margin._replace(earlier=0 * margin.earlier) for margin in margins]
    return _INFLUENCES(known, before, after, *more)


_INFLUENCES = common_margin._influences

_ALL = (
    Mutation(
        "z_for_t",
        "the normal quantile in the interval of a mean",
        "level_mean_small",
        (Change("methods.means", "t_half_width", _z_half_width),),
    ),
    Mutation(
        "wrong_degrees_of_freedom",
        "residual degrees of freedom of the whole regression instead of Bell and McCaffrey's",
        "nudge_small_arm",
        (Change("estimates.nudges.nudge_models", "bell_mccaffrey_df", _residual_df),),
    ),
    Mutation(
        "dropped_covariance",
        "individual and collective activity compared as if different people had answered",
        "paired_gap",
        (Change("estimates.levels.est_outcome_gaps", "read_counts", _unpaired_counts),),
    ),
    Mutation(
        "unweighted_n",
        "a cell of the counts taken for one respondent",
        "level_mean",
        (Change("estimates.levels.est_levels", "read_counts", _one_respondent_per_cell),),
    ),
    Mutation(
        "biased_variance",
        "one common variance for all arms, biased where they differ",
        "nudge_unequal_arms",
        (Change("estimates.nudges.nudge_models", "arm_moments", _common_variance),),
    ),
    Mutation(
        "unpermuted_factor",
        "arms derived from the assignment left as they were while it is permuted",
        "randomisation_p",
        (
            Change("methods.resampling", "permuted_tables", _tables_as_observed),
            Change("methods.resampling", "shared_tables", _tables_as_observed),
        ),
    ),
    Mutation(
        "ignored_clustering",
        "a council's topics averaged as if different people had answered each",
        "average_of_topics",
        (Change("estimates.pooling.est_pooled_councils", "_average", _as_if_other_people),),
    ),
    Mutation(
        "shifted_ranks",
        "every cell with the rank of the cell before it",
        "spearman_interval",
        (Change("estimates.correlates.est_correlates", "average_ranks", _ranks_of_the_cell_before),),
    ),
    Mutation(
        "textbook_error",
        "the textbook error (1-r^2)/sqrt(n-1) in place of the linearised one",
        "linearised_heteroscedastic_index",
        (Change("estimates.correlates.est_correlates", "correlation", _textbook_correlation),),
    ),
    Mutation(
        "unweighted_error",
        "a weighted contrast with the error of equal weights",
        "nudge_weighted",
        (Change("estimates.nudges.nudge_models", "weighted_moments", _error_of_equal_weights),),
    ),
    Mutation(
        "unweighted_influence",
        "a weighted correlation with the number of respondents for its effective number",
        "linearised_weighted",
        (Change("estimates.correlates.est_correlates", "weighted_correlation", _influence_of_equal_weights),),
    ),
    Mutation(
        "normal_with_heavy_weights",
        "a weighted correlation judged by the normal distribution, as with equal weights",
        "very_heavy_weights",
        (Change("estimates.correlates.est_correlates", "degrees_of_freedom", _many_degrees),),
    ),
    Mutation(
        "normal_level_with_heavy_weights",
        "a weighted share whose interval takes no account of large weights",
        "share_heavy_weights",
        (Change("methods.means", "degrees_of_freedom", _many_degrees),),
    ),
    Mutation(
        "not_adjusted",
        "the raw p in place of Holm's",
        "holm_family",
        (Change("estimates.nudges.est_nudge_effects", "adjust_registered", _not_adjusted),),
    ),
    Mutation(
        "interval_of_95_per_cent",
        "the 95 % interval in place of the 90 % one, so that too few verdicts are given",
        "equivalence_upper_bound",
        (Change("estimates.equivalence.est_equivalence", "SIGNIFICANCE", 0.025),),
    ),
    Mutation(
        "one_of_two_tests",
        "only one of the two one-sided tests, so that a harmful nudge is too small to matter",
        "equivalence_lower_bound",
        (Change("estimates.equivalence.est_equivalence", "_p_values", _upper_bound_only),),
    ),
    Mutation(
        "not_significant_is_absent",
        "a test of zero in place of the tests of the bounds",
        "equivalence_power",
        (Change("estimates.equivalence.est_equivalence", "_p_values", _test_of_zero),),
    ),
    Mutation(
        "ignored_overlap",
        "two waves compared as if nobody were in both",
        "change_full_overlap",
        (Change("estimates.changes.est_changes", "overlap_of", _without_the_same_people),),
    ),
    Mutation(
        "margins_taken_as_known",
        "a wave reweighted to the composition of another as if that were known exactly",
        "change_common_margin",
        (Change("estimates.changes.common_margin", "_influences", _known_margins),),
    ),
    Mutation(
        "dropped_arms",
        "the interaction's error from two of its four arms",
        "nudge_interaction",
        (Change("estimates.nudges.nudge_models", "contrast_moments", _two_arms_only),),
    ),
    Mutation(
        "z_for_t_in_pooling",
        "the normal quantile with Hartung and Knapp's error",
        "pooled_three_councils",
        (Change("estimates.pooling.est_pooled", "t_quantile", _normal_quantile),),
    ),
    Mutation(
        "wald_for_wilson",
        "the interval p -+ 1.96*sqrt(p(1-p)/n) of a rare answer",
        "level_rare",
        (Change("methods.means", "wilson_interval", _wald_interval),),
    ),
    Mutation(
        "level_without_clusters",
        "a level of clustered people with the error of independent ones",
        "level_clusters_20_05",
        (Change("estimates.levels.est_levels", "levels_by_design", _without_design),),
    ),
    Mutation(
        "factor_of_another_replication",
        "jackknife replicates with the factor of the bootstrap, 1/R in place of (R-1)/R",
        "level_jackknife_60_20",
        (Change("estimates.levels.est_levels", "levels_by_replicates", _as_if_bootstrapped),),
    ),
    Mutation(
        "correlation_without_clusters",
        "a correlation of clustered people with the p of independent ones",
        "correlate_clusters_60_20",
        (Change("estimates.correlates.est_correlates", "correlates_by_design", _without_design),),
    ),
    Mutation(
        "nudge_without_clusters",
        "an experiment on clusters with HC2",
        "nudge_clusters_20_05",
        (Change("estimates.nudges.est_nudge_effects", "rows_by_design", _without_design),),
    ),
    Mutation(
        "clusters_for_degrees_of_freedom",
        "the number of clusters in place of Bell and McCaffrey's degrees of freedom",
        "nudge_clusters_20_20",
        (Change("methods.clustered_contrasts", "_trace_df", _number_of_clusters),),
    ),
)


MUTATIONS = {mutation.name: mutation for mutation in _ALL}
