"""Bounds of the nudges' effects where some outcomes are missing."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.nudges.nudge_models import GROUP
from coproduction.statistics.methods.contrasts import CONTROL, POINTS, split_groups
from coproduction.statistics.methods.counts import COUNT, NUMBER, TEXT, UNWEIGHTED, outcome_values, read_counts, typed

TYPES = dict.fromkeys(GROUP, TEXT) | {
    "contrast_id": TEXT,
    "method_id": TEXT,
    "weighting_id": TEXT,
    "n_arm": COUNT,
    "n_control": COUNT,
    "share_missing_arm": NUMBER,
    "share_missing_control": NUMBER,
    "share_trimmed": NUMBER,
    "estimate": NUMBER,
    "bound_lower": NUMBER,
    "bound_upper": NUMBER,
    "reason": TEXT,
}


def estimate_nudge_bounds(counts: pd.DataFrame) -> pd.DataFrame:
    """Bounds of each arm's effect when some outcomes are missing, in points of 0-100.

    | method | assumption | treatment of missing outcomes |
    | --- | --- | --- |
    | `lee` | a nudge moves answering in one direction, for everybody | the arm with more answers is trimmed |
    | `worst_case` | nothing | all are 0 in one arm and 100 in the other |

    With r the share of outcomes present in each arm, the arm with the higher r keeps the share min(r)/max(r) of its
    respondents (share_trimmed = 1 - this share). Its mean is computed once over the lowest and once over the highest
    outcomes. Where outcomes tie or the share is not a whole number of people, one person counts in part. The bounds are
    identified intervals of the effect, for respondents who would answer with or without the nudge (lee) or for
    everybody (worst_case). They do not include sampling error.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, outcome_id, arm_id (`none` is the control; null: not in the
            experiment), n_positive, n_answered (null or 0: missing), n_respondents.

    Returns:
        One row per council, wave, theme, topic, outcome, arm other than `none` and method, sorted by them. `estimate`
        is the difference of the observed means; `reason` says why bounds are missing.

    Raises:
        ValueError: a column is missing or counts are not whole numbers.

    R: Lee's bounds by hand, `y = sort(y1); mean(head(y, keep * length(y))) - mean(y0)` and `tail`; brute force over all
    values of the missing outcomes in nudges_reference.R.
    Sources: Lee 2009, Review of Economic Studies 76:1071; Horowitz and Manski 2000, JASA 95:77.

    """
    cells = read_counts(counts, text=(*GROUP, "arm_id"), numbers=("n_positive", "n_answered"))
    cells = cells[cells["arm_id"].notna()]
    rows = [
        dict(zip(GROUP, key, strict=True)) | row
        for key, of_group in split_groups(cells, GROUP)
        for row in _bounds_of(of_group)
    ]
    bounds = pd.DataFrame(rows, columns=list(TYPES)).assign(weighting_id=UNWEIGHTED)
    return typed(bounds.sort_values([*GROUP, "contrast_id", "method_id"]), TYPES)


class _Side:
    """One arm: its values, ascending, the respondents with each, and the number who lack the outcome."""

    def __init__(self, cells: pd.DataFrame) -> None:
        value, n = outcome_values(cells), cells["n_respondents"].to_numpy(NUMBER)
        has_outcome = ~np.isnan(value)
        self.values, place = np.unique(value[has_outcome], return_inverse=True)
        self.counts = np.bincount(place, weights=n[has_outcome], minlength=len(self.values))
        self.n, self.n_all = self.counts.sum(), n.sum()
        self.response = self.n / self.n_all if self.n_all else np.nan
        self.mean = self.values @ self.counts / self.n if self.n else np.nan

    def mean_with_missing_as(self, value: float) -> float:
        return (self.values @ self.counts + value * (self.n_all - self.n)) / self.n_all if self.n_all else np.nan

    def mean_of_lowest(self, share: float) -> float:
        return _mean_of_first(self.values, self.counts, share)

    def mean_of_highest(self, share: float) -> float:
        return _mean_of_first(self.values[::-1], self.counts[::-1], share)


def _mean_of_first(values: np.ndarray, counts: np.ndarray, share: float) -> float:
    """Mean over the first `share` of the respondents; the last of them counts in part."""
    keep = counts.sum() * share
    before = np.cumsum(counts) - counts
    kept = np.clip(keep - before, 0, counts)
    return float(kept @ values / kept.sum())


def _bounds_of(cells: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the bounds of each arm of one group."""
    none = _Side(cells[cells["arm_id"].eq(CONTROL)])
    for arm_id in sorted(set(cells["arm_id"]) - {CONTROL}):
        arm = _Side(cells[cells["arm_id"].eq(arm_id)])
        row = {
            "contrast_id": arm_id,
            "n_arm": int(arm.n),
            "n_control": int(none.n),
            "share_missing_arm": 1 - arm.response,
            "share_missing_control": 1 - none.response,
            "estimate": (arm.mean - none.mean) * POINTS,
        }
        yield row | {"method_id": "lee"} | _lee(arm, none)
        yield row | {
            "method_id": "worst_case",
            "bound_lower": (arm.mean_with_missing_as(0) - none.mean_with_missing_as(1)) * POINTS,
            "bound_upper": (arm.mean_with_missing_as(1) - none.mean_with_missing_as(0)) * POINTS,
            "reason": None if none.n_all else "nobody is without a nudge",
        }


def _lee(arm: _Side, none: _Side) -> dict[str, Any]:
    if not arm.n or not none.n:
        side = "in the arm" if none.n else "without a nudge"
        return {"reason": f"nobody {side} has an outcome"}
    keep_arm, keep_none = min(1.0, none.response / arm.response), min(1.0, arm.response / none.response)
    return {
        "share_trimmed": 1 - min(keep_arm, keep_none),
        "bound_lower": (arm.mean_of_lowest(keep_arm) - none.mean_of_highest(keep_none)) * POINTS,
        "bound_upper": (arm.mean_of_highest(keep_arm) - none.mean_of_lowest(keep_none)) * POINTS,
        "reason": None,
    }
