"""Test that the study for comparisons of two builds has everything in which they might differ."""

from __future__ import annotations

import csv
from pathlib import Path

from building import Project
from full_study import add_everything


def test_the_study_has_weights_raking_staff_routing_ticks_replicates_and_waves(tmp_path: Path) -> None:
    """A build that differs in one of these would otherwise pass for equal."""
    project = Project.copy_to(tmp_path)
    add_everything(project)

    def rows(seed: str) -> list[dict[str, str]]:
        with (tmp_path / f"seeds/codebook/{seed}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    questions, exports = rows("questions"), rows("exports")
    assert {"weight", "replicate_weight", "duration"} <= {question["construct_id"] for question in questions}
    assert {export["respondent_role"] for export in exports} == {"citizen", "staff"}
    assert len({(export["council_id"], export["wave_id"]) for export in exports}) > len(
        {export["council_id"] for export in exports}
    )
    assert rows("weight_margins")
    assert any(question.get("asked_when_column") for question in questions)
    assert any(question.get("option") for question in questions)
    assert all(
        (tmp_path / f"seeds/exports/{export['file'] or export['export_id']}.csv").is_file() for export in exports
    )
