"""Which tables the published file holds, which of their columns it leaves out, and which counts it rounds down.

The meta of the models (in their .yml files and dbt_project.yml) says all this, so a new report needs no change here:

- `is_published: true`: the table is published. `holds_respondents: true`: only when publish_respondents is true.
- `unpublished_columns`: columns that the published file leaves out.
- `respondent_counts`: columns that count respondents; the published file rounds them down, see docs/disclosure.md.
- `other_counts`: columns whose name begins with n_ and that count something else.
- `exact_counts`: columns that count respondents and are published as they are.
- `divides_by`: by what a report divides respondents, as the names of the models `plan_...` of the schema `disclosure`
  without `plan_`; an empty list if the report divides them by nothing but the survey. The report has to read each.

Columns of reports that hold a p-value are rounded up to hundredths: with a correlation, a more exact p would reveal the
exact base.
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

# The schema of the models that say what is withheld.
PLAN_SCHEMA = "disclosure"


class PublicationError(MessageError):
    """Nothing was published. The message gives the reason, says that the old file is kept, and what to do."""


@dataclass(frozen=True)
class LeftOut:
    """What the published file has no row about.

    Surveys, each a council and a wave; their exports; and waves of which nothing about all councils is published,
    because it contains a survey that the attack can work out.
    """

    surveys: frozenset[tuple[str, str]] = frozenset()
    exports: frozenset[str] = frozenset()
    waves: frozenset[str] = frozenset()


NOTHING = LeftOut()


@dataclass(frozen=True)
class PublishedTable:
    """A table of the published file: its name, the columns left out and rounded, and the descriptions."""

    schema: str
    name: str
    unpublished_columns: tuple[str, ...]
    rounded_columns: tuple[str, ...]
    p_value_columns: tuple[str, ...]
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


def manifest_table(models: Iterable[Mapping[str, Any]]) -> PublishedTable:
    """Return the description of the manifest, which publication writes by itself."""
    model = next(model for model in models if (model["schema"], model["name"]) == ("publication", "manifest"))
    return _table(model, with_respondents=False)


def rounded_columns(model: Mapping[str, Any], columns: Collection[str]) -> tuple[str, ...]:
    """Return the columns of a model that the published file rounds down. Raises PublicationError for an unknown count.

    Args: `model` is one of the models of `tables_to_publish`; `columns` are those of its columns that are published.
    """
    meta = _meta(model)
    if meta.get("holds_respondents"):
        return ()
    exact = meta.get("exact_counts") or ()
    respondents = [name for name in meta.get("respondent_counts") or () if name not in exact]
    known = {*respondents, *exact, *(meta.get("other_counts") or ())}
    unknown = sorted(name for name in columns if name.startswith("n_") and name not in known)
    if unknown:
        raise PublicationError(
            f"{model['original_file_path']}: {model['schema']}.{model['name']} has {', '.join(unknown)}. If that "
            "counts respondents, add it to respondent_counts in dbt_project.yml: the published file rounds it down. "
            f"If it counts something else, add it to other_counts in the meta of {model['name']}.yml."
        )
    return tuple(name for name in columns if name in respondents)


def check_divisions(models: Iterable[Mapping[str, Any]]) -> None:
    """Check that each published report says by what it divides respondents, and reads the plan of what is withheld.

    Args: `models` as in `tables_to_publish`, each with unique_id and depends_on, as in dbt's manifest.json. Raises
    PublicationError if a report has no `divides_by`, or does not depend on each plan that it names.
    """
    by_id = {model["unique_id"]: model for model in models}
    plans = {model["name"]: model["unique_id"] for model in by_id.values() if model["schema"] == PLAN_SCHEMA}
    for model in by_id.values():
        meta = _meta(model)
        if model["schema"] != "reports" or not meta.get("is_published"):
            continue
        if meta.get("divides_by") is None:
            raise PublicationError(
                f"Not published: {model['name']}.yml does not say by what the report divides respondents. Write "
                "`divides_by` into its meta: names of the models in models/disclosure without plan_, or [] if it "
                "divides them by nothing but the survey."
            )
        read = _models_above(by_id, model["unique_id"])
        missing = [name for name in meta["divides_by"] if plans.get(f"plan_{name}") not in read]
        if missing:
            raise PublicationError(
                f"Not published: {model['name']}.yml says `divides_by: [{', '.join(missing)}]`, but the report "
                f"does not read {', '.join(f'disclosure.plan_{name}' for name in missing)}. Join that model, and "
                "withhold what it withholds."
            )


def _models_above(by_id: Mapping[str, Mapping[str, Any]], unique_id: str) -> set[str]:
    """Return the ids of the models that a model reads, directly or through others."""
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        new = {*by_id[waiting.pop()]["depends_on"]["nodes"]} & by_id.keys() - found
        found |= new
        waiting += new
    return found


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
    p_values = tuple(
        column for column in columns if schema == "reports" and "p_value" in column and "type" not in column
    )
    return PublishedTable(schema, name, unpublished, rounded, p_values, model["description"], columns)
