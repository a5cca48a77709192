"""Pooling: one estimate over several councils, by a random-effects model, with the variation between councils."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.pooling.est_pooled_councils import BACK, POOL, largest_points
from coproduction.statistics.methods.counts import COUNT, COUNT_OR_NULL, NUMBER, TEXT, typed
from coproduction.statistics.methods.inference import UPPER, Z, p_value_of_chi_square, p_value_of_t, t_quantile, within
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, HOLM, adjust, pooled_families
from coproduction.statistics.methods.random_effects import (
    random_effects,
    tau_squared_dersimonian_laird,
    tau_squared_paule_mandel,
    tau_squared_reml,
)

# With two councils the interval would have one degree of freedom, too few to show differences beyond chance.
MINIMUM_COUNCILS = 3
# A sum of squares below this share of the largest estimate's square is a rounding error of zero.
NO_SPREAD = 1e-24
# Ends of intervals that are cut off where a quantity in points ends.
BOUNDS = [
    f"{name}_{end}{method}"
    for name, method in (("ci", ""), ("ci", "_unmodified"), ("ci", "_dl"), ("prediction", ""))
    for end in ("lower", "upper")
]

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
        "std_error_unmodified": NUMBER,
        "ci_lower_unmodified": NUMBER,
        "ci_upper_unmodified": NUMBER,
        "p_value_unmodified": NUMBER,
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


def estimate_pooled(councils: pd.DataFrame) -> pd.DataFrame:
    """Pool the councils' estimates by the random-effects model y_i ~ N(mu, v_i + tau^2), v_i the squared std_error.

        w_i = 1/(v_i + tau^2),  mu = sum(w y)/sum(w),  q = sum(w (y-mu)^2)/(k-1)
        tau^2            REML, never below 0
        std_error        sqrt(max(1, q) / sum(w)), Student's t with k-1 df             (Hartung and Knapp, modified)
        .._unmodified    sqrt(q / sum(w)): below the usual error where the councils happen to agree, q < 1
        prediction       mu -+ t(0.975, k-2) * sqrt(tau^2 + std_error^2): where a further council may lie
        heterogeneity    Q = sum((y-mu_f)^2 / v), chi-square with k-1 df; mu_f with weights 1/v
        i_squared        tau^2 / (tau^2 + s^2),  s^2 = (k-1) sum(1/v) / (sum(1/v)^2 - sum(1/v^2))

    DerSimonian and Laird's (`_dl`, with its normal interval, which is too short: it covers 86 % at three councils) and
    Paule and Mandel's (`_pm`) tau^2 and estimate are also given. Intervals and predictions in points are cut off at
    -100 and 100 (an interaction: -200 and 200). With fewer than MINIMUM_COUNCILS councils nothing is pooled.

    Args:
        councils: rows of `estimate_pooled_councils`.

    Returns:
        One row per wave, theme and quantity, sorted by them; council_id and topic_id are `all`. `estimate`, the
        intervals and `estimate_dl`, `estimate_pm` are in the quantity's unit (r, points, share); `scaled_estimate`, the
        standard errors and the tau^2 on `pooled_scale`. p_value tests mu = 0 and is NaN for levels, which have no zero
        to be tested against. `n_respondents` adds up over the pooled councils. p_value_adjusted is Benjamini and
        Hochberg's for correlates and Holm's for nudges, over multiplicity.pooled_families. `reason` says why nothing is
        pooled or tested.

    Raises:
        ValueError: a standard error that is pooled is not above 0.

    R: `metafor::rma(y, v, method = "REML", test = "adhoc")`, unmodified `test = "knha"`, `method = "DL"`, `method =
    "PM"`; `metafor::predict(fit, predtype = "Riley")` for the prediction interval (k-2 df) with the error of this test.
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


def _pool(councils: pd.DataFrame) -> dict[str, Any]:
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
    columns = _pooled_columns(y, error**2, scale)
    if scale == "points":
        limit = largest_points(councils["contrast_id"])[0]
        bounds = {name: within(columns[name], columns["estimate"], -limit, limit) for name in BOUNDS}
        return about | columns | bounds
    return about | columns


def _pooled_columns(y: np.ndarray, variance: np.ndarray, scale: str) -> dict[str, Any]:
    back, df = BACK[scale], len(y) - 1
    tau_squared = tau_squared_reml(y, variance)
    tau_squared_dl, tau_squared_pm = tau_squared_dersimonian_laird(y, variance), tau_squared_paule_mandel(y, variance)
    of, of_dl, of_pm = (random_effects(y, variance, value) for value in (tau_squared, tau_squared_dl, tau_squared_pm))
    fixed = random_effects(y, variance, 0.0)
    typical = df * fixed.weight.sum() / (fixed.weight.sum() ** 2 - (fixed.weight**2).sum())
    # If all estimates are equal, Hartung and Knapp's interval would have length 0 and their p would be 0.
    is_flat = ((y - y.mean()) ** 2).sum() <= NO_SPREAD * (y**2).max()
    unmodified = np.nan if is_flat else of.standard_error * np.sqrt(of.spread)
    std_error = of.standard_error * np.sqrt(max(1.0, of.spread))
    t = float(t_quantile(UPPER, df))
    predicted = float(t_quantile(UPPER, df - 1)) * np.sqrt(tau_squared + std_error**2)
    is_tested = scale != "logit"
    return {
        "estimate": back(of.mean),
        "scaled_estimate": of.mean,
        "std_error": std_error,
        "std_error_type": "REML modified Hartung-Knapp",
        "df": df,
        "ci_lower": back(of.mean - t * std_error),
        "ci_upper": back(of.mean + t * std_error),
        "p_value": float(p_value_of_t(of.mean / std_error, df)) if is_tested else np.nan,
        "std_error_unmodified": unmodified,
        "ci_lower_unmodified": back(of.mean - t * unmodified),
        "ci_upper_unmodified": back(of.mean + t * unmodified),
        "p_value_unmodified": float(p_value_of_t(of.mean / unmodified, df)) if is_tested else np.nan,
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
        "reason": "all councils gave the same estimate: no unmodified interval" if is_flat else None,
    }
