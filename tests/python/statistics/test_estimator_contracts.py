"""What every estimator promises, whatever it estimates: columns, types, order, large counts, readable errors."""

from functools import cache
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from pkgutil import walk_packages

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml
from estimators import estimators
from survey_examples import correlate_counts, gap_counts, level_counts, nudge_counts, respondents_of_reference

import coproduction

RESPONDENTS = respondents_of_reference()
COUNTS = {
    "cnt_levels": level_counts,
    "cnt_correlates": correlate_counts,
    "cnt_nudges": nudge_counts,
    "cnt_outcome_pairs": gap_counts,
}
# What is missing is what the bounds are about.
ABOUT_MISSING_OUTCOMES = "est_nudge_bounds"


def needs_one_table(function):
    """Say whether an estimator can do with its first table; the arms of a trend have no default."""
    return [part.default for part in signature(function).parameters.values()].count(Parameter.empty) == 1


# The estimators that one of these tables is enough for.
ESTIMATORS = {
    name: (function, COUNTS[tables[0]])
    for name, (function, tables) in estimators().items()
    if tables[0] in COUNTS and needs_one_table(function) and name != ABOUT_MISSING_OUTCOMES
}
MODELS = Path(__file__).resolve().parents[3] / "models" / "estimates"


def described_columns(model: str) -> list[str]:
    """Columns of a model, as its .yml lists them."""
    return [column["name"] for column in description(model)["columns"]]


def grain(model: str) -> list[str]:
    """Columns that identify a row of a model."""
    tests = {name: test for tests in description(model)["data_tests"] for name, test in tests.items()}
    return (tests.get("grain") or tests["unique_rows"])["arguments"]["columns"]


def description(model: str) -> dict:
    (described,) = yaml.safe_load((MODELS / f"{model}.yml").read_text(encoding="utf-8"))["models"]
    return described


pytestmark = pytest.mark.filterwarnings("error")


# The quick run holds the contract for two estimators; the others take many times as long.
QUICK = ("est_levels", "est_outcome_gaps")


@pytest.fixture(params=[pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in ESTIMATORS])
def name(request):
    return request.param


@pytest.fixture
def estimate(name):
    return ESTIMATORS[name][0]


@pytest.fixture
def counts(name):
    """Counts of two councils with two topics each, so that order within and between groups matters."""
    return counts_for(name).copy()


@pytest.fixture
def expected(name):
    """The estimates from `counts`, computed once."""
    return estimates_of(name).copy()


@cache
def counts_for(name):
    count = ESTIMATORS[name][1]
    places = [("swansea", "crime"), ("barnet", "asb"), ("swansea", "all"), ("barnet", "all")]
    frames = [
        count(RESPONDENTS[100 * part :], council_id=council, topic_id=topic)
        for part, (council, topic) in enumerate(places)
    ]
    return pd.concat(frames, ignore_index=True)


@cache
def estimates_of(name):
    return ESTIMATORS[name][0](counts_for(name).copy())


def test_estimates_have_the_columns_that_their_model_describes(name, expected):
    assert sorted(expected.columns) == sorted(described_columns(name))


@pytest.mark.parametrize("model", sorted(path.stem for path in MODELS.glob("est_*.py")))
def test_each_model_of_estimates_has_a_module_of_its_name_with_its_columns(model):
    """`TYPES` of the module are the columns that reach the warehouse."""
    if model == "est_multiverse_axes":
        pytest.skip("the list of choices is no estimate: est_multiverse holds it")
    (module,) = [
        found.name
        for found in walk_packages(coproduction.__path__, "coproduction.")
        if found.ispkg is False and found.name.rpartition(".")[2] == model
    ]
    assert sorted(import_module(module).TYPES) == sorted(described_columns(model))


def test_there_is_one_row_per_estimate(name, expected):
    assert len(expected) >= 4
    assert not expected.duplicated(grain(name)).any()
    assert expected["weighting_id"].eq("unweighted").all()


def test_no_counts_give_no_estimates_with_the_same_columns_and_types(estimate, counts, expected):
    empty = estimate(counts.iloc[:0])
    assert len(empty) == 0
    pd.testing.assert_series_equal(empty.dtypes, expected.dtypes)


def test_counts_without_types_give_typed_estimates(estimate, counts, expected):
    """An empty table may reach Python with a null type in every column."""
    empty = estimate(pd.DataFrame({column: pd.Series([], dtype=object) for column in counts}))
    pd.testing.assert_series_equal(empty.dtypes, expected.dtypes)


def test_no_column_reaches_the_warehouse_without_a_type(estimate, counts, expected):
    connection = duckdb.connect()
    for frame in (expected, estimate(counts.iloc[:0])):
        connection.register("estimates", frame)
        types = {str(row[1]) for row in connection.sql("describe estimates").fetchall()}
        assert types <= {"VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"}


def test_the_order_of_rows_does_not_change_a_bit(estimate, counts, expected):
    for seed in range(3):
        shuffled = counts.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(estimate(shuffled), expected, check_exact=True)


def test_a_finer_grain_of_counts_does_not_change_a_bit(estimate, counts, expected):
    one_by_one = counts.loc[counts.index.repeat(counts["n_respondents"])].assign(n_respondents=1)
    pd.testing.assert_frame_equal(estimate(one_by_one), expected, check_exact=True)


def test_results_come_sorted_by_their_keys(expected):
    keys = expected[["council_id", "wave_id", "theme_id", "topic_id"]]
    assert keys["council_id"].is_monotonic_increasing
    pd.testing.assert_frame_equal(keys, keys.sort_values(list(keys), ignore_index=True))


def test_empty_cells_and_further_columns_do_not_matter(estimate, counts, expected):
    nobody = counts.assign(council_id="nowhere", n_respondents=0)
    weighted = pd.concat([counts, nobody]).assign(sum_weight=pd.NA, sum_weight_squared=None)
    pd.testing.assert_frame_equal(estimate(weighted), expected, check_exact=True)


def test_the_types_that_duckdb_gives_do_not_matter(estimate, counts, expected):
    numbers = counts.select_dtypes("number").columns
    narrow = counts.astype({"n_respondents": "Int32"}).astype(
        {column: "Int32" for column in numbers if column.startswith("n_")}
    )
    texts = counts.select_dtypes(["object", "string"]).columns
    frame = narrow.astype(dict.fromkeys(texts, object))
    pd.testing.assert_frame_equal(estimate(frame), expected, check_exact=True)


def test_millions_of_respondents_do_not_overflow(estimate, counts, expected):
    """The same shares a million times over: equal estimates, standard errors a thousandth."""
    many = counts.assign(n_respondents=(counts["n_respondents"] * 1_000_000).astype("int64"))
    small, large = expected, estimate(many)
    assert large["n_respondents"].to_list() == [1_000_000 * n for n in small["n_respondents"]]
    np.testing.assert_allclose(large["estimate"], small["estimate"], rtol=1e-12, atol=1e-12)
    if "std_error" not in small:
        return
    # The n-1 and n-3 of a few hundred respondents leave less than 2 %.
    np.testing.assert_allclose(large["std_error"] * 1000, small["std_error"], rtol=0.02)


def test_a_missing_column_is_named(estimate, counts):
    for column in counts.columns:
        with pytest.raises(ValueError, match=f"no column {column}"):
            estimate(counts.drop(columns=column))


@pytest.mark.parametrize("n", [-1, 0.5, None])
def test_a_number_of_respondents_that_is_no_count_is_refused(estimate, counts, n):
    counts = counts.astype({"n_respondents": "float64"})
    counts.loc[0, "n_respondents"] = n
    with pytest.raises(ValueError, match="n_respondents must be a whole number"):
        estimate(counts)


def test_more_positive_than_answered_is_refused(estimate, counts):
    with pytest.raises(ValueError, match="n_positive must lie between"):
        estimate(counts.assign(n_positive=counts["n_answered"] + 1))


def test_a_missing_outcome_takes_no_part(estimate, counts, expected):
    """Missing as null and as nothing answered: both leave every number but the Don't Know share as it was."""
    missing = [
        counts.assign(n_positive=np.nan, n_answered=np.nan),
        counts.assign(n_positive=0, n_answered=0),
    ]
    pd.testing.assert_frame_equal(estimate(pd.concat([counts, *missing])), expected, check_exact=True)
