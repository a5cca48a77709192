"""Writes docs/sql-cookbook.md: each question in analyses, its query, and the answer in the published file.

`make cookbook` runs this module after a build of the bundled data; a test compares the page with what it would write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from coproduction.files.warehouse import open_warehouse, published_path, warehouse_path
from workbench.documents import ROOT, tables

if TYPE_CHECKING:
    import duckdb

PAGE = "docs/sql-cookbook.md"
# Longer answers are cut; the page says how many rows there are.
_MOST_ROWS = 6

_REFERENCE = re.compile(r"\{\{ ref\('(\w+)'\) \}\}")
_INTRODUCTION = """# SQL cookbook

Each file in `analyses/` is a question, with the query that answers it. This page has them all, with their answers in
the published file of the bundled data. These data are [synthetic](decisions/0005-synthetic-exports.md): an answer shows
what a result looks like, and says nothing about any council. `make cookbook` writes this page; a test runs every query
and compares its answer with the page.

Run a query on `warehouse/published.duckdb` with any client, or by its name: `dbt show --select levels_and_gaps`.
"""


class Recipe(NamedTuple):
    """A question, the name of its file, and its query with the names of the published tables."""

    name: str
    question: str
    query: str


def recipes(root: Path) -> Iterator[Recipe]:
    """Yield the recipes of a project by name; a reference to a model becomes the name of its table."""
    known = tables(root)
    for path in sorted((root / "analyses").glob("*.sql")):
        lines = path.read_text(encoding="utf-8").splitlines()
        n_comments = next(place for place, line in enumerate(lines) if not line.startswith("--"))
        question = " ".join(line.removeprefix("--").strip() for line in lines[:n_comments])
        query = _REFERENCE.sub(lambda found: f"{known[found[1]].schema}.{found[1]}", "\n".join(lines[n_comments:]))
        yield Recipe(path.stem, question, query)


def page(root: Path, connection: duckdb.DuckDBPyConnection) -> str:
    """Return the page: a section for each recipe, with its answer in the file of the connection."""
    return "\n".join([_INTRODUCTION, *(_section(recipe, connection) for recipe in recipes(root))])


def _section(recipe: Recipe, connection: duckdb.DuckDBPyConnection) -> str:
    result = connection.execute(recipe.query)
    names = [column[0] for column in result.description or []]
    rows = result.fetchall()
    shown = [_line(names), _line(["---"] * len(names)), *(_line([_text(v) for v in row]) for row in rows[:_MOST_ROWS])]
    rest = [f"\nThe first {_MOST_ROWS} of {len(rows)} rows."] if len(rows) > _MOST_ROWS else []
    parts = [f"## {recipe.name}", f"{recipe.question}", f"```sql\n{recipe.query}\n```", "\n".join([*shown, *rest])]
    return "\n\n".join(parts) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(value: Any) -> str:
    """Return a value as a cell of a table in Markdown, numbers without digits that say nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value).replace("|", "\\|").replace("*", "\\*")


def main() -> int:
    """Write the page from the published file of this project."""
    with open_warehouse(published_path(warehouse_path(ROOT))) as connection:
        (ROOT / PAGE).write_text(page(ROOT, connection), encoding="utf-8")
    print(f"Written: {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
