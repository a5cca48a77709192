"""Changes between waves are those that plain pandas and scipy compute from the raw answers of both waves."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from panels import WAVES, raw_answers

PAIRS = [("spring", "summer"), ("summer", "autumn"), ("spring", "autumn")]
ITEMS = ["act_1", "act_2", "act_3"]


def joins(frame):
    """1 for joining groups, 0 for not, NaN for Don't Know."""
    return frame.set_index("id")["join"].map({"Often": 1.0, "Sometimes": 1.0, "Never": 0.0})


def index_of(frame):
    """Share of the activities done, among those answered; NaN below half of them."""
    done = frame.set_index("id")[ITEMS].apply(lambda column: column.map({"Often": 1.0, "Sometimes": 1.0, "Never": 0.0}))
    return done.mean(axis=1).where(done.notna().sum(axis=1) >= 2)


MEASURES = {"collective_participation": joins, "individual_index": index_of}


def answers(project, council, waves, measure_id):
    return [MEASURES[measure_id](raw_answers(project, f"{council}_{wave}")).dropna() for wave in waves]


def estimates(project, council, waves, measure_id, weighting_id="unweighted"):
    rows = project.query(
        f"from estimates.est_changes where council_id = '{council}' and measure_id = '{measure_id}' "
        f"and topic_id = 'all' and earlier_wave_id = '{waves[0]}' and wave_id = '{waves[1]}' "
        f"and weighting_id = '{weighting_id}'"
    )
    return rows.set_index("sample_id")


@pytest.mark.parametrize("measure_id", MEASURES)
@pytest.mark.parametrize("waves", PAIRS)
def test_changes_of_a_panel(waves_built, waves, measure_id):
    before, after = answers(waves_built, "panel", waves, measure_id)
    both = before.index.intersection(after.index)
    found = estimates(waves_built, "panel", waves, measure_id)
    assert set(found.index) == {"independent", "overlapping", "same_people"}
    assert (found.n_both == len(both)).all()

    welch = stats.ttest_ind(after, before, equal_var=False)
    row = found.loc["independent"]
    assert (row.n_earlier, row.n_later) == (len(before), len(after))
    assert [row.estimate, row.p_value, row.df] == pytest.approx([after.mean() - before.mean(), welch.pvalue, welch.df])
    assert [row.ci_lower, row.ci_upper] == pytest.approx(list(welch.confidence_interval()))

    paired = stats.ttest_rel(after[both], before[both])
    row = found.loc["same_people"]
    assert [row.estimate, row.p_value, row.df] == pytest.approx(
        [(after[both] - before[both]).mean(), paired.pvalue, paired.df]
    )
    assert [row.earlier_level, row.later_level] == pytest.approx([before[both].mean(), after[both].mean()])

    # One row for each person, with the person's part in both means: the covariance comes in by itself.
    parts = pd.concat(
        [
            (frame - frame.mean()) * sign / len(frame) * np.sqrt(len(frame) / (len(frame) - 1))
            for frame, sign in ((after, 1), (before, -1))
        ],
        axis=1,
    ).fillna(0)
    row = found.loc["overlapping"]
    assert row.std_error == pytest.approx(np.sqrt((parts.sum(axis=1) ** 2).sum()), rel=1e-12)
    n_one = len(before) + len(after) - 2 * len(both)
    df = len(both) - 1 + (welch.df - len(both) + 1) * n_one / (n_one + 2 * len(both))
    assert row.df == pytest.approx(df, rel=1e-12)
    assert row.p_value == pytest.approx(2 * stats.t.sf(abs(row.estimate / row.std_error), df), rel=1e-9)


def test_changes_with_weights(waves_built):
    frames = [raw_answers(waves_built, f"weighted_panel_{wave}").set_index("id") for wave in WAVES[:2]]
    before, after = answers(waves_built, "weighted_panel", WAVES[:2], "collective_participation")
    weights = [frame.weight.astype(float)[values.index] for frame, values in zip(frames, (before, after), strict=True)]
    found = estimates(waves_built, "weighted_panel", WAVES[:2], "collective_participation", "weighted")
    means = [np.average(values, weights=weight) for values, weight in zip((before, after), weights, strict=True)]
    parts = pd.concat(
        [
            (values - mean) * weight / weight.sum() * sign * np.sqrt(len(values) / (len(values) - 1))
            for values, mean, weight, sign in zip((before, after), means, weights, (-1, 1), strict=True)
        ],
        axis=1,
    ).fillna(0)
    row = found.loc["overlapping"]
    assert row.estimate == pytest.approx(means[1] - means[0], rel=1e-9)
    assert row.std_error == pytest.approx(np.sqrt((parts.sum(axis=1) ** 2).sum()), rel=1e-9)
    both = before.index.intersection(after.index)
    row = found.loc["same_people"]
    assert row.estimate == pytest.approx(np.average((after - before)[both], weights=weights[0][both]), rel=1e-9)


def test_the_headline_is_the_row_that_counts_the_same_people_once(waves_built):
    rows = waves_built.query("from reports.rpt_changes where is_headline")
    keys = ["council_id", "earlier_wave_id", "wave_id", "theme_id", "topic_id", "measure_id"]
    assert not rows.duplicated(keys).any()
    all_rows = waves_built.query("from reports.rpt_changes")
    assert len(rows) == len(all_rows.drop_duplicates(keys))
    of_panel = rows[rows.council_id.eq("panel") & rows.measure_id.isin(list(MEASURES))]
    assert set(of_panel.sample_id) == {"overlapping"}
    assert set(rows[rows.council_id.eq("numbered")].sample_id) == {"independent"}
    shown = of_panel[of_panel.wave_id.eq("summer") & of_panel.measure_id.eq("collective_participation")].iloc[0]
    before, after = answers(waves_built, "panel", WAVES[:2], "collective_participation")
    assert shown.estimate == pytest.approx(100 * (after.mean() - before.mean()), abs=0.05)
    assert [shown.earlier_level, shown.later_level] == pytest.approx([100 * before.mean(), 100 * after.mean()], abs=0.5)
    assert shown.unit_label == "points of 0-100"


def test_a_question_whose_scale_changed_is_not_compared_and_says_why(waves_built):
    rows = waves_built.query("from reports.rpt_changes where measure_id = 'mean_informed' and wave_id = 'autumn'")
    assert len(rows) == 2
    assert rows[["estimate", "ci_lower", "p_value", "earlier_level", "later_level"]].isna().all(axis=None)
    assert rows.reason.str.startswith("not compared: the answers, their scores").all()
    same_scale = waves_built.query("from reports.rpt_changes where measure_id = 'mean_informed' and wave_id = 'summer'")
    assert same_scale.reason.isna().all()
    assert same_scale.estimate.notna().any()
    of_pooled = waves_built.query(
        "from reports.rpt_changes where council_id = 'pooled' and measure_id = 'mean_informed' and is_headline"
    )
    # In the order of waves.csv, wave_3 comes first; it has the longer scale.
    compared = of_pooled.set_index(["earlier_wave_id", "wave_id"]).reason.isna().to_dict()
    assert compared == {("wave_3", "wave_2"): False, ("wave_2", "wave_1"): True, ("wave_3", "wave_1"): False}


def test_other_words_are_a_caution(waves_built):
    rows = waves_built.query("from reports.rpt_changes where council_id = 'panel' and measure_id like 'collective%'")
    assert rows[rows.wave_id.eq("autumn")].caution.eq("the words of a question are not the same in both waves").all()
    assert rows[rows.wave_id.eq("summer")].caution.isna().all()


def test_files_that_number_their_rows_are_no_panel(waves_built):
    pair = waves_built.query("from marts.dim_wave_pair where council_id = 'numbered'").iloc[0]
    assert (pair.n_both, pair.are_same_people) == (200, False)
    rows = waves_built.query("from estimates.est_changes where council_id = 'numbered'")
    assert set(rows.sample_id) == {"independent"}
    assert rows.n_both.eq(0).all()
    assert waves_built.query("from reports.rpt_attrition where council_id = 'numbered'").empty


def test_attrition_is_the_share_who_answered_again(waves_built):
    before, after = (raw_answers(waves_built, f"panel_{wave}") for wave in WAVES[:2])
    again = before.id.isin(after.id)
    rows = waves_built.query(
        "from reports.rpt_attrition where council_id = 'panel' and earlier_wave_id = 'spring' and wave_id = 'summer'"
    ).set_index(["breakdown_id", "breakdown_value"])
    assert rows.loc[("all", "all"), "estimate"] == round(100 * again.mean())
    assert rows.loc[("gender", "Female"), "estimate"] == round(100 * again[before.gender.eq("Female")].mean())


def test_an_age_band_that_three_people_left_is_withheld_with_the_next(waves_built):
    rows = waves_built.query(
        "from reports.rpt_attrition where council_id = 'panel' and earlier_wave_id = 'spring' and wave_id = 'summer' "
        "and breakdown_id = 'age_band'"
    ).set_index("breakdown_value")
    assert rows.loc["65-74", "is_withheld"]
    assert rows.is_withheld.sum() == 2
    assert rows[rows.is_withheld][["estimate", "n_respondents"]].isna().all(axis=None)


def test_few_who_changed_either_way_withhold_what_the_same_people_said(waves_built):
    plan = waves_built.query("from disclosure.plan_changes where n_both is not null and council_id <> 'numbered'")
    hidden = plan[plan.rule_id.eq("few_changed")]
    assert len(hidden) >= 1
    for row in hidden.itertuples():
        rows = waves_built.query(
            f"from reports.rpt_changes where council_id = '{row.council_id}' and wave_id = '{row.wave_id}' "
            f"and earlier_wave_id = '{row.earlier_wave_id}' and measure_id = '{row.measure_id}'"
        ).set_index(["sample_id", "weighting_id"])
        assert rows.loc[["overlapping", "same_people"]].estimate.isna().all()
        assert rows.loc[("independent", "unweighted"), "is_headline"]
        assert not rows.loc[("independent", "unweighted"), "is_withheld"]


def test_the_family_is_the_outcomes_of_neighbouring_waves(waves_built):
    rows = waves_built.query("from estimates.est_changes where family_id = 'changes_overlapping'")
    rows = rows[rows.weighting_id.eq("unweighted")]
    assert set(rows.measure_id) == set(MEASURES)
    assert set(rows.comparison_id) == {"neighbours"}
    assert len(rows) == 2 * 2 + 2
    # A survey without a row in studies.csv is a study of its own, by its later wave.
    for _, of_study in rows.groupby(["council_id", "wave_id"]):
        assert of_study.n_family.eq(len(of_study)).all()
        adjusted = stats.false_discovery_control(of_study.p_value)
        assert of_study.p_value_adjusted.to_numpy() == pytest.approx(adjusted, rel=1e-12)
