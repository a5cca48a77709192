"""Waves described in waves.csv are in their order, with dates and the response rates that plain arithmetic gives."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

from building import Project
from questionnaires import prepare, write_dummies, write_paper_and_web, write_pooled

N_INVITED = {"wave_1": 300, "wave_2": 80, "wave_3": 0}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Three councils: three waves in one file, two files of one wave, and one wave without a row in waves.csv."""
    project = Project.copy_to(tmp_path_factory.mktemp("waves"))
    prepare(project)
    pooled, paper_and_web = write_pooled(project), write_paper_and_web(project)
    write_dummies(project)
    project.append_codebook(
        "waves",
        [
            f"pooled,wave_1,In the year 2019,30,2019-09-01,2019-09-30,{N_INVITED['wave_1']},1000",
            f"pooled,wave_2,,20,2018-01-15,,{N_INVITED['wave_2']},",
            f"pooled,wave_3,,10,,,{N_INVITED['wave_3']},",
            "paper_and_web,wave_1,,,,,400,",
        ],
    )
    chosen = ["--vars", "{include_synthetic: false}", "--select", "+rpt_waves"]
    build = project.build(*chosen, "--exclude-resource-type", "unit_test", "test")
    assert build.succeeded, build.output
    return project, pooled, paper_and_web


def waves(project, council_id):
    rows = project.query(f"from reports.rpt_waves where council_id = '{council_id}' order by wave_order")
    return rows.set_index("wave_id")


def test_waves_are_in_the_order_of_the_codebook_and_not_of_their_names(built):
    found = waves(built[0], "pooled")
    assert found.index.tolist() == ["wave_3", "wave_2", "wave_1"]
    assert found.wave_order.tolist() == [1, 2, 3]
    assert found.wave_label.tolist() == ["wave_3", "wave_2", "In the year 2019"]
    assert found.loc["wave_1", "fieldwork_start"] == pd.Timestamp("2019-09-01")
    assert found.loc["wave_1", "fieldwork_end"] == pd.Timestamp("2019-09-30")
    assert found.loc["wave_3", ["fieldwork_start", "fieldwork_end"]].isna().all()
    assert found.loc["wave_1", ["n_invited", "panel_size"]].tolist() == [300, 1000]


@pytest.mark.parametrize(("wave_id", "year"), [("wave_1", "2019"), ("wave_2", "2020")])
def test_the_response_rate_is_respondents_of_those_invited(built, wave_id, year):
    project, pooled, _ = built
    n_respondents = ((pooled.year == year) & (pooled.status == "Complete")).sum()
    survey = project.query(f"from marts.dim_survey where council_id = 'pooled' and wave_id = '{wave_id}'").iloc[0]
    assert survey.response_rate == pytest.approx(n_respondents / N_INVITED[wave_id], abs=1e-15)
    found = waves(project, "pooled").loc[wave_id]
    per_cent = (Decimal(100 * int(n_respondents)) / N_INVITED[wave_id]).quantize(Decimal(1), ROUND_HALF_UP)
    assert (found.n_respondents, found.estimate, found.estimate_label) == (n_respondents, per_cent, str(per_cent))
    assert found.unit_label == "per cent of those invited"


def test_a_person_in_two_files_responds_once(built):
    project, _, paper_and_web = built
    survey = project.query("from marts.dim_survey where council_id = 'paper_and_web'").iloc[0]
    assert paper_and_web.id.is_unique
    assert survey.n_respondents - survey.n_excluded == len(paper_and_web)
    assert survey.response_rate == pytest.approx(len(paper_and_web) / 400, abs=1e-15)


def test_without_invitations_there_is_no_response_rate(built):
    project = built[0]
    assert pd.isna(waves(project, "pooled").loc["wave_3", "estimate"])
    not_described = waves(project, "dummies").loc["wave_1"]
    assert (not_described.wave_label, not_described.wave_order) == ("wave_1", 1)
    assert not_described[["fieldwork_start", "n_invited", "panel_size", "estimate", "estimate_label"]].isna().all()
