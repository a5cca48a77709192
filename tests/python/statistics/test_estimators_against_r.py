"""Every estimator against R (estimatr 1.0.0 on R 4.2.2), whose script and output are in tests/python/reference."""

import pandas as pd
import pytest
from survey_examples import (
    REFERENCE,
    correlate_counts,
    gap_counts,
    level_counts,
    nudge_counts,
    respondents_of_reference,
)

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.levels.est_outcome_gaps import estimate_outcome_gaps
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, HOLM, adjust

R = pd.read_csv(REFERENCE, index_col="quantity")["value"]
RESPONDENTS = respondents_of_reference()

# Goals of the project: correlations and means absolutely, regressions and p-values relatively. R wrote 15 digits.
ABSOLUTE = {"rel": 0, "abs": 1e-10}
REGRESSION = {"rel": 1e-9, "abs": 0}
P_VALUE = {"rel": 1e-8, "abs": 0}


def test_levels_equal_r():
    index = estimate_levels(level_counts(RESPONDENTS)).iloc[0]
    for column, quantity in {"estimate": "mean", "std_error": "std_error", "ci_lower": "ci_lower"}.items():
        assert index[column] == pytest.approx(R[f"index_{quantity}"], **ABSOLUTE)
    assert index["ci_upper"] == pytest.approx(R["index_ci_upper"], **ABSOLUTE)
    collective = estimate_levels(level_counts(RESPONDENTS, "collective_participation")).iloc[0]
    assert collective["estimate"] == pytest.approx(R["collective_mean"], **ABSOLUTE)
    assert collective["ci_lower"] == pytest.approx(R["collective_ci_lower"], **ABSOLUTE)
    assert collective["ci_upper"] == pytest.approx(R["collective_ci_upper"], **ABSOLUTE)


@pytest.mark.parametrize("method", ["pearson", "spearman"])
@pytest.mark.parametrize("pair", ["score_index", "score_collective", "strong_index"])
def test_correlates_equal_r(pair, method):
    score, outcome = pair.split("_")
    respondents = RESPONDENTS[:130] if score == "strong" else RESPONDENTS
    outcome_id = {"index": "individual_index", "collective": "collective_participation"}[outcome]
    estimates = estimate_correlates(correlate_counts(respondents, outcome_id, score)).set_index("method_id")
    assert estimates.loc[method, "estimate"] == pytest.approx(R[f"{pair}_{method}"], **ABSOLUTE)
    assert estimates.loc[method, "p_value_t"] == pytest.approx(R[f"{pair}_{method}_p"], **P_VALUE)


def test_the_reference_holds_a_p_value_near_the_smallest_number():
    assert 0 < R["strong_index_pearson_p"] < 1e-280


@pytest.mark.parametrize("outcome_id", ["individual_index", "collective_participation"])
@pytest.mark.parametrize("contrast_id", ["a", "b", "both"])
def test_nudge_effects_equal_estimatr(outcome_id, contrast_id):
    effects = estimate_nudge_effects(nudge_counts(RESPONDENTS, outcome_id))
    effects = effects[effects["model_id"].eq("dummies")].set_index("contrast_id")
    name = f"nudge_{ {'individual_index': 'index'}.get(outcome_id, 'collective') }_{contrast_id}"
    for column in ("estimate", "std_error", "ci_lower", "ci_upper"):
        assert effects.loc[contrast_id, column] == pytest.approx(R[f"{name}_{column}"], **REGRESSION)
    assert effects.loc[contrast_id, "df"] == pytest.approx(R[f"{name}_df"], **P_VALUE)
    assert effects.loc[contrast_id, "p_value"] == pytest.approx(R[f"{name}_p"], **P_VALUE)


def test_the_outcome_gap_equals_r():
    gap = estimate_outcome_gaps(gap_counts(RESPONDENTS)).iloc[0]
    for column in ("estimate", "std_error", "ci_lower"):
        assert gap[column] == pytest.approx(R[f"gap_{column}"], **ABSOLUTE)
    assert gap["p_value"] == pytest.approx(R["gap_p"], **P_VALUE)


def test_adjusted_p_values_equal_r():
    estimates = pd.DataFrame({"family_id": "levels", "weighting_id": "unweighted", "p": [0.01, 0.02, 0.03, 0.04, 0.5]})
    for method, quantity in {BENJAMINI_HOCHBERG: "benjamini_hochberg_2", HOLM: "holm_2"}.items():
        adjusted = adjust(estimates, "p", method)["p_value_adjusted"]
        assert adjusted[1] == pytest.approx(R[quantity], rel=0, abs=1e-12)
