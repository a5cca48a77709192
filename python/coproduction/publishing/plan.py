"""Which tables the published file holds, which of their columns it leaves out, and which counts it rounds down.

The meta of the models (in their .yml files and dbt_project.yml) says all this, so a new report needs no change here:

- `is_published: true`: the table is published. `holds_respondents: true`: only when publish_respondents is true.
- `unpublished_columns`: columns that the published file leaves out.
- `respondent_counts`: columns that count respondents; the published file rounds them down, see docs/disclosure.md.
- `other_counts`: columns whose name begins with n_ and that count something else.
- `has_exact_counts: true`: the counts of this table are published as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coproduction.errors import MessageError

# Each of these columns identifies one person or holds a text that a person wrote. A table that has one of them is
# published only with publish_respondents.
PRIVATE_COLUMNS = frozenset(
    {"respondent_key", "person_key", "respondent_id", "answer_label", "answer_text", "unexpected_sample"}
)


class PublicationError(MessageError):
    """Nothing was published. The message gives the reason, says that the old file is kept, and what to do."""


@dataclass(frozen=True)
class PublishedTable:
    """A table of the published file: its name, the columns left out, the columns rounded down, and the descriptions."""

    schema: str
    name: str
    unpublished_columns: tuple[str, ...]
    rounded_columns: tuple[str, ...]
    description: str
    columns: Mapping[str, str]

    @property
    def full_name(self) -> str:
        """Return the name with its schema, as readers write it."""
        return f"{self.schema}.{self.name}"


def tables_to_publish(models: Iterable[Mapping[str, Any]], with_respondents: bool) -> list[PublishedTable]:
    """Return the tables to publish, by name.

    Args: `models` are the models of the project, each with name, schema, original_file_path, description, columns and
    config, as in dbt's manifest.json; `with_respondents` adds the tables that hold respondents. Raises PublicationError
    if a table without `holds_respondents` would have a column of ``PRIVATE_COLUMNS``, or if the meta does not say what
    a count counts.
    """
    tables = [_table(model, with_respondents) for model in models if _is_published(_meta(model), with_respondents)]
    return sorted(tables, key=lambda table: table.full_name)


def rounded_columns(model: Mapping[str, Any], columns: Collection[str]) -> tuple[str, ...]:
    """Return the columns of a model that the published file rounds down. Raises PublicationError for an unknown count.

    Args: `model` is one of the models of `tables_to_publish`; `columns` are those of its columns that are published.
    """
    meta = _meta(model)
    if meta.get("has_exact_counts") or meta.get("holds_respondents"):
        return ()
    respondents = meta.get("respondent_counts") or ()
    known = {*respondents, *(meta.get("other_counts") or ())}
    unknown = sorted(name for name in columns if name.startswith("n_") and name not in known)
    if unknown:
        raise PublicationError(
            f"{model['original_file_path']}: {model['schema']}.{model['name']} has {', '.join(unknown)}. If that "
            "counts respondents, add it to respondent_counts in dbt_project.yml: the published file rounds it down. "
            f"If it counts something else, add it to other_counts in the meta of {model['name']}.yml."
        )
    return tuple(name for name in columns if name in respondents)


def _meta(model: Mapping[str, Any]) -> Mapping[str, Any]:
    return model["config"].get("meta") or {}


def _is_published(meta: Mapping[str, Any], with_respondents: bool) -> bool:
    return with_respondents if meta.get("holds_respondents") else bool(meta.get("is_published"))


def _table(model: Mapping[str, Any], with_respondents: bool) -> PublishedTable:
    """Return the published table of a model. Raises PublicationError if it would identify people."""
    schema, name = model["schema"], model["name"]
    unpublished = tuple(_meta(model).get("unpublished_columns") or ())
    columns = {column["name"]: column["description"] for column in model["columns"].values()}
    columns = {column: text for column, text in columns.items() if column not in unpublished}
    private = sorted(PRIVATE_COLUMNS & set(columns))
    if private and not with_respondents:
        raise PublicationError(
            f"{model['original_file_path']}: {schema}.{name} has {', '.join(private)}, which would reveal single "
            f"respondents. Take it out of the model, or add it to `unpublished_columns` in the meta of {name}.yml; "
            "`holds_respondents: true` there publishes the table only when somebody asks."
        )
    rounded = rounded_columns(model, columns)
    return PublishedTable(schema, name, unpublished, rounded, model["description"], columns)
