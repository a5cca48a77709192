"""The command ``assign``: deals the people of a panel to the arms of an experiment, and records how."""

from __future__ import annotations

import hashlib
import secrets
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from coproduction.cli.terminal import counted, plain, show, table
from coproduction.errors import CoproductionError
from coproduction.fieldwork.assignment import MOST_VALUES, assign, balance, groups_of
from coproduction.fieldwork.panel_list import (
    PanelError,
    PanelList,
    checked_ids,
    panel_with_column,
    read_panel,
    require_new,
    require_no_column,
    write_private,
)
from coproduction.files.finding import ERROR, Finding

_LARGEST_SEED = 1_000_000


@dataclass(frozen=True)
class Assignment:
    """What a user asks for. ``id_column`` is '' for the first column, ``together`` '' if everybody is dealt alone."""

    file: Path
    arms: tuple[str, ...]
    traits: tuple[str, ...]
    id_column: str
    together: str
    column: str
    seed: int
    sheet: str
    into: Path

    @property
    def record(self) -> Path:
        """The text file that says how the list was assigned."""
        return self.into.with_suffix(".txt")

    @property
    def command(self) -> str:
        """The command that gives the same assignment again."""
        options = {
            "--arms": ",".join(self.arms), "--by": ",".join(self.traits), "--together": self.together,
            "--id": self.id_column, "--column": self.column, "--sheet": self.sheet, "--seed": str(self.seed),
            "--into": str(self.into),
        }  # fmt: skip
        named = [part for option, value in options.items() if value for part in (option, value)]
        return shlex.join(["coproduction", "assign", str(self.file), *named])


def named_assignment(
    file: Path,
    arms: str,
    by: str,
    id_column: str,
    together: str,
    column: str,
    seed: int | None,
    sheet: str,
    into: Path | None,
) -> Assignment:
    """Return what the options of ``assign`` ask for, with a seed if none is named. Raises CoproductionError."""
    names = tuple(arm.strip() for arm in arms.split(","))
    is_twice = len({name.lower() for name in names}) < len(names)
    if len(names) < 2 or is_twice or any(not name or name[0] in "=+-@" for name in names):
        raise CoproductionError(
            f"--arms is {arms!r}. Allowed: two or more different names with commas between them, the usual version "
            "first, such as none,a,b,both."
        )
    if seed is not None and seed < 0:
        raise CoproductionError(f"--seed is {seed}. Allowed: a whole number from 0, such as 4711.")
    if not column.strip():
        raise CoproductionError("--column is blank. Name the new column, such as arm.")
    traits = tuple(dict.fromkeys(name.strip() for name in by.split(",") if name.strip()))
    drawn = secrets.randbelow(_LARGEST_SEED) if seed is None else seed
    output = into or file.with_name(f"{file.stem}_with_arms.csv")
    return Assignment(file, names, traits, id_column, together, column.strip(), drawn, sheet, output)


def assign_panel(wanted: Assignment) -> None:
    """Deal the people of a list to the arms, write the list with its arms and a record, and print the balance.

    Raises CoproductionError for every mistake in the list or the options; then nothing is written.
    """
    panel = read_panel(wanted.file, wanted.sheet)
    id_column = wanted.id_column or panel.header[0]
    ids = checked_ids(panel, id_column)
    require_no_column(panel, wanted.column)
    if len(ids) < len(wanted.arms):
        raise CoproductionError(f"{panel.file} has {counted(len(ids), 'row')}, fewer than arms. Name another list.")
    traits = {name: _trait(panel, name, id_column) for name in wanted.traits}
    together = panel.cells(wanted.together) if wanted.together else []
    for path in (wanted.into, wanted.record):
        require_new(path)
    assigned = assign(ids, traits, together, wanted.arms, wanted.seed)
    counts = _balance_table(wanted.arms, assigned, traits, together)
    said = [
        f"{panel.file}: {_people(ids, together)} dealt to {len(wanted.arms)} arms"
        f"{_by(wanted.traits)}, with the seed {wanted.seed}. Ids: {id_column}.",
        *_grouped_traits(panel, traits),
    ]
    write_private(wanted.into, panel_with_column(panel, wanted.column, assigned))
    write_private(wanted.record, _record(wanted, said, plain(counts)))
    show(
        "\n".join(said),
        counts,
        f"Written: {wanted.into} has the column {wanted.column}; {wanted.record} has the seed and how to repeat this.\n"
        f"Both are for you alone, and git ignores them. Load {wanted.column} into the survey tool as a hidden field, "
        "so that it comes back with the answers.",
    )


def _trait(panel: PanelList, name: str, id_column: str) -> list[str]:
    """Return a trait as it is balanced. Raises PanelError for one that nobody shares."""
    values = panel.cells(name)
    groups = groups_of(values) if name != id_column else None
    if groups is None:
        n_different = len(set(values))
        problem = f"{n_different} different texts in {len(values)} rows, so that hardly two people are alike"
        remedy = f"put them into at most {MOST_VALUES} groups in a column of its own, or leave the column out of --by"
        raise PanelError([Finding(ERROR, panel.file, problem, remedy, 1, name, values[0])])
    return groups


def _balance_table(
    arms: Sequence[str], assigned: Sequence[str], traits: dict[str, list[str]], together: Sequence[str]
) -> Table:
    rows = [["people", *(str(list(assigned).count(arm)) for arm in arms)]]
    if together:
        pairs = {
            (household or f"person {place}", arm)
            for place, (household, arm) in enumerate(zip(together, assigned, strict=True))
        }
        rows.append(["households", *(str(sum(dealt == arm for _, dealt in pairs)) for arm in arms)])
    for name, values in traits.items():
        found = balance(arms, assigned, values)
        rows += [[f"{name}: {value}", *map(str, numbers)] for value, numbers in found.items()]
    return table(["", *arms], rows, 1)


def _people(ids: Sequence[str], together: Sequence[str]) -> str:
    n_people = "1 person" if len(ids) == 1 else f"{len(ids):,} people"
    if not together:
        return n_people
    n_households = len({household.lower() for household in together if household}) + list(together).count("")
    return f"{n_people} in {counted(n_households, 'household')}"


def _by(traits: Sequence[str]) -> str:
    return f" in blocks by {', '.join(traits)}" if traits else ""


def _grouped_traits(panel: PanelList, traits: dict[str, list[str]]) -> list[str]:
    """Say which traits of numbers were divided into groups."""
    return [
        f"{name} has {len(set(panel.cells(name)))} different numbers, balanced in {len(set(groups))} groups."
        for name, groups in traits.items()
        if len(set(panel.cells(name))) > MOST_VALUES + 1
    ]


def _record(wanted: Assignment, said: Sequence[str], counts: str) -> str:
    fingerprint = hashlib.sha256(wanted.file.read_bytes()).hexdigest()
    return "\n".join(
        [
            *said,
            "",
            counts,
            "",
            "The same list with the same seed gives the same arms, whatever the order of its rows. To repeat it, move",
            "this file and the list with the arms away, and run:",
            wanted.command,
            f"SHA-256 of {wanted.file.name}: {fingerprint}",
            "",
        ]
    )
