"""Power, smallest effects and numbers of people equal those of R, and simulated surveys have that power."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from coproduction.errors import CoproductionError
from coproduction.fieldwork import power
from coproduction.fieldwork.sample_size import PanelPlan, plan_row

R = pd.read_csv(Path(__file__).parents[1] / "reference" / "power.csv")


def computed(row) -> float | None:
    """Return what this project computes for a row of reference/power.csv."""
    design = power.design_effect(row["size"], row.icc)
    rise = row.level + row.effect
    functions = {
        "power_of_proportions": lambda: power.power_of_proportions(row.n, row.level, rise, row.alpha),
        "smallest_rise": lambda: power.smallest_rise(row.n, row.level, row.alpha, row.power),
        "people_for_a_rise": lambda: power.people_needed(
            lambda n: power.power_of_proportions(n, row.level, rise, row.alpha), row.power
        ),
        "power_of_means": lambda: power.power_of_means(row.n, row.effect, row.sd, row.alpha, design, row["size"]),
        "smallest_difference": lambda: power.smallest_difference(row.n, row.sd, 100.0, row.alpha, row.power),
        "people_for_a_difference": lambda: power.people_needed(
            lambda n: power.power_of_means(n, row.effect, row.sd, row.alpha), row.power
        ),
        "smallest_correlation": lambda: power.smallest_correlation(row.n, row.alpha, row.power),
        "margin_of_error": lambda: power.margin_of_error(row.n, row.level, row.alpha),
    }
    return functions[row.quantity]()


@pytest.mark.parametrize("quantity", R.quantity.unique())
def test_equals_r(quantity):
    rows = R[R.quantity == quantity]
    # R's tail of the noncentral t is exact to about 1e-12 of the probability, and so are its solutions.
    assert [computed(row) for _, row in rows.iterrows()] == pytest.approx(list(rows.value), rel=1e-8)


def test_simulated_surveys_find_the_smallest_rise_as_often_as_planned():
    """20,000 surveys of 300 people in each arm, tested by the z test with a pooled variance."""
    n, level = 300, 0.4
    rise = power.smallest_rise(n, level)
    random = np.random.default_rng(20260)
    without, nudged = random.binomial(n, level, 20_000) / n, random.binomial(n, level + rise, 20_000) / n
    pooled = (without + nudged) / 2
    is_found = (nudged - without) / np.sqrt(2 * pooled * (1 - pooled) / n) > stats.norm.isf(0.025)
    assert is_found.mean() == pytest.approx(0.8, abs=4 * math.sqrt(0.8 * 0.2 / 20_000) + 0.005)


def test_simulated_households_find_the_smallest_difference_as_often_as_planned():
    """4,000 surveys of 60 streets of 5 people in each arm, tested by the t test of the streets' means."""
    streets, size, sd, icc = 60, 5, 30.0, 0.1
    design = power.design_effect(size, icc)
    effect = power.smallest_difference(streets * size, sd, 100.0, design=design, size=size)
    random = np.random.default_rng(20261)
    shape = (4_000, 2, streets)
    means = random.normal(0, sd * math.sqrt(icc), shape) + random.normal(0, sd * math.sqrt((1 - icc) / size), shape)
    result = stats.ttest_ind(means[:, 1] + effect, means[:, 0], axis=1)
    is_found = (result.pvalue < 0.05) & (result.statistic > 0)
    assert is_found.mean() == pytest.approx(0.8, abs=4 * math.sqrt(0.8 * 0.2 / 4_000))


def test_a_design_effect_is_one_for_people_drawn_alone_and_one_more_for_a_perfect_copy():
    assert power.design_effect(1, 0.3) == 1
    assert power.design_effect(3, 0) == 1
    assert power.design_effect(2, 1) == 2


def test_what_cannot_be_found_has_no_number():
    assert power.smallest_rise(3, 0.9) is None
    assert power.smallest_correlation(3) is None
    assert power.power_of_means(5, 10, 30, design=1.1, size=5) == 0
    assert power.power_of_proportions(100, 0.0, 0.0) == 0
    assert power.people_needed(lambda n: 0.0) is None
    assert power.people_needed(lambda n: 1.0) == 2


def test_a_fall_is_the_rise_of_the_others():
    assert power.smallest_fall(300, 0.4) == pytest.approx(power.smallest_rise(300, 0.6))
    assert PanelPlan(30, level=40).smallest_drop(300) == pytest.approx(100 * power.smallest_rise(300, 0.6))


def test_a_panel_that_is_as_large_as_needed_finds_the_effect_and_one_smaller_does_not():
    plan = PanelPlan(response_rate=30, n_arms=3, level=40)
    needed = plan.needed_in_arm(5)
    assert plan.power_at(needed, 5) >= 0.8 > plan.power_at(needed - 1, 5)
    row = plan_row(plan, plan.invitations(3 * needed))
    assert row.n_in_arm == needed
    assert row.smallest_effect <= 5
    assert plan_row(plan, plan.invitations(3 * needed) - 4).smallest_effect > 5


def test_answers_in_clusters_are_worth_less_for_every_figure():
    alone, together = (plan_row(PanelPlan(30, 2, 40, None, size, 0.1), 2_000) for size in (1, 4))
    assert alone.n_in_arm == together.n_in_arm == 300
    assert together.margin == pytest.approx(alone.margin * math.sqrt(1.3))
    assert together.smallest_effect > alone.smallest_effect
    assert together.smallest_correlation > alone.smallest_correlation


def test_the_margin_of_an_index_is_that_of_its_mean():
    assert PanelPlan(100, level=None, deviation=30).margin(900) == pytest.approx(1.959963985 * 30 / 30)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"response_rate": 0.3}, "--response-rate is 0.3. Allowed: per cent from 1 to 100"),
        ({"n_arms": 1}, "--arms is 1. Allowed: 2 to 20"),
        ({"level": 0.4}, "--level is 0.4. Allowed: per cent from 1 to 99"),
        ({"level": None, "deviation": 0.3}, "--sd is 0.3. Allowed: points of an index of 0 to 100, from 1 to 50"),
        ({"icc": 5}, "--icc is 5."),
        ({"cluster_size": 0}, "--cluster-size is 0."),
        ({"alpha": 5}, "--alpha is 5."),
        ({"power": 80}, "--power is 80. Allowed: 0.5 to 0.99"),
        ({"deviation": 30}, "either --level, if people say yes or no, or --sd"),
        ({"level": None}, "either --level, if people say yes or no, or --sd"),
    ],
)
def test_a_number_that_cannot_be_is_named_with_what_is_allowed(changes, said):
    with pytest.raises(CoproductionError) as refused:
        PanelPlan(**({"response_rate": 30} | changes))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("effect", "plan"), [(0, PanelPlan(30)), (70, PanelPlan(30, level=40)), (-41, PanelPlan(30, level=40))]
)
def test_an_effect_out_of_reach_is_refused(effect, plan):
    with pytest.raises(CoproductionError, match="Allowed: points from"):
        plan.needed_in_arm(effect)
