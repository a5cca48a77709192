"""The distinct results of the multiverse: specifications with the same n, estimate and p count as one result."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.multiverse.est_multiverse_axes import (
    AXES,
    CORRELATION,
    DONT_KNOW_RULES,
    MULTIPLICITY,
    P_COLUMNS,
    P_METHODS,
)
from coproduction.statistics.methods.counts import CATEGORY, COUNT, NUMBER, UNWEIGHTED, typed

LEAVE_OUT = next(iter(DONT_KNOW_RULES))
# Results are compared to the ninth decimal, because sums of the same numbers in another order differ in the last
# digits.
COMPARED = 10**9

TYPES = dict.fromkeys((*CORRELATION, *AXES, "weighting_id"), CATEGORY) | {
    "first_specification": COUNT,
    "p_method_id": CATEGORY,
    "multiplicity_id": CATEGORY,
    "n_specifications": COUNT,
    "n_respondents": COUNT,
    "estimate": NUMBER,
    "p_value": NUMBER,
}


def estimate_multiverse_results(multiverse: pd.DataFrame, minimum_of_other_rules: int = 0) -> pd.DataFrame:
    """Collapse specifications that give the same number of respondents, estimate and p.

        same result = equal n_respondents, round(estimate, 9) and round(p, 9) within one correlation

    A missing estimate equals a missing estimate, and a missing p a missing p.

    Args:
        multiverse: rows of est_multiverse: CORRELATION, specification_number, AXES, n_respondents, estimate, P_COLUMNS.
        minimum_of_other_rules: if no specification of a correlation has this many respondents, only specifications that
            leave Don't Know out are read. In a small survey, comparing results with and without Don't Know would reveal
            how many people did not know.

    Returns:
        One row per correlation (CORRELATION) and distinct result, sorted: `first_specification` is ten times the
        specification_number, plus 1 to 9 for the p (its place in P_COLUMNS), of the first specification with this
        result; AXES, p_method_id and multiplicity_id are those of this specification; `n_specifications` counts the
        specifications that share the result; n_respondents, estimate (a correlation, -1 to 1) and p_value (0-1) are
        the result, both NaN where the correlation could not be estimated (est_multiverse says why).

    Raises:
        KeyError: a column is missing.

    R: `unique(data.frame(n, round(estimate, 9), round(p, 9)))` for each correlation.
    Source: Steegen et al. 2016, Perspectives on Psychological Science 11:702 (the multiverse of results).

    """
    rows = _ordered(multiverse, minimum_of_other_rules)
    p_values = rows[list(P_COLUMNS)].to_numpy()
    first, size = _distinct(rows, p_values)
    row, p_number = np.divmod(first, len(P_COLUMNS))
    method, adjustment = np.divmod(p_number, len(MULTIPLICITY))
    results = rows[[*CORRELATION, *AXES]].take(row).reset_index(drop=True)
    estimates = results.assign(
        weighting_id=pd.Categorical.from_codes(np.zeros(len(row), dtype=np.int8), pd.Index([UNWEIGHTED])),
        first_specification=10 * rows["specification_number"].to_numpy()[row] + p_number + 1,
        p_method_id=pd.Categorical.from_codes(method, pd.Index(list(P_METHODS))),
        multiplicity_id=pd.Categorical.from_codes(adjustment, pd.Index(list(MULTIPLICITY))),
        n_specifications=size,
        n_respondents=rows["n_respondents"].to_numpy()[row],
        estimate=rows["estimate"].to_numpy()[row],
        p_value=p_values.ravel()[first],
    )
    return typed(estimates, TYPES)


def _ordered(multiverse: pd.DataFrame, minimum_of_other_rules: int) -> pd.DataFrame:
    """Drop specifications that may not be compared, sort, and store texts as categories to save memory."""
    rows = multiverse.astype(dict.fromkeys((*CORRELATION, *AXES), "category"))
    largest = rows.groupby(list(CORRELATION), observed=True)["n_respondents"].transform("max")
    is_read = rows["dont_know_rule_id"].eq(LEAVE_OUT) | largest.ge(minimum_of_other_rules)
    return rows[is_read].sort_values([*CORRELATION, "specification_number"], kind="stable", ignore_index=True)


def _distinct(rows: pd.DataFrame, p_values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the place of the first p of each distinct result among all p-values, and how many p share the result."""
    compared = rows[[*CORRELATION, "n_respondents"]].assign(estimate=np.rint(rows["estimate"] * COMPARED))
    result = compared.groupby(list(compared), dropna=False, observed=True).ngroup().to_numpy()
    # Each pair of result and p becomes one whole number, because whole numbers sort fastest; a missing p sorts after 1.
    p_number = np.where(np.isnan(p_values), COMPARED + 1, np.rint(p_values * COMPARED)).astype(np.int64)
    _, first, size = np.unique(result[:, None] * (COMPARED + 2) + p_number, return_index=True, return_counts=True)
    order = np.argsort(first)
    return first[order], size[order]
