"""A study of one's own, from `init` to the report: one survey is drafted, added and built, and an upgrade keeps it."""

import shutil

import duckdb
import pandas as pd
import pytest

from building import PROJECT, Project
from coproduction.cli import main
from coproduction.study import making

pytestmark = pytest.mark.slow

N_PEOPLE = 60
BUNDLED = ("Barnet", "Bristol", "Derbyshire Dales", "Swansea", "Wolverhampton")
LITTER = "Q1. In the last 12 months, how often have you picked up litter?"
REPORTED = "Q2. In the last 12 months, how often have you reported fly-tipping to the council?"
JOINED = "Q3. How often do you join with others in a local group to improve the environment?"
EFFICACY = "Q4. People like me can make a real difference to the local environment"
OFTEN = ["Often", "Sometimes", "Never"]
AGREE = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree"]


def answers() -> pd.DataFrame:
    people = range(N_PEOPLE)
    return pd.DataFrame(
        {
            "Ref": [f"H{n:02}" for n in people],
            LITTER: [OFTEN[n % 3] for n in people],
            REPORTED: [OFTEN[(n // 3) % 3] for n in people],
            JOINED: [OFTEN[2 - (n % 4 == 0) - (n % 8 == 0)] for n in people],
            EFFICACY: [AGREE[(n + n // 7) % 5] for n in people],
            "Gender": [("Female", "Male")[n % 2] for n in people],
            "Age": [20 + n for n in people],
        }
    )


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study with the survey of an invented council, built by the commands that its README names."""
    folder = tmp_path_factory.mktemp("own") / "study"
    assert main(["init", str(folder)]) == 0
    project = Project(folder)
    answers().to_excel(folder / "panel.xlsx", index=False, engine="xlsxwriter")
    council = ["--council-name", "Hillford", "--country", "England", "--population", "31000"]
    council += ["--population-year", "2021", "--area-type", "rural"]
    for command in (
        ["draft", "panel.xlsx"],
        ["add", "panel.xlsx", "--codebook", "panel_draft", "--council", "hillford", "--wave", "wave_1", *council],
        ["build"],
    ):
        done = project.run("coproduction", *command)
        assert done.succeeded, done.output
    return project


def files_in(folder):
    parts = ("seeds", "dbt_project.yml", "profiles.yml", "README.md", ".gitignore", "models", "macros")
    paths = [path for part in parts for path in [folder / part, *(folder / part).rglob("*")] if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_the_levels_are_those_of_the_answers(study):
    raw = answers()
    takes_part = raw[[LITTER, REPORTED]].isin(["Often", "Sometimes"])
    expected = {
        "individual_index": takes_part.mean(axis=1).mean(),
        "collective_participation": raw[JOINED].isin(["Often", "Sometimes"]).mean(),
    }
    levels = study.query(
        "select measure_id, estimate from estimates.est_levels where theme_id = 'environment' and topic_id = 'all' "
        "and breakdown_id = 'all' and weighting_id = 'unweighted'"
    ).set_index("measure_id")
    for measure, share in expected.items():
        assert levels.estimate[measure] == pytest.approx(share), measure


def test_only_the_study_is_published(study):
    published = study.directory / "warehouse" / "published.duckdb"
    with duckdb.connect(str(published), read_only=True) as connection:
        councils = connection.execute("select distinct council_label from reports.rpt_levels").fetchall()
        provenance = connection.execute("select distinct provenance from reports.rpt_levels").fetchall()
    assert (councils, provenance) == ([("Hillford",)], [("real",)])
    pages = {path.name: path.read_text(encoding="utf-8") for path in (study.directory / "reports").glob("*.html")}
    assert "Hillford" in pages["study.html"]
    assert [(name, council) for name, text in pages.items() for council in BUNDLED if f">{council}<" in text] == []


def test_an_upgrade_of_a_study_that_was_built_changes_nothing_of_its_own(study, tmp_path, monkeypatch, capsys):
    copy = shutil.copytree(study.directory, tmp_path / "study", ignore=shutil.ignore_patterns("target", "warehouse"))
    before = files_in(copy)
    assert main(["init", str(copy), "--upgrade"]) == 0
    assert files_in(copy) == before, "without news"
    source = tmp_path / "source"
    for name in ("models", "macros", "analyses", "docs", "tests/generic", "tests/singular", "seeds"):
        shutil.copytree(PROJECT / name, source / name)
    for name in ("dbt_project.yml", "profiles.yml", ".gitignore"):
        shutil.copy(PROJECT / name, source)
    for name, row in (("themes", "libraries,Libraries\n"), ("topics", "all,libraries,Whole theme\n")):
        with (source / "seeds" / "codebook" / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(row)
    with (source / "models" / "marts" / "dim_theme.sql").open("a", encoding="utf-8") as model:
        model.write("-- a later version\n")
    monkeypatch.setattr(making, "source_project", lambda: source)
    capsys.readouterr()
    assert main(["init", str(copy), "--upgrade"]) == 0
    after = files_in(copy)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"seeds/codebook/themes.csv", "seeds/codebook/topics.csv", "models/marts/dim_theme.sql"}
    assert set(before) <= set(after)
    assert main(["check", "--project-dir", str(copy)]) == 0
    assert "hillford_wave_1 feeds" in capsys.readouterr().out
