"""The rule for missing answers on surveys with a known truth: imputing is right where complete answers mislead.

Satisfaction is missing by chance given what is known (MAR): mostly for people who do little and are young. Age is
missing for some, whatever they answered, as every question is in a real survey. Each survey is estimated as in the
warehouse; the truth is the regression of the whole population.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.append(str(Path(__file__).parents[1] / "statistics"))

from joint_examples import joint_counts, people_of

from coproduction.statistics.estimates.correlates import est_joint_correlates as estimator
from coproduction.statistics.methods.regressions import importance, imputation
from coproduction.statistics.methods.regressions.regression import Rows, least_squares, marginal_effects

pytestmark = pytest.mark.thorough

N_SURVEYS, N_RESPONDENTS = 300, 500
CORRELATES = ["age", "satisfaction", "trust"]
OUTCOMES = {"individual_index": "ols", "collective_participation": "logit_marginal"}
# The band of 300 surveys for a coverage of 95 %: four Monte Carlo standard errors, and no more than 99.9 %.
COVERAGE = (0.90, 0.999)


def population(random, n):
    """People with all their answers: correlated answers of five steps, age in bands, an index and a 0/1 outcome."""
    age = random.integers(1, 7, n).astype(float)
    shared = random.standard_normal(n) + 0.25 * (age - 3.5)
    trust, satisfaction = (np.clip(np.round(3 + shared + 0.7 * random.standard_normal(n)), 1, 5) for _ in range(2))
    drive = 0.6 * (satisfaction - 3) - 0.3 * (trust - 3) + 0.2 * (age - 3.5)
    index = np.clip(0.45 + 0.08 * drive + 0.14 * random.standard_normal(n), 0, 1)
    group = (random.random(n) < 1 / (1 + np.exp(0.6 - drive))).astype(float)
    return people_of(
        {"individual_index": index, "collective_participation": group},
        {"age": age, "satisfaction": satisfaction, "trust": trust},
    )


def with_missing_answers(people, random):
    """The same people, of whom those who do little and are young mostly gave no answer on satisfaction."""
    people = people.copy()
    activity = people["individual_index_positive"] / 1000 + 0.3 * people["collective_participation_positive"]
    chance = np.where(activity < 0.55, 0.5 + 0.35 * (people["age"] <= 3), 0.03)
    people.loc[random.random(len(people)) < chance, "satisfaction"] = np.nan
    people.loc[random.random(len(people)) < 0.1, "age"] = np.nan
    return people


@cache
def truth():
    """Coefficients in a population of 400,000, of each outcome."""
    people = population(np.random.default_rng(1), 400_000)
    found = {}
    for outcome, fit in zip(OUTCOMES, (least_squares, marginal_effects), strict=True):
        y = (people[f"{outcome}_positive"] / people[f"{outcome}_answered"]).to_numpy()
        rows = Rows(people[CORRELATES].to_numpy(), y, np.ones(len(y)))
        found[outcome] = fit(rows.standardised()).slopes / rows.scale[1][:-1]
    return found


def surveys(n_surveys=N_SURVEYS):
    for number in range(n_surveys):
        random = np.random.default_rng([2, number])
        yield with_missing_answers(population(random, N_RESPONDENTS), random)


def estimates(n_surveys=N_SURVEYS):
    """Estimates of all surveys; a survey is a council."""
    frames = [
        joint_counts(people, CORRELATES, council_id=f"{number:03d}") for number, people in enumerate(surveys(n_surveys))
    ]
    return estimator.estimate_joint_correlates(pd.concat(frames, ignore_index=True))


@pytest.fixture(scope="module")
def quick_shares():
    """Shares of R2 are not looked at here, and take most of the time."""
    before, importance.N_RESAMPLES_OF_SHARES = importance.N_RESAMPLES_OF_SHARES, 2
    yield
    importance.N_RESAMPLES_OF_SHARES = before


@pytest.fixture(scope="module")
def found(quick_shares):
    return estimates()


def bias_and_coverage(found, outcome, rule):
    """Mean error of each coefficient in standard errors of one survey, and how often its interval has the truth."""
    rows = found[
        found["outcome_id"].eq(outcome) & found["model_id"].eq(OUTCOMES[outcome]) & found["missing_id"].eq(rule)
    ]
    table = {
        name: rows.pivot(index="council_id", columns="construct_id", values=name)[CORRELATES]
        for name in ("estimate", "ci_lower", "ci_upper")
    }
    right = truth()[outcome]
    spread = table["estimate"].std().to_numpy()
    is_covered = (table["ci_lower"] <= right) & (right <= table["ci_upper"])
    return (table["estimate"].mean().to_numpy() - right) / spread, is_covered.mean().to_numpy()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_imputed_answers_give_the_truth(found, outcome):
    bias, coverage = bias_and_coverage(found, outcome, "imputed")
    assert np.abs(bias).max() < 0.35
    assert ((coverage >= COVERAGE[0]) & (coverage <= COVERAGE[1])).all()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_complete_answers_do_not(found, outcome):
    """Otherwise the surveys would not show what imputing is for."""
    bias, coverage = bias_and_coverage(found, outcome, "complete")
    assert np.abs(bias).max() > 0.8
    assert coverage.min() < COVERAGE[0]


def without_outcomes(values, seed, n_imputations=None):
    """A common mistake: outcomes are left out of the imputation."""
    for filled in imputation.imputed(values[:, : len(CORRELATES)], seed, n_imputations):
        yield np.column_stack([filled, values[:, len(CORRELATES) :]])


def by_the_mean(values, seed, n_imputations=None):
    """A common mistake: the mean in place of what is missing."""
    for _ in range(2):
        yield np.where(np.isnan(values), np.nanmean(values, axis=0), values)


@pytest.mark.parametrize("mistake", [without_outcomes, by_the_mean])
def test_the_simulation_notices_a_wrong_imputation(monkeypatch, quick_shares, mistake):
    monkeypatch.setattr(estimator, "imputed", mistake)
    found = estimates(120)
    worst = [bias_and_coverage(found, outcome, "imputed") for outcome in OUTCOMES]
    assert max(np.abs(bias).max() for bias, _ in worst) > 0.6
    assert min(coverage.min() for _, coverage in worst) < COVERAGE[0]


def test_the_simulation_notices_errors_of_one_imputation(monkeypatch, quick_shares):
    """Without the variance between the imputations the intervals are too short."""

    def first_part_only(estimates, variances, df):
        of = imputation.pooled(estimates, variances, df)
        return imputation.Pooled(of.estimate, np.sqrt(variances.mean(axis=0)), of.df)

    monkeypatch.setattr(estimator, "pooled", first_part_only)
    found = estimates(200)
    assert min(bias_and_coverage(found, outcome, "imputed")[1].min() for outcome in OUTCOMES) < COVERAGE[0]


def missing_indicator(people):
    """Coefficients with the mean for what is missing and a dummy that says so: never used, and this is why."""
    x = people[CORRELATES].to_numpy()
    is_missing = np.isnan(x)
    filled = np.where(is_missing, np.nanmean(x, axis=0), x)
    y = (people["individual_index_positive"] / 1000).to_numpy()
    rows = Rows(np.column_stack([filled, is_missing[:, :2]]), y, np.ones(len(y)))
    return (least_squares(rows.standardised()).slopes / rows.scale[1][:-1])[: len(CORRELATES)]


def inverse_probability(people):
    """Complete answers, weighted by how often people with the same outcomes gave them: all that everybody answered."""
    does = (people["individual_index_positive"] // 150).astype(str) + people[
        "collective_participation_positive"
    ].astype(str)
    is_complete = people[CORRELATES].notna().all(axis=1)
    weight = 1 / is_complete.groupby(does).transform("mean")
    of = people[is_complete]
    y = (of["individual_index_positive"] / 1000).to_numpy()
    rows = Rows(of[CORRELATES].to_numpy(), y, np.ones(len(y)), weight[is_complete].to_numpy())
    return least_squares(rows.standardised()).slopes / rows.scale[1][:-1]


def test_a_missing_indicator_and_inverse_probability_weights_are_worse(found):
    """By mean squared error of the three coefficients, each in standard errors; why imputing was chosen."""
    right = truth()["individual_index"]
    imputed = found[found["outcome_id"].eq("individual_index") & found["missing_id"].eq("imputed")]
    ours = imputed.pivot(index="council_id", columns="construct_id", values="estimate")[CORRELATES].to_numpy()
    spread = ours.std(axis=0)

    def error(estimates):
        return float((((np.asarray(estimates) - right) / spread) ** 2).mean())

    others = {
        rule.__name__: error([rule(people) for people in surveys()])
        for rule in (missing_indicator, inverse_probability)
    }
    assert error(ours) < 1.15
    assert others["missing_indicator"] > 1.3 * error(ours), others
    assert others["inverse_probability"] > 1.1 * error(ours), others
