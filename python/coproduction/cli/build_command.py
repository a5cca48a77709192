"""The command ``build``: runs ``dbt build`` and prints one line per layer, every warning and every error."""

from __future__ import annotations

import contextlib
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from coproduction.cli.file_commands import read_variables
from coproduction.cli.report_command import REPORTS_FOLDER, report
from coproduction.cli.terminal import show
from coproduction.cli.warehouse_text import levels_or_reason
from coproduction.errors import CoproductionError
from coproduction.files.plain_files import require_folder, require_plain
from coproduction.files.profile import option_of_dbt
from coproduction.files.warehouse import open_warehouse, published_path, warehouse_path
from coproduction.parts.project_parts import PARTS_FROM

# What each folder of models does, in the order in which the layers read each other.
LAYER_TEXTS = {
    "seeds": "load the exports, the codebook and the paper's tables",
    "staging": "code every answer by the codebook",
    "quality": "check the answers; an answer that the codebook does not know stops the build here",
    "intermediate": "flag respondents and exclude some",
    "marts": "make the tables that analysts query",
    "counts": "count respondents for the statistics",
    "estimates": "compute the estimates",
    "disclosure": "decide what is withheld",
    "reports": "round and label the results, and withhold small groups",
    "publication": "write the published file",
}

# A build from parts has no node of these layers: all of their tables come from the parts.
_LAYERS_IN_PARTS = ("quality",)

_SHOWN_LEVELS = ("warn", "error")
# Messages that a macro of the project prints on purpose.
_PRINTING_EVENTS = ("PrintEvent", "JinjaLogInfo")

_NEXT_STEPS = {
    "coproduction tables": "list every table with its number of rows",
    "duckdb -readonly {file}": "query the results (docs/query-the-warehouse.md)",
    "dbt docs generate --static": "document every table and column in target/static_index.html",
}


class StoppedError(CoproductionError):
    """Somebody pressed Ctrl-C during a build; the message says whether it had published."""


@dataclass
class BuildProgress:
    """Turns the events of dbt into the lines that the user reads.

    ``n_done`` of ``n_nodes`` seeds, models and tests are finished; ``started`` is the time of ``time.monotonic()``;
    ``begun`` are the layers of which a node has started, and ``shown`` those whose line is printed; in a build from
    parts, no node of the layers ``in_parts`` starts.
    """

    in_parts: tuple[str, ...] = ()
    started: float = field(default_factory=time.monotonic)
    n_nodes: int = 0
    n_done: int = 0
    begun: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)

    def lines_of(self, event: dict[str, Any]) -> Iterator[str]:
        """Yield what to print about one event: a line for a layer that begins, warnings and errors in full."""
        info, data = event["info"], event["data"]
        if info["name"] == "ConcurrencyLine":
            self.n_nodes = data["node_count"]
        node = data.get("node_info") or {}
        layer = _layer_of(node)
        if info["name"] == "LogStartLine" and layer:
            self.begun.add(layer)
            yield from self._lines_of_layers()
        # Among its nodes dbt does not count unit tests, which somebody may have asked for.
        is_counted = node.get("resource_type") != "unit_test"
        if info["name"].startswith("Log") and info["name"].endswith("Result") and is_counted:
            self.n_done += 1
        if info["level"] in _SHOWN_LEVELS or info["name"] in _PRINTING_EVENTS:
            yield info["msg"]

    def seconds(self) -> float:
        """Return the seconds since the build started."""
        return time.monotonic() - self.started

    def _lines_of_layers(self) -> Iterator[str]:
        """Yield a line for each layer that has begun, once every layer before it has begun too.

        A dimension that reads only the codebook starts before the first check of the answers.
        """
        for layer, text in LAYER_TEXTS.items():
            if layer in self.in_parts:
                continue
            if layer not in self.begun:
                return
            if layer not in self.shown:
                self.shown.append(layer)
                yield f"{self.seconds():4.0f} s  {self.n_done:4d} of {self.n_nodes}  {layer:<12}  {text}"


def build(project: Path, variables: str) -> bool:
    """Run ``dbt build`` in the folder of a project and print its progress, then write the report and print the levels.

    ``variables`` is YAML as for dbt's ``--vars``. Returns whether dbt succeeded; if not, there is no report and no
    levels are printed.
    """
    succeeded, progress = run_dbt(project, variables)
    if not succeeded:
        print(f"The build stopped after {progress.seconds():.0f} s. logs/dbt.log has every message.")
        return False
    print(f"{progress.n_done} steps in {progress.seconds():.0f} s, every test passed.\n")
    warehouse = warehouse_path(project)
    if published_path(warehouse).is_file():
        report(published_path(warehouse), project / REPORTS_FOLDER)
    with open_warehouse(warehouse) as connection:
        show(*levels_or_reason(connection, warehouse), what_next(warehouse))
    return True


def run_dbt(project: Path, variables: str, *options: str) -> tuple[bool, BuildProgress]:
    """Run ``dbt build`` and print its progress. Returns whether dbt succeeded, and how far it came.

    ``options`` are further options of dbt. Raises StoppedError at Ctrl-C.
    """
    _require_room_for_dbt(project)
    # The dbt of this environment, whatever the PATH says.
    dbt = Path(sys.executable).with_name("dbt")
    command = [str(dbt), "--log-format", "json", "--no-use-colors", "build", "--vars", variables or "{}", *options]
    is_from_parts = bool(read_variables(variables).get(PARTS_FROM))
    returncode, progress = _run(command, project, BuildProgress(_LAYERS_IN_PARTS if is_from_parts else ()))
    return not returncode, progress


def _require_room_for_dbt(project: Path) -> None:
    """Raise CoproductionError if dbt cannot write its log or its files: it would end without a word."""
    for name, option in (("logs", "LOG_PATH"), ("target", "TARGET_PATH")):
        remedy = f"dbt writes there: see that it may be written, or name another folder in DBT_{option}."
        require_folder(project / (option_of_dbt(option) or name), remedy)
    require_plain(project / (option_of_dbt("LOG_PATH") or "logs") / "dbt.log")


def _run(command: list[str], project: Path, progress: BuildProgress) -> tuple[int, BuildProgress]:
    """Run dbt and print its progress; return its exit code and how far it came. Raises StoppedError at Ctrl-C."""
    print("dbt reads the project. The first time takes half a minute.", flush=True)
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        try:
            _follow(process.stdout, progress)
        except KeyboardInterrupt as stopped:
            # A terminal interrupts dbt too; whoever interrupts this process alone means the build.
            process.terminate()
            # Without a reader for its last lines dbt would print a traceback for each of them.
            for _ in process.stdout:
                pass
            raise StoppedError(f"Stopped. {_what_is_published(project, progress)}") from stopped
    return process.returncode, progress


def what_next(warehouse: Path) -> str:
    """Return three lines about what to do after a build."""
    published = published_path(warehouse)
    file = published if published.is_file() else warehouse
    steps = {command.format(file=shlex.quote(str(file))): purpose for command, purpose in _NEXT_STEPS.items()}
    width = max(map(len, steps))
    lines = [f"  {command:<{width}}  {purpose}" for command, purpose in steps.items()]
    return "\n".join(["What you can do next:", *lines])


def _what_is_published(project: Path, progress: BuildProgress) -> str:
    """Say whether a build that was stopped had published already."""
    with contextlib.suppress(CoproductionError, OSError):
        published = published_path(warehouse_path(project))
        if published.stat().st_mtime > time.time() - progress.seconds():
            return f"Every test had passed, and {published} is new."
    return "Nothing was published."


def _follow(lines: Iterable[str], seen: BuildProgress) -> None:
    """Print the progress until dbt ends; on a terminal with a bar below the lines."""
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("seeds, models and tests"), TimeElapsedColumn())
    with Progress(*columns, transient=True, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("build", total=None)
        for line in lines:
            for text in _texts_of(line, seen):
                bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
            bar.update(task, completed=seen.n_done, total=seen.n_nodes or None)


def _texts_of(line: str, seen: BuildProgress) -> Iterator[str]:
    """Yield what to print for one line of dbt's output: an event in JSON, or text that the project prints itself."""
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    if isinstance(event, dict) and {"info", "data"} <= set(event):
        yield from seen.lines_of(event)
    else:
        yield line.rstrip("\n")


def _layer_of(node: dict[str, Any]) -> str | None:
    """Return the layer of a node: ``seeds``, or the folder of a model; None for a test."""
    if node.get("resource_type") == "seed":
        return "seeds"
    if node.get("resource_type") == "model":
        return str(node.get("node_path", "")).split("/")[0]
    return None
