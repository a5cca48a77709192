"""One estimate for each council of everything that is pooled, on the scale on which it is pooled."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods.contrasts import INTERACTION, POINTS
from coproduction.statistics.methods.counts import COUNT, KEYS, NUMBER, TEXT, UNWEIGHTED, first_reason, typed
from coproduction.statistics.methods.inference import Z, within

# With fewer respondents the standard error is too uncertain to be used as a weight.
MINIMUM_RESPONDENTS = 10

QUANTITY = ("quantity_id", "outcome_id", "construct_id", "contrast_id", "measure_id", "weighting_id")
# Keys of one pool: all keys except the council.
POOL = (*KEYS[1:], *QUANTITY)
TYPES = (
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
# Functions from the scale on which estimates are averaged back to the unit of the quantity.
BACK: dict[str, Callable[[Any], Any]] = {
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

    Each council has one unweighted estimate, because weights in only some councils would mix two kinds of estimates.
    Where a council asked about a theme by topics, its topics are averaged (unless there is a row for the whole theme,
    which is used instead); for theme `all` its themes are averaged in turn. The same people answered, so these parts
    are not independent, and their covariance is not in the counts: the standard error of the average is the average of
    the standard errors, which is right for a correlation of 1 between the parts and too large otherwise.

    Args:
        correlates: rows of estimates.est_correlates.
        nudges: rows of estimates.est_nudge_effects.
        levels: rows of estimates.est_levels.

    Returns:
        One row per council, wave, theme (and theme `all`) and quantity, sorted by them; topic_id is `all`. `estimate`
        and the interval (y -+ 1.96 * std_error, transformed back, cut off where points end) are in the quantity's unit:
        r, points, share of 0-1;
        `scaled_estimate` and `std_error` are on `pooled_scale`. `n_estimates` is the number of averaged estimates;
        `n_respondents` is the smallest number of respondents of one of them (for a nudge: of arm and control).
        `is_pooled` is false, and `reason` says why, where the standard error is missing or there are fewer than
        MINIMUM_RESPONDENTS respondents.

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
    reason = first_reason(
        [councils["n_estimates"].eq(0), councils["n_respondents"].lt(MINIMUM_RESPONDENTS)],
        ["no estimate with a standard error", f"fewer than {MINIMUM_RESPONDENTS} respondents"],
        default=None,
    )
    councils = councils.assign(is_pooled=pd.isna(reason), reason=reason)
    for column, value in {"estimate": y, "ci_lower": y - Z * error, "ci_upper": y + Z * error}.items():
        councils[column] = _back(value, councils["pooled_scale"])
    is_points = councils["pooled_scale"].eq("points").to_numpy(bool)
    limit = np.where(is_points, largest_points(councils["contrast_id"]), np.inf)
    for column in ("ci_lower", "ci_upper"):
        councils[column] = within(councils[column].to_numpy(), councils["estimate"].to_numpy(), -limit, limit)
    # Converted to text before sorting, because a column of nulls cannot be sorted.
    councils = typed(councils, TYPES)
    return councils.sort_values([*POOL, "council_id"], ignore_index=True)


def largest_points(contrast_id: pd.Series) -> np.ndarray:
    """Largest effect that a contrast can have, in points: 100, and 200 for the interaction, which adds up two."""
    return np.where(contrast_id.eq(INTERACTION).fillna(False), 2 * POINTS, POINTS)


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
    """The selected rows; councils with weights are pooled unweighted, as the others are."""
    is_in = is_asked.fillna(False).astype(bool) & estimates["weighting_id"].eq(UNWEIGHTED).fillna(False).astype(bool)
    return estimates[is_in]


def _parts(
    rows: pd.DataFrame, quantity_id: str, scale: str, y: np.ndarray, error: np.ndarray, n: pd.Series
) -> pd.DataFrame:
    """Bring the rows of one kind of estimate into one shape; a row needs a standard error above 0."""
    is_usable = np.isfinite(y) & np.isfinite(error) & (error > 0)
    identifiers = rows.reindex(columns=[*KEYS, *QUANTITY]).astype(TEXT)
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
