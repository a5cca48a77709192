"""Metropolitan areas against the others: exact over the arrangements of the areas, as in R and by brute force."""

from itertools import permutations
from math import comb
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coproduction.statistics.estimates.pooling.est_location import (
    MINIMUM_AREAS,
    MOST_ARRANGEMENTS,
    N_DRAWN,
    TYPES,
    arrangement_p_value,
    estimate_location_pattern,
)

R = pd.read_csv(Path(__file__).parents[1] / "reference" / "location.csv").set_index("quantity")["value"]
CASES = sorted({name.removesuffix("_p_value") for name in R.index if name.endswith("_p_value")})

pytestmark = pytest.mark.filterwarnings("error")


def study(levels: list[float], n_metropolitan: int, **columns: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of est_levels and the areas of a study, the metropolitan areas first."""
    names = [f"council_{place:02d}" for place in range(len(levels))]
    keys = {"wave_id": "wave_1", "theme_id": "health", "topic_id": "all", "measure_id": "individual_index"}
    keys |= {"breakdown_id": "all", "weighting_id": "unweighted", "n_respondents": 100}
    kinds = ["metropolitan"] * n_metropolitan + ["rural"] * (len(levels) - n_metropolitan)
    areas = pd.DataFrame({"council_id": names, "area_type": kinds}, dtype=object)
    return pd.DataFrame({"council_id": names, "estimate": levels}).assign(**(keys | columns)), areas


def of(levels: list[float], n_metropolitan: int) -> pd.Series:
    return estimate_location_pattern(*study(levels, n_metropolitan)).iloc[0]


def brute_force(levels: list[float], n_metropolitan: int) -> float:
    """Share of all orders of the areas, metropolitan first, whose difference is as far from 0."""

    def difference(order: np.ndarray) -> np.ndarray:
        return np.abs(order[..., :n_metropolitan].mean(axis=-1) - order[..., n_metropolitan:].mean(axis=-1))

    every = difference(np.array(list(permutations(levels))))
    return float((every >= difference(np.array(levels)) - 1e-9).mean())


@pytest.mark.parametrize("case", CASES)
def test_the_exact_p_equals_r(case):
    """Counts of arrangements: equal, but for the division (1e-12)."""
    m = int(R[f"{case}_m"])
    levels = [R[f"{case}_level_{place}"] for place in range(1, 13) if f"{case}_level_{place}" in R.index]
    found = of(levels, m)
    assert found["estimate"] == pytest.approx(R[f"{case}_estimate"], rel=0, abs=1e-10)
    assert found["n_arrangements"] == R[f"{case}_n_arrangements"]
    assert found["p_value"] == pytest.approx(R[f"{case}_p_value"], rel=1e-12, abs=0)
    assert found["p_value_type"] == "exact"


@pytest.mark.parametrize("n_metropolitan", [1, 3, 4, 7])
def test_the_exact_p_is_that_of_all_orders(n_metropolitan):
    """All 40,320 orders of eight areas, ties among them."""
    levels = [0.3, 0.1, 0.3, 0.55, 0.7, 0.3, 0.62, 0.55]
    assert of(levels, n_metropolitan)["p_value"] == pytest.approx(brute_force(levels, n_metropolitan), rel=1e-12)


def test_the_smallest_p_is_reached_by_the_most_extreme_arrangement():
    for n_metropolitan in (2, 4):
        found = of([0.01 * place**2 for place in range(8, 0, -1)], n_metropolitan)
        assert found["p_value"] == pytest.approx(found["smallest_p_value"])
    assert found["smallest_p_value"] == 2 / 70


def test_as_many_false_alarms_as_the_level_allows():
    """Under no pattern an exact p is at most 0.05 in at most 5 % of all arrangements: counted, not drawn."""
    random = np.random.default_rng(3)
    levels = random.random(9)
    p_values = [
        arrangement_p_value(levels, np.isin(np.arange(9), chosen), seed=1)[0]
        for chosen in {tuple(sorted(random.permutation(9)[:4])) for _ in range(3000)}
    ]
    assert len(p_values) == comb(9, 4)
    assert 0.03 < np.mean(np.array(p_values) <= 0.05) <= 0.05


def test_below_eight_areas_it_is_described_and_not_tested():
    found = of([0.1, 0.2, 0.3, 0.4, 0.5], 2)
    assert np.isnan(found["p_value"])
    assert found["reason"] == f"fewer than {MINIMUM_AREAS} areas: described, not tested"
    assert (found["metropolitan_level"], found["elsewhere_level"]) == pytest.approx((0.15, 0.4))
    assert (found["n_arrangements"], found["smallest_p_value"]) == (10, 0.1)


@pytest.mark.parametrize(
    ("levels", "n_metropolitan", "reason"),
    [
        ([0.4], 1, "no other than metropolitan areas"),
        ([0.1 * place for place in range(9)], 0, "no metropolitan area"),
        ([0.1 * place for place in range(9)], 9, "no other than metropolitan areas"),
        ([0.1 + 0.2] * 4 + [0.3] * 5, 4, "the level does not vary between areas"),
    ],
)
def test_no_test_without_a_reason(levels, n_metropolitan, reason):
    found = of(levels, n_metropolitan)
    assert found["reason"] == reason
    assert np.isnan(found["p_value"])


@pytest.mark.slow
def test_too_many_arrangements_are_drawn():
    levels = list(np.linspace(0.2, 0.8, 24) ** 2)
    assert comb(24, 12) > MOST_ARRANGEMENTS
    found = of(levels, 12)
    assert (found["p_value"], found["p_value_type"]) == (1 / (1 + N_DRAWN), "permutation")
    # Not 2/2,704,156: no p that is drawn can be so small.
    assert found["smallest_p_value"] == 1 / (1 + N_DRAWN) <= found["p_value"]
    shuffled = list(np.random.default_rng(4).permutation(levels))
    drawn, exact_enough = of(shuffled, 12)["p_value"], of(shuffled[:20], 10)["p_value"]
    assert 0 < drawn <= 1
    assert 0 < exact_enough <= 1


def test_drawn_and_exact_agree(monkeypatch):
    """Within four Monte Carlo standard errors."""
    levels, is_metropolitan = np.linspace(0, 1, 12) ** 2, np.isin(np.arange(12), [0, 1, 2, 6])
    exact, _ = arrangement_p_value(levels, is_metropolitan, seed=1)
    monkeypatch.setattr("coproduction.statistics.estimates.pooling.est_location.MOST_ARRANGEMENTS", 0)
    drawn, kind = arrangement_p_value(levels, is_metropolitan, seed=1)
    assert kind == "permutation"
    assert drawn == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / N_DRAWN))


def test_only_the_levels_of_whole_themes_count_each_area_once():
    levels, areas = study([0.1 * place for place in range(9)], 4)
    expected = estimate_location_pattern(levels, areas)
    others = [
        levels.assign(topic_id="crime", estimate=0.9),
        levels.assign(breakdown_id="gender", estimate=0.9),
        levels.assign(weighting_id="weighted", estimate=0.9),
        levels.assign(council_id="tiny", n_respondents=9),
        levels.assign(council_id="placeless"),
    ]
    more = pd.concat([areas, pd.DataFrame({"council_id": ["tiny", "nowhere"], "area_type": ["rural", None]})])
    found = estimate_location_pattern(pd.concat([levels, *others]).sample(frac=1, random_state=1), more)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


def test_themes_and_measures_are_one_family_by_holm():
    levels, areas = study([0.1 * place for place in range(9)], 4)
    both = pd.concat([levels, levels.assign(measure_id="collective_participation", theme_id="crime")])
    found = estimate_location_pattern(both, areas)
    assert found["n_family"].to_list() == [2, 2]
    assert found["p_value_adjusted"].to_list() == pytest.approx((2 * found["p_value"]).to_list())


def test_no_levels_give_typed_nothing():
    levels, areas = study([0.1, 0.2], 1)
    for frame in (levels.iloc[:0], pd.DataFrame({name: pd.Series([], dtype=object) for name in levels})):
        found = estimate_location_pattern(frame, areas.iloc[:0])
        assert {name: str(kind) for name, kind in found.dtypes.items()} == TYPES


def test_a_council_listed_twice_is_refused():
    levels, areas = study([0.1, 0.2], 1)
    with pytest.raises(ValueError, match="one row per council_id"):
        estimate_location_pattern(levels, pd.concat([areas, areas]))
