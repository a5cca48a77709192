"""Families of tests in a built warehouse: the seed that names them agrees with the module that adjusts them."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

KEYS = ["study_id", "family_id", "weighting_id"]
METHODS = {"benjamini_hochberg": "fdr_bh", "holm": "holm"}


@pytest.fixture(scope="module")
def families(built):
    return built.query("from reports.rpt_families").set_index(KEYS)


@pytest.fixture(scope="module")
def tests(built):
    return built.query("from reports.rpt_tests").groupby(KEYS)


def test_every_family_of_the_estimates_has_a_row_and_a_name(families, tests):
    assert set(families.index) == set(tests.groups)
    assert families["family_label"].str.contains("{", regex=False).sum() == 0
    assert families["family_label"].is_unique


def test_the_seed_names_the_adjustment_that_the_estimates_have(families, tests):
    for family, rows in tests:
        p_values = rows.dropna(subset="p_value")
        if len(p_values):
            method = METHODS[families.loc[family, "adjustment_id"]]
            expected = multipletests(p_values["p_value"], method=method)[1]
            np.testing.assert_allclose(p_values["p_value_adjusted"], expected, rtol=1e-9, err_msg=str(family))


def test_the_counts_of_a_family_are_a_recount_of_its_tests(families, tests):
    for family, rows in tests:
        is_shown = ~rows["is_result_withheld"]
        row = families.loc[family]
        assert row["n_tests"] == rows["p_value"].notna().sum()
        assert row["n_withheld"] == (rows["p_value"].notna() & ~is_shown).sum()
        assert row["n_below"] == (rows["p_value"].le(0.05) & is_shown).sum()
        assert row["n_below_adjusted"] == (rows["p_value_adjusted"].le(0.05) & is_shown).sum()
