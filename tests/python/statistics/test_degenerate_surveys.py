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
from estimators import Estimator, estimators
from joint_examples import joint_counts
from nudge_examples import STRENGTHS, covariate_counts, experiment_counts, profile_counts
from survey_examples import KEYS, correlate_counts, count, gap_counts, level_counts

from coproduction import statistics
from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.correlates.replicated_correlates import correlates_by_replicates
from coproduction.statistics.estimates.levels.est_index_alternatives import COUNTED_COLUMNS
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.multiverse.est_multiverse_axes import CORRELATION
from coproduction.statistics.estimates.multiverse.est_multiverse_cells import estimate_multiverse_cells
from coproduction.statistics.estimates.multiverse.specification_tables import ANSWERS, MEASURED, SAMPLE_FLAGS
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.estimates.nudges.nudge_models import weighted_rows
from coproduction.statistics.estimates.nudges.replicated_nudges import rows_by_replicates
from coproduction.statistics.estimates.pooling.est_location import estimate_location_pattern
from coproduction.statistics.estimates.pooling.est_pooled import estimate_pooled
from coproduction.statistics.methods.inference import SMALLEST_P, p_value_of_chi_square, p_value_of_t, p_value_of_z
from coproduction.statistics.methods.weights.raking import rake_weights

pytestmark = pytest.mark.filterwarnings("error")

OUTCOMES = ("individual_index", "collective_participation")
N_ITEMS = 4
# The weight of everybody as the counts have it, and its fourth power: everybody has the largest.
WEIGHT, FOURTH_POWER = 1e12, 1e28


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
    sums = {"sum_weight": n * WEIGHT, "sum_weight_squared": n * WEIGHT**2, "sum_weight_fourth": n * FOURTH_POWER}
    return counts.assign(**sums, n_weighted=n)


def levels(people: pd.DataFrame) -> pd.DataFrame:
    frames = [
        weighted(level_counts(people[people[outcome.replace("individual_index", "n_answered")].notna()], outcome))
        for outcome in OUTCOMES
    ]
    return pd.concat(frames)


def of_outcomes(count_outcome: Callable[..., pd.DataFrame]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def of_people(people: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([weighted(count_outcome(people, outcome)) for outcome in OUTCOMES])

    return of_people


def clustered(count_cells: Callable[[pd.DataFrame, str], pd.DataFrame]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Count the couples of two strata, each a cluster."""

    def of_people(people: pd.DataFrame) -> pd.DataFrame:
        couple = np.arange(len(people)) // 2
        placed = people.assign(cluster_number=couple.astype(float), stratum_number=1 + couple % 2, panel_size=5000.0)
        return pd.concat([weighted(count_cells(placed, outcome)) for outcome in OUTCOMES])

    return of_people


def replicated(count_cells: Callable[[pd.DataFrame, str], pd.DataFrame]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Twelve replicates, in each of which the cells weigh up to a fifth more or less."""
    numbers = pd.DataFrame({"replicate_number": np.arange(1, 13), "replicate_factor": 1 / 12})

    def of_people(people: pd.DataFrame) -> pd.DataFrame:
        counts = pd.concat([count_cells(people, outcome) for outcome in OUTCOMES], ignore_index=True)
        counts = counts[counts["n_answered"].gt(0) & (counts["score"].notna() if "score" in counts else True)]
        counts = counts.assign(place=np.arange(len(counts))).merge(numbers, how="cross")
        times = 1 + np.cos(counts["place"] * counts["replicate_number"]) / 5
        weight = counts["n_respondents"] * WEIGHT * times
        return counts.assign(sum_replicate_weight=weight, sum_replicate_positive=weight * counts["n_positive"])

    return of_people


def replicated_nudges(counts: pd.DataFrame, replicates: pd.DataFrame) -> pd.DataFrame:
    """Weighted effects before their intervals."""
    rows = rows_by_replicates(weighted_rows(counts), replicates)
    return pd.DataFrame(rows, columns=["estimate", "std_error", "reason"])


def level_and_arm_counts(people: pd.DataFrame, outcome: str) -> pd.DataFrame:
    arms = [
        level_counts(of_arm, outcome, breakdown_id="arm", breakdown_value=arm)
        for arm, of_arm in people.groupby("arm_id")
    ]
    return pd.concat([level_counts(people, outcome), *arms])


def nudge_profiles(people: pd.DataFrame) -> pd.DataFrame:
    collective = pd.DataFrame({"n_positive": people["collective_participation"], "n_answered": 1.0})
    collective["n_answered"] = collective["n_answered"].where(collective["n_positive"].notna())
    values = {"health/all/individual_index": people, "health/all/collective_participation": collective}
    return profile_counts(people, values)


def item_pairs(people: pd.DataFrame) -> pd.DataFrame:
    names = [f"item_{place}" for place in range(N_ITEMS)]
    pairs = [
        people[[a, b]].set_axis(["is_positive_a", "is_positive_b"], axis=1).assign(item_a=a, item_b=b)
        for place, a in enumerate(names)
        for b in names[place:]
    ]
    return count(pd.concat(pairs, ignore_index=True))


def construct_pairs(people: pd.DataFrame) -> pd.DataFrame:
    frames = []
    for outcome in OUTCOMES:
        answers = people[["n_positive", "n_answered"]]
        if outcome == "collective_participation":
            answers = pd.DataFrame({"n_positive": people["collective_participation"], "n_answered": 1.0})
        answers = answers.assign(political_score=people["score"], personal_score=people["personal_score"])
        frames.append(count(answers, outcome_id=outcome))
    return pd.concat(frames)


def joint_answers(people: pd.DataFrame) -> pd.DataFrame:
    """Everybody with the same weight; three correlates."""
    renamed = people.rename(
        columns={"n_positive": "individual_index_positive", "n_answered": "individual_index_answered"}
    )
    taking_part = people["collective_participation"]
    renamed = renamed.assign(
        collective_participation_positive=taking_part,
        collective_participation_answered=np.where(taking_part.isna(), np.nan, 1.0),
    )
    return joint_counts(renamed, ["score", "personal_score", "gender_score"], np.full(len(people), WEIGHT))


def staff_levels(people: pd.DataFrame) -> pd.DataFrame:
    """Every other respondent is staff."""
    cells = people[["n_positive", "n_answered"]].assign(
        measure_id="individual_index", respondent_role=np.where(people.index % 2 == 0, "staff", "citizen")
    )
    return count(cells)


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
    return count(cells[list(COUNTED_COLUMNS)])


def specifications(people: pd.DataFrame) -> pd.DataFrame:
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
    return count(cells[[*SAMPLE_FLAGS, *ANSWERS, "answer_kind"]], construct_id="conditions")


def measure_specifications(people: pd.DataFrame) -> pd.DataFrame:
    cells = people.assign(**dict.fromkeys(SAMPLE_FLAGS, False))
    return count(cells[[*SAMPLE_FLAGS, *MEASURED, "answer_kind"]], construct_id="conditions", outcome_id="mean_trust")


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


def answers_to_a_question(people: pd.DataFrame) -> pd.DataFrame:
    question = dict.fromkeys(("construct_id", "column_name", "scale_id"), "conditions")
    question |= {"respondent_role": "citizen", "scale_kind": "ordinal", "breakdown_id": "all", "breakdown_value": "all"}
    cells = people[["answer_kind", "score"]].assign(scale_minimum=1.0, scale_maximum=5.0)
    return weighted(count(cells.assign(answer_name=cells["score"].astype("str")), **question))


def respondent_flags(people: pd.DataFrame) -> pd.DataFrame:
    """Every other respondent with the outcome has the flag, the first one included; all take part."""
    cells = people.loc[people["n_answered"].notna(), ["n_positive", "n_answered"]]
    cells = cells.assign(is_flagged=cells.index % 2 == 0, is_excluded=False)
    return count(cells, outcome_id=OUTCOMES[0], flag_id="speeder")


def weights_of_survey(people: pd.DataFrame) -> pd.DataFrame:
    """Everybody has the same weight."""
    n = len(people)
    survey = {"council_id": "barnet", "wave_id": "wave_1", "weight_source": "export", "reason": None}
    sizes = {"n_respondents": n, "n_weighted": n, "n_trimmed": 0, "n_iterations": None}
    sums = {"sum_weight": n * WEIGHT, "sum_weight_squared": n * WEIGHT**2}
    ends = dict.fromkeys(("lowest_weight", "median_weight", "highest_weight"), 1.5)
    return pd.DataFrame([survey | sizes | sums | ends])


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


def two_waves(people: pd.DataFrame) -> pd.DataFrame:
    """Everybody with the index in the first wave and taking part in the second, two thirds in both waves."""
    keys = {"council_id": "barnet", "earlier_wave_id": "wave_1", "wave_id": "wave_2", "theme_id": "environment",
            "topic_id": "all", "measure_id": "activity", "comparison_id": "neighbours", "is_outcome": 1,
            "comparability_id": "comparable", "n_respondents": 1}  # fmt: skip
    gender = people["gender_score"].map({1.0: "Male", 2.0: "Female"})
    counts = pd.DataFrame(
        {
            "earlier_gender_label": gender,
            "earlier_age_band": people["age_band"],
            "earlier_n_positive": people["n_positive"],
            "earlier_n_answered": people["n_answered"],
            "gender_label": gender,
            "age_band": people["age_band"],
            "n_positive": people["collective_participation"],
            "n_answered": people["collective_participation"].notna().astype(float),
        }
    ).assign(**keys)
    place = np.arange(len(counts)) % 6
    counts.loc[place == 0, ["earlier_gender_label", "earlier_age_band", "earlier_n_positive", "earlier_n_answered"]] = (
        None
    )
    counts.loc[place == 1, ["gender_label", "age_band", "n_positive", "n_answered"]] = None
    is_in_a_wave = counts["earlier_n_answered"].gt(0) | counts["n_answered"].gt(0)
    return counts[is_in_a_wave]


def study_of(_: pd.DataFrame) -> pd.DataFrame:
    """The survey is a study of its own."""
    keys = correlate_counts(ordinary(), OUTCOMES[0]).iloc[0]
    return pd.DataFrame({"council_id": [keys["council_id"]], "wave_id": [keys["wave_id"]], "study_id": ["own"]})


def smallest_effects(_: pd.DataFrame) -> pd.DataFrame:
    """The study declared which nudges and correlations would matter to it."""
    of_quantity = {"quantity_id": ["nudge", "correlate"], "smallest_effect": [10.0, 0.2]}
    return pd.DataFrame(of_quantity).assign(study_id="own")


# The tables that the estimators read, counted from the same respondents.
COUNTS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "cnt_answers": answers_to_a_question,
    "cnt_levels": levels,
    "cnt_correlates": of_outcomes(correlate_counts),
    "cnt_nudges": of_outcomes(experiment_counts),
    "cnt_nudge_covariates": of_outcomes(covariate_counts),
    "cnt_nudge_profiles": nudge_profiles,
    "cnt_outcome_pairs": gap_counts,
    "cnt_item_pairs": item_pairs,
    "cnt_construct_pairs": construct_pairs,
    "cnt_joint_correlates": joint_answers,
    "cnt_staff_levels": staff_levels,
    "cnt_index_alternatives": index_alternatives,
    "cnt_specifications": specifications,
    "cnt_measure_specifications": measure_specifications,
    "cnt_respondent_flags": respondent_flags,
    "cnt_weights": weights_of_survey,
    # Most surveys declare no design and have no replicate weights.
    "cnt_clusters": lambda _: pd.DataFrame(),
    "cnt_correlate_clusters": lambda _: pd.DataFrame(),
    "cnt_replicate_levels": lambda _: pd.DataFrame(),
    "cnt_replicate_correlates": lambda _: pd.DataFrame(),
    "couples": clustered(level_and_arm_counts),
    "correlates_of_couples": clustered(correlate_counts),
    "replicates": replicated(level_and_arm_counts),
    "replicates_of_correlates": replicated(correlate_counts),
    "cnt_changes": two_waves,
    "dim_study": study_of,
    "smallest_effects": smallest_effects,
    # Nothing is registered.
    "hypotheses": lambda _: pd.DataFrame(columns=["quantity_id"], dtype="str"),
    "dim_nudge_arm": lambda _: pd.DataFrame({"arm_id": list(STRENGTHS), "strength": list(STRENGTHS.values())}),
}
# Every estimator as its model calls it; some in another way, because the model prepares a table, and some in two ways.
ESTIMATORS = estimators() | {
    "est_location": Estimator(location_pattern, ("est_levels",)),
    "est_location of nine alike": Estimator(location_pattern_of_nine_alike, ("est_levels",)),
    "est_pooled of three alike": Estimator(pooled_of_three_alike, ("est_pooled_councils",)),
    "est_multiverse_cells": Estimator(multiverse_cells, ("est_multiverse", "est_multiverse_results")),
    "raked_weights": Estimator(raked_weights, ("people",)),
    "est_levels of couples": Estimator(estimate_levels, ("cnt_levels", "couples")),
    "est_correlates of couples": Estimator(estimate_correlates, ("cnt_correlates", "correlates_of_couples")),
    "est_levels of replicates": Estimator(estimate_levels, ("cnt_levels", "cnt_clusters", "replicates")),
    "est_correlates of replicates": Estimator(
        correlates_by_replicates, ("est_correlates", "cnt_correlates", "replicates_of_correlates")
    ),
    "rows of replicates": Estimator(replicated_nudges, ("cnt_nudges", "replicates")),
    "est_nudge_effects of couples": Estimator(
        estimate_nudge_effects, ("cnt_nudges", "cnt_nudge_covariates", "cnt_nudge_profiles", "couples")
    ),
}
# What a row is about: missing, it needs a reason. A p that a row never has is not among them. All other estimators are
# about an estimate and its interval.
ABOUT_OTHERS = ["estimate", "ci_lower"]
ABOUT = {
    "est_levels": ["estimate", "std_error"],
    "est_correlates": ["estimate", "std_error", "p_value"],
    "est_dont_know_sensitivity": ["estimate"],
    "est_thresholds": ["estimate", "p_value"],
    "est_nudge_effects": ["estimate", "std_error", "p_value", "minimum_detectable"],
    "est_nudge_checks": ["p_value"],
    # The worst case bounds an effect also where a side has no outcome and so no difference was observed.
    "est_nudge_bounds": ["bound_lower", "bound_upper"],
    "est_nudge_trends": [],
    "est_equivalence": ["verdict_id"],
    "est_outcome_gaps": ["estimate", "std_error", "p_value"],
    "est_index_quality": ["estimate"],
    "est_efficacy": ["estimate", "ci_lower", "p_value"],
    "est_staff_gaps": ["estimate", "std_error", "p_value"],
    "est_multiverse": ["estimate", "p_classical_none", "p_linearised_none"],
    "est_respondent_quality": ["level_with"],
    "est_weights": ["n_effective", "design_effect", "lowest_weight", "highest_weight"],
    # est_multiverse has the reason why an estimate is missing.
    "est_multiverse_results": ["n_respondents", "n_specifications"],
    "est_multiverse_cells": ["share_supporting", "share_positive", "share_negative", "share_none"],
    "est_multiverse_areas": ["share_supporting", "share_positive", "share_negative"],
    "est_pooled_councils": ["estimate", "std_error"],
    "est_pooled": ["estimate", "std_error", "ci_lower"],
    "est_location": ["p_value"],
    "raked_weights": ["weight_raked"],
    "rows": ["estimate", "std_error"],
}


@cache
def estimates_of(estimator: str, survey: str) -> pd.DataFrame:
    """Estimates of a survey, computed once for all tests and for the estimators that read them."""
    estimate, tables = ESTIMATORS[estimator]
    return estimate(*(table_of(name, survey) for name in tables))


def table_of(name: str, survey: str) -> pd.DataFrame:
    """A table that an estimator reads: the estimates of another one, the respondents themselves, or their counts."""
    return estimates_of(name, survey) if name in ESTIMATORS else counts_of(name, survey)


@cache
def counts_of(name: str, survey: str) -> pd.DataFrame:
    """Counts of a survey, made once for all estimators that read them."""
    people = SURVEYS[survey]()
    return people if name == "people" else COUNTS[name](people)


@pytest.mark.parametrize("survey", SURVEYS)
@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.slow
def test_a_missing_number_has_a_reason_and_no_p_is_0(estimator, survey):
    estimates = estimates_of(estimator, survey)
    numbers = estimates.select_dtypes("number").astype(float)
    assert not np.isinf(numbers.to_numpy()).any(), numbers.columns[np.isinf(numbers.to_numpy()).any(axis=0)].to_list()
    for column in p_values(estimates):
        p = estimates[column].astype(float).dropna()
        assert ((p > 0) & (p <= 1)).all(), (column, p.to_list())
    about = ABOUT.get(estimator.split(" of ")[0], ABOUT_OTHERS)
    without_reason = estimates[estimates["reason"].isna()] if "reason" in estimates else estimates
    missing = without_reason[about].isna()
    assert not missing.to_numpy().any(), without_reason[missing.any(axis=1)].T.to_string()
    if "p_value" in estimates and "std_error" in estimates:
        is_tested = estimates["p_value"].notna()
        # A chi-square test has no standard error; a t test on one of 0 would be a division by nothing.
        assert not (estimates.loc[is_tested, "std_error"] <= 0).any()
    if estimator == "est_nudge_trends":
        tests = without_reason[without_reason["test_id"] != "isotonic"]
        assert tests[["p_value", "p_value_randomisation"]].notna().any(axis=1).all()


def p_values(estimates: pd.DataFrame) -> list[str]:
    return [
        name for name in estimates.select_dtypes("number") if re.match(r"(headline_)?p_", name) and "error" not in name
    ]


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.slow
def test_the_ordinary_survey_has_numbers(estimator):
    """Else the rules above would hold of nothing."""
    estimates = estimates_of(estimator, "ordinary")
    assert len(estimates) > 0
    if "reason" in estimates and not estimator.startswith("est_location"):
        assert estimates["reason"].isna().any() or estimator.startswith("est_pooled")


def test_no_estimator_is_left_out():
    """Every public function that gives a table of estimates is called by a model, and so tried."""
    found = set()
    for module in pkgutil.walk_packages(statistics.__path__, "coproduction.statistics."):
        functions = inspect.getmembers(import_module(module.name), inspect.isfunction)
        found |= {name for name, _ in functions if name.startswith(("estimate_", "rake_"))}
    assert len(found) > 20
    assert found == {estimator.function.__name__ for estimator in estimators().values()} | {"rake_weights"}


def test_equal_weights_change_no_level_and_have_no_design_effect():
    both = estimates_of("est_levels", "ordinary").set_index(["measure_id", "weighting_id"])
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
