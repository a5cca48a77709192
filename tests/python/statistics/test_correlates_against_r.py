"""All methods of correlation against R on psych::bfi, whose crosstabs and R's output are in tests/python/reference."""

import numpy as np
import pandas as pd
import pytest
from survey_examples import KEYS, REFERENCE

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates

COUNTS = pd.read_csv(REFERENCE.parent / "correlates_counts.csv", keep_default_na=False, na_values=[""])
R = pd.read_csv(REFERENCE.parent / "correlates.csv", index_col=["case", "quantity"])["value"]
CASES = list(COUNTS["case"].unique())
ESTIMATES = estimate_correlates(COUNTS.assign(**KEYS | {"construct_id": COUNTS["case"]})).set_index(
    ["construct_id", "method_id"]
)

# R wrote 12 digits.
ABSOLUTE = {"rel": 0, "abs": 1e-10}
P_VALUE = {"rel": 1e-8, "abs": 0}


def test_the_cases_have_ties_missing_values_and_sparse_tables():
    for case in CASES:
        cells = COUNTS[COUNTS["case"].eq(case)]
        assert cells["n_respondents"].max() > 1
    missing = COUNTS[COUNTS["score"].isna() | COUNTS["n_positive"].isna()]
    assert {"item_index", "item_binary", "item_item", "sparse_binary"} <= set(missing["case"])
    assert (COUNTS[COUNTS["case"].eq("sparse_binary")]["n_respondents"] <= 3).any()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_estimates_equal_r(case, method):
    estimate = ESTIMATES.loc[(case, method)]
    assert estimate["n_respondents"] == R[case, "n"]
    assert estimate["estimate"] == pytest.approx(R[case, method], **ABSOLUTE)


@pytest.mark.parametrize("case", CASES)
def test_p_values_equal_r(case):
    assert ESTIMATES.loc[(case, "pearson"), "p_value_t"] == pytest.approx(R[case, "pearson_p_t"], **P_VALUE)
    assert ESTIMATES.loc[(case, "kendall"), "p_value"] == pytest.approx(R[case, "kendall_p"], **P_VALUE)


@pytest.mark.parametrize("case", CASES)
def test_the_error_of_tau_equals_that_from_all_pairs_of_respondents(case):
    assert ESTIMATES.loc[(case, "kendall"), "std_error"] == pytest.approx(R[case, "kendall_std_error"], **P_VALUE)


@pytest.mark.parametrize("case", CASES)
def test_latent_correlations_equal_polycors(case):
    """polychor() stops its search within 1e-4; the polyserial of two steps is a formula."""
    estimate = ESTIMATES.loc[(case, "polychoric")]
    is_formula = estimate["std_error_type"] == "two-step polyserial"
    assert estimate["estimate"] == pytest.approx(R[case, "polychoric"], rel=0, abs=1e-10 if is_formula else 1e-4)
    if not is_formula:
        assert estimate["estimate"] == pytest.approx(R[case, "polychoric_exactly"], rel=0, abs=1e-7)


def test_cases_cover_both_latent_correlations():
    kinds = ESTIMATES.xs("polychoric", level="method_id")["std_error_type"].value_counts()
    assert kinds.to_dict() == {"two-step polychoric": 4, "two-step polyserial": 3}
    assert np.isfinite(ESTIMATES["estimate"]).all()
