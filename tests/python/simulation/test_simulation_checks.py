"""The simulation checks on few surveys, and the mutations that each of them must notice.

2,000 surveys per check are `make simulate`. Here, with `make thorough`, a check runs on as many as its estimator allows
in about a second; its band is wider by the Monte Carlo error of that number (Result.band), because a right estimator
would otherwise fail by chance: with 400 surveys a share of 5 % is seen as anything from 3 to 7 %.
"""

import functools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coproduction.statistics.methods import inference, means
from thorough import IS_THOROUGH
from workbench.simulation.changes import Change, applied
from workbench.simulation.checks import CHECKS
from workbench.simulation.comparisons import fisher_interval, weighted_correlation
from workbench.simulation.mutations import MUTATIONS
from workbench.simulation.page import read_results, table, write_page
from workbench.simulation.populations import frame, heteroscedastic_index, weighted_answers
from workbench.simulation.promises import STANDARD_REPLICATIONS, Check, Result, run, run_until_sure

pytestmark = pytest.mark.thorough

# Everything else takes milliseconds for all 2,000 surveys.
REPLICATIONS = {
    "estimate_correlates": 400,
    "estimate_nudge_effects": 400,
    "estimate_equivalence": 400,
    "estimate_pooled": 400,
    "estimate_pooled_councils": 100,
    "estimate_changes": 400,
    "estimate_outcome_gaps": 1000,
    "estimate_thresholds": 300,
}
# Many topics in each survey; and checks whose mutation or band needs more surveys than the others.
OF_CHECK = {
    "holm_family": 60,
    "equivalence_upper_bound": 1200,
    "change_full_overlap": 1000,
    "change_common_margin": 1000,
    "level_clusters_200_05": 400,
    "max_t_survey": 60,
    "linearised_heteroscedastic_index": 1000,
    "randomisation_p": 800,
}
# Checks of the specification, statistics.md section 8: they must be there, and the comparisons must fail.
SPECIFIED = {
    "linearised_homoscedastic_index": False,
    "linearised_heteroscedastic_index": False,
    "linearised_binary_13": False,
    "linearised_binary_28": False,
    "linearised_binary_90": False,
    "fisher_heteroscedastic_index": True,
    "fisher_weighted_raw_n": True,
    "nudge_equal_arms": False,
    "nudge_unequal_arms": False,
    "holm_family": False,
    "pooled_three_councils": False,
    "pooled_five_councils": False,
    "dersimonian_laird_three": True,
    "change_no_overlap": False,
    "change_half_overlap": False,
    "change_full_overlap": False,
    "change_as_if_independent": True,
    "change_common_margin": False,
    "change_of_composition": True,
    "dont_know_lowest": False,
    "dont_know_middle": False,
    "dont_know_highest": False,
    "dont_know_like_the_others": False,
    "dont_know_contrary": False,
    "threshold_size": False,
    "max_t_survey": False,
}


def replications(check: Check) -> int:
    starts = [number for start, number in REPLICATIONS.items() if check.estimator.startswith(f"{start},")]
    number = OF_CHECK.get(check.name, min([STANDARD_REPLICATIONS, *starts]))
    return min(5 * number, STANDARD_REPLICATIONS) if IS_THOROUGH else number


@functools.cache
def result_of(name: str) -> Result:
    return run(CHECKS[name], replications(CHECKS[name]))


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_what_it_must(name: str):
    result = result_of(name)
    assert result.is_as_it_must_be, f"{result.verdict}: {result.observed:.3f}, band {result.band}"


def test_checks_of_the_specification_are_there():
    assert {name: CHECKS[name].must_fail for name in SPECIFIED} == SPECIFIED


@pytest.mark.parametrize("name", MUTATIONS)
def test_check_notices_the_mutation(name: str):
    mutation = MUTATIONS[name]
    check = CHECKS[mutation.check]
    assert not check.must_fail
    assert result_of(check.name).is_inside
    mutated = run(check, replications(check), mutation.changes)
    assert not mutated.is_inside, f"{mutated.observed:.3f} lies in {mutated.band}"


def test_the_mutations_asked_for_are_there():
    asked = "z_for_t wrong_degrees_of_freedom dropped_covariance unweighted_n biased_variance unpermuted_factor"
    assert {*asked.split(), "ignored_clustering", "shifted_ranks"} <= set(MUTATIONS)


def test_changes_are_taken_back_even_after_an_error():
    original = means.t_half_width
    with pytest.raises(ZeroDivisionError), applied([Change("methods.means", "t_half_width", None)]):
        assert means.t_half_width is None
        1 / 0  # noqa: B018
    assert means.t_half_width is original is inference.t_half_width


def test_a_change_of_a_name_that_is_gone_is_refused():
    with (
        pytest.raises(AttributeError, match="no_such_function"),
        applied([Change("estimates.levels.est_levels", "no_such_function", None)]),
    ):
        pass


def fixed_check(share: float, lower: float = 0.93, upper: float = 0.97, must_fail: bool = False) -> Check:
    return Check(
        "fixed",
        "none",
        "",
        "",
        np.nan,
        lower,
        upper,
        lambda batch: np.arange(batch.replications) < share * 2000,
        must_fail,
    )


@pytest.mark.parametrize(
    ("share", "must_fail", "verdict", "is_as_it_must_be"),
    [
        (0.95, False, "holds", True),
        (0.925, False, "FAILS", False),
        (0.975, False, "FAILS", False),
        (0.89, True, "fails, as it must", True),
        (0.95, True, "HOLDS, and must not", False),
    ],
)
def test_verdicts(share: float, must_fail: bool, verdict: str, is_as_it_must_be: bool):
    result = run(fixed_check(share, must_fail=must_fail), 2000)
    assert result.observed == share
    assert (result.verdict, result.is_as_it_must_be) == (verdict, is_as_it_must_be)


def test_bands_are_those_of_the_specification_at_the_standard_number_and_wider_below_it():
    check = fixed_check(0.95)
    assert run(check, 2000).band == pytest.approx((0.93, 0.97), abs=1e-15)
    assert run(check, 4000).band == pytest.approx((0.93, 0.97), abs=1e-15)
    lower, upper = run(check, 500).band
    error = 2.58 * np.sqrt(0.05 * 0.95 / np.array([500, 2000]))
    assert (lower, upper) == pytest.approx((0.93 - error[0] + error[1], 0.97 + error[0] - error[1]), abs=1e-15)
    assert run(replace(check, lower=1.0, upper=1.0), 100).band == (1.0, 1.0)


def test_a_run_does_not_depend_on_what_ran_before():
    check = CHECKS["level_mean"]
    first = run(check, 300).observed
    np.random.default_rng(1).normal(size=10)
    run(CHECKS["level_rare"], 50)
    assert run(check, 300).observed == first
    assert run(replace(check, name="another name"), 300).observed != first


def test_more_replications_than_fit_are_drawn_in_parts_with_names_of_their_own():
    seen = []

    def hits(batch):
        seen.append((batch.first, batch.replications))
        return np.ones(batch.replications, dtype=bool)

    assert run(replace(fixed_check(1), hits=hits), 4500).observed == 1
    assert seen == [(0, 2000), (2000, 2000), (4000, 500)]


@pytest.mark.parametrize(("must_fail", "replications"), [(False, 10_000), (True, 2000)])
def test_a_check_that_fails_is_run_again_on_more_surveys(must_fail: bool, replications: int):
    check = fixed_check(0.5, must_fail=must_fail)
    assert run_until_sure(check, 2000).replications == replications
    assert run_until_sure(fixed_check(0.95), 2000).replications == 2000
    assert run_until_sure(check, 10_000).replications == 10_000


def test_a_check_that_loses_a_survey_is_refused():
    check = replace(fixed_check(1), hits=lambda batch: np.ones(batch.replications - 1, dtype=bool))
    with pytest.raises(ValueError, match="one truth value for each of 10 surveys"):
        run(check, 10)


def test_truth_of_a_population_is_what_a_huge_survey_shows():
    population = heteroscedastic_index()
    x = population.cells["score"].to_numpy()
    y = (population.cells["n_positive"] / population.cells["n_answered"]).to_numpy()
    respondents = np.round(population.probability * 1e6).astype(int)
    rows = np.repeat(np.column_stack([x, y]), respondents, axis=0)
    assert population.correlation(x, y) == pytest.approx(np.corrcoef(rows.T)[0, 1], abs=1e-4)
    ranks = pd.DataFrame(rows).rank().corr().iloc[0, 1]
    assert population.correlation(population.ranks(x), population.ranks(y)) == pytest.approx(ranks, abs=1e-4)


def test_frame_keeps_every_respondent_and_names_every_replication():
    population = heteroscedastic_index()
    drawn = population.draw(50, 3, np.random.default_rng(1))
    counts = frame(population.cells, drawn, first=7, outcome_id="x")
    assert counts.groupby("council_id")["n_respondents"].sum().to_dict() == dict.fromkeys(
        ["r000007", "r000008", "r000009"], 50
    )
    assert (counts["n_respondents"] > 0).all() and (counts["outcome_id"] == "x").all()
    mean = (counts["score"] * counts["n_respondents"]).groupby(counts["council_id"]).sum() / 50
    assert mean.to_numpy() == pytest.approx(drawn @ population.cells["score"].to_numpy() / 50)


def test_weights_have_the_design_effect_of_the_specification():
    population, weight = weighted_answers()
    assert population.mean(weight**2) / population.mean(weight) ** 2 == pytest.approx(1.66, abs=0.001)


def test_weighted_correlation_is_that_of_repeated_rows():
    x, y, weight = np.array([1.0, 2, 3, 5]), np.array([2.0, 1, 4, 4]), np.array([1.0, 2, 1, 3])
    drawn = np.array([[2, 1, 3, 1]])
    r, n, n_effective = weighted_correlation(drawn, weight, x, y)
    times = (drawn[0] * weight).astype(int)
    assert r == pytest.approx(np.corrcoef(np.repeat(x, times), np.repeat(y, times))[0, 1])
    assert (n[0], n_effective[0]) == (7, pytest.approx((2 + 2 + 3 + 3) ** 2 / (2 + 4 + 3 + 9)))


def test_fisher_interval_is_that_of_r():
    # R: cor.test(mtcars$mpg, mtcars$wt)$conf.int
    lower, upper = fisher_interval(np.array([-0.8676593765]), np.array([32]))
    assert (lower[0], upper[0]) == (pytest.approx(-0.9338264, abs=1e-7), pytest.approx(-0.7440872, abs=1e-7))


def test_page_and_table_say_what_was_found(tmp_path):
    results = {"fixed": run(fixed_check(0.89, must_fail=True), 2000)}
    mutated = {"z_for_t": results["fixed"]}
    write_page(tmp_path, results, mutated)
    rows = pd.read_csv(tmp_path / "simulation.csv")
    assert (
        rows[["check", "observed", "replications", "verdict"]].to_numpy().tolist()
        == [["fixed", 0.89, 2000, "fails, as it must"]] * 2
    )
    assert rows["mutation"].fillna("").tolist() == ["", "z_for_t"]
    assert list(table(results, mutated).columns) == list(rows.columns)
    page = (tmp_path / "simulation.md").read_text()
    assert "2,000 surveys per check" in page
    assert "| 89.0 | 0.7 | 93.0-97.0 | fails, as it must |" in page
    assert "| `fixed` | 89.0 | 89.0 | noticed |" in page


def test_results_are_read_from_the_page_as_they_were(tmp_path):
    name, mutation = "level_mean_small", "z_for_t"
    results = {name: Result(CHECKS[name], 2000, 0.9525), "gone": Result(fixed_check(0.9), 2000, 0.9)}
    mutated = {mutation: Result(CHECKS[name], 2000, 0.8895)}
    write_page(tmp_path, results, mutated)
    assert read_results(tmp_path) == ({name: results[name]}, mutated)
    assert read_results(tmp_path / "nowhere") == ({}, {})
