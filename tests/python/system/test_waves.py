"""Waves described in waves.csv are in their order, with dates and the response rates that plain arithmetic gives."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

import studies
from panels import raw_answers

N_INVITED = studies.N_INVITED


@pytest.fixture(scope="module")
def councils(waves_built):
    """Three councils: three waves in one file, two files of one wave, and one wave without a row in waves.csv."""
    web, paper = (raw_answers(waves_built, name) for name in ("pw_web", "pw_paper"))
    people = pd.concat([web, paper[~paper.id.isin(web.id)]], ignore_index=True)
    return waves_built, raw_answers(waves_built, "pooled"), people


def waves(project, council_id):
    rows = project.query(f"from reports.rpt_waves where council_id = '{council_id}' order by wave_order")
    return rows.set_index("wave_id")


def test_waves_are_in_the_order_of_the_codebook_and_not_of_their_names(councils):
    found = waves(councils[0], "pooled")
    assert found.index.tolist() == ["wave_3", "wave_2", "wave_1"]
    assert found.wave_order.tolist() == [1, 2, 3]
    assert found.wave_label.tolist() == ["wave_3", "wave_2", "In the year 2019"]
    assert found.loc["wave_1", "fieldwork_start"] == pd.Timestamp("2019-09-01")
    assert found.loc["wave_1", "fieldwork_end"] == pd.Timestamp("2019-09-30")
    assert found.loc["wave_3", ["fieldwork_start", "fieldwork_end"]].isna().all()
    assert found.loc["wave_1", ["n_invited", "panel_size"]].tolist() == [300, 1000]


@pytest.mark.parametrize(("wave_id", "year"), [("wave_1", "2019"), ("wave_2", "2020")])
def test_the_response_rate_is_respondents_of_those_invited(councils, wave_id, year):
    project, pooled, _ = councils
    n_respondents = ((pooled.year == year) & (pooled.status == "Complete")).sum()
    survey = project.query(f"from marts.dim_survey where council_id = 'pooled' and wave_id = '{wave_id}'").iloc[0]
    assert survey.response_rate == pytest.approx(n_respondents / N_INVITED[wave_id], abs=1e-15)
    found = waves(project, "pooled").loc[wave_id]
    per_cent = (Decimal(100 * int(n_respondents)) / N_INVITED[wave_id]).quantize(Decimal(1), ROUND_HALF_UP)
    assert (found.n_respondents, found.estimate, found.estimate_label) == (n_respondents, per_cent, str(per_cent))
    assert found.unit_label == "per cent of those invited"


def test_a_person_in_two_files_responds_once(councils):
    project, _, paper_and_web = councils
    survey = project.query("from marts.dim_survey where council_id = 'paper_and_web'").iloc[0]
    assert paper_and_web.id.is_unique
    assert survey.n_respondents - survey.n_excluded == len(paper_and_web)
    assert survey.response_rate == pytest.approx(len(paper_and_web) / 400, abs=1e-15)


def test_without_invitations_there_is_no_response_rate(councils):
    project = councils[0]
    assert pd.isna(waves(project, "pooled").loc["wave_3", "estimate"])
    not_described = waves(project, "dummies").loc["wave_1"]
    assert (not_described.wave_label, not_described.wave_order) == ("wave_1", 1)
    assert not_described[["fieldwork_start", "n_invited", "panel_size", "estimate", "estimate_label"]].isna().all()
