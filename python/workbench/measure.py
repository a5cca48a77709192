"""Measures the code against the goals of the house style: ``make measure``.

The measures are lengths of SQL models and Python functions, rules of style, and names with two meanings. Each row is a
measure with its goal and whether the goal holds. ``EXCEPTIONS`` lists the files and names that may miss a goal, each
with its reason.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median
from typing import TypeVar

from coproduction.cli.terminal import show, table

Value = TypeVar("Value")

PROJECT = Path(__file__).resolve().parents[2]

# Names that are left out of a measure, by measure, with the reason. A name is a path, a function, a constant or a
# module.
EXCEPTIONS: Mapping[str, Mapping[str, str]] = {
    "sql": {
        f"models/reports/{name}.sql": "joins the disclosure plan in three places, so that no row says more than another"
        for name in (
            "rpt_answer_shares",
            "rpt_changes",
            "rpt_hypotheses",
            "rpt_joint_correlates",
            "rpt_nudge_checks",
            "rpt_pooled",
        )
    }
    | {
        "models/disclosure/plan_changes.sql": "judges who changed, who is in one wave and who is raked",
        "models/disclosure/plan_joint_correlates.sql": "judges the pairs, the bases and the combinations of one model",
    },
    "usual lengths": {
        "SQL model, lines": "a report lists each contracted column on a line, and each import is a step of its own; "
        "the median and the 90 % may be longer, the maximum may not",
    },
    "endings": {},
    "labels": {},
    "joins": {
        "models/counts/cnt_attrition.sql": "the respondents are joined twice, once for each wave",
        "models/marts/dim_study.sql": "two tables on the left have the column, so using is ambiguous",
        "models/intermediate/int_included_groups.sql": "two tables on the left have the column, so using is ambiguous",
        "models/reports/rpt_answer_levels.sql": "a score may be null, and using never joins nulls",
        "models/reports/rpt_pooled.sql": "two tables on the left have the column, so using is ambiguous",
    },
    "folders": {},
    "functions": {},
    "modules": {},
    "constants": {
        "TYPES": "each estimate names the columns of its own result, with their types",
        "GROUP": "each estimate names its own keys",
    },
    "circles": {},
    "names": {},
}

# A label written in SQL: an id that becomes a text with a capital, such as: when 'lin' then 'Lin (2013)'.
LABEL = re.compile(r"when '[a-z0-9_]+' then '[A-Z]")
# The last statement of a model: select * from final.
ENDING = re.compile(r"select \* from \w+\s*\Z")
# The condition of a join: the text after `on` and the following lines that begin with `and`.
JOIN = re.compile(r"\bjoin\s+\w+(?:\s+as\s+\w+)?\s+on\s+([^\n]*(?:\n\s*and\b[^\n]*)*)")
# A condition that `using` would shorten: one column name on both sides.
SAME_NAME = re.compile(r"(?:and )?\w+\.(\w+) = \w+\.\1")
# A public constant. A name that begins with an underscore is private to its module.
CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True)
class Measure:
    """One row of the table: the name of the measure, its value and goal as texts, and whether the goal holds.

    ``holds`` is None for a row without a goal. ``misses`` lists the names that miss the goal.
    """

    name: str
    value: str
    goal: str = ""
    holds: bool | None = None
    misses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Goal:
    """The largest lengths that are allowed: median, 90 % and maximum; None means that there is no limit."""

    median: float
    most: float | None
    maximum: float

    def __str__(self) -> str:
        """Return the goal as printed in the table."""
        return " / ".join("-" if limit is None else f"<= {limit:g}" for limit in (self.median, self.most, self.maximum))


def main() -> int:
    """Print all measures and the names that miss a goal. Returns 1 if a goal is missed, otherwise 0."""
    measures = [*sql_measures(PROJECT), *python_measures(PROJECT), types_measure(PROJECT)]
    words = {True: "yes", False: "NO", None: ""}
    rows = [[measure.name, measure.value, measure.goal, words[measure.holds]] for measure in measures]
    missed = [measure for measure in measures if measure.holds is False]
    details = [f"{measure.name}: {', '.join(measure.misses)}" for measure in missed if measure.misses]
    excepted = [f"  {kind}: {name}: {why}" for kind, names in EXCEPTIONS.items() for name, why in names.items()]
    show(
        table(["Measure", "Value", "Goal", "Holds"], rows, n_left=1),
        "\n".join(["What misses a goal:", *details] if details else []),
        "\n".join(["Exceptions:", *excepted] if excepted else []),
    )
    return 1 if missed else 0


def sql_measures(project: Path) -> list[Measure]:
    """Return the measures of the SQL in the folders models and macros."""
    models = _texts(project, project.glob("models/**/*.sql"))
    macros = _texts(project, project.glob("macros/**/*.sql"))
    layers = defaultdict(list)
    for name, text in models.items():
        layers[name.split("/")[1]].append(_n_lines(text))
    kept = _without_exceptions("endings", models)
    endless = [name for name, text in kept.items() if not ENDING.search(_bare(text))]
    labels = {name: len(LABEL.findall(text)) for name, text in (models | macros).items()}
    joins = {name: _join_conditions(text) for name, text in models.items()}
    return [
        _lengths("SQL model, lines", "sql", {n: _n_lines(t) for n, t in models.items()}, Goal(40, 80, 120)),
        *(Measure(f"  {layer}", _spread(lengths)) for layer, lengths in layers.items()),
        _none("models that do not end in select * from x", "endings", endless),
        _none("labels written in SQL", "labels", [name for name, count in labels.items() for _ in range(count)]),
        Measure("lines of join conditions", f"{sum(n_lines for n_lines, _ in joins.values())}"),
        _none("joins that could say using", "joins", [n for n, (_, count) in joins.items() for _ in range(count)]),
    ]


def python_measures(project: Path) -> list[Measure]:
    """Return the measures of the modules in the folder python."""
    texts = _texts(project / "python", (project / "python").glob("**/*.py"))
    trees = {name: ast.parse(text) for name, text in texts.items()}
    modules = {name: _n_lines(text) for name, text in texts.items() if not name.endswith("__init__.py")}
    functions = {f"{name}:{at}": n for name, tree in trees.items() for at, n in _functions(tree)}
    folders = Counter(name.rsplit("/", 1)[0] for name in modules if "/" in name)
    full = [f"{folder} ({count})" for folder, count in folders.items() if count > 15]
    stems = Counter(Path(name).stem for name in modules if not name.endswith("__main__.py"))
    return [
        Measure("modules in one folder, most", f"{max(folders.values(), default=0)}", "<= 15", not full, tuple(full)),
        _lengths("function body, lines", "functions", functions, Goal(10, 30, 60)),
        _lengths("module, lines", "modules", modules, Goal(150, None, 350)),
        _none("constants of one name with two values", "constants", _constants_of_two_values(trees)),
        _none("import circles", "circles", import_circles(trees)),
        _none("modules of one name", "names", [stem for stem, count in stems.items() if count > 1]),
    ]


def types_measure(project: Path) -> Measure:
    """Return the number of errors that mypy finds."""
    finished = subprocess.run([sys.executable, "-m", "mypy"], cwd=project, capture_output=True, text=True, check=False)
    found = re.search(r"Found (\d+) errors?", finished.stdout)
    n_errors = int(found.group(1)) if found else 0
    if finished.returncode and not found:
        return Measure("mypy errors", "mypy failed", "0", False, (finished.stderr.strip(),))
    return Measure("mypy errors", str(n_errors), "0", n_errors == 0)


def import_circles(trees: Mapping[str, ast.Module]) -> list[str]:
    """Return the modules that import themselves through others, also by an import within a function."""
    by_name = {_dotted(path): path for path in trees}
    imports = {name: _imported(trees[path], set(by_name)) for name, path in by_name.items()}
    return sorted(name for name in imports if name in _reachable(imports, name))


def _imported(tree: ast.Module, modules: set[str]) -> set[str]:
    """Return the modules that a module imports; `from package import module` counts only as an import of the module."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found.update(name if name in modules else node.module for name in names)
    return found & modules


def _reachable(imports: Mapping[str, set[str]], start: str) -> set[str]:
    """Return all modules that a module imports, directly or through others."""
    found: set[str] = set()
    waiting = list(imports[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(imports[name])
    return found


def _constants_of_two_values(trees: Mapping[str, ast.Module]) -> list[str]:
    """Return the public constants that different modules define with different values."""
    values = defaultdict(set)
    for tree in trees.values():
        for name, value in _constants(tree):
            if CONSTANT.fullmatch(name) and name not in EXCEPTIONS["constants"]:
                values[name].add(ast.dump(value))
    return sorted(name for name, found in values.items() if len(found) > 1)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name that a module assigns outside functions and classes, with its value."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the name of each function or method and the lines of its body without the docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            last = body[-1].end_lineno if body else None
            yield node.name, (last - body[0].lineno + 1) if last is not None else 0


def _join_conditions(text: str) -> tuple[int, int]:
    """Return the lines of join conditions in a query, and the number of joins that only compare columns of one name."""
    joins = [[line.strip() for line in condition.splitlines()] for condition in JOIN.findall(_bare(text))]
    return sum(map(len, joins)), sum(all(map(SAME_NAME.fullmatch, lines)) for lines in joins)


def _lengths(name: str, kind: str, lengths: Mapping[str, int], goal: Goal) -> Measure:
    kept = _without_exceptions(kind, lengths)
    middle, most, maximum = _percentiles(kept.values())
    is_short = middle <= goal.median and (goal.most is None or most <= goal.most)
    holds = (is_short or name in EXCEPTIONS["usual lengths"]) and maximum <= goal.maximum
    too_long = [f"{at} ({n})" for at, n in kept.items() if n > goal.maximum]
    return Measure(f"{name}: median / 90 % / max", _spread(kept.values()), str(goal), holds, tuple(too_long))


def _none(name: str, kind: str, found: Iterable[str]) -> Measure:
    """Return a measure whose goal is an empty list; repeated names are counted each time."""
    kept = Counter(at for at in found if at not in EXCEPTIONS[kind])
    misses = [at if count == 1 else f"{at} ({count})" for at, count in kept.items()]
    return Measure(name, str(kept.total()), "0", not kept, tuple(misses))


def _without_exceptions(kind: str, values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name not in EXCEPTIONS[kind]}


def _spread(lengths: Iterable[int]) -> str:
    return " / ".join(f"{value:g}" for value in _percentiles(lengths))


def _percentiles(lengths: Iterable[int]) -> tuple[float, int, int]:
    """Return the median, the smallest length that 90 % do not exceed, and the maximum; zeros if there are none."""
    ordered = sorted(lengths)
    if not ordered:
        return 0, 0, 0
    return median(ordered), ordered[ceil(0.9 * len(ordered)) - 1], ordered[-1]


def _texts(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return the texts of files by their path relative to a folder."""
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}


def _bare(text: str) -> str:
    """Return SQL without its comments."""
    return re.sub(r"--[^\n]*|\{#.*?#\}", "", text, flags=re.DOTALL)


def _n_lines(text: str) -> int:
    return len(text.splitlines())


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


if __name__ == "__main__":
    sys.exit(main())
