"""What a check found, in words that a council analyst can act on."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

ERROR = "error"
NOTE = "note"

_MOST_ALLOWED_SHOWN = 12
_LONGEST_LINE = 4_000


@dataclass(frozen=True)
class Finding:
    """One problem in one place. An ``error`` refuses the build, a ``note`` informs.

    ``file`` is relative to the project; ``line`` counts from 1 as an editor does; ``value`` is the text found there;
    ``allowed`` the values that would have been accepted; ``remedy`` says what to do.
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
    """Return a text in quotation marks, invisible characters spelled out, cut after 80 characters."""
    shown = text if len(text) <= 80 else text[:77] + "..."
    return '"' + "".join(_visible(character) for character in shown) + '"'


def shortened(values: Iterable[str], most: int = _MOST_ALLOWED_SHOWN) -> str:
    """Return values separated by commas; what does not fit is counted."""
    values = list(values)
    shown = ", ".join(values[:most])
    return shown if len(values) <= most else f"{shown} and {len(values) - most} more"


def _printable(text: str) -> str:
    """Return one line of a message, whatever it quotes: invisible characters spelled out, no longer than a page."""
    shown = text if len(text) <= _LONGEST_LINE else text[:_LONGEST_LINE] + "..."
    return "".join(_visible(character) for character in shown)


def _visible(character: str) -> str:
    """Spell out what a reader cannot see, such as a tab, a no-break space or an accent of its own."""
    if character.isprintable() and not unicodedata.combining(character):
        return character
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"<U+{ord(character):04X}>")
