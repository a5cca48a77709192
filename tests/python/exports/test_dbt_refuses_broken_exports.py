"""Plain dbt refuses with the messages of the check, before it reads a seed, and prints no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

EXPORT = "seeds/exports/riverside.csv"
DBT = str(Path(sys.executable).parent / "dbt")

PROFILES = """
coproduction:
  target: local
  outputs:
    local: {type: duckdb, path: ':memory:'}
"""


@pytest.fixture
def dbt(project):
    project.write("profiles.yml", PROFILES)

    def run(*arguments, directory=project.directory):
        return subprocess.run(
            [DBT, "--no-use-colors", "--no-send-anonymous-usage-stats", *arguments],
            cwd=directory,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


def test_a_file_in_windows_1252_is_named_without_a_traceback(project, dbt):
    project.write(EXPORT, b"id,Q1,Q2,Q3,Q4\n1,Caf\xe9,Good,34,A\n")
    outcome = dbt("seed")
    assert outcome.returncode != 0
    assert f"error: {EXPORT}, line 2: the file is not UTF-8: byte 0xE9" in outcome.stdout
    assert "Traceback" not in outcome.stdout + outcome.stderr


def test_the_project_is_found_from_another_folder(project, dbt, tmp_path_factory):
    project.write(EXPORT, b"id;Q1;Q2;Q3;Q4\n")
    folder = str(project.directory)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    outcome = dbt("parse", "--project-dir", folder, "--profiles-dir", folder, directory=elsewhere)
    assert outcome.returncode != 0
    assert "semicolon" in outcome.stdout


def test_a_build_into_memory_is_refused_because_nothing_could_be_published(project, dbt):
    outcome = dbt("build")
    assert outcome.returncode != 0
    assert "The profile builds into ':memory:'. The warehouse has to be a file" in outcome.stdout
    assert "Traceback" not in outcome.stdout + outcome.stderr


def test_nothing_is_said_when_all_is_fine(project, dbt):
    outcome = dbt("parse")
    assert outcome.returncode == 0, outcome.stdout
    assert "export" not in outcome.stdout


def test_a_project_of_another_name_is_left_alone(project, dbt):
    project.write(EXPORT, b"id;Q1\n")
    project.replace("dbt_project.yml", "name: coproduction", "name: another")
    assert dbt("parse").returncode == 0


def test_cleaning_up_is_never_refused(project, dbt):
    project.write(EXPORT, b"id;Q1\n")
    assert dbt("clean").returncode == 0


def test_a_retry_is_refused_because_it_forgets_the_variables(dbt, project):
    refused = dbt("retry")
    assert refused.returncode != 0
    assert "`dbt retry` is refused" in refused.stdout
