"""Distinct results and conclusions of the multiverse, recounted row by row from planted specifications."""

import numpy as np
import pandas as pd
import pytest

from coproduction.paper.est_multiverse_claims import estimate_multiverse_claims
from coproduction.statistics.estimates.multiverse.est_multiverse_areas import estimate_multiverse_areas
from coproduction.statistics.estimates.multiverse.est_multiverse_axes import (
    AXES,
    CORRELATION,
    DONT_KNOW_RULES,
    METHODS,
    MULTIPLICITY,
    P_COLUMNS,
    P_METHODS,
)
from coproduction.statistics.estimates.multiverse.est_multiverse_cells import estimate_multiverse_cells
from coproduction.statistics.estimates.multiverse.est_multiverse_results import estimate_multiverse_results

pytestmark = pytest.mark.filterwarnings("error")

# Two areas with two topics each, and one with a single topic; the last one is not in the paper.
CELLS = [
    ("barnet", "crime"), ("barnet", "asb"), ("bristol", "crime"), ("bristol", "asb"), ("leeds", "all"),
]  # fmt: skip
PRINTED = pd.DataFrame(
    [("barnet", "crime", 0.3, "**"), ("barnet", "asb", -0.2, "*"), ("bristol", "crime", 0.1, None)],
    columns=["council_id", "topic_id", "printed_value", "printed_stars"],
)
SAME = {"wave_id": "wave_1", "theme_id": "community_safety", "construct_id": "age", "outcome_id": "individual_index"}
CLAIMS = pd.DataFrame(
    [("some", "correlates", 1, 1), ("none", "correlates", 0, 0), ("levels", "range", np.nan, np.nan)],
    columns=["claim_id", "claim_kind", "claimed_positive", "claimed_negative"],
).assign(construct_id="age", outcome_id="individual_index")


def planted(n_respondents: int = 300) -> pd.DataFrame:
    """Specifications with a few distinct estimates and p-values, some missing, some significant."""
    draw = np.random.default_rng(7)
    axes = pd.MultiIndex.from_product([METHODS, DONT_KNOW_RULES], names=["method_id", "dont_know_rule_id"])
    frames = []
    for council_id, topic_id in CELLS:
        frame = axes.to_frame(index=False).assign(
            outcome_rule_id="graded", duplicates_rule_id="x", outliers_rule_id="y"
        )
        estimate = draw.choice([-0.3, -0.1, 0.1, 0.3, np.nan], size=len(frame))
        p_values = draw.choice([0.001, 0.04, 0.05, 0.2], size=(len(frame), len(P_COLUMNS)))
        p_values[np.isnan(estimate)] = np.nan
        # The same result but for the order of a sum.
        estimate = estimate + np.where(np.arange(len(frame)) % 2, 1e-13, 0)
        frame = frame.assign(**SAME, council_id=council_id, topic_id=topic_id, weighting_id="unweighted")
        frame = frame.assign(specification_number=np.arange(len(frame)) + 1, estimate=estimate)
        frame["n_respondents"] = n_respondents - frame["specification_number"] % 3
        frames.append(frame.assign(**dict(zip(P_COLUMNS, p_values.T, strict=True))))
    return pd.concat(frames, ignore_index=True).sample(frac=1, random_state=3)


def printed_cells() -> pd.DataFrame:
    return PRINTED.assign(**SAME, table_number="3")


def cells_of(multiverse: pd.DataFrame) -> pd.DataFrame:
    n_distinct = multiverse[list(CORRELATION)].drop_duplicates().assign(n_distinct=5)
    return estimate_multiverse_cells(multiverse, n_distinct, printed_cells())


def directions(rows: pd.DataFrame) -> np.ndarray:
    """1, 0 or -1 for each combination and p of a cell, in the order of the combinations."""
    rows = rows.sort_values("specification_number")
    p_values = rows[list(P_COLUMNS)].to_numpy()
    return np.where(p_values <= 0.05, np.nan_to_num(np.sign(rows["estimate"].to_numpy()))[:, None], 0)


def recounted(multiverse: pd.DataFrame) -> dict:
    """Every distinct (cell, n, estimate, p): how many specifications share it, and the first of them."""
    found: dict[tuple, list[int]] = {}
    for row in multiverse.to_dict("records"):
        for number, column in enumerate(P_COLUMNS):
            result = (round(row["estimate"], 9), round(row[column], 9))
            key = (*(row[name] for name in CORRELATION), row["n_respondents"], *map(str, result))
            found.setdefault(key, []).append(10 * row["specification_number"] + number + 1)
    return {key: (len(numbers), min(numbers)) for key, numbers in found.items()}


def test_distinct_results_are_a_recount_and_name_their_first_specification():
    multiverse = planted()
    results = estimate_multiverse_results(multiverse)
    found = {
        (
            *(row[name] for name in CORRELATION),
            row["n_respondents"],
            str(round(row["estimate"], 9)),
            str(round(row["p_value"], 9)),
        ): (
            row["n_specifications"],
            row["first_specification"],
        )
        for row in results.to_dict("records")
    }
    assert found == recounted(multiverse)
    assert len(found) == len(results) < len(multiverse) * len(P_COLUMNS)
    assert results["n_specifications"].sum() == len(multiverse) * len(P_COLUMNS)
    first = results["first_specification"] // 10
    rows = results.astype(dict.fromkeys((*CORRELATION, *AXES), str)).assign(specification_number=first)
    joined = rows.merge(
        multiverse, on=[*CORRELATION, *AXES, "specification_number", "n_respondents"], suffixes=("", "_there")
    )
    assert len(joined) == len(results)
    columns = "p_" + results["p_method_id"].astype(str) + "_" + results["multiplicity_id"].astype(str)
    assert columns.eq([P_COLUMNS[number % 10 - 1] for number in results["first_specification"]]).all()
    assert set(results["p_method_id"].cat.categories) == set(P_METHODS)
    assert set(results["multiplicity_id"].cat.categories) == set(MULTIPLICITY)


def test_a_small_survey_is_read_without_the_other_rules_for_dont_know():
    multiverse = planted(n_respondents=199)
    multiverse.loc[multiverse["council_id"].eq("leeds"), "n_respondents"] += 100
    results = estimate_multiverse_results(multiverse, minimum_of_other_rules=200)
    rules = results.groupby("council_id", observed=True)["dont_know_rule_id"].agg(lambda rules: set(rules))
    assert rules["barnet"] == {"leave_out"} and len(rules["leeds"]) > 1
    n_specifications = results.groupby("council_id", observed=True)["n_specifications"].sum()
    assert n_specifications["leeds"] == len(METHODS) * len(DONT_KNOW_RULES) * len(P_COLUMNS)
    assert n_specifications["barnet"] == 2 * len(METHODS) * len(P_COLUMNS)


def test_cells_are_a_recount_of_the_specifications():
    multiverse = planted()
    cells = cells_of(multiverse).set_index(["council_id", "topic_id"])
    assert len(cells) == len(CELLS)
    conclusions = cells["conclusion_id"].to_dict()
    assert [conclusions[cell] for cell in CELLS[:3]] == ["positive", "negative", "none"]
    assert cells["source_id"].to_dict() == dict(zip(CELLS, ["printed"] * 3 + ["own_choices"] * 2, strict=True))
    values = {"positive": 1, "negative": -1, "none": 0}
    for cell, rows in multiverse.groupby(["council_id", "topic_id"]):
        found, row = directions(rows), cells.loc[cell]
        if row["source_id"] == "own_choices":
            assert values[row["conclusion_id"]] == found[0, 0]
        assert row["n_specifications"] == found.size
        assert row["n_respondents"] == rows["n_respondents"].min()
        assert row["share_supporting"] == pytest.approx((found == values[row["conclusion_id"]]).mean())
        shares = row[["share_positive", "share_negative", "share_none"]].astype(float)
        assert shares.to_list() == pytest.approx([(found == sign).mean() for sign in (1, -1, 0)])
        described = rows["estimate"].agg(["min", "median", "max"]).to_list()
        assert row[["estimate_min", "estimate_median", "estimate_max"]].to_list() == pytest.approx(described)
    # The printed value is positive, so a missing or negative estimate has another direction.
    barnet = multiverse.query("council_id == 'barnet' and topic_id == 'crime'")
    assert cells.loc[("barnet", "crime"), "share_same_direction"] == pytest.approx(barnet["estimate"].gt(0).mean())


def test_an_area_is_positive_and_negative_if_any_topic_is():
    multiverse = planted()
    areas = estimate_multiverse_areas(multiverse, cells_of(multiverse)).set_index("council_id")
    assert areas.loc["barnet", ["source_id", "conclusion_id"]].to_list() == ["printed", "both"]
    for council_id, rows in multiverse.groupby("council_id"):
        found = np.stack([directions(topic) for _, topic in rows.groupby("topic_id")])
        positive, negative = (found > 0).any(axis=0), (found < 0).any(axis=0)
        concluded = areas.loc[council_id, "conclusion_id"]
        agrees = (positive == (concluded in ("positive", "both"))) & (negative == (concluded in ("negative", "both")))
        expected = [agrees.mean(), positive.mean(), negative.mean()]
        shares = areas.loc[council_id, ["share_supporting", "share_positive", "share_negative"]]
        assert shares.to_list() == pytest.approx(expected)


@pytest.mark.slow
def test_claims_count_printed_areas_in_every_specification():
    multiverse = planted()
    areas = estimate_multiverse_areas(multiverse, cells_of(multiverse))
    claims = estimate_multiverse_claims(multiverse, areas, CLAIMS).set_index("claim_id")
    assert list(claims.index) == ["none", "some"]
    positive, negative = 0, 0
    # Nothing is printed about Leeds, so no claim counts it.
    for _, rows in multiverse[multiverse["council_id"].ne("leeds")].groupby("council_id"):
        found = np.stack([directions(topic) for _, topic in rows.groupby("topic_id")])
        positive, negative = positive + (found > 0).any(axis=0), negative + (found < 0).any(axis=0)
    some = claims.loc["some"]
    assert some["n_areas"] == 2
    assert some["share_supporting"] == pytest.approx(((positive == 1) & (negative == 1)).mean())
    assert some["share_same_direction"] == pytest.approx((positive == negative).mean())
    described = [positive.min(), np.median(positive), positive.max()]
    assert some[["n_positive_min", "n_positive_median", "n_positive_max"]].to_list() == described
    assert claims.loc["none", "share_supporting"] == pytest.approx(((positive == 0) & (negative == 0)).mean())


@pytest.mark.slow
def test_no_specifications_give_no_rows_with_the_same_types():
    multiverse, nothing = planted(), planted()[:0]
    cells, no_cells = cells_of(multiverse), cells_of(nothing)
    pd.testing.assert_series_equal(no_cells.dtypes, cells.dtypes)
    areas, no_areas = (estimate_multiverse_areas(*frames) for frames in ((multiverse, cells), (nothing, no_cells)))
    pd.testing.assert_series_equal(no_areas.dtypes, areas.dtypes)
    claims = estimate_multiverse_claims(multiverse, areas, CLAIMS)
    pd.testing.assert_series_equal(estimate_multiverse_claims(nothing, no_areas, CLAIMS).dtypes, claims.dtypes)
    assert len(estimate_multiverse_results(nothing)) == 0


def test_a_correlation_without_one_of_the_combinations_is_an_error():
    multiverse = planted().sort_values([*CORRELATION, "specification_number"])[:-1]
    with pytest.raises(ValueError, match="lack some of its 12 combinations"):
        cells_of(multiverse)
