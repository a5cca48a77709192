"""The published file as the pages read it: rows, texts in the language of the build, decimals, rounded bases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coproduction.errors import CoproductionError
from coproduction.files.warehouse import PUBLISH, open_warehouse, require_published_file

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, Any]

_ROUNDED = "Rounded down to a multiple of"
_TABLES = "select schema_name, table_name, comment, estimated_size from duckdb_tables() where not internal order by all"
_COLUMNS = "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() where not internal"


class ReportError(CoproductionError):
    """The report cannot be made from this file; the message gives the reason and the remedy."""


class Texts:
    """The sentences of the codebook, in the language of the build."""

    def __init__(self, language: str, templates: Mapping[str, str]) -> None:
        """Take the `language` and the templates by their sentence_id."""
        self.language = language
        self._templates = templates

    def __call__(self, sentence_id: str, **values: object) -> str:
        """Return a sentence with its placeholders replaced. Raises ReportError for a sentence that is not there."""
        try:
            text = self._templates[sentence_id]
        except KeyError as reason:
            raise ReportError(
                f"The published file has no sentence {sentence_id}. Build again with this version: "
                "`coproduction build`."
            ) from reason
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text


class Published:
    """A published file, open to read."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take a connection to the file, which stays the caller's to close."""
        self._connection = connection

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows of a query, each by column name. `values` replace $name in the query, where it occurs."""
        used = {name: value for name, value in values.items() if f"${name}" in query}
        result = self._connection.execute(query, used or None)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def has(self, table: str) -> bool:
        """Return whether the file has a table, named with its schema."""
        return table in self.columns

    @cached_property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Return schema, name, comment and number of rows of every table, by the name with its schema."""
        return {f"{row['schema_name']}.{row['table_name']}": row for row in self.rows(_TABLES)}

    @cached_property
    def columns(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return type and comment of each column, by table and column."""
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for row in self.rows(_COLUMNS):
            found.setdefault(f"{row['schema_name']}.{row['table_name']}", {})[row["column_name"]] = row
        return found

    def is_rounded(self, table: str, column: str) -> bool:
        """Return whether the publication has rounded a count down, so that it is to be read as "at least"."""
        return _ROUNDED in (self.columns[table][column]["comment"] or "")

    @cached_property
    def texts(self) -> Texts:
        """Return the sentences. Raises ReportError if an older version wrote the file."""
        if not self.has("marts.dim_sentence"):
            raise ReportError(
                "This published file has no texts for a report: an older version wrote it. Build again with this "
                "version: `coproduction build`."
            )
        rows = self.rows("select sentence_id, language, template from marts.dim_sentence")
        return Texts(rows[0]["language"] if rows else "en", {row["sentence_id"]: row["template"] for row in rows})

    @cached_property
    def _labels(self) -> dict[tuple[str, str], dict[str, Any]]:
        query = "select column_name, id, label, decimals from marts.dim_label where language = $language"
        return {(row["column_name"], row["id"]): row for row in self.rows(query, language=self.texts.language)}

    def label(self, column: str, id_: str | None) -> str:
        """Return the label of an id; the id itself where the codebook has no label for it."""
        found = self._labels.get((column, str(id_)))
        return found["label"] if found else str(id_ or "")

    def decimals(self, column: str, id_: str) -> int:
        """Return with how many decimals numbers of an id are printed; 0 where the codebook does not say it."""
        found = self._labels.get((column, id_))
        return int(found["decimals"] or 0) if found else 0

    @cached_property
    def build(self) -> dict[str, str]:
        """Return the facts about the build from the manifest."""
        rows = self.rows("select item, value from publication.manifest where part_id = 'build'")
        return {row["item"]: row["value"] or "" for row in rows}

    @property
    def published_at(self) -> str:
        """Return when the file was written, to the minute, as a reader writes it: "2026-11-30 00:17 UTC"."""
        written = self.build.get("published_at", "")
        return f"{datetime.fromisoformat(written).astimezone(UTC):%Y-%m-%d %H:%M} UTC" if written else ""

    @property
    def footer(self) -> str:
        """Return the sentence below everything that is made from the file: when it was written, by which build."""
        facts = {name: self.build.get(name, "") for name in ("build_id", "git_commit")}
        return self.texts("page_footer", published_at=self.published_at, **facts)

    @property
    def is_synthetic(self) -> bool:
        """Return whether some of the data are synthetic."""
        return "synthetic" in self.build.get("provenance", "")

    @cached_property
    def surveys(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return the surveys by council and wave, in the order of councils' names and waves."""
        rows = self.rows("select * from marts.dim_survey order by council_label, council_id, wave_order, wave_id")
        return {(row["council_id"], row["wave_id"]): row for row in rows}

    def survey_label(self, council_id: str, wave_id: str) -> str:
        """Return the name of a council, with the wave where the council has several."""
        survey = self.surveys.get((council_id, wave_id))
        if not survey:
            return self.label("council_id", council_id)
        n_waves = sum(council == council_id for council, _ in self.surveys)
        label: str = survey["council_label"]
        return f"{label}, {survey['wave_label'] or wave_id}" if n_waves > 1 else label


def make_folder(folder: Path) -> None:
    """Create a folder for what is made from a published file: like that file, others than its group cannot read it.

    A folder that is there keeps its mode, which an administrator may have chosen. Raises ReportError for a file.
    """
    if folder.exists() and not folder.is_dir():
        raise ReportError(f"{folder} is a file. Name a folder with --folder.")
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)


@contextmanager
def open_published(path: Path) -> Iterator[Published]:
    """Open a published file to read. Raises WarehouseError or ReportError if it is none."""
    require_published_file(path)
    with open_warehouse(path, PUBLISH) as connection:
        published = Published(connection)
        # A warehouse has the manifest too, and answers of single people, and bases that are not rounded.
        if any(table.startswith("raw.") for table in published.columns):
            raise ReportError(f"{path} is a warehouse, with the answers of single people in it. {PUBLISH}")
        if not published.has("publication.manifest"):
            raise ReportError(f"{path} is no published file: it has no table publication.manifest. {PUBLISH}")
        yield published
