"""Every way of building gives the same tables: of a study that has everything, and of a hundred thousand respondents.

`make thorough` builds them. `make spark` installs what the way over Spark needs; without it, that way is skipped. The
tests of the bundled exports are in `test_build_from_parts.py`, `test_files_in_place.py` and `tests/spark`.
"""

from __future__ import annotations

import pytest

from building import Project
from elsewhere import all_in_parquet
from full_study import add_everything
from same_tables import differences_of
from ways_of_building import WAYS
from workbench.benchmark.repeated_exports import repeat_exports

STUDIES = {
    "everything": add_everything,
    "100,224 respondents": lambda project: repeat_exports(project.directory, 32),
}


@pytest.fixture(scope="module", params=STUDIES)
def study(request, tmp_path_factory) -> tuple[Project, Project]:
    """A study that is not built, and the same study, which one build has built."""
    files = tmp_path_factory.mktemp("files")
    STUDIES[request.param](Project.copy_to(files))
    unbuilt = Project(files, seconds=7200)
    at_once = Project.copy_of(unbuilt, tmp_path_factory.mktemp("at_once") / "project")
    build = at_once.build()
    assert build.succeeded, build.output
    return unbuilt, at_once


@pytest.mark.thorough
@pytest.mark.parametrize("way", WAYS)
def test_it_gives_the_same_tables(way, study, tmp_path):
    unbuilt, at_once = study
    project = Project.copy_of(unbuilt, tmp_path / "project")
    build = WAYS[way](project)
    assert build.succeeded, build.output
    assert differences_of(at_once.warehouse_path, project.warehouse_path) == []


def test_weights_raking_and_staff_from_parquet_in_parts_are_the_same(town, tmp_path):
    project = all_in_parquet(Project.copy_of(town, tmp_path / "project"))
    build = project.run("coproduction", "build", "--changed")
    assert build.succeeded, build.output
    assert differences_of(town.warehouse_path, project.warehouse_path) == []
