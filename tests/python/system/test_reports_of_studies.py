"""Studies in a built warehouse: their families, their registered hypotheses, and the effects that would matter."""

import duckdb
import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from studies import BUNDLED

KEYS = ["council_id", "wave_id", "theme_id", "topic_id", "outcome_id"]


def test_the_bundled_councils_are_one_study(built):
    studies = built.query("from marts.dim_study")
    assert studies.study_id.unique().tolist() == ["paper"]
    assert sorted(studies.council_id) == BUNDLED and studies.n_surveys.unique().tolist() == [5]


def test_the_bundled_study_declared_nothing_and_so_there_is_no_verdict(built):
    for report in ("rpt_equivalence", "rpt_registered_tests"):
        assert built.query(f"select count(*) as n from reports.{report}").n[0] == 0


def test_other_surveys_change_no_adjusted_p_of_the_bundled_study(built, town):
    """Beside it, the town has another study of five councils and one of its own."""
    query = f"""
        select * from estimates.est_{{}}
        where council_id in {tuple(BUNDLED)} and weighting_id = 'unweighted' and topic_id is not null order by all
    """
    for table in ("correlates", "thresholds", "outcome_gaps"):
        alone, beside = (project.query(query.format(table)) for project in (built, town))
        # Barnet's export has weights there, and these add rows and no respondents.
        assert len(alone) == len(beside)
        np.testing.assert_array_equal(alone.p_value_adjusted, beside.p_value_adjusted)
        np.testing.assert_array_equal(alone.n_family, beside.n_family)


def test_families_of_one_survey_are_about_that_survey(town):
    families = town.query("from reports.rpt_families").set_index("study_id")
    assert set(families.index) == {"paper", "again", "testtown/wave_1", "all"}
    own = families.loc["testtown/wave_1"]
    assert own.council_id.unique().tolist() == ["testtown"] and own.wave_id.unique().tolist() == ["wave_1"]
    assert own.study_label.unique().tolist() == ["Testtown, wave_1"]
    assert families.loc["paper", "council_id"].unique().tolist() == ["all"]


def test_registered_tests_are_those_of_the_hypothesis(town):
    """Adjusted among themselves, and judged by their direction."""
    found = town.query("from reports.rpt_registered_tests").set_index("hypothesis_id")
    nudges = found.loc["a_works"]
    assert set(nudges.contrast_id) == {"a"} and nudges.council_id.str.endswith("_again").all()
    assert nudges.adjustment_id.unique().tolist() == ["holm"]
    estimates = town.query(
        "from estimates.est_nudge_effects where family_id = 'hypothesis_a_works' and headline_p_value is not null"
    )
    assert nudges.n_family.unique().tolist() == [len(estimates)]
    adjusted = multipletests(estimates.headline_p_value, method="holm")[1]
    np.testing.assert_allclose(estimates.p_value_adjusted, adjusted, rtol=1e-9)
    age = found.loc["age"]
    assert set(age.construct_id) == {"age"} and set(age.adjustment_id) == {"benjamini_hochberg"}
    for row in found[~found.is_withheld].itertuples():
        is_found = row.p_value_adjusted <= 0.05
        is_expected = (row.estimate > 0) == (row.direction == "positive")
        expected = "not_settled" if not is_found else "supported" if is_expected else "contradicted"
        assert row.verdict_id == expected
    assert {"supported", "contradicted", "not_settled"} >= set(found.verdict_id.dropna())


def test_the_verdicts_follow_from_the_intervals_of_the_headline(town):
    """Recomputed from the reported interval of 95 per cent, to the rounding of the reports."""
    rows = town.query("from reports.rpt_equivalence where quantity_id = 'nudge' and ci90_lower is not null")
    effects = town.query("from reports.rpt_nudge_effects where model_id = 'dummies'")
    both = rows.merge(effects, on=[*KEYS, "contrast_id", "weighting_id"], suffixes=("", "_95"), validate="1:1")
    assert len(both) == len(rows) > 50
    assert (both.estimate == both.estimate_95).all()
    assert ((both.ci90_lower >= both.ci_lower) & (both.ci90_upper <= both.ci_upper)).all()
    assert set(rows.smallest_effect) == {6, 12} and set(rows.council_id) >= {"bristol", "bristol_again"}
    is_inside = (rows.ci90_lower > -rows.smallest_effect) & (rows.ci90_upper < rows.smallest_effect)
    is_clear = (rows.ci90_lower.abs() - rows.smallest_effect).abs().gt(0.1)
    is_clear &= (rows.ci90_upper.abs() - rows.smallest_effect).abs().gt(0.1)
    assert (rows.verdict_id.eq("too_small") == is_inside)[is_clear].all() and is_inside.any()


def test_correlations_have_verdicts_too(town):
    rows = town.query("from reports.rpt_equivalence where quantity_id = 'correlate' and not is_withheld")
    assert set(rows.verdict_id) == {"too_small", "matters", "undecided"}
    assert set(rows.weighting_id) == {"unweighted", "weighted"}
    assert "testtown" not in set(rows.council_id)


@pytest.mark.parametrize(
    ("report", "quantity_id", "key", "chosen"),
    [
        ("nudge_effects", "nudge", "contrast_id", "model_id = 'dummies' and contrast_id <> 'interaction'"),
        ("correlates", "correlate", "construct_id", "method_id = 'pearson'"),
    ],
)
def test_a_verdict_is_withheld_with_its_effect(small, report, quantity_id, key, chosen):
    """A verdict has an interval, and so it would reveal what the other report withholds."""
    keys = [*KEYS, key, "weighting_id"]
    verdicts = small.query(f"from reports.rpt_equivalence where quantity_id = '{quantity_id}'").set_index(keys)
    others = small.query(f"from reports.rpt_{report} where {chosen}").set_index(keys)
    of_study = others.loc[verdicts.index]
    assert len(verdicts) == len(of_study) > 20
    assert (verdicts.is_withheld == of_study.is_withheld).all() and verdicts.is_withheld.any()
    numbers = ["estimate", "ci90_lower", "ci90_upper", "p_value_tost", "p_value_beyond", "verdict_id", "n_respondents"]
    assert verdicts.loc[verdicts.is_withheld, numbers].isna().all(axis=None)


def test_families_do_not_count_withheld_stars(small):
    """A family of a small study would reveal whether the result of a small group is significant."""
    withheld = small.query(
        """
        select count(*) as n from reports.rpt_nudge_effects
        where model_id = 'dummies' and is_withheld and contrast_id <> 'interaction' and council_id in
            (select council_id from marts.dim_study where study_id = 'paper')
        """
    ).n[0]
    tests = small.query("from reports.rpt_tests where family_id like 'nudges_%' and study_id = 'paper'")
    assert withheld > 0 and tests.is_result_withheld.any()


def test_nothing_about_a_tiny_study_is_published(small):
    with duckdb.connect(str(small.warehouse_path.with_name("published.duckdb")), read_only=True) as published:
        studies = {row[0] for row in published.sql("select distinct study_id from reports.rpt_families").fetchall()}
    assert studies == {"paper", "all"}
    assert small.query("select 1 from reports.rpt_families where study_id = 'hamlet/wave_1'").shape[0] > 0
