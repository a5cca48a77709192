"""One experiment: the arms of a group of cells, contrasts of their means and the errors of these."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import number_groups, outcome_values

CONTROL = "none"
INTERACTION = "interaction"
FACTORIAL = {"both": 1.0, "a": -1.0, "b": -1.0, CONTROL: 1.0}
# Outcomes are computed on 0-1; effects are given in points of 0-100.
POINTS = 100
# std_error_type of a contrast of the arms' means.
HC2 = "HC2 Bell-McCaffrey"

# Smaller differences of means (on 0-1) and smaller variances are rounding errors of zero.
TIE = 1e-12


@dataclass(frozen=True)
class Experiment:
    """Respondents with an outcome, by arm and value.

    `arm_ids` are sorted, and the control is always among them; `table` has shape (arms, values); `values` are the
    outcome's distinct values on 0-1.
    """

    arm_ids: list[str]
    values: np.ndarray
    table: np.ndarray

    @property
    def control(self) -> int:
        """The number of the control arm."""
        return self.arm_ids.index(CONTROL)

    @property
    def n(self) -> np.ndarray:
        """Respondents with an outcome in each arm."""
        return self.table.sum(axis=1)

    @property
    def is_constant(self) -> np.ndarray:
        """Whether all respondents of the arm have the same value, judged on counts, which have no rounding error."""
        return self.table.max(axis=1, initial=0) == self.n

    @property
    def n_events(self) -> np.ndarray:
        """Events in each arm: the total of the outcome, or of its complement where that is smaller."""
        total = self.table @ self.values
        return np.minimum(total, self.n - total)

    @property
    def contrasts(self) -> dict[str, np.ndarray]:
        """Weights of the arms' means in each contrast: every arm against the control, then the interaction.

        The interaction, both - a - b + none, exists where these four arms exist. It is the effect of both nudges
        together minus the sum of their separate effects.
        """
        unit = np.eye(len(self.arm_ids))
        control = self.control
        contrasts = {arm_id: unit[arm] - unit[control] for arm, arm_id in enumerate(self.arm_ids) if arm != control}
        if set(FACTORIAL) <= set(self.arm_ids):
            contrasts[INTERACTION] = np.array([FACTORIAL.get(arm_id, 0.0) for arm_id in self.arm_ids])
        return contrasts


def read_experiment(cells: pd.DataFrame, arm_ids: Sequence[str] = ()) -> Experiment:
    """Put the cells of one group into an Experiment.

    Args: `cells` with arm_id (never null), n_positive, n_answered and n_respondents. An arm whose members all lack the
    outcome is kept with a row of zeros, and so is an arm in `arm_ids` that has no cells.
    """
    distinct, arm = np.unique([CONTROL, *arm_ids, *cells["arm_id"]], return_inverse=True)
    arm = arm[len(arm) - len(cells) :]
    outcome = outcome_values(cells)
    has_outcome = ~np.isnan(outcome)
    values, value = np.unique(outcome[has_outcome], return_inverse=True)
    table = np.zeros((len(distinct), len(values)), dtype=np.int64)
    np.add.at(table, (arm[has_outcome], value), cells["n_respondents"].to_numpy()[has_outcome])
    return Experiment([str(arm_id) for arm_id in distinct], values, table)


@dataclass(frozen=True)
class Contrast:
    """One contrast of an experiment: weights of the arms' means, sizes, the reason for a missing error.

    `n_respondents` counts all arms of the experiment, `n_arm` the smallest nudged arm of the contrast, `n_control` the
    control. `reason` says why no model of the contrast has a standard error; it is None where one exists.
    """

    contrast_id: str
    weights: np.ndarray
    n_respondents: int
    n_arm: int
    n_control: int
    reason: str | None

    @property
    def is_used(self) -> np.ndarray:
        """Whether each arm takes part."""
        return self.weights != 0

    @property
    def columns(self) -> dict[str, object]:
        """The columns that every model of the contrast shares."""
        names = ("contrast_id", "n_respondents", "n_arm", "n_control")
        return {name: getattr(self, name) for name in names}


def read_contrasts(experiment: Experiment) -> list[Contrast]:
    """Describe every contrast of an experiment, in the order of `Experiment.contrasts`."""
    n, control = experiment.n, experiment.control
    contrasts = []
    for contrast_id, weights in experiment.contrasts.items():
        nudged = np.flatnonzero((weights != 0) & (np.arange(len(n)) != control))
        sizes = (int(n.sum()), int(n[nudged].min()), int(n[control]))
        contrasts.append(Contrast(contrast_id, weights, *sizes, _why_no_error(experiment, contrast_id, nudged)))
    return contrasts


def _why_no_error(experiment: Experiment, contrast_id: str, nudged: np.ndarray) -> str | None:
    """The reason why a contrast has no standard error; None where it has one."""
    n, is_constant, control = experiment.n, experiment.is_constant, experiment.control
    where = "one arm of the interaction" if contrast_id == INTERACTION else "the arm"
    if n[control] < 2:
        return "fewer than two respondents without a nudge"
    if (n[nudged] < 2).any():
        return f"fewer than two respondents in {where}"
    # A single constant arm is enough for no error: it would add 0 to the standard error, and an arm of five zeros would
    # look significant.
    if is_constant[nudged].any() and is_constant[control]:
        return f"the outcome varies neither in {where} nor without a nudge"
    if is_constant[nudged].any():
        return f"the outcome does not vary in {where}"
    return "the outcome does not vary without a nudge" if is_constant[control] else None


def split_groups(cells: pd.DataFrame, keys: Sequence[str]) -> Iterator[tuple[tuple, pd.DataFrame]]:
    """Yield each group's keys and cells, in order; `cells` are sorted by `keys` first."""
    groups, group = number_groups(cells, keys)
    bounds = np.searchsorted(group, np.arange(len(groups) + 1))
    for place, key in enumerate(groups.itertuples(index=False, name=None)):
        yield key, cells.iloc[bounds[place] : bounds[place + 1]]


def arm_moments(tables: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean of each arm and its squared standard error s^2/n, for one table or many.

    Args:
        tables: counts of shape (arms, values) or (arms, tables, values).
        values: the outcome's distinct values.

    Returns:
        Two arrays of shape (arms,) or (arms, tables); NaN where a mean or a variance does not exist.

    """
    # With the values first, numpy adds up whole arrays, which takes a sixth of the time of thousands of short rows.
    counts = np.ascontiguousarray(np.moveaxis(tables, -1, 0), dtype=np.float64)
    values = values.reshape(-1, *[1] * (counts.ndim - 1))
    n = counts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (counts * values).sum(axis=0) / n
        variance = (counts * (values - mean) ** 2).sum(axis=0) / np.where(n < 2, np.nan, n - 1)
        # This is judged on the counts: the variance of equal values can be a rounding error instead of zero.
        variance = np.where((counts.max(axis=0, initial=0) == n) & (n > 1), 0.0, variance)
        return mean, variance / n


def contrast_moments(
    mean: np.ndarray, squared_error: np.ndarray, contrasts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Value of each contrast of the arms' means, and its HC2 standard error.

        value = sum(c * mean),  std_error = sqrt(sum(c^2 * s^2/n))

    Args:
        mean: of shape (arms,) or (arms, tables).
        squared_error: s^2/n of the same shape.
        contrasts: weights of shape (contrasts, arms). An arm with weight 0 is left out, even if its mean is NaN.

    Returns:
        Two arrays of shape (contrasts,) or (contrasts, tables).

    """
    value = np.empty((len(contrasts), *mean.shape[1:]))
    std_error = np.empty_like(value)
    for place, weights in enumerate(contrasts):
        used = np.flatnonzero(weights)
        value[place] = sum(weights[arm] * mean[arm] for arm in used)
        std_error[place] = np.sqrt(sum(weights[arm] ** 2 * squared_error[arm] for arm in used))
    return np.where(np.abs(value) < TIE, 0.0, value), std_error


def bell_mccaffrey_df(n: np.ndarray, weights: np.ndarray) -> float:
    """Bell-McCaffrey degrees of freedom of a contrast of arms' means.

        df = sum(c^2/n)^2 / sum(c^4 / (n^2*(n-1)))

    Args: `n` respondents and `weights` c of each arm. Returns NaN where an arm of the contrast has fewer than two.
    R: `estimatr::lm_robust(y ~ arm, clusters = respondent, se_type = "CR2")$df`.
    """
    used = weights != 0
    n, c = n[used].astype(np.float64), weights[used]
    if (n < 2).any():
        return np.nan
    return float((c**2 / n).sum() ** 2 / (c**4 / (n**2 * (n - 1))).sum())
