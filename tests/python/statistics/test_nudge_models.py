"""The models beside the headline and the max-t p-values, against R, statsmodels, brute force and planted truth."""

import numpy as np
import pandas as pd
import pytest
from nudge_examples import (
    OUTCOMES,
    REFERENCE,
    covariate_counts,
    experiment_counts,
    experiment_of_reference,
    profile_counts,
    values_of,
)
from scipy import stats
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS

from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects, read_profiles
from coproduction.statistics.estimates.nudges.nudge_models import _merged_levels
from coproduction.statistics.methods import resampling, survey_maximum

PEOPLE = experiment_of_reference()
SPARSE = experiment_of_reference(90)
CASES = {"large": PEOPLE, "sparse": SPARSE}
CONTRASTS = ["a", "b", "both", "interaction"]
# Goals of the project: regressions to 1e-9, degrees of freedom, p-values and logit to 1e-8. R wrote 12 digits.
TOLERANCE = {"estimate": 1e-9, "std_error": 1e-9, "ci_lower": 1e-9, "df": 1e-8, "p_value": 1e-8}

pytestmark = pytest.mark.filterwarnings("error")


def effects_of(people: pd.DataFrame, outcome_id: str, model_id: str) -> pd.DataFrame:
    effects = estimate_nudge_effects(experiment_counts(people, outcome_id), covariate_counts(people, outcome_id))
    return effects[effects["model_id"].eq(model_id)].set_index("contrast_id")


def assert_equals_r(effects: pd.DataFrame, case: str, outcome: str, model_id: str, contrasts: list[str]) -> None:
    for contrast_id in contrasts:
        for column, tolerance in TOLERANCE.items():
            quantity = f"{case}_{outcome}_{model_id}_{contrast_id}_{column.replace('p_value', 'p')}"
            if column == "df" and model_id.startswith("logit"):
                assert np.isnan(effects.loc[contrast_id, "df"])
                continue
            loose = 1e-8 if model_id.startswith("logit") else tolerance
            assert effects.loc[contrast_id, column] == pytest.approx(REFERENCE[quantity], rel=loose, abs=0), quantity


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_lins_regression_equals_estimatr(outcome):
    effects = effects_of(PEOPLE, OUTCOMES[outcome], "lin")
    assert_equals_r(effects, "large", outcome, "lin", CONTRASTS)
    assert effects["n_respondents"].eq(REFERENCE[f"large_{outcome}_lin_n"]).all()
    assert effects["std_error_type"].eq("HC2 Bell-McCaffrey").all()


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.slow
def test_lins_regression_from_counts_equals_that_of_one_row_per_respondent(outcome):
    """To 1e-10, the goal for compressed data: centred covariates, fully interacted with the arms, HC2."""
    people = PEOPLE.assign(y=100 * values_of(PEOPLE, OUTCOMES[outcome])).dropna(
        subset=["y", "age_band", "gender_score"]
    )
    arms = np.column_stack([people["arm_id"].eq(arm) for arm in ("a", "b", "both")]).astype(float)
    covariates = pd.get_dummies(people[["age_band", "gender_score"]].astype(str), drop_first=True).to_numpy(float)
    centred = covariates - covariates.mean(axis=0)
    interactions = (arms[:, :, None] * centred[:, None, :]).reshape(len(people), -1)
    matrix = np.hstack([np.ones((len(people), 1)), arms, centred, interactions])
    fit = OLS(people["y"].to_numpy(), matrix).fit(cov_type="HC2")
    effects = effects_of(PEOPLE, OUTCOMES[outcome], "lin").loc[["a", "b", "both"]]
    np.testing.assert_allclose(effects["estimate"], fit.params[1:4], rtol=1e-10)
    np.testing.assert_allclose(effects["std_error"], fit.bse[1:4], rtol=1e-10)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.slow
def test_the_interaction_has_its_own_error_and_degrees_of_freedom_as_in_estimatr(case, outcome):
    effects = effects_of(CASES[case], OUTCOMES[outcome], "dummies")
    assert_equals_r(effects, case, outcome, "dummies", ["interaction"])
    by_hand = effects.loc["both", "estimate"] - effects.loc["a", "estimate"] - effects.loc["b", "estimate"]
    assert effects.loc["interaction", "estimate"] == pytest.approx(by_hand, rel=1e-9)
    assert effects.loc["interaction", "n_arm"] == effects["n_arm"].min()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("contrast_id", ["a", "b", "both"])
@pytest.mark.slow
def test_dummies_equal_the_difference_in_means_of_estimatr(case, outcome, contrast_id):
    effects = effects_of(CASES[case], OUTCOMES[outcome], "dummies")
    for column in ("estimate", "std_error"):
        expected = REFERENCE[f"{case}_{outcome}_dummies_{contrast_id}_{column}"]
        assert effects.loc[contrast_id, column] == pytest.approx(expected, rel=1e-9, abs=0)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.slow
def test_the_fractional_logit_equals_glm_and_sandwich(case, outcome):
    assert_equals_r(effects_of(CASES[case], OUTCOMES[outcome], "logit"), case, outcome, "logit", CONTRASTS)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_adjusted_fractional_logit_equals_glm_and_sandwich(outcome):
    effects = effects_of(PEOPLE, OUTCOMES[outcome], "logit_adjusted")
    assert_equals_r(effects, "large", outcome, "logit_adjusted", CONTRASTS)


@pytest.mark.parametrize("outcome_id", OUTCOMES.values())
@pytest.mark.slow
def test_the_adjusted_fractional_logit_equals_statsmodels_on_one_row_per_respondent(outcome_id):
    people = PEOPLE.assign(y=values_of(PEOPLE, outcome_id)).dropna(subset=["y", "age_band", "gender_score"])
    arms = np.column_stack([people["arm_id"].eq(arm) for arm in ("none", "a", "b", "both")]).astype(float)
    covariates = pd.get_dummies(people[["age_band", "gender_score"]].astype(str), drop_first=True).to_numpy(float)
    fit = GLM(people["y"], np.hstack([arms, covariates]), family=Binomial()).fit(cov_type="HC0", tol=1e-14)
    effects = effects_of(PEOPLE, outcome_id, "logit_adjusted")
    predictions, gradients = [], []
    for arm in range(4):
        matrix = np.hstack([np.tile(np.eye(4)[arm], (len(people), 1)), covariates])
        mu = fit.predict(matrix)
        predictions.append(mu.mean())
        gradients.append((matrix * (mu * (1 - mu))[:, None]).mean(axis=0))
    for arm, contrast_id in enumerate(("a", "b", "both"), start=1):
        gradient = gradients[arm] - gradients[0]
        error = np.sqrt(gradient @ fit.cov_params() @ gradient)
        effect = effects.loc[contrast_id]
        assert effect["estimate"] == pytest.approx(100 * (predictions[arm] - predictions[0]), rel=1e-8, abs=0)
        assert effect["std_error"] == pytest.approx(100 * error, rel=1e-8, abs=0)


@pytest.mark.slow
def test_without_covariates_the_logit_predicts_the_arms_means():
    logit, dummies = (effects_of(PEOPLE, "individual_index", model) for model in ("logit", "dummies"))
    np.testing.assert_allclose(logit["estimate"], dummies["estimate"], rtol=1e-12)
    assert (logit["std_error"] < dummies["std_error"]).all()


@pytest.mark.slow
def test_adjusted_models_stand_only_where_the_export_has_covariates():
    bare = PEOPLE.assign(age_band=None, gender_score=np.nan)
    counts = [experiment_counts(PEOPLE), experiment_counts(PEOPLE, council_id="bristol")]
    covariates = [covariate_counts(PEOPLE), covariate_counts(bare, council_id="bristol")]
    effects = estimate_nudge_effects(pd.concat(counts), pd.concat(covariates))
    models = effects.groupby("council_id")["model_id"].agg(lambda model: sorted(set(model)))
    assert models["barnet"] == ["dummies", "lin", "logit", "logit_adjusted"]
    assert models["bristol"] == ["dummies", "logit"]


def test_a_survey_with_age_only_is_adjusted_for_age_only():
    aged = PEOPLE.assign(gender_score=np.nan)
    effects = effects_of(aged, "individual_index", "lin")
    has_both = values_of(PEOPLE, "individual_index").notna() & PEOPLE["age_band"].notna()
    assert effects["n_respondents"].eq(has_both.sum()).all()
    assert effects["reason"].isna().all()


@pytest.mark.slow
def test_adjustment_for_a_covariate_that_predicts_the_outcome_makes_errors_smaller_and_keeps_the_truth():
    """Planted: 30 points between the genders, a nudge of 10 points, genders unequal between the arms by chance."""
    random = np.random.default_rng(11)
    n = 4000
    people = pd.DataFrame({"arm_id": np.repeat(["none", "a"], n // 2), "gender_score": random.integers(1, 3, n)})
    share = 0.2 + 0.5 * (people["gender_score"] == 2) + 0.1 * people["arm_id"].eq("a")
    people["n_positive"] = random.binomial(20, share)
    people = people.assign(n_answered=20, age_band=None)
    dummies, lin = (effects_of(people, "individual_index", model).loc["a"] for model in ("dummies", "lin"))
    assert abs(lin["estimate"] - 10) < 3 * lin["std_error"]
    assert lin["std_error"] < 0.5 * dummies["std_error"]


@pytest.mark.slow
@pytest.mark.parametrize("n_left", [0, 1])
def test_an_age_band_with_one_or_nobody_in_an_arm_is_merged_with_its_neighbour(n_left):
    """Lin's row of every arm equals that of people whose two oldest bands are one; the other models keep them apart."""
    oldest = PEOPLE.index[PEOPLE["arm_id"].eq("a") & PEOPLE["age_band"].eq("75+")]
    people = PEOPLE.drop(index=oldest[n_left:])
    bands = sorted(PEOPLE["age_band"].dropna().unique())
    assert bands[-1] == "75+"
    by_hand = people.assign(age_band=people["age_band"].replace("75+", bands[-2]))
    found, expected = (effects_of(frame, "individual_index", "lin") for frame in (people, by_hand))
    assert found["reason"].isna().all()
    assert (found["n_merged_levels"].eq(1).all(), expected["n_merged_levels"].eq(0).all()) == (True, True)
    columns = ["estimate", "std_error", "df", "p_value", "ci_lower", "ci_upper", "minimum_detectable"]
    pd.testing.assert_frame_equal(found[columns], expected[columns], rtol=1e-11)
    assert effects_of(people, "individual_index", "dummies")["n_merged_levels"].isna().all()
    full = effects_of(PEOPLE, "individual_index", "lin")
    assert full["n_merged_levels"].eq(0).all()


@pytest.mark.parametrize(
    ("table", "first_of"),
    [
        # Nothing to merge; two in a level are enough.
        ([[2, 5, 9], [9, 2, 2]], [0, 1, 2]),
        # The lonely one goes to the smaller neighbour, whichever arm they are in.
        ([[9, 1, 5], [9, 9, 9]], [0, 1, 1]),
        ([[4, 1, 5], [3, 9, 9]], [0, 0, 2]),
        # At an end there is one neighbour.
        ([[0, 5, 9], [9, 9, 9]], [0, 0, 2]),
        # Two levels of one each make one of two; the others stay.
        ([[9, 9, 1, 1], [9, 9, 9, 9]], [0, 1, 2, 2]),
        # Too few for two levels: no adjustment is left.
        ([[1, 1, 1], [9, 9, 9]], [0, 0, 0]),
    ],
)
def test_levels_are_merged_until_each_arm_has_two(table, first_of):
    assert _merged_levels(np.array(table)).tolist() == first_of


@pytest.mark.slow
def test_an_adjustment_that_the_respondents_cannot_carry_is_missing_with_a_reason():
    """An arm of nine does not decide what is merged, and one of them in a band has a leverage of 1."""
    in_arm = PEOPLE[PEOPLE["arm_id"].eq("a")].dropna()
    oldest = in_arm.index[in_arm["age_band"].eq("75+")]
    kept = [*oldest[:1], *in_arm.index.difference(oldest)[:8]]
    people = PEOPLE.drop(index=PEOPLE.index[PEOPLE["arm_id"].eq("a")].difference(kept))
    lin = effects_of(people, "individual_index", "lin")
    assert lin["n_merged_levels"].eq(0).all()
    for contrast_id in ("a", "interaction"):
        assert lin.loc[contrast_id, ["std_error", "df", "p_value", "minimum_detectable"]].isna().all()
        assert "too few respondents in some age band" in lin.loc[contrast_id, "reason"]
    assert lin.loc["b", "p_value"] > 0
    assert effects_of(people, "individual_index", "dummies")["reason"].isna().all()


@pytest.mark.slow
def test_an_age_band_in_which_nobody_takes_part_has_no_finite_logit():
    people = PEOPLE.copy()
    people.loc[people["age_band"].eq("75+"), "collective_participation"] = 0
    effects = effects_of(people, "collective_participation", "logit_adjusted")
    assert effects[["estimate", "std_error", "p_value"]].isna().all(axis=None)
    assert effects["reason"].str.startswith("no finite fit").all()


@pytest.mark.parametrize("model_id", ["dummies", "lin", "logit", "logit_adjusted"])
@pytest.mark.slow
def test_an_arm_without_variation_has_a_reason_in_every_model_and_a_permutation_p_as_headline(model_id):
    people = PEOPLE.copy()
    people.loc[people["arm_id"].eq("b"), "collective_participation"] = 0
    effects = effects_of(people, "collective_participation", model_id)
    for contrast_id in ("b", "interaction"):
        assert effects.loc[contrast_id, ["std_error", "p_value", "ci_lower", "minimum_detectable"]].isna().all()
        assert effects.loc[contrast_id, "reason"]
    if model_id == "dummies":
        assert effects.loc["b", "headline_p_value_type"] == "randomisation"
        assert effects.loc["b", "headline_p_value"] == effects.loc["b", "p_value_randomisation"]


@pytest.mark.parametrize("model_id", ["dummies", "lin", "logit", "logit_adjusted"])
@pytest.mark.slow
def test_an_arm_of_one_person_has_a_reason_in_every_model(model_id):
    people = PEOPLE.drop(index=PEOPLE.index[PEOPLE["arm_id"].eq("b")][1:]).dropna()
    lonely = pd.concat([people[people["arm_id"].ne("b")], PEOPLE.dropna()[lambda p: p["arm_id"].eq("b")][:1]])
    effects = effects_of(lonely, "individual_index", model_id)
    for contrast_id in ("b", "interaction"):
        assert effects.loc[contrast_id, ["std_error", "p_value"]].isna().all()
        assert effects.loc[contrast_id, "reason"].startswith("fewer than two respondents in")


def test_nothing_but_missing_outcomes_gives_reasons_and_no_numbers():
    people = PEOPLE.assign(collective_participation=np.nan)
    effects = estimate_nudge_effects(
        experiment_counts(people, "collective_participation"), covariate_counts(people, "collective_participation")
    )
    assert len(effects) > 0
    assert effects[["estimate", "std_error", "p_value", "p_value_randomisation"]].isna().all(axis=None)
    assert effects["reason"].notna().all()


# Randomisation


@pytest.mark.slow
def test_p_values_of_permutations_and_max_t_approach_those_of_all_assignments(monkeypatch):
    """R listed all 92,400 ways to give eleven people four arms; the interaction is not in the maximum."""
    monkeypatch.setattr(resampling, "PERMUTATIONS_OF_ARMS", 40_000)
    arms = np.repeat(["none", "a", "b", "both"], [3, 3, 3, 2])
    people = pd.DataFrame({"arm_id": arms, "n_positive": [0, 1, 1, 2, 3, 4, 4, 1, 2, 3, 2], "n_answered": 4})
    effects = estimate_nudge_effects(experiment_counts(people))
    effects = effects[effects["model_id"].eq("dummies")].set_index("contrast_id")
    for contrast_id in CONTRASTS:
        expected = REFERENCE[f"randomisation_{contrast_id}"]
        assert effects.loc[contrast_id, "p_value_randomisation"] == pytest.approx(expected, abs=0.01)
    for contrast_id in CONTRASTS[:3]:
        expected = REFERENCE[f"max_t_{contrast_id}"]
        assert effects.loc[contrast_id, "p_value_max_t"] == pytest.approx(expected, abs=0.01)
        assert abs(expected - REFERENCE[f"randomisation_{contrast_id}"]) > 0.03
    assert np.isnan(effects.loc["interaction", "p_value_max_t"])


@pytest.mark.slow
def test_max_t_is_never_below_the_single_p_and_never_above_bonferroni_by_more_than_monte_carlo():
    for outcome_id in OUTCOMES.values():
        effects = effects_of(PEOPLE, outcome_id, "dummies").drop(index="interaction")
        assert (effects["p_value_max_t"] >= effects["p_value_randomisation"]).all()
        assert (effects["p_value_max_t"] <= 3 * effects["p_value_randomisation"] + 0.02).all()
        p, error = effects["p_value_randomisation"], effects["p_value_randomisation_error"]
        np.testing.assert_allclose(error, np.sqrt(p * (1 - p) / 1999), rtol=1e-12)


def themes_of(people: pd.DataFrame, n_themes: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts and profiles of people who give the same answers in every theme: as clustered as can be."""
    themes = [f"theme_{theme}" for theme in range(n_themes)]
    counts = pd.concat([experiment_counts(people, "collective_participation", theme_id=theme) for theme in themes])
    answers = people.assign(n_positive=people["collective_participation"], n_answered=1)
    answers["n_answered"] = answers["n_answered"].mask(people["collective_participation"].isna(), 0)
    return counts, profile_counts(people, {f"{theme}/all/collective_participation": answers for theme in themes})


@pytest.mark.slow
def test_a_person_who_answers_alike_in_every_theme_counts_once():
    """With equal themes the survey's maximum is one theme's: without the cluster it would be like nine tests."""
    counts, profiles = themes_of(PEOPLE.dropna(), 3)
    effects = estimate_nudge_effects(counts, profiles=profiles)
    effects = effects[effects["family_id"].notna()]
    np.testing.assert_allclose(effects["p_value_max_t_survey"], effects["p_value_max_t"], atol=0.04)
    alone = effects["p_value_randomisation"]
    assert ((1 - (1 - alone) ** 9) - effects["p_value_max_t_survey"]).max() > 0.1


@pytest.mark.slow
def test_the_surveys_maximum_is_over_the_familys_themes_arms_and_one_outcome():
    """Independent themes: nine tests of no effect make the smallest p about nine times as likely."""
    random = np.random.default_rng(3)
    people = pd.DataFrame({"arm_id": np.repeat(["none", "a", "b", "both"], 100)})
    answers = {f"theme_{k}": people.assign(n_positive=random.binomial(6, 0.4, 400), n_answered=6) for k in range(3)}
    counts = pd.concat([experiment_counts(frame, theme_id=theme) for theme, frame in answers.items()])
    profiles = profile_counts(people, {f"{theme}/all/individual_index": frame for theme, frame in answers.items()})
    effects = estimate_nudge_effects(counts, profiles=profiles)
    effects = effects[effects["family_id"].notna()]
    strongest = effects.loc[effects["p_value_randomisation"].idxmin()]
    assert strongest["p_value_max_t"] < strongest["p_value_max_t_survey"]
    independent = 1 - (1 - effects["p_value_max_t"]) ** 3
    np.testing.assert_allclose(effects["p_value_max_t_survey"], independent, atol=0.08)


@pytest.mark.slow
def test_missing_outcomes_leave_their_theme_and_not_the_person():
    full = PEOPLE.dropna(subset=["collective_participation"])
    assert len(full) < len(PEOPLE)
    (counts, profiles), (full_counts, full_profiles) = themes_of(PEOPLE, 2), themes_of(full, 2)
    with_holes = estimate_nudge_effects(counts, profiles=profiles)
    without = estimate_nudge_effects(full_counts, profiles=full_profiles)
    columns = ["estimate", "p_value_max_t_survey"]
    mine, theirs = (e[e["family_id"].notna()][columns].to_numpy() for e in (with_holes, without))
    np.testing.assert_allclose(mine[:, 0], theirs[:, 0])
    np.testing.assert_allclose(mine[:, 1], theirs[:, 1], atol=0.05)


def test_profiles_are_read_by_name():
    texts = pd.Series(["x/all/collective_participation=1/1;y/all/individual_index=3/4", "", "z/all/other=1/1"])
    values = read_profiles(texts, np.array(["x/all/collective_participation", "y/all/individual_index"]))
    np.testing.assert_array_equal(values, [[1, 0.75], [np.nan, np.nan], [np.nan, np.nan]])


AGAINST_NONE = np.array([[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])


def large_survey(n, rare=0.5):
    """Profiles of n people in three arms: three outcomes of which the first two are nearly alike, some missing."""
    random = np.random.default_rng(0)
    leaning = random.normal(size=(n, 1))
    scores = np.hstack([leaning, leaning + 0.3 * random.normal(size=(n, 1)), random.normal(size=(n, 1))])
    limits = [np.quantile(score, 1 - share) for score, share in zip(scores.T, (0.4, 0.4, rare), strict=True)]
    outcomes = (scores > limits).astype(float)
    outcomes[random.random((n, 3)) < 0.1] = np.nan
    return outcomes, random.choice(3, n, p=[0.5, 0.3, 0.2]), np.ones(n, dtype=int)


@pytest.mark.parametrize("mistake", [None, "independent outcomes"])
def test_the_limit_of_permutations_gives_the_maxima_of_shuffles(monkeypatch, mistake):
    people = large_survey(3_000)
    _, shuffled = survey_maximum.survey_statistics(*people, AGAINST_NONE, seed=1)
    monkeypatch.setattr(survey_maximum, "LARGE_SURVEY", 0)
    if mistake:
        monkeypatch.setattr(np.linalg, "eigh", lambda matrix: (np.ones(len(matrix)), np.eye(len(matrix))))
    _, drawn = survey_maximum.survey_statistics(*people, AGAINST_NONE, seed=1)
    assert drawn.shape == shuffled.shape == (2, resampling.PERMUTATIONS_OF_ARMS, 3)
    for of in (np.s_[:, :, :2], np.s_[:, :, :], np.s_[:1, :, :1]):
        p = stats.ks_2samp(shuffled[of].max(axis=(0, 2)), drawn[of].max(axis=(0, 2))).pvalue
        # One statistic alone knows nothing of the others.
        if not mistake or of == np.s_[:1, :, :1]:
            assert p > 0.01
        elif of == np.s_[:, :, :2]:
            assert p < 1e-6


def test_equal_profiles_may_be_counted_or_listed(monkeypatch):
    monkeypatch.setattr(survey_maximum, "LARGE_SURVEY", 0)
    outcomes, arm, n = large_survey(3_000)
    profiles, count = np.unique(np.column_stack([outcomes, arm]), axis=0, return_counts=True)
    listed = survey_maximum.survey_statistics(outcomes, arm, n, AGAINST_NONE, seed=1)
    counted = survey_maximum.survey_statistics(profiles[:, :3], profiles[:, 3].astype(int), count, AGAINST_NONE, seed=1)
    for mine, theirs in zip(counted, listed, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9)


def test_an_arm_without_a_contrast_may_be_in_a_large_survey(monkeypatch):
    outcomes, arm, n = large_survey(6_000)
    arm[:2_000] = -1
    _, shuffled = survey_maximum.survey_statistics(outcomes, arm, n, AGAINST_NONE, seed=1)
    monkeypatch.setattr(survey_maximum, "LARGE_SURVEY", 0)
    _, drawn = survey_maximum.survey_statistics(outcomes, arm, n, AGAINST_NONE, seed=1)
    assert stats.ks_2samp(shuffled.max(axis=(0, 2)), drawn.max(axis=(0, 2))).pvalue > 0.01


@pytest.mark.slow
def test_a_rare_outcome_of_a_large_survey_is_shuffled_fewer_times_in_bounded_memory():
    people = large_survey(120_000, rare=0.001)
    _, permuted = survey_maximum.survey_statistics(*people, AGAINST_NONE, seed=1)
    assert permuted.shape == (2, resampling.FEWEST_PERMUTATIONS, 3)
    # Studentised permutations of the other outcomes follow the normal distribution at this size.
    assert np.abs(permuted[:, :, :2]).max() < 5
    assert 0.5 < np.median(permuted[:, :, :2]) < 0.9


@pytest.mark.parametrize(
    ("n", "share", "expected"),
    [(100, 0.5, "t"), (59, 0.5, "randomisation"), (100, 0.08, "randomisation"), (100, 0.95, "randomisation")],
)
def test_small_arms_and_few_events_make_the_permutation_p_the_headline(n, share, expected):
    positive = np.arange(n) < round(share * n)
    arms = [("none", np.tile([0, 1], 50)), ("a", positive.astype(int))]
    people = pd.concat([pd.DataFrame({"arm_id": arm, "collective_participation": y}) for arm, y in arms])
    people = people.assign(n_positive=np.nan, n_answered=np.nan)
    effects = estimate_nudge_effects(experiment_counts(people, "collective_participation"))
    effect = effects[effects["model_id"].eq("dummies")].iloc[0]
    assert effect["headline_p_value_type"] == expected
    column = {"t": "p_value", "randomisation": "p_value_randomisation"}[expected]
    assert effect["headline_p_value"] == effect[column]
    assert effects.loc[effects["model_id"].ne("dummies"), "headline_p_value_type"].isna().all()


def test_only_the_arms_of_the_headline_model_are_in_a_family():
    effects = estimate_nudge_effects(experiment_counts(PEOPLE), covariate_counts(PEOPLE))
    is_in = effects["model_id"].eq("dummies") & effects["contrast_id"].ne("interaction")
    assert effects.loc[is_in, "family_id"].eq("nudges_individual_index").all()
    assert effects.loc[is_in, "n_family"].eq(3).all()
    assert effects.loc[~is_in, ["family_id", "n_family", "p_value_adjusted"]].isna().all(axis=None)


@pytest.mark.slow
def test_results_with_all_frames_do_not_depend_on_the_order_of_rows():
    profiles = profile_counts(PEOPLE, {"health/all/individual_index": PEOPLE})
    frames = [experiment_counts(PEOPLE), covariate_counts(PEOPLE), profiles]
    expected = estimate_nudge_effects(*frames)
    assert expected["p_value_max_t_survey"].notna().sum() == 3
    shuffled = [frame.sample(frac=1, random_state=4) for frame in frames]
    pd.testing.assert_frame_equal(estimate_nudge_effects(*shuffled), expected, check_exact=True)


@pytest.mark.slow
def test_empty_frames_give_typed_columns():
    full = estimate_nudge_effects(experiment_counts(PEOPLE), covariate_counts(PEOPLE))
    profiles = profile_counts(PEOPLE, {"health/all/individual_index": PEOPLE})
    empty = estimate_nudge_effects(experiment_counts(PEOPLE)[:0], covariate_counts(PEOPLE)[:0], profiles[:0])
    assert len(empty) == 0
    pd.testing.assert_series_equal(empty.dtypes, full.dtypes)
