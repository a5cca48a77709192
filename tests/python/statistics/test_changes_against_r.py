"""Changes between waves against R: t.test, survey, and the lines of reference/changes.R; and what is not computed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from survey_examples import REFERENCE, _mix

from coproduction.statistics.estimates.changes.est_changes import (
    ALIKE,
    FEWEST_IN_BOTH,
    NO_VARIATION,
    NOT_COMPARABLE,
    estimate_changes,
)
from coproduction.statistics.methods.weights.weighting import FOURTH_POWERS_UNIT

R = pd.read_csv(REFERENCE.parent / "changes.csv", index_col="quantity")["value"]
PERSON = np.arange(600)
OVERLAPS = {"none": (range(300), range(300, 600)), "half": (range(360), range(180, 600)), "all": (range(300),) * 2}
KEYS = {
    "council_id": "barnet",
    "earlier_wave_id": "wave_1",
    "wave_id": "wave_2",
    "theme_id": "health",
    "topic_id": "all",
    "comparison_id": "neighbours",
    "comparability_id": "comparable",
    "is_outcome": True,
}


def people() -> pd.DataFrame:
    index1, yes1 = np.minimum(_mix(PERSON, 97, 5, 4), 3), (_mix(PERSON, 61, 3, 10) < 3).astype(int)
    return pd.DataFrame(
        {
            "index1": index1,
            "yes1": yes1,
            "index2": np.where(_mix(PERSON, 71, 13, 5) < 2, index1, np.minimum(_mix(PERSON, 53, 11, 4), 3)),
            "yes2": np.where(_mix(PERSON, 37, 19, 7) < 3, yes1, (_mix(PERSON, 101, 3, 16) < 7).astype(int)),
            "w1": np.array([0.5, 1, 1.25, 2])[_mix(PERSON, 43, 17, 4)],
            "w2": np.array([0.4, 0.8, 1, 2.5])[_mix(PERSON, 29, 23, 4)],
            "gender": np.array(["Female", "Male"])[(_mix(PERSON, 83, 7, 9) > 4).astype(int)],
            "age": np.array(["16-34", "35-54", "55+"])[_mix(PERSON, 59, 31, 3)],
        }
    )


def counts(measure: str, overlap: str, with_weights: bool = False) -> pd.DataFrame:
    """One row per person, as finely divided as counts can be."""
    frame, items = people(), 3 if measure == "index" else 1
    earlier, later = (np.isin(PERSON, list(who)) for who in OVERLAPS[overlap])
    rows = pd.DataFrame(
        {
            "measure_id": measure,
            "n_respondents": 1,
            **{
                f"{start}{name}": pd.Series(frame[column] if isinstance(column, str) else column).where(here)
                for start, here, wave in (("earlier_", earlier, "1"), ("", later, "2"))
                for name, column in (
                    ("gender_label", "gender"),
                    ("age_band", "age"),
                    ("n_positive", f"{measure}{wave}"),
                    ("n_answered", np.full(600, items)),
                )
            },
        }
    ).assign(**KEYS)
    if with_weights:
        for start, here, name in (("earlier_", earlier, "w1"), ("", later, "w2")):
            weight = frame[name].where(here, 0.0) * 1e3
            rows[f"n_{start}weighted"] = here.astype(int)
            for power, suffix in ((1, ""), (2, "_squared"), (4, "_fourth")):
                unit = FOURTH_POWERS_UNIT if power == 4 else 1
                rows[f"sum_{start}weight{suffix}"] = weight**power / unit
        rows["sum_weight_products"] = rows["sum_earlier_weight"] * rows["sum_weight"]
    return rows[earlier | later]


def changes(rows: pd.DataFrame) -> pd.DataFrame:
    return estimate_changes(rows).set_index(["sample_id", "weighting_id"])


CASES = [(measure, overlap) for measure in ("index", "yes") for overlap in OVERLAPS]


@pytest.mark.parametrize(("measure", "overlap"), CASES)
def test_unweighted_changes(measure, overlap):
    found = changes(counts(measure, overlap))
    samples = ["independent"] + (["overlapping", "same_people"] if overlap != "none" else [])
    assert set(found.index.get_level_values("sample_id")) == set(samples)
    for sample in samples:
        row = found.loc[(sample, "unweighted")]
        for part in ("estimate", "std_error", "df", "ci_lower", "ci_upper", "p_value"):
            assert row[part] == pytest.approx(R[f"{overlap}_{measure}_{sample}_{part}"], rel=1e-10), (sample, part)


@pytest.mark.parametrize(("measure", "overlap"), CASES)
def test_weighted_changes(measure, overlap):
    found = changes(counts(measure, overlap, with_weights=True))
    for sample in ["independent"] if overlap == "none" else ["overlapping", "same_people"]:
        for part in ("estimate", "std_error"):
            expected = R[f"{overlap}_{measure}_{sample}_weighted_{part}"]
            assert found.loc[(sample, "weighted"), part] == pytest.approx(expected, rel=1e-9), (sample, part)


@pytest.mark.parametrize(("measure", "overlap"), CASES)
def test_changes_at_the_earlier_margin(measure, overlap):
    found = changes(counts(measure, overlap))
    sample = "independent" if overlap == "none" else "overlapping"
    for part in ("estimate", "std_error"):
        expected = R[f"{overlap}_{measure}_{sample}_earlier_margin_{part}"]
        assert found.loc[(sample, "earlier_margin"), part] == pytest.approx(expected, rel=1e-7), part


def test_equal_weights_give_the_unweighted_changes():
    rows = counts("index", "half", with_weights=True)
    for start in ("earlier_", ""):
        n = rows[f"n_{start}weighted"]
        rows[f"sum_{start}weight"], rows[f"sum_{start}weight_squared"] = n * 7.0, n * 49.0
        rows[f"sum_{start}weight_fourth"] = n * 7.0**4 / FOURTH_POWERS_UNIT
    rows["sum_weight_products"] = rows["sum_earlier_weight"] * rows["sum_weight"]
    found = changes(rows)
    for sample in ("independent", "overlapping", "same_people"):
        weighted, plain = found.loc[(sample, "weighted")], found.loc[(sample, "unweighted")]
        for part in ("estimate", "std_error", "df", "p_value", "n_effective"):
            assert weighted[part] == pytest.approx(plain[part], rel=1e-9), (sample, part)


def test_grouped_counts_give_the_same_bits_in_any_order():
    rows = counts("index", "half", with_weights=True)
    keys = [name for name in rows if not name.startswith(("n_respondents", "n_weighted", "n_earlier_w", "sum_"))]
    grouped = rows.groupby(keys, dropna=False, as_index=False).sum()
    assert len(grouped) < len(rows) / 2
    pd.testing.assert_frame_equal(estimate_changes(rows), estimate_changes(grouped), rtol=1e-10)
    shuffled = rows.sample(frac=1, random_state=np.random.default_rng(5))
    pd.testing.assert_frame_equal(estimate_changes(rows), estimate_changes(shuffled), check_exact=True)


def test_few_people_in_both_waves_count_as_different_people():
    rows = counts("yes", "none")
    joined = rows.copy()
    later = rows[rows["n_answered"].notna()].index
    columns = ["gender_label", "age_band", "n_positive", "n_answered"]
    for n_both in (FEWEST_IN_BOTH - 1, FEWEST_IN_BOTH):
        joined = rows.copy()
        joined.loc[joined.index[:n_both], columns] = rows.loc[later[:n_both], columns].to_numpy()
        joined = joined.drop(later[:n_both])
        samples = set(estimate_changes(joined)["sample_id"])
        assert ("overlapping" in samples) == ("same_people" in samples) == (n_both == FEWEST_IN_BOTH)
        assert changes(joined).loc[("independent", "unweighted"), "std_error"] == pytest.approx(
            changes(rows).loc[("independent", "unweighted"), "std_error"], rel=1e-12
        )


def test_people_in_both_waves_are_few_below_the_minimum_of_the_reports():
    project = yaml.safe_load((Path(__file__).parents[3] / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["vars"]["minimum_base"] == FEWEST_IN_BOTH


@pytest.mark.parametrize("comparability_id", NOT_COMPARABLE)
def test_a_question_that_changed_has_one_row_without_numbers(comparability_id):
    found = estimate_changes(counts("index", "half").assign(comparability_id=comparability_id))
    (row,) = found.to_dict("records")
    assert row["reason"] == NOT_COMPARABLE[comparability_id]
    assert found[["estimate", "earlier_level", "later_level", "std_error", "p_value", "n_family"]].isna().all(axis=None)
    assert (row["n_earlier"], row["n_later"]) == (360, 420)


def test_a_wave_without_variation_and_a_change_of_everybody():
    rows = counts("yes", "all")
    nobody = changes(rows.assign(earlier_n_positive=0.0))
    assert nobody.loc[("independent", "unweighted"), "reason"] == NO_VARIATION
    assert nobody.loc["independent"][["std_error", "p_value", "ci_lower"]].isna().all(axis=None)
    alike = changes(rows.assign(n_positive=rows["earlier_n_positive"]))
    assert alike.loc[("same_people", "unweighted"), "reason"] == ALIKE
    assert alike.loc[("overlapping", "unweighted"), "reason"] == ALIKE
    assert alike.loc[("overlapping", "unweighted"), "estimate"] == 0


def test_a_rare_gender_keeps_its_share_and_one_gender_is_no_margin():
    rows = counts("yes", "none")
    rare = rows.copy()
    for start in ("", "earlier_"):
        there = rare.index[rare[f"{start}n_answered"].notna()]
        rare.loc[there[:9], f"{start}gender_label"] = "Prefer to self-describe"
    kept = changes(rare).loc[("independent", "earlier_margin")]
    assert pd.isna(kept["reason"])
    unknown = rare.replace("Prefer to self-describe", None)
    assert kept["estimate"] == changes(unknown).loc[("independent", "earlier_margin"), "estimate"]
    alone = rows.assign(gender_label=None, age_band=None)
    row = changes(alone).loc[("independent", "earlier_margin")]
    assert row["reason"].startswith("not reweighted")
    assert pd.isna(row["estimate"])


def test_without_several_waves_the_estimates_are_empty_with_their_types():
    full, empty = estimate_changes(counts("yes", "half")), estimate_changes(counts("yes", "half").iloc[:0])
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_impossible_counts_are_refused():
    rows = counts("yes", "half")
    for wrong, problem in (
        (rows.assign(n_positive=2.0), "n_positive must lie"),
        (rows.assign(n_respondents=0.5), "whole number"),
        (rows.drop(columns="age_band"), "no column age_band"),
        (rows.assign(n_answered=None, earlier_n_answered=None), "in neither wave"),
    ):
        with pytest.raises(ValueError, match=problem):
            estimate_changes(wrong)
