"""Writes what repeats the models' metadata: tables, columns, lineage, the questions that reports answer, decisions.

A page keeps its hand-written text. The part between `<!-- generated: name -->` and `<!-- /generated -->` is replaced.
In the model that publishes, the calls that make it wait for every report are replaced.
Everything is read as text from the files of the project: the first comment of a model (its grain), its `.yml`, its
references, `models/columns.md` and `dbt_project.yml`. No build is needed. `make documents` runs this module, and
`tests/python/test_documentation.py` fails when a page differs from the text that this module would write.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from workbench import bi_documents

ROOT = Path(__file__).resolve().parents[2]

# The order of the layers, which is also the order of the tables on a page.
LAYERS = ("staging", "quality", "intermediate", "marts", "counts", "estimates", "disclosure", "reports", "publication")
SEED_FOLDERS = ("codebook", "paper")

PUBLICATION_MODEL = "manifest"
PUBLICATION_FILE = f"models/publication/{PUBLICATION_MODEL}.py"
# The report that most readers open first.
FIRST_REPORT = "rpt_levels"

_GENERATED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- /generated -->)", re.DOTALL)
_GRAIN = re.compile(r"One row per ((?:\([^)]*\)|[^:.(])+)")
_REFERENCE = re.compile(r"\bref\(\s*['\"](\w+)['\"]\s*\)")
_FUNCTION = re.compile(r"from (coproduction\.(?!build\.)[\w.]+) import (\w+)")
_WAITS_FOR = re.compile(r'(?:^    dbt\.ref\("\w+"\)\n)+', re.MULTILINE)
_DOC_BLOCK = re.compile(r"\{%-?\s*docs\s+(\w+)\s*-?%\}(.*?)\{%-?\s*enddocs\s*-?%\}", re.DOTALL)
_DOC = re.compile(r"\{\{\s*doc\('(\w+)'\)\s*\}\}")


class Table(NamedTuple):
    """A model or a seed, as described in its own files."""

    schema: str
    name: str
    grain: str
    description: str
    columns: dict[str, str]
    keys: frozenset[str]
    meta: Mapping[str, Any]
    references: tuple[str, ...]
    functions: tuple[tuple[str, str], ...]


@functools.cache
def tables(root: Path) -> dict[str, Table]:
    """Return the models (in the order of their layers), then the seeds of codebook and paper, by name."""
    texts = {name: " ".join(text.split()) for name, text in _DOC_BLOCK.findall(_read(root / "models/columns.md"))}
    metas = _metas_of_layers(root)
    found = [
        _table(path, "models", texts, metas.get(layer, {}))
        for layer in LAYERS
        for path in sorted((root / "models" / layer).rglob("*"))
        if path.suffix in (".sql", ".py")
    ]
    found += [
        _table(path, "seeds", texts, {})
        for folder in SEED_FOLDERS
        for path in sorted((root / "seeds" / folder).glob("*.csv"))
    ]
    return {table.name: table for table in found}


def _metas_of_layers(root: Path) -> dict[str, dict[str, Any]]:
    """Return the values under `+meta` in dbt_project.yml for each folder of models."""
    project = read_yaml(root / "dbt_project.yml")
    layers = (project.get("models") or {}).get("coproduction") or {}
    return {layer: value.get("+meta", {}) for layer, value in layers.items() if isinstance(value, dict)}


def _table(path: Path, key: str, texts: Mapping[str, str], meta: Mapping[str, Any]) -> Table:
    text = "" if path.suffix == ".csv" else _read(path)
    beside = path.with_suffix(".yml")
    entries = read_yaml(beside).get(key, []) if beside.is_file() else []
    entry: dict[str, Any] = next((item for item in entries if item.get("name") == path.stem), {})
    grain = _GRAIN.search(" ".join(_first_comment(text)))
    return Table(
        schema=path.parent.name,
        name=path.stem,
        grain=grain.group(1).strip() if grain else "",
        description=_in_words(entry, texts),
        columns={column["name"]: _in_words(column, texts) for column in entry.get("columns", [])},
        keys=frozenset(_keys(entry)),
        meta={**meta, **((entry.get("config") or {}).get("meta") or {})},
        references=tuple(dict.fromkeys(_REFERENCE.findall(text))),
        functions=tuple(_FUNCTION.findall(text)),
    )


def _first_comment(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.startswith(("--", "#")):
            return
        yield line.lstrip("-# ").strip()


def _in_words(entry: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return a description on one line, with the shared texts in place of their references."""
    text = _DOC.sub(lambda match: texts.get(match.group(1), ""), str(entry.get("description") or ""))
    return " ".join(text.split())


def _keys(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield the columns that a test of the table holds unique together."""
    for test in entry.get("data_tests", []):
        for name in set(test) & {"grain", "unique_rows"}:
            yield from test[name]["arguments"]["columns"]


def contract(root: Path) -> str:
    """Return the tables whose `meta` says `is_contract`, without reports that stay unpublished, by schema."""
    parts = []
    known = [table for table in tables(root).values() if _is_contract(table)]
    for layer in LAYERS:
        rows = [
            (f"`{table.schema}.{table.name}`", table.grain, ", ".join(_columns(table)))
            for table in known
            if table.schema == layer
        ]
        if rows:
            parts.append(f"### Schema `{layer}`\n\n{_markdown(('table', 'one row per', 'columns'), rows)}")
    if rows := bi_documents.contract_rows(root):
        parts.append(f"{bi_documents.heading()}\n\n{_markdown(('table', 'one row per', 'columns'), rows)}")
    return "\n".join(parts)


def _is_contract(table: Table) -> bool:
    """Return whether the table is part of the contract; a report that only feeds other reports is not published."""
    return bool(table.meta.get("is_contract")) and table.meta.get("is_published", True) is not False


def _columns(table: Table) -> Iterator[str]:
    for name in table.columns:
        yield f"**`{name}`**" if name in table.keys else f"`{name}`"


def hops(root: Path) -> str:
    """Return the lineage of each report back to the answers: its estimates, their Python modules, counts, answers."""
    known = tables(root)
    rows = []
    for report in (table for table in known.values() if table.schema == "reports"):
        estimates = _nearest(known, [report.name], lambda table: table.schema == "estimates")
        starts = estimates or [report.name]
        counts = _nearest(known, starts, lambda table: table.schema == "counts")
        rows.append(
            (
                f"`{report.name}`",
                _listed(estimates) or "none",
                _modules(known, estimates),
                _listed(counts) or "none",
                _listed(_answers(known, starts)),
            )
        )
    return _markdown(("report", "estimates", "computed in", "counts", "answers"), rows)


def _nearest(known: Mapping[str, Table], names: Iterable[str], is_wanted: Callable[[Table], bool]) -> list[str]:
    """Follow the references backwards and return the first wanted table on each path."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        for name in known[waiting.pop(0)].references:
            if name in known and name not in seen:
                seen.add(name)
                if is_wanted(known[name]):
                    found[name] = None
                else:
                    waiting.append(name)
    return sorted(found)


def _answers(known: Mapping[str, Table], names: Iterable[str]) -> list[str]:
    """Return the nearest tables of answers and respondents that some tables are made from; if none, other marts."""
    found = _nearest(known, names, lambda table: table.schema in ("marts", "intermediate", "quality"))
    of_people = [name for name in found if name.startswith(("fct_", "int_")) or name == "dim_respondent"]
    return of_people or found


def _modules(known: Mapping[str, Table], estimates: Iterable[str]) -> str:
    paths = {module for name in estimates for module, _ in known[name].functions}
    links = []
    for module in sorted(paths):
        path = f"python/{module.replace('.', '/')}.py"
        links.append(f"[`{'/'.join(module.split('.')[-2:])}`](../{path})")
    return ", ".join(links) or "none"


def dictionary(root: Path) -> str:
    """Return one row for each table: its name and its description."""
    known = tables(root).values()
    parts = []
    for schema in (*SEED_FOLDERS, *LAYERS):
        rows = [(f"`{table.name}`", table.description) for table in known if table.schema == schema]
        if rows:
            parts.append(f"### Schema `{schema}`\n\n{_markdown(('table', 'what it is'), rows)}")
    if rows := bi_documents.dictionary_rows(root):
        parts.append(f"{bi_documents.heading()}\n\n{_markdown(('table', 'what it is'), rows)}")
    return "\n".join(parts)


def columns(root: Path) -> str:
    """Return one row for each column and meaning, by name, with the tables in which the column means this."""
    meanings: dict[tuple[str, str], list[str]] = {}
    for table in tables(root).values():
        for name, meaning in table.columns.items():
            meanings.setdefault((name, meaning), []).append(table.name)
    meanings |= bi_documents.column_rows(root)
    rows = [(f"`{name}`", meaning, _listed(places)) for (name, meaning), places in sorted(meanings.items())]
    return _markdown(("column", "meaning", "in"), rows)


def questions(root: Path) -> str:
    """Return the question that each report answers, from `question` in the `meta` of its `.yml`; first the levels."""
    asked = {table.name: str(table.meta["question"]) for table in tables(root).values() if "question" in table.meta}
    names = sorted(asked, key=lambda name: (name != FIRST_REPORT, name))
    return _markdown(("question", "report"), [(asked[name], f"`{name}`") for name in names])


def calls_of_publication(root: Path) -> str:
    """Return the model that publishes, with a call for each model that no other model reads and for each report.

    dbt finds only literal calls in a Python model. It publishes after these models and all that they read.
    """
    known = {
        name: table for name, table in tables(root).items() if table.schema in LAYERS and name != PUBLICATION_MODEL
    }
    read = {name for table in known.values() for name in table.references}
    calls = [f'    dbt.ref("{name}")\n' for name in sorted(known) if name not in read or name.startswith("rpt_")]
    return _WAITS_FOR.sub("".join(calls), _read(root / PUBLICATION_FILE), count=1)


def decisions(root: Path) -> str:
    """Return the list of the decision pages: number of the file, title, link."""
    lines = []
    for number, path in enumerate(decision_pages(root), start=1):
        title = _read(path).splitlines()[0].removeprefix("# ")
        lines.append(f"{number}. [{title}]({path.name})\n")
    return "".join(lines)


def decision_pages(root: Path) -> list[Path]:
    """Return the pages of docs/decisions that hold a decision, in the order of their numbers."""
    return sorted((root / "docs/decisions").glob("[0-9]*.md"))


# Page, name of the part between the marks, function that writes it.
PARTS: tuple[tuple[str, str, Callable[[Path], str]], ...] = (
    ("docs/public-contract.md", "contract", contract),
    ("docs/architecture.md", "hops", hops),
    ("docs/data-dictionary.md", "tables", dictionary),
    ("docs/data-dictionary.md", "columns", columns),
    ("docs/decisions/README.md", "decisions", decisions),
    ("models/overview.md", "questions", questions),
)


def generated(root: Path) -> dict[str, str]:
    """Return the updated files with generated parts, by path. Raises KeyError for a mark of unknown name."""
    pages: dict[str, str] = {PUBLICATION_FILE: calls_of_publication(root)}
    for page in dict.fromkeys(page for page, _, _ in PARTS):
        writers = {name: write for place, name, write in PARTS if place == page}

        def replaced(match: re.Match[str], writers: Mapping[str, Callable[[Path], str]] = writers) -> str:
            return f"{match.group(1)}\n{writers[match.group(2)](root)}\n{match.group(3)}"

        pages[page] = _GENERATED.sub(replaced, _read(root / page))
    return pages


def marks(page: Path) -> list[str]:
    """Return the names of the generated parts of a page."""
    return [name for _, name, _ in _GENERATED.findall(_read(page))]


def _markdown(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


@functools.cache
def read_yaml(path: Path) -> dict[str, Any]:
    """Return the content of a YAML file, empty for an empty file; each file is read once."""
    return yaml.load(_read(path), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def main() -> None:
    """Write the generated parts of every page."""
    for page, text in generated(ROOT).items():
        (ROOT / page).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
