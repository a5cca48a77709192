"""The shade of a correlation in a table that is a heatmap; the number is in the cell, the shade only guides the eye."""

from __future__ import annotations

# The last steps hold all that is stronger; style.css has a colour for each class, and text that can be read on it.
STEPS = (0.1, 0.2, 0.3)


def shade(correlation: float | None) -> str:
    """Return the class of a cell: `n3` strongly negative ... `p3` strongly positive, empty near zero or if missing."""
    if correlation is None:
        return ""
    strength = sum(abs(correlation) >= step for step in STEPS)
    return f"{'p' if correlation > 0 else 'n'}{strength}" if strength else ""
