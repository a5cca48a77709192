"""The distinct results of the multiverse: specifications with the same n, estimate and p count as one result."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.correlates.est_multiverse_axes import (
    AXES,
    CORRELATION,
    DONT_KNOW_RULES,
    MULTIPLICITY,
    P_COLUMNS,
    P_METHODS,
)
from coproduction.statistics.methods.counts import COUNT, NUMBER, UNWEIGHTED

LEAVE_OUT = next(iter(DONT_KNOW_RULES))
# Results are compared to the ninth decimal: sums of the same numbers in another order differ in their last digits.
COMPARED = 1e9


def estimate_multiverse_results(multiverse: pd.DataFrame, minimum_of_other_rules: int = 0) -> pd.DataFrame:
    """Collapse specifications that give the same number of respondents, estimate and p.

    Args:
        multiverse: rows of est_multiverse: CORRELATION, specification_number, AXES, n_respondents, estimate, P_COLUMNS.
        minimum_of_other_rules: if no specification of a correlation has so many respondents, only those that leave
            Don't Know out are read. In a small survey, comparing results with and without Don't Know would reveal how
            many people did not know.

    Returns:
        One row per correlation (CORRELATION) and distinct result, sorted: `first_specification` is ten times the
        specification_number, plus 1 to 9 for the p (its place in P_COLUMNS), of the first specification with this
        result; AXES, p_method_id and multiplicity_id are those of this specification; `n_specifications` counts the
        specifications that share the result; n_respondents, estimate and p_value are the result.

    """
    rows = _ordered(multiverse, minimum_of_other_rules)
    cell = rows.groupby(list(CORRELATION), sort=True, observed=True).ngroup().to_numpy()
    p_values = rows[list(P_COLUMNS)].to_numpy()
    first, size = _distinct(
        np.repeat(cell, len(P_COLUMNS)),
        np.repeat(rows["n_respondents"].to_numpy(), len(P_COLUMNS)),
        np.repeat(np.rint(rows["estimate"].to_numpy() * COMPARED), len(P_COLUMNS)),
        np.rint(p_values.ravel() * COMPARED),
    )
    row, p_number = np.divmod(first, len(P_COLUMNS))
    method, adjustment = np.divmod(p_number, len(MULTIPLICITY))
    results = rows[[*CORRELATION, *AXES]].take(row).reset_index(drop=True)
    return results.assign(
        weighting_id=pd.Categorical.from_codes(np.zeros(len(row), dtype=np.int8), pd.Index([UNWEIGHTED])),
        first_specification=(10 * rows["specification_number"].to_numpy()[row] + p_number + 1).astype(COUNT),
        p_method_id=pd.Categorical.from_codes(method, pd.Index(list(P_METHODS))),
        multiplicity_id=pd.Categorical.from_codes(adjustment, pd.Index(list(MULTIPLICITY))),
        n_specifications=size.astype(COUNT),
        n_respondents=rows["n_respondents"].to_numpy()[row].astype(COUNT),
        estimate=rows["estimate"].to_numpy()[row].astype(NUMBER),
        p_value=p_values.ravel()[first].astype(NUMBER),
    )


def _ordered(multiverse: pd.DataFrame, minimum_of_other_rules: int) -> pd.DataFrame:
    """Leave out what may not be compared, sort, and keep texts as categories: there are many rows to a text."""
    texts = dict.fromkeys((*CORRELATION, *AXES), "category")
    largest = multiverse.groupby(list(CORRELATION))["n_respondents"].transform("max")
    is_read = multiverse["dont_know_rule_id"].eq(LEAVE_OUT) | largest.ge(minimum_of_other_rules)
    rows = multiverse.loc[is_read].astype(texts)
    return rows.sort_values([*CORRELATION, "specification_number"], kind="stable", ignore_index=True)


def _distinct(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each distinct combination of the columns comes first, and how often it comes; NaN equals NaN."""
    order = np.lexsort(columns[::-1])
    is_new = np.zeros(len(order), dtype=bool)
    is_new[:1] = True
    for column in columns:
        values = column[order]
        is_new[1:] |= (values[1:] != values[:-1]) & ~(np.isnan(values[1:]) & np.isnan(values[:-1]))
    starts = np.flatnonzero(is_new)
    size = np.diff(np.append(starts, len(order)))
    # The order is stable, so the first of a run is the first of all; then back to the order of the rows.
    first = order[starts]
    back = np.argsort(first, kind="stable")
    return first[back], size[back]
