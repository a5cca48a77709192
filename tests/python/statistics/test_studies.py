"""Families of tests are those of a study, and registered hypotheses have families of their own."""

import numpy as np
import pandas as pd
import pytest
from joint_examples import joint_counts, people_of
from statsmodels.stats.multitest import multipletests
from survey_examples import correlate_counts, gap_counts, nudge_counts, respondents_of_reference

from coproduction.statistics.estimates.changes.est_changes import estimate_changes
from coproduction.statistics.estimates.correlates import est_thresholds
from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.correlates.est_joint_correlates import estimate_joint_correlates
from coproduction.statistics.estimates.correlates.est_thresholds import estimate_thresholds
from coproduction.statistics.estimates.levels.est_outcome_gaps import estimate_outcome_gaps
from coproduction.statistics.estimates.levels.est_staff_gaps import estimate_staff_gaps
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.methods.registration import adjust_registered, family_sizes, study_ids

PEOPLE = respondents_of_reference()
# Barnet and Swansea are one study; the survey of Elsewhere is not in the list.
STUDIES = pd.DataFrame(
    {"council_id": ["barnet", "swansea"], "wave_id": ["wave_1", "wave_1"], "study_id": ["panel", "panel"]}
)
OWN = ["barnet", "swansea"]


def staff_counts(people: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Counts of cnt_staff_levels: every third respondent is of the staff, and all staff of `rounds` agree."""
    counts = correlate_counts(people, "individual_index").assign(**columns)
    counts = counts.assign(respondent_role=np.where(counts.index % 3, "citizen", "staff"), measure_id="varied")
    alike = counts.assign(measure_id="alike")
    is_staff = alike["respondent_role"].eq("staff")
    alike.loc[is_staff, "n_positive"] = alike.loc[is_staff, "n_answered"]
    return pd.concat([counts, alike])


def two_waves(people: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """Counts of cnt_changes: both waves of the same people, who often take part in one and not in the other."""
    place = people.index.to_numpy()
    answers = {"earlier_n_positive": place % 3 > 0, "n_positive": place % 7 > 2}
    counts = pd.DataFrame({name: value.astype(float) for name, value in answers.items()}).assign(
        earlier_n_answered=1.0, n_answered=1.0, n_respondents=1, wave_id="wave_1", earlier_wave_id="wave_0",
        theme_id="health", measure_id="activity", comparison_id="neighbours", comparability_id="comparable",
        is_outcome=True,
    )  # fmt: skip
    names = ("gender_label", "age_band", "earlier_gender_label", "earlier_age_band")
    return counts.assign(**dict.fromkeys(names), **columns)


def several_correlates(people: pd.DataFrame, **keys: str) -> pd.DataFrame:
    place = people.index.to_numpy()
    answers = {"hope": place % 5, "trust": place * 7 % 4}
    joint = people_of({"individual_index": place * 13 % 10 / 10}, answers)
    return joint_counts(joint, list(answers), **{"wave_id": "wave_1", **keys})


def surveys(count, council_ids, **columns):
    """Counts of several councils, each with respondents of its own; two topics each."""
    frames = [
        count(PEOPLE[150 * place : 150 * place + 300], council_id=council_id, topic_id=topic_id, **columns)
        for council_id, place in zip(["barnet", "swansea", "elsewhere", "further"], range(4), strict=False)
        for topic_id in ("all", "own")
        if council_id in council_ids
    ]
    return pd.concat(frames, ignore_index=True)


ESTIMATORS = {
    "correlates": (lambda counts: estimate_correlates(counts, studies=STUDIES), correlate_counts),
    "nudge_effects": (lambda counts: estimate_nudge_effects(counts, studies=STUDIES), nudge_counts),
    "thresholds": (lambda counts: estimate_thresholds(counts, STUDIES), correlate_counts),
    "changes": (lambda counts: estimate_changes(counts, STUDIES), two_waves),
    "joint_correlates": (lambda counts: estimate_joint_correlates(counts, STUDIES), several_correlates),
    "outcome_gaps": (lambda counts: estimate_outcome_gaps(counts, studies=STUDIES), gap_counts),
    "staff_gaps": (lambda counts: estimate_staff_gaps(counts, STUDIES), staff_counts),
}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_an_added_study_changes_no_number_of_another(name):
    """Neither the adjusted p, nor the p that is drawn as often as its family needs."""
    estimate, count = ESTIMATORS[name]
    alone = estimate(surveys(count, OWN))
    beside = estimate(surveys(count, ["barnet", "swansea", "elsewhere", "further"]))
    again = beside[beside["council_id"].isin(OWN)].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, again, check_exact=True)
    assert len(beside) > len(again) and alone["p_value_adjusted"].notna().any()


@pytest.mark.parametrize("name", ESTIMATORS)
def test_surveys_of_one_study_share_their_families(name):
    estimate, count = ESTIMATORS[name]
    of_study = estimate(surveys(count, OWN))
    of_barnet = estimate(surveys(count, ["barnet"]))
    sizes = of_study.groupby(["family_id", "weighting_id"])["n_family"].max()
    assert (sizes == 2 * of_barnet.groupby(["family_id", "weighting_id"])["n_family"].max()).all()


def test_a_threshold_is_permuted_for_the_thresholds_of_its_study(monkeypatch):
    """A step that no permutation reaches, so that all 400 for each threshold of the study are drawn."""
    monkeypatch.setattr(est_thresholds, "MOST_PERMUTATIONS", 1)
    cells = pd.DataFrame({"score": np.repeat(np.arange(1.0, 6), 2), "n_positive": [0, 1] * 5, "n_answered": 1})
    cells = cells.assign(n_respondents=[90, 10] * 3 + [30, 70] * 2, answer_kind="valid", wave_id="wave_1")
    keys = {"theme_id": "health", "topic_id": "all", "construct_id": "satisfaction", "outcome_id": "index"}
    frames = [cells.assign(council_id=name, **keys) for name in ("barnet", "swansea", "elsewhere", "further")]
    found = estimate_thresholds(pd.concat(frames), STUDIES).set_index("council_id")
    assert found["n_permutations"].to_dict() == {"barnet": 800, "swansea": 800, "elsewhere": 400, "further": 400}


def test_a_survey_without_a_study_is_one_of_its_own():
    places = pd.DataFrame(
        {"council_id": ["barnet", "elsewhere", "elsewhere"], "wave_id": ["wave_1", "wave_1", "wave_2"]}
    )
    assert study_ids(places, STUDIES).tolist() == ["panel", "elsewhere/wave_1", "elsewhere/wave_2"]
    assert study_ids(places, None).unique().tolist() == ["all"]


def test_a_survey_in_two_studies_is_refused():
    with pytest.raises(ValueError, match="one row per council and wave"):
        study_ids(STUDIES, pd.concat([STUDIES, STUDIES.assign(study_id="other")]))


def hypothesis(hypothesis_id: str, kind: str = "primary", quantity_id: str = "nudge", **selected: str) -> pd.DataFrame:
    blank: dict[str, object] = dict.fromkeys(("outcome_ids", "construct_ids", "contrast_ids", "theme_ids"))
    row = {"hypothesis_id": hypothesis_id, "study_id": "panel", "kind": kind, "quantity_id": quantity_id}
    return pd.DataFrame([row | blank | selected])


def nudge_tests() -> pd.DataFrame:
    """Twelve tests of two outcomes and three nudges in two councils of the study, and six of a third council."""
    p_values = (np.arange(18) * 7 % 18 + 1) / 400
    places = [("barnet", "panel"), ("swansea", "panel"), ("elsewhere", "")]
    rows = [
        (council_id, "wave_1", "health", outcome_id, contrast_id, f"nudges_{outcome_id}", "unweighted")
        for council_id, _ in places
        for outcome_id in ("index", "collective")
        for contrast_id in ("a", "b", "both")
    ]
    columns = ["council_id", "wave_id", "theme_id", "outcome_id", "contrast_id", "family_id", "weighting_id"]
    return pd.DataFrame(rows, columns=columns).assign(p=p_values)


def test_a_primary_hypothesis_is_a_family_of_its_own():
    """Its tests are adjusted among themselves, and the others as if it did not exist."""
    tests = nudge_tests()
    registered = hypothesis("effect_of_a", contrast_ids="a", outcome_ids="index")
    found = adjust_registered(tests, "p", "holm", "nudge", STUDIES, registered)
    is_named = tests.council_id.isin(OWN) & tests.contrast_id.eq("a") & tests.outcome_id.eq("index")
    assert found.family_id[is_named].unique().tolist() == ["hypothesis_effect_of_a"]
    assert found.n_family[is_named].tolist() == [2, 2]
    np.testing.assert_allclose(found.p_value_adjusted[is_named], multipletests(tests.p[is_named], method="holm")[1])
    others = tests.council_id.isin(OWN) & tests.outcome_id.eq("index") & ~is_named
    assert found.n_family[others].tolist() == [4] * 4
    np.testing.assert_allclose(found.p_value_adjusted[others], multipletests(tests.p[others], method="holm")[1])


def test_a_hypothesis_of_one_study_names_no_test_of_another():
    tests = nudge_tests()
    without = adjust_registered(tests, "p", "holm", "nudge", STUDIES)
    found = adjust_registered(tests, "p", "holm", "nudge", STUDIES, hypothesis("everything"))
    elsewhere = tests.council_id.eq("elsewhere")
    pd.testing.assert_frame_equal(found[elsewhere], without[elsewhere], check_exact=True)
    assert found.family_id[~elsewhere].unique().tolist() == ["hypothesis_everything"]
    assert found.n_family[~elsewhere].unique().tolist() == [12]


@pytest.mark.parametrize(("kind", "method"), [("primary", "holm"), ("exploratory", "fdr_bh")])
def test_the_kind_of_a_hypothesis_decides_the_adjustment(kind, method):
    tests = nudge_tests()
    registered = hypothesis("both_outcomes", kind, contrast_ids="a; b")
    found = adjust_registered(tests, "p", "holm", "nudge", STUDIES, registered)
    is_named = found.family_id.eq("hypothesis_both_outcomes")
    assert is_named.sum() == 8
    np.testing.assert_allclose(found.p_value_adjusted[is_named], multipletests(tests.p[is_named], method=method)[1])


def test_what_is_in_no_family_is_in_no_hypothesis():
    tests = nudge_tests()
    tests.loc[tests.contrast_id.eq("both"), "family_id"] = None
    found = adjust_registered(tests, "p", "holm", "nudge", STUDIES, hypothesis("everything"))
    assert found.family_id[found.contrast_id.eq("both")].isna().all()
    assert found.n_family[found.family_id.eq("hypothesis_everything")].unique().tolist() == [8]


def test_each_method_of_a_correlate_has_a_family_of_the_hypothesis():
    """The raw numbers stay, and hypotheses about nudges name no correlate."""
    counts = surveys(correlate_counts, OWN)
    without = estimate_correlates(counts, studies=STUDIES)
    registered = hypothesis("satisfaction", quantity_id="correlate")
    found = estimate_correlates(counts, studies=STUDIES, hypotheses=registered)
    assert set(found.family_id) == {f"hypothesis_satisfaction_{name}" for name in found.method_id.unique()}
    adjusted = ["family_id", "n_family", "p_value_adjusted"]
    pd.testing.assert_frame_equal(found.drop(columns=adjusted), without.drop(columns=adjusted), check_exact=True)
    of_nudges = estimate_correlates(counts, studies=STUDIES, hypotheses=hypothesis("other"))
    pd.testing.assert_frame_equal(of_nudges, without, check_exact=True)


def test_a_registered_effect_is_adjusted_in_its_own_family():
    counts = pd.concat([surveys(nudge_counts, OWN), surveys(nudge_counts, OWN, outcome_id="another")])
    found = estimate_nudge_effects(counts, studies=STUDIES, hypotheses=hypothesis("a_works", contrast_ids="a"))
    named = found[found.family_id.eq("hypothesis_a_works")]
    # One topic of each council: the whole theme is not in a family where there are topics.
    assert len(named) == 4 and named.contrast_id.unique().tolist() == ["a"]
    assert named.model_id.unique().tolist() == ["dummies"] and named.n_family.unique().tolist() == [4]
    expected = multipletests(named.headline_p_value, method="holm")[1]
    np.testing.assert_allclose(named.p_value_adjusted, expected)


def test_a_family_is_at_most_as_large_as_the_study_or_its_outcome():
    """A hypothesis may be about several outcomes, so permutations have to be enough for all of them."""
    tests = nudge_tests()
    assert family_sizes(tests, "nudge", STUDIES).tolist() == [6] * 12 + [3] * 6
    assert family_sizes(tests, "nudge", STUDIES, hypothesis("x")).tolist() == [12] * 12 + [3] * 6
    assert (
        family_sizes(tests, "nudge", STUDIES, hypothesis("x", quantity_id="correlate")).tolist() == [6] * 12 + [3] * 6
    )
    assert family_sizes(tests, "nudge", None).tolist() == [9] * 18
