"""Raking, weighted levels, correlations and contrasts against R's survey 4.1 (reference/weights.R)."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from survey_examples import KEYS, REFERENCE, _mix, weighted_counts

from coproduction.statistics.estimates.correlates.est_correlates import estimate_correlates
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.estimates.nudges.est_nudge_effects import estimate_nudge_effects
from coproduction.statistics.methods.weights.raked_errors import raked_errors, read_margin_cells
from coproduction.statistics.methods.weights.raking import rake_weights
from coproduction.statistics.methods.weights.weighting import (
    FEW_EFFECTIVE,
    degrees_of_freedom,
    weighted_correlation,
    weighted_moments,
)

R = pd.read_csv(REFERENCE.parent / "weights.csv", index_col="quantity")["value"]
SCHOOLS = pd.read_csv(REFERENCE.parent / "weights_api.csv")
WEIGHTS = {"rel": 1e-8, "abs": 0}
ESTIMATE = {"rel": 1e-9, "abs": 0}

PERSON = np.arange(600)
ANSWERED = 3 + _mix(PERSON, 53, 11, 3)
POSITIVE = np.minimum(ANSWERED, _mix(PERSON, 97, 5, 4))
ROWS = pd.DataFrame(
    {
        "n_positive": POSITIVE,
        "n_answered": ANSWERED,
        "collective": (_mix(PERSON, 61, 3, 10) < 2).astype(int),
        "score": 1.0 + (2 * POSITIVE + _mix(PERSON, 71, 13, 5)) % 5,
        "arm": np.array(["none", "a", "both"])[(PERSON % 7 > 2).astype(int) + (PERSON % 7 > 5)],
        "weight": np.array([0.4, 0.75, 1, 1.3333, 2.5, 6])[_mix(PERSON, 43, 17, 6)],
        "answers": _mix(PERSON, 29, 23, 11) > 0,
    }
)
SUBSETS = {"all": ROWS, "answering": ROWS[ROWS["answers"]], "sparse": ROWS[PERSON % 50 == 0]}
_AGE, _EDUCATION = _mix(PERSON, 59, 31, 20), _mix(PERSON, 101, 3, 16)
PEOPLE = pd.DataFrame(
    {
        "respondent_key": [f"person_{i:03d}" for i in PERSON],
        "age_band": np.array(["16-34", "35-54", "55-74", "75+"])[(_AGE > 0).astype(int) + (_AGE > 6) + (_AGE > 13)],
        "gender_label": np.array(["Female", "Male"])[(_mix(PERSON, 83, 7, 9) > 4).astype(int)],
        "education_label": np.array(["Degree", "School", "None"])[(_EDUCATION > 8).astype(int) + (_EDUCATION > 14)],
        "council_id": "barnet",
        "wave_id": "wave_1",
    }
)
FAR = {
    "age_band": {"16-34": 0.12, "35-54": 0.30, "55-74": 0.32, "75+": 0.26},
    "gender_label": {"Female": 0.51, "Male": 0.49},
    "education_label": {"Degree": 0.42, "None": 0.15, "School": 0.43},
}
# apipop: 4421 elementary, 755 high and 1018 middle schools; 1072 without and 5122 with the school-wide target met.
CALIFORNIA = {
    "age_band": {"E": 4421 / 6194, "H": 755 / 6194, "M": 1018 / 6194},
    "gender_label": {"No": 1072 / 6194, "Yes": 5122 / 6194},
}


def margins(shares):
    rows = [("barnet", "wave_1", name, *row) for name, of_name in shares.items() for row in of_name.items()]
    return pd.DataFrame(rows, columns=["council_id", "wave_id", "variable", "category", "share"])


def schools(kind=SCHOOLS["kind"]):
    return pd.DataFrame(
        {
            "respondent_key": SCHOOLS["school"],
            "council_id": "barnet",
            "wave_id": "wave_1",
            "age_band": kind,
            "gender_label": SCHOOLS["wide"],
        }
    )


def r_weights(name):
    return R[R.index.str.startswith(f"{name}_weight_")].to_numpy()


def level_counts(rows, measure_id):
    keys = KEYS | {"measure_id": measure_id, "breakdown_id": "all", "breakdown_value": "all"}
    return weighted_counts(outcome_cells(rows, measure_id).assign(**keys), rows["weight"])


def correlate_cells(rows, outcome_id):
    kind = np.where(rows["answers"], "valid", "dont_know")
    answers = outcome_cells(rows, outcome_id).assign(answer_kind=kind, score=rows["score"].where(rows["answers"]))
    return answers.assign(construct_id="conditions", outcome_id=outcome_id, **KEYS)


def nudge_cells(rows, outcome_id):
    outcome = outcome_cells(rows, outcome_id).where(rows["answers"], axis=0)
    return outcome.assign(arm_id=rows["arm"], outcome_id=outcome_id, **KEYS)


def outcome_cells(rows, outcome_id):
    if outcome_id == "individual_index":
        return rows[["n_positive", "n_answered"]]
    return pd.DataFrame({"n_positive": rows["collective"], "n_answered": 1})


def arrays(rows, *columns):
    """One cell per respondent of one group."""
    n, weight = np.ones(len(rows)), rows["weight"].to_numpy()
    values = [rows[column].to_numpy(dtype=float) for column in columns]
    return (np.zeros(len(rows), dtype=int), 1, n, weight, weight**2, *values)


@pytest.mark.parametrize(
    ("name", "respondents", "shares"),
    [
        ("raked", schools(), CALIFORNIA),
        ("missing", schools(SCHOOLS["kind"].mask(SCHOOLS["missing_kind"])), CALIFORNIA),
        ("trimmed", PEOPLE, FAR),
    ],
)
def test_raked_weights_equal_r(name, respondents, shares):
    weights = rake_weights(respondents, margins(shares))
    assert weights["reason"].isna().all()
    assert weights["weight_raked"].to_numpy() == pytest.approx(r_weights(name), **WEIGHTS)
    w = weights["weight_raked"]
    assert w.sum() ** 2 / (w**2).sum() == pytest.approx(R[f"{name}_n_effective"], **WEIGHTS)


def test_the_trimmed_case_needs_trimming_and_says_who():
    weights = rake_weights(PEOPLE, margins(FAR))
    untrimmed = r_weights("untrimmed")
    assert R["trims"] > 3
    assert untrimmed.max() > 9 * np.median(untrimmed)
    is_above = untrimmed > 5 * np.median(untrimmed) * (1 + 1e-6)
    assert weights["is_trimmed"].to_numpy(dtype=bool)[is_above].all()
    assert 0 < weights["is_trimmed"].sum() < 60


def error_of_raked_mean(weights, value, here=slice(None)):
    """One cell of counts per school."""
    name, first, cell = np.unique(weights["margin_cell"].to_numpy(str), return_index=True, return_inverse=True)
    n, weight = (weights[column].to_numpy(float)[first] for column in ("n_margin_cell", "weight_raked"))
    cell, value = cell[here], value[here]
    one_group = np.zeros(len(value), dtype=int), 1, np.ones(len(value))
    return raked_errors(read_margin_cells(name, n, weight), cell, *one_group, value)[0]


@pytest.mark.parametrize(
    ("name", "outcome", "here"),
    [
        ("raked_api00", "api00", slice(None)),
        ("raked_awards", "awards", slice(None)),
        ("raked_elementary", "api00", SCHOOLS["kind"] == "E"),
        ("raked_answering", "api00", ~SCHOOLS["missing_kind"]),
        ("raked_answering_share", "awards", ~SCHOOLS["missing_kind"] & SCHOOLS["wide"].eq("Yes")),
    ],
)
def test_the_error_of_a_raked_mean_knows_the_margins(name, outcome, here):
    weights = rake_weights(schools(), margins(CALIFORNIA))
    value, w = SCHOOLS[outcome].to_numpy(dtype=float), weights["weight_raked"].to_numpy()
    error = error_of_raked_mean(weights, value, here)
    assert error == pytest.approx(R[f"{name}_std_error"], rel=1e-8, abs=0)
    assert np.average(value[here], weights=w[here]) == pytest.approx(R[f"{name}_mean"], **WEIGHTS)
    # The weights as fixed give another error: the margins matter here, so the comparison can fail.
    n = len(value[here])
    cells = np.zeros(n, dtype=int), 1, np.ones(n), w[here], w[here] ** 2
    fixed = weighted_moments(*cells, value[here]).standard_error[0]
    assert abs(fixed / error - 1) > 0.005


@pytest.mark.thorough
def test_the_error_of_a_raked_mean_is_that_of_leaving_out_each_school():
    """Nothing linearised: rake the others, 200 times. Those without a kind keep their share, which varies too."""
    value = SCHOOLS["api00"].to_numpy(dtype=float)
    people = schools(SCHOOLS["kind"].mask((value < 520) & SCHOOLS["kind"].ne("H")))
    error = error_of_raked_mean(rake_weights(people, margins(CALIFORNIA)), value)
    means = []
    for place in range(200):
        weights = rake_weights(people.drop(place), margins(CALIFORNIA))["weight_raked"]
        means.append(np.average(np.delete(value, place), weights=weights))
    jackknife = np.sqrt(199 / 200 * ((means - np.mean(means)) ** 2).sum())
    # A jackknife of 200 is larger by a part in a hundred. With the missing kind as a known margin the error would be
    # a fifth too small.
    assert error == pytest.approx(jackknife, rel=0.02, abs=0)


@pytest.mark.parametrize("name", list(SUBSETS))
@pytest.mark.parametrize("measure_id", ["individual_index", "collective_participation"])
def test_weighted_levels_equal_r(name, measure_id):
    levels = estimate_levels(level_counts(SUBSETS[name], measure_id)).set_index("weighting_id")
    level = levels.loc["weighted"]
    quantity = f"{name}_{'index' if measure_id == 'individual_index' else 'collective'}"
    assert level["estimate"] == pytest.approx(R[f"{quantity}_mean"], **ESTIMATE)
    assert level["n_effective"] == pytest.approx(R[f"{name}_n_effective"], **ESTIMATE)
    assert level["design_effect"] == pytest.approx(len(SUBSETS[name]) / R[f"{name}_n_effective"], **ESTIMATE)
    assert abs(level["estimate"] / levels.loc["unweighted", "estimate"] - 1) > 1e-3
    if name == "sparse":
        assert level["n_effective"] < 10
        assert level["reason"] == FEW_EFFECTIVE
        assert level[["std_error", "df", "ci_lower", "ci_upper"]].isna().all()
        return
    for column in ("std_error", "df", "ci_lower", "ci_upper"):
        assert level[column] == pytest.approx(R[f"{quantity}_{column}"], **ESTIMATE)


@pytest.mark.parametrize(
    ("name", "rows", "x", "y"),
    [
        ("score_index", ROWS.assign(index=POSITIVE / ANSWERED), "score", "index"),
        ("score_collective", ROWS, "score", "collective"),
        ("sparse_score_index", ROWS.assign(index=POSITIVE / ANSWERED)[PERSON % 50 == 0], "score", "index"),
        ("api99_api00", SCHOOLS.rename(columns={"pw": "weight"}), "api99", "api00"),
        ("meals_awards", SCHOOLS.rename(columns={"pw": "weight"}), "meals", "awards"),
    ],
)
def test_weighted_correlations_equal_r(name, rows, x, y):
    correlation = weighted_correlation(*arrays(rows, x, y))
    assert correlation.estimate[0] == pytest.approx(R[f"{name}_estimate"], rel=0, abs=1e-10)
    # R takes the derivatives by formula on squares of a thousand: it loses six digits itself.
    assert correlation.standard_error[0] == pytest.approx(R[f"{name}_std_error"], rel=1e-8, abs=0)
    assert correlation.unexplained[0] == pytest.approx(1 - R[f"{name}_estimate"] ** 2, rel=0, abs=1e-10)


@pytest.mark.parametrize(
    ("name", "outcome_id", "rows"),
    [
        ("score_index", "individual_index", ROWS.assign(answers=True)),
        ("score_collective", "collective_participation", ROWS.assign(answers=True)),
        ("sparse_score_index", "individual_index", ROWS[PERSON % 50 == 0].assign(answers=True)),
        ("answering_score_collective", "collective_participation", ROWS),
    ],
)
def test_weighted_correlates_from_counts_equal_r(name, outcome_id, rows):
    estimates = estimate_correlates(weighted_counts(correlate_cells(rows, outcome_id), rows["weight"]))
    found = estimates[estimates["weighting_id"] == "weighted"]
    assert found["method_id"].to_list() == ["pearson"]
    found, pairs = found.iloc[0], rows.loc[rows["answers"], "weight"]
    r, error = R[f"{name}_estimate"], R[f"{name}_std_error"]
    assert found["n_respondents"] == len(pairs)
    assert found["n_effective"] == pytest.approx(pairs.sum() ** 2 / (pairs**2).sum(), **ESTIMATE)
    assert found["design_effect"] == pytest.approx(len(pairs) / found["n_effective"], **ESTIMATE)
    assert found["estimate"] == pytest.approx(r, rel=0, abs=1e-10)
    if found["n_effective"] < 10:
        assert name.startswith("sparse")
        assert found["reason"] == FEW_EFFECTIVE
        assert found[["std_error", "df", "ci_lower", "ci_upper", "p_value"]].isna().all()
        return
    assert found["std_error"] == pytest.approx(error, rel=1e-8, abs=0)
    assert found["df"] == pytest.approx((pairs**2).sum() ** 2 / (pairs**4).sum() - 1, **ESTIMATE)
    t = stats.t(found["df"], np.arctanh(r), error / (1 - r**2))
    assert (found["ci_lower"], found["ci_upper"]) == pytest.approx(tuple(np.tanh(t.interval(0.95))), rel=1e-8, abs=0)
    # A p of many standard errors multiplies the error's last digits: 1e-8 of t^2 = 100 is 1e-6.
    assert found["p_value"] == pytest.approx(2 * t.cdf(0) if r > 0 else 2 * t.sf(0), rel=1e-6, abs=0)
    assert np.isnan(found["p_value_t"])
    share = 0 if rows["answers"].all() else R["dont_know_share"]
    assert found["dont_know_share"] == pytest.approx(share, **ESTIMATE)


FOUR = np.array(["none", "a", "b", "both"])[(PERSON % 11 > 4).astype(int) + (PERSON % 11 > 6) + (PERSON % 11 > 9)]
EXPERIMENTS = {
    "contrast": ("individual_index", ROWS.assign(answers=True)),
    "answering_contrast": ("collective_participation", ROWS),
    "sparse_contrast": ("individual_index", ROWS[PERSON % 12 == 0].assign(answers=True)),
    "four_contrast": ("individual_index", ROWS.assign(arm=FOUR, answers=True)),
}


@pytest.mark.parametrize(
    ("name", "contrast"),
    [
        *((name, contrast) for name in list(EXPERIMENTS)[:3] for contrast in ("a", "both")),
        ("four_contrast", "interaction"),
    ],
)
@pytest.mark.slow
def test_weighted_contrasts_from_counts_equal_r(name, contrast):
    outcome_id, rows = EXPERIMENTS[name]
    effects = estimate_nudge_effects(weighted_counts(nudge_cells(rows, outcome_id), rows["weight"]))
    found = effects[effects["weighting_id"] == "weighted"].set_index("contrast_id").loc[contrast]
    assert found["model_id"] == "dummies"
    in_arm = rows.loc[rows["answers"] & rows["arm"].eq("none"), "weight"]
    assert (found["n_respondents"], found["n_control"]) == (rows["answers"].sum(), len(in_arm))
    assert found["n_effective_control"] == pytest.approx(in_arm.sum() ** 2 / (in_arm**2).sum(), **ESTIMATE)
    assert found["estimate"] == pytest.approx(100 * R[f"{name}_{contrast}_estimate"], **ESTIMATE)
    assert found["design_effect"] == pytest.approx(R[f"{name}_{contrast}_design_effect"], **ESTIMATE)
    exact = R[f"{name}_{contrast}_df"]
    if (name, contrast) == ("sparse_contrast", "both"):
        # Seven respondents, one of whom has half of the weight.
        assert exact < 3
        assert found["reason"] == FEW_EFFECTIVE
        assert found[["std_error", "df", "ci_lower", "ci_upper", "p_value"]].isna().all()
        return
    assert found["std_error"] == pytest.approx(100 * R[f"{name}_{contrast}_std_error"], **ESTIMATE)
    # R's are those of the exact trace formula, which needs odd powers too: three more at most.
    assert exact - 3 < found["df"] <= exact
    student = stats.t(found["df"], found["estimate"], found["std_error"])
    assert (found["ci_lower"], found["ci_upper"]) == pytest.approx(student.interval(0.95), **ESTIMATE)
    assert found["p_value"] == pytest.approx(2 * min(student.cdf(0), student.sf(0)), **ESTIMATE)


def exact_degrees_of_freedom(weight):
    a = weight / weight.sum()
    residuals = np.eye(len(a)) - a
    k = a[:, None] * (residuals @ residuals.T) * a
    return np.trace(k) ** 2 / (k**2).sum()


@pytest.mark.parametrize("n", [2, 5, 12, 30, 86, 257])
@pytest.mark.parametrize("spread", [0, 0.3, 0.6])
@pytest.mark.slow
def test_degrees_of_freedom_are_never_above_the_trace_formula_and_nearly_reach_it(n, spread):
    random = np.random.default_rng(n)
    for _ in range(20):
        weight = np.exp(spread * random.normal(size=n))
        df = degrees_of_freedom((weight**2).sum(), (weight**4).sum())
        exact = exact_degrees_of_freedom(weight)
        assert exact - (3 if spread else 1e-9) < df < exact + 1e-9
        if not spread:
            assert df == pytest.approx(n - 1, rel=1e-12, abs=0)


@pytest.mark.parametrize("name", ["equal", "unequal"])
def test_weighted_contrasts_against_the_weighted_hc2_of_estimatr(name):
    rows = ROWS[ROWS["arm"] != "both"].assign(answers=True)
    rows = rows if name == "unequal" else rows.assign(weight=2.5)
    effects = estimate_nudge_effects(weighted_counts(nudge_cells(rows, "individual_index"), rows["weight"]))
    found = effects[effects["weighting_id"] == "weighted"].set_index("contrast_id").loc["a"]
    # Equal weights: the same numbers. Unequal: HC2's leverages are those of single weights, which moves the error by
    # 0.46 % and the degrees of freedom by 0.30 %.
    tolerance = {"equal": (1e-9, 1e-8), "unequal": (5e-3, 5e-3)}[name]
    assert found["std_error"] == pytest.approx(100 * R[f"cr2_{name}_std_error"], rel=tolerance[0], abs=0)
    assert found["df"] == pytest.approx(R[f"cr2_{name}_df"], rel=tolerance[1], abs=0)
