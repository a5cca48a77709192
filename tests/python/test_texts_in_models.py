"""Models read every text of the codebook, and fill the placeholders that the seed `sentences` lists.

The check before a build trusts that list.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
JINJA = Environment(extensions=["jinja2.ext.do"])


def seed(name: str) -> list[dict[str, str]]:
    with (ROOT / f"seeds/codebook/{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def listed() -> dict[str, set[str]]:
    return {row["sentence_id"]: set(row["placeholders"].split()) for row in seed("sentences")}


def filled() -> Iterator[tuple[str, set[str]]]:
    """Yield each call of a sentence with the placeholders that it fills, directly or within a call of `filled`."""
    for path in [*sorted((ROOT / "models").rglob("*.sql")), ROOT / "macros" / "reporting.sql"]:
        calls = [call for call in JINJA.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call) if name_of(call)]
        within = {id(part) for call in calls if name_of(call) == "filled" for part in sentences_in(call.args[0])}
        for call in calls:
            if name_of(call) == "filled":
                yield from ((part.args[0].value, keys_of(call)) for part in sentences_in(call.args[0]))
            elif id(call) not in within:
                yield call.args[0].value, keys_of(call)


def name_of(call: nodes.Call) -> str | None:
    name = getattr(call.node, "name", None)
    return name if name in ("sentence", "filled") else None


def sentences_in(expression: nodes.Node) -> Iterator[nodes.Call]:
    return (call for call in expression.find_all(nodes.Call) if name_of(call) == "sentence")


def keys_of(call: nodes.Call) -> set[str]:
    return {pair.key.value for values in call.args[1:] for pair in values.items}


def test_each_call_fills_the_placeholders_that_the_seed_lists():
    found = list(filled())
    assert len(found) >= 60
    assert [(name, keys) for name, keys in found if listed().get(name) != keys] == []


def test_every_sentence_is_read():
    """Families and contrasts are read by joins: the first from the seed `families`, the second in dim_label.

    The pages of the report read theirs from the published file: reporting/test_texts_of_pages.py.
    """
    by_joins = {row["sentence_id"] for row in seed("families")} | {"contrast"}
    of_pages = {name for name in listed() if name.startswith(("page_", "finding_"))}
    assert {name for name, _ in filled()} | by_joins | of_pages == set(listed())


def test_a_model_reads_the_labels_of_every_column():
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "models").rglob("*.sql"))]
    read = {column for text in texts for column in re.findall(r"labels?_of\('(\w+)'", text)}
    assert {row["column_name"] for row in seed("labels")} - read == set()


def test_the_joins_fill_the_placeholders_of_families_and_contrasts():
    for name, model in {"family_correlates": "dim_family", "contrast": "dim_label"}.items():
        text = (ROOT / f"models/marts/{model}.sql").read_text(encoding="utf-8")
        keys = re.search(r"filled\('(?:sentences|templates)\.template', \{(.*?)\}\)", text, re.DOTALL)[1]
        assert set(re.findall(r"'(\w+)':", keys)) == listed()[name]
