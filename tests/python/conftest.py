"""Fixtures for the tests of the system as a whole: the project, built in a folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from building import PROJECT, Project


@pytest.fixture(scope="session")
def project_directory() -> Path:
    """The project's own folder; never built in by a test."""
    return PROJECT


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Project:
    """The project as it is, built once in a temporary folder. Look, do not change."""
    project = Project.copy_to(tmp_path_factory.mktemp("built"))
    build = project.build()
    assert build.succeeded, build.output
    return project


@pytest.fixture(scope="session")
def warehouse(built, tmp_path_factory) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a copy of the warehouse of `built`: a file held open cannot be built again."""
    copy = shutil.copy(built.warehouse_path, tmp_path_factory.mktemp("read"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


@pytest.fixture
def project(tmp_path) -> Project:
    """A copy of the project that a test may break."""
    return Project.copy_to(tmp_path)
