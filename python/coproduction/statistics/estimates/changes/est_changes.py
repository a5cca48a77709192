"""Changes between waves: how much a level of a council rose or fell, with the people who answered both times."""

from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.changes.common_margin import reweighted_changes
from coproduction.statistics.estimates.changes.compared_waves import (
    COMPARISON,
    PRODUCTS,
    Means,
    Overlap,
    Wave,
    as_counts,
    means_of,
    overlap_of,
    overlapping_df,
    plain_wave,
    read_changes,
    squared_error,
    weighted_wave,
    welch_df,
)
from coproduction.statistics.methods.counts import (
    COUNT,
    COUNT_OR_NULL,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    first_reason,
    number_groups,
    typed,
)
from coproduction.statistics.methods.inference import p_value_of_t, t_half_width, within
from coproduction.statistics.methods.moments import sums
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, adjust, change_families
from coproduction.statistics.methods.registration import study_ids
from coproduction.statistics.methods.weights.weighting import WEIGHTED, why_few_weights

# Fewer people in both waves count as different people: their covariance is noise, and it would reveal them.
FEWEST_IN_BOTH = 10
INDEPENDENT, OVERLAPPING, SAME_PEOPLE = "independent", "overlapping", "same_people"
NOT_COMPARABLE = {
    "other_answers": "not compared: the answers, their scores or the answers that count are not the same in both waves",
    "other_questions": "not compared: the waves do not have the same number of questions about it",
}
FEW_PEOPLE = "fewer than two respondents in a wave: no standard error"
NO_VARIATION = "the answers of a wave do not vary: no standard error"
ALIKE = "everybody in both waves changed alike: no standard error"
NO_LINK = ["is_outcome", "comparison_id", "comparability_id"]
TYPES = dict.fromkeys(COMPARISON, TEXT) | {
    "comparison_id": TEXT,
    "sample_id": TEXT,
    "weighting_id": TEXT,
    "n_earlier": COUNT,
    "n_later": COUNT,
    "n_both": COUNT,
    "n_effective": NUMBER,
    "earlier_level": NUMBER,
    "later_level": NUMBER,
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


def estimate_changes(counts: pd.DataFrame, studies: pd.DataFrame | None = None) -> pd.DataFrame:
    """Level of the later wave less level of the earlier wave, both on 0-1, for three readings of who is compared.

        overlapping   d = m2 - m1,  var(d) = var(m1) + var(m2) - 2*cov(m1, m2)                            (headline)
        independent   the same with cov = 0: Welch's test
        same_people   mean of y2 - y1 over those in both waves, var = s^2/n, n-1 degrees of freedom: the paired test

    cov(m1, m2) = sqrt(n1/(n1-1) * n2/(n2-1)) * sum over people in both of (y1-m1)*(y2-m2) / (n1*n2), the linearised
    covariance of a survey in which persons are drawn. With the same people in both waves it gives the paired test, with
    nobody in both Welch's. Its degrees of freedom lie between theirs (`compared_waves.overlapping_df`). Intervals and p
    are Student's; intervals are cut off at -1 and 1. Fewer than FEWEST_IN_BOTH people in both waves are treated as
    different people, so there is only the row `independent`.

    Weighted: each wave has its own weights and the linearised variance of `weighted_moments`; cov has the products
    of both weights. same_people: weights of the earlier wave. Satterthwaite's degrees of freedom stand in place of n-1.
    earlier_margin: the later wave raked to the gender and age bands of the earlier one
    (`common_margin.reweighted_changes`).

    p_value_adjusted is Benjamini and Hochberg's over the outcomes of whole themes between neighbouring waves, all
    councils of a study together, for each of the three readings and each weighting.

    Args:
        counts: council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id, comparison_id, comparability_id,
            is_outcome; gender_label, age_band, n_positive, n_answered of the later wave and earlier_... of the earlier
            one, null for those who are not in that wave; n_respondents. Where there are weights, n_weighted,
            sum_weight, sum_weight_squared and sum_weight_fourth of the later wave, n_earlier_weighted,
            sum_earlier_weight and so on of the earlier one, and sum_weight_products.
        studies: council_id, wave_id, study_id: the surveys of each study (registration.study_ids). None: one study. A
            change belongs to the study of its later wave.

    Returns:
        One row per pair of waves, theme, topic, measure, sample and weighting, sorted by them. n_both counts those in
        both waves. A measure whose questions changed has a single row without numbers, and its reason.

    Raises:
        ValueError: as `compared_waves.read_changes`.

    R: `t.test(y2, y1)`, `t.test(y2, y1, paired = TRUE)`; with survey, `svycontrast(svyby(~y, ~wave, svydesign(ids =
    ~person, weights = ~w), svymean, covmat = TRUE), c(-1, 1))`, which has one factor N/(N-1) for both waves.
    Sources: Derrick, Russ, Toher and White 2017, Journal of Modern Applied Statistical Methods 16(1):137; Welch 1947,
    Biometrika 34:28; Wood 2008, Survey Methodology 34:49 (covariance of overlapping samples).

    """
    cells = read_changes(counts)
    # Most studies have one wave.
    if cells.empty:
        return typed(cells, TYPES)
    is_comparable = cells["comparability_id"].eq("comparable")
    compared, refused = cells[is_comparable], cells[~is_comparable]
    has_weights = ~compared["earlier_value"].isna() & compared["sum_earlier_weight"].gt(0)
    parts = [
        _changes(compared, UNWEIGHTED),
        _changes(_with_weights(compared), WEIGHTED) if has_weights.any() else None,
        _finished(*reweighted_changes(compared, FEWEST_IN_BOTH)),
        _refused(refused),
    ]
    changes = pd.concat([typed(part, TYPES | {"is_outcome": NUMBER}) for part in parts if part is not None])
    changes = changes.sort_values([*COMPARISON, "sample_id", "weighting_id"], kind="stable", ignore_index=True)
    changes = changes.assign(family_id=change_families(changes))
    return typed(adjust(changes, "p_value", BENJAMINI_HOCHBERG, study_ids(changes, studies)), TYPES)


def _with_weights(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of the comparisons in which both waves have weights."""
    of_group = cells.groupby(list(COMPARISON))
    is_in = of_group["sum_earlier_weight"].transform("sum").gt(0) & of_group["sum_weight"].transform("sum").gt(0)
    return cells[is_in].reset_index(drop=True)


def _changes(cells: pd.DataFrame, weighting_id: str) -> pd.DataFrame:
    """All three readings with equal weights or with the surveys' own."""
    groups, group = number_groups(cells, COMPARISON)
    read = plain_wave if weighting_id == UNWEIGHTED else weighted_wave
    waves = read(cells, "earlier"), read(cells, "later")
    means = means_of(waves[0], group, len(groups)), means_of(waves[1], group, len(groups))
    products = waves[0].n if weighting_id == UNWEIGHTED else cells[PRODUCTS].to_numpy(NUMBER)
    overlap = overlap_of(products, waves, means, group, len(groups))
    groups = groups.merge(cells.drop_duplicates(list(COMPARISON))[[*COMPARISON, *NO_LINK]], on=list(COMPARISON))
    groups = groups.assign(weighting_id=weighting_id)
    whole = _finished(groups, means, overlap)
    same = _same_people(groups, waves, overlap, group, weighting_id)
    return pd.concat([whole, same])


def _finished(groups: pd.DataFrame, means: tuple[Means, Means], overlap: Overlap) -> pd.DataFrame:
    """Rows `independent` and, where enough people are in both waves, `overlapping`."""
    earlier, later = means
    df = welch_df(earlier, later)
    variance = squared_error(earlier.variance + later.variance - 2 * overlap.covariance, earlier, later)
    common = {
        "n_earlier": earlier.n,
        "n_later": later.n,
        "n_both": overlap.n,
        "n_effective": np.fmin(earlier.n_effective, later.n_effective),
        "earlier_level": earlier.mean,
        "later_level": later.mean,
        "estimate": later.mean - earlier.mean,
    }
    is_few = (earlier.n < 2) | (later.n < 2)
    is_constant = earlier.is_constant | later.is_constant
    few_weights = first_reason(
        [pd.notna(why_few_weights(of.n_effective, of.df)) & groups["weighting_id"].ne(UNWEIGHTED) for of in means],
        [why_few_weights(of.n_effective, of.df) for of in means],  # type: ignore[misc]
    )
    of_row = groups["reason"] if "reason" in groups else pd.Series(None, index=groups.index, dtype="object")
    rows = []
    for sample_id, squared, of_sample in (
        (INDEPENDENT, earlier.variance + later.variance, df),
        (OVERLAPPING, variance, overlapping_df(df, overlap, earlier, later)),
    ):
        reason = first_reason(
            [of_row.notna(), is_few, is_constant, pd.notna(few_weights), np.isnan(squared)],
            [of_row, FEW_PEOPLE, NO_VARIATION, few_weights, ALIKE],  # type: ignore[list-item]
        )
        rows.append(_tested(groups.assign(sample_id=sample_id, **common), np.sqrt(squared), of_sample, reason))
    return pd.concat([rows[0], rows[1][rows[1]["n_both"] >= FEWEST_IN_BOTH]])


def _same_people(
    groups: pd.DataFrame, waves: tuple[Wave, Wave], overlap: Overlap, group: np.ndarray, weighting_id: str
) -> pd.DataFrame:
    """Rows `same_people`: the mean change of those who are in both waves."""
    earlier, later = waves
    is_both = (earlier.n > 0) & (later.n > 0)
    in_both = {name: np.where(is_both, getattr(earlier, name), 0) for name in ("n", "weight", "squares", "fourth")}
    levels = [
        means_of(Wave(value, **in_both), group, len(groups))
        for value in (earlier.value, later.value, later.value - earlier.value)
    ]
    change = levels[2]
    few_weights = why_few_weights(change.n_effective, change.df)
    reason = first_reason(
        [change.n < 2, change.is_constant, pd.notna(few_weights) & (weighting_id != UNWEIGHTED)],
        [FEW_PEOPLE, ALIKE, few_weights],  # type: ignore[list-item]
    )
    rows = groups.assign(
        sample_id=SAME_PEOPLE,
        n_earlier=change.n,
        n_later=change.n,
        n_both=change.n,
        n_effective=change.n_effective,
        earlier_level=levels[0].mean,
        later_level=levels[1].mean,
        estimate=change.mean,
    )
    return _tested(rows, np.sqrt(change.variance), change.df, reason)[overlap.n >= FEWEST_IN_BOTH]


def _tested(rows: pd.DataFrame, error: np.ndarray, df: np.ndarray, reason: np.ndarray) -> pd.DataFrame:
    """Add standard error, interval and p; none of them in a row with a reason."""
    has_none = pd.notna(reason)
    error, df = np.where(has_none, np.nan, error), np.where(has_none, np.nan, df)
    estimate = rows["estimate"].to_numpy(NUMBER)
    half_width = t_half_width(error, df)
    with np.errstate(invalid="ignore", divide="ignore"):
        p_value = p_value_of_t(estimate / error, df)
    counts: dict[str, Any] = {
        name: as_counts(rows[name].to_numpy(NUMBER)) for name in ("n_earlier", "n_later", "n_both")
    }
    return rows.assign(
        **counts,
        std_error=error,
        std_error_type=np.where(
            rows["weighting_id"].eq(UNWEIGHTED),
            rows["sample_id"].map({INDEPENDENT: "Welch", OVERLAPPING: "partly overlapping", SAME_PEOPLE: "paired"}),
            np.where(rows["weighting_id"].eq(WEIGHTED), "linearised", "linearised, calibrated"),
        ),
        df=df,
        ci_lower=within(estimate - half_width, estimate, -1, 1),
        ci_upper=within(estimate + half_width, estimate, -1, 1),
        p_value=p_value,
        reason=reason,
    )


def _refused(cells: pd.DataFrame) -> pd.DataFrame:
    """One row without numbers for each measure whose questions changed."""
    groups, group = number_groups(cells, COMPARISON)
    first = cells.drop_duplicates(list(COMPARISON)).reset_index(drop=True)
    n = cells["n_respondents"].to_numpy(NUMBER)
    sizes = [sums(group, len(groups), np.where(cells[f"{wave}_value"].isna(), 0, n)) for wave in ("earlier", "later")]
    return first[[*COMPARISON, "comparison_id", "is_outcome"]].assign(
        sample_id=INDEPENDENT,
        weighting_id=UNWEIGHTED,
        n_earlier=as_counts(sizes[0]),
        n_later=as_counts(sizes[1]),
        n_both=0,
        n_effective=np.minimum(*sizes),
        std_error_type="none",
        reason=first["comparability_id"].map(NOT_COMPARABLE),
    )
