"""Two waves of a real resident survey as one more council, with rows added to the codebook and nothing else."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from building import PROJECT, Project
from coproduction.publishing.disclosure.attack import attack

FIXTURE = Path(__file__).parents[1] / "fixtures" / "kansas_city"
SURVEYS = Path(os.environ.get("COPRODUCTION_REAL_SURVEYS", PROJECT.parent / "shared" / "real")) / "kcmo"
WAVES = {"kcmo_2021_09": 1033, "kcmo_2022_03": 984}

pytestmark = pytest.mark.skipif(not SURVEYS.is_dir(), reason="the real survey is not beside the project")


@pytest.fixture(scope="session")
def kansas_city(tmp_path_factory) -> Project:
    """The bundled exports and both waves of Kansas City, built."""
    project = Project.copy_to(tmp_path_factory.mktemp("kansas_city"))
    for seed in ("councils", "exports", "scales", "answers", "questions"):
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
