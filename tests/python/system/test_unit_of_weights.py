"""Weights of any unit and of any range give the results of the raw file, and the same in every unit."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from building import Project
from coded_respondents import people_of
from studies import forget_exports

pytestmark = pytest.mark.slow

# Barnet's survey again and again: each time the same weights in another unit. The last are people per respondent.
UNITS = {"barnet": 1.0, "millionths": 1e-6, "millions": 1e6, "grossing": 70_000.0}
# And with weights that differ by a factor of a million: of every other respondent, and of one.
EXTREME = ("lighter", "outweighed")
MEASURES = ("individual_index", "collective_participation")
# Twelve digits of a weight that outweighs all others by a million leave six digits of the others.
PRECISION = dict.fromkeys((*UNITS, "lighter"), 1e-10) | {"outweighed": 1e-5}
OF_THEME = "theme_id = 'community_safety' and topic_id = 'all' and weighting_id = 'weighted'"


def weights_of(council_id: str, n: int) -> np.ndarray:
    """Weights of 0.31 to 0.40, which ten-thousandths would round by up to 2e-4, times the council's unit."""
    weight = np.random.default_rng(5).uniform(0.31, 0.40, n)
    if council_id == "lighter":
        weight[::2] *= 1e-6
    if council_id == "outweighed":
        weight[7] *= 1e6
    return weight * UNITS.get(council_id, 1.0)


@pytest.fixture(scope="module")
def scaled(tmp_path_factory) -> Project:
    project = Project.copy_to(tmp_path_factory.mktemp("scaled"))
    header, *rows = project.read_export("barnet")
    councils = (*UNITS, *EXTREME)
    for council_id in councils:
        if council_id != "barnet":
            project.copy_council("barnet", council_id, every=1)
    for council_id in councils:
        weights = [f"{Decimal(repr(float(weight))):f}" for weight in weights_of(council_id, len(rows))]
        # Every tenth respondent has none.
        weights[::10] = [""] * len(weights[::10])
        project.write_export(council_id, [[*header, "W"], *([*row, w] for row, w in zip(rows, weights, strict=True))])
    project.append_codebook("scales", ["survey_weight,Survey weight,decimal,0,1000000"])
    project.append_codebook("questions", [f"{name},W,weight,,,survey_weight,false,true,Weight." for name in councils])
    forget_exports(project, "bristol", "derbyshire_dales", "swansea", "wolverhampton")
    estimates = [f"est_{name}" for name in ("levels", "correlates", "nudge_effects", "weights")]
    selected = [
        "--select",
        "+path:models/counts",
        *(f"+{name}" for name in estimates),
        "--exclude-resource-type",
        "unit_test",
    ]
    build = project.build(*selected, "--indirect-selection", "cautious")
    assert build.succeeded, build.output
    return project


@pytest.mark.parametrize("council_id", [*UNITS, *EXTREME])
def test_the_sums_are_exact_and_the_scale_leads_back_to_the_weights(scaled, council_id):
    weight = people_of(scaled, council_id, "barnet").weight.dropna()
    row = scaled.query(
        "select weight_scale, cast(sum_weight as varchar) as total, cast(sum_weight_squared as varchar) as squares, "
        f"n_weighted from counts.cnt_weights where council_id = '{council_id}'"
    ).iloc[0]
    scale, total, squares = row.weight_scale, int(row.total), int(row.squares)
    assert scale == pytest.approx(1e12 / weight.max(), rel=1e-15)
    units = [round(value) for value in (weight * scale).tolist()]
    assert max(units) == 10**12
    assert (total, squares, row.n_weighted) == (sum(units), sum(unit**2 for unit in units), len(weight))
    assert total / scale == pytest.approx(weight.sum(), rel=1e-10)


def test_every_sum_of_weights_is_a_whole_number_of_38_digits(scaled):
    types = scaled.query(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_schema = 'counts' and column_name like 'sum_%weight%'"
    )
    assert set(types.data_type) == {"DECIMAL(38,0)"}
    sums = {"sum_weight", "sum_weight_squared", "sum_weight_fourth"}
    of_two_waves = {name.replace("sum_", "sum_earlier_") for name in sums} | {"sum_weight_products"}
    assert set(types.column_name) == sums | of_two_waves | {"sum_replicate_weight"}
    assert types.table_name.nunique() == 20


@pytest.mark.parametrize("table", ["est_levels", "est_correlates", "est_nudge_effects", "est_weights"])
def test_no_estimate_depends_on_the_unit_of_the_weights(scaled, table):
    only = "true" if table == "est_weights" else "weighting_id = 'weighted'"
    rows = scaled.query(f"from estimates.{table} where {only}").set_index("council_id")
    keys = [column for column in rows if column.endswith("_id") or column == "breakdown_value"]
    numbers = list(rows.select_dtypes("number").columns)
    expected = rows.loc[["barnet"]].sort_values(keys)
    assert len(expected) >= (1 if table == "est_weights" else 10)
    for council_id in UNITS:
        found = rows.loc[[council_id]].sort_values(keys)
        texts = [column for column in rows if column not in numbers]
        pd.testing.assert_frame_equal(found[texts].reset_index(drop=True), expected[texts].reset_index(drop=True))
        for column in numbers:
            is_equal = found[column].to_numpy() == pytest.approx(
                expected[column].to_numpy(), rel=1e-12, abs=0, nan_ok=True
            )
            assert is_equal, (council_id, column)


def level_of(people: pd.DataFrame, measure_id: str) -> dict[str, float]:
    """Weighted mean, its linearised error and the degrees of freedom, one row per respondent."""
    people = people.dropna(subset=[measure_id, "weight"])
    w, y, n = people.weight.to_numpy(), people[measure_id].to_numpy(float), len(people)
    mean = (w * y).sum() / w.sum()
    error = np.sqrt(n / (n - 1) * (w**2 * (y - mean) ** 2).sum()) / w.sum()
    df, n_effective = (w**2).sum() ** 2 / (w**4).sum() - 1, w.sum() ** 2 / (w**2).sum()
    return {"n_respondents": n, "estimate": mean, "std_error": error, "df": df, "n_effective": n_effective}


@pytest.mark.parametrize("council_id", [*UNITS, *EXTREME])
@pytest.mark.parametrize("measure_id", MEASURES)
def test_weighted_levels_equal_those_of_the_raw_file(scaled, council_id, measure_id):
    found = scaled.query(
        f"from estimates.est_levels where {OF_THEME} and council_id = '{council_id}' and breakdown_id = 'all' "
        f"and measure_id = '{measure_id}'"
    ).iloc[0]
    for column, value in level_of(people_of(scaled, council_id, "barnet"), measure_id).items():
        if council_id == "outweighed" and column in ("std_error", "df"):
            assert np.isnan(found[column])
            assert "a few large weights decide" in found.reason
        else:
            assert found[column] == pytest.approx(value, rel=PRECISION[council_id], abs=0), column


@pytest.mark.parametrize("council_id", [*UNITS, *EXTREME])
@pytest.mark.parametrize("measure_id", MEASURES)
def test_weighted_correlations_equal_those_of_the_raw_file(scaled, council_id, measure_id):
    people = people_of(scaled, council_id, "barnet").dropna(subset=[measure_id, "score", "weight"])
    w, x, y = (people[column].to_numpy(float) for column in ("weight", "score", measure_id))
    # Centred first, because the difference of squares would lose the digits that are tested.
    x, y = x - np.average(x, weights=w), y - np.average(y, weights=w)
    r = (w * x * y).sum() / np.sqrt((w * x * x).sum() * (w * y * y).sum())
    found = scaled.query(
        f"from estimates.est_correlates where {OF_THEME} and council_id = '{council_id}' "
        f"and construct_id = 'conditions' and outcome_id = '{measure_id}'"
    ).iloc[0]
    assert found.n_respondents == len(people)
    assert found.estimate == pytest.approx(r, rel=PRECISION[council_id], abs=0)


@pytest.mark.parametrize("council_id", [*UNITS, *EXTREME])
@pytest.mark.parametrize("measure_id", MEASURES)
def test_weighted_nudges_equal_those_of_the_raw_file(scaled, council_id, measure_id):
    people = people_of(scaled, council_id, "barnet").dropna(subset=[measure_id, "arm", "weight"])
    level = {arm: level_of(of_arm, measure_id) for arm, of_arm in people.groupby("arm")}
    found = scaled.query(
        f"from estimates.est_nudge_effects where {OF_THEME} and council_id = '{council_id}' "
        f"and outcome_id = '{measure_id}'"
    ).set_index("contrast_id")
    for arm in ("a", "b", "both"):
        effect = 100 * (level[arm]["estimate"] - level["none"]["estimate"])
        assert found.estimate[arm] == pytest.approx(effect, rel=PRECISION[council_id], abs=0)
        if council_id in UNITS:
            error = 100 * np.hypot(level[arm]["std_error"], level["none"]["std_error"])
            assert found.std_error[arm] == pytest.approx(error, rel=1e-10, abs=0)
