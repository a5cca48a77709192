"""Staff and citizens: how much staff and citizens of a council differ in their view of activity and services."""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import (
    COUNT,
    COUNT_OR_NULL,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    first_reason,
    number_groups,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import p_value_of_t, t_half_width
from coproduction.statistics.methods.moments import moments
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, STAFF_FAMILY, adjust

GROUP = (*KEYS, "measure_id")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_staff": COUNT,
    "n_citizens": COUNT,
    "staff_level": NUMBER,
    "citizens_level": NUMBER,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "df": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "p_value": NUMBER,
    "p_value_adjusted": NUMBER,
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "reason": TEXT,
}


def estimate_staff_gaps(counts: pd.DataFrame) -> pd.DataFrame:
    """Perception gap: mean answer of staff minus mean answer of citizens, both as shares of the scale (0-1).

        estimate  = ms - mc
        std_error = sqrt(s_s^2/n_s + s_c^2/n_c)                                                           (Welch)
        df        = std_error^4 / ((s_s^2/n_s)^2/(n_s-1) + (s_c^2/n_c)^2/(n_c-1))

    Interval and p are Student's with that df; p_value_adjusted is Benjamini and Hochberg's over all gaps. Staff are
    treated as a sample; where all staff of a service answered, the interval is wider than necessary.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, measure_id, respondent_role (`staff` or `citizen`), n_positive,
            n_answered: respondents with the value n_positive / n_answered, n_respondents.

    Returns:
        One row per council, wave, theme, topic and measure that staff answered, sorted by them. `reason` says why there
        is no estimate or no test.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or a role is neither staff nor citizen.

    R: `t.test(staff, citizens)`.
    Sources: Welch 1947, Biometrika 34:28; Benjamini and Hochberg 1995, JRSS B 57:289.

    """
    cells = read_counts(counts, text=(*GROUP, "respondent_role"), numbers=("n_positive", "n_answered"))
    if not cells["respondent_role"].isin(["staff", "citizen"]).all():
        raise ValueError("respondent_role must be staff or citizen in every row.")
    cells = cells[~np.isnan(outcome_values(cells))]
    groups, group = number_groups(cells, GROUP)
    of = {}
    for role in ("staff", "citizen"):
        here = cells["respondent_role"].eq(role).to_numpy(bool)
        values = outcome_values(cells)[here]
        of[role] = moments(group[here], len(groups), cells["n_respondents"].to_numpy()[here], values)
    staff, citizens = of["staff"], of["citizen"]
    reason = first_reason(
        [citizens.n == 0, staff.n < 2, citizens.n < 2, staff.is_constant & citizens.is_constant, staff.is_constant,
         citizens.is_constant],
        [
            "citizens were not asked",
            "fewer than two staff",
            "fewer than two citizens",
            "the answers of neither staff nor citizens vary",
            "the answers of staff do not vary",
            "the answers of citizens do not vary",
        ],
        default=None,
    )  # fmt: skip
    is_tested = pd.isna(reason)
    squared = [np.where(is_tested, role.standard_error**2, np.nan) for role in (staff, citizens)]
    std_error = np.sqrt(squared[0] + squared[1])
    sizes = [np.where(is_tested, role.n, np.nan) for role in (staff, citizens)]
    df = std_error**4 / (squared[0] ** 2 / (sizes[0] - 1) + squared[1] ** 2 / (sizes[1] - 1))
    estimate = staff.mean - citizens.mean
    half_width = t_half_width(std_error, df)
    gaps = groups.assign(
        weighting_id=UNWEIGHTED,
        n_respondents=staff.n + citizens.n,
        n_staff=staff.n,
        n_citizens=citizens.n,
        staff_level=staff.mean,
        citizens_level=citizens.mean,
        estimate=estimate,
        std_error=std_error,
        std_error_type="Welch",
        df=df,
        ci_lower=estimate - half_width,
        ci_upper=estimate + half_width,
        p_value=p_value_of_t(estimate / std_error, df),
        family_id=STAFF_FAMILY,
        reason=reason,
    )
    return typed(adjust(gaps[gaps["n_staff"] > 0], "p_value", BENJAMINI_HOCHBERG), TYPES)
