"""The models of a nudge's effect: for each, one row per contrast of an experiment, before intervals and p-values."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods import resampling
from coproduction.statistics.methods.contrasts import (
    CONTROL,
    HC2,
    INTERACTION,
    POINTS,
    TIE,
    Contrast,
    Experiment,
    arm_moments,
    bell_mccaffrey_df,
    contrast_moments,
    read_contrasts,
    read_experiment,
    split_groups,
)
from coproduction.statistics.methods.counts import KEYS, NUMBER, SURVEY, TEXT, UNWEIGHTED, outcome_values, read_counts
from coproduction.statistics.methods.moments import sums
from coproduction.statistics.methods.permutations import enough_permutations
from coproduction.statistics.methods.registration import NUDGE, family_sizes
from coproduction.statistics.methods.regressions.adjustment import NO_FIT, GroupedCells, fractional_logit, lin_means
from coproduction.statistics.methods.resampling import permutations_for, randomisation_p_values, seed_of
from coproduction.statistics.methods.weights.weighting import (
    FOURTH_POWERS,
    SUMS_OF_WEIGHTS,
    WEIGHTED,
    WeightedMoments,
    degrees_of_freedom,
    read_weighted_counts,
    weighted_contrast,
    weighted_moments,
    why_few_weights,
)

# Keys of one experiment.
GROUP = (*KEYS, "outcome_id")
COVARIATES = ("age_band", "gender_score")
# If any arm of a contrast has fewer respondents or events, the permutation p is the headline p.
SMALL_ARM = 60
FEW_EVENTS = 10
# Lin's regression needs this many respondents of each arm in each age band and gender: one alone has leverage 1.
FEWEST_OF_LEVEL = 2
# A smaller arm is withheld in the reports and does not decide which levels are merged.
FEWEST_OF_ARM = 10

ROBUST = "HC0 delta method"
SATTERTHWAITE = "linearised Satterthwaite"

# Results of a model for one contrast, from which the intervals and p-values are computed.
COLUMNS_OF_MODELS = (
    *("contrast_id", "model_id", "weighting_id", "n_respondents", "n_arm", "n_control"),
    *("n_effective_arm", "n_effective_control", "design_effect", "estimate", "std_error", "std_error_type"),
    *("reference_df", "lowest", "highest", "p_value_randomisation", "p_value_max_t", "n_permutations"),
    *("headline_p_value_type", "n_merged_levels", "reason"),
)


def unweighted_rows(
    counts: pd.DataFrame, studies: pd.DataFrame | None = None, hypotheses: pd.DataFrame | None = None
) -> list[dict[str, Any]]:
    """Rows of the models `dummies` and `logit`, in which all respondents have equal weight.

    Args:
        counts: as for `estimate_nudge_effects`.
        studies: as for `estimate_nudge_effects`.
        hypotheses: as for `estimate_nudge_effects`.

    Returns:
        One row per group, contrast and model: the columns GROUP and COLUMNS_OF_MODELS; estimates and standard errors in
        points of 0-100.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    """
    cells = read_counts(counts, text=(*GROUP, "arm_id"), numbers=("n_positive", "n_answered"))
    cells = cells[cells["arm_id"].notna()]
    n_tests = _tests_of_families(cells, studies, hypotheses)
    rows = []
    experiments = [(key, read_experiment(of_group)) for key, of_group in split_groups(cells, GROUP)]
    # By the number of respondents, because small samples of equally many share their draws.
    for key, experiment in sorted(experiments, key=lambda pair: pair[1].n.sum()):
        contrasts = read_contrasts(experiment)
        n_permutations = permutations_for(n_tests.get((*key[:2], key[-1]), 0), resampling.PERMUTATIONS_OF_ARMS)
        dummies = _dummies(experiment, contrasts, seed_of(*key), n_permutations)
        of_models = [*dummies, *_logit(experiment, contrasts)]
        rows += [dict(zip(GROUP, key, strict=True)) | row for row in of_models]
    return _as_if_equal_weights(rows)


def _tests_of_families(
    cells: pd.DataFrame, studies: pd.DataFrame | None, hypotheses: pd.DataFrame | None
) -> dict[tuple[str, ...], int]:
    """Arms compared with no nudge, in all groups of a family: at least its tests. By council, wave and outcome."""
    arms = cells.loc[cells["arm_id"].ne(CONTROL), [*GROUP, "arm_id"]].drop_duplicates()
    sizes = family_sizes(arms, NUDGE, studies, hypotheses)
    keys = arms[[*SURVEY, "outcome_id"]].itertuples(index=False, name=None)
    return dict(zip(keys, sizes.tolist(), strict=True))


def adjusted_rows(covariates: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the models `lin` and `logit_adjusted`, for the groups whose survey has a covariate.

    Args:
        covariates: as for `estimate_nudge_effects`. Respondents who lack a covariate that their survey has are left
            out.

    Returns:
        Rows as those of `unweighted_rows`.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    """
    text, numbers = (*GROUP, "arm_id", "age_band"), ("gender_score", "n_positive", "n_answered")
    cells = read_counts(covariates, text=text, numbers=numbers)
    cells = cells[cells["arm_id"].notna()]
    # Levels are numbered in their order, -1 if unknown: a study of many surveys has too many groups for texts.
    levels = np.column_stack([pd.factorize(cells[column], sort=True)[0] for column in COVARIATES])
    rows, first = [], 0
    for key, of_group in split_groups(cells, GROUP):
        of_cells = levels[first : first + len(of_group)]
        first += len(of_group)
        of_cells = of_cells[:, (of_cells >= 0).any(axis=0)]
        complete = np.flatnonzero((of_cells >= 0).all(axis=1))
        if of_cells.shape[1] and len(complete):
            adjusted = _adjusted(of_group.iloc[complete], of_cells[complete])
            rows += [dict(zip(GROUP, key, strict=True)) | row for row in adjusted]
    return _as_if_equal_weights(rows)


def weighted_rows(counts: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the model `dummies` with weights, for the groups in which anybody has one.

    Args:
        counts: as for `estimate_nudge_effects`.

    Returns:
        Rows as those of `unweighted_rows`.

    Raises:
        ValueError: sums of weights that are impossible.

    """
    cells = read_weighted_counts(counts, (*GROUP, "arm_id"), ("n_positive", "n_answered"))
    cells = cells[cells["arm_id"].notna()]
    if cells.empty:
        return []
    # An arm in which nobody has a weight is kept, and its contrast gets a reason.
    arms = counts[[*GROUP, "arm_id"]].dropna(subset="arm_id").astype(TEXT)
    arm_ids = arms.groupby(list(GROUP), dropna=False)["arm_id"].unique()
    return [
        dict(zip(GROUP, key, strict=True)) | row
        for key, of_group in split_groups(cells, GROUP)
        for row in _weighted_dummies(of_group, arm_ids[key])
    ]


def _as_if_equal_weights(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to unweighted rows the columns that differ only under weights, such as the design effect."""
    return [
        {
            "weighting_id": UNWEIGHTED,
            "design_effect": 1.0,
            "n_effective_arm": row["n_arm"],
            "n_effective_control": row["n_control"],
        }
        | row
        for row in rows
    ]


def _row(
    contrast: Contrast,
    model_id: str,
    estimate: float,
    std_error: float,
    std_error_type: str,
    df: float,
    reason: str | None = None,
) -> dict[str, Any]:
    """Build the row of one model of a contrast; `reason` is the model's reason, used where the contrast has none."""
    reason = contrast.reason or reason
    return contrast.columns | {
        "model_id": model_id,
        "estimate": estimate * POINTS,
        "std_error": np.nan if reason else std_error * POINTS,
        "std_error_type": std_error_type,
        "reference_df": df,
        "lowest": np.minimum(contrast.weights, 0).sum() * POINTS,
        "highest": np.maximum(contrast.weights, 0).sum() * POINTS,
        "reason": reason,
    }


def _dummies(
    experiment: Experiment, contrasts: list[Contrast], seed: int, n_permutations: int
) -> Iterator[dict[str, Any]]:
    """Yield the headline model's row of each contrast."""
    value, std_error = contrast_moments(*arm_moments(experiment.table, experiment.values), _matrix(experiment))
    is_small_arm = (experiment.n < SMALL_ARM) | (experiment.n_events < FEW_EVENTS)
    is_drawn = np.array([is_small_arm[contrast.is_used].any() for contrast in contrasts], dtype=bool)
    is_arm = np.array([contrast.contrast_id != INTERACTION for contrast in contrasts], dtype=bool)

    def p_values_of(seed: int, number: int) -> tuple[np.ndarray, np.ndarray]:
        return randomisation_p_values(experiment, _matrix(experiment), is_arm, seed, number)

    of_contrasts = enough_permutations(p_values_of, is_drawn, seed, n_permutations, resampling.PERMUTATIONS_OF_ARMS)
    for place, contrast in enumerate(contrasts):
        df = bell_mccaffrey_df(experiment.n, contrast.weights)
        yield (
            _row(contrast, "dummies", value[place], std_error[place], HC2, df)
            | {name: column[place] for name, column in of_contrasts.items()}
            | {"headline_p_value_type": "randomisation" if is_drawn[place] else "t"}
        )


def _logit(experiment: Experiment, contrasts: list[Contrast]) -> Iterator[dict[str, Any]]:
    """Yield the unadjusted fractional logit's row of each contrast.

    With one dummy per arm it predicts the arms' means, so the delta method gives the variances of the means, s^2/n with
    n instead of n-1 (HC0).
    """
    mean, squared_error = arm_moments(experiment.table, experiment.values)
    n = np.maximum(experiment.n, 1)
    value, std_error = contrast_moments(mean, squared_error * (n - 1) / n, _matrix(experiment))
    for place, contrast in enumerate(contrasts):
        yield _row(contrast, "logit", value[place], std_error[place], ROBUST, np.inf)


def _weighted_dummies(cells: pd.DataFrame, arm_ids: np.ndarray) -> Iterator[dict[str, Any]]:
    """Yield the weighted headline's row of each contrast of one group."""
    experiment = read_experiment(cells, arm_ids.tolist())
    arms, df_of_arms = _weighted_arms(cells, experiment)
    with np.errstate(invalid="ignore"):
        n_events = np.minimum(arms.mean, 1 - arms.mean) * arms.n_effective
        is_small_arm = ~((arms.n_effective >= SMALL_ARM) & (n_events >= FEW_EVENTS))
    for contrast in read_contrasts(experiment):
        estimate, std_error, df, design_effect = weighted_contrast(contrast.weights, arms, df_of_arms)
        reason = why_few_weights(arms.n_effective[contrast.is_used].min(keepdims=True), np.array([df]))[0]
        is_nudged = contrast.is_used & (np.arange(len(arms.n)) != experiment.control)
        estimate = 0.0 if abs(estimate) < TIE else estimate
        yield _row(contrast, "dummies", estimate, std_error, SATTERTHWAITE, df, reason) | {
            "weighting_id": WEIGHTED,
            "n_effective_arm": arms.n_effective[is_nudged].min(),
            "n_effective_control": arms.n_effective[experiment.control],
            "design_effect": design_effect,
            "headline_p_value_type": None if is_small_arm[contrast.is_used].any() else "t",
        }


def _weighted_arms(cells: pd.DataFrame, experiment: Experiment) -> tuple[WeightedMoments, np.ndarray]:
    """Weighted moments of each arm's outcomes, and the degrees of freedom of their variances."""
    value = outcome_values(cells)
    cells, value = cells[~np.isnan(value)], value[~np.isnan(value)]
    arm = np.searchsorted(experiment.arm_ids, cells["arm_id"].to_numpy(dtype=str))
    columns = cells[["n_respondents", *SUMS_OF_WEIGHTS, FOURTH_POWERS]].to_numpy(dtype=NUMBER)
    count, weight, squared, fourth = columns.T
    n_arms = len(experiment.arm_ids)
    moments = weighted_moments(arm, n_arms, count, weight, squared, value)
    return moments, degrees_of_freedom(sums(arm, n_arms, squared), sums(arm, n_arms, fourth))


def _matrix(experiment: Experiment) -> np.ndarray:
    return np.array(list(experiment.contrasts.values())).reshape(-1, len(experiment.arm_ids))


def _adjusted(cells: pd.DataFrame, levels: np.ndarray) -> Iterator[dict[str, Any]]:
    """Yield the rows of Lin's regression and of the adjusted fractional logit for one group.

    Args: `cells` as for `read_experiment`; `levels` their covariates, of shape (cells, covariates).
    """
    experiment = read_experiment(cells)
    value = outcome_values(cells)
    has_outcome = ~np.isnan(value)
    arm = np.searchsorted(experiment.arm_ids, cells["arm_id"].to_numpy(dtype=str))[has_outcome]
    n, value, levels = cells["n_respondents"].to_numpy()[has_outcome], value[has_outcome], levels[has_outcome]
    merged, n_merged = merge_sparse_levels(levels, arm, n)
    n_arms = len(experiment.arm_ids)
    lin = lin_means(_grouped(merged, arm, value, n, n_arms)) if len(n) else None
    can_fit = len(n) and (experiment.n > 0).all()
    logit = fractional_logit(_grouped(levels, arm, value, n, n_arms)) if can_fit else None
    for contrast in read_contrasts(experiment):
        effect, std_error, df, reason = lin.contrast(contrast.weights) if lin else (np.nan, np.nan, np.nan, None)
        yield _row(contrast, "lin", effect, std_error, HC2, df, reason) | {"n_merged_levels": n_merged}
        effect, std_error = logit.contrast(contrast.weights) if logit else (np.nan, np.nan)
        yield _row(contrast, "logit_adjusted", effect, std_error, ROBUST, np.inf, None if logit else NO_FIT)


def merge_sparse_levels(levels: np.ndarray, arm: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, int]:
    """Merge age bands and genders in which an arm has too few respondents for a regression of its own.

    The level with the fewest respondents in any one arm is merged with the smaller of its neighbours in the order of
    the levels, until every arm has FEWEST_OF_LEVEL respondents in every level or one level is left. The levels of all
    arms stay the same. Arms of fewer than FEWEST_OF_ARM respondents are not asked: they would merge all levels. Each
    covariate is merged by itself.

    Args:
        levels: whole numbers in the order of the levels, of shape (cells, covariates).
        arm: number of each cell's arm.
        n: respondents of each cell, all of whom have the outcome.

    Returns:
        The levels with the first of the merged ones in place of each of them, and how many have disappeared.

    R: `estimatr::lm_lin` on the covariates with merged levels.

    """
    merged, n_merged = np.empty_like(levels), 0
    is_asked = np.bincount(arm, n) >= FEWEST_OF_ARM
    for covariate, of_cells in enumerate(levels.T):
        distinct, level = np.unique(of_cells, return_inverse=True)
        table = np.zeros((len(is_asked), len(distinct)), dtype=np.int64)
        np.add.at(table, (arm, level), n)
        first_of = _merged_levels(table[is_asked]) if is_asked.any() else np.arange(len(distinct))
        n_merged += int((first_of != np.arange(len(first_of))).sum())
        merged[:, covariate] = distinct[first_of[level]]
    return merged, n_merged


def _merged_levels(table: np.ndarray) -> np.ndarray:
    """Return the number of the level that stands for each level, from respondents by arm and level."""
    groups = [[level] for level in range(table.shape[1])]
    while len(groups) > 1:
        n = np.column_stack([table[:, group].sum(axis=1) for group in groups])
        if n.min() >= FEWEST_OF_LEVEL:
            break
        sparsest = int(n.min(axis=0).argmin())
        neighbours = [place for place in (sparsest - 1, sparsest + 1) if 0 <= place < len(groups)]
        neighbour = min(neighbours, key=lambda place: n[:, place].sum())
        first, second = sorted((sparsest, neighbour))
        groups[first : second + 1] = [groups[first] + groups[second]]
    return np.array([group[0] for group in groups for _ in group])


def _grouped(levels: np.ndarray, arm: np.ndarray, value: np.ndarray, n: np.ndarray, n_arms: int) -> GroupedCells:
    """Cells of one group with one dummy for each level of a covariate except its first."""
    profiles, profile = np.unique(levels, axis=0, return_inverse=True)
    dummies = [column[:, None] == np.unique(column)[None, 1:] for column in profiles.T]
    return GroupedCells(arm, profile, value, n, np.hstack(dummies).astype(NUMBER), n_arms)
