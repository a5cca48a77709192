"""Families of tests: the p-values that are adjusted together, and the method of adjustment.

Tests of correlates are exploratory (Benjamini-Hochberg limits the share of false discoveries); tests of nudges are
confirmatory (Holm limits the chance of any false effect). The raw p is always kept as well as the adjusted p. A family
runs over the surveys of one study (registration.study_ids), and over all surveys for pools and comparisons of areas;
reports.rpt_families prints its size and how many of its tests are expected below 0.05 by chance. Registered hypotheses
have families of their own (registration).

| family | one per | p that is adjusted | adjustment |
| --- | --- | --- | --- |
| correlates_<outcome>_pearson, ..._spearman | outcome | p_value_t, or an exact p in its place | Benjamini-Hochberg |
| correlates_<outcome>_kendall, ..._polychoric | outcome | p_value: these have no t test | Benjamini-Hochberg |
| joint_correlates_<outcome>_complete, ..._imputed | outcome; headline model only | p_value | Benjamini-Hochberg |
| nudges_<outcome> | outcome | headline_p_value | Holm |
| pooled_correlate_<outcome>_<scope> | outcome; by theme, or over all; no study | p_value | Benjamini-Hochberg |
| pooled_nudge_<outcome>_<scope> | outcome; by theme, or over all; no study | p_value | Holm |
| thresholds_<outcome> | outcome | p_value | Benjamini-Hochberg |
| staff_gaps | study | headline_p_value | Benjamini-Hochberg |
| changes_independent, ..._overlapping, ..._same_people | who is compared | p_value | Benjamini-Hochberg |
| individual_above_collective | study | headline_p_value | Holm |
| metropolitan_below_others | no study | p_value | Holm |

Each other method tests the same answers again, so it has its own family and does not enlarge the headline's family. The
same holds for each weighting: one family is one family_id with one study and one weighting_id. Weighted correlations
have no t test.
"""

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import NUMBER, UNWEIGHTED

BENJAMINI_HOCHBERG = "fdr_bh"
HOLM = "holm"

STAFF_FAMILY = "staff_gaps"
GAP_FAMILY = "individual_above_collective"
LOCATION_FAMILY = "metropolitan_below_others"

METHODS_WITH_T_TEST = ("pearson", "spearman")


def correlate_families(estimates: pd.DataFrame) -> pd.Series:
    """Family of each correlation: one per outcome and method."""
    return "correlates_" + estimates["outcome_id"] + "_" + estimates["method_id"]


def correlate_p_values(estimates: pd.DataFrame) -> pd.Series:
    """The p of each correlation that decides its stars and is adjusted: of the t test where one exists.

    A perfect correlation has none, and its exact p takes its place. SQL: the macro p_value_of_stars.
    """
    has_t_test = estimates["method_id"].isin(METHODS_WITH_T_TEST) & estimates["weighting_id"].eq(UNWEIGHTED)
    return estimates["p_value_t"].where(has_t_test & estimates["p_value_t"].notna(), estimates["p_value"])


def nudge_families(estimates: pd.DataFrame) -> pd.Series:
    """Family of each nudge effect: one per outcome.

    A council's theme is represented by its topics. The whole theme (topic `all`) is in the family only where there are
    no topics, since it would count the same answers twice. Only the headline model `dummies` is in the family, because
    other models test the same arm again. The interaction is not in it, because it does not test the effect of a nudge.
    The family of all other rows is null.
    """
    theme = ["council_id", "wave_id", "theme_id", "outcome_id", "weighting_id"]
    is_whole_theme = estimates["topic_id"].eq("all")
    has_topics = (~is_whole_theme).groupby([estimates[column] for column in theme], dropna=False).transform("any")
    is_declared = estimates["model_id"].eq("dummies") & estimates["contrast_id"].ne("interaction")
    is_in = is_declared & (~is_whole_theme | ~has_topics.astype(bool))
    return ("nudges_" + estimates["outcome_id"].astype("str")).where(is_in)


def pooled_families(estimates: pd.DataFrame) -> pd.Series:
    """Family of each pooled estimate with a test: one per kind, outcome and scope (by theme, or all themes).

    The estimates over all themes use the same answers as the themes, so they form a separate family. Levels are not
    tested (null).
    """
    scope = estimates["theme_id"].eq("all").map({True: "all_themes", False: "themes"})
    families = "pooled_" + estimates["quantity_id"] + "_" + estimates["outcome_id"] + "_" + scope
    return families.where(estimates["quantity_id"].ne("level"))


def threshold_families(estimates: pd.DataFrame) -> pd.Series:
    """Family of each threshold: one per outcome."""
    return "thresholds_" + estimates["outcome_id"]


def gap_families(estimates: pd.DataFrame) -> pd.Series:
    """Family of each gap between the outcomes: one, for whole themes; null for topics, as themes contain them."""
    return pd.Series(GAP_FAMILY, index=estimates.index, dtype="str").where(estimates["topic_id"].eq("all"))


def change_families(estimates: pd.DataFrame) -> pd.Series:
    """Family of each change between neighbouring waves: one for each reading of who is compared, over all councils.

    Only outcomes of whole themes are in it, since topics and the other measures repeat the same answers, and the last
    wave against the first repeats the changes between. A measure that cannot be compared was not tested.
    """
    is_in = estimates["comparison_id"].eq("neighbours") & estimates["topic_id"].eq("all")
    is_in &= estimates["is_outcome"].eq(1) & estimates["estimate"].notna()
    return ("changes_" + estimates["sample_id"].astype("str")).where(is_in)


def adjust(
    estimates: pd.DataFrame, p_value: str, method: str | pd.Series, study: pd.Series | None = None
) -> pd.DataFrame:
    """Add p_value_adjusted and n_family to estimates that have a family_id.

    Args:
        estimates: with `family_id` (null: not adjusted), `weighting_id` (each weighting of a family is adjusted
            separately) and the column of raw p-values (NaN: no test).
        p_value: the name of that column.
        method: BENJAMINI_HOCHBERG or HOLM; or one of them for each estimate, the same in a whole family.
        study: the study of each estimate (registration.study_ids). None: all estimates are of one study.

    Returns:
        The estimates with p_value_adjusted (NaN where p is) and n_family: the number of p-values in the family, null
        without a family. R: `p.adjust(p, "BH")`, `p.adjust(p, "holm")`.

    """
    p = estimates[p_value].to_numpy(NUMBER)
    adjusted, size = np.full((2, len(p)), np.nan)
    methods = pd.Series(method, index=estimates.index, dtype="str").to_numpy()
    of_study = pd.Series("", index=estimates.index) if study is None else study
    # An array of places for each family, because hundreds of surveys have thousands of families.
    number = estimates.groupby([of_study, "family_id", "weighting_id"]).ngroup().fillna(-1).to_numpy(np.int64)
    in_order = np.argsort(number, kind="stable")
    for family in np.split(in_order, np.flatnonzero(np.diff(number[in_order])) + 1):
        if len(family) and number[family[0]] >= 0:
            size[family] = np.count_nonzero(~np.isnan(p[family]))
            adjusted[family] = adjusted_p_values(p[family, None], methods[family[0]])[:, 0]
    return estimates.assign(p_value_adjusted=adjusted, n_family=pd.array(size, dtype="Int64"))


def adjusted_p_values(p: np.ndarray, method: str) -> np.ndarray:
    """Adjust the p-values of many families at once: each column is a family.

    statsmodels' multipletests gives the same numbers, but takes one family at a time and 0.02 s for each; the
    multiverse has thousands of families.

    Args:
        p: of shape (tests, families); NaN means no test and does not count in the size of the family.
        method: BENJAMINI_HOCHBERG or HOLM.

    Returns:
        Adjusted p-values of the same shape, NaN where p is.

    R: `p.adjust(p, "BH")`, `p.adjust(p, "holm")` of each column.
    Sources: Benjamini and Hochberg 1995, JRSS B 57:289; Holm 1979, Scandinavian Journal of Statistics 6:65.

    """
    order = np.argsort(p, axis=0, kind="stable")
    # NaN is sorted to the end; fmin and fmax skip it.
    ascending = np.take_along_axis(p, order, axis=0)
    rank = np.arange(1.0, len(p) + 1)[:, None]
    n_tests = (~np.isnan(p)).sum(axis=0)
    if method == HOLM:
        steps = np.fmax.accumulate(ascending * (n_tests - rank + 1), axis=0)
    else:
        # The factor of the largest p is exactly 1, so it does not change; p * n / n could be smaller by rounding.
        share = rank / np.maximum(n_tests, 1)
        steps = np.fmin.accumulate((ascending / share)[::-1], axis=0)[::-1]
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(steps, 1.0), axis=0)
    return np.where(np.isnan(p), np.nan, adjusted)
