"""Correlates: correlations of answers with the outcomes (the paper's Tables 3 and 4). Associations, not effects."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.correlates.designed_correlates import correlates_by_design
from coproduction.statistics.estimates.correlates.est_dont_know_sensitivity import dont_know_share
from coproduction.statistics.estimates.correlates.latent_correlations import latent_correlation
from coproduction.statistics.estimates.correlates.replicated_correlates import correlates_by_replicates
from coproduction.statistics.methods.counts import (
    COUNT,
    COUNT_OR_NULL,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    Crosstab,
    crosstabs,
    first_reason,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import UPPER, Z, p_value_of_t, p_value_of_z, t_quantile
from coproduction.statistics.methods.moments import ROUNDING, Correlation, average_ranks, correlation, sums
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, correlate_families, correlate_p_values
from coproduction.statistics.methods.rank_correlations import kendall
from coproduction.statistics.methods.registration import CORRELATE, adjust_registered
from coproduction.statistics.methods.resampling import FEWEST_OF_LARGE_SAMPLE, seed_of
from coproduction.statistics.methods.small_samples import (
    FEWEST_OF_RARER_OUTCOME,
    exact_p_of_a_line,
    is_small,
    resampled_correlations,
)
from coproduction.statistics.methods.weights.weighting import (
    FOURTH_POWERS,
    LINEARISED,
    SUMS_OF_WEIGHTS,
    WEIGHTED,
    degrees_of_freedom,
    read_weighted_counts,
    weighted_correlation,
    why_few_weights,
)

GROUP = (*KEYS, "construct_id", "outcome_id")
TOO_FEW_ANSWERS = "too few distinct answers for a standard error"
SMALL_WEIGHTED_SAMPLE = "linearised, small sample"
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "method_id": TEXT,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    **dict.fromkeys(("n_effective", "design_effect", "estimate", "std_error"), NUMBER),
    "std_error_type": TEXT,
    **dict.fromkeys(("df", "ci_lower", "ci_upper", "p_value_t", "p_value", "p_value_adjusted"), NUMBER),
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "dont_know_share": NUMBER,
    "reason": TEXT,
}


def estimate_correlates(
    counts: pd.DataFrame,
    clusters: pd.DataFrame | None = None,
    studies: pd.DataFrame | None = None,
    hypotheses: pd.DataFrame | None = None,
    replicates: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Correlation of every outcome with every correlate, by four methods; Pearson is the headline, also weighted.

    Pairs are complete on both answers: a pair with Don't Know, a blank or a valid answer without a score is left out.

    | | pearson | spearman | kendall | polychoric |
    | --- | --- | --- | --- | --- |
    | estimate r | correlation of the values | the same on average ranks | tau-b | latent, see below |
    | std_error | of r: sqrt(mean(IF^2)/(n-1)) | of atanh r: sqrt((1+r^2/2)/(n-3)) | of tau-b | of rho |
    | std_error_type | `linearised` | `bonett_wright` | `asymptotic` | `two-step polychoric`, `two-step polyserial` |
    | interval, tanh of | atanh r -+ 1.96 * std_error/(1-r^2) | atanh r -+ 1.96 * std_error | as pearson | as pearson |
    | p_value_t | t = r*sqrt((n-2)/(1-r^2)), n-2 df | the same | none | none |
    | p_value | z = atanh r * (1-r^2)/std_error | p_value_t | variance under independence | as pearson |

    IF = zx*zy - r*(zx^2+zy^2)/2 is the influence function of standardised values. Its interval and p_value also hold
    where many answers are at the ends of a scale; there the usual Fisher interval covers 89-91 % instead of 95 %.
    p_value_t is the p of the printed tables and decides the stars. p_value_adjusted is Benjamini and Hochberg's over
    the family, of p_value_t or, for kendall and polychoric, of p_value (registration.adjust_registered).

    Small samples: with fewer than 300 respondents, or fewer than 50 outside the commonest value of the outcome (in the
    rarer outcome, where it is 0 or 1), Pearson's p_value is that of 4,999 permutations and its std_error and interval
    those of a BCa bootstrap of 4,999 resamples, both seeded by the group's keys; std_error_type says `permutation and
    BCa bootstrap`. estimate, p_value_t and the other methods do not change.

    A perfect correlation has no t test. Its p_value is the exact permutation p (`exact_p_of_a_line`), by pearson and
    spearman, and takes the place of p_value_t in the stars and the family, so that the strongest result is counted.

    Kendall: std_error is the asymptotic one of tau-b itself (ASE1; DescTools::KendallTauB), p_value the normal one with
    the tie-corrected variance under independence (scipy.stats.kendalltau).

    Polychoric, in two steps: thresholds from the margins, then rho. The index counts as continuous: polyserial with an
    ordered correlate. A 0/1 outcome: polychoric with an ordered correlate, polyserial with one of more than 8 values
    (age in years). NaN with a reason: gender and ethnicity, which have no normal scale; age in years with the index.

    Weighted, where respondents have weights: pearson alone, with weighted moments, and IF's linearised variance n/(n-1)
    * sum(w^2*IF^2) / sum(w)^2 (`weighted_correlation`); interval and p_value as above, but of Student's t with
    Satterthwaite's df = sum(w^2)^2 / sum(w^4) - 1, since with the normal distribution large weights give too many
    stars. p_value_t is NaN, since the printed t test has no weighted form; stars and family use p_value. Equal weights
    give the unweighted numbers of a large sample, and df = n-1. With fewer than FEWEST_EFFECTIVE effective respondents
    or less than one degree of freedom there is no standard error, interval or p. A small sample keeps the linearised
    error, which std_error_type says (`linearised, small sample`). The other methods have no weighted rows.

    A survey that declares its design has errors of Pearson's r by it (`correlates_by_design`), and of no other method;
    one with replicate weights has theirs in the weighted rows (`correlates_by_replicates`).

    Args:
        counts: council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, n_positive, n_answered (null or 0: no
            outcome), answer_kind, score (null unless valid), n_respondents. Each respondent of a group is in one row.
            Where there are weights, also sum_weight, sum_weight_squared, sum_weight_fourth and n_weighted, as
            `read_weighted_counts` describes them.
        clusters: rows of cnt_correlate_clusters: the same by cluster and stratum, of surveys that declare a design.
        studies: council_id, wave_id, study_id: the surveys of each study (registration.study_ids). None: one study.
        hypotheses: rows of hypotheses.csv (registration.adjust_registered). None: nothing is registered.
        replicates: rows of cnt_replicate_correlates. None: no survey has replicate weights.

    Returns:
        One row per council, wave, theme, topic, construct, outcome, method and weighting, sorted by them.
        `n_respondents` counts respondents with both answers, and with a weight where weighted; `n_effective` and
        `design_effect` are Kish's, n_respondents and 1 where unweighted. `df` is that of the interval and p_value, null
        where they are normal or resampled. `dont_know_share` is Don't Know / (valid + Don't Know) among all respondents
        of the group, with or without outcome, weighted like its row, 0-1; `estimate` and its interval are correlations,
        -1 to 1; `reason` says which numbers are missing and why, null where none is.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or sums of weights are impossible.

    R: `cor.test(x, y)$p.value` for p_value_t; `cor(x, y, method = "spearman")`; `cor.test(x, y, method = "kendall",
    exact = FALSE)`; `polycor::polychor(x, y)`, `polycor::polyserial(number, answer)`; `p.adjust(p, "BH")`.
    Sources: Efron and Tibshirani 1993, ch. 21 (influence function); Bonett and Wright 2000, Psychometrika 65:23;
    Benjamini and Hochberg 1995, JRSS B 57:289; and those of the modules rank_correlations, latent and small_samples.

    """
    parts = [_unweighted(counts), _weighted(counts)]
    # Most surveys have no weights, so this saves sorting the counts again.
    estimates = pd.concat(parts, ignore_index=True) if len(parts[1]) else parts[0]
    estimates = estimates.sort_values([*GROUP, "method_id", "weighting_id"], ignore_index=True)
    if replicates is not None and len(replicates):
        estimates = correlates_by_replicates(typed(estimates, TYPES), counts, replicates)
    if clusters is not None and len(clusters):
        estimates = correlates_by_design(typed(estimates, TYPES), clusters)
    estimates = estimates.assign(
        family_id=correlate_families(estimates), p_value_of_stars=correlate_p_values(estimates)
    )
    adjusted = adjust_registered(estimates, "p_value_of_stars", BENJAMINI_HOCHBERG, CORRELATE, studies, hypotheses)
    return typed(adjusted, TYPES)


def _unweighted(counts: pd.DataFrame) -> pd.DataFrame:
    """Correlations in which all respondents have equal weight."""
    cells = read_counts(counts, text=(*GROUP, "answer_kind"), numbers=("n_positive", "n_answered", "score"))
    groups, group = number_groups(cells, GROUP)
    n_groups = len(groups)
    is_pair, x, y = _pairs(cells)
    pairs = (group[is_pair], n_groups, cells["n_respondents"].to_numpy()[is_pair])
    of_values = correlation(*pairs, x, y)
    of_ranks = correlation(*pairs, *(average_ranks(pairs[0], pairs[2], value) for value in (x, y)))
    tables = crosstabs(*pairs, x, y)
    methods = {
        "kendall": _kendall(tables, of_values),
        "pearson": _or_exact(_resampled(_pearson(of_values), tables, groups), of_values, tables, of_ranks=False),
        "polychoric": _latent(tables, of_values, groups),
        "spearman": _or_exact(_spearman(of_ranks), of_ranks, tables, of_ranks=True),
    }
    about: dict[str, Any] = {
        "weighting_id": UNWEIGHTED,
        "n_effective": of_values.n,
        "design_effect": 1.0,
        "dont_know_share": dont_know_share(cells, group, n_groups),
    }
    frames = [groups.assign(method_id=method_id, **about, **columns) for method_id, columns in methods.items()]
    return pd.concat(frames)


def _weighted(counts: pd.DataFrame) -> pd.DataFrame:
    """Weighted Pearson's correlations; no rows where nobody has a weight."""
    cells = read_weighted_counts(counts, (*GROUP, "answer_kind"), ("n_positive", "n_answered", "score"))
    if cells.empty:
        return cells
    groups, group = number_groups(cells, GROUP)
    n_groups = len(groups)
    is_pair, x, y = _pairs(cells)
    columns = cells[["n_respondents", *SUMS_OF_WEIGHTS, FOURTH_POWERS]].to_numpy(dtype=NUMBER)
    count, weight, weight_squared, fourth = columns[is_pair].T
    of = weighted_correlation(group[is_pair], n_groups, count, weight, weight_squared, x, y)
    df = degrees_of_freedom(*(sums(group[is_pair], n_groups, power) for power in (weight_squared, fourth)))
    few_weights = why_few_weights(of.n_effective, df)
    has_no_error = of.influence < ROUNDING
    is_missing = (of.n < 4) | of.is_perfect | has_no_error | pd.notna(few_weights)
    std_error = np.where(is_missing, np.nan, of.standard_error)
    df = np.where(np.isnan(std_error), np.nan, df)
    fisher_error = std_error / of.unexplained
    share_of_commonest = _share_of_commonest(group[is_pair], n_groups, weight, y)
    is_small_sample = (of.n_effective < FEWEST_OF_LARGE_SAMPLE) | (
        of.n_effective * (1 - share_of_commonest) < FEWEST_OF_RARER_OUTCOME
    )
    std_error_type = np.where(is_small_sample, SMALL_WEIGHTED_SAMPLE, LINEARISED)
    reason = first_reason([has_no_error], [TOO_FEW_ANSWERS], default=few_weights)
    estimates = _columns(of, std_error, fisher_error, std_error_type, reason, t_quantile(UPPER, df))
    return groups.assign(
        **estimates
        | {
            "method_id": "pearson",
            "weighting_id": WEIGHTED,
            "n_effective": of.n_effective,
            "design_effect": of.n / of.n_effective,
            "p_value_t": np.nan,
            "df": df,
            "p_value": p_value_of_t(of.on_fisher_scale / fisher_error, df),
            "dont_know_share": dont_know_share(cells.assign(n_respondents=cells["sum_weight"]), group, n_groups),
        }
    )


def _pairs(cells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which cells have both answers, and their two values."""
    outcome, score = outcome_values(cells), cells["score"].to_numpy()
    is_pair = cells["answer_kind"].eq("valid").to_numpy() & ~np.isnan(score) & ~np.isnan(outcome)
    return is_pair, score[is_pair], outcome[is_pair]


def _share_of_commonest(group: np.ndarray, n_groups: int, weight: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Weighted share of the commonest value of the outcome in each group; NaN for a group without respondents."""
    by_value = pd.Series(weight).groupby([group, outcome]).sum().groupby(level=0)
    return (by_value.max() / by_value.sum()).reindex(np.arange(n_groups)).to_numpy()


def _pearson(of: Correlation) -> dict[str, np.ndarray]:
    has_no_error = of.influence < ROUNDING
    variance = np.where((of.n < 4) | of.is_perfect | has_no_error, np.nan, of.influence) / np.maximum(of.n - 1, 1)
    std_error = np.sqrt(variance)
    fisher_error = std_error / of.unexplained
    reason = first_reason([has_no_error], [TOO_FEW_ANSWERS])
    return _columns(of, std_error, fisher_error, "linearised", reason) | {
        "p_value": p_value_of_z(of.on_fisher_scale / fisher_error)
    }


def _resampled(pearson: dict[str, np.ndarray], tables: list[Crosstab], groups: pd.DataFrame) -> dict[str, np.ndarray]:
    """Replace the linearised p and interval of each small group by a permutation p and a bootstrap interval."""
    columns = pearson | {"std_error_type": np.full(len(tables), pearson["std_error_type"], dtype=object)}
    places = [place for place in np.flatnonzero(~np.isnan(pearson["std_error"])) if is_small(tables[place])]
    keys = list(groups.itertuples(index=False, name=None))
    of_places = resampled_correlations([tables[place] for place in places], [seed_of(*keys[place]) for place in places])
    for name, values in of_places.items():
        columns[name][places] = values
    columns["std_error_type"][places] = "permutation and BCa bootstrap"
    without_interval = np.array(places, dtype=int)[np.isnan(of_places["std_error"])]
    columns["reason"][without_interval] = "an answer varies too little for a bootstrap: no interval"
    return columns


def _or_exact(
    columns: dict[str, np.ndarray], of: Correlation, tables: list[Crosstab], of_ranks: bool
) -> dict[str, np.ndarray]:
    """Give each perfect correlation, which has no t test, its exact permutation p."""
    p_value = columns["p_value"].copy()
    for place in np.flatnonzero(of.is_perfect):
        table = tables[place]
        # The ranks of equal margins are mirrored whatever the distances of the values.
        values = np.arange(len(table.x)) if of_ranks else table.x
        p_value[place] = exact_p_of_a_line(table.table.sum(axis=1), values)
    return columns | {"p_value": p_value}


def _spearman(of: Correlation) -> dict[str, np.ndarray]:
    n_above_three = np.where((of.n < 4) | of.is_perfect, np.nan, of.n - 3)
    std_error = np.sqrt((1 + of.estimate**2 / 2) / n_above_three)
    columns = _columns(of, std_error, std_error, "bonett_wright", np.full(len(of.n), None))
    return columns | {"p_value": columns["p_value_t"]}


def _kendall(tables: list[Crosstab], values: Correlation) -> dict[str, np.ndarray]:
    found = np.full((3, len(tables)), np.nan)
    for place, table in enumerate(tables):
        if table.varies:
            of_table = kendall(table.table[None])
            found[:, place] = of_table.estimate[0], of_table.std_error[0], of_table.null_error[0]
    tau, std_error, null_error = found
    of = values.with_estimate(tau)
    has_no_error = std_error**2 < ROUNDING
    p_value = p_value_of_z(tau / null_error)
    std_error = np.where((of.n < 4) | of.is_perfect | has_no_error, np.nan, std_error)
    reason = first_reason([has_no_error], [TOO_FEW_ANSWERS])
    return _columns(of, std_error, std_error / of.unexplained, "asymptotic", reason) | {
        "p_value_t": np.full(len(tables), np.nan),
        "p_value": np.where(of.is_perfect, np.nan, p_value),
    }


def _latent(tables: list[Crosstab], values: Correlation, groups: pd.DataFrame) -> dict[str, np.ndarray]:
    keys = zip(tables, groups["construct_id"], groups["outcome_id"], strict=True)
    rows = [latent_correlation(table, construct, outcome) for table, construct, outcome in keys]
    rho, std_error = (np.array([row[column] for row in rows], dtype=np.float64) for column in (0, 1))
    of = values.with_estimate(rho)
    std_error = np.where((of.n < 4) | (std_error**2 < ROUNDING), np.nan, std_error)
    reason = np.array([row[3] for row in rows], dtype=object)
    fisher_error = std_error / of.unexplained
    return _columns(of, std_error, fisher_error, np.array([row[2] for row in rows], dtype=object), reason) | {
        "p_value_t": np.full(len(tables), np.nan),
        "p_value": p_value_of_z(of.on_fisher_scale / fisher_error),
    }


def _columns(
    of: Correlation,
    std_error: np.ndarray,
    fisher_error: np.ndarray,
    std_error_type: object,
    reason: np.ndarray,
    quantile: np.ndarray | float = Z,
) -> dict[str, np.ndarray]:
    """Build the columns that all methods share; `reason` is used where none of the reasons below applies."""
    half_width = quantile * fisher_error
    df = np.maximum(of.n - 2, 1)
    statistic = of.estimate * np.sqrt(df / np.where(of.is_perfect, np.nan, of.unexplained))
    return {
        "n_respondents": of.n,
        "estimate": of.estimate,
        "std_error": std_error,
        "std_error_type": std_error_type,
        "ci_lower": np.tanh(of.on_fisher_scale - half_width),
        "ci_upper": np.tanh(of.on_fisher_scale + half_width),
        "p_value_t": p_value_of_t(statistic, df),
        "reason": first_reason(
            [of.n < 3, of.is_constant_x, of.is_constant_y, of.is_perfect, of.n < 4],
            [
                "fewer than 3 respondents with both answers",
                "the correlate does not vary",
                "the outcome does not vary",
                "perfect correlation: no t test and no interval",
                "fewer than 4 respondents with both answers: no interval",
            ],
            default=reason,
        ),
    }
