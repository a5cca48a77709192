"""Each question in analyses is answered by its query in the published file, and the page in docs shows that answer."""

import re
import shutil

import duckdb
import pytest

from building import PROJECT
from workbench import cookbook

RECIPES = list(cookbook.recipes(PROJECT))


@pytest.fixture(scope="module")
def published(built, tmp_path_factory):
    copy = shutil.copy(built.warehouse_path.with_name("published.duckdb"), tmp_path_factory.mktemp("cookbook"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


def test_there_is_a_recipe_for_each_file():
    assert len(RECIPES) == len(list((PROJECT / "analyses").glob("*.sql"))) >= 13
    assert all("?" in recipe.question for recipe in RECIPES)


def test_the_page_has_every_question_with_its_answer(published):
    text = (PROJECT / cookbook.PAGE).read_text(encoding="utf-8")
    assert text == cookbook.page(PROJECT, published), "run make cookbook after a build of the bundled data"


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_query_has_an_answer_in_an_order_without_ties(published, recipe):
    ending = re.search(r"order by\s+([\w\s,.]+?)(?:\s*limit \d+)?\s*$", recipe.query)
    keys = re.sub(r"\b(?:asc|desc|nulls last)\b", "", ending[1])
    columns = [key.strip().rpartition(".")[2] for key in keys.split(",")]
    rows = published.execute(recipe.query)
    names = [column[0] for column in rows.description]
    found = rows.fetchall()
    assert found
    # A key that is not in the answer, such as wave_id where all have one wave, only refines the order.
    places = [names.index(column) for column in columns if column in names]
    assert len({tuple(row[place] for place in places) for row in found}) == len(found)
