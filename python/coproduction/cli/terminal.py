"""Prints text and tables: in colour on a terminal, as plain text with the same columns everywhere else."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.box import Box
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

# No line of a table is longer than this where the output is no terminal, which would set the width.
_PLAIN_WIDTH = 300

# One rule below the header, no other line. Plain ASCII, so that every terminal and every log shows it.
_ONE_RULE = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], n_left: int) -> Table:
    """Return rows of text as a table: the first ``n_left`` columns are aligned left, the others right."""
    made = Table(box=_ONE_RULE, show_edge=False, pad_edge=False, header_style="bold")
    for place, name in enumerate(header):
        made.add_column(Text(name), justify="left" if place < n_left else "right")
    for row in rows:
        # Text, because rich would read square brackets in a council's name as its own markup.
        made.add_row(*map(Text, row))
    return made


def plain(made: Table) -> str:
    """Return a table as text without colour, without spaces at the ends of lines."""
    file = io.StringIO()
    Console(file=file, width=_PLAIN_WIDTH, color_system=None).print(made)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def show(*parts: str | Table) -> None:
    """Print texts and tables with a blank line between them. Empty texts are left out."""
    console = Console()
    for number, part in enumerate(part for part in parts if part):
        if number:
            print()
        if isinstance(part, str):
            print(part)
        elif console.is_terminal:
            console.print(part)
        else:
            print(plain(part))
    sys.stdout.flush()


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Say what is being done while it takes, with the seconds; only where somebody looks at a terminal.

    It stands on the error stream and is gone afterwards, so that what a command prints can be read by a script.
    """
    console = Console(stderr=True)
    columns = (SpinnerColumn("line"), TextColumn("{task.description}"), TimeElapsedColumn())
    quiet = not console.is_terminal
    with Progress(
        *columns, console=console, transient=True, disable=quiet, redirect_stdout=False, redirect_stderr=False
    ) as progress:
        progress.add_task(text, total=None)
        yield


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as ``1 error`` or ``2 errors``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
