"""Pooling: one estimate over several councils, by a random-effects model, with what the councils differ by."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from coproduction.statistics.methods.counts import COUNT, COUNT_OR_NULL, NUMBER, TEXT, UNWEIGHTED, typed
from coproduction.statistics.methods.inference import UPPER, Z, p_value_of_chi_square, p_value_of_t, t_quantile
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, HOLM, adjust, pooled_families

# Two councils cannot tell a difference between councils from chance: their interval would have one degree of freedom.
MINIMUM_COUNCILS = 3
# The standard error of a handful of people is too uncertain to weigh a council by.
MINIMUM_RESPONDENTS = 10
# A sum of squares below this share of the largest estimate's square is the rounding error of an exact zero.
ROUNDING = 1e-24

KEYS = ("wave_id", "theme_id", "topic_id")
QUANTITY = ("quantity_id", "outcome_id", "construct_id", "contrast_id", "measure_id", "weighting_id")
POOL = (*KEYS, *QUANTITY)
COUNCIL_TYPES = (
    {"council_id": TEXT}
    | dict.fromkeys(POOL, TEXT)
    | {
        "n_respondents": COUNT,
        "n_estimates": COUNT,
        "pooled_scale": TEXT,
        "estimate": NUMBER,
        "ci_lower": NUMBER,
        "ci_upper": NUMBER,
        "scaled_estimate": NUMBER,
        "std_error": NUMBER,
        "is_pooled": "bool",
        "reason": TEXT,
    }
)
TYPES = (
    {"council_id": TEXT}
    | dict.fromkeys(POOL, TEXT)
    | {
        "n_councils": COUNT,
        "n_respondents": COUNT,
        "pooled_scale": TEXT,
        "estimate": NUMBER,
        "scaled_estimate": NUMBER,
        "std_error": NUMBER,
        "std_error_type": TEXT,
        "df": NUMBER,
        "ci_lower": NUMBER,
        "ci_upper": NUMBER,
        "p_value": NUMBER,
        "std_error_modified": NUMBER,
        "ci_lower_modified": NUMBER,
        "ci_upper_modified": NUMBER,
        "p_value_modified": NUMBER,
        "prediction_lower": NUMBER,
        "prediction_upper": NUMBER,
        "tau_squared": NUMBER,
        "i_squared": NUMBER,
        "heterogeneity": NUMBER,
        "p_value_heterogeneity": NUMBER,
        "tau_squared_dl": NUMBER,
        "estimate_dl": NUMBER,
        "ci_lower_dl": NUMBER,
        "ci_upper_dl": NUMBER,
        "tau_squared_pm": NUMBER,
        "estimate_pm": NUMBER,
        "p_value_adjusted": NUMBER,
        "family_id": TEXT,
        "n_family": COUNT_OR_NULL,
        "reason": TEXT,
    }
)

# From the scale on which estimates are averaged back to the unit of the quantity.
BACK: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "fisher_z": np.tanh,
    "points": lambda value: value,
    "logit": lambda value: 1 / (1 + np.exp(-value)),
}


def estimate_pooled_councils(correlates: pd.DataFrame, nudges: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Give each council one estimate of everything that is pooled, on the scale on which it is pooled.

    | quantity_id | from | scale y | standard error of y |
    | --- | --- | --- | --- |
    | correlate | Pearson's r | fisher_z: atanh r | std_error / (1 - r^2) |
    | nudge | model `dummies` | points of 0-100 | std_error |
    | level | breakdown `all` | logit: log(p / (1-p)) | std_error / (p*(1-p)) |

    A council enters once, and unweighted: weights of some councils would mix two kinds of estimates. Where it asked
    about a theme by topics, its topics are averaged (a row for the whole theme, where there is one, stands instead);
    for theme `all` its themes are averaged again. The same people answered, so these parts are not independent, and
    their covariance is not in the counts: the standard error of the average is the average of the standard errors,
    which is right for a correlation of 1 between the parts and too large otherwise.

    Args:
        correlates: rows of estimates.est_correlates.
        nudges: rows of estimates.est_nudge_effects.
        levels: rows of estimates.est_levels.

    Returns:
        One row per council, wave, theme (and theme `all`) and quantity, sorted by them; topic_id is `all`. `estimate`
        and the interval (y -+ 1.96 * std_error, turned back) are in the quantity's unit: r, points, share of 0-1;
        `scaled_estimate` and `std_error` are on `pooled_scale`. `n_estimates` were averaged; `n_respondents` is the
        smallest number of respondents behind one of them (for a nudge: of arm and control). `is_pooled` is false, and
        `reason` says why, where there is no standard error or fewer than MINIMUM_RESPONDENTS stand behind it.

    Raises:
        KeyError: a column of the estimates is missing.

    R: `metafor::escalc(measure = "ZCOR")` and `escalc(measure = "PLO")` are these scales with textbook variances.
    Sources: Fisher 1921, Metron 1:3 (z); Hedges and Olkin 1985, Statistical Methods for Meta-Analysis, ch. 11.

    """
    parts = pd.concat([_correlate_parts(correlates), _nudge_parts(nudges), _level_parts(levels)], ignore_index=True)
    by_theme = ["council_id", "wave_id", "theme_id", *QUANTITY]
    has_whole_theme = (
        parts["topic_id"].eq("all").groupby([parts[column] for column in by_theme], dropna=False).transform("any")
    )
    parts = parts[parts["topic_id"].eq("all") | ~has_whole_theme.astype(bool)]
    of_themes = _average(parts, by_theme)
    of_all = _average(of_themes.assign(theme_id="all"), by_theme)
    councils = pd.concat([of_themes, of_all], ignore_index=True).assign(topic_id="all")
    y, error = councils["scaled_estimate"].to_numpy(NUMBER), councils["std_error"].to_numpy(NUMBER)
    reason = np.select(
        [councils["n_estimates"].eq(0), councils["n_respondents"].lt(MINIMUM_RESPONDENTS)],
        ["no estimate with a standard error", f"fewer than {MINIMUM_RESPONDENTS} respondents"],
        default=None,
    )
    councils = councils.assign(is_pooled=pd.isna(reason), reason=reason)
    for column, value in {"estimate": y, "ci_lower": y - Z * error, "ci_upper": y + Z * error}.items():
        councils[column] = _back(value, councils["pooled_scale"])
    # Text before sorting: a column of nulls has no order.
    councils = typed(councils, COUNCIL_TYPES)
    return councils.sort_values([*POOL, "council_id"], ignore_index=True)


def estimate_pooled(councils: pd.DataFrame) -> pd.DataFrame:
    """Pool the councils' estimates by the random-effects model y_i ~ N(mu, v_i + tau^2), v_i the squared std_error.

        w_i = 1/(v_i + tau^2),  mu = sum(w y)/sum(w),  q = sum(w (y-mu)^2)/(k-1)
        tau^2            REML, never below 0
        std_error        sqrt(q / sum(w)), Student's t with k-1 df                     (Hartung and Knapp)
        .._modified      sqrt(max(1, q) / sum(w)): never shorter than the usual one
        prediction       mu -+ t(0.975, k-2) * sqrt(tau^2 + std_error^2): where a further council may lie
        heterogeneity    Q = sum((y-mu_f)^2 / v), chi-square with k-1 df; mu_f with weights 1/v
        i_squared        tau^2 / (tau^2 + s^2),  s^2 = (k-1) sum(1/v) / (sum(1/v)^2 - sum(1/v^2))

    DerSimonian and Laird's (`_dl`, with its normal interval, which is too short: it covers 86 % at three councils)
    and Paule and Mandel's (`_pm`) tau^2 and estimate stand beside. Below MINIMUM_COUNCILS nothing is pooled.

    Args:
        councils: rows of `estimate_pooled_councils`.

    Returns:
        One row per wave, theme and quantity, sorted by them; council_id and topic_id are `all`. `estimate`, the
        intervals and `estimate_dl`, `estimate_pm` are in the quantity's unit (r, points, share); `scaled_estimate`,
        the standard errors and the tau^2 on `pooled_scale`. p_value tests mu = 0 and is NaN for levels, which have no
        zero to be tested against. `n_respondents` adds up over the pooled councils. p_value_adjusted is
        Benjamini and Hochberg's for correlates and Holm's for nudges, over families.pooled_families. `reason` says why
        nothing is pooled or tested.

    Raises:
        ValueError: a standard error that is pooled is not above 0.

    R: `metafor::rma(y, v, method = "REML", test = "knha")`, `test = "adhoc"`, `method = "DL"`, `method = "PM"`;
    `metafor::predict(fit, predtype = "Riley")` for the prediction interval (k-2 df).
    Sources: Hartung and Knapp 2001, Stat Med 20:3875; Röver et al. 2015, BMC Med Res Methodol 15:99 (modified);
    DerSimonian and Laird 1986, Control Clin Trials 7:177; Paule and Mandel 1982, J Res NBS 87:377; Higgins et al.
    2009, JRSS A 172:137 (prediction); Viechtbauer 2005, JEBS 30:261 (REML).

    """
    pooled = [
        dict(zip(POOL, key, strict=True)) | _pool(of_key)
        for key, of_key in councils.sort_values("council_id").groupby(list(POOL), dropna=False, sort=True)
    ]
    estimates = pd.DataFrame(pooled, columns=list(TYPES)).assign(council_id="all")
    estimates = typed(estimates, TYPES)
    estimates = estimates.assign(family_id=pooled_families(estimates))
    is_nudge = estimates["quantity_id"].eq("nudge").fillna(False)
    adjusted = pd.concat(
        [
            adjust(estimates[~is_nudge], "p_value", BENJAMINI_HOCHBERG),
            adjust(estimates[is_nudge], "p_value", HOLM),
        ]
    ).sort_index()
    return typed(adjusted, TYPES)


@dataclass(frozen=True)
class RandomEffects:
    """Mean of k estimates for one tau^2; all on the scale of the estimates."""

    mean: float
    standard_error: float
    spread: float
    weight: np.ndarray


def random_effects(estimate: np.ndarray, variance: np.ndarray, tau_squared: float) -> RandomEffects:
    """Weighted mean with w = 1/(variance + tau^2), standard error 1/sqrt(sum w), `spread` sum w(y-mean)^2 / (k-1).

    R: `metafor::rma(y, v, tau2 = tau_squared)`.
    """
    weight = 1 / (variance + tau_squared)
    mean = float((weight * estimate).sum() / weight.sum())
    spread = float((weight * (estimate - mean) ** 2).sum() / (len(estimate) - 1))
    return RandomEffects(mean, float(1 / np.sqrt(weight.sum())), spread, weight)


def tau_squared_dersimonian_laird(estimate: np.ndarray, variance: np.ndarray) -> float:
    """Method of moments: max(0, (Q - (k-1)) / (sum w - sum w^2 / sum w)), w = 1/variance.

    R: `metafor::rma(y, v, method = "DL")$tau2`.
    """
    fixed = random_effects(estimate, variance, 0.0)
    weight, df = fixed.weight, len(estimate) - 1
    return max(0.0, float((fixed.spread * df - df) / (weight.sum() - (weight**2).sum() / weight.sum())))


def tau_squared_paule_mandel(estimate: np.ndarray, variance: np.ndarray) -> float:
    """Solve sum w(y-mean)^2 = k-1 for tau^2, 0 where it is smaller already at 0; to machine precision.

    R: `metafor::rma(y, v, method = "PM", control = list(tol = 1e-12))$tau2`.
    """

    def excess(tau_squared: float) -> float:
        return random_effects(estimate, variance, tau_squared).spread - 1

    if excess(0.0) <= 0:
        return 0.0
    return _root(excess, 0.0, _above_every_tau_squared(estimate))


def tau_squared_reml(estimate: np.ndarray, variance: np.ndarray) -> float:
    """Restricted maximum likelihood: the tau^2 >= 0 with the highest likelihood among all zeros of its slope.

        log L(tau^2) = -1/2 * (sum log(v+tau^2) + log sum w + sum w(y-mean)^2)
        slope        =  1/2 * (sum w^2 (y-mean)^2 - sum w + sum w^2 / sum w)

    The slope is searched from 0 to where it is negative for good, so that a second maximum is not missed.

    R: `metafor::rma(y, v, method = "REML", control = list(threshold = 1e-12, maxiter = 1000))$tau2`.
    """

    def slope(tau_squared: np.ndarray) -> np.ndarray:
        weight, deviation = _profile(estimate, variance, tau_squared)
        total, squares = weight.sum(axis=-1), (weight**2).sum(axis=-1)
        return ((weight * deviation) ** 2).sum(axis=-1) - total + squares / total

    def log_likelihood(tau_squared: np.ndarray) -> np.ndarray:
        weight, deviation = _profile(estimate, variance, tau_squared)
        return np.log(weight).sum(axis=-1) - np.log(weight.sum(axis=-1)) - (weight * deviation**2).sum(axis=-1)

    highest = _above_every_tau_squared(estimate)
    grid = np.concatenate([[0.0], np.geomspace(1e-9, 1, 200) * highest])
    is_up = slope(grid) > 0
    maxima = [0.0] + [
        _root(lambda value: float(slope(np.array(value))), grid[place], grid[place + 1])
        for place in np.flatnonzero(is_up[:-1] & ~is_up[1:])
    ]
    return float(maxima[int(np.argmax(log_likelihood(np.array(maxima))))])


def _profile(estimate: np.ndarray, variance: np.ndarray, tau_squared: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights and deviations from the mean for one tau^2 or many, the councils on the last axis."""
    weight = 1 / (variance + np.asarray(tau_squared)[..., None])
    mean = (weight * estimate).sum(axis=-1) / weight.sum(axis=-1)
    return weight, estimate - mean[..., None]


def _above_every_tau_squared(estimate: np.ndarray) -> float:
    """Bound of every tau^2: beyond the sum of squared distances both equations have changed their sign for good."""
    return float(len(estimate) * np.ptp(estimate) ** 2) or 1.0


def _root(function: Callable[[float], float], lower: float, upper: float) -> float:
    return float(brentq(function, lower, upper, xtol=1e-300, rtol=8.9e-16, maxiter=1000))


def _pool(councils: pd.DataFrame) -> dict[str, object]:
    """Pool the councils of one quantity."""
    scale = councils["pooled_scale"].iloc[0]
    councils = councils[councils["is_pooled"]]
    y, error = councils["scaled_estimate"].to_numpy(NUMBER), councils["std_error"].to_numpy(NUMBER)
    if not (error > 0).all():
        raise ValueError("A standard error that is pooled must be above 0.")
    k = len(y)
    about = {"n_councils": k, "n_respondents": int(councils["n_respondents"].sum()), "pooled_scale": scale}
    if k < MINIMUM_COUNCILS:
        said = {0: "no council", 1: "one council", 2: "two councils"}[k]
        return about | {"reason": f"{said} with an estimate and a standard error: nothing is pooled below three"}
    return about | _pooled_columns(y, error**2, scale)


def _pooled_columns(y: np.ndarray, variance: np.ndarray, scale: str) -> dict[str, object]:
    back, df = BACK[scale], len(y) - 1
    tau_squared = tau_squared_reml(y, variance)
    tau_squared_dl, tau_squared_pm = tau_squared_dersimonian_laird(y, variance), tau_squared_paule_mandel(y, variance)
    of, of_dl, of_pm = (random_effects(y, variance, value) for value in (tau_squared, tau_squared_dl, tau_squared_pm))
    fixed = random_effects(y, variance, 0.0)
    typical = df * fixed.weight.sum() / (fixed.weight.sum() ** 2 - (fixed.weight**2).sum())
    # Equal estimates leave no spread to judge by: Hartung and Knapp's interval would be a point, and its p 0.
    is_flat = ((y - y.mean()) ** 2).sum() <= ROUNDING * (y**2).max()
    std_error = np.nan if is_flat else of.standard_error * np.sqrt(of.spread)
    modified = of.standard_error * np.sqrt(max(1.0, of.spread))
    t = float(t_quantile(UPPER, df))
    predicted = float(t_quantile(UPPER, df - 1)) * np.sqrt(tau_squared + std_error**2)
    is_tested = scale != "logit"
    return {
        "estimate": back(of.mean),
        "scaled_estimate": of.mean,
        "std_error": std_error,
        "std_error_type": "REML Hartung-Knapp",
        "df": df,
        "ci_lower": back(of.mean - t * std_error),
        "ci_upper": back(of.mean + t * std_error),
        "p_value": float(p_value_of_t(of.mean / std_error, df)) if is_tested else np.nan,
        "std_error_modified": modified,
        "ci_lower_modified": back(of.mean - t * modified),
        "ci_upper_modified": back(of.mean + t * modified),
        "p_value_modified": float(p_value_of_t(of.mean / modified, df)) if is_tested else np.nan,
        "prediction_lower": back(of.mean - predicted),
        "prediction_upper": back(of.mean + predicted),
        "tau_squared": tau_squared,
        "i_squared": tau_squared / (tau_squared + typical),
        "heterogeneity": fixed.spread * df,
        "p_value_heterogeneity": float(p_value_of_chi_square(fixed.spread * df, df)),
        "tau_squared_dl": tau_squared_dl,
        "estimate_dl": back(of_dl.mean),
        "ci_lower_dl": back(of_dl.mean - Z * of_dl.standard_error),
        "ci_upper_dl": back(of_dl.mean + Z * of_dl.standard_error),
        "tau_squared_pm": tau_squared_pm,
        "estimate_pm": back(of_pm.mean),
        "reason": "all councils gave the same estimate: see the modified interval" if is_flat else None,
    }


def _correlate_parts(correlates: pd.DataFrame) -> pd.DataFrame:
    rows = _unweighted(correlates, correlates["method_id"].eq("pearson"))
    r = rows["estimate"].to_numpy(NUMBER)
    with np.errstate(divide="ignore", invalid="ignore"):
        y, error = np.arctanh(r), rows["std_error"].to_numpy(NUMBER) / (1 - r**2)
    return _parts(rows, "correlate", "fisher_z", y, error, rows["n_respondents"])


def _nudge_parts(nudges: pd.DataFrame) -> pd.DataFrame:
    rows = _unweighted(nudges, nudges["model_id"].eq("dummies"))
    smaller = rows[["n_arm", "n_control"]].min(axis=1)
    return _parts(
        rows, "nudge", "points", rows["estimate"].to_numpy(NUMBER), rows["std_error"].to_numpy(NUMBER), smaller
    )


def _level_parts(levels: pd.DataFrame) -> pd.DataFrame:
    rows = _unweighted(levels, levels["breakdown_id"].eq("all"))
    p = rows["estimate"].to_numpy(NUMBER)
    with np.errstate(divide="ignore", invalid="ignore"):
        y, error = np.log(p / (1 - p)), rows["std_error"].to_numpy(NUMBER) / (p * (1 - p))
    return _parts(rows, "level", "logit", y, error, rows["n_respondents"])


def _unweighted(estimates: pd.DataFrame, is_asked: pd.Series) -> pd.DataFrame:
    """The rows asked for; a council with weights enters the pool as the others do, unweighted."""
    is_in = is_asked.fillna(False).astype(bool) & estimates["weighting_id"].eq(UNWEIGHTED).fillna(False).astype(bool)
    return estimates[is_in]


def _parts(
    rows: pd.DataFrame, quantity_id: str, scale: str, y: np.ndarray, error: np.ndarray, n: pd.Series
) -> pd.DataFrame:
    """Bring the rows of one kind of estimate into one shape; without an error above 0 a row cannot be weighed."""
    is_usable = np.isfinite(y) & np.isfinite(error) & (error > 0)
    identifiers = rows.reindex(columns=["council_id", *KEYS, *QUANTITY]).astype(TEXT)
    return identifiers.assign(
        quantity_id=quantity_id,
        pooled_scale=scale,
        scaled_estimate=np.where(is_usable, y, np.nan),
        std_error=np.where(is_usable, error, np.nan),
        n_respondents=np.where(is_usable, n, np.nan).astype(NUMBER),
        n_estimates=is_usable.astype(COUNT),
    )


def _average(parts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Average the parts of each council that have a standard error; the order of the rows does not matter."""
    parts = parts.sort_values([*keys, "topic_id", "scaled_estimate", "std_error"])
    averaged = parts.groupby([*keys, "pooled_scale"], dropna=False, as_index=False, sort=True).agg(
        scaled_estimate=("scaled_estimate", "mean"),
        std_error=("std_error", "mean"),
        n_respondents=("n_respondents", "min"),
        n_estimates=("n_estimates", "sum"),
    )
    return averaged.assign(topic_id="all", n_respondents=averaged["n_respondents"].fillna(0))


def _back(value: np.ndarray, scales: pd.Series) -> np.ndarray:
    turned = np.full(len(value), np.nan)
    for scale, function in BACK.items():
        here = scales.eq(scale).fillna(False).to_numpy(bool)
        turned[here] = function(value[here])
    return turned
