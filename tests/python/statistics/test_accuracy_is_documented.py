"""What the project says about its estimators: complete docstrings, and promised accuracies whose tests exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "python" / "coproduction"
# What a reader must find in the docstring of an estimator.
PARTS = {
    "arguments and their shapes": r"^Args:$",
    "the shape of the result": r"^Returns:$",
    "errors": r"^Raises:$",
    "the R call": r"^R: .*`",
    "a source with its year": r"^Sources?\b[^:]*: .*\b(1[89]|20)\d\d\b|\([A-Z][^()]* (1[89]|20)\d\d, ",
    "a formula or rule": r" = |->|\|b\|",
    "units": r"0-1|points of 0-100|-1 to 1|in points|points, |mean 1|0-100",
}


@cache
def estimators() -> dict[str, str]:
    """Docstring of every public function that gives estimates or weights."""
    found = {}
    for path in sorted([*(PACKAGE / "statistics").rglob("*.py"), *(PACKAGE / "paper").glob("*.py")]):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith(("estimate_", "rake_")):
                found[node.name] = ast.get_docstring(node) or ""
    return found


def faults(docstring: str) -> list[str]:
    return [part for part, pattern in PARTS.items() if not re.search(pattern, docstring, re.MULTILINE)]


@pytest.mark.parametrize("name", estimators())
def test_the_docstring_of_an_estimator_says_all_that_a_methodologist_asks(name):
    assert faults(estimators()[name]) == []


def test_an_incomplete_docstring_is_noticed():
    complete = estimators()["estimate_nudge_effects"]
    assert len(estimators()) >= 20
    assert faults("") == list(PARTS)
    assert faults(re.sub(r"^R: ", "In R: ", complete, flags=re.MULTILINE)) == ["the R call"]
    assert faults(complete.replace("Raises:", "")) == ["errors"]


def test_every_accuracy_has_tests_that_exist():
    page = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!quantity|---)([^|]+) \| ([^|]+) \| (.+) \|$", page, re.MULTILINE)
    assert len(rows) >= 20
    exist = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        exist |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for quantity, agrees_to, tests in rows:
        named = re.findall(r"`(test_\w+)`", tests)
        assert named, quantity
        assert re.search(r"1e-\d", agrees_to), quantity
        assert set(named) <= exist, (quantity, set(named) - exist)


def test_every_build_refuses_a_p_of_0():
    """Each column of p-values in each table of estimates has a range in its .yml that leaves out 0.

    A name that ends in `_id` is a text, such as the method that computes p.
    """
    n_columns, no_p = 0, ("_error", "_type", "_at_n", "_id")
    for path in sorted((ROOT / "models" / "estimates").glob("*.yml")):
        (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
        ranges = {}
        for test in model.get("data_tests", []):
            for rule in test.values() if isinstance(test, dict) else []:
                ranges |= rule.get("arguments", {}).get("ranges", {})
        for column in (column["name"] for column in model["columns"]):
            if re.match(r"(headline_|smallest_)?p_", column) and not column.endswith(no_p):
                assert column in ranges, (model["name"], column)
                assert 0 < ranges[column][0] < ranges[column][1] == 1, (model["name"], column)
                n_columns += 1
    assert n_columns > 30
