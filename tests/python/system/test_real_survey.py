"""Two waves of a real resident survey as one more council, with rows added to the codebook and nothing else."""

import csv
import os
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from building import PROJECT, Project
from coproduction.publishing.disclosure.attack import attack

FIXTURE = Path(__file__).parents[1] / "fixtures" / "kansas_city"
SURVEYS = Path(os.environ.get("COPRODUCTION_REAL_SURVEYS", PROJECT.parent / "shared" / "real")) / "kcmo"
WAVES = {"kcmo_2021_09": 1033, "kcmo_2022_03": 984}
SEEDS = ("councils", "themes", "topics", "constructs", "exports", "scales", "answers", "questions")
# All columns but the id, the name of the wave, which never varies, and two of answers in writing.
N_QUESTIONS = 153
# Codes that are no answer: what they count as, for the scales that have them. Every other code is an answer.
MISSING = {"9": "dont_know", "99": "dont_know", "NA": "blank"}
REFUSED = ("kc_age", "kc_gender", "kc_income")
NINE_IS_AN_ANSWER = ("kc_of_10", "kc_of_16", "kc_years")
NOMINAL = ("kc_mode", "kc_district", "kc_tenure", "kc_home", "kc_gender", "kc_race")

pytestmark = pytest.mark.skipif(not SURVEYS.is_dir(), reason="the real survey is not beside the project")


@pytest.fixture(scope="session")
def kansas_city(tmp_path_factory) -> Project:
    """The bundled exports and both waves of Kansas City, built."""
    project = Project.copy_to(tmp_path_factory.mktemp("kansas_city"))
    project.add_codebook_columns("exports", ["duplicate_priority", "file", "questionnaire_id", "header_rows"])
    for seed in SEEDS:
        project.append_codebook(seed, (FIXTURE / f"{seed}.csv").read_text(encoding="utf-8").splitlines())
    for export_id in WAVES:
        shutil.copy(SURVEYS / f"{export_id}.csv", project.export_path(export_id))
        project.export_path(export_id).chmod(0o644)
    project.list_exports(*WAVES)
    build = project.build()
    assert build.succeeded, build.output
    return project


def test_no_cell_is_lost(kansas_city):
    found = kansas_city.query("from quality.answer_reconciliation where export_id like 'kcmo%' order by export_id")
    assert found.is_balanced.all()
    assert list(found.n_cells_raw) == [n * 157 for n in WAVES.values()]
    assert list(found.n_identifier) == list(WAVES.values())
    assert found.n_uncoded.sum() == 0


def test_levels_come_out_for_both_waves(kansas_city):
    found = kansas_city.query(
        """
        from reports.rpt_levels
        where council_id = 'kansas_city' and breakdown_id = 'all' and topic_id = 'all'
        order by wave_id, measure_id
        """
    )
    measures = ["collective_often", "collective_participation", "collective_sometimes", "individual_index"]
    assert list(zip(found.wave_id, found.measure_id, strict=True)) == [
        (wave, measure) for wave in ("2021_09", "2022_03") for measure in measures
    ]
    assert (found.provenance == "real").all()
    assert found.estimate.between(0, 100).all()


def test_levels_agree_with_a_count_by_hand(kansas_city):
    answers = kansas_city.query("select * from raw.kcmo_2021_09")
    valid = answers[answers.q27_01.isin(["1", "2", "3", "4"])]
    by_hand = valid.q27_01.isin(["3", "4"]).mean()
    computed = kansas_city.query(
        """
        from estimates.est_levels
        where council_id = 'kansas_city' and wave_id = '2021_09' and measure_id = 'collective_participation'
            and breakdown_id = 'all'
        """
    )
    assert computed.estimate.to_list() == pytest.approx([by_hand], abs=1e-12)
    assert computed.n_respondents.to_list() == [len(valid)]


def rows_of(seed):
    """Return the rows that the fixture adds to a seed of the codebook."""
    with (FIXTURE / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def kinds_of(cells, scale):
    """Kind of each cell, from what the codes of this survey mean."""
    kinds = cells.map(MISSING).fillna("valid")
    if scale == "tick_box":
        return kinds.where(cells != "NA", "valid")
    if scale in NINE_IS_AN_ANSWER:
        return kinds.where(cells != "9", "valid")
    return kinds.replace("dont_know", "refused") if scale in REFUSED else kinds


def scores_of(cells, scale):
    """Score of each valid cell; None for a scale without an order."""
    if scale in NOMINAL or scale.startswith("kc_of_"):
        return None
    codes = {"tick_box": {"Y": 1.0, "NA": 0.0}, "kc_yes_no": {"1": 1.0, "2": 0.0}}.get(scale)
    return cells.map(codes) if codes else pd.to_numeric(cells)


def statistics_of(cells, scale, names):
    """Statistics of the answers to one question, by statistic_id and answer: `names` has the answer of each code."""
    kinds = kinds_of(cells, scale)
    found = {("response_rate", None): kinds.eq("valid").mean()}
    if not scale.startswith(("tick_box", "kc_years", "kc_race", "kc_mode", "kc_district")):
        missing = "refused" if scale in REFUSED else "dont_know"
        found[missing, None] = kinds.eq(missing).mean()
    valid = cells[kinds.eq("valid")]
    if scale != "kc_years":
        found |= {("share", names[code]): valid.eq(code).mean() for code in names}
    scores = scores_of(valid, scale)
    if scores is not None:
        found["mean", None] = scores.mean()
    if scores is not None and scale != "kc_years" and len(names) > 2:
        found["top_two", None] = scores.ge(max(map(int, names)) - 1).mean()
    return found


@pytest.mark.parametrize("export_id", WAVES)
def test_every_question_has_the_distribution_of_its_file(kansas_city, export_id):
    raw = pd.read_csv(SURVEYS / f"{export_id}.csv", dtype=str, keep_default_na=False)
    names = {}
    for scale, code, kind, *_, name in rows_of("answers"):
        if kind == "valid":
            names.setdefault(scale, {})[code] = name or code
    expected = {
        (column, *statistic): value
        for _, column, _, _, _, scale, *_ in rows_of("questions")
        for statistic, value in statistics_of(raw[column], scale, names.get(scale, {})).items()
    }
    found = kansas_city.query(
        f"""
        select column_name, statistic_id, answer_name, estimate from estimates.est_answer_shares
        where council_id = 'kansas_city' and wave_id = '{export_id.removeprefix("kcmo_")}' and breakdown_id = 'all'
            and weighting_id = 'unweighted'
        """
    ).replace({"answer_name": {np.nan: None}})
    keys = list(found[["column_name", "statistic_id", "answer_name"]].itertuples(index=False, name=None))
    assert len({column for column, *_ in keys}) == N_QUESTIONS
    assert sorted(map(str, keys)) == sorted(map(str, expected))
    np.testing.assert_allclose(found.estimate, [expected[key] for key in keys], rtol=0, atol=1e-12)


def test_every_question_of_both_waves_is_reported(kansas_city):
    claimed = {(wave.removeprefix("kcmo_"), row[1]) for wave in WAVES for row in rows_of("questions")}
    assert len(claimed) == 2 * N_QUESTIONS
    reported = kansas_city.query(
        "from reports.rpt_answer_shares where council_id = 'kansas_city' and breakdown_id = 'all'"
    )
    assert set(reported[["wave_id", "column_name"]].itertuples(index=False, name=None)) == claimed
    # Rare answers are withheld, and few people who do not know.
    assert reported.is_withheld.mean() < 0.5
    assert reported.estimate.isna().equals(reported.is_withheld)
    assert reported.construct_label.notna().all()


def test_correlates_come_out_for_both_waves(kansas_city):
    found = kansas_city.query(
        """
        from reports.rpt_correlates
        where council_id = 'kansas_city' and method_id = 'pearson' and estimate is not null
        """
    )
    constructs = {"conditions", "satisfaction_response", "satisfaction_information", "gender", "age", "ethnicity"}
    assert found.groupby(["wave_id", "outcome_id"]).construct_id.agg(set).map(lambda names: names == constructs).all()
    assert len(found) == 2 * 2 * len(constructs)


def test_the_bundled_results_do_not_change(kansas_city, built):
    query = "from reports.rpt_paper_comparison order by all"
    assert kansas_city.query(query).equals(built.query(query))


def test_nothing_withheld_of_a_real_survey_can_be_worked_out(kansas_city):
    path = kansas_city.warehouse_path.with_name("published.duckdb")
    with duckdb.connect(str(path), read_only=True) as published:
        targets = list(attack(published, with_intervals_and_tests=True))
    assert "kansas_city" in {target.cell[0] for target in targets}
    assert [target for target in targets if target.is_recovered] == []
