"""What a new study consists of: the machinery, which an upgrade replaces, and the files that are the study's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from coproduction.codebook.tables import COLUMNS, codebook_file
from coproduction.drafting.adding_surveys.codebook_editing import unlist_export
from coproduction.errors import CoproductionError
from coproduction.exports.project_files import PROJECT_FILE, listed_exports

# Folders of the machinery and a file of it; nobody of a study edits them.
_MACHINERY = ("selectors.yml", "models", "macros", "analyses", "docs", "tests/generic", "tests/singular", "seeds/paper")
# The tables that describe surveys: a new study has their headers alone. All others are vocabulary.
_OF_SURVEYS = (
    "exports", "councils", "questions", "row_filters", "tolerated_answers", "weight_margins", "waves", "studies",
    "hypotheses", "smallest_effects",
)  # fmt: skip
_README = """# A study of our own

Made by `coproduction init`. It has the vocabulary of the codebook (themes, constructs, scales, labels) and no data.
Run everything in this folder, with the environment of the project that made it:

    coproduction draft panel.xlsx          # draft the codebook of a survey
    coproduction add panel.xlsx --codebook panel_draft --council hillford --wave wave_1
    coproduction check
    coproduction build                     # warehouse, report

Yours: seeds/codebook, seeds/exports, dbt_project.yml, profiles.yml, this file. All other files are copies: change
them in the project that they come from. `coproduction init . --upgrade` brings them up to date
and overwrites nothing of yours. Git ignores the answers of people. docs/draft-a-codebook.md shows each step.
"""


def source_project() -> Path:
    """Return the project that this package is part of. Raises CoproductionError if the package is installed alone."""
    folder = Path(__file__).resolve().parents[3]
    if not (folder / PROJECT_FILE).is_file() or not (folder / "models").is_dir():
        raise CoproductionError(
            "A study is made from a whole copy of the project, and this installation has the Python code alone. Clone "
            "the repository, run `make setup` there, and use its environment."
        )
    return folder


def machinery(source: Path) -> dict[str, bytes]:
    """Return the files of the machinery by their path in the study."""
    found: dict[str, bytes] = {}
    for folder in _MACHINERY:
        for path in sorted([source / folder, *(source / folder).rglob("*")]):
            if path.is_file() and "__pycache__" not in path.parts:
                found[path.relative_to(source).as_posix()] = path.read_bytes()
    for path in sorted((source / "seeds" / "codebook").glob("*.yml")):
        found[path.relative_to(source).as_posix()] = path.read_bytes()
    return found


def own_files(source: Path) -> dict[str, bytes]:
    """Return the files of a new study that are its own, as they are before anybody changes them."""
    settings = (source / PROJECT_FILE).read_text(encoding="utf-8")
    for name in listed_exports(source) or []:
        settings = unlist_export(settings, name)
    own = {
        PROJECT_FILE: settings,
        "profiles.yml": (source / "profiles.yml").read_text(encoding="utf-8"),
        ".gitignore": _ignored(source),
        "README.md": _README,
        "seeds/exports/.gitkeep": "",
    }
    councils = [row[0] for row in _rows(source, "councils")[1:]]
    own |= {codebook_file(name): _csv(_vocabulary(source, name, councils)) for name in COLUMNS}
    return {name: text.encode() for name, text in own.items()}


def _vocabulary(source: Path, table: str, councils: Sequence[str]) -> Iterator[list[str]]:
    """Yield the rows of a table for a new study: those of no bundled survey."""
    rows = _rows(source, table)
    yield rows[0]
    if table in _OF_SURVEYS:
        return
    for row in rows[1:]:
        of_council = table in ("scales", "answers") and any(row[0].endswith(f"_{council}") for council in councils)
        of_label = table == "labels" and row[0] == "council_id" and row[1] in councils
        if not of_council and not of_label:
            yield row


def _rows(source: Path, table: str) -> list[list[str]]:
    with (source / codebook_file(table)).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if row]


def _csv(rows: Iterator[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _ignored(source: Path) -> str:
    lines = (source / ".gitignore").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("!seeds/exports/")]
    place = kept.index("seeds/exports/*") + 1
    return "\n".join([*kept[:place], "!seeds/exports/.gitkeep", *kept[place:], ""])
