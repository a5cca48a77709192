"""The study of the tests on Spark: everything that the bundled exports have not, in one project."""

from __future__ import annotations

import csv
import io
import string

import studies
from building import Project
from coproduction.codebook.labels import normalise_label
from full_study import add_everything

# What some engine, some file or some pattern reads in a way of its own.
SPECIAL = [
    *string.punctuation,
    *"’‘ʼ`´‐‑‒–—−“”«»…€£¥§°±²½µ×÷ß",
    *"éÉŒœÅåÑñŴŵŶŷÇçĞğıØøŁł",
    "\u0130",  # one small letter in DuckDB, two in Java
    "\u03a3\u03a3",  # whose last letter Java writes in another way
    *"日本語한글עבריתعربي",
    "\u00a0",
    "\u2003",
    "\u3000",
    "😀",
    "\\n",
    "\\\\",
    "''",
    '""',
    "don't",
    "$1",
    "%s",
    "{{ x }}",
    "a\tb",
]
N_WIDE = 300


def put_everything_into_one(project: Project) -> None:
    """Give the project weights, raking, staff, flags, routing, several waves, special characters and a wide export."""
    add_everything(project)
    studies.add_personal_data(project, "barnet")
    add_special_labels(project)
    add_wide_export(project)


def add_special_labels(project: Project) -> None:
    """Add an export of answers with special characters: alone, within words, doubled and at both ends."""
    labels = [form for text in SPECIAL for form in (text, f"A{text}b", f"{text}{text} x", f"{text}y{text}")]
    # The check refuses answers that a spreadsheet would run as a formula.
    labels = [label for label in labels if not label.startswith(("=", "@"))]
    # One for each spelling; * alone stands for any answer, and a blank text for none.
    tidy = [label for label in labels if label == label.strip() and normalise_label(label) != "*"]
    spelled = {normalise_label(label): label for label in tidy}
    column = "Don't \u201cask\u201d; it's, ok?"
    _describe(project, "special", [(column, "special_scale"), ("plain", "frequency")])
    project.append_codebook("scales", ["special_scale,Special characters,nominal,,"])
    answers = enumerate(spelled.values())
    project.append_codebook(
        "answers", [_line("special_scale", label, "valid", "", "", "", f"Answer {place}") for place, label in answers]
    )
    cells = [cell for label in labels for cell in (label, label.upper()) if normalise_label(cell) in spelled]
    rows = [[str(place), cell, "Often"] for place, cell in enumerate([*cells, ""])]
    project.write_export("special", [["id", column, "plain"], *rows])


def add_wide_export(project: Project) -> None:
    """Add an export of hundreds of columns, which make queries longer than a method of the JVM may be."""
    names = [f"opinion {place}" for place in range(N_WIDE)]
    _describe(project, "wide", [(name, "agreement") for name in names])
    answers = [*studies.AGREEMENT, "Don't know", ""]
    rows = [[str(row), *(answers[(row * column + row) % 7] for column in range(N_WIDE))] for row in range(40)]
    project.write_export("wide", [["id", *names], *rows])


def _describe(project: Project, name: str, questions: list[tuple[str, str]]) -> None:
    project.list_exports(name)
    project.append_codebook("councils", [_line(name, name.title(), "England", 1000, 2011, "rural", "Made for a test")])
    project.append_codebook(
        "exports", [_line(name, name, "wave_1", "citizen", "id", "synthetic", "", "Made for a test")]
    )
    project.append_codebook(
        "questions",
        [
            _line(name, column, "conditions", "environment", "all", scale, "false", str(not place).lower(), "Made up")
            for place, (column, scale) in enumerate(questions)
        ],
    )


def _line(*cells: object) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
