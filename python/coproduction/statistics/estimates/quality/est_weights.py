"""Effect of weighting on a survey: the range of the weights and the effective size."""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import COUNT, COUNT_OR_NULL, NUMBER, TEXT, first_reason, typed
from coproduction.statistics.methods.weights.weighting import effective_number

SURVEY = ("council_id", "wave_id")
NO_WEIGHT = "no respondent has a weight above 0: nothing is weighted"

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
            n_iterations, weight_source, reason, sum_weight, sum_weight_squared, and lowest_weight, median_weight and
            highest_weight of those above 0.

    Returns:
        One row per council and wave, sorted. `lowest_weight` and `highest_weight` are multiples of the median weight,
        `n_effective` is a number of respondents, and `design_effect` is 1 for equal weights and larger otherwise.
        These four are NaN where there is no weight above 0, and `reason` says so; elsewhere it comes from the counts.

    Raises:
        KeyError: a column of weights is missing.
        ValueError: a number of respondents is missing.

    R: `survey::svydesign(~1, weights = ~w)`; `sum(w)^2 / sum(w^2)`.
    Source: Kish 1965, Survey Sampling, section 8.2.

    """
    names = ("sum_weight", "sum_weight_squared", "lowest_weight", "median_weight", "highest_weight", "n_weighted")
    number = {name: counts[name].to_numpy(dtype=np.float64) for name in names}
    # Weights of 0 only are weights of nobody: 0/0 would be written as NaN and 1/0 as infinite.
    has_weights = (number["n_weighted"] > 0) & (number["sum_weight"] > 0)
    number = {name: np.where(has_weights, column, np.nan) for name, column in number.items()}
    n_effective = effective_number(number["n_weighted"], number["sum_weight"], number["sum_weight_squared"])
    is_zero = ~has_weights & counts["weight_source"].notna().to_numpy(bool)
    estimates = counts.assign(
        lowest_weight=number["lowest_weight"] / number["median_weight"],
        highest_weight=number["highest_weight"] / number["median_weight"],
        n_effective=n_effective,
        design_effect=number["n_weighted"] / n_effective,
        reason=first_reason([counts["reason"].isna() & is_zero], [NO_WEIGHT], default=counts["reason"]),
    )
    return typed(estimates.sort_values(list(SURVEY)), TYPES)
