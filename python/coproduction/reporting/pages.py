"""Makes the pages: one of the study, one of each council, and the dictionary of the published tables."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from coproduction.publishing.snapshot import remove_leftovers
from coproduction.reporting.content import Scope, Section
from coproduction.reporting.dictionary import codes, schemas, with_code
from coproduction.reporting.explorer_data import Explorer, explorer_json
from coproduction.reporting.published import Published, ReportError, make_folder, open_published
from coproduction.reporting.sections.absence import absence
from coproduction.reporting.sections.answers import answers
from coproduction.reporting.sections.findings import findings
from coproduction.reporting.sections.held_constant import held_constant
from coproduction.reporting.sections.levels import levels
from coproduction.reporting.sections.methods import methods
from coproduction.reporting.sections.nudges import nudges
from coproduction.reporting.sections.paper import multiverse, paper
from coproduction.reporting.sections.quality import quality
from coproduction.reporting.sections.together import together
from coproduction.reporting.sections.waves import waves
from coproduction.reporting.sections.who import who_answered

STUDY, EXPLORER, DICTIONARY = "study.html", "explorer.html", "dictionary.html"

# The order in which a page has them; one that returns None has nothing to say about the data.
_SECTIONS: Sequence[Callable[[Scope], Section | None]] = (
    findings, who_answered, levels, answers, together, held_constant, nudges, absence, waves, paper, multiverse,
    quality, methods,
)  # fmt: skip

COUNCILS_QUERY = "select council_id, council_label from marts.dim_council order by council_label, council_id"
_GENERATOR = "coproduction report"
# Closed tables of the study are not longer, but for rows that something links to: each 1,000 rows take 0.2 s to open.
MOST_ROWS_OF_THE_STUDY = 500
# What a page may do: nothing but have its own style. The explorer also has a script.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_report(published_file: Path, folder: Path) -> list[Path]:
    """Write all pages into a folder and return them, that of the study first.

    Pages of councils that are no longer in the published file are removed. Raises WarehouseError if the file cannot be
    opened, and ReportError if it is no published file or the folder cannot be written.
    """
    with open_published(published_file) as published:
        pages = dict(_pages(published))
    try:
        make_folder(folder)
        for old in folder.glob("council-*.html"):
            if old.name not in pages and _GENERATOR in old.read_text(encoding="utf-8", errors="replace")[:1000]:
                old.unlink()
        return [_write(folder / name, text) for name, text in pages.items()]
    except OSError as reason:
        raise ReportError(f"The report could not be written to {folder}: {reason.strerror or reason}.") from reason


def _write(path: Path, text: str) -> Path:
    """Write a page under another name and rename it, so that nobody opens half a page."""
    remove_leftovers(path)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    new.write_text(text, encoding="utf-8")
    return new.replace(path)


def _pages(published: Published) -> Iterator[tuple[str, str]]:
    councils = {row["council_id"]: row["council_label"] for row in published.rows(COUNCILS_QUERY)}
    texts = published.texts
    names = [(STUDY, texts("page_study")), *((council_page(id_), label) for id_, label in councils.items())]
    links = [*names, (EXPLORER, texts("page_explorer")), (DICTIONARY, texts("page_dictionary"))]
    yield STUDY, _page(published, texts("page_study_title"), sections_of(Scope(published)), links, STUDY)
    for id_, label in councils.items():
        title = texts("page_council_title", council=label)
        yield council_page(id_), _page(published, title, sections_of(Scope(published, id_)), links, council_page(id_))
    yield EXPLORER, _explorer(published, links)
    dictionary = _environment().get_template("dictionary.html.jinja")
    frame = _frame(published, texts("page_dictionary_title"), links, DICTIONARY)
    yield DICTIONARY, dictionary.render(frame, schemas=schemas(published), codes=codes(published))


def _explorer(published: Published, links: Sequence[tuple[str, str]]) -> str:
    """Return the page in which a reader chooses what is shown; its script is the only one that its policy allows."""
    script = _template("explorer.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    frame = _frame(published, published.texts("page_explorer_title"), links, EXPLORER) | {
        "policy": f"{_POLICY}; script-src 'sha256-{digest}'",
        "heads": Markup(_template("explorer.css")),
        "script": Markup(script),
        "data": Markup(explorer_json(Explorer(published).data())),
    }
    return _environment().get_template("explorer.html.jinja").render(frame)


def council_page(council_id: str) -> str:
    """Return the file of a council's page; ids that differ have names that differ."""
    return f"council-{re.sub(r'[^A-Za-z0-9_-]', lambda letter: f'.{ord(letter[0]):x}.', council_id)}.html"


def sections_of(scope: Scope) -> list[Section]:
    """Return the sections of a page that have something to show."""
    sections = [section for make in _SECTIONS if (section := make(scope))]
    return [section for section in sections if section.id == "findings" or not section.is_empty()]


def _page(
    published: Published, title: str, sections: Sequence[Section], links: Sequence[tuple[str, str]], name: str
) -> str:
    _give_each_anchor_once(sections)
    if name == STUDY:
        _shorten(published, sections)
    frame = _frame(published, title, links, name) | {"heads": _heads_on_narrow_screens(published, sections)}
    return _environment().get_template("page.html.jinja").render(frame, sections=sections)


def _heads_on_narrow_screens(published: Published, sections: Sequence[Section]) -> Markup:
    """Number the tables, and return the style that repeats the head of a column in each of its cells.

    On a narrow screen a row is a list. A style names each head once; an attribute of every cell would double the page.
    """
    rules = []
    tables = [table for section in sections for table in section.all_tables()]
    for number, table in enumerate(tables, start=1):
        table.id = f"table-{number}"
        heads = [*table.heads, *([] if table.is_heatmap else [published.texts("page_head_row")])]
        rules += [
            f"#{table.id} td:nth-child({place})::before {{ content: {css_string(head)}; }}"
            for place, head in enumerate(heads, start=1)
            if place > 1
        ]
    return Markup("@media screen and (max-width: 52rem) {\n" + "\n".join(rules) + "\n}")


def css_string(text: str) -> Markup:
    """Return a text as a string of CSS, which no character of the text can end."""
    return Markup('"' + re.sub(r"[^A-Za-z0-9 .,%()-]", lambda letter: f"\\{ord(letter[0]):x} ", text) + '"')


def _shorten(published: Published, sections: Sequence[Section]) -> None:
    """Leave in each long closed table its first rows and those that something links to, and say what is not there.

    A page of many surveys would take seconds to open, and those rows are on the pages of the councils.
    """
    links = set().union(*(section.all_links() for section in sections))
    for table in (table for section in sections for table in section.all_tables() if not table.is_open):
        shown = [row for place, row in enumerate(table.rows) if place < MOST_ROWS_OF_THE_STUDY or row.anchor in links]
        if len(shown) < len(table.rows):
            n_rows = f"{len(table.rows) - len(shown):,}"
            table.note = published.texts("page_rows_left_out", n_rows=n_rows, table=table.source)
            table.rows = shown


def _give_each_anchor_once(sections: Sequence[Section]) -> None:
    """Leave an anchor only at the first of several rows that show the same published row."""
    seen: set[str] = set()
    for section in sections:
        for table in section.all_tables():
            for row in table.rows:
                row.anchor = "" if row.anchor in seen else row.anchor
                seen.add(row.anchor)


def _frame(published: Published, title: str, links: Sequence[tuple[str, str]], name: str) -> dict[str, Any]:
    """Return what every page shows around its content."""
    return {
        "texts": published.texts,
        "language": published.texts.language,
        "title": title,
        "links": links,
        "name": name,
        "dictionary": DICTIONARY,
        "build": published.build,
        "footer": published.footer,
        "is_synthetic": published.is_synthetic,
        "has_respondents": published.build.get("respondents", "withheld") != "withheld",
        "generator": _GENERATOR,
        "policy": _POLICY,
        "style": Markup(_template("style.css")),
        "heads": "",
    }


@cache
def _environment() -> Environment:
    loader = PackageLoader("coproduction.reporting")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"css_string": css_string, "with_code": with_code}
    return environment


@cache
def _template(name: str) -> str:
    return files("coproduction.reporting").joinpath("templates", name).read_text(encoding="utf-8")
