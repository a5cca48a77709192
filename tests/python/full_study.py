"""A study with what the bundled one lacks, to prove that two ways of building give the same tables.

It has weights, raking, staff, routing, tick boxes, replicate weights, doubtful respondents, duplicates and waves.

    python tests/python/full_study.py FOLDER

writes it as a project, in which ``dbt build`` works.
"""

from __future__ import annotations

import sys
from pathlib import Path

import questionnaires
import studies
from building import Project

# These give an export a second time, or a file that has to be listed in another way.
LEFT_OUT = ("pooled", "paper_and_web", "dummies")


def add_everything(project: Project) -> None:
    """Add every kind of survey and problem to a copy of the project."""
    for add in (
        studies.add_town,
        studies.add_weights,
        studies.plant_doubtful_respondents,
        studies.repeat_respondents,
        studies.add_waves,
    ):
        add(project)
    for name, write in questionnaires.ALL.items():
        if name not in LEFT_OUT:
            write(project)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    add_everything(Project.copy_to(folder))
