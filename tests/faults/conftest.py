"""Fixtures and the closing counts of the slow tests of faults: `make faults`, not part of `make test`."""

import sys
import time
from collections import Counter

import pytest

from building import Project
from faulty import Faulty

_TRIED: Counter[str] = Counter()
_SURVIVED: Counter[str] = Counter()

if sys.platform != "linux":
    pytest.skip("these tests look for processes in /proc", allow_module_level=True)


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> Faulty:
    """The project, built and published once. Copy it, do not change it."""
    project = Project.copy_to(tmp_path_factory.mktemp("template"))
    build = project.build()
    assert build.succeeded, build.output
    return Faulty(project)


@pytest.fixture
def faulty(template, tmp_path) -> Faulty:
    """A built and published project of its own for a test."""
    return Faulty(Project.copy_of(template.project, tmp_path / "project"))


@pytest.fixture(scope="session")
def chain(template, tmp_path_factory) -> Faulty:
    """One project that all kills hit, one after the other: what one leaves is there for the next."""
    return Faulty(Project.copy_of(template.project, tmp_path_factory.mktemp("chain") / "project"))


@pytest.fixture(scope="session")
def seconds(template, tmp_path_factory) -> float:
    """How long a warm build takes on this machine."""
    project = Project.copy_of(template.project, tmp_path_factory.mktemp("timed") / "project")
    # The first build in a new folder parses again.
    for _ in range(2):
        started = time.monotonic()
        assert project.build().succeeded
        taken = time.monotonic() - started
    return taken


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Count each fault under the kind that its test's marker names."""
    report = yield
    marker = item.get_closest_marker("fault")
    if marker and report.when == "call" and not report.skipped:
        _TRIED[marker.args[0]] += 1
        _SURVIVED[marker.args[0]] += report.passed
    return report


def pytest_terminal_summary(terminalreporter):
    """Print how many faults were survived, of how many tried."""
    if _TRIED:
        counts = ", ".join(f"{kind} {_SURVIVED[kind]} of {n_tried}" for kind, n_tried in _TRIED.items())
        terminalreporter.write_line(f"faults survived: {counts}")
