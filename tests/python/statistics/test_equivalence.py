"""Evidence of absence: intervals, p-values and verdicts equal those of R, and nothing is judged without a bound."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coproduction.statistics.estimates.correlates.est_correlates import TYPES as OF_CORRELATES
from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.equivalence.est_equivalence import SMALL_ARM_REASON, TYPES, estimate_equivalence
from coproduction.statistics.estimates.nudges.est_nudge_effects import TYPES as OF_NUDGES
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.methods.counts import typed

R = pd.read_csv(Path(__file__).parents[1] / "reference" / "equivalence.csv", index_col="quantity")["value"]
KEYS = {"council_id": "barnet", "wave_id": "wave_1", "theme_id": "health", "topic_id": "all"}
KEYS |= {"outcome_id": "individual_index"}
STUDIES = pd.DataFrame({"council_id": ["barnet"], "wave_id": ["wave_1"], "study_id": ["panel"]})
NO_EFFECTS, NO_CORRELATES = typed(pd.DataFrame(), OF_NUDGES), typed(pd.DataFrame(), OF_CORRELATES)

# The tables of reference/equivalence.R: respondents with 0 to 6 items without and with the nudge, d, the verdict.
EFFECTS = {
    "inside": ([60, 70, 80, 70, 50, 40, 30], [55, 72, 79, 68, 51, 39, 31], 6, "too_small"),
    "outside": ([60, 70, 80, 70, 50, 40, 30], [10, 20, 50, 70, 80, 90, 70], 5, "matters"),
    "between": ([20, 15, 15, 15, 10, 10, 5], [12, 10, 13, 12, 10, 8, 5], 3, "undecided"),
    "below": ([10, 20, 30, 40, 50, 40, 30], [25, 30, 35, 40, 35, 25, 20], 8, "undecided"),
}
# Respondents with the answers 1 to 3 (rows) and 0 to 3 items (columns).
CORRELATIONS = {
    "close": ([[80, 60, 40, 20], [70, 65, 45, 20], [75, 60, 50, 22]], 0.12, "too_small"),
    "far": ([[120, 60, 20, 5], [60, 70, 50, 30], [30, 40, 60, 90]], 0.2, "matters"),
    "near": ([[90, 60, 40, 20], [70, 65, 45, 25], [60, 60, 50, 32]], 0.1, "undecided"),
}


def effects(none: list[int], a: list[int], n_items: int = 6) -> pd.DataFrame:
    """Rows of est_nudge_effects."""
    return _effects(tuple(none), tuple(a), n_items).copy()


@cache
def _effects(none: tuple[int, ...], a: tuple[int, ...], n_items: int) -> pd.DataFrame:
    arms = [pd.DataFrame({"n_respondents": n}).assign(arm_id=arm) for arm, n in (("none", none), ("a", a))]
    counts = pd.concat([arm.assign(n_positive=np.arange(n_items + 1), n_answered=n_items) for arm in arms])
    return estimate_nudge_effects(counts.assign(**KEYS))


def correlates(table: list[list[int]]) -> pd.DataFrame:
    """Rows of est_correlates."""
    score, positive = np.indices(np.shape(table))
    cells = {"score": score.ravel() + 1.0, "n_positive": positive.ravel(), "n_respondents": np.ravel(table)}
    about = KEYS | {"construct_id": "satisfaction", "answer_kind": "valid", "n_answered": len(table[0]) - 1}
    return estimate_correlates(pd.DataFrame(cells).assign(**about))


def declared(**sizes: float) -> pd.DataFrame:
    rows = {"study_id": ["panel"] * len(sizes), "quantity_id": list(sizes), "smallest_effect": list(sizes.values())}
    return pd.DataFrame(rows)


def of_effect(case: str, smallest: float | None = None, **changes: object) -> pd.Series:
    none, a, d, _ = EFFECTS[case]
    found = effects(none, a).assign(**changes)
    return estimate_equivalence(found, NO_CORRELATES, declared(nudge=smallest or d), STUDIES).iloc[0]


@pytest.mark.parametrize("case", EFFECTS)
def test_verdicts_on_effects_equal_r(case):
    found = of_effect(case)
    for column in ("estimate", "std_error", "df", "ci90_lower", "ci90_upper", "p_value_tost", "p_value_beyond"):
        assert found[column] == pytest.approx(R[f"{case}_{column}"], rel=1e-8, abs=1e-11), column
    assert found["verdict_id"] == EFFECTS[case][3]


@pytest.mark.parametrize("case", CORRELATIONS)
def test_verdicts_on_correlations_equal_r(case):
    table, d, verdict = CORRELATIONS[case]
    found = estimate_equivalence(NO_EFFECTS, correlates(table), declared(correlate=d), STUDIES)
    assert len(found) == 1
    for column in ("estimate", "std_error", "ci90_lower", "ci90_upper", "p_value_tost", "p_value_beyond"):
        assert found.iloc[0][column] == pytest.approx(R[f"{case}_{column}"], rel=1e-8, abs=1e-11), column
    assert found["verdict_id"].item() == verdict


@pytest.mark.parametrize("smallest", [0.3, 1.0, 4.0, 4.1, 6.0, 12.0, 19.0, 19.2, 22.0, 26.0, 40.0])
@pytest.mark.parametrize("case", EFFECTS)
def test_the_verdict_is_where_the_interval_lies(case, smallest):
    found = of_effect(case, smallest)
    lower, upper = found["ci90_lower"], found["ci90_upper"]
    expected = "undecided"
    if -smallest < lower and upper < smallest:
        expected = "too_small"
    elif lower > smallest or upper < -smallest:
        expected = "matters"
    assert found["verdict_id"] == expected


def test_a_mirrored_effect_has_the_same_verdict():
    none, a, d, verdict = EFFECTS["outside"]
    mirrored = estimate_equivalence(effects(a, none), NO_CORRELATES, declared(nudge=d), STUDIES).iloc[0]
    assert mirrored["verdict_id"] == verdict
    assert (mirrored["ci90_lower"], mirrored["ci90_upper"]) == (
        pytest.approx(-R["outside_ci90_upper"]),
        pytest.approx(-R["outside_ci90_lower"]),
    )


def test_without_a_declared_smallest_effect_there_is_no_row():
    found, of_table = effects(*EFFECTS["inside"][:2]), correlates(CORRELATIONS["close"][0])
    nothing = estimate_equivalence(found, of_table, declared()[["study_id", "quantity_id", "smallest_effect"]], STUDIES)
    assert list(nothing.columns) == list(TYPES) and nothing.empty
    one = estimate_equivalence(found, of_table, declared(correlate=0.1), STUDIES)
    assert one["quantity_id"].tolist() == ["correlate"]
    of_another = STUDIES.assign(study_id="another")
    assert estimate_equivalence(found, of_table, declared(nudge=5.0, correlate=0.1), of_another).empty


def test_only_the_headline_is_judged():
    """The fractional logit, other correlations and the interaction have no row of their own."""
    four = pd.concat(
        [
            pd.DataFrame({"n_respondents": [200, 100]}).assign(arm_id=arm, n_positive=[0, 1], n_answered=1)
            for arm in ("none", "a", "b", "both")
        ]
    ).assign(**KEYS)
    of_table = correlates(CORRELATIONS["close"][0])
    sizes = declared(nudge=5.0, correlate=0.1)
    found = estimate_equivalence(estimate_nudge_effects(four), of_table, sizes, STUDIES)
    assert found["contrast_id"].dropna().tolist() == ["a", "b", "both"]
    assert found["construct_id"].dropna().tolist() == ["satisfaction"]


@pytest.mark.parametrize(
    ("none", "a"),
    [([290, 10], [294, 6]), ([50, 25], [40, 15])],
    ids=["few events", "few respondents"],
)
def test_small_arms_are_undecided(none, a):
    """The t distribution is not trusted there, as for the headline p."""
    found = estimate_equivalence(effects(none, a, n_items=1), NO_CORRELATES, declared(nudge=90.0), STUDIES).iloc[0]
    assert found["verdict_id"] == "undecided" and found["reason"] == SMALL_ARM_REASON
    assert np.isnan(found[["ci90_lower", "ci90_upper", "p_value_tost", "p_value_beyond"]].astype(float)).all()


def test_an_effect_without_an_error_keeps_its_reason():
    found = estimate_equivalence(effects([40, 0], [0, 40], 1), NO_CORRELATES, declared(nudge=5.0), STUDIES).iloc[0]
    assert found["verdict_id"] == "undecided" and "varies" in found["reason"]


def test_the_smaller_arm_decides_what_is_withheld():
    none, a, *_ = EFFECTS["inside"]
    found = of_effect("inside")
    assert (found["n_smallest"], found["n_effective"], found["n_respondents"]) == (sum(a), sum(a), sum(none) + sum(a))


@pytest.mark.parametrize(
    ("smallest", "message"),
    [
        (declared(nudge=0.0), "above 0"),
        (declared(nudge=-5.0), "above 0"),
        (declared(correlate=1.0), "below 1"),
        (pd.concat([declared(nudge=5.0)] * 2), "one row per study and quantity"),
    ],
)
def test_impossible_smallest_effects_are_refused(smallest, message):
    with pytest.raises(ValueError, match=message):
        estimate_equivalence(NO_EFFECTS, NO_CORRELATES, smallest, STUDIES)
