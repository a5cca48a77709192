"""Political against personal self-efficacy, and staff against citizens: against R, brute force, and the edges."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import KEYS, count

from coproduction.statistics.estimates.correlates import est_efficacy as efficacy
from coproduction.statistics.estimates.correlates.est_efficacy import estimate_efficacy
from coproduction.statistics.estimates.levels import est_staff_gaps as staff
from coproduction.statistics.estimates.levels.est_staff_gaps import estimate_staff_gaps

R = pd.read_csv(Path(__file__).parents[1] / "reference" / "psychometrics.csv", index_col="quantity")["value"]
ABSOLUTE, REGRESSION, P_VALUE = {"rel": 0, "abs": 1e-10}, {"rel": 1e-9, "abs": 0}, {"rel": 1e-8, "abs": 0}

pytestmark = pytest.mark.filterwarnings("error")


def mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i * i) % 1009 * b) % 7919 % m


def respondents_of_reference() -> pd.DataFrame:
    """The 600 respondents of reference/psychometrics.R."""
    i = np.arange(600)
    level = mix(i, 97, 5, 4)
    items = np.array([mix(i, 31 + 4 * item, 3 + item, 6) < level + item % 3 for item in range(1, 7)])
    political = 1.0 + (2 * level + mix(i, 71, 13, 5)) % 5
    return pd.DataFrame(
        {
            "n_positive": items.sum(axis=0),
            "n_answered": 6,
            "political_score": political,
            "personal_score": 1.0 + (political + mix(i, 29, 7, 4)) % 5,
        }
    )


RESPONDENTS = respondents_of_reference()
INDEX = (RESPONDENTS["n_positive"] / 6).to_numpy()


def efficacy_counts(respondents: pd.DataFrame, **columns: object) -> pd.DataFrame:
    return count(respondents, **({"outcome_id": "individual_index"} | columns))


def compared(respondents: pd.DataFrame) -> pd.DataFrame:
    return estimate_efficacy(efficacy_counts(respondents)).set_index("comparison_id")


def test_correlations_and_williams_t_equal_psychs():
    found = compared(RESPONDENTS)
    for comparison in ("political_outcome", "personal_outcome", "political_personal"):
        assert found.loc[comparison, "estimate"] == pytest.approx(R[comparison], **ABSOLUTE)
    assert found.loc["difference", "statistic"] == pytest.approx(R["williams_t"], **REGRESSION)
    assert found.loc["difference", "p_value"] == pytest.approx(R["williams_p"], **P_VALUE)
    assert found.loc["difference", "df"] == 597
    expected = R["political_outcome"] - R["personal_outcome"]
    assert found.loc["difference", "estimate"] == pytest.approx(expected, **ABSOLUTE)


def test_the_error_of_the_difference_is_close_to_the_jackknifes():
    political, personal = RESPONDENTS["political_score"].to_numpy(), RESPONDENTS["personal_score"].to_numpy()
    everyone = np.arange(600)

    def difference(kept):
        of = np.corrcoef([INDEX[kept], political[kept], personal[kept]])
        return of[0, 1] - of[0, 2]

    left_out = np.array([difference(everyone != i) for i in everyone])
    jackknife = np.sqrt(599 * np.var(left_out))
    assert compared(RESPONDENTS).loc["difference", "std_error"] == pytest.approx(jackknife, rel=0.01)


def test_a_planted_difference_is_found_with_its_sign():
    random = np.random.default_rng(4)
    political, personal = random.integers(1, 6, 800), random.integers(1, 6, 800)
    positive = (random.random(800) < 0.1 + 0.15 * political).astype(int)
    found = compared(
        pd.DataFrame(
            {"n_positive": positive, "n_answered": 1, "political_score": political, "personal_score": personal}
        )
    )
    assert found.loc["difference", "ci_lower"] > 0.2
    assert found.loc["difference", "p_value"] < 1e-6
    assert found.loc["personal_outcome", "ci_lower"] < 0 < found.loc["personal_outcome", "ci_upper"]


def test_only_respondents_with_all_three_take_part():
    holes = RESPONDENTS.astype(float)
    holes.loc[:99, "political_score"] = np.nan
    holes.loc[50:149, "personal_score"] = np.nan
    holes.loc[150:199, ["n_positive", "n_answered"]] = np.nan
    expected = estimate_efficacy(efficacy_counts(RESPONDENTS[200:]))
    pd.testing.assert_frame_equal(estimate_efficacy(efficacy_counts(holes)), expected, check_exact=True)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"n_positive": 3}, "does not vary"),
        ({"political_score": 2.0}, "does not vary"),
        ({"personal_score": RESPONDENTS["political_score"] * 2}, "same answers"),
        ({"personal_score": np.nan}, "fewer than 4 respondents"),
        ({"political_score": RESPONDENTS["n_positive"].astype(float)}, "perfect correlation"),
    ],
)
def test_where_there_is_nothing_to_compare_there_is_a_reason(columns, reason):
    found = compared(RESPONDENTS.assign(**columns)).loc["difference"]
    assert reason in found["reason"]
    assert found[["statistic", "p_value", "ci_lower", "std_error"]].isna().all()


def staff_counts(outcome: np.ndarray, role: np.ndarray, **columns: object) -> pd.DataFrame:
    """Counts in the shape of estimate_staff_gaps, of an outcome in sixths."""
    frame = pd.DataFrame({"n_positive": np.round(6 * outcome), "n_answered": 6.0, "respondent_role": role})
    return count(frame, **({"measure_id": "individual_index"} | columns))


ROLE = np.where(np.arange(600) < 45, "staff", "citizen")


def test_the_gap_equals_welchs_test_in_r():
    found = estimate_staff_gaps(staff_counts(INDEX, ROLE)).iloc[0]
    for column in ("estimate", "std_error", "df", "ci_lower", "ci_upper"):
        assert found[column] == pytest.approx(R[f"welch_{column}"], **REGRESSION)
    assert found["p_value"] == pytest.approx(R["welch_p"], **P_VALUE)
    assert (found["n_staff"], found["n_citizens"], found["n_respondents"]) == (45, 555, 600)
    assert found["staff_level"] == pytest.approx(INDEX[:45].mean(), **ABSOLUTE)
    assert found["citizens_level"] == pytest.approx(INDEX[45:].mean(), **ABSOLUTE)


def test_the_gaps_of_all_measures_are_adjusted_together():
    counts = [
        staff_counts(np.clip(INDEX + (ROLE == "staff") * shift, 0, 1), ROLE, measure_id=f"measure_{place}")
        for place, shift in enumerate([0, 0.3, 0.5])
    ]
    found = estimate_staff_gaps(pd.concat(counts))
    assert found["n_family"].to_list() == [3, 3, 3]
    expected = stats.false_discovery_control(found["p_value"])
    assert found["p_value_adjusted"].to_list() == pytest.approx(list(expected))


@pytest.mark.parametrize(
    ("outcome", "role", "reason"),
    [
        ([0.5, 0.0], ["staff", "staff"], "citizens were not asked"),
        ([0.5, 0.0, 1.0], ["staff", "citizen", "citizen"], "fewer than two staff"),
        ([0.5, 0.0, 1.0], ["staff", "staff", "citizen"], "fewer than two citizens"),
        ([0.5, 0.5, 1.0, 0.0], ["staff", "staff", "citizen", "citizen"], "the answers of staff do not vary"),
        ([0.5, 0.0, 1.0, 1.0], ["staff", "staff", "citizen", "citizen"], "the answers of citizens do not vary"),
        ([0.5, 0.5, 1.0, 1.0], ["staff", "staff", "citizen", "citizen"], "the answers of neither"),
    ],
)
def test_without_two_sides_to_compare_there_is_no_t_test_but_a_reason(outcome, role, reason):
    found = estimate_staff_gaps(staff_counts(np.array(outcome), np.array(role))).iloc[0]
    assert found["reason"].startswith(reason)
    assert found[["std_error", "df", "ci_lower", "ci_upper", "p_value"]].isna().all()
    # Two against two is enough for a permutation, less is not.
    is_permuted = min(role.count("staff"), role.count("citizen")) >= 2
    assert (found["headline_p_value_type"] == "randomisation") == is_permuted
    assert found["n_family"] == is_permuted
    assert found[["headline_p_value", "p_value_adjusted"]].notna().all() == is_permuted


def test_staff_who_all_agree_are_tested_by_permutation():
    """Five staff say 1, of 40 citizens 4: by chance all five would be among the nine in one of 9,700 permutations."""
    outcome, role = np.array([1.0] * 5 + [1.0] * 4 + [0.0] * 36), np.array(["staff"] * 5 + ["citizen"] * 40)
    found = estimate_staff_gaps(staff_counts(outcome, role)).iloc[0]
    exact = stats.hypergeom(45, 9, 5).pmf(5)
    assert exact == pytest.approx(1 / 9696.5, rel=1e-4)
    assert found["headline_p_value"] <= 0.005
    assert found["p_value_adjusted"] == found["headline_p_value"]
    assert np.isnan(found["p_value"])


def test_the_interval_of_a_gap_ends_where_gaps_end():
    outcome = np.array([1.0, 1.0, 0.75, 0.0, 0.0, 0.25])
    found = estimate_staff_gaps(staff_counts(outcome, np.array(["staff"] * 3 + ["citizen"] * 3))).iloc[0]
    half_width = stats.t.ppf(0.975, found["df"]) * found["std_error"]
    assert found["estimate"] + half_width > 1
    assert found["ci_upper"] == 1
    assert found["ci_lower"] == pytest.approx(found["estimate"] - half_width, rel=1e-12)


def test_what_only_citizens_answered_has_no_gap():
    assert len(estimate_staff_gaps(staff_counts(INDEX, np.full(600, "citizen")))) == 0


def test_an_unknown_role_is_refused():
    with pytest.raises(ValueError, match="staff or citizen"):
        estimate_staff_gaps(staff_counts(INDEX, np.full(600, "councillor")))


@pytest.mark.parametrize(
    ("estimate", "counts", "types"),
    [
        (estimate_efficacy, efficacy_counts(RESPONDENTS), efficacy.TYPES),
        (estimate_staff_gaps, staff_counts(INDEX, ROLE), staff.TYPES),
    ],
    ids=["efficacy", "staff"],
)
@pytest.mark.slow
def test_estimates_are_typed_and_do_not_depend_on_order_or_grain(estimate, counts, types):
    counts = pd.concat([counts.assign(council_id="swansea"), counts], ignore_index=True)
    expected = estimate(counts)
    assert expected["council_id"].iloc[0] == KEYS["council_id"]
    assert {name: str(kind) for name, kind in expected.dtypes.items()} == types
    pd.testing.assert_frame_equal(estimate(counts.sample(frac=1, random_state=1)), expected, check_exact=True)
    one_by_one = counts.loc[counts.index.repeat(counts["n_respondents"])].assign(n_respondents=1)
    pd.testing.assert_frame_equal(estimate(one_by_one), expected, check_exact=True)
    for empty in (counts.iloc[:0], pd.DataFrame({name: pd.Series([], dtype=object) for name in counts})):
        nothing = estimate(empty)
        assert len(nothing) == 0
        assert {name: str(kind) for name, kind in nothing.dtypes.items()} == types
    for column in counts:
        with pytest.raises(ValueError, match=f"no column {column}"):
            estimate(counts.drop(columns=column))
