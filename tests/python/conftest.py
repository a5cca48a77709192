"""Fixtures for the tests of the system as a whole: projects that are built once in a session and looked at by many.

A shared project is built for everybody, so a test looks at it and does not change it; what a test changes, it copies.
The quick run, `make quick`, builds nothing: every test that needs a build is marked as slow.
"""

from __future__ import annotations

import ctypes
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path

import duckdb
import pytest

# First, because it says how many threads numpy uses, which numpy reads when it is loaded.
import coproduction  # noqa: F401
import studies
from building import PROJECT, Build, Project
from rebuilding import Rebuilt, rebuild

# A test with one of these fixtures needs a build, which alone takes longer than a quick run may.
SLOW_FIXTURES = {"built", "warehouse", "rebuilt", "small", "town", "odd", "left_out", "kansas_city"}
SLOW_FIXTURES |= {"stopped", "altered", "published", "waves_built", "broken_down", "project", "dbt"}
SLOW_FIXTURES |= {"published_project"}
# Outside of tests/python/system, fixtures of these names copy files and build nothing.
COPIES = {"project", "published"}
# Files of many draws or files whose tests take more than two seconds of processor time together.
SLOW_FILES = {
    "test_adding.py",
    "test_answer_lists.py",
    "test_bench_is_added.py",
    "test_bench_scores.py",
    "test_changes_against_r.py",
    "test_design_against_r.py",
    "test_equivalence.py",
    "test_estimated_nudge_effects.py",
    "test_expectations_of_answers.py",
    "test_export.py",
    "test_mistakes.py",
    "test_multiverse.py",
    "test_next_wave.py",
    "test_ordinal_correlations.py",
    "test_questionnaire_forms.py",
    "test_renaming.py",
    "test_replicates_against_r.py",
    "test_round_trip.py",
    "test_rounding.py",
    "test_studies.py",
    "test_study.py",
    "test_weighted_estimates.py",
    "test_wordings.py",
    "test_wrong_arguments.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow the tests of the system, each other test that needs a build, and those of the slowest files."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ())) & SLOW_FIXTURES
        if "system" in item.path.parts or fixtures - COPIES or item.path.name in SLOW_FILES:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _solver_output_is_captured() -> Iterator[None]:
    """Make what the integer solver prints part of the test: it would otherwise follow pytest's summary."""
    yield
    ctypes.CDLL(None).fflush(None)


@pytest.fixture(scope="session")
def project_directory() -> Path:
    """The project's own folder; never built in by a test."""
    return PROJECT


def _town(project: Project) -> None:
    # The copies of the bundled councils are made before the weights, and so have none.
    studies.add_town(project)
    studies.declare_studies(project)
    studies.add_weights(project)


def _left_out(project: Project) -> None:
    studies.break_exports(project)
    studies.add_personal_data(project, "derbyshire_dales")
    studies.add_oddtown(project)


# The shared projects: how each differs from the project as it is, and what its build is told. `small` also runs the
# unit tests of the SQL, which a build leaves out.
SHARED: dict[str, tuple[Callable[[Project], None] | None, list[str]]] = {
    "built": (None, []),
    "odd": (studies.make_exports_odd, ["--vars", "{publish_respondents: true}"]),
    "left_out": (_left_out, ["--vars", studies.LEAVE_OUT_AND_LOAD]),
    "small": (studies.draw_small_samples, ["--select", "*"]),
    "town": (_town, []),
    "waves_built": (studies.add_waves, studies.BUILD_WAVES),
}


@pytest.fixture(scope="session", autouse=True)
def shared_build(request, tmp_path_factory) -> Iterator[Callable[[str], Future[tuple[Project, Build]]]]:
    """Builds the shared projects that the chosen tests need, one after another and beside the tests that need none."""
    needed = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    with ThreadPoolExecutor(1) as aside:

        @cache
        def start(name: str) -> Future[tuple[Project, Build]]:
            return aside.submit(_build, tmp_path_factory.mktemp(name), *SHARED[name])

        for name in SHARED:
            if name in needed:
                start(name)
        yield start
        aside.shutdown(cancel_futures=True)


def _build(directory: Path, change: Callable[[Project], None] | None, arguments: list[str]) -> tuple[Project, Build]:
    project = Project.copy_to(directory)
    if change:
        change(project)
    return project, project.build(*arguments)


def _successful(future: Future[tuple[Project, Build]]) -> tuple[Project, Build]:
    project, build = future.result()
    assert build.succeeded, build.output
    return project, build


@pytest.fixture(scope="session")
def built(shared_build) -> Project:
    """The project as it is, built once in a temporary folder. Look, do not change."""
    return _successful(shared_build("built"))[0]


@pytest.fixture(scope="session")
def warehouse(built, tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a copy of the warehouse of `built`: a file held open cannot be built again."""
    copy = shutil.copy(built.warehouse_path, tmp_path_factory.mktemp("read"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def rebuilt(built, tmp_path_factory) -> Rebuilt:
    """A copy of `built`: a build of it is killed, then it is built again from shuffled exports beside a reader."""
    return rebuild(built, tmp_path_factory.mktemp("rebuilt"))


@pytest.fixture(scope="session")
def small(shared_build) -> Project:
    """Small samples of the bundled exports, one of them weighted, one with few people in one arm: built."""
    return _successful(shared_build("small"))[0]


@pytest.fixture(scope="session")
def town(shared_build) -> Project:
    """A town with planted truth, its staff, graded nudges, two studies of ten surveys, two of them weighted: built."""
    return _successful(shared_build("town"))[0]


@pytest.fixture(scope="session")
def waves_built(shared_build) -> Project:
    """Councils with several waves, without the bundled ones: their reports of waves, changes and attrition."""
    return _successful(shared_build("waves_built"))[0]


@pytest.fixture(scope="session")
def odd(shared_build) -> tuple[Project, Build]:
    """Every odd export that is built nevertheless, in one build that publishes single respondents too."""
    return _successful(shared_build("odd"))


@pytest.fixture(scope="session")
def left_out(shared_build) -> tuple[Project, Build]:
    """A study of two councils: four exports are left out, and a town is added that gives nothing to compute from."""
    return _successful(shared_build("left_out"))


@pytest.fixture
def project(tmp_path) -> Project:
    """A copy of the project that a test may break."""
    return Project.copy_to(tmp_path)
