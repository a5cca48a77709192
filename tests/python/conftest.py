"""Fixtures for the tests of the system as a whole: projects that are built once in a session and looked at by many.

A shared project is built for everybody, so a test looks at it and does not change it; what a test changes, it copies.
The quick run, `pytest -m "not slow"`, builds `built` alone: every test that builds anything else is marked as slow.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

import studies
from building import PROJECT, Build, Project
from rebuilding import Rebuilt, rebuild

# A test with one of these fixtures runs dbt, and not only on what `built` has built.
SLOW_FIXTURES = {"rebuilt", "small", "town", "odd", "left_out", "kansas_city", "stopped", "altered", "published"}
SLOW_FIXTURES |= {"project", "dbt", "published_project"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that runs dbt for itself, or waits for a shared build beside `built`, as slow."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        is_of_system = "system" in item.path.parts
        if fixtures & SLOW_FIXTURES and (is_of_system or fixtures & {"dbt", "published_project"}):
            item.add_marker(pytest.mark.slow)


def build_once(directory: Path, change=None, *arguments: str) -> tuple[Project, Build]:
    """Copy the project into an empty folder, change the copy, and build it."""
    project = Project.copy_to(directory)
    if change:
        change(project)
    return project, project.build(*arguments)


@pytest.fixture(scope="session")
def project_directory() -> Path:
    """The project's own folder; never built in by a test."""
    return PROJECT


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Project:
    """The project as it is, built once in a temporary folder. Look, do not change."""
    project, build = build_once(tmp_path_factory.mktemp("built"))
    assert build.succeeded, build.output
    return project


@pytest.fixture(scope="session")
def warehouse(built, tmp_path_factory) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a copy of the warehouse of `built`: a file held open cannot be built again."""
    copy = shutil.copy(built.warehouse_path, tmp_path_factory.mktemp("read"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def rebuilt(built, tmp_path_factory) -> Rebuilt:
    """A copy of `built`: a build of it is killed, then it is built again from shuffled exports beside a reader."""
    return rebuild(built, tmp_path_factory.mktemp("rebuilt"))


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Project:
    """Small samples of the bundled exports, one of them weighted, one with few people in one arm: built."""
    project, build = build_once(tmp_path_factory.mktemp("small"), studies.draw_small_samples)
    assert build.succeeded, build.output
    return project


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Project:
    """A town with planted truth, its staff, graded nudges, ten other surveys, three of them with weights: built."""

    def change(project: Project) -> None:
        # The copies of the bundled councils are made before the weights, and so have none.
        studies.add_town(project)
        studies.add_weights(project)

    project, build = build_once(tmp_path_factory.mktemp("town"), change)
    assert build.succeeded, build.output
    return project


@pytest.fixture(scope="session")
def odd(tmp_path_factory) -> tuple[Project, Build]:
    """Every odd export that is built nevertheless, in one build that publishes single respondents too."""
    project, build = build_once(
        tmp_path_factory.mktemp("odd"), studies.make_exports_odd, "--vars", "{publish_respondents: true}"
    )
    assert build.succeeded, build.output
    return project, build


@pytest.fixture(scope="session")
def left_out(tmp_path_factory) -> tuple[Project, Build]:
    """A study of two councils: four exports are left out, and a town is added that gives nothing to compute from."""

    def change(project: Project) -> None:
        studies.break_exports(project)
        studies.add_oddtown(project)

    project, build = build_once(tmp_path_factory.mktemp("left_out"), change, "--vars", studies.LEAVE_OUT)
    assert build.succeeded, build.output
    return project, build


@pytest.fixture
def project(tmp_path) -> Project:
    """A copy of the project that a test may break."""
    return Project.copy_to(tmp_path)
