"""Staff and citizens: how much staff and citizens of a council differ in their view of activity and services."""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.contrasts import Experiment
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
from coproduction.statistics.methods.inference import p_value_of_t, t_half_width, within
from coproduction.statistics.methods.moments import moments
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, STAFF_FAMILY, adjust
from coproduction.statistics.methods.registration import study_ids
from coproduction.statistics.methods.resampling import (
    PERMUTATIONS_OF_ARMS,
    permutations_for,
    randomisation_p_values,
    seed_of,
)

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
    "headline_p_value": NUMBER,
    "headline_p_value_type": TEXT,
    "p_value_adjusted": NUMBER,
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "reason": TEXT,
}


def estimate_staff_gaps(counts: pd.DataFrame, studies: pd.DataFrame | None = None) -> pd.DataFrame:
    """Perception gap: mean answer of staff minus mean answer of citizens, both as shares of the scale (0-1).

        estimate  = ms - mc
        std_error = sqrt(s_s^2/n_s + s_c^2/n_c)                                                           (Welch)
        df        = std_error^4 / ((s_s^2/n_s)^2/(n_s-1) + (s_c^2/n_c)^2/(n_c-1))

    Interval and p are Student's with that df; the interval is cut off at -1 and 1. If all staff or all citizens gave
    the same answer, there is no standard error. headline_p_value is then a permutation p instead of p_value: the roles
    are permuted over the respondents and |difference / std_error| compared with the observed one, 400 times for each
    gap of the family (headline_p_value_type `randomisation`). p_value_adjusted is Benjamini and Hochberg's adjustment
    of it over all gaps of the study. Staff are treated as a sample; where all staff of a service answered, the interval
    is wider than necessary.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, measure_id, respondent_role (`staff` or `citizen`), n_positive,
            n_answered: respondents with the value n_positive / n_answered, n_respondents.
        studies: council_id, wave_id, study_id: the surveys of each study (registration.study_ids). None: one study.

    Returns:
        One row per council, wave, theme, topic and measure that staff answered, sorted by them. `reason` says why there
        is no estimate or no t test.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or a role is neither staff nor citizen.

    R: `t.test(staff, citizens)`.
    Sources: Welch 1947, Biometrika 34:28; Benjamini and Hochberg 1995, JRSS B 57:289; Janssen 1997, Statistics and
    Probability Letters 36:9 (studentised permutation for two samples of unequal variance).

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
    p_value = p_value_of_t(estimate / std_error, df)
    is_permuted = ~is_tested & (staff.n >= 2) & (citizens.n >= 2)
    study = study_ids(groups, studies)
    n_gaps = study.groupby(study).transform("size").to_numpy()
    permuted = _permutation_p_values(cells, groups, group, is_permuted, n_gaps)
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
        ci_lower=within(estimate - half_width, estimate, -1, 1),
        ci_upper=within(estimate + half_width, estimate, -1, 1),
        p_value=p_value,
        headline_p_value=np.where(is_permuted, permuted, p_value),
        headline_p_value_type=first_reason([~np.isnan(permuted), is_tested], ["randomisation", "t"]),
        family_id=STAFF_FAMILY,
        reason=reason,
    )
    gaps = gaps[gaps["n_staff"] > 0]
    return typed(adjust(gaps, "headline_p_value", BENJAMINI_HOCHBERG, study[gaps.index]), TYPES)


def _permutation_p_values(
    cells: pd.DataFrame, groups: pd.DataFrame, group: np.ndarray, is_permuted: np.ndarray, n_gaps: np.ndarray
) -> np.ndarray:
    """Permutation p of each gap of `is_permuted`, with enough permutations for n_gaps tests; NaN elsewhere."""
    p_values = np.full(len(groups), np.nan)
    contrast = np.array([[-1.0, 1.0]])
    for place in np.flatnonzero(is_permuted):
        here = cells[group == place]
        values, value = np.unique(outcome_values(here), return_inverse=True)
        table = np.zeros((2, len(values)), dtype=np.int64)
        np.add.at(table, (here["respondent_role"].eq("staff").to_numpy(int), value), here["n_respondents"].to_numpy())
        roles = Experiment(["citizen", "staff"], values, table)
        seed = seed_of("staff_gap", *groups.iloc[place])
        n_permutations = permutations_for(int(n_gaps[place]), PERMUTATIONS_OF_ARMS)
        p_values[place] = randomisation_p_values(roles, contrast, np.array([True]), seed, n_permutations)[0][0]
    return p_values
