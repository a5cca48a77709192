"""Weighted effects of nudges with the errors of replicate weights."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.nudges.nudge_models import GROUP
from coproduction.statistics.methods.contrasts import CONTROL, FACTORIAL, INTERACTION, POINTS
from coproduction.statistics.methods.weights.replicates import MEANS, REPLICATES, Replicates, read_replicates
from coproduction.statistics.methods.weights.sample_design import ARM
from coproduction.statistics.methods.weights.weighting import WEIGHTED

Row = dict[str, Any]


def rows_by_replicates(rows: list[Row], replicates: pd.DataFrame) -> list[Row]:
    """Replace the errors of the weighted effects whose survey has replicate weights.

    The standard error is that of `Replicates.errors` with the contrast of the arms' weighted means in each replicate.

    Args:
        rows: rows of the models of `nudge_models`.
        replicates: rows of cnt_replicate_levels.

    Returns:
        The same rows. design_effect is the variance over that of the weights alone, times that of the weights. An
        effect that has no error without replicates has none with them, and keeps its reason.

    R: `svycontrast(svyby(~y, ~arm, design, svymean, covmat = TRUE), c(a = 1, none = -1))` with the design of
    `Replicates.errors`.

    """
    arms = replicates[replicates["breakdown_id"].eq(ARM)]
    arms = arms.rename(columns={"breakdown_value": "arm_id", "measure_id": "outcome_id"})
    keys = (*GROUP, "arm_id")
    cells = read_replicates(arms, keys, MEANS)
    if cells.empty:
        return rows
    of = Replicates.of(cells, keys)
    place = {key: number for number, key in enumerate(of.groups.itertuples(index=False, name=None))}
    arms_of = [_arms(row, place) for row in rows]
    changed = [number for number, arms in enumerate(arms_of) if arms]
    means = of.means(cells)
    effects = [sum(weight * means[arm] for arm, weight in arms_of[number].items()) for number in changed]
    estimate, df = (np.array([rows[number][name] for number in changed]) for name in ("estimate", "reference_df"))
    group = np.array([next(iter(arms_of[number])) for number in changed], dtype=int)
    errors = of.errors(np.array(effects).reshape(-1, of.shape[1]), estimate / POINTS, df, group)
    names = ("std_error", "df", "reason")
    found = {number: {name: errors[name][place] for name in names} for place, number in enumerate(changed)}
    return [_replicated(row, found[number]) if number in found else row for number, row in enumerate(rows)]


def _arms(row: Row, place: dict[tuple, int]) -> dict[int, float]:
    """Weights of the arms in the contrast of a row, by their numbers; none if the row gets no error of replicates."""
    if row["weighting_id"] != WEIGHTED or row["reason"]:
        return {}
    contrast = FACTORIAL if row["contrast_id"] == INTERACTION else {row["contrast_id"]: 1.0, CONTROL: -1.0}
    arms = {place.get((*(row[name] for name in GROUP), arm_id)): weight for arm_id, weight in contrast.items()}
    return {arm: weight for arm, weight in arms.items() if arm is not None} if None not in arms else {}


def _replicated(row: Row, found: Row) -> Row:
    std_error = found["std_error"] * POINTS
    changed = {"std_error": std_error, "std_error_type": REPLICATES, "reason": found["reason"]}
    if not found["reason"]:
        changed |= {"reference_df": found["df"]}
        changed["design_effect"] = row["design_effect"] * (std_error / row["std_error"]) ** 2
    return row | changed
