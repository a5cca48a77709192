"""Graded nudges: does the effect grow with the strength of a nudge? For experiments whose arms have a strength."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.nudges.nudge_models import GROUP
from coproduction.statistics.methods.contrasts import (
    CONTROL,
    HC2,
    POINTS,
    Experiment,
    arm_moments,
    bell_mccaffrey_df,
    contrast_moments,
    read_experiment,
    split_groups,
)
from coproduction.statistics.methods.counts import COUNT, NUMBER, TEXT, UNWEIGHTED, read_counts, typed
from coproduction.statistics.methods.inference import (
    NOTHING_DETECTABLE,
    POWER,
    UPPER,
    p_value_of_chi_square,
    p_value_of_t,
    t_half_width,
    t_quantile,
    within,
)
from coproduction.statistics.methods.resampling import (
    permuted_tables,
    randomisation_p_values,
    seed_of,
    share_as_extreme,
)

TYPES = dict.fromkeys(GROUP, TEXT) | {
    "test_id": TEXT,
    "arm_id": TEXT,
    "strength": NUMBER,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_arm": COUNT,
    "n_control": COUNT,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "df": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "statistic": NUMBER,
    "p_value": NUMBER,
    "p_value_randomisation": NUMBER,
    "p_value_max_t": NUMBER,
    "minimum_detectable": NUMBER,
    "reason": TEXT,
}
# A series has the control and at least this many arms with a strength.
FEWEST_GRADED_ARMS = 2
TOO_FEW = "fewer than two respondents in an arm of the series"


def estimate_nudge_trends(counts: pd.DataFrame, arms: pd.DataFrame) -> pd.DataFrame:
    """Trend over a graded series of nudges, in points of a 0-100 outcome.

    A series consists of the arms with a strength and the control, whose strength is 0 unless given. With means m,
    respondents n, variances v = s^2/n and strengths s of its arms, and S the mean strength over respondents:

    | test_id | one row per | statistic |
    | --- | --- | --- |
    | `linear` | series | slope sum(c*m), c = n*(s-S)/sum(n*(s-S)^2), per unit of strength; HC2, Bell-McCaffrey |
    | `cochran_armitage` | series, 0/1 outcome | slope^2 over its variance if no arm differs: chi-square, 1 df |
    | `step_up` | graded arm | arm minus none, as in est_nudge_effects; max-t over the series |
    | `isotonic` | arm, none too | means that never fall with strength, closest to the observed (weights n) |
    | `monotone` | series | share of the outcome's squares between the isotonic means, permutation p, upward only |
    | `departure` | series | sum of ((m - straight line)^2 / v), line weighted by 1/v: chi-square, arms-2 df |

    linear finds a straight rise, step_up the smallest strength with an effect, monotone any rise, departure a rise that
    is not straight. Permutations move the labels of the series' arms over its respondents, seeded by the keys.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, outcome_id, arm_id, n_positive, n_answered, n_respondents.
        arms: arm_id, strength (null: not in a series).

    Returns:
        One row per council, wave, theme, topic, outcome, test and arm (`all`: the whole series), sorted by them; no
        rows for a group without a series. `n_arm` of a row `all` is the size of the smallest nudged arm. Where an arm
        of the series has fewer than two respondents, or does not vary where a variance is needed, numbers are NaN and
        `reason` says why. Intervals are cut off where the quantity ends, as in est_nudge_effects, and a
        minimum_detectable beyond is NaN with a reason.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: `prop.trend.test(x, n, score)`; `lm(y ~ s)` for the slope; `isoreg` for equal n; `deviance(lm(m ~ s, weights =
    1/v))` for the departure.
    Sources: Armitage 1955, Biometrics 11:375; Barlow and others 1972, Statistical Inference under Order Restrictions
    (isotonic means, E-bar-squared).

    """
    cells = read_counts(counts, text=(*GROUP, "arm_id"), numbers=("n_positive", "n_answered"))
    missing = [column for column in ("arm_id", "strength") if column not in arms.columns]
    if missing:
        raise ValueError(f"The frame of arms has no column {', '.join(missing)}.")
    strengths = dict(zip(arms["arm_id"], arms["strength"].astype(NUMBER), strict=True))
    strengths[CONTROL] = np.nan_to_num(strengths.get(CONTROL, 0.0))
    graded = {arm_id: strength for arm_id, strength in strengths.items() if not np.isnan(strength)}
    cells = cells[cells["arm_id"].isin(list(graded))]
    rows = []
    for key, of_group in split_groups(cells, GROUP):
        experiment = read_experiment(of_group)
        if len(experiment.arm_ids) > FEWEST_GRADED_ARMS:
            strength = np.array([graded[arm_id] for arm_id in experiment.arm_ids])
            of_series = _series(experiment, strength, seed_of(*key, "trend"))
            rows += [dict(zip(GROUP, key, strict=True)) | row for row in of_series]
    trends = pd.DataFrame(rows, columns=list(TYPES)).assign(weighting_id=UNWEIGHTED)
    return typed(trends.sort_values([*GROUP, "test_id", "strength", "arm_id"]), TYPES)


def _series(experiment: Experiment, strength: np.ndarray, seed: int) -> list[dict[str, Any]]:
    n, control = experiment.n, experiment.control
    is_nudged = np.arange(len(n)) != control
    sizes = {"arm_id": "all", "n_respondents": n.sum(), "n_arm": n[is_nudged].min(), "n_control": n[control]}
    rows = [
        {"test_id": "linear"} | _linear(experiment, strength),
        {"test_id": "departure"} | _departure(experiment, strength),
        {"test_id": "monotone"} | _monotone(experiment, strength, seed),
    ]
    if set(experiment.values) <= {0.0, 1.0}:
        rows.append({"test_id": "cochran_armitage"} | _cochran_armitage(experiment, strength))
    return [sizes | row for row in [*rows, *_step_up(experiment, strength, seed), *_isotonic(experiment, strength)]]


def _reason(experiment: Experiment, strength: np.ndarray, needs_variance: bool) -> str | None:
    if (experiment.n < 2).any():
        return TOO_FEW
    if len(set(strength)) < 2:
        return "the strengths of the series do not differ"
    if len(experiment.values) < 2:
        return "the outcome does not vary"
    if needs_variance and experiment.is_constant.any():
        return "the outcome does not vary in an arm of the series"
    return None


def _slope_weights(n: np.ndarray, strength: np.ndarray) -> np.ndarray:
    deviation = strength - n @ strength / n.sum()
    return n * deviation / (n @ deviation**2)


def _student(value: float, std_error: float, df: float, weights: np.ndarray) -> dict[str, Any]:
    """Columns of a t test on points, of the contrast with these weights of the arms' means."""
    estimate, std_error = value * POINTS, std_error * POINTS
    lowest, highest = (limit(weights, 0).sum() * POINTS for limit in (np.minimum, np.maximum))
    half_width = t_half_width(std_error, df)
    detectable = (t_quantile(UPPER, df) + t_quantile(POWER, df)) * std_error
    return {
        "estimate": estimate,
        "std_error": std_error,
        "std_error_type": HC2,
        "df": df,
        "ci_lower": within(estimate - half_width, estimate, lowest, highest),
        "ci_upper": within(estimate + half_width, estimate, lowest, highest),
        "statistic": estimate / std_error,
        "p_value": p_value_of_t(estimate / std_error, df),
        "minimum_detectable": np.nan if detectable > highest else detectable,
        "reason": NOTHING_DETECTABLE if detectable > highest else None,
    }


def _linear(experiment: Experiment, strength: np.ndarray) -> dict[str, Any]:
    reason = _reason(experiment, strength, needs_variance=True)
    if reason:
        return {"std_error_type": HC2, "reason": reason}
    weights = _slope_weights(experiment.n, strength)
    moments = arm_moments(experiment.table, experiment.values)
    value, std_error = contrast_moments(*moments, weights[None, :])
    return _student(value[0], std_error[0], bell_mccaffrey_df(experiment.n, weights), weights)


def _cochran_armitage(experiment: Experiment, strength: np.ndarray) -> dict[str, Any]:
    reason = _reason(experiment, strength, needs_variance=False)
    if reason:
        return {"reason": reason}
    n = experiment.n
    positive = experiment.table @ experiment.values
    share = positive.sum() / n.sum()
    deviation = strength - n @ strength / n.sum()
    statistic = (deviation @ positive) ** 2 / (share * (1 - share) * (n @ deviation**2))
    return {
        "estimate": deviation @ positive / (n @ deviation**2) * POINTS,
        "df": 1.0,
        "statistic": statistic,
        "p_value": p_value_of_chi_square(statistic, 1),
    }


def _departure(experiment: Experiment, strength: np.ndarray) -> dict[str, Any]:
    reason = _reason(experiment, strength, needs_variance=True)
    if reason:
        return {"reason": reason}
    mean, variance = arm_moments(experiment.table, experiment.values)
    deviation = strength - (strength / variance).sum() / (1 / variance).sum()
    centre = (mean / variance).sum() / (1 / variance).sum()
    slope = (deviation * mean / variance).sum() / (deviation**2 / variance).sum()
    statistic = ((mean - centre - slope * deviation) ** 2 / variance).sum()
    df = len(mean) - 2
    return {"df": df, "statistic": statistic, "p_value": p_value_of_chi_square(statistic, df)}


def _step_up(experiment: Experiment, strength: np.ndarray, seed: int) -> list[dict[str, Any]]:
    n, control = experiment.n, experiment.control
    contrasts = {arm_id: experiment.contrasts[arm_id] for arm_id in experiment.arm_ids if arm_id != CONTROL}
    matrix = np.array(list(contrasts.values()))
    value, std_error = contrast_moments(*arm_moments(experiment.table, experiment.values), matrix)
    p_values, p_values_max_t = randomisation_p_values(experiment, matrix, np.ones(len(matrix), dtype=bool), seed)
    rows = []
    for place, arm_id in enumerate(contrasts):
        arm = experiment.arm_ids.index(arm_id)
        reason = None
        if min(n[arm], n[control]) < 2:
            reason = "fewer than two respondents in the arm or without a nudge"
        elif experiment.is_constant[[arm, control]].any():
            reason = "the outcome does not vary in the arm or without a nudge"
        df = bell_mccaffrey_df(n, contrasts[arm_id])
        tested = {"reason": reason} if reason else _student(value[place], std_error[place], df, contrasts[arm_id])
        rows.append(
            {"estimate": value[place] * POINTS, "std_error_type": HC2}
            | tested
            | {
                "test_id": "step_up",
                "arm_id": arm_id,
                "strength": strength[arm],
                "n_arm": n[arm],
                "p_value_randomisation": p_values[place],
                "p_value_max_t": p_values_max_t[place],
            }
        )
    return rows


def isotonic_means(mean: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Weighted least-squares means that never fall, by the min-max formula, for one series or many.

        isotonic_i = max over j <= i of min over k >= i of the pooled mean of j..k

    Args: `mean` of shape (arms,) or (arms, tables) in the order of strength, `n` of shape (arms,), above 0.
    R: `isoreg(mean)$yf` for equal n. Source: Barlow and others 1972, theorem 1.4.
    """
    weight = n.astype(NUMBER).reshape(-1, *[1] * (mean.ndim - 1))
    total = np.concatenate([np.zeros_like(mean[:1]), np.cumsum(weight * mean, axis=0)])
    size = np.concatenate([np.zeros_like(weight[:1]), np.cumsum(weight, axis=0)])
    result = np.full_like(mean, -np.inf)
    for i in range(len(mean)):
        for j in range(i + 1):
            pooled = [(total[k + 1] - total[j]) / (size[k + 1] - size[j]) for k in range(i, len(mean))]
            result[i] = np.maximum(result[i], np.minimum.reduce(pooled))
    return result


def _pooled_by_strength(experiment: Experiment, strength: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Counts by distinct strength, ascending, and each arm's row in them; arms of equal strength share a row."""
    distinct, place = np.unique(strength, return_inverse=True)
    table = np.zeros((len(distinct), experiment.table.shape[1]), dtype=np.int64)
    np.add.at(table, place, experiment.table)
    return table, place


def _isotonic(experiment: Experiment, strength: np.ndarray) -> list[dict[str, Any]]:
    # Isotonic means exist without variation, if each arm has respondents.
    reason = TOO_FEW if (experiment.n < 2).any() else None
    means = np.full(len(strength), np.nan)
    if not reason:
        table, place = _pooled_by_strength(experiment, strength)
        mean, _ = arm_moments(table, experiment.values)
        means = isotonic_means(mean, table.sum(axis=1))[place]
    return [
        {
            "test_id": "isotonic",
            "arm_id": arm_id,
            "strength": strength[arm],
            "n_arm": experiment.n[arm],
            "estimate": means[arm] * POINTS,
            "reason": reason,
        }
        for arm, arm_id in enumerate(experiment.arm_ids)
    ]


def _monotone(experiment: Experiment, strength: np.ndarray, seed: int) -> dict[str, Any]:
    reason = _reason(experiment, strength, needs_variance=False)
    if reason:
        return {"reason": reason}
    table, _ = _pooled_by_strength(experiment, strength)
    n, values = table.sum(axis=1), experiment.values
    overall = table.sum(axis=0) @ values / n.sum()
    squares = table.sum(axis=0) @ (values - overall) ** 2

    def statistic(tables: np.ndarray) -> np.ndarray:
        means = isotonic_means((tables * values).sum(axis=-1) / n[:, None], n)
        return (n[:, None] * (means - overall) ** 2).sum(axis=0) / squares

    observed = statistic(table[:, None, :])
    permuted = statistic(permuted_tables(table, np.random.default_rng(seed)))
    return {"statistic": observed[0], "p_value_randomisation": share_as_extreme(permuted, observed)}
