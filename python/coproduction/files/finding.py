"""The message about one mistake: its place, the value found, the allowed values and the remedy."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

ERROR = "error"
NOTE = "note"

_MOST_ALLOWED_SHOWN = 12
_LONGEST_LINE = 4_000


@dataclass(frozen=True)
class Finding:
    """One problem in one place. An ``error`` stops the build, a ``note`` does not.

    ``file`` is relative to the project; ``line`` counts from 1 as an editor does; ``value`` is the text found there;
    ``allowed`` lists the values that would have been accepted; ``remedy`` says what to do.
    """

    severity: str
    file: str
    problem: str
    remedy: str
    line: int | None = None
    column: str | None = None
    value: str | None = None
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the message: the place and the problem first, then one indented line for each detail."""
        lines = [_printable(f"{self.severity}: {self._place()}: {self.problem}")]
        if self.value is not None:
            lines.append(f"    value: {quoted(self.value)}")
        if self.allowed:
            lines.append(_printable(f"    allowed: {shortened(self.allowed)}"))
        lines.append(_printable(f"    what to do: {self.remedy}"))
        return "\n".join(lines)

    def _place(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", column {quoted(self.column)}"
        return place


def quoted(text: str) -> str:
    """Return a text in quotation marks, with invisible characters spelled out, cut after 80 characters."""
    shown = text if len(text) <= 80 else text[:77] + "..."
    return '"' + "".join(_visible(character) for character in shown) + '"'


def shortened(values: Iterable[str], most: int = _MOST_ALLOWED_SHOWN) -> str:
    """Return the first ``most`` values, separated by commas, and the number of further values."""
    values = list(values)
    shown = ", ".join(values[:most])
    return shown if len(values) <= most else f"{shown} and {len(values) - most} more"


def _printable(text: str) -> str:
    """Return one line of a message with invisible characters spelled out, cut after 4,000 characters."""
    shown = text if len(text) <= _LONGEST_LINE else text[:_LONGEST_LINE] + "..."
    return "".join(_visible(character) for character in shown)


def _visible(character: str) -> str:
    """Return a character, or its name if a reader cannot see it: a tab, a no-break space, a separate accent."""
    if character.isprintable() and not unicodedata.combining(character):
        return character
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"<U+{ord(character):04X}>")
