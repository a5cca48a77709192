"""Effect of weighting on a survey: the range of the weights and the effective size."""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import COUNT, COUNT_OR_NULL, NUMBER, TEXT, typed

SURVEY = ("council_id", "wave_id")

TYPES = (
    dict.fromkeys((*SURVEY, "weight_source"), TEXT)
    | dict.fromkeys(("n_respondents", "n_weighted", "n_trimmed"), COUNT)
    | {"n_iterations": COUNT_OR_NULL}
    | dict.fromkeys(("lowest_weight", "highest_weight", "n_effective", "design_effect"), NUMBER)
    | {"reason": TEXT}
)


def estimate_weights(counts: pd.DataFrame) -> pd.DataFrame:
    """Describe the weights of each survey.

        n_effective   = (sum w)^2 / sum w^2                                                                 (Kish)
        design_effect = n_weighted / n_effective

    Raked weights have mean 1. A council's own weights may have any scale: none of these numbers depends on it.

    Args:
        counts: cnt_weights: one row per council and wave with n_respondents, n_weighted (weight above 0), n_trimmed,
            n_iterations, weight_source, reason, lowest_weight, median_weight, highest_weight, sum_weight and
            sum_weight_squared.

    Returns:
        One row per council and wave, sorted. `lowest_weight` and `highest_weight` are multiples of the median weight,
        `n_effective` is a number of respondents, and `design_effect` is 1 for equal weights and larger otherwise.
        These four are NaN where there is no weight above 0; `reason` comes from the counts.

    Raises:
        KeyError: a column of weights is missing.
        ValueError: a number of respondents is missing.

    R: `survey::svydesign(~1, weights = ~w)`; `sum(w)^2 / sum(w^2)`.
    Source: Kish 1965, Survey Sampling, section 8.2.

    """
    names = ("sum_weight", "sum_weight_squared", "lowest_weight", "median_weight", "highest_weight", "n_weighted")
    number = {name: counts[name].to_numpy(dtype=np.float64) for name in names}
    with np.errstate(invalid="ignore", divide="ignore"):
        n_effective = number["sum_weight"] ** 2 / number["sum_weight_squared"]
        estimates = counts.assign(
            lowest_weight=number["lowest_weight"] / number["median_weight"],
            highest_weight=number["highest_weight"] / number["median_weight"],
            n_effective=n_effective,
            design_effect=number["n_weighted"] / n_effective,
        )
    return typed(estimates.sort_values(list(SURVEY)), TYPES)
