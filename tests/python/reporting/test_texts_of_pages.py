"""The pages print only texts of the codebook: each is there, each is used, and its placeholders are filled."""

import ast
import csv
import re
from pathlib import Path

import pytest

from building import PROJECT

FOLDER = PROJECT / "python" / "coproduction" / "reporting"
# Sentences whose last word depends on the row, such as finding_gap_above: the beginning, and what may follow.
DIRECTIONS = {"above", "below", "none"}
KINDS = DIRECTIONS | {"above_chance", "below_chance"}
ENDINGS = {
    "finding_gap_": DIRECTIONS,
    "finding_pooled_": KINDS,
    "finding_pooled_nudge_": KINDS,
    "finding_correlate_": KINDS - {"none"},
    "finding_nudge_": KINDS,
}


def sentences():
    with (PROJECT / "seeds/codebook/sentences.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["sentence_id"]: row for row in rows if row["sentence_id"].startswith(("page_", "finding_"))}


def texts_used():
    """Yield each text that is asked for: its id, or the beginning of its id, and whether it is the whole id."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from ((name, True) for name in re.findall(r"^(?:page|finding)_\w+$", node.value))
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                yield from ((name, False) for name in re.findall(r"^(?:page|finding)_\w+$", str(node.values[0].value)))
    for path in FOLDER.rglob("*.jinja"):
        yield from ((name, True) for name in re.findall(r"texts\('(\w+)'", path.read_text(encoding="utf-8")))


def test_each_text_that_a_page_asks_for_is_in_the_codebook():
    known = sentences()
    beginnings = {name for name, is_whole in texts_used() if not is_whole}
    missing = {name for name, is_whole in texts_used() if is_whole and name not in known} - beginnings
    assert missing == set()
    for beginning, endings in ENDINGS.items():
        assert beginning in beginnings
        assert {f"{beginning}{ending}" for ending in endings} <= set(known), beginning


def test_each_text_of_the_codebook_is_used():
    used = list(texts_used())
    whole = {name for name, is_whole in used if is_whole}
    beginnings = tuple(name for name, is_whole in used if not is_whole)
    assert {name for name in sentences() if name not in whole and not name.startswith(beginnings)} == set()


@pytest.mark.slow
def test_no_page_prints_a_placeholder_or_an_empty_value(report):
    known = {name for row in sentences().values() for name in row["placeholders"].split()}
    for path in report.values():
        # The script of the explorer fills placeholders by itself.
        parts = r"<style>.*?</style>|<script.*?</script>"
        text = re.sub(parts, "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        if path.name != "dictionary.html":
            assert set(re.findall(r"\{(\w+)\}", text)) & known == set(), path.name
        assert not re.search(r">\s*(None|nan|NaN)\s*<|\bNone\b per|between +and", text), path.name


def test_python_has_no_sentence_of_its_own():
    """A literal with several words, other than SQL, a docstring or an error message, would be untranslatable."""
    found = []
    for path in sorted((FOLDER / "sections").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)
        }
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
            if is_text and " " in node.value.strip() and not re.search(r"\b(select|from|where)\b", node.value):
                found.append((Path(path).name, node.value))
    assert found == []
