"""The choices that the multiverse crosses: each axis, its levels, and why each level is defensible."""

from itertools import product

import pandas as pd

from coproduction.statistics.methods.counts import KEYS

INDEX, COLLECTIVE = "individual_index", "collective_participation"
COUNT_TABLE = "cnt_specifications"
COUNT_TABLE_OF_MEASURES = "cnt_measure_specifications"
# The keys of a correlate, and those of its correlation with an outcome.
CORRELATE = (*KEYS, "construct_id")
CORRELATION = (*CORRELATE, "outcome_id")

# The levels of each axis and why each is defensible; the first is the paper's own choice.
METHODS = {
    "pearson": "Pearson's correlation of the scores, as in the paper",
    "spearman": "Spearman's correlation: ranks only, no distances between answers",
    "kendall": "Kendall's tau-b: pairs of respondents, ties taken out",
}
DONT_KNOW_RULES = {
    "leave_out": "Don't Know to the correlate leaves the pair, as in the paper",
    "lowest": "Don't Know counts as the lowest answer given",
    "middle": "Don't Know counts as the middle between the lowest and the highest answer given",
    "highest": "Don't Know counts as the highest answer given",
}
OUTCOME_RULES = {
    INDEX: {
        "half_answered": "share of answered activities done often or sometimes; at least half answered",
        "any_answered": "the same share; one answered activity is enough",
        "all_answered": "the same share; only respondents who answered all activities",
        "often_only": "share of answered activities done often; at least half answered",
        "graded": "sometimes counts half of often; at least half answered",
        "dont_know_as_no": "Don't Know about an activity counts as not done; at least half answered or Don't Know",
        "any_activity": "1 with any activity done often or sometimes, else 0; at least half answered",
        "count": "number of activities done often or sometimes, whatever was answered; at least one answered",
    },
    COLLECTIVE: {
        "often_or_sometimes": "1 for taking part often or sometimes, as in the paper",
        "often_only": "1 for taking part often only",
        "score": "the answer itself: never, sometimes, often",
        "dont_know_as_no": "Don't Know counts as not taking part",
    },
}
# The one reading of an outcome that is not listed above, such as a measure of an analyst's own.
AS_MEASURED = {"as_measured": "the measure as measures.csv defines it"}
DUPLICATE_RULES = {
    "one_kept": "of identical rows one, of conflicting rows none, as in the warehouse",
    "all_dropped": "no row whose respondent id occurs more than once",
    "all_kept": "every row of the export",
}
OUTLIER_RULES = {
    "kept": "all respondents",
    "straight_line_left_out": "without those who answered all activities, four or more, alike",
}
P_METHODS = {
    "classical": "t with n-2 degrees of freedom; for tau-b the normal test with ties",
    "linearised": "influence-function error on Fisher's scale: any distribution",
    "fisher": "Fisher's scale with 1/(n-3), (1+r^2/2)/(n-3) for Spearman, 0.437/(n-4) for tau-b",
}
MULTIPLICITY = {
    "none": "p as it is, as in the paper",
    "benjamini_hochberg": "false discovery rate over all correlations of the outcome under the same choices",
    "holm": "family-wise error over the same family",
}
AXES = ("method_id", "dont_know_rule_id", "outcome_rule_id", "duplicates_rule_id", "outliers_rule_id")
# The nine p-values of a row of est_multiverse.
P_COLUMNS = tuple(f"p_{method}_{adjustment}" for method, adjustment in product(P_METHODS, MULTIPLICITY))


def outcome_rules(outcome_id: str) -> dict[str, str]:
    """Return the readings of an outcome, each with the reason for it."""
    return OUTCOME_RULES.get(outcome_id, AS_MEASURED)


def axes_of_multiverse(counts_of_measures: pd.DataFrame | None = None) -> pd.DataFrame:
    """List every axis of the multiverse with its levels.

    Args:
        counts_of_measures: rows with the `outcome_id` of each outcome that is not in OUTCOME_RULES.

    Returns:
        One row per axis, outcome that the axis is about (`all` for every outcome) and level: `choice_number` counts the
        levels from 1, `is_of_paper` marks the paper's own choice, `description` says why the level is defensible, and
        `count_table` names the table of counts that the axis is computed from.

    """
    own = [] if counts_of_measures is None else sorted(counts_of_measures["outcome_id"].unique())
    axes = [
        ("method", "all", METHODS),
        ("dont_know_rule", "all", DONT_KNOW_RULES),
        *[("outcome_rule", outcome_id, outcome_rules(outcome_id)) for outcome_id in (*OUTCOME_RULES, *own)],
        ("duplicates_rule", "all", DUPLICATE_RULES),
        ("outliers_rule", "all", OUTLIER_RULES),
        ("p_method", "all", P_METHODS),
        ("multiplicity", "all", MULTIPLICITY),
    ]
    rows = [
        (
            axis_id,
            outcome_id,
            number + 1,
            choice_id,
            number == 0,
            description,
            COUNT_TABLE_OF_MEASURES if outcome_id in own else COUNT_TABLE,
        )
        for axis_id, outcome_id, levels in axes
        for number, (choice_id, description) in enumerate(levels.items())
    ]
    names = ["axis_id", "outcome_id", "choice_number", "choice_id", "is_of_paper", "description", "count_table"]
    return pd.DataFrame(rows, columns=names)
