"""KR-20, item-rest correlations and alpha if dropped against R's psych, and the edges."""

from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import KEYS

from coproduction.statistics.estimates.quality.est_index_quality import TYPES, estimate_index_quality

REFERENCE = Path(__file__).parents[1] / "reference"
R = pd.read_csv(REFERENCE / "psychometrics.csv", index_col="quantity")["value"]
ABSOLUTE = {"rel": 0, "abs": 1e-10}

pytestmark = pytest.mark.filterwarnings("error")


def mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i * i) % 1009 * b) % 7919 % m


def items_of_reference() -> np.ndarray:
    """The 600 respondents and 6 items of reference/psychometrics.R."""
    i = np.arange(600)
    level = mix(i, 97, 5, 4)
    return np.array([mix(i, 31 + 4 * item, 3 + item, 6) < level + item % 3 for item in range(1, 7)], dtype=float).T


def with_missing(items: np.ndarray) -> np.ndarray:
    i = np.arange(len(items))
    holes = np.array([mix(i, 17 + item, 5, 9) == item for item in range(1, 7)]).T
    return np.where(holes, np.nan, items)


def pair_counts(items: np.ndarray, **columns: object) -> pd.DataFrame:
    """Count pairs of items as cnt_item_pairs does."""
    frames = [
        pd.DataFrame({"is_positive_a": items[:, a], "is_positive_b": items[:, b]})
        .assign(item_a=f"Q{a + 1}", item_b=f"Q{b + 1}")
        .groupby(["item_a", "item_b", "is_positive_a", "is_positive_b"], dropna=False, as_index=False)
        .size()
        for a, b in combinations_with_replacement(range(items.shape[1]), 2)
    ]
    return pd.concat(frames, ignore_index=True).rename(columns={"size": "n_respondents"}).assign(**KEYS | columns)


def quality(counts: pd.DataFrame) -> pd.DataFrame:
    return estimate_index_quality(counts).set_index("item_id")


CASES = {
    "complete": (pair_counts(items_of_reference()), "Q"),
    "missing": (pair_counts(with_missing(items_of_reference())), "Q"),
    "sparse": (pair_counts(items_of_reference()[:14, :3]), "Q"),
    "bfi": (pd.read_csv(REFERENCE / "bfi_item_pairs.csv").assign(**KEYS), "A"),
}


@pytest.mark.parametrize("case", CASES)
def test_every_number_equals_psychs(case):
    counts, prefix = CASES[case]
    found = quality(counts)
    for column, quantity in {"estimate": "kr20", "ci_lower": "ci_lower", "ci_upper": "ci_upper"}.items():
        assert found.loc["all", column] == pytest.approx(R[f"{case}_{quantity}"], **ABSOLUTE)
    assert found.loc["all", "n_respondents"] == R[f"{case}_n"]
    items = found.drop("all")
    assert len(items) == found.loc["all", "n_items"] == len([name for name in R.index if f"{case}_dropped" in name])
    for item in range(1, len(items) + 1):
        row = items.loc[f"{prefix}{item}"]
        assert row["estimate"] == pytest.approx(R[f"{case}_dropped_{item}"], **ABSOLUTE)
        assert row["item_rest_correlation"] == pytest.approx(R[f"{case}_item_rest_{item}"], **ABSOLUTE)
        assert row["share_positive"] == pytest.approx(R[f"{case}_share_{item}"], **ABSOLUTE)
        assert row["n_items"] == len(items) - 1


def test_the_reference_holds_a_negative_item_and_missing_answers():
    assert R["bfi_item_rest_1"] < -0.2
    assert R["missing_n"] < R["complete_n"]


@pytest.mark.slow
def test_an_item_coded_the_other_way_round_shows():
    items = items_of_reference()
    items[:, 2] = 1 - items[:, 2]
    found = quality(pair_counts(items)).drop("all")
    assert list(found.index[found["item_rest_correlation"] < 0]) == ["Q3"]
    assert found["estimate"].idxmax() == "Q3"


def test_the_p_of_an_item_is_that_of_its_correlation_with_the_sum_of_the_others():
    """Recomputed from the answers of each respondent; Holm's adjustment by hand."""
    items = items_of_reference()
    estimated = quality(pair_counts(items))
    rest = items.sum(axis=1, keepdims=True) - items
    r = np.array([np.corrcoef(items[:, place], rest[:, place])[0, 1] for place in range(6)])
    p = 2 * stats.norm.cdf(-np.abs(np.log((1 + r) / (1 - r)) / 2) * np.sqrt(597))
    of_items = estimated.drop("all")
    np.testing.assert_allclose(of_items["item_rest_p_value"], p, rtol=1e-8)
    places = np.argsort(p)
    adjusted = np.empty(6)
    adjusted[places] = np.minimum(np.maximum.accumulate(p[places] * np.arange(6, 0, -1)), 1)
    np.testing.assert_allclose(of_items["item_rest_p_value_adjusted"], adjusted, rtol=1e-8)
    assert estimated.loc["all", ["item_rest_p_value", "item_rest_p_value_adjusted"]].isna().all()


def test_one_item_has_no_reliability():
    found = quality(pair_counts(items_of_reference()[:, :1]))
    assert found["estimate"].isna().all()
    assert found["reason"].eq("fewer than two items").all()
    assert found.loc["Q1", "share_positive"] == items_of_reference()[:, 0].mean()


@pytest.mark.slow
def test_an_item_that_does_not_vary_has_a_reason_and_no_correlation():
    items = items_of_reference()
    items[:, 0] = 1
    found = quality(pair_counts(items))
    assert pd.isna(found.loc["Q1", "item_rest_correlation"])
    assert found.loc["Q1", "reason"] == "the item does not vary"
    assert found.loc[["all", "Q2"], "estimate"].notna().all()


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        (np.ones((20, 3)), "the sum of the items does not vary"),
        (np.full((20, 3), np.nan), "fewer than two respondents"),
        (np.array([[1.0, 0.0]]), "fewer than two respondents"),
        (np.array([[1.0, 0.0], [0.0, 1.0]] * 10), "the sum of the items does not vary"),
        (np.array([[1.0, np.nan], [np.nan, 1.0], [0.0, np.nan]] * 5), "fewer than two respondents"),
    ],
)
def test_without_variation_or_pairs_there_is_a_reason(items, reason):
    found = quality(pair_counts(items))
    assert found.loc["all", "reason"].startswith(reason)
    assert found.loc["all", ["estimate", "ci_lower", "ci_upper"]].isna().all()


def test_identical_items_are_perfectly_reliable():
    item = items_of_reference()[:, :1]
    found = quality(pair_counts(np.hstack([item, item, item])))
    assert found.loc["all", ["estimate", "ci_lower", "ci_upper"]].to_list() == pytest.approx([1, 1, 1])
    assert found.loc["Q1", "item_rest_correlation"] == pytest.approx(1)


@pytest.mark.slow
def test_neither_order_nor_types_nor_grain_change_a_bit():
    counts = pd.concat([CASES["missing"][0], CASES["sparse"][0].assign(council_id="swansea")], ignore_index=True)
    expected = estimate_index_quality(counts)
    assert expected["council_id"].is_monotonic_increasing
    assert {name: str(kind) for name, kind in expected.dtypes.items()} == TYPES
    shuffled = counts.sample(frac=1, random_state=1).astype({"is_positive_a": "boolean", "is_positive_b": "boolean"})
    pd.testing.assert_frame_equal(estimate_index_quality(shuffled), expected, check_exact=True)
    one_by_one = counts.loc[counts.index.repeat(counts["n_respondents"])].assign(n_respondents=1)
    pd.testing.assert_frame_equal(estimate_index_quality(one_by_one), expected, check_exact=True)


def test_no_counts_give_typed_nothing_and_a_missing_column_is_named():
    counts = CASES["complete"][0]
    for empty in (counts.iloc[:0], pd.DataFrame({name: pd.Series([], dtype=object) for name in counts})):
        found = estimate_index_quality(empty)
        assert len(found) == 0
        assert {name: str(kind) for name, kind in found.dtypes.items()} == TYPES
    for column in counts:
        with pytest.raises(ValueError, match=f"no column {column}"):
            estimate_index_quality(counts.drop(columns=column))
