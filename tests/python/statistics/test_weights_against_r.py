"""Raking, weighted levels, correlations and contrasts against R's survey 4.1 (reference/weights.R)."""

import numpy as np
import pandas as pd
import pytest
from survey_examples import KEYS, REFERENCE, _mix

from coproduction.statistics.levels import estimate_levels
from coproduction.statistics.raking import rake_weights, raked_mean
from coproduction.statistics.weighting import weighted_contrast, weighted_correlation, weighted_moments

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
    """What SQL counts: respondents, and sums of weights in ten-thousandths."""
    value = rows[["n_positive", "n_answered"]]
    if measure_id != "individual_index":
        value = pd.DataFrame({"n_positive": rows["collective"], "n_answered": 1})
    units = (rows["weight"] * 10_000).round().astype("int64")
    keys = KEYS | {"measure_id": measure_id, "breakdown_id": "all", "breakdown_value": "all"}
    cells = value.assign(sum_weight=units, sum_weight_squared=units**2, n_respondents=1, n_weighted=1, **keys)
    return cells.groupby([*keys, "n_positive", "n_answered"], as_index=False).sum()


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


@pytest.mark.parametrize("outcome", ["api00", "awards"])
def test_the_error_of_a_raked_mean_knows_the_margins(outcome):
    weights = rake_weights(schools(), margins(CALIFORNIA))["weight_raked"].to_numpy()
    groups = schools()[["age_band", "gender_label"]]
    mean, error = raked_mean(SCHOOLS[outcome].to_numpy(dtype=float), weights, groups)
    assert mean == pytest.approx(R[f"raked_{outcome}_mean"], **WEIGHTS)
    assert error == pytest.approx(R[f"raked_{outcome}_std_error"], rel=1e-3, abs=0)
    # The weights as fixed give another error: the margins matter here, so the comparison can fail.
    n = np.ones(200)
    cells = np.zeros(200, dtype=int), 1, n, weights, weights**2
    fixed = weighted_moments(*cells, SCHOOLS[outcome].to_numpy(dtype=float)).standard_error[0]
    assert abs(fixed / error - 1) > 0.01


@pytest.mark.parametrize("name", list(SUBSETS))
@pytest.mark.parametrize("measure_id", ["individual_index", "collective_participation"])
def test_weighted_levels_equal_r(name, measure_id):
    levels = estimate_levels(level_counts(SUBSETS[name], measure_id)).set_index("weighting_id")
    level = levels.loc["weighted"]
    quantity = f"{name}_{'index' if measure_id == 'individual_index' else 'collective'}"
    assert level["estimate"] == pytest.approx(R[f"{quantity}_mean"], **ESTIMATE)
    for column in ("std_error", "ci_lower", "ci_upper"):
        assert level[column] == pytest.approx(R[f"{quantity}_{column}"], **ESTIMATE)
    assert level["n_effective"] == pytest.approx(R[f"{name}_n_effective"], **ESTIMATE)
    assert level["design_effect"] == pytest.approx(len(SUBSETS[name]) / R[f"{name}_n_effective"], **ESTIMATE)
    assert abs(level["estimate"] / levels.loc["unweighted", "estimate"] - 1) > 1e-3


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


@pytest.mark.parametrize("contrast", ["a", "both"])
def test_weighted_contrasts_equal_r(contrast):
    rows = ROWS.assign(index=POSITIVE / ANSWERED)
    arms = [weighted_moments(*arrays(rows[rows["arm"] == arm], "index")) for arm in (contrast, "none")]
    estimate, error = weighted_contrast(*arms)
    assert estimate[0] == pytest.approx(R[f"contrast_{contrast}_estimate"], **ESTIMATE)
    assert error[0] == pytest.approx(R[f"contrast_{contrast}_std_error"], **ESTIMATE)
