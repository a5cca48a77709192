"""Eleven questionnaires with the shapes of real ones give what plain pandas computes from their files."""

import numpy as np
import pandas as pd
import pytest

from building import Project
from coproduction.exports.checks.answer_checks import export_of
from coproduction.exports.leaving_out import check_exports
from coproduction.exports.project_files import read_codebook
from coproduction.files.reading import CsvTable
from questionnaires import ALL, prepare, rows_of

POSITIVE = {"Often": 1.0, "Sometimes": 1.0, "Never": 0.0}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The project with their councils alone, and the raw answers of each."""
    project = Project.copy_to(tmp_path_factory.mktemp("questionnaires"))
    prepare(project)
    raw = {name: write(project) for name, write in ALL.items()}
    parts = [
        "+rpt_exports",
        "+rpt_levels",
        "+rpt_nudge_effects",
        "+rpt_correlates",
        "+answer_reconciliation",
        "+dim_respondent",
        "+int_coded_cells",
    ]
    parts += ["--indirect-selection", "cautious", "--exclude-resource-type", "unit_test"]
    build = project.build("--vars", "{include_synthetic: false}", "--select", *parts)
    assert build.succeeded, build.output
    return project, raw


def level(built, council, measure, weighting="unweighted", wave="wave_1", value="all"):
    """Return one row of est_levels."""
    project, _ = built
    rows = project.query(
        f"from estimates.est_levels where council_id = '{council}' and measure_id = '{measure}' and wave_id = '{wave}' "
        f"and topic_id = 'all' and weighting_id = '{weighting}' and breakdown_value = '{value}'"
    )
    assert len(rows) == 1
    return rows.iloc[0]


def index_of(frame, asked):
    """Mean share of positive answers among those that were asked and answered, of people who answered half of them."""
    answers = frame.apply(lambda column: column.map(POSITIVE)).where(asked)
    is_enough = (answers.notna().sum(axis=1) >= asked.sum(axis=1) / 2) & answers.notna().any(axis=1)
    return answers.mean(axis=1)[is_enough]


def test_every_cell_of_every_file_is_accounted_for(built):
    project, _ = built
    rows = project.query("from quality.answer_reconciliation")
    assert len(rows) == 14
    assert rows.is_balanced.all()


def test_the_check_says_what_it_recognised(built):
    project, _ = built
    checked = check_exports(project.directory, {"include_synthetic": False})
    assert checked.errors == []
    text = "\n".join(map(str, checked.notes))
    assert "lines 3 and 4 explain the header, as Qualtrics writes it" in text
    assert 'such as "-99.0" as -99' in text
    assert "numbers are read in the format comma" in text
    assert "rows are in no export, because of the filter" in text
    assert "from respondents to whom the question was not put" in text
    assert "their rows in pw_web count" in text


def test_the_index_counts_only_what_was_asked(built):
    frame = built[1]["qualtrics"]
    asked = pd.DataFrame(True, frame.index, ["street_1", "street_2", "garden\n1", "garden_2"])
    # Where the routing column is blank nobody knows, so an answer counts and a blank cell is blank.
    asked.loc[frame.owner == "No", ["garden\n1", "garden_2"]] = False
    index = index_of(frame[asked.columns], asked)
    found = level(built, "qualtrics", "individual_index")
    assert (found.n_respondents, found.estimate) == (len(index), pytest.approx(index.mean(), abs=1e-12))


def test_genders_in_any_words_are_one_group_and_stay_readable(built):
    project, raw = built
    names = raw["qualtrics"].gender.map({"Woman": "Female", "Man": "Male"}).fillna("In another way")
    found = project.query(
        "select gender_label, count(*) as n from marts.dim_respondent where export_id = 'qualtrics' group by all"
    )
    assert dict(zip(found.gender_label, found.n, strict=True)) == names.value_counts().to_dict()
    labels = project.query("from quality.answer_profile where column_name = 'gender' and answer_kind = 'valid'")
    assert set(labels.answer_label) == set(raw["qualtrics"].gender)


def test_tick_boxes_that_were_not_ticked_are_answers_of_those_who_saw_them(built):
    frame = built[1]["ticks"]
    saw = frame.reached == "1"
    boxes = frame.loc[saw, ["litter", "recycle", "plant"]] == "1"
    found = level(built, "ticks", "individual_index")
    assert (found.n_respondents, found.estimate) == (saw.sum(), pytest.approx(boxes.mean(axis=1).mean(), abs=1e-12))


def test_several_answers_in_a_cell_are_one_tick_box_each(built):
    project, raw = built
    frame = raw["ticks"]
    # A few people ticked something although the column that says who saw the question is blank.
    saw = (frame.reached == "1") | (frame.groups != "")
    assert saw.sum() > (frame.reached == "1").sum()
    found = level(built, "ticks", "collective_participation")
    takes_part = frame.groups[saw] != ""
    assert (found.n_respondents, found.estimate) == (saw.sum(), pytest.approx(takes_part.mean(), abs=1e-12))
    cells = project.query(
        "select column_name, count(*) as n from intermediate.int_coded_cells where export_id = 'ticks' "
        "and column_name like 'groups:%' and answer_name = 'Ticked' group by all"
    )
    expected = {
        "groups:Clean-up": frame.groups[saw].str.contains("Clean-up").sum(),
        "groups:Park friends": frame.groups[saw].str.contains("Park friends").sum(),
        "groups:*": frame.groups[saw].str.contains("choir").sum(),
    }
    assert dict(zip(cells.column_name, cells.n, strict=True)) == expected


def test_a_printed_blank_says_as_little_as_an_empty_cell(built):
    project, raw = built
    frame = raw["printed_blanks"]
    ticked = frame[["choir", "watch"]] == "Y"
    saw = ticked.any(axis=1)
    assert 0 < saw.sum() < len(frame)
    cells = project.query(
        "select column_name, answer_kind, answer_name, count(*) as n from intermediate.int_coded_cells "
        "where export_id = 'printed_blanks' group by all"
    ).set_index(["column_name", "answer_kind", "answer_name"])["n"]
    for column in ("choir", "watch"):
        assert cells[column, "valid"].to_dict() == {
            "Ticked": ticked[column].sum(),
            "Not ticked": (saw & ~ticked[column]).sum(),
        }
        assert cells[column, "blank"].sum() == (~saw).sum()
    assert cells["garden", "not_asked"].sum() == (frame.owner == "No").sum()
    assert cells["garden", "blank"].sum() == ((frame.owner != "No") & (frame.garden == "NA")).sum()
    asked = pd.DataFrame({"street": True, "garden": frame.owner != "No"})
    index = index_of(frame[["street", "garden"]], asked)
    found = level(built, "printed_blanks", "individual_index")
    assert (found.n_respondents, found.estimate) == (len(index), pytest.approx(index.mean(), abs=1e-12))
    checked = check_exports(project.directory, {"include_synthetic": False})
    notes = [str(note) for note in checked.notes if "printed_blanks" in str(note)]
    assert any(f"{(~saw).sum()} respondents have ticked nothing" in note for note in notes)
    assert not any("was not put" in note for note in notes)


def test_paper_and_web_are_one_survey_with_one_questionnaire(built):
    frame = built[1]["paper_and_web"]
    asked = pd.DataFrame(True, frame.index, ["Q1", "Q2"])
    index = index_of(frame[["Q1", "Q2"]], asked)
    found = level(built, "paper_and_web", "individual_index")
    assert (found.n_respondents, found.estimate) == (len(index), pytest.approx(index.mean(), abs=1e-12))
    joins = frame.Q3.map(POSITIVE).dropna()
    found = level(built, "paper_and_web", "collective_participation")
    assert (found.n_respondents, found.estimate) == (len(joins), pytest.approx(joins.mean(), abs=1e-12))


@pytest.mark.parametrize(
    ("wave", "year", "highest"), [("wave_1", "2019", 5), ("wave_2", "2020", 5), ("wave_3", "2021", 10)]
)
def test_waves_of_one_file_keep_their_own_scale(built, wave, year, highest):
    frame = built[1]["pooled"]
    rows = frame[(frame.year == year) & (frame.status == "Complete")]
    expected = ((rows.informed.astype(float) - 1) / (highest - 1)).mean()
    found = level(built, "pooled", "mean_informed", wave=wave)
    assert (found.n_respondents, found.estimate) == (len(rows), pytest.approx(expected, abs=1e-12))


def test_arms_in_four_columns_are_compared(built):
    project, raw = built
    frame = raw["dummies"]
    joins = frame["join"].eq("Often").astype(float)
    found = (
        project.query(
            "select contrast_id, estimate from estimates.est_nudge_effects where council_id = 'dummies' "
            "and model_id = 'dummies' and outcome_id = 'collective_participation' and topic_id = 'all' "
            "and contrast_id in ('a', 'b', 'both')"
        )
        .set_index("contrast_id")
        .estimate
    )
    control = joins[frame.sent_none == "1"].mean()
    expected = {arm: 100 * (joins[frame[f"sent_{arm}"] == "1"].mean() - control) for arm in ("a", "b", "both")}
    assert found.to_dict() == pytest.approx(expected, abs=1e-10)


def test_a_rating_is_an_outcome_as_it_is_with_weights(built):
    frame = built[1]["numeric"]
    trust = frame.trust.astype(float)
    weight = frame.weight.str.replace(",", ".").astype(float)
    valid = trust != -99
    found = level(built, "numeric", "mean_trust")
    assert (found.n_respondents, found.estimate) == (valid.sum(), pytest.approx(trust[valid].mean() / 10, abs=1e-12))
    weighted = level(built, "numeric", "mean_trust", "weighted")
    assert weighted.estimate == pytest.approx(np.average(trust[valid], weights=weight[valid]) / 10, abs=1e-10)


def test_a_rating_is_correlated_as_it_is(built):
    project, raw = built
    frame = raw["numeric"]
    trust = frame.trust.astype(float)
    joins = frame["join"].map(POSITIVE)
    valid = trust != -99
    found = project.query(
        "select estimate from estimates.est_correlates where council_id = 'numeric' and construct_id = 'trust' "
        "and outcome_id = 'collective_participation' and topic_id = 'all' and method_id = 'pearson' "
        "and weighting_id = 'unweighted'"
    )
    assert found.estimate.tolist() == [pytest.approx(np.corrcoef(trust[valid], joins[valid])[0, 1], abs=1e-12)]


def test_households_and_strata_are_kept(built):
    project, raw = built
    frame = raw["numeric"]
    found = project.query(
        "select respondent_id, cluster_label, stratum_label from intermediate.int_respondents "
        "where export_id = 'numeric'"
    ).set_index("respondent_id")
    expected = frame.set_index("id")
    assert (found.cluster_label == expected.household.str.lower().reindex(found.index)).all()
    assert (found.stratum_label == expected.sampling_area.reindex(found.index)).all()


def error_by_clusters(frame, value, weight):
    """Taylor's error of a sum of weight * value, by plain pandas: households within areas, no value being 0."""
    terms = (weight * value).fillna(0)
    totals = terms.groupby([frame.sampling_area, frame.household]).sum()
    return np.sqrt(sum(len(one) * one.var(ddof=1) for _, one in totals.groupby(level=0)))


@pytest.mark.parametrize("weighting", ["unweighted", "weighted"])
def test_levels_have_the_error_of_households(built, weighting):
    frame = built[1]["numeric"]
    weight = (
        frame.weight.str.replace(",", ".").astype(float) if weighting == "weighted" else pd.Series(1.0, frame.index)
    )
    value = frame["trust"].astype(float).replace(-99, np.nan) / 10
    known = weight.where(value.notna(), 0)
    mean = (known * value.fillna(0)).sum() / known.sum()
    found = level(built, "numeric", "mean_trust", weighting)
    assert found.std_error_type == "linearised, design"
    assert found.estimate == pytest.approx(mean, abs=1e-10)
    # A 12-digit unit of weight, as in the other tests of weights.
    assert found.std_error == pytest.approx(error_by_clusters(frame, (value - mean) / known.sum(), weight), rel=1e-9)
    n_clusters = len(frame[value.notna()].drop_duplicates(["sampling_area", "household"]))
    squares = known**2
    assert found.df == pytest.approx(min(n_clusters - 2, squares.sum() ** 2 / (squares**2).sum() - 1), rel=1e-8)


def test_correlations_have_the_error_of_households(built):
    project, raw = built
    frame = raw["numeric"]
    x, y = frame.trust.astype(float).replace(-99, np.nan), frame["join"].map(POSITIVE)
    here = x.notna()
    zx, zy = ((value - value[here].mean()) / value[here].std(ddof=0) for value in (x, y))
    r = (zx * zy)[here].mean()
    influence = (zx * zy - r * (zx**2 + zy**2) / 2) / here.sum()
    row = project.query(
        "from estimates.est_correlates where council_id = 'numeric' and construct_id = 'trust' "
        "and method_id = 'pearson' and outcome_id = 'collective_participation' and topic_id = 'all' "
        "and weighting_id = 'unweighted'"
    ).iloc[0]
    assert row.std_error == pytest.approx(error_by_clusters(frame, influence, pd.Series(1.0, frame.index)), rel=1e-9)
    assert row.std_error_type == "linearised, design" and np.isnan(row.p_value_t)
    report = project.query(
        "select method_id, p_value from reports.rpt_correlates where council_id = 'numeric' "
        "and construct_id = 'trust' and outcome_id = 'collective_participation' and weighting_id = 'unweighted'"
    ).set_index("method_id")
    assert report.p_value.notna().to_dict() == {name: name == "pearson" for name in report.index}


def test_nudges_have_the_error_of_households(built):
    """CR2 by the whole hat matrix, one household after the other."""
    project, raw = built
    frame = raw["numeric"]
    y = 100 * frame["join"].map(POSITIVE).to_numpy()
    x = np.column_stack([np.ones(len(frame)), frame["version"] == "nudged"])
    bread = np.linalg.inv(x.T @ x)
    residual = y - x @ bread @ x.T @ y
    meat = np.zeros((2, 2))
    for _, places in frame.groupby(["sampling_area", "household"]).indices.items():
        own = x[places]
        value, vector = np.linalg.eigh(np.eye(len(places)) - own @ bread @ own.T)
        adjusted = own.T @ (vector / np.sqrt(value)) @ vector.T @ residual[places]
        meat += np.outer(adjusted, adjusted)
    row = project.query(
        "from estimates.est_nudge_effects where council_id = 'numeric' and outcome_id = 'collective_participation' "
        "and model_id = 'dummies' and topic_id = 'all' and weighting_id = 'unweighted'"
    ).iloc[0]
    assert row.std_error_type == "CR2 Bell-McCaffrey"
    assert row.std_error == pytest.approx(np.sqrt((bread @ meat @ bread)[1, 1]), rel=1e-9)
    assert 0 < row.df < frame.household.nunique() * 2


def test_a_survey_without_a_design_has_no_row_by_cluster(built):
    project, _ = built
    for table in ("cnt_clusters", "cnt_correlate_clusters"):
        assert project.query(f"select distinct council_id from counts.{table}").council_id.tolist() == ["numeric"]


@pytest.mark.parametrize("quantity", ["level", "correlation", "nudge"])
def test_weighted_results_have_the_error_of_replicate_weights(built, quantity):
    """Each replicate once more by plain numpy, from the columns of the file."""
    project, raw = built
    frame = raw["replicates"]
    trust, joins = frame.trust.astype(float) / 10, frame["join"].map(POSITIVE)

    def estimate(weight):
        if quantity == "level":
            return np.average(trust, weights=weight)
        if quantity == "nudge":
            is_nudged = (frame.sent == "nudged").to_numpy()
            return 100 * (
                np.average(joins[is_nudged], weights=weight[is_nudged])
                - np.average(joins[~is_nudged], weights=weight[~is_nudged])
            )
        covariance = np.cov(trust, joins, aweights=weight)
        return covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])

    full = estimate(frame.weight.astype(float))
    replicates = frame.filter(like="repwt").astype(float)
    moved = np.array([estimate(replicates[name]) - full for name in replicates])
    if quantity == "level":
        found = level(built, "replicates", "mean_trust", "weighted")
    else:
        where = {
            "correlation": "est_correlates where method_id = 'pearson' and construct_id = 'trust'",
            "nudge": "est_nudge_effects where model_id = 'dummies'",
        }[quantity]
        found = project.query(
            f"from estimates.{where} and council_id = 'replicates' and topic_id = 'all' "
            "and outcome_id = 'collective_participation' and weighting_id = 'weighted'"
        ).iloc[0]
    assert found.estimate == pytest.approx(full, rel=1e-9)
    assert found.std_error == pytest.approx(np.sqrt(19 / 20 * (moved**2).sum()), rel=1e-8)
    # A replicate that moves nothing but a rounded digit is no degree of freedom.
    n_changed = (np.abs(moved) > 1e-3 * np.abs(moved).max()).sum()
    assert (found.std_error_type, found.df) == ("replicates", n_changed - 1)
    assert n_changed >= 19


def test_replicate_weights_are_no_answers_and_reach_the_reports_as_errors_alone(built):
    project, _ = built
    surveys = project.query("select distinct council_id from counts.cnt_replicate_levels")
    assert surveys.council_id.tolist() == ["replicates"]
    assert project.query("from intermediate.int_characteristics where construct_id = 'replicate_weight'").empty
    types = project.query(
        "select weighting_id, std_error_type from reports.rpt_levels where council_id = 'replicates' "
        "and measure_id = 'mean_trust' and breakdown_id = 'all' and topic_id = 'all'"
    )
    assert dict(types.itertuples(index=False, name=None)) == {"unweighted": "mean", "weighted": "replicates"}


def test_each_export_of_a_shared_file_is_reported(built):
    project, _ = built
    exports = project.query("from reports.rpt_exports where council_id = 'pooled' order by export_id")
    assert exports.export_id.tolist() == ["pooled_2019", "pooled_2020", "pooled_2021"]
    assert exports.is_included.all()


def test_an_empty_second_row_does_not_exclude_a_person(built):
    project, _ = built
    found = project.query(
        "select respondent_id, count(*) as n from intermediate.int_respondents "
        "where export_id = 'repeats' and not is_excluded and not is_conflicting_duplicate group by all"
    )
    assert dict(zip(found.respondent_id, found.n, strict=True)) == {"1": 1, "2": 1, "3": 1}


def test_a_code_with_a_point_is_the_code_in_filters_conditions_and_boxes(built):
    project, _ = built
    cells = project.query(
        "select respondent_id as id, column_name, answer_kind from intermediate.int_coded_cells "
        "inner join staging.stg_coded_exports using (respondent_number, export_id) "
        "where export_id = 'float_codes' and column_name <> 'owner'"
    ).pivot(index="id", columns="column_name", values="answer_kind")
    assert list(cells.index) == ["1", "2", "3"]
    assert list(cells.garden) == ["valid", "not_asked", "blank"]
    assert list(cells.choir) == list(cells.watch) == ["valid", "blank", "valid"]


def test_who_was_not_asked_a_question_was_not_asked_what_depends_on_it(built):
    project, _ = built
    cells = project.query(
        "select respondent_id as id, column_name, answer_kind from intermediate.int_coded_cells "
        "inner join staging.stg_coded_exports using (respondent_number, export_id) "
        "where export_id = 'chains'"
    ).pivot(index="id", columns="column_name", values="answer_kind")
    assert list(cells.has_garden) == ["valid", "valid", "not_asked", "blank", "blank"]
    assert list(cells.garden) == ["valid", "not_asked", "not_asked", "blank", "blank"]
    # Whoever ticked a box has seen the others, so an empty one among them is an answer; nobody knows of the fourth.
    assert list(cells.choir) == ["valid", "valid", "valid", "blank", "valid"]
    assert list(cells.sings) == ["valid", "not_asked", "blank", "blank", "valid"]


def test_the_check_sees_the_same_persons_asked(built):
    project, raw = built
    codebook, findings = read_codebook(project.directory)
    assert findings == []
    table = CsvTable(list(raw["chains"]), rows_of(raw["chains"])[1:], list(range(2, 7)))
    export = export_of(codebook, "chains", table)
    asked = {row["column_name"]: list(export.derived(row).was_asked or ()) for row in export.questions}
    assert asked["has_garden"] == [True, True, False, None, True]
    assert asked["garden"] == [True, False, False, None, None]
    assert asked["sings"] == [True, False, True, None, True]
