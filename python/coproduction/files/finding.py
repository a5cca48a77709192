"""The message about one mistake: its place, the value found, the allowed values and the remedy."""

import difflib
import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

ERROR = "error"
NOTE = "note"

_MOST_ALLOWED_SHOWN = 12
# A list of values ends before it is longer than this, and no line on a terminal is longer than the second number.
_LONGEST_LIST = 180
_LONGEST_LINE = 300

# Comparing a text with more texts than this would take minutes.
_MOST_COMPARED = 2_000


@dataclass(frozen=True)
class Finding:
    """One problem in one place. An ``error`` stops the build, a ``note`` does not.

    ``file`` is relative to the project; ``line`` counts from 1 as an editor does; ``value`` is the text found there;
    ``allowed`` lists the values that would have been accepted; ``remedy`` says what to do; ``details`` are lines about
    each thing that the problem counts.
    """

    severity: str
    file: str
    problem: str
    remedy: str
    line: int | None = None
    column: str | None = None
    value: str | None = None
    allowed: tuple[str, ...] = ()
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the message: the place and the problem first, then one indented line for each detail."""
        lines = [f"{self.severity}: {self._place()}: {self.problem}"]
        lines += [f"    {detail}" for detail in self.details]
        if self.value is not None:
            lines.append(f"    value: {quoted(self.value)}")
        if self.allowed:
            lines.append(f"    allowed: {shortened(self.allowed)}")
        lines.append(f"    what to do: {self.remedy}")
        return "\n".join(part for line in lines for part in broken_lines(line))

    @property
    def is_in_text(self) -> bool:
        """Whether the file has lines. Parquet files have none, whether the name is a file, a folder or an address."""
        return self.file.lower().endswith((".csv", ".yml", ".yaml", ".md"))

    def _place(self) -> str:
        place = self.file
        if self.line is not None:
            # Parquet files have rows and no lines.
            place += f", line {self.line}" if self.is_in_text else f", row {self.line}"
        if self.column is not None:
            place += f", column {quoted(self.column)}"
        return place


def quoted(text: str) -> str:
    """Return a text in quotation marks, with invisible characters spelled out, cut after 80 characters."""
    shown = text if len(text) <= 80 else text[:77] + "..."
    return '"' + "".join(_visible(character) for character in shown) + '"'


def shortened(values: Iterable[str], most: int = _MOST_ALLOWED_SHOWN) -> str:
    """Return the first values, separated by commas, and the number of further values.

    At most ``most`` values are shown, and fewer where they are long.
    """
    values = list(values)
    lengths = accumulate(len(value) + 2 for value in values)
    n_shown = min(most, max(1, sum(length <= _LONGEST_LIST for length in lengths)))
    shown = ", ".join(values[:n_shown])
    return shown if len(values) <= n_shown else f"{shown} and {len(values) - n_shown} more"


def broken_lines(text: str) -> list[str]:
    """Return a line of a message with invisible characters spelled out, in several lines if it is very long."""
    shown = "".join(_visible(character) for character in text)
    if len(shown) <= _LONGEST_LINE:
        return [shown]
    return textwrap.wrap(shown, _LONGEST_LINE, subsequent_indent="        ", break_on_hyphens=False)


def meant(text: str, known: Iterable[str]) -> list[str]:
    """Return up to three of the known texts that a misspelled text may mean; capitals and spaces do not matter."""
    by_bare_text = {_bare(other): other for other in known}
    if len(by_bare_text) > _MOST_COMPARED:
        return []
    return [by_bare_text[bare] for bare in difflib.get_close_matches(_bare(text), by_bare_text, n=3, cutoff=0.7)]


def _bare(text: str) -> str:
    return "".join(text.lower().split())


def _visible(character: str) -> str:
    """Return a character, or its name if a reader cannot see it: a tab, a no-break space, a separate accent."""
    if character.isprintable() and not unicodedata.combining(character):
        return character
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"<U+{ord(character):04X}>")
