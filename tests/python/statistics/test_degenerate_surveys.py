"""Surveys with nothing to compute from: a missing number with a reason, from every estimator, no crash, no p of 0.

Each survey below goes through every estimator of coproduction.statistics. The rules are the same for all of them:

- no warning and no exception;
- every p is missing, or above 0 and at most 1; nothing is infinite; no standard error is 0 where there is a p;
- a number that a table is about is there, or `reason` says why it is not.
"""

import inspect
import pkgutil
import re
from collections.abc import Callable
from functools import cache
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from nudge_examples import STRENGTHS, covariate_counts, experiment_counts, profile_counts
from survey_examples import KEYS, correlate_counts, count, gap_counts, level_counts

from coproduction import statistics
from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.correlates.est_dont_know_sensitivity import estimate_dont_know_sensitivity
from coproduction.statistics.estimates.correlates.est_efficacy import estimate_efficacy
from coproduction.statistics.estimates.correlates.est_multiverse import estimate_multiverse
from coproduction.statistics.estimates.correlates.est_multiverse_areas import estimate_multiverse_areas
from coproduction.statistics.estimates.correlates.est_multiverse_axes import CORRELATION
from coproduction.statistics.estimates.correlates.est_multiverse_cells import estimate_multiverse_cells
from coproduction.statistics.estimates.correlates.est_multiverse_results import estimate_multiverse_results
from coproduction.statistics.estimates.correlates.est_thresholds import estimate_thresholds
from coproduction.statistics.estimates.correlates.specification_tables import ANSWERS, SAMPLE_FLAGS
from coproduction.statistics.estimates.levels.est_answer_levels import estimate_answer_levels
from coproduction.statistics.estimates.levels.est_index_alternatives import COUNTED_COLUMNS, estimate_index_alternatives
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.levels.est_outcome_gaps import estimate_outcome_gaps
from coproduction.statistics.estimates.levels.est_staff_gaps import estimate_staff_gaps
from coproduction.statistics.estimates.nudges.est_nudge_bounds import estimate_nudge_bounds
from coproduction.statistics.estimates.nudges.est_nudge_checks import estimate_nudge_checks
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.estimates.nudges.est_nudge_trends import estimate_nudge_trends
from coproduction.statistics.estimates.pooling.est_location import estimate_location_pattern
from coproduction.statistics.estimates.pooling.est_pooled import estimate_pooled
from coproduction.statistics.estimates.pooling.est_pooled_councils import estimate_pooled_councils
from coproduction.statistics.estimates.quality.est_index_quality import estimate_index_quality
from coproduction.statistics.estimates.quality.est_respondent_quality import estimate_respondent_quality
from coproduction.statistics.estimates.quality.est_weights import estimate_weights
from coproduction.statistics.methods.inference import SMALLEST_P, p_value_of_chi_square, p_value_of_t, p_value_of_z
from coproduction.statistics.methods.raking import rake_weights

pytestmark = pytest.mark.filterwarnings("error")

OUTCOMES = ("individual_index", "collective_participation")
N_ITEMS = 4
# The weight of everybody, in ten-thousandths, as the counts have it.
WEIGHT = 15_000


def ordinary(n: int = 120) -> pd.DataFrame:
    """Respondents of a survey in which everything can be computed: items, outcomes, answers, arms, covariates."""
    random = np.random.default_rng(8)
    items = random.integers(0, 2, (n, N_ITEMS))
    people = pd.DataFrame({f"item_{place}": items[:, place] for place in range(N_ITEMS)})
    return people.assign(
        collective_participation=random.integers(0, 2, n).astype(float),
        score=random.integers(1, 6, n).astype(float),
        personal_score=random.integers(1, 6, n).astype(float),
        answer_kind="valid",
        arm_id=np.array(["none", "a", "b", "both"])[random.integers(0, 4, n)],
        age_band=np.array(["18-34", "35-54"])[random.integers(0, 2, n)],
        gender_score=random.integers(1, 3, n).astype(float),
    ).pipe(with_index)


def with_index(people: pd.DataFrame) -> pd.DataFrame:
    items = people[[f"item_{place}" for place in range(N_ITEMS)]]
    return people.assign(n_answered=float(N_ITEMS), n_positive=items.sum(axis=1).astype(float))


def nobody_active(people: pd.DataFrame) -> pd.DataFrame:
    """Zero variance: nobody does anything."""
    nothing = {f"item_{place}": 0 for place in range(N_ITEMS)}
    return with_index(people.assign(**nothing, collective_participation=0.0))


def everybody_active(people: pd.DataFrame) -> pd.DataFrame:
    """Zero variance: everybody does everything."""
    everything = {f"item_{place}": 1 for place in range(N_ITEMS)}
    return with_index(people.assign(**everything, collective_participation=1.0))


def outcomes_constant_within_arms(people: pd.DataFrame) -> pd.DataFrame:
    """Zero variance in every arm, and another level in each: a difference without a standard error."""
    is_active = people["arm_id"].isin(["a", "both"]).astype(int)
    everything = {f"item_{place}": is_active for place in range(N_ITEMS)}
    return with_index(people.assign(**everything, collective_participation=is_active.astype(float)))


def one_respondent_in_an_arm(people: pd.DataFrame) -> pd.DataFrame:
    arms = np.where(people.index == 0, "both", np.where(people["arm_id"].eq("both"), "none", people["arm_id"]))
    return people.assign(arm_id=arms)


def a_single_arm(people: pd.DataFrame) -> pd.DataFrame:
    return people.assign(arm_id="none")


def all_dont_know(people: pd.DataFrame) -> pd.DataFrame:
    """Nobody has an answer to the correlates."""
    return people.assign(answer_kind="dont_know", score=np.nan, personal_score=np.nan)


def no_outcome_answered(people: pd.DataFrame) -> pd.DataFrame:
    """All Don't Know about what they do."""
    nothing = {f"item_{place}": np.nan for place in range(N_ITEMS)}
    return people.assign(**nothing, n_positive=np.nan, n_answered=np.nan, collective_participation=np.nan)


def the_same_answer_by_all(people: pd.DataFrame) -> pd.DataFrame:
    return people.assign(score=3.0, personal_score=3.0, age_band="18-34", gender_score=1.0)


def perfect_correlation(people: pd.DataFrame) -> pd.DataFrame:
    """The answer is the outcome, and both questions are the same: no spread around the line."""
    return people.assign(score=1 + people["n_positive"], personal_score=1 + people["n_positive"])


def correlation_with_participation(people: pd.DataFrame) -> pd.DataFrame:
    score = 1 + people["collective_participation"]
    return people.assign(score=score, personal_score=3 - score)


SURVEYS: dict[str, Callable[[], pd.DataFrame]] = {
    "ordinary": ordinary,
    "nobody_active": lambda: nobody_active(ordinary()),
    "everybody_active": lambda: everybody_active(ordinary()),
    "outcomes_constant_within_arms": lambda: outcomes_constant_within_arms(ordinary()),
    "one_respondent_in_an_arm": lambda: one_respondent_in_an_arm(ordinary()),
    "a_single_arm": lambda: a_single_arm(ordinary()),
    "all_dont_know": lambda: all_dont_know(ordinary()),
    "no_outcome_answered": lambda: no_outcome_answered(ordinary()),
    "the_same_answer_by_all": lambda: the_same_answer_by_all(ordinary()),
    "perfect_correlation": lambda: perfect_correlation(ordinary()),
    "perfect_correlation_of_few": lambda: perfect_correlation(ordinary(12)),
    "correlation_with_participation": lambda: correlation_with_participation(ordinary()),
    "one_respondent": lambda: ordinary(1),
    "two_respondents": lambda: ordinary(2),
    "three_respondents": lambda: ordinary(3),
    "two_respondents_alike": lambda: pd.concat([ordinary(1)] * 2, ignore_index=True),
}


def weighted(counts: pd.DataFrame) -> pd.DataFrame:
    """Everybody with the same weight: the weighted rows of an estimator are degenerate too."""
    n = counts["n_respondents"]
    sums = {"sum_weight": n * WEIGHT, "sum_weight_squared": n * WEIGHT**2, "sum_weight_fourth": n * float(WEIGHT) ** 4}
    return counts.assign(**sums, n_weighted=n)


def levels(people: pd.DataFrame) -> pd.DataFrame:
    frames = [
        weighted(level_counts(people[people[outcome.replace("individual_index", "n_answered")].notna()], outcome))
        for outcome in OUTCOMES
    ]
    return estimate_levels(pd.concat(frames))


def of_correlates(estimate: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def of_people(people: pd.DataFrame) -> pd.DataFrame:
        return estimate(pd.concat([weighted(correlate_counts(people, outcome)) for outcome in OUTCOMES]))

    return of_people


def of_arms(estimate: Callable, count_arms: Callable) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def of_people(people: pd.DataFrame) -> pd.DataFrame:
        return estimate(pd.concat([weighted(count_arms(people, outcome)) for outcome in OUTCOMES]))

    return of_people


def nudge_effects(people: pd.DataFrame) -> pd.DataFrame:
    counts = pd.concat([weighted(experiment_counts(people, outcome)) for outcome in OUTCOMES])
    covariates = pd.concat([weighted(covariate_counts(people, outcome)) for outcome in OUTCOMES])
    collective = pd.DataFrame({"n_positive": people["collective_participation"], "n_answered": 1.0})
    collective["n_answered"] = collective["n_answered"].where(collective["n_positive"].notna())
    values = {"health/all/individual_index": people, "health/all/collective_participation": collective}
    return estimate_nudge_effects(counts, covariates, profile_counts(people, values))


def nudge_trends(people: pd.DataFrame) -> pd.DataFrame:
    arms = pd.DataFrame({"arm_id": list(STRENGTHS), "strength": list(STRENGTHS.values())})
    return of_arms(lambda counts: estimate_nudge_trends(counts, arms), experiment_counts)(people)


def item_pairs(people: pd.DataFrame) -> pd.DataFrame:
    names = [f"item_{place}" for place in range(N_ITEMS)]
    pairs = [
        people[[a, b]].set_axis(["is_positive_a", "is_positive_b"], axis=1).assign(item_a=a, item_b=b)
        for place, a in enumerate(names)
        for b in names[place:]
    ]
    return count(pd.concat(pairs, ignore_index=True))


def outcome_gaps(people: pd.DataFrame) -> pd.DataFrame:
    return estimate_outcome_gaps(gap_counts(people), item_pairs(people))


def efficacy(people: pd.DataFrame) -> pd.DataFrame:
    frames = []
    for outcome in OUTCOMES:
        answers = people[["n_positive", "n_answered"]]
        if outcome == "collective_participation":
            answers = pd.DataFrame({"n_positive": people["collective_participation"], "n_answered": 1.0})
        answers = answers.assign(political_score=people["score"], personal_score=people["personal_score"])
        frames.append(count(answers, outcome_id=outcome))
    return estimate_efficacy(pd.concat(frames))


def staff_gaps(people: pd.DataFrame) -> pd.DataFrame:
    """Every other respondent is staff."""
    cells = people[["n_positive", "n_answered"]].assign(
        measure_id="individual_index", respondent_role=np.where(people.index % 2 == 0, "staff", "citizen")
    )
    return estimate_staff_gaps(count(cells))


def index_alternatives(people: pd.DataFrame) -> pd.DataFrame:
    is_missing = people["n_answered"].isna()
    cells = people.assign(
        n_asked=N_ITEMS,
        n_answered=people["n_answered"].fillna(0),
        n_positive=people["n_positive"].fillna(0),
        n_often=people["n_positive"].fillna(0) // 2,
        n_dont_know=np.where(is_missing, N_ITEMS, 0),
        collective_often=people["collective_participation"],
        collective_dont_know=is_missing.astype(int),
    )
    return estimate_index_alternatives(count(cells[list(COUNTED_COLUMNS)]))


def multiverse(people: pd.DataFrame) -> pd.DataFrame:
    cells = people.assign(**dict.fromkeys(SAMPLE_FLAGS, False)).assign(
        n_asked=N_ITEMS,
        n_answered=people["n_answered"].fillna(0),
        n_positive=people["n_positive"].fillna(0),
        n_often=people["n_positive"].fillna(0) // 2,
        n_dont_know=np.where(people["n_answered"].isna(), N_ITEMS, 0),
        collective_often=people["collective_participation"],
        collective_score=2 * people["collective_participation"],
        collective_dont_know=0,
    )
    return estimate_multiverse(count(cells[[*SAMPLE_FLAGS, *ANSWERS, "answer_kind"]], construct_id="conditions"))


def multiverse_cells(multiverse: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """The paper prints the correlation with one of the outcomes."""
    n_distinct = results.astype(dict.fromkeys(CORRELATION, "str")).groupby(list(CORRELATION), as_index=False).size()
    printed = KEYS | {"construct_id": "conditions", "outcome_id": OUTCOMES[0], "table_number": "3"}
    printed_cells = pd.DataFrame([printed | {"printed_value": 0.3, "printed_stars": "**"}])
    return estimate_multiverse_cells(multiverse, n_distinct.rename(columns={"size": "n_distinct"}), printed_cells)


def pooled_of_three_alike(one: pd.DataFrame) -> pd.DataFrame:
    """Three councils with the same estimates: nothing varies between them."""
    return estimate_pooled(pd.concat([one.assign(council_id=name) for name in ("barnet", "bristol", "swansea")]))


def location_pattern(levels_of_one: pd.DataFrame) -> pd.DataFrame:
    """One council, and so no other area."""
    areas = pd.DataFrame({"council_id": [KEYS["council_id"]], "area_type": ["metropolitan"]})
    return estimate_location_pattern(levels_of_one, areas)


def location_pattern_of_nine_alike(levels_of_one: pd.DataFrame) -> pd.DataFrame:
    names = [f"council_{place}" for place in range(9)]
    areas = pd.DataFrame({"council_id": names, "area_type": ["metropolitan"] * 4 + ["rural"] * 5})
    return estimate_location_pattern(pd.concat([levels_of_one.assign(council_id=name) for name in names]), areas)


def respondent_quality(people: pd.DataFrame) -> pd.DataFrame:
    """Every other respondent with the outcome has the flag, the first one included; all take part."""
    cells = people.loc[people["n_answered"].notna(), ["n_positive", "n_answered"]]
    cells = cells.assign(is_flagged=cells.index % 2 == 0, is_excluded=False)
    return estimate_respondent_quality(count(cells, outcome_id=OUTCOMES[0], flag_id="speeder"))


def weights_of_survey(people: pd.DataFrame) -> pd.DataFrame:
    """Everybody has the same weight."""
    n = len(people)
    survey = {"council_id": "barnet", "wave_id": "wave_1", "weight_source": "export", "reason": None}
    sizes = {"n_respondents": n, "n_weighted": n, "n_trimmed": 0, "n_iterations": None}
    sums = {"sum_weight": n * WEIGHT, "sum_weight_squared": n * WEIGHT**2}
    ends = dict.fromkeys(("lowest_weight", "median_weight", "highest_weight"), WEIGHT / 10_000)
    return estimate_weights(pd.DataFrame([survey | sizes | sums | ends]))


def raked_weights(people: pd.DataFrame) -> pd.DataFrame:
    """Margins that the sample meets already, or cannot meet."""
    survey = {"council_id": "barnet", "wave_id": "wave_1"}
    respondents = people.assign(
        **survey,
        respondent_key=[f"r{place:04d}" for place in people.index],
        weight=np.nan,
        gender_label=people["gender_score"].map({1.0: "Male", 2.0: "Female"}),
        ethnicity_label=None,
        education_label=None,
        location_label=None,
    )
    shares = pd.DataFrame({"category": ["Female", "Male"], "share": [0.5, 0.5], "variable": "gender_label"})
    return rake_weights(respondents, shares.assign(**survey))


ESTIMATORS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "estimate_levels": levels,
    "estimate_correlates": of_correlates(estimate_correlates),
    "estimate_dont_know_sensitivity": of_correlates(estimate_dont_know_sensitivity),
    "estimate_thresholds": of_correlates(estimate_thresholds),
    "estimate_answer_levels": of_correlates(estimate_answer_levels),
    "estimate_nudge_effects": nudge_effects,
    "estimate_nudge_checks": of_arms(estimate_nudge_checks, covariate_counts),
    "estimate_nudge_bounds": of_arms(estimate_nudge_bounds, experiment_counts),
    "estimate_nudge_trends": nudge_trends,
    "estimate_outcome_gaps": outcome_gaps,
    "estimate_index_quality": lambda people: estimate_index_quality(item_pairs(people)),
    "estimate_efficacy": efficacy,
    "estimate_staff_gaps": staff_gaps,
    "estimate_index_alternatives": index_alternatives,
    "estimate_multiverse": multiverse,
    "estimate_respondent_quality": respondent_quality,
    "estimate_weights": weights_of_survey,
    "rake_weights": raked_weights,
}
# Estimators that read the estimates of others: which ones, and how.
OF_ESTIMATES: dict[str, tuple[Callable[..., pd.DataFrame], tuple[str, ...]]] = {
    "estimate_multiverse_results": (estimate_multiverse_results, ("estimate_multiverse",)),
    "estimate_multiverse_cells": (multiverse_cells, ("estimate_multiverse", "estimate_multiverse_results")),
    "estimate_multiverse_areas": (estimate_multiverse_areas, ("estimate_multiverse", "estimate_multiverse_cells")),
    "estimate_pooled_councils": (
        estimate_pooled_councils,
        ("estimate_correlates", "estimate_nudge_effects", "estimate_levels"),
    ),
    "estimate_pooled": (estimate_pooled, ("estimate_pooled_councils",)),
    "estimate_pooled of three alike": (pooled_of_three_alike, ("estimate_pooled_councils",)),
    "estimate_location_pattern": (location_pattern, ("estimate_levels",)),
    "estimate_location_pattern of nine alike": (location_pattern_of_nine_alike, ("estimate_levels",)),
}
# What a row is about: missing, it needs a reason. A p that a row never has is not among them.
ABOUT = {
    "estimate_levels": ["estimate", "std_error"],
    "estimate_correlates": ["estimate", "std_error", "p_value"],
    "estimate_dont_know_sensitivity": ["estimate"],
    "estimate_thresholds": ["estimate", "p_value"],
    "estimate_answer_levels": ["estimate", "ci_lower"],
    "estimate_nudge_effects": ["estimate", "std_error", "p_value", "minimum_detectable"],
    "estimate_nudge_checks": ["p_value"],
    # The worst case bounds an effect also where a side has no outcome and so no difference was observed.
    "estimate_nudge_bounds": ["bound_lower", "bound_upper"],
    "estimate_nudge_trends": [],
    "estimate_outcome_gaps": ["estimate", "std_error", "p_value"],
    "estimate_index_quality": ["estimate"],
    "estimate_efficacy": ["estimate", "ci_lower", "p_value"],
    "estimate_staff_gaps": ["estimate", "std_error", "p_value"],
    "estimate_index_alternatives": ["estimate", "ci_lower"],
    "estimate_multiverse": ["estimate", "p_classical_none", "p_linearised_none"],
    "estimate_respondent_quality": ["level_with"],
    "estimate_weights": ["n_effective", "design_effect", "lowest_weight", "highest_weight"],
    # est_multiverse has the reason why an estimate is missing.
    "estimate_multiverse_results": ["n_respondents", "n_specifications"],
    "estimate_multiverse_cells": ["share_supporting", "share_positive", "share_negative", "share_none"],
    "estimate_multiverse_areas": ["share_supporting", "share_positive", "share_negative"],
    "estimate_pooled_councils": ["estimate", "std_error"],
    "estimate_pooled": ["estimate", "std_error", "ci_lower"],
    "estimate_location_pattern": ["p_value"],
    "rake_weights": ["weight_raked"],
}


@cache
def estimates_of(estimator: str, survey: str) -> pd.DataFrame:
    """Estimates of a survey, computed once for all tests and for the estimators that read them."""
    if estimator in OF_ESTIMATES:
        estimate, inputs = OF_ESTIMATES[estimator]
        return estimate(*(estimates_of(name, survey) for name in inputs))
    return ESTIMATORS[estimator](SURVEYS[survey]())


@pytest.mark.parametrize("survey", SURVEYS)
@pytest.mark.parametrize("estimator", [*ESTIMATORS, *OF_ESTIMATES])
@pytest.mark.slow
def test_a_missing_number_has_a_reason_and_no_p_is_0(estimator, survey):
    estimates = estimates_of(estimator, survey)
    numbers = estimates.select_dtypes("number").astype(float)
    assert not np.isinf(numbers.to_numpy()).any(), numbers.columns[np.isinf(numbers.to_numpy()).any(axis=0)].to_list()
    for column in p_values(estimates):
        p = estimates[column].astype(float).dropna()
        assert ((p > 0) & (p <= 1)).all(), (column, p.to_list())
    about = ABOUT[estimator.split(" of ")[0]]
    without_reason = estimates[estimates["reason"].isna()] if "reason" in estimates else estimates
    missing = without_reason[about].isna()
    assert not missing.to_numpy().any(), without_reason[missing.any(axis=1)].T.to_string()
    if "p_value" in estimates and "std_error" in estimates:
        is_tested = estimates["p_value"].notna()
        # A chi-square test has no standard error; a t test on one of 0 would be a division by nothing.
        assert not (estimates.loc[is_tested, "std_error"] <= 0).any()
    if estimator == "estimate_nudge_trends":
        tests = without_reason[without_reason["test_id"] != "isotonic"]
        assert tests[["p_value", "p_value_randomisation"]].notna().any(axis=1).all()


def p_values(estimates: pd.DataFrame) -> list[str]:
    return [
        name for name in estimates.select_dtypes("number") if re.match(r"(headline_)?p_", name) and "error" not in name
    ]


@pytest.mark.parametrize("estimator", [*ESTIMATORS, *OF_ESTIMATES])
@pytest.mark.slow
def test_the_ordinary_survey_has_numbers(estimator):
    """Else the rules above would hold of nothing."""
    estimates = estimates_of(estimator, "ordinary")
    assert len(estimates) > 0
    if "reason" in estimates and not estimator.startswith("estimate_location_pattern"):
        assert estimates["reason"].isna().any() or estimator.startswith("estimate_pooled")


def test_no_estimator_is_left_out():
    """Every public function that gives a table of estimates is tried."""
    found = set()
    for module in pkgutil.walk_packages(statistics.__path__, "coproduction.statistics."):
        functions = inspect.getmembers(import_module(module.name), inspect.isfunction)
        found |= {name for name, _ in functions if name.startswith(("estimate_", "rake_"))}
    assert found == set(ABOUT) == {name.split(" of ")[0] for name in [*ESTIMATORS, *OF_ESTIMATES]}


def test_equal_weights_change_no_level_and_have_no_design_effect():
    both = levels(ordinary()).set_index(["measure_id", "weighting_id"])
    for measure_id in OUTCOMES:
        weighted_row, plain = both.loc[(measure_id, "weighted")], both.loc[(measure_id, "unweighted")]
        assert weighted_row["estimate"] == pytest.approx(plain["estimate"], rel=1e-12)
        assert weighted_row["design_effect"] == pytest.approx(1, rel=1e-12)
        assert weighted_row["n_effective"] == pytest.approx(plain["n_respondents"], rel=1e-12)


@pytest.mark.parametrize(
    "p_value", [p_value_of_t, lambda t, _: p_value_of_z(t), lambda t, _: p_value_of_chi_square(t, 1)]
)
def test_a_p_too_small_for_a_double_is_not_0_and_an_infinite_statistic_has_none(p_value):
    """A million respondents reach a t of a thousand: its p is below anything that a double can hold."""
    huge, infinite, missing = p_value(np.array([1e6, np.inf, np.nan]), np.full(3, 1e6))
    assert huge == SMALLEST_P > 0
    assert np.isnan(infinite)
    assert np.isnan(missing)
    assert isinstance(p_value(1.0, 10.0), float)


def test_a_million_times_the_respondents_leave_no_p_of_0():
    people = ordinary().assign(score=lambda rows: rows["n_positive"] + rows["score"])
    counts = correlate_counts(people)
    many = estimate_correlates(counts.assign(n_respondents=counts["n_respondents"] * 1_000_000))
    assert many["p_value_t"].dropna().eq(SMALLEST_P).all()
    assert (many["p_value"] > 0).all()
