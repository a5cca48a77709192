"""A survey as a file of any tool holds it: its columns with their cells, wordings and printed answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from coproduction.codebook.labels import normalise_label

# A cell that stands for nothing: what R, pandas and SPSS write for an empty one.
EMPTY_CELLS = frozenset({"", "na", "nan", "null", "#null!", "."})

_SHOWN_ANSWERS = 8


@dataclass
class SurveyColumn:
    """One column. ``cells`` are printed answers where the file has them, or else its codes, one for each respondent.

    ``wording`` is the question as far as the file says it; ``answers`` all answers that the questionnaire offers, in
    the order of their codes, () where the file does not say; ``also`` answers that nobody gave here, but somebody did
    in a column of the same grid; ``missing`` those that the file declares to be no answer. ``group`` names the question
    of which this column is one tick box, and ``box`` the answer that was ticked. ``stem`` is what the wording shares
    with the other rows of its grid. ``unread`` are answers that nothing explains beside lists of several kinds.
    ``kind`` is what the tool says the column is: `id`, `weight`, `duration`, `tool` (a record of the tool) or ''.
    """

    name: str
    cells: list[str]
    wording: str = ""
    answers: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    group: str = ""
    box: str = ""
    kind: str = ""
    separator: str = ""
    also: tuple[str, ...] = ()
    stem: str = ""
    unread: frozenset[str] = frozenset()

    @cached_property
    def keys(self) -> list[str]:
        """The cells in the one spelling of labels; '' for every cell that holds nothing."""
        spelled = {cell: normalise_label(cell) for cell in set(self.cells)}
        return ["" if spelled[cell] in EMPTY_CELLS else spelled[cell] for cell in self.cells]

    @cached_property
    def filled(self) -> list[str]:
        """The cells that hold something, in the one spelling of labels."""
        return list(filter(None, self.keys))

    @cached_property
    def counts(self) -> Counter[str]:
        """How many respondents gave each answer, as the file prints it first."""
        n_times = Counter(self.filled)
        printed: dict[str, str] = {}
        for key, cell in zip(self.keys, self.cells, strict=True):
            if key and key not in printed:
                printed[key] = cell.strip()
        return Counter({printed[key]: n for key, n in n_times.items()})

    @cached_property
    def some_cells(self) -> list[str]:
        """Each answer, as often as it takes to see that several people gave it."""
        return [label for label, n_times in self.counts.items() for _ in range(min(n_times, 4))]

    def forget(self) -> None:
        """Forget what was read from the cells, after a reader has replaced them."""
        for name in ("keys", "filled", "counts", "some_cells"):
            self.__dict__.pop(name, None)

    def with_counts(self, most: int) -> str:
        """Return the answers with how many gave each, the most frequent first; only their number if there are more."""
        if len(self.counts) > most:
            return f"{len(self.counts)} different answers"
        shown = [f"{label} ({n_times})" for label, n_times in self.counts.most_common(_SHOWN_ANSWERS)]
        more = [f"and {len(self.counts) - _SHOWN_ANSWERS} more"] if len(self.counts) > _SHOWN_ANSWERS else []
        n_blank = len(self.cells) - len(self.filled)
        return ", ".join([*shown, *more, *([f"blank ({n_blank})"] if n_blank else [])])


@dataclass
class SurveyFile:
    """The columns of a file, the tool that wrote it in words, and what the reader wants to tell the user."""

    path: str
    tool: str
    columns: list[SurveyColumn]
    notes: list[str] = field(default_factory=list)

    @property
    def n_rows(self) -> int:
        """The number of respondents."""
        return len(self.columns[0].cells) if self.columns else 0

    def column(self, name: str) -> SurveyColumn | None:
        """Return a column by its name."""
        return next((column for column in self.columns if column.name == name), None)
