"""Chooses the latent correlation of an answer and an outcome: polychoric, or polyserial where one is a number."""

import numpy as np

from coproduction.statistics.methods.counts import Crosstab
from coproduction.statistics.methods.latent import polychoric, polyserial

# Groups of people, for which the polychoric assumption of a normal scale makes no sense.
WITHOUT_SCALE = ("gender", "ethnicity")
# A share of several items, a number however few values it has in a survey.
CONTINUOUS_OUTCOME = "individual_index"
# A correlate with more distinct values is a number (age in years), not an ordered answer, as in psych::mixedCor.
MAXIMUM_CATEGORIES = 8


def latent_correlation(crosstab: Crosstab, construct_id: str, outcome_id: str) -> tuple[float, float, str, str | None]:
    """Return the estimate, its standard error, the type of the error, and the reason for a missing estimate."""
    is_number = len(crosstab.x) > MAXIMUM_CATEGORIES
    is_index = outcome_id == CONTINUOUS_OUTCOME or len(crosstab.y) > MAXIMUM_CATEGORIES
    name = "two-step polyserial" if is_number or is_index else "two-step polychoric"
    if construct_id in WITHOUT_SCALE:
        return np.nan, np.nan, name, "no scale lies behind a group of people: see the other methods"
    if is_number and is_index:
        return np.nan, np.nan, name, "both are numbers, none is an ordered answer: see pearson"
    if not crosstab.varies:
        return np.nan, np.nan, name, None
    if is_index:
        rho, std_error = polyserial(crosstab.table.T, crosstab.y)
    elif is_number:
        rho, std_error = polyserial(crosstab.table, crosstab.x)
    else:
        rho, std_error = polychoric(crosstab.table)
    reason = "the latent correlation lies at the end of its range" if np.isnan(rho) else None
    return rho, std_error, name, reason
