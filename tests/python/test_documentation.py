"""Documentation coverage. dbt on DuckDB checks neither the keys nor the columns of a .yml file, so these tests do.

Every check takes the folder of a project and returns what is wrong with it, one line each. It is run on this project,
where nothing may be wrong, and on a small faulty one, where it must find the fault.
"""

import csv
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from workbench import documents

ROOT = Path(__file__).resolve().parents[2]

# The councils' files are described by the codebook: a new council adds no .yml.
EXPORTS_FOLDER = "seeds/exports"

# Schemas of which every relation is described; raw holds the councils' files.
SCHEMAS_UNDESCRIBED = ("raw", "main")

MACRO = re.compile(r"\{%-?\s*(macro|test)\s+(\w+)\s*\(")
MATERIALIZATION = re.compile(r"\{%-?\s*materialization\s+(\w+)\s*,\s*adapter\s*=\s*'(\w+)'")
DOC_BLOCK = re.compile(r"\{%-?\s*docs\s+(\w+)\s*-?%\}(.*?)\{%-?\s*enddocs\s*-?%\}", re.DOTALL)
DOC_REFERENCE = re.compile(r"\{\{\s*doc\('(\w+)'\)\s*\}\}")
GRAIN = re.compile(r"(--|#) One row per \w+")
CODE_BLOCK = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
CONTRACT_ROW = re.compile(r"^\| `(\w+)\.(\w+)` \|", re.MULTILINE)
DECISION_BY_NUMBER = re.compile(r"\bdecisions? \d+", re.IGNORECASE)
DECISION_PARTS = ["Context", "Decision", "What would change our mind"]
WALKS = re.compile(r"^## Three walks\n(.*?)^## ", re.DOTALL | re.MULTILINE)
STOP = re.compile(r"^\d+\. (.*?)(?=^\d+\. |^#|\Z)", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
LINK_TARGET = re.compile(r"\]\([^)]*\)")
SQL_BLOCK = re.compile(r"^```sql\n(.*?)^```", re.DOTALL | re.MULTILINE)
FILE_NAME = re.compile(r"[\w./-]*\w\.(py|sql|yml|md|csv|toml|lock|R)")
TABLE_NAME = re.compile(r"(?:\w+\.)?((?:stg|int|dim|fct|cnt|est|plan|rpt)_\w+)(?:\.\w+)?")
MODULE_NAME = re.compile(r"coproduction(\.[a-z_]+)+")
EVERY_TEXT = "tests/singular/assert_every_text_is_there.sql"
LISTED_TEXTS = re.compile(r"'(rpt_\w+)': \[(.*?)\]")
# Made by commands, or by the reader: the files of Hillford, the invented council of docs/add-a-council.md.
NOT_IN_THE_PROJECT = ("warehouse/", "target/", "logs/", "reports/", "seeds/exports/hillford.csv")
# Words that make a reader ask what is meant; docs/decisions and descriptions have a plain word for each.
UNCLEAR_WORDS = re.compile(
    r"\b(?:tell(?:s|ing)? of|told|beside|h(?:old|olds|eld|olding)\b[^.|]{0,30}\bagainst"
    r"|goes with|gives? away|suppress\w*)\b",
    re.IGNORECASE,
)
# Made by `make simulate` and `make cookbook`, and a record of the past.
PAGES_AS_THEY_ARE = ("docs/simulation.md", "docs/sql-cookbook.md", "CHANGELOG.md")
ARTICLES = {"the", "a", "an", "of", "its", "this"}


class Source(NamedTuple):
    """A file that needs a .yml of the same name beside it: the key in it, and the names that stand under the key."""

    path: Path
    key: str
    names: list[str]


def sources(root: Path) -> Iterator[Source]:
    for path in files(root, "models", ".sql", ".py"):
        yield Source(path, "models", [path.stem])
    for path in files(root, "seeds", ".csv"):
        if path.parent != root / EXPORTS_FOLDER:
            yield Source(path, "seeds", [path.stem])
    for path in files(root, "analyses", ".sql"):
        yield Source(path, "analyses", [path.stem])
    for path in files(root, "tests/singular", ".sql"):
        yield Source(path, "data_tests", [path.stem])
    for folder in ("macros", "tests/generic"):
        for path in files(root, folder, ".sql"):
            yield Source(path, "macros", macro_names(path.read_text()))


def files(root: Path, folder: str, *suffixes: str) -> list[Path]:
    return sorted(path for path in (root / folder).rglob("*") if path.suffix in suffixes)


def yml_files(root: Path) -> list[Path]:
    folders = ("models", "seeds", "macros", "analyses", "tests")
    return [path for folder in folders for path in files(root, folder, ".yml", ".yaml")]


def macro_names(text: str) -> list[str]:
    """Return the names by which dbt knows the macros, generic tests and materializations of a file."""
    names = [f"test_{name}" if kind == "test" else name for kind, name in MACRO.findall(text)]
    return names + [f"materialization_{name}_{adapter}" for name, adapter in MATERIALIZATION.findall(text)]


def described(source: Source) -> dict[str, dict]:
    """Return what the .yml beside a file describes, by name; nothing where there is no .yml."""
    beside = source.path.with_suffix(".yml")
    content = documents.read_yaml(beside) if beside.is_file() else {}
    return {entry["name"]: entry for entry in content.get(source.key, [])}


def words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", text.lower().replace("_", " ")) if word not in ARTICLES]


def faults_of_description(entry: dict) -> Iterator[str]:
    description = str(entry.get("description") or "").strip()
    if not description:
        yield f"{entry['name']} has no description"
    elif words(description) == words(entry["name"]):
        yield f"the description of {entry['name']} repeats its name"


def undescribed_files(root: Path) -> list[str]:
    """Name models, seeds, analyses, tests and macros without a .yml of their name beside them, or without words."""
    found = []
    for source in sources(root):
        entries = described(source)
        place = source.path.relative_to(root)
        found += [f"{place}: {name} is not under {source.key}" for name in source.names if name not in entries]
        found += [f"{place}: {name} is described and not there" for name in entries if name not in source.names]
        found += [f"{place}: {fault}" for entry in entries.values() for fault in faults_of_description(entry)]
    return found


def descriptions_of_nothing(root: Path) -> list[str]:
    """Name the entries of .yml files without the file beside them that they describe."""
    known = {(source.path.with_suffix(".yml"), source.key): source.names for source in sources(root)}
    keys = {key for _, key in known} | {"models", "seeds", "analyses", "macros"}
    found = []
    for path in yml_files(root):
        for key, entries in documents.read_yaml(path).items():
            names = [entry["name"] for entry in entries] if key in keys else []
            beside = known.get((path, key), [])
            found += [f"{path.relative_to(root)}: {name} is not here" for name in names if name not in beside]
    return found


def undescribed_parts(root: Path) -> list[str]:
    """Name columns and arguments without a description; a model and a seed without any column count too."""
    found = []
    for source in sources(root):
        for entry in described(source).values():
            parts = [*entry.get("columns", []), *entry.get("arguments", [])]
            place = f"{source.path.relative_to(root)}, {entry['name']}"
            if source.key in ("models", "seeds") and not parts:
                found.append(f"{place}: no columns")
            for part in parts:
                found += [f"{place}: {fault}" for fault in faults_of_description(part) if "columns" in entry]
                if not str(part.get("description") or "").strip() and "arguments" in entry:
                    found.append(f"{place}: {part['name']} has no description")
    return found


def undescribed_unit_tests(root: Path) -> list[str]:
    """Name the unit tests that do not say what they show."""
    found = []
    for path in yml_files(root):
        for entry in documents.read_yaml(path).get("unit_tests", []):
            found += [f"{path.relative_to(root)}: {fault}" for fault in faults_of_description(entry)]
    return found


def misdescribed_seeds(root: Path) -> list[str]:
    """Name the seeds whose header is not exactly the columns of their .yml, apart from optional ones."""
    found = []
    for source in sources(root):
        if source.key == "seeds":
            with source.path.open(newline="", encoding="utf-8-sig") as file:
                header = next(csv.reader(file), [])
            entry = described(source).get(source.path.stem, {})
            optional = entry.get("config", {}).get("meta", {}).get("optional_columns", [])
            columns = [name for name in column_names(entry) if name in header or name not in optional]
            if header != columns:
                found.append(f"{source.path.relative_to(root)}: header {header}, described {columns}")
    return found


def column_names(entry: dict) -> list[str]:
    return [column["name"] for column in entry.get("columns", [])]


def wrong_shared_texts(root: Path) -> list[str]:
    """Name the doc('x') without a text in models/columns.md, and the texts that are empty or that nobody uses."""
    texts = dict(DOC_BLOCK.findall((root / "models/columns.md").read_text()))
    used = set()
    found = []
    for path in yml_files(root):
        names = DOC_REFERENCE.findall(path.read_text())
        used.update(names)
        found += [f"{path.relative_to(root)}: no text for {name}" for name in names if name not in texts]
    found += [f"models/columns.md: {name} is empty" for name, text in texts.items() if not text.strip()]
    return found + [f"models/columns.md: nobody uses {name}" for name in texts if name not in used]


def models_without_grain(root: Path) -> list[str]:
    """Name the models whose first line does not say what a row is."""
    return [
        str(source.path.relative_to(root))
        for source in sources(root)
        if source.key == "models" and not GRAIN.match(source.path.read_text())
    ]


def reports_without_contract(root: Path) -> list[str]:
    """Name the reports whose columns may change without anybody noticing."""
    found = []
    for source in sources(root):
        if source.key == "models" and source.path.stem.startswith("rpt_"):
            entry = described(source).get(source.path.stem, {})
            untyped = [column["name"] for column in entry.get("columns", []) if not column.get("data_type")]
            if (entry.get("config") or {}).get("contract") != {"enforced": True}:
                found.append(f"{source.path.relative_to(root)}: no enforced contract")
            found += [f"{source.path.relative_to(root)}: {name} has no data_type" for name in untyped]
    return found


def reports_without_question(root: Path) -> list[str]:
    """Name the published reports whose .yml does not say which question they answer, which models/overview.md lists."""
    return [
        f"{table.name}.yml: no question in meta"
        for table in documents.tables(root).values()
        if table.name.startswith("rpt_") and table.meta.get("is_published", True) and not table.meta.get("question")
    ]


def unlisted_texts(root: Path) -> list[str]:
    """Name the reports of which assert_every_text_is_there does not look at the unit or at the sentence."""
    listing = root / EVERY_TEXT
    listed = dict(LISTED_TEXTS.findall(listing.read_text())) if listing.is_file() else {}
    return [
        f"{EVERY_TEXT}: add '{name}' of {table.name}, so that a missing text stops the build"
        for table in documents.tables(root).values()
        for name in ("unit_label", "in_words")
        if table.name.startswith("rpt_") and name in table.columns and f"'{name}'" not in listed.get(table.name, "")
    ]


def outdated_pages(root: Path) -> list[str]:
    """Name the pages whose generated parts are missing, or differ from what the models and decisions say."""
    found = [f"{page}: no part {name}" for page, name, _ in documents.PARTS if name not in documents.marks(root / page)]
    pages_as_generated = documents.generated(root).items()
    return found + [
        f"{page}: run make documents" for page, text in pages_as_generated if text != (root / page).read_text()
    ]


def wrong_decisions(root: Path) -> list[str]:
    """Name the decisions that are out of the order 0001, 0002 ... or lack one of the three parts."""
    found = []
    for number, path in enumerate(documents.decision_pages(root), start=1):
        parts = re.findall(r"^## (.*)$", path.read_text(), re.MULTILINE)
        if not path.name.startswith(f"{number:04}-"):
            found.append(f"{path.name}: the next number is {number:04}")
        if parts != DECISION_PARTS:
            found.append(f"{path.name}: the parts are {parts}")
    return found


def decisions_named_by_number(root: Path) -> list[str]:
    """Name the files that call a decision by its number, which may change, and not by its title."""
    folders = ("docs", "models", "macros", "python", "tests", "analyses", "seeds")
    texts = [path for folder in folders for path in files(root, folder, ".md", ".yml", ".sql", ".py")]
    return [
        str(path.relative_to(root))
        for path in [*texts, *root.glob("*.md")]
        if DECISION_BY_NUMBER.search(path.read_text()) and path != Path(__file__)
    ]


def missing_stops(root: Path) -> list[str]:
    """Name what the walks of the architecture page name and the project does not have: files, tables, functions."""
    walks = WALKS.search((root / "docs/architecture.md").read_text())
    stops = STOP.findall(walks.group(1)) if walks else []
    known = documents.tables(root)
    names = {name for table in known.values() for name in (table.name, *table.columns, *table.meta)}
    found = [] if stops else ["docs/architecture.md: no walks"]
    for stop in stops:
        codes = CODE.findall(stop)
        paths = [root / code for code in codes if "/" in code and not code.startswith("warehouse/")]
        texts = " ".join(path.read_text() for path in paths if path.is_file())
        found += [f"no file {path.relative_to(root)}" for path in paths if not path.is_file()]
        for code in codes:
            if code.endswith("()") and not re.search(rf"\b(def|macro) {code[:-2]}\(", texts):
                found.append(f"no function {code} in the files of: {stop.strip()}")
            if re.fullmatch(r"[a-z]+(_[a-z]+)+", code) and code not in names:
                found.append(f"no table or column {code}")
    return found


def absent_files(root: Path) -> list[str]:
    """Name the files that a page mentions by path or by name and that the project does not have."""
    folders = ("docs", "models", "macros", "python", "tests", "analyses", "seeds")
    names = {path.name for folder in folders for path in (root / folder).rglob("*.*")}
    found = []
    for path in pages(root):
        if str(path.relative_to(root)) not in PAGES_AS_THEY_ARE:
            codes = [code for code in CODE.findall(CODE_BLOCK.sub("", path.read_text())) if FILE_NAME.fullmatch(code)]
            codes = [code for code in codes if not code.startswith(NOT_IN_THE_PROJECT)]
            absent = [code for code in codes if not (root / code).is_file() and not ("/" not in code and code in names)]
            found += [f"{path.relative_to(root)}: {code}" for code in absent]
    return found


def absent_tables(root: Path) -> list[str]:
    """Name the tables and the modules or functions of Python that a page mentions and the project does not have."""
    known = documents.tables(root)
    found = []
    for path in pages(root):
        if str(path.relative_to(root)) not in PAGES_AS_THEY_ARE:
            for code in CODE.findall(CODE_BLOCK.sub("", path.read_text())):
                table, module = TABLE_NAME.fullmatch(code), MODULE_NAME.fullmatch(code)
                is_absent = (table and table.group(1) not in known) or (module and not is_python(root, code))
                found += [f"{path.relative_to(root)}: {code}"] if is_absent else []
    return found


def is_python(root: Path, name: str) -> bool:
    """Return whether a dotted name is a package, a module, or something that a module defines."""
    whole = root / "python" / name.replace(".", "/")
    module = whole.parent.with_suffix(".py")
    is_defined = module.is_file() and re.search(rf"^(def|class) {whole.name}\b", module.read_text(), re.MULTILINE)
    return whole.is_dir() or whole.with_suffix(".py").is_file() or bool(is_defined)


def unclear_words(root: Path) -> list[str]:
    """Name the unclear words in pages and descriptions, with the line in which they occur."""
    texts = [path for path in pages(root) if str(path.relative_to(root)) not in PAGES_AS_THEY_ARE]
    found = []
    for path in [*texts, *yml_files(root)]:
        for line in LINK_TARGET.sub("]", path.read_text()).splitlines():
            found += [f"{path.relative_to(root)}: {word} in: {line.strip()}" for word in UNCLEAR_WORDS.findall(line)]
    return found


def broken_links(root: Path) -> list[str]:
    """Name the links in .md files that lead to no file of the project, or to no heading of a page."""
    found = []
    for path in pages(root):
        text = CODE_BLOCK.sub("", path.read_text())
        for target in LINK.findall(text):
            if ELSEWHERE.match(target):
                continue
            file, _, heading = target.partition("#")
            place = (path.parent / file).resolve() if file else path.resolve()
            is_heading_wrong = bool(heading) and place.suffix == ".md" and heading not in headings(place)
            if not place.is_relative_to(root.resolve()) or not place.exists() or is_heading_wrong:
                found.append(f"{path.relative_to(root)}: {target}")
    return found


def pages(root: Path) -> list[Path]:
    return [*sorted(root.glob("*.md")), *files(root, "docs", ".md"), *files(root, "models", ".md")]


def headings(page: Path) -> set[str]:
    """Return the anchors that a page's headings get: small letters, no punctuation, hyphens for spaces."""
    if not page.is_file():
        return set()
    lines = re.findall(r"^#+ +(.*)$", CODE_BLOCK.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.strip().lower()).replace(" ", "-") for line in lines}


CHECKS = (
    undescribed_files,
    descriptions_of_nothing,
    undescribed_parts,
    undescribed_unit_tests,
    misdescribed_seeds,
    wrong_shared_texts,
    models_without_grain,
    reports_without_contract,
    reports_without_question,
    unlisted_texts,
    outdated_pages,
    wrong_decisions,
    decisions_named_by_number,
    missing_stops,
    absent_files,
    absent_tables,
    unclear_words,
    broken_links,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_project_has_no(check: Callable[[Path], list[str]]):
    assert check(ROOT) == []


def test_git_ignores_what_a_build_writes_and_no_file_of_the_project(tmp_path):
    """A folder named as one that a build writes is ignored at the top alone, or a new model in it would be lost."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    written = {"reports/study.html", "warehouse/published.duckdb", "target/manifest.json", "logs/dbt.log"}
    written |= {"seeds/exports/hillford.csv", "seeds/exports/bristol.csv.original", "exported/bristol/bristol.sav"}
    own = {
        "seeds/exports/bristol.csv",
        "models/reports/rpt_new.sql",
        "models/marts/target/x.sql",
        "tests/python/warehouse/test_x.py",
    }
    for name in written | own:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    listed = subprocess.run(
        ["git", "-C", tmp_path, "ls-files", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(listed.stdout.split()) - {".gitignore"} == own


def test_the_page_of_methods_names_every_table_of_estimates():
    page = (ROOT / "docs/methods.md").read_text()
    tables = {path.stem for path in (ROOT / "models/estimates").glob("est_*.py")}
    assert tables - set(re.findall(r"`(est_\w+)`", page)) == set()


def test_checks_see_the_whole_project():
    seen = {(source.path.relative_to(ROOT).parts[0], source.key) for source in sources(ROOT)}
    assert seen == {
        ("models", "models"),
        ("seeds", "seeds"),
        ("analyses", "analyses"),
        ("tests", "data_tests"),
        ("tests", "macros"),
        ("macros", "macros"),
    }
    assert {"README.md", "architecture.md", "overview.md"} <= {page.name for page in pages(ROOT)}
    assert len(CONTRACT_ROW.findall((ROOT / "docs/public-contract.md").read_text())) > 20


def test_columns_of_the_warehouse_are_the_columns_described(warehouse):
    rows = warehouse.execute("select schema_name, table_name, column_name from duckdb_columns() where not internal")
    assert misdescribed_relations(ROOT, rows.fetchall()) == []


def test_queries_of_the_pages_run(warehouse):
    queries = [block for page in pages(ROOT) for block in SQL_BLOCK.findall(page.read_text())]
    assert len(queries) > 10
    for query in queries:
        for statement in warehouse.extract_statements(query):
            warehouse.execute(statement).fetchall()


def misdescribed_relations(root: Path, columns: Iterable[tuple[str, str, str]]) -> list[str]:
    """Name the columns (schema, relation, column) that are built and not described, or the other way round."""
    built = {column for column in columns if column[0] not in SCHEMAS_UNDESCRIBED}
    # A schema is called after its folder.
    in_words = {
        (source.path.parent.name, source.path.stem, name)
        for source in sources(root)
        if source.key in ("models", "seeds")
        for name in column_names(described(source).get(source.path.stem, {}))
    }
    found = [f"{'.'.join(column)} is built and not described" for column in sorted(built - in_words)]
    return found + [f"{'.'.join(column)} is described and not built" for column in sorted(in_words - built)]


# A project in which every check finds nothing: each fault below is one file of it written wrongly.
SOUND = {
    "README.md": "# Title\n\n[How](docs/how.md#first-step) and [that](#title), [there](https://example.org).\n",
    "docs/how.md": "# How\n\n## First step\n",
    "docs/public-contract.md": (
        "<!-- generated: contract -->\n\n### Schema `reports`\n\n| table | one row per | columns |\n"
        "| --- | --- | --- |\n| `reports.rpt_x` | n | **`n`** |\n\n<!-- /generated -->\n"
    ),
    "docs/architecture.md": (
        "## Three walks\n\n1. `models/estimates/est_x.py`, `model()`: makes\n   `est_x`.\n2. `rpt_x` rounds it.\n\n"
        "## Three hops\n\n<!-- generated: hops -->\n\n| report | estimates | computed in | counts | answers |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `rpt_x` | `est_x` | [`statistics/x`](../python/coproduction/statistics/x.py) | none | `fct_x` |\n"
        "\n<!-- /generated -->\n"
    ),
    "docs/data-dictionary.md": (
        "<!-- generated: tables -->\n\n### Schema `codebook`\n\n| table | what it is |\n| --- | --- |\n"
        "| `scales` | Words. |\n\n### Schema `marts`\n\n| table | what it is |\n| --- | --- |\n| `fct_x` | Answers. |\n"
        "\n### Schema `estimates`\n\n| table | what it is |\n| --- | --- |\n| `est_x` | Levels. |\n"
        "\n### Schema `reports`\n\n| table | what it is |\n| --- | --- |\n| `rpt_x` | Levels, rounded. |\n"
        "\n### Schema `publication`\n\n| table | what it is |\n| --- | --- |\n| `manifest` | Facts. |\n"
        "\n<!-- /generated -->\n\n"
        "<!-- generated: columns -->\n\n| column | meaning | in |\n| --- | --- | --- |\n"
        "| `item` | A fact. | `manifest` |\n"
        "| `n` | How many. | `fct_x`, `est_x`, `rpt_x` |\n| `scale_id` | Key. | `scales` |\n\n<!-- /generated -->\n"
    ),
    "docs/decisions/README.md": (
        "<!-- generated: decisions -->\n\n1. [Whole numbers](0001-whole.md)\n2. [No halves](0002-no-halves.md)\n"
        "\n<!-- /generated -->\n"
    ),
    "docs/decisions/0001-whole.md": (
        "# Whole numbers\n\n## Context\n\n## Decision\n\nSee [no halves](0002-no-halves.md).\n\n"
        "## What would change our mind\n"
    ),
    "docs/decisions/0002-no-halves.md": ("# No halves\n\n## Context\n\n## Decision\n\n## What would change our mind\n"),
    "dbt_project.yml": "models: {coproduction: {reports: {+schema: reports, +meta: {is_contract: true}}}}\n",
    "python/coproduction/statistics/x.py": "def estimate_x(counts):\n    return counts\n",
    "models/marts/fct_x.sql": "-- One row per n.\nselect 1 as n\n",
    "models/marts/fct_x.yml": (
        "models: [{name: fct_x, description: Answers., columns: [{name: n, description: \"{{ doc('n') }}\"}]}]"
    ),
    "models/estimates/est_x.py": (
        "# One row per n: its level.\ndef model(dbt, session):\n"
        "    from coproduction.build.handover import computed\n"
        "    from coproduction.statistics.x import estimate_x\n\n"
        '    return computed(session, estimate_x, dbt.ref("fct_x"))\n'
    ),
    "models/estimates/est_x.yml": (
        "models: [{name: est_x, description: Levels., columns: [{name: n, description: \"{{ doc('n') }}\"}]}]"
    ),
    "models/columns.md": "{% docs n %}\nHow many.\n{% enddocs %}\n",
    "models/overview.md": (
        "<!-- generated: questions -->\n\n| question | report |\n| --- | --- |\n| How much? | `rpt_x` |\n"
        "\n<!-- /generated -->\n"
    ),
    "models/publication/manifest.py": '# One row per fact.\ndef model(dbt, session):\n    dbt.ref("rpt_x")\n',
    "models/publication/manifest.yml": (
        "models: [{name: manifest, description: Facts., columns: [{name: item, description: A fact.}]}]"
    ),
    "models/reports/rpt_x.sql": "-- One row per n.\nselect * from {{ ref('est_x') }}\n",
    "models/reports/rpt_x.yml": (
        "models: [{name: rpt_x, description: 'Levels, rounded.', "
        "config: {contract: {enforced: true}, meta: {question: How much?}}, "
        "data_tests: [{grain: {arguments: {columns: [n]}}}], "
        "columns: [{name: n, data_type: bigint, description: \"{{ doc('n') }}\"}]}]"
    ),
    "seeds/codebook/scales.csv": "scale_id\n1\n",
    "seeds/codebook/scales.yml": (
        "seeds: [{name: scales, description: Words., columns: [{name: scale_id, description: Key.}]}]"
    ),
    "macros/stars.sql": "{% macro stars(p) %}{% endmacro %}",
    "macros/stars.yml": "macros: [{name: stars, description: Legend., arguments: [{name: p, description: A p.}]}]",
    "tests/singular/assert_x.sql": "select 1",
    "tests/singular/assert_x.yml": "data_tests: [{name: assert_x, description: Otherwise wrong.}]",
}

FAULTS = [
    (undescribed_files, "models/reports/rpt_x.yml", None),
    (undescribed_files, "models/reports/rpt_x.yml", "models: [{name: rpt_x, description: ' '}]"),
    (undescribed_files, "models/reports/rpt_x.yml", "models: [{name: rpt_x, description: The RPT x.}]"),
    (undescribed_files, "models/reports/rpt_y.sql", "-- One row per y.\nselect 1 as y\n"),
    (undescribed_files, "seeds/codebook/scales.yml", "seeds: []"),
    (undescribed_files, "analyses/question.sql", "-- A question?\nselect 1"),
    (undescribed_files, "tests/singular/assert_x.yml", None),
    (undescribed_files, "tests/generic/grain.sql", "{% test grain(model) %}{% endtest %}"),
    (undescribed_files, "macros/stars.sql", "{% macro stars(p) %}{% endmacro %}{%- macro more(p) %}{% endmacro %}"),
    (undescribed_files, "macros/stars.sql", "{% macro other(p) %}{% endmacro %}"),
    (undescribed_files, "macros/load.sql", "{% materialization seed, adapter='duckdb' %}{% endmaterialization %}"),
    (descriptions_of_nothing, "models/reports/rpt_gone.yml", "models: [{name: rpt_gone, description: Gone.}]"),
    (undescribed_parts, "models/reports/rpt_x.yml", "models: [{name: rpt_x, description: Levels.}]"),
    (undescribed_parts, "seeds/codebook/scales.yml", "seeds: [{name: scales, columns: [{name: scale_id}]}]"),
    (undescribed_parts, "macros/stars.yml", "macros: [{name: stars, description: Legend., arguments: [{name: p}]}]"),
    (
        undescribed_parts,
        "seeds/codebook/scales.yml",
        "seeds: [{name: scales, columns: [{name: scale_id, description: The scale id}]}]",
    ),
    (undescribed_unit_tests, "models/counts/cnt_x.yml", "unit_tests: [{name: test_x_adds_up, model: cnt_x}]"),
    (misdescribed_seeds, "seeds/codebook/scales.csv", "scale_id,kind\n1,a\n"),
    (misdescribed_seeds, "seeds/codebook/scales.csv", "kind\na\n"),
    (wrong_shared_texts, "models/columns.md", "{% docs n %}\nHow many.\n{% enddocs %}{% docs m %}M.{% enddocs %}"),
    (wrong_shared_texts, "models/columns.md", "{% docs n %}\n{% enddocs %}"),
    (wrong_shared_texts, "models/columns.md", ""),
    (models_without_grain, "models/reports/rpt_x.sql", "select 1 as n -- One row per n.\n"),
    (models_without_grain, "models/reports/est_x.py", "def model(dbt, session):\n    # One row per n.\n"),
    (reports_without_contract, "models/reports/rpt_x.yml", "models: [{name: rpt_x, columns: []}]"),
    (
        reports_without_contract,
        "models/reports/rpt_x.yml",
        "models: [{name: rpt_x, config: {contract: {enforced: true}}, columns: [{name: n}]}]",
    ),
    (outdated_pages, "docs/public-contract.md", "| `reports.rpt_x` | n | `n` |\n"),
    (outdated_pages, "models/reports/rpt_x.sql", "-- One row per m.\nselect * from {{ ref('est_x') }}\n"),
    (outdated_pages, "models/reports/rpt_x.sql", "-- One row per n.\nselect * from {{ ref('fct_x') }}\n"),
    (
        outdated_pages,
        "models/estimates/est_x.py",
        "# One row per n.\nfrom coproduction.statistics.y import estimate_y\n",
    ),
    (outdated_pages, "models/columns.md", "{% docs n %}\nHow few.\n{% enddocs %}\n"),
    (outdated_pages, "seeds/codebook/words.csv", "word\na\n"),
    (outdated_pages, "dbt_project.yml", "models: {coproduction: {reports: {+meta: {is_contract: false}}}}\n"),
    (
        outdated_pages,
        "models/reports/rpt_x.yml",
        SOUND["models/reports/rpt_x.yml"].replace("meta: {", "meta: {is_published: false, "),
    ),
    (outdated_pages, "docs/decisions/0003-new.md", "# New\n"),
    (outdated_pages, "models/reports/rpt_x.yml", SOUND["models/reports/rpt_x.yml"].replace("How much?", "How little?")),
    (outdated_pages, "models/marts/dim_y.sql", "-- One row per y.\nselect 1 as y\n"),
    (
        reports_without_question,
        "models/reports/rpt_x.yml",
        SOUND["models/reports/rpt_x.yml"].replace("question", "ask"),
    ),
    (
        unlisted_texts,
        "models/reports/rpt_x.yml",
        SOUND["models/reports/rpt_x.yml"].replace("name: n,", "name: in_words,"),
    ),
    (wrong_decisions, "docs/decisions/0004-new.md", SOUND["docs/decisions/0002-no-halves.md"]),
    (wrong_decisions, "docs/decisions/0002-also.md", SOUND["docs/decisions/0002-no-halves.md"]),
    (wrong_decisions, "docs/decisions/0002-no-halves.md", "# No halves\n\n## Context\n\n## Decision\n"),
    (decisions_named_by_number, "macros/stars.sql", "{#- See DECISION 12. -#}".lower()),
    (decisions_named_by_number, "README.md", "# Title\n\n[Decision 1](docs/decisions/0001-whole.md)\n"),
    (missing_stops, "models/estimates/est_x.py", None),
    (missing_stops, "models/estimates/est_x.py", "# One row per n.\n"),
    (missing_stops, "models/reports/rpt_x.sql", None),
    (missing_stops, "docs/architecture.md", "## Three hops\n"),
    (absent_files, "docs/how.md", "# How\n\n## First step\n\nRead `docs/why.md`.\n"),
    (absent_files, "docs/how.md", "# How\n\n## First step\n\nRead `reasons.csv`.\n"),
    (absent_tables, "docs/how.md", "# How\n\n## First step\n\nRead `reports.rpt_y`.\n"),
    (absent_tables, "docs/how.md", "# How\n\n## First step\n\nRead `coproduction.statistics.x.estimate_y`.\n"),
    (unclear_words, "docs/how.md", "# How\n\n## First step\n\nWhat the others tell of it.\n"),
    (unclear_words, "docs/how.md", "# How\n\n## First step\n\nIt is held, of course, against the print.\n"),
    (unclear_words, "macros/stars.yml", "macros: [{name: stars, description: A p that stands beside., arguments: []}]"),
    (broken_links, "docs/how.md", "# How\n\n## Second step\n"),
    (broken_links, "docs/how.md", None),
    (broken_links, "models/overview.md", "[out of the project](../../other.md)"),
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_sound_project_has_no(check: Callable[[Path], list[str]], tmp_path: Path):
    assert check(written(tmp_path, SOUND)) == []


@pytest.mark.parametrize(("check", "name", "content"), FAULTS)
def test_fault_is_found(check: Callable[[Path], list[str]], name: str, content: str | None, tmp_path: Path):
    assert check(written(tmp_path, SOUND | {name: content})) != []


@pytest.mark.parametrize(
    ("columns", "n_found"),
    [
        ([("reports", "rpt_x", "n"), ("codebook", "scales", "scale_id"), ("raw", "town", "Q1")], 0),
        ([("reports", "rpt_x", "n"), ("reports", "rpt_x", "m"), ("codebook", "scales", "scale_id")], 1),
        ([("reports", "rpt_x", "n")], 1),
        ([("reports", "rpt_x", "N"), ("codebook", "scales", "scale_id")], 2),
    ],
)
def test_misdescribed_relation_is_found(columns: list[tuple[str, str, str]], n_found: int, tmp_path: Path):
    others = [("marts", "fct_x", "n"), ("estimates", "est_x", "n"), ("publication", "manifest", "item")]
    assert len(misdescribed_relations(written(tmp_path, SOUND), [*columns, *others])) == n_found


def written(folder: Path, contents: dict[str, str | None]) -> Path:
    """Write the files of a project and return its folder; None leaves a file out."""
    for name, content in contents.items():
        if content is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
    return folder


def test_every_kind_of_test_is_in_the_decision_about_what_a_failed_test_may_stop():
    page = (ROOT / "docs/decisions/0040-what-a-failed-test-may-stop.md").read_text(encoding="utf-8")
    kinds = {path.stem for folder in ("tests/singular", "tests/generic") for path in (ROOT / folder).glob("*.sql")}
    assert kinds <= set(CODE.findall(page))
    assert {name for name in CODE.findall(page) if name.startswith("assert_")} <= kinds
