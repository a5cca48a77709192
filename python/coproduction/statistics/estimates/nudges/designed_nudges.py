"""Nudges under the design of the sample: clustered errors, and permutations by cluster and within strata."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.nudges.nudge_models import GROUP
from coproduction.statistics.methods.clustered_contrasts import (
    CLUSTERED,
    CLUSTERED_HC0,
    CR2,
    ArmClusters,
    clustered_contrast,
    clustered_hc0,
    permuted_clusters,
    permuted_within_strata,
    statistics_of_clusters,
)
from coproduction.statistics.methods.contrasts import INTERACTION, POINTS, Experiment, read_experiment, split_groups
from coproduction.statistics.methods.counts import NUMBER, UNWEIGHTED, outcome_values
from coproduction.statistics.methods.permutations import drawn_p_values, enough_permutations
from coproduction.statistics.methods.resampling import (
    FEWEST_PERMUTATIONS,
    N_SHUFFLED,
    N_SHUFFLED_AT_ONCE,
    PERMUTATIONS_OF_ARMS,
    TABLES_AT_ONCE,
    permutations_for,
    seed_of,
    statistics,
)
from coproduction.statistics.methods.weights.replicates import REPLICATES
from coproduction.statistics.methods.weights.sample_design import (
    ARM,
    IGNORES_DESIGN,
    NO_METHOD,
    pairs,
    read_clustered_counts,
)
from coproduction.statistics.methods.weights.weighting import SUMS_OF_WEIGHTS

Row = dict[str, Any]


def rows_by_design(rows: list[Row], clusters: pd.DataFrame) -> list[Row]:
    """Replace the errors and permutation p of the effects whose survey declares clusters or strata.

    With clusters, `dummies` has the error and df of `clustered_contrast`, `logit` that of `clustered_hc0`; the adjusted
    models have none, because theirs would leave out the clusters. The arms are permuted over whole clusters if no
    cluster has two arms, and otherwise over respondents, as they were assigned; in both cases within strata. The
    statistic is CR2's t if clusters are permuted and HC2's otherwise. Where CR2 does not exist, the permutation p is
    the headline. Without clusters only the permutations change.

    Args:
        rows: rows of the models of `nudge_models`.
        clusters: rows of cnt_clusters.

    Returns:
        The same rows. design_effect is the clustered variance over that without clusters, times that of the weights.

    """
    cells = clusters[clusters["breakdown_id"].eq(ARM)]
    if cells.empty:
        return rows
    cells = cells.rename(columns={"breakdown_value": "arm_id", "measure_id": "outcome_id"})
    cells = read_clustered_counts(cells, (*GROUP, "arm_id"), ("n_positive", "n_answered"))
    n_tests = Counter(row["outcome_id"] for row in rows if _is_headline(row) and row["contrast_id"] != INTERACTION)
    keys = (*GROUP, "weighting_id")
    cells = cells[~np.isnan(outcome_values(cells))].sort_values(list(keys), kind="stable")
    designs = {key: _read(of_group) for key, of_group in split_groups(cells, keys)}
    groups: dict[tuple, list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in keys), []).append(row)
    found = []
    for key, of_group in groups.items():
        design = designs.get(key)
        found += of_group if design is None else _of_group(of_group, design, n_tests[key[len(GROUP) - 1]], key)
    return found


@dataclass(frozen=True)
class _Design:
    """An experiment with its clusters (None: the survey has strata alone) and a table for each stratum."""

    experiment: Experiment
    clusters: ArmClusters | None
    tables: np.ndarray


def _read(cells: pd.DataFrame) -> _Design:
    """Lay out the cells of one group that have an outcome."""
    experiment = read_experiment(cells)
    arm, value = np.searchsorted(experiment.arm_ids, cells["arm_id"].to_numpy(dtype=str)), outcome_values(cells)
    _, stratum = np.unique(cells["stratum_number"].to_numpy(NUMBER), return_inverse=True)
    tables = np.zeros((stratum.max() + 1, *experiment.table.shape), dtype=np.int64)
    np.add.at(tables, (stratum, arm, np.searchsorted(experiment.values, value)), cells["n_respondents"].to_numpy())
    if cells["cluster_number"].isna().all():
        return _Design(experiment, None, tables)
    cluster = pairs(stratum, cells["cluster_number"].to_numpy(NUMBER))
    of_cluster = stratum[np.unique(cluster, return_index=True)[1]]
    columns = cells[["n_respondents", *SUMS_OF_WEIGHTS]].to_numpy(NUMBER)
    sums_of = np.zeros((4, len(of_cluster), len(experiment.arm_ids)))
    for place, column in enumerate([*columns.T, columns[:, 1] * value]):
        np.add.at(sums_of[place], (cluster, arm), column)
    return _Design(experiment, ArmClusters(of_cluster, *sums_of), tables)


def _is_headline(row: Row) -> bool:
    return row["model_id"] == "dummies" and row["weighting_id"] == UNWEIGHTED


def _of_group(rows: list[Row], design: _Design, n_tests: int, key: tuple) -> list[Row]:
    """Rows of one experiment under its design."""
    contrasts = design.experiment.contrasts
    changed = rows if design.clusters is None else [_clustered(row, design, contrasts) for row in rows]
    # An arm in which nobody has the outcome is not in the contrasts.
    headline = [row for row in changed if _is_headline(row) and row["contrast_id"] in contrasts]
    if not headline or (design.clusters is None and len(design.tables) == 1):
        return changed
    is_drawn = np.array([row["headline_p_value_type"] == "randomisation" for row in headline])
    in_family = np.array([row["contrast_id"] != INTERACTION for row in headline])
    matrix = np.array([contrasts[row["contrast_id"]] for row in headline])
    n = permutations_for(n_tests, PERMUTATIONS_OF_ARMS)
    of_rows = _permuted(design, matrix, in_family, is_drawn, seed_of(*key), n)
    places = {row["contrast_id"]: place for place, row in enumerate(headline)}
    return [
        row | {name: column[places[row["contrast_id"]]] for name, column in of_rows.items()}
        if _is_headline(row)
        else row
        for row in changed
    ]


def _clustered(row: Row, design: _Design, contrasts: dict[str, np.ndarray]) -> Row:
    """Put the clustered error into a row; a contrast that has no error without clusters has none with them.

    A row with the error of replicate weights stays as it is.
    """
    assert design.clusters is not None
    if row["std_error_type"] == REPLICATES:
        return row
    contrast = contrasts.get(row["contrast_id"])
    if row["model_id"] not in ("dummies", "logit") or contrast is None:
        return row | {"std_error": np.nan, "std_error_type": NO_METHOD, "reason": row["reason"] or IGNORES_DESIGN}
    name = CR2 if row["weighting_id"] == UNWEIGHTED else CLUSTERED
    if row["reason"]:
        return row | {"std_error_type": CLUSTERED_HC0 if row["model_id"] == "logit" else name}
    std_error, df, reason = clustered_contrast(contrast, design.clusters)
    if row["model_id"] == "logit":
        std_error, df, name = clustered_hc0(contrast, design.clusters), np.inf, CLUSTERED_HC0
    found = {"std_error_type": name, "std_error": np.nan if reason else std_error * POINTS, "reason": reason}
    if not reason:
        found |= {"reference_df": df}
        found["design_effect"] = row["design_effect"] * (found["std_error"] / row["std_error"]) ** 2
    elif _is_headline(row):
        found["headline_p_value_type"] = "randomisation"
    return row | found


def _permuted(
    design: _Design, matrix: np.ndarray, in_family: np.ndarray, is_drawn: np.ndarray, seed: int, n_permutations: int
) -> dict[str, np.ndarray]:
    """Permutation p of each headline row, and their number."""
    experiment, clusters = design.experiment, design.clusters
    if clusters is not None and clusters.is_assigned_whole:
        label, n, total = clusters.n.argmax(axis=1), clusters.n.sum(axis=1), clusters.total.sum(axis=1)
        sizes = (n, total, len(experiment.arm_ids), matrix)
        observed = statistics_of_clusters(label[None, :], *sizes)[:, 0]

        def draw(random: np.random.Generator, number: int) -> np.ndarray:
            return statistics_of_clusters(permuted_clusters(label, clusters.stratum, random, number), *sizes)

        at_once, most = max(1, N_SHUFFLED_AT_ONCE // len(n)), max(FEWEST_PERMUTATIONS, N_SHUFFLED // len(n))
    else:
        observed = statistics(experiment.table[:, None, :], experiment.values, matrix)[:, 0]
        observed = np.where(((matrix != 0) & (experiment.n < 2)).any(axis=1), np.nan, observed)

        def draw(random: np.random.Generator, number: int) -> np.ndarray:
            return permuted_within_strata(design.tables, experiment.values, matrix, random, number)

        at_once, most = TABLES_AT_ONCE, max(PERMUTATIONS_OF_ARMS, n_permutations)
    if len(experiment.values) < 2:
        observed = np.full(len(matrix), np.nan)

    def p_values_of(seed: int, number: int) -> tuple[np.ndarray, np.ndarray]:
        return drawn_p_values(draw, observed, in_family, seed, number, at_once)

    return enough_permutations(p_values_of, is_drawn, seed, min(n_permutations, most), min(PERMUTATIONS_OF_ARMS, most))
