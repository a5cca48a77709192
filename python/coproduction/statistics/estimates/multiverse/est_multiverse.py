"""Multiverse: the correlations under every defensible choice, from counts. Associations, not effects."""

from itertools import pairwise, product

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.multiverse.est_multiverse_axes import (
    AXES,
    COLLECTIVE,
    CORRELATE,
    CORRELATION,
    DONT_KNOW_RULES,
    DUPLICATE_RULES,
    INDEX,
    METHODS,
    MULTIPLICITY,
    OUTLIER_RULES,
    P_COLUMNS,
    P_METHODS,
    outcome_rules,
)
from coproduction.statistics.estimates.multiverse.specification_tables import (
    ANSWERS,
    MEASURED,
    SAMPLE_FLAGS,
    SpecificationTables,
    specification_tables,
)
from coproduction.statistics.methods.counts import COUNT, NUMBER, TEXT, UNWEIGHTED, typed
from coproduction.statistics.methods.inference import p_value_of_t, p_value_of_z
from coproduction.statistics.methods.moments import ROUNDING, correlation
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, HOLM, adjusted_p_values
from coproduction.statistics.methods.rank_correlations import average_rank_shares, kendall, spearman_error
from coproduction.statistics.methods.registration import study_ids

TYPES = dict.fromkeys(CORRELATION, TEXT) | {
    "specification_number": COUNT,
    **dict.fromkeys(AXES, TEXT),
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "estimate": NUMBER,
    **dict.fromkeys(P_COLUMNS, NUMBER),
    "reason": TEXT,
}


def estimate_multiverse(
    counts: pd.DataFrame, counts_of_measures: pd.DataFrame | None = None, studies: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Correlate each outcome with each correlate under every combination of the choices in est_multiverse_axes.

    Axes of a row: method, Don't Know rule of the correlate, rule of the outcome, duplicates, outliers. Axes of its
    columns: how p is computed and how it is adjusted (`p_<method>_<adjustment>`). Each of the nine p of a row is one
    specification: 5,184 of the individual index, 2,592 of collective participation and 648 of any other outcome, which
    has only the reading that measures.csv gives it, for each correlate. Many of them give the same result (no
    duplicates, no Don't Know, two yes-or-no questions); est_multiverse_results counts the distinct results.

    | p | pearson | spearman | kendall |
    | --- | --- | --- | --- |
    | classical | t, n-2 df | t, n-2 df | normal, null variance with ties |
    | linearised | atanh r * (1-r^2)/se, se from the influence function | the same | the same |
    | fisher | atanh r * sqrt(n-3) | atanh r / sqrt((1+r^2/2)/(n-3)) | atanh r * sqrt((n-4)/0.437) |

    Adjusted over all correlations of the outcome in the study (all its surveys, themes and correlates) under the same
    choices.

    Args:
        counts: cnt_specifications: keys, construct_id, SAMPLE_FLAGS, ANSWERS, answer_kind and n_respondents.
        counts_of_measures: cnt_measure_specifications: the same with outcome_id, and MEASURED instead of ANSWERS.
        studies: council_id, wave_id, study_id: the surveys of each study (registration.study_ids). None: one study.

    Returns:
        One row per council, wave, theme, topic, construct, outcome and combination of AXES, sorted;
        `specification_number` 1 is the paper's own choice. `estimate` is a correlation, -1 to 1. `reason` says why
        numbers are missing, null where none is.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `cor(x, y, method = "pearson")` (spearman, kendall) on one row per respondent; `p.adjust(p, "BH")`, `"holm"`.
    Sources: Steegen et al. 2016, Perspectives on Psychological Science 11:702; Simonsohn et al. 2020, Nature Human
    Behaviour 4:1208; Fieller et al. 1957, Biometrika 44:470 (tau); Bonett and Wright 2000, Psychometrika 65:23.

    """
    estimates = [typed(pd.DataFrame(), TYPES), *_of_outcomes(_read(counts, ANSWERS), (INDEX, COLLECTIVE), studies)]
    if counts_of_measures is not None:
        for outcome_id, of_outcome in counts_of_measures.groupby("outcome_id"):
            estimates += _of_outcomes(_read(of_outcome, MEASURED), (str(outcome_id),), studies)
    frame = pd.concat(estimates, ignore_index=True) if len(estimates) > 1 else estimates[0]
    return typed(frame.sort_values([*CORRELATION, "specification_number"], kind="stable"), TYPES)


def _of_outcomes(cells: pd.DataFrame, outcome_ids: tuple[str, ...], studies: pd.DataFrame | None) -> list[pd.DataFrame]:
    """Return the rows of the outcomes whose answers these cells count."""
    keys, bounds = _groups(cells)
    columns = {name: cells[name].to_numpy() for name in cells.columns if name not in (*CORRELATE, "answer_kind")}
    columns["is_valid"] = cells["answer_kind"].eq("valid").to_numpy()
    columns["is_dont_know"] = cells["answer_kind"].eq("dont_know").to_numpy()
    # One array of rows for each study: its families.
    study = study_ids(keys, studies)
    families = [np.flatnonzero(study.eq(study_id)) for study_id in study.unique()]
    estimates = []
    for outcome_id in outcome_ids:
        stacked = [
            specification_tables({name: values[start:end] for name, values in columns.items()}, outcome_id)
            for start, end in pairwise(bounds)
        ]
        if stacked:
            estimates.append(_of_outcome(keys, outcome_id, stacked, families))
    return estimates


def _read(counts: pd.DataFrame, answers: tuple[str, ...]) -> pd.DataFrame:
    """Check the counts and sort them by group. Equal rows are added up later, in the tables of counts."""
    needed = [*CORRELATE, *SAMPLE_FLAGS, *answers, "answer_kind", "n_respondents"]
    missing = [column for column in needed if column not in counts.columns]
    if missing:
        raise ValueError(f"The frame of counts has no column {', '.join(missing)}.")
    respondents = counts["n_respondents"].astype(NUMBER)
    if not (respondents.ge(0) & respondents.mod(1).eq(0)).all():
        raise ValueError("n_respondents must be a whole number of respondents, 0 or more, in every row.")
    types = dict.fromkeys(answers, NUMBER) | dict.fromkeys(SAMPLE_FLAGS, "bool") | {"n_respondents": NUMBER}
    return counts.loc[respondents.to_numpy() > 0, needed].astype(types)


def _groups(cells: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Sort the cells by group in place; return the sorted keys of the groups and the first row of each."""
    group = cells.groupby(list(CORRELATE), sort=True, dropna=False).ngroup().to_numpy()
    order = np.argsort(group, kind="stable")
    cells[:] = cells.take(order)
    is_first = np.diff(group[order], prepend=-1) > 0
    starts = np.flatnonzero(is_first)
    return cells[list(CORRELATE)].take(starts).reset_index(drop=True), np.append(starts, len(cells))


def _correlations(stacked: list[SpecificationTables]) -> dict[str, np.ndarray]:
    """All three correlations of every table, with their standard errors; arrays of shape (methods, tables)."""
    sizes = [len(of.tables) for of in stacked]
    starts = np.cumsum([0, *sizes])
    taus, parts = [], []
    for start, of in zip(starts[:-1], stacked, strict=True):
        taus.append(kendall(of.tables))
        table, i, j = np.nonzero(of.tables)
        ranks_x = average_rank_shares(of.tables.sum(axis=2))[table, i]
        ranks_y = average_rank_shares(of.tables.sum(axis=1))[table, j]
        parts.append((start + table, of.tables[table, i, j], of.x[i], of.y[j], ranks_x, ranks_y))
    group, count, x, y, ranks_x, ranks_y = map(np.concatenate, zip(*parts, strict=True))
    pearson = correlation(group, starts[-1], count, x, y)
    spearman = correlation(group, starts[-1], count, ranks_x, ranks_y)
    of_spearman = [
        spearman_error(of.tables, spearman.estimate[start:end])
        for of, start, end in zip(stacked, starts[:-1], starts[1:], strict=True)
    ]
    n = pearson.n
    with np.errstate(invalid="ignore", divide="ignore"):
        of_pearson = np.sqrt(np.where(pearson.influence < ROUNDING, np.nan, pearson.influence) / (n - 1))
    tau, tau_error, tau_null = (
        np.concatenate([getattr(of, name) for of in taus]) for name in ("estimate", "std_error", "null_error")
    )
    is_defined = (n >= 3) & ~pearson.is_constant_x & ~pearson.is_constant_y
    tau = np.where(is_defined, np.clip(tau, -1, 1), np.nan)
    estimate = np.stack([pearson.estimate, spearman.estimate, tau])
    return {
        "n": n,
        "estimate": estimate,
        "unexplained": np.stack([pearson.unexplained, spearman.unexplained, 1 - tau**2]),
        "error": np.stack([of_pearson, np.concatenate(of_spearman), tau_error]),
        "null_error": tau_null,
        "is_constant_x": pearson.is_constant_x,
        "is_constant_y": pearson.is_constant_y,
    }


def _p_values(of: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return p of every table by every method of P_METHODS, shape (p methods, methods, tables), and the reasons."""
    n, r, unexplained = of["n"], of["estimate"], of["unexplained"]
    is_perfect = unexplained < ROUNDING
    r = np.where(is_perfect, np.nan, r)
    df = np.where(n < 3, np.nan, n - 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        fisher = np.arctanh(r)
        classical = np.concatenate(
            [
                p_value_of_t(r[:2] * np.sqrt(df / unexplained[:2]), df),
                p_value_of_z(r[2:] / of["null_error"]),
            ]
        )
        linearised = p_value_of_z(fisher * unexplained / np.where(of["error"] < ROUNDING, np.nan, of["error"]))
        variance = np.stack([np.ones_like(n), 1 + r[1] ** 2 / 2, np.full_like(n, 0.437)])
        above = np.stack([n - 3, n - 3, n - 4])
        by_fisher = p_value_of_z(fisher * np.sqrt(np.where(above > 0, above, np.nan) / variance))
    reason = np.select(
        [
            np.broadcast_to(n < 3, r.shape),
            np.broadcast_to(of["is_constant_x"], r.shape),
            np.broadcast_to(of["is_constant_y"], r.shape),
            is_perfect,
            np.broadcast_to(n < 5, r.shape) | np.isnan(linearised),
        ],
        [
            "fewer than 3 respondents with both answers",
            "the correlate does not vary",
            "the outcome does not vary",
            "perfect correlation: no test",
            "too few respondents or answers for every p",
        ],
        # numpy's annotations do not allow None as a choice.
        default=None,  # type: ignore[call-overload]
    )
    return np.stack([classical, linearised, by_fisher]), reason


def _of_outcome(
    keys: pd.DataFrame, outcome_id: str, stacked: list[SpecificationTables], families: list[np.ndarray]
) -> pd.DataFrame:
    """Spread the distinct tables over all specifications of an outcome and adjust p over the correlates."""
    correlations = _correlations(stacked)
    p_values, reason = _p_values(correlations)
    starts = np.cumsum([0, *[len(of.tables) for of in stacked]])[:-1]
    # Shape (groups, specifications without the method); the method then becomes the first axis, as in AXES.
    place = np.stack([start + of.place.ravel() for start, of in zip(starts, stacked, strict=True)])
    of_specifications = {
        "n_respondents": np.tile(correlations["n"][place], (1, len(METHODS))),
        "estimate": _spread(correlations["estimate"], place),
        "reason": _spread(reason, place),
    }
    for p_method_id, p in zip(P_METHODS, p_values, strict=True):
        raw = _spread(p, place)
        adjusted = (raw, *(_adjusted(raw, families, method) for method in (BENJAMINI_HOCHBERG, HOLM)))
        of_specifications |= {
            f"p_{p_method_id}_{name}": values for name, values in zip(MULTIPLICITY, adjusted, strict=True)
        }
    n_groups, n_specifications = of_specifications["estimate"].shape
    levels = (METHODS, DONT_KNOW_RULES, outcome_rules(outcome_id), DUPLICATE_RULES, OUTLIER_RULES)
    frame = keys.take(np.repeat(np.arange(n_groups), n_specifications)).reset_index(drop=True)
    names = pd.DataFrame(list(product(*levels)), columns=list(AXES))
    specification = np.tile(np.arange(n_specifications), n_groups)
    for axis in AXES:
        frame[axis] = names[axis].take(specification).to_numpy()
    return frame.assign(
        outcome_id=outcome_id,
        weighting_id=UNWEIGHTED,
        specification_number=specification + 1,
        **{name: values.ravel() for name, values in of_specifications.items()},
    )


def _adjusted(p: np.ndarray, families: list[np.ndarray], method: str) -> np.ndarray:
    """Adjust p of shape (groups, specifications) over the groups of each family."""
    adjusted = np.full_like(p, np.nan)
    for rows in families:
        adjusted[rows] = adjusted_p_values(p[rows], method)
    return adjusted


def _spread(of_tables: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Values of shape (methods, tables) at the places of the groups: shape (groups, methods * specifications)."""
    return np.moveaxis(of_tables[:, place], 0, 1).reshape(len(place), -1)
