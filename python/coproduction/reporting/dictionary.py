"""The dictionary: every published table and column and what it means, from the comments of the published file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from coproduction.reporting.published import Published, Row

# The schemas in the order in which a reader looks for something; one that is not in the list comes last.
_SCHEMAS = ("reports", "bi", "marts", "quality", "publication")
_PLACEHOLDER = re.compile(r" *\(?\{\w+\}\)?")
_CODES_QUERY = """
    select column_name, id, label, unit_label from marts.dim_label
    where language = $language
    order by column_name, label, id
"""


class Schema(NamedTuple):
    """Tables that belong together: their schema, what that is in words, and each table with its columns."""

    id: str
    title: str
    tables: Sequence[dict[str, Any]]


def schemas(published: Published) -> list[Schema]:
    """Return all tables of the published file by schema, each with its summary and columns."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _SCHEMAS}
    for name, table in published.tables.items():
        summary = _first_sentence(table["comment"] or "")
        described = {**table, "name": name, "columns": published.columns[name], "summary": summary}
        found.setdefault(table["schema_name"], []).append(described)
    texts = published.texts
    titles = {
        "reports": texts("page_schema_reports"),
        "bi": texts("page_schema_bi"),
        "marts": texts("page_schema_marts"),
        "quality": texts("page_schema_quality"),
        "publication": texts("page_schema_publication"),
    }
    return [Schema(name, titles.get(name, name), tables) for name, tables in found.items() if tables]


def codes(published: Published) -> list[Row]:
    """Return the ids that columns hold, with the names that the pages print for them.

    What a label takes from its row, such as the year of a population, is left out with the brackets around it.
    """
    rows = published.rows(_CODES_QUERY, language=published.texts.language)
    return [row | {"label": _PLACEHOLDER.sub("", row["label"])} for row in rows]


def with_code(comment: str | None) -> Markup:
    """Return a comment as markup in which `names` between backticks are set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(comment or ""))))


def _first_sentence(comment: str) -> str:
    return re.split(r"(?<=[.:]) (?=[A-Z`])", comment, maxsplit=1)[0].rstrip(".:")
